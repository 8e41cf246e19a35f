/* SPDX-License-Identifier: MIT */
/* What the files of lib/index share: the open index and its statements. */
#ifndef INDEX_DB_H
#define INDEX_DB_H

#include "index/index.h"
#include "figures/fact.h"
#include "index/pages.h"
#include "index/query.h"

#include <pthread.h>
#include <sqlite3.h>

/* Statements that are asked often; prepared when first needed. */
enum statement {
	STMT_STAMP,
	STMT_SET_STAMP,
	STMT_ROW,
	STMT_NAMED,
	STMT_INSERT,
	STMT_DELETE,
	STMT_MOMENTS,
	STMT_DELETE_MOMENTS,
	STMT_INSERT_MOMENT,
	STMT_DELETE_UNREADABLE,
	STMT_INSERT_UNREADABLE,
	STMT_BLOCK_READ,
	STMT_BLOCK_WRITE,
	STMT_BLOCK_DELETE,
	STMT_BLOCK_SIZE,
	STMT_BLOCK_SET_SIZE,
	STMT_BLOCK_DELETE_SIZE,
	STMT_TEXT_LIVES,
	STMT_TEXT_SET,
	STMT_TEXT_MOVE,
	STMT_PAGE_FIND,
	STMT_PAGES_FROM,
	STMT_PAGE_WRITE,
	STMT_PAGE_REWRITE,
	STMT_PAGE_DELETE,
	STATEMENTS
};

/* The texts of one ticket within a block. */
struct entry {
	int64_t ticket, serial; /* serial: given once to each version of a ticket's texts */
	size_t bytes;
};
/* Many tickets' texts, kept and compressed together: see texts.c. */
struct block {
	int64_t number; /* 0: none */
	LIST(struct entry) entries;
	struct buf text;
	size_t live; /* bytes of texts that are still a ticket's */
};

/* The rules of one policy directory, as they were given: see rules_for. */
struct known_rules {
	char *id; /* NULL: HEAD's */
	struct rules_of rules;
};

struct index {
	struct store *store;
	struct index_rules rules;
	const struct policy *policy; /* HEAD's */
	LIST(struct known_rules) known;
	pthread_mutex_t known_mutex;
	struct pages pages;
	struct oid tree;       /* what it shows, once open */
	sqlite3 *sql;
	sqlite3_stmt *statements[STATEMENTS];
	char *update_sql; /* of 'update': the columns of one row are most often those of the next */
	sqlite3_stmt *update;
	char *path;
	bool in_memory;
	struct block pending;  /* texts not written yet */
	int64_t last_block, last_serial;
	index_progress *progress;
	void *progress_data;
	size_t done, total;
};

/* What can be wrong with an index file, beyond an error of the desk. */
enum index_trouble {
	INDEX_UNWRITABLE = -100, /* full disk, no permission, held by others for long: go on in memory */
	INDEX_OUTDATED = -101,   /* of another version of this program: build it anew */
	INDEX_DAMAGED = -102,    /* not ours, or not sound: set it aside */
};
static inline bool is_index_trouble(int code)
{
	return code <= INDEX_UNWRITABLE;
}

/* --- db.c ------------------------------------------------------------------------------------------------------ */

enum db_mode {
	DB_READ,
	DB_WRITE, /* made where it is missing; only with the lock, see lock_file in index.c */
};
/* Opens path (NULL: in memory); INDEX_* or 0. A file is left in a transaction that reads. */
int db_open(struct index *index, const char *path, enum db_mode mode, int busy_ms, struct ticket_error *err);
void db_close(struct index *index);
/* Within a transaction: has the file nothing in it; is it an index of ours, of this version? */
bool db_is_empty(struct index *index);
bool db_is_ours(struct index *index);
/* Sets 'err' from SQLite's last error and returns the INDEX_* code that says what to do about it. */
int db_fail(struct index *index, struct ticket_error *err);
int db_exec(struct index *index, const char *sql, struct ticket_error *err);
/* A statement ready to be bound, NULL with 'err' set. */
sqlite3_stmt *db_statement(struct index *index, enum statement which, struct ticket_error *err);
/* Steps a statement that gives no rows, and resets it. */
int db_run(struct index *index, sqlite3_stmt *statement, struct ticket_error *err);
void db_bind_text(sqlite3_stmt *statement, int at, const char *text); /* NULL and "" bind as NULL */
int64_t db_time(sqlite3_stmt *statement, int column);                 /* TIME_NONE for NULL */
static inline const char *db_text(sqlite3_stmt *statement, int column) /* "" for NULL */
{
	const char *text = (const char *)sqlite3_column_text(statement, column);

	return text ? text : "";
}

