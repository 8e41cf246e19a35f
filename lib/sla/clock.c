/* SPDX-License-Identifier: MIT */
/* The clocks of a ticket: as stored with it, and at a moment. */
#include "sla/clock.h"

static int follow_all(runs *out, struct history *history, const struct ticket *ticket, const struct policy *policy, const struct calendars *calendars, int64_t now_s,
		      struct ticket_error *err)
{
	int failed = history_open(history, ticket, policy, calendars, err);

	if (failed)
		return failed;
	for (size_t name = 0; name < history->names.n; name++)
		follow_target(out, history, name, now_s > history->end_s ? now_s : history->end_s);
	return 0;
}

static void release_clocks(struct ticket *ticket)
{
	for (size_t i = 0; i < ticket->clocks.n; i++)
		clock_release(&ticket->clocks.v[i]);
	free(ticket->clocks.v);
	ticket->clocks.v = NULL;
	ticket->clocks.n = 0;
}

int clocks_update(struct ticket *ticket, const struct policy *policy, const struct calendars *calendars, struct ticket_error *err)
{
	_cleanup_history_ struct history history = {0};
	_cleanup_(runs_release) runs list = {0};
	int failed = follow_all(&list, &history, ticket, policy, calendars, INT64_MIN, err);

	if (failed)
		return failed;
	release_clocks(ticket);
	for (size_t i = 0; i < list.n; i++)
		run_clock(list_push(&ticket->clocks), &list.v[i]);
	return 0;
}

/* --- at a moment ------------------------------------------------------------------------------------------------- */

static void view(struct clock_view *out, const struct run *run)
{
	clock_steps steps = {0};

	run_clock(&out->clock, run);
	out->rule = run->rule;
	out->limit_s = run->limit_s;
	out->left_s = run->limit_s - run->consumed_s;
	out->percent = run->limit_s > 0 ? (int)(run->consumed_s * 100 / run->limit_s) : 0;
	out->overdue = out->clock.verdict == VERDICT_MISSED && !run->ended;
	run_steps(&steps, run);
	for (size_t i = 0; i < steps.n && out->clock.verdict == VERDICT_RUNNING; i++)
		out->at_risk |= text_starts(steps.v[i].name, "warn:") && steps.v[i].at_s <= run->at_s;
	clock_steps_release(&steps);
}

int clocks_evaluate(clock_views *out, const struct ticket *ticket, const struct policy *policy, const struct calendars *calendars, int64_t now_s,
		    struct ticket_error *err)
{
	_cleanup_history_ struct history history = {0};
	_cleanup_(runs_release) runs list = {0};
	int failed = follow_all(&list, &history, ticket, policy, calendars, now_s, err);

	for (size_t i = 0; !failed && i < list.n; i++)
		view(list_push(out), &list.v[i]);
	return failed;
}

void clock_views_release(clock_views *views)
{
	for (size_t i = 0; i < views->n; i++)
		clock_release(&views->v[i].clock);
	free(views->v);
	views->v = NULL;
	views->n = 0;
}

static int step_order(const void *a, const void *b)
{
	const struct clock_step *x = a, *y = b;
	int order;

	if (x->at_s != y->at_s)
		return x->at_s < y->at_s ? -1 : 1;
	order = strcmp(x->target, y->target);
	if (!order)
		order = x->cycle < y->cycle ? -1 : x->cycle > y->cycle;
	return order ? order : strcmp(x->name, y->name);
}

#define WINDOWS_BACK 100 /* after a long outage: what lies further back is told by the verdicts alone */

/* The runs of a target follow each other. */
static bool lies_far_back(const runs *list, size_t i)
{
	return i + WINDOWS_BACK < list->n && text_equal(list->v[i].rule->name, list->v[i + WINDOWS_BACK].rule->name);
}

int clocks_steps(clock_steps *out, const struct ticket *ticket, const struct policy *policy, const struct calendars *calendars, int64_t now_s, struct ticket_error *err)
{
	_cleanup_history_ struct history history = {.apart = true};
	_cleanup_(runs_release) runs list = {0};
	int failed = follow_all(&list, &history, ticket, policy, calendars, now_s, err);

	for (size_t i = 0; !failed && i < list.n; i++)
		if (!lies_far_back(&list, i))
			run_steps(out, &list.v[i]);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), step_order);
	return failed;
}

