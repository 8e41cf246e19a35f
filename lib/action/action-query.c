/* SPDX-License-Identifier: MIT */
/* Which actions a list shows: words as `ticket list` has them, over what an action has. */
#include "action/action.h"

#include "ticket/text.h"

enum term_kind { TERM_STATE, TERM_OWNER, TERM_CATEGORY, TERM_TYPE, TERM_TICKET, TERM_EFFECTIVE, TERM_DUE_BEFORE, TERM_DUE_AFTER, TERM_OVERDUE, TERM_TEXT };

struct term {
	int kind; /* enum term_kind */
	bool negated;
	struct texts any;
	int64_t at_s;
};

struct action_query {
	LIST(struct term) terms;
	int64_t now_s;
};

static const struct {
	const char *name;
	enum term_kind kind;
} fields[] = {
	{"state", TERM_STATE}, {"owner", TERM_OWNER}, {"category", TERM_CATEGORY}, {"type", TERM_TYPE}, {"ticket", TERM_TICKET},
	{"effective", TERM_EFFECTIVE}, {"due.before", TERM_DUE_BEFORE}, {"due.after", TERM_DUE_AFTER},
};

void action_query_free(struct action_query *query)
{
	if (!query)
		return;
	for (size_t i = 0; i < query->terms.n; i++)
		texts_release(&query->terms.v[i].any);
	free(query->terms.v);
	free(query);
}

/* --- parsing --------------------------------------------------------------------------------------------------- */

static int refuse_field(const char *word, size_t n, struct ticket_error *err)
{
	_cleanup_free_ char *name = xstrndup(word, n);
	const char *names[ARRAY_SIZE(fields)], *near;

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		names[i] = fields[i].name;
	near = text_nearest(name, names, ARRAY_SIZE(fields));
	if (near)
		return ticket_fail(err, TICKET_USAGE, "'%s' is nothing that actions are asked for; did you mean '%s:'?", name, near);
	return ticket_fail(err, TICKET_USAGE, "'%s' is nothing that actions are asked for; there are state, owner, category, type, ticket, effective, due.before, due.after and overdue", name);
}

static int parse_value(struct desk *desk, struct term *term, const char *value, struct ticket_error *err)
{
	_cleanup_free_ char *number = NULL;
	int failed;

	switch (term->kind) {
	case TERM_STATE:
		if (!action_state_from(value))
			return ticket_fail(err, TICKET_USAGE, "'%s' is no state of an action; there are proposed, open, done, verified and dropped", value);
		break;
	case TERM_OWNER:
		if (!text_equal(value, "me"))
			break;
		if (!desk_actor(desk))
			return ticket_fail(err, TICKET_USAGE, "nobody knows who 'me' is; say it with --as PERSON");
		value = desk_actor(desk);
		break;
	case TERM_CATEGORY:
		if (*value && (failed = policy_need_choice(&desk->policy->categories, "category", value, err)))
			return failed;
		break;
	case TERM_TYPE:
		if (*value && (failed = policy_need_choice(&desk->policy->types, "type", value, err)))
			return failed;
		break;
	case TERM_EFFECTIVE:
		if (!text_equal(value, "yes") && !text_equal(value, "partly") && !text_equal(value, "no"))
			return ticket_fail(err, TICKET_USAGE, "'%s' is no result; an action is found effective yes, partly or no", value);
		break;
	case TERM_TICKET:
		if ((failed = desk_resolve(desk, value, &number, err)))
			return failed;
		value = number;
		break;
	default:
		break;
	}
	texts_add(&term->any, value);
	return 0;
}

static int parse_field(struct desk *desk, struct term *term, const char *values, struct ticket_error *err)
{
	_cleanup_free_ char *copy = xstrdup(values);
	char *rest = copy, *value;
	struct stamp at;
	int failed = 0;

	if (term->kind == TERM_DUE_BEFORE || term->kind == TERM_DUE_AFTER) {
		failed = time_parse(&at, values, desk->zone, desk->context.now_s, err);
		term->at_s = at.s;
		return failed;
	}
	while (!failed && (value = strsep(&rest, ",")))
		failed = parse_value(desk, term, value, err);
	return failed;
}

