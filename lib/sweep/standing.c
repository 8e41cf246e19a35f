/* SPDX-License-Identifier: MIT */
/*
 * Alarms about what does not happen: a customer who stays silent, a ticket that nobody touches (C13, D11). Time alone
 * makes them due, so the sweep keeps the next moment at which one can be: it is that of the tickets that changed, or the
 * one it knew; only when it has come are all that wait or are overdue looked at.
 */
#include "sweep/sweep.h"

#include "desk/index.h"
#include "flow/flow.h"
#include "ticket/query.h"

void standing_comes_at(struct sweep *sweep, int64_t at_s)
{
	if (sweep->standing_s == TIME_NONE || at_s < sweep->standing_s)
		sweep->standing_s = at_s;
}

/* --- silence --------------------------------------------------------------------------------------------------- */

/* The wait that the ticket is in; NULL: it is in none. */
static const struct event *current_wait(const struct ticket *ticket)
{
	for (size_t i = ticket->events.n; i-- > 0 && ticket->state == STATE_WAITING;)
		if (ticket->events.v[i].kind == EVENT_WAITING)
			return &ticket->events.v[i];
	return NULL;
}

/* One step for each wait: its name holds the event that began it. */
static char *silence_step(const struct alarm *alarm, const struct event *wait)
{
	return xasprintf("alarm:%s:%s", alarm->name, wait->id);
}

static int silence_moment(struct sweep *sweep, const struct ticket *ticket, const struct alarm *alarm, int64_t *at_s, struct ticket_error *err)
{
	const struct event *wait = current_wait(ticket);
	_cleanup_free_ char *step = wait ? silence_step(alarm, wait) : NULL;
	const struct calendars *calendars;
	int failed;

	*at_s = TIME_NONE;
	if (!wait || sweep_did(ticket, NULL, ticket->cycle, step))
		return 0;
	*at_s = wait->at.s + alarm->after.seconds;
	if (!alarm->after.working_days)
		return 0;
	if ((failed = desk_rules(sweep->desk, NULL, NULL, &calendars, err)))
		return failed;
	return calendar_add(at_s, calendars_get(calendars, sweep->desk->policy->calendar), wait->at.s, &alarm->after, err);
}

/* Closing is a resolution like any other: what the policy wants to be there first, has to be there. */
static int close_silent(struct sweep *sweep, struct ticket *ticket, const struct alarm *alarm, int64_t at_s, struct ticket_error *err)
{
	const struct policy *policy = sweep->desk->policy;
	struct event event = {.kind = EVENT_RESOLVED, .automatic = true};

	for (size_t i = 0; i < ticket->events.n; i++)
		if (ticket->events.v[i].at.s > at_s)
			at_s = ticket->events.v[i].at.s; /* after what was done meanwhile */
	event.at = stamp_at(sweep->desk->zone, at_s);
	event.text = xstrdup(policy_label(policy, &alarm->labels, policy->language, alarm->name));
	return change_record(sweep->change, ticket, &event, NULL, err);
}

/* Why it is told, in the desk's own language; 'lacks' (may be NULL): what keeps the ticket from being closed. Owned. */
static char *silence_text(const struct policy *policy, const struct event *wait, const char *lacks)
{
	const char *whom = policy_is_chinese(policy) ? policy_word(policy, "zh", wait->for_whom) : wait->for_whom;
	char since[STAMP_SIZE];

	stamp_format(since, &wait->at);
	if (policy_is_chinese(policy))
		return lacks ? xasprintf("自 %s 起没有%s的消息；关闭所需的条件不齐，没有关闭", since, whom) : xasprintf("自 %s 起没有%s的消息", since, whom);
	return lacks ? xasprintf("no word from the %s since %s; it is not closed: %s", whom, since, lacks) : xasprintf("no word from the %s since %s", whom, since);
}

static int raise_silence(struct sweep *sweep, struct ticket *ticket, const struct alarm *alarm, int64_t at_s, struct ticket_error *err)
{
	const struct event *wait = current_wait(ticket);
	bool closes = text_equal(alarm->then, "close");
	struct event event = {.kind = EVENT_WARNED, .cycle = ticket->cycle, .step = silence_step(alarm, wait), .at = stamp_at(sweep->desk->zone, at_s)};
	struct texts missing = {0};
	int failed;

	if (closes)
		flow_missing(ticket, sweep->desk->policy, event_word(EVENT_RESOLVED), true, &missing);
	closes = closes && !missing.n;
	event.reason = silence_text(sweep->desk->policy, wait, missing.n ? missing.v[0] : NULL);
	texts_release(&missing);
	if ((failed = sweep_record(sweep, ticket, &event, err)) || !closes)
		return failed;
	return close_silent(sweep, ticket, alarm, at_s, err);
}

/* --- neglect --------------------------------------------------------------------------------------------------- */

