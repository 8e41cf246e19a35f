/* SPDX-License-Identifier: MIT */
/* Rows of tickets: see rows.h. */
#include "rows.h"

#include "label.h"
#include "pager.h"
#include "when.h"

enum {
	NUMBER, RECEIVED, STATE, STATUS, PRIORITY, TYPES, CATEGORY, GRADE, RISK, CHANNEL, GROUP, ASSIGNEE, DEPARTMENTS, CUSTOMER_ID, CUSTOMER, WAITING_FOR,
	DOING, LEVEL, CYCLE, DELAYED, QUARANTINED, OVERDUE, AT_RISK, DUE, DUE_TARGET, UPDATED, RESPONDED, RESOLVED, ARCHIVED, SUBJECT, SCORE, FOUND_IN,
	SNIPPET, COLUMNS
};
#define SEARCH_COLUMNS 3 /* the last ones */

static const struct column columns[COLUMNS] = {
	[NUMBER] = {"number", NULL, CELL_TEXT, false, false},
	[RECEIVED] = {"received", NULL, CELL_TIME, false, false},
	[STATE] = {"state", NULL, CELL_TEXT, true, false},
	[STATUS] = {"status", NULL, CELL_TEXT, false, false},
	[PRIORITY] = {"priority", NULL, CELL_TEXT, false, false},
	[TYPES] = {"types", "TYPE", CELL_LIST, false, false},
	[CATEGORY] = {"category", NULL, CELL_TEXT, true, false},
	[GRADE] = {"grade", NULL, CELL_TEXT, true, false},
	[RISK] = {"risk", NULL, CELL_TEXT, true, false},
	[CHANNEL] = {"channel", NULL, CELL_TEXT, true, false},
	[GROUP] = {"group", NULL, CELL_TEXT, true, false},
	[ASSIGNEE] = {"assignee", NULL, CELL_TEXT, false, false},
	[DEPARTMENTS] = {"departments", NULL, CELL_LIST, true, false},
	[CUSTOMER_ID] = {"customer_id", NULL, CELL_TEXT, true, false},
	[CUSTOMER] = {"customer", NULL, CELL_TEXT, true, false},
	[WAITING_FOR] = {"waiting_for", NULL, CELL_TEXT, true, false},
	[DOING] = {"doing", NULL, CELL_TEXT, true, false},
	[LEVEL] = {"level", NULL, CELL_NUMBER, true, false},
	[CYCLE] = {"cycle", NULL, CELL_NUMBER, true, false},
	[DELAYED] = {"delayed", NULL, CELL_FLAG, true, false},
	[QUARANTINED] = {"quarantined", NULL, CELL_FLAG, true, false},
	[OVERDUE] = {"overdue", NULL, CELL_FLAG, true, false},
	[AT_RISK] = {"at_risk", NULL, CELL_FLAG, true, false},
	[DUE] = {"due", NULL, CELL_TIME, false, false},
	[DUE_TARGET] = {"due_target", NULL, CELL_TEXT, true, false},
	[UPDATED] = {"updated", NULL, CELL_TIME, true, false},
	[RESPONDED] = {"responded", NULL, CELL_TIME, true, false},
	[RESOLVED] = {"resolved", NULL, CELL_TIME, true, false},
	[ARCHIVED] = {"archived", NULL, CELL_TIME, true, false},
	[SUBJECT] = {"subject", NULL, CELL_TEXT, false, true},
	[SCORE] = {"score", NULL, CELL_NUMBER, true, false},
	[FOUND_IN] = {"found_in", NULL, CELL_TEXT, true, false},
	[SNIPPET] = {"snippet", NULL, CELL_TEXT, false, true},
};

