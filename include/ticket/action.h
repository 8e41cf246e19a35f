/* SPDX-License-Identifier: MIT */
/*
 * Improvement actions (domain B9, B10, E10): a problem that keeps coming back, what is done about it, by whom and until
 * when, and whether somebody else found that it helped. One readable file each under actions/: ticket-desk(5).
 */
#ifndef TICKET_ACTION_H
#define TICKET_ACTION_H

#include "ticket/desk.h"

/* Where an action stands; folded from its events. */
enum action_state {
	ACTION_NONE,
	ACTION_PROPOSED, /* somebody should do it: it has no owner or no due date yet */
	ACTION_OPEN,
	ACTION_DONE,     /* carried out, to be verified by somebody else */
	ACTION_VERIFIED,
	ACTION_DROPPED,
	ACTION_STATES
};
const char *action_state_word(enum action_state state); /* "proposed" …; "" for ACTION_NONE */
enum action_state action_state_from(const char *word);  /* ACTION_NONE when there is none */

enum action_kind {
	ACTION_EVENT_NONE,
	ACTION_EVENT_ADDED,
	ACTION_EVENT_EDITED,
	ACTION_EVENT_NOTED,
	ACTION_EVENT_DONE,
	ACTION_EVENT_VERIFIED,
	ACTION_EVENT_DROPPED,
	ACTION_EVENT_REOPENED,
	ACTION_EVENT_REMINDED, /* by the sweep */
	ACTION_EVENT_NOTIFIED, /* by delivery */
	ACTION_EVENT_KINDS
};
const char *action_event_word(enum action_kind kind); /* "added", "edited" …; "" for none */

/* One event. Strings are owned UTF-8, NULL when absent. */
struct action_event {
	char *id; /* 16 random hex digits; never reused */
	struct stamp at, recorded;
	char *by, *role;
	int kind; /* enum action_kind */
	char *text;      /* what was said, carried out, found */
	char *reason;    /* why it was edited, dropped or reopened */
	LIST(struct change_of) changes; /* members of the action: what they were, what they are */
	char *effective; /* verified: yes, partly, no */
	bool automatic;
	char *step;      /* reminded, notified: "ladder:NAME" */
	struct stamp due; /* reminded: the due time that the step is counted from */
	char *to, *via;  /* notified */
	char *extra;
};
void action_event_release(struct action_event *event);

struct action {
	int64_t format; /* 1 */
	char *id;       /* A-2026-0001 */
	char *uid;      /* 32 random hex digits */
	/* What changes of events set. */
	char *problem, *cause, *plan, *owner;
	struct stamp due;
	char *category, *type;  /* of tickets that it is about */
	struct texts tickets;   /* numbers */
	char *feedback;         /* what customers say of it */
	/* What happened. */
	int state;              /* enum action_state */
	char *measure;          /* what was carried out */
	struct stamp done;
	char *effective;        /* yes, partly, no */
	char *verification;     /* how that was found */
	struct stamp verified;
	LIST(struct action_event) events; /* in order of recording */
	char *extra;
};

/* Reads an action's file; 'origin' names it in errors. '*out' is owned. TICKET_STORAGE for a damaged or newer one. */
int action_parse(struct action **out, const char *text, size_t length, const char *origin, struct ticket_error *err);
/* The file's text; the same action always gives the same bytes. */
void action_write(const struct action *action, struct buf *out);
/* The same on one line, without line end. */
void action_write_line(const struct action *action, struct buf *out);
void action_free(struct action *action);
DEFINE_CLEANUP(struct action *, action_free)
#define _cleanup_action_ _cleanup_(action_free_p)

/* Is it open, and past its due time? */
bool action_is_overdue(const struct action *action, int64_t now_s);

/* The number behind a number, a unique head or tail of one, or its serial. '*out' is owned. TICKET_NOTFOUND lists candidates. */
int action_resolve(struct desk *desk, const char *word, char **out, struct ticket_error *err);
/* One action. '*out' is owned. As action_resolve; TICKET_STORAGE. */
int action_read(struct desk *desk, const char *word, struct action **out, struct ticket_error *err);
/* Every action in order of number; borrowed for the call. Non-zero from 'visit' ends it with that value. */
typedef int action_visitor(const struct action *action, void *data, struct ticket_error *err);
int action_each(struct desk *desk, action_visitor *visit, void *data, struct ticket_error *err);

/*
 * Which actions a list shows, by words: state:open,proposed owner:me category:K type:T ticket:ID effective:no
 * due.before:TIME due.after:TIME overdue, each also with '-' in front, and free text. TICKET_USAGE names what is right.
 */
struct action_query;
int action_query_parse(struct action_query **out, struct desk *desk, const char *const *words, size_t n, struct ticket_error *err);
bool action_query_matches(const struct action_query *query, const struct action *action);
void action_query_free(struct action_query *query);
DEFINE_CLEANUP(struct action_query *, action_query_free)
#define _cleanup_action_query_ _cleanup_(action_query_free_p)

/*
 * Records an event as one commit: on a new action ('words' NULL), or on each of those that are named; all or nothing.
 * 'event' says kind, time, text, reason, effective and changes (field and new value); it stays the caller's. What it
 * names must be there: people, categories, types, tickets; personal data in its texts are masked. TICKET_REFUSED by the
 * state, the policy's permission "action:added" …, or for an owner who would verify his own work. 'after' sees each.
 */
int action_record(struct desk *desk, const struct texts *words, const struct action_event *event, bool dry_run, action_visitor *after, void *data, struct ticket_error *err);

#endif
