/* SPDX-License-Identifier: MIT */
/* The customer register: reading it, and registering, changing and merging customers as part of a change (A8, C2, E1). */
#include "desk/register.h"

#include "ticket/text.h"

/* --- reading --------------------------------------------------------------------------------------------------- */

int customer_read_from(struct desk *desk, const struct oid *tree, const char *word, struct customer **out, struct ticket_error *err)
{
	_cleanup_free_ char *path = customer_path(word);
	_cleanup_buf_ struct buf text = {0};
	int failed;

	*out = NULL;
	if (!path)
		return ticket_fail(err, TICKET_NOTFOUND, "'%s' is no customer's number; they look like C000012", word);
	if ((failed = store_read(desk->store, tree, path, &text, err)))
		return failed == TICKET_NOTFOUND ? ticket_fail(err, failed, "there is no customer '%s'; see: ticket customer list", word) : failed;
	return customer_parse(out, text.p, text.n, path, err);
}

int customer_read(struct desk *desk, const char *word, struct customer **out, struct ticket_error *err)
{
	_cleanup_customer_ struct customer *customer = NULL;
	int failed = customer_read_from(desk, &desk->head.tree, word, &customer, err);

	for (int hop = 0; !failed && customer->merged_into && hop < 16; hop++) {
		struct customer *next;

		failed = customer_read_from(desk, &desk->head.tree, customer->merged_into, &next, err);
		if (!failed) {
			customer_free(customer);
			customer = next;
		}
	}
	*out = failed ? NULL : steal_ptr(customer);
	return failed;
}

int customer_find(struct desk *desk, const char *contact, struct customer **out, struct ticket_error *err)
{
	_cleanup_keys_ struct keys *keys = NULL;
	_cleanup_free_ char *canonical = contact_canonical(contact), *uid = NULL, *number = NULL;
	int failed;

	*out = NULL;
	if ((failed = register_open(desk, &keys, err)) || (canonical && (failed = keys_find(keys, canonical, &uid, &number, err))))
		return failed;
	if (!number)
		return ticket_fail(err, TICKET_NOTFOUND, "no customer is known by that contact");
	return customer_read(desk, number, out, err);
}

struct each {
	struct desk *desk;
	customer_visitor *visit;
	void *data;
};

static int visit_file(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct each *each = data;
	_cleanup_buf_ struct buf text = {0};
	_cleanup_customer_ struct customer *customer = NULL;
	int failed;

	if (entry->is_folder || entry->is_link || entry->name[0] != 'C' || !text_ends(entry->name, ".json"))
		return 0;
	if ((failed = store_read_blob(each->desk->store, &entry->id, &text, err)) || (failed = customer_parse(&customer, text.p, text.n, entry->path, err)))
		return failed;
	return each->visit(customer, each->data, err);
}

int customer_each(struct desk *desk, customer_visitor *visit, void *data, struct ticket_error *err)
{
	struct each each = {desk, visit, data};

	return store_changes(desk->store, &(struct oid){{0}}, &desk->head.tree, "customers", visit_file, &each, err);
}

/* --- numbers --------------------------------------------------------------------------------------------------- */

struct highest {
	char name[64];
	int64_t value;
	bool folders;
};

static int consider(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct highest *highest = data;
	_cleanup_free_ char *stem = xstrndup(entry->name, strcspn(entry->name, "."));
	int64_t value = customer_serial(stem);

	if (entry->is_folder != highest->folders || !(value > 0 || strspn(stem, "0") == strlen(stem)) || value < highest->value || strlen(entry->name) >= sizeof(highest->name))
		return 0;
	highest->value = value;
	strcpy(highest->name, entry->name);
	return 0;
}

/* Numbers are never given twice: tombstones keep theirs. The highest lies in the last folder of the last folder. */
int register_last(struct desk *desk, const struct oid *tree, int64_t *out, struct ticket_error *err)
{
	_cleanup_free_ char *folder = xstrdup("customers");
	struct highest highest;

	for (int level = 0; level < 3; level++) {
		_cleanup_free_ char *parent = folder;
		int failed;

		highest = (struct highest){.folders = level < 2, .value = -1};
		folder = NULL;
		failed = store_list(desk->store, tree, parent, consider, &highest, err);
		if (failed)
			return failed;
		folder = xasprintf("%s/%s", parent, highest.name);
		if (highest.value < 0)
			break;
	}
	*out = highest.value > 0 ? highest.value : 0;
	return 0;
}

/* --- registering ----------------------------------------------------------------------------------------------- */

