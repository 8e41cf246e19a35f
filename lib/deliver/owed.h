/* SPDX-License-Identifier: MIT */
/* Which notices the committed events owe: derived from history, the same every time it is asked. */
#ifndef DELIVER_OWED_H
#define DELIVER_OWED_H

#include "deliver/outbox.h"
#include "desk/desk.h"

/* Takes over a complete notice. */
typedef int owed_visitor(struct notice *notice, void *data, struct ticket_error *err);

/*
 * Every notice owed by events that came into HEAD since the commit 'stamp' (hex). Without a stamp, or when that commit is
 * gone: by events recorded in the last day. What a ticket says was delivered is left out. 'head' gets HEAD's id.
 */
int owed_each(struct desk *desk, const char *stamp, owed_visitor *visit, void *data, char head[OID_HEX_SIZE], struct ticket_error *err);

/* Of these, what the desk as a whole owes: entries of its journal since the tree 'since', recorded from 'since_s' on. */
int owed_by_desk(struct desk *desk, const struct oid *since, int64_t since_s, owed_visitor *visit, void *data, struct ticket_error *err);

/* Does the desk's journal say that this notice of no ticket was delivered? */
bool owed_desk_is_notified(struct desk *desk, const struct notice *notice);
/* Puts that into the journal, once. */
struct change;
int owed_desk_notified(struct change *change, const struct notice *notice, struct ticket_error *err);

/* Does the ticket say that this notice was delivered? */
bool owed_is_notified(const struct ticket *ticket, const struct notice *notice);

/* Sets until when quiet hours keep the notice: outside of the recipient's calendar only urgent ones go out. */
int owed_quiet_hours(struct desk *desk, struct notice *notice, struct ticket_error *err);

#endif
