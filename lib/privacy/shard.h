/* SPDX-License-Identifier: MIT */
/*
 * A table in a private folder: short lines of one width, found by an id of 32 hex digits, spread over up to 256 files
 * by its first two. Adding appends and syncs; dropping overwrites the line where it stands, so that it is gone.
 * The caller holds the desk's lock for whatever writes.
 */
#ifndef PRIVACY_SHARD_H
#define PRIVACY_SHARD_H

#include "ticket/error.h"
#include "ticket/memory.h"

#define SHARD_ID 32

struct shards {
	char *folder;   /* with trailing slash; made at the first flush */
	size_t width;   /* of the text behind the id */
	void *pending;  /* tsearch tree of what was put and is not flushed */
	LIST(char *) lines;
};
void shards_init(struct shards *shards, const char *folder, size_t width);
void shards_release(struct shards *shards);

/* Puts a line; an earlier one of the id no longer counts. 'text' is at most 'width' bytes without newline. Seen by shards_find at once. */
void shards_put(struct shards *shards, const char *id, const char *text);
/* The text of an id, trailing spaces cut; owned, NULL when there is none. TICKET_STORAGE when the file cannot be read. */
int shards_find(const struct shards *shards, const char *id, char **out, struct ticket_error *err);
/* The text of one of 'lines', trailing spaces cut. Owned. */
char *shards_text(const struct shards *shards, const char *line);
/* Writes what was put: durable when it returns 0. */
int shards_flush(struct shards *shards, struct ticket_error *err);
/* Overwrites every line of an id, durably; also what is put and not flushed. None is no error. */
int shards_drop(struct shards *shards, const char *id, struct ticket_error *err);
/* Every line that was flushed and counts, in no order. Non-zero from 'visit' ends it. */
typedef int shards_visitor(const char *id, const char *text, void *data, struct ticket_error *err);
int shards_each(const struct shards *shards, shards_visitor *visit, void *data, struct ticket_error *err);
/* Removes the table: every line overwritten, then the files and the folder. */
int shards_destroy(struct shards *shards, struct ticket_error *err);

/* A whole private file: read (TICKET_NOTFOUND without message when it is not there), or written anew: 0600, synced, renamed into place. */
int private_read(const char *path, char **out, size_t *n, struct ticket_error *err);
int private_write(const char *path, const void *bytes, size_t n, struct ticket_error *err);
/* Makes a folder 0700 with its parents. */
int private_folder(const char *path, struct ticket_error *err);

#endif
