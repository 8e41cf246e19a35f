/* SPDX-License-Identifier: MIT */
/* ticket log: who did what when: the events of a ticket, or the commits of the desk. */
#include "label.h"
#include "record.h"

struct options {
	int64_t limit;
};

static const struct option_row option_rows[] = {
	{"limit", 0, OPTION_COUNT, offsetof(struct options, limit), "N", "at most so many, the newest"},
	OPTION_END,
};

static const struct column commit_columns[] = {
	{"commit", NULL, CELL_TEXT, false, false},  {"recorded", NULL, CELL_TIME, false, false}, {"happened", NULL, CELL_TIME, true, false},
	{"by", NULL, CELL_TEXT, false, false},      {"email", NULL, CELL_TEXT, true, false},     {"subject", NULL, CELL_TEXT, false, true},
};

struct listing {
	struct table *table;
	int64_t left;
	bool short_ids;
};

static int add_commit(const struct log_entry *entry, void *data, struct ticket_error *err)
{
	struct listing *listing = data;
	_cleanup_free_ char *commit = xstrndup(entry->commit, listing->short_ids ? 10 : strlen(entry->commit));
	char happened[STAMP_SIZE], recorded[STAMP_SIZE];
	const char *cells[] = {commit,        stamp_format(recorded, &entry->recorded), stamp_format(happened, &entry->happened),
			       entry->author, entry->email,                             entry->subject};

	table_row(listing->table, cells, NULL);
	return --listing->left == 0;
}

static int log_desk(struct call *call, int64_t limit, struct ticket_error *err)
{
	bool people = !call->table.format || text_equal(call->table.format, "table");
	struct listing listing = {.left = limit ? limit : INT64_MAX, .short_ids = people};
	int failed = table_open(&listing.table, "commits", commit_columns, ARRAY_SIZE(commit_columns), &call->table, call->out, err);

	if (failed)
		return failed;
	failed = desk_log(call->desk, NULL, add_commit, &listing, err);
	table_end(listing.table, failed);
	return failed;
}

static const struct column event_columns[] = {
	{"number", NULL, CELL_TEXT, true, false}, {"event", NULL, CELL_TEXT, true, false},     {"at", NULL, CELL_TIME, false, false},
	{"recorded", NULL, CELL_TIME, true, false}, {"by", NULL, CELL_TEXT, false, false},     {"role", NULL, CELL_TEXT, true, false},
	{"do", NULL, CELL_TEXT, false, false},      {"what", NULL, CELL_TEXT, false, true},
};

static void add_event(struct call *call, struct table *table, const struct ticket *ticket, const struct event *event)
{
	char at[STAMP_SIZE], recorded[STAMP_SIZE];
	bool people = !call->table.format || text_equal(call->table.format, "table") || text_equal(call->table.format, "md");
	_cleanup_free_ char *what = event_summary(event, desk_policy(call->desk), people ? call->language : "en");
	const char *word = event_word((enum event_kind)event->kind);
	const char *cells[] = {ticket->id, event->id, stamp_format(at, &event->at), stamp_format(recorded, &event->recorded), event->by, event->role,
			       people ? label_event(call, word) : word, what};

	table_row(table, cells, NULL);
}

static int log_tickets(struct call *call, int64_t limit, struct ticket_error *err)
{
	struct table *table;
	struct texts numbers = {0};
	int failed = call_numbers(call, call->args, call->n_args, &numbers, err);

	if (failed || (failed = table_open(&table, "events", event_columns, ARRAY_SIZE(event_columns), &call->table, call->out, err))) {
		texts_release(&numbers);
		return failed;
	}
	for (size_t i = 0; i < numbers.n && !failed; i++) {
		_cleanup_ticket_ struct ticket *ticket = NULL;

		if ((failed = desk_read(call->desk, numbers.v[i], &ticket, err)))
			break;
		for (size_t e = limit && (size_t)limit < ticket->events.n ? ticket->events.n - (size_t)limit : 0; e < ticket->events.n; e++)
			add_event(call, table, ticket, &ticket->events.v[e]);
	}
	table_end(table, failed);
	texts_release(&numbers);
	return failed;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;

	return call->n_args ? log_tickets(call, o->limit, err) : log_desk(call, o->limit, err);
}

const struct command command_log = {
	.name = "log",
	.summary = "who did what when: a ticket's events, or the desk's commits",
	.synopsis = "[ID...] [--limit N]",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_PAGER,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
