/* SPDX-License-Identifier: MIT */
/* A merge done again, for whoever asks whether it was done as ticket sync does it. */
#ifndef SYNC_REPLAY_H
#define SYNC_REPLAY_H

#include "desk/desk.h"

/* A file that is other in the merge than on our side. */
struct merged_file {
	char *path;
	struct oid id;   /* zero: it is gone */
	struct buf text; /* what was made of both sides; empty where one of them has it so */
	size_t order;    /* in which it was done */
};
typedef LIST(struct merged_file) merged_files;
/*
 * What the merge of two histories makes of our side: the same in every desk, for it follows from the two commits alone, by
 * our side's rules, which are those of 'desk'. 'policy': "ours" or "theirs", where both sides changed the rules. In order
 * of path; nothing is written. TICKET_REFUSED where the histories have nothing in common, or have what sync would refuse to
 * merge; TICKET_STORAGE where a file of either cannot be read.
 */
int sync_replay(merged_files *out, struct desk *desk, const struct snapshot *ours, const struct snapshot *theirs, const char *policy, struct ticket_error *err);
/* The file at a path, or NULL: it is as on our side. */
const struct merged_file *merged_at(const merged_files *files, const char *path);
void merged_files_release(merged_files *files);

#endif
