/* SPDX-License-Identifier: MIT */
/* Routing a ticket to a group and, within it, to whoever has least to do (A9, C7, D7). */
#include "desk/change.h"
#include "flow/flow.h"

/* How many open tickets each person has. */
struct load {
	const struct policy *policy;
	size_t *open; /* one for each person of the policy */
};

static int count_open(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct load *load = data;

	if (!state_is_open((enum ticket_state)ticket->state) || !ticket->assignee)
		return 0;
	for (size_t i = 0; i < load->policy->people.n; i++)
		if (text_equal(load->policy->people.v[i].name, ticket->assignee))
			load->open[i]++;
	return 0;
}

/* The least loaded of a group who is not away; NULL when it has nobody. */
static int least_loaded(struct desk *desk, const char *group, const struct person **out, struct ticket_error *err)
{
	const struct policy *policy = desk->policy;
	_cleanup_free_ size_t *open = xcalloc(policy->people.n, sizeof(*open));
	struct load load = {policy, open};
	size_t best = SIZE_MAX;
	int failed;

	*out = NULL;
	if ((failed = desk_each(desk, NULL, count_open, &load, err)))
		return failed;
	for (size_t i = 0; i < policy->people.n; i++) {
		const struct person *person = &policy->people.v[i];

		if (person->away || !texts_have(&person->groups, group) || open[i] >= best)
			continue;
		best = open[i];
		*out = person;
	}
	return 0;
}

int change_route(struct change *change, const struct ticket *ticket, struct event *assigned, struct ticket_error *err)
{
	const struct route *route;
	const struct person *person = NULL;
	int failed;

	assigned->automatic = true;
	if (!flow_route(change->desk->policy, ticket, &route))
		return ticket_fail(err, TICKET_REFUSED, "'%s': no route of the policy matches it; triage it first, or name a person or --group", ticket->id);
	replace_text(&assigned->group, route->group);
	replace_text(&assigned->person, route->person);
	if (route->person || !route->group)
		return 0;
	if ((failed = least_loaded(change->desk, route->group, &person, err)))
		return failed;
	replace_text(&assigned->person, person ? person->name : NULL);
	return 0;
}
