/* SPDX-License-Identifier: MIT */
/* Rows of tickets as list and search print them. */
#ifndef CMD_ROWS_H
#define CMD_ROWS_H

#include "command.h"

#include "ticket/query.h"

/* The query that the words of a call make, narrowed to its range (--since …). '*out' is owned. As query_parse says. */
int call_query(struct call *call, const char *const *words, size_t n, const char *sort, size_t limit, struct query **out, struct ticket_error *err);
/* The table of tickets; 'found': with the columns of a search. */
int ticket_rows_open(struct call *call, struct table **out, bool found, struct ticket_error *err);
/* Adds a ticket; 'snippet' (may be NULL) and score only where the table has the columns of a search. */
void ticket_rows_add(const struct call *call, struct table *table, const struct ticket_row *row, const struct snippet *snippet, int64_t score);
/* What is said after the rows: how many were left out; or, when there are none, which word may not have been meant as text. */
void rows_end(const struct call *call, const struct query *query, size_t shown, size_t total);
/* What is shown for where it stands: the policy's status in the caller's language, else the state. Borrowed. */
const char *row_status(const struct call *call, const struct ticket_row *row);

#endif
