/* SPDX-License-Identifier: MIT */
/* SHA-256 of contents: attachments, imported files. */
#ifndef PRIVACY_DIGEST_H
#define PRIVACY_DIGEST_H

#include "ticket/memory.h"

#define DIGEST_HEX_SIZE 65
/* Lower-case hex of the SHA-256 of 'n' bytes. Returns 'out'. */
char *digest_hex(char out[DIGEST_HEX_SIZE], const void *bytes, size_t n);

/* The same for what comes in pieces. digest_end frees it and returns 'out'; digest_free gives it up. */
struct digest;
struct digest *digest_begin(void);
void digest_add(struct digest *digest, const void *bytes, size_t n);
char *digest_end(struct digest *digest, char out[DIGEST_HEX_SIZE]);
void digest_free(struct digest *digest);

#endif
