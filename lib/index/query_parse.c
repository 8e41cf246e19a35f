/* SPDX-License-Identifier: MIT */
/* From the words of a query to its terms; every unknown name is refused with what would be right. */
#include "index/query.h"

#include "ticket/text.h"

#include <ctype.h>
#include <errno.h>

#define MOST_TERMS 200
#define DEEPEST 8 /* saved queries within saved queries */

struct parser {
	struct query *query;
	const char *saved[DEEPEST]; /* the saved queries being read, outermost first */
	size_t depth;
};

static int parse_words(struct parser *in, const char *const *words, size_t n, struct ticket_error *err);

static struct test *add_test(struct parser *in, const struct field *field, enum test_op op, bool negated)
{
	struct test *test = list_push(&in->query->tests);

	test->field = field;
	test->op = op;
	test->negated = negated;
	return test;
}

/* --- values ---------------------------------------------------------------------------------------------------- */

/* The next of comma-separated values, which may stand in double quotes; NULL at the end. Owned. */
static char *next_value(const char **p)
{
	struct buf value = {0};
	bool quoted = false;

	if (!*p)
		return NULL;
	for (; **p && (quoted || **p != ','); (*p)++) {
		if (**p == '"')
			quoted = !quoted;
		else
			buf_putc(&value, **p);
	}
	*p = **p ? *p + 1 : NULL;
	return buf_steal(&value);
}

static int parse_any(struct parser *in, const struct field *field, const char *values, bool negated, const char *own, struct ticket_error *err)
{
	struct test *test = add_test(in, field, TEST_ANY, negated);
	int failed = 0;

	test->own = xstrdup(own);
	while (!failed && values) {
		_cleanup_free_ char *value = next_value(&values);

		failed = query_value(in->query, field, value, &test->any, err);
	}
	return failed;
}

/* --- states ---------------------------------------------------------------------------------------------------- */

unsigned query_states_of(const char *word)
{
	enum ticket_state state = state_from(word);
	unsigned open = 0;

	for (int i = STATE_NEW; i < STATES; i++)
		if (state_is_open((enum ticket_state)i))
			open |= 1u << i;
	if (state)
		return 1u << state;
	if (strcmp(word, "open") == 0)
		return open;
	if (strcmp(word, "done") == 0)
		return 1u << STATE_RESOLVED | 1u << STATE_CONFIRMED | 1u << STATE_VERIFIED;
	if (strcmp(word, "closed") == 0)
		return 1u << STATE_ARCHIVED | 1u << STATE_MERGED;
	return 0;
}

void query_state_words(struct texts *out)
{
	for (int i = STATE_NEW; i < STATES; i++)
		texts_add(out, state_word((enum ticket_state)i));
	texts_add(out, "open");
	texts_add(out, "done");
	texts_add(out, "closed");
}

static int parse_states(struct parser *in, const struct field *field, const char *values, bool negated, struct ticket_error *err)
{
	struct test *test = add_test(in, field, TEST_STATES, negated);

	while (values) {
		_cleanup_free_ char *value = next_value(&values);
		unsigned states = query_states_of(value);
		struct texts allowed = {0};

		test->states |= states;
		if (states)
			continue;
		query_state_words(&allowed);
		refuse_value(value, "state", &allowed, err);
		texts_release(&allowed);
		return TICKET_USAGE;
	}
	return 0;
}

/* --- times and numbers ----------------------------------------------------------------------------------------- */

/* ">=", "<=", ">", "<" in front of a value; 0 for none. 'e' stands for "or equal". */
struct comparison {
	bool less, more, equal;
};

static struct comparison take_comparison(const char **value)
{
	struct comparison c = {0};

	if (**value == '<' || **value == '>') {
		c.less = **value == '<';
		c.more = !c.less;
		(*value)++;
		if (**value == '=') {
			c.equal = true;
			(*value)++;
		}
	}
	return c;
}

static int parse_instant(struct parser *in, const char *text, struct range *out, struct ticket_error *err)
{
	const struct query_context *context = &in->query->context;
	struct stamp at;
	int failed;

	if (range_period(out, text, context->zone, context->now_s))
		return 0;
	if ((failed = time_parse(&at, text, context->zone, context->now_s, err)))
		return failed;
	*out = (struct range){at.s, at.s + 1};
	return 0;
}

