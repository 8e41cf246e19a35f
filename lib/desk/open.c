/* SPDX-License-Identifier: MIT */
/* Opening a desk: its repository, its policy, who acts. */
#include "desk/desk.h"

/* A clone whose remote names a branch that is not there stands on one without commits: to begin a desk there would be wrong. */
static int fail_no_desk(struct desk *desk, struct ticket_error *err)
{
	_cleanup_free_ char *branch = NULL;

	if (oid_is_zero(&desk->head.commit) && store_branch(desk->store, &branch, NULL) == 0 && text_starts(branch, "refs/heads/"))
		return ticket_fail(err, TICKET_NOTFOUND, "nothing is recorded on the branch '%s' yet; in a clone, go to the desk's branch: git switch BRANCH (git branch -r lists them); else make a desk with: ticket init",
				   branch + strlen("refs/heads/"));
	return ticket_fail(err, TICKET_NOTFOUND, "here is a git repository, but no desk in it (%s is missing); make one with: ticket init", POLICY_FILE);
}

static int load_policy(struct desk *desk, struct ticket_error *err)
{
	struct rules *rules;
	struct zone *zone;
	struct oid id, file;
	int failed;

	if (store_find(desk->store, &desk->head.tree, POLICY_FOLDER, &id, NULL, NULL) ||
	    store_find(desk->store, &desk->head.tree, POLICY_FILE, &file, NULL, NULL))
		return fail_no_desk(desk, err);
	if (desk->current && oid_equal(&id, &desk->current->id))
		return 0;
	failed = desk->current ? rules_load(desk, &id, &rules, err) : rules_load_head(desk, &id, &rules, err);
	if (failed)
		return failed;
	if (zone_open(&zone, rules->policy->time_zone, err))
		return ticket_fail_in(err, POLICY_FILE ": time_zone: ");
	zone_free(desk->zone);
	desk->zone = zone;
	desk->current = rules;
	desk->policy = rules->policy;
	return 0;
}

/*
 * Who acts: --as, else git's user; a person of the policy by name or by mail address. Looked for when somebody asks, for it
 * may take reading all of git's configuration.
 */
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
	desk->actor.name = xstrdup(person ? person->name : name);
	desk->actor.email = xstrdup(person && person->email ? person->email : email);
	desk->actor.role = person && person->roles.n ? person->roles.v[0] : NULL;
	desk->actor.looked_for = true;
}

/* That it is looked for only now changes nothing that can be seen of a desk. */
static void need_actor(const struct desk *desk)
{
	if (!desk->actor.looked_for)
		find_actor((struct desk *)desk);
}

static void forget_actor(struct desk *desk)
{
	free(steal_ptr(desk->actor.name));
	free(steal_ptr(desk->actor.email));
	desk->actor.looked_for = false;
}

int desk_refresh(struct desk *desk, struct ticket_error *err)
{
	int failed;

	if ((failed = store_head(desk->store, &desk->head, err)) || (failed = load_policy(desk, err)))
		return failed;
	forget_actor(desk);
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

static int note_time(const struct store_commit *commit, void *data, struct ticket_error *err)
{
	*(int64_t *)data = commit->committed_s;
	return 1;
}

int desk_as_of(struct desk *desk, const char *revision, struct ticket_error *err)
{
	struct snapshot then;
	struct stamp at;
	int64_t committed_s = 0;
	int ended = desk_revision(desk, revision, &then, err);

	if (ended)
		return ended;
	if ((ended = store_history(desk->store, &then.commit, NULL, note_time, &committed_s, err)) < 0)
		return ended;
	need_actor(desk); /* who is who today */
	desk->context.now_s = time_parse(&at, revision, desk->zone, desk->context.now_s, NULL) == 0 ? at.s : committed_s;
	desk->head = then;
	return load_policy(desk, err);
}

void desk_close(struct desk *desk)
{
	if (!desk)
		return;
	for (size_t i = 0; i < desk->rules.n; i++)
		rules_free(desk->rules.v[i]);
	free(desk->rules.v);
	zone_free(desk->zone);
	forget_actor(desk);
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
	need_actor(desk);
	return desk->actor.name;
}

const char *desk_actor_email(const struct desk *desk)
{
	need_actor(desk);
	return desk->actor.email;
}

const char *desk_actor_role(const struct desk *desk)
{
	need_actor(desk);
	return desk->actor.role;
}
