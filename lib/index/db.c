/* SPDX-License-Identifier: MIT */
/* Opening the index file, its statements, and what SQLite's errors mean for us. */
#include "index/db.h"
#include "ticket/language.h"

#include <sys/stat.h>

void db_close(struct index *index)
{
	for (int i = 0; i < STATEMENTS; i++) {
		sqlite3_finalize(index->statements[i]);
		index->statements[i] = NULL;
	}
	sqlite3_finalize(index->update);
	index->update = NULL;
	free(steal_ptr(index->update_sql));
	sqlite3_close(index->sql);
	index->sql = NULL;
	block_release(&index->pending);
	pages_forget(index);
}

/*
 * Unknown columns and tables (SQLITE_ERROR) can only come from a file that is not as we made it: our statements are
 * fixed and tested.
 */
int db_fail(struct index *index, struct ticket_error *err)
{
	int code = index->sql ? sqlite3_errcode(index->sql) & 0xff : SQLITE_CANTOPEN;
	int trouble = code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR || code == SQLITE_CONSTRAINT || code == SQLITE_FORMAT ? INDEX_DAMAGED
																	  : INDEX_UNWRITABLE;

	ticket_fail(err, TICKET_STORAGE, "the index %s cannot be used: %s", index->path ? index->path : _("in memory"),
		    index->sql ? sqlite3_errmsg(index->sql) : _("out of memory"));
	return trouble;
}

int db_exec(struct index *index, const char *sql, struct ticket_error *err)
{
	return sqlite3_exec(index->sql, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : db_fail(index, err);
}

sqlite3_stmt *db_statement(struct index *index, enum statement which, struct ticket_error *err)
{
	sqlite3_stmt **statement = &index->statements[which];

	if (!*statement && sqlite3_prepare_v3(index->sql, statement_texts[which], -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) != SQLITE_OK)
		db_fail(index, err);
	return *statement;
}

int db_run(struct index *index, sqlite3_stmt *statement, struct ticket_error *err)
{
	int code = sqlite3_step(statement), failed = code == SQLITE_DONE || code == SQLITE_ROW ? 0 : db_fail(index, err);

	sqlite3_reset(statement);
	return failed;
}

void db_bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	if (text && *text)
		sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
	else
		sqlite3_bind_null(statement, at);
}

int64_t db_time(sqlite3_stmt *statement, int column)
{
	return sqlite3_column_type(statement, column) == SQLITE_NULL ? TIME_NONE : sqlite3_column_int64(statement, column);
}

static int64_t pragma_number(struct index *index, const char *sql)
{
	sqlite3_stmt *statement;
	int64_t number = -1;

	if (sqlite3_prepare_v2(index->sql, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
		number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return number;
}

bool db_is_empty(struct index *index)
{
	return pragma_number(index, "SELECT count(*) FROM sqlite_schema") == 0 && pragma_number(index, "PRAGMA application_id") == 0;
}

/* SQLite counts what is done to the tables: more than making them is somebody else's work. Rows are read by the place of their columns. */
static int64_t schema_statements(void)
{
	int64_t n = SCHEMA_INDEXES;

	for (const char *at = schema_tables; (at = strstr(at, "CREATE ")); at++)
		n++;
	return n;
}

bool db_is_ours(struct index *index)
{
	return pragma_number(index, "PRAGMA application_id") == INDEX_APPLICATION && pragma_number(index, "PRAGMA user_version") == INDEX_VERSION &&
	       pragma_number(index, "PRAGMA schema_version") == schema_statements();
}

/* A file of ours, of this version; an empty one is as good as one of an older version. */
static int check_header(struct index *index, struct ticket_error *err)
{
	int64_t application, version;

	if (db_is_ours(index))
		return 0;
	application = pragma_number(index, "PRAGMA application_id");
	version = pragma_number(index, "PRAGMA user_version");
	if (application < 0 || version < 0)
		return db_fail(index, err);
	if (application == INDEX_APPLICATION || (application == 0 && version == 0 && pragma_number(index, "SELECT count(*) FROM sqlite_schema") == 0))
		return INDEX_OUTDATED;
	ticket_fail(err, TICKET_STORAGE, "%s is not an index of tickets", index->path);
	return INDEX_DAMAGED;
}

/*
 * What SQLite can be told only before it starts. It counts each piece of memory under a lock unless it is told not to. A
 * file that is read is mapped as far as SQLite would: a list looks at one row each of many pages, and copying the pages
 * takes longer. Nobody shortens an index while somebody reads it. Room for pages is then seldom needed: not in advance.
 */
static pthread_once_t settings_once = PTHREAD_ONCE_INIT;

static void make_settings(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
	sqlite3_config(SQLITE_CONFIG_MMAP_SIZE, INT64_MAX, INT64_MAX);
}

int db_open(struct index *index, const char *path, enum db_mode mode, int busy_ms, struct ticket_error *err)
{
	int flags = (mode == DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX, failed;

	pthread_once(&settings_once, make_settings);
	if (sqlite3_open_v2(path ? path : ":memory:", &index->sql, flags, NULL) != SQLITE_OK) {
		failed = db_fail(index, err);
		db_close(index);
		return failed;
	}
	sqlite3_extended_result_codes(index->sql, 0);
	sqlite3_busy_timeout(index->sql, busy_ms);
	/* Whatever the file says, it can only hold data: no functions called from its schema. */
	sqlite3_db_config(index->sql, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(index->sql, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* What a search finds on its way is kept in memory, never in files elsewhere. */
	sqlite3_exec(index->sql, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
	if (!path)
		return INDEX_OUTDATED;
	/* Header and stamp in one transaction: each costs the whole dance of locks and journal. */
	failed = db_exec(index, "BEGIN", err);
	return failed ? failed : check_header(index, err);
}
