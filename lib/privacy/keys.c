/* SPDX-License-Identifier: MIT */
/* The keys of a customer register: see keys.h. */
#include "privacy/keys-private.h"
#include "ticket/language.h"

#include <errno.h>
#include <unistd.h>

#define DESK_KEY_HEAD "ticket desk key 1\n"
#define WRAPPED 96        /* base64 of nonce, key and tag */
#define NUMBER_WIDTH 24   /* of a customer's number */
#define KEY_CONTEXT "a customer's key" /* + uid */

static char *desk_key_path(const char *folder)
{
	return xasprintf("%sdesk.key", folder);
}

static char *tables_path(const struct keys *keys)
{
	return xasprintf("%skeys/%s/", keys->folder, keys->id);
}

int keys_with(struct keys **out, const char *folder, const struct seal_key *desk_key, struct ticket_error *err)
{
	struct keys *keys;
	_cleanup_free_ char *tables = NULL, *seal_folder = NULL, *find_folder = NULL;
	int failed;

	*out = NULL;
	if ((failed = seal_start(err)))
		return failed;
	keys = xcalloc(1, sizeof(*keys));
	keys->folder = xasprintf("%s%s", folder, text_ends(folder, "/") ? "" : "/");
	keys->desk = *desk_key;
	seal_hash(desk_key, "fingerprint of a desk key", "", keys->id);
	tables = tables_path(keys);
	seal_folder = xasprintf("%sseal/", tables);
	find_folder = xasprintf("%sfind/", tables);
	shards_init(&keys->seal, seal_folder, WRAPPED);
	shards_init(&keys->find, find_folder, SHARD_ID + 1 + NUMBER_WIDTH);
	*out = keys;
	return 0;
}

int keys_new(struct keys **out, const char *folder, struct ticket_error *err)
{
	_cleanup_seal_key_ struct seal_key desk_key;
	int failed = seal_start(err);

	*out = NULL;
	if (failed)
		return failed;
	seal_random(desk_key.bytes, sizeof(desk_key.bytes));
	if ((failed = keys_with(out, folder, &desk_key, err)))
		return failed;
	(*out)->is_new = true;
	return 0;
}

int keys_open(struct keys **out, const char *folder, struct ticket_error *err)
{
	_cleanup_free_ char *path = xasprintf("%s%sdesk.key", folder, text_ends(folder, "/") ? "" : "/"), *text = NULL;
	_cleanup_seal_key_ struct seal_key desk_key = {{0}};
	size_t n, head = strlen(DESK_KEY_HEAD);
	int failed;

	*out = NULL;
	if ((failed = seal_start(err)))
		return failed;
	failed = private_read(path, &text, &n, err);
	if (failed)
		return failed == TICKET_NOTFOUND ? 0 : failed;
	if (n <= head || memcmp(text, DESK_KEY_HEAD, head) != 0 || !seal_decode(text + head, strcspn(text + head, "\n"), desk_key.bytes, sizeof(desk_key.bytes))) {
		seal_wipe(text, n);
		return ticket_fail(err, TICKET_STORAGE, "'%s' is no desk key, or damaged; put it back from a share or backup: ticket customer receive FILE", path);
	}
	seal_wipe(text, n);
	return keys_with(out, folder, &desk_key, err);
}

void keys_close(struct keys *keys)
{
	if (!keys)
		return;
	shards_release(&keys->seal);
	shards_release(&keys->find);
	free(keys->folder);
	seal_wipe(keys, sizeof(*keys));
	free(keys);
}

const char *keys_id(const struct keys *keys)
{
	return keys->id;
}

/* --- customers' keys ------------------------------------------------------------------------------------------- */

static int unwrap(const struct keys *keys, const char *uid, const char *wrapped, struct seal_key *out, struct ticket_error *err)
{
	_cleanup_free_ char *context = xasprintf(KEY_CONTEXT " %s", uid);
	char *plain;
	size_t n;
	int failed = seal_open(&keys->desk, context, wrapped, 0, &plain, &n, err);

	if (failed)
		return failed;
	if (n == sizeof(out->bytes))
		memcpy(out->bytes, plain, n);
	else
		failed = ticket_fail(err, TICKET_STORAGE, "the key of customer %s is damaged", uid);
	seal_free(plain, n);
	return failed;
}

int keys_get(const struct keys *keys, const char *uid, struct seal_key *out, struct ticket_error *err)
{
	_cleanup_free_ char *wrapped = NULL;
	int failed = shards_find(&keys->seal, uid, &wrapped, err);

	if (failed)
		return failed;
	if (!wrapped)
		return ticket_fail(err, TICKET_NOTFOUND, "the customer's key is not in this copy of the desk; get it from who registered him: ticket customer share FILE there, "
							 "ticket customer receive FILE here");
	return unwrap(keys, uid, wrapped, out, err);
}

