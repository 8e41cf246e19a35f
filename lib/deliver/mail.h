/* SPDX-License-Identifier: MIT */
/* Mail as text (RFC 5322, 2045, 2047): made whole here, carried by ticket-deliver. */
#ifndef DELIVER_MAIL_H
#define DELIVER_MAIL_H

#include "ticket/buf.h"
#include "ticket/error.h"
#include "ticket/time.h"

struct mail_file {
	const char *name, *type; /* ASCII without quotes */
	const char *data;        /* base64 */
};

struct mail {
	const char *id;        /* 32 hex digits: the Message-ID's left side, the same at each attempt */
	const char *from, *from_name;
	const char *to, *to_name;
	const char *subject, *body;
	const struct mail_file *file; /* goes with it; may be NULL */
	const char *thread;    /* the ticket's uid: mails of one ticket stand together; may be NULL */
	struct stamp date;
};

/* Appends the message with CRLF line ends. TICKET_USAGE when an address cannot stand in a mail. */
int mail_write(struct buf *out, const struct mail *mail, struct ticket_error *err);
/* Appends bytes as base64, on one line. */
void mail_base64(struct buf *out, const void *bytes, size_t n);
/* Is the text one plain ASCII address (local@domain), without anything that could begin a header or a second recipient? */
bool mail_address_valid(const char *address);

#endif
