/* SPDX-License-Identifier: MIT */
/* The sweep: see ticket/check.h. */
#include "sweep/sources.h"

#include "desk/index.h"
#include "ticket/query.h"

bool sweep_did(const struct ticket *ticket, const char *clock, int64_t cycle, const char *step)
{
	for (size_t i = ticket->events.n; i-- > 0;) {
		const struct event *event = &ticket->events.v[i];

		if (text_equal(event->step, step) && text_equal(event->clock, clock) && event->cycle == cycle && event->automatic)
			return true;
	}
	return false;
}

/* A survey's own step is no step of a clock: "survey:sent". */
static const char *step_word(const struct event *event)
{
	if (event->kind != EVENT_SURVEY)
		return event->step;
	return text_equal(event->step, "sent") ? "survey:sent" : "survey:unanswered";
}

int sweep_record(struct sweep *sweep, struct ticket *ticket, struct event *event, struct ticket_error *err)
{
	const struct event *kept;
	struct check_step step;
	int failed;

	event->automatic = true;
	if ((failed = change_record(sweep->change, ticket, event, &kept, err)))
		return failed;
	sweep->done++;
	if (!sweep->swept.n || !text_equal(sweep->swept.v[sweep->swept.n - 1], ticket->id))
		texts_add(&sweep->swept, ticket->id);
	step = (struct check_step){.ticket = ticket, .clock = kept->clock, .step = step_word(kept), .cycle = kept->cycle, .at = kept->at, .due = kept->due};
	return sweep->stopped = sweep->visit ? sweep->visit(&step, sweep->data, err) : 0;
}

int sweep_spare(struct sweep *sweep, int failed, const struct ticket_error *why, struct ticket_error *err)
{
	if (!failed)
		return 0;
	if (sweep->stopped || failed == TICKET_BUSY) {
		if (err)
			*err = *why;
		return failed;
	}
	if (!sweep->spared) {
		sweep->spared = failed;
		sweep->why = *why;
	}
	return 0;
}

/* --- the steps of clocks --------------------------------------------------------------------------------------- */

/* "role:director", "group:…", "person:…": a group takes a ticket as a group, anybody else as a person (A13). */
static void reassign(const struct policy *policy, const struct ticket *ticket, const char *to, struct event *event)
{
	struct texts people = {0};

	if (text_starts(to, "group:"))
		replace_text(&event->group, to + strlen("group:"));
	else if (policy_recipients(policy, ticket, to, &people))
		replace_text(&event->person, people.v[0]);
	texts_release(&people);
}

static void act(const struct policy *policy, const struct ticket *ticket, const struct ladder_step *ladder, struct event *event)
{
	if (!ladder->level && !ladder->delayed && !ladder->raise_to && !ladder->reassign) {
		event->kind = EVENT_WARNED;
		return;
	}
	event->kind = EVENT_ESCALATED;
	event->reason = xasprintf("%s: %s", event->clock, ladder->name);
	event->level = ladder->level ? ladder->level : ticket->level;
	event->delayed = ladder->delayed;
	event->priority = xstrdup(ladder->raise_to);
	if (ladder->reassign) {
		event->to = xstrdup(ladder->reassign);
		reassign(policy, ticket, ladder->reassign, event);
	}
}

void sweep_event(const struct policy *policy, const struct ticket *ticket, const struct clock_step *step, struct event *out)
{
	out->kind = text_equal(step->name, "due") ? EVENT_BREACHED : EVENT_WARNED;
	out->clock = xstrdup(step->target);
	out->cycle = step->cycle;
	out->step = xstrdup(step->name);
	out->due = step->due;
	if (step->step)
		act(policy, ticket, step->step, out);
}

static int do_step(struct sweep *sweep, struct ticket *ticket, const struct clock_step *step, struct ticket_error *err)
{
	struct event event = {.at = stamp_at(sweep->desk->zone, step->at_s)};

	sweep_event(sweep->desk->policy, ticket, step, &event);
	return sweep_record(sweep, ticket, &event, err);
}

/* The first step that is due and not done, NULL: none. A step may change what follows, so each is asked for anew. */
static int first_due(struct sweep *sweep, struct ticket *ticket, clock_steps *steps, const struct clock_step **out, struct ticket_error *err)
{
	const struct policy *policy;
	const struct calendars *calendars;
	int failed;

	*out = NULL;
	if ((failed = desk_rules(sweep->desk, ticket, &policy, &calendars, err)) ||
	    (failed = clocks_steps(steps, ticket, policy, calendars, sweep->now_s, err)))
		return failed;
	for (size_t i = 0; i < steps->n && !*out; i++)
		if (!steps->v[i].recorded && steps->v[i].at_s <= sweep->now_s)
			*out = &steps->v[i];
	return 0;
}

static int sweep_ticket(struct sweep *sweep, const char *number, struct ticket_error *err)
{
	const struct clock_step *step;
	struct ticket *ticket;
	int failed = change_ticket(sweep->change, number, &ticket, err);

	do {
		clock_steps steps = {0};

		if (!failed)
			failed = first_due(sweep, ticket, &steps, &step, err);
		if (!failed && step)
			failed = do_step(sweep, ticket, step, err);
		clock_steps_release(&steps);
	} while (!failed && step);
	return failed ? failed : survey_step(sweep, ticket, err);
}

static int sweep_clocks(struct sweep *sweep, struct ticket_error *err)
{
	struct texts numbers = {0};
	struct index *index = NULL;
	int failed = desk_index(sweep->desk, NULL, &index, err);

	if (!failed)
		failed = index_next_due(index, sweep->now_s, 0, &numbers, err);
	index_close(index);
	for (size_t i = 0; i < numbers.n && !failed; i++) {
		struct ticket_error why = {0};

		failed = sweep_spare(sweep, sweep_ticket(sweep, numbers.v[i], &why), &why, err);
	}
	texts_release(&numbers);
	return failed;
}

