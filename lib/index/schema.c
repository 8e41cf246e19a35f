/* SPDX-License-Identifier: MIT */
/* The tables of the index. Any change here needs a new INDEX_VERSION: files of another version are built anew. */
#include "index/db.h"

const char schema_tables[] =
	/* One row: which tree all the others show, by which policy statuses were given. */
	"CREATE TABLE stamp(one INTEGER PRIMARY KEY, tree BLOB, policy BLOB, last_serial INTEGER, last_block INTEGER);"
	"INSERT INTO stamp VALUES(1, NULL, NULL, 0, 0);"
	"CREATE TABLE tickets(n INTEGER PRIMARY KEY, path TEXT, blob BLOB, id TEXT, uid TEXT, aliases TEXT, key TEXT, file TEXT,"
	" received INTEGER, updated INTEGER, due INTEGER, responded INTEGER, resolved INTEGER, archived INTEGER, eta INTEGER, plan INTEGER,"
	" expects INTEGER, inspected INTEGER, due_target TEXT, state INTEGER, open INTEGER, status TEXT, channel TEXT, types TEXT, category TEXT, grade TEXT,"
	" priority TEXT, risk TEXT, departments TEXT, fields TEXT, group_name TEXT, assignee TEXT, lead TEXT, waiting_for TEXT, doing TEXT,"
	" customer_id TEXT, customer TEXT, subject TEXT, level INTEGER, cycle INTEGER, delayed INTEGER, quarantined INTEGER, owes TEXT, incident TEXT,"
	" text_serial INTEGER, text_block INTEGER, text_bytes INTEGER, text_digest INTEGER);"
	/* What a ticket is found by: see names.c. */
	"CREATE TABLE names(kind INTEGER, name BLOB, ticket INTEGER, PRIMARY KEY(kind, name, ticket)) WITHOUT ROWID;"
	"CREATE TABLE clocks(ticket INTEGER, seq INTEGER, target TEXT, cycle INTEGER, began INTEGER, due INTEGER, done INTEGER, verdict INTEGER,"
	" consumed INTEGER, paused INTEGER, next INTEGER, next_step TEXT, live INTEGER, risk INTEGER, PRIMARY KEY(ticket, seq)) WITHOUT ROWID;"
	"CREATE TABLE texts(block INTEGER PRIMARY KEY, bytes INTEGER, data BLOB);"
	"CREATE TABLE blocks(block INTEGER PRIMARY KEY, bytes INTEGER, live INTEGER);"
	/* Pages of facts by receipt: see figures.c. */
	"CREATE TABLE figures(part INTEGER, received INTEGER, ticket INTEGER, bytes INTEGER, data BLOB, PRIMARY KEY(part, received, ticket)) WITHOUT ROWID;"
	"CREATE TABLE unreadable(path TEXT PRIMARY KEY, blob BLOB, why TEXT) WITHOUT ROWID;"
	/* Few rows stand in these, or in about the order in which they come: looking for them in a table that is whole costs more. */
	"CREATE INDEX tickets_received ON tickets(received, id);"
	"CREATE INDEX tickets_open ON tickets(received, id) WHERE open = 1;"
	"CREATE INDEX tickets_work ON tickets(assignee, received) WHERE open = 1;"
	"CREATE INDEX tickets_due ON tickets(due) WHERE due IS NOT NULL;"
	"CREATE INDEX tickets_incident ON tickets(incident) WHERE incident IS NOT NULL;"
	"CREATE INDEX tickets_inspected ON tickets(inspected) WHERE inspected IS NOT NULL;"
	"CREATE INDEX tickets_owes ON tickets(owes) WHERE owes IS NOT NULL;"
	"CREATE INDEX clocks_next ON clocks(next) WHERE next IS NOT NULL;"
	"CREATE INDEX clocks_live ON clocks(due, risk) WHERE live = 1;";

/* Made after the rows when everything is built anew: sorting once is faster than finding the place of each. */
const char *const schema_indexes[SCHEMA_INDEXES] = {
	"CREATE INDEX tickets_state ON tickets(state, received)",
	"CREATE INDEX tickets_assignee ON tickets(assignee, received) WHERE assignee IS NOT NULL",
	"CREATE INDEX tickets_customer ON tickets(customer_id) WHERE customer_id IS NOT NULL",
	"CREATE INDEX tickets_key ON tickets(key) WHERE key IS NOT NULL",
};

const char *const statement_texts[STATEMENTS] = {
	[STMT_STAMP] = "SELECT tree, policy, last_serial, last_block FROM stamp WHERE one = 1",
	[STMT_SET_STAMP] = "UPDATE stamp SET tree = ?1, policy = ?2, last_serial = ?3, last_block = ?4 WHERE one = 1",
	[STMT_FIND] = "SELECT t.n, t.text_serial, t.text_block, t.text_bytes, t.text_digest, t.* FROM names x JOIN tickets t ON t.n = x.ticket"
		      " WHERE x.kind = ?1 AND x.name = ?2 AND t.path = ?3",
	[STMT_INSERT] = "INSERT INTO tickets VALUES(?48, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,"
			" ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42, ?43, ?44, ?45, ?46, ?47)",
	[STMT_DELETE] = "DELETE FROM tickets WHERE n = ?1",
	[STMT_DELETE_CLOCKS] = "DELETE FROM clocks WHERE ticket = ?1",
	/* A ticket has few names: its old row says which they are. */
	[STMT_DELETE_NAMES] = "DELETE FROM names WHERE kind = ?1 AND name = ?2 AND ticket = ?3",
	[STMT_DELETE_UNREADABLE] = "DELETE FROM unreadable WHERE path = ?1",
	[STMT_INSERT_CLOCK] = "INSERT INTO clocks VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
	[STMT_INSERT_NAME] = "INSERT OR IGNORE INTO names VALUES(?1, ?2, ?3)",
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
	[STMT_PAGE_FIND] = "SELECT received, ticket, bytes, data FROM figures WHERE part = ?1 AND (received, ticket) <= (?2, ?3)"
			   " ORDER BY received DESC, ticket DESC LIMIT 1",
	[STMT_PAGE_NEXT] = "SELECT received, ticket FROM figures WHERE part = ?1 AND (received, ticket) > (?2, ?3) ORDER BY received, ticket LIMIT 1",
	[STMT_PAGE_RANGE] = "SELECT bytes, data FROM figures WHERE part = ?1 AND (received, ticket) >= (?2, ?3) AND received < ?4 ORDER BY received, ticket",
	[STMT_PAGE_WRITE] = "INSERT OR REPLACE INTO figures VALUES(?1, ?2, ?3, ?4, ?5)",
	[STMT_PAGE_DELETE] = "DELETE FROM figures WHERE part = ?1 AND received = ?2 AND ticket = ?3",
};
