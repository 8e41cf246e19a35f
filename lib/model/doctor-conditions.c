/* SPDX-License-Identifier: MIT */
/* The doctor on conditions: fields that exist, values that can occur. */
#include "model/doctor.h"

#include "ticket/text.h"
#include "ticket/language.h"

static const char *const yes_no[] = {"yes", "no", NULL};
static const char *const waiting[] = {"customer", "vendor", "department", NULL};

static const struct {
	const char *field, *noun;
	size_t list;
} listed[] = {
	{"channel", N_("channel of this policy"), offsetof(struct policy, channels)},
	{"type", N_("type of this policy"), offsetof(struct policy, types)},
	{"category", N_("category of this policy"), offsetof(struct policy, categories)},
	{"grade", N_("grade of this policy"), offsetof(struct policy, grades)},
	{"priority", N_("priority of this policy"), offsetof(struct policy, priorities)},
	{"risk", N_("risk of this policy"), offsetof(struct policy, risks)},
	{"department", N_("department of this policy"), offsetof(struct policy, departments)},
	{"doing", N_("progress of this policy (doings)"), offsetof(struct policy, doings)},
};

static bool is_count(const char *field)
{
	return strcmp(field, "level") == 0 || strcmp(field, "complaints") == 0 || strcmp(field, "departments") == 0;
}

static void check_state(struct doctor *d, const char *where, const char *value)
{
	const char *states[STATES] = {NULL};

	for (int state = STATE_NONE + 1; state < STATES; state++)
		states[state - 1] = state_word((enum ticket_state)state);
	doctor_word(d, where, "state", value, states);
}

static void check_value(struct doctor *d, const char *where, const char *field, const char *value)
{
	const struct policy *p = d->policy;

	value += *value == '!';
	if (!*value)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(listed); i++)
		if (strcmp(listed[i].field, field) == 0)
			doctor_choice(d, where, listed[i].noun, value, (const choices *)((const char *)p + listed[i].list));
	if (strcmp(field, "group") == 0)
		doctor_item(d, where, "group of this policy", value, &p->groups, sizeof(*p->groups.v));
	else if (strcmp(field, "assignee") == 0)
		doctor_item(d, where, "person of this policy", value, &p->people, sizeof(*p->people.v));
	else if (strcmp(field, "state") == 0)
		check_state(d, where, value);
	else if (strcmp(field, "delayed") == 0 || strcmp(field, "quarantined") == 0)
		doctor_word(d, where, "answer here", value, yes_no);
	else if (strcmp(field, "waiting") == 0)
		doctor_word(d, where, "party to wait for", value, waiting);
	else if (is_count(field) && strspn(value, "0123456789") + text_ends(value, "+") != strlen(value))
		doctor_find(d, false, where, "'%s' is no count; '2' is two, '2+' is two or more", value);
}

static bool is_own_field(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->fields.n; i++)
		if (policy->fields.v[i].own && strcmp(policy->fields.v[i].name, name) == 0)
			return true;
	return false;
}

static void check_condition(struct doctor *d, const char *where, const struct condition *condition)
{
	static const char *const known[] = {"channel", "type",  "category",   "grade",       "priority", "risk",        "department", "group", "assignee",
					    "state",   "level", "complaints", "departments", "delayed",  "quarantined", "waiting",    "doing", NULL};
	_cleanup_free_ char *at = xasprintf("%s.%s", where, condition->field);

	if (!condition_field_known(condition->field))
		doctor_word(d, at, "field of conditions", *condition->field ? condition->field : " ", known);
	else if (text_starts(condition->field, "field.") && !is_own_field(d->policy, condition->field + 6))
		doctor_find(d, false, at, "'%s' is no field of this policy's own ('own' in fields)", condition->field + 6);
	if (!condition->any.n)
		doctor_find(d, false, at, "this never holds: it lists no value");
	for (size_t i = 0; i < condition->any.n; i++)
		check_value(d, at, condition->field, condition->any.v[i]);
	for (size_t i = 1; i < condition->any.n; i++)
		if (*condition->any.v[i] == '!' || *condition->any.v[0] == '!') {
			doctor_find(d, false, at, "one value with '!' among others holds nearly always; give it alone");
			break;
		}
}

#define RULE(member, type) {#member, offsetof(struct policy, member), sizeof(type), offsetof(type, when)}
static const struct {
	const char *key;
	size_t offset, item_size, when;
} rules[] = {
	RULE(permissions, struct permission), RULE(fields, struct field_rule), RULE(routing, struct route),     RULE(targets, struct target),
	RULE(ladder, struct ladder_step),     RULE(gates, struct gate),        RULE(statuses, struct status),   RULE(standards, struct standard),
	RULE(alarms, struct alarm),           RULE(samples, struct sample),    RULE(notices, struct notice_rule),
};

void doctor_conditions(struct doctor *d)
{
	for (size_t r = 0; r < ARRAY_SIZE(rules); r++) {
		const struct any_list *list = (const struct any_list *)((const char *)d->policy + rules[r].offset);

		for (size_t i = 0; i < list->n; i++) {
			const conditions *when = (const conditions *)((const char *)list->v + i * rules[r].item_size + rules[r].when);
			_cleanup_free_ char *where = doctor_path(rules[r].key, i, "when");

			for (size_t c = 0; c < when->n; c++)
				check_condition(d, where, &when->v[c]);
		}
	}
}
