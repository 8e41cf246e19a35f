/* SPDX-License-Identifier: MIT */
/* One change in the making: what lib/desk/change.c and serial.c share. */
#ifndef DESK_CHANGE_H
#define DESK_CHANGE_H

#include "desk/desk.h"

/* A ticket that the change has read or made. */
struct touched {
	struct ticket *ticket;
	char *path;
	size_t events_before; /* how many events it had; what lies behind is new */
	bool is_new;
};

/* The last serial given on a day to one kind of number. */
struct serial {
	char *key; /* the number without its serial */
	int64_t last;
};

struct change {
	struct desk *desk;
	struct snapshot base;
	struct store_change *files;
	LIST(struct touched *) tickets;
	void *by_number; /* tsearch tree of struct touched, by number */
	void *serials;   /* tsearch tree of struct serial, by key */
	char *subject;
	size_t other_files;
	bool past;
	bool joined; /* the commit will have a second parent */
	struct registering *customers; /* register.h; NULL until one is needed */
	char *journal_path;  /* journal.h: the month's file, NULL until something is entered, and its text */
	struct buf journal;
	struct balloting *ballots; /* ballots.h; NULL until an answer without a name comes */
};

/* Gives a new ticket its number and path: the next serial of its day (domain A5, B2, C3, D1). */
int change_number(struct change *change, struct ticket *ticket, char **path, struct ticket_error *err);
/* The highest serial that a tree has on a day, of a channel where numbers have one (else NULL); 0: none. */
int serial_highest(struct desk *desk, const struct oid *tree, const struct civil *date, const char *channel, int64_t *serial, struct ticket_error *err);
void change_serials_free(struct change *change);

/* Is this the message of a commit on no ticket as change_subject's callers word them? Another was made by hand. */
bool change_has_said(const char *message);

/*
 * The commit will join another history to the desk's: it gets that as its second parent. What the change puts besides
 * goes into its 'files'; the index finds out by itself.
 */
void change_join(struct change *change, const struct snapshot *other);

/* 'size' random bytes as lower-case hex; owned. */
char *random_hex(size_t size);

#endif
