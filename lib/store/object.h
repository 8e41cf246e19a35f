/* SPDX-License-Identifier: MIT */
/* New objects of one change: a few as loose files, many as one pack; nobody sees one before objects_publish. */
#ifndef STORE_OBJECT_H
#define STORE_OBJECT_H

#include "store/repository.h"

/* More files than this in a change go out as a pack. */
#define LOOSE_FILES_MAX 32

struct loose;
struct pack;

/* Exactly one of the two is set. */
struct objects {
	struct store *store;
	struct loose *loose;
	struct pack *pack;
};

/* Names an object and takes its bytes; the id is known at once. */
int objects_write(struct objects *objects, git_object_t type, const void *bytes, size_t n, struct oid *out, struct ticket_error *err);
/* Puts them under their final names, flushed to the disk as far as needed before a branch may point to them. */
int objects_publish(struct objects *objects, struct ticket_error *err);
/* Gives up what was not published. */
void objects_release(struct objects *objects);

struct loose *loose_new(struct store *store);
int loose_write(struct loose *loose, git_object_t type, const void *bytes, size_t n, struct oid *out, struct ticket_error *err);
int loose_publish(struct loose *loose, struct ticket_error *err);
void loose_free(struct loose *loose);

int pack_open(struct pack **out, struct store *store, struct ticket_error *err);
/* Names and compresses a blob in the background, in its turn; '*slot' asks for its id and bytes later. Copies 'bytes'. */
int pack_queue(struct pack *pack, const void *bytes, size_t n, size_t *slot, struct ticket_error *err);
/* Waits for everything that was queued. */
int pack_drain(struct pack *pack, struct ticket_error *err);
struct oid pack_slot_id(const struct pack *pack, size_t slot); /* after pack_drain */
int pack_write(struct pack *pack, git_object_t type, const void *bytes, size_t n, struct oid *out, struct ticket_error *err);
int pack_publish(struct pack *pack, struct ticket_error *err);
/* The bytes of a published blob, appended to 'out'; may be called by several threads. */
int pack_read_slot(const struct pack *pack, size_t slot, struct buf *out, struct ticket_error *err);
void pack_free(struct pack *pack);

#endif