/* due.before:+2h, received.after:2026-05-01, received:2026-05, received:>=2026-05-01, received:A..B */
static int parse_time(struct parser *in, const struct field *field, const char *suffix, const char *value, bool negated, struct ticket_error *err)
{
	struct test *test = add_test(in, field, TEST_RANGE, negated);
	struct comparison c = take_comparison(&value);
	struct range given;
	int failed;

	if (suffix && (c.less || c.more))
		return ticket_fail(err, TICKET_USAGE, "'%s.%s:' and '%c' say the same; give one of them", field->name, suffix, c.less ? '<' : '>');
	if (suffix) {
		c.more = strcmp(suffix, "after") == 0 || strcmp(suffix, "since") == 0;
		c.less = strcmp(suffix, "before") == 0 || strcmp(suffix, "until") == 0;
		c.equal = c.more || strcmp(suffix, "until") == 0;
		if (!c.more && !c.less)
			return ticket_fail(err, TICKET_USAGE, "'%s.%s' is no field; right would be %s.after, .since, .before or .until", field->name, suffix, field->name);
	}
	if (!c.less && !c.more)
		failed = range_parse(&test->range, value, in->query->context.zone, in->query->context.now_s, err);
	else
		failed = parse_instant(in, value, &given, err);
	if (failed)
		return ticket_fail_in(err, "%s: ", field->name);
	if (c.more)
		test->range = (struct range){c.equal ? given.from_s : given.until_s, INT64_MAX};
	if (c.less)
		test->range = (struct range){INT64_MIN, c.equal ? given.until_s : given.from_s};
	return 0;
}

static bool parse_whole(const char *text, size_t n, int64_t *out)
{
	if (!n || n > 15)
		return false;
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char)text[i]))
			return false;
		*out = *out * 10 + (text[i] - '0');
	}
	return true;
}

/* level:2, level:>=2, level:1..3 */
static int parse_number(struct parser *in, const struct field *field, const char *value, bool negated, struct ticket_error *err)
{
	struct test *test = add_test(in, field, TEST_RANGE, negated);
	struct comparison c = take_comparison(&value);
	const char *dots = strstr(value, "..");
	int64_t low, high;

	if (dots && !c.less && !c.more && parse_whole(value, (size_t)(dots - value), &low) && parse_whole(dots + 2, strlen(dots + 2), &high)) {
		if (high < low) {
			ticket_fail(err, TICKET_USAGE, "'%s' ends before it begins", value);
			return ticket_fail_in(err, "%s: ", field->name);
		}
		test->range = (struct range){low, high + 1};
		return 0;
	}
	if (!parse_whole(value, strlen(value), &low))
		return ticket_fail(err, TICKET_USAGE, "'%s' is no number for %s; right would be %s:2, %s:>=2 or %s:1..3", value, field->name, field->name, field->name,
				   field->name);
	test->range = (struct range){low, low + 1};
	if (c.more)
		test->range = (struct range){c.equal ? low : low + 1, INT64_MAX};
	if (c.less)
		test->range = (struct range){INT64_MIN, c.equal ? low + 1 : low};
	return 0;
}

/* --- words ----------------------------------------------------------------------------------------------------- */

static int parse_text(struct parser *in, const struct field *field, const char *text, bool negated, struct ticket_error *err)
{
	_cleanup_free_ char *plain = NULL;
	size_t n = strlen(text);
	struct test *test;

	if (*text == '"') {
		if (n < 2 || text[n - 1] != '"')
			return ticket_fail(err, TICKET_USAGE, "'%s' lacks a closing quote", text);
		plain = xstrndup(text + 1, n - 2);
	}
	test = add_test(in, field, TEST_TEXT, negated);
	test->text = search_fold(plain ? plain : text);
	/* Nothing but characters that searching ignores would match every ticket. */
	if (!*test->text || strcmp(test->text, " ") == 0)
		return ticket_fail(err, TICKET_USAGE, "'%s' holds nothing to look for", text);
	return 0;
}

bool query_can_be_missing(const struct field *field)
{
	return field->kind == KIND_WORD || field->kind == KIND_LIST || field->kind == KIND_OWES || field->kind == KIND_TIME || field->kind == KIND_STATUS;
}

/* no:assignee, has:customer */
static int parse_presence(struct parser *in, const char *name, bool negated, struct ticket_error *err)
{
	const struct field *field = field_named(name);
	struct texts names = {0};

	if (text_starts(name, "field.") && name[6]) {
		if (query_refuse_own(in->query, name + 6, err))
			return TICKET_USAGE;
		add_test(in, field_named("field"), TEST_PRESENT, negated)->own = xstrdup(name + 6);
		return 0;
	}
	if (field && query_can_be_missing(field)) {
		add_test(in, field, TEST_PRESENT, negated);
		return 0;
	}
	for (size_t i = 0; i < n_fields; i++)
		if (query_can_be_missing(&fields[i]))
			texts_add(&names, fields[i].name);
	refuse_value(name, "field that can be missing", &names, err);
	texts_release(&names);
	return TICKET_USAGE;
}

