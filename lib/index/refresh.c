/* SPDX-License-Identifier: MIT */
/* Bringing the index to a tree: only what differs from its stamp is read, or everything when there is nothing to start from. */
#include "index/db.h"

#include "model/ticket.h"

#include <sys/mman.h>
#include <unistd.h>

#define POLICY_FOLDER "policy"

static void policy_id(struct index *index, const struct oid *tree, struct oid *out)
{
	*out = (struct oid){{0}};
	if (!oid_is_zero(tree) && store_find(index->store, tree, POLICY_FOLDER, out, NULL, NULL))
		*out = (struct oid){{0}};
}

static bool column_oid(sqlite3_stmt *statement, int column, struct oid *out)
{
	if (sqlite3_column_bytes(statement, column) != (int)sizeof(out->id))
		return false;
	memcpy(out->id, sqlite3_column_blob(statement, column), sizeof(out->id));
	return true;
}

/* The stamp; 'built' is false where there is none. */
struct stamped {
	struct oid tree, policy;
	bool built;
};

static int read_stamp(struct index *index, struct stamped *out, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_STAMP, err);
	int code;

	*out = (struct stamped){0};
	if (!statement)
		return db_fail(index, err);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		out->built = column_oid(statement, 0, &out->tree) && column_oid(statement, 1, &out->policy);
		index->last_serial = sqlite3_column_int64(statement, 2);
		index->last_block = sqlite3_column_int64(statement, 3);
	}
	sqlite3_reset(statement);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : db_fail(index, err);
}

static int write_stamp(struct index *index, const struct stamped *stamp, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_SET_STAMP, err);
	int failed;

	if (!statement)
		return db_fail(index, err);
	if ((failed = texts_flush(index, err)) || (failed = pages_flush(index, err)))
		return failed;
	sqlite3_bind_blob(statement, 1, stamp->tree.id, sizeof(stamp->tree.id), SQLITE_STATIC);
	sqlite3_bind_blob(statement, 2, stamp->policy.id, sizeof(stamp->policy.id), SQLITE_STATIC);
	sqlite3_bind_int64(statement, 3, index->last_serial);
	sqlite3_bind_int64(statement, 4, index->last_block);
	return db_run(index, statement, err);
}

int refresh_stamp(struct index *index, struct oid *tree, struct ticket_error *err)
{
	struct stamped stamp;
	int failed = read_stamp(index, &stamp, err);

	*tree = stamp.tree;
	return failed;
}

/* --- what differs ----------------------------------------------------------------------------------------------- */

bool is_ticket_file(const struct store_entry *entry)
{
	return !entry->is_folder && !entry->is_link && !oid_is_zero(&entry->id) && text_ends(entry->name, ".json");
}

/* One place that differs, as it was read. */
struct change {
	char *path;
	struct oid blob;
	bool is_ticket; /* else there is none any more */
	struct buf text;
};

#define WAITING 16     /* read and not put yet */
#define FEW_CHANGES 16 /* not worth a thread */
#define ROOM (6 << 20) /* for the pages of a hundred changes in a desk of a million */
#define JOURNAL_STEP 32 /* after so many the journal is sent to the disk */

/*
 * What differs is found and unpacked in the repository by one thread, which takes as long as taking it apart and putting it
 * into the database. So once it is more than a few, another thread does that, and nobody else has to do with the database
 * meanwhile.
 */
struct changes {
	struct index *index;
	struct change *ring[WAITING]; /* made as they are needed */
	struct ticket_view view;   /* of whoever puts, one change after the other */
	struct prepared prepared;
	size_t read, put; /* counted since the beginning */
	bool apart;       /* the other thread runs */
	bool over;        /* all was read */
	int failed;       /* what putting them gave */
	struct ticket_error why;
	pthread_t thread;
	pthread_mutex_t mutex; /* guards the counts, 'over' and 'failed' */
	pthread_cond_t more, room;
};

static int put_change(struct changes *changes, const struct change *change, struct ticket_error *err)
{
	struct index *index = changes->index;
	const char *text = change->text.p ? change->text.p : "";
	struct ticket_error why;

	if (!change->is_ticket)
		return rows_remove(index, change->path, err);
	if (ticket_view(&changes->view, text, change->text.n, change->path, &why))
		return rows_put_unreadable(index, change->path, &change->blob, why.message, err);
	prepared_of(&changes->prepared, &changes->view.ticket, index, change->path, &change->blob);
	return rows_put_prepared(index, change->path, &changes->prepared, err);
}

/* What SQLite has written into its journal goes to the disk from now on: the end of the transaction waits until all of it is there. */
static void start_writing_journal(const struct index *index)
{
	_cleanup_free_ char *path = index->path ? xasprintf("%s-journal", index->path) : NULL;

	if (path)
		file_start_writing(path);
}

/* Puts those that wait until there are no more to come; by whichever thread has to do with the database. */
static void put_changes(struct changes *changes)
{
	int failed;

	pthread_mutex_lock(&changes->mutex);
	while (!changes->failed && (changes->put < changes->read || (changes->apart && !changes->over))) {
		if (changes->put == changes->read) {
			pthread_cond_wait(&changes->more, &changes->mutex);
			continue;
		}
		pthread_mutex_unlock(&changes->mutex);
		failed = put_change(changes, changes->ring[changes->put % WAITING], &changes->why);
		if (changes->put % JOURNAL_STEP == JOURNAL_STEP - 1)
			start_writing_journal(changes->index);
		pthread_mutex_lock(&changes->mutex);
		changes->put++;
		changes->failed = failed;
		if (failed || changes->read - changes->put == WAITING / 2)
			pthread_cond_signal(&changes->room); /* for some more at once: waking up takes longer than to read one */
	}
	pthread_mutex_unlock(&changes->mutex);
}

