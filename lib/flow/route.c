/* SPDX-License-Identifier: MIT */
/* Routing: the first rule whose conditions hold says who works on a ticket (domain A9, C7, D7). */
#include "flow/flow.h"

bool flow_route(const struct policy *policy, const struct ticket *ticket, const struct route **route)
{
	*route = NULL;
	for (size_t i = 0; i < policy->routing.n && !*route; i++)
		if (conditions_hold(&policy->routing.v[i].when, ticket))
			*route = &policy->routing.v[i];
	return *route != NULL;
}
