/* SPDX-License-Identifier: MIT */
/*
 * Building the index from nothing. Reading a ticket (unpacking, parsing, folding its texts) takes longer as
 * writing its rows, so threads read ahead while this one writes, in the order of the tree; it lends a hand with reading
 * whenever the next rows are not there yet.
 */
#include "index/db.h"

#include "model/ticket.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#define BATCH_FILES 64
#define PROGRESS_STEP (8 * BATCH_FILES)
#define BATCHES 4 /* all of them together find room in a processor's cache */
#define MOST_READERS 3
#define FEW_FILES 500 /* not worth a thread */

static int create_tables(struct index *index, struct ticket_error *err)
{
	_cleanup_free_ char *header = xasprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", INDEX_APPLICATION, INDEX_VERSION);
	int failed = db_exec(index, schema_tables, err);

	block_release(&index->pending);
	pages_forget(index);
	index->last_serial = index->last_block = 0;
	if (!failed)
		failed = pages_create(index, err);
	return failed ? failed : db_exec(index, header, err);
}

/* --- what is read ahead ---------------------------------------------------------------------------------------- */

struct file {
	char *path;
	struct oid blob;
	struct prepared prepared;
	bool readable; /* false: it cannot be read as a ticket, 'why' */
	int failed; /* the desk cannot be read at all */
	struct ticket_error why;
};
struct batch {
	struct file files[BATCH_FILES];
	size_t n;
	bool read;
};

/* What a thread reads with, one ticket after the other. */
struct reading {
	struct store_reader *reader;
	struct ticket_view view;
};

/* A ring of batches: filled and written by the one thread that owns the index, taken to be read by all. */
struct build {
	struct index *index;
	struct fill *fill;
	struct batch ring[BATCHES];
	size_t filled, taken, written; /* counted since the beginning */
	bool over;
	pthread_mutex_t mutex; /* guards the counts, 'over' and 'read' */
	pthread_cond_t more, done;
	struct helper {
		struct build *build;
		struct reading reading;
		pthread_t thread;
	} helpers[MOST_READERS];
	size_t n_helpers;
	struct reading reading; /* our own */
};

static void end_reading(struct reading *reading)
{
	store_reader_free(reading->reader);
	ticket_view_release(&reading->view);
}

static void read_file(struct index *index, struct reading *reading, struct file *file)
{
	const char *text;
	size_t n;

	file->readable = false;
	file->failed = store_reader_blob(reading->reader, &file->blob, &text, &n, &file->why);
	if (file->failed || ticket_view(&reading->view, text, n, file->path, &file->why))
		return;
	prepared_of(&file->prepared, &reading->view.ticket, index, file->path, &file->blob);
	file->readable = true;
}

/* Reads the batch that waits longest; with the mutex held, which is given up meanwhile. False: none waits. */
static bool read_one(struct build *build, struct reading *reading)
{
	struct batch *batch = &build->ring[build->taken % BATCHES];

	if (build->taken == build->filled)
		return false;
	build->taken++;
	pthread_mutex_unlock(&build->mutex);
	for (size_t i = 0; i < batch->n; i++)
		read_file(build->index, reading, &batch->files[i]);
	pthread_mutex_lock(&build->mutex);
	batch->read = true;
	pthread_cond_signal(&build->done);
	return true;
}

static void *read_ahead(void *data)
{
	struct helper *helper = data;
	struct build *build = helper->build;

	pthread_mutex_lock(&build->mutex);
	while (!build->over)
		if (!read_one(build, &helper->reading))
			pthread_cond_wait(&build->more, &build->mutex);
	pthread_mutex_unlock(&build->mutex);
	return NULL;
}

bool start_quietly(pthread_t *thread, void *(*run)(void *), void *data)
{
	sigset_t all, before;
	bool started;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(thread, NULL, run, data) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

/* As many as there are processors besides ours; none is fine too. */
static void start_helpers(struct build *build)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	pthread_mutex_init(&build->mutex, NULL);
	pthread_cond_init(&build->more, NULL);
	pthread_cond_init(&build->done, NULL);
	build->reading.reader = store_reader_new(build->index->store);
	while (build->index->total >= FEW_FILES && build->n_helpers < MOST_READERS && (long)build->n_helpers + 1 < processors) {
		struct helper *helper = &build->helpers[build->n_helpers];

		*helper = (struct helper){.build = build, .reading.reader = store_reader_new(build->index->store)};
		if (!start_quietly(&helper->thread, read_ahead, helper)) {
			end_reading(&helper->reading);
			break;
		}
		build->n_helpers++;
	}
}

static void end_build(struct build *build)
{
	pthread_mutex_lock(&build->mutex);
	build->over = true;
	pthread_cond_broadcast(&build->more);
	pthread_mutex_unlock(&build->mutex);
	for (size_t i = 0; i < build->n_helpers; i++) {
		pthread_join(build->helpers[i].thread, NULL);
		end_reading(&build->helpers[i].reading);
	}
	end_reading(&build->reading);
	pthread_cond_destroy(&build->done);
	pthread_cond_destroy(&build->more);
	pthread_mutex_destroy(&build->mutex);
	for (size_t i = 0; i < BATCHES * BATCH_FILES; i++) {
		struct file *file = &build->ring[i / BATCH_FILES].files[i % BATCH_FILES];

		prepared_release(&file->prepared);
		free(file->path);
	}
	free(build);
}

