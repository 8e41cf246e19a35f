/* SPDX-License-Identifier: MIT */
/* What is done with the register as a whole or once only: seeing clear data, forgetting, and the life of the desk key. */
#include "desk/register.h"

#include "ticket/journal.h"

#include <search.h>

/* --- seeing ---------------------------------------------------------------------------------------------------- */

int customer_reveal(struct desk *desk, const char *word, const char *why, struct customer **out, struct customer_person *person, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	_cleanup_free_ char *masked = NULL;
	struct customer *customer;
	struct keys *keys;
	int failed;

	*out = NULL;
	if ((failed = change_begin(&change, desk, err)) || (failed = desk_allows(desk, "reveal", why, err)) ||
	    (failed = register_customer(change, word, true, &customer, err)))
		return failed;
	if (customer_is_forgotten(customer))
		return ticket_fail(err, TICKET_REFUSED, "customer '%s' was forgotten; there is nothing left to reveal", customer->id);
	/* Access comes on record before anybody sees anything. */
	if ((failed = register_keys(change, false, &keys, err)) || (failed = register_unseal(keys, customer, person, err)))
		return failed;
	change_subject(change, "%s: reveal", customer->id);
	masked = register_mask(change, customer->id, why);
	if ((failed = register_log(change, customer->id, "revealed", masked, err)) || (failed = change_commit(change, false, err))) {
		customer_person_release(person);
		return failed;
	}
	*out = customer_copy(customer);
	return 0;
}

/* What is seen, and by which number the caller knows it. */
struct seen {
	const struct customer *customer; /* borrowed from the change */
	const char *number;
	struct customer_person person;
};
typedef struct {
	LIST(struct seen) rows;
	void *numbers; /* tsearch tree of those on record; borrowed from the customers */
} seen_list;

