/* SPDX-License-Identifier: MIT */
/* ticket link: two tickets that have to do with each other. */
#include "record.h"

struct options {
	bool remove;
};

static const struct option_row option_rows[] = {
	{"remove", 0, OPTION_FLAG, offsetof(struct options, remove), NULL, "unlink them"},
	OPTION_END,
};

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_change_ struct change *change = NULL;
	struct ticket *one, *two;
	int failed;

	if ((failed = call_need_args(call, 2, SIZE_MAX, err)) || (failed = change_begin(&change, call->desk, err)) ||
	    (failed = change_ticket(change, call->args[0], &one, err)))
		return failed;
	for (size_t i = 1; i < call->n_args; i++)
		if ((failed = change_ticket(change, call->args[i], &two, err)) || (failed = change_link(change, one, two, o->remove, &call->at, err)))
			return failed;
	if ((failed = change_commit(change, call->dry_run, err)))
		return failed;
	print_standing(call, one, o->remove ? "unlinked" : "linked");
	return 0;
}

const struct command command_link = {
	.name = "link",
	.summary = "link tickets that have to do with each other",
	.synopsis = "ID ID... [--remove]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