/* --- schema.c -------------------------------------------------------------------------------------------------- */

#define INDEX_APPLICATION 0x544b5449 /* "TKTI" in the file's header: ours */
#define INDEX_VERSION 8
#define SCHEMA_INDEXES 3
extern const char schema_tables[], *const schema_indexes[SCHEMA_INDEXES];
extern const char *const statement_texts[STATEMENTS];

/* --- moments.c ------------------------------------------------------------------------------------------------- */

/* What time does to a ticket: when something is next to be done, and the deadline of a clock that runs. */
struct moment {
	int64_t seq; /* which of the ticket's clocks; -1: none of them */
	int64_t next_s, due_s, risk_s; /* TIME_NONE: never */
};
typedef LIST(struct moment) moment_list;
/* Those of a ticket, in order of 'seq'; the list is filled anew. */
void moments_of(moment_list *out, const struct ticket *ticket, const struct facts *facts);
int moments_put(struct index *index, int64_t ticket, const moment_list *moments, struct ticket_error *err);
int moments_drop(struct index *index, int64_t ticket, struct ticket_error *err);
/* Binds the columns of one from parameter 'at' on; those that are NULL are left out. */
void moment_bind(sqlite3_stmt *statement, int at, int64_t ticket, const struct moment *moment);
/* Has the ticket these and no others? */
int moments_same(struct index *index, int64_t ticket, const moment_list *moments, bool *same, struct ticket_error *err);

/* --- rows.c ---------------------------------------------------------------------------------------------------- */

/* Columns of a ticket's row that come from the ticket, in the table's order behind 'n'. */
enum row_column {
	ROW_PATH,
	ROW_BLOB,
	ROW_ID,
	ROW_UID,
	ROW_ALIASES,
	ROW_KEY,
	ROW_FILE,
	ROW_TIMES, /* FACT_TIMES of them */
	ROW_DUE_TARGET = ROW_TIMES + FACT_TIMES,
	ROW_STATE,
	ROW_OPEN,
	ROW_STATUS,
	ROW_CHANNEL,
	ROW_TYPES,
	ROW_CATEGORY,
	ROW_GRADE,
	ROW_PRIORITY,
	ROW_RISK,
	ROW_DEPARTMENTS,
	ROW_FIELDS,
	ROW_GROUP,
	ROW_ASSIGNEE,
	ROW_LEAD,
	ROW_WAITING,
	ROW_DOING,
	ROW_CUSTOMER_ID,
	ROW_CUSTOMER,
	ROW_SUBJECT,
	ROW_LEVEL,
	ROW_CYCLE,
	ROW_DELAYED,
	ROW_QUARANTINED,
	ROW_OWES,
	ROW_INCIDENT,
	ROW_WORDS, /* a digest of what is kept of it in PART_WORDS and PART_VISITS: those seldom change */
	ROW_COLUMNS
};
extern const char *const row_names[ROW_COLUMNS];

/* One value of a row; all that is absent is NULL there. */
struct value {
	enum { VALUE_NULL, VALUE_TEXT, VALUE_NUMBER, VALUE_BLOB } type;
	const char *text; /* or bytes */
	size_t n;
	int64_t number;
};
static inline const char *value_text(const struct value *value)
{
	return value->type == VALUE_TEXT ? value->text : "";
}
struct row {
	struct value v[ROW_COLUMNS];
	struct oid blob;
	struct buf lists; /* the texts of the columns that are lists */
	struct buf texts; /* all texts, each with its NUL */
};
/* Does column 'at' of the statement's row hold the value? */
bool value_equals(const struct value *value, sqlite3_stmt *statement, int at);
void value_bind(const struct value *value, sqlite3_stmt *statement, int at);
#define FOUND_ROW 6 /* of STMT_ROW: n, text_serial, text_block, text_bytes, text_digest, n again, then the row */
/* STMT_ROW at the row of a path, to be reset; NULL where there is none. */
int find_by_path(struct index *index, const char *path, sqlite3_stmt **out, struct ticket_error *err);

/* A list is one text in its column: each item between two LIST_MARKs, so that an item is found whole. NULL when empty. */
#define LIST_MARK '\x1f'
#define PAIR_MARK '\x1e'

/*
 * All that is worked out for a ticket before anything is written; needs no database, so any thread may. Borrows nothing, so
 * that a thread reads one ticket after the other in the same memory. Zeroed before it is used first; used again, it keeps its own.
 */
