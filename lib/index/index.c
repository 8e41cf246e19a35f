/* SPDX-License-Identifier: MIT */
/* The index as a file: opened, brought up to date, set aside when it is unsound, replaced by memory when it can't be written. */
#include "index/db.h"

#include "ticket/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "index.db"
#define WAIT_MS 60000      /* for another process that builds it */
#define UPDATE_WAIT_MS 200 /* after a commit: the next reader catches up */

static void rules_forget(struct index *index)
{
	for (size_t i = 0; i < index->known.n; i++)
		free(index->known.v[i].id);
	free(index->known.v);
	pthread_mutex_destroy(&index->known_mutex);
}

#define MOST_KNOWN 64

/* A desk has few policies, and most tickets are judged by the latest. */
struct rules_of rules_for(struct index *index, const struct ticket *ticket)
{
	struct rules_of out = {0};
	bool known = false;

	pthread_mutex_lock(&index->known_mutex);
	for (size_t i = index->known.n; i-- > 0 && !known;)
		if ((known = text_equal(index->known.v[i].id, ticket->policy)))
			out = index->known.v[i].rules;
	if (!known && (!index->rules.find || index->rules.find(index->rules.data, ticket->policy, &out.policy, &out.calendars, NULL)))
		out = (struct rules_of){0};
	if (!known && index->known.n < MOST_KNOWN)
		*list_push(&index->known) = (struct known_rules){xstrdup(ticket->policy), out};
	pthread_mutex_unlock(&index->known_mutex);
	return out;
}

static struct index *index_new(struct store *store, const struct index_rules *rules, index_progress *progress, void *progress_data)
{
	struct index *index = xcalloc(1, sizeof(*index));

	index->store = store;
	index->rules = *rules;
	index->policy = rules->policy;
	pthread_mutex_init(&index->known_mutex, NULL);
	index->progress = progress;
	index->progress_data = progress_data;
	return index;
}

void index_close(struct index *index)
{
	if (!index)
		return;
	db_close(index);
	rules_forget(index);
	free(index->path);
	free(index);
}

/*
 * How a writer treats the file: not mapped, one journal file kept, nothing overwritten with zeros, and room for many rows. A journal
 * that is cut short and grows again takes twice as long to flush, so it is kept up to the length of a thousand pages.
 *
 * Disposable as the index is, a change of it is flushed: the journal before the file is touched, the file before the
 * journal ends. Else a machine that stops would leave some pages of before and some of after behind a stamp that looks
 * right. A mark that the file is written to in this boot, in place of the waiting, would not know of a disk that was pulled
 * out or failed to write, nor of another machine's boot.
 */
static int tune_for_writing(struct index *index, struct ticket_error *err)
{
	int failed = sqlite3_get_autocommit(index->sql) ? 0 : db_exec(index, "ROLLBACK", err);

	if (failed)
		return failed;
	return db_exec(index,
		       "PRAGMA mmap_size = 0; PRAGMA synchronous = NORMAL; PRAGMA journal_mode = PERSIST; PRAGMA journal_size_limit = 8388608;"
		       "PRAGMA secure_delete = OFF; PRAGMA cache_size = -65536",
		       err);
}

/* --- one writing transaction ----------------------------------------------------------------------------------- */

static void roll_back(struct index *index)
{
	sqlite3_exec(index->sql, "ROLLBACK", NULL, NULL, NULL);
	block_release(&index->pending);
	pages_forget(index);
}

/*
 * One process writes at a time, and all others only read: who may write plays a journal back that he finds, and the one
 * beside the path may be that of a new file, while his own was replaced. Held, the lock tells that a journal is nobody's.
 */
static int lock_file(const struct index *index, int wait_ms, int *out)
{
	_cleanup_free_ char *path = xasprintf("%s.lock", index->path);
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0666);
	int waited_ms = 0;

	*out = -1;
	if (fd < 0)
		return INDEX_UNWRITABLE;
	for (int step_ms = 1; flock(fd, LOCK_EX | LOCK_NB) != 0; step_ms = step_ms < 20 ? step_ms + 1 : step_ms) {
		if ((errno != EWOULDBLOCK && errno != EINTR) || waited_ms >= wait_ms)
			return INDEX_UNWRITABLE;
		usleep((useconds_t)step_ms * 1000);
		waited_ms += step_ms;
	}
	*out = fd;
	fd = -1;
	return 0;
}

