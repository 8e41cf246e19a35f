/* SPDX-License-Identifier: MIT */
/* Was history ever bent? Every commit judged by what it may do; an anchor outside; the check before a push is taken. */
#ifndef TICKET_AUDIT_H
#define TICKET_AUDIT_H

#include "ticket/desk.h"

/* Something that a commit did and may not do. Borrowed for the call. */
struct audit_finding {
	const char *commit;    /* hex; of an anchor or a branch the commit that it is about */
	struct stamp recorded; /* when the commit says that it was made; unset where it is not known */
	const char *author;    /* who made it, as it says; NULL where it is not known */
	const char *where;     /* the file or branch; NULL: the commit itself */
	const char *what;
	bool by_hand;          /* not made by this program: git commit */
};
/* Non-zero ends the audit with that value. */
typedef int audit_visitor(const struct audit_finding *finding, void *data, struct ticket_error *err);

/* A line to be kept elsewhere, that a rewritten history can be held against. */
struct audit_anchor {
	char commit[41];
	struct stamp taken; /* unset where a commit is named by hand */
	int64_t commits, tickets, events; /* up to that commit, and on it */
};
typedef LIST(struct audit_anchor) audit_anchors;

struct audit_options {
	const char *range;     /* A..B, A.., ..B or REV, each a revision or a time; NULL: all that leads to HEAD */
	struct stamp since, until; /* half-open, by when a commit was made; unset: no bound */
	audit_anchors anchors; /* must lead to the range's end; what leads to them is not judged again */
	bool strict;           /* commits made by hand are findings, whatever they did */
};

struct audit_counts {
	size_t commits, by_hand, findings;
};

/*
 * Judges every commit of a range against its parents, parents first: events only appended, legal by the rules that were
 * in force, signed by who committed them, at plausible times; what is derived as it follows from them; everything
 * else on the desk only changed as it may be; a merge what ticket sync makes of its parents (ticket/sync.h). 'visit' is
 * called for each finding. Returns 0 (findings or not), TICKET_NOTFOUND for an unknown revision, TICKET_USAGE,
 * TICKET_STORAGE when the history cannot be read.
 */
int desk_audit(struct desk *desk, const struct audit_options *options, audit_visitor *visit, void *data, struct audit_counts *counts, struct ticket_error *err);

/* The anchor of HEAD. TICKET_REFUSED without any commit; TICKET_STORAGE. */
int audit_anchor_take(struct desk *desk, struct audit_anchor *out, struct ticket_error *err);
/* As one line, without line end; owned. */
char *audit_anchor_line(const struct audit_anchor *anchor);
/* Adds every anchor that stands in a text, whatever stands around them: a mail, a page typed again. */
void audit_anchors_read(audit_anchors *out, const char *text);
/* Adds one for a commit by its whole id, or by any revision of the desk. TICKET_NOTFOUND. */
int audit_anchors_name(audit_anchors *out, struct desk *desk, const char *word, struct ticket_error *err);

/*
 * The check before a push is taken, as git's pre-receive hook: 'updates' are its lines, "OLD NEW REF". Judges what would
 * be added to the branches; a branch of a desk whose former end does not lead to its new one is a finding, and so is
 * taking away the branch that the desk stands on. 'objects' (may be NULL): folders of objects not yet taken, joined by ':'. Returns as
 * desk_audit; a repository without any commit is no error.
 */
int audit_receive(const struct desk_context *context, const char *objects, const char *updates, bool strict, audit_visitor *visit, void *data,
		  struct audit_counts *counts, struct ticket_error *err);

#endif
