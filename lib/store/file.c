/* SPDX-License-Identifier: MIT */
/* Files beneath an open folder: see file.h. */
#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#define FILE_SIZE_MAX (1 << 30) /* nothing that a desk wrote is larger; what somebody planted must not fill the memory */

void file_sync_start(const struct store *store, int fd)
{
	if (store->batch_sync)
		sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE); /* only a head start: file_sync_wait reports failures */
}

int file_sync_wait(const struct store *store, int fd)
{
	if (store->batch_sync)
		return sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
	return fsync(fd);
}

int folder_sync(int dir_fd, const char *path)
{
	_cleanup_fd_ int fd = openat(dir_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -1 : fsync(fd);
}

int folder_sync_unordered(const struct store *store, int dir_fd, const char *path)
{
	return store->batch_sync ? 0 : folder_sync(dir_fd, path);
}

static int folder_open_part(int dir_fd, const char *part, bool make)
{
	int fd = openat(dir_fd, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0 || errno != ENOENT || !make)
		return fd;
	if (mkdirat(dir_fd, part, 0777) != 0 && errno != EEXIST)
		return -1;
	return openat(dir_fd, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int folder_open_for(int root_fd, const char *path, bool make, const char **name, size_t *blocked)
{
	int fd = fcntl(root_fd, F_DUPFD_CLOEXEC, 0);
	const char *part = path, *slash;
	char text[NAME_MAX + 1];

	for (; fd >= 0 && (slash = strchr(part, '/')); part = slash + 1) {
		size_t n = (size_t)(slash - part);
		int next, number;

		if (n >= sizeof(text)) {
			close(fd);
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(text, part, n);
		text[n] = '\0';
		next = folder_open_part(fd, text, make);
		number = errno;
		close(fd);
		errno = number;
		fd = next;
		if (fd < 0 && blocked)
			*blocked = (size_t)(slash - path);
	}
	*name = part;
	return fd;
}

int file_read_at(int dir_fd, const char *name, struct buf *out, struct stat *st)
{
	/* O_NONBLOCK: a pipe planted in the place of a file must not hold us up. */
	_cleanup_fd_ int fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || fstat(fd, st) != 0)
		return -1;
	if (!S_ISREG(st->st_mode)) {
		errno = S_ISDIR(st->st_mode) ? EISDIR : EINVAL;
		return -1;
	}
	if (st->st_size > FILE_SIZE_MAX) {
		errno = EFBIG;
		return -1;
	}
	return file_read_all(fd, out);
}