static int parse_is(struct parser *in, const char *word, bool negated, struct ticket_error *err)
{
	const struct field *field = field_named(word);
	struct texts allowed = {0};

	if (field && field->kind == KIND_FLAG) {
		add_test(in, field, TEST_FLAG, negated);
		return 0;
	}
	if (query_states_of(word)) {
		add_test(in, field_named("state"), TEST_STATES, negated)->states = query_states_of(word);
		return 0;
	}
	query_field_names(&allowed, true, false);
	query_state_words(&allowed);
	refuse_value(word, "property of a ticket", &allowed, err);
	texts_release(&allowed);
	return TICKET_USAGE;
}

/* Splits at white space outside of double quotes, which are kept. */
static void split_words(const char *text, struct texts *out)
{
	struct buf word = {0};
	bool quoted = false;

	for (; *text; text++) {
		bool space = isspace((unsigned char)*text) && !quoted;

		if (*text == '"')
			quoted = !quoted;
		if (!space)
			buf_putc(&word, *text);
		if (word.n && (space || !text[1])) {
			texts_add(out, word.p);
			buf_truncate(&word, 0);
		}
	}
	buf_release(&word);
}

static int parse_saved(struct parser *in, const char *name, bool negated, struct ticket_error *err)
{
	const struct policy *policy = in->query->context.policy;
	const struct saved_query *saved = NULL;
	struct texts words = {0};
	int failed;

	for (size_t i = 0; i < policy->queries.n && !saved; i++) {
		texts_add(&words, policy->queries.v[i].name);
		if (strcmp(policy->queries.v[i].name, name) == 0)
			saved = &policy->queries.v[i];
	}
	if (!saved)
		failed = words.n ? refuse_value(name, "saved query of this desk", &words, err)
				 : ticket_fail(err, TICKET_USAGE, "'%s' is no saved query; the policy of this desk has none", name);
	else if (negated)
		failed = ticket_fail(err, TICKET_USAGE, "the saved query '%s' can't be negated; negate its terms", name);
	else
		failed = 0;
	for (size_t i = 0; !failed && i < in->depth; i++)
		if (strcmp(in->saved[i], name) == 0)
			failed = ticket_fail(err, TICKET_USAGE, "the saved query '%s' contains itself", name);
	if (!failed && in->depth == DEEPEST)
		failed = ticket_fail(err, TICKET_USAGE, "the saved query '%s' is nested more than %d deep", name, DEEPEST);
	texts_release(&words);
	if (failed)
		return failed;
	split_words(saved->query ? saved->query : "", &words);
	in->saved[in->depth++] = saved->name;
	if ((failed = parse_words(in, (const char *const *)words.v, words.n, err)))
		ticket_fail_in(err, "saved query '%s': ", name);
	in->depth--;
	texts_release(&words);
	return failed;
}

/* --- one word -------------------------------------------------------------------------------------------------- */

/* Where the name in front of a colon ends: names are lower-case ASCII, but for those of the policy's own fields. */
static const char *name_end(const char *word)
{
	const char *p = word;

	if (text_starts(word, "field.")) {
		p = strchr(word, ':');
		return p && p > word + 6 ? p : NULL;
	}
	while (islower((unsigned char)*p) || *p == '.' || *p == '_' || (*p == '-' && p > word))
		p++;
	return p > word && *p == ':' ? p : NULL;
}

static int parse_field(struct parser *in, const char *word, const char *name, const char *value, bool negated, struct ticket_error *err)
{
	_cleanup_free_ char *base = xstrndup(name, strcspn(name, "."));
	const char *suffix = name[strlen(base)] ? name + strlen(base) + 1 : NULL;
	const struct field *field = field_named(base);

	if (!suffix && (strcmp(name, "no") == 0 || strcmp(name, "has") == 0))
		return parse_presence(in, value, negated != (*name == 'n'), err);
	if (!suffix && strcmp(name, "is") == 0)
		return parse_is(in, value, negated, err);
	if (!suffix && strcmp(name, "query") == 0)
		return parse_saved(in, value, negated, err);
	if (!field || (suffix && field->kind != KIND_TIME && field->kind != KIND_OWN))
		return query_refuse_field(name, word, err);
	switch (field->kind) {
	case KIND_OWN:
		if (!suffix)
			return ticket_fail(err, TICKET_USAGE, "'%s' lacks the field's name; right would be field.NAME:VALUE", word);
		if (*value != '=' && query_refuse_own(in->query, suffix, err))
			return TICKET_USAGE;
		return parse_any(in, field, value, negated, suffix, err);
	case KIND_STATE:
		return parse_states(in, field, value, negated, err);
	case KIND_TIME:
		return parse_time(in, field, suffix, value, negated, err);
	case KIND_NUMBER:
		return parse_number(in, field, value, negated, err);
	case KIND_FLAG:
		return ticket_fail(err, TICKET_USAGE, "'%s' takes no value; right would be %s or -%s", name, name, name);
	case KIND_TEXT:
		return parse_text(in, field, value, negated, err);
	default:
		return parse_any(in, field, value, negated, NULL, err);
	}
}

