/* SPDX-License-Identifier: MIT */
/* ticket split: a second matter in one ticket gets a ticket of its own. */
#include "record.h"

struct options {
	const char *subject;
};

static const struct option_row option_rows[] = {
	{"subject", 's', OPTION_TEXT, offsetof(struct options, subject), "TEXT", "subject of the new ticket; else the old one's"},
	OPTION_END,
};

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_change_ struct change *change = NULL;
	_cleanup_free_ char *text = NULL;
	struct ticket *from, *out;
	int failed;

	if ((failed = call_need_args(call, 1, 1, err)) || (failed = call_text(call, "What does the new ticket deal with?", true, &text, err)) ||
	    (failed = change_begin(&change, call->desk, err)) || (failed = change_ticket(change, call->args[0], &from, err)) ||
	    (failed = change_split(change, from, o->subject, text, &call->at, &out, err)) || (failed = change_commit(change, call->dry_run, err)))
		return failed;
	fprintf(call->out, "%s\n", out->id);
	return 0;
}

const struct command command_split = {
	.name = "split",
	.summary = "open a ticket of its own for a part of another; prints its number",
	.synopsis = "ID [-m TEXT] [--subject S]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
