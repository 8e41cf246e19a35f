/* SPDX-License-Identifier: MIT */
/* SHA-256 by libsodium: see digest.h. */
#include "privacy/digest.h"

#include <sodium.h>

char *digest_hex(char out[DIGEST_HEX_SIZE], const void *bytes, size_t n)
{
	unsigned char digest[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(digest, bytes, n);
	return sodium_bin2hex(out, DIGEST_HEX_SIZE, digest, sizeof(digest));
}
