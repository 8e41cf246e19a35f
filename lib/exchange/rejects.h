/* SPDX-License-Identifier: MIT */
/* The rejects of a plan: gathered once all is known, and written as a file of the same kind. */
#ifndef EXCHANGE_REJECTS_H
#define EXCHANGE_REJECTS_H

#include "exchange/plan.h"
#include "ticket/import.h"

/* Adds the rows of all rejected drafts to plan->rejects and sorts them as they stand in the file. */
void rejects_gather(struct plan *plan);
/* Appends the file; nothing when there are none. */
void rejects_write(const struct plan *plan, struct buf *out);

void rejects_release(import_rejects *rejects);

#endif
