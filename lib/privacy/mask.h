/* SPDX-License-Identifier: MIT */
/*
 * Masking: what people wrote about people, made fit for a history that cannot forget (design §10; domain C2, D2).
 * Pure text in, text out. Masking what is masked already changes nothing.
 */
#ifndef PRIVACY_MASK_H
#define PRIVACY_MASK_H

#include "ticket/buf.h"
#include "ticket/policy.h"

enum privacy_kind {
	PRIVACY_NAME,
	PRIVACY_PHONE,
	PRIVACY_EMAIL,
	PRIVACY_ID_CARD,
	PRIVACY_BANK_CARD,
	PRIVACY_ADDRESS,
	PRIVACY_KINDS
};
/* "a name", "a phone number", … for messages. */
const char *privacy_noun(enum privacy_kind kind);

/* --- single values; all results are owned ---------------------------------------------------------------------- */

char *mask_name(const char *name);       /* 张三丰 → 张**, Li Ming → Li ***, Zhang → Z*** */
char *mask_phone(const char *phone);     /* 138****5678, 0755-****1234, +86 138****5678 */
char *mask_email(const char *email);     /* l***@example.com */
char *mask_id_card(const char *number);  /* 44**************1X */
char *mask_bank_card(const char *number); /* 6222 **** **** 1234 */
char *mask_address(const char *address); /* 深圳市***: at most province and city stay */
char *mask_contact(const char *contact); /* a phone, an e-mail address, or an account of any kind: l*** */
/* The mask of one kind. */
char *mask_value(enum privacy_kind kind, const char *value);
/* Like mask_name and mask_contact, but as the policy says: "keep" gives a copy. */
char *mask_display(const struct masking *rules, const char *name);

/* --- free text ------------------------------------------------------------------------------------------------- */

/* A text known to be personal, masked wherever it stands: the name of the customer who calls. */
struct privacy_known {
	const char *text; /* shorter than two characters: ignored */
	enum privacy_kind kind;
};

/* How text is taken in. Zeroed: everything is masked. */
struct privacy_intake {
	const struct masking *rules; /* NULL, or a member NULL: "mask" */
	bool consent;                /* the customer agreed: "refuse" becomes what rules->with_consent says, else "mask" */
	const struct privacy_known *known;
	size_t n_known;
};

/* What was found and masked, by kind. Counts add up over calls. */
struct privacy_found {
	size_t masked[PRIVACY_KINDS];
};

/*
 * Appends 'text' with the personal data in it masked: mobile, landline and international numbers, e-mail addresses,
 * identity numbers that carry their check digit, bank cards that satisfy Luhn, addresses and names behind a label
 * ("地址：…", "address: …", "姓名：…"), full-width digits included. Digits inside longer numbers, order numbers, dates and
 * amounts stay as they are.
 * TICKET_REFUSED, with kind, line and column but never the text itself, where the policy refuses a kind; 'out' is then
 * as it was. 'found' may be NULL. Bytes that are no UTF-8 are passed on.
 */
int privacy_text(struct buf *out, const struct privacy_intake *intake, const char *text, struct privacy_found *found, struct ticket_error *err);

#endif
