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

/* Which columns a hit takes over as text. */
static const struct taken {
	enum row_column column;
	size_t offset;
	bool is_list;
} taken[] = {
#define TAKEN(column, member) {column, offsetof(struct index_hit, member), false}
	TAKEN(ROW_PATH, path), TAKEN(ROW_ID, row.id), TAKEN(ROW_SUBJECT, row.subject), TAKEN(ROW_CHANNEL, row.channel), TAKEN(ROW_CATEGORY, row.category),
	TAKEN(ROW_GRADE, row.grade), TAKEN(ROW_PRIORITY, row.priority), TAKEN(ROW_RISK, row.risk), TAKEN(ROW_GROUP, row.group),
	TAKEN(ROW_ASSIGNEE, row.assignee), TAKEN(ROW_CUSTOMER_ID, row.customer_id), TAKEN(ROW_CUSTOMER, row.customer), TAKEN(ROW_WAITING, row.waiting_for),
	TAKEN(ROW_DOING, row.doing), TAKEN(ROW_STATUS, row.status), TAKEN(ROW_DUE_TARGET, row.due_target),
	{ROW_TYPES, offsetof(struct index_hit, row.types), true}, {ROW_DEPARTMENTS, offsetof(struct index_hit, row.departments), true},
};
#define ROW_AT(column) ((int)(column) + 1) /* behind n */
#define AFTER_ROW (ROW_COLUMNS + 1 + 4)    /* behind the row and its text's place */

/* "␟a␟b␟" becomes "a, b". Returns what it took. */
static size_t copy_list(char *to, const char *from)
{
	size_t n = 0;

	for (; *from; from++) {
		if (*from != LIST_MARK) {
			to[n++] = *from;
		} else if (n && from[1]) {
			to[n++] = ',';
			to[n++] = ' ';
		}
	}
	to[n] = '\0';
	return n + 1;
}

static int64_t time_at(sqlite3_stmt *statement, enum fact_time which)
{
	return db_time(statement, ROW_AT(ROW_TIMES + which));
}

static void take_row(struct index_hit *hit, sqlite3_stmt *statement, int64_t now_s)
{
	struct ticket_row *row = &hit->row;
	size_t size = 0;
	char *p;

	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		size += 2 * (size_t)sqlite3_column_bytes(statement, ROW_AT(taken[i].column)) + 1;
	p = hit->room = xmalloc(size);
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
		const char *text = db_text(statement, ROW_AT(taken[i].column));

		*(const char **)((char *)hit + taken[i].offset) = p;
		p += taken[i].is_list ? copy_list(p, text) : (size_t)(stpcpy(p, text) - p) + 1;
	}
	if (sqlite3_column_bytes(statement, ROW_AT(ROW_BLOB)) == (int)sizeof(hit->blob.id))
		memcpy(hit->blob.id, sqlite3_column_blob(statement, ROW_AT(ROW_BLOB)), sizeof(hit->blob.id));
	row->state = sqlite3_column_int(statement, ROW_AT(ROW_STATE));
	row->level = sqlite3_column_int64(statement, ROW_AT(ROW_LEVEL));
	row->cycle = sqlite3_column_int64(statement, ROW_AT(ROW_CYCLE));
	row->delayed = sqlite3_column_int(statement, ROW_AT(ROW_DELAYED)) != 0;
	row->quarantined = sqlite3_column_int(statement, ROW_AT(ROW_QUARANTINED)) != 0;
	row->received_s = time_at(statement, FACT_RECEIVED);
	row->updated_s = time_at(statement, FACT_UPDATED);
	row->responded_s = time_at(statement, FACT_RESPONDED);
	row->resolved_s = time_at(statement, FACT_RESOLVED);
	row->archived_s = time_at(statement, FACT_ARCHIVED);
	row->due_s = time_at(statement, FACT_DUE);
	row->overdue = row->due_s != TIME_NONE && row->due_s < now_s;
	row->at_risk = sqlite3_column_int(statement, AFTER_ROW) != 0;
}

struct selection {
	const struct query *query;
	index_hits *out;
	size_t *total;
};

void index_hits_release(index_hits *hits)
{
	for (size_t i = 0; i < hits->n; i++)
		free(hits->v[i].room);
	free(hits->v);
	*hits = (index_hits){0};
}

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

/* A row by its number. */
static int fetch_row(struct index *index, sqlite3_stmt *statement, int64_t n, int64_t score, struct selection *selection, struct ticket_error *err)
{
	struct index_hit *hit;
	int code;

	sqlite3_bind_int64(statement, 3, n);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		hit = list_push(selection->out);
		take_row(hit, statement, selection->query->context.now_s);
		hit->score = score;
	}
	sqlite3_reset(statement);
	return code == SQLITE_ROW ? 0 : db_fail(index, err);
}

/* What is sorted are numbers: of the rows, only those that are wanted in the end are read whole. */
static int select_part(struct index *index, sqlite3_stmt *fetch, size_t part, struct selection *selection, struct ticket_error *err)
{
	const struct query *query = selection->query;
	_cleanup_(sql_release) struct sql sql = {0};
	sqlite3_stmt *statement = NULL;
	int code = SQLITE_DONE, failed;

	sql_select(&sql, query, part, query->limit ? query->limit - selection->out->n : 0);
	failed = sql_prepare(index, &sql, &statement, err);
	while (!failed && (code = sqlite3_step(statement)) == SQLITE_ROW)
		failed = fetch_row(index, fetch, sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1), selection, err);
	if (!failed && code != SQLITE_DONE)
		failed = db_fail(index, err);
	sqlite3_finalize(statement);
	return failed;
}

static bool is_full(const struct selection *selection)
{
	return selection->query->limit && selection->out->n == selection->query->limit;
}

static int select_rows(struct index *index, void *data, struct ticket_error *err)
{
	struct selection *selection = data;
	const struct query *query = selection->query;
	_cleanup_(sql_release) struct sql row = {0};
	sqlite3_stmt *fetch = NULL;
	int failed;

	index_hits_release(selection->out);
	if ((failed = find_texts(index, query, err)))
		return failed;
	buf_puts(&row.text, "SELECT t.*, " AT_RISK " FROM main.tickets t WHERE t.n = ?");
	sql_bind_number(&row, query->context.now_s);
	sql_bind_number(&row, query->context.now_s);
	failed = sql_prepare(index, &row, &fetch, err);
	for (size_t part = 0; !failed && part < sql_parts(query) && !is_full(selection); part++)
		failed = select_part(index, fetch, part, selection, err);
	sqlite3_finalize(fetch);
	if (failed || !selection->total)
		return failed;
	*selection->total = selection->out->n;
	return is_full(selection) ? count_all(index, query, selection->total, err) : 0;
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