/* Where a cell comes from, and what people read for it. */
static const struct source {
	enum { OTHER, TEXT, TIME, COUNT, FLAG } kind;
	size_t at; /* in struct ticket_row */
	enum { AS_IT_IS, LABEL_CHOICES, LABEL_STATE, LABEL_PLACE, LABEL_WORD, LABEL_GROUP, LABEL_TARGET } label;
	size_t list; /* LABEL_CHOICES: in struct policy */
} sources[COLUMNS] = {
#define FROM(member) offsetof(struct ticket_row, member)
#define LIST_OF(member) LABEL_CHOICES, offsetof(struct policy, member)
	[NUMBER] = {TEXT, FROM(id)},
	[RECEIVED] = {TIME, FROM(received_s)},
	[STATE] = {.label = LABEL_STATE},
	[PRIORITY] = {TEXT, FROM(priority), LIST_OF(priorities)},
	[TYPES] = {TEXT, FROM(types), LIST_OF(types)},
	[CATEGORY] = {TEXT, FROM(category), LIST_OF(categories)},
	[GRADE] = {TEXT, FROM(grade), LIST_OF(grades)},
	[RISK] = {TEXT, FROM(risk), LIST_OF(risks)},
	[CHANNEL] = {TEXT, FROM(channel), LIST_OF(channels)},
	[GROUP] = {TEXT, FROM(group), LABEL_GROUP},
	[ASSIGNEE] = {TEXT, FROM(assignee)},
	[DEPARTMENTS] = {TEXT, FROM(departments), LIST_OF(departments)},
	[CUSTOMER_ID] = {TEXT, FROM(customer_id)},
	[CUSTOMER] = {TEXT, FROM(customer)},
	[WAITING_FOR] = {TEXT, FROM(waiting_for), LABEL_WORD},
	[DOING] = {TEXT, FROM(doing), LIST_OF(doings)},
	[LEVEL] = {COUNT, FROM(level)},
	[CYCLE] = {COUNT, FROM(cycle)},
	[DELAYED] = {FLAG, FROM(delayed)},
	[QUARANTINED] = {FLAG, FROM(quarantined)},
	[OVERDUE] = {FLAG, FROM(overdue)},
	[AT_RISK] = {FLAG, FROM(at_risk)},
	[DUE] = {TIME, FROM(due_s)},
	[DUE_TARGET] = {TEXT, FROM(due_target), LABEL_TARGET},
	[UPDATED] = {TIME, FROM(updated_s)},
	[RESPONDED] = {TIME, FROM(responded_s)},
	[RESOLVED] = {TIME, FROM(resolved_s)},
	[ARCHIVED] = {TIME, FROM(archived_s)},
	[SUBJECT] = {TEXT, FROM(subject)},
	[FOUND_IN] = {.label = LABEL_PLACE},
};

/* The numbers, present and former, of an incident that is named by a piece of one. */
static int add_incident(struct call *call, const char *word, struct buf *out, struct ticket_error *err)
{
	_cleanup_ticket_ struct ticket *ticket = NULL;
	int failed = *word == '=' || !*word ? 0 : desk_read(call->desk, word, &ticket, err);

	buf_addf(out, "%s%s", text_ends(out->p, ":") ? "" : ",", ticket ? ticket->id : word);
	for (size_t i = 0; ticket && i < ticket->aliases.n; i++)
		buf_addf(out, ",%s", ticket->aliases.v[i]);
	return failed;
}

/* Words of the query, "incident:TAIL" with the full number. */
static int full_words(struct call *call, const char *const *words, size_t n, struct texts *out, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < n && !failed; i++) {
		const char *plain = words[i] + (*words[i] == '-');
		_cleanup_buf_ struct buf full = {0};
		_cleanup_free_ char *values = NULL;
		char *rest, *value;

		if (!text_starts(plain, "incident:")) {
			texts_add(out, words[i]);
			continue;
		}
		buf_add(&full, words[i], (size_t)(plain - words[i]) + strlen("incident:"));
		rest = values = xstrdup(plain + strlen("incident:"));
		while (!failed && (value = strsep(&rest, ",")))
			failed = add_incident(call, value, &full, err);
		texts_add(out, full.p);
	}
	return failed;
}

int call_query(struct call *call, const char *const *words, size_t n, const char *sort, size_t limit, struct query **out, struct ticket_error *err)
{
	const struct query_context context = {
		.policy = desk_policy(call->desk),
		.zone = desk_zone(call->desk),
		.now_s = desk_now(call->desk),
		.find_me = desk_actor,
		.desk = call->desk,
	};
	struct range range = {INT64_MIN, INT64_MAX};
	struct texts full = {0};
	int failed;

	*out = NULL;
	if (!(failed = call_range(call, err)) && !(failed = full_words(call, words, n, &full, err)))
		failed = query_parse(out, (const char *const *)full.v, full.n, sort, limit, &context, err);
	texts_release(&full);
	if (failed)
		return failed;
	range.from_s = call->since.set ? call->since.s : range.from_s;
	range.until_s = call->until.set ? call->until.s : range.until_s;
	if (call->since.set || call->until.set)
		query_received(*out, &range);
	return 0;
}

void rows_end(const struct call *call, const struct query *query, size_t shown, size_t total)
{
	const char *typed, *meant = query_doubt(query, &typed);

	pager_end(); /* what it shows would hide what is said now */
	if (total > shown)
		call_say(call, "%zu of %zu; all of them: --all", shown, total);
	else if (!shown && meant)
		call_say(call, "'%s' was looked for as text; did you mean '%s'?", typed, meant);
}