struct prepared {
	struct row row;
	moment_list moments;
	struct buf text; /* see texts_of */
	int64_t text_digest;
	struct buf parts[FIGURE_PARTS]; /* an empty one is not kept */
	int64_t received_s;
};
void prepared_of(struct prepared *out, const struct ticket *ticket, struct index *index, const char *path, const struct oid *blob);
/* The rules that a ticket is judged by; any thread may ask. */
struct rules_of rules_for(struct index *index, const struct ticket *ticket);
void prepared_release(struct prepared *prepared);

/* Puts the ticket that stands at a path; only what differs is written. */
int rows_put(struct index *index, const char *path, const struct oid *blob, const struct ticket *ticket, struct ticket_error *err);
int rows_put_prepared(struct index *index, const char *path, const struct prepared *prepared, struct ticket_error *err);
int rows_put_unreadable(struct index *index, const char *path, const struct oid *blob, const char *why, struct ticket_error *err);
/* The same in an index that has nothing at the path. */
int rows_add_unreadable(struct index *index, const char *path, const struct oid *blob, const char *why, struct ticket_error *err);
int rows_remove(struct index *index, const char *path, struct ticket_error *err);

/* --- hits.c ---------------------------------------------------------------------------------------------------- */

/* A ticket that a query selects: its n, and what the order is made of. */
struct pick {
	int64_t n, received_s, score;
};
typedef LIST(struct pick) picks;
/* Adds the rows of tickets, one by one, as they stand at 'now_s'. INDEX_DAMAGED when one of them is not there. */
int hits_fetch(struct index *index, const picks *picked, int64_t now_s, index_hits *out, struct ticket_error *err);
/* Puts hits in order that come by receipt: of one second, the highest number first, then the highest uid and path. Keeps 'limit' of them (0: all). */
void hits_settle(index_hits *hits, size_t limit);

/* --- names.c --------------------------------------------------------------------------------------------------- */

/* All names of a ticket whose row has these texts (list as in the row, "" for none). */
struct named {
	const char *id, *aliases, *uid, *path;
};
int names_put(struct index *index, const struct named *named, int64_t ticket, struct ticket_error *err);
int names_drop(struct index *index, const struct named *named, int64_t ticket, struct ticket_error *err);
/* Are they all there? Adds to 'counts' how many of each kind they are. */
bool names_same(struct index *index, const struct named *named, int64_t ticket, size_t counts[PAGE_KINDS]);
/*
 * Visits the tickets whose name of that kind is the word ('whole') or begins with it, in the order of names; the visitor
 * leaves the names as they are. What it returns ends the visit unless it is 0, and is returned.
 */
typedef int name_finder(void *data, int64_t ticket, struct ticket_error *err);
int names_find(struct index *index, enum page_kind kind, struct bytes word, bool whole, name_finder *visit, void *data, struct ticket_error *err);
/* The same with those that may have the uid or stand at the path: their rows tell. */
int names_find_uid(struct index *index, const char *uid, name_finder *visit, void *data, struct ticket_error *err);
int names_find_path(struct index *index, const char *path, name_finder *visit, void *data, struct ticket_error *err);
/* Names of an index that is built anew, gathered to be sorted and written in order. */
struct name_notes;
struct name_notes *name_notes_new(void);
void name_notes_free(struct name_notes *notes);
void name_notes_add(struct name_notes *notes, const struct named *named, int64_t ticket);
/* Makes them what name_notes_write writes; needs no database, so any thread may. */
void name_notes_sort(struct name_notes *notes);
int name_notes_write(struct index *index, struct name_notes *notes, struct ticket_error *err);

/* --- figures.c ------------------------------------------------------------------------------------------------- */

/* Puts or replaces an entry. */
int figures_put(struct index *index, enum figure_part part, struct figure_key key, const struct buf *bytes, struct ticket_error *err);
int figures_drop(struct index *index, enum figure_part part, struct figure_key key, struct ticket_error *err);
/* Is the entry there with these bytes? */
int figures_same(struct index *index, enum figure_part part, struct figure_key key, const struct buf *bytes, bool *same, struct ticket_error *err);
/* Appends the entries of a range, in order. */
int figures_read(struct index *index, enum figure_part part, const struct range *range, struct figures *out, struct ticket_error *err);

