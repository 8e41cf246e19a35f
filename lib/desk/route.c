/* SPDX-License-Identifier: MIT */
/* Routing a ticket to a group and, within it, to whoever has least to do (A9, C7, D7). */
#include "desk/change.h"
#include "desk/index.h"
#include "flow/flow.h"

/* What this very change has given a person, which the index does not know yet. */
static size_t change_load(const struct change *change, const char *person)
{
	size_t n = 0;

	for (size_t i = 0; i < change->tickets.n; i++) {
		const struct touched *touched = change->tickets.v[i];
		const struct ticket *ticket = touched->ticket;

		if (ticket->events.n > touched->events_before && ticket->events.v[ticket->events.n - 1].kind == EVENT_ASSIGNED)
			n += text_equal(ticket->assignee, person);
	}
	return n;
}

static size_t load_of(const index_loads *loads, const char *person)
{
	for (size_t i = 0; i < loads->n; i++)
		if (text_equal(loads->v[i].person, person))
			return loads->v[i].open;
	return 0;
}

/* The least loaded of a group who is not away; NULL when it has nobody. */
static int least_loaded(struct change *change, const char *group, const struct person **out, struct ticket_error *err)
{
	const struct policy *policy = change->desk->policy;
	_cleanup_(index_close_p) struct index *index = NULL;
	index_loads loads = {0};
	size_t best = SIZE_MAX;
	int failed;

	*out = NULL;
	if ((failed = desk_index(change->desk, &change->base, &index, err)) || (failed = index_open_loads(index, &loads, err)))
		return failed;
	for (size_t i = 0; i < policy->people.n; i++) {
		const struct person *person = &policy->people.v[i];
		size_t load = load_of(&loads, person->name) + change_load(change, person->name);

		if (person->away || !texts_have(&person->groups, group) || load >= best)
			continue;
		best = load;
		*out = person;
	}
	index_loads_release(&loads);
	return 0;
}

int change_route(struct change *change, const struct ticket *ticket, struct event *assigned, struct ticket_error *err)
{
	const struct route *route;
	const struct person *person = NULL;
	int failed;

	if (!flow_route(change->desk->policy, ticket, &route))
		return ticket_fail(err, TICKET_REFUSED, "'%s': no route of the policy matches it; triage it first, or name a person or --group", ticket->id);
	replace_text(&assigned->group, route->group);
	replace_text(&assigned->person, route->person);
	texts_release(&assigned->departments);
	for (size_t i = 0; i < route->departments.n; i++)
		if (!texts_have(&ticket->departments, route->departments.v[i]))
			texts_add(&assigned->departments, route->departments.v[i]);
	if (route->person || !route->group)
		return 0;
	if ((failed = least_loaded(change, route->group, &person, err)))
		return failed;
	replace_text(&assigned->person, person ? person->name : NULL);
	return 0;
}
