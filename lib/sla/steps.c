/* SPDX-License-Identifier: MIT */
/* What the sweep has to do with a clock, and when: warnings, the deadline, the ladder. */
#include "sla/clock.h"

/* "75%" or "-25%"; false when the text is no percentage. */
static bool percentage(const char *text, double *share)
{
	char *end;
	double value = strtod(text, &end);

	*share = value / 100;
	return end != text && strcmp(end, "%") == 0;
}

/* The moment of a warning: a share of the limit, a length before the deadline ("-15m"), or one after the start ("3bd"). */
static bool warning_at(const struct run *run, const char *word, int64_t *at_s)
{
	struct duration length;
	double share;

	if (percentage(word, &share))
		return run_reaches(run, (int64_t)((double)run->limit_s * (share < 0 ? 1 + share : share)), at_s);
	if (duration_parse(&length, word, NULL))
		return false;
	return calendar_add(at_s, run->calendar, length.back ? run->due_s : run->from_s, &length, NULL) == 0;
}

/* The moment of a ladder step, from the deadline: a length, or a share of the limit, in the clock's working time. */
static bool ladder_at(const struct run *run, const char *offset, int64_t *at_s)
{
	struct duration length;
	double share;

	if (percentage(offset, &share)) {
		if (share < 0)
			return run_reaches(run, (int64_t)((double)run->limit_s * (1 + share)), at_s);
		length = (struct duration){.seconds = (int64_t)((double)run->limit_s * share), .set = true};
	} else if (duration_parse(&length, offset, NULL)) {
		return false;
	}
	if (!length.seconds && !length.working_days) {
		*at_s = run->due_s;
		return true;
	}
	return calendar_add(at_s, run->calendar, run->due_s, &length, NULL) == 0;
}

/* Of this clock and cycle? */
static bool is_of(const struct run *run, const struct event *event)
{
	return event->clock && event->cycle == run->cycle && text_equal(event->clock, run->rule->name);
}

static bool is_recorded(const struct run *run, const char *name)
{
	const struct ticket *ticket = run->history->ticket;

	for (size_t i = ticket->events.n; i-- > 0;) {
		const struct event *event = &ticket->events.v[i];

		if (is_of(run, event) && text_equal(event->step, name))
			return true;
	}
	return false;
}

/*
 * Somebody has taken notice: after the latest escalation or breach of this clock that came before the step, and before
 * the step itself, a review was recorded. A breach that comes later needs a notice of its own.
 */
static bool is_acknowledged(const struct run *run, int64_t at_s)
{
	const struct ticket *ticket = run->history->ticket;
	int64_t latest_s = INT64_MIN;
	bool escalated = false;

	for (size_t i = 0; i < ticket->events.n; i++) {
		const struct event *event = &ticket->events.v[i];
		bool raised = event->kind == EVENT_ESCALATED;

		if ((!raised && event->kind != EVENT_BREACHED) || !is_of(run, event) || event->at.s > at_s)
			continue;
		escalated |= raised;
		if (event->at.s > latest_s)
			latest_s = event->at.s;
	}
	for (size_t i = ticket->events.n; i-- > 0 && escalated;)
		if (ticket->events.v[i].kind == EVENT_REVIEWED && ticket->events.v[i].at.s >= latest_s && ticket->events.v[i].at.s <= at_s)
			return true;
	return false;
}

/* An import brings the past: nobody is warned of what came before the desk knew the ticket. */
static bool before_import(const struct run *run, int64_t at_s)
{
	const struct ticket *ticket = run->history->ticket;

	return ticket->source.file && ticket->events.n && at_s < ticket->events.v[0].recorded.s;
}

/* Nothing happens to a clock before it starts: an hour before Monday's opening is Friday, and the ticket came on Monday. */
static int64_t step_moment(const struct run *run, int64_t at_s)
{
	return at_s < run->from_s ? run->from_s : at_s;
}

bool run_warning(const struct run *run, const char *word, int64_t *at_s)
{
	if (!warning_at(run, word, at_s) || *at_s >= run->due_s)
		return false;
	*at_s = step_moment(run, *at_s);
	return !before_import(run, *at_s);
}