/* Refreshes to 'tree' in one transaction. INDEX_OUTDATED: build it anew. */
static int write_to(struct index *index, const struct oid *tree, struct ticket_error *err)
{
	int failed = tune_for_writing(index, err);

	if (failed || (failed = db_exec(index, "BEGIN IMMEDIATE", err)))
		return failed;
	if (!(failed = refresh_to(index, tree, err)))
		failed = db_exec(index, "COMMIT", err);
	if (failed)
		roll_back(index);
	return failed;
}

/* --- a new file ------------------------------------------------------------------------------------------------ */

void file_start_writing(const char *path)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

/*
 * An empty file needs no flushing to the disk while it is filled: when the machine stops, what was not written are holes
 * or a missing end, which SQLite takes for damage; never something older.
 */
static int fill(struct index *index, const struct oid *tree, struct ticket_error *err)
{
	int failed = refresh_anew(index, tree, err);

	if (!failed)
		failed = db_exec(index, "COMMIT", err);
	if (failed)
		roll_back(index);
	else
		file_start_writing(index->path); /* else the next change, which is flushed, would wait for all of it */
	return failed;
}

/* Takes the file out of the way; whoever still reads it goes on reading it. */
static void unlink_file(const struct index *index)
{
	_cleanup_free_ char *journal = xasprintf("%s-journal", index->path);

	if (unlink(journal) == 0 || errno == ENOENT)
		unlink(index->path);
}

/* Builds the index in a new file. */
static int build_file(struct index *index, const struct oid *tree, struct ticket_error *err)
{
	for (int tries = 0; tries < 2; tries++) {
		int failed = tune_for_writing(index, err);

		/* These count for an empty file only; a transaction is no place for them. */
		if (failed || (failed = db_exec(index, "PRAGMA page_size = 8192; PRAGMA synchronous = OFF; BEGIN IMMEDIATE", err)))
			return failed;
		if (db_is_empty(index))
			return fill(index, tree, err);
		db_close(index);
		unlink_file(index);
		failed = db_open(index, index->path, DB_WRITE, WAIT_MS, err);
		if (failed && failed != INDEX_OUTDATED)
			return failed;
	}
	return INDEX_UNWRITABLE;
}

/* --- in memory ------------------------------------------------------------------------------------------------- */

/* Copies what 'file' holds into an index in memory, so that only the difference must be read from the desk. */
static int copy_file(struct index *memory, struct index *file, struct ticket_error *err)
{
	sqlite3_backup *backup = sqlite3_backup_init(memory->sql, "main", file->sql, "main");
	int code;

	if (!backup)
		return db_fail(memory, err);
	code = sqlite3_backup_step(backup, -1);
	sqlite3_backup_finish(backup);
	return code == SQLITE_DONE ? 0 : INDEX_UNWRITABLE;
}

/* 'file' may be NULL: then all is read from the desk. The index becomes one in memory. */
static int open_memory(struct index *index, struct index *file, const struct oid *tree, struct ticket_error *err)
{
	struct ticket_error why = {0};
	bool copied;
	int failed;

	if ((failed = db_open(index, NULL, DB_WRITE, 0, err)) != INDEX_OUTDATED)
		return failed;
	index->in_memory = true;
	copied = file && db_is_ours(file) && copy_file(index, file, &why) == 0;
	if ((failed = db_exec(index, "BEGIN", err)))
		return failed;
	if (copied && (failed = refresh_to(index, tree, &why)) == 0)
		return db_exec(index, "COMMIT", err);
	if (copied) {
		/* What was copied is of no use, or unsound: from nothing then. */
		db_close(index);
		return open_memory(index, NULL, tree, err);
	}
	failed = refresh_anew(index, tree, err);
	return failed ? failed : db_exec(index, "COMMIT", err);
}

/* --- the file -------------------------------------------------------------------------------------------------- */

