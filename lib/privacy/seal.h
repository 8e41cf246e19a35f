/* SPDX-License-Identifier: MIT */
/*
 * Sealing: authenticated encryption, keyed hashes, keys from passphrases. libsodium is known to seal.c alone; where the
 * program is built without it, seal_start fails and nothing else may be called.
 */
#ifndef PRIVACY_SEAL_H
#define PRIVACY_SEAL_H

#include "ticket/error.h"
#include "ticket/memory.h"

#define SEAL_KEY_SIZE 32
struct seal_key {
	unsigned char bytes[SEAL_KEY_SIZE];
};
#define SEAL_SALT_SIZE 16
#define SEAL_HASH_SIZE 33 /* 32 hex digits and NUL */

/* To be called before anything else, as often as one likes. TICKET_REFUSED where there is no libsodium. */
int seal_start(struct ticket_error *err);
void seal_random(void *out, size_t n);
/* Overwrites memory for good. */
void seal_wipe(void *p, size_t n);
void seal_key_release(struct seal_key *key); /* wipes it */
#define _cleanup_seal_key_ _cleanup_(seal_key_release)

/*
 * Seals n bytes under a key; 'context' says what it is and must be given again to open it. The result is owned base64
 * text. XChaCha20-Poly1305 with a random nonce; the length is padded to multiples of 'pad' bytes (0: not padded).
 */
char *seal(const struct seal_key *key, const char *context, const void *bytes, size_t n, size_t pad);
/* TICKET_STORAGE when the text is damaged, or sealed under another key or context. '*out' is owned, NUL-terminated; seal_free it. */
int seal_open(const struct seal_key *key, const char *context, const char *sealed, size_t pad, char **out, size_t *n, struct ticket_error *err);
/* Wipes and frees what seal_open gave; NULL is fine. */
void seal_free(char *text, size_t n);

/* A keyed BLAKE2b hash as 32 hex digits: who has not the key learns nothing from it. */
void seal_hash(const struct seal_key *key, const char *context, const char *text, char out[SEAL_HASH_SIZE]);
/* A key from a passphrase by Argon2id (256 MB, moderate cost). TICKET_STORAGE where there is not enough memory. */
int seal_from_passphrase(const char *passphrase, const unsigned char salt[SEAL_SALT_SIZE], struct seal_key *out, struct ticket_error *err);

/* Owned base64 (URL alphabet, no padding); and back: false when the text isn't exactly n bytes of it. */
char *seal_encode(const void *bytes, size_t n);
bool seal_decode(const char *text, size_t length, void *out, size_t n);

#endif
