/* SPDX-License-Identifier: MIT */
/*
 * What time does to a ticket, for the sweep and for lists of what is due: the next moment of each clock, the deadlines of
 * those that run, and what a survey without answer owes. A clock that is done with has none and takes no row.
 */
#include "index/db.h"

#include "flow/flow.h"

static int compare_target(const void *key, const void *item)
{
	return strcmp(key, ((const struct live_clock *)item)->clock->target);
}

/* Live clocks are sorted by target, and there is one of each. */
static const struct live_clock *live_of(const struct facts *facts, const struct clock *clock)
{
	const struct live_clock *live = facts->live.n ? bsearch(clock->target, facts->live.v, facts->live.n, sizeof(*facts->live.v), compare_target) : NULL;

	return live && live->clock == clock ? live : NULL;
}

void moments_of(moment_list *out, const struct ticket *ticket, const struct facts *facts)
{
	const struct event *waiting = flow_survey_waiting(ticket);

	out->n = 0;
	if (waiting)
		*list_push(out) = (struct moment){-1, waiting->due.s, TIME_NONE, TIME_NONE};
	for (size_t i = 0; i < ticket->clocks.n; i++) {
		const struct clock *clock = &ticket->clocks.v[i];
		const struct live_clock *live = live_of(facts, clock);

		if (clock->next.set || live)
			*list_push(out) = (struct moment){(int64_t)i, clock->next.set ? clock->next.s : TIME_NONE, live ? clock->due.s : TIME_NONE, live ? live->risk_s : TIME_NONE};
	}
}

static void bind_time(sqlite3_stmt *statement, int at, int64_t time_s)
{
	if (time_s != TIME_NONE)
		sqlite3_bind_int64(statement, at, time_s);
}

void moment_bind(sqlite3_stmt *statement, int at, int64_t ticket, const struct moment *moment)
{
	sqlite3_bind_int64(statement, at, ticket);
	sqlite3_bind_int64(statement, at + 1, moment->seq);
	bind_time(statement, at + 2, moment->next_s);
	bind_time(statement, at + 3, moment->due_s);
	bind_time(statement, at + 4, moment->risk_s);
}

int moments_put(struct index *index, int64_t ticket, const moment_list *moments, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; !failed && i < moments->n; i++) {
		sqlite3_stmt *statement = db_statement(index, STMT_INSERT_MOMENT, err);

		if (!statement)
			return db_fail(index, err);
		sqlite3_clear_bindings(statement);
		moment_bind(statement, 1, ticket, &moments->v[i]);
		failed = db_run(index, statement, err);
	}
	return failed;
}

int moments_drop(struct index *index, int64_t ticket, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_DELETE_MOMENTS, err);

	if (!statement)
		return db_fail(index, err);
	sqlite3_bind_int64(statement, 1, ticket);
	return db_run(index, statement, err);
}

static bool is_moment(sqlite3_stmt *statement, const struct moment *moment)
{
	return sqlite3_column_int64(statement, 0) == moment->seq && db_time(statement, 1) == moment->next_s && db_time(statement, 2) == moment->due_s &&
	       db_time(statement, 3) == moment->risk_s;
}

int moments_same(struct index *index, int64_t ticket, const moment_list *moments, bool *same, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_MOMENTS, err);
	size_t n = 0;
	int code;

	if (!statement)
		return db_fail(index, err);
	sqlite3_bind_int64(statement, 1, ticket);
	for (*same = true; (code = sqlite3_step(statement)) == SQLITE_ROW; n++)
		*same = *same && n < moments->n && is_moment(statement, &moments->v[n]);
	*same = *same && n == moments->n;
	sqlite3_reset(statement);
	return code == SQLITE_DONE ? 0 : db_fail(index, err);
}
