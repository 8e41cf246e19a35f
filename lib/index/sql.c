/* SPDX-License-Identifier: MIT */
/*
 * From a query to SQL. Values are bound; what SQL compares is what query_matches compares. SQLite knows nothing of how
 * many tickets there are of what, so the way to few of them is shown to it: a "+" before a column keeps it off the
 * column's index.
 */
#include "index/sql.h"

void sql_release(struct sql *sql)
{
	buf_release(&sql->text);
	for (size_t i = 0; i < sql->binds.n; i++)
		free(sql->binds.v[i].owned);
	free(sql->binds.v);
}

void sql_bind_text(struct sql *sql, const char *text)
{
	list_push(&sql->binds)->text = text;
}

void sql_bind_owned(struct sql *sql, char *text)
{
	struct bind *bind = list_push(&sql->binds);

	bind->text = bind->owned = text;
}

void sql_bind_number(struct sql *sql, int64_t number)
{
	list_push(&sql->binds)->number = number;
}

/* --- ways ------------------------------------------------------------------------------------------------------ */

/* Which indexes may lead to the tickets, and which of them a statement is for. */
struct way {
	bool by_assignee, by_state, by_open;
	bool by_due;    /* in the order of deadlines: of those that have one */
	bool lack_due;  /* of those that have none */
	int only_state; /* of several that are asked for; -1: all of them */
};

static bool sorted_by_due(const struct query *query)
{
	return query->sort && strcmp(query->sort->column, "due") == 0;
}

/* Few tickets are overdue, at risk, or owe anything, and of the nearest deadlines few are read. */
static bool finds_few(const struct test *test)
{
	return (test->op == TEST_FLAG && (test->field->which == FLAG_OVERDUE || test->field->which == FLAG_AT_RISK)) || test->field->kind == KIND_OWES;
}

#define ALL_PARTS SIZE_MAX

static struct way way_of(const struct query *query, size_t part)
{
	struct way way = {.by_due = sorted_by_due(query) && part == 0, .lack_due = sorted_by_due(query) && part == 1, .only_state = -1};
	bool few = way.by_due && query->limit, assigned = false;

	for (size_t i = 0; i < query->tests.n; i++) {
		const struct test *test = &query->tests.v[i];

		if (test->negated || !test->field)
			continue;
		few = few || finds_few(test);
		assigned = assigned || (test->op == TEST_ANY && strcmp(test->field->column, "assignee") == 0);
	}
	way.by_assignee = way.by_open = !few;
	way.by_state = !few && !assigned;
	return way;
}

/* --- terms ----------------------------------------------------------------------------------------------------- */

static void word_term(struct sql *sql, const struct way *way, const struct test *test)
{
	bool off = strcmp(test->field->column, "assignee") == 0 && !way->by_assignee;

	buf_addf(&sql->text, "%st.%s IN (", off ? "+" : "", test->field->column);
	for (size_t i = 0; i < test->any.n; i++) {
		buf_puts(&sql->text, i ? ",?" : "?");
		sql_bind_text(sql, test->any.v[i]);
	}
	buf_putc(&sql->text, ')');
}

/* "complaint" is found as an item of its own, and as the beginning of "complaint/quality". */
static void list_term(struct sql *sql, const struct test *test)
{
	for (size_t i = 0; i < test->any.n; i++) {
		buf_addf(&sql->text, "%sinstr(t.%s, ?) > 0 OR instr(t.%s, ?) > 0", i ? " OR " : "", test->field->column, test->field->column);
		sql_bind_owned(sql, xasprintf("%c%s%c", LIST_MARK, test->any.v[i], LIST_MARK));
		sql_bind_owned(sql, xasprintf("%c%s/", LIST_MARK, test->any.v[i]));
	}
}

/* Few tickets owe anything: said so that the partial index finds them. */
static void owes_term(struct sql *sql, const struct test *test)
{
	buf_puts(&sql->text, "t.owes IS NOT NULL AND (");
	list_term(sql, test);
	buf_putc(&sql->text, ')');
}

