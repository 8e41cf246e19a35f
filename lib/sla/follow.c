/* SPDX-License-Identifier: MIT */
/*
 * Following one target through the history of a ticket: when its clocks start, are met, are cut off, start again.
 *
 *   once      starts at the first `from` of each cycle of the ticket
 *   again     starts at each `from` that comes while none runs
 *   every     windows end to end while the ticket is open; something of `until` is owed in each
 *   by        a window for each working day, from its midnight; due at that time of day, over at the next midnight
 *
 * A reopening or dispute begins a new cycle of the ticket: what hung on the resolution is cut off, and what counts from
 * the receipt, the registration, the classification or the assignment counts from there, if it is not still true.
 */
#include "sla/clock.h"

#include "sla/calendar.h"
#include "sla/pause.h"

#define WINDOWS_MAX 20000 /* of one target on one ticket: more is a rule gone wrong, and must not hang the desk */

struct follower {
	const struct history *history;
	size_t name;
	runs *out;
	struct run active;
	bool running;
	const struct moment *moment; /* how the ticket stands */
	const struct target *rule;   /* in force; NULL: none */
	int64_t cycles;
	bool spent;         /* had its turn in this cycle of the ticket */
	bool hung;          /* … and what ended that turn was the end of the work: a dispute undoes it */
	bool was_cut;       /* … by a change to a rule that has no such target */
	bool windows;       /* recurring: windows follow each other */
	int64_t next_from_s;
};

static bool recurs(const struct target *rule)
{
	return rule->every.set || rule->by;
}

static bool is_moment(const struct follower *f, const char *word, const struct moment *moment)
{
	return moment_is(word, moment->event, &f->history->then, history_policy(f->history, moment));
}

static bool meets(const struct follower *f, const struct target *rule, const struct moment *moment)
{
	return moment_is_any(&rule->until, moment->event, &f->history->then, history_policy(f->history, moment));
}

/* How many of the alternatives "a|b|c" of a moment, without what stands behind ':', are one of the words; '*all' of how many. */
static size_t named(const char *moment, const char *words, size_t *all)
{
	size_t hits = 0;

	*all = 0;
	for (const char *p = moment; *p; ++*all) {
		size_t n = strcspn(p, ":|");

		for (const char *w = words; *w; w += strcspn(w, " "), w += *w == ' ')
			hits += strcspn(w, " ") == n && memcmp(w, p, n) == 0;
		p += strcspn(p, "|");
		p += *p == '|';
	}
	return hits;
}

static bool names_any(const char *moment, const char *words)
{
	size_t all;

	return named(moment, words, &all) > 0;
}

static bool names_only(const char *moment, const char *words)
{
	size_t all;

	return named(moment, words, &all) == all;
}

/* Does it count from something that only the end of the work brings? */
static bool hangs_on_the_end(const struct target *rule)
{
	return names_only(rule->from, "resolved confirmed survey low_survey followed_up verified archived");
}

/* Is it about the work alone, so that the resolution makes it pointless? */
static bool is_about_work(const struct target *rule)
{
	if (recurs(rule))
		return true;
	if (hangs_on_the_end(rule))
		return false;
	for (size_t i = 0; i < rule->until.n; i++)
		if (!names_only(rule->until.v[i], "opened triaged classified assigned reassigned responded planned noted waiting resumed escalated inbound"))
			return false;
	return true;
}

static bool ends_work(const struct event *event)
{
	return event->kind == EVENT_RESOLVED || event->kind == EVENT_CONFIRMED || event->kind == EVENT_SURVEY || event->kind == EVENT_FOLLOWED_UP ||
	       event->kind == EVENT_VERIFIED;
}

/* --- starting and ending ----------------------------------------------------------------------------------------- */

/* Recurring cycles of one verdict, one after the other, are kept as one. */
static bool joins(const struct run *last, const struct run *run)
{
	return !run->history->apart && recurs(run->rule) && last->rule == run->rule && run_is_over(last) && run_verdict(last) == run_verdict(run) && run_verdict(run) != VERDICT_CANCELLED &&
	       last->cycle + 1 == run->cycle;
}

static void put_out(struct follower *f)
{
	struct run *last = f->out->n ? &f->out->v[f->out->n - 1] : NULL;

	f->running = false;
	if (last && joins(last, &f->active)) {
		f->active.count = last->count + 1;
		f->active.first_s = last->first_s;
		run_release(last);
		*last = f->active;
	} else {
		*list_push(f->out) = f->active;
	}
	memset(&f->active, 0, sizeof(f->active));
}

static void start_at(struct follower *f, int64_t from_s)
{
	run_start(&f->active, f->history, f->rule, f->moment, from_s, ++f->cycles);
	f->running = f->spent = true;
	f->hung = false;
}

static void cut(struct follower *f, int64_t at_s)
{
	if (f->running) {
		run_cut(&f->active, at_s);
		put_out(f);
	}
}

