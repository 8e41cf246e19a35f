/* SPDX-License-Identifier: MIT */
/* The tables within a form: events, the parts of the plan, files, the questions of the survey. */
#include "form/form.h"

#include "ticket/survey.h"
#include "ticket/text.h"

/* --- events ---------------------------------------------------------------------------------------------------- */

static const char *const event_columns[] = {"at", "recorded", "by", "role", "said_by", "event", "text", "via", "doing", "eta", "person", "due", "reason",
					    "to", "cause", "decision", "satisfied", "files", NULL};

/* Who speaks: the customer, or the desk (E11: talks with the customer). */
static void tell_speaker(const struct filling *f, const struct event *event, struct form_cell *cell)
{
	bool customer = event->kind == EVENT_INBOUND || event->kind == EVENT_DISPUTED || event->kind == EVENT_CONFIRMED || event->kind == EVENT_SURVEY;

	tell(cell, customer ? "customer" : "desk", customer ? form_say(f, "Customer", "客户") : form_say(f, "We", "我方"));
}

static void tell_role(const struct filling *f, const char *name, struct form_cell *cell)
{
	for (size_t i = 0; name && i < f->policy->roles.n; i++)
		if (text_equal(f->policy->roles.v[i].name, name))
			tell(cell, name, policy_label(f->policy, &f->policy->roles.v[i].labels, f->language, name));
}

static void tell_files(const struct filling *f, const struct event *event, struct form_cell *cell)
{
	struct texts names = {0};
	_cleanup_free_ char *all = NULL;

	for (size_t i = 0; i < event->files.n; i++)
		texts_add(&names, event->files.v[i].name);
	all = texts_join(&names, form_say(f, ", ", "、"));
	tell(cell, all, NULL);
	texts_release(&names);
}

static void tell_satisfied(const struct filling *f, const char *answer, struct form_cell *cell)
{
	if (answer)
		tell(cell, answer, text_equal(answer, "yes") ? form_say(f, "satisfied", "满意")
						: text_equal(answer, "no") ? form_say(f, "not satisfied", "不满意") : form_say(f, "fairly satisfied", "基本满意"));
}

/* A member that is shown as it is; NULL for others. */
static const char *plain_member(const struct event *event, const char *name)
{
	const struct {
		const char *name, *value;
	} plain[] = {{"by", event->by}, {"text", event->text}, {"person", event->person}, {"reason", event->reason}, {"to", event->to}, {"decision", event->decision}};

	for (size_t i = 0; i < ARRAY_SIZE(plain); i++)
		if (strcmp(plain[i].name, name) == 0)
			return plain[i].value;
	return NULL;
}

static void event_cell(struct filling *f, const struct event *event, const char *name, struct form_cell *cell)
{
	const struct policy *p = f->policy;
	const char *word = event_word((enum event_kind)event->kind);
	/* What an anonymous customer answered, and when it was recorded, belongs to nobody's form (B6). */
	bool hidden = event->kind == EVENT_SURVEY && p->survey.anonymous && !event->contact;

	if (strcmp(name, "at") == 0)
		tell_time(f, cell, &event->at);
	else if (strcmp(name, "recorded") == 0)
		tell_time(f, cell, &event->recorded);
	else if (strcmp(name, "role") == 0)
		tell_role(f, event->role, cell);
	else if (strcmp(name, "said_by") == 0)
		tell_speaker(f, event, cell);
	else if (strcmp(name, "event") == 0)
		tell(cell, word, form_word(f, word));
	else if (strcmp(name, "via") == 0)
		tell_choice(f, cell, &p->channels, event->via);
	else if (strcmp(name, "doing") == 0)
		tell_choice(f, cell, &p->doings, event->doing);
	else if (strcmp(name, "eta") == 0)
		tell_time(f, cell, &event->eta);
	else if (strcmp(name, "due") == 0)
		tell_time(f, cell, &event->due);
	else if (strcmp(name, "cause") == 0)
		tell_choice(f, cell, &p->causes, event->cause);
	else if (strcmp(name, "satisfied") == 0)
		tell_satisfied(f, event->satisfied, cell);
	else if (strcmp(name, "files") == 0)
		tell_files(f, event, cell);
	else if (!hidden)
		tell(cell, plain_member(event, name), NULL);
}

