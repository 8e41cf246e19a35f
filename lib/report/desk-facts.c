/* SPDX-License-Identifier: MIT */
/* What only some reports need, read for these alone: the desk's duties, samples, and inspections. */
#include "report/kinds.h"
#include "ticket/inspect.h"
#include "ticket/sample.h"

struct reading {
	struct material *m;
	struct places places; /* of the report's tickets */
};

static void take_inspections(struct desk_facts *out, uint32_t index, const struct ticket *ticket)
{
	for (size_t i = 0; i < ticket->events.n; i++) {
		const struct event *event = &ticket->events.v[i];

		if (event->kind == EVENT_INSPECTED)
			*list_push(&out->inspections) = (struct inspection_fact){index, xstrdup(inspect_handler(ticket)), xstrdup(event->by), xstrdup(event->text),
										   inspect_score(event), event->at.s};
	}
}

/* Each sample that decides about the ticket: was it drawn, and was it done? */
static void take_samples(struct desk_facts *out, uint32_t index, const struct ticket *ticket, const struct policy *policy)
{
	if (ticket->state < STATE_RESOLVED || ticket->state > STATE_ARCHIVED)
		return;
	for (size_t i = 0; i < policy->samples.n; i++) {
		const struct sample *rule = &policy->samples.v[i];

		if (sample_for(policy, ticket, rule->event) == rule)
			*list_push(&out->samples) = (struct sample_fact){index, i, sample_draws(rule, ticket), moment_last(rule->event, ticket, policy) != NULL};
	}
}

static int take_ticket(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct reading *r = data;
	size_t place = place_of(&r->places, ticket->id);

	/* Only what stands in the figures: places behind it are those of quarantined tickets. */
	if (place >= r->m->report->counted)
		return 0;
	take_inspections(&r->m->desk_facts, (uint32_t)place, ticket);
	take_samples(&r->m->desk_facts, (uint32_t)place, ticket, r->m->policy);
	return 0;
}

static bool has_section(const struct kind *kind, section_maker *section)
{
	for (size_t i = 0; i < MOST_SECTIONS && kind->sections[i]; i++)
		if (kind->sections[i] == section)
			return true;
	return false;
}

static bool has_standard(const struct policy *policy, const char *figure)
{
	for (size_t i = 0; i < policy->standards.n; i++)
		if (text_equal(policy->standards.v[i].figure, figure))
			return true;
	return false;
}

bool draws_inspections(const struct policy *policy)
{
	for (size_t i = 0; i < policy->samples.n; i++)
		if (text_equal(policy->samples.v[i].event, event_word(EVENT_INSPECTED)))
			return true;
	return false;
}

static bool needs_tickets(const struct kind *kind, const struct policy *policy)
{
	return has_section(kind, make_inspections) || (has_section(kind, make_standards) && has_standard(policy, "inspection_score")) ||
	       (has_section(kind, make_inspected_people) && draws_inspections(policy));
}

int desk_facts_load(struct material *m, const struct kind *kind, struct desk *desk, const struct query *query, struct ticket_error *err)
{
	struct reading r = {.m = m};
	int failed = 0;

	if (has_section(kind, make_on_time) || has_section(kind, make_standards))
		failed = duties_read(desk, &m->desk_facts.duties, err);
	if (failed || !needs_tickets(kind, m->policy))
		return failed;
	places_of(&r.places, &m->report->tickets);
	failed = desk_select(desk, query, NULL, take_ticket, &r, err);
	places_release(&r.places);
	return failed;
}

void desk_facts_release(struct desk_facts *out)
{
	for (size_t i = 0; i < out->inspections.n; i++) {
		free(out->inspections.v[i].handler);
		free(out->inspections.v[i].by);
		free(out->inspections.v[i].text);
	}
	free(out->inspections.v);
	free(out->samples.v);
	duties_release(&out->duties);
}
