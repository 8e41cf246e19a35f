/* SPDX-License-Identifier: MIT */
/* One event on several tickets, all or nothing. */
#include "ticket/desk.h"

static int record_one(struct change *change, const char *word, const struct event *event, desk_visitor *after, void *data, struct ticket_error *err)
{
	struct event copy = {0};
	struct ticket *ticket;
	int failed;

	if ((failed = change_ticket(change, word, &ticket, err)))
		return failed;
	event_copy(&copy, event);
	if ((failed = change_record(change, ticket, &copy, NULL, err)))
		return failed;
	return after ? after(ticket, data, err) : 0;
}

int desk_record(struct desk *desk, const struct texts *numbers, const struct event *event, bool dry_run, desk_visitor *after, void *data, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	int failed;

	if ((failed = change_begin(&change, desk, err)))
		return failed;
	for (size_t i = 0; i < numbers->n; i++)
		if ((failed = record_one(change, numbers->v[i], event, after, data, err)))
			return failed;
	return change_commit(change, dry_run, err);
}
