/* SPDX-License-Identifier: MIT */
/*
 * Filling an index that is built anew: every ticket comes once, and nothing is looked for before it is put. Rows go in
 * many at a time, and what has a place of its own among the others is gathered first and put in order.
 */
#include "index/db.h"

#define ROWS 16 /* of one statement: to begin and to end one costs as much as a row */
#define TEXT_COLUMNS 4
#define COLUMNS (1 + ROW_COLUMNS + TEXT_COLUMNS)
#define MOMENT_COLUMNS 5

struct fill {
	struct index *index;
	sqlite3_stmt *rows, *moments; /* each takes ROWS at once */
	struct name_notes *names;
	struct figure_notes *figures;
	struct ticket_moment {
		int64_t ticket;
		struct moment moment;
	} waiting[ROWS];
	int n_waiting;
	int64_t n; /* of the last row */
};

/* A failure within leaves the rows before it, and all is rolled back: without that the pages would be copied first. */
static sqlite3_stmt *prepare_rows(struct index *index, const char *table, int columns, struct ticket_error *err)
{
	_cleanup_buf_ struct buf sql = {0};
	sqlite3_stmt *statement = NULL;

	buf_addf(&sql, "INSERT OR FAIL INTO %s VALUES", table);
	for (int row = 0; row < ROWS; row++)
		for (int column = 0; column < columns; column++)
			buf_puts(&sql, column ? ",?" : row ? "),(?" : "(?");
	buf_putc(&sql, ')');
	if (sqlite3_prepare_v3(index->sql, sql.p, (int)sql.n, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
		db_fail(index, err);
	return statement;
}

int fill_new(struct fill **out, struct index *index, struct ticket_error *err)
{
	struct fill *fill = *out = xcalloc(1, sizeof(*fill));

	fill->index = index;
	fill->names = name_notes_new();
	fill->figures = figure_notes_new();
	if ((fill->rows = prepare_rows(index, "tickets", COLUMNS, err)))
		fill->moments = prepare_rows(index, "moments", MOMENT_COLUMNS, err);
	return fill->moments ? 0 : INDEX_DAMAGED;
}

void fill_free(struct fill *fill)
{
	if (!fill)
		return;
	sqlite3_finalize(fill->rows);
	sqlite3_finalize(fill->moments);
	name_notes_free(fill->names);
	figure_notes_free(fill->figures);
	free(fill);
}

struct name_notes *fill_names(struct fill *fill)
{
	return fill->names;
}

/* --- rows -------------------------------------------------------------------------------------------------------- */

/* The row and where its texts are, from parameter 'at' on; all of them are NULL. */
static int bind_row(struct fill *fill, sqlite3_stmt *statement, int at, const struct prepared *prepared, struct ticket_error *err)
{
	int64_t serial, block;
	int failed = texts_put(fill->index, ++fill->n, &prepared->text, &serial, &block, err);

	sqlite3_bind_int64(statement, at++, fill->n);
	for (int i = 0; i < ROW_COLUMNS; i++, at++)
		if (prepared->row.v[i].type != VALUE_NULL)
			value_bind(&prepared->row.v[i], statement, at);
	sqlite3_bind_int64(statement, at++, serial);
	sqlite3_bind_int64(statement, at++, block);
	sqlite3_bind_int64(statement, at++, (int64_t)prepared->text.n);
	sqlite3_bind_int64(statement, at, prepared->text_digest);
	return failed;
}

static int put_row(struct fill *fill, const struct prepared *prepared, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(fill->index, STMT_INSERT, err);
	int failed;

	if (!statement)
		return db_fail(fill->index, err);
	sqlite3_clear_bindings(statement);
	failed = bind_row(fill, statement, 1, prepared, err);
	return failed ? failed : db_run(fill->index, statement, err);
}

static int put_rows(struct fill *fill, struct prepared *const prepared[ROWS], struct ticket_error *err)
{
	int failed = 0;

	sqlite3_clear_bindings(fill->rows);
	for (int i = 0; i < ROWS && !failed; i++)
		failed = bind_row(fill, fill->rows, 1 + i * COLUMNS, prepared[i], err);
	return failed ? failed : db_run(fill->index, fill->rows, err);
}

/* --- what time does ---------------------------------------------------------------------------------------------- */

static int put_moments(struct fill *fill, struct ticket_error *err)
{
	sqlite3_clear_bindings(fill->moments);
	for (int i = 0; i < ROWS; i++)
		moment_bind(fill->moments, 1 + i * MOMENT_COLUMNS, fill->waiting[i].ticket, &fill->waiting[i].moment);
	fill->n_waiting = 0;
	return db_run(fill->index, fill->moments, err);
}

static int add_moments(struct fill *fill, int64_t ticket, const moment_list *moments, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < moments->n && !failed; i++) {
		fill->waiting[fill->n_waiting++] = (struct ticket_moment){ticket, moments->v[i]};
		if (fill->n_waiting == ROWS)
			failed = put_moments(fill, err);
	}
	return failed;
}

/* --- the whole --------------------------------------------------------------------------------------------------- */

static int add_rest(struct fill *fill, int64_t ticket, const struct prepared *prepared, struct ticket_error *err)
{
	const struct value *v = prepared->row.v;
	const struct named named = {value_text(&v[ROW_ID]), value_text(&v[ROW_ALIASES]), value_text(&v[ROW_UID]), value_text(&v[ROW_PATH])};
	int failed = add_moments(fill, ticket, &prepared->moments, err);

	name_notes_add(fill->names, &named, ticket);
	return failed ? failed : figure_notes_add(fill->figures, fill->index, (struct figure_key){prepared->received_s, ticket}, prepared->parts, err);
}

int fill_put(struct fill *fill, struct prepared *const *prepared, size_t n, struct ticket_error *err)
{
	int64_t ticket = fill->n;
	size_t i = 0;
	int failed = 0;

	for (; !failed && i + ROWS <= n; i += ROWS)
		failed = put_rows(fill, prepared + i, err);
	for (; !failed && i < n; i++)
		failed = put_row(fill, prepared[i], err);
	for (i = 0; !failed && i < n; i++)
		failed = add_rest(fill, ++ticket, prepared[i], err);
	return failed;
}

int fill_end(struct fill *fill, struct ticket_error *err)
{
	int failed = figure_notes_put(fill->figures, fill->index, err);

	for (int i = 0; i < fill->n_waiting && !failed; i++)
		failed = moments_put(fill->index, fill->waiting[i].ticket, &(moment_list){&fill->waiting[i].moment, 1}, err);
	return failed;
}
