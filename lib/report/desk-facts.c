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
	for (size_t i = 0; i < policy->samples.n; i++) {
		const struct sample *rule = &policy->samples.v[i];

		if (sample_for(policy, ticket, rule->event) == rule)
			*list_push(&out->samples) = (struct sample_fact){index, i, sample_draws(rule, ticket), moment_last(rule->event, ticket, policy) != NULL};
	}
}

/* Its place in the figures; those behind them are of quarantined tickets, and in none. */
static bool place_in(const struct reading *r, const struct ticket *ticket, uint32_t *place)
{
	size_t at = place_of(&r->places, ticket->id);

	*place = (uint32_t)at;
	return at < r->m->report->counted;
}

static int take_inspected(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct reading *r = data;
	uint32_t place;

	if (place_in(r, ticket, &place))
		take_inspections(&r->m->desk_facts, place, ticket);
	return 0;
}

static int take_handled(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct reading *r = data;
	uint32_t place;

	if (place_in(r, ticket, &place))
		take_samples(&r->m->desk_facts, place, ticket, r->m->policy);
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

/* Inspected tickets are few, and the index knows them; how samples were drawn is seen on all that were handled. */
static int read_tickets(struct material *m, struct desk *desk, const struct report_order *order, const char *which, desk_visitor *take, struct ticket_error *err)
{
	const struct query_context context = {m->policy, desk_zone(desk), desk_now(desk), NULL, desk_actor, desk};
	const char **words = xcalloc(order->n_words + 1, sizeof(*words));
	_cleanup_query_ struct query *query = NULL;
	struct reading r = {.m = m};
	int failed;

	words[0] = which;
	for (size_t i = 0; i < order->n_words; i++)
		words[i + 1] = order->words[i];
	failed = query_parse(&query, words, order->n_words + 1, "received", 0, &context, err);
	free(words);
	if (failed)
		return failed;
	query_received(query, &order->period);
	places_of(&r.places, &m->report->tickets);
	failed = desk_select(desk, query, NULL, take, &r, err);
	places_release(&r.places);
	return failed;
}

static bool needs_inspections(const struct kind *kind, const struct policy *policy)
{
	return has_section(kind, make_inspections) || (has_section(kind, make_standards) && has_standard(policy, "inspection_score")) || (has_section(kind, make_inspected_people) && draws_inspections(policy));
}

int desk_facts_load(struct material *m, const struct kind *kind, struct desk *desk, const struct report_order *order, struct ticket_error *err)
{
	int failed = 0;

	if (has_section(kind, make_on_time) || has_section(kind, make_standards))
		failed = duties_read(desk, &m->desk_facts.duties, err);
	if (!failed && needs_inspections(kind, m->policy))
		failed = read_tickets(m, desk, order, "has:inspected", take_inspected, err);
	if (!failed && has_section(kind, make_samples))
		failed = read_tickets(m, desk, order, "state:resolved,confirmed,verified,archived", take_handled, err);
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
