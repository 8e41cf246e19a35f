/* SPDX-License-Identifier: MIT */
/* ticket archive: a ticket is put away once everything the policy demands is there (A16, E8, E10). */
#include "record.h"

struct options {
	bool done;
};

static const struct option_row option_rows[] = {
	{"done", 0, OPTION_FLAG, offsetof(struct options, done), NULL, "every ticket that qualifies"},
	OPTION_END,
};

static int note_done(struct ticket *ticket, void *data, struct ticket_error *err)
{
	if (ticket->state == STATE_RESOLVED || ticket->state == STATE_CONFIRMED || ticket->state == STATE_VERIFIED)
		texts_add(data, ticket->id);
	return 0;
}

/* Tries each; what does not qualify stays as it is. */
static int archive_done(struct call *call, const char *text, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	struct texts numbers = {0}, archived = {0};
	int failed;

	if (!(failed = change_begin(&change, call->desk, err)))
		failed = desk_each(call->desk, NULL, note_done, &numbers, err);
	for (size_t i = 0; i < numbers.n && !failed; i++) {
		struct event event = {.kind = EVENT_ARCHIVED, .at = call->at};
		struct ticket_error why = {0};
		struct ticket *ticket;

		if ((failed = change_ticket(change, numbers.v[i], &ticket, err)))
			break;
		event.text = xstrdup(text);
		if (change_record(change, ticket, &event, NULL, &why) == 0)
			texts_add(&archived, ticket->id);
		else if (!call->quiet)
			call_say(call, "%s", why.message);
	}
	if (!failed)
		failed = change_commit(change, call->dry_run, err);
	if (!failed)
		failed = print_changed(call, change, &archived, "archived", err);
	texts_release(&numbers);
	texts_release(&archived);
	return failed;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_free_ char *text = NULL;
	struct event event = {.kind = EVENT_ARCHIVED};
	int failed;

	if ((failed = call_need_args(call, o->done ? 0 : 1, o->done ? 0 : SIZE_MAX, err)) || (failed = call_text(call, NULL, false, &text, err)))
		return failed;
	event.text = text;
	return o->done ? archive_done(call, text, err) : call_record(call, call->args, call->n_args, &event, err);
}

const struct command command_archive = {
	.name = "archive",
	.summary = "put finished tickets away, when all that the policy demands is there",
	.synopsis = "ID... [-m TEXT]\n--done [-m TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