/* Moves 'f->next_from_s' to where the next window of a recurring target begins; false when there is none any more. */
static bool find_window(struct follower *f, int64_t *due_s)
{
	if (f->cycles >= WINDOWS_MAX)
		return false;
	return !f->rule->by || calendar_next_by(history_calendar(f->history, f->rule), f->rule->by, &f->next_from_s, due_s);
}

/* Opens the next window, if it begins by then. */
static bool open_window(struct follower *f, int64_t until_s)
{
	int64_t due_s;

	if (f->next_from_s > until_s || !find_window(f, &due_s) || f->next_from_s > until_s)
		return false;
	if (f->rule->by)
		run_start_fixed(&f->active, f->history, f->rule, f->moment, f->next_from_s, due_s, ++f->cycles);
	else
		start_at(f, f->next_from_s);
	return f->running = true;
}

/* When the window that runs is over; false while nothing but an event can end it. */
static bool window_end(const struct follower *f, int64_t *end_s)
{
	const struct run *run = &f->active;

	if (!recurs(run->rule))
		return false;
	if (run->fixed)
		*end_s = calendar_day_end(run->calendar, run->from_s);
	else
		*end_s = run->due_s;
	return run->fixed || run->due_set;
}

/* A window that is over: what was owed in it was not done, unless the clock stood still when it was due. */
static void close_window(struct follower *f, int64_t end_s)
{
	run_advance(&f->active, end_s);
	f->next_from_s = end_s;
	if (!f->active.fixed)
		f->active.missed = true; /* advanced to its deadline, not beyond it */
	f->active.ended = true;
	f->active.ended_s = end_s;
	put_out(f);
}

/* Runs on to a moment, through as many windows as there are. */
static void advance(struct follower *f, int64_t to_s)
{
	int64_t end_s;

	for (;;) {
		if (!f->running && (!f->windows || !open_window(f, to_s)))
			return;
		/* What happens on the deadline is in time; what happens at midnight is of the next day. */
		if (window_end(f, &end_s) && (f->active.fixed ? end_s <= to_s : end_s < to_s)) {
			close_window(f, end_s);
			continue;
		}
		run_advance(&f->active, to_s);
		return;
	}
}

/* --- events ------------------------------------------------------------------------------------------------------ */

static void finish(struct follower *f, const struct event *event)
{
	int64_t end_s = event->at.s;
	bool has_end = window_end(f, &end_s);

	run_finish(&f->active, event);
	f->hung = ends_work(event);
	if (recurs(f->active.rule))
		f->next_from_s = has_end ? end_s : event->at.s;
	put_out(f);
}

/* What is done once is done: an answer before the assignment is the answer that was owed after it. */
static bool done_before(const struct follower *f, const struct moment *moment)
{
	int kind = moment->event->kind;

	return (kind == EVENT_RESPONDED || kind == EVENT_PLANNED || kind == EVENT_ESCALATED) && meets(f, f->rule, moment);
}

/* What counts from the beginning of work, and is owed anew when work begins anew. */
static bool begins_again(const struct follower *f)
{
	const struct target *rule = f->rule;
	bool from_start = names_any(rule->from, "received opened classified");

	if (!from_start && !(names_any(rule->from, "assigned") && f->moment->assigned))
		return false;
	for (size_t i = 0; i < rule->until.n; i++)
		if (names_any(rule->until.v[i], "opened") || (names_any(rule->until.v[i], "classified triaged") && f->moment->prioritised) ||
		    (names_any(rule->until.v[i], "assigned") && f->moment->assigned))
			return false; /* still true */
	return true;
}

static void new_cycle(struct follower *f, const struct moment *moment)
{
	bool reopened = moment->event->kind == EVENT_REOPENED, resume = reopened || f->hung || f->was_cut;

	if (f->running && hangs_on_the_end(f->active.rule))
		cut(f, moment->at_s);
	if (!f->rule || f->running)
		return;
	if (!hangs_on_the_end(f->rule) && !resume && !recurs(f->rule))
		return;
	f->spent = f->hung = f->was_cut = false;
	if (!begins_again(f))
		return;
	if (recurs(f->rule)) {
		f->windows = true;
		f->next_from_s = moment->at_s;
	} else {
		start_at(f, moment->at_s);
	}
}

static bool has_begun(const struct follower *f, size_t i)
{
	for (size_t k = 0; k <= i; k++)
		if (is_moment(f, f->rule->from, &f->history->moments.v[k]))
			return true;
	return text_equal(f->rule->from, "received");
}

/* Of a target that only new rules bring: was what it wants done in this round already? */
static bool was_met(const struct follower *f, size_t i)
{
	for (size_t k = i; k-- > 0 && f->history->moments.v[k].cycle == f->moment->cycle;)
		if (meets(f, f->rule, &f->history->moments.v[k]))
			return true;
	return false;
}

/* New rules may bring a target that the ticket did not have: it counts from there, for nobody knew of it before. */
static bool is_brought(const struct follower *f, size_t i)
{
	return f->moment->event->kind == EVENT_RETARGETED && !f->spent && !recurs(f->rule) && state_is_open((enum ticket_state)f->moment->state) && has_begun(f, i - 1) &&
	       !was_met(f, i);
}

