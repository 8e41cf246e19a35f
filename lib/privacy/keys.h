/* SPDX-License-Identifier: MIT */
/*
 * The keys of a customer register, kept outside history (ticket-privacy(7)):
 *   desk.key         the desk's key, by which the others are wrapped
 *   keys/ID/seal/    one key for each customer; ID is the desk key's fingerprint
 *   keys/ID/find/    which customer a telephone number or address belongs to, by keyed hash
 * Destroying a customer's key makes all that was ever sealed with it unreadable, in every revision.
 */
#ifndef PRIVACY_KEYS_H
#define PRIVACY_KEYS_H

#include "privacy/seal.h"
#include "privacy/shard.h"

struct keys;

/*
 * Opens the keys in a private folder (".git/ticket/"). '*out' is owned; NULL with 0 where there is no desk key yet.
 * TICKET_REFUSED without libsodium, TICKET_STORAGE when a file is damaged.
 */
int keys_open(struct keys **out, const char *folder, struct ticket_error *err);
/* Keys for a new desk key, which exists in memory until keys_flush. Owned. */
int keys_new(struct keys **out, const char *folder, struct ticket_error *err);
/* The same with a given desk key, from a colleague's file. */
int keys_with(struct keys **out, const char *folder, const struct seal_key *desk_key, struct ticket_error *err);
void keys_close(struct keys *keys); /* gives up what was not flushed */
DEFINE_CLEANUP(struct keys *, keys_close)
#define _cleanup_keys_ _cleanup_(keys_close_p)

/* The desk key's fingerprint, 32 hex digits: may stand in history. Borrowed. */
const char *keys_id(const struct keys *keys);

/* A customer's key by his uid (32 hex digits). TICKET_NOTFOUND, with what to do, when it isn't here. */
int keys_get(const struct keys *keys, const char *uid, struct seal_key *out, struct ticket_error *err);
bool keys_have(const struct keys *keys, const char *uid);
void keys_put(struct keys *keys, const char *uid, const struct seal_key *key);
/* Remembers to whom a contact belongs; the contact itself is not kept. */
void keys_learn(struct keys *keys, const char *contact, const char *uid, const char *number);
/* The customer of a contact: 'uid' and 'number' are owned, NULL when nobody is known by it. */
int keys_find(const struct keys *keys, const char *contact, char **uid, char **number, struct ticket_error *err);
/* Forgets one contact. */
int keys_unlearn(struct keys *keys, const char *contact, struct ticket_error *err);
/* Destroys a customer's key, at once and for good, and every contact that leads to him. */
int keys_drop(struct keys *keys, const char *uid, struct ticket_error *err);
/* Makes all that was put durable; then this desk key is the desk's. Under the desk's lock, before the commit that needs it. */
int keys_flush(struct keys *keys, struct ticket_error *err);
/* Overwrites and removes the tables of another desk key, once its successor is flushed. */
int keys_retire(struct keys *old, struct ticket_error *err);

/* Every customer's key that is here. Non-zero from 'visit' ends it. */
typedef int keys_visitor(const char *uid, const struct seal_key *key, void *data, struct ticket_error *err);
int keys_each(const struct keys *keys, keys_visitor *visit, void *data, struct ticket_error *err);

/*
 * All keys as one text sealed with a passphrase, for a colleague or a safe; owned. And back: '*out' is a list of keys
 * to be merged or flushed by the caller, not yet on disk.
 */
int keys_share(const struct keys *keys, const char *passphrase, char **out, struct ticket_error *err);
int keys_receive(struct keys **out, const char *folder, const char *text, const char *passphrase, struct ticket_error *err);
/* Puts into 'keys' what 'others' has pending and 'keys' lacks; returns how many customers that were. */
size_t keys_take(struct keys *keys, const struct keys *others);
/* How many customers' keys 'others' has pending that 'keys' (may be NULL) lacks. */
size_t keys_count_new(const struct keys *others, const struct keys *keys);

#endif
