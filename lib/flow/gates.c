/* SPDX-License-Identifier: MIT */
/* What must have happened before an event such as 'archived': the policy's gates (A16, C10, E8, E10). */
#include "flow/flow.h"

static bool has_evidence(const struct ticket *ticket)
{
	for (size_t i = 0; i < ticket->events.n; i++)
		if (ticket->events.v[i].files.n)
			return true;
	return false;
}

static bool survey_closed(const struct ticket *ticket)
{
	const struct event *survey = flow_last(ticket, EVENT_SURVEY, false);

	return survey && !text_equal(survey->step, "sent");
}

static bool is_low(const struct policy *policy, const struct event *event)
{
	for (size_t i = 0; i < event->scores.n; i++)
		if (strtoll(event->scores.v[i].value, NULL, 10) <= policy->survey.low)
			return true;
	return false;
}

/* B7: after a low score somebody must have talked to the customer. */
static bool low_score_contacted(const struct ticket *ticket, const struct policy *policy)
{
	bool owed = false;

	for (size_t i = 0; i < ticket->events.n; i++) {
		const struct event *event = &ticket->events.v[i];

		if (event->kind == EVENT_SURVEY && is_low(policy, event))
			owed = true;
		else if (event->kind == EVENT_FOLLOWED_UP)
			owed = false;
	}
	return !owed;
}

/* A follow-up that found the customer dissatisfied is an open dispute until the ticket was worked on again. */
static bool no_open_dispute(const struct ticket *ticket)
{
	const struct event *followup = flow_last(ticket, EVENT_FOLLOWED_UP, false);

	return !followup || !text_equal(followup->satisfied, "no");
}

static bool triaged(const struct ticket *ticket)
{
	return ticket->category || ticket->types.n;
}

static const struct condition_of {
	const char *need, *says;
	bool (*plain)(const struct ticket *ticket);
	bool (*with_policy)(const struct ticket *ticket, const struct policy *policy);
} conditions_of[] = {
	{"evidence", "no evidence is attached (ticket attach, or confirm --evidence)", has_evidence, NULL},
	{"survey_closed", "the survey has no answer yet (ticket survey --answer or --no-answer)", survey_closed, NULL},
	{"low_score_contact", "the low score was not followed up (ticket followup)", NULL, low_score_contacted},
	{"no_open_dispute", "the follow-up found the customer dissatisfied (ticket reopen)", no_open_dispute, NULL},
	{"category", "it has no type or category (ticket triage)", triaged, NULL},
};

/* Appends what one need still lacks. */
static void check_need(const struct ticket *ticket, const struct policy *policy, const char *need, struct texts *missing)
{
	enum event_kind kind = text_equal(need, "plan") ? EVENT_PLANNED : event_kind(need);
	_cleanup_free_ char *says = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(conditions_of); i++) {
		const struct condition_of *c = &conditions_of[i];

		if (!text_equal(c->need, need))
			continue;
		if (!(c->plain ? c->plain(ticket) : c->with_policy(ticket, policy)) && !texts_have(missing, c->says))
			texts_add(missing, c->says);
		return;
	}
	if (kind == EVENT_NONE || flow_last(ticket, kind, false))
		return;
	says = xasprintf("'%s' is missing (ticket %s)", event_word(kind), flow_command(kind) ? flow_command(kind) : event_word(kind));
	if (!texts_have(missing, says))
		texts_add(missing, says);
}

void flow_missing(const struct ticket *ticket, const struct policy *policy, const char *event, struct texts *missing)
{
	for (size_t i = 0; i < policy->gates.n; i++) {
		const struct gate *gate = &policy->gates.v[i];

		if (!text_equal(gate->event, event) || !conditions_hold(&gate->when, ticket))
			continue;
		for (size_t n = 0; n < gate->needs.n; n++)
			check_need(ticket, policy, gate->needs.v[n], missing);
	}
}
