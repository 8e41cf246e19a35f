/* SPDX-License-Identifier: MIT */
/* ticket respond: what the customer was told (A11, D10). */
#include "record.h"

struct options {
	const char * via;
	const char * late_reason;
};

static const struct option_row option_rows[] = {
	{"via", 0, OPTION_TEXT, offsetof(struct options, via), "CHANNEL", "channel it went by; else the one the ticket came by"},
	{"late-reason", 0, OPTION_TEXT, offsetof(struct options, late_reason), "TEXT", "why it comes late, where the policy asks"},
	OPTION_END,
};

static int run(struct call *call, struct ticket_error *err)
{
	struct options *o = call->options;
	_cleanup_free_ char *text = NULL;
	struct event event = {.kind = EVENT_RESPONDED};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)) || (failed = call_text(call, "What was the customer told?", true, &text, err)))
		return failed;
	event.text = text;
	event.via = (char *)o->via;
	event.late_reason = (char *)o->late_reason;
	return call_record(call, call->args, call->n_args, &event, err);
}

const struct command command_respond = {
	.name = "respond",
	.summary = "tell the customer something; the first time is the first response",
	.synopsis = "ID... [-m TEXT] [--via CHANNEL] [--late-reason TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
