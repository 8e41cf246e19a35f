/* SPDX-License-Identifier: MIT */
/* Matching: what a file says now against what the desk was told before, so that the same file twice adds nothing. */
#ifndef EXCHANGE_MATCH_H
#define EXCHANGE_MATCH_H

#include "exchange/plan.h"
#include "ticket/desk.h"

/* What a draft adds to a ticket that is there. */
struct additions {
	struct event corrected; /* with the changed values; nothing changed: no changes */
	LIST(size_t) events;    /* indexes into draft.events of those the ticket lacks */
};

/*
 * Compares a draft with the ticket of the same key. Values are held against what the last import said, not against what
 * people made of them since: a ticket triaged on the desk is not triaged back.
 */
void match_draft(struct additions *out, const struct plan *plan, const struct draft *draft, const struct ticket *ticket);
bool additions_none(const struct additions *additions);
void additions_release(struct additions *additions);

#endif
