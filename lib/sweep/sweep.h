/* SPDX-License-Identifier: MIT */
/* What the files of the sweep share. */
#ifndef SWEEP_SWEEP_H
#define SWEEP_SWEEP_H

#include "desk/change.h"
#include "ticket/check.h"

#define SWEEP_SOURCES 3 /* rows of sources.c */

/* How far the last sweep looked. */
struct swept_until {
	struct snapshot snapshot; /* zero: never, or nobody knows */
	int64_t clocks_s;         /* the next moment of a clock in that commit, TIME_NONE: none */
	int64_t sources_s[SWEEP_SOURCES]; /* the next moment of each source; INT64_MAX: none, INT64_MIN: nobody knows */
	int64_t standing_s;       /* before this moment no alarm about silence or neglect is due on what has not changed since */
};

struct sweep {
	struct change *change;
	struct desk *desk;
	int64_t now_s;
	check_visitor *visit;
	void *data;
	bool dry_run;           /* nothing is written, beside history neither */
	size_t done;
	size_t groups;          /* answers without a name that came out of the ballot box */
	struct texts swept;     /* numbers of the tickets it has changed */
	struct texts raised;    /* "ALARM NUMBER": bursts that it has told of */
	int64_t sources_s[SWEEP_SOURCES]; /* the next moments as they are known now; INT64_MAX: none */
	int64_t standing_s;     /* the next moment of silence or neglect; TIME_NONE: none is known */
	int stopped;            /* what the visitor gave it up with */
	int spared;             /* the first failure of a single ticket … */
	struct ticket_error why; /* … and what it was */
};

/* Was this step done already on the ticket? 'clock' NULL: an alarm. */
bool sweep_did(const struct ticket *ticket, const char *clock, int64_t cycle, const char *step);
/* Records a step's event (whose strings it takes over) and tells the caller of it. */
int sweep_record(struct sweep *sweep, struct ticket *ticket, struct event *event, struct ticket_error *err);
/* What a step of a clock does to a ticket: all of its event but who and when. 'out' is zeroed; the caller releases it. */
void sweep_event(const struct policy *policy, const struct ticket *ticket, const struct clock_step *step, struct event *out);
/*
 * One ticket that cannot be swept must not keep the desk from its deadlines: its failure is kept, and told when all the
 * others are done. What the visitor or the storage refuses ends the sweep: returned, with 'why' in 'err'.
 */
int sweep_spare(struct sweep *sweep, int failed, const struct ticket_error *why, struct ticket_error *err);

/*
 * The policy's alarms about what people did, over the tickets that changed since. They come first: what such an alarm
 * has done, at the moment of which it tells, can be what a ladder waits for.
 */
int sweep_news(struct sweep *sweep, const struct swept_until *since, struct ticket_error *err);
/* The others: about the tickets that the sweep itself has changed, and about what has not happened. */
int sweep_alarms(struct sweep *sweep, const struct swept_until *since, struct ticket_error *err);
/* "alarm:NAME": the key of an alarm's step; owned. */
char *alarm_step(const struct alarm *alarm);
bool alarm_was_raised(const struct ticket *ticket, const struct alarm *alarm); /* in this cycle of the ticket */
/* Does the alarm look at this ticket at all? Never at what was imported, is quarantined, archived or merged. */
bool alarm_is_for(const struct alarm *alarm, const struct ticket *ticket);
/* Records the alarm on a ticket, once in each cycle. 'at_s': when what it tells of happened. */
int alarm_raise(struct sweep *sweep, const char *number, const struct alarm *alarm, int64_t at_s, const char *why, struct ticket_error *err);

/* Silence and neglect: raises what is due on the ticket, and notes when something will be. */
int standing_look(struct sweep *sweep, const struct ticket *ticket, struct ticket_error *err);
/* The same on all tickets that could be meant. */
int standing_sweep(struct sweep *sweep, struct ticket_error *err);

/* What a survey owes on a ticket by then (D10): "sent", a second time, or "unanswered", its end; NULL: nothing. */
const char *survey_owed(const struct policy *policy, const struct ticket *ticket, int64_t now_s);
/* Does it. */
int survey_step(struct sweep *sweep, struct ticket *ticket, struct ticket_error *err);
/* Shows it while it is still to come. */
int survey_soon(struct sweep *sweep, const struct ticket *ticket, int64_t until_s, struct ticket_error *err);
/* Sends the survey of a ticket that has come to the moment for it, where the policy has the sweep do so (B6). */
int survey_look(struct sweep *sweep, const struct ticket *ticket, struct ticket_error *err);
/* Takes a group out of the ballot box when its time has come; under the sweep's change. */
int survey_box(struct sweep *sweep, struct ticket_error *err);
/* Time alone makes something due at this moment. */
void standing_comes_at(struct sweep *sweep, int64_t at_s);

void sweep_stamp_read(const struct desk *desk, struct swept_until *out);
int sweep_stamp_write(const struct sweep *sweep, struct ticket_error *err);

#endif
