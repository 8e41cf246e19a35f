/* SPDX-License-Identifier: MIT */
/* What the files of lib/sync share: a merge under way, what is told of it, and the remote. */
#ifndef SYNC_SYNC_H
#define SYNC_SYNC_H

#include "desk/change.h"
#include "sync/replay.h"
#include "ticket/sync.h"

/* --- what is told ---------------------------------------------------------------------------------------------- */

/* All that became of records, over every round of a sync. Zeroed is empty. */
struct report {
	LIST(struct sync_item *) items;
	void *moved;     /* tsearch tree of those that came, went or were merged, by record */
	size_t came, went, merged;
};
/* A record came or went; one that did both was merged. */
void report_moved(struct report *report, const char *record, bool came, bool went);
/* Anything else; 'old' and 'note' may be NULL. Told once, in however many rounds. */
void report_said(struct report *report, enum sync_fate fate, const char *record, const char *old, const char *note);
/* What people call the record in a file: the number of a ticket, customer or action, else the path. Owned. */
char *record_in(const char *path);
void report_release(struct report *report);

/* --- one merge ------------------------------------------------------------------------------------------------- */

/* A path that ours and theirs have differently. */
struct site {
	char *path;
	struct oid ours, theirs; /* zero: not there */
	uint32_t mode;           /* of theirs */
	bool ours_changed, theirs_changed; /* since they parted */
};

/* A customer whom one side registered later than the other side another, under the same number. */
struct moved_customer {
	bool theirs;      /* which side's he is */
	char *old, *new;  /* numbers */
};

struct merging {
	struct desk *desk;
	struct change *change; /* NULL: it is only done again, and 'made' gets what comes of it */
	struct store_change *files;
	merged_files *made;
	struct snapshot ours, theirs;
	snapshots bases;
	LIST(struct site) sites; /* in order of path */
	LIST(struct moved_customer) customers; /* by merge_customers, for the tickets */
	const struct sync_options *options;
	struct report *report;
};

/* Finds the sites. TICKET_REFUSED for a link, or a path that no desk can have. */
int merging_compare(struct merging *merging, struct ticket_error *err);
/* The site of a path, or NULL. */
struct site *merging_site(const struct merging *merging, const char *path);
/* The site becomes what theirs has; a file becomes a new one, or goes. */
int merging_take(struct merging *merging, const struct site *site, struct ticket_error *err);
int merging_put(struct merging *merging, const char *path, const char *text, size_t n, struct ticket_error *err);
int merging_remove(struct merging *merging, const char *path, struct ticket_error *err);
void merging_release(struct merging *merging);

/* Finds the sites, and puts in its place what becomes of each: the sites of each kind. */
int merging_all(struct merging *merging, struct ticket_error *err);
int merge_policy(struct merging *merging, struct ticket_error *err);
int merge_tickets(struct merging *merging, struct ticket_error *err);
int merge_customers(struct merging *merging, struct ticket_error *err);
int merge_actions(struct merging *merging, struct ticket_error *err);
int merge_lines(struct merging *merging, struct ticket_error *err);
int merge_files(struct merging *merging, struct ticket_error *err);

/* --- the remote ------------------------------------------------------------------------------------------------ */

struct remote {
	struct desk *desk;
	char *const *environment;
	char *name;   /* what git is told */
	char *branch; /* "refs/heads/main" there */
	struct oid fetched; /* what it was when it was last looked at; zero: nothing */
};
/* Which remote and which of its branches. TICKET_USAGE, TICKET_REFUSED. */
int remote_open(struct remote *remote, struct desk *desk, const struct sync_options *options, struct ticket_error *err);
/* What the branch is there; zero where the remote has no branch at all yet. TICKET_REFUSED, TICKET_STORAGE. */
int remote_fetch(struct remote *remote, struct snapshot *out, struct ticket_error *err);
/* TICKET_BUSY when it has moved on meanwhile; TICKET_REFUSED when it does not want it; TICKET_STORAGE. */
int remote_push(struct remote *remote, const struct oid *commit, struct ticket_error *err);
void remote_release(struct remote *remote);

#endif
