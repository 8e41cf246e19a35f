/* SPDX-License-Identifier: MIT */
/* ticket quarantine: a wrong record is set apart (C14). */
#include "record.h"

struct options {
	const char * cause;
};

static const struct option_row option_rows[] = {
	{"cause", 0, OPTION_TEXT, offsetof(struct options, cause), "CAUSE", "entry, system or procedure"},
	OPTION_END,
};

static int run(struct call *call, struct ticket_error *err)
{
	struct options *o = call->options;
	_cleanup_free_ char *text = NULL;
	struct event event = {.kind = EVENT_QUARANTINED};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)) || (failed = call_text(call, "What is wrong with the record?", true, &text, err)))
		return failed;
	event.text = text;
	event.cause = (char *)o->cause;
	return call_record(call, call->args, call->n_args, &event, err);
}

const struct command command_quarantine = {
	.name = "quarantine",
	.summary = "set a wrong record apart until it is corrected",
	.synopsis = "ID... --cause entry|system|procedure [-m TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