static int set_fields(struct customer *customer, const struct texts *fields, struct ticket_error *err)
{
	for (size_t i = 0; fields && i < fields->n; i++) {
		const char *equals = strchr(fields->v[i], '=');
		_cleanup_free_ char *name = equals ? xstrndup(fields->v[i], (size_t)(equals - fields->v[i])) : NULL;

		if (!equals || !*name)
			return ticket_fail(err, TICKET_USAGE, "'%s' is no NAME=VALUE", fields->v[i]);
		pairs_set(&customer->fields, name, equals[1] ? equals + 1 : NULL);
	}
	return 0;
}

/* What stands in clear beside the seal is for all to see: personal data in it are masked. */
static void mask_clear(const struct policy *policy, const struct customer_person *person, char **text)
{
	struct masking rules = policy->masking;
	const struct privacy_known known[KNOWN_WORDS] = {
		{person->name, PRIVACY_NAME}, {person->phone, PRIVACY_PHONE}, {person->email, PRIVACY_EMAIL}, {person->account, PRIVACY_NAME},
	};
	struct privacy_intake intake = {.rules = &rules, .consent = true, .known = known, .n_known = KNOWN_WORDS};
	struct buf out = {0};

	rules.with_consent = NULL;
	if (!*text)
		return;
	privacy_text(&out, &intake, *text, NULL, NULL);
	free(*text);
	*text = buf_steal(&out);
}

static int apply_words(struct change *change, struct customer *customer, const struct customer_words *words, struct ticket_error *err)
{
	const struct policy *policy = change->desk->policy;
	int failed = set_fields(customer, words->fields, err);

	if (failed)
		return failed;
	if (words->industry)
		replace_text(&customer->industry, *words->industry ? words->industry : NULL);
	if (words->consent || words->no_consent) {
		customer->consent.given = !words->no_consent;
		customer->consent.at = stamp_at(change->desk->zone, change->desk->context.now_s);
		replace_text(&customer->consent.what, words->consent);
	}
	mask_clear(policy, &words->person, &customer->industry);
	mask_clear(policy, &words->person, &customer->consent.what);
	for (size_t i = 0; i < customer->fields.n; i++)
		mask_clear(policy, &words->person, &customer->fields.v[i].value);
	return 0;
}

/* Whom one of the contacts leads to; NULL when to nobody who is still there. */
static int find_known(struct change *change, struct keys *keys, const struct customer_person *person, struct customer **out, struct ticket_error *err)
{
	const char *const contacts[] = {person->phone, person->email, person->account};

	*out = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(contacts); i++) {
		_cleanup_free_ char *canonical = contacts[i] && *contacts[i] ? contact_canonical(contacts[i]) : NULL, *uid = NULL, *number = NULL;
		struct customer *customer, *followed;
		int failed;

		if (!canonical)
			continue;
		if ((failed = keys_find(keys, canonical, &uid, &number, err)))
			return failed;
		/* The table may know more than this history: one whom a commit that failed would have made. */
		if (!number || register_customer(change, number, false, &customer, NULL) || !text_equal(customer->uid, uid) ||
		    register_customer(change, number, true, &followed, NULL) || customer_is_forgotten(followed))
			continue;
		*out = followed;
		return 0;
	}
	return 0;
}

static int make_customer(struct change *change, struct keys *keys, const struct customer_words *words, struct customer **out, struct ticket_error *err)
{
	struct registering *r = change->customers;
	_cleanup_customer_ struct customer *customer = xcalloc(1, sizeof(*customer));
	_cleanup_seal_key_ struct seal_key key;
	struct customer_person person = {0};
	char number[CUSTOMER_NUMBER_SIZE];
	int failed;

	if (!r->last && (failed = register_last(change->desk, &change->base.tree, &r->last, err)))
		return failed;
	customer->format = 1;
	customer->id = xstrdup(customer_number(number, r->last + 1));
	customer->uid = random_hex(16);
	customer->created = stamp_at(change->desk->zone, change->desk->context.now_s);
	if ((failed = apply_words(change, customer, words, err)))
		return failed;
	seal_random(key.bytes, sizeof(key.bytes));
	customer_person_apply(&person, &words->person);
	customer_seal(customer, &key, &person, &change->desk->policy->masking);
	if (!(failed = register_put(change, customer, err))) {
		keys_put(keys, customer->uid, &key);
		register_learn(keys, &person, customer);
		r->last++;
		*out = customer;
		register_hold(change, steal_ptr(customer));
	}
	customer_person_release(&person);
	return failed;
}