static int compare_numbers(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void keep_number(void *node)
{
}

/* Access comes on record before anybody sees anything; somebody under two numbers is one access. */
static int see_one(struct change *change, struct keys *keys, const char *number, const char *why, seen_list *list, struct ticket_error *err)
{
	_cleanup_free_ char *masked = NULL;
	struct customer *customer;
	struct seen *seen;
	int failed = register_customer(change, number, true, &customer, err);

	if (failed || customer_is_forgotten(customer))
		return failed;
	seen = list_push(&list->rows);
	*seen = (struct seen){.customer = customer, .number = number};
	if ((failed = register_unseal(keys, customer, &seen->person, err)) || tfind(customer->id, &list->numbers, compare_numbers))
		return failed;
	tsearch(customer->id, &list->numbers, compare_numbers);
	masked = register_mask(change, customer->id, why);
	return register_log(change, customer->id, "revealed", masked, err);
}

static int see_all(struct change *change, const struct texts *numbers, const char *why, const struct journal_entry *entry, seen_list *list, struct ticket_error *err)
{
	struct keys *keys;
	int failed = 0;

	if (numbers->n && (failed = register_keys(change, false, &keys, err)))
		return failed;
	for (size_t i = 0; i < numbers->n && !failed; i++)
		failed = see_one(change, keys, numbers->v[i], why, list, err);
	if (!failed && entry)
		failed = change_journal(change, entry, err);
	if (failed)
		return failed;
	change_subject(change, "%zu customer%s: %s", list->rows.n, list->rows.n == 1 ? "" : "s", entry ? entry->act : "reveal");
	return change_commit(change, false, err);
}

int customers_reveal(struct desk *desk, const struct texts *numbers, const char *act, const char *why, const struct journal_entry *entry, customer_revealer *visit,
		     void *data, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	seen_list list = {0};
	int failed;

	if ((failed = change_begin(&change, desk, err)) || (failed = desk_allows(desk, act, why, err)))
		return failed;
	failed = see_all(change, numbers, why, entry, &list, err);
	for (size_t i = 0; i < list.rows.n; i++) {
		if (!failed)
			failed = visit(list.rows.v[i].customer, list.rows.v[i].number, &list.rows.v[i].person, data, err);
		customer_person_release(&list.rows.v[i].person);
	}
	tdestroy(list.numbers, keep_number);
	free(list.rows.v);
	return failed;
}

struct accesses {
	const char *id;
	customer_access_visitor *visit;
	void *data;
	struct desk *desk;
};

static int read_log(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct accesses *accesses = data;
	_cleanup_buf_ struct buf text = {0};
	int failed;

	if (entry->is_folder || !text_ends(entry->name, ".jsonl"))
		return 0;
	if ((failed = store_read_blob(accesses->desk->store, &entry->id, &text, err)))
		return failed;
	for (const char *line = text.p; line && *line && !failed;) {
		size_t n = strcspn(line, "\n");
		struct customer_access access = {0};

		failed = customer_access_parse(&access, line, n, entry->path, err);
		if (!failed && (!accesses->id || text_equal(accesses->id, access.customer)))
			failed = accesses->visit(&access, accesses->data, err);
		customer_access_release(&access);
		line += n + (line[n] == '\n');
	}
	return failed;
}

int customer_accesses(struct desk *desk, const char *id, customer_access_visitor *visit, void *data, struct ticket_error *err)
{
	struct accesses accesses = {id, visit, data, desk};

	return store_changes(desk->store, &(struct oid){{0}}, &desk->head.tree, "customers/log", read_log, &accesses, err);
}

/* --- forgetting ------------------------------------------------------------------------------------------------ */

struct merged {
	const char *into;
	struct texts numbers;
};

static int collect_merged(struct customer *customer, void *data, struct ticket_error *err)
{
	struct merged *merged = data;

	if (text_equal(customer->merged_into, merged->into))
		texts_add(&merged->numbers, customer->id);
	return 0;
}


int register_numbers(struct desk *desk, const char *id, struct texts *out, struct ticket_error *err)
{
	int failed = 0;

	texts_add(out, id);
	for (size_t i = 0; i < out->n && !failed; i++) {
		struct merged merged = {.into = out->v[i]};

		failed = customer_each(desk, collect_merged, &merged, err);
		for (size_t k = 0; k < merged.numbers.n; k++)
			if (!texts_have(out, merged.numbers.v[k]))
				texts_add(out, merged.numbers.v[k]);
		texts_release(&merged.numbers);
	}
	return failed;
}

/* Nothing stays but number, dates, who and why. */
static int bury(struct change *change, struct customer *customer, const char *reason, struct ticket_error *err)
{
	struct customer tomb = {.format = customer->format, .id = xstrdup(customer->id), .uid = xstrdup(customer->uid), .created = customer->created,
				.merged_into = xstrdup(customer->merged_into)};
	struct customer *copy;
	int failed;

	tomb.forgotten.at = stamp_at(change->desk->zone, change->desk->context.now_s);
	tomb.forgotten.by = xstrdup(desk_actor(change->desk));
	tomb.forgotten.reason = xstrdup(reason);
	copy = xmalloc(sizeof(*copy));
	*copy = tomb;
	failed = register_put(change, copy, err);
	customer_free(copy);
	return failed;
}

static int bury_all(struct change *change, const struct texts *numbers, const char *reason, struct texts *uids, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < numbers->n && !failed; i++) {
		struct customer *customer;

		failed = register_customer(change, numbers->v[i], false, &customer, err);
		if (failed)
			break;
		texts_add(uids, customer->uid);
		failed = bury(change, customer, reason, err);
	}
	return failed;
}

static int destroy_keys(struct desk *desk, const struct texts *uids, struct ticket_error *err)
{
	_cleanup_keys_ struct keys *keys = NULL;
	int failed = keys_open(&keys, store_private(desk->store), err);

	for (size_t i = 0; keys && i < uids->n && !failed; i++)
		failed = keys_drop(keys, uids->v[i], err);
	return failed ? ticket_fail_in(err, "the tombstone is set, but the key is not destroyed yet; run: ticket customer purge: ") : 0;
}

