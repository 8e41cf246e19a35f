/* SPDX-License-Identifier: MIT */
/* A desk: a git repository of tickets, customers and rules, and the changes made to it. */
#ifndef TICKET_DESK_H
#define TICKET_DESK_H

#include "ticket/clock.h"
#include "ticket/policy.h"

struct desk;

/* Who acts, when, and how long a busy desk is waited for. Borrowed strings must outlive the desk. */
struct desk_context {
	const char *folder;      /* where to look from; NULL: the current directory */
	const char *as;          /* person; NULL: git's user.name and user.email */
	int64_t now_s;           /* the clock: no other is ever read */
	int64_t (*clock)(void);  /* but this one, NULL or not, where something is recorded: a change may have waited long, for an editor or a lock */
	int64_t lock_wait_ms;    /* 0: 10 seconds */
	void (*progress)(void *data, const char *what, size_t done, size_t total); /* may be NULL; called about every 100 ms */
	void *progress_data;
};

/* Finds a desk at the folder or above. '*out' is owned. TICKET_NOTFOUND, or as store_open and policy_read say. */
int desk_open(struct desk **out, const struct desk_context *context, struct ticket_error *err);
/*
 * From here on the desk is read as it was at a revision: its tickets, its rules, and its clock, which stands at the time
 * that was named, else at that of the commit. For reading only. TICKET_NOTFOUND. What was borrowed from the desk before
 * is gone: its zone, its policy.
 */
int desk_as_of(struct desk *desk, const char *revision, struct ticket_error *err);
void desk_close(struct desk *desk);
DEFINE_CLEANUP(struct desk *, desk_close)
#define _cleanup_desk_ _cleanup_(desk_close_p)

/*
 * Makes a desk in 'folder' (created where missing; an existing repository is taken when it has no 'policy' or 'tickets')
 * with the preset 'policy' found in 'presets_folder'. 'checkout': "full", "files" or "none".
 */
int desk_init(const char *folder, const char *presets_folder, const char *policy, const char *checkout, const struct desk_context *context, struct ticket_error *err);

const struct policy *desk_policy(const struct desk *desk); /* of HEAD; borrowed */
/*
 * The rules a ticket is judged by: the policy and calendars it was opened under, or HEAD's (ticket NULL). Either
 * result may be NULL when it is not wanted. Borrowed from the desk. TICKET_STORAGE when the repository lacks them.
 */
int desk_rules(struct desk *desk, const struct ticket *ticket, const struct policy **policy, const struct calendars **calendars, struct ticket_error *err);
const struct zone *desk_zone(const struct desk *desk);
int64_t desk_now(const struct desk *desk);
const char *desk_actor(const struct desk *desk); /* who acts; NULL when neither --as nor git's user.name says it; borrowed */
/*
 * May the actor do what is no event of a ticket: "reveal", "forget", "export", "policy", "inspect" …, by the policy's permission
 * for it? Without one everybody of the desk may. 'reason' (may be NULL) is what it can need. TICKET_REFUSED says whose it is.
 */
int desk_allows(const struct desk *desk, const char *act, const char *reason, struct ticket_error *err);
const char *desk_root(const struct desk *desk); /* work tree, NULL when bare */

/* --- reading --------------------------------------------------------------------------------------------------- */

/*
 * The full number behind a number, an alias, or a unique head or tail of one. '*out' is owned.
 * TICKET_NOTFOUND lists the candidates when it is ambiguous.
 */
int desk_resolve(struct desk *desk, const char *word, char **out, struct ticket_error *err);
/* Adds at most 'most' numbers that begin with 'word'; where none does, those that it names otherwise (a tail, a former number). For completion. */
int desk_numbers(struct desk *desk, const char *word, size_t most, struct texts *out, struct ticket_error *err);
/*
 * Reads one ticket; "NUMBER@REV" reads it as of a revision or date ("@2026-05-01", "@HEAD~3"), also under a number that it
 * had then, and when it is gone since. '*out' is owned.
 */
int desk_read(struct desk *desk, const char *word, struct ticket **out, struct ticket_error *err);
/* Every ticket of HEAD (or of 'revision'), in order of number. Non-zero from 'visit' ends it with that value. */
typedef int desk_visitor(struct ticket *ticket, void *data, struct ticket_error *err);
int desk_each(struct desk *desk, const char *revision, desk_visitor *visit, void *data, struct ticket_error *err);

/* --- changing -------------------------------------------------------------------------------------------------- */

/*
 * One change: from begin to commit the desk is locked; it ends as one commit or as none.
 *   change_begin, then change_ticket / change_new and change_record as often as needed, then change_commit.
 */
struct change;
int change_begin(struct change **out, struct desk *desk, struct ticket_error *err);
void change_free(struct change *change); /* gives up what was not committed; unlocks */
DEFINE_CLEANUP(struct change *, change_free)
#define _cleanup_change_ _cleanup_(change_free_p)

/* The ticket as it will be after this change so far; borrowed from the change. */
int change_ticket(struct change *change, const char *word, struct ticket **out, struct ticket_error *err);
/*
 * Takes over a draft (head members and first event's data filled in; number, uid, policy and state are given here) and
 * records its 'opened' event. '*out' is borrowed from the change. The draft is consumed in any case.
 */
