/* SPDX-License-Identifier: MIT */
/* What queries ask of a ticket and its file does not say in one place: nearest deadline, last activity, texts. */
#include "index/query.h"

#include "base/wide.h"
#include "ticket/sample.h"
#include "ticket/text.h"

/* --- live clocks ----------------------------------------------------------------------------------------------- */

static int by_target_and_cycle(const void *a, const void *b)
{
	const struct clock *x = *(const struct clock *const *)a, *y = *(const struct clock *const *)b;
	int order = strcmp(x->target, y->target);

	return order ? order : (x->cycle > y->cycle) - (x->cycle < y->cycle);
}

static bool is_live(const struct clock *clock)
{
	return (clock->verdict == VERDICT_RUNNING || clock->verdict == VERDICT_MISSED) && clock->due.set && !clock->done.set;
}

static int compare_target(const void *key, const void *item)
{
	return strcmp(key, ((const struct live_clock *)item)->clock->target);
}

/* A warning that was given is the moment from which its clock is at risk. */
static void note_warnings(struct facts *facts, const struct ticket *ticket)
{
	for (size_t i = 0; i < ticket->events.n; i++) {
		const struct event *event = &ticket->events.v[i];
		struct live_clock *live;

		if (event->kind != EVENT_WARNED || !event->clock)
			continue;
		live = bsearch(event->clock, facts->live.v, facts->live.n, sizeof(*facts->live.v), compare_target);
		if (live && live->clock->cycle == event->cycle && (live->risk_s == TIME_NONE || event->at.s < live->risk_s))
			live->risk_s = event->at.s;
	}
}

/*
 * Sorted, so that a damaged file with very many clocks costs no more than sorting them. Only the latest cycle of a
 * target counts: what an earlier one missed is told by reports, not by the list of what is overdue.
 */
static void find_live(struct facts *facts, const struct ticket *ticket)
{
	size_t n = ticket->clocks.n;
	_cleanup_free_ const struct clock **sorted = NULL;

	if (!n || ticket->state == STATE_ARCHIVED || ticket->state == STATE_MERGED)
		return;
	sorted = xcalloc(n, sizeof(const struct clock *));
	for (size_t i = 0; i < n; i++)
		sorted[i] = &ticket->clocks.v[i];
	qsort(sorted, n, sizeof(const struct clock *), by_target_and_cycle);
	for (size_t i = 0; i < n; i++) {
		const struct clock *clock = sorted[i];
		struct live_clock *live;

		if ((i + 1 < n && strcmp(clock->target, sorted[i + 1]->target) == 0) || !is_live(clock))
			continue;
		live = list_push(&facts->live);
		live->clock = clock;
		live->risk_s = clock->next.set && clock->next_step && text_starts(clock->next_step, "warn") ? clock->next.s : TIME_NONE;
		if (facts->times[FACT_DUE] == TIME_NONE || clock->due.s < facts->times[FACT_DUE]) {
			facts->times[FACT_DUE] = clock->due.s;
			facts->due_target = clock->target;
		}
	}
	if (facts->live.n)
		note_warnings(facts, ticket);
}

/* --- times ----------------------------------------------------------------------------------------------------- */

static int64_t stamp_time(const struct stamp *stamp)
{
	return stamp->set ? stamp->s : TIME_NONE;
}

static void later(int64_t *time, int64_t at_s)
{
	if (at_s > *time) /* TIME_NONE is the least */
		*time = at_s;
}

/* The sweep's own notes are no activity: a ticket nobody touches gets warnings, and stays untouched. */
static bool is_activity(enum event_kind kind)
{
	return kind != EVENT_WARNED && kind != EVENT_BREACHED && kind != EVENT_NOTIFIED && kind != EVENT_RETARGETED && kind != EVENT_RENUMBERED;
}