static void own_term(struct sql *sql, const struct test *test)
{
	if (test->op == TEST_PRESENT) {
		buf_puts(&sql->text, "instr(t.fields, ?) > 0 AND instr(t.fields, ?) = 0");
		sql_bind_owned(sql, xasprintf("%c%s%c", LIST_MARK, test->own, PAIR_MARK));
		sql_bind_owned(sql, xasprintf("%c%s%c%c", LIST_MARK, test->own, PAIR_MARK, LIST_MARK));
		return;
	}
	for (size_t i = 0; i < test->any.n; i++) {
		buf_puts(&sql->text, i ? " OR instr(t.fields, ?) > 0" : "instr(t.fields, ?) > 0");
		sql_bind_owned(sql, xasprintf("%c%s%c%s%c", LIST_MARK, test->own, PAIR_MARK, test->any.v[i], LIST_MARK));
	}
}

static unsigned open_states(void)
{
	unsigned open = 0;

	for (int i = 0; i < STATES; i++)
		open |= state_is_open((enum ticket_state)i) ? 1u << i : 0;
	return open;
}

static void states_term(struct sql *sql, const struct way *way, const struct test *test)
{
	const char *comma = "";

	if (test->states == open_states() && way->by_open) {
		buf_puts(&sql->text, "t.open = 1"); /* as the partial indexes say it */
		return;
	}
	buf_puts(&sql->text, way->by_state ? "t.state IN (" : "+t.state IN (");
	for (int i = 0; i < STATES; i++)
		if (test->states >> i & 1 && (way->only_state < 0 || way->only_state == i || test->negated)) {
			buf_addf(&sql->text, "%s%d", comma, i);
			comma = ",";
		}
	buf_putc(&sql->text, ')');
}

static void range_term(struct sql *sql, const struct test *test)
{
	buf_addf(&sql->text, "t.%s IS NOT NULL", test->field->column);
	if (test->range.from_s != INT64_MIN) {
		buf_addf(&sql->text, " AND t.%s >= ?", test->field->column);
		sql_bind_number(sql, test->range.from_s);
	}
	if (test->range.until_s != INT64_MAX) {
		buf_addf(&sql->text, " AND t.%s < ?", test->field->column);
		sql_bind_number(sql, test->range.until_s);
	}
}

static void flag_term(struct sql *sql, const struct query *query, const struct test *test)
{
	switch ((enum query_flag)test->field->which) {
	case FLAG_OVERDUE:
		buf_puts(&sql->text, "t.due < ?");
		sql_bind_number(sql, query->context.now_s);
		break;
	case FLAG_AT_RISK:
		if (test->negated)
			buf_puts(&sql->text, AT_RISK);
		else /* from the few live clocks to their tickets, not the other way round */
			buf_puts(&sql->text, "t.n IN (SELECT m.ticket FROM moments m WHERE m.risk <= ? AND m.due >= ?)");
		sql_bind_number(sql, query->context.now_s);
		sql_bind_number(sql, query->context.now_s);
		break;
	case FLAG_DELAYED:
		buf_puts(&sql->text, "t.delayed = 1");
		break;
	case FLAG_QUARANTINED:
		buf_puts(&sql->text, "t.quarantined = 1");
		break;
	case FLAG_REOPENED:
		buf_puts(&sql->text, "t.cycle > 1");
		break;
	}
}

