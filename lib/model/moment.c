/* SPDX-License-Identifier: MIT */
/* Moments: the words by which rules name what happened (ticket-policy(5), "Moments"). */
#include "model/policy.h"

#include "ticket/text.h"

/* Of the kinds that a word can split up, the member that does it. */
static const struct {
	enum event_kind kind;
	size_t offset;
} parts[] = {
	{EVENT_SURVEY, offsetof(struct event, step)},      {EVENT_WAITING, offsetof(struct event, for_whom)},
	{EVENT_NOTED, offsetof(struct event, doing)},      {EVENT_FOLLOWED_UP, offsetof(struct event, satisfied)},
	{EVENT_RESOLVED, offsetof(struct event, cause)},   {EVENT_QUARANTINED, offsetof(struct event, cause)},
	{EVENT_RESPONDED, offsetof(struct event, via)},    {EVENT_WARNED, offsetof(struct event, clock)},
	{EVENT_BREACHED, offsetof(struct event, clock)},   {EVENT_REVIEWED, offsetof(struct event, decision)},
};

/* Is somebody assigned on the ticket right before the event? */
static bool had_assignee(const struct event *event, const struct ticket *ticket)
{
	const struct event *first = ticket->events.v, *e = first + ticket->events.n;

	if (!first || event < first || event >= e)
		return ticket->assignee != NULL;
	for (e = event; e-- > first;)
		if (e->kind == EVENT_ASSIGNED)
			return e->person != NULL;
	return false;
}

static bool is_low_survey(const struct event *event, const struct policy *policy)
{
	if (event->kind != EVENT_SURVEY || !text_equal(event->step, "answered"))
		return false;
	for (size_t i = 0; i < event->scores.n; i++) {
		const char *text = event->scores.v[i].value;
		char *end;
		double score = text ? strtod(text, &end) : 0;

		if (text && end != text && !*end && score <= (double)policy->survey.low)
			return true;
	}
	return false;
}

static bool part_is(const char *part, const struct event *event)
{
	if (event->kind == EVENT_ESCALATED || (event->kind == EVENT_REVIEWED && strspn(part, "0123456789") == strlen(part)))
		return event->level >= strtoll(part, NULL, 10);
	if (event->kind == EVENT_INBOUND)
		return event->complains && strcmp(part, "complaint") == 0;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (parts[i].kind == (enum event_kind)event->kind) {
			const char *value = *(char *const *)((const char *)event + parts[i].offset);

			return value && strcmp(value, part) == 0;
		}
	return false;
}

static bool is_word(const char *moment, size_t n, const char *word)
{
	return *moment == *word && strlen(word) == n && memcmp(moment, word, n) == 0;
}

/* The first 'n' bytes of 'moment' name one moment. Nothing is copied but what stands behind a ':', for this is asked of every event. */
static bool is_one(const char *moment, size_t n, const struct event *event, const struct ticket *ticket, const struct policy *policy)
{
	const char *word = event_word((enum event_kind)event->kind);
	size_t length = strlen(word);

	if (is_word(moment, n, "classified"))
		return event->kind == EVENT_TRIAGED || (event->kind == EVENT_OPENED && event->priority);
	if (is_word(moment, n, "reassigned"))
		return event->kind == EVENT_ASSIGNED && had_assignee(event, ticket);
	if (is_word(moment, n, "low_survey"))
		return is_low_survey(event, policy);
	if (is_word(moment, n, "explained"))
		return event->late_reason != NULL;
	if (!length || *moment != *word || length > n || memcmp(moment, word, length) != 0)
		return false;
	if (length < n && moment[length] == ':') {
		_cleanup_free_ char *part = xstrndup(moment + length + 1, n - length - 1);

		return part_is(part, event);
	}
	return length == n;
}

bool moment_is(const char *moment, const struct event *event, const struct ticket *ticket, const struct policy *policy)
{
	for (;;) {
		const char *end = strchrnul(moment, '|');

		if (is_one(moment, (size_t)(end - moment), event, ticket, policy))
			return true;
		if (!*end)
			return false;
		moment = end + 1;
	}
}

bool moment_is_any(const struct texts *moments, const struct event *event, const struct ticket *ticket, const struct policy *policy)
{
	for (size_t i = 0; i < moments->n; i++)
		if (moment_is(moments->v[i], event, ticket, policy))
			return true;
	return false;
}

/* Before 'boundary', which opened a new round of work, does the moment no longer count? */
static bool is_over(const struct event *event, const struct event *boundary)
{
	static const enum event_kind finishing[] = {EVENT_RESOLVED, EVENT_CONFIRMED, EVENT_SURVEY, EVENT_FOLLOWED_UP, EVENT_VERIFIED};

	if (boundary->kind == EVENT_REOPENED)
		return event->kind != EVENT_OPENED;
	for (size_t i = 0; i < ARRAY_SIZE(finishing); i++)
		if (finishing[i] == (enum event_kind)event->kind)
			return true;
	return false;
}

const struct event *moment_last(const char *moment, const struct ticket *ticket, const struct policy *policy)
{
	const struct event *boundary = NULL;

	if (strcmp(moment, "received") == 0)
		moment = event_word(EVENT_OPENED);
	for (size_t i = ticket->events.n; i-- > 0;) {
		const struct event *event = &ticket->events.v[i];

		if (moment_is(moment, event, ticket, policy) && !(boundary && is_over(event, boundary)))
			return event;
		if (event->kind == EVENT_REOPENED || (event->kind == EVENT_DISPUTED && !boundary))
			boundary = event;
	}
	return NULL;
}

static bool can_split(enum event_kind kind)
{
	if (kind == EVENT_ESCALATED || kind == EVENT_INBOUND)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (parts[i].kind == kind)
			return true;
	return false;
}

static bool one_known(const char *moment)
{
	static const char *const others[] = {"received", "classified", "reassigned", "low_survey", "explained"};
	size_t n = strcspn(moment, ":");
	_cleanup_free_ char *word = xstrndup(moment, n);
	enum event_kind kind = event_kind(word);

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (strcmp(others[i], moment) == 0)
			return true;
	return kind != EVENT_NONE && (!moment[n] || (moment[n + 1] && can_split(kind)));
}

bool moment_known(const char *moment)
{
	for (const char *bar; (bar = strchr(moment, '|')); moment = bar + 1) {
		_cleanup_free_ char *one = xstrndup(moment, (size_t)(bar - moment));

		if (!one_known(one))
			return false;
	}
	return one_known(moment);
}

/* What gates ask for beside moments; flow/ answers it. */
static bool one_need_known(const char *need)
{
	static const char *const words[] = {
		"category",           "customer_told",  "evidence", "late_reasons", "late_reviewed", "low_score_contact", "no_open_dispute",
		"no_open_quarantine", "no_open_review", "plan",     "priority",     "sample",       "satisfied",     "survey_closed",     "types",
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(words[i], need) == 0)
			return true;
	return one_known(need);
}

bool need_known(const char *need)
{
	for (const char *bar; (bar = strchr(need, '|')); need = bar + 1) {
		_cleanup_free_ char *one = xstrndup(need, (size_t)(bar - need));

		if (!one_need_known(one))
			return false;
	}
	return one_need_known(need);
}
