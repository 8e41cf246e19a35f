/* SPDX-License-Identifier: MIT */
/* Git's NAME.lock files: see gitlock.h. */
#include "store/gitlock.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/file.h"

static int make_folders(const char *path)
{
	_cleanup_free_ char *folder = xstrdup(path);

	for (char *p = strchr(folder + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		if (mkdir(folder, 0777) != 0 && errno != EEXIST)
			return -1;
		*p = '/';
	}
	return 0;
}

/* One try: 0, or -1 with errno, EEXIST when somebody else has the lock. */
static int try_lock(struct gitlock *gitlock)
{
	if (gitlock->own && link(gitlock->own, gitlock->lock) == 0)
		return 0;
	if (gitlock->own && errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK)
		return -1;
	/* A file system without hard links: a lock that we leave when killed stays until somebody removes it. */
	if (gitlock->own) {
		unlink(gitlock->own);
		free(steal_ptr(gitlock->own));
		close(gitlock->fd);
	}
	gitlock->fd = open(gitlock->lock, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	return gitlock->fd < 0 ? -1 : 0;
}

static int fail_take(struct gitlock *gitlock, struct ticket_error *err)
{
	int rc;

	if (errno == EEXIST)
		rc = ticket_fail(err, TICKET_BUSY, "git holds '%s'; try again, or remove that file if no git command is running", gitlock->lock);
	else
		rc = fail_errno(err, "'%s' cannot be made", gitlock->lock);
	free(steal_ptr(gitlock->lock)); /* not ours: gitlock_release must not remove it */
	return rc;
}

int gitlock_take(struct gitlock *gitlock, struct store *store, const char *target, const char *name, struct ticket_error *err)
{
	unsigned tries = 0;

	*gitlock = (struct gitlock){.store = store, .target = xstrdup(target), .lock = xasprintf("%s.lock", target), .own = xasprintf("%s%s", store->place, name)};
	gitlock->fd = open(gitlock->own, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (gitlock->fd < 0 && errno == ENOENT && make_folders(gitlock->own) == 0)
		gitlock->fd = open(gitlock->own, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (gitlock->fd < 0) {
		int rc = fail_errno(err, "'%s' cannot be made", gitlock->own);

		free(steal_ptr(gitlock->lock));
		free(steal_ptr(gitlock->own));
		return rc;
	}
	while (try_lock(gitlock) != 0) {
		if (errno == ENOENT && make_folders(gitlock->lock) == 0 && tries++ == 0)
			continue;
		if (errno != EEXIST || !wait_before_retry(store->deadline_ms, &tries))
			return fail_take(gitlock, err);
	}
	return 0;
}

int gitlock_sync(struct gitlock *gitlock, struct ticket_error *err)
{
	if (file_sync_wait(gitlock->store, gitlock->fd) != 0)
		return fail_errno(err, "'%s' cannot be flushed to the disk", gitlock->lock);
	return 0;
}

int gitlock_commit(struct gitlock *gitlock, struct ticket_error *err)
{
	if (rename(gitlock->lock, gitlock->target) != 0)
		return fail_errno(err, "'%s' cannot be replaced", gitlock->target);
	free(steal_ptr(gitlock->lock));
	return 0;
}

void gitlock_release(struct gitlock *gitlock)
{
	if (!gitlock->target)
		return;
	if (gitlock->lock)
		unlink(gitlock->lock);
	if (gitlock->own)
		unlink(gitlock->own);
	if (gitlock->fd >= 0)
		close(gitlock->fd);
	free(gitlock->target);
	free(gitlock->lock);
	free(gitlock->own);
	*gitlock = (struct gitlock){.fd = -1};
}

void gitlock_recover(struct store *store, const char *target, const char *name)
{
	_cleanup_free_ char *own = xasprintf("%s%s", store->place, name), *lock = xasprintf("%s.lock", target);
	struct stat mine, locked;

	if (lstat(own, &mine) != 0)
		return;
	if (lstat(lock, &locked) == 0 && mine.st_dev == locked.st_dev && mine.st_ino == locked.st_ino)
		unlink(lock);
	unlink(own);
}
