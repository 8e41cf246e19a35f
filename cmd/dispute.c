/* SPDX-License-Identifier: MIT */
/* ticket dispute: the customer does not accept the result (B5, C9). */
#include "record.h"

struct options {
	const char * via;
};

static const struct option_row option_rows[] = {
	{"via", 0, OPTION_TEXT, offsetof(struct options, via), "CHANNEL", "channel it came by"},
	OPTION_END,
};

static int run(struct call *call, struct ticket_error *err)
{
	struct options *o = call->options;
	_cleanup_free_ char *text = NULL;
	struct event event = {.kind = EVENT_DISPUTED};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)) || (failed = call_text(call, "What does the customer not accept?", true, &text, err)))
		return failed;
	event.text = text;
	event.via = (char *)o->via;
	return call_record(call, call->args, call->n_args, &event, err);
}

const struct command command_dispute = {
	.name = "dispute",
	.summary = "the customer does not accept the result; work goes on",
	.synopsis = "ID... [-m TEXT] [--via CHANNEL]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
