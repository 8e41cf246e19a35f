/* SPDX-License-Identifier: MIT */
/* What is said of words in a query that are no names, and which names were meant. */
#include "index/query.h"

#include "ticket/text.h"

void query_field_names(struct texts *out, bool only_flags, bool only_sorting)
{
	for (size_t i = 0; i < n_fields; i++)
		if ((!only_flags || fields[i].kind == KIND_FLAG) && (!only_sorting || fields[i].sorts))
			texts_add(out, fields[i].name);
}

/* What others call our fields. */
static const char *other_name(const char *name)
{
	static const char *const others[][2] = {
		{"number", "id"}, {"created", "received"}, {"opened", "received"}, {"modified", "updated"}, {"closed", "archived"}, {"owner", "assignee"}, {"tag", "type"}, {"label", "type"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (strcmp(others[i][0], name) == 0)
			return others[i][1];
	return NULL;
}

static bool is_option(const char *name)
{
	return strcmp(name, "sort") == 0 || strcmp(name, "limit") == 0 || strcmp(name, "columns") == 0;
}

int query_refuse_field(const char *name, const char *word, struct ticket_error *err)
{
	_cleanup_free_ char *base = xstrndup(name, strcspn(name, ".")), *meant = NULL;
	const char *near = other_name(base);
	const struct field *field;
	struct texts names = {0};

	if (is_option(name))
		return ticket_fail(err, TICKET_USAGE, "'%s' is no field of a query but an option: --%s. To look for the text itself write text:'%s'", name, name, word);
	query_field_names(&names, false, false);
	texts_add(&names, "is");
	texts_add(&names, "no");
	texts_add(&names, "has");
	texts_add(&names, "query");
	if (!near)
		near = text_nearest(base, (const char *const *)names.v, names.n);
	field = near ? field_named(near) : NULL;
	meant = near ? xasprintf("%s%s", near, field && (field->kind == KIND_TIME || field->kind == KIND_OWN) ? name + strlen(base) : "") : NULL;
	if (meant)
		ticket_fail(err, TICKET_USAGE, "'%s' is no field of a query; did you mean '%s:'? To look for the text itself write text:'%s'", name, meant, word);
	else
		ticket_fail(err, TICKET_USAGE, "'%s' is no field of a query; see ticket-query(7). To look for the text itself write text:'%s'", name, word);
	texts_release(&names);
	return TICKET_USAGE;
}

/* Tickets may have fields that the policy does not list; but what is nearly one that it lists is a slip. */
int query_refuse_own(const struct query *query, const char *name, struct ticket_error *err)
{
	const struct policy *policy = query->context.policy;
	struct texts names = {0};
	const char *near = NULL;

	for (size_t i = 0; i < policy->fields.n; i++)
		if (policy->fields.v[i].own)
			texts_add(&names, policy->fields.v[i].name);
	if (!texts_have(&names, name))
		near = text_nearest(name, (const char *const *)names.v, names.n);
	if (near && text_distance(name, near) * 3 > strlen(name))
		near = NULL;
	if (near)
		ticket_fail(err, TICKET_USAGE, "the policy has no field '%s'; did you mean 'field.%s'? To ask for it as it is write field.%s:=VALUE", name, near, name);
	texts_release(&names);
	return near ? TICKET_USAGE : 0;
}

/* Nothing else looks like a single word that is nearly a flag, a state or a saved query. */
void query_note_doubt(struct query *query, const char *word)
{
	const struct policy *policy = query->context.policy;
	struct texts names = {0};
	const char *near;

	if (query->meant || strpbrk(word, " \""))
		return;
	query_field_names(&names, true, false);
	query_state_words(&names);
	for (size_t i = 0; i < policy->queries.n; i++)
		texts_add(&names, policy->queries.v[i].name);
	near = text_nearest(word, (const char *const *)names.v, names.n);
	if (near && text_distance(word, near) * 3 <= strlen(word)) {
		query->typed = xstrdup(word);
		query->meant = xasprintf("%s%s", query_states_of(near) ? "state:" : field_named(near) ? "" : "@", near);
	}
	texts_release(&names);
}
