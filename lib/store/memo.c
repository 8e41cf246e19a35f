/* SPDX-License-Identifier: MIT */
/*
 * What was worked out from an object: see store.h. A file of its own, put in place by a rename but never flushed: what a
 * machine that stops leaves of it does not have its check sum.
 */
#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>

struct memo_head {
	char mark[8];
	struct oid from;
	uint32_t sum; /* of what follows */
};
static const char mark[8] = "TKTMEMO";

static char *memo_path(const struct store *store, const char *name)
{
	return xasprintf("%s%s.memo", store->private, name);
}

bool store_recall(struct store *store, const char *name, const struct oid *from, struct buf *out)
{
	_cleanup_free_ char *path = memo_path(store, name);
	_cleanup_buf_ struct buf file = {0};
	struct memo_head head;
	struct stat st;

	if (file_read_at(AT_FDCWD, path, &file, &st) != 0 || file.n < sizeof(head))
		return false;
	memcpy(&head, file.p, sizeof(head));
	if (memcmp(head.mark, mark, sizeof(mark)) != 0 || !oid_equal(&head.from, from) ||
	    head.sum != libdeflate_crc32(0, file.p + sizeof(head), file.n - sizeof(head)))
		return false;
	buf_add(out, file.p + sizeof(head), file.n - sizeof(head));
	return true;
}

static bool write_memo(const char *path, const struct memo_head *head, const void *bytes, size_t n)
{
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);

	return fd >= 0 && file_write_all(fd, head, sizeof(*head)) == 0 && file_write_all(fd, bytes, n) == 0;
}

void store_remember(struct store *store, const char *name, const struct oid *from, const void *bytes, size_t n)
{
	_cleanup_free_ char *path = memo_path(store, name), *fresh = xasprintf("%s.%ld", path, (long)getpid());
	struct memo_head head = {.from = *from, .sum = libdeflate_crc32(0, bytes, n)};

	if (store_is_read_only(store) || (mkdir(store->private, 0777) != 0 && errno != EEXIST))
		return;
	memcpy(head.mark, mark, sizeof(mark));
	if (!write_memo(fresh, &head, bytes, n) || rename(fresh, path) != 0)
		unlink(fresh);
}
