/* SPDX-License-Identifier: MIT */
/* From a query to SQL. Values are bound; what SQL compares is what query_matches compares. */
#include "index/db.h"

/* A statement being written: its text, and the values for its question marks in order. */
struct bind {
	const char *text; /* borrowed, or 'owned' */
	char *owned;
	int64_t number;
};
struct sql {
	struct buf text;
	LIST(struct bind) binds;
};

static void sql_release(struct sql *sql)
{
	buf_release(&sql->text);
	for (size_t i = 0; i < sql->binds.n; i++)
		free(sql->binds.v[i].owned);
	free(sql->binds.v);
}

static void bind_text(struct sql *sql, const char *text)
{
	list_push(&sql->binds)->text = text;
}

static void bind_owned(struct sql *sql, char *text)
{
	struct bind *bind = list_push(&sql->binds);

	bind->text = bind->owned = text;
}

static void bind_number(struct sql *sql, int64_t number)
{
	list_push(&sql->binds)->number = number;
}

/* --- terms ----------------------------------------------------------------------------------------------------- */

static void word_term(struct sql *sql, const struct test *test)
{
	buf_addf(&sql->text, "t.%s IN (", test->field->column);
	for (size_t i = 0; i < test->any.n; i++) {
		buf_puts(&sql->text, i ? ",?" : "?");
		bind_text(sql, test->any.v[i]);
	}
	buf_putc(&sql->text, ')');
}

/* "complaint" is found as an item of its own, and as the beginning of "complaint/quality". */
static void list_term(struct sql *sql, const struct test *test)
{
	for (size_t i = 0; i < test->any.n; i++) {
		buf_addf(&sql->text, "%sinstr(t.%s, ?) > 0 OR instr(t.%s, ?) > 0", i ? " OR " : "", test->field->column, test->field->column);
		bind_owned(sql, xasprintf("%c%s%c", LIST_MARK, test->any.v[i], LIST_MARK));
		bind_owned(sql, xasprintf("%c%s/", LIST_MARK, test->any.v[i]));
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
		bind_owned(sql, xasprintf("%c%s%c", LIST_MARK, test->own, PAIR_MARK));
		bind_owned(sql, xasprintf("%c%s%c%c", LIST_MARK, test->own, PAIR_MARK, LIST_MARK));
		return;
	}
	for (size_t i = 0; i < test->any.n; i++) {
		buf_puts(&sql->text, i ? " OR instr(t.fields, ?) > 0" : "instr(t.fields, ?) > 0");
		bind_owned(sql, xasprintf("%c%s%c%s%c", LIST_MARK, test->own, PAIR_MARK, test->any.v[i], LIST_MARK));
	}
}

static void states_term(struct sql *sql, const struct test *test)
{
	unsigned open = 0;
	const char *comma = "";

	for (int i = 0; i < STATES; i++)
		open |= state_is_open((enum ticket_state)i) ? 1u << i : 0;
	if (test->states == open) {
		buf_puts(&sql->text, "t.open = 1"); /* as the partial index says it */
		return;
	}
	buf_puts(&sql->text, "t.state IN (");
	for (int i = 0; i < STATES; i++)
		if (test->states >> i & 1) {
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
		bind_number(sql, test->range.from_s);
	}
	if (test->range.until_s != INT64_MAX) {
		buf_addf(&sql->text, " AND t.%s < ?", test->field->column);
		bind_number(sql, test->range.until_s);
	}
}

static void flag_term(struct sql *sql, const struct query *query, const struct test *test)
{
	switch ((enum query_flag)test->field->which) {
	case FLAG_OVERDUE:
		buf_puts(&sql->text, "t.due < ?");
		bind_number(sql, query->context.now_s);
		break;
	case FLAG_AT_RISK:
		if (test->negated)
			buf_puts(&sql->text, AT_RISK);
		else /* from the few live clocks to their tickets, not the other way round */
			buf_puts(&sql->text, "t.n IN (SELECT m.ticket FROM moments m WHERE m.risk <= ? AND m.due >= ?)");
		bind_number(sql, query->context.now_s);
		bind_number(sql, query->context.now_s);
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

static void term(struct sql *sql, const struct query *query, size_t i)
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
			word_term(sql, test);
		break;
	case TEST_STATES:
		states_term(sql, test);
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

static void from_where(struct sql *sql, const struct query *query)
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
		term(sql, query, i);
		buf_puts(&sql->text, query->tests.v[i].negated ? "), 0)" : ")");
		word = " AND ";
	}
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
			bind_text(sql, policy->priorities.v[i].name);
		}
		buf_addf(&sql->text, " ELSE %zu END%s, ", policy->priorities.n, direction);
	}
}

