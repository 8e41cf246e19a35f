/* SPDX-License-Identifier: MIT */
/* ticket assign: to a person, a group, oneself, or by the policy's routing (A9, C7, D7, D15). */
#include "record.h"

struct options {
	const char *group, *reason;
	bool automatic, claim;
};

static const struct option_row option_rows[] = {
	{"group", 'g', OPTION_TEXT, offsetof(struct options, group), "GROUP", "to a group; somebody of it takes it with --claim"},
	{"auto", 0, OPTION_FLAG, offsetof(struct options, automatic), NULL, "by the policy's routing, to who has least to do"},
	{"claim", 0, OPTION_FLAG, offsetof(struct options, claim), NULL, "take it yourself; fails with 5 when somebody was faster"},
	{"reason", 0, OPTION_TEXT, offsetof(struct options, reason), "TEXT", "why it is given to somebody else"},
	OPTION_END,
};

static int assign_one(struct call *call, struct change *change, const char *word, const char *person, struct ticket_error *err)
{
	const struct options *o = call->options;
	struct event event = {.kind = EVENT_ASSIGNED, .at = call->at, .claim = o->claim};
	struct ticket *ticket;
	int failed;

	if ((failed = change_ticket(change, word, &ticket, err)))
		return failed;
	if (o->claim && ticket->assignee)
		return ticket_fail(err, TICKET_BUSY, "'%s' is taken already, by '%s'", ticket->id, ticket->assignee);
	event.group = xstrdup(o->group);
	event.person = xstrdup(o->claim ? desk_actor(call->desk) : person);
	event.reason = xstrdup(o->reason);
	if (o->automatic && (failed = change_route(change, ticket, &event, err))) {
		event_release(&event);
		return failed;
	}
	return change_record(change, ticket, &event, NULL, err);
}

/* `assign ID... PERSON`, or `assign ID...` with --group, --auto or --claim. */
static int split_args(const struct call *call, size_t *numbers, const char **person, struct ticket_error *err)
{
	const struct options *o = call->options;
	bool named = !o->group && !o->automatic && !o->claim;
	int failed;

	if (o->automatic + o->claim + (o->group != NULL) > 1)
		return ticket_fail(err, TICKET_USAGE, "--group, --auto and --claim exclude each other");
	if ((failed = call_need_args(call, named ? 2 : 1, SIZE_MAX, err)))
		return failed;
	*numbers = call->n_args - named;
	*person = named ? call->args[call->n_args - 1] : NULL;
	return 0;
}

static int run(struct call *call, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	struct texts numbers = {0};
	const char *person = NULL;
	size_t n = 0;
	int failed;

	if ((failed = split_args(call, &n, &person, err)) || (failed = call_numbers(call, call->args, n, &numbers, err)) ||
	    (failed = change_begin(&change, call->desk, err)))
		return failed;
	for (size_t i = 0; i < numbers.n && !failed; i++)
		failed = assign_one(call, change, numbers.v[i], person, err);
	if (!failed)
		failed = change_commit(change, call->dry_run, err);
	if (!failed)
		failed = print_changed(call, change, &numbers, "assigned", err);
	texts_release(&numbers);
	return failed;
}

const struct command command_assign = {
	.name = "assign",
	.summary = "say who works on a ticket",
	.synopsis = "ID... (PERSON | --group G | --auto | --claim) [--reason TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
