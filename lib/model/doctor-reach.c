/* SPDX-License-Identifier: MIT */
/* The doctor on rules that can never decide anything, because another one always comes first. */
#include "model/doctor.h"

#include "ticket/text.h"

/* Is every ticket that meets value 'b' one that meets value 'a'? */
static bool value_covers(const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		return true;
	return *a != '!' && *b != '!' && *b && condition_value_matches(a, b);
}

static bool condition_covers(const struct condition *a, const struct condition *b)
{
	for (size_t i = 0; i < b->any.n; i++) {
		bool covered = false;

		for (size_t k = 0; k < a->any.n && !covered; k++)
			covered = value_covers(a->any.v[k], b->any.v[i]);
		if (!covered)
			return false;
	}
	return true;
}

/* Does 'a' hold wherever 'b' holds? (Where it says yes, it is so; it does not find every such case.) */
static bool covers(const conditions *a, const conditions *b)
{
	for (size_t i = 0; i < a->n; i++) {
		bool covered = false;

		for (size_t k = 0; k < b->n && !covered; k++)
			covered = strcmp(a->v[i].field, b->v[k].field) == 0 && condition_covers(&a->v[i], &b->v[k]);
		if (!covered)
			return false;
	}
	return true;
}

/* Of one name the rule with the most conditions wins, among equals the first: may 'a' keep 'b' from ever winning? */
static bool target_shadows(const struct policy *policy, size_t a, size_t b)
{
	const struct target *one = &policy->targets.v[a], *other = &policy->targets.v[b];

	if (a == b || strcmp(one->name, other->name) != 0 || !covers(&one->when, &other->when))
		return false;
	return one->when.n > other->when.n || (one->when.n == other->when.n && a < b);
}

static bool texts_within(const struct texts *inner, const struct texts *outer)
{
	for (size_t i = 0; i < inner->n; i++)
		if (!texts_have(outer, inner->v[i]))
			return false;
	return true;
}

static bool route_shadows(const struct policy *policy, size_t a, size_t b)
{
	return a < b && covers(&policy->routing.v[a].when, &policy->routing.v[b].when);
}

static bool status_shadows(const struct policy *policy, size_t a, size_t b)
{
	const struct status *one = &policy->statuses.v[a], *other = &policy->statuses.v[b];

	return a < b && (!one->states.n || (other->states.n && texts_within(&other->states, &one->states))) && texts_within(&one->events, &other->events) &&
	       covers(&one->when, &other->when);
}

/* "escalated" is every "escalated:2". */
static bool events_cover(const struct texts *a, const struct texts *b)
{
	for (size_t i = 0; i < b->n; i++) {
		bool covered = false;

		for (size_t k = 0; k < a->n && !covered; k++) {
			size_t n = strlen(a->v[k]);

			covered = strncmp(a->v[k], b->v[i], n) == 0 && (!b->v[i][n] || (b->v[i][n] == ':' && !strchr(a->v[k], ':')));
		}
		if (!covered)
			return false;
	}
	return true;
}

static bool permission_shadows(const struct policy *policy, size_t a, size_t b)
{
	const struct permission *one = &policy->permissions.v[a], *other = &policy->permissions.v[b];

	return a < b && events_cover(&one->events, &other->events) && covers(&one->when, &other->when);
}

static bool sample_shadows(const struct policy *policy, size_t a, size_t b)
{
	const struct sample *one = &policy->samples.v[a], *other = &policy->samples.v[b];

	return a < b && strcmp(one->event, other->event) == 0 && covers(&one->when, &other->when);
}

void doctor_reach(struct doctor *d)
{
	const struct policy *p = d->policy;
	const struct {
		const char *key;
		size_t n;
		bool (*shadows)(const struct policy *policy, size_t a, size_t b);
	} lists[] = {{"permissions", p->permissions.n, permission_shadows}, {"routing", p->routing.n, route_shadows}, {"targets", p->targets.n, target_shadows},
		     {"statuses", p->statuses.n, status_shadows},           {"samples", p->samples.n, sample_shadows}};

	for (size_t l = 0; l < ARRAY_SIZE(lists); l++)
		for (size_t b = 0; b < lists[l].n; b++)
			for (size_t a = 0; a < lists[l].n; a++)
				if (lists[l].shadows(p, a, b)) {
					_cleanup_free_ char *where = doctor_path(lists[l].key, b, NULL);

					doctor_find(d, false, where, "this rule is never reached: %s[%zu] holds wherever it would", lists[l].key, a);
					break;
				}
}
