/* SPDX-License-Identifier: MIT */
/* ticket resolve: what was done to solve it (A14, E6). */
#include "record.h"

struct options {
	bool linked, keep_going;
	const char * cause;
	const char * late_reason;
};

static const struct option_row option_rows[] = {
	{"cause", 0, OPTION_TEXT, offsetof(struct options, cause), "CODE", "root cause, by a word of the policy"},
	{"late-reason", 0, OPTION_TEXT, offsetof(struct options, late_reason), "TEXT", "why it comes late, where the policy asks"},
	{"linked", 0, OPTION_FLAG, offsetof(struct options, linked), NULL, "also on all open tickets under the incident, as one commit"},
	{"keep-going", 0, OPTION_FLAG, offsetof(struct options, keep_going), NULL, "with --linked: also when some of them refuse it"},
	OPTION_END,
};

static int run(struct call *call, struct ticket_error *err)
{
	struct options *o = call->options;
	_cleanup_free_ char *text = NULL;
	struct event event = {.kind = EVENT_RESOLVED};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)) || (failed = call_text(call, "What was done, and how was it solved?", true, &text, err)))
		return failed;
	event.text = text;
	event.cause = (char *)o->cause;
	event.late_reason = (char *)o->late_reason;
	if (o->linked)
		return call_record_incidents(call, call->args, call->n_args, &event, o->keep_going, err);
	return call_record(call, call->args, call->n_args, &event, err);
}

const struct command command_resolve = {
	.name = "resolve",
	.summary = "record what solved it",
	.synopsis = "ID... [-m TEXT] [--cause CODE] [--late-reason TEXT] [--linked [--keep-going]]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
