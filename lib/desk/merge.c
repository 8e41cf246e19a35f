/* SPDX-License-Identifier: MIT */
/* Steps between two tickets: merge and its undoing, link, split. Nothing moves: each side gets an event that names the other. */
#include "desk/change.h"
#include "ticket/language.h"

static struct event pair_event(enum event_kind kind, const char *step, const struct ticket *other, const char *reason, const struct stamp *at)
{
	struct event event = {.kind = kind, .other = xstrdup(other->uid), .other_number = xstrdup(other->id), .at = *at};

	event.step = xstrdup(step);
	event.reason = xstrdup(reason);
	return event;
}

/* Records the same matter on both sides. */
static int record_pair(struct change *change, struct ticket *one, struct event *of_one, struct ticket *two, struct event *of_two, struct ticket_error *err)
{
	int failed = change_record(change, one, of_one, NULL, err);

	if (failed) {
		event_release(of_two);
		return failed;
	}
	return change_record(change, two, of_two, NULL, err);
}

int change_merge(struct change *change, struct ticket *from, struct ticket *into, const char *reason, const struct stamp *at, struct ticket_error *err)
{
	struct event out, in;

	if (from == into)
		return ticket_fail(err, TICKET_USAGE, "'%s' cannot be merged into itself", from->id);
	if (into->state == STATE_MERGED)
		return ticket_fail(err, TICKET_REFUSED, "'%s' is merged into another ticket itself; merge into that one", into->id);
	out = pair_event(EVENT_MERGED, "into", into, reason, at);
	in = pair_event(EVENT_MERGED, "from", from, reason, at);
	return record_pair(change, from, &out, into, &in, err);
}

/* The last merge of a ticket that was not taken back. */
static const struct event *standing_merge(const struct ticket *ticket, const char *step, const char *other)
{
	const struct event *standing = NULL;

	for (size_t i = 0; i < ticket->events.n; i++) {
		const struct event *event = &ticket->events.v[i];

		if (event->kind != EVENT_MERGED || !text_equal(event->step, step) || (other && !text_equal(event->other, other)))
			continue;
		standing = event->undoes ? NULL : event;
	}
	return standing;
}

int change_unmerge(struct change *change, struct ticket *from, const char *reason, const struct stamp *at, struct ticket_error *err)
{
	const struct event *merge = standing_merge(from, "into", NULL), *counterpart;
	struct event out, in;
	struct ticket *into;
	int failed;

	if (from->state != STATE_MERGED || !merge)
		return ticket_fail(err, TICKET_REFUSED, "'%s' is not merged into another ticket", from->id);
	if ((failed = change_ticket(change, merge->other_number, &into, err)))
		return failed;
	counterpart = standing_merge(into, "from", from->uid);
	out = pair_event(EVENT_MERGED, "into", into, reason, at);
	in = pair_event(EVENT_MERGED, "from", from, reason, at);
	out.undoes = xstrdup(merge->id);
	in.undoes = xstrdup(counterpart ? counterpart->id : merge->id);
	return record_pair(change, from, &out, into, &in, err);
}

/* How they belong to one incident, where they do: what unlinks them takes that back. */
static const char *standing_step(const struct ticket *ticket, const struct ticket *other)
{
	if (ticket->incident && text_equal(ticket->incident, other->id))
		return "into";
	return texts_have(&ticket->covers, other->id) ? "from" : NULL;
}

int change_link(struct change *change, struct ticket *one, struct ticket *two, bool remove, const struct stamp *at, struct ticket_error *err)
{
	struct event of_one, of_two;

	if (one == two)
		return ticket_fail(err, TICKET_USAGE, "'%s' cannot be linked to itself", one->id);
	if (texts_have(&one->links, two->uid) != remove)
		return ticket_fail(err, TICKET_REFUSED, remove ? N_("'%s' is not linked to '%s'") : N_("'%s' is already linked to '%s'"), one->id, two->id);
	of_one = pair_event(EVENT_LINKED, standing_step(one, two), two, NULL, at);
	of_two = pair_event(EVENT_LINKED, standing_step(two, one), one, NULL, at);
	if (remove) {
		of_one.undoes = xstrdup("link");
		of_two.undoes = xstrdup("link");
	}
	return record_pair(change, one, &of_one, two, &of_two, err);
}

int change_split(struct change *change, struct ticket *from, const char *subject, const char *text, const struct stamp *at, struct ticket **out, struct ticket_error *err)
{
	struct ticket *draft = xcalloc(1, sizeof(*draft));
	struct event opened = {.at = *at, .other = xstrdup(from->uid), .other_number = xstrdup(from->id)}, split;
	int failed;

	draft->received = at->set ? *at : stamp_at(change->desk->zone, change->desk->context.now_s);
	draft->channel = xstrdup(from->channel);
	draft->customer.id = xstrdup(from->customer.id);
	draft->customer.display = xstrdup(from->customer.display);
	draft->customer.contact = xstrdup(from->customer.contact);
	draft->subject = xstrdup(subject ? subject : from->subject);
	draft->description = xstrdup(text);
	draft->category = xstrdup(from->category);
	draft->grade = xstrdup(from->grade);
	draft->priority = xstrdup(from->priority);
	draft->risk = xstrdup(from->risk);
	texts_copy(&draft->types, &from->types);
	for (size_t i = 0; i < from->fields.n; i++)
		pairs_set(&draft->fields, from->fields.v[i].key, from->fields.v[i].value);
	if ((failed = change_new(change, draft, &opened, out, err)))
		return failed;
	split = pair_event(EVENT_SPLIT, "into", *out, NULL, at);
	split.text = xstrdup(text);
	return change_record(change, from, &split, NULL, err);
}
