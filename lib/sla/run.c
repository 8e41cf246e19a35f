/* SPDX-License-Identifier: MIT */
/* One clock as it runs: what it consumes, where it stands still, and when it is due. */
#include "sla/clock.h"

#include "sla/pause.h"

/* --- the deadline ------------------------------------------------------------------------------------------------ */

int64_t run_limit(const struct run *run)
{
	const struct duration *within = run->rule->every.set ? &run->rule->every : &run->rule->within;
	int64_t due;

	if (run->fixed)
		return calendar_elapsed(run->calendar, run->from_s, run->fixed_due_s);
	if (!within->working_days)
		return within->seconds;
	return calendar_add(&due, run->calendar, run->from_s, within, NULL) ? 0 : calendar_elapsed(run->calendar, run->from_s, due);
}

bool run_reaches(const struct run *run, int64_t counted_s, int64_t *at_s)
{
	struct duration rest = {.set = true};
	int64_t sum = 0;

	for (size_t i = 0; i < run->stretches.n; i++) {
		const struct stretch *stretch = &run->stretches.v[i];

		if (!stretch->paused && sum + stretch->counted_s >= counted_s) {
			rest.seconds = counted_s - sum;
			return calendar_add(at_s, history_calendar(run->history, stretch->rule), stretch->from_s, &rest, NULL) == 0;
		}
		sum += stretch->counted_s;
	}
	if (run->paused || run_is_over(run))
		return false;
	rest.seconds = counted_s - run->consumed_s;
	return calendar_add(at_s, run->calendar, run->at_s, &rest, NULL) == 0;
}

/*
 * A deadline that has passed stays; while the clock stands still there is none; else it is where the limit is reached.
 * Working days are counted on the wall as long as nothing was paused: `3bd` from Monday 20:00 is Thursday, not Wednesday 18:00.
 */
static void find_due(struct run *run)
{
	const struct duration *within = run->rule->every.set ? &run->rule->every : &run->rule->within;

	if (run->missed)
		return;
	run->due_set = false;
	if (run->fixed) {
		run->due_set = !run->paused && run->at_s <= run->fixed_due_s; /* it stood still when that time came: nothing is owed */
		run->due_s = run->fixed_due_s;
	} else if (!run->paused && (within->set || run->rule->every.set)) {
		if (within->working_days && !run->paused_s)
			run->due_set = calendar_add(&run->due_s, run->calendar, run->from_s, within, NULL) == 0;
		else
			run->due_set = run_reaches(run, run->limit_s, &run->due_s);
	}
}

/* --- running ----------------------------------------------------------------------------------------------------- */

static void start(struct run *run, const struct history *history, const struct target *rule, const struct moment *moment, int64_t from_s, int64_t cycle)
{
	run->history = history;
	run->rule = rule;
	run->calendar = history_calendar(history, rule);
	run->moment = moment;
	run->from_s = run->first_s = run->at_s = from_s;
	run->cycle = cycle;
	run->count = 1;
	run->paused = pause_holds(&rule->pause, moment);
	run->limit_s = run_limit(run);
	find_due(run);
}

void run_start(struct run *run, const struct history *history, const struct target *rule, const struct moment *moment, int64_t from_s, int64_t cycle)
{
	memset(run, 0, sizeof(*run));
	start(run, history, rule, moment, from_s, cycle);
}

void run_start_fixed(struct run *run, const struct history *history, const struct target *rule, const struct moment *moment, int64_t from_s, int64_t due_s,
		     int64_t cycle)
{
	memset(run, 0, sizeof(*run));
	run->fixed = true;
	run->fixed_due_s = due_s;
	start(run, history, rule, moment, from_s, cycle);
}

static bool continues(const struct stretch *last, const struct run *run)
{
	return last->to_s == run->at_s && last->rule == run->rule && last->paused == run->paused && last->moment->state == run->moment->state &&
	       text_equal(last->moment->waiting_for, run->moment->waiting_for) && last->moment->quarantined == run->moment->quarantined &&
	       last->due_set == run->due_set && (!last->due_set || last->due_s == run->due_s);
}

void run_advance(struct run *run, int64_t to_s)
{
	struct stretch *stretch = run->stretches.n ? &run->stretches.v[run->stretches.n - 1] : NULL;
	int64_t counted;

	if (to_s <= run->at_s || run_is_over(run))
		return;
	counted = run->paused ? 0 : calendar_elapsed(run->calendar, run->at_s, to_s);
	if (!stretch || !continues(stretch, run)) {
		stretch = list_push(&run->stretches);
		*stretch = (struct stretch){.from_s = run->at_s, .rule = run->rule, .moment = run->moment, .paused = run->paused, .due_set = run->due_set, .due_s = run->due_s};
	}
	stretch->to_s = to_s;
	stretch->counted_s += counted;
	run->consumed_s += counted;
	run->paused_s += run->paused ? to_s - run->at_s : 0;
	run->at_s = to_s;
	if (run->due_set && to_s > run->due_s && !run->paused)
		run->missed = true;
}

void run_change(struct run *run, const struct target *rule, const struct moment *moment)
{
	bool paused = pause_holds(&rule->pause, moment), changed = rule != run->rule || paused != run->paused;

	run->moment = moment;
	if (!changed)
		return;
	run->paused = paused;
	if (rule != run->rule) {
		run->rule = rule;
		run->calendar = history_calendar(run->history, rule);
		run->limit_s = run_limit(run);
	}
	find_due(run);
	if (run->due_set && run->at_s > run->due_s)
		run->missed = true; /* what was consumed already is more than the new limit */
}

void run_finish(struct run *run, const struct event *event)
{
	run_advance(run, event->at.s);
	run->done_by = event;
	run->done_s = event->at.s;
}

void run_cut(struct run *run, int64_t at_s)
{
	run_advance(run, at_s);
	run->ended = true;
	run->ended_s = at_s;
}

bool run_is_over(const struct run *run)
{
	return run->done_by || run->ended;
}

enum verdict run_verdict(const struct run *run)
{
	if (run->done_by)
		return run->missed || (run->due_set && run->done_s > run->due_s) ? VERDICT_MET_LATE : VERDICT_MET;
	if (run->missed)
		return VERDICT_MISSED;
	if (run->ended)
		return VERDICT_CANCELLED;
	return run->paused ? VERDICT_PAUSED : VERDICT_RUNNING;
}

void run_release(struct run *run)
{
	free(run->stretches.v);
	free(run->later);
	memset(run, 0, sizeof(*run));
}

void runs_release(runs *list)
{
	for (size_t i = 0; i < list->n; i++)
		run_release(&list->v[i]);
	free(list->v);
	list->v = NULL;
	list->n = 0;
}
