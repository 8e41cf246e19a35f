/* SPDX-License-Identifier: MIT */
/* The history of a ticket: how it stood after each event, and which rules were in force. */
#include "sla/clock.h"

#include "flow/flow.h"
#include "model/ticket.h"

/* --- the events in the order in which they happened ------------------------------------------------------------- */

static bool in_order(const struct ticket *ticket)
{
	for (size_t i = 2; i < ticket->events.n; i++)
		if (ticket->events.v[i].at.s < ticket->events.v[i - 1].at.s)
			return false;
	return true;
}

struct place {
	const struct event *event;
	size_t index;
};

static int happened_order(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->event->at.s != y->event->at.s)
		return x->event->at.s < y->event->at.s ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

/* Shallow copies: the texts stay the ticket's. */
static struct event *sorted_events(const struct ticket *ticket)
{
	size_t n = ticket->events.n;
	struct place *places = xcalloc(n, sizeof(*places));
	struct event *events = xcalloc(n, sizeof(*events));

	for (size_t i = 0; i < n; i++)
		places[i] = (struct place){&ticket->events.v[i], i};
	qsort(places + 1, n - 1, sizeof(*places), happened_order); /* the opening stays first */
	for (size_t i = 0; i < n; i++)
		events[i] = *places[i].event;
	free(places);
	return events;
}

/* --- folding ---------------------------------------------------------------------------------------------------- */

/* What conditions may ask for and no event tells; id and uid are borrowed from the ticket, the others may be corrected. */
static void lend_head(struct ticket *then, const struct ticket *ticket)
{
	then->id = ticket->id;
	then->uid = ticket->uid;
	then->received = ticket->received;
	then->channel = xstrdup(ticket->channel);
	for (size_t i = 0; i < ticket->fields.n; i++)
		pairs_set(&then->fields, ticket->fields.v[i].key, ticket->fields.v[i].value);
}

/* Does any rule look at what every event may change? Else only classification needs to be watched. */
static bool rules_follow_work(const struct policy *policy)
{
	static const char *const steady[] = {"channel", "type", "category", "grade", "priority", "risk"};

	for (size_t i = 0; i < policy->targets.n; i++)
		for (size_t k = 0; k < policy->targets.v[i].when.n; k++) {
			bool known = text_starts(policy->targets.v[i].when.v[k].field, "field.");

			for (size_t j = 0; j < ARRAY_SIZE(steady) && !known; j++)
				known = text_equal(policy->targets.v[i].when.v[k].field, steady[j]);
			if (!known)
				return true;
		}
	return false;
}

static bool reclassifies(const struct event *event)
{
	return event->kind == EVENT_OPENED || event->kind == EVENT_TRIAGED || event->kind == EVENT_CORRECTED || event->kind == EVENT_ESCALATED;
}

static void find_rules(struct history *history, size_t i, bool watch)
{
	const struct moment *moment = &history->moments.v[i];
	size_t n = history->ticket->events.n;
	bool same = i && !watch && !reclassifies(moment->event) && moment->book == moment[-1].book;

	for (size_t name = 0; name < history->names.n; name++) {
		const struct target **row = history->rules + name * n;

		if (same)
			row[i] = row[i - 1];
		else
			row[i] = policy_target(history_policy(history, moment), history->names.v[name], &history->then);
		if (row[i] && !row[i]->from)
			row[i] = NULL; /* nothing to count from */
	}
}

static void stand(struct moment *moment, const struct ticket *then, const struct moment *before)
{
	moment->at_s = moment->event->at.s;
	moment->state = then->state;
	if (moment->event->kind == EVENT_WAITING)
		moment->waiting_for = moment->event->for_whom;
	else if (before && then->state == STATE_WAITING)
		moment->waiting_for = before->waiting_for;
	moment->quarantined = then->quarantined;
	moment->assigned = then->assignee || then->group;
	moment->prioritised = then->priority != NULL;
	moment->cycle = then->cycle;
}

/* Does the policy that was in force at first know a target of that name? */
static bool known_at_first(const struct history *history, const char *name)
{
	const struct policy *policy = history_policy(history, &history->moments.v[0]);

	for (size_t i = 0; i < policy->targets.n; i++)
		if (text_equal(policy->targets.v[i].name, name))
			return true;
	return false;
}

/*
 * A rule that comes to apply only later (after triage) is judged from the start: what happened before counts as if it
 * had applied all along. Recurring ones begin when they apply, and so do those that only a new policy brings: nobody
 * could have known of them before.
 */
static void backfill(struct history *history)
{
	size_t n = history->moments.n;

	for (size_t name = 0; name < history->names.n; name++) {
		const struct target **row = history->rules + name * n;
		size_t first = 0;

		while (first < n && !row[first])
			first++;
		if (first == n || row[first]->every.set || row[first]->by || !known_at_first(history, history->names.v[name]))
			continue;
		for (size_t i = 0; i < first; i++)
			row[i] = row[first];
	}
}

