/* SPDX-License-Identifier: MIT */
/* SHA-256 of contents: attachments, imported files. */
#ifndef PRIVACY_DIGEST_H
#define PRIVACY_DIGEST_H

#include "ticket/memory.h"

#define DIGEST_HEX_SIZE 65
/* Lower-case hex of the SHA-256 of 'n' bytes. Returns 'out'. */
char *digest_hex(char out[DIGEST_HEX_SIZE], const void *bytes, size_t n);

#endif
