/* SPDX-License-Identifier: MIT */
/* Values of a query's fields: which ones a policy allows, by name or label, and what is said of others. */
#include "index/query.h"

#include "ticket/text.h"
#include "ticket/language.h"

#define MOST_LISTED 30

/* "'x' is no priority of this desk; did you mean 'y'? It has: …" */
int refuse_value(const char *value, const char *noun, const struct texts *allowed, struct ticket_error *err)
{
	const char *near = text_nearest(value, (const char *const *)allowed->v, allowed->n);
	struct texts shown = {allowed->v, allowed->n < MOST_LISTED ? allowed->n : MOST_LISTED};
	_cleanup_free_ char *list = texts_join(&shown, ", ");
	const char *more = shown.n < allowed->n ? " …" : "";

	if (near)
		return ticket_fail(err, TICKET_USAGE, "'%s' is no %s; did you mean '%s'? There are: %s%s", value, _(noun), near, list, more);
	return ticket_fail(err, TICKET_USAGE, "'%s' is no %s; there are: %s%s", value, _(noun), list, more);
}

static void add_choices(const choices *list, const char *parent, struct texts *out)
{
	for (size_t i = 0; i < list->n; i++) {
		_cleanup_free_ char *name = parent ? xasprintf("%s/%s", parent, list->v[i].name) : xstrdup(list->v[i].name);

		texts_add(out, name);
		add_choices((const choices *)&list->v[i].children, name, out);
	}
}

bool field_values(const struct field *field, const struct policy *policy, struct texts *out)
{
	if (field->choices)
		add_choices((const choices *)((const char *)policy + field->choices), NULL, out);
	else if (field->kind == KIND_STATUS)
		for (size_t i = 0; i < policy->statuses.n; i++)
			texts_add(out, policy->statuses.v[i].name);
	else if (strcmp(field->name, "assignee") == 0 || strcmp(field->name, "lead") == 0)
		for (size_t i = 0; i < policy->people.n; i++)
			texts_add(out, policy->people.v[i].name);
	else if (strcmp(field->name, "group") == 0)
		for (size_t i = 0; i < policy->groups.n; i++)
			texts_add(out, policy->groups.v[i].name);
	else if (field->kind == KIND_OWES) {
		for (size_t i = 0; i < policy->samples.n; i++)
			if (!texts_have(out, policy->samples.v[i].event) && event_kind(policy->samples.v[i].event) != EVENT_INSPECTED)
				texts_add(out, policy->samples.v[i].event);
	} else if (strcmp(field->name, "waiting") == 0)
		for (size_t i = 0; i < 3; i++)
			texts_add(out, ((const char *const[]){"customer", "vendor", "department"})[i]);
	return out->n > 0;
}

static bool has_label(const struct pairs *labels, const char *text)
{
	for (size_t i = 0; i < labels->n; i++)
		if (text_equal(labels->v[i].value, text))
			return true;
	return false;
}

/* The name behind a label such as 电话; owned, NULL when no label of the list is so. */
static char *choice_with_label(const choices *list, const char *parent, const char *label)
{
	for (size_t i = 0; i < list->n; i++) {
		_cleanup_free_ char *name = parent ? xasprintf("%s/%s", parent, list->v[i].name) : xstrdup(list->v[i].name);
		char *child;

		if (has_label(&list->v[i].labels, label))
			return steal_ptr(name);
		if ((child = choice_with_label((const choices *)&list->v[i].children, name, label)))
			return child;
	}
	return NULL;
}

static char *value_with_label(const struct field *field, const struct policy *policy, const char *label)
{
	if (field->choices)
		return choice_with_label((const choices *)((const char *)policy + field->choices), NULL, label);
	if (field->kind == KIND_STATUS)
		for (size_t i = 0; i < policy->statuses.n; i++)
			if (has_label(&policy->statuses.v[i].labels, label))
				return xstrdup(policy->statuses.v[i].name);
	if (strcmp(field->name, "group") == 0)
		for (size_t i = 0; i < policy->groups.n; i++)
			if (has_label(&policy->groups.v[i].labels, label))
				return xstrdup(policy->groups.v[i].name);
	return NULL;
}

static bool is_person_field(const struct field *field)
{
	return strcmp(field->name, "assignee") == 0 || strcmp(field->name, "lead") == 0;
}

/* One value as the tickets hold it. "=x" takes x as it is: for values that left the policy's lists. */
int query_value(const struct query *query, const struct field *field, const char *value, struct texts *any, struct ticket_error *err)
{
	const struct query_context *context = &query->context;
	const char *me;
	const struct person *person = is_person_field(field) ? policy_person(context->policy, value) : NULL;
	struct texts allowed = {0};
	_cleanup_free_ char *named = NULL;
	int failed = 0;

	if (*value == '=' && value[1]) {
		texts_add(any, value + 1);
	} else if (!*value || *value == '=') {
		failed = ticket_fail(err, TICKET_USAGE, "'%s:' lacks a value; tickets without one are found by no:%s", field->name, field->name);
	} else if (is_person_field(field) && strcmp(value, "me") == 0) {
		me = context->me || !context->find_me ? context->me : context->find_me(context->desk);
		if (me)
			texts_add(any, me);
		else
			failed = ticket_fail(err, TICKET_USAGE, "nobody knows who 'me' is; say it with --as PERSON, or: git config user.name 'Your Name'");
	} else if (person) {
		texts_add(any, person->name);
	} else if (!field_values(field, context->policy, &allowed) || texts_have(&allowed, value)) {
		texts_add(any, value);
	} else if ((named = value_with_label(field, context->policy, value))) {
		texts_add(any, named);
	} else {
		failed = refuse_value(value, field->kind == KIND_OWES ? "event that the policy's samples ask for" : field->name, &allowed, err);
	}
	texts_release(&allowed);
	return failed;
}
