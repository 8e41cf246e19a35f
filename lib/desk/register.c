/* SPDX-License-Identifier: MIT */
/* The customer register within a change: keys, files, the access log, intake of new tickets (design §10). */
#include "desk/register.h"

#include "ticket/text.h"

#include <search.h>

#define HOPS 16 /* merges of merges that are followed */

/* --- keys ------------------------------------------------------------------------------------------------------ */

int register_sealed_with(struct desk *desk, const struct oid *tree, char **out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	struct register_head head = {0};
	int failed = store_read(desk->store, tree, REGISTER_FILE, &text, err);

	*out = NULL;
	if (failed)
		return failed == TICKET_NOTFOUND ? 0 : failed;
	if ((failed = register_head_parse(&head, text.p, text.n, err)))
		return failed;
	*out = steal_ptr(head.key);
	register_head_release(&head);
	return 0;
}

static int check_key(const struct keys *keys, const char *wanted, struct ticket_error *err)
{
	if (wanted && !keys)
		return ticket_fail(err, TICKET_REFUSED, "this copy of the desk has not got the key of the customer register; get it from a colleague: ticket customer share FILE "
							"there, ticket customer receive FILE here");
	if (wanted && strcmp(keys_id(keys), wanted) != 0)
		return ticket_fail(err, TICKET_REFUSED, "the customer register is sealed with a newer key than this copy has; get it from who changed it: ticket customer share FILE "
							"there, ticket customer receive FILE here");
	return 0;
}

static int no_register(struct ticket_error *err)
{
	return ticket_fail(err, TICKET_NOTFOUND, "no customer is registered yet; begin with: ticket customer add --name NAME --phone PHONE");
}

int register_open(struct desk *desk, struct keys **out, struct ticket_error *err)
{
	_cleanup_keys_ struct keys *keys = NULL;
	_cleanup_free_ char *wanted = NULL;
	int failed;

	*out = NULL;
	if ((failed = keys_open(&keys, store_private(desk->store), err)) || (failed = register_sealed_with(desk, &desk->head.tree, &wanted, err)) ||
	    (failed = check_key(keys, wanted, err)))
		return failed;
	if (!wanted)
		return no_register(err);
	*out = steal_ptr(keys);
	return 0;
}

static struct registering *registering(struct change *change)
{
	if (!change->customers)
		change->customers = xcalloc(1, sizeof(*change->customers));
	return change->customers;
}

/* The first customer: a desk key, unless one is left from a register that never came to be, and its fingerprint in the desk. */
static int begin_register(struct change *change, struct ticket_error *err)
{
	struct registering *r = change->customers;
	_cleanup_buf_ struct buf text = {0};
	int failed = r->keys ? 0 : keys_new(&r->keys, store_private(change->desk->store), err);

	if (failed)
		return failed;
	register_head_write(&(struct register_head){1, (char *)keys_id(r->keys)}, &text);
	return change_file(change, REGISTER_FILE, text.p, text.n, err);
}

int register_keys(struct change *change, bool make, struct keys **out, struct ticket_error *err)
{
	struct registering *r = registering(change);
	_cleanup_keys_ struct keys *keys = NULL;
	_cleanup_free_ char *wanted = NULL;
	int failed;

	*out = r->keys;
	if (r->keys)
		return 0;
	if ((failed = keys_open(&keys, store_private(change->desk->store), err)) || (failed = register_sealed_with(change->desk, &change->base.tree, &wanted, err)) ||
	    (failed = check_key(keys, wanted, err)))
		return failed;
	if (!wanted && !make)
		return no_register(err);
	r->keys = steal_ptr(keys);
	if (!wanted && (failed = begin_register(change, err)))
		return failed;
	*out = r->keys;
	return 0;
}

int register_unseal(const struct keys *keys, const struct customer *customer, struct customer_person *out, struct ticket_error *err)
{
	_cleanup_seal_key_ struct seal_key key = {{0}};
	int failed = keys_get(keys, customer->uid, &key, err);

	return failed ? failed : customer_unseal(customer, &key, out, err);
}

