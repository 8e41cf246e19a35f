/* SPDX-License-Identifier: MIT */
/* The file of a backup: a tar archive of few entries, written once from front to back and read so. */
#ifndef EXCHANGE_CONTAINER_H
#define EXCHANGE_CONTAINER_H

#include "privacy/digest.h"
#include "ticket/buf.h"
#include "ticket/error.h"

/* --- writing --------------------------------------------------------------------------------------------------- */

struct container_out {
	FILE *file;
	char *path, *temporary; /* written beside its place */
	struct digest *digest;  /* of the entry at hand */
	long header;            /* where that begins */
	char name[100];
	int64_t size, now_s;
};

/* TICKET_REFUSED when 'path' is there, TICKET_STORAGE when its folder cannot be written to. */
int container_create(struct container_out *out, const char *path, int64_t now_s, struct ticket_error *err);
/* Begins an entry, adds to it, ends it; 'hex' gets its SHA-256. */
int container_begin(struct container_out *out, const char *name, struct ticket_error *err);
int container_add(struct container_out *out, const void *bytes, size_t n, struct ticket_error *err);
int container_end(struct container_out *out, char hex[DIGEST_HEX_SIZE], struct ticket_error *err);
/* Ends the file and puts it in its place, durably, unless somebody else put one there meanwhile. */
int container_close(struct container_out *out, struct ticket_error *err);
/* Frees; gives up what was not closed. */
void container_out_release(struct container_out *out);

/* --- reading --------------------------------------------------------------------------------------------------- */

struct container_in {
	FILE *file;
	const char *path;      /* borrowed */
	char name[101];        /* of the entry at hand */
	int64_t size, left;
	struct digest *digest; /* of what was read of it */
};

/* TICKET_NOTFOUND when it cannot be opened. 'path' must outlive it. */
int container_open(struct container_in *in, const char *path, struct ticket_error *err);
/* Goes to the next entry, past what is left of this one; in->name is "" behind the last. TICKET_STORAGE: cut off or damaged. */
int container_next(struct container_in *in, struct ticket_error *err);
/* The next bytes of the entry; '*got' 0 at its end. */
int container_read(struct container_in *in, void *bytes, size_t room, size_t *got, struct ticket_error *err);
/* The whole entry, at most 'most' bytes. */
int container_read_all(struct container_in *in, size_t most, struct buf *out, struct ticket_error *err);
/* Reads the entry to its end and gives its SHA-256. */
int container_digest(struct container_in *in, char hex[DIGEST_HEX_SIZE], struct ticket_error *err);
void container_in_release(struct container_in *in);

#endif
