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

struct digest {
	crypto_hash_sha256_state state;
};

struct digest *digest_begin(void)
{
	struct digest *digest = xmalloc(sizeof(*digest));

	crypto_hash_sha256_init(&digest->state);
	return digest;
}

void digest_add(struct digest *digest, const void *bytes, size_t n)
{
	crypto_hash_sha256_update(&digest->state, bytes, n);
}

char *digest_end(struct digest *digest, char out[DIGEST_HEX_SIZE])
{
	unsigned char bytes[crypto_hash_sha256_BYTES];

	crypto_hash_sha256_final(&digest->state, bytes);
	free(digest);
	return sodium_bin2hex(out, DIGEST_HEX_SIZE, bytes, sizeof(bytes));
}

void digest_free(struct digest *digest)
{
	free(digest);
}
