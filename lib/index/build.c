/* SPDX-License-Identifier: MIT */
/*
 * Building the index from nothing. Reading a ticket (unpacking, parsing, folding its texts) takes three times as long as
 * writing its rows, so threads read ahead while this one writes, in the order of the tree; it lends a hand with reading
 * whenever the next rows are not there yet.
 */
#include "index/db.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#define PROGRESS_STEP 500
#define BATCH_FILES 32
#define BATCHES 16
#define MOST_READERS 3
#define FEW_FILES 500 /* not worth a thread */

/* --- tables ---------------------------------------------------------------------------------------------------- */

/* Whatever tables there are, also of another version. */
static int drop_tables(struct index *index, struct ticket_error *err)
{
	struct texts names = {0};
	sqlite3_stmt *statement = NULL;
	int code = SQLITE_DONE, failed = 0;

	if (sqlite3_prepare_v2(index->sql, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", -1, &statement, NULL) != SQLITE_OK)
		return db_fail(index, err);
	while ((code = sqlite3_step(statement)) == SQLITE_ROW)
		texts_add(&names, db_text(statement, 0));
	if (code != SQLITE_DONE)
		failed = db_fail(index, err);
	sqlite3_finalize(statement);
	for (size_t i = 0; !failed && i < names.n; i++) {
		char *drop = sqlite3_mprintf("DROP TABLE \"%w\"", names.v[i]);

		failed = db_exec(index, drop, err);
		sqlite3_free(drop);
	}
	texts_release(&names);
	return failed;
}

static int create_tables(struct index *index, struct ticket_error *err)
{
	_cleanup_free_ char *header = xasprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", INDEX_APPLICATION, INDEX_VERSION);
	int failed = drop_tables(index, err);

	for (int i = 0; i < STATEMENTS; i++) {
		sqlite3_finalize(index->statements[i]);
		index->statements[i] = NULL;
	}
	block_release(&index->pending);
	figures_forget(index);
	index->last_row = index->last_serial = index->last_block = 0;
	if (!failed)
		failed = db_exec(index, schema_tables, err);
	return failed ? failed : db_exec(index, header, err);
}

/* --- what is read ahead ---------------------------------------------------------------------------------------- */

struct file {
	char *path;
	struct oid blob;
	struct buf text;
	struct ticket *ticket; /* NULL: it cannot be read as one, 'why' */
	struct prepared prepared;
	int failed; /* the desk cannot be read at all */
	struct ticket_error why;
};
struct batch {
	struct file files[BATCH_FILES];
	size_t n;
	bool read;
};

/* A ring of batches: filled and written by the one thread that owns the index, taken to be read by all. */
struct build {
	struct index *index;
	struct batch ring[BATCHES];
	size_t filled, taken, written; /* counted since the beginning */
	bool over;
	pthread_mutex_t mutex; /* guards the counts, 'over' and 'read' */
	pthread_cond_t more, done;
	pthread_t readers[MOST_READERS];
	size_t n_readers;
};

static void file_forget(struct file *file)
{
	if (file->ticket)
		prepared_release(&file->prepared);
	ticket_free(steal_ptr(file->ticket));
	buf_truncate(&file->text, 0);
}

static void read_file(struct index *index, struct file *file)
{
	file_forget(file);
	file->why = (struct ticket_error){0};
	file->failed = store_read_blob(index->store, &file->blob, &file->text, &file->why);
	if (file->failed || ticket_read(&file->ticket, file->text.p ? file->text.p : "", file->text.n, file->path, &file->why))
		return;
	prepared_of(&file->prepared, file->ticket, index, file->path, &file->blob);
}

/* Reads the batch that waits longest; with the mutex held, which is given up meanwhile. False: none waits. */
static bool read_one(struct build *build)
{
	struct batch *batch = &build->ring[build->taken % BATCHES];

	if (build->taken == build->filled)
		return false;
	build->taken++;
	pthread_mutex_unlock(&build->mutex);
	for (size_t i = 0; i < batch->n; i++)
		read_file(build->index, &batch->files[i]);
	pthread_mutex_lock(&build->mutex);
	batch->read = true;
	pthread_cond_signal(&build->done);
	return true;
}

static void *reader(void *data)
{
	struct build *build = data;

	pthread_mutex_lock(&build->mutex);
	while (!build->over)
		if (!read_one(build))
			pthread_cond_wait(&build->more, &build->mutex);
	pthread_mutex_unlock(&build->mutex);
	return NULL;
}

/* As many as there are processors besides ours; none is fine too. Signals stay with the thread that was there before. */
static void start_readers(struct build *build)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	sigset_t all, before;

	pthread_mutex_init(&build->mutex, NULL);
	pthread_cond_init(&build->more, NULL);
	pthread_cond_init(&build->done, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (build->index->total >= FEW_FILES && build->n_readers < MOST_READERS && (long)build->n_readers + 1 < processors &&
	       pthread_create(&build->readers[build->n_readers], NULL, reader, build) == 0)
		build->n_readers++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void end_build(struct build *build)
{
	pthread_mutex_lock(&build->mutex);
	build->over = true;
	pthread_cond_broadcast(&build->more);
	pthread_mutex_unlock(&build->mutex);
	for (size_t i = 0; i < build->n_readers; i++)
		pthread_join(build->readers[i], NULL);
	pthread_cond_destroy(&build->done);
	pthread_cond_destroy(&build->more);
	pthread_mutex_destroy(&build->mutex);
	for (size_t i = 0; i < BATCHES * BATCH_FILES; i++) {
		struct file *file = &build->ring[i / BATCH_FILES].files[i % BATCH_FILES];

		file_forget(file);
		buf_release(&file->text);
		free(file->path);
	}
	free(build);
}

/* --- writing --------------------------------------------------------------------------------------------------- */

static int write_file(struct index *index, const struct file *file, struct ticket_error *err)
{
	if (index->progress && index->done % PROGRESS_STEP == 0)
		index->progress(index->progress_data, "index", index->done, index->total);
	index->done++;
	if (file->failed) {
		if (err)
			*err = file->why;
		return file->failed;
	}
	if (!file->ticket)
		return rows_put_unreadable(index, file->path, &file->blob, file->why.message, err);
	return rows_put_prepared(index, file->path, &file->prepared, file->ticket, err);
}

static int write_batch(struct build *build, struct ticket_error *err)
{
	struct batch *batch = &build->ring[build->written % BATCHES];
	int failed = 0;

	pthread_mutex_lock(&build->mutex);
	while (!batch->read)
		if (!read_one(build))
			pthread_cond_wait(&build->done, &build->mutex);
	pthread_mutex_unlock(&build->mutex);
	for (size_t i = 0; !failed && i < batch->n; i++)
		failed = write_file(build->index, &batch->files[i], err);
	batch->n = 0;
	batch->read = false; /* nobody else looks at it until it is filled again */
	build->written++;
	return failed;
}

static void hand_out(struct build *build)
{
	pthread_mutex_lock(&build->mutex);
	build->filled++;
	pthread_cond_signal(&build->more);
	pthread_mutex_unlock(&build->mutex);
}

static int add_file(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct build *build = data;
	struct batch *batch = &build->ring[build->filled % BATCHES];
	struct file *file;
	int failed;

	if (!is_ticket_file(entry))
		return 0;
	if (build->filled - build->written == BATCHES && (failed = write_batch(build, err)))
		return failed;
	file = &batch->files[batch->n++];
	replace_text(&file->path, entry->path);
	file->blob = entry->id;
	if (batch->n == BATCH_FILES)
		hand_out(build);
	return 0;
}

static int write_all(struct index *index, const struct oid *tree, struct ticket_error *err)
{
	const struct oid nothing = {{0}};
	struct build *build = xcalloc(1, sizeof(*build));
	int failed;

	build->index = index;
	start_readers(build);
	failed = store_changes(index->store, &nothing, tree, TICKETS_FOLDER, add_file, build, err);
	if (!failed && build->filled - build->written < BATCHES && build->ring[build->filled % BATCHES].n)
		hand_out(build);
	while (!failed && build->written < build->filled)
		failed = write_batch(build, err);
	end_build(build);
	return failed;
}

static int count_file(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	((struct index *)data)->total += is_ticket_file(entry);
	return 0;
}

int build_all(struct index *index, const struct oid *tree, struct ticket_error *err)
{
	const struct oid nothing = {{0}};
	int failed;

	index->done = index->total = 0;
	if ((failed = create_tables(index, err)) || (failed = store_changes(index->store, &nothing, tree, TICKETS_FOLDER, count_file, index, err)))
		return failed;
	index->building = true;
	failed = write_all(index, tree, err);
	index->building = false;
	if (!failed)
		failed = db_exec(index, schema_indexes, err);
	if (!failed && index->progress && index->total >= PROGRESS_STEP)
		index->progress(index->progress_data, "index", index->total, index->total);
	return failed;
}