/* Figures of an index that is built anew, gathered to be put in order: by the thousand, for they come nearly in order. */
struct figure_notes;
struct figure_notes *figure_notes_new(void);
void figure_notes_free(struct figure_notes *notes);
int figure_notes_add(struct figure_notes *notes, struct index *index, struct figure_key key, const struct buf parts[FIGURE_PARTS], struct ticket_error *err);
/* Puts those that are still held. */
int figure_notes_put(struct figure_notes *notes, struct index *index, struct ticket_error *err);

/* --- fill.c ---------------------------------------------------------------------------------------------------- */

/* Fills an index that has its tables and nothing in them. */
struct fill;
int fill_new(struct fill **out, struct index *index, struct ticket_error *err); /* '*out' is there to be freed even then */
void fill_free(struct fill *fill);
/* Puts tickets whose paths have not been put; borrowed until it returns. */
int fill_put(struct fill *fill, struct prepared *const *prepared, size_t n, struct ticket_error *err);
/* Puts what was held back, except for the names: the owner sorts and writes those. */
int fill_end(struct fill *fill, struct ticket_error *err);
struct name_notes *fill_names(struct fill *fill);

/* --- texts.c --------------------------------------------------------------------------------------------------- */

/* Folded texts of a ticket as they lie in a block: each ends with LIST_MARK, the subject is the first. */
void texts_of(const struct ticket *ticket, struct buf *out);
/* Tells texts that differ from those that are the same without looking at both. */
int64_t texts_digest(const struct buf *text);
/* Adds texts under a new serial; says in which block they will be. */
int texts_put(struct index *index, int64_t ticket, const struct buf *text, int64_t *serial, int64_t *block, struct ticket_error *err);
/* The texts of a serial are no longer wanted. */
int texts_lose(struct index *index, int64_t block, size_t bytes, struct ticket_error *err);
/* Are these the texts that the block holds under the serial? */
int texts_same(struct index *index, int64_t block, int64_t serial, const struct buf *text, bool *same, struct ticket_error *err);
/* Writes what texts_put still holds: at the end of every change of the index. */
int texts_flush(struct index *index, struct ticket_error *err);
/* Visits every text, live or not: the reader compares serials. Non-zero ends it. */
typedef int text_visitor(void *data, const struct entry *entry, const char *text, struct ticket_error *err);
int texts_each(struct index *index, text_visitor *visit, void *data, struct ticket_error *err);
/* Fills temp table 'table' (ticket, serial, score) with the texts that hold the folded needle. */
int texts_find(struct index *index, const char *needle, bool subject_only, const char *table, struct ticket_error *err);
void block_release(struct block *block);

/* --- index.c --------------------------------------------------------------------------------------------------- */

/* Has what was written to a file go to the disk from now on, without waiting for it. */
void file_start_writing(const char *path);

/*
 * Asks the index something; when its file turns out to be damaged on the way, sets it aside, builds it anew and asks
 * again, so 'ask' begins by clearing what it filled. Gives codes of enum ticket_code only.
 */
typedef int index_question(struct index *index, void *data, struct ticket_error *err);
int index_ask(struct index *index, index_question *ask, void *data, struct ticket_error *err);

/* --- build.c --------------------------------------------------------------------------------------------------- */

#define TICKETS_FOLDER "tickets"
/* Makes all tables from a tree in an empty database, within the transaction that is open; the stamp is left to the caller. */
int build_all(struct index *index, const struct oid *tree, struct ticket_error *err);
/* A thread to which no signals go: they stay with the one that was there before. */
bool start_quietly(pthread_t *thread, void *(*run)(void *), void *data);

/* --- refresh.c ------------------------------------------------------------------------------------------------- */

/*
 * Brings the open database from its stamp to 'tree' within the transaction that is open. INDEX_OUTDATED when that cannot
 * be done, or not be known to give what building it anew would; other INDEX_* for trouble with the index.
 */
int refresh_to(struct index *index, const struct oid *tree, struct ticket_error *err);
/* Fills an empty database, within the transaction that is open. INDEX_* for trouble with the index, other codes for trouble with the desk. */
int refresh_anew(struct index *index, const struct oid *tree, struct ticket_error *err);
/* The same from tickets at hand; INDEX_OUTDATED when the index is not at 'before' or the policy changed. */
int refresh_with(struct index *index, const struct snapshot *before, const struct snapshot *after, const struct index_change *changes, size_t n,
		 struct ticket_error *err);
/* A file that is there and should hold a ticket. */
bool is_ticket_file(const struct store_entry *entry);
/* The tree of the stamp; zero: none. */
int refresh_stamp(struct index *index, struct oid *tree, struct ticket_error *err);

#endif