int customer_add(struct change *change, const struct customer_words *words, bool *found, const struct customer **out, struct ticket_error *err)
{
	const struct customer_person *person = &words->person;
	struct customer *customer;
	struct keys *keys;
	int failed;

	*out = NULL;
	*found = false;
	if (!(person->name && *person->name) && !(person->phone && *person->phone) && !(person->email && *person->email) && !(person->account && *person->account))
		return ticket_fail(err, TICKET_USAGE, "a customer needs a name, or a way of contact");
	if ((failed = customer_person_check(person, err)) || (failed = register_keys(change, true, &keys, err)) ||
	    (failed = find_known(change, keys, person, &customer, err)))
		return failed;
	*found = customer != NULL;
	if (!customer && (failed = make_customer(change, keys, words, &customer, err)))
		return failed;
	*out = customer;
	return 0;
}

/* --- changing -------------------------------------------------------------------------------------------------- */

static int living(struct change *change, const char *word, struct customer **out, struct ticket_error *err)
{
	int failed = register_customer(change, word, true, out, err);

	if (!failed && customer_is_forgotten(*out))
		return ticket_fail(err, TICKET_REFUSED, "customer '%s' was forgotten; nothing can be added to the tombstone", (*out)->id);
	return failed;
}

static bool says_anything(const struct customer_person *person)
{
	return person->name || person->phone || person->email || person->account || person->address || person->notes;
}

/* Contacts that the person had and has no longer lead to nobody. */
static void unlearn(struct registering *r, const struct customer_person *before, const struct customer_person *now)
{
	const char *const old[] = {before->phone, before->email, before->account}, *const new[] = {now->phone, now->email, now->account};

	for (size_t i = 0; i < ARRAY_SIZE(old); i++) {
		_cleanup_free_ char *was = old[i] ? contact_canonical(old[i]) : NULL, *is = new[i] ? contact_canonical(new[i]) : NULL;

		if (was && !text_equal(was, is))
			texts_add(&r->unlearn, was);
	}
}

/* Seals anew what was sealed, with the words over it. Where the key is lost the words alone are sealed with a new one. */
static int reseal(struct change *change, struct customer *customer, const struct customer_person *words, struct ticket_error *err)
{
	struct customer_person before = {0}, now = {0};
	_cleanup_seal_key_ struct seal_key key = {{0}};
	struct keys *keys;
	int failed;

	if ((failed = customer_person_check(words, err)) || (failed = register_keys(change, true, &keys, err)))
		return failed;
	if (keys_have(keys, customer->uid)) {
		failed = keys_get(keys, customer->uid, &key, err);
		if (!failed && customer->sealed)
			failed = customer_unseal(customer, &key, &before, err);
	} else {
		seal_random(key.bytes, sizeof(key.bytes));
		keys_put(keys, customer->uid, &key);
	}
	if (!failed) {
		customer_person_apply(&now, &before);
		customer_person_apply(&now, words);
		customer_seal(customer, &key, &now, &change->desk->policy->masking);
		register_learn(keys, &now, customer);
		unlearn(change->customers, &before, &now);
	}
	customer_person_release(&before);
	customer_person_release(&now);
	return failed;
}

int customer_edit(struct change *change, const char *word, const struct customer_words *words, const struct customer **out, struct ticket_error *err)
{
	struct customer *customer;
	int failed;

	*out = NULL;
	if ((failed = living(change, word, &customer, err)) || (failed = apply_words(change, customer, words, err)) ||
	    (says_anything(&words->person) && (failed = reseal(change, customer, &words->person, err))))
		return failed;
	*out = customer;
	return register_put(change, customer, err);
}

/* Is anything given that differs from what is sealed? What cannot be read differs. */
static bool person_differs(struct change *change, const struct customer *customer, const struct customer_person *words)
{
	struct customer_person now = {0};
	struct keys *keys;
	bool differs = customer->sealed != NULL;

	if (!says_anything(words))
		return false;
	if (customer->sealed && register_keys(change, false, &keys, NULL) == 0 && register_unseal(keys, customer, &now, NULL) == 0)
		differs = false;
	const struct {
		const char *given, *kept;
	} pairs[] = {{words->name, now.name},       {words->phone, now.phone},     {words->email, now.email},
		     {words->account, now.account}, {words->address, now.address}, {words->notes, now.notes}};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
		differs |= pairs[i].given && !text_equal(*pairs[i].given ? pairs[i].given : NULL, pairs[i].kept);
	customer_person_release(&now);
	return differs;
}