static bool is_touched(const struct ticket *ticket)
{
	for (size_t i = 0; i < ticket->events.n; i++) {
		int kind = ticket->events.v[i].kind;

		if (!ticket->events.v[i].automatic && kind != EVENT_OPENED && kind != EVENT_TRIAGED && kind != EVENT_ASSIGNED && kind != EVENT_INBOUND)
			return true;
	}
	return false;
}

/* When it will have been overdue for long enough, if nobody does anything: by the earliest deadline that is not kept. */
static int untouched_moment(struct sweep *sweep, const struct ticket *ticket, const struct alarm *alarm, int64_t *at_s, struct ticket_error *err)
{
	*at_s = TIME_NONE;
	if (is_touched(ticket) || alarm_was_raised(ticket, alarm) || !state_is_open((enum ticket_state)ticket->state))
		return 0;
	for (size_t i = 0; i < ticket->clocks.n; i++) {
		const struct clock *clock = &ticket->clocks.v[i];
		int64_t then_s = clock->due.s + alarm->window.seconds;

		if (clock->due.set && !clock->done.set && !clock->ended.set && (*at_s == TIME_NONE || then_s < *at_s))
			*at_s = then_s;
	}
	return 0;
}

static int raise_untouched(struct sweep *sweep, struct ticket *ticket, const struct alarm *alarm, int64_t at_s, struct ticket_error *err)
{
	return alarm_raise(sweep, ticket->id, alarm, at_s, policy_is_chinese(sweep->desk->policy) ? "已超时，且无人处理" : "overdue, and nobody has worked on it", err);
}

/* --- both ------------------------------------------------------------------------------------------------------ */

static const struct standing_kind {
	const char *word, *query;
	/* When the alarm is due on the ticket as it stands; TIME_NONE: not, or it was given. */
	int (*moment)(struct sweep *sweep, const struct ticket *ticket, const struct alarm *alarm, int64_t *at_s, struct ticket_error *err);
	int (*raise)(struct sweep *sweep, struct ticket *ticket, const struct alarm *alarm, int64_t at_s, struct ticket_error *err);
} kinds[] = {
	{"silence", "state:waiting", silence_moment, raise_silence},
	{"untouched", "state:open", untouched_moment, raise_untouched},
};

static const struct standing_kind *kind_of(const struct alarm *alarm)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (text_equal(alarm->kind, kinds[i].word))
			return &kinds[i];
	return NULL;
}

static int look_for(struct sweep *sweep, const struct ticket *seen, const struct alarm *alarm, struct ticket_error *err)
{
	const struct standing_kind *kind = kind_of(alarm);
	struct ticket *ticket;
	int64_t at_s;
	int failed;

	if (!kind || !alarm_is_for(alarm, seen))
		return 0;
	if ((failed = kind->moment(sweep, seen, alarm, &at_s, err)) || at_s == TIME_NONE)
		return failed;
	if (at_s > sweep->now_s) {
		standing_comes_at(sweep, at_s);
		return 0;
	}
	/* What this sweep has done to it already counts. */
	if ((failed = change_ticket(sweep->change, seen->id, &ticket, err)) || !alarm_is_for(alarm, ticket) ||
	    (failed = kind->moment(sweep, ticket, alarm, &at_s, err)) || at_s == TIME_NONE)
		return failed;
	return kind->raise(sweep, ticket, alarm, at_s, err);
}

int standing_look(struct sweep *sweep, const struct ticket *ticket, struct ticket_error *err)
{
	const struct policy *policy = sweep->desk->policy;
	int failed = 0;

	for (size_t i = 0; i < policy->alarms.n && !failed; i++)
		failed = look_for(sweep, ticket, &policy->alarms.v[i], err);
	return failed;
}

static int see_standing(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct ticket_error why = {0};

	return sweep_spare(data, standing_look(data, ticket, &why), &why, err);
}

int standing_sweep(struct sweep *sweep, struct ticket_error *err)
{
	struct query_context context = {.policy = sweep->desk->policy, .zone = sweep->desk->zone, .now_s = sweep->now_s};
	struct ticket_error why = {0};
	int failed = 0;

	sweep->standing_s = TIME_NONE;
	for (size_t k = 0; k < ARRAY_SIZE(kinds) && !failed; k++) {
		_cleanup_query_ struct query *query = NULL;
		bool wanted = false;

		for (size_t i = 0; i < sweep->desk->policy->alarms.n; i++)
			wanted |= kind_of(&sweep->desk->policy->alarms.v[i]) == &kinds[k];
		if (wanted && !(failed = query_parse(&query, &kinds[k].query, 1, NULL, 0, &context, err)))
			failed = sweep_spare(sweep, desk_select(sweep->desk, query, NULL, see_standing, sweep, &why), &why, err);
	}
	for (size_t i = 0; i < sweep->swept.n && !failed; i++) {
		struct ticket *ticket;

		if (!(failed = change_ticket(sweep->change, sweep->swept.v[i], &ticket, err)))
			failed = see_standing(ticket, sweep, err);
	}
	return failed;
}
