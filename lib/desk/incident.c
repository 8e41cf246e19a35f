/* SPDX-License-Identifier: MIT */
/* Many tickets of one incident: one ticket stands for it, the others are under it and are worked on together (B9, C13). */
#include "desk/change.h"

#define MOST_LISTED 20

static struct event side(const char *step, const struct ticket *other, const struct stamp *at)
{
	struct event event = {.kind = EVENT_LINKED, .step = xstrdup(step), .other = xstrdup(other->uid), .other_number = xstrdup(other->id), .at = *at};

	return event;
}

int change_incident(struct change *change, struct ticket *incident, struct ticket *ticket, const struct stamp *at, struct ticket_error *err)
{
	struct event from, into;
	int failed;

	if (incident == ticket)
		return ticket_fail(err, TICKET_USAGE, "'%s' cannot be an incident of its own", ticket->id);
	if (incident->incident)
		return ticket_fail(err, TICKET_REFUSED, "'%s' belongs to the incident '%s' itself; put the tickets under that one", incident->id, incident->incident);
	if (ticket->incident)
		return ticket_fail(err, TICKET_REFUSED, "'%s' belongs to the incident '%s' already; take it out first: ticket link %s %s --remove", ticket->id, ticket->incident,
				   ticket->incident, ticket->id);
	if (ticket->covers.n)
		return ticket_fail(err, TICKET_REFUSED, "'%s' is an incident itself, with %zu tickets under it", ticket->id, ticket->covers.n);
	if (ticket->state == STATE_MERGED || incident->state == STATE_MERGED)
		return ticket_fail(err, TICKET_REFUSED, "'%s' is merged into another ticket; name that one", ticket->state == STATE_MERGED ? ticket->id : incident->id);
	into = side("into", incident, at);
	from = side("from", ticket, at);
	if ((failed = change_record(change, ticket, &into, NULL, err))) {
		event_release(&from);
		return failed;
	}
	return change_record(change, incident, &from, NULL, err);
}

/* --- recording on all of them ---------------------------------------------------------------------------------- */

struct together {
	struct change *change;
	const struct event *event;
	desk_visitor *after;
	void *data;
	size_t recorded, refused;
	struct buf why; /* one line for each that was refused */
};

static int record_one(struct together *t, struct ticket *ticket, struct ticket_error *err)
{
	struct ticket_error why = {0};
	struct event copy = {0};
	int failed;

	event_copy(&copy, t->event);
	failed = change_record(t->change, ticket, &copy, NULL, &why);
	if (!failed) {
		t->recorded++;
		return t->after ? t->after(ticket, t->data, err) : 0;
	}
	if (failed != TICKET_REFUSED && failed != TICKET_USAGE) {
		if (err)
			*err = why;
		return failed;
	}
	if (t->refused++ < MOST_LISTED)
		buf_addf(&t->why, "\n  %s", why.message);
	else if (t->refused == MOST_LISTED + 1)
		buf_puts(&t->why, "\n  …");
	return 0;
}

/* The incident, and what is under it, as far as work on it is not finished. */
static int record_incident(struct together *t, const char *word, struct ticket_error *err)
{
	struct ticket *incident, *ticket;
	struct texts numbers = {0};
	int failed = change_ticket(t->change, word, &incident, err);

	if (failed)
		return failed;
	if (!incident->covers.n)
		return ticket_fail(err, TICKET_REFUSED, "no ticket is under '%s'; put some there with: ticket link %s ID... --incident", incident->id, incident->id);
	/* What is recorded on it may move the list. */
	texts_copy(&numbers, &incident->covers);
	if (state_is_open((enum ticket_state)incident->state))
		failed = record_one(t, incident, err);
	for (size_t i = 0; i < numbers.n && !failed; i++)
		if (!(failed = change_ticket(t->change, numbers.v[i], &ticket, err)) && state_is_open((enum ticket_state)ticket->state))
			failed = record_one(t, ticket, err);
	texts_release(&numbers);
	if (!failed && !t->recorded && !t->refused)
		return ticket_fail(err, TICKET_REFUSED, "neither '%s' nor a ticket under it is open", incident->id);
	return failed;
}

static int conclude(struct together *t, bool keep_going, bool dry_run, struct ticket_error *err)
{
	int failed;

	if (t->refused && !t->recorded)
		return ticket_fail(err, TICKET_REFUSED, "every ticket refuses it, so nothing was recorded:%s", t->why.p);
	if (t->refused && !keep_going)
		return ticket_fail(err, TICKET_REFUSED, "%zu of %zu tickets refuse it, so nothing was recorded; the others alone: --keep-going%s", t->refused,
				   t->refused + t->recorded, t->why.p);
	if ((failed = change_commit(t->change, dry_run, err)) || !t->refused)
		return failed;
	return ticket_fail(err, TICKET_PARTIAL, "%zu of %zu tickets refuse it and were left out:%s", t->refused, t->refused + t->recorded, t->why.p);
}

int desk_record_incidents(struct desk *desk, const struct texts *numbers, const struct event *event, bool keep_going, bool dry_run, desk_visitor *after, void *data,
			  struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	struct together t = {.event = event, .after = after, .data = data};
	int failed = change_begin(&change, desk, err);

	t.change = change;
	for (size_t i = 0; i < numbers->n && !failed; i++)
		failed = record_incident(&t, numbers->v[i], err);
	if (!failed)
		failed = conclude(&t, keep_going, dry_run, err);
	buf_release(&t.why);
	return failed;
}