int change_new(struct change *change, struct ticket *draft, struct event *opened, struct ticket **out, struct ticket_error *err);
/*
 * Records an event: gives it id, recording time, actor and role; checks it (flow), folds it, brings the clocks up to
 * date. 'event' is consumed in any case. '*out' (may be NULL) is borrowed from the ticket until the next record.
 */
int change_record(struct change *change, struct ticket *ticket, struct event *event, const struct event **out, struct ticket_error *err);
/*
 * What follows is the past, imported: times stay as given, 'recorded', 'by' and 'role' too where set, nobody is asked for leave or
 * reasons, and no notices arise from it.
 */
void change_past(struct change *change);
/* Puts or (bytes NULL) removes a file of the desk that is no ticket: a policy, customer, article, attachment. */
int change_file(struct change *change, const char *path, const void *bytes, size_t n, struct ticket_error *err);
/* Another subject line than the default "NUMBER: event"; printf-formatted. */
void change_subject(struct change *change, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One durable commit, or (dry_run) only the checks. Without anything recorded it does nothing. */
int change_commit(struct change *change, bool dry_run, struct ticket_error *err);

/*
 * Records one event on several tickets: one change, one commit, all or nothing. 'event' is copied for each, so the
 * caller keeps it. 'after' (may be NULL) sees each ticket as it then is; non-zero from it gives the change up.
 */
int desk_record(struct desk *desk, const struct texts *numbers, const struct event *event, bool dry_run, desk_visitor *after, void *data, struct ticket_error *err);

/* --- steps that take more than one event ----------------------------------------------------------------------- */

/*
 * Takes a file into the desk: stored once by its SHA-256 under attachments/. 'out' (zeroed) gets name, digest and size;
 * the caller puts it on an event. TICKET_REFUSED over the policy's limit, TICKET_NOTFOUND for a file that cannot be read.
 */
int change_attach(struct change *change, const char *file, struct attachment *out, struct ticket_error *err);
/* The content of an attachment, checked against its digest: TICKET_STORAGE when it is missing or differs. */
int desk_attachment(struct desk *desk, const struct attachment *attachment, struct buf *out, struct ticket_error *err);

/*
 * Fills group, person and departments of an assignment by the policy's routing (A9, C7, D7); within a group the person
 * with the fewest open tickets who is not away. TICKET_REFUSED when no route matches.
 */
int change_route(struct change *change, const struct ticket *ticket, struct event *assigned, struct ticket_error *err);

/* Merges a ticket into another: both stay, each with an event that names the other. */
int change_merge(struct change *change, struct ticket *from, struct ticket *into, const char *reason, const struct stamp *at, struct ticket_error *err);
/* Takes the merge of 'from' back; both histories are kept. TICKET_REFUSED when it is not merged. */
int change_unmerge(struct change *change, struct ticket *from, const char *reason, const struct stamp *at, struct ticket_error *err);
/* Links two tickets to each other, or (remove) unlinks them, also a ticket from its incident. */
int change_link(struct change *change, struct ticket *one, struct ticket *two, bool remove, const struct stamp *at, struct ticket_error *err);
/*
 * Puts a ticket under the one that stands for an incident. A ticket belongs to one incident, and an incident to none:
 * else TICKET_REFUSED.
 */
int change_incident(struct change *change, struct ticket *incident, struct ticket *ticket, const struct stamp *at, struct ticket_error *err);
/*
 * Records one event on incidents and on all tickets under them that are still open, each by its own state, clocks and
 * gates, as one commit. When some refuse it nothing is recorded (TICKET_REFUSED lists them), or with 'keep_going' the
 * others are (TICKET_PARTIAL lists those left out). Else as desk_record.
 */
int desk_record_incidents(struct desk *desk, const struct texts *numbers, const struct event *event, bool keep_going, bool dry_run, desk_visitor *after, void *data,
			  struct ticket_error *err);
/* Opens a new ticket with part of another's matter: same customer and channel, both name each other. */
int change_split(struct change *change, struct ticket *from, const char *subject, const char *text, const struct stamp *at, struct ticket **out, struct ticket_error *err);
/*
 * Adds one FIELD=VALUE to a correction: checks that the field may be corrected and notes its old value. Fields are head
 * members ("subject", "customer.display", "types") and "field.NAME". TICKET_USAGE names what is right.
 */
int change_correction(const struct desk *desk, const struct ticket *ticket, const char *field, const char *value, struct event *corrected, struct ticket_error *err);

/* --- history --------------------------------------------------------------------------------------------------- */

/* A commit of a desk's history, as `ticket log` shows it. Borrowed for the call. */
struct log_entry {
	const char *commit;  /* hex */
	const char *author, *email, *subject, *message;
	struct stamp happened, recorded;
};
typedef int log_visitor(const struct log_entry *entry, void *data, struct ticket_error *err);
/* History of the desk (word NULL) or of one ticket, newest first. Non-zero from 'visit' ends it; positive is no error. */
int desk_log(struct desk *desk, const char *word, log_visitor *visit, void *data, struct ticket_error *err);

#endif