/* --- writing --------------------------------------------------------------------------------------------------- */

/* Of those that are no tickets: all others go in together. */
static int write_unreadable(struct index *index, const struct file *file, struct ticket_error *err)
{
	if (file->failed && err)
		*err = file->why;
	return file->failed ? file->failed : rows_add_unreadable(index, file->path, &file->blob, file->why.message, err);
}

static int write_files(struct build *build, struct batch *batch, struct ticket_error *err)
{
	struct index *index = build->index;
	struct prepared *prepared[BATCH_FILES];
	size_t n = 0;
	int failed = 0;

	if (index->progress && index->done % PROGRESS_STEP == 0)
		index->progress(index->progress_data, "index", index->done, index->total);
	for (size_t i = 0; i < batch->n && !failed; i++, index->done++)
		if (batch->files[i].readable)
			prepared[n++] = &batch->files[i].prepared;
		else
			failed = write_unreadable(index, &batch->files[i], err);
	return failed ? failed : fill_put(build->fill, prepared, n, err);
}

static int write_batch(struct build *build, struct ticket_error *err)
{
	struct batch *batch = &build->ring[build->written % BATCHES];
	int failed;

	pthread_mutex_lock(&build->mutex);
	while (!batch->read)
		if (!read_one(build, &build->reading))
			pthread_cond_wait(&build->done, &build->mutex);
	pthread_mutex_unlock(&build->mutex);
	failed = write_files(build, batch, err);
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

static int write_all(struct index *index, struct fill *fill, const struct oid *tree, struct ticket_error *err)
{
	const struct oid nothing = {{0}};
	struct build *build = xcalloc(1, sizeof(*build));
	int failed;

	build->index = index;
	build->fill = fill;
	start_helpers(build);
	failed = store_changes(index->store, &nothing, tree, TICKETS_FOLDER, add_file, build, err);
	if (!failed && build->filled - build->written < BATCHES && build->ring[build->filled % BATCHES].n)
		hand_out(build);
	while (!failed && build->written < build->filled)
		failed = write_batch(build, err);
	end_build(build);
	return failed;
}

/* --- what comes behind the rows -------------------------------------------------------------------------------- */

struct sorting {
	struct name_notes *names;
	const char *path; /* NULL: in memory */
};

/* Nearly all of the file is written by now: it goes to the disk meanwhile, which takes time to ask for. */
static void *sort_names(void *data)
{
	struct sorting *sorting = data;

	if (sorting->path)
		file_start_writing(sorting->path);
	name_notes_sort(sorting->names);
	return NULL;
}

/* Names are sorted by a thread while this one makes the indexes of the tables. */
static int finish(struct index *index, struct fill *fill, struct ticket_error *err)
{
	struct sorting sorting = {fill_names(fill), index->in_memory ? NULL : index->path};
	pthread_t thread;
	bool apart = index->total >= FEW_FILES && start_quietly(&thread, sort_names, &sorting);
	int failed = fill_end(fill, err);

	/* Each of them goes over all rows once more: that needs no copies of the pages. */
	if (!failed)
		failed = db_exec(index, "PRAGMA mmap_size = 0x7fffffffffff", err);
	for (size_t i = 0; !failed && i < SCHEMA_INDEXES; i++) {
		if (index->progress && index->total >= PROGRESS_STEP)
			index->progress(index->progress_data, "sort", i, SCHEMA_INDEXES + 1);
		failed = db_exec(index, schema_indexes[i], err);
	}
	if (!failed)
		failed = db_exec(index, "PRAGMA mmap_size = 0", err);
	if (apart)
		pthread_join(thread, NULL);
	else
		name_notes_sort(sorting.names);
	return failed ? failed : name_notes_write(index, fill_names(fill), err);
}

#define ENOUGH 1

/* How many there are is told to those who watch; else it is enough to know that they are many. */
static int count_file(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct index *index = data;

	index->total += is_ticket_file(entry);
	return !index->progress && index->total >= FEW_FILES ? ENOUGH : 0;
}

static int count_files(struct index *index, const struct oid *tree, struct ticket_error *err)
{
	const struct oid nothing = {{0}};
	int ended;

	index->done = index->total = 0;
	ended = store_changes(index->store, &nothing, tree, TICKETS_FOLDER, count_file, index, err);
	return ended == ENOUGH ? 0 : ended;
}

int build_all(struct index *index, const struct oid *tree, struct ticket_error *err)
{
	struct fill *fill;
	int failed;

	if ((failed = create_tables(index, err)) || (failed = count_files(index, tree, err)))
		return failed;
	if (!(failed = fill_new(&fill, index, err)))
		failed = write_all(index, fill, tree, err);
	if (!failed)
		failed = finish(index, fill, err);
	fill_free(fill);
	if (!failed && index->progress && index->total >= PROGRESS_STEP)
		index->progress(index->progress_data, "sort", SCHEMA_INDEXES + 1, SCHEMA_INDEXES + 1);
	return failed;
}
