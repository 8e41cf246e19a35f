/* SPDX-License-Identifier: MIT */
/* How a form tells things: times and choices as data and for people, and what its fields are called. */
#include "form/form.h"

/* --- how values are told --------------------------------------------------------------------------------------- */

void tell(struct form_cell *cell, const char *data, const char *shown)
{
	if (!data || !*data)
		return;
	cell->data = xstrdup(data);
	cell->shown = xstrdup(shown ? shown : data);
}

void tell_time(const struct filling *filling, struct form_cell *cell, const struct stamp *at)
{
	char data[STAMP_SIZE], shown[STAMP_SIZE];
	struct stamp local;

	if (!at->set)
		return;
	local = stamp_at(desk_zone(filling->desk), at->s);
	stamp_format(shown, &local);
	shown[10] = ' ';
	shown[16] = '\0';
	tell(cell, stamp_format(data, at), shown);
}

const char *choice_label(const struct filling *filling, const choices *list, const char *name)
{
	const struct choice *choice = name ? policy_choice(list, name) : NULL;

	return choice ? policy_label(filling->policy, &choice->labels, filling->language, name) : name;
}

void tell_choice(const struct filling *filling, struct form_cell *cell, const choices *list, const char *name)
{
	tell(cell, name, choice_label(filling, list, name));
}

void tell_choices(const struct filling *filling, struct form_cell *cell, const choices *list, const struct texts *names)
{
	struct texts labels = {0};
	_cleanup_free_ char *data = texts_join(names, ","), *shown = NULL;

	for (size_t i = 0; i < names->n; i++)
		texts_add(&labels, choice_label(filling, list, names->v[i]));
	shown = texts_join(&labels, form_say(filling, ", ", "、"));
	tell(cell, data, shown);
	texts_release(&labels);
}

const char *form_say(const struct filling *filling, const char *en, const char *zh)
{
	return filling->chinese ? zh : en;
}

const char *form_word(const struct filling *filling, const char *word)
{
	return policy_word(filling->policy, filling->language, word);
}

/* --- labels ---------------------------------------------------------------------------------------------------- */

/* The label of the policy's own rule or target of that name; NULL when there is none in that language. */
static const char *policy_has(const struct policy *policy, const char *language, const char *name)
{
	const char *own = text_starts(name, "field.") ? name + 6 : name;
	_cleanup_free_ char *key = xasprintf("%s:%s", language, text_equal(name, "number") ? "id" : text_equal(name, "types") ? "type" : name);

	for (size_t i = 0; i < policy->fields.n; i++)
		if (text_equal(policy->fields.v[i].name, own) && pairs_get(&policy->fields.v[i].labels, language))
			return pairs_get(&policy->fields.v[i].labels, language);
	for (size_t i = 0; text_starts(name, "clock.") && i < policy->targets.n; i++)
		if (text_equal(policy->targets.v[i].name, name + 6))
			return pairs_get(&policy->targets.v[i].labels, language);
	return pairs_get(&policy->words, key);
}

bool field_has_label(const struct policy *policy, const char *language, const struct form_field *field)
{
	return pairs_get(&field->labels, language) || policy_has(policy, language, field->name);
}

const char *field_label(const struct policy *policy, const char *language, const struct form_field *field)
{
	const char *label = language ? pairs_get(&field->labels, language) : NULL;

	if (!label && language)
		label = policy_has(policy, language, field->name);
	return label ? label : policy_label(policy, &field->labels, language, field->name);
}
