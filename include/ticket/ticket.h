/* SPDX-License-Identifier: MIT */
/* A ticket: its head, its events, and what is folded from them. File format: ticket-desk(5). */
#ifndef TICKET_TICKET_H
#define TICKET_TICKET_H

#include "ticket/buf.h"
#include "ticket/event.h"

/* Where a ticket stands. The fold of its events decides; no command sets it. */
enum ticket_state {
	STATE_NONE,
	STATE_NEW,         /* recorded */
	STATE_TRIAGED,
	STATE_ASSIGNED,
	STATE_IN_PROGRESS, /* answered, noted or planned since it was assigned; back from a wait or a dispute */
	STATE_WAITING,
	STATE_RESOLVED,
	STATE_CONFIRMED,   /* by the customer */
	STATE_VERIFIED,    /* by the monitor's closing check */
	STATE_ARCHIVED,
	STATE_MERGED,      /* into another ticket */
	STATES
};
const char *state_word(enum ticket_state state); /* "new" … "merged"; "" for STATE_NONE */
enum ticket_state state_from(const char *word);  /* STATE_NONE when there is none */
/* Work on the problem is not finished: new … waiting. `state:open` in queries. */
bool state_is_open(enum ticket_state state);

enum verdict {
	VERDICT_NONE,
	VERDICT_RUNNING,
	VERDICT_PAUSED,
	VERDICT_MET,
	VERDICT_MET_LATE, /* done, but after the deadline: a miss stays a miss */
	VERDICT_MISSED,   /* the deadline passed and it is not done */
	VERDICT_CANCELLED,
	VERDICTS
};
const char *verdict_word(enum verdict verdict);
enum verdict verdict_from(const char *word);

/* A clock as it stood at the latest event; sla/ computes it, readers use it (ticket/clock.h). */
struct clock {
	char *target;          /* the target's name in the policy */
	int64_t cycle;         /* 1, then one more for each restart (reopening, recurrence): of the last where 'count' is set */
	int64_t count;         /* of recurring ones: how many cycles in a row with this verdict it stands for; 0: one */
	struct stamp from;     /* when it began to run */
	struct stamp due;      /* unset while paused, and when cancelled */
	struct stamp done;     /* when its 'until' happened */
	struct stamp ended;    /* when it was cut off without that: resolved, archived, merged, window over, no longer asked for */
	int verdict;           /* enum verdict */
	int64_t consumed_s;    /* counted seconds until it was done or ended, or until the latest event */
	int64_t paused_s;      /* elapsed seconds it stood still */
	struct stamp next;     /* the next moment at which the sweep has something to do with it */
	char *next_step;       /* what that is: "warn:75%", "due", "ladder:NAME" */
};
void clock_release(struct clock *clock);

struct ticket {
	int64_t format; /* 1 */
	char *id;       /* the number: WX-20231025-001 */
	char *uid;      /* 32 random hex digits: the identity across clones, never reused */
	struct stamp received;
	char *channel;
	struct {
		char *address; /* which call number, mailbox, account it came in on (C2) */
		char *key;     /* import key; unique in the desk */
		char *file;    /* what it was imported from */
	} source;
	struct {
		char *id;      /* number in the register, may be NULL */
		char *display; /* masked name, safe to show */
		char *contact; /* masked contact, safe to show */
	} customer;
	char *subject;
	char *description; /* the customer's own words (A7) */
	/* Classification: folded from opened, triaged, corrected. */
	struct texts types;
	char *category, *grade, *priority, *risk;
	char *wants;        /* remedy sought (B2, ISO 10002) */
	struct stamp expects;
	struct texts departments;
	struct pairs fields; /* what the policy's own fields ask for (C2, E1) */
	char *policy;        /* object id of the policy directory it is judged by */

	/* Folded from the events, stored for readers; fsck computes them again. */
	int state;           /* enum ticket_state */
	int64_t cycle;       /* 1, one more after each reopening */
	char *group, *assignee;
	char *waiting_for;
	char *doing;
	struct stamp eta;
	char *lead;          /* of the plan in force */
	struct stamp plan_due;
	int64_t level;       /* highest escalation level reached */
	bool delayed;        /* marked delayed by the ladder (A13) */
	bool quarantined;
	char *merged_into;   /* uid */
	struct texts aliases; /* numbers it had before */
	struct texts links;  /* uids, sorted */
	char *incident;      /* number of the ticket of the incident that it belongs to */
	struct texts covers; /* numbers of the tickets under it, where it stands for an incident */
	LIST(struct attachment) attachments;
	LIST(struct clock) clocks;

	LIST(struct event) events; /* in order of recording */
	char *extra;
};

/*
 * Reads a ticket file's text. 'origin' names it in errors. '*out' is owned: ticket_free.
 * Errors: TICKET_STORAGE for a damaged or newer file. The fold is not checked here: fsck does.
 */
int ticket_read(struct ticket **out, const char *text, size_t length, const char *origin, struct ticket_error *err);
/* The file's text; the same ticket always gives the same bytes. */
void ticket_write(const struct ticket *ticket, struct buf *out);
/* The same on one line, without line end: for JSON Lines and arrays. */
void ticket_write_line(const struct ticket *ticket, struct buf *out);
struct ticket *ticket_copy(const struct ticket *ticket);
void ticket_free(struct ticket *ticket);
DEFINE_CLEANUP(struct ticket *, ticket_free)
#define _cleanup_ticket_ _cleanup_(ticket_free_p)

#endif
