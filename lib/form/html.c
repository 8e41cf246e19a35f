/* SPDX-License-Identifier: MIT */
/* Forms as one HTML file that needs nothing else: for paper (A4, a sheet for each ticket) and for the screen. */
#include "form/form.h"

#include "report/html.h"

static const char style[] =
	":root{color-scheme:light;--ink:#14181f;--soft:#5a6372;--line:#9aa3b2;--shade:#f1f3f6;--mark:#1f4e8c}\n"
	"*{box-sizing:border-box}body{margin:0;background:#e4e7ec;color:var(--ink);font:14px/1.5 \"Noto Sans\",\"Noto Sans CJK SC\",\"PingFang SC\",\"Microsoft YaHei\",\"Segoe UI\",system-ui,sans-serif}\n"
	"article{background:#fff;max-width:210mm;margin:1rem auto;padding:14mm 15mm;box-shadow:0 1px 5px #0003}.wide article{max-width:297mm}\n"
	"header{border-bottom:2px solid var(--mark);margin:0 0 1rem;padding:0 0 .4rem;display:flex;flex-wrap:wrap;gap:.2rem 1rem;justify-content:space-between;align-items:baseline}\n"
	"h1{font-size:1.5rem;line-height:1.25;margin:0;flex-basis:100%}header p{margin:0;color:var(--soft)}header p+p{color:var(--ink);font-weight:600;font-variant-numeric:tabular-nums}\n"
	"h2{font-size:1rem;margin:1.1rem 0 .4rem;padding-left:.5rem;border-left:.25rem solid var(--mark);line-height:1.3}\n"
	"table{border-collapse:collapse;width:100%;font-size:.92rem;table-layout:fixed}th,td{border:1px solid var(--line);padding:.32rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}\n"
	"th{background:var(--shade);font-weight:600}.pairs col{width:34%}.pairs col.l{width:16%}.rows{table-layout:auto}.rows th{white-space:nowrap}.rows td.s{overflow-wrap:break-word}.rows td.t{white-space:nowrap}.rows td.w{min-width:32%}\n"
	"td.p{white-space:pre-wrap}td.e{height:2.4em}.none{color:var(--soft);margin:.2rem 0}.said{white-space:pre-wrap;margin:.4rem 0}\n"
	".blanks{display:grid;grid-template-columns:1fr 1fr;gap:1.6rem 2rem;margin:1.8rem 0 .5rem}.blanks div{display:flex;gap:.6rem;align-items:flex-end}.blanks i{flex:1;border-bottom:1px solid var(--ink);height:1.4em}\n"
	".ask td{text-align:center;vertical-align:middle}.ask td:first-child,.ask th:first-child{text-align:left;width:34%}.ask b{display:inline-block;width:1em;height:1em;border:1.5px solid var(--ink);border-radius:2px;vertical-align:-.12em;margin-right:.35em}\n"
	".ask small{display:block;color:var(--soft)}.code{font-variant-numeric:tabular-nums;letter-spacing:.04em}\n"
	"@media(max-width:640px){article{margin:0;padding:1rem}.pairs,.pairs tbody,.pairs tr,.pairs th,.pairs td{display:block}.pairs colgroup{display:none}.pairs tr{border-bottom:0}.pairs th{border-bottom:0}.pairs td.p:empty{min-height:1.6em}\n"
	".rows{display:block;overflow-x:auto}.rows td.t{white-space:normal}.ask td,.ask th{padding:.3rem .15rem;font-size:.8rem}.blanks{grid-template-columns:1fr}}\n"
	"@media print{body{background:#fff;font-size:10.5pt}article{max-width:none!important;margin:0;padding:0;box-shadow:none;break-after:page}article:last-of-type{break-after:auto}\n"
	"tr,.blanks div,h2{break-inside:avoid}h2{break-after:avoid}thead{display:table-header-group}th{print-color-adjust:exact;-webkit-print-color-adjust:exact}table{font-size:9.5pt}.wide table{font-size:7.5pt}.wide th,.wide td{padding:.25rem .3rem}.wide .rows th,.wide .rows td.t{white-space:normal}.wide .rows td.w{min-width:0}}\n";

/* A fixed layout takes its widths from here: the first row may span. */
static const char pairs_head[] = "<table class=\"pairs\"><colgroup><col class=\"l\"><col><col class=\"l\"><col></colgroup><tbody>\n";

