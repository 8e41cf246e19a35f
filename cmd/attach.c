/* SPDX-License-Identifier: MIT */
/* ticket attach: files kept with a ticket, stored once by their digest (D3, E6). */
#include "record.h"

static int attach_all(struct call *call, struct change *change, struct ticket *ticket, const char *text, struct ticket_error *err)
{
	struct event event = {.kind = EVENT_ATTACHED, .at = call->at};
	int failed = 0;

	event.text = xstrdup(text);
	for (size_t i = 1; i < call->n_args && !failed; i++)
		failed = change_attach(change, call->args[i], list_push(&event.files), err);
	if (failed) {
		event_release(&event);
		return failed;
	}
	return change_record(change, ticket, &event, NULL, err);
}

static int run(struct call *call, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	_cleanup_free_ char *text = NULL;
	struct ticket *ticket;
	int failed;

	if ((failed = call_need_args(call, 2, SIZE_MAX, err)) || (failed = call_text(call, NULL, false, &text, err)) ||
	    (failed = change_begin(&change, call->desk, err)) || (failed = change_ticket(change, call->args[0], &ticket, err)) ||
	    (failed = attach_all(call, change, ticket, text, err)) || (failed = change_commit(change, call->dry_run, err)))
		return failed;
	print_standing(call, ticket, "attached");
	return 0;
}

const struct command command_attach = {
	.name = "attach",
	.summary = "keep files with a ticket",
	.synopsis = "ID FILE... [-m TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.run = run,
};
