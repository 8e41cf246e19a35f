/* SPDX-License-Identifier: MIT */
/* ticket blame: who gave a field its values, and when. */
#include "record.h"

#include "ticket/blame.h"

static const struct column columns[] = {
	{"at", NULL, CELL_TIME, false, false},     {"recorded", NULL, CELL_TIME, true, false}, {"by", NULL, CELL_TEXT, false, false},
	{"role", NULL, CELL_TEXT, true, false},    {"do", NULL, CELL_TEXT, false, false},      {"event", NULL, CELL_TEXT, true, false},
	{"old", NULL, CELL_TEXT, false, false},    {"new", NULL, CELL_TEXT, false, true},      {"reason", NULL, CELL_TEXT, false, false},
};

static int add_row(const struct event *event, const char *old, const char *new, void *data, struct ticket_error *err)
{
	char at[STAMP_SIZE], recorded[STAMP_SIZE];
	const char *cells[] = {stamp_format(at, &event->at), stamp_format(recorded, &event->recorded), event->by, event->role,
			       event_word((enum event_kind)event->kind), event->id, old, new, event->reason};

	table_row(data, cells, NULL);
	return 0;
}

static int run(struct call *call, struct ticket_error *err)
{
	_cleanup_ticket_ struct ticket *ticket = NULL;
	struct table *table;
	int failed;

	if ((failed = call_need_args(call, 2, 2, err)) || (failed = desk_read(call->desk, call->args[0], &ticket, err)) ||
	    (failed = table_open(&table, "changes", columns, ARRAY_SIZE(columns), &call->table, call->out, err)))
		return failed;
	failed = ticket_blame(ticket, desk_policy(call->desk), call->args[1], add_row, table, err);
	table_end(table, failed);
	return failed;
}

const struct command command_blame = {
	.name = "blame",
	.summary = "who gave a field its values, and when",
	.synopsis = "ID FIELD",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_PAGER,
	.run = run,
};