static void term(struct sql *sql, const struct query *query, const struct way *way, size_t i)
{
	const struct test *test = &query->tests.v[i];

	switch (test->op) {
	case TEST_ANY:
		if (test->field->kind == KIND_LIST)
			list_term(sql, test);
		else if (test->field->kind == KIND_OWES)
			owes_term(sql, test);
		else if (test->field->kind == KIND_OWN)
			own_term(sql, test);
		else
			word_term(sql, way, test);
		break;
	case TEST_STATES:
		states_term(sql, way, test);
		break;
	case TEST_RANGE:
		range_term(sql, test);
		break;
	case TEST_PRESENT:
		if (test->field->kind == KIND_OWN)
			own_term(sql, test);
		else
			buf_addf(&sql->text, "t.%s IS NOT NULL", test->field->column);
		break;
	case TEST_FLAG:
		flag_term(sql, query, test);
		break;
	case TEST_TEXT:
		buf_addf(&sql->text, "EXISTS (SELECT 1 FROM temp.hits%zu h WHERE h.ticket = t.n AND h.serial = t.text_serial)", i);
		break;
	}
}

/* The first text that must be there: its hits are where the reading of tickets starts. */
static size_t leading_text(const struct query *query)
{
	for (size_t i = 0; i < query->tests.n; i++)
		if (query->tests.v[i].op == TEST_TEXT && !query->tests.v[i].negated)
			return i;
	return SIZE_MAX;
}

static void from_where(struct sql *sql, const struct query *query, const struct way *way)
{
	size_t leading = leading_text(query);
	const char *word = " WHERE ";

	if (leading == SIZE_MAX)
		buf_puts(&sql->text, " FROM main.tickets t");
	else
		buf_addf(&sql->text, " FROM temp.hits%zu lead CROSS JOIN main.tickets t ON t.n = lead.ticket AND t.text_serial = lead.serial", leading);
	for (size_t i = 0; i < query->tests.n; i++) {
		if (i == leading)
			continue;
		buf_puts(&sql->text, word);
		/* What is unknown is not so: NULL counts as false before it is negated. */
		buf_puts(&sql->text, query->tests.v[i].negated ? "NOT coalesce((" : "(");
		term(sql, query, way, i);
		buf_puts(&sql->text, query->tests.v[i].negated ? "), 0)" : ")");
		word = " AND ";
	}
	if (way->by_due || way->lack_due)
		buf_addf(&sql->text, "%st.due IS %s", word, way->by_due ? "NOT NULL" : "NULL");
}

void sql_from(struct sql *sql, const struct query *query)
{
	const struct way way = way_of(query, ALL_PARTS);

	from_where(sql, query, &way);
}

/* --- order ----------------------------------------------------------------------------------------------------- */

static void score_sum(struct sql *sql, const struct query *query)
{
	size_t leading = leading_text(query);

	if (leading == SIZE_MAX) {
		buf_puts(&sql->text, "0");
		return;
	}
	buf_puts(&sql->text, "lead.score");
	for (size_t i = leading + 1; i < query->tests.n; i++)
		if (query->tests.v[i].op == TEST_TEXT && !query->tests.v[i].negated)
			buf_addf(&sql->text, " + coalesce((SELECT h.score FROM temp.hits%zu h WHERE h.ticket = t.n AND h.serial = t.text_serial), 0)", i);
}

static void priority_order(struct sql *sql, const struct policy *policy, const char *direction)
{
	if (policy->priorities.n) {
		buf_puts(&sql->text, "CASE t.priority");
		for (size_t i = 0; i < policy->priorities.n; i++) {
			buf_addf(&sql->text, " WHEN ? THEN %zu", i);
			sql_bind_text(sql, policy->priorities.v[i].name);
		}
		buf_addf(&sql->text, " ELSE %zu END%s, ", policy->priorities.n, direction);
	}
}