void register_learn(struct keys *keys, const struct customer_person *person, const struct customer *customer)
{
	const char *const contacts[] = {person->phone, person->email, person->account};

	for (size_t i = 0; i < ARRAY_SIZE(contacts); i++) {
		_cleanup_free_ char *canonical = contacts[i] ? contact_canonical(contacts[i]) : NULL;

		if (canonical)
			keys_learn(keys, canonical, customer->uid, customer->id);
	}
}

int register_flush(struct change *change, struct ticket_error *err)
{
	struct registering *r = change->customers;
	int failed = 0;

	if (!r || !r->keys)
		return 0;
	failed = keys_flush(r->keys, err);
	for (size_t i = 0; i < r->unlearn.n && !failed; i++)
		failed = keys_unlearn(r->keys, r->unlearn.v[i], err);
	return failed;
}

static void keep_nothing(void *node)
{
}

void register_free(struct change *change)
{
	struct registering *r = change->customers;

	if (!r)
		return;
	keys_close(r->keys);
	tdestroy(r->by_number, keep_nothing);
	for (size_t i = 0; i < r->customers.n; i++)
		customer_free(r->customers.v[i]);
	free(r->customers.v);
	texts_release(&r->unlearn);
	buf_release(&r->log);
	free(r->log_path);
	free(r->clear_of);
	customer_person_release(&r->clear);
	free(r);
	change->customers = NULL;
}

/* --- files ----------------------------------------------------------------------------------------------------- */

static int compare_customers(const void *a, const void *b)
{
	return strcmp(((const struct customer *)a)->id, ((const struct customer *)b)->id);
}

int register_put(struct change *change, const struct customer *customer, struct ticket_error *err)
{
	_cleanup_free_ char *path = customer_path(customer->id);
	_cleanup_buf_ struct buf text = {0};
	int failed = customer_check(customer, err);

	if (failed)
		return failed;
	customer_write(customer, &text);
	return change_file(change, path, text.p, text.n, err);
}

/* One that the change holds, or reads now. */
static int hold(struct change *change, const char *word, struct customer **out, struct ticket_error *err)
{
	struct registering *r = registering(change);
	char number[CUSTOMER_NUMBER_SIZE];
	struct customer named = {.id = number};
	struct customer **found;
	int failed;

	customer_number(number, customer_serial(word));
	found = tfind(&named, &r->by_number, compare_customers);
	if (found) {
		*out = *found;
		return 0;
	}
	if ((failed = customer_read_from(change->desk, &change->base.tree, word, out, err)))
		return failed;
	register_hold(change, *out);
	return 0;
}

void register_hold(struct change *change, struct customer *customer)
{
	struct registering *r = registering(change);

	*list_push(&r->customers) = customer;
	tsearch(customer, &r->by_number, compare_customers);
}

int register_customer(struct change *change, const char *word, bool follow, struct customer **out, struct ticket_error *err)
{
	int failed = hold(change, word, out, err);

	for (int hop = 0; !failed && follow && (*out)->merged_into && hop < HOPS; hop++)
		failed = hold(change, (*out)->merged_into, out, err);
	return failed;
}

/* --- the access log -------------------------------------------------------------------------------------------- */

int register_log(struct change *change, const char *customer, const char *what, const char *why, struct ticket_error *err)
{
	struct registering *r = registering(change);
	struct desk *desk = change->desk;
	struct customer_access access = {stamp_at(desk->zone, desk->context.now_s), (char *)desk_actor(desk), (char *)desk_actor_role(desk), (char *)customer, (char *)what, (char *)why};
	struct civil civil;
	int failed;

	if (!r->log_path) {
		civil_from(&civil, zone_wall(desk->zone, desk->context.now_s));
		r->log_path = xasprintf("customers/log/%04d-%02d.jsonl", (int)civil.year, civil.month);
		failed = store_read(desk->store, &change->base.tree, r->log_path, &r->log, err);
		if (failed && failed != TICKET_NOTFOUND)
			return failed;
	}
	customer_access_write(&access, &r->log);
	buf_putc(&r->log, '\n');
	return change_file(change, r->log_path, r->log.p, r->log.n, err);
}

/* --- intake ---------------------------------------------------------------------------------------------------- */

