/* SPDX-License-Identifier: MIT */
/* ticket release: a second person lets a corrected record count again (C14). */
#include "record.h"

static int run(struct call *call, struct ticket_error *err)
{
	_cleanup_free_ char *text = NULL;
	struct event event = {.kind = EVENT_RELEASED};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)) || (failed = call_text(call, "What did the review find?", false, &text, err)))
		return failed;
	event.text = text;
	return call_record(call, call->args, call->n_args, &event, err);
}

const struct command command_release = {
	.name = "release",
	.summary = "let a corrected record count again",
	.synopsis = "ID... [-m TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.run = run,
};
