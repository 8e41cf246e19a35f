/* SPDX-License-Identifier: MIT */
/* ticket escalate: a ticket is handed up, with a reason (C12, D11). */
#include "record.h"

struct options {
	const char * to;
	const char * person;
	const char * reason;
	int64_t level;
};

static const struct option_row option_rows[] = {
	{"to", 0, OPTION_TEXT, offsetof(struct options, to), "ROLE", "role, group or person it goes to"},
	{"person", 0, OPTION_TEXT, offsetof(struct options, person), "PERSON", "new owner"},
	{"reason", 0, OPTION_TEXT, offsetof(struct options, reason), "TEXT", "why"},
	{"level", 0, OPTION_COUNT, offsetof(struct options, level), "N", "level reached; else one more than before"},
	OPTION_END,
};

static int run(struct call *call, struct ticket_error *err)
{
	struct options *o = call->options;
	struct event event = {.kind = EVENT_ESCALATED};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)))
		return failed;
	event.to = (char *)o->to;
	event.person = (char *)o->person;
	event.reason = (char *)o->reason;
	event.level = o->level;
	return call_record(call, call->args, call->n_args, &event, err);
}

const struct command command_escalate = {
	.name = "escalate",
	.summary = "hand a ticket up, with a reason",
	.synopsis = "ID... [--to ROLE] [--person P] --reason TEXT",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