/* What is known in clear of the customer at hand: "" stands for one who has no number. Takes 'person' over. */
static void remember(struct registering *r, const char *number, bool consent, struct customer_person *person)
{
	const struct privacy_known known[KNOWN_WORDS] = {
		{person->name, PRIVACY_NAME}, {person->phone, PRIVACY_PHONE}, {person->email, PRIVACY_EMAIL}, {person->account, PRIVACY_NAME},
	};

	replace_text(&r->clear_of, number);
	customer_person_release(&r->clear);
	r->clear = *person;
	memset(person, 0, sizeof(*person));
	memcpy(r->known, known, sizeof(known));
	r->consent = consent;
}

/* Finds or registers the customer of a draft. '*out' stays NULL for a name alone. */
static int customer_of(struct change *change, const struct ticket *draft, const struct customer_person *typed, struct customer **out, struct ticket_error *err)
{
	struct customer_words words = {.person = *typed};
	bool found;
	int failed;

	*out = NULL;
	if (!draft->customer.id) {
		if (!typed->phone && !typed->email && !typed->account)
			return 0;
		return customer_add(change, &words, &found, (const struct customer **)out, err);
	}
	if ((failed = register_customer(change, draft->customer.id, true, out, err)))
		return failed;
	if (customer_is_forgotten(*out))
		return ticket_fail(err, TICKET_REFUSED, "customer '%s' was forgotten; register him anew with --name and --contact", (*out)->id);
	return 0;
}

int register_intake(struct change *change, struct ticket *draft, struct ticket_error *err)
{
	struct registering *r = registering(change);
	_cleanup_free_ char *name = draft->customer.display, *contact = draft->customer.contact;
	struct customer_person typed = {.name = name && *name ? name : NULL}, owned = {0};
	struct customer *customer;
	struct keys *keys;
	int failed;

	draft->customer.display = draft->customer.contact = NULL;
	if (contact && *contact)
		customer_person_contact(&typed, contact);
	if ((failed = customer_of(change, draft, &typed, &customer, err)))
		return failed;
	/* What was on record, where it can be read, and over it what was typed now: the texts may hold either. */
	if (customer && customer->sealed && register_keys(change, false, &keys, NULL) == 0)
		register_unseal(keys, customer, &owned, NULL);
	customer_person_apply(&owned, &typed);
	remember(r, customer ? customer->id : "", customer && customer->consent.given, &owned);
	if (customer) {
		replace_text(&draft->customer.id, customer->id);
		replace_text(&draft->customer.display, customer->display);
		replace_text(&draft->customer.contact, customer->contact);
	}
	if (typed.name && !draft->customer.display)
		draft->customer.display = mask_display(&change->desk->policy->masking, typed.name);
	return 0;
}

void register_known(struct change *change, const struct ticket *ticket, struct privacy_intake *out)
{
	struct registering *r = registering(change);
	struct customer_person person = {0};
	struct customer *customer;
	struct keys *keys;
	const char *number = ticket->customer.id ? ticket->customer.id : "";

	*out = (struct privacy_intake){.rules = &change->desk->policy->masking};
	if (*number && !text_equal(r->clear_of, number)) {
		if (register_customer(change, number, true, &customer, NULL))
			return;
		/* Where the key is missing nothing is known in clear, and the rest of the masking does its work. */
		if (customer->sealed && register_keys(change, false, &keys, NULL) == 0)
			register_unseal(keys, customer, &person, NULL);
		remember(r, number, customer->consent.given, &person);
	}
	if (!text_equal(r->clear_of, number))
		return;
	out->known = r->known;
	out->n_known = KNOWN_WORDS;
	out->consent = r->consent;
}

char *register_mask(struct change *change, const char *customer, const char *text)
{
	struct ticket about = {.customer.id = (char *)customer};
	struct masking rules = change->desk->policy->masking;
	struct privacy_intake intake;
	struct buf out = {0};

	if (!text)
		return NULL;
	register_known(change, &about, &intake);
	rules.with_consent = NULL; /* beside a refusal there is no way to ask again: what would be refused is masked */
	intake.rules = &rules;
	intake.consent = true;
	privacy_text(&out, &intake, text, NULL, NULL);
	return buf_steal(&out);
}
