/* SPDX-License-Identifier: MIT */
/* Is the index what its tree says? Every row against the ticket it stands for, every text, and SQLite's own check. */
#include "index/db.h"

#include "ticket/language.h"

#include <stdarg.h>

#define MOST_DIFFERENCES 100

struct verify {
	struct index *index;
	struct texts *out;
	size_t tickets, unreadable; /* files of the tree, readable and not */
	size_t entries[FIGURE_PARTS];
};

static void differs(struct verify *verify, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void differs(struct verify *verify, const char *format, ...)
{
	va_list args;
	char *text = NULL;

	if (verify->out->n >= MOST_DIFFERENCES)
		return;
	va_start(args, format);
	if (vasprintf(&text, language_finding(format), args) < 0)
		abort();
	va_end(args);
	*list_push(verify->out) = text;
}

/* --- rows ------------------------------------------------------------------------------------------------------ */

static int64_t count_of(struct verify *verify, const char *sql, int64_t n)
{
	sqlite3_stmt *statement = NULL;
	int64_t count = -1;

	if (sqlite3_prepare_v2(verify->index->sql, sql, -1, &statement, NULL) == SQLITE_OK) {
		sqlite3_bind_int64(statement, 1, n);
		if (sqlite3_step(statement) == SQLITE_ROW)
			count = sqlite3_column_int64(statement, 0);
	}
	sqlite3_finalize(statement);
	return count;
}

static void check_clocks(struct verify *verify, int64_t n, const struct ticket *ticket)
{
	if (count_of(verify, "SELECT count(*) FROM clocks WHERE ticket = ?1 AND seq >= 0", n) != (int64_t)ticket->clocks.n)
		differs(verify, "%s: the index has other clocks", ticket->id);
}

static void check_number(struct verify *verify, const struct ticket *ticket)
{
	struct texts found = {0};

	if (index_numbers(verify->index, ticket->id, 0, &found, NULL) || !texts_have(&found, ticket->id))
		differs(verify, "%s: the index cannot find it by its number", ticket->id);
	texts_release(&found);
}

static void check_text(struct verify *verify, sqlite3_stmt *row, const struct ticket *ticket)
{
	_cleanup_buf_ struct buf text = {0};
	bool same = false;

	texts_of(ticket, &text);
	if (texts_same(verify->index, sqlite3_column_int64(row, 2), sqlite3_column_int64(row, 1), &text, &same, NULL) || !same ||
	    sqlite3_column_int64(row, 3) != (int64_t)text.n || sqlite3_column_int64(row, 4) != texts_digest(&text))
		differs(verify, "%s: the index has other texts to search", ticket->id);
}

static void check_figures(struct verify *verify, int64_t n, const struct oid *blob, const struct ticket *ticket)
{
	const struct figure_key key = {ticket->received.set ? ticket->received.s : TIME_NONE, n};
	struct buf parts[FIGURE_PARTS] = {0};
	bool same = true;

	parts_of(parts, ticket, blob, verify->index);
	for (int part = 0; part < FIGURE_PARTS; part++) {
		if (parts[part].n && (figures_same(verify->index, (enum figure_part)part, key, &parts[part], &same, NULL) || !same))
			differs(verify, "%s: the index has other figures", ticket->id);
		verify->entries[part] += parts[part].n > 0;
		buf_release(&parts[part]);
	}
}

/* What stands there besides is of no ticket. */
static void check_entries(struct verify *verify)
{
	for (int part = 0; part < FIGURE_PARTS; part++) {
		struct figures all = {0};

		if (figures_read(verify->index, (enum figure_part)part, &(struct range){INT64_MIN, INT64_MAX}, &all, NULL))
			differs(verify, "the index cannot read its figures");
		else if (all.list.n != verify->entries[part])
			differs(verify, "the index has figures of %zu tickets, the desk %zu", all.list.n, verify->entries[part]);
		figures_release(&all);
	}
}

static void check_row(struct verify *verify, const char *path, const struct oid *blob, const struct ticket *ticket)
{
	sqlite3_stmt *statement = find_by_path(verify->index, path, NULL);
	struct facts facts;
	struct row row;
	int64_t n = 0;

	if (!statement)
		return;
	facts_of(&facts, ticket);
	row_of(&row, ticket, &facts, verify->index->policy, path, blob);
	if (sqlite3_step(statement) == SQLITE_ROW) {
		n = sqlite3_column_int64(statement, 0);
		for (int i = 0; i < ROW_COLUMNS; i++)
			if (!value_equals(&row.v[i], statement, FOUND_ROW + i))
				differs(verify, "%s: the index has another %s", ticket->id, row_names[i]);
		check_text(verify, statement, ticket);
	} else {
		differs(verify, "%s: the index lacks it", path);
	}
	sqlite3_reset(statement);
	if (n) {
		check_clocks(verify, n, ticket);
		check_number(verify, ticket);
		check_figures(verify, n, blob, ticket);
	}
	row_release(&row);
	facts_release(&facts);
}

/* What is said of a file that is no ticket. */
static void check_unreadable(struct verify *verify, const struct store_entry *entry, const char *why)
{
	sqlite3_stmt *statement = NULL;

	verify->unreadable++;
	if (sqlite3_prepare_v2(verify->index->sql, "SELECT 1 FROM unreadable WHERE path = ?1 AND blob = ?2 AND why = ?3", -1, &statement, NULL) != SQLITE_OK)
		return;
	sqlite3_bind_text(statement, 1, entry->path, -1, SQLITE_STATIC);
	sqlite3_bind_blob(statement, 2, entry->id.id, sizeof(entry->id.id), SQLITE_STATIC);
	sqlite3_bind_text(statement, 3, why, -1, SQLITE_STATIC);
	if (sqlite3_step(statement) != SQLITE_ROW)
		differs(verify, "%s: the index does not say that it cannot be read", entry->path);
	sqlite3_finalize(statement);
}

static int verify_file(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct verify *verify = data;
	_cleanup_buf_ struct buf text = {0};
	_cleanup_ticket_ struct ticket *ticket = NULL;
	struct ticket_error why = {0};
	int failed;

	if (entry->is_folder || entry->is_link || !text_ends(entry->name, ".json"))
		return 0;
	if ((failed = store_read_blob(verify->index->store, &entry->id, &text, err)))
		return failed;
	if (ticket_read(&ticket, text.p ? text.p : "", text.n, entry->path, &why) == 0) {
		check_row(verify, entry->path, &entry->id, ticket);
		verify->tickets++;
	} else {
		check_unreadable(verify, entry, why.message);
	}
	return 0;
}

/* --- the whole ------------------------------------------------------------------------------------------------- */

/* SQLite's own check of pages and indexes: one line "ok", or what is wrong. */
static void check_pages(struct verify *verify)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(verify->index->sql, "PRAGMA integrity_check(20)", -1, &statement, NULL) == SQLITE_OK)
		while (sqlite3_step(statement) == SQLITE_ROW)
			if (strcmp(db_text(statement, 0), "ok") != 0)
				differs(verify, "index file: %s", db_text(statement, 0));
	sqlite3_finalize(statement);
}

