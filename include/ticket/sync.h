/* SPDX-License-Identifier: MIT */
/*
 * Sync (design §11): desks are clones, a git repository that all can reach is the server. What others recorded is fetched
 * and merged with what was recorded here, record by record and never line by line; then the result is pushed.
 */
#ifndef TICKET_SYNC_H
#define TICKET_SYNC_H

#include "ticket/desk.h"

/* What became of a record. */
enum sync_fate {
	SYNC_CAME,       /* from the remote, as it was there */
	SYNC_WENT,       /* to the remote, as it was here */
	SYNC_MERGED,     /* changed on both sides: what happened on both stands in it now */
	SYNC_RENUMBERED, /* two records had one number: the later one has another now */
	SYNC_REPLACED,   /* changed on both sides, and only one could stand; 'note' says where the other is */
	SYNC_DOUBTFUL,   /* what was recorded on one side does not follow from what was recorded on the other; nothing is lost */
	SYNC_FATES
};
const char *sync_fate_word(enum sync_fate fate); /* "came" …: for programs */

/* One of them. Borrowed for the call. */
struct sync_item {
	enum sync_fate fate;
	const char *record; /* the number of a ticket, customer or action, else the path of a file */
	const char *old;    /* renumbered: the number before; else NULL */
	const char *note;   /* a sentence for people; NULL where there is nothing more to say */
};

struct sync_options {
	const char *remote;      /* a remote's name, address or folder; NULL: the branch's upstream, else "origin" */
	const char *policy;      /* "ours" or "theirs" where both sides changed the rules; NULL: refuse then */
	bool dry_run;            /* fetch and merge, but write neither here nor there */
	bool no_push;
	size_t tries;            /* how often a push that somebody else beat is tried again; 0: 8 */
	char *const *environment; /* for git */
};

/*
 * Syncs the desk's branch. The lock is held only while merging, never while the network is waited for; whatever stops it
 * leaves the desk as it was or merged. 'visit' (may be NULL) sees what became of each record, once all is done; non-zero
 * from it ends that with its value. Errors: TICKET_REFUSED for a remote that is no desk or has no history in common, for
 * rules that both sides changed, for a refusal by the remote's hooks; TICKET_BUSY when another sync is running here or the
 * remote was faster each time; TICKET_STORAGE with what git said when the remote cannot be reached; TICKET_USAGE for a
 * name that can be no remote.
 */
typedef int sync_visitor(const struct sync_item *item, void *data, struct ticket_error *err);
int desk_sync(struct desk *desk, const struct sync_options *options, sync_visitor *visit, void *data, struct ticket_error *err);

#endif
