/* SPDX-License-Identifier: MIT */
/* ticket wait: the work stands still until somebody answers. */
#include "record.h"

struct options {
	const char * whom;
};

static const struct option_row option_rows[] = {
	{"for", 0, OPTION_TEXT, offsetof(struct options, whom), "WHOM", "customer, vendor or department"},
	OPTION_END,
};

static int run(struct call *call, struct ticket_error *err)
{
	struct options *o = call->options;
	_cleanup_free_ char *text = NULL;
	struct event event = {.kind = EVENT_WAITING};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)) || (failed = call_text(call, "What is waited for?", false, &text, err)))
		return failed;
	event.text = text;
	event.for_whom = (char *)o->whom;
	return call_record(call, call->args, call->n_args, &event, err);
}

const struct command command_wait = {
	.name = "wait",
	.summary = "wait for the customer, a vendor or a department",
	.synopsis = "ID... --for customer|vendor|department [-m TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
