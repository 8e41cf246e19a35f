/* SPDX-License-Identifier: MIT */
/* Filling in: a form and a ticket become sheets of values; see ticket/form.h. */
#include "form/form.h"

#include "ticket/journal.h"
#include "ticket/survey.h"
#include "ticket/text.h"

/* --- the customers in clear ------------------------------------------------------------------------------------ */

static int add_revealed(const struct customer *customer, const char *number, struct customer_person *person, void *data, struct ticket_error *err)
{
	struct filling *filling = data;
	struct revealed *revealed = list_push(&filling->revealed);

	*revealed = (struct revealed){.customer = xstrdup(number), .person = *person};
	memset(person, 0, sizeof(*person));
	return 0;
}

/* Everybody whose data the form will show is seen at one moment, for one reason: one commit. */
static int reveal_all(struct filling *filling, const struct form_order *order, const struct texts *numbers, struct ticket_error *err)
{
	_cleanup_(texts_release) struct texts customers = {0};
	struct journal_entry entry = {.act = xstrdup("exported"), .text = xstrdup(order->why)};
	int failed = 0;

	for (size_t i = 0; i < numbers->n && !failed; i++) {
		_cleanup_ticket_ struct ticket *ticket = NULL;

		if ((failed = desk_read(filling->desk, numbers->v[i], &ticket, err)))
			break;
		texts_add(&entry.tickets, ticket->id);
		if (ticket->customer.id && !texts_have(&customers, ticket->customer.id))
			texts_add(&customers, ticket->customer.id);
	}
	entry.subject = xasprintf("form %s", filling->form->name);
	if (!failed)
		failed = customers_reveal(filling->desk, &customers, "reveal", order->why, &entry, add_revealed, filling, err);
	journal_entry_release(&entry);
	return failed;
}

int form_begin(struct filling **out, struct desk *desk, const struct form_order *order, const struct texts *numbers, struct ticket_error *err)
{
	_cleanup_filling_ struct filling *filling = xcalloc(1, sizeof(*filling));
	int failed;

	*out = NULL;
	filling->desk = desk;
	filling->form = order->form;
	filling->language = order->language;
	filling->chinese = text_equal(order->language, "zh");
	if (order->reveal && (failed = reveal_all(filling, order, numbers, err)))
		return failed;
	filling->policy = desk_policy(desk);
	*out = steal_ptr(filling);
	return 0;
}

void form_end(struct filling *filling)
{
	if (!filling)
		return;
	for (size_t i = 0; i < filling->revealed.n; i++) {
		free(filling->revealed.v[i].customer);
		customer_person_release(&filling->revealed.v[i].person);
	}
	free(filling->revealed.v);
	free(filling);
}

const char *form_title(const struct filling *filling)
{
	return policy_label(filling->policy, &filling->form->titles, filling->language, filling->form->name);
}

/* --- blocks ---------------------------------------------------------------------------------------------------- */

static void add_column(struct form_block *block, const char *name, const char *label, bool wide, bool blank)
{
	*list_push(&block->columns) = (struct form_column){name, label, wide, blank};
}

/* The columns of a questionnaire: what names it, the questions, what is asked besides. */
static void add_questions(const struct filling *filling, struct form_block *block)
{
	const struct survey_rule *survey = &filling->policy->survey;

	add_column(block, "questionnaire", survey_word(SURVEY_QUESTIONNAIRE, filling->language), false, false);
	for (size_t i = 0; i < survey->questions.n; i++) {
		const struct question *question = &survey->questions.v[i];

		add_column(block, question->name, policy_label(filling->policy, &question->labels, filling->language, question->name), false, true);
	}
	add_column(block, "suggestion", survey_word(SURVEY_SUGGESTION, filling->language), true, true);
	if (survey->anonymous)
		add_column(block, "contact", form_say(filling, "contact (yes/no)", "是否同意联系 (是/否)"), false, true);
}

static void begin_block(const struct filling *filling, const struct form_part *part, struct form_block *block)
{
	const struct policy *policy = filling->policy;

	block->part = part;
	block->title = part->titles.n ? policy_label(policy, &part->titles, filling->language, "") : "";
	block->text = text_equal(part->kind, "text") ? policy_label(policy, &part->text, filling->language, "") : "";
	for (size_t i = 0; i < part->fields.n; i++) {
		const struct form_field *field = &part->fields.v[i];

		add_column(block, field->name, field_label(policy, filling->language, field), field->wide, field->blank || text_equal(part->kind, "blanks"));
	}
	if (text_equal(part->kind, "questions"))
		add_questions(filling, block);
}

static int fill_block(struct filling *filling, const struct form_part *part, struct form_block *block, struct ticket_error *err)
{
	bool values = text_equal(part->kind, "values"), blanks = text_equal(part->kind, "blanks");
	int failed = 0;

	begin_block(filling, part, block);
	for (size_t i = 0; (values || blanks) && i < block->columns.n && !failed; i++) {
		struct form_cell *cell = list_push(&block->cells);

		if (values && filling->ticket)
			failed = value_fill(filling, block->columns.v[i].name, cell, err);
	}
	return failed ? failed : table_fill(filling, block, err);
}

