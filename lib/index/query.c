/* SPDX-License-Identifier: MIT */
/* What a query means: its fields, and whether and where a ticket stands in its answer. */
#include "index/query.h"

#include "ticket/text.h"
#include "ticket/language.h"

#define IN_TICKET(member) offsetof(struct ticket, member)
#define IN_POLICY(member) offsetof(struct policy, member)
#define WORD(name, member, column, choices, help) {name, help, KIND_WORD, IN_TICKET(member), 0, column, choices, true}
#define TIMES(name, which, column, help) {name, help, KIND_TIME, 0, which, column, 0, true}
#define FLAG(name, which, help) {name, help, KIND_FLAG, 0, which, NULL, 0, false}

/* In alphabetical order. */
const struct field fields[] = {
	TIMES("archived", FACT_ARCHIVED, "archived", N_("when it was put away, last")),
	WORD("assignee", assignee, "assignee", 0, N_("who works on it; `me` is you")),
	FLAG("at-risk", FLAG_AT_RISK, N_("a warning is due or given, and the deadline has not passed")),
	WORD("category", category, "category", IN_POLICY(categories), N_("category, as the policy lists them")),
	WORD("channel", channel, "channel", IN_POLICY(channels), N_("channel it came by")),
	WORD("customer", customer.id, "customer_id", 0, N_("number of the customer in the register")),
	{"cycle", N_("1, and one more after each reopening"), KIND_NUMBER, IN_TICKET(cycle), 0, "cycle", 0, true},
	FLAG("delayed", FLAG_DELAYED, N_("marked delayed by the ladder")),
	{"department", N_("a department involved"), KIND_LIST, IN_TICKET(departments), 0, "departments", IN_POLICY(departments), false},
	WORD("doing", doing, "doing", IN_POLICY(doings), N_("where the work stands")),
	TIMES("due", FACT_DUE, "due", N_("the nearest deadline that still runs")),
	TIMES("eta", FACT_ETA, "eta", N_("expected resolution")),
	TIMES("expects", FACT_EXPECTS, "expects", N_("by when the customer expects it")),
	{"field", N_("a field of the policy's own: field.NAME:VALUE"), KIND_OWN, 0, 0, "fields", 0, false},
	WORD("file", source.file, "file", 0, N_("file it was imported from")),
	WORD("grade", grade, "grade", IN_POLICY(grades), N_("grade, as the policy lists them")),
	WORD("group", group, "group_name", 0, N_("group it is assigned to")),
	WORD("id", id, "id", 0, N_("number")),
	WORD("incident", incident, "incident", 0, N_("number of the incident that it belongs to")),
	TIMES("inspected", FACT_INSPECTED, "inspected", N_("when it was inspected, last")),
	WORD("key", source.key, "key", 0, N_("import key")),
	WORD("lead", lead, "lead", 0, N_("who leads the plan in force")),
	{"level", N_("highest escalation level reached"), KIND_NUMBER, IN_TICKET(level), 0, "level", 0, true},
	FLAG("overdue", FLAG_OVERDUE, N_("a deadline that still runs has passed")),
	{"owes", N_("an event that a sample of the policy drew it for: followed_up"), KIND_OWES, 0, 0, "owes", 0, false},
	TIMES("plan", FACT_PLAN, "plan", N_("completion date of the plan in force")),
	WORD("priority", priority, "priority", IN_POLICY(priorities), N_("priority, as the policy lists them")),
	FLAG("quarantined", FLAG_QUARANTINED, N_("set aside until its data are corrected")),
	TIMES("received", FACT_RECEIVED, "received", N_("when it was received")),
	FLAG("reopened", FLAG_REOPENED, N_("was reopened at least once")),
	TIMES("resolved", FACT_RESOLVED, "resolved", N_("when it was resolved, last")),
	TIMES("responded", FACT_RESPONDED, "responded", N_("when it was first answered")),
	WORD("risk", risk, "risk", IN_POLICY(risks), N_("risk mark, as the policy lists them")),
	{"state", N_("new … merged; or open (new to waiting), done (resolved to verified), closed (archived, merged)"), KIND_STATE, 0, 0, "state", 0, true},
	{"status", N_("what is shown, as the policy names it"), KIND_STATUS, 0, 0, "status", 0, true},
	{"subject", N_("text that the subject holds"), KIND_TEXT, 0, 0, NULL, 0, false},
	{"text", N_("text that subject, description, customer or any event holds"), KIND_TEXT, 0, 0, NULL, 0, false},
	{"type", N_("a type or sub-type; a type finds its sub-types"), KIND_LIST, IN_TICKET(types), 0, "types", IN_POLICY(types), false},
	WORD("uid", uid, "uid", 0, N_("identity across clones")),
	TIMES("updated", FACT_UPDATED, "updated", N_("last activity; what the sweep notes does not count")),
	WORD("waiting", waiting_for, "waiting_for", 0, N_("whom it waits for: customer, vendor, department")),
};
const size_t n_fields = ARRAY_SIZE(fields);