bool keys_have(const struct keys *keys, const char *uid)
{
	_cleanup_free_ char *wrapped = NULL;

	return shards_find(&keys->seal, uid, &wrapped, NULL) == 0 && wrapped;
}

void keys_put(struct keys *keys, const char *uid, const struct seal_key *key)
{
	_cleanup_free_ char *context = xasprintf(KEY_CONTEXT " %s", uid);
	_cleanup_free_ char *wrapped = seal(&keys->desk, context, key->bytes, sizeof(key->bytes), 0);

	shards_put(&keys->seal, uid, wrapped);
}

struct each {
	const struct keys *keys;
	keys_visitor *visit;
	void *data;
};

static int visit_key(const char *uid, const char *wrapped, void *data, struct ticket_error *err)
{
	struct each *each = data;
	_cleanup_seal_key_ struct seal_key key;
	int failed = unwrap(each->keys, uid, wrapped, &key, err);

	return failed ? failed : each->visit(uid, &key, each->data, err);
}

int keys_each(const struct keys *keys, keys_visitor *visit, void *data, struct ticket_error *err)
{
	struct each each = {keys, visit, data};

	return shards_each(&keys->seal, visit_key, &each, err);
}

/* --- contacts -------------------------------------------------------------------------------------------------- */

static void contact_id(const struct keys *keys, const char *contact, char out[SEAL_HASH_SIZE])
{
	seal_hash(&keys->desk, "contact of a customer", contact, out);
}

void keys_learn(struct keys *keys, const char *contact, const char *uid, const char *number)
{
	_cleanup_free_ char *text = xasprintf("%.32s %.*s", uid, NUMBER_WIDTH, number);
	char id[SEAL_HASH_SIZE];

	contact_id(keys, contact, id);
	shards_put(&keys->find, id, text);
}

int keys_find(const struct keys *keys, const char *contact, char **uid, char **number, struct ticket_error *err)
{
	_cleanup_free_ char *text = NULL;
	char id[SEAL_HASH_SIZE];
	int failed;

	*uid = *number = NULL;
	contact_id(keys, contact, id);
	if ((failed = shards_find(&keys->find, id, &text, err)) || !text)
		return failed;
	if (strlen(text) <= SHARD_ID + 1)
		return ticket_fail(err, TICKET_STORAGE, "the table of contacts in '%s' is damaged; make it anew: ticket customer rekey", keys->find.folder);
	*uid = xstrndup(text, SHARD_ID);
	*number = xstrdup(text + SHARD_ID + 1);
	return 0;
}

int keys_unlearn(struct keys *keys, const char *contact, struct ticket_error *err)
{
	char id[SEAL_HASH_SIZE];

	contact_id(keys, contact, id);
	return shards_drop(&keys->find, id, err);
}

struct leads_to {
	const char *uid;
	struct texts contacts;
};

static int collect_contact(const char *id, const char *text, void *data, struct ticket_error *err)
{
	struct leads_to *leads = data;

	if (memcmp(text, leads->uid, SHARD_ID) == 0)
		texts_add(&leads->contacts, id);
	return 0;
}

int keys_drop(struct keys *keys, const char *uid, struct ticket_error *err)
{
	struct leads_to leads = {.uid = uid};
	int failed = shards_drop(&keys->seal, uid, err);

	if (!failed)
		failed = shards_each(&keys->find, collect_contact, &leads, err);
	for (size_t i = 0; i < leads.contacts.n && !failed; i++)
		failed = shards_drop(&keys->find, leads.contacts.v[i], err);
	texts_release(&leads.contacts);
	return failed;
}

/* --- to disk --------------------------------------------------------------------------------------------------- */

static int write_desk_key(const struct keys *keys, struct ticket_error *err)
{
	_cleanup_free_ char *path = desk_key_path(keys->folder);
	char *encoded = seal_encode(keys->desk.bytes, sizeof(keys->desk.bytes));
	char *text = xasprintf(DESK_KEY_HEAD "%s\n", encoded);
	int failed = private_write(path, text, strlen(text), err);

	seal_free(text, strlen(text));
	seal_free(encoded, strlen(encoded));
	return failed;
}

int keys_flush(struct keys *keys, struct ticket_error *err)
{
	_cleanup_free_ char *tables = tables_path(keys);
	int failed;

	if ((keys->is_new && (failed = private_folder(tables, err))) || (failed = shards_flush(&keys->seal, err)) || (failed = shards_flush(&keys->find, err)) ||
	    (keys->is_new && (failed = write_desk_key(keys, err))))
		return failed;
	keys->is_new = false;
	return 0;
}

int keys_retire(struct keys *old, struct ticket_error *err)
{
	_cleanup_free_ char *tables = tables_path(old);
	int failed;

	if ((failed = shards_destroy(&old->seal, err)) || (failed = shards_destroy(&old->find, err)))
		return failed;
	if (rmdir(tables) && errno != ENOENT)
		return ticket_fail(err, TICKET_STORAGE, "cannot remove '%s': %s", tables, language_errno(errno));
	return 0;
}
