/* SPDX-License-Identifier: MIT */
/* ticket review: the decision on an escalation or on a late reason (A11, C12). */
#include "record.h"

struct options {
	const char * decision;
};

static const struct option_row option_rows[] = {
	{"decision", 0, OPTION_TEXT, offsetof(struct options, decision), "TEXT", "what was decided"},
	OPTION_END,
};

static int run(struct call *call, struct ticket_error *err)
{
	struct options *o = call->options;
	struct event event = {.kind = EVENT_REVIEWED};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)))
		return failed;
	event.decision = (char *)o->decision;
	return call_record(call, call->args, call->n_args, &event, err);
}

const struct command command_review = {
	.name = "review",
	.summary = "record the decision on an escalation or a late reason",
	.synopsis = "ID... --decision TEXT",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
