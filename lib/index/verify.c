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
	size_t entries[PAGE_KINDS], moments; /* of the readable */
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

static void check_moments(struct verify *verify, int64_t n, const struct prepared *right, const char *number)
{
	bool same = true;

	if (moments_same(verify->index, n, &right->moments, &same, NULL) || !same)
		differs(verify, "%s: the index has other clocks", number);
	verify->moments += right->moments.n;
}

static void check_names(struct verify *verify, int64_t n, const struct value *v, const char *number)
{
	const struct named named = {value_text(&v[ROW_ID]), value_text(&v[ROW_ALIASES]), value_text(&v[ROW_UID]), value_text(&v[ROW_PATH])};

	if (!names_same(verify->index, &named, n, verify->entries))
		differs(verify, "%s: the index cannot find it by its number", number);
}

static void check_text(struct verify *verify, sqlite3_stmt *row, const struct prepared *right, const char *number)
{
	bool same = false;

	if (texts_same(verify->index, sqlite3_column_int64(row, 2), sqlite3_column_int64(row, 1), &right->text, &same, NULL) || !same ||
	    sqlite3_column_int64(row, 3) != (int64_t)right->text.n || sqlite3_column_int64(row, 4) != right->text_digest)
		differs(verify, "%s: the index has other texts to search", number);
}

static void check_figures(struct verify *verify, int64_t n, const struct prepared *right, const char *number)
{
	bool same = true;

	for (int part = 0; part < FIGURE_PARTS; part++) {
		const struct buf *bytes = &right->parts[part];

		if (bytes->n && (figures_same(verify->index, (enum figure_part)part, (struct figure_key){right->received_s, n}, bytes, &same, NULL) || !same))
			differs(verify, "%s: the index has other figures", number);
		verify->entries[part] += bytes->n > 0;
	}
}

/* How many entries there are, and whether they are in order from page to page. */
struct counted {
	struct buf last;
	size_t n;
	bool ordered;
};

static int count_run(void *data, struct buf *page, struct page_run run, struct ticket_error *err)
{
	struct counted *counted = data;
	struct bytes key, value;

	while (page_run_next(&run, &key, &value)) {
		if (counted->n && bytes_order(bytes_of(&counted->last), key) >= 0)
			counted->ordered = false;
		buf_truncate(&counted->last, 0);
		buf_add(&counted->last, key.p, key.n);
		counted->n++;
	}
	return 0;
}

/* What stands there besides is of no ticket. */
static void check_entries(struct verify *verify)
{
	const struct bytes lowest = {"", 0}, none = {0};

	for (int kind = 0; kind < PAGE_KINDS; kind++) {
		struct counted counted = {.ordered = true};

		if (pages_read(verify->index, (enum page_kind)kind, lowest, none, count_run, &counted, NULL) || !counted.ordered)
			differs(verify, "the index cannot read its figures or names");
		else if (kind < FIGURE_PARTS && counted.n != verify->entries[kind])
			differs(verify, "the index has figures of %zu tickets, the desk %zu", counted.n, verify->entries[kind]);
		else if (counted.n != verify->entries[kind])
			differs(verify, "the index has %zu names of tickets, the desk %zu", counted.n, verify->entries[kind]);
		buf_release(&counted.last);
	}
}

static void check_row(struct verify *verify, const char *path, const struct oid *blob, const struct ticket *ticket)
{
	_cleanup_(prepared_release) struct prepared right = {0};
	sqlite3_stmt *statement = NULL;
	int64_t n;

	prepared_of(&right, ticket, verify->index, path, blob);
	if (find_by_path(verify->index, path, &statement, NULL) || !statement) {
		differs(verify, "%s: the index lacks it", path);
		return;
	}
	n = sqlite3_column_int64(statement, 0);
	for (int i = 0; i < ROW_COLUMNS; i++)
		if (!value_equals(&right.row.v[i], statement, FOUND_ROW + i))
			differs(verify, "%s: the index has another %s", ticket->id, row_names[i]);
	check_text(verify, statement, &right, ticket->id);
	sqlite3_reset(statement);
	check_moments(verify, n, &right, ticket->id);
	check_names(verify, n, right.row.v, ticket->id);
	check_figures(verify, n, &right, ticket->id);
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
	if (!failed && count_of(&verify, "SELECT count(*) FROM moments WHERE ?1 = 0", 0) != (int64_t)verify.moments)
		differs(&verify, "the index has clocks of tickets that are gone");
	return failed;
}
