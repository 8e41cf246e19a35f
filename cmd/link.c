/* SPDX-License-Identifier: MIT */
/* ticket link: tickets that have to do with each other, or belong to one incident. */
#include "record.h"

struct options {
	bool remove, incident;
};

static const struct option_row option_rows[] = {
	{"incident", 0, OPTION_FLAG, offsetof(struct options, incident), NULL, "the first ticket stands for an incident to which the others belong"},
	{"remove", 0, OPTION_FLAG, offsetof(struct options, remove), NULL, "unlink them"},
	OPTION_END,
};

static int link_all(struct call *call, struct change *change, struct ticket *one, const struct texts *others, struct ticket_error *err)
{
	const struct options *o = call->options;
	struct ticket *two;
	int failed = 0;

	for (size_t i = 0; i < others->n && !failed; i++) {
		if ((failed = change_ticket(change, others->v[i], &two, err)))
			break;
		failed = o->incident && !o->remove ? change_incident(change, one, two, &call->at, err) : change_link(change, one, two, o->remove, &call->at, err);
	}
	return failed;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_change_ struct change *change = NULL;
	struct texts others = {0};
	struct ticket *one;
	int failed;

	if ((failed = call_need_args(call, 2, SIZE_MAX, err)) || (failed = call_numbers(call, call->args + 1, call->n_args - 1, &others, err)))
		return failed;
	if (!(failed = change_begin(&change, call->desk, err)) && !(failed = change_ticket(change, call->args[0], &one, err)) &&
	    !(failed = link_all(call, change, one, &others, err)) && !(failed = change_commit(change, call->dry_run, err)))
		print_standing(call, one, o->remove ? "unlinked" : "linked");
	texts_release(&others);
	return failed;
}

const struct command command_link = {
	.name = "link",
	.summary = "link tickets that have to do with each other, or belong to one incident",
	.synopsis = "ID ID... [--incident | --remove]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
