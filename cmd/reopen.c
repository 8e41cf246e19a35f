/* SPDX-License-Identifier: MIT */
/* ticket reopen: a finished ticket goes back to work; a new cycle begins. */
#include "record.h"

struct options {
	const char * reason;
};

static const struct option_row option_rows[] = {
	{"reason", 0, OPTION_TEXT, offsetof(struct options, reason), "TEXT", "why"},
	OPTION_END,
};

static int run(struct call *call, struct ticket_error *err)
{
	struct options *o = call->options;
	struct event event = {.kind = EVENT_REOPENED};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)))
		return failed;
	event.reason = (char *)o->reason;
	return call_record(call, call->args, call->n_args, &event, err);
}

const struct command command_reopen = {
	.name = "reopen",
	.summary = "take a finished ticket back to work",
	.synopsis = "ID... --reason TEXT",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