static bool same_file(const char *path, const struct stat *was)
{
	struct stat is;

	return stat(path, &is) == 0 && is.st_ino == was->st_ino && is.st_dev == was->st_dev;
}

/*
 * Renames an unsound file (and its journal, which must never be applied to another) out of the way. 'was' is the file
 * that was found unsound: another process may have set it aside meanwhile, and the one there now is new.
 */
static void set_aside(const char *path, const struct stat *was)
{
	_cleanup_free_ char *aside = xasprintf("%s.damaged", path), *journal = xasprintf("%s-journal", path), *lock_path = xasprintf("%s.lock", path);
	_cleanup_free_ char *journal_aside = xasprintf("%s-journal", aside);
	int lock = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (lock >= 0 && flock(lock, LOCK_EX) == 0 && same_file(path, was)) {
		remove(aside);
		unlink(journal_aside);
		if (rename(journal, journal_aside) == 0 || errno == ENOENT)
			rename(path, aside);
	}
	if (lock >= 0)
		close(lock);
}

/* Begins reading; true when the file shows 'tree'. */
static int begin_reading(struct index *index, const struct oid *tree, bool *current, struct ticket_error *err)
{
	struct oid shown;
	int failed;

	*current = false;
	if ((sqlite3_get_autocommit(index->sql) && (failed = db_exec(index, "BEGIN", err))) || (failed = refresh_stamp(index, &shown, err)))
		return failed;
	*current = oid_equal(&shown, tree) && !oid_is_zero(tree);
	if (!*current)
		return db_exec(index, "ROLLBACK", err);
	return 0;
}

/* The file follows HEAD: may it be written to show this? */
static bool may_write(struct index *index, const struct oid *tree)
{
	struct snapshot head;

	return !store_is_read_only(index->store) && store_head(index->store, &head, NULL) == 0 && oid_equal(&head.tree, tree);
}

/* A folder or a pipe is set aside like a file of somebody else. */
static int refuse_odd_file(const struct index *index, struct ticket_error *err)
{
	struct stat st;

	if (stat(index->path, &st) != 0 || S_ISREG(st.st_mode))
		return 0;
	ticket_fail(err, TICKET_STORAGE, "%s is no file", index->path);
	return INDEX_DAMAGED;
}

/* With the lock: brings the file to 'tree', or builds it anew, and begins reading before anybody else can write. */
static int write_locked(struct index *index, const struct oid *tree, bool anew, struct ticket_error *err)
{
	int failed = db_open(index, index->path, DB_WRITE, WAIT_MS, err);
	bool outdated = failed == INDEX_OUTDATED, current = false;

	if (failed && !outdated)
		return failed;
	if (sqlite3_db_readonly(index->sql, "main"))
		return INDEX_UNWRITABLE;
	/* Another process may have done it while we waited for the lock. */
	if (!outdated && !anew && ((failed = begin_reading(index, tree, &current, err)) || current))
		return failed;
	failed = outdated || anew ? INDEX_OUTDATED : write_to(index, tree, err);
	if (failed == INDEX_OUTDATED)
		failed = build_file(index, tree, err);
	if (!failed)
		failed = begin_reading(index, tree, &current, err);
	return failed || current ? failed : INDEX_UNWRITABLE;
}

static int write_file(struct index *index, const struct oid *tree, bool anew, struct ticket_error *err)
{
	int lock, failed = lock_file(index, WAIT_MS, &lock);

	if (failed)
		return failed;
	db_close(index);
	failed = write_locked(index, tree, anew, err);
	close(lock);
	return failed;
}

/*
 * Opens the file and holds it at 'tree'. When it stands elsewhere and may not be written, INDEX_UNWRITABLE, with the
 * file open for copying.
 */
