/* SPDX-License-Identifier: MIT */
/* A change while it is being built: its edits, in order of path once it is committed. */
#ifndef STORE_CHANGE_H
#define STORE_CHANGE_H

#include "store/object.h"

struct edit {
	char *path;
	size_t order;      /* of two edits of one path the later one counts */
	bool removed;
	char *bytes;       /* the new content; NULL when it went to a pack's slot */
	size_t n, slot;
	bool stored;       /* the repository has the content already: neither bytes nor slot */
	struct oid id;     /* of the new content; zero when removed */
	struct oid old_id; /* what the base has, by tree_rewrite; zero: nothing */
	bool index_only;   /* the working file is left as it is */
	uint32_t mode;     /* of the new entry; 0: what it was, or an ordinary file */
	struct stat *st;   /* of the working file once it is written, for the index */
};

struct store_change {
	struct store *store;
	struct snapshot base;
	struct oid joined; /* the second parent; zero: none */
	struct objects objects;
	LIST(struct edit) edits;
};

/*
 * The tree 'base' with 'edits' (sorted by path, each path once, ids known) applied, 'start' being where in their paths
 * the part below 'base' begins (0: the root). Writes only the trees on the edited
 * paths, and fills in what each edit replaces. '*out' is zero when nothing is left. TICKET_REFUSED where a file would
 * have to be a folder, or the other way round.
 */
int tree_rewrite(struct store *store, const struct oid *base, struct edit *edits, size_t n, size_t start, struct objects *objects, struct oid *out, struct ticket_error *err);

#endif
