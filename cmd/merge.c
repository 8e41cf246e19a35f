/* SPDX-License-Identifier: MIT */
/* ticket merge: the same matter twice becomes one, and can become two again. */
#include "record.h"

struct options {
	const char *into, *reason;
	bool undo;
};

static const struct option_row option_rows[] = {
	{"into", 0, OPTION_TEXT, offsetof(struct options, into), "ID", "the ticket that goes on"},
	{"undo", 0, OPTION_FLAG, offsetof(struct options, undo), NULL, "take the merge back; both histories are kept"},
	{"reason", 0, OPTION_TEXT, offsetof(struct options, reason), "TEXT", "why"},
	OPTION_END,
};

static int merge_one(struct call *call, struct change *change, const char *word, struct ticket_error *err)
{
	const struct options *o = call->options;
	struct ticket *from, *into;
	int failed;

	if ((failed = change_ticket(change, word, &from, err)))
		return failed;
	if (o->undo)
		return change_unmerge(change, from, o->reason, &call->at, err);
	if ((failed = change_ticket(change, o->into, &into, err)))
		return failed;
	return change_merge(change, from, into, o->reason, &call->at, err);
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_change_ struct change *change = NULL;
	struct texts numbers = {0};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)))
		return failed;
	if (o->undo == (o->into != NULL))
		return ticket_fail(err, TICKET_USAGE, "say either --into ID or --undo");
	if ((failed = call_numbers(call, call->args, call->n_args, &numbers, err)))
		return failed;
	if (!(failed = change_begin(&change, call->desk, err)))
		for (size_t i = 0; i < numbers.n && !failed; i++)
			failed = merge_one(call, change, numbers.v[i], err);
	if (!failed)
		failed = change_commit(change, call->dry_run, err);
	if (!failed)
		failed = print_changed(call, change, &numbers, o->undo ? N_("merge undone") : "merged", err);
	texts_release(&numbers);
	return failed;
}

const struct command command_merge = {
	.name = "merge",
	.summary = "merge a ticket into another, or take that back",
	.synopsis = "ID... --into ID [--reason TEXT]\n--undo ID... [--reason TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
