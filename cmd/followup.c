/* SPDX-License-Identifier: MIT */
/* ticket followup: the call after the resolution (A15, C11, E8). */
#include "record.h"

struct options {
	const char * satisfied;
	const char * via;
	const char * late_reason;
	const char *cause;
};

static const struct option_row option_rows[] = {
	{"satisfied", 0, OPTION_TEXT, offsetof(struct options, satisfied), "ANSWER", "yes, fairly or no"},
	{"cause", 0, OPTION_TEXT, offsetof(struct options, cause), "CODE", "root cause found, from the policy's list"},
	{"via", 0, OPTION_TEXT, offsetof(struct options, via), "CHANNEL", "channel it went by"},
	{"late-reason", 0, OPTION_TEXT, offsetof(struct options, late_reason), "TEXT", "why it comes late, where the policy asks"},
	OPTION_END,
};

static int run(struct call *call, struct ticket_error *err)
{
	struct options *o = call->options;
	_cleanup_free_ char *text = NULL;
	struct event event = {.kind = EVENT_FOLLOWED_UP};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)) || (failed = call_text(call, "How did the customer find it: speed, result, other wishes?", true, &text, err)))
		return failed;
	event.text = text;
	event.satisfied = (char *)o->satisfied;
	event.via = (char *)o->via;
	event.late_reason = (char *)o->late_reason;
	event.cause = (char *)o->cause;
	return call_record(call, call->args, call->n_args, &event, err);
}

const struct command command_followup = {
	.name = "followup",
	.summary = "record the call after the resolution",
	.synopsis = "ID... [-m TEXT] [--satisfied yes|fairly|no] [--cause CODE] [--via CHANNEL] [--late-reason TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