static void order_by(struct sql *sql, const struct query *query, const struct way *way, bool exact)
{
	const struct field *sort = query->sort;
	const char *direction = query->ascending ? "" : " DESC";

	if (!exact) {
		buf_addf(&sql->text, " ORDER BY t.received%s", direction);
		return;
	}
	buf_puts(&sql->text, " ORDER BY ");
	if (query->ranked)
		buf_puts(&sql->text, "score DESC, ");
	if (sort && !way->lack_due) {
		/* What is never missing needs no such term, and can then be read in the order of an index. */
		if (!way->by_due && sort->kind != KIND_NUMBER && sort->kind != KIND_STATE && !(sort->kind == KIND_TIME && sort->which == FACT_RECEIVED))
			buf_addf(&sql->text, "t.%s IS NULL, ", sort->column);
		if (strcmp(sort->name, "priority") == 0)
			priority_order(sql, query->context.policy, direction);
		buf_addf(&sql->text, "t.%s%s, ", sort->column, direction);
	}
	/* Files that are copies of one another stand in one order too, whichever was read first. */
	buf_puts(&sql->text, "t.received DESC, t.id DESC, t.uid DESC, t.path DESC");
}

/* --- statements ------------------------------------------------------------------------------------------------ */

static void limit_to(struct sql *sql, size_t limit)
{
	if (limit)
		buf_addf(&sql->text, " LIMIT %zu", limit);
}

/* Where the latest of several states are asked for: those states; else 0. */
static unsigned latest_of(const struct query *query, const struct way *way)
{
	bool latest = query->limit && !query->ranked && (!query->sort || strcmp(query->sort->column, "received") == 0) && leading_text(query) == SIZE_MAX;
	unsigned states = 0;

	for (size_t i = 0; i < query->tests.n && latest && way->by_state; i++) {
		const struct test *test = &query->tests.v[i];

		if (test->op != TEST_STATES || test->negated)
			continue;
		if (states || test->states == open_states())
			return 0;
		states = test->states;
	}
	return states & (states - 1) ? states : 0;
}

/* The latest of each state are read in the order of an index, and only those are sorted. */
static void select_latest(struct sql *sql, const struct query *query, unsigned states, bool exact, size_t limit)
{
	struct way way = way_of(query, 0);
	const char *word = "SELECT n, received, 0 AS score FROM (";

	for (way.only_state = 0; way.only_state < STATES; way.only_state++)
		if (states >> way.only_state & 1) {
			buf_addf(&sql->text, "%sSELECT * FROM (SELECT t.n AS n, t.received AS received%s", word, exact ? ", t.id AS id, t.uid AS uid, t.path AS path" : "");
			from_where(sql, query, &way);
			order_by(sql, query, &way, exact);
			limit_to(sql, limit);
			buf_putc(&sql->text, ')');
			word = " UNION ALL ";
		}
	buf_puts(&sql->text, ") t");
	order_by(sql, query, &way, exact);
	limit_to(sql, limit);
}

/* What has no deadline comes behind all that has, and is asked for apart: each can then be read in the order of an index. */
size_t sql_parts(const struct query *query)
{
	return sorted_by_due(query) ? 2 : 1;
}

void sql_select(struct sql *sql, const struct query *query, size_t part, bool exact, size_t limit)
{
	const struct way way = way_of(query, part);
	unsigned states = latest_of(query, &way);

	if (states) {
		select_latest(sql, query, states, exact, limit);
		return;
	}
	buf_puts(&sql->text, "SELECT t.n, t.received, ");
	score_sum(sql, query);
	buf_puts(&sql->text, " AS score");
	from_where(sql, query, &way);
	order_by(sql, query, &way, exact);
	limit_to(sql, limit);
}

int sql_prepare(struct index *index, const struct sql *sql, sqlite3_stmt **out, struct ticket_error *err)
{
	if (sqlite3_prepare_v2(index->sql, sql->text.p, (int)sql->text.n, out, NULL) != SQLITE_OK)
		return db_fail(index, err);
	for (size_t i = 0; i < sql->binds.n; i++) {
		const struct bind *bind = &sql->binds.v[i];

		if (bind->text)
			sqlite3_bind_text(*out, (int)i + 1, bind->text, -1, SQLITE_STATIC);
		else
			sqlite3_bind_int64(*out, (int)i + 1, bind->number);
	}
	return 0;
}

