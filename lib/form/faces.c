/* SPDX-License-Identifier: MIT */
/* Forms as text for mail, as Markdown and as JSON: what people wrote is made harmless for each. */
#include "form/form.h"

#include "model/json.h"
#include "ticket/text.h"

#define RULE "____________________" /* to write on */

static const char *shown_of(const struct form_block *block, size_t row, size_t column)
{
	const char *shown = block->cells.v[row * block->columns.n + column].shown;

	return shown ? shown : "";
}

static bool is_row(const struct form_block *block)
{
	return text_equal(block->part->kind, "values") || text_equal(block->part->kind, "blanks");
}

/* "3. " where the form numbers its parts. */
static void add_place(const struct filling *f, const struct form_sheet *sheet, const struct form_block *block, struct buf *out)
{
	size_t place = 1;

	for (const struct form_block *other = sheet->blocks.v; other < block; other++)
		place += *other->title != '\0';
	if (f->form->numbered)
		buf_addf(out, "%zu. ", place);
}

/* "Speed of response (1-5)": a question with its scale. */
static char *question_text(const struct filling *f, const struct form_column *column)
{
	const struct survey_rule *survey = &f->policy->survey;
	bool scored = false;

	for (size_t i = 0; i < survey->questions.n; i++)
		scored = scored || text_equal(survey->questions.v[i].name, column->name);
	return scored ? xasprintf("%s (%lld-%lld)", column->label, (long long)survey->scale_min, (long long)survey->scale_max) : xstrdup(column->label);
}

/* The lines of a questionnaire, as they are read back: see ticket/survey.h. */
static void add_questionnaire(const struct filling *f, const struct form_block *block, const char *mark, struct buf *out)
{
	const struct survey_rule *survey = &f->policy->survey;

	for (size_t c = 0; c < block->columns.n; c++) {
		_cleanup_free_ char *question = question_text(f, &block->columns.v[c]);
		bool scored = c > 0 && c <= survey->questions.n;

		buf_puts(out, mark);
		text_show(out, question, strlen(question), false);
		buf_addf(out, ": %s\n", c == 0 ? shown_of(block, 0, 0) : scored ? "__" : "");
	}
}

/* --- text ------------------------------------------------------------------------------------------------------ */

static void indent(struct buf *out, const char *text, const char *margin)
{
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n");

		buf_puts(out, margin);
		text_show(out, p, n, true);
		buf_putc(out, '\n');
		p += n + (p[n] == '\n');
	}
}

static void pad(struct buf *out, size_t from, size_t to)
{
	for (; from < to; from++)
		buf_putc(out, ' ');
}

static void txt_values(const struct form_block *block, struct buf *out)
{
	size_t widest = 0;

	for (size_t c = 0; c < block->columns.n; c++) {
		size_t width = text_width(block->columns.v[c].label, strlen(block->columns.v[c].label));

		widest = width > widest && !block->columns.v[c].wide ? width : widest;
	}
	for (size_t c = 0; c < block->columns.n; c++) {
		const struct form_column *column = &block->columns.v[c];
		const char *shown = shown_of(block, 0, c);
		bool below = column->wide || strchr(shown, '\n');

		buf_puts(out, "  ");
		buf_puts(out, column->label);
		if (below && *shown) {
			buf_putc(out, '\n');
			indent(out, shown, "    ");
			continue;
		}
		pad(out, text_width(column->label, strlen(column->label)), widest + 2);
		text_show(out, *shown ? shown : column->blank ? RULE : "–", strlen(*shown ? shown : column->blank ? RULE : "–"), false);
		buf_putc(out, '\n');
	}
}

/* The short cells of a row on a line, its long texts below. */
static void txt_row(const struct form_block *block, size_t row, struct buf *out)
{
	size_t said = 0;

	buf_puts(out, "  - ");
	for (size_t c = 0; c < block->columns.n; c++) {
		const char *shown = shown_of(block, row, c);

		if (block->columns.v[c].wide || !*shown)
			continue;
		buf_puts(out, said++ ? " · " : "");
		text_show(out, shown, strlen(shown), false);
	}
	buf_puts(out, said ? "\n" : RULE "\n");
	for (size_t c = 0; c < block->columns.n; c++)
		if (block->columns.v[c].wide)
			indent(out, shown_of(block, row, c), "    ");
}

