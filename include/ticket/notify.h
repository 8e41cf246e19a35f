/* SPDX-License-Identifier: MIT */
/*
 * Notices: who is told of what, by which way (ticket-delivery(5)). What the committed events owe is derived from them, so
 * nothing is lost when a run ends between a commit and its notices; what was delivered is an event on the ticket.
 */
#ifndef TICKET_NOTIFY_H
#define TICKET_NOTIFY_H

#include "ticket/desk.h"

enum notice_kind {
	NOTICE_NONE,
	NOTICE_EVENT,      /* something happened that a rule tells of */
	NOTICE_ASSIGNED,
	NOTICE_WARNING,
	NOTICE_BREACH,
	NOTICE_ESCALATION,
	NOTICE_ALARM,
	NOTICE_REPORT,     /* of no ticket */
	NOTICE_CUSTOMER,   /* to the customer */
	NOTICE_KINDS
};
const char *notice_word(enum notice_kind kind); /* "event", "assigned" …; "" for NOTICE_NONE */

/* A file that goes with a notice by mail. */
struct notice_file {
	char *name; /* ASCII: "summary-2026-04.html" */
	char *type; /* "text/html" */
	char *data; /* base64 */
};

/* One notice to one recipient by one way. Strings are owned UTF-8, NULL when absent; times are in the desk's zone. */
struct notice {
	int64_t format;         /* 1 */
	char *id;               /* 32 hex digits, made of what it is about, whom it tells and how: the same notice is one */
	int kind;               /* enum notice_kind */
	char *ticket;           /* its number; NULL: of no ticket */
	char *action;           /* number of an improvement action, when it is of one */
	char *uid;              /* the ticket's, or the action's */
	char *event;            /* id of the event that owes it; NULL: the key says what it is about */
	char *key;              /* what it is about where no event says so: "report:week:2026-W18" */
	char *rule;             /* name of the rule that asked for it */
	char *clock, *step;     /* of the sweep's event */
	int64_t cycle;
	char *to;               /* a person's name, or "customer" */
	char *way;              /* "email", "webhook", "sms", "phone", "channel" (the one the customer came by) */
	struct texts ways;      /* all ways the rule names: one that is not set up may be left out where another is */
	char *channel;          /* the ticket's: for "channel" */
	char *customer;         /* number in the register */
	char *subject, *body;   /* rendered, masked */
	struct notice_file file; /* no name: none */
	bool urgent;            /* does not wait for the end of quiet hours */
	struct stamp created;
	struct stamp happened;  /* what it tells of; notices go out in this order */
	struct stamp not_before;   /* end of quiet hours */
	int64_t attempts;
	struct stamp next_attempt; /* after a failure: not before */
	char *error;            /* of the last attempt */
	char *message;          /* the message it goes out with (32 hex digits), once one was begun */
	struct stamp delivered; /* it went out; recording it on the ticket is left */
	char *extra;            /* members of a later version */
};
void notice_release(struct notice *notice);

/*
 * Puts a notice into the outbox, durably. Needs what, to whom and how: 'event' or 'key', 'to', 'way'; the rest is filled
 * where absent (id, format, created, quiet hours). One that is there already, or was given up, stays as it is: 0.
 * TICKET_STORAGE.
 */
int outbox_put(struct desk *desk, const struct notice *notice, struct ticket_error *err);
/* Gives a notice a file. Bytes are copied. TICKET_USAGE for more than mail servers take, or a name that cannot stand in a mail. */
int notice_attach(struct notice *notice, const char *name, const char *type, const void *bytes, size_t n, struct ticket_error *err);
/*
 * Whom words stand for that name people of no ticket: what policy_recipients knows, a person by name or address, any other
 * mail address. Names are added to 'people' once each. TICKET_NOTFOUND for a word that is nobody, or a person without address.
 */
int notice_recipients(const struct desk *desk, const struct texts *words, struct texts *people, struct ticket_error *err);
/*
 * Puts every notice that committed events owe and that isn't there yet: what came into history since the last time, by
 * the policy's notices, ladder and alarms. Repeating it changes nothing. 'put' (may be NULL) gets how many are new.
 */
int outbox_collect(struct desk *desk, size_t *put, struct ticket_error *err);

/* What the caller has from its surroundings; all borrowed, NULL where unknown. What is NULL comes from git's configuration. */
struct notify_options {
	bool retry;            /* also those that wait after a failure */
	bool dry_run;          /* nothing is delivered or written; notices owed but not yet in the outbox are shown too */
	const char *program;   /* path of ticket-deliver, which speaks SMTP and HTTP; NULL: not installed */
	char *const *environment; /* of programs that are run; NULL-terminated */
	const char *smtp_url, *smtp_user, *smtp_password, *webhook_url;
};

enum notice_outcome {
	OUTCOME_DELIVERED,
	OUTCOME_DUE,       /* dry run: would be delivered now */
	OUTCOME_QUIET,     /* waits for the end of quiet hours */
	OUTCOME_WAITING,   /* waits after a failure */
	OUTCOME_UNSET,     /* its way is not set up on this machine */
	OUTCOME_FAILED,    /* this run tried and failed: it is tried again */
	OUTCOME_GIVEN_UP,  /* too old: moved to outbox/failed */
	OUTCOMES
};
const char *outcome_word(enum notice_outcome outcome);

/* Sees what became of each notice, in order of delivery. Non-zero from it ends the run with that value. */
typedef int notice_visitor(const struct notice *notice, enum notice_outcome outcome, void *data, struct ticket_error *err);

/*
 * One delivery run: collects, delivers what is due, records what was delivered in one commit. Bounded in time whatever
 * servers do. TICKET_BUSY when another run is at it; TICKET_REFUSED when nobody knows who acts; failures of single
 * messages are no error of the run: 'visit' (may be NULL) sees them, 'counts' (may be NULL) is filled by outcome.
 */
int desk_notify(struct desk *desk, const struct notify_options *options, notice_visitor *visit, void *data, size_t counts[OUTCOMES], struct ticket_error *err);

#endif