static int forget(struct change *change, struct customer *customer, const char *reason, bool dry_run, struct ticket_error *err)
{
	_cleanup_(texts_release) struct texts numbers = {0}, uids = {0};
	_cleanup_free_ char *masked = register_mask(change, customer->id, reason);
	int failed;

	if (customer_is_forgotten(customer))
		return ticket_fail(err, TICKET_REFUSED, "customer '%s' was forgotten already", customer->id);
	if ((failed = register_numbers(change->desk, customer->id, &numbers, err)) ||
	    (failed = bury_all(change, &numbers, masked, &uids, err)) || (failed = register_log(change, customer->id, "forgotten", masked, err)))
		return failed;
	change_subject(change, "%s: forget", customer->id);
	if ((failed = change_commit(change, dry_run, err)) || dry_run)
		return failed;
	return destroy_keys(change->desk, &uids, err);
}

int customer_forget(struct desk *desk, const char *word, const char *reason, bool dry_run, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	struct customer *customer;
	int failed;

	if ((failed = change_begin(&change, desk, err)) || (failed = desk_allows(desk, "forget", reason, err)) ||
	    (failed = register_customer(change, word, true, &customer, err)))
		return failed;
	return forget(change, customer, reason, dry_run, err);
}

struct purge {
	struct keys *keys;
	size_t dropped; /* or counted */
};

static int purge_one(struct customer *customer, void *data, struct ticket_error *err)
{
	struct purge *purge = data;

	if (!customer_is_forgotten(customer) || !keys_have(purge->keys, customer->uid))
		return 0;
	purge->dropped++;
	return keys_drop(purge->keys, customer->uid, err);
}

static int purge_keys(struct desk *desk, struct keys *keys, size_t *dropped, struct ticket_error *err)
{
	struct purge purge = {keys, 0};
	int failed = customer_each(desk, purge_one, &purge, err);

	*dropped = purge.dropped;
	return failed;
}

int register_purge(struct desk *desk, size_t *dropped, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	_cleanup_keys_ struct keys *keys = NULL;
	int failed;

	*dropped = 0;
	if ((failed = change_begin(&change, desk, err)) || (failed = keys_open(&keys, store_private(desk->store), err)))
		return failed;
	return keys ? purge_keys(desk, keys, dropped, err) : 0;
}

/* --- the desk key ---------------------------------------------------------------------------------------------- */

int register_share(struct desk *desk, const char *passphrase, const char *why, char **out, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	_cleanup_free_ char *masked = NULL;
	struct keys *keys;
	int failed;

	*out = NULL;
	if ((failed = change_begin(&change, desk, err)) || (failed = desk_allows(desk, "share", why, err)) ||
	    (failed = register_keys(change, false, &keys, err)) || (failed = keys_share(keys, passphrase, out, err)))
		return failed;
	change_subject(change, "customers: share the keys");
	masked = register_mask(change, NULL, why);
	if ((failed = register_log(change, NULL, "shared", masked, err)) || (failed = change_commit(change, false, err)))
		free(steal_ptr(*out));
	return failed;
}

struct move {
	struct keys *to;
	const struct keys *from;
};

static int move_key(const char *uid, const struct seal_key *key, void *data, struct ticket_error *err)
{
	struct move *move = data;

	if (!keys_have(move->to, uid))
		keys_put(move->to, uid, key);
	return 0;
}

/* Contacts are hashed with the desk key: under another they are learned again from what is sealed. */
static int learn_one(struct customer *customer, void *data, struct ticket_error *err)
{
	struct move *move = data;
	struct customer_person person = {0};

	if (!customer->sealed || !keys_have(move->to, customer->uid))
		return 0;
	if (register_unseal(move->to, customer, &person, NULL) == 0)
		register_learn(move->to, &person, customer);
	customer_person_release(&person);
	return 0;
}

/* Moves everything from one desk key to another, which becomes the desk's; the tables of the old one are destroyed. */
static int move_keys(struct desk *desk, struct keys *from, struct keys *to, struct ticket_error *err)
{
	struct move move = {to, from};
	int failed;

	if (from && (failed = keys_each(from, move_key, &move, err)))
		return failed;
	return customer_each(desk, learn_one, &move, err);
}

