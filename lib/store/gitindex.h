/* SPDX-License-Identifier: MIT */
/* .git/index kept right for the files of one change, without reading or writing more of it than must be. */
#ifndef STORE_GITINDEX_H
#define STORE_GITINDEX_H

#include "store/change.h"
#include "store/gitlock.h"

struct gitindex {
	struct gitlock lock;
	bool by_libgit2; /* a version that is left to libgit2, which takes the lock itself, later */
};

/* Takes index.lock, so that no git command changes files or index under us. TICKET_REFUSED for a split or sparse index. */
int gitindex_take(struct gitindex *index, struct store *store, struct ticket_error *err);
/* Writes what the index will be: 'edits' sorted by path, those with 'st' or removed; others are left as they are. */
int gitindex_write(struct gitindex *index, const struct edit *edits, size_t n, struct ticket_error *err);
/* Puts it into force. */
int gitindex_commit(struct gitindex *index, const struct edit *edits, size_t n, struct ticket_error *err);
void gitindex_release(struct gitindex *index);
#define _cleanup_gitindex_ _cleanup_(gitindex_release)
/* Clears what a killed process left. */
void gitindex_recover(struct store *store);

#endif
