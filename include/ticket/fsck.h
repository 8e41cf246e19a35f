/* SPDX-License-Identifier: MIT */
/* The desk's own check: is everything on it sound? */
#ifndef TICKET_FSCK_H
#define TICKET_FSCK_H

#include "ticket/desk.h"

/*
 * Reads every ticket of HEAD and computes again all that is derived: format, path against number, order and legality
 * of the events, folded members and clocks, unique uids, keys and event ids, links both ways, attachments against their
 * digests, the customer register and who of it is named by tickets, the knowledge base, the groups of anonymous answers, the policy, and the checkout against HEAD. One finding for each flaw, 'where' the file it is in.
 * 'repair' brings the checkout back to HEAD and finishes what a kill interrupted; it never rewrites history.
 * Returns 0 (findings or not) or TICKET_STORAGE when the desk cannot be read at all.
 */
int desk_fsck(struct desk *desk, bool repair, findings *found, size_t *tickets, struct ticket_error *err);

#endif
