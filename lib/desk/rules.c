/* SPDX-License-Identifier: MIT */
/* The rules of a desk at different times: a policy directory each, with its calendars, read when they are asked for. */
#include "desk/desk.h"
#include "model/policy.h"

static int read_policy(struct desk *desk, const struct oid *id, struct policy **out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	char hex[OID_HEX_SIZE];

	if (store_read(desk->store, id, "policy.json", &text, NULL))
		return ticket_fail(err, TICKET_STORAGE, "the policy %s that tickets are judged by is not in this repository; is it a shallow clone?", oid_hex(hex, id));
	return policy_read(out, text.p, text.n, POLICY_FILE, err);
}

#define MEMO "policy"

/* HEAD's is read by every run and seldom changes: it is remembered as it came out of its text, which takes several times longer to read. */
static int read_head_policy(struct desk *desk, const struct oid *id, struct policy **out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf recalled = {0}, packed = {0};
	int failed;

	if (store_recall(desk->store, MEMO, id, &recalled) && policy_unpack(out, recalled.p, recalled.n))
		return 0;
	if ((failed = read_policy(desk, id, out, err)))
		return failed;
	policy_pack(*out, &packed);
	store_remember(desk->store, MEMO, id, packed.p, packed.n);
	return 0;
}

int rules_check_memo(struct desk *desk, bool repair, bool *right, struct ticket_error *err)
{
	_cleanup_policy_ struct policy *policy = NULL;
	_cleanup_buf_ struct buf recalled = {0}, packed = {0};
	const struct oid *id = &desk->current->id;
	int failed;

	*right = true;
	if (!store_recall(desk->store, MEMO, id, &recalled))
		return 0;
	if ((failed = read_policy(desk, id, &policy, err)))
		return failed;
	policy_pack(policy, &packed);
	*right = packed.n == recalled.n && memcmp(packed.p, recalled.p, packed.n) == 0;
	if (!*right && repair)
		store_remember(desk->store, MEMO, id, packed.p, packed.n);
	return 0;
}

typedef int policy_reader(struct desk *desk, const struct oid *id, struct policy **out, struct ticket_error *err);

static int load(struct desk *desk, const struct oid *id, policy_reader *read, struct rules **out, struct ticket_error *err)
{
	struct policy *policy;
	struct rules *rules;
	int failed;

	for (size_t i = 0; i < desk->rules.n; i++)
		if (oid_equal(&desk->rules.v[i]->id, id)) {
			*out = desk->rules.v[i];
			return 0;
		}
	if ((failed = read(desk, id, &policy, err)))
		return failed;
	rules = xcalloc(1, sizeof(*rules));
	rules->id = *id;
	rules->policy = policy;
	*list_push(&desk->rules) = rules;
	*out = rules;
	return 0;
}

int rules_load(struct desk *desk, const struct oid *id, struct rules **out, struct ticket_error *err)
{
	return load(desk, id, read_policy, out, err);
}

int rules_load_head(struct desk *desk, const struct oid *id, struct rules **out, struct ticket_error *err)
{
	return load(desk, id, read_head_policy, out, err);
}

/* --- calendars ------------------------------------------------------------------------------------------------- */

struct loading {
	struct desk *desk;
	struct calendars *calendars;
};

static int add_calendar(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct loading *loading = data;
	_cleanup_buf_ struct buf text = {0};
	_cleanup_free_ char *name = NULL, *origin = xasprintf(POLICY_FOLDER "/%s", entry->path);
	int failed;

	if (entry->is_folder || !text_ends(entry->name, ".json"))
		return 0;
	if ((failed = store_read_blob(loading->desk->store, &entry->id, &text, err)))
		return failed;
	name = xstrndup(entry->name, strlen(entry->name) - strlen(".json"));
	return calendars_add(loading->calendars, name, text.p ? text.p : "", text.n, origin, err);
}

