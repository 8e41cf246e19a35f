/* SPDX-License-Identifier: MIT */
/* From a query to SQL: see sql.c. */
#ifndef INDEX_SQL_H
#define INDEX_SQL_H

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

void sql_release(struct sql *sql);
/* Binds the value of the next question mark: a text is borrowed, unless it is owned. */
void sql_bind_text(struct sql *sql, const char *text);
void sql_bind_owned(struct sql *sql, char *text);
void sql_bind_number(struct sql *sql, int64_t number);
/* Ready to be stepped; finalize it. */
int sql_prepare(struct index *index, const struct sql *sql, sqlite3_stmt **out, struct ticket_error *err);

/* Is a clock of 't' at risk, when both question marks are the present? Where none runs, there is no deadline. */
#define AT_RISK "(t.due IS NOT NULL AND EXISTS (SELECT 1 FROM moments m WHERE m.ticket = t.n AND m.risk <= ? AND m.due >= ?))"

/* " FROM … WHERE …" of what a query selects: 't' are its tickets, temp.hitsN the texts that its test N found (texts_find). */
void sql_from(struct sql *sql, const struct query *query);
/*
 * The statement that gives the number (n), the receipt and the score of each, in order, at most 'limit' (0: all). A query
 * may have several parts, each of which comes behind those before it. Not 'exact': in the order of receipt alone.
 */
size_t sql_parts(const struct query *query);
void sql_select(struct sql *sql, const struct query *query, size_t part, bool exact, size_t limit);

#endif