static void add_step(clock_steps *out, const struct run *run, char *name, int64_t at_s, const struct ladder_step *ladder)
{
	struct clock_step *step;

	at_s = step_moment(run, at_s);
	/* Of a window that is over, what it owed while it lasted. */
	if (before_import(run, at_s) || (run->ended && at_s > run->ended_s)) {
		free(name);
		return;
	}
	step = list_push(out);
	step->target = xstrdup(run->rule->name);
	step->cycle = run->cycle;
	step->name = name;
	step->at_s = at_s;
	step->due = stamp_at(calendars_zone(run->history->calendars), run->due_s);
	step->recorded = is_recorded(run, name);
	step->step = ladder;
}

void run_steps(clock_steps *out, const struct run *run)
{
	const struct policy *policy = run->history->policy;
	bool window = run->rule->every.set || run->rule->by;
	int64_t at_s;

	/* Windows follow each other without waiting for the sweep: one that was missed still has its steps. */
	if (run->done_by || (run->ended && !(window && run->missed)) || (run->paused && !run->missed) || !run->due_set)
		return;
	if (run->paused) {
		add_step(out, run, xstrdup("due"), run->due_s, NULL); /* a miss is a miss; the rest can wait until it goes on */
		return;
	}
	for (size_t i = 0; i < run->rule->warn.n; i++)
		if (warning_at(run, run->rule->warn.v[i], &at_s) && at_s < run->due_s)
			add_step(out, run, xasprintf("warn:%s", run->rule->warn.v[i]), at_s, NULL);
	add_step(out, run, xstrdup("due"), run->due_s, NULL);
	for (size_t i = 0; i < policy->ladder.n; i++) {
		const struct ladder_step *ladder = &policy->ladder.v[i];

		if (texts_have(&ladder->targets, run->rule->name) && conditions_hold(&ladder->when, &run->history->then) &&
		    ladder_at(run, ladder->offset, &at_s) && !is_acknowledged(run, at_s))
			add_step(out, run, xasprintf("ladder:%s", ladder->name), at_s, ladder);
	}
}

void clock_steps_release(clock_steps *steps)
{
	for (size_t i = 0; i < steps->n; i++) {
		free(steps->v[i].target);
		free(steps->v[i].name);
	}
	free(steps->v);
	steps->v = NULL;
	steps->n = 0;
}

/* --- the clock in a ticket file ---------------------------------------------------------------------------------- */

static void find_next(struct clock *out, const struct run *run)
{
	clock_steps steps = {0};
	const struct clock_step *first = NULL;

	run_steps(&steps, run);
	for (size_t i = 0; i < steps.n; i++)
		if (!steps.v[i].recorded && (!first || steps.v[i].at_s < first->at_s))
			first = &steps.v[i];
	if (first) {
		out->next = stamp_at(calendars_zone(run->history->calendars), first->at_s);
		out->next_step = xstrdup(first->name);
	} else if (run->later) {
		out->next = stamp_at(calendars_zone(run->history->calendars), run->later_s);
		out->next_step = xstrdup(run->later);
	}
	clock_steps_release(&steps);
}

void run_clock(struct clock *out, const struct run *run)
{
	const struct zone *zone = calendars_zone(run->history->calendars);

	memset(out, 0, sizeof(*out));
	out->target = xstrdup(run->rule->name);
	out->cycle = run->cycle;
	out->count = run->count > 1 ? run->count : 0;
	out->from = stamp_at(zone, run->first_s);
	out->verdict = (int)run_verdict(run);
	if (run->due_set && out->verdict != VERDICT_CANCELLED)
		out->due = stamp_at(zone, run->due_s);
	if (run->done_by)
		out->done = run->done_by->at;
	if (run->ended)
		out->ended = stamp_at(zone, run->ended_s);
	out->consumed_s = run->consumed_s;
	out->paused_s = run->paused_s;
	find_next(out, run);
}
