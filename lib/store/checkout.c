/* SPDX-License-Identifier: MIT */
/* Working files: see checkout.h. */
#include "store/checkout.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "store/file.h"
#include "ticket/language.h"

/* The folder last worked in, kept open: sorted paths ask for it again and again. */
struct place {
	int root_fd, dir_fd;
	char dir[4097]; /* with its slash */
};

static void place_close(struct place *place)
{
	if (place->dir_fd >= 0)
		close(place->dir_fd);
	if (place->root_fd >= 0)
		close(place->root_fd);
}
#define _cleanup_place_ _cleanup_(place_close)

static int place_open(struct place *place, struct store *store, struct ticket_error *err)
{
	place->dir_fd = -1;
	place->root_fd = open(store->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return place->root_fd < 0 ? fail_errno(err, "'%s' cannot be opened", store->root) : 0;
}

/* Goes to the folder of 'path'. 1 there, 0 it does not exist, or an error. */
static int place_go(struct place *place, const char *path, bool make, const char **name, struct ticket_error *err)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) + 1 : 0, blocked = 0;

	*name = path + n;
	if (place->dir_fd >= 0 && strncmp(place->dir, path, n) == 0 && !place->dir[n])
		return 1;
	if (place->dir_fd >= 0)
		close(place->dir_fd);
	place->dir_fd = folder_open_for(place->root_fd, path, make, name, &blocked);
	if (place->dir_fd < 0 && errno == ENOENT && !make)
		return 0;
	if (place->dir_fd < 0 && (errno == ENOTDIR || errno == ELOOP))
		return ticket_fail(err, TICKET_REFUSED, "'%.*s' in the working tree is a link or a file where a folder must be; move it away, then: git checkout -- '%.*s'",
				(int)blocked, path, (int)blocked, path);
	if (place->dir_fd < 0)
		return fail_errno(err, "the folder of '%s' cannot be opened", path);
	memcpy(place->dir, path, n);
	place->dir[n] = '\0';
	return 1;
}

/* What stands at a path: 1 a file ('*id' its content's name), 0 nothing, or an error: a link, a folder, unreadable. */
static int working_file(struct place *place, const char *path, struct buf *bytes, struct oid *id, struct ticket_error *err)
{
	const char *name;
	struct stat st;
	int rc = place_go(place, path, false, &name, err);

	if (rc <= 0)
		return rc;
	buf_truncate(bytes, 0);
	if (file_read_at(place->dir_fd, name, bytes, &st) == 0)
		return git_odb_hash(git_id_out(id), bytes->p, bytes->n, GIT_OBJECT_BLOB) < 0 ? fail_git(err, "'%s' cannot be named", path) : 1;
	if (errno == ENOENT)
		return 0;
	if (errno == ELOOP || errno == EISDIR || errno == EINVAL)
		return ticket_fail(err, TICKET_REFUSED, "'%s' in the working tree is %s, not a file; move it away, then: git checkout -- '%s'", path,
				   errno == ELOOP ? _("a symbolic link") : errno == EISDIR ? _("a folder") : _("something else"), path);
	return fail_errno(err, "'%s' cannot be read", path);
}

int checkout_check(struct store *store, const struct edit *edits, size_t n, struct ticket_error *err)
{
	_cleanup_place_ struct place place = {-1, -1, ""};
	_cleanup_buf_ struct buf bytes = {0};
	int rc = place_open(&place, store, err);

	for (size_t i = 0; rc == 0 && i < n; i++) {
		const struct edit *edit = &edits[i];
		struct oid id;
		int there = working_file(&place, edit->path, &bytes, &id, err);

		if (there < 0)
			return there;
		if (!there || oid_equal(&id, &edit->old_id) || oid_equal(&id, &edit->id))
			continue;
		if (oid_is_zero(&edit->old_id))
			return ticket_fail(err, TICKET_REFUSED, "'%s' in the working tree is in the way: it is not part of the desk; move it away or commit it with git", edit->path);
		return ticket_fail(err, TICKET_REFUSED, "'%s' was edited by hand; keep that: git commit '%s'; or drop it: git checkout -- '%s' (or ticket fsck --repair)",
				edit->path, edit->path, edit->path);
	}
	return rc;
}

/* --- writing --------------------------------------------------------------------------------------------------- */

struct writer {
	struct store *store;
	const struct pack *pack;
	struct edit *edits;
	size_t n;
	bool replace, each_flushed;
	char temporary[32]; /* in store->place */
	struct ticket_error err;
	int rc;
};

static int remove_file(struct place *place, const struct edit *edit, struct ticket_error *err)
{
	_cleanup_free_ char *folder = xstrdup(edit->path);
	const char *name;
	char *slash;
	int rc = place_go(place, edit->path, false, &name, err);

	if (rc <= 0)
		return rc;
	if (unlinkat(place->dir_fd, name, 0) != 0 && errno != ENOENT)
		return fail_errno(err, "'%s' cannot be removed from the working tree", edit->path);
	/* Folders that are empty now go as well, as git does it. */
	while ((slash = strrchr(folder, '/'))) {
		int fd;

		*slash = '\0';
		fd = folder_open_for(place->root_fd, folder, false, &name, NULL);
		if (fd < 0)
			break;
		if (unlinkat(fd, name, AT_REMOVEDIR) != 0)
			slash = NULL;
		close(fd);
		if (!slash)
			break;
	}
	close(place->dir_fd);
	place->dir_fd = -1;
	return 0;
}