static const char *shown_of(const struct form_block *block, size_t row, size_t column)
{
	const char *shown = block->cells.v[row * block->columns.n + column].shown;

	return shown ? shown : "";
}

static void add_pair(const struct form_block *block, size_t c, const char *span, struct buf *out)
{
	const struct form_column *column = &block->columns.v[c];
	const char *shown = shown_of(block, 0, c);

	buf_puts(out, "<th scope=\"row\">");
	html_text(out, column->label);
	buf_addf(out, "</th><td%s class=\"p%s\">", span, !*shown && column->blank ? " e" : "");
	html_text(out, shown);
	buf_puts(out, "</td>");
}

/* Two values beside each other; a long one alone. */
static void add_pairs(const struct form_block *block, struct buf *out)
{
	buf_puts(out, pairs_head);
	for (size_t c = 0; c < block->columns.n; c++) {
		bool two = !block->columns.v[c].wide && c + 1 < block->columns.n && !block->columns.v[c + 1].wide;

		buf_puts(out, "<tr>");
		add_pair(block, c, two ? "" : " colspan=\"3\"", out);
		if (two)
			add_pair(block, ++c, "", out);
		buf_puts(out, "</tr>\n");
	}
	buf_puts(out, "</tbody></table>\n");
}

/* Times and other short words stand on one line. */
static const char *cell_class(const struct form_column *column, const char *shown)
{
	if (column->wide)
		return "p w";
	return strlen(shown) <= 24 && !strchr(shown, '\n') ? "t" : "p s";
}

static void add_heads(const struct form_block *block, struct buf *out)
{
	buf_puts(out, "<thead><tr>");
	for (size_t c = 0; c < block->columns.n; c++) {
		buf_puts(out, "<th scope=\"col\">");
		html_text(out, block->columns.v[c].label);
		buf_puts(out, "</th>");
	}
	buf_puts(out, "</tr></thead>");
}

static void add_row(const struct form_block *block, size_t row, struct buf *out)
{
	bool empty = true;

	for (size_t c = 0; c < block->columns.n; c++)
		empty = empty && !*shown_of(block, row, c);
	buf_puts(out, "<tr>");
	for (size_t c = 0; c < block->columns.n; c++) {
		const char *shown = shown_of(block, row, c);

		buf_addf(out, "<td class=\"%s\">", empty ? "e" : cell_class(&block->columns.v[c], shown));
		html_text(out, shown);
		buf_puts(out, "</td>");
	}
	buf_puts(out, "</tr>\n");
}

static void add_table(const struct filling *f, const struct form_block *block, struct buf *out)
{
	if (!form_rows(block)) {
		buf_addf(out, "<p class=\"none\">%s</p>\n", form_say(f, "None.", "无。"));
		return;
	}
	buf_puts(out, "<table class=\"rows\">");
	add_heads(block, out);
	buf_puts(out, "<tbody>\n");
	for (size_t r = 0; r < form_rows(block); r++)
		add_row(block, r, out);
	buf_puts(out, "</tbody></table>\n");
}

static void add_blanks(const struct form_block *block, struct buf *out)
{
	buf_puts(out, "<div class=\"blanks\">\n");
	for (size_t c = 0; c < block->columns.n; c++) {
		buf_puts(out, "<div><span>");
		html_text(out, block->columns.v[c].label);
		buf_puts(out, "</span><i></i></div>\n");
	}
	buf_puts(out, "</div>\n");
}

/* --- questionnaires -------------------------------------------------------------------------------------------- */

static const char *word_of_score(const struct filling *f, int64_t score)
{
	_cleanup_free_ char *key = xasprintf("%s:%lld", f->language, (long long)score);

	return pairs_get(&f->policy->survey.words, key);
}

static void add_scale(const struct filling *f, struct buf *out)
{
	const struct survey_rule *survey = &f->policy->survey;

	buf_addf(out, "<thead><tr><th scope=\"col\">%s</th>", form_say(f, "Question", "问题"));
	for (int64_t score = survey->scale_max; score >= survey->scale_min; score--) {
		const char *word = word_of_score(f, score);

		buf_addf(out, "<th scope=\"col\">%lld", (long long)score);
		if (word) {
			buf_puts(out, "<small>");
			html_text(out, word);
			buf_puts(out, "</small>");
		}
		buf_puts(out, "</th>");
	}
	buf_puts(out, "</tr></thead><tbody>\n");
}

