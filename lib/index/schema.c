/* SPDX-License-Identifier: MIT */
/* The tables of the index. Any change here needs a new INDEX_VERSION: files of another version are built anew. */
#include "index/db.h"

const char schema_tables[] =
	/* One row: which tree all the others show, by which policy statuses were given. */
	"CREATE TABLE stamp(one INTEGER PRIMARY KEY, tree BLOB, policy BLOB, last_serial INTEGER, last_block INTEGER);"
	"INSERT INTO stamp VALUES(1, NULL, NULL, 0, 0);"
	/* Columns without a type: what is bound stands there as it is, and SQLite needs not see to that. */
	"CREATE TABLE tickets(n INTEGER PRIMARY KEY, path, blob, id, uid, aliases, key, file,"
	" received, updated, due, responded, resolved, archived, eta, plan,"
	" expects, inspected, due_target, state, open, status, channel, types, category, grade,"
	" priority, risk, departments, fields, group_name, assignee, lead, waiting_for, doing,"
	" customer_id, customer, subject, level, cycle, delayed, quarantined, owes, incident, words,"
	" text_serial, text_block, text_bytes, text_digest);"
	/* What time does to a ticket: see moments.c. */
	"CREATE TABLE moments(ticket INTEGER, seq INTEGER, next INTEGER, due INTEGER, risk INTEGER, PRIMARY KEY(ticket, seq)) WITHOUT ROWID;"
	"CREATE TABLE texts(block INTEGER PRIMARY KEY, bytes INTEGER, data BLOB);"
	"CREATE TABLE blocks(block INTEGER PRIMARY KEY, bytes INTEGER, live INTEGER);"
	/* Entries in order: see pages.c. */
	"CREATE TABLE pages(n INTEGER PRIMARY KEY, kind INTEGER, first BLOB, size INTEGER, data BLOB);"
	"CREATE UNIQUE INDEX pages_first ON pages(kind, first);"
	"CREATE TABLE unreadable(path TEXT PRIMARY KEY, blob BLOB, why TEXT) WITHOUT ROWID;"
	/* Few rows stand in these, or in about the order in which they come: looking for them in a table that is whole costs more. */
	"CREATE INDEX tickets_received ON tickets(received, id);"
	"CREATE INDEX tickets_open ON tickets(open, received, id) WHERE open = 1;"
	"CREATE INDEX tickets_work ON tickets(open, assignee, received) WHERE open = 1;"
	"CREATE INDEX tickets_due ON tickets(due, received, id, uid, path, assignee, state) WHERE due IS NOT NULL;"
	"CREATE INDEX tickets_incident ON tickets(incident) WHERE incident IS NOT NULL;"
	"CREATE INDEX tickets_inspected ON tickets(inspected) WHERE inspected IS NOT NULL;"
	"CREATE INDEX tickets_owes ON tickets(owes) WHERE owes IS NOT NULL;"
	"CREATE INDEX tickets_state ON tickets(state, received);"
	"CREATE INDEX moments_next ON moments(next) WHERE next IS NOT NULL;"
	"CREATE INDEX moments_due ON moments(due, risk) WHERE due IS NOT NULL;";

/* Made after the rows when everything is built anew: sorting once is faster than finding the place of each. */
const char *const schema_indexes[SCHEMA_INDEXES] = {
	"CREATE INDEX tickets_assignee ON tickets(assignee, received, state) WHERE assignee IS NOT NULL",
	"CREATE INDEX tickets_customer ON tickets(customer_id) WHERE customer_id IS NOT NULL",
	"CREATE INDEX tickets_key ON tickets(key) WHERE key IS NOT NULL",
};

const char *const statement_texts[STATEMENTS] = {
	[STMT_STAMP] = "SELECT tree, policy, last_serial, last_block FROM stamp WHERE one = 1",
	[STMT_SET_STAMP] = "UPDATE stamp SET tree = ?1, policy = ?2, last_serial = ?3, last_block = ?4 WHERE one = 1",
	[STMT_ROW] = "SELECT t.n, t.text_serial, t.text_block, t.text_bytes, t.text_digest, t.* FROM tickets t WHERE t.n = ?1",
	[STMT_NAMED] = "SELECT id, uid FROM tickets WHERE n = ?1",
	[STMT_INSERT] = "INSERT INTO tickets VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[STMT_DELETE] = "DELETE FROM tickets WHERE n = ?1",
	[STMT_MOMENTS] = "SELECT seq, next, due, risk FROM moments WHERE ticket = ?1 ORDER BY seq",
	[STMT_DELETE_MOMENTS] = "DELETE FROM moments WHERE ticket = ?1",
	[STMT_INSERT_MOMENT] = "INSERT INTO moments VALUES(?1, ?2, ?3, ?4, ?5)",
	[STMT_DELETE_UNREADABLE] = "DELETE FROM unreadable WHERE path = ?1",
	[STMT_INSERT_UNREADABLE] = "INSERT OR REPLACE INTO unreadable VALUES(?1, ?2, ?3)",
	[STMT_BLOCK_READ] = "SELECT bytes, data FROM texts WHERE block = ?1",
	[STMT_BLOCK_WRITE] = "INSERT OR REPLACE INTO texts VALUES(?1, ?2, ?3)",
	[STMT_BLOCK_DELETE] = "DELETE FROM texts WHERE block = ?1",
	[STMT_BLOCK_SIZE] = "SELECT bytes, live FROM blocks WHERE block = ?1",
	[STMT_BLOCK_SET_SIZE] = "INSERT OR REPLACE INTO blocks VALUES(?1, ?2, ?3)",
	[STMT_BLOCK_DELETE_SIZE] = "DELETE FROM blocks WHERE block = ?1",
	[STMT_TEXT_LIVES] = "SELECT 1 FROM tickets WHERE n = ?1 AND text_serial = ?2",
	[STMT_TEXT_SET] = "UPDATE tickets SET text_serial = ?2, text_block = ?3, text_bytes = ?4, text_digest = ?5 WHERE n = ?1",
	[STMT_TEXT_MOVE] = "UPDATE tickets SET text_block = ?2 WHERE n = ?1",
	[STMT_PAGE_FIND] = "SELECT n, first, size, data, (SELECT first FROM pages WHERE kind = ?1 AND first > ?2 ORDER BY first LIMIT 1)"
			   " FROM pages WHERE kind = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1",
	[STMT_PAGES_FROM] = "SELECT size, data FROM pages WHERE kind = ?1"
			    " AND first >= (SELECT first FROM pages WHERE kind = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1) ORDER BY first",
	[STMT_PAGE_WRITE] = "INSERT INTO pages(size, data, kind, first) VALUES(?1, ?2, ?3, ?4)",
	[STMT_PAGE_REWRITE] = "UPDATE pages SET size = ?1, data = ?2 WHERE n = ?3",
	[STMT_PAGE_DELETE] = "DELETE FROM pages WHERE n = ?1",
};
