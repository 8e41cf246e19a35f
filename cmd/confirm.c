/* SPDX-License-Identifier: MIT */
/* ticket confirm: the customer accepts the result, with evidence (A14, B5). */
#include "record.h"

struct options {
	const char *via;
	struct texts evidence;
};

static const struct option_row option_rows[] = {
	{"evidence", 'e', OPTION_TEXTS, offsetof(struct options, evidence), "FILE", "a signature, a screenshot …; repeat for several"},
	{"via", 0, OPTION_TEXT, offsetof(struct options, via), "CHANNEL", "channel it came by"},
	OPTION_END,
};

static int confirm_one(struct call *call, struct change *change, const char *word, const char *text, struct ticket_error *err)
{
	const struct options *o = call->options;
	struct event event = {.kind = EVENT_CONFIRMED, .at = call->at};
	struct ticket *ticket;
	int failed;

	if ((failed = change_ticket(change, word, &ticket, err)))
		return failed;
	event.text = xstrdup(text);
	event.via = xstrdup(o->via);
	for (size_t i = 0; i < o->evidence.n && !failed; i++)
		failed = change_attach(change, o->evidence.v[i], list_push(&event.files), err);
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
	struct texts numbers = {0};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)) || (failed = call_text(call, NULL, false, &text, err)) ||
	    (failed = call_numbers(call, call->args, call->n_args, &numbers, err)))
		return failed;
	if (!(failed = change_begin(&change, call->desk, err)))
		for (size_t i = 0; i < numbers.n && !failed; i++)
			failed = confirm_one(call, change, numbers.v[i], text, err);
	if (!failed)
		failed = change_commit(change, call->dry_run, err);
	if (!failed)
		failed = print_changed(call, change, &numbers, "confirmed", err);
	texts_release(&numbers);
	return failed;
}

const struct command command_confirm = {
	.name = "confirm",
	.summary = "the customer accepts the result",
	.synopsis = "ID... [--evidence FILE]... [--via CHANNEL] [-m TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