/* A rule is one of the list of its policy's. */
static const struct book *book_of(const struct history *history, const struct target *rule)
{
	for (size_t i = history->books.n; i-- > 1;) {
		const struct policy *policy = history->books.v[i].policy;

		if (rule >= policy->targets.v && rule < policy->targets.v + policy->targets.n)
			return &history->books.v[i];
	}
	return &history->books.v[0];
}

static int check_calendars(const struct history *history, struct ticket_error *err)
{
	for (size_t i = 0; i < history->names.n * history->moments.n; i++)
		if (history->rules[i] && !history_calendar(history, history->rules[i])) {
			const char *name = history->rules[i]->calendar ? history->rules[i]->calendar : book_of(history, history->rules[i])->policy->calendar;

			return ticket_fail(err, TICKET_NOTFOUND, "the target '%s' counts on the calendar '%s', but there is no policy/calendars/%s.json", history->rules[i]->name,
					   name, name);
		}
	return 0;
}

/* --- the rules in force ----------------------------------------------------------------------------------------- */

static int add_book(struct history *history, const char *id, size_t *index, struct ticket_error *err)
{
	struct book book = {0};
	int failed = id ? calendars_find_former(history->calendars, id, &book, err) : 0;

	*index = 0;
	if (failed || !book.policy)
		return failed;
	for (size_t i = 0; i < history->books.n; i++)
		if (history->books.v[i].policy == book.policy) {
			*index = i;
			return 0;
		}
	*index = history->books.n;
	*list_push(&history->books) = book;
	return 0;
}

/* Before a retargeting those were in force that it names as old; after the last one the present ones are. */
static int find_books(struct history *history, struct ticket_error *err)
{
	const struct event *events = history->then.events.v;
	size_t book = 0;
	int failed;

	*list_push(&history->books) = (struct book){history->policy, history->calendars};
	for (size_t i = history->ticket->events.n; i-- > 0;) {
		history->moments.v[i].book = book;
		if (events[i].kind == EVENT_RETARGETED && (failed = add_book(history, events[i].old, &book, err)))
			return failed;
	}
	return 0;
}

static void find_names(struct history *history)
{
	for (size_t b = 0; b < history->books.n; b++)
		for (size_t i = 0; i < history->books.v[b].policy->targets.n; i++)
			if (!texts_have(&history->names, history->books.v[b].policy->targets.v[i].name))
				texts_add(&history->names, history->books.v[b].policy->targets.v[i].name);
}

static bool any_follows_work(const struct history *history)
{
	for (size_t b = 0; b < history->books.n; b++)
		if (rules_follow_work(history->books.v[b].policy))
			return true;
	return false;
}

int history_open(struct history *history, const struct ticket *ticket, const struct policy *policy, const struct calendars *calendars, struct ticket_error *err)
{
	size_t n = ticket->events.n;
	bool watch;
	int failed;

	history->ticket = ticket;
	history->policy = policy;
	history->calendars = calendars;
	lend_head(&history->then, ticket);
	history->copied = n > 1 && !in_order(ticket);
	history->then.events.v = history->copied ? sorted_events(ticket) : ticket->events.v;
	for (size_t i = 0; i < n; i++)
		list_push(&history->moments)->event = &history->then.events.v[i];
	if ((failed = find_books(history, err)))
		return failed;
	find_names(history);
	watch = any_follows_work(history);
	history->rules = xcalloc(history->names.n * n + 1, sizeof(*history->rules));
	for (size_t i = 0; i < n; i++) {
		struct moment *moment = &history->moments.v[i];

		history->then.events.n = i + 1;
		flow_fold(&history->then, history_policy(history, moment), moment->event);
		stand(moment, &history->then, i ? moment - 1 : NULL);
		find_rules(history, i, watch);
		if (!i || moment->at_s > history->end_s)
			history->end_s = moment->at_s;
	}
	/* What happened before the registration was recorded later: the opening holds from the first of it all. */
	if (n > 1 && history->moments.v[1].at_s < history->moments.v[0].at_s)
		history->moments.v[0].at_s = history->moments.v[1].at_s;
	backfill(history);
	return check_calendars(history, err);
}

void history_release(struct history *history)
{
	struct ticket *then = &history->then;

	if (history->copied)
		free(then->events.v);
	then->events.v = NULL;
	then->events.n = 0;
	then->id = then->uid = NULL;
	codec_release(&ticket_codec, then);
	free(history->moments.v);
	free(history->books.v);
	free(history->rules);
	texts_release(&history->names);
}

const struct target *history_rule(const struct history *history, size_t name, size_t moment)
{
	return history->rules[name * history->moments.n + moment];
}

const struct policy *history_policy(const struct history *history, const struct moment *moment)
{
	return history->books.v[moment->book].policy;
}

const struct calendar *history_calendar(const struct history *history, const struct target *rule)
{
	const struct book *book = book_of(history, rule);

	return calendars_get(book->calendars, rule->calendar ? rule->calendar : book->policy->calendar);
}
