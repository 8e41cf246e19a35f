/* SPDX-License-Identifier: MIT */
/* Rows of tickets: see rows.h. */
#include "rows.h"

#include "label.h"
#include "pager.h"
#include "when.h"

static const struct column columns[] = {
	{"number", NULL, CELL_TEXT, false, false},       {"received", NULL, CELL_TIME, false, false},    {"state", NULL, CELL_TEXT, true, false},
	{"status", NULL, CELL_TEXT, false, false},       {"priority", NULL, CELL_TEXT, false, false},    {"types", "TYPE", CELL_LIST, false, false},
	{"category", NULL, CELL_TEXT, true, false},      {"grade", NULL, CELL_TEXT, true, false},        {"risk", NULL, CELL_TEXT, true, false},
	{"channel", NULL, CELL_TEXT, true, false},       {"group", NULL, CELL_TEXT, true, false},        {"assignee", NULL, CELL_TEXT, false, false},
	{"departments", NULL, CELL_LIST, true, false},   {"customer_id", NULL, CELL_TEXT, true, false},  {"customer", NULL, CELL_TEXT, true, false},
	{"waiting_for", NULL, CELL_TEXT, true, false},   {"doing", NULL, CELL_TEXT, true, false},        {"level", NULL, CELL_NUMBER, true, false},
	{"cycle", NULL, CELL_NUMBER, true, false},       {"delayed", NULL, CELL_FLAG, true, false},      {"quarantined", NULL, CELL_FLAG, true, false},
	{"overdue", NULL, CELL_FLAG, true, false},       {"at_risk", NULL, CELL_FLAG, true, false},      {"due", NULL, CELL_TIME, false, false},
	{"due_target", NULL, CELL_TEXT, true, false},    {"updated", NULL, CELL_TIME, true, false},      {"responded", NULL, CELL_TIME, true, false},
	{"resolved", NULL, CELL_TIME, true, false},      {"archived", NULL, CELL_TIME, true, false},     {"subject", NULL, CELL_TEXT, false, true},
	{"score", NULL, CELL_NUMBER, true, false},       {"found_in", NULL, CELL_TEXT, true, false},     {"snippet", NULL, CELL_TEXT, false, true},
};
#define SEARCH_COLUMNS 3 /* the last ones */

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
		.me = desk_actor(call->desk),
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
	return table_open(out, "tickets", columns, ARRAY_SIZE(columns) - (found ? 0 : SEARCH_COLUMNS), &call->table, call->out, err);
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

static const char *flag(bool set)
{
	return set ? "true" : "false";
}

struct times {
	char text[6][STAMP_SIZE];
	int used;
};

static const char *time_text(const struct call *call, struct times *times, int64_t at_s)
{
	struct stamp at;

	if (at_s == TIME_NONE)
		return NULL;
	at = stamp_at(desk_zone(call->desk), at_s);
	return stamp_format(times->text[times->used++], &at);
}

/* The names of the policy's lists among the cells, as people read them; '*owned' keeps the texts. */
static void label_cells(const struct call *call, const char **cells, struct texts *owned)
{
	const struct policy *policy = desk_policy(call->desk);
	const struct {
		const char *column;
		const choices *list;
	} labelled[] = {
		{"priority", &policy->priorities}, {"types", &policy->types}, {"category", &policy->categories}, {"grade", &policy->grades}, {"risk", &policy->risks},
		{"channel", &policy->channels}, {"departments", &policy->departments}, {"doing", &policy->doings},
	};

	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		char *label = NULL;

		for (size_t k = 0; k < ARRAY_SIZE(labelled) && cells[i] && !label; k++)
			if (text_equal(columns[i].name, labelled[k].column))
				label = label_choices(call, labelled[k].list, cells[i]);
		if (cells[i] && text_equal(columns[i].name, "state"))
			cells[i] = label_state(call, cells[i]);
		if (cells[i] && text_equal(columns[i].name, "found_in"))
			cells[i] = label_place(call, cells[i]);
		if (cells[i] && text_equal(columns[i].name, "waiting_for"))
			cells[i] = label_foreign(call, cells[i]);
		if (cells[i] && text_equal(columns[i].name, "due_target") && !text_equal(call->language, "en"))
			cells[i] = label_target(call, cells[i]);
		if (cells[i] && text_equal(columns[i].name, "group"))
			cells[i] = label_group(call, cells[i]);
		if (label)
			cells[i] = *list_push(owned) = label;
	}
}

void ticket_rows_add(const struct call *call, struct table *table, const struct ticket_row *row, const struct snippet *snippet, int64_t score)
{
	char level[24], cycle[24], points[24];
	struct times times = {.used = 0};
	bool people = !call->table.format || text_equal(call->table.format, "table");
	struct texts owned = {0};
	const char *cells[ARRAY_SIZE(columns)];
	const char *const all[] = {
		row->id, time_text(call, &times, row->received_s), state_word((enum ticket_state)row->state), people ? row_status(call, row) : row->status,
		row->priority, row->types, row->category, row->grade, row->risk, row->channel, row->group, row->assignee, row->departments, row->customer_id,
		row->customer, row->waiting_for, row->doing, level, cycle, flag(row->delayed), flag(row->quarantined), flag(row->overdue), flag(row->at_risk),
		time_text(call, &times, row->due_s), row->due_target, time_text(call, &times, row->updated_s), time_text(call, &times, row->responded_s),
		time_text(call, &times, row->resolved_s), time_text(call, &times, row->archived_s), row->subject, points, snippet ? snippet->field : NULL,
		snippet ? snippet->text : NULL,
	};

	snprintf(level, sizeof(level), "%lld", (long long)row->level);
	snprintf(cycle, sizeof(cycle), "%lld", (long long)row->cycle);
	snprintf(points, sizeof(points), "%lld", (long long)score);
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		cells[i] = all[i] && *all[i] ? all[i] : NULL;
	if (people && !text_equal(call->language, "en"))
		label_cells(call, cells, &owned);
	table_row(table, cells, row_colour(row));
	texts_release(&owned);
}