/*
 * SQLite will want memory for some pages of the file with each change. A thread's memory grows by 4 KB with a call and a
 * fault each, which comes to a tenth of all that a refresh does: so much of it is asked for at once.
 */
static void *put_apart(void *data)
{
	void *room = aligned_alloc(4096, ROOM);

	if (room)
		madvise(room, ROOM, MADV_POPULATE_WRITE); /* a kernel that cannot will do so page by page */
	free(room);
	put_changes(data);
	return NULL;
}

/* A place for one more. */
static int next_change(struct changes *changes, struct change **out)
{
	struct change **place = &changes->ring[changes->read % WAITING];
	int failed;

	if (!changes->apart && changes->read - changes->put == WAITING)
		put_changes(changes);
	pthread_mutex_lock(&changes->mutex);
	while (!changes->failed && changes->read - changes->put == WAITING)
		pthread_cond_wait(&changes->room, &changes->mutex);
	failed = changes->failed;
	pthread_mutex_unlock(&changes->mutex);
	if (!*place)
		*place = xcalloc(1, sizeof(**place));
	*out = *place;
	return failed;
}

static int read_change(struct index *index, const struct store_entry *entry, struct change *out, struct ticket_error *err)
{
	replace_text(&out->path, entry->path);
	out->blob = entry->id;
	out->is_ticket = is_ticket_file(entry);
	buf_truncate(&out->text, 0);
	return out->is_ticket ? store_read_blob(index->store, &entry->id, &out->text, err) : 0;
}

static int add_change(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct changes *changes = data;
	struct change *change;
	int failed = next_change(changes, &change);

	if (failed || (failed = read_change(changes->index, entry, change, err)))
		return failed;
	pthread_mutex_lock(&changes->mutex);
	changes->read++;
	pthread_cond_signal(&changes->more);
	pthread_mutex_unlock(&changes->mutex);
	if (changes->read == FEW_CHANGES && sysconf(_SC_NPROCESSORS_ONLN) > 1) {
		changes->apart = true; /* before the thread looks at it */
		if (!start_quietly(&changes->thread, put_apart, changes))
			changes->apart = false;
	}
	return 0;
}

static void free_change(struct change *change)
{
	buf_release(&change->text);
	free(change->path);
	free(change);
}

/* Puts the rest of them, unless they could not be read. */
static void end_changes(struct changes *changes, int failed)
{
	pthread_mutex_lock(&changes->mutex);
	changes->over = true;
	if (failed)
		changes->read = changes->put;
	pthread_cond_signal(&changes->more);
	pthread_mutex_unlock(&changes->mutex);
	if (changes->apart)
		pthread_join(changes->thread, NULL);
	else
		put_changes(changes);
	pthread_cond_destroy(&changes->room);
	pthread_cond_destroy(&changes->more);
	pthread_mutex_destroy(&changes->mutex);
	for (size_t i = 0; i < WAITING && changes->ring[i]; i++)
		free_change(changes->ring[i]);
	prepared_release(&changes->prepared);
	ticket_view_release(&changes->view);
}

static int follow(struct index *index, const struct oid *from, const struct oid *to, struct ticket_error *err)
{
	struct changes *changes = xcalloc(1, sizeof(*changes));
	int failed;

	changes->index = index;
	pthread_mutex_init(&changes->mutex, NULL);
	pthread_cond_init(&changes->more, NULL);
	pthread_cond_init(&changes->room, NULL);
	failed = store_changes(index->store, from, to, TICKETS_FOLDER, add_change, changes, err);
	end_changes(changes, failed);
	if (changes->failed) {
		failed = changes->failed;
		if (err)
			*err = changes->why;
	}
	free(changes);
	return failed;
}

/* --- from a tree to another ------------------------------------------------------------------------------------ */

int refresh_to(struct index *index, const struct oid *tree, struct ticket_error *err)
{
	struct stamped stamp, target = {.tree = *tree, .built = true};
	int failed = read_stamp(index, &stamp, err);

	if (failed || (stamp.built && oid_equal(&stamp.tree, tree)))
		return failed;
	policy_id(index, tree, &target.policy);
	if (!stamp.built || !oid_equal(&stamp.policy, &target.policy))
		return INDEX_OUTDATED;
	failed = follow(index, &stamp.tree, tree, err);
	if (failed)
		/* The tree of the stamp may be gone: history was rewritten and cleaned up. Reading all anew says what else it is. */
		return is_index_trouble(failed) ? failed : INDEX_OUTDATED;
	return write_stamp(index, &target, err);
}

int refresh_anew(struct index *index, const struct oid *tree, struct ticket_error *err)
{
	struct stamped target = {.tree = *tree, .built = true};
	int failed = build_all(index, tree, err);

	policy_id(index, tree, &target.policy);
	return failed ? failed : write_stamp(index, &target, err);
}

int refresh_with(struct index *index, const struct snapshot *before, const struct snapshot *after, const struct index_change *changes, size_t n,
		 struct ticket_error *err)
{
	struct stamped stamp, target = {.tree = after->tree, .built = true};
	int failed = read_stamp(index, &stamp, err);

	policy_id(index, &after->tree, &target.policy);
	if (failed || !stamp.built || !oid_equal(&stamp.tree, &before->tree) || !oid_equal(&stamp.policy, &target.policy))
		return failed ? failed : INDEX_OUTDATED;
	for (size_t i = 0; !failed && i < n; i++)
		failed = changes[i].ticket ? rows_put(index, changes[i].path, &changes[i].blob, changes[i].ticket, err) : rows_remove(index, changes[i].path, err);
	return failed ? failed : write_stamp(index, &target, err);
}
