/* SPDX-License-Identifier: MIT */
/* Questions to a policy: names to rules, rules to tickets. Pure; nothing here changes policy or ticket. */
#include "model/policy.h"

#include "ticket/text.h"
#include "ticket/language.h"

#include <errno.h>
#include <inttypes.h>

/* --- choices --------------------------------------------------------------------------------------------------- */

const struct choice *policy_choice(const choices *list, const char *name)
{
	const char *slash = name ? strchr(name, '/') : NULL;
	size_t n = slash ? (size_t)(slash - name) : name ? strlen(name) : 0;

	for (size_t i = 0; i < list->n && n; i++) {
		const struct choice *choice = &list->v[i];

		if (strlen(choice->name) == n && memcmp(choice->name, name, n) == 0)
			return slash ? policy_choice((const choices *)&choice->children, slash + 1) : choice;
	}
	return NULL;
}

static void add_names(const choices *list, const char *parent, struct texts *names)
{
	for (size_t i = 0; i < list->n; i++) {
		_cleanup_free_ char *name = xasprintf("%s%s%s", parent, *parent ? "/" : "", list->v[i].name);

		texts_add(names, name);
		add_names((const choices *)&list->v[i].children, name, names);
	}
}

int policy_need_choice(const choices *list, const char *noun, const char *name, struct ticket_error *err)
{
	struct texts names = {0};
	_cleanup_free_ char *all = NULL;
	const char *near;

	if (policy_choice(list, name))
		return 0;
	if (!list->n)
		return ticket_fail(err, TICKET_REFUSED, "'%s' is no %s of this desk: its policy names none", name, _(noun));
	add_names(list, "", &names);
	near = strlen(name) > 2 ? text_nearest(name, (const char *const *)names.v, names.n) : NULL; /* any short word is near any other */
	all = texts_join(&names, ", ");
	if (near)
		ticket_fail(err, TICKET_REFUSED, "'%s' is no %s of this desk; did you mean '%s'? allowed: %.2000s", name, _(noun), near, all);
	else
		ticket_fail(err, TICKET_REFUSED, "'%s' is no %s of this desk; allowed: %.2000s", name, _(noun), all);
	texts_release(&names);
	return TICKET_REFUSED;
}

/* --- labels ---------------------------------------------------------------------------------------------------- */

const char *policy_label(const struct policy *policy, const struct pairs *labels, const char *language, const char *name)
{
	const char *label = language ? pairs_get(labels, language) : NULL;

	if (!label && policy->language)
		label = pairs_get(labels, policy->language);
	if (!label && labels->n)
		label = labels->v[0].value;
	return label ? label : name;
}

static const char *word_in(const struct policy *policy, const char *language, const char *word)
{
	_cleanup_free_ char *key = language ? xasprintf("%s:%s", language, word) : NULL;

	return key ? pairs_get(&policy->words, key) : NULL;
}

const char *policy_word(const struct policy *policy, const char *language, const char *word)
{
	const char *label = word_in(policy, language, word);

	if (!label)
		label = word_in(policy, policy->language, word);
	return label ? label : word;
}

bool policy_is_chinese(const struct policy *policy)
{
	return policy->language && text_starts(policy->language, "zh");
}

/* The words of the engine itself among the values of events. */
static bool is_engine_value(const char *member)
{
	static const char *const members[] = {"step", "satisfied", "for_whom", "cause"};

	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (text_equal(members[i], member))
			return true;
	return false;
}

/* Labels of names joined by commas, or NULL when one of them is none of the list's. */
static char *choice_labels(const struct policy *policy, const choices *list, const char *language, const char *names)
{
	_cleanup_free_ char *copy = xstrdup(names);
	_cleanup_buf_ struct buf out = {0};
	char *rest = copy, *name;

	while ((name = strsep(&rest, ","))) {
		const struct choice *choice = policy_choice(list, text_strip(name));

		if (!choice)
			return NULL;
		buf_addf(&out, "%s%s", out.n ? ", " : "", policy_label(policy, &choice->labels, language, choice->name));
	}
	return out.n ? buf_steal(&out) : NULL;
}

char *policy_value_label(const struct policy *policy, const char *language, const char *member, const char *value)
{
	const struct {
		const char *member;
		const choices *list;
	} lists[] = {
		{"types", &policy->types}, {"category", &policy->categories}, {"grade", &policy->grades}, {"priority", &policy->priorities}, {"risk", &policy->risks},
		{"departments", &policy->departments}, {"doing", &policy->doings}, {"cause", &policy->causes}, {"via", &policy->channels},
	};

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		char *labels = text_equal(lists[i].member, member) ? choice_labels(policy, lists[i].list, language, value) : NULL;

		if (labels)
			return labels;
	}
	for (size_t i = 0; i < policy->targets.n && text_equal(member, "clock"); i++)
		if (text_equal(policy->targets.v[i].name, value))
			return xstrdup(policy_label(policy, &policy->targets.v[i].labels, language, value));
	for (size_t i = 0; i < policy->groups.n && text_equal(member, "group"); i++)
		if (text_equal(policy->groups.v[i].name, value))
			return xstrdup(policy_label(policy, &policy->groups.v[i].labels, language, value));
	return is_engine_value(member) ? xstrdup(policy_word(policy, language, value)) : NULL;
}