/* --- why --------------------------------------------------------------------------------------------------------- */

static const char *const countings[] = {[COUNTED] = "counted", [PAUSED] = "paused", [CLOSED] = "closed"};

const char *counting_word(enum counting counting)
{
	return (unsigned)counting < ARRAY_SIZE(countings) ? countings[counting] : "";
}

static char *state_text(const struct moment *moment)
{
	bool waits = moment->state == STATE_WAITING && moment->waiting_for;

	return xasprintf("%s%s%s%s", state_word((enum ticket_state)moment->state), waits ? ":" : "", waits ? moment->waiting_for : "", moment->quarantined ? "+quarantined" : "");
}

/* One stretch of a run, cut where its calendar opens and closes. */
static void tell_stretch(struct clock_story *story, const struct run *run, const struct stretch *stretch, int64_t *total_s)
{
	const struct calendar *calendar = history_calendar(run->history, stretch->rule);
	const struct zone *zone = calendars_zone(run->history->calendars);

	for (int64_t at = stretch->from_s, end; at < stretch->to_s; at = end) {
		struct clock_interval *interval = list_push(&story->intervals);

		end = stretch->paused ? stretch->to_s : calendar_next_change(calendar, at);
		if (end > stretch->to_s)
			end = stretch->to_s;
		interval->from = stamp_at(zone, at);
		interval->to = stamp_at(zone, end);
		interval->state = state_text(stretch->moment);
		interval->counting = stretch->paused ? PAUSED : calendar_is_open(calendar, at) ? COUNTED : CLOSED;
		interval->calendar = calendar_name(calendar);
		interval->working_s = interval->counting == COUNTED ? end - at : 0;
		interval->total_s = *total_s += interval->working_s;
		interval->percent = run->limit_s > 0 ? (int)(*total_s * 100 / run->limit_s) : 0;
		if (stretch->due_set)
			interval->due = stamp_at(zone, stretch->due_s);
	}
}

static void tell(struct clock_story *story, const struct run *run)
{
	int64_t total_s = 0;

	view(&story->view, run);
	for (size_t i = 0; i < run->stretches.n; i++)
		tell_stretch(story, run, &run->stretches.v[i], &total_s);
}

static int no_such_clock(const struct ticket *ticket, const runs *list, const char *target, struct ticket_error *err)
{
	struct texts names = {0};
	_cleanup_free_ char *all = NULL;

	for (size_t i = 0; i < list->n; i++)
		if (!texts_have(&names, list->v[i].rule->name))
			texts_add(&names, list->v[i].rule->name);
	all = texts_join(&names, ", ");
	texts_release(&names);
	if (!list->n)
		return ticket_fail(err, TICKET_NOTFOUND, "'%s' has no clocks: no target of its policy applies to it", ticket->id);
	return ticket_fail(err, TICKET_NOTFOUND, "'%s' has no clock '%s'; it has: %s", ticket->id, target, all);
}

int clocks_explain(clock_stories *out, const struct ticket *ticket, const struct policy *policy, const struct calendars *calendars, const char *target, int64_t now_s,
		   struct ticket_error *err)
{
	_cleanup_history_ struct history history = {.apart = true};
	_cleanup_(runs_release) runs list = {0};
	int failed = follow_all(&list, &history, ticket, policy, calendars, now_s, err);

	for (size_t i = 0; !failed && i < list.n; i++)
		if (!target || text_equal(list.v[i].rule->name, target))
			tell(list_push(out), &list.v[i]);
	return failed ? failed : out->n ? 0 : no_such_clock(ticket, &list, target, err);
}

void clock_stories_release(clock_stories *stories)
{
	for (size_t i = 0; i < stories->n; i++) {
		struct clock_story *story = &stories->v[i];

		clock_release(&story->view.clock);
		for (size_t k = 0; k < story->intervals.n; k++)
			free(story->intervals.v[k].state);
		free(story->intervals.v);
	}
	free(stories->v);
	stories->v = NULL;
	stories->n = 0;
}
