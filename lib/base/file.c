/* SPDX-License-Identifier: MIT */
/* Files read and written whole: see ticket/file.h. */
#include "ticket/file.h"
#include "ticket/language.h"

#include <errno.h>

int file_read(const char *path, size_t limit, struct buf *out, struct ticket_error *err)
{
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	char chunk[1 << 16];
	size_t n;

	if (!f)
		return ticket_fail(err, TICKET_NOTFOUND, "cannot read '%s': %s", path, language_errno(errno));
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0) {
		buf_add(out, chunk, n);
		if (limit && out->n > limit)
			return ticket_fail(err, TICKET_USAGE, "'%s' is larger than %zu bytes: is it the right file?", path, limit);
	}
	return ferror(f) ? ticket_fail(err, TICKET_STORAGE, "cannot read '%s': %s", path, language_errno(errno)) : 0;
}

int file_read_all(int fd, struct buf *out)
{
	char chunk[1 << 16];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		buf_add(out, chunk, (size_t)n);
	}
	return 0;
}

int file_write_all(int fd, const void *bytes, size_t n)
{
	const char *p = bytes;

	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}
