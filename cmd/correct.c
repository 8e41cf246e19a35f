/* SPDX-License-Identifier: MIT */
/* ticket correct: a wrong record is put right by a new event that names the old value, the new one and the reason (C14). */
#include "record.h"

struct options {
	const char *reason;
};

static const struct option_row option_rows[] = {
	{"reason", 0, OPTION_TEXT, offsetof(struct options, reason), "TEXT", "why"},
	OPTION_END,
};

static int read_change(const struct call *call, const struct ticket *ticket, const char *text, struct event *event, struct ticket_error *err)
{
	const char *equals = strchr(text, '=');
	_cleanup_free_ char *field = equals ? xstrndup(text, (size_t)(equals - text)) : NULL;

	if (!equals)
		return ticket_fail(err, TICKET_USAGE, "'%s' is no FIELD=VALUE", text);
	return change_correction(call->desk, ticket, field, equals + 1, event, err);
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_change_ struct change *change = NULL;
	struct event event = {.kind = EVENT_CORRECTED, .at = call->at};
	struct ticket *ticket;
	int failed;

	if ((failed = call_need_args(call, 2, SIZE_MAX, err)) || (failed = change_begin(&change, call->desk, err)) ||
	    (failed = change_ticket(change, call->args[0], &ticket, err)))
		return failed;
	event.reason = xstrdup(o->reason);
	for (size_t i = 1; i < call->n_args && !failed; i++)
		failed = read_change(call, ticket, call->args[i], &event, err);
	if (failed) {
		event_release(&event);
		return failed;
	}
	if ((failed = change_record(change, ticket, &event, NULL, err)) || (failed = change_commit(change, call->dry_run, err)))
		return failed;
	print_standing(call, ticket, "corrected");
	return 0;
}

const struct command command_correct = {
	.name = "correct",
	.summary = "put a wrong record right, with the reason",
	.synopsis = "ID FIELD=VALUE... --reason TEXT",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