bool form_has_questions(const struct form *form)
{
	for (size_t i = 0; i < form->parts.n; i++)
		if (text_equal(form->parts.v[i].kind, "questions"))
			return true;
	return false;
}

/* A questionnaire that anybody may fill in without a name must not carry his ticket's number. */
static bool is_anonymous(const struct filling *filling)
{
	return form_has_questions(filling->form) && filling->policy->survey.anonymous;
}

int form_fill(struct filling *filling, const struct ticket *ticket, struct form_sheet *out, struct ticket_error *err)
{
	int failed = 0;

	filling->ticket = ticket;
	out->number = xstrdup(ticket && !is_anonymous(filling) ? ticket->id : "");
	for (size_t i = 0; i < filling->form->parts.n && !failed; i++) {
		const struct form_part *part = &filling->form->parts.v[i];

		if (!ticket || conditions_hold(&part->when, ticket))
			failed = fill_block(filling, part, list_push(&out->blocks), err);
	}
	filling->ticket = NULL;
	return failed;
}

static void wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

void form_block_release(struct form_block *block)
{
	for (size_t i = 0; i < block->cells.n; i++) {
		wipe(block->cells.v[i].data);
		wipe(block->cells.v[i].shown);
	}
	free(block->cells.v);
	free(block->columns.v);
	*block = (struct form_block){0};
}

void form_sheet_release(struct form_sheet *sheet)
{
	for (size_t i = 0; i < sheet->blocks.n; i++)
		form_block_release(&sheet->blocks.v[i]);
	free(sheet->blocks.v);
	free(sheet->number);
	*sheet = (struct form_sheet){0};
}

/* --- rows ------------------------------------------------------------------------------------------------------ */

static bool is_single(const struct form_part *part)
{
	return text_equal(part->kind, "values") || text_equal(part->kind, "questions");
}

/* Blanks and fixed text are for paper alone. */
static bool is_for_rows(const struct form_part *part)
{
	return is_single(part) || table_columns(part->kind);
}

void form_row_columns(const struct filling *filling, struct form_block *out)
{
	for (size_t i = 0; i < filling->form->parts.n; i++) {
		const struct form_part *part = &filling->form->parts.v[i];
		struct form_block block = {0};

		begin_block(filling, part, &block);
		if (is_single(part))
			for (size_t c = 0; c < block.columns.n; c++)
				*list_push(&out->columns) = block.columns.v[c];
		else if (is_for_rows(part))
			add_column(out, part->kind, *block.title ? block.title : part->kind, true, false);
		form_block_release(&block);
	}
}

/* A table as text: a line for each row, its cells with a blank between. */
static void table_text(const struct form_block *block, struct form_cell *cell)
{
	_cleanup_buf_ struct buf b = {0};

	for (size_t r = 0; r < form_rows(block); r++) {
		size_t before = b.n;

		for (size_t c = 0; c < block->columns.n; c++) {
			const char *shown = block->cells.v[r * block->columns.n + c].shown;

			if (shown && *shown)
				buf_addf(&b, "%s%s", b.n > before ? " " : before ? "\n" : "", shown);
		}
	}
	tell(cell, b.p, NULL);
}

/* The part of a sheet that belongs to a part of the form; NULL where its conditions do not hold. */
static const struct form_block *block_of(const struct form_sheet *sheet, const struct form_part *part)
{
	for (size_t i = 0; i < sheet->blocks.n; i++)
		if (sheet->blocks.v[i].part == part)
			return &sheet->blocks.v[i];
	return NULL;
}

static void add_single(const struct filling *filling, const struct form_part *part, const struct form_block *block, struct form_block *out)
{
	struct form_block shape = {0};

	begin_block(filling, part, &shape);
	for (size_t c = 0; c < shape.columns.n; c++) {
		struct form_cell *cell = list_push(&out->cells);

		if (block)
			tell(cell, block->cells.v[c].data, block->cells.v[c].shown);
	}
	form_block_release(&shape);
}

void form_row(const struct filling *filling, const struct form_sheet *sheet, struct form_block *out)
{
	for (size_t i = 0; i < filling->form->parts.n; i++) {
		const struct form_part *part = &filling->form->parts.v[i];
		const struct form_block *block = block_of(sheet, part);

		if (!is_for_rows(part))
			continue;
		if (is_single(part)) {
			add_single(filling, part, block, out);
		} else {
			struct form_cell *cell = list_push(&out->cells);

			if (block)
				table_text(block, cell);
		}
	}
}

const struct form_face *form_face(const char *name)
{
	static const struct form_face *const faces[] = {&face_html, &face_md, &face_txt, &face_json};

	for (size_t i = 0; i < ARRAY_SIZE(faces); i++)
		if (text_equal(faces[i]->name, name))
			return faces[i];
	return NULL;
}