int calendars_load(struct desk *desk, const struct oid *id, const char *time_zone, struct calendars **out, struct ticket_error *err)
{
	_cleanup_calendars_ struct calendars *calendars = NULL;
	struct loading loading = {.desk = desk};
	int failed;

	*out = NULL;
	if ((failed = calendars_new(&calendars, time_zone, err)))
		return failed;
	loading.calendars = calendars;
	if ((failed = store_list(desk->store, id, "calendars", add_calendar, &loading, err)))
		return failed;
	*out = steal_ptr(calendars);
	return 0;
}

static int find_former(void *data, const char *id, const struct policy **policy, const struct calendars **calendars, struct ticket_error *err)
{
	struct desk *desk = data;
	struct rules *rules;
	struct oid oid;
	int failed;

	if (!oid_from_hex(&oid, id))
		return ticket_fail(err, TICKET_STORAGE, "a ticket was moved from a policy whose name is no object id: '%s'", id);
	if ((failed = rules_load(desk, &oid, &rules, err)))
		return failed;
	*policy = rules->policy;
	return rules_calendars(desk, rules, calendars, err);
}

int desk_find_rules(void *data, const char *id, const struct policy **policy, const struct calendars **calendars, struct ticket_error *err)
{
	struct desk *desk = data;

	if (id)
		return find_former(desk, id, policy, calendars, err);
	*policy = desk->current->policy;
	return rules_calendars(desk, desk->current, calendars, err);
}

int rules_calendars(struct desk *desk, struct rules *rules, const struct calendars **out, struct ticket_error *err)
{
	int failed;

	if (!rules->calendars) {
		if ((failed = calendars_load(desk, &rules->id, rules->policy->time_zone, &rules->calendars, err)))
			return failed;
		calendars_former(rules->calendars, find_former, desk);
	}
	*out = rules->calendars;
	return 0;
}

void rules_free(struct rules *rules)
{
	policy_free(rules->policy);
	calendars_free(rules->calendars);
	free(rules);
}

/* --- asked from outside ---------------------------------------------------------------------------------------- */

int desk_rules(struct desk *desk, const struct ticket *ticket, const struct policy **policy, const struct calendars **calendars, struct ticket_error *err)
{
	struct rules *rules = desk->current;
	struct oid id;
	int failed;

	if (ticket && ticket->policy) {
		if (!oid_from_hex(&id, ticket->policy))
			return ticket_fail(err, TICKET_STORAGE, "'%s' names a policy that is no object id: '%s'", ticket->id, ticket->policy);
		if ((failed = rules_load(desk, &id, &rules, err)))
			return failed;
	}
	if (policy)
		*policy = rules->policy;
	return calendars ? rules_calendars(desk, rules, calendars, err) : 0;
}

int desk_update_clocks(struct desk *desk, struct ticket *ticket, struct ticket_error *err)
{
	const struct policy *policy;
	const struct calendars *calendars;
	int failed = desk_rules(desk, ticket, &policy, &calendars, err);

	return failed ? failed : clocks_update(ticket, policy, calendars, err);
}

/* --- leave ------------------------------------------------------------------------------------------------------ */

int desk_allows(const struct desk *desk, const char *act, const char *reason, struct ticket_error *err)
{
	const struct permission *rule = policy_permission(desk->policy, NULL, NULL, act);
	const struct person *person = policy_person(desk->policy, desk_actor(desk));

	if (rule && texts_have(&rule->needs, "reason") && !(reason && *reason))
		return ticket_fail(err, TICKET_REFUSED, "'%s' needs --reason TEXT here", act);
	if (!desk->policy->people.n)
		return 0;
	if (!person)
		return ticket_fail(err, TICKET_REFUSED, "'%s' is nobody of this desk; act as one of its people with --as, or add the name to policy/policy.json", desk_actor(desk));
	if (!rule || !rule->roles.n)
		return 0;
	for (size_t i = 0; i < person->roles.n; i++)
		if (texts_have(&rule->roles, person->roles.v[i]))
			return 0;
	_cleanup_free_ char *roles = texts_join(&rule->roles, ", ");
	return ticket_fail(err, TICKET_REFUSED, "'%s' is not for '%s'; it is for %s", act, desk_actor(desk), roles);
}
