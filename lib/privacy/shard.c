/* SPDX-License-Identifier: MIT */
/* Tables of short lines in private files: see shard.h. */
#include "privacy/shard.h"

#include "ticket/file.h"
#include "ticket/language.h"

#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES 256

static int fail_file(struct ticket_error *err, const char *what, const char *path)
{
	return ticket_fail(err, TICKET_STORAGE, what, path, language_errno(errno));
}

/* --- private files --------------------------------------------------------------------------------------------- */

int private_folder(const char *path, struct ticket_error *err)
{
	_cleanup_free_ char *part = xstrdup(path);

	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0700) && errno != EEXIST)
			return fail_file(err, N_("cannot make the folder '%s': %s"), part);
		*slash = '/';
	}
	if (mkdir(part, 0700) && errno != EEXIST)
		return fail_file(err, N_("cannot make the folder '%s': %s"), part);
	return 0;
}

static int sync_folder_of(const char *path, struct ticket_error *err)
{
	_cleanup_free_ char *folder = xstrndup(path, (size_t)(strrchr(path, '/') - path + 1));
	_cleanup_fd_ int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd))
		return fail_file(err, N_("cannot sync the folder '%s': %s"), folder);
	return 0;
}

static int read_all(int fd, char **out, size_t *n)
{
	struct stat stat;
	size_t have = 0;
	char *bytes;

	if (fstat(fd, &stat))
		return -1;
	bytes = xmalloc((size_t)stat.st_size + 1);
	while (have < (size_t)stat.st_size) {
		ssize_t done = read(fd, bytes + have, (size_t)stat.st_size - have);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			break;
		have += (size_t)done;
	}
	bytes[have] = '\0';
	*out = bytes;
	*n = have;
	return 0;
}

int private_read(const char *path, char **out, size_t *n, struct ticket_error *err)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	*out = NULL;
	*n = 0;
	if (fd < 0)
		return errno == ENOENT ? TICKET_NOTFOUND : fail_file(err, N_("cannot open '%s': %s"), path);
	return read_all(fd, out, n) ? fail_file(err, N_("cannot read '%s': %s"), path) : 0;
}

int private_write(const char *path, const void *bytes, size_t n, struct ticket_error *err)
{
	_cleanup_free_ char *fresh = xasprintf("%s.new", path);
	_cleanup_fd_ int fd = -1;

	unlink(fresh); /* left behind by somebody who was killed; the lock is ours */
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fail_file(err, N_("cannot create '%s': %s"), fresh);
	if (file_write_all(fd, bytes, n) || fsync(fd)) {
		fail_file(err, N_("cannot write '%s': %s"), fresh);
		unlink(fresh);
		return TICKET_STORAGE;
	}
	if (rename(fresh, path))
		return fail_file(err, N_("cannot replace '%s': %s"), path);
	return sync_folder_of(path, err);
}

/* --- lines ----------------------------------------------------------------------------------------------------- */

/* ID SPACE text padded NEWLINE */
static size_t line_size(const struct shards *shards)
{
	return SHARD_ID + 1 + shards->width + 1;
}

static int compare_lines(const void *a, const void *b)
{
	return memcmp(a, b, SHARD_ID);
}

static int compare_pending(const void *a, const void *b)
{
	return memcmp(*(char *const *)a, *(char *const *)b, SHARD_ID);
}

static void keep_nothing(void *node)
{
}

void shards_init(struct shards *shards, const char *folder, size_t width)
{
	memset(shards, 0, sizeof(*shards));
	shards->folder = xasprintf("%s%s", folder, text_ends(folder, "/") ? "" : "/");
	shards->width = width;
}

static void forget_pending(struct shards *shards)
{
	tdestroy(shards->pending, keep_nothing);
	for (size_t i = 0; i < shards->lines.n; i++)
		free(shards->lines.v[i]);
	free(shards->lines.v);
	shards->pending = NULL;
	shards->lines.v = NULL;
	shards->lines.n = 0;
}

void shards_release(struct shards *shards)
{
	forget_pending(shards);
	free(shards->folder);
	memset(shards, 0, sizeof(*shards));
}

void shards_put(struct shards *shards, const char *id, const char *text)
{
	size_t n = strlen(text);
	char *line, **found;

	if (strlen(id) != SHARD_ID || n > shards->width)
		abort(); /* the caller's widths are constants */
	found = tfind(id, &shards->pending, compare_lines);
	if (found) {
		line = *found;
	} else {
		line = xcalloc(1, line_size(shards) + 1);
		memcpy(line, id, SHARD_ID);
		*list_push(&shards->lines) = line;
		tsearch(line, &shards->pending, compare_lines);
	}
	memset(line + SHARD_ID, ' ', line_size(shards) - SHARD_ID - 1);
	memcpy(line + SHARD_ID + 1, text, n);
	line[line_size(shards) - 1] = '\n';
}

static char *shard_path(const struct shards *shards, const char *id)
{
	return xasprintf("%s%.2s", shards->folder, id);
}

char *shards_text(const struct shards *shards, const char *line)
{
	size_t n = shards->width;

	while (n && line[SHARD_ID + n] == ' ')
		n--;
	return xstrndup(line + SHARD_ID + 1, n);
}

int shards_find(const struct shards *shards, const char *id, char **out, struct ticket_error *err)
{
	_cleanup_free_ char *path = shard_path(shards, id), *bytes = NULL;
	char *const *found = tfind(id, &shards->pending, compare_lines);
	size_t n, size = line_size(shards);
	int failed;

	*out = NULL;
	if (found) {
		*out = shards_text(shards, *found);
		return 0;
	}
	failed = private_read(path, &bytes, &n, err);
	if (failed)
		return failed == TICKET_NOTFOUND ? 0 : failed;
	for (size_t at = n / size * size; at >= size; at -= size) /* the last one counts */
		if (memcmp(bytes + at - size, id, SHARD_ID) == 0) {
			*out = shards_text(shards, bytes + at - size);
			break;
		}
	return 0;
}