static void fill_events(struct filling *f, struct form_block *block)
{
	const struct ticket *ticket = f->ticket;

	for (size_t i = 0; i < ticket->events.n; i++) {
		const struct event *event = &ticket->events.v[i];

		if (!moment_is_any(&block->part->events, event, ticket, f->policy))
			continue;
		for (size_t c = 0; c < block->columns.n; c++)
			event_cell(f, event, block->columns.v[c].name, list_push(&block->cells));
	}
}

/* --- the plan -------------------------------------------------------------------------------------------------- */

static const char *const plan_columns[] = {"department", "person", "text", "due", NULL};

static void fill_plan(struct filling *f, struct form_block *block)
{
	const struct event *plan = moment_last("planned", f->ticket, f->policy);

	for (size_t i = 0; plan && i < plan->parts.n; i++)
		for (size_t c = 0; c < block->columns.n; c++) {
			const struct plan_part *part = &plan->parts.v[i];
			const char *name = block->columns.v[c].name;
			struct form_cell *cell = list_push(&block->cells);

			if (strcmp(name, "department") == 0)
				tell_choice(f, cell, &f->policy->departments, part->department);
			else if (strcmp(name, "due") == 0)
				tell_time(f, cell, &part->due);
			else
				tell(cell, strcmp(name, "person") == 0 ? part->person : part->text, NULL);
		}
}

/* --- files ----------------------------------------------------------------------------------------------------- */

static const char *const file_columns[] = {"name", "size", "at", "by", "event", "digest", NULL};

static void file_cell(struct filling *f, const struct event *event, const struct attachment *file, const char *name, struct form_cell *cell)
{
	_cleanup_free_ char *bytes = xasprintf("%lld", (long long)file->size_bytes), *shown = NULL;
	double kb = (double)file->size_bytes / 1024;

	if (strcmp(name, "size") == 0) {
		shown = kb >= 1024 ? xasprintf("%.1f MB", kb / 1024) : xasprintf("%.1f KB", kb);
		tell(cell, bytes, shown);
	} else if (strcmp(name, "name") == 0 || strcmp(name, "digest") == 0) {
		shown = xstrndup(file->digest, 12);
		tell(cell, *name == 'n' ? file->name : file->digest, *name == 'n' ? NULL : shown);
	} else {
		event_cell(f, event, name, cell);
	}
}

static void fill_files(struct filling *f, struct form_block *block)
{
	for (size_t i = 0; i < f->ticket->events.n; i++) {
		const struct event *event = &f->ticket->events.v[i];

		for (size_t k = 0; k < event->files.n; k++)
			for (size_t c = 0; c < block->columns.n; c++)
				file_cell(f, event, &event->files.v[k], block->columns.v[c].name, list_push(&block->cells));
	}
}

/* --- questions ------------------------------------------------------------------------------------------------- */

/* One row: the columns are the questions, so that a questionnaire can be a row of a spreadsheet; all empty, to be filled in. */
static int fill_questions(struct filling *f, struct form_block *block, struct ticket_error *err)
{
	_cleanup_free_ char *code = NULL;
	int failed = f->ticket ? survey_code(f->desk, f->ticket, &code, err) : 0;

	for (size_t c = 0; c < block->columns.n; c++) {
		struct form_cell *cell = list_push(&block->cells);

		if (c == 0)
			tell(cell, code, NULL);
	}
	return failed;
}

/* --- all of them ----------------------------------------------------------------------------------------------- */

const char *const *table_columns(const char *kind)
{
	return text_equal(kind, "events") ? event_columns : text_equal(kind, "plan") ? plan_columns : text_equal(kind, "files") ? file_columns : NULL;
}

int table_fill(struct filling *f, struct form_block *block, struct ticket_error *err)
{
	const char *kind = block->part->kind;
	int failed = 0;

	if (f->ticket && text_equal(kind, "events"))
		fill_events(f, block);
	else if (f->ticket && text_equal(kind, "plan"))
		fill_plan(f, block);
	else if (f->ticket && text_equal(kind, "files"))
		fill_files(f, block);
	else if (text_equal(kind, "questions"))
		failed = fill_questions(f, block, err);
	for (int64_t i = 0; table_columns(kind) && i < block->part->blank_rows; i++)
		for (size_t c = 0; c < block->columns.n; c++)
			list_push(&block->cells);
	return failed;
}
