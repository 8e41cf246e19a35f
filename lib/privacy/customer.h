/* SPDX-License-Identifier: MIT */
/* Customers as text: the codec of their files, sealing and masking of what is personal, contacts made comparable. */
#ifndef PRIVACY_CUSTOMER_H
#define PRIVACY_CUSTOMER_H

#include "privacy/seal.h"
#include "ticket/buf.h"
#include "ticket/customer.h"

/* Reads a customer's file. TICKET_STORAGE for a damaged or newer one. Owned: customer_free. */
int customer_parse(struct customer **out, const char *text, size_t n, const char *origin, struct ticket_error *err);
void customer_write(const struct customer *customer, struct buf *out);
struct customer *customer_copy(const struct customer *customer);
/* Texts that may not be stored (control characters, no UTF-8) are TICKET_USAGE. */
int customer_check(const struct customer *customer, struct ticket_error *err);
int customer_person_check(const struct customer_person *person, struct ticket_error *err);

/* Seals a person into the customer's file and sets the masked name and contact. */
void customer_seal(struct customer *customer, const struct seal_key *key, const struct customer_person *person, const struct masking *rules);
/* The person again; 'out' is zeroed. TICKET_NOTFOUND when nothing is sealed, else as seal_open. */
int customer_unseal(const struct customer *customer, const struct seal_key *key, struct customer_person *out, struct ticket_error *err);

/* Takes what is given in 'words' over 'person'; empty texts take values away. */
void customer_person_apply(struct customer_person *person, const struct customer_person *words);
/* Sorts a contact of unknown kind into phone, email or account of 'words'. */
void customer_person_contact(struct customer_person *words, const char *contact);

/*
 * A contact in the one form by which it is found: telephone digits without country code, folded otherwise. Owned;
 * NULL when nothing is left of it.
 */
char *contact_canonical(const char *contact);

/* customers/NN/NN/C000001.json for a number; owned. NULL when it is none. "12", "c12" and "C000012" are the same. */
char *customer_path(const char *number);
/* The number's serial, 0 when it is none; and its text. */
int64_t customer_serial(const char *number);
#define CUSTOMER_NUMBER_SIZE 24
char *customer_number(char out[CUSTOMER_NUMBER_SIZE], int64_t serial);

/* One line of the access log, without newline. */
void customer_access_write(const struct customer_access *access, struct buf *out);
int customer_access_parse(struct customer_access *out, const char *line, size_t n, const char *origin, struct ticket_error *err);
void customer_access_release(struct customer_access *access);

/* customers/register.json: which desk key the register is sealed with. */
#define REGISTER_FILE "customers/register.json"
struct register_head {
	int64_t format;
	char *key; /* fingerprint */
};
int register_head_parse(struct register_head *out, const char *text, size_t n, struct ticket_error *err);
void register_head_write(const struct register_head *head, struct buf *out);
void register_head_release(struct register_head *head);

#endif