const struct field *field_named(const char *name)
{
	for (size_t i = 0; i < n_fields; i++)
		if (strcmp(fields[i].name, name) == 0)
			return &fields[i];
	return NULL;
}

const struct query_field *query_fields(size_t *n)
{
	static struct query_field list[ARRAY_SIZE(fields)];

	for (size_t i = 0; i < n_fields; i++)
		list[i] = (struct query_field){fields[i].name, fields[i].help, fields[i].sorts};
	*n = n_fields;
	return list;
}

void query_free(struct query *query)
{
	if (!query)
		return;
	for (size_t i = 0; i < query->tests.n; i++) {
		texts_release(&query->tests.v[i].any);
		free(query->tests.v[i].text);
		free(query->tests.v[i].own);
	}
	free(query->tests.v);
	free(query->typed);
	free(query->meant);
	free(query);
}

void query_received(struct query *query, const struct range *range)
{
	*list_push(&query->tests) = (struct test){.field = field_named("received"), .op = TEST_RANGE, .range = *range};
}

void query_rank(struct query *query)
{
	query->ranked = query_has_text(query);
}

bool query_has_text(const struct query *query)
{
	for (size_t i = 0; i < query->tests.n; i++)
		if (query->tests.v[i].op == TEST_TEXT && !query->tests.v[i].negated)
			return true;
	return false;
}

const char *query_doubt(const struct query *query, const char **typed)
{
	*typed = query->typed;
	return query->meant;
}

size_t query_limit(const struct query *query)
{
	return query->limit;
}

/* --- matching -------------------------------------------------------------------------------------------------- */

static const char *word_of(const struct ticket *ticket, const struct field *field)
{
	const char *word = *(char *const *)((const char *)ticket + field->offset);

	return word ? word : "";
}

static const struct texts *list_of(const struct ticket *ticket, const struct field *field)
{
	return (const struct texts *)((const char *)ticket + field->offset);
}

static int64_t number_of(const struct ticket *ticket, const struct field *field)
{
	return *(const int64_t *)((const char *)ticket + field->offset);
}

static const char *status_of(const struct query *query, const struct ticket *ticket)
{
	const struct status *status = policy_status(query->context.policy, ticket);

	return status ? status->name : "";
}

/* "complaint" is also found by its sub-type "complaint/quality". */
static bool is_type_or_parent(const char *asked, const char *type)
{
	size_t n = strlen(asked);

	return strncmp(asked, type, n) == 0 && (type[n] == '\0' || type[n] == '/');
}

static bool owes_any(const struct query *query, const struct texts *events, const struct ticket *ticket)
{
	struct texts owed = {0};
	bool found = false;

	facts_owed(&owed, query->context.policy, ticket);
	for (size_t i = 0; i < owed.n; i++)
		found = found || !events || texts_have(events, owed.v[i]);
	texts_release(&owed);
	return found;
}

static bool any_matches(const struct query *query, const struct test *test, const struct ticket *ticket)
{
	const struct field *field = test->field;
	const struct texts *list;
	const char *own;

	switch (field->kind) {
	case KIND_LIST:
		list = list_of(ticket, field);
		for (size_t i = 0; i < list->n; i++)
			for (size_t j = 0; j < test->any.n; j++)
				if (is_type_or_parent(test->any.v[j], list->v[i]))
					return true;
		return false;
	case KIND_OWES:
		return owes_any(query, &test->any, ticket);
	case KIND_OWN:
		own = pairs_get(&ticket->fields, test->own);
		return own && texts_have(&test->any, own);
	case KIND_STATUS:
		return texts_have(&test->any, status_of(query, ticket));
	default:
		return texts_have(&test->any, word_of(ticket, field));
	}
}

static bool present(const struct query *query, const struct test *test, const struct ticket *ticket, const struct facts *facts)
{
	const struct field *field = test->field;
	const char *own;

	switch (field->kind) {
	case KIND_LIST:
		return list_of(ticket, field)->n > 0;
	case KIND_OWES:
		return owes_any(query, NULL, ticket);
	case KIND_OWN:
		own = pairs_get(&ticket->fields, test->own);
		return own && *own;
	case KIND_STATUS:
		return *status_of(query, ticket) != '\0';
	case KIND_TIME:
		return facts->times[field->which] != TIME_NONE;
	default:
		return *word_of(ticket, field) != '\0';
	}
}

static bool at_risk(const struct facts *facts, int64_t now_s)
{
	for (size_t i = 0; i < facts->live.n; i++) {
		const struct live_clock *live = &facts->live.v[i];

		if (live->risk_s != TIME_NONE && live->risk_s <= now_s && now_s <= live->clock->due.s)
			return true;
	}
	return false;
}

