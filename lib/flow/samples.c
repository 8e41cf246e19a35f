/* SPDX-License-Identifier: MIT */
/* Samples: see ticket/sample.h. */
#include "ticket/sample.h"

#include "privacy/digest.h"

#define DRAWN_DIGITS 13 /* of the digest: 52 bits, as many as a double holds exactly */

bool sample_draws(const struct sample *rule, const struct ticket *ticket)
{
	_cleanup_free_ char *words = NULL;
	char hex[DIGEST_HEX_SIZE];

	if (rule->share >= 1)
		return true;
	words = xasprintf("%s\n%s", rule->seed ? rule->seed : rule->name, ticket->uid ? ticket->uid : "");
	digest_hex(hex, words, strlen(words));
	hex[DRAWN_DIGITS] = '\0';
	return (double)strtoull(hex, NULL, 16) < rule->share * (double)(1ULL << (4 * DRAWN_DIGITS));
}

/* What is drawn by hand from a period's tickets, the monitor's spot checks, no ticket owes by itself. */
static bool is_by_hand(const struct sample *rule)
{
	return text_equal(rule->event, event_word(EVENT_INSPECTED));
}

const struct sample *sample_for(const struct policy *policy, const struct ticket *ticket, const char *event)
{
	for (size_t i = 0; i < policy->samples.n; i++) {
		const struct sample *rule = &policy->samples.v[i];

		if (!is_by_hand(rule) && text_equal(rule->event, event) && conditions_hold(&rule->when, ticket))
			return rule;
	}
	return NULL;
}

/* Is it one of the past that came resolved with an import? Nobody is called about that. */
static bool was_imported_resolved(const struct ticket *ticket)
{
	if (!ticket->source.file || !ticket->events.n)
		return false;
	for (size_t i = ticket->events.n; i-- > 0;)
		if (ticket->events.v[i].kind == EVENT_RESOLVED)
			return ticket->events.v[i].recorded.s == ticket->events.v[0].recorded.s;
	return false;
}

void samples_of(const struct policy *policy, const struct ticket *ticket, samples_owed *out)
{
	if (ticket->state < STATE_RESOLVED || ticket->state >= STATE_ARCHIVED || ticket->quarantined || was_imported_resolved(ticket))
		return;
	for (size_t i = 0; i < policy->samples.n; i++) {
		const struct sample *rule = &policy->samples.v[i];

		if (sample_for(policy, ticket, rule->event) == rule && sample_draws(rule, ticket) && !moment_last(rule->event, ticket, policy))
			*list_push(out) = rule;
	}
}
