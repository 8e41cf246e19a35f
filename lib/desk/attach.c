/* SPDX-License-Identifier: MIT */
/* Attachments: contents stored once under their SHA-256, checked whenever they are read (A14, D3, E6). */
#include "privacy/digest.h"
#include "desk/change.h"
#include "ticket/file.h"
#include "ticket/text.h"
#include "ticket/language.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define USUAL_LIMIT (INT64_C(10) << 20)

static char *attachment_path(const char *digest)
{
	return xasprintf("attachments/%.2s/%s", digest, digest);
}

/* Reads a regular file up to the limit: a pipe or device has no size that could be checked first. */
static int read_file(const char *file, int64_t limit, struct buf *out, struct ticket_error *err)
{
	_cleanup_fd_ int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return ticket_fail(err, TICKET_NOTFOUND, "cannot read '%s': %s", file, language_errno(errno));
	if (!S_ISREG(st.st_mode))
		return ticket_fail(err, TICKET_REFUSED, "'%s' is no regular file", file);
	if (st.st_size > limit)
		return ticket_fail(err, TICKET_REFUSED, "'%s' has %lld bytes; this desk keeps files up to %lld", file, (long long)st.st_size, (long long)limit);
	return file_read_all(fd, out) ? ticket_fail(err, TICKET_STORAGE, "cannot read '%s': %s", file, language_errno(errno)) : 0;
}

int change_attach(struct change *change, const char *file, struct attachment *out, struct ticket_error *err)
{
	int64_t limit = change->desk->policy->attachment_limit_bytes ? change->desk->policy->attachment_limit_bytes : USUAL_LIMIT;
	const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
	_cleanup_buf_ struct buf content = {0};
	_cleanup_free_ char *path = NULL;
	char digest[DIGEST_HEX_SIZE];
	struct oid id;
	int failed;

	if (!*name || text_flaw(name, strlen(name), NULL) >= 0 || strpbrk(name, "\n\t"))
		return ticket_fail(err, TICKET_REFUSED, "a file cannot be kept under such a name; rename it first");
	if ((failed = read_file(file, limit, &content, err)))
		return failed;
	*out = (struct attachment){xstrdup(name), xstrdup(digest_hex(digest, content.p, content.n)), (int64_t)content.n, NULL};
	path = attachment_path(digest);
	if (store_find(change->desk->store, &change->base.tree, path, &id, NULL, NULL) == 0)
		return 0;
	return change_file(change, path, content.p ? content.p : "", content.n, err);
}

int desk_attachment(struct desk *desk, const struct attachment *attachment, struct buf *out, struct ticket_error *err)
{
	_cleanup_free_ char *path = attachment_path(attachment->digest);
	char digest[DIGEST_HEX_SIZE];

	if (strlen(attachment->digest) != DIGEST_HEX_SIZE - 1 || strspn(attachment->digest, "0123456789abcdef") != DIGEST_HEX_SIZE - 1)
		return ticket_fail(err, TICKET_STORAGE, "'%s' has a damaged digest", attachment->name);
	if (store_read(desk->store, &desk->head.tree, path, out, NULL))
		return ticket_fail(err, TICKET_STORAGE, "the content of '%s' is missing (%s)", attachment->name, path);
	if (!text_equal(digest_hex(digest, out->p ? out->p : "", out->n), attachment->digest))
		return ticket_fail(err, TICKET_STORAGE, "the content of '%s' differs from its digest (%s)", attachment->name, path);
	return 0;
}
