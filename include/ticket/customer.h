/* SPDX-License-Identifier: MIT */
/*
 * The customer register (domain A8, B2, C2, D2, E1; design §10): one readable file per customer, personal data sealed.
 * What stands in clear is masked and may be seen by everybody who has the desk. Manual: ticket-privacy(7).
 */
#ifndef TICKET_CUSTOMER_H
#define TICKET_CUSTOMER_H

#include "ticket/desk.h"

/* What is sealed: personal data in clear. Owned strings, NULL when absent; released by wiping. */
struct customer_person {
	char *name, *phone, *email;
	char *account; /* any other way of contact: a nickname, a number of a platform */
	char *address, *notes;
};
void customer_person_release(struct customer_person *person);
#define _cleanup_customer_person_ _cleanup_(customer_person_release)

struct customer_consent {
	bool given;
	struct stamp at;
	char *what; /* what the customer agreed to, and how */
};

struct customer_forgotten {
	struct stamp at;
	char *by, *reason;
};

/* A customer as the file has him. */
struct customer {
	int64_t format; /* 1 */
	char *id;       /* C000001 */
	char *uid;      /* 32 random hex digits: names the key; never reused */
	struct stamp created;
	char *display;  /* masked name */
	char *contact;  /* masked contact */
	char *industry;
	struct pairs fields; /* any others that are not personal; `field.NAME` in rules for visits (B1) */
	struct customer_consent consent;
	char *merged_into;   /* number of the customer he turned out to be */
	struct customer_forgotten forgotten; /* a tombstone: 'at' is set */
	char *sealed;        /* customer_person, sealed; readable only with the customer's key */
	char *extra;
};
void customer_free(struct customer *customer);
DEFINE_CLEANUP(struct customer *, customer_free)
#define _cleanup_customer_ _cleanup_(customer_free_p)
static inline bool customer_is_forgotten(const struct customer *customer)
{
	return customer->forgotten.at.set;
}

/* --- reading --------------------------------------------------------------------------------------------------- */

/*
 * A customer by number ("C000012", "c12", "12"); one who was merged gives the one he was merged into. '*out' is owned.
 * TICKET_NOTFOUND.
 */
int customer_read(struct desk *desk, const char *word, struct customer **out, struct ticket_error *err);
/* The customer whom a contact belongs to. TICKET_NOTFOUND when nobody is known by it; needs the desk's key. */
int customer_find(struct desk *desk, const char *contact, struct customer **out, struct ticket_error *err);
/* Every customer in order of number, tombstones and merged ones too. Non-zero from 'visit' ends it with that value. */
typedef int customer_visitor(struct customer *customer, void *data, struct ticket_error *err);
int customer_each(struct desk *desk, customer_visitor *visit, void *data, struct ticket_error *err);

/* What is known of a customer's dealings with the desk (A8), from his tickets and those of whom was merged into him. */
struct customer_count {
	char *name; /* of a type */
	size_t n, complaints;
};
struct customer_history {
	struct texts tickets;     /* numbers, newest last */
	size_t open;              /* not yet resolved */
	size_t complaints;        /* tickets of type complaint, and renewed complaints on tickets */
	size_t repeats;           /* complaints of a type that he had complained of before */
	struct stamp last;        /* last receipt */
	LIST(struct customer_count) types;
};
int customer_history(struct desk *desk, const struct customer *customer, struct customer_history *out, struct ticket_error *err);
void customer_history_release(struct customer_history *history);

/* --- changing: part of a change --------------------------------------------------------------------------------- */

/*
 * Puts the customer on a draft ticket: by number ('id'), or found by 'contact', or newly registered with 'name' and
 * 'contact'. All three NULL: nothing. TICKET_NOTFOUND for an unknown number, TICKET_REFUSED for a forgotten one, or where
 * the desk's key is missing.
 */
int change_customer(struct change *change, struct ticket *draft, const char *id, const char *name, const char *contact, struct ticket_error *err);

/* What is given of a customer: NULL members are left as they are; an empty text takes the value away. */
struct customer_words {
	struct customer_person person;   /* borrowed strings */
	const char *industry;
	const struct texts *fields;      /* NAME=VALUE, may be NULL */
	const char *consent;             /* what he consented to */
	bool no_consent;                 /* takes the consent back */
};
/*
 * Registers a customer; one who is known by his phone, mail or account is found instead, and '*found' says so.
 * '*out' is borrowed from the change.
 */
