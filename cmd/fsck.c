/* SPDX-License-Identifier: MIT */
/* ticket fsck: is the desk sound? */
#include "command.h"

#include "ticket/fsck.h"

struct options {
	bool repair;
};

static const struct option_row option_rows[] = {
	{"repair", 0, OPTION_FLAG, offsetof(struct options, repair), NULL, "bring the working files back to what HEAD has"},
	OPTION_END,
};

static const struct column columns[] = {
	{"file", NULL, CELL_TEXT, false, false},
	{"finding", NULL, CELL_TEXT, false, true},
};

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	findings found = {0};
	struct table *table;
	size_t tickets = 0;
	int failed;

	if ((failed = call_need_args(call, 0, 0, err)) || (failed = desk_fsck(call->desk, o->repair, &found, &tickets, err)))
		return failed;
	if (!(failed = table_open(&table, "findings", columns, ARRAY_SIZE(columns), &call->table, call->out, err))) {
		for (size_t i = 0; i < found.n; i++)
			table_row(table, (const char *[]){found.v[i].where, found.v[i].what}, NULL);
		table_close(table);
		call_say(call, "%zu tickets checked, %zu findings", tickets, found.n);
	}
	if (!failed && found.n)
		failed = TICKET_NO;
	findings_release(&found);
	return failed;
}

const struct command command_fsck = {
	.name = "fsck",
	.summary = "is the desk sound? computes again all that is derived",
	.synopsis = "[--repair]",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_QUIET | COMMAND_PAGER,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
