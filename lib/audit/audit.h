/* SPDX-License-Identifier: MIT */
/* audit: what its parts share: the commit at hand, what it changed, what was found. */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include "audit/message.h"
#include "fsck/fsck.h"
#include "model/ticket.h"
#include "ticket/audit.h"
#include "ticket/range.h"

/* One file that a commit has other than at least one of its parents. */
struct changed {
	char *path;
	struct oid now;  /* zero: it is gone */
	struct oid *was; /* in each parent; zero: it was not there */
	bool is_link;
	bool came; /* a ticket that stood nowhere before, or under another number */
};

/* What is asked of a commit by those that come after it. */
struct past {
	struct oid id, tree, policy; /* policy: the folder; zero: it has none */
	int64_t committed_s;
};

/* A ticket that is no longer where it was: moved under another number, or taken away. */
struct gone {
	char *path, *uid; /* uid "": it could not be read */
	struct oid was;
	bool found;
};

/* The commit at hand. */
struct judged {
	struct store_record record;
	LIST(struct past) parents;
	LIST(struct changed) changes; /* in order of path */
	struct past self;
	struct message message;
	struct stamp made;        /* when it says that it was made */
	int64_t skew_s;           /* by how much clocks may disagree */
	char skew[DURATION_SIZE]; /* the same in words: "5m" */
	bool by_hand;
	bool begins;              /* it brings the rules, and with them the desk */
	size_t tickets;           /* files of tickets that it touched */
	size_t tickets_recorded, tickets_new; /* tickets that got events; of these new */
	bool appends, on_time;    /* are there new events, and did one happen when the commit says that something happened? */
	LIST(struct gone) gone;
};

/* A ticket as it was last seen: reading what a commit changed, one reading of two is saved. */
struct known {
	struct oid blob;
	struct ticket *ticket;
};

struct audit {
	/* Its store is borrowed; its rules, its clock and who acts are those of the commit at hand. No rules: none can be read. */
	struct desk desk;
	int64_t now_s;
	bool strict;
	audit_visitor *visit;
	void *data;
	struct audit_counts *counts;
	struct judged commit;
	findings found; /* in the commit at hand */
	struct ticket_view view;  /* of the file at hand */
	struct buf written;       /* what it should be */
	bool begun;               /* a commit before this one brought the rules */
	struct known known[1024]; /* each where its blob's id says */
	struct past pasts[256];   /* the same */
};

/* A finding at a file of the commit at hand ("": at the commit itself), printf-formatted. */
#define report(audit, where, ...) fsck_report(&(audit)->found, where, __VA_ARGS__)

/* 'store' is borrowed; so is the rest. audit_end frees what was gathered. */
void audit_begin(struct audit *audit, struct store *store, const struct desk_context *context, audit_visitor *visit, void *data, struct audit_counts *counts);
void audit_end(struct audit *audit);
/*
 * Judges commits, parents before children, and tells what was found. 'before' (may be NULL): what leads to them and is not
 * judged. 'within' (may be NULL): only those that were made in that range.
 */
int audit_commits(struct audit *audit, const oids *list, const oids *before, const struct range *within, struct ticket_error *err);
/* Tells of something that is about no commit at hand. */
int audit_tell(struct audit *audit, const struct audit_finding *finding, struct ticket_error *err);
/* What is asked of a commit; kept for a while. */
int audit_past(struct audit *audit, const struct oid *id, struct past *out, struct ticket_error *err);

/* --- the commit at hand ------------------------------------------------------------------------------------------- */

/* Judges it by everything; what is found lies in audit->found. Fails only where the history cannot be read. */
int audit_commit(struct audit *audit, struct ticket_error *err);
/* One parent has this file as it stands now: what the commit has, it has from there. */
bool changed_is_inherited(const struct judged *commit, const struct changed *changed);

/* An event by its word and id, "responded bc1ca25527f5e1e8", as the messages of commits have it. Owned. */
char *audit_label(const struct event *event);
/* What says by whom and when it was recorded: an event, a line of the journal. */
struct signature {
	const char *label; /* "responded 1f…" */
	const char *by, *role;
	struct stamp at, recorded;
	const struct stamp *ahead; /* when what stands ahead of it was recorded; NULL: nothing does */
};
/* By whom and when: against who committed, and when. What an import brings was signed elsewhere. */
void audit_signature(struct audit *audit, const char *path, const struct signature *signature);

/* What a commit has at a path; zero: nothing. */
struct oid audit_id_at(struct audit *audit, const struct past *past, const char *path);
/*
 * At a merge of two desks: is everything as ticket sync makes it of the two histories? '*judged': every file was held
 * against that. It is not where it is no such merge, or (told) one that ticket sync would not make: then each file is
 * judged like those of any commit.
 */
int audit_merge(struct audit *audit, bool *judged, struct ticket_error *err);

/* Members in which an event is not what it was: told. Are there any? */
bool audit_compare(struct audit *audit, const char *path, const struct codec *codec, const char *label, const void *was, const void *is);

/* A ticket's file; what came is left to audit_moved. */
int audit_ticket(struct audit *audit, struct changed *changed, struct ticket_error *err);
/* Once all files are judged: tickets that came under another number, and those that are gone. */
int audit_moved(struct audit *audit, struct ticket_error *err);
/*
 * An event that the commit at hand added to a ticket, which is as it stood before that: judged, appended, folded. 'bent':
 * what stood before is not what it should be, so that nothing can be said of what may follow. '*stale': the ticket's clocks
 * are older than its latest event.
 */
void audit_event(struct audit *audit, const char *path, struct ticket *ticket, const struct event *event, bool bent, bool *stale);
/* Had a rule to record this event by itself, on the ticket as it is and at that time? */
bool audit_is_by_rule(struct audit *audit, const struct ticket *ticket, const struct event *event);
/* What the message says of a ticket, against the events that it got: those of 'ticket' for which 'own' is set. */
void audit_said(struct audit *audit, const char *path, const struct ticket *ticket, const bool *own);
/* What the message says of the whole, against what was done. */
void audit_message(struct audit *audit);

/* The rules of the desk. */
int audit_rules(struct audit *audit, struct ticket_error *err);
/* At a merge: a file, or (NULL) the rules, was changed in one of the histories only, and is here as the other has it. */
int audit_is_dropped(struct audit *audit, const char *path, bool *out, struct ticket_error *err);
/* An action, a customer, a line-by-line record, a file that never changes. */
int audit_action(struct audit *audit, struct changed *changed, struct ticket_error *err);
int audit_customer(struct audit *audit, struct changed *changed, struct ticket_error *err);
int audit_lines(struct audit *audit, struct changed *changed, struct ticket_error *err);
int audit_kept(struct audit *audit, struct changed *changed, struct ticket_error *err);

#endif
