/* SPDX-License-Identifier: MIT */
/* Handing the keys of a register to a colleague or a safe: one text, sealed with a passphrase. */
#include "privacy/keys-private.h"
#include "ticket/buf.h"

#define HEAD "ticket keys 1\n"
#define CONTEXT "shared keys"
#define SHORTEST 12 /* characters of a passphrase: with Argon2id, out of reach for guessing at random */

/*
 * HEAD, salt, sealed text. The sealed text is a line with the desk key, then "s" and "f" lines of the two tables:
 * customers' keys stay wrapped by the desk key inside of it.
 */
struct listing {
	struct buf *text;
	char mark;
};

static int list_line(const char *id, const char *text, void *data, struct ticket_error *err)
{
	struct listing *listing = data;

	buf_addf(listing->text, "%c %s %s\n", listing->mark, id, text);
	return 0;
}

int keys_share(const struct keys *keys, const char *passphrase, char **out, struct ticket_error *err)
{
	_cleanup_seal_key_ struct seal_key key;
	_cleanup_free_ char *sealed = NULL, *salt_text = NULL;
	unsigned char salt[SEAL_SALT_SIZE];
	struct buf text = {0};
	struct listing listing = {&text, 's'};
	char *encoded;
	int failed;

	*out = NULL;
	if (strlen(passphrase) < SHORTEST)
		return ticket_fail(err, TICKET_REFUSED, "the passphrase is too short: at least %d characters stand between the file and its reader", SHORTEST);
	seal_random(salt, sizeof(salt));
	if ((failed = seal_from_passphrase(passphrase, salt, &key, err)))
		return failed;
	encoded = seal_encode(keys->desk.bytes, sizeof(keys->desk.bytes));
	buf_addf(&text, "%s\n", encoded);
	seal_free(encoded, strlen(encoded));
	failed = shards_each(&keys->seal, list_line, &listing, err);
	listing.mark = 'f';
	if (!failed)
		failed = shards_each(&keys->find, list_line, &listing, err);
	if (!failed) {
		sealed = seal(&key, CONTEXT, text.p, text.n, 0);
		salt_text = seal_encode(salt, sizeof(salt));
		*out = xasprintf(HEAD "%s\n%s\n", salt_text, sealed);
	}
	seal_wipe(text.p, text.n);
	buf_release(&text);
	return failed;
}

static int damaged(struct ticket_error *err)
{
	return ticket_fail(err, TICKET_STORAGE, "this is no file of shared keys, or it is damaged");
}

/* "s UID WRAPPED" or "f HASH UID NUMBER"; the line's newline is cut off. */
static int take_line(struct keys *keys, const char *line, struct ticket_error *err)
{
	struct shards *table = line[0] == 's' ? &keys->seal : &keys->find;
	_cleanup_free_ char *id = NULL;

	if ((line[0] != 's' && line[0] != 'f') || line[1] != ' ' || strspn(line + 2, "0123456789abcdef") != SHARD_ID || line[2 + SHARD_ID] != ' ' ||
	    strlen(line + 3 + SHARD_ID) > table->width)
		return damaged(err);
	id = xstrndup(line + 2, SHARD_ID);
	shards_put(table, id, line + 3 + SHARD_ID);
	return 0;
}

static int take_text(struct keys **out, const char *folder, char *text, struct ticket_error *err)
{
	_cleanup_seal_key_ struct seal_key desk_key;
	size_t first = strcspn(text, "\n");
	int failed;

	if (!text[first] || !seal_decode(text, first, desk_key.bytes, sizeof(desk_key.bytes)))
		return damaged(err);
	if ((failed = keys_with(out, folder, &desk_key, err)))
		return failed;
	(*out)->is_new = true;
	for (char *line = text + first + 1, *end; *line && !failed; line = end + 1) {
		end = strchr(line, '\n');
		if (!end)
			return damaged(err);
		*end = '\0';
		failed = take_line(*out, line, err);
	}
	return failed;
}

int keys_receive(struct keys **out, const char *folder, const char *text, const char *passphrase, struct ticket_error *err)
{
	_cleanup_seal_key_ struct seal_key key;
	_cleanup_free_ char *sealed = NULL;
	unsigned char salt[SEAL_SALT_SIZE];
	const char *line = text + strlen(HEAD);
	size_t n, length;
	char *plain;
	int failed;

	*out = NULL;
	if ((failed = seal_start(err)))
		return failed;
	if (!text_starts(text, HEAD) || !seal_decode(line, strcspn(line, "\n"), salt, sizeof(salt)))
		return damaged(err);
	if ((failed = seal_from_passphrase(passphrase, salt, &key, err)))
		return failed;
	line += strcspn(line, "\n");
	line += *line == '\n';
	length = strcspn(line, "\n");
	sealed = xstrndup(line, length);
	if (seal_open(&key, CONTEXT, sealed, 0, &plain, &n, NULL))
		return ticket_fail(err, TICKET_REFUSED, "the passphrase is not the one that the keys were sealed with, or the file is damaged");
	failed = take_text(out, folder, plain, err);
	seal_free(plain, n);
	if (failed) {
		keys_close(*out);
		*out = NULL;
	}
	return failed;
}

size_t keys_take(struct keys *keys, const struct keys *others)
{
	bool same = strcmp(keys->id, others->id) == 0;
	size_t taken = 0;

	for (size_t i = 0; i < others->seal.lines.n; i++) {
		_cleanup_free_ char *uid = xstrndup(others->seal.lines.v[i], SHARD_ID);
		_cleanup_seal_key_ struct seal_key key;

		if (keys_have(keys, uid) || keys_get(others, uid, &key, NULL))
			continue;
		keys_put(keys, uid, &key);
		taken++;
	}
	for (size_t i = 0; same && i < others->find.lines.n; i++) {
		_cleanup_free_ char *id = xstrndup(others->find.lines.v[i], SHARD_ID), *known = NULL;
		_cleanup_free_ char *text = shards_text(&others->find, others->find.lines.v[i]);

		if (shards_find(&keys->find, id, &known, NULL) == 0 && !known)
			shards_put(&keys->find, id, text);
	}
	return taken;
}

size_t keys_count_new(const struct keys *others, const struct keys *keys)
{
	size_t n = 0;

	for (size_t i = 0; i < others->seal.lines.n; i++) {
		_cleanup_free_ char *uid = xstrndup(others->seal.lines.v[i], SHARD_ID);

		n += !keys || !keys_have(keys, uid);
	}
	return n;
}
