/* SPDX-License-Identifier: MIT */
/* The customer register within a change: what customer.c, register.c and intake.c share. */
#ifndef DESK_REGISTER_H
#define DESK_REGISTER_H

#include "desk/change.h"
#include "privacy/customer.h"
#include "privacy/keys.h"
#include "privacy/mask.h"

#define KNOWN_WORDS 4 /* of a customer: name, phone, email, account */

/* What a change knows and does about customers. Zeroed is the beginning. */
struct registering {
	struct keys *keys;       /* NULL until needed */
	int64_t last;            /* highest serial given; 0: not looked up */
	void *by_number;         /* tsearch tree of struct customer */
	LIST(struct customer *) customers;
	struct texts unlearn;    /* contacts that no longer lead to anybody */
	struct buf log;          /* the month's access log with what was added */
	char *log_path;
	char *clear_of;          /* number of the customer whose data 'clear' holds; "": the one of the draft at hand */
	struct customer_person clear;
	bool consent;
	struct privacy_known known[KNOWN_WORDS];
};

/*
 * The keys of the desk, for registering ('make': a first desk key is made) or reading. Borrowed. TICKET_REFUSED where this
 * copy of the desk lacks the key, or has another than the register is sealed with.
 */
int register_keys(struct change *change, bool make, struct keys **out, struct ticket_error *err);
/* The same outside of a change, for reading. Owned. */
int register_open(struct desk *desk, struct keys **out, struct ticket_error *err);
/* Which desk key the register is sealed with: owned, NULL when there is no register yet. */
int register_sealed_with(struct desk *desk, const struct oid *tree, char **out, struct ticket_error *err);
/* A customer as he will be after this change so far; merged ones lead to whom they were merged into. Borrowed. */
int register_customer(struct change *change, const char *word, bool follow, struct customer **out, struct ticket_error *err);
/* All numbers that are one person: his own, and those merged into it, and into those. */
int register_numbers(struct desk *desk, const char *id, struct texts *out, struct ticket_error *err);
/* The highest serial that a tree's customers have; 0: there are none. */
int register_last(struct desk *desk, const struct oid *tree, int64_t *out, struct ticket_error *err);
/* Gives a customer, read or made, to the change, which frees him. */
void register_hold(struct change *change, struct customer *customer);
/* Reads a customer from a tree; merged ones are not followed. Owned. */
int customer_read_from(struct desk *desk, const struct oid *tree, const char *word, struct customer **out, struct ticket_error *err);
/* Puts a customer's file into the change. */
int register_put(struct change *change, const struct customer *customer, struct ticket_error *err);
/* The personal data of a customer. 'out' is zeroed. */
int register_unseal(const struct keys *keys, const struct customer *customer, struct customer_person *out, struct ticket_error *err);
/* Makes his contacts lead to a customer. */
void register_learn(struct keys *keys, const struct customer_person *person, const struct customer *customer);
/* Adds a line to the access log: who did what to whom, and why. */
int register_log(struct change *change, const char *customer, const char *what, const char *why, struct ticket_error *err);

/*
 * The customer of a draft whose clear name and contact stand in draft->customer: registered or found, then replaced by
 * number and masks. A name without contact is masked only: nobody could be found by it again.
 */
int register_intake(struct change *change, struct ticket *draft, struct ticket_error *err);
/* What is known to be personal in texts on a ticket: his customer's words and consent, as far as the keys are here. */
void register_known(struct change *change, const struct ticket *ticket, struct privacy_intake *out);

/* A reason or remark about a customer (NULL: nobody), with what is personal in it masked. Owned; NULL gives NULL. */
char *register_mask(struct change *change, const char *customer, const char *text);

/* Keys to disk: before the commit that needs them. */
int register_flush(struct change *change, struct ticket_error *err);
void register_free(struct change *change);

#endif