static bool same_file(const struct customer *a, const struct customer *b)
{
	_cleanup_buf_ struct buf x = {0}, y = {0};

	customer_write(a, &x);
	customer_write(b, &y);
	return x.n == y.n && memcmp(x.p, y.p, x.n) == 0;
}

/* On a copy: what fails half-way must not be in what a later row writes. */
static int update(struct change *change, struct customer *customer, const struct customer_words *words, enum customer_fate *fate, struct ticket_error *err)
{
	_cleanup_customer_ struct customer *copy = customer_copy(customer);
	struct customer before;
	int failed;

	if ((failed = apply_words(change, copy, words, err)))
		return failed;
	if (copy->consent.given == customer->consent.given && text_equal(copy->consent.what, customer->consent.what))
		copy->consent.at = customer->consent.at;
	if (person_differs(change, customer, &words->person) && (failed = reseal(change, copy, &words->person, err)))
		return failed;
	if (same_file(customer, copy)) {
		*fate = CUSTOMER_SAME;
		return 0;
	}
	if ((failed = register_put(change, copy, err)))
		return failed;
	before = *customer;
	*customer = *copy;
	*copy = before;
	*fate = CUSTOMER_CHANGED;
	return 0;
}

int customer_put(struct change *change, const char *number, const struct customer_words *words, enum customer_fate *fate, const struct customer **out,
		 struct ticket_error *err)
{
	const struct customer_person *person = &words->person;
	struct customer *customer = NULL;
	bool found = true;
	int failed;

	*out = NULL;
	if (!number && !person->phone && !person->email && !person->account)
		return ticket_fail(err, TICKET_USAGE, "there is neither number nor contact: by a name alone nobody is found again");
	if ((failed = customer_person_check(person, err)))
		return failed;
	failed = number ? living(change, number, &customer, err) : customer_add(change, words, &found, (const struct customer **)&customer, err);
	if (failed)
		return failed;
	*fate = CUSTOMER_ADDED;
	if (found && (failed = update(change, customer, words, fate, err)))
		return failed;
	*out = customer;
	return 0;
}

/* What 'into' lacks, 'from' gives. */
static void fill_gaps(struct customer_person *into, const struct customer_person *from)
{
	struct customer_person gaps = *from;

	if (into->name)
		gaps.name = NULL;
	if (into->phone)
		gaps.phone = NULL;
	if (into->email)
		gaps.email = NULL;
	if (into->account)
		gaps.account = NULL;
	if (into->address)
		gaps.address = NULL;
	if (into->notes)
		gaps.notes = NULL;
	customer_person_apply(into, &gaps);
}

static int merge_sealed(struct change *change, struct customer *from, struct customer *into, struct ticket_error *err)
{
	struct customer_person theirs = {0}, ours = {0};
	struct keys *keys;
	int failed = register_keys(change, false, &keys, err);

	if (!failed && from->sealed)
		failed = register_unseal(keys, from, &theirs, err);
	if (!failed && into->sealed)
		failed = register_unseal(keys, into, &ours, err);
	if (!failed) {
		fill_gaps(&ours, &theirs);
		failed = reseal(change, into, &ours, err);
	}
	if (!failed)
		register_learn(keys, &theirs, into); /* also those that differ from ours lead to him now */
	customer_person_release(&theirs);
	customer_person_release(&ours);
	return failed;
}

int customer_merge(struct change *change, const char *from_word, const char *into_word, const char *reason, struct ticket_error *err)
{
	_cleanup_free_ char *half = NULL, *masked = NULL;
	struct customer *from, *into;
	int failed;

	if ((failed = desk_allows(change->desk, "merge_customers", reason, err)) || (failed = living(change, from_word, &from, err)) ||
	    (failed = living(change, into_word, &into, err)))
		return failed;
	if (from == into)
		return ticket_fail(err, TICKET_REFUSED, "'%s' and '%s' are the same customer already", from_word, into_word);
	half = register_mask(change, from->id, reason);
	masked = register_mask(change, into->id, half); /* the reason may name them both */
	if ((failed = merge_sealed(change, from, into, err)))
		return failed;
	free(steal_ptr(from->sealed));
	replace_text(&from->merged_into, into->id);
	if ((failed = register_put(change, from, err)) || (failed = register_put(change, into, err)))
		return failed;
	change_subject(change, "%s: merge into %s", from->id, into->id);
	return register_log(change, from->id, "merged", masked, err);
}