int ticket_rows_open(struct call *call, struct table **out, bool found, struct ticket_error *err)
{
	return table_open(out, "tickets", columns, COLUMNS - (found ? 0 : SEARCH_COLUMNS), &call->table, call->out, err);
}

static const struct status *status_named(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->statuses.n; i++)
		if (text_equal(policy->statuses.v[i].name, name))
			return &policy->statuses.v[i];
	return NULL;
}

const char *row_status(const struct call *call, const struct ticket_row *row)
{
	const struct policy *policy = desk_policy(call->desk);
	const struct status *status = *row->status ? status_named(policy, row->status) : NULL;
	const char *state = state_word((enum ticket_state)row->state);

	return status ? policy_label(policy, &status->labels, call->language, status->name) : label_state(call, state);
}

/* What is late is red, what will be soon is yellow; what is put away stands back. */
static const char *row_colour(const struct ticket_row *row)
{
	if (row->overdue || row->delayed)
		return "red";
	if (row->at_risk || row->quarantined)
		return "yellow";
	return row->state == STATE_ARCHIVED || row->state == STATE_MERGED ? "dim" : NULL;
}

/* A row with what a search adds to it, and room for the texts that are made of it. */
struct hit {
	const struct ticket_row *row;
	const struct snippet *snippet;
	int64_t score;
	char room[COLUMNS][STAMP_SIZE];
};

static const char *number_text(char room[STAMP_SIZE], int64_t number)
{
	snprintf(room, STAMP_SIZE, "%lld", (long long)number);
	return room;
}

static const char *time_text(const struct call *call, char room[STAMP_SIZE], int64_t at_s)
{
	struct stamp at;

	if (at_s == TIME_NONE)
		return NULL;
	at = stamp_at(desk_zone(call->desk), at_s);
	return stamp_format(room, &at);
}

/* What no member of the row is as it stands. */
static const char *other_cell(const struct call *call, struct hit *hit, size_t column)
{
	switch (column) {
	case STATE:
		return state_word((enum ticket_state)hit->row->state);
	case STATUS:
		return !call->table.format || text_equal(call->table.format, "table") ? row_status(call, hit->row) : hit->row->status;
	case SCORE:
		return number_text(hit->room[column], hit->score);
	case FOUND_IN:
		return hit->snippet ? hit->snippet->field : NULL;
	case SNIPPET:
		return hit->snippet ? hit->snippet->text : NULL;
	default:
		return NULL;
	}
}

static const char *cell_of(const struct call *call, struct hit *hit, size_t column)
{
	const void *member = (const char *)hit->row + sources[column].at;

	switch (sources[column].kind) {
	case TEXT:
		return *(const char *const *)member;
	case TIME:
		return time_text(call, hit->room[column], *(const int64_t *)member);
	case COUNT:
		return number_text(hit->room[column], *(const int64_t *)member);
	case FLAG:
		return *(const bool *)member ? "true" : "false";
	default:
		return other_cell(call, hit, column);
	}
}

/* A cell in the words of its readers; '*owned' keeps what is made for it. */
static const char *labelled(const struct call *call, const char *cell, size_t column, struct texts *owned)
{
	const struct source *source = &sources[column];

	switch (source->label) {
	case LABEL_CHOICES:
		return *list_push(owned) = label_choices(call, (const choices *)((const char *)desk_policy(call->desk) + source->list), cell);
	case LABEL_STATE:
		return label_state(call, cell);
	case LABEL_PLACE:
		return label_place(call, cell);
	case LABEL_WORD:
		return label_foreign(call, cell);
	case LABEL_GROUP:
		return label_group(call, cell);
	case LABEL_TARGET:
		return label_target(call, cell);
	default:
		return cell;
	}
}

void ticket_rows_add(const struct call *call, struct table *table, const struct ticket_row *row, const struct snippet *snippet, int64_t score)
{
	bool foreign = (!call->table.format || text_equal(call->table.format, "table")) && !text_equal(call->language, "en");
	struct hit hit;
	struct texts owned = {0};
	const char *cells[COLUMNS] = {NULL};

	hit.row = row;
	hit.snippet = snippet;
	hit.score = score;
	for (size_t i = 0; i < COLUMNS; i++) {
		const char *cell = table_wants(table, i) ? cell_of(call, &hit, i) : NULL;

		if (cell && *cell)
			cells[i] = foreign ? labelled(call, cell, i, &owned) : cell;
	}
	table_row(table, cells, row_colour(row));
	texts_release(&owned);
}