/* What an alarm has done, such as closing a ticket long ago, can have made more due. */
static int sweep_again(struct sweep *sweep, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0, n = sweep->swept.n; i < n && !failed; i++) {
		_cleanup_free_ char *number = xstrdup(sweep->swept.v[i]);
		struct ticket_error why = {0};

		failed = sweep_spare(sweep, sweep_ticket(sweep, number, &why), &why, err);
	}
	return failed;
}

/* --- what comes soon ------------------------------------------------------------------------------------------- */

static int show_soon_of(struct sweep *sweep, const char *number, int64_t until_s, struct ticket_error *err)
{
	_cleanup_ticket_ struct ticket *ticket = NULL;
	const struct policy *policy;
	const struct calendars *calendars;
	clock_steps steps = {0};
	int failed;

	if ((failed = desk_read(sweep->desk, number, &ticket, err)) || (failed = desk_rules(sweep->desk, ticket, &policy, &calendars, err)) ||
	    (failed = clocks_steps(&steps, ticket, policy, calendars, sweep->now_s, err)))
		return failed;
	for (size_t i = 0; i < steps.n && !failed && sweep->visit; i++) {
		const struct clock_step *s = &steps.v[i];
		struct check_step step = {.ticket = ticket, .clock = s->target, .step = s->name, .cycle = s->cycle,
					  .at = stamp_at(sweep->desk->zone, s->at_s), .due = s->due, .soon = true};

		if (!s->recorded && s->at_s > sweep->now_s && s->at_s <= until_s)
			failed = sweep->visit(&step, sweep->data, err);
	}
	clock_steps_release(&steps);
	return failed ? failed : survey_soon(sweep, ticket, until_s, err);
}

static int show_soon(struct sweep *sweep, int64_t until_s, struct ticket_error *err)
{
	struct texts numbers = {0};
	struct index *index = NULL;
	int failed = desk_index(sweep->desk, NULL, &index, err);

	if (!failed)
		failed = index_next_due(index, until_s, 0, &numbers, err);
	index_close(index);
	for (size_t i = 0; i < numbers.n && !failed; i++)
		failed = show_soon_of(sweep, numbers.v[i], until_s, err);
	texts_release(&numbers);
	return failed ? failed : sources_soon(sweep, until_s, err);
}

/* --- the sweep ------------------------------------------------------------------------------------------------- */

/* Is there anything a sweep would do? Asked without the lock, and again under it by whoever goes on. */
static bool is_due(const struct desk *desk, const struct swept_until *since)
{
	int64_t now_s = desk->context.now_s;

	if (!oid_equal(&since->snapshot.commit, &desk->head.commit))
		return true;
	return sources_due(since, now_s) || since->standing_s <= now_s || (since->clocks_s != TIME_NONE && since->clocks_s <= now_s);
}

static int run_sweep(struct sweep *sweep, bool dry_run, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	struct swept_until since;
	int failed;

	if ((failed = change_begin(&change, sweep->desk, err)))
		return failed;
	/* Under the lock: another sweep may have been here since. */
	sweep_stamp_read(sweep->desk, &since);
	sweep->change = change;
	sweep->dry_run = dry_run;
	sweep->standing_s = since.standing_s == INT64_MAX || since.standing_s == INT64_MIN ? TIME_NONE : since.standing_s;
	if ((failed = sweep_news(sweep, &since, err)) || (failed = sweep_clocks(sweep, err)) || (failed = sources_sweep(sweep, &since, err)) ||
	    (failed = sweep_alarms(sweep, &since, err)) || (failed = sweep_again(sweep, err)) || (failed = survey_box(sweep, err)))
		return failed;
	if (sweep->done)
		change_subject(change, "check: %zu step%s", sweep->done, sweep->done == 1 ? "" : "s");
	else if (sweep->groups)
		change_subject(change, "surveys: %zu answers", sweep->groups);
	if ((failed = change_commit(change, dry_run, err)) || dry_run || sweep->spared)
		return failed; /* what was spared is looked at again */
	return sweep_stamp_write(sweep, err);
}

static int show_within(struct sweep *sweep, const struct duration *within, struct ticket_error *err)
{
	int64_t until_s = sweep->now_s + within->seconds;
	const struct calendars *calendars;
	int failed = 0;

	if (within->working_days && !(failed = desk_rules(sweep->desk, NULL, NULL, &calendars, err)))
		failed = calendar_add(&until_s, calendars_get(calendars, sweep->desk->policy->calendar), sweep->now_s, within, err);
	return failed ? failed : show_soon(sweep, until_s, err);
}

/* What was done is done; what could not be is told last, each time, until somebody mends it. */
static int tell_spared(const struct sweep *sweep, struct ticket_error *err)
{
	if (sweep->spared && err)
		*err = sweep->why;
	return sweep->spared;
}

int desk_check(struct desk *desk, const struct check_options *options, check_visitor *visit, void *data, struct ticket_error *err)
{
	struct sweep sweep = {.desk = desk, .now_s = desk->context.now_s, .visit = visit, .data = data};
	struct swept_until since;
	int failed = 0;

	sweep_stamp_read(desk, &since);
	if (is_due(desk, &since))
		failed = run_sweep(&sweep, options->dry_run, err);
	if (!failed && options->within.set)
		failed = show_within(&sweep, &options->within, err);
	texts_release(&sweep.swept);
	texts_release(&sweep.raised);
	return failed ? failed : tell_spared(&sweep, err);
}
