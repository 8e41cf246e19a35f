/* SPDX-License-Identifier: MIT */
/* Reading objects without libgit2 where they lie as git writes them today, through it where anything is unusual. */
#ifndef STORE_READER_H
#define STORE_READER_H

#include "store/packfile.h"

/* An object as it was read; its bytes are the reader's until it reads the next one. */
struct object {
	git_object_t type;
	const char *bytes; /* a NUL stands behind them */
	size_t n;
};

/* For one thread at a time: it keeps what it read last, for differences are made from that. */
struct store_reader;
/* Any kind of object; what cannot be read gives libgit2's error. */
int reader_read(struct store_reader *reader, const struct oid *id, struct object *out, struct ticket_error *err);
/* The packs are looked for again when something is read next. Not while other threads read. */
void reader_forget_packs(struct store *store);
/* After new packs were written by this process: they, and only now, are there for reading; a git error below 0. */
int objects_refresh(struct store *store);

/*
 * Appends the bytes of an object that must be there and be of 'type'; any thread may ask. TICKET_STORAGE when it is missing
 * or damaged.
 */
int object_read(struct buf *out, struct store *store, const struct oid *id, git_object_t type, struct ticket_error *err);

#endif
