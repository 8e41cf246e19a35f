/* SPDX-License-Identifier: MIT */
/* Answers to queries: rows to hits, counts, figures. */
#include "index/sql.h"

/* --- rows ------------------------------------------------------------------------------------------------------ */

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
	sql_from(&sql, query);
	failed = sql_prepare(index, &sql, &statement, err);
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
static int find_part(struct index *index, const struct query *query, size_t part, bool exact, picks *out, struct ticket_error *err)
{
	_cleanup_(sql_release) struct sql sql = {0};
	sqlite3_stmt *statement = NULL;
	int code = SQLITE_DONE, failed;
	bool ended = false;

	sql_select(&sql, query, part, exact, query->limit ? query->limit - out->n + (exact ? 0 : SAME_SECOND) : 0);
	failed = sql_prepare(index, &sql, &statement, err);
	while (!failed && !ended && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		*list_push(out) = (struct pick){sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1), sqlite3_column_int64(statement, 2)};
		ended = !exact && ends_second(out, query->limit);
	}
	if (!failed && !ended && code != SQLITE_DONE)
		failed = db_fail(index, err);
	sqlite3_finalize(statement);
	return failed;
}

static int find_rows(struct index *index, const struct query *query, bool exact, picks *out, struct ticket_error *err)
{
	int failed = 0;

	out->n = 0;
	for (size_t part = 0; !failed && part < sql_parts(query) && (!query->limit || out->n < query->limit); part++)
		failed = find_part(index, query, part, exact, out, err);
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
	sql_from(&sql, query);
	failed = sql_prepare(index, &sql, &statement, err);
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
		sql_bind_number(&sql, range->from_s);
		sql_bind_number(&sql, range->until_s);
	}
	failed = sql_prepare(index, &sql, &statement, err);
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