static void change_rule(struct follower *f, const struct target *rule, size_t i)
{
	const struct target *before = f->rule;
	const struct moment *moment = f->moment;

	f->rule = rule;
	if (!rule) {
		f->was_cut = f->running || f->windows;
		f->windows = false;
		cut(f, moment->at_s);
		return;
	}
	if (f->running)
		run_change(&f->active, rule, moment);
	else if (recurs(rule) && !before && !f->windows && i && state_is_open((enum ticket_state)moment->state) && has_begun(f, i - 1)) {
		f->windows = true; /* it has come to apply after its beginning */
		f->next_from_s = moment->at_s;
	} else if ((f->was_cut && !recurs(rule)) || (!before && i && is_brought(f, i))) {
		start_at(f, moment->at_s);
	}
	f->was_cut = false;
}

static void from_event(struct follower *f, const struct moment *moment)
{
	if (f->running || !f->rule || !is_moment(f, f->rule->from, moment))
		return;
	if (recurs(f->rule)) {
		if (!f->windows && state_is_open((enum ticket_state)moment->state)) {
			f->windows = true;
			f->next_from_s = moment->event->at.s;
		}
	} else if (f->rule->again || !f->spent) {
		start_at(f, moment->event->at.s);
	}
}

static bool is_closed(int state)
{
	return state == STATE_ARCHIVED || state == STATE_MERGED;
}

/* What the event ends without meeting it. */
static void cut_off(struct follower *f, const struct moment *moment, const struct moment *before)
{
	bool closed = is_closed(moment->state) && !is_closed(before->state);
	bool resolved = state_is_open((enum ticket_state)before->state) && !state_is_open((enum ticket_state)moment->state);

	if (closed || resolved)
		f->windows = false;
	if (!f->running || !(closed || (resolved && is_about_work(f->active.rule))))
		return;
	cut(f, moment->at_s);
	f->hung = true;
}

static void opening(struct follower *f, const struct moment *moment)
{
	f->moment = moment;
	f->rule = history_rule(f->history, f->name, 0);
	if (f->rule && text_equal(f->rule->from, "received")) {
		if (recurs(f->rule)) {
			f->windows = true;
			f->next_from_s = f->history->ticket->received.s;
		} else {
			start_at(f, f->history->ticket->received.s);
		}
	}
	advance(f, moment->at_s);
	if (f->running && meets(f, f->active.rule, moment))
		finish(f, moment->event);
	from_event(f, moment);
}

static void happen(struct follower *f, size_t i)
{
	const struct moment *moment = &f->history->moments.v[i], *before = moment - 1;
	const struct target *rule = history_rule(f->history, f->name, i);

	advance(f, moment->at_s);
	f->moment = moment;
	if (f->running && meets(f, f->active.rule, moment))
		finish(f, moment->event);
	else if (!f->running && f->rule && !f->rule->again && !recurs(f->rule) && done_before(f, moment))
		f->spent = true;
	cut_off(f, moment, before);
	if (rule != f->rule)
		change_rule(f, rule, i);
	if (!state_is_open((enum ticket_state)before->state) && state_is_open((enum ticket_state)moment->state))
		new_cycle(f, moment);
	from_event(f, moment);
	if (f->running)
		run_change(&f->active, f->active.rule, moment);
}

/* A window whose steps are all done says when the next one has its first, so that the sweep knows when to come. */
static void look_ahead(struct follower *f)
{
	struct follower ahead = {.history = f->history, .name = f->name, .rule = f->rule, .moment = f->moment, .cycles = f->cycles};
	_cleanup_(clock_steps_release) clock_steps steps = {0};

	run_steps(&steps, &f->active);
	for (size_t i = 0; i < steps.n; i++)
		if (!steps.v[i].recorded)
			return;
	clock_steps_release(&steps);
	if (!window_end(f, &ahead.next_from_s) || !open_window(&ahead, INT64_MAX))
		return;
	run_steps(&steps, &ahead.active);
	for (size_t i = 0; i < steps.n; i++)
		if (!steps.v[i].recorded && (!f->active.later || steps.v[i].at_s < f->active.later_s)) {
			f->active.later_s = steps.v[i].at_s;
			replace_text(&f->active.later, steps.v[i].name);
		}
	run_release(&ahead.active);
}

void follow_target(runs *out, const struct history *history, size_t name, int64_t now_s)
{
	struct follower f = {.history = history, .name = name, .out = out};

	if (!history->moments.n)
		return;
	opening(&f, &history->moments.v[0]);
	for (size_t i = 1; i < history->moments.n; i++)
		happen(&f, i);
	advance(&f, now_s);
	if (!f.running && f.windows)
		open_window(&f, INT64_MAX); /* the next one, so that the sweep knows when to come */
	else if (f.running && f.windows && f.rule)
		look_ahead(&f);
	if (f.running)
		put_out(&f);
}