static bool flag_set(const struct query *query, enum query_flag flag, const struct ticket *ticket, const struct facts *facts)
{
	switch (flag) {
	case FLAG_OVERDUE:
		return facts->times[FACT_DUE] != TIME_NONE && facts->times[FACT_DUE] < query->context.now_s;
	case FLAG_AT_RISK:
		return at_risk(facts, query->context.now_s);
	case FLAG_DELAYED:
		return ticket->delayed;
	case FLAG_QUARANTINED:
		return ticket->quarantined;
	case FLAG_REOPENED:
		return ticket->cycle > 1;
	}
	return false;
}

struct text_search {
	const char *needle;
	bool subject_only;
};

static int text_has(const char *field, const char *text, void *data)
{
	struct text_search *search = data;
	_cleanup_free_ char *folded = search_fold(text);

	if (strstr(folded, search->needle))
		return 1;
	return search->subject_only ? -1 : 0;
}

static bool text_matches(const struct test *test, const struct ticket *ticket)
{
	/* The subject is the first text visited. */
	struct text_search search = {test->text, strcmp(test->field->name, "subject") == 0};

	return each_text(ticket, text_has, &search) == 1;
}

static bool test_holds(const struct query *query, const struct test *test, const struct ticket *ticket, const struct facts *facts)
{
	switch (test->op) {
	case TEST_ANY:
		return any_matches(query, test, ticket);
	case TEST_STATES:
		return test->states >> ticket->state & 1;
	case TEST_RANGE:
		if (test->field->kind == KIND_NUMBER)
			return range_has(&test->range, number_of(ticket, test->field));
		return facts->times[test->field->which] != TIME_NONE && range_has(&test->range, facts->times[test->field->which]);
	case TEST_PRESENT:
		return present(query, test, ticket, facts);
	case TEST_FLAG:
		return flag_set(query, (enum query_flag)test->field->which, ticket, facts);
	case TEST_TEXT:
		return text_matches(test, ticket);
	}
	return false;
}

bool query_matches(const struct query *query, const struct ticket *ticket)
{
	struct facts facts;
	bool matches = true;

	facts_of(&facts, ticket);
	for (size_t i = 0; matches && i < query->tests.n; i++)
		matches = test_holds(query, &query->tests.v[i], ticket, &facts) != query->tests.v[i].negated;
	facts_release(&facts);
	return matches;
}

/* --- order ----------------------------------------------------------------------------------------------------- */

size_t priority_rank(const struct policy *policy, const char *priority)
{
	if (!*priority)
		return SIZE_MAX;
	for (size_t i = 0; i < policy->priorities.n; i++)
		if (strcmp(policy->priorities.v[i].name, priority) == 0)
			return i;
	return policy->priorities.n;
}

static int compare_size(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int compare_time(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* What a ticket has not comes last, whichever way the rest is sorted. */
static int directed(bool a_lacks, bool b_lacks, int order, bool ascending)
{
	if (a_lacks || b_lacks)
		return a_lacks - b_lacks;
	return ascending ? order : -order;
}

static int compare_words(const struct query *query, const char *a, const char *b)
{
	int order = 0;

	if (strcmp(query->sort->name, "priority") == 0)
		order = compare_size(priority_rank(query->context.policy, a), priority_rank(query->context.policy, b));
	return directed(!*a, !*b, order ? order : strcmp(a, b), query->ascending);
}

static int compare_facts(enum fact_time which, bool ascending, const struct ticket *a, const struct ticket *b)
{
	struct facts fa, fb;
	int64_t ta, tb;

	facts_of(&fa, a);
	facts_of(&fb, b);
	ta = fa.times[which];
	tb = fb.times[which];
	facts_release(&fa);
	facts_release(&fb);
	return directed(ta == TIME_NONE, tb == TIME_NONE, compare_time(ta, tb), ascending);
}

static int compare_field(const struct query *query, const struct ticket *a, const struct ticket *b)
{
	const struct field *field = query->sort;

	switch (field->kind) {
	case KIND_TIME:
		return compare_facts((enum fact_time)field->which, query->ascending, a, b);
	case KIND_NUMBER:
		return directed(false, false, compare_time(number_of(a, field), number_of(b, field)), query->ascending);
	case KIND_STATE:
		return directed(false, false, compare_time(a->state, b->state), query->ascending);
	case KIND_STATUS:
		return compare_words(query, status_of(query, a), status_of(query, b));
	default:
		return compare_words(query, word_of(a, field), word_of(b, field));
	}
}

int query_compare(const struct query *query, const struct ticket *a, const struct ticket *b)
{
	int order = query->sort ? compare_field(query, a, b) : 0;

	if (!order)
		order = -compare_time(a->received.s, b->received.s);
	if (!order)
		order = -strcmp(a->id, b->id);
	return order ? order : -strcmp(a->uid, b->uid);
}
