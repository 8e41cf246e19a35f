/* SPDX-License-Identifier: MIT */
/* Tree objects as git stores them: entries read in place, in git's order. */
#ifndef STORE_TREE_H
#define STORE_TREE_H

#include "store/repository.h"

#define MODE_FILE 0100644u
#define MODE_FOLDER 0040000u
#define MODE_LINK 0120000u

struct tree_entry {
	const char *name; /* NUL-terminated, inside the tree's bytes */
	size_t name_n;
	uint32_t mode;
	struct oid id;
};
static inline bool mode_is_folder(uint32_t mode)
{
	return (mode & 0170000) == MODE_FOLDER;
}
static inline bool mode_is_file(uint32_t mode)
{
	return (mode & 0170000) == 0100000;
}

/* Reads through one tree; zeroed it is an empty one. */
struct tree_reader {
	struct buf bytes;
	const char *p, *end;
	struct oid id;
};
int tree_open(struct tree_reader *reader, struct store *store, const struct oid *tree, struct ticket_error *err);
/* 1 and the next entry, 0 at the end, or TICKET_STORAGE for a damaged tree. */
int tree_next(struct tree_reader *reader, struct tree_entry *out, struct ticket_error *err);
void tree_close(struct tree_reader *reader);
#define _cleanup_tree_ _cleanup_(tree_close)

/* Git's order: by bytes, folders as if their names ended in '/'. */
int tree_order(const char *a, size_t a_n, bool a_is_folder, const char *b, size_t b_n, bool b_is_folder);

/* Like store_find, with the mode. */
int tree_find(struct store *store, const struct oid *tree, const char *path, struct oid *out, uint32_t *mode, struct ticket_error *err);

#endif