int index_verify(struct index *index, struct texts *differences, struct ticket_error *err)
{
	struct verify verify = {.index = index, .out = differences};
	const struct oid nothing = {{0}};
	int failed;
	int64_t rows;

	check_pages(&verify);
	failed = store_changes(index->store, &nothing, &index->tree, "tickets", verify_file, &verify, err);
	if (!failed)
		check_entries(&verify);
	if (!failed && count_of(&verify, "SELECT count(*) FROM unreadable WHERE ?1 = 0", 0) != (int64_t)verify.unreadable)
		differs(&verify, "the index says of other files that they cannot be read");
	rows = count_of(&verify, "SELECT count(*) FROM tickets WHERE ?1 = 0", 0);
	if (!failed && rows != (int64_t)verify.tickets)
		differs(&verify, "the index has %lld tickets, the desk %zu", (long long)rows, verify.tickets);
	if (!failed && count_of(&verify, "SELECT count(*) FROM clocks c WHERE ?1 = 0 AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.n = c.ticket)", 0) != 0)
		differs(&verify, "the index has clocks of tickets that are gone");
	if (!failed && count_of(&verify, "SELECT count(*) FROM names x WHERE ?1 = 0 AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.n = x.ticket)", 0) != 0)
		differs(&verify, "the index has numbers of tickets that are gone");
	return failed;
}
