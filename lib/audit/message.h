/* SPDX-License-Identifier: MIT */
/* What a commit's message says that it did. */
#ifndef AUDIT_MESSAGE_H
#define AUDIT_MESSAGE_H

#include "ticket/memory.h"

/* A ticket that a message names: "Ticket: NUMBER", and under it a line "Event: WORD ID" for each new event. */
struct said {
	char *number;
	struct texts events; /* "WORD ID" */
	bool done;           /* the commit did change it */
};
struct message {
	bool names;   /* it says which tickets, or how many: the program's own words */
	bool counts;  /* it says only how many: 'tickets' */
	size_t tickets;
	LIST(struct said) said; /* in order of number */
	bool imports; /* "import FILE: N new, M changed (SHA-256 …)" */
	size_t imports_new, imports_changed;
};
/* 'out' is zeroed. */
void message_read(struct message *out, const char *text);
void message_release(struct message *message);
/* What it says of a ticket; NULL: nothing. Borrowed. */
struct said *message_of(const struct message *message, const char *number);

#endif