/* Appends lines that belong to one file. What a killed writer left half-done behind the last whole line is cut off. */
static int append(const struct shards *shards, char *const *lines, size_t n, struct ticket_error *err)
{
	_cleanup_free_ char *path = shard_path(shards, lines[0]), *bytes = NULL;
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	size_t size = line_size(shards);
	off_t end;

	if (fd < 0 || (end = lseek(fd, 0, SEEK_END)) < 0)
		return fail_file(err, N_("cannot open '%s': %s"), path);
	end -= end % (off_t)size;
	bytes = xmalloc(n * size);
	for (size_t i = 0; i < n; i++)
		memcpy(bytes + i * size, lines[i], size);
	if (lseek(fd, end, SEEK_SET) < 0 || file_write_all(fd, bytes, n * size) || fsync(fd)) {
		fail_file(err, N_("cannot write '%s': %s"), path);
		if (ftruncate(fd, end))
			return TICKET_STORAGE; /* the half line is cut off by the next writer */
		return TICKET_STORAGE;
	}
	return end == 0 ? sync_folder_of(path, err) : 0;
}

int shards_flush(struct shards *shards, struct ticket_error *err)
{
	int failed = 0;

	if (!shards->lines.n)
		return 0;
	if ((failed = private_folder(shards->folder, err)))
		return failed;
	qsort(shards->lines.v, shards->lines.n, sizeof(*shards->lines.v), compare_pending);
	for (size_t i = 0, n; i < shards->lines.n && !failed; i += n) {
		for (n = 1; i + n < shards->lines.n && memcmp(shards->lines.v[i], shards->lines.v[i + n], 2) == 0;)
			n++;
		failed = append(shards, shards->lines.v + i, n, err);
	}
	if (!failed)
		forget_pending(shards);
	return failed;
}

/* --- dropping and walking --------------------------------------------------------------------------------------- */

static int overwrite(const struct shards *shards, const char *path, const char *id, struct ticket_error *err)
{
	_cleanup_fd_ int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	_cleanup_free_ char *bytes = NULL, *blank = xmalloc(line_size(shards));
	size_t n, size = line_size(shards);
	bool any = false;

	if (fd < 0)
		return errno == ENOENT ? 0 : fail_file(err, N_("cannot open '%s': %s"), path);
	if (read_all(fd, &bytes, &n))
		return fail_file(err, N_("cannot read '%s': %s"), path);
	memset(blank, '-', size - 1);
	blank[size - 1] = '\n';
	for (size_t at = 0; at + size <= n; at += size) {
		if (id && memcmp(bytes + at, id, SHARD_ID) != 0)
			continue;
		if (pwrite(fd, blank, size, (off_t)at) != (ssize_t)size)
			return fail_file(err, N_("cannot overwrite '%s': %s"), path);
		any = true;
	}
	return any && fsync(fd) ? fail_file(err, N_("cannot sync '%s': %s"), path) : 0;
}

int shards_drop(struct shards *shards, const char *id, struct ticket_error *err)
{
	_cleanup_free_ char *path = shard_path(shards, id);

	for (size_t i = 0; i < shards->lines.n; i++) {
		if (memcmp(shards->lines.v[i], id, SHARD_ID) != 0)
			continue;
		tdelete(id, &shards->pending, compare_lines);
		free(shards->lines.v[i]);
		shards->lines.v[i] = shards->lines.v[--shards->lines.n];
		break;
	}
	return overwrite(shards, path, id, err);
}

/* Does a later line of the file have the same id? */
static bool is_superseded(const char *bytes, size_t n, size_t at, size_t size)
{
	for (size_t later = at + size; later + size <= n; later += size)
		if (memcmp(bytes + later, bytes + at, SHARD_ID) == 0)
			return true;
	return false;
}

static int visit_file(const struct shards *shards, const char *path, shards_visitor *visit, void *data, struct ticket_error *err)
{
	_cleanup_free_ char *bytes = NULL;
	size_t n, size = line_size(shards);
	int failed = private_read(path, &bytes, &n, err);

	if (failed)
		return failed == TICKET_NOTFOUND ? 0 : failed;
	for (size_t at = 0; at + size <= n && !failed; at += size) {
		_cleanup_free_ char *text = NULL, *id = NULL;

		if (bytes[at] == '-' || is_superseded(bytes, n, at, size))
			continue;
		id = xstrndup(bytes + at, SHARD_ID);
		text = shards_text(shards, bytes + at);
		failed = visit(id, text, data, err);
	}
	return failed;
}

int shards_each(const struct shards *shards, shards_visitor *visit, void *data, struct ticket_error *err)
{
	int failed = 0;

	for (int i = 0; i < FILES && !failed; i++) {
		_cleanup_free_ char *path = xasprintf("%s%02x", shards->folder, i);

		failed = visit_file(shards, path, visit, data, err);
	}
	return failed;
}

int shards_destroy(struct shards *shards, struct ticket_error *err)
{
	int failed = 0;

	for (int i = 0; i < FILES && !failed; i++) {
		_cleanup_free_ char *path = xasprintf("%s%02x", shards->folder, i);

		failed = overwrite(shards, path, NULL, err);
		if (!failed && unlink(path) && errno != ENOENT)
			failed = fail_file(err, N_("cannot remove '%s': %s"), path);
	}
	if (!failed && rmdir(shards->folder) && errno != ENOENT)
		failed = fail_file(err, N_("cannot remove '%s': %s"), shards->folder);
	return failed;
}
