/* SPDX-License-Identifier: MIT */
/* How a clock goes on while nothing happens: see standing.h. */
#include "sla/standing.h"

#include "sla/clock.h"
#include "sla/pause.h"
#include "ticket/query.h"

int64_t clocks_stored_at(const struct ticket *ticket)
{
	int64_t at_s = INT64_MIN;

	for (size_t i = 0; i < ticket->events.n; i++)
		if (ticket->events.v[i].at.s > at_s)
			at_s = ticket->events.v[i].at.s;
	return at_s;
}

/* Events that were recorded in another order than they happened: the ticket may stand otherwise than its clocks saw it. */
static bool in_order(const struct ticket *ticket)
{
	for (size_t i = 1; i < ticket->events.n; i++)
		if (ticket->events.v[i].at.s < ticket->events.v[i - 1].at.s)
			return false;
	return ticket->events.n > 0;
}

static bool was_retargeted(const struct ticket *ticket)
{
	for (size_t i = 0; i < ticket->events.n; i++)
		if (ticket->events.v[i].kind == EVENT_RETARGETED)
			return true;
	return false;
}

/* The clock as the run that it was written from, as far as its first warning needs it. */
static int64_t first_warning(const struct clock *clock, const struct ticket *ticket, const struct target *rule, const struct policy *policy, const struct calendars *calendars,
			     int64_t at_s)
{
	struct book book = {policy, calendars};
	struct history history = {.ticket = ticket, .policy = policy, .calendars = calendars, .books = {&book, 1}};
	struct stretch stretch = {.from_s = clock->from.s, .to_s = at_s, .rule = rule, .counted_s = clock->consumed_s};
	struct run run = {.history = &history, .rule = rule, .calendar = history_calendar(&history, rule), .cycle = clock->cycle, .from_s = clock->from.s, .first_s = clock->from.s,
			  .at_s = at_s, .consumed_s = clock->consumed_s, .due_set = true, .due_s = clock->due.s, .stretches = {&stretch, 1}};
	int64_t first_s = TIME_NONE;

	run.limit_s = run_limit(&run);
	for (size_t i = 0; i < rule->warn.n; i++) {
		int64_t warned_s;

		if (run_warning(&run, rule->warn.v[i], &warned_s) && (first_s == TIME_NONE || warned_s < first_s))
			first_s = warned_s;
	}
	return first_s;
}

struct standing clock_standing(const struct clock *clock, const struct ticket *ticket, const struct policy *policy, const struct calendars *calendars, int64_t at_s)
{
	const struct moment now = {.state = ticket->state, .waiting_for = ticket->waiting_for, .quarantined = ticket->quarantined};
	struct standing out = {.due_s = TIME_NONE, .warned_s = TIME_NONE, .live = !clock->done.set && !clock->ended.set};
	const struct target *rule = out.live ? policy_target(policy, clock->target, ticket) : NULL;

	if (!out.live)
		return out;
	out.due_s = clock->due.set ? clock->due.s : TIME_NONE;
	out.followed = !rule || rule->every.set || rule->by || !clock->from.set || !in_order(ticket) || was_retargeted(ticket);
	if (out.followed)
		return out;
	out.calendar = rule->calendar ? rule->calendar : policy->calendar;
	if (!calendars_get(calendars, out.calendar)) {
		out.followed = true; /* which says what is missing */
		return out;
	}
	out.paused = pause_holds(&rule->pause, &now);
	if (clock->verdict == VERDICT_RUNNING && !out.paused && clock->due.set && rule->warn.n) {
		/* Where it stood still on the way, or its rule was another one, it is not known when it was warned, if it was. */
		out.warned_s = first_warning(clock, ticket, rule, policy, calendars, at_s);
		out.followed = ticket->source.file && out.warned_s != TIME_NONE && out.warned_s <= at_s;
	}
	return out;
}

void standing_advance(struct standing_figures *figures, const struct standing *standing, const struct calendar *calendar, int64_t at_s, int64_t now_s)
{
	if (now_s < at_s)
		now_s = at_s;
	if (standing->paused)
		figures->paused_s += now_s - at_s;
	else
		figures->consumed_s += calendar_elapsed(calendar, at_s, now_s);
	if (figures->verdict == VERDICT_RUNNING && standing->due_s != TIME_NONE && now_s > standing->due_s)
		figures->verdict = VERDICT_MISSED;
	figures->at_risk = figures->verdict == VERDICT_RUNNING && standing->warned_s != TIME_NONE && standing->warned_s <= now_s;
}