static void add_questions(const struct filling *f, const struct form_block *block, struct buf *out)
{
	const struct survey_rule *survey = &f->policy->survey;

	buf_puts(out, "<p class=\"code\">");
	html_text(out, block->columns.v[0].label);
	buf_puts(out, ": <strong>");
	html_text(out, shown_of(block, 0, 0));
	buf_puts(out, "</strong></p>\n<table class=\"ask\">");
	add_scale(f, out);
	for (size_t c = 1; c <= survey->questions.n && c < block->columns.n; c++) {
		buf_puts(out, "<tr><td>");
		html_text(out, block->columns.v[c].label);
		buf_puts(out, "</td>");
		for (int64_t score = survey->scale_max; score >= survey->scale_min; score--)
			buf_addf(out, "<td><b></b>%lld</td>", (long long)score);
		buf_puts(out, "</tr>\n");
	}
	buf_addf(out, "</tbody></table>\n%s", pairs_head);
	for (size_t c = survey->questions.n + 1; c < block->columns.n; c++) {
		buf_puts(out, "<tr><th scope=\"row\">");
		html_text(out, block->columns.v[c].label);
		buf_addf(out, "</th><td colspan=\"3\"%s></td></tr>\n", block->columns.v[c].wide ? " style=\"height:7em\"" : "");
	}
	buf_puts(out, "</tbody></table>\n");
}

/* --- sheets ---------------------------------------------------------------------------------------------------- */

static void add_block(const struct filling *f, const struct form_block *block, size_t place, struct buf *out)
{
	const char *kind = block->part->kind;

	if (*block->title) {
		buf_puts(out, "<h2>");
		if (f->form->numbered)
			buf_addf(out, "%zu. ", place);
		html_text(out, block->title);
		buf_puts(out, "</h2>\n");
	}
	if (text_equal(kind, "text")) {
		buf_puts(out, "<p class=\"said\">");
		html_text(out, block->text);
		buf_puts(out, "</p>\n");
	} else if (text_equal(kind, "values")) {
		add_pairs(block, out);
	} else if (text_equal(kind, "blanks")) {
		add_blanks(block, out);
	} else if (text_equal(kind, "questions")) {
		add_questions(f, block, out);
	} else {
		add_table(f, block, out);
	}
}

static void add_sheet_head(const struct filling *f, const char *number, struct buf *out)
{
	buf_puts(out, "<header><h1>");
	html_text(out, form_title(f));
	buf_puts(out, "</h1><p>");
	html_text(out, policy_label(f->policy, (const struct pairs *)&f->policy->titles, f->language, f->policy->name));
	buf_puts(out, "</p><p>");
	html_text(out, number);
	buf_puts(out, "</p></header>\n");
}

static void html_head(const struct filling *f, struct buf *out)
{
	struct form_block columns = {0};

	buf_addf(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n",
		 form_say(f, "en", "zh-CN"));
	buf_puts(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>");
	html_text(out, form_title(f));
	buf_addf(out, "</title>\n<style>\n@page{size:A4%s;margin:14mm 13mm}\n%s</style>\n</head>\n<body%s>\n", f->form->landscape ? " landscape" : "", style,
		 f->form->landscape ? " class=\"wide\"" : "");
	if (!f->form->table)
		return;
	/* A table is one sheet: what is said of each ticket is a row of it. */
	buf_puts(out, "<article>\n");
	add_sheet_head(f, "", out);
	form_row_columns(f, &columns);
	buf_puts(out, "<table class=\"rows\">");
	add_heads(&columns, out);
	buf_puts(out, "<tbody>\n");
	form_block_release(&columns);
}

static void html_sheet(const struct filling *f, const struct form_sheet *sheet, size_t place, struct buf *out)
{
	size_t titles = 0;

	if (f->form->table) {
		if (sheet->blocks.n)
			add_row(&sheet->blocks.v[0], 0, out);
		return;
	}
	buf_puts(out, "<article>\n");
	add_sheet_head(f, sheet->number, out);
	for (size_t i = 0; i < sheet->blocks.n; i++) {
		titles += *sheet->blocks.v[i].title != '\0';
		add_block(f, &sheet->blocks.v[i], titles, out);
	}
	buf_puts(out, "</article>\n");
}

static void html_foot(const struct filling *f, size_t sheets, struct buf *out)
{
	if (f->form->table)
		buf_puts(out, "</tbody></table>\n</article>\n");
	buf_puts(out, "</body>\n</html>\n");
}

const struct form_face face_html = {"html", html_head, html_sheet, html_foot};