static void order_by(struct sql *sql, const struct query *query)
{
	const struct field *sort = query->sort;
	const char *direction = query->ascending ? "" : " DESC";

	buf_puts(&sql->text, " ORDER BY ");
	if (query->ranked)
		buf_puts(&sql->text, "score DESC, ");
	if (sort) {
		/* What is never missing needs no such term, and can then be read in the order of an index. */
		if (sort->kind != KIND_NUMBER && sort->kind != KIND_STATE && !(sort->kind == KIND_TIME && sort->which == FACT_RECEIVED))
			buf_addf(&sql->text, "t.%s IS NULL, ", sort->column);
		if (strcmp(sort->name, "priority") == 0)
			priority_order(sql, query->context.policy, direction);
		buf_addf(&sql->text, "t.%s%s, ", sort->column, direction);
	}
	/* Files that are copies of one another stand in one order too, whichever was read first. */
	buf_puts(&sql->text, "t.received DESC, t.id DESC, t.uid DESC, t.path DESC");
}

/* --- running --------------------------------------------------------------------------------------------------- */

static int prepare(struct index *index, const struct sql *sql, sqlite3_stmt **out, struct ticket_error *err)
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

static int find_texts(struct index *index, const struct query *query, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; !failed && i < query->tests.n; i++) {
		const struct test *test = &query->tests.v[i];
		char table[32], drop[64];

		if (test->op != TEST_TEXT)
			continue;
		snprintf(table, sizeof(table), "hits%zu", i);
		snprintf(drop, sizeof(drop), "DROP TABLE IF EXISTS temp.%s", table);
		failed = db_exec(index, drop, err);
		if (!failed)
			failed = texts_find(index, test->text, strcmp(test->field->name, "subject") == 0, table, err);
	}
	return failed;
}

struct selection {
	const struct query *query;
	index_hits *out;
	size_t *total;
};

static int count_all(struct index *index, const struct query *query, size_t *total, struct ticket_error *err)
{
	_cleanup_(sql_release) struct sql sql = {0};
	sqlite3_stmt *statement = NULL;
	int failed;

	buf_puts(&sql.text, "SELECT count(*)");
	from_where(&sql, query);
	failed = prepare(index, &sql, &statement, err);
	if (!failed && sqlite3_step(statement) == SQLITE_ROW)
		*total = (size_t)sqlite3_column_int64(statement, 0);
	else if (!failed)
		failed = db_fail(index, err);
	sqlite3_finalize(statement);
	return failed;
}

/*
 * By receipt alone the order is that of an index, most of which know no number, and none a uid: what was received in one
 * second is put in order when its rows are there. Only where very many were is all left to SQL.
 */
#define SAME_SECOND 50 /* so many are read beyond the limit to come to the end of its second */
static bool by_receipt(const struct query *query)
{
	return !query->ranked && query->limit < INT64_MAX - SAME_SECOND &&
	       (!query->sort || (query->sort->kind == KIND_TIME && query->sort->which == FACT_RECEIVED));
}

/* Are all that were received in the second of the last one that is wanted there? The one behind them is dropped. */
static bool ends_second(picks *picked, size_t limit)
{
	if (!limit || picked->n <= limit || picked->v[picked->n - 1].received_s == picked->v[limit - 1].received_s)
		return false;
	picked->n--;
	return true;
}

/* What is sorted are numbers: of the rows, only those that are wanted in the end are read whole. 'exact': in the whole order. */
static int find_rows(struct index *index, const struct query *query, bool exact, picks *out, struct ticket_error *err)
{
	_cleanup_(sql_release) struct sql sql = {0};
	sqlite3_stmt *statement = NULL;
	int code = SQLITE_DONE, failed;
	bool ended = false;

	out->n = 0;
	buf_puts(&sql.text, "SELECT t.n, t.received, ");
	score_sum(&sql, query);
	buf_puts(&sql.text, " AS score");
	from_where(&sql, query);
	if (exact)
		order_by(&sql, query);
	else
		buf_puts(&sql.text, query->ascending ? " ORDER BY t.received" : " ORDER BY t.received DESC");
	if (query->limit)
		buf_addf(&sql.text, " LIMIT %zu", query->limit + (exact ? 0 : SAME_SECOND));
	failed = prepare(index, &sql, &statement, err);
	while (!failed && !ended && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		*list_push(out) = (struct pick){sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1), sqlite3_column_int64(statement, 2)};
		ended = !exact && ends_second(out, query->limit);
	}
	if (!failed && !ended && code != SQLITE_DONE)
		failed = db_fail(index, err);
	sqlite3_finalize(statement);
	return failed;
}

