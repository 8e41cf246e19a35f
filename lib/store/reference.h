/* SPDX-License-Identifier: MIT */
/* HEAD and the branch it stands for: reading and moving it. */
#ifndef STORE_REFERENCE_H
#define STORE_REFERENCE_H

#include "store/repository.h"

/* What HEAD stands for: a branch, or "HEAD" itself when detached. */
struct branch {
	char *name;
	struct oid id; /* zero: no commit yet */
};
int branch_read(struct branch *out, struct store *store, struct ticket_error *err);
void branch_release(struct branch *branch);
#define _cleanup_branch_ _cleanup_(branch_release)

/*
 * Moves the branch from branch->id to 'new', durably. TICKET_BUSY when it is no longer at branch->id or git keeps it
 * locked. Writes no reflog: the history itself says what happened, and reflogs grow for ever.
 */
int branch_move(struct store *store, const struct branch *branch, const struct oid *new, struct ticket_error *err);
/* Clears what a killed process left of branch_move. */
void branch_recover(struct store *store);

#endif
