/* SPDX-License-Identifier: MIT */
/* Replacing one of git's own files under git's own NAME.lock, in a way that a killed process's lock is known again. */
#ifndef STORE_GITLOCK_H
#define STORE_GITLOCK_H

#include "store/repository.h"

/*
 * Git never removes a stale NAME.lock, since it cannot know whose it is. Ours has a second name in the desk's private
 * folder: as long as both are one file and we hold the desk's lock, nobody alive is using it.
 */
struct gitlock {
	struct store *store;
	char *target, *lock, *own;
	int fd; /* write the new content here */
};

/*
 * Takes TARGET.lock, waiting for git until the store's deadline; 'name' is the second name in store->place. Missing
 * folders of 'target' are made. TICKET_BUSY when the wait was in vain. Zeroed before; gitlock_release in any case.
 */
int gitlock_take(struct gitlock *gitlock, struct store *store, const char *target, const char *name, struct ticket_error *err);
/* Has the content on its way to the disk: what is left for gitlock_commit is a rename. */
int gitlock_sync(struct gitlock *gitlock, struct ticket_error *err);
/* Renames it over the target. */
int gitlock_commit(struct gitlock *gitlock, struct ticket_error *err);
/* Gives the lock up; after gitlock_commit only tidies. */
void gitlock_release(struct gitlock *gitlock);
#define _cleanup_gitlock_ _cleanup_(gitlock_release)

/* Removes TARGET.lock if a process that died while holding the desk's lock left it behind as 'name'. */
void gitlock_recover(struct store *store, const char *target, const char *name);

#endif