static void note_event(struct facts *facts, const struct event *event)
{
	int64_t *times = facts->times;

	if (!event->at.set)
		return;
	if (is_activity((enum event_kind)event->kind))
		later(&times[FACT_UPDATED], event->at.s);
	if (event->kind == EVENT_RESPONDED && (times[FACT_RESPONDED] == TIME_NONE || event->at.s < times[FACT_RESPONDED]))
		times[FACT_RESPONDED] = event->at.s;
	if (event->kind == EVENT_RESOLVED)
		later(&times[FACT_RESOLVED], event->at.s);
	if (event->kind == EVENT_INSPECTED)
		later(&times[FACT_INSPECTED], event->at.s);
	if (event->kind == EVENT_ARCHIVED)
		later(&times[FACT_ARCHIVED], event->at.s);
}

void facts_of(struct facts *out, const struct ticket *ticket)
{
	*out = (struct facts){0};
	for (int i = 0; i < FACT_TIMES; i++)
		out->times[i] = TIME_NONE;
	out->times[FACT_RECEIVED] = out->times[FACT_UPDATED] = stamp_time(&ticket->received);
	out->times[FACT_ETA] = stamp_time(&ticket->eta);
	out->times[FACT_PLAN] = stamp_time(&ticket->plan_due);
	out->times[FACT_EXPECTS] = stamp_time(&ticket->expects);
	for (size_t i = 0; i < ticket->events.n; i++)
		note_event(out, &ticket->events.v[i]);
	find_live(out, ticket);
}

void facts_release(struct facts *facts)
{
	free(facts->live.v);
	*facts = (struct facts){0};
}

/* --- samples --------------------------------------------------------------------------------------------------- */

void facts_owed(struct texts *out, const struct policy *policy, const struct ticket *ticket)
{
	samples_owed owed = {0};

	samples_of(policy, ticket, &owed);
	for (size_t i = 0; i < owed.n; i++)
		if (!texts_have(out, owed.v[i]->event))
			texts_add(out, owed.v[i]->event);
	free(owed.v);
}

/* --- texts ----------------------------------------------------------------------------------------------------- */

/* The first control character from 'at' on, or space behind a space; n: there is none. */
static size_t next_blank(const char *text, size_t at, size_t n)
{
	if (!at && n && (unsigned char)*text >= ' ')
		at = 1;
	for (; at && at + WIDE <= n; at += WIDE) {
		const wide c = wide_load(text + at), before = wide_load(text + at - 1), blank = (c <= 0x1f) | ((c == ' ') & (before == ' '));

		if (wide_any(blank))
			return at + wide_first(blank);
	}
	for (; at < n; at++)
		if ((unsigned char)text[at] < ' ' || (at && text[at] == ' ' && text[at - 1] == ' '))
			return at;
	return n;
}

/* Folding has made every Unicode space but the line and tab marks an ASCII one. */
static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

/* Each run of blanks becomes one space, in place; the length then. */
static size_t squeeze(char *text, size_t n)
{
	size_t at = next_blank(text, 0, n), to = at;

	while (at < n) {
		size_t end;

		if (!is_blank(text[at])) {
			text[to++] = text[at++];
		} else {
			if (!to || text[to - 1] != ' ')
				text[to++] = ' ';
			while (at < n && is_blank(text[at]))
				at++;
		}
		end = next_blank(text, at, n);
		memmove(text + to, text + at, end - at);
		to += end - at;
		at = end;
	}
	return to;
}

void search_fold_to(struct buf *out, const char *text)
{
	size_t start = out->n;

	text_fold_to(out, text, strlen(text));
	buf_truncate(out, start + squeeze(out->p + start, out->n - start));
}

char *search_fold(const char *text)
{
	struct buf out = {0};

	search_fold_to(&out, text);
	return buf_steal(&out);
}

int each_text(const struct ticket *ticket, int (*visit)(const char *field, const char *text, void *data), void *data)
{
	int ended = visit("subject", ticket->subject ? ticket->subject : "", data);

	if (!ended && ticket->description)
		ended = visit("description", ticket->description, data);
	if (!ended && ticket->customer.display)
		ended = visit("customer", ticket->customer.display, data);
	for (size_t i = 0; !ended && i < ticket->events.n; i++)
		if (ticket->events.v[i].text)
			ended = visit(event_word((enum event_kind)ticket->events.v[i].kind), ticket->events.v[i].text, data);
	return ended;
}
