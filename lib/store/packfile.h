/* SPDX-License-Identifier: MIT */
/* The packs of a repository, mapped for reading: where an object stands in them, and what stands there. */
#ifndef STORE_PACKFILE_H
#define STORE_PACKFILE_H

#include "store/repository.h"

/* One pack with its index (version 2); any number of threads may read it. */
struct packfile {
	const unsigned char *index, *bytes; /* mapped */
	size_t index_n, n;
	uint32_t objects;
};
/* A pack that nobody has asked yet. */
struct unopened_pack {
	char *index; /* its path */
	int64_t written_ns;
};
struct packfiles {
	struct packfile *v;
	size_t n;
	LIST(struct unopened_pack) unopened; /* the newest last */
};

/* Finds what packs there are in 'folder'; opens none. */
void packfiles_find(struct packfiles *out, const char *folder);
/*
 * Opens the newest that is not open yet; false: there are no more. What was asked for last was often written last, so that
 * the others need not be opened. One that is not as git writes it today is left out: whoever misses an object asks libgit2,
 * which knows all kinds and finds the words for what is wrong.
 */
bool packfiles_open_next(struct packfiles *packs);
void packfiles_close(struct packfiles *packs);

/* The place of an object in one pack; false: it has none. */
bool packfile_find(const struct packfile *pack, const struct oid *id, uint64_t *offset);

/* What stands at a place. */
struct packed_entry {
	unsigned type;             /* git_object_t; PACKED_OFFSET or PACKED_NAME: a difference from a base */
	size_t size;               /* of the object, or of the difference */
	const unsigned char *data; /* deflated, up to the end of the pack at most */
	size_t room;
	uint64_t base; /* the place of the base */
};
#define PACKED_OFFSET 6
#define PACKED_NAME 7
/* False where no entry can stand, or its base is not in the same pack. */
bool packfile_entry(const struct packfile *pack, uint64_t offset, struct packed_entry *out);

/* How many bytes a difference makes; false when it is damaged. */
bool delta_size(const unsigned char *delta, size_t n, size_t base_n, size_t *out);
/* Makes them: 'to' has room for so many. False when the difference is damaged. */
bool delta_apply(const unsigned char *delta, size_t n, const char *base, size_t base_n, char *to, size_t to_n);

#endif