/* --- conditions ------------------------------------------------------------------------------------------------ */

/* "2+": at least that number. */
static bool at_least(const char *pattern, const char *value, bool *holds)
{
	char *end;
	int64_t least, number;

	errno = 0;
	least = strtoll(pattern, &end, 10);
	if (errno || end == pattern || strcmp(end, "+") != 0)
		return false;
	number = strtoll(value, &end, 10);
	*holds = !errno && end != value && !*end && number >= least;
	return true;
}

bool condition_value_matches(const char *pattern, const char *value)
{
	size_t n = strlen(pattern);
	bool holds;

	if (*pattern == '!')
		return !condition_value_matches(pattern + 1, value);
	if (strcmp(pattern, value) == 0 || (n && strncmp(pattern, value, n) == 0 && value[n] == '/'))
		return true;
	return n && pattern[n - 1] == '+' && at_least(pattern, value, &holds) && holds;
}

static size_t complaints(const struct ticket *ticket)
{
	size_t n = 0;

	for (size_t i = 0; i < ticket->events.n; i++)
		n += ticket->events.v[i].kind == EVENT_INBOUND && ticket->events.v[i].complains;
	return n;
}

/* The fields that hold one text each. */
static const struct {
	const char *name;
	size_t offset;
} text_fields[] = {
	{"channel", offsetof(struct ticket, channel)},   {"category", offsetof(struct ticket, category)},
	{"grade", offsetof(struct ticket, grade)},       {"priority", offsetof(struct ticket, priority)},
	{"risk", offsetof(struct ticket, risk)},         {"group", offsetof(struct ticket, group)},
	{"assignee", offsetof(struct ticket, assignee)}, {"waiting", offsetof(struct ticket, waiting_for)},
	{"doing", offsetof(struct ticket, doing)},
};
static const char *const other_fields[] = {"type", "department", "state", "level", "complaints", "departments", "delayed", "quarantined"};

bool condition_field_known(const char *field)
{
	for (size_t i = 0; i < ARRAY_SIZE(text_fields); i++)
		if (strcmp(text_fields[i].name, field) == 0)
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(other_fields); i++)
		if (strcmp(other_fields[i], field) == 0)
			return true;
	return text_starts(field, "field.") && field[6];
}

/* A count as text, NULL when the field is none. */
static const char *number_value(const char *field, const struct ticket *ticket, char room[24])
{
	int64_t number;

	if (text_equal(field, "level"))
		number = ticket->level;
	else if (text_equal(field, "complaints"))
		number = (int64_t)complaints(ticket);
	else if (text_equal(field, "departments"))
		number = (int64_t)ticket->departments.n;
	else
		return NULL;
	snprintf(room, 24, "%" PRId64, number);
	return room;
}

/* The one value of a field as text; 'room' is used for numbers. "" when it is not set. */
static const char *single_value(const char *field, const struct ticket *ticket, char room[24])
{
	const char *value;

	for (size_t i = 0; i < ARRAY_SIZE(text_fields); i++)
		if (text_equal(text_fields[i].name, field)) {
			value = *(char *const *)((const char *)ticket + text_fields[i].offset);
			return value ? value : "";
		}
	if (text_equal(field, "state"))
		value = state_word((enum ticket_state)ticket->state);
	else if (text_equal(field, "delayed"))
		value = ticket->delayed ? "yes" : "no";
	else if (text_equal(field, "quarantined"))
		value = ticket->quarantined ? "yes" : "no";
	else if (text_starts(field, "field."))
		value = pairs_get(&ticket->fields, field + 6);
	else
		value = number_value(field, ticket, room);
	return value ? value : "";
}

/* Does any of the values match the pattern; a negated pattern: does none of them? */
static bool values_match(const char *pattern, const struct texts *values)
{
	bool negated = *pattern == '!', hit = false;

	pattern += negated;
	for (size_t i = 0; i < values->n && !hit; i++)
		hit = condition_value_matches(pattern, values->v[i]);
	if (!values->n)
		hit = condition_value_matches(pattern, "");
	return hit != negated;
}

static bool condition_holds(const struct condition *condition, const struct ticket *ticket)
{
	char room[24];
	const char *value = NULL;
	const struct texts *values = NULL;
	bool holds = false;

	if (text_equal(condition->field, "type"))
		values = &ticket->types;
	else if (text_equal(condition->field, "department"))
		values = &ticket->departments;
	else
		value = single_value(condition->field, ticket, room);
	for (size_t i = 0; i < condition->any.n && !holds; i++)
		holds = values ? values_match(condition->any.v[i], values) : condition_value_matches(condition->any.v[i], value);
	return holds;
}