static void txt_block(const struct filling *f, const struct form_sheet *sheet, const struct form_block *block, struct buf *out)
{
	bool none = !is_row(block) && table_columns(block->part->kind) && !form_rows(block);

	buf_putc(out, '\n');
	if (*block->title) {
		buf_puts(out, text_equal(block->part->kind, "questions") ? "# " : "");
		add_place(f, sheet, block, out);
		buf_addf(out, "%s\n", block->title);
	}
	indent(out, block->text, "  ");
	if (none)
		buf_puts(out, form_say(f, "  none\n", "  无\n"));
	else if (text_equal(block->part->kind, "questions"))
		add_questionnaire(f, block, "", out);
	else if (is_row(block))
		txt_values(block, out);
	else
		for (size_t r = 0; r < form_rows(block); r++)
			txt_row(block, r, out);
}

static const char *desk_title(const struct filling *f)
{
	return policy_label(f->policy, (const struct pairs *)&f->policy->titles, f->language, f->policy->name);
}

/* What does not ask anything is a remark in a questionnaire, which is read back line by line. */
static void txt_remarks(struct buf *out, size_t from)
{
	_cleanup_free_ char *text = xstrdup(out->p + from);

	buf_truncate(out, from);
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n"), blanks = strspn(p, " ");

		if (n)
			buf_addf(out, "# %.*s", (int)(n - blanks), p + blanks);
		buf_putc(out, '\n');
		p += n + (p[n] == '\n');
	}
}

static void txt_sheet(const struct filling *f, const struct form_sheet *sheet, size_t place, struct buf *out)
{
	const char *title = form_title(f), *desk = desk_title(f);
	size_t width = text_width(title, strlen(title)), from;
	bool asks = form_has_questions(f->form);

	if (place)
		buf_puts(out, asks ? "\n---\n" : "\n\f\n");
	from = out->n;
	buf_addf(out, "%s\n", title);
	for (size_t i = 0; i < width && !asks; i++)
		buf_putc(out, '=');
	buf_addf(out, "%s%s%s%s\n", asks ? "" : "\n", desk, *sheet->number ? " · " : "", sheet->number);
	for (size_t i = 0; i < sheet->blocks.n; i++) {
		bool questions = text_equal(sheet->blocks.v[i].part->kind, "questions");

		if (asks && questions)
			txt_remarks(out, from);
		txt_block(f, sheet, &sheet->blocks.v[i], out);
		from = asks && questions ? out->n : from;
	}
	if (asks && from < out->n)
		txt_remarks(out, from);
}

static void no_head(const struct filling *f, struct buf *out)
{
}

static void no_foot(const struct filling *f, size_t sheets, struct buf *out)
{
}

const struct form_face face_txt = {"txt", no_head, txt_sheet, no_foot};

/* --- Markdown -------------------------------------------------------------------------------------------------- */

/* Nothing that a customer wrote may turn into a link, a picture, a list or HTML of the document. */
static void md_text(struct buf *out, const char *text)
{
	_cleanup_buf_ struct buf safe = {0};

	text_show(&safe, text, strlen(text), true);
	for (const char *p = safe.p ? safe.p : ""; *p; p++) {
		if (*p == '\n') {
			buf_puts(out, "<br>");
			continue;
		}
		if (strchr("\\`*_{}[]<>|~!#&$", *p))
			buf_putc(out, '\\');
		buf_putc(out, *p);
	}
}

static void md_cell(const struct form_block *block, size_t row, size_t column, struct buf *out)
{
	const char *shown = shown_of(block, row, column);

	buf_puts(out, " ");
	md_text(out, shown);
	if (!*shown && block->columns.v[column].blank)
		buf_puts(out, "\\_\\_\\_\\_\\_\\_\\_\\_");
	buf_puts(out, " |");
}

static void md_values(const struct filling *f, const struct form_block *block, struct buf *out)
{
	buf_addf(out, "| %s | %s |\n| --- | --- |\n", form_say(f, "Item", "项目"), form_say(f, "Content", "内容"));
	for (size_t c = 0; c < block->columns.n; c++) {
		buf_puts(out, "| ");
		md_text(out, block->columns.v[c].label);
		buf_puts(out, " |");
		md_cell(block, 0, c, out);
		buf_putc(out, '\n');
	}
}

static void md_table(const struct form_block *block, struct buf *out)
{
	buf_putc(out, '|');
	for (size_t c = 0; c < block->columns.n; c++) {
		buf_putc(out, ' ');
		md_text(out, block->columns.v[c].label);
		buf_puts(out, " |");
	}
	buf_puts(out, "\n|");
	for (size_t c = 0; c < block->columns.n; c++)
		buf_puts(out, " --- |");
	for (size_t r = 0; r < form_rows(block); r++) {
		buf_puts(out, "\n|");
		for (size_t c = 0; c < block->columns.n; c++)
			md_cell(block, r, c, out);
	}
	buf_putc(out, '\n');
}