/* Another file system than .git's (a linked work tree may be on one): the temporary file must stand beside its target. */
static int replace_beside(struct writer *writer, int dir_fd, const char *name, mode_t mode, const void *bytes, size_t n, struct stat *st)
{
	_cleanup_free_ char *temporary = xasprintf(".%s.%ld~", writer->temporary, (long)getpid());
	_cleanup_fd_ int fd = openat(dir_fd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);

	if (fd < 0)
		return -1;
	if (file_write_all(fd, bytes, n) == 0 && renameat(dir_fd, temporary, dir_fd, name) == 0 && fstat(fd, st) == 0)
		return 0;
	unlinkat(dir_fd, temporary, 0);
	return -1;
}

static int replace_file(struct writer *writer, int dir_fd, const char *name, mode_t mode, const void *bytes, size_t n, struct stat *st)
{
	_cleanup_free_ char *temporary = xasprintf("%s%s", writer->store->place, writer->temporary);
	_cleanup_fd_ int fd = -1;

	if (unlink(temporary) != 0 && errno != ENOENT)
		return -1;
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0 || file_write_all(fd, bytes, n) != 0 || (writer->each_flushed && file_sync_wait(writer->store, fd) != 0))
		return -1;
	if (renameat(AT_FDCWD, temporary, dir_fd, name) != 0) {
		int number = errno;

		unlink(temporary);
		errno = number;
		return number == EXDEV ? replace_beside(writer, dir_fd, name, mode, bytes, n, st) : -1;
	}
	return fstat(fd, st);
}

static int create_file(struct writer *writer, int dir_fd, const char *name, mode_t mode, const void *bytes, size_t n, struct stat *st)
{
	_cleanup_fd_ int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);

	if (fd < 0)
		return errno == EEXIST ? replace_file(writer, dir_fd, name, mode, bytes, n, st) : -1; /* it holds just this: checkout_check */
	if (file_write_all(fd, bytes, n) != 0 || (writer->each_flushed && file_sync_wait(writer->store, fd) != 0))
		return -1;
	return fstat(fd, st);
}

static int write_file(struct writer *writer, struct place *place, struct edit *edit, struct buf *content, struct ticket_error *err)
{
	const void *bytes = edit->bytes;
	size_t n = edit->n;
	mode_t mode = edit->mode & 0111 ? 0777 : 0666;
	struct stat st;
	const char *name;
	int rc;

	if (!edit->bytes) {
		buf_truncate(content, 0);
		rc = edit->stored ? store_read_blob(writer->store, &edit->id, content, err) : pack_read_slot(writer->pack, edit->slot, content, err);
		if (rc)
			return rc;
		bytes = content->p;
		n = content->n;
	}
	rc = place_go(place, edit->path, true, &name, err);
	if (rc < 0)
		return rc;
	if (oid_is_zero(&edit->old_id) && !writer->replace)
		rc = create_file(writer, place->dir_fd, name, mode, bytes, n, &st);
	else
		rc = replace_file(writer, place->dir_fd, name, mode, bytes, n, &st);
	if (rc != 0)
		return fail_errno(err, "'%s' cannot be written to the working tree", edit->path);
	if (writer->store->checkout == CHECKOUT_FULL) {
		edit->st = xmalloc(sizeof(st));
		*edit->st = st;
	}
	return 0;
}

static void *write_range(void *data)
{
	struct writer *writer = data;
	struct place place = {-1, -1, ""};
	struct buf content = {0};

	writer->rc = place_open(&place, writer->store, &writer->err);
	for (size_t i = 0; writer->rc == 0 && i < writer->n; i++)
		if (!writer->edits[i].index_only)
			writer->rc = writer->edits[i].removed ? remove_file(&place, &writer->edits[i], &writer->err)
							      : write_file(writer, &place, &writer->edits[i], &content, &writer->err);
	buf_release(&content);
	place_close(&place);
	return NULL;
}

static int flush_all(struct store *store, struct ticket_error *err)
{
	_cleanup_fd_ int fd = open(store->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || syncfs(fd) != 0)
		return fail_errno(err, "the working files cannot be flushed to the disk");
	return 0;
}

#define WRITERS 2

int checkout_write(struct store *store, struct edit *edits, size_t n, const struct pack *pack, bool replace, struct ticket_error *err)
{
	struct writer writers[WRITERS];
	bool few = n <= LOOSE_FILES_MAX, flush_each = few && store->batch_sync;
	size_t count = few ? 1 : WRITERS, done = 0;
	pthread_t threads[WRITERS];
	bool started[WRITERS] = {false};

	for (size_t i = 0; i < count; i++) {
		writers[i] = (struct writer){.store = store, .pack = pack, .edits = edits + done, .n = n * (i + 1) / count - done, .replace = replace, .each_flushed = flush_each};
		snprintf(writers[i].temporary, sizeof(writers[i].temporary), "file-%zu", i);
		done += writers[i].n;
		started[i] = i > 0 && pthread_create(&threads[i], NULL, write_range, &writers[i]) == 0;
	}
	for (size_t i = 0; i < count; i++)
		if (!started[i])
			write_range(&writers[i]);
	for (size_t i = 0; i < count; i++)
		if (started[i])
			pthread_join(threads[i], NULL);
	for (size_t i = 0; i < count; i++)
		if (writers[i].rc) {
			if (err)
				*err = writers[i].err;
			return writers[i].rc;
		}
	return flush_each ? 0 : flush_all(store, err);
}

void edits_release(struct edit *edits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(edits[i].path);
		free(edits[i].bytes);
		free(edits[i].st);
	}
	free(edits);
}