bool conditions_hold(const conditions *when, const struct ticket *ticket)
{
	for (size_t i = 0; i < when->n; i++)
		if (!condition_holds(&when->v[i], ticket))
			return false;
	return true;
}

/* --- rules for a ticket ---------------------------------------------------------------------------------------- */

const struct target *policy_target(const struct policy *policy, const char *name, const struct ticket *ticket)
{
	const struct target *best = NULL;

	for (size_t i = 0; i < policy->targets.n; i++) {
		const struct target *target = &policy->targets.v[i];

		if (text_equal(target->name, name) && (!best || target->when.n > best->when.n) && conditions_hold(&target->when, ticket))
			best = target;
	}
	return best && !best->none ? best : NULL;
}

static bool status_matches(const struct status *status, const struct policy *policy, const struct ticket *ticket)
{
	if (status->states.n && !texts_have(&status->states, state_word((enum ticket_state)ticket->state)))
		return false;
	for (size_t i = 0; i < status->events.n; i++)
		if (!moment_last(status->events.v[i], ticket, policy))
			return false;
	return conditions_hold(&status->when, ticket);
}

const char *policy_reply_channel(const struct policy *policy, const struct ticket *ticket)
{
	for (size_t i = 0; i < policy->fields.n; i++) {
		const struct field_rule *rule = &policy->fields.v[i];
		const char *chosen = rule->own && text_equal(rule->kind, "channel") ? pairs_get(&ticket->fields, rule->name) : NULL;

		if (chosen && *chosen)
			return chosen;
	}
	return ticket->channel;
}

const struct status *policy_status(const struct policy *policy, const struct ticket *ticket)
{
	for (size_t i = 0; i < policy->statuses.n; i++)
		if (status_matches(&policy->statuses.v[i], policy, ticket))
			return &policy->statuses.v[i];
	return NULL;
}

static bool rule_names(const struct permission *rule, const struct policy *policy, const struct ticket *ticket, const struct event *event, const char *act)
{
	return event ? moment_is_any(&rule->events, event, ticket, policy) : texts_have(&rule->events, act);
}

const struct permission *policy_permission(const struct policy *policy, const struct ticket *ticket, const struct event *event, const char *act)
{
	for (size_t i = 0; i < policy->permissions.n; i++) {
		const struct permission *rule = &policy->permissions.v[i];

		if (rule_names(rule, policy, ticket, event, act) && (ticket ? conditions_hold(&rule->when, ticket) : !rule->when.n))
			return rule;
	}
	return NULL;
}

/* --- people ---------------------------------------------------------------------------------------------------- */

const struct person *policy_person(const struct policy *policy, const char *name_or_email)
{
	for (size_t i = 0; name_or_email && i < policy->people.n; i++)
		if (strcmp(policy->people.v[i].name, name_or_email) == 0)
			return &policy->people.v[i];
	for (size_t i = 0; name_or_email && i < policy->people.n; i++)
		if (policy->people.v[i].email && strcasecmp(policy->people.v[i].email, name_or_email) == 0)
			return &policy->people.v[i];
	return NULL;
}

static size_t add_person(struct texts *people, const char *name)
{
	if (!name || !*name)
		return 0;
	if (!texts_have(people, name))
		texts_add(people, name);
	return 1;
}

static bool in_department_of(const struct person *person, const struct ticket *ticket)
{
	return ticket && person->department && texts_have(&ticket->departments, person->department);
}

static size_t add_role(const struct policy *policy, const struct ticket *ticket, const char *role, struct texts *people)
{
	size_t n = 0;

	for (int near = 1; near >= 0 && !n; near--)
		for (size_t i = 0; i < policy->people.n; i++) {
			const struct person *person = &policy->people.v[i];

			if (texts_have(&person->roles, role) && (!near || in_department_of(person, ticket)))
				n += add_person(people, person->name);
		}
	return n;
}

static size_t add_group(const struct policy *policy, const char *group, struct texts *people)
{
	size_t n = 0;

	for (size_t i = 0; i < policy->people.n; i++)
		if (texts_have(&policy->people.v[i].groups, group))
			n += add_person(people, policy->people.v[i].name);
	return n;
}

size_t policy_recipients(const struct policy *policy, const struct ticket *ticket, const char *word, struct texts *people)
{
	if (text_starts(word, "person:"))
		return add_person(people, word + 7);
	if (text_starts(word, "role:"))
		return add_role(policy, ticket, word + 5, people);
	if (text_starts(word, "group:"))
		return add_group(policy, word + 6, people);
	for (size_t i = 0; text_starts(word, "lead:") && i < policy->groups.n; i++)
		if (strcmp(policy->groups.v[i].name, word + 5) == 0)
			return add_person(people, policy->groups.v[i].lead);
	if (ticket && strcmp(word, "assignee") == 0)
		return add_person(people, ticket->assignee);
	if (ticket && strcmp(word, "plan_lead") == 0)
		return add_person(people, ticket->lead);
	return 0;
}