static void md_block(const struct filling *f, const struct form_sheet *sheet, const struct form_block *block, struct buf *out)
{
	buf_putc(out, '\n');
	if (*block->title) {
		buf_puts(out, "## ");
		add_place(f, sheet, block, out);
		md_text(out, block->title);
		buf_puts(out, "\n\n");
	}
	if (*block->text) {
		buf_puts(out, form_has_questions(f->form) ? "###### " : "");
		md_text(out, block->text);
		buf_putc(out, '\n');
	} else if (text_equal(block->part->kind, "questions")) {
		add_questionnaire(f, block, "- ", out);
	} else if (is_row(block)) {
		md_values(f, block, out);
	} else if (form_rows(block)) {
		md_table(block, out);
	} else {
		buf_puts(out, form_say(f, "None.\n", "无。\n"));
	}
}

static void md_sheet(const struct filling *f, const struct form_sheet *sheet, size_t place, struct buf *out)
{
	if (place)
		buf_puts(out, "\n---\n\n");
	buf_puts(out, "# ");
	md_text(out, form_title(f));
	buf_puts(out, "\n\n");
	buf_puts(out, form_has_questions(f->form) ? "### " : "");
	md_text(out, desk_title(f));
	if (*sheet->number) {
		buf_puts(out, " · ");
		md_text(out, sheet->number);
	}
	buf_putc(out, '\n');
	for (size_t i = 0; i < sheet->blocks.n; i++)
		md_block(f, sheet, &sheet->blocks.v[i], out);
}

const struct form_face face_md = {"md", no_head, md_sheet, no_foot};

/* --- JSON ------------------------------------------------------------------------------------------------------ */

static void json_member_of(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, ",\"%s\":", name);
	if (value)
		json_quote(out, value);
	else
		buf_puts(out, "null");
}

static void json_row(const struct form_block *block, size_t row, struct buf *out)
{
	buf_putc(out, '{');
	for (size_t c = 0; c < block->columns.n; c++) {
		buf_puts(out, c ? "," : "");
		json_quote(out, block->columns.v[c].name);
		buf_putc(out, ':');
		if (block->cells.v[row * block->columns.n + c].data)
			json_quote(out, block->cells.v[row * block->columns.n + c].data);
		else
			buf_puts(out, "null");
	}
	buf_putc(out, '}');
}

/* Rows to be written in by hand are of paper. */
static bool is_empty_row(const struct form_block *block, size_t row)
{
	for (size_t c = 0; c < block->columns.n; c++)
		if (block->cells.v[row * block->columns.n + c].data)
			return false;
	return table_columns(block->part->kind);
}

static void json_block(const struct form_block *block, struct buf *out)
{
	size_t said = 0;

	buf_puts(out, "{\"kind\":");
	json_quote(out, block->part->kind);
	json_member_of(out, "title", *block->title ? block->title : NULL);
	if (*block->text)
		json_member_of(out, "text", block->text);
	buf_puts(out, ",\"labels\":{");
	for (size_t c = 0; c < block->columns.n; c++) {
		buf_puts(out, c ? "," : "");
		json_quote(out, block->columns.v[c].name);
		buf_putc(out, ':');
		json_quote(out, block->columns.v[c].label);
	}
	buf_puts(out, "},\"rows\":[");
	for (size_t r = 0; r < form_rows(block); r++) {
		if (is_empty_row(block, r))
			continue;
		buf_puts(out, said++ ? "," : "");
		json_row(block, r, out);
	}
	buf_puts(out, "]}");
}

static void json_head(const struct filling *f, struct buf *out)
{
	buf_puts(out, "{\"format\":1,\"forms\":[");
}

static void json_sheet(const struct filling *f, const struct form_sheet *sheet, size_t place, struct buf *out)
{
	buf_puts(out, place ? ",\n{\"form\":" : "\n{\"form\":");
	json_quote(out, f->form->name);
	json_member_of(out, "title", form_title(f));
	json_member_of(out, "number", *sheet->number ? sheet->number : NULL);
	buf_puts(out, ",\"parts\":[");
	for (size_t i = 0; i < sheet->blocks.n; i++) {
		buf_puts(out, i ? "," : "");
		json_block(&sheet->blocks.v[i], out);
	}
	buf_puts(out, "]}");
}

static void json_foot(const struct filling *f, size_t sheets, struct buf *out)
{
	buf_puts(out, sheets ? "\n]}\n" : "]}\n");
}

const struct form_face face_json = {"json", json_head, json_sheet, json_foot};