static int parse_word(struct desk *desk, struct action_query *query, const char *word, struct ticket_error *err)
{
	struct term *term = list_push(&query->terms);
	size_t n;

	term->negated = *word == '-' && word[1];
	word += term->negated;
	if (text_equal(word, "overdue")) {
		term->kind = TERM_OVERDUE;
		return 0;
	}
	n = strcspn(word, ":");
	for (size_t i = 0; word[n] && i < ARRAY_SIZE(fields); i++)
		if (strlen(fields[i].name) == n && strncmp(fields[i].name, word, n) == 0) {
			term->kind = (int)fields[i].kind;
			return parse_field(desk, term, word + n + 1, err);
		}
	if (word[n] && n && strspn(word, "abcdefghijklmnopqrstuvwxyz._") == n)
		return refuse_field(word, n, err);
	term->kind = TERM_TEXT;
	texts_add(&term->any, "");
	free(term->any.v[0]);
	term->any.v[0] = text_fold(word);
	return 0;
}

int action_query_parse(struct action_query **out, struct desk *desk, const char *const *words, size_t n, struct ticket_error *err)
{
	_cleanup_action_query_ struct action_query *query = xcalloc(1, sizeof(*query));
	int failed = 0;

	*out = NULL;
	query->now_s = desk->context.now_s;
	for (size_t i = 0; i < n && !failed; i++)
		failed = parse_word(desk, query, words[i], err);
	if (!failed)
		*out = steal_ptr(query);
	return failed;
}

/* --- matching -------------------------------------------------------------------------------------------------- */

/* "" stands for one that is not set; a type stands for its sub-types. */
static bool is_any(const struct term *term, const char *value)
{
	const char *given = value ? value : "";

	for (size_t i = 0; i < term->any.n; i++) {
		size_t n = strlen(term->any.v[i]);

		if (text_equal(given, term->any.v[i]) || (term->kind == TERM_TYPE && n && strncmp(given, term->any.v[i], n) == 0 && given[n] == '/'))
			return true;
	}
	return false;
}

static bool says(const struct action *action, const char *folded)
{
	const char *texts[] = {action->problem, action->cause, action->plan, action->measure, action->feedback, action->verification, action->id};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_free_ char *text = texts[i] ? text_fold(texts[i]) : NULL;

		if (text && strstr(text, folded))
			return true;
	}
	return false;
}

static bool holds(const struct action_query *query, const struct term *term, const struct action *action)
{
	switch (term->kind) {
	case TERM_STATE:
		return is_any(term, action_state_word((enum action_state)action->state));
	case TERM_OWNER:
		return is_any(term, action->owner);
	case TERM_CATEGORY:
		return is_any(term, action->category);
	case TERM_TYPE:
		return is_any(term, action->type);
	case TERM_EFFECTIVE:
		return is_any(term, action->effective);
	case TERM_TICKET:
		for (size_t i = 0; i < action->tickets.n; i++)
			if (is_any(term, action->tickets.v[i]))
				return true;
		return false;
	case TERM_DUE_BEFORE:
		return action->due.set && action->due.s < term->at_s;
	case TERM_DUE_AFTER:
		return action->due.set && action->due.s >= term->at_s;
	case TERM_OVERDUE:
		return action_is_overdue(action, query->now_s);
	default:
		return says(action, term->any.v[0]);
	}
}

bool action_query_matches(const struct action_query *query, const struct action *action)
{
	for (size_t i = 0; i < query->terms.n; i++)
		if (holds(query, &query->terms.v[i], action) == query->terms.v[i].negated)
			return false;
	return true;
}