int customer_add(struct change *change, const struct customer_words *words, bool *found, const struct customer **out, struct ticket_error *err);
enum customer_fate { CUSTOMER_ADDED, CUSTOMER_CHANGED, CUSTOMER_SAME };
/*
 * What a list of customers says of one: the customer of that number, or the one who is known by the contacts, gets what
 * is given and differs; else he is registered. Saying the same again changes nothing. TICKET_USAGE for a name alone, by
 * which nobody could be found again; TICKET_NOTFOUND for an unknown number, TICKET_REFUSED for a forgotten customer.
 */
int customer_put(struct change *change, const char *number, const struct customer_words *words, enum customer_fate *fate, const struct customer **out,
		 struct ticket_error *err);
/* Changes what is given. A person whose key was lost is sealed anew. */
int customer_edit(struct change *change, const char *word, const struct customer_words *words, const struct customer **out, struct ticket_error *err);
/*
 * Two numbers are one person: 'from' becomes a reference to 'into', which takes over the contacts it lacks.
 * TICKET_REFUSED for forgotten ones.
 */
int customer_merge(struct change *change, const char *from, const char *into, const char *reason, struct ticket_error *err);

/* --- acts of their own: each is a commit ------------------------------------------------------------------------- */

/*
 * The personal data in clear, once the access is on record: customers/log/YYYY-MM.jsonl says who saw whom, when and why.
 * TICKET_REFUSED when the policy's permission "reveal" does not allow it. 'out' is zeroed; release it.
 */
int customer_reveal(struct desk *desk, const char *word, const char *why, struct customer **customer, struct customer_person *out, struct ticket_error *err);
/*
 * The same for several at once, for a document or an export: one commit. 'act' is the permission that is asked, "reveal" or
 * "export"; 'entry' (may be NULL) goes into the desk's journal with it. Each number is then shown to 'visit' with what is
 * in clear, which it may take over by zeroing 'person'; the forgotten are passed over.
 */
struct journal_entry;
typedef int customer_revealer(const struct customer *customer, const char *number, struct customer_person *person, void *data, struct ticket_error *err);
int customers_reveal(struct desk *desk, const struct texts *numbers, const char *act, const char *why, const struct journal_entry *entry, customer_revealer *visit,
		     void *data, struct ticket_error *err);
/*
 * Forgets a customer: the file becomes a tombstone and his key is destroyed, so that nothing sealed can be read again,
 * in no revision and by nobody. TICKET_REFUSED when the policy's permission "forget" does not allow it.
 */
int customer_forget(struct desk *desk, const char *word, const char *reason, bool dry_run, struct ticket_error *err);

/* One recorded access. Borrowed for the call. */
struct customer_access {
	struct stamp at;
	char *by, *role, *customer, *what, *why;
};
typedef int customer_access_visitor(const struct customer_access *access, void *data, struct ticket_error *err);
/* The accesses to one customer (number) or to all (NULL), oldest first. */
int customer_accesses(struct desk *desk, const char *id, customer_access_visitor *visit, void *data, struct ticket_error *err);

/* --- the register's keys ---------------------------------------------------------------------------------------- */

/* All keys of this desk as a text sealed with a passphrase, for a colleague or a safe; owned. The handing out is recorded. */
int register_share(struct desk *desk, const char *passphrase, const char *why, char **out, struct ticket_error *err);
/*
 * Takes keys from such a text: installs them where the desk has none, adds those that are missing; after a colleague's
 * rekey, moves to the new desk key. '*taken' is how many customers' keys were new.
 */
int register_receive(struct desk *desk, const char *text, const char *passphrase, size_t *taken, struct ticket_error *err);
/*
 * A new desk key: all customers' keys are wrapped anew and the old tables destroyed. With 'lost' the old key is gone:
 * the register starts over with a new one; what was sealed stays unreadable unless the old key turns up in a share.
 */
int register_rekey(struct desk *desk, bool lost, struct ticket_error *err);
/* Destroys the keys of customers whom a colleague has forgotten; '*dropped' says how many. For after a sync. */
int register_purge(struct desk *desk, size_t *dropped, struct ticket_error *err);

#endif