/* Is the word a term of its own, not free text? */
static bool is_term(const char *word)
{
	const char *end;
	const struct field *field;
	_cleanup_free_ char *base = NULL;

	word += *word == '-';
	field = field_named(word);
	if ((field && field->kind == KIND_FLAG) || *word == '@')
		return true;
	if (!(end = name_end(word)))
		return false;
	base = xstrndup(word, strcspn(word, ".:"));
	return field_named(base) || strcmp(base, "no") == 0 || strcmp(base, "has") == 0 || strcmp(base, "is") == 0 || strcmp(base, "query") == 0;
}

/* "State:open" is no text to look for; owned, NULL when it is. */
static char *name_in_capitals(const char *word)
{
	_cleanup_free_ char *lower = xstrdup(word);
	size_t n = strcspn(word, ":");

	for (char *p = lower; p < lower + n; p++)
		*p = (char)tolower((unsigned char)*p);
	return strcmp(lower, word) != 0 && name_end(lower) && is_term(lower) ? xstrndup(word, n) : NULL;
}

static int parse_one(struct parser *in, const char *word, struct ticket_error *err)
{
	bool negated = *word == '-' && word[1];
	const char *rest = word + negated, *end = name_end(rest);
	const struct field *field = field_named(rest);
	_cleanup_free_ char *name = end ? xstrndup(rest, (size_t)(end - rest)) : name_in_capitals(rest);

	if (in->query->tests.n >= MOST_TERMS)
		return ticket_fail(err, TICKET_USAGE, "a query has at most %d terms", MOST_TERMS);
	if (*rest == '@' && rest[1])
		return parse_saved(in, rest + 1, negated, err);
	if (field && field->kind == KIND_FLAG)
		return parse_is(in, rest, negated, err);
	if (end)
		return parse_field(in, word, name, end + 1, negated, err);
	if (name)
		return query_refuse_field(name, word, err);
	query_note_doubt(in->query, rest);
	return parse_text(in, field_named("text"), rest, negated, err);
}

/*
 * An argument is one term: `assignee:Li Wei`, or a phrase. Only when it splits at its spaces into nothing but terms
 * (`'state:open priority:1'`) is it taken as several.
 */
static int parse_word(struct parser *in, const char *word, struct ticket_error *err)
{
	struct texts parts = {0};
	const char *why;
	size_t terms = 0;
	int failed = 0;

	if (text_flaw(word, strlen(word), &why) >= 0)
		return ticket_fail(err, TICKET_USAGE, "a word of the query holds %s", why);
	if (!*word)
		return ticket_fail(err, TICKET_USAGE, "a word of the query is empty");
	split_words(word, &parts);
	while (terms < parts.n && is_term(parts.v[terms]))
		terms++;
	if (parts.n > 1 && terms == parts.n)
		for (size_t i = 0; !failed && i < parts.n; i++)
			failed = parse_one(in, parts.v[i], err);
	else
		failed = parse_one(in, word, err);
	texts_release(&parts);
	return failed;
}

static int parse_words(struct parser *in, const char *const *words, size_t n, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; !failed && i < n; i++)
		failed = parse_word(in, words[i], err);
	return failed;
}

static int parse_sort(struct query *query, const char *sort, struct ticket_error *err)
{
	struct texts names = {0};

	if (!sort)
		return 0;
	query->ascending = *sort != '-';
	query->sort = field_named(sort + !query->ascending);
	if (query->sort && query->sort->sorts)
		return 0;
	query_field_names(&names, false, true);
	refuse_value(sort + !query->ascending, "field to sort by", &names, err);
	texts_release(&names);
	return TICKET_USAGE;
}

int query_parse(struct query **out, const char *const *words, size_t n, const char *sort, size_t limit, const struct query_context *context, struct ticket_error *err)
{
	_cleanup_query_ struct query *query = xcalloc(1, sizeof(*query));
	struct parser in = {.query = query};
	int failed;

	*out = NULL;
	query->context = *context;
	query->limit = limit;
	if ((failed = parse_sort(query, sort, err)) || (failed = parse_words(&in, words, n, err)))
		return failed;
	*out = steal_ptr(query);
	return 0;
}
