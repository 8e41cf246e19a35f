/* SPDX-License-Identifier: MIT */
/* The derived index: a disposable SQLite file under .git/ticket/, stamped with the tree it shows. SQLite is known to lib/index alone. */
#ifndef INDEX_INDEX_H
#define INDEX_INDEX_H

#include "store/store.h"
#include "ticket/policy.h"
#include "ticket/query.h"

struct index;

/*
 * Opens the index of a store and brings it to 'at' (usually HEAD): nothing to do when the stamp equals, else the files
 * that changed are read again, or everything. Where its file cannot be written the answers come from memory.
 */
int index_open(struct index **out, struct store *store, const struct policy *policy, const struct snapshot *at,
	       void (*progress)(void *data, const char *what, size_t done, size_t total), void *progress_data, struct ticket_error *err);
void index_close(struct index *index);
DEFINE_CLEANUP(struct index *, index_close)

/*
 * Called under the lock, right after a commit, with the tickets it changed: rows are replaced and the stamp moves from
 * 'before' to 'after' in one transaction. If the index is not at 'before' (or anything fails) it is left as it is:
 * the next index_open catches up. Never an error for the caller.
 */
void index_update(struct store *store, const struct policy *policy, const struct snapshot *before, const struct snapshot *after,
		  struct ticket *const *tickets, const struct oid *blobs, size_t n);

/* Numbers (and aliases) that equal, begin or end with 'word'; at most 'limit'. An exact one comes alone. */
int index_numbers(struct index *index, const char *word, size_t limit, struct texts *out, struct ticket_error *err);
/* Numbers of the tickets a query selects, in its order. */
int index_query(struct index *index, const struct query *query, struct texts *out, struct ticket_error *err);

#endif
