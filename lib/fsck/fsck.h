/* SPDX-License-Identifier: MIT */
/* fsck: what the checks of the parts of a desk share, and the audit of its history with them. */
#ifndef FSCK_FSCK_H
#define FSCK_FSCK_H

#include "desk/desk.h"
#include "model/codec.h"
#include "ticket/fsck.h"

/* A customer's number that a ticket names, and which ticket. */
struct reference {
	char *id, *where;
};
typedef LIST(struct reference) references;

/* Adds a finding, printf-formatted. */
void fsck_report(findings *found, const char *where, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* A finding for each member of a record, but for its events, that is not as the events make it. How many there are. */
size_t fsck_compare(findings *found, const char *where, const struct codec *codec, const void *stored, const void *folded);
/* A finding where a file is not as its record is written. */
void fsck_bytes(findings *found, const char *where, const struct codec *codec, const void *record, const struct buf *text);
/*
 * Did an event that cannot follow now follow in a version of its file, which a merge of two histories then made anew? 'paths' are
 * where the file lies and lay; 'follows' looks at one version: 1 it did, 0 it did not, or is not there.
 */
typedef int fsck_version(struct desk *desk, const struct buf *text, const char *path, const char *event);
bool fsck_followed_apart(struct desk *desk, const struct texts *paths, const char *event, fsck_version *follows);
/*
 * Checks customers/: every file readable, in its place and written as ticket writes it, uids unique, tombstones empty,
 * merges that lead to somebody, the access log; and that the customers whom tickets name are there. Fails only when the
 * desk cannot be read at all.
 */
int fsck_customers(struct desk *desk, const references *named, findings *found, struct ticket_error *err);
/* Checks journal/: every line of every month's file readable, in order of recording, no id twice. */
int fsck_journal(struct desk *desk, findings *found, struct ticket_error *err);
/* Checks surveys/: every group readable, in its place, and a group; and that the ballot box can be read. */
int fsck_surveys(struct desk *desk, findings *found, struct ticket_error *err);
/* Checks kb/: every article readable. */
int fsck_articles(struct desk *desk, findings *found, struct ticket_error *err);
/* Checks actions/: every file readable, in its place, its fold as its events make it, its tickets there. */
int fsck_actions(struct desk *desk, findings *found, struct ticket_error *err);

#endif
