/* SPDX-License-Identifier: MIT */
/* Moments at which the sweep has something to do that are no clock's. */
#include "index/db.h"

int moment_put(struct index *index, int64_t ticket, const struct event *waiting, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_INSERT_CLOCK, err);

	if (!statement)
		return db_fail(index, err);
	for (int i = 3; i <= 14; i++)
		sqlite3_bind_null(statement, i);
	sqlite3_bind_int64(statement, 1, ticket);
	sqlite3_bind_int64(statement, 2, -1);
	sqlite3_bind_int64(statement, 11, waiting->due.s);
	db_bind_text(statement, 12, "survey");
	sqlite3_bind_int(statement, 13, 0);
	return db_run(index, statement, err);
}