static int select_rows(struct index *index, void *data, struct ticket_error *err)
{
	struct selection *selection = data;
	const struct query *query = selection->query;
	bool exact = !by_receipt(query);
	picks picked = {0};
	int failed;

	index_hits_release(selection->out);
	failed = find_texts(index, query, err);
	if (!failed)
		failed = find_rows(index, query, exact, &picked, err);
	if (!failed && !exact && query->limit && picked.n == query->limit + SAME_SECOND)
		failed = find_rows(index, query, exact = true, &picked, err);
	if (!failed)
		failed = hits_fetch(index, &picked, query->context.now_s, selection->out, err);
	free(picked.v);
	if (failed)
		return failed;
	if (!exact)
		hits_settle(selection->out, query->limit);
	if (!selection->total)
		return 0;
	*selection->total = selection->out->n;
	return query->limit && selection->out->n == query->limit ? count_all(index, query, selection->total, err) : 0;
}

int index_select(struct index *index, const struct query *query, index_hits *out, size_t *total, struct ticket_error *err)
{
	return index_ask(index, select_rows, &(struct selection){query, out, total}, err);
}

/* --- figures --------------------------------------------------------------------------------------------------- */

struct figures_question {
	const struct query *query;
	const struct range *ranges;
	struct figures *out;
	size_t *listed;
};

typedef LIST(int64_t) numbers;

static int by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The n of all tickets a query selects, in ascending order; counts those received in the range. */
static int selected(struct index *index, const struct query *query, const struct range *range, numbers *out, size_t *listed, struct ticket_error *err)
{
	_cleanup_(sql_release) struct sql sql = {0};
	sqlite3_stmt *statement = NULL;
	int code = SQLITE_DONE, failed = find_texts(index, query, err);

	if (failed)
		return failed;
	buf_puts(&sql.text, "SELECT t.n, t.received");
	from_where(&sql, query);
	failed = prepare(index, &sql, &statement, err);
	while (!failed && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		*list_push(out) = sqlite3_column_int64(statement, 0);
		*listed += range_has(range, db_time(statement, 1));
	}
	if (!failed && code != SQLITE_DONE)
		failed = db_fail(index, err);
	sqlite3_finalize(statement);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_number);
	return failed;
}

static int count_received(struct index *index, const struct range *range, size_t *listed, struct ticket_error *err)
{
	_cleanup_(sql_release) struct sql sql = {0};
	sqlite3_stmt *statement = NULL;
	int failed;

	buf_puts(&sql.text, "SELECT count(*) FROM tickets");
	if (range->from_s != INT64_MIN || range->until_s != INT64_MAX) {
		buf_puts(&sql.text, range->from_s == INT64_MIN ? " WHERE received < ?2 OR received IS NULL" : " WHERE received >= ?1 AND received < ?2");
		bind_number(&sql, range->from_s);
		bind_number(&sql, range->until_s);
	}
	failed = prepare(index, &sql, &statement, err);
	if (!failed && sqlite3_step(statement) == SQLITE_ROW)
		*listed = (size_t)sqlite3_column_int64(statement, 0);
	else if (!failed)
		failed = db_fail(index, err);
	sqlite3_finalize(statement);
	return failed;
}

static void keep(struct figures *figures, const numbers *wanted)
{
	size_t kept = 0;

	for (size_t i = 0; i < figures->list.n; i++)
		if (wanted->n && bsearch(&figures->list.v[i].key.n, wanted->v, wanted->n, sizeof(*wanted->v), by_number))
			figures->list.v[kept++] = figures->list.v[i];
	figures->list.n = kept;
}

static int figures_of(struct index *index, void *data, struct ticket_error *err)
{
	struct figures_question *question = data;
	const struct range *range = &question->ranges[PART_FIGURES];
	numbers wanted = {0};
	int failed;

	*question->listed = 0;
	for (int part = 0; part < FIGURE_PARTS; part++)
		figures_release(&question->out[part]);
	failed = question->query ? selected(index, question->query, range, &wanted, question->listed, err) : count_received(index, range, question->listed, err);
	for (int part = 0; !failed && part < FIGURE_PARTS; part++) {
		if (question->ranges[part].from_s >= question->ranges[part].until_s)
			continue;
		failed = figures_read(index, (enum figure_part)part, &question->ranges[part], &question->out[part], err);
		if (!failed && question->query)
			keep(&question->out[part], &wanted);
	}
	free(wanted.v);
	return failed;
}

int index_figures(struct index *index, const struct query *query, const struct range ranges[FIGURE_PARTS], struct figures out[FIGURE_PARTS], size_t *listed,
		  struct ticket_error *err)
{
	return index_ask(index, figures_of, &(struct figures_question){query, ranges, out, listed}, err);
}

static int count_question(struct index *index, void *data, struct ticket_error *err)
{
	struct selection *selection = data;
	int failed = find_texts(index, selection->query, err);

	return failed ? failed : count_all(index, selection->query, selection->total, err);
}

int index_count(struct index *index, const struct query *query, size_t *count, struct ticket_error *err)
{
	return index_ask(index, count_question, &(struct selection){query, NULL, count}, err);
}