static int count_one(struct customer *customer, void *data, struct ticket_error *err)
{
	struct purge *count = data;

	count->dropped += keys_have(count->keys, customer->uid);
	return 0;
}

/* Are the keys of this desk: under the key that the register is sealed with, or was before, for customers that it has? */
static int check_received(struct desk *desk, struct keys *own, struct keys *received, const char *wanted, struct ticket_error *err)
{
	struct purge count = {received, 0};
	int failed;

	if (text_equal(keys_id(received), wanted))
		return 0;
	if ((failed = customer_each(desk, count_one, &count, err)))
		return failed;
	if (count.dropped && own && text_equal(keys_id(own), wanted))
		return 0;
	return ticket_fail(err, TICKET_REFUSED, "these keys do not open this desk's customer register; ask for a share of the desk as it is now");
}

/* The desk's own keys and those received become one set, under the key that the register is sealed with. */
static int join_keys(struct desk *desk, struct keys *own, struct keys *received, const char *wanted, size_t *taken, struct ticket_error *err)
{
	int failed;

	if (own && text_equal(keys_id(own), wanted)) {
		*taken = keys_take(own, received);
		return (failed = move_keys(desk, NULL, own, err)) ? failed : keys_flush(own, err);
	}
	*taken = keys_count_new(received, own);
	if ((failed = move_keys(desk, own, received, err)) || (failed = keys_flush(received, err)))
		return failed;
	return own ? keys_retire(own, err) : 0;
}

int register_receive(struct desk *desk, const char *text, const char *passphrase, size_t *taken, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	_cleanup_keys_ struct keys *own = NULL, *received = NULL;
	_cleanup_free_ char *wanted = NULL;
	size_t dropped;
	int failed;

	*taken = 0;
	if ((failed = change_begin(&change, desk, err)) || (failed = keys_receive(&received, store_private(desk->store), text, passphrase, err)) ||
	    (failed = keys_open(&own, store_private(desk->store), err)) || (failed = register_sealed_with(desk, &change->base.tree, &wanted, err)))
		return failed;
	if (!wanted)
		return ticket_fail(err, TICKET_REFUSED, "this desk has no customer register yet; fetch it first: ticket sync");
	if ((failed = check_received(desk, own, received, wanted, err)))
		return failed;
	/* Keys of whom this desk has forgotten are not taken in, and those that were missed go now. */
	if ((failed = purge_keys(desk, received, &dropped, err)) || (own && (failed = purge_keys(desk, own, &dropped, err))))
		return failed;
	return join_keys(desk, own, received, wanted, taken, err);
}

int register_rekey(struct desk *desk, bool lost, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	_cleanup_keys_ struct keys *old = NULL, *fresh = NULL;
	_cleanup_buf_ struct buf head = {0};
	int failed;

	if ((failed = change_begin(&change, desk, err)) || (failed = desk_allows(desk, "rekey", NULL, err)))
		return failed;
	failed = keys_open(&old, store_private(desk->store), err);
	if (failed && !lost)
		return failed;
	if (!old && !lost)
		return ticket_fail(err, TICKET_NOTFOUND, "there is no key here to be changed; if it is lost for good, begin anew with: ticket customer rekey --lost");
	if ((failed = keys_new(&fresh, store_private(desk->store), err)) || (failed = move_keys(desk, old, fresh, err)))
		return failed;
	register_head_write(&(struct register_head){1, (char *)keys_id(fresh)}, &head);
	change_subject(change, "customers: change the desk key");
	if ((failed = change_file(change, REGISTER_FILE, head.p, head.n, err)) || (failed = register_log(change, NULL, lost ? "key lost" : "rekeyed", NULL, err)) ||
	    (failed = keys_flush(fresh, err)) || (failed = change_commit(change, false, err)))
		return failed;
	return old ? keys_retire(old, err) : 0;
}
