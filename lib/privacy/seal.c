/* SPDX-License-Identifier: MIT */
/* Sealing with libsodium: see seal.h. */
#include "privacy/seal.h"

#include <sodium.h>

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define MAC crypto_aead_xchacha20poly1305_ietf_ABYTES
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

int seal_start(struct ticket_error *err)
{
	if (sodium_init() < 0)
		return ticket_fail(err, TICKET_STORAGE, "no randomness can be had from this system");
	return 0;
}

void seal_random(void *out, size_t n)
{
	randombytes_buf(out, n);
}

void seal_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

char *seal_encode(const void *bytes, size_t n)
{
	size_t room = sodium_base64_encoded_len(n, BASE64);
	char *text = xmalloc(room);

	return sodium_bin2base64(text, room, bytes, n, BASE64);
}

bool seal_decode(const char *text, size_t length, void *out, size_t n)
{
	size_t got;

	return sodium_base642bin(out, n, text, length, NULL, &got, NULL, BASE64) == 0 && got == n;
}

char *seal(const struct seal_key *key, const char *context, const void *bytes, size_t n, size_t pad)
{
	size_t padded = pad ? (n / pad + 1) * pad : n;
	unsigned char *plain = xcalloc(1, padded + 1), *box = xmalloc(NONCE + padded + MAC);
	char *text;

	memcpy(plain, bytes, n);
	if (pad && sodium_pad(&padded, plain, n, pad, padded + 1) != 0)
		abort(); /* the room was computed for it */
	randombytes_buf(box, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE, NULL, plain, padded, (const unsigned char *)context, strlen(context), NULL, box, key->bytes);
	text = seal_encode(box, NONCE + padded + MAC);
	seal_free((char *)plain, padded);
	free(box);
	return text;
}

int seal_open(const struct seal_key *key, const char *context, const char *sealed, size_t pad, char **out, size_t *n, struct ticket_error *err)
{
	size_t length = strlen(sealed), size = length / 4 * 3 + (length % 4 ? length % 4 - 1 : 0), plain_size = 0;
	_cleanup_free_ unsigned char *box = xmalloc(size + 1);
	char *plain;

	*out = NULL;
	if (size < NONCE + MAC || !seal_decode(sealed, length, box, size))
		return ticket_fail(err, TICKET_STORAGE, "the sealed data of %s are damaged", context);
	plain_size = size - NONCE - MAC;
	plain = xmalloc(plain_size + 1);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)plain, NULL, NULL, box + NONCE, size - NONCE, (const unsigned char *)context,
						       strlen(context), box, key->bytes) != 0 ||
	    (pad && sodium_unpad(n, (unsigned char *)plain, plain_size, pad) != 0)) {
		seal_free(plain, plain_size);
		return ticket_fail(err, TICKET_STORAGE, "the sealed data of %s are damaged, or sealed with another key", context);
	}
	if (!pad)
		*n = plain_size;
	plain[*n] = '\0';
	*out = plain;
	return 0;
}

void seal_hash(const struct seal_key *key, const char *context, const char *text, char out[SEAL_HASH_SIZE])
{
	unsigned char hash[(SEAL_HASH_SIZE - 1) / 2];
	crypto_generichash_state state;

	crypto_generichash_init(&state, key->bytes, sizeof(key->bytes), sizeof(hash));
	crypto_generichash_update(&state, (const unsigned char *)context, strlen(context) + 1);
	crypto_generichash_update(&state, (const unsigned char *)text, strlen(text));
	crypto_generichash_final(&state, hash, sizeof(hash));
	sodium_bin2hex(out, SEAL_HASH_SIZE, hash, sizeof(hash));
}

int seal_from_passphrase(const char *passphrase, const unsigned char salt[SEAL_SALT_SIZE], struct seal_key *out, struct ticket_error *err)
{
	_Static_assert(SEAL_SALT_SIZE == crypto_pwhash_SALTBYTES, "salts of Argon2id");
	if (crypto_pwhash(out->bytes, sizeof(out->bytes), passphrase, strlen(passphrase), salt, crypto_pwhash_OPSLIMIT_MODERATE,
			  crypto_pwhash_MEMLIMIT_MODERATE, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return ticket_fail(err, TICKET_STORAGE, "256 MB of memory are needed to turn the passphrase into a key");
	return 0;
}

void seal_key_release(struct seal_key *key)
{
	seal_wipe(key, sizeof(*key));
}

void seal_free(char *text, size_t n)
{
	if (text) {
		seal_wipe(text, n);
		free(text);
	}
}
