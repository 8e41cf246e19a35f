/* SPDX-License-Identifier: MIT */
/* Opening a desk: its repository, its policy, who acts. */
#include "desk/desk.h"

static int load_policy(struct desk *desk, struct ticket_error *err)
{
	struct rules *rules;
	struct zone *zone;
	struct oid id, file;
	int failed;

	if (store_find(desk->store, &desk->head.tree, POLICY_FOLDER, &id, NULL, NULL) ||
	    store_find(desk->store, &desk->head.tree, POLICY_FILE, &file, NULL, NULL))
		return ticket_fail(err, TICKET_NOTFOUND, "here is a git repository, but no desk in it (%s is missing); make one with: ticket init", POLICY_FILE);
	if (desk->current && oid_equal(&id, &desk->current->id))
		return 0;
	if ((failed = rules_load(desk, &id, &rules, err)))
		return failed;
	if (zone_open(&zone, rules->policy->time_zone, err))
		return ticket_fail_in(err, POLICY_FILE ": time_zone: ");
	zone_free(desk->zone);
	desk->zone = zone;
	desk->current = rules;
	desk->policy = rules->policy;
	return 0;
}

/* Who acts: --as, else git's user; a person of the policy by name or by mail address. */
static void find_actor(struct desk *desk)
{
	_cleanup_free_ char *name = xstrdup(desk->context.as), *email = NULL;
	const struct person *person;

	if (!name) {
		name = store_config(desk->store, "user.name");
		email = store_config(desk->store, "user.email");
	}
	person = email ? policy_person(desk->policy, email) : NULL;
	if (!person && name)
		person = policy_person(desk->policy, name);
	free(desk->actor);
	free(desk->actor_email);
	desk->actor = xstrdup(person ? person->name : name);
	desk->actor_email = xstrdup(person && person->email ? person->email : email);
	desk->actor_role = person && person->roles.n ? person->roles.v[0] : NULL;
}

int desk_refresh(struct desk *desk, struct ticket_error *err)
{
	int failed;

	if ((failed = store_head(desk->store, &desk->head, err)) || (failed = load_policy(desk, err)))
		return failed;
	find_actor(desk);
	return 0;
}

int desk_open(struct desk **out, const struct desk_context *context, struct ticket_error *err)
{
	_cleanup_desk_ struct desk *desk = xcalloc(1, sizeof(*desk));
	int failed;

	*out = NULL;
	desk->context = *context;
	if (!desk->context.lock_wait_ms)
		desk->context.lock_wait_ms = 10000;
	if ((failed = store_open(&desk->store, context->folder ? context->folder : ".", err)) || (failed = desk_refresh(desk, err)))
		return failed;
	*out = steal_ptr(desk);
	return 0;
}

void desk_close(struct desk *desk)
{
	if (!desk)
		return;
	for (size_t i = 0; i < desk->rules.n; i++)
		rules_free(desk->rules.v[i]);
	free(desk->rules.v);
	zone_free(desk->zone);
	free(desk->actor);
	free(desk->actor_email);
	if (desk->store)
		store_close(desk->store);
	free(desk);
}

const struct policy *desk_policy(const struct desk *desk)
{
	return desk->policy;
}

const struct zone *desk_zone(const struct desk *desk)
{
	return desk->zone;
}

int64_t desk_now(const struct desk *desk)
{
	return desk->context.now_s;
}

const char *desk_root(const struct desk *desk)
{
	return store_root(desk->store);
}

const char *desk_actor(const struct desk *desk)
{
	return desk->actor;
}