static int open_file(struct index *index, const struct oid *tree, bool anew, struct ticket_error *err)
{
	int failed = refuse_odd_file(index, err);
	struct ticket_error why;
	bool current = false;

	if (failed)
		return failed;
	failed = access(index->path, F_OK) == 0 ? db_open(index, index->path, DB_READ, WAIT_MS, &why) : INDEX_OUTDATED;
	if (!failed)
		failed = begin_reading(index, tree, &current, &why);
	if (current && !anew)
		return 0;
	if (failed && failed != INDEX_OUTDATED && failed != INDEX_UNWRITABLE) {
		if (err)
			*err = why;
		return failed;
	}
	/* Also where the journal of a killed process is to be played back, which who only reads cannot. */
	return may_write(index, tree) ? write_file(index, tree, anew, err) : INDEX_UNWRITABLE;
}

static int open_index(struct index *index, const struct snapshot *at, bool anew, struct ticket_error *err)
{
	struct index *memory;
	struct stat was = {0};
	int failed;

	index->path = xasprintf("%s" FILE_NAME, store_private(index->store));
	index->tree = at->tree;
	if (!store_is_read_only(index->store))
		mkdir(store_private(index->store), 0777); /* a clone that nobody has written to lacks it */
	failed = open_file(index, &at->tree, anew, err);
	if (failed == INDEX_DAMAGED && may_write(index, &at->tree) && stat(index->path, &was) == 0) {
		db_close(index);
		set_aside(index->path, &was);
		failed = open_file(index, &at->tree, false, err);
	}
	if (!is_index_trouble(failed))
		return failed;
	memory = index_new(index->store, &index->rules, index->progress, index->progress_data);
	failed = open_memory(memory, failed == INDEX_UNWRITABLE && index->sql ? index : NULL, &at->tree, err);
	db_close(index);
	rules_forget(index);
	free(index->path);
	memory->tree = at->tree;
	*index = *memory;
	free(memory);
	return failed;
}

int index_ask(struct index *index, index_question *ask, void *data, struct ticket_error *err)
{
	const struct snapshot at = {.tree = index->tree};
	struct stat was;
	int failed = ask(index, data, err);

	if (failed == INDEX_DAMAGED && !index->in_memory && stat(index->path, &was) == 0) {
		db_close(index);
		if (!store_is_read_only(index->store))
			set_aside(index->path, &was);
		free(steal_ptr(index->path));
		failed = open_index(index, &at, false, err);
		if (!failed)
			failed = ask(index, data, err);
	}
	return is_index_trouble(failed) ? TICKET_STORAGE : failed;
}

int index_open(struct index **out, struct store *store, const struct index_rules *rules, const struct snapshot *at, index_progress *progress, void *progress_data,
	       struct ticket_error *err)
{
	struct index *index = index_new(store, rules, progress, progress_data);
	int failed = open_index(index, at, false, err);

	*out = NULL;
	if (failed) {
		index_close(index);
		return is_index_trouble(failed) ? TICKET_STORAGE : failed;
	}
	*out = index;
	return 0;
}

int index_rebuild(struct store *store, const struct index_rules *rules, const struct snapshot *at, index_progress *progress, void *progress_data, struct ticket_error *err)
{
	struct index *index = index_new(store, rules, progress, progress_data);
	int failed = open_index(index, at, true, err);

	if (!failed && index->in_memory)
		failed = ticket_fail(err, TICKET_STORAGE, "the index cannot be written in %s", store_private(store));
	index_close(index);
	return is_index_trouble(failed) ? TICKET_STORAGE : failed;
}

void index_update(struct store *store, const struct index_rules *rules, const struct snapshot *before, const struct snapshot *after,
		  const struct index_change *changes, size_t n)
{
	struct index *index = index_new(store, rules, NULL, NULL);
	int lock;

	index->path = xasprintf("%s" FILE_NAME, store_private(store));
	/* A desk without an index gets one when somebody first asks for something. */
	if (access(index->path, F_OK) == 0 && lock_file(index, UPDATE_WAIT_MS, &lock) == 0) {
		if (db_open(index, index->path, DB_WRITE, UPDATE_WAIT_MS, NULL) == 0 && tune_for_writing(index, NULL) == 0 &&
		    db_exec(index, "BEGIN IMMEDIATE", NULL) == 0 &&
		    (refresh_with(index, before, after, changes, n, NULL) || db_exec(index, "COMMIT", NULL)))
			roll_back(index);
		db_close(index);
		close(lock);
	}
	index_close(index);
}
