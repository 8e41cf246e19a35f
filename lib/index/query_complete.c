/* SPDX-License-Identifier: MIT */
/* What a term of a query may go on with, for the shells' completion: names of fields, and the values that a policy allows. */
#include "index/query.h"

#include "ticket/text.h"

/* The terms are made of what stands ahead of the piece to be completed, and a name. */
struct completing {
	const char *word;
	struct texts *out;
};

static void offer(struct completing *to, const char *ahead, const char *name, const char *behind)
{
	_cleanup_free_ char *term = xasprintf("%s%s%s", ahead, name, behind);

	if (text_starts(term, to->word))
		texts_add(to->out, term);
}

static void offer_states(struct completing *to, const char *ahead)
{
	struct texts words = {0};

	query_state_words(&words);
	for (size_t i = 0; i < words.n; i++)
		offer(to, ahead, words.v[i], "");
	texts_release(&words);
}

static void offer_flags(struct completing *to, const char *ahead)
{
	for (size_t i = 0; i < n_fields; i++)
		if (fields[i].kind == KIND_FLAG)
			offer(to, ahead, fields[i].name, "");
}

static void offer_saved(struct completing *to, const char *ahead, const struct policy *policy)
{
	for (size_t i = 0; i < policy->queries.n; i++)
		offer(to, ahead, policy->queries.v[i].name, "");
}

static void offer_missing(struct completing *to, const char *ahead)
{
	for (size_t i = 0; i < n_fields; i++)
		if (query_can_be_missing(&fields[i]))
			offer(to, ahead, fields[i].name, "");
}

/* Behind "FIELD:" and each comma. What a comma or a blank takes apart again is left to whoever types it. */
static void offer_values(struct completing *to, const char *ahead, const struct field *field, const struct query_context *context)
{
	static const char *const times[] = {"today", "yesterday", NULL};
	struct texts values = {0};

	for (size_t i = 0; field->kind == KIND_TIME && times[i]; i++)
		offer(to, ahead, times[i], "");
	if (field->kind == KIND_STATE)
		offer_states(to, ahead);
	else
		field_values(field, context->policy, &values);
	if (strcmp(field->name, "assignee") == 0 || strcmp(field->name, "lead") == 0)
		offer(to, ahead, "me", "");
	for (size_t i = 0; i < values.n; i++)
		if (!strpbrk(values.v[i], ", \""))
			offer(to, ahead, values.v[i], "");
	texts_release(&values);
}

static void offer_names(struct completing *to, const char *ahead, const struct query_context *context)
{
	static const char *const others[] = {"has", "is", "no"};
	static const char *const suffixes[] = {".after:", ".before:", ".until:"};
	_cleanup_free_ char *saved = xasprintf("%s@", ahead);

	for (size_t i = 0; i < n_fields; i++) {
		if (fields[i].kind != KIND_FLAG && fields[i].kind != KIND_OWN)
			offer(to, ahead, fields[i].name, ":");
		/* Only once the field is there: three more of each would bury the others. */
		for (size_t k = 0; fields[i].kind == KIND_TIME && strchr(to->word, '.') && k < ARRAY_SIZE(suffixes); k++)
			offer(to, ahead, fields[i].name, suffixes[k]);
	}
	for (size_t i = 0; i < context->policy->fields.n; i++) {
		_cleanup_free_ char *own = xasprintf("%sfield.", ahead);

		if (context->policy->fields.v[i].own)
			offer(to, own, context->policy->fields.v[i].name, ":");
	}
	offer_flags(to, ahead);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		offer(to, ahead, others[i], ":");
	if (!*ahead)
		offer_saved(to, saved, context->policy);
}

void query_complete(const char *word, const struct query_context *context, struct texts *out)
{
	struct completing to = {word, out};
	const char *dash = *word == '-' ? "-" : "", *name = word + strlen(dash), *colon = strchr(name, ':'), *comma = strrchr(word, ',');
	_cleanup_free_ char *field_name = colon ? xstrndup(name, strcspn(name, ":.")) : NULL;
	_cleanup_free_ char *ahead = colon ? xstrndup(word, (size_t)((comma && comma > colon ? comma : colon) + 1 - word)) : NULL;
	const struct field *field = colon ? field_named(field_name) : NULL;

	if (!colon)
		offer_names(&to, dash, context);
	else if (strcmp(field_name, "no") == 0 || strcmp(field_name, "has") == 0)
		offer_missing(&to, ahead);
	else if (strcmp(field_name, "query") == 0)
		offer_saved(&to, ahead, context->policy);
	else if (strcmp(field_name, "is") == 0) {
		offer_flags(&to, ahead);
		offer_states(&to, ahead);
	} else if (field)
		offer_values(&to, ahead, field, context);
}
