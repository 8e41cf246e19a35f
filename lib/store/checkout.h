/* SPDX-License-Identifier: MIT */
/* The working files: never overwriting what people did by hand, never through a link, never half-way after a crash. */
#ifndef STORE_CHECKOUT_H
#define STORE_CHECKOUT_H

#include "store/change.h"

/* TICKET_REFUSED when a working file that 'edits' (sorted) replace isn't as the base has it. */
int checkout_check(struct store *store, const struct edit *edits, size_t n, struct ticket_error *err);

/*
 * Brings working files to what 'edits' say; 'pack' (may be NULL) holds the content of those without bytes. With
 * 'replace' what is there may be anything. Fills in edit->st where index entries are wanted.
 */
int checkout_write(struct store *store, struct edit *edits, size_t n, const struct pack *pack, bool replace, struct ticket_error *err);

/* Notes that the checkout is on its way from one commit to another, before anything of it is touched. */
int journal_write(struct store *store, const struct oid *old_commit, const struct oid *new_commit, struct ticket_error *err);
void journal_remove(struct store *store);

/*
 * Clears up after a process that died with the lock: its lock files, and a checkout on its way (the files that are in
 * its old or its new state go to that of HEAD; any others were edited by hand and stay). Needs the lock.
 */
int checkout_recover(struct store *store, struct ticket_error *err);
bool checkout_is_interrupted(struct store *store);

void edits_release(struct edit *edits, size_t n);

#endif
