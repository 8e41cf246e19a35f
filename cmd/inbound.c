/* SPDX-License-Identifier: MIT */
/* ticket inbound: the customer wrote or called again (C12). */
#include "record.h"

struct options {
	const char * via;
	bool complains;
};

static const struct option_row option_rows[] = {
	{"via", 0, OPTION_TEXT, offsetof(struct options, via), "CHANNEL", "channel it came by"},
	{"complains", 0, OPTION_FLAG, offsetof(struct options, complains), NULL, "the customer complains again"},
	OPTION_END,
};

static int run(struct call *call, struct ticket_error *err)
{
	struct options *o = call->options;
	_cleanup_free_ char *text = NULL;
	struct event event = {.kind = EVENT_INBOUND};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)) || (failed = call_text(call, "What did the customer say?", true, &text, err)))
		return failed;
	event.text = text;
	event.via = (char *)o->via;
	event.complains = o->complains;
	return call_record(call, call->args, call->n_args, &event, err);
}

const struct command command_inbound = {
	.name = "inbound",
	.summary = "the customer wrote or called again",
	.synopsis = "ID... [-m TEXT] [--via CHANNEL] [--complains]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
