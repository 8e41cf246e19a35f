/* SPDX-License-Identifier: MIT */
/*
 * The outbox: .git/ticket/outbox/, private, never in history. One file per notice, ID.json; failed/ID.json for those given
 * up; 'stamp', the commit whose events have all been turned into notices; 'lock', held by a delivery run.
 */
#ifndef DELIVER_OUTBOX_H
#define DELIVER_OUTBOX_H

#include "deliver/notice.h"

struct outbox;

/* Opens the outbox beneath a private folder (".git/ticket/"), making it where missing. '*out' is owned. TICKET_STORAGE. */
int outbox_open(struct outbox **out, const char *private, struct ticket_error *err);
void outbox_close(struct outbox *outbox); /* gives up the lock */
DEFINE_CLEANUP(struct outbox *, outbox_close)
#define _cleanup_outbox_ _cleanup_(outbox_close_p)

/* Makes this the one delivery run; TICKET_BUSY when there is another. Putting needs no lock. */
int outbox_lock(struct outbox *outbox, struct ticket_error *err);

/* Adds a complete notice; '*put' tells whether it was new. One of that id, waiting or given up, is left as it is. */
int outbox_add(struct outbox *outbox, const struct notice *notice, bool *put, struct ticket_error *err);
/* Replaces a notice's file. Needs the lock. */
int outbox_update(struct outbox *outbox, const struct notice *notice, struct ticket_error *err);
/* The notice is done with. Needs the lock. */
int outbox_remove(struct outbox *outbox, const char *id, struct ticket_error *err);
/* Moves it to those given up. Needs the lock. */
int outbox_give_up(struct outbox *outbox, const struct notice *notice, struct ticket_error *err);
/* Makes removals durable. */
int outbox_sync(struct outbox *outbox, struct ticket_error *err);

/* Is a notice of that id here, waiting or given up? */
bool outbox_has(const struct outbox *outbox, const char *id);

typedef LIST(struct notice) notices;
/*
 * All waiting notices, oldest first. A damaged file doesn't keep the others: it is set aside under failed/, when the lock
 * is held, and named in 'damaged' (may be NULL). Owned: notices_release.
 */
int outbox_list(struct outbox *outbox, notices *out, struct texts *damaged, struct ticket_error *err);
void notices_release(notices *list);
/* The order in which notices go out: by time, then number, then id. For qsort. */
int notice_compare(const void *a, const void *b);

/* The stamp: hex id of a commit. '*out' is owned, NULL when there is none (or none that makes sense). */
int outbox_stamp(const struct outbox *outbox, char **out, struct ticket_error *err);
int outbox_stamp_set(struct outbox *outbox, const char *commit, struct ticket_error *err);

#endif
