/* SPDX-License-Identifier: MIT */
/* The desk's one lock: flock on .git/ticket/lock, which also says who holds it. It ends with the process that took it. */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/checkout.h"
#include "store/file.h"

#define HOLDER_SIZE 200

/* "pid 123 on host"; since when is the file's own time: lib reads no clock. */
static void write_holder(int fd)
{
	char host[65] = "", text[HOLDER_SIZE];
	int n;

	gethostname(host, sizeof(host) - 1);
	n = snprintf(text, sizeof(text), "pid %ld on %s\n", (long)getpid(), host);
	/* Only for people who wait: a full disk must not keep anybody from the lock. */
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)n, 0) != n)
		errno = 0;
}

static int fail_busy(struct store *store, int fd, struct ticket_error *err)
{
	char who[HOLDER_SIZE] = "", since[STAMP_SIZE] = "";
	struct stat st;
	ssize_t n = pread(fd, who, sizeof(who) - 1, 0);

	who[n > 0 ? n : 0] = '\0';
	for (char *p = who; *p; p++)
		if (*p < ' ' || *p > '~') {
			*p = '\0';
			break;
		}
	if (fstat(fd, &st) == 0)
		stamp_format(since, &(struct stamp){.s = st.st_mtime, .set = true});
	if (!who[0])
		return ticket_fail(err, TICKET_BUSY, "the desk is busy: another command holds '%slock'; try again", store->private);
	return ticket_fail(err, TICKET_BUSY, "the desk is busy: %s holds '%slock' since %s; try again when it has finished", who, store->private, since);
}

/* Whoever may write to the repository may lock it: what core.sharedRepository did to .git is done to ours. */
static void share(struct store *store, int lock_fd)
{
	struct stat common, lock;

	if (stat(store->common, &common) != 0 || fstat(lock_fd, &lock) != 0 || lock.st_uid != geteuid() || (common.st_mode & 0022 & ~lock.st_mode) == 0)
		return;
	fchmod(lock_fd, lock.st_mode | (common.st_mode & 0066));
	chmod(store->private, common.st_mode & 07777);
}

static int open_lock(struct store *store, int *out, struct ticket_error *err)
{
	_cleanup_free_ char *path = xasprintf("%slock", store->private);

	*out = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (*out < 0 && errno == ENOENT && mkdir(store->private, 0777) == 0)
		*out = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (*out < 0)
		return fail_errno(err, "the lock '%s' cannot be opened", path);
	share(store, *out);
	return 0;
}

int store_lock(struct store *store, int64_t wait_ms, struct ticket_error *err)
{
	_cleanup_fd_ int fd = -1;
	unsigned tries = 0;
	int rc = repository_of(store, err) ? open_lock(store, &fd, err) : TICKET_STORAGE;

	if (rc)
		return rc;
	store->deadline_ms = monotonic_ms() + wait_ms;
	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return fail_errno(err, "'%slock' cannot be locked", store->private);
		if (!wait_before_retry(store->deadline_ms, &tries))
			return fail_busy(store, fd, err);
	}
	write_holder(fd);
	store->lock_fd = fd;
	fd = -1;
	rc = checkout_recover(store, err);
	if (rc)
		store_unlock(store);
	return rc;
}

void store_unlock(struct store *store)
{
	if (store->lock_fd < 0)
		return;
	if (ftruncate(store->lock_fd, 0) != 0) /* nobody holds it any more; only a message would be wrong */
		errno = 0;
	close(store->lock_fd);
	store->lock_fd = -1;
}

void store_tidy(struct store *store)
{
	if (checkout_is_interrupted(store) && store_lock(store, 0, NULL) == 0)
		store_unlock(store);
}
