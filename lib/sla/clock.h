/* SPDX-License-Identifier: MIT */
/* Inside the clocks: the history of a ticket, and the runs of its targets through it. */
#ifndef SLA_CLOCK_H
#define SLA_CLOCK_H

#include "ticket/clock.h"

/* How the ticket stood from an event on. */
struct moment {
	const struct event *event;
	int64_t at_s;
	int state;               /* enum ticket_state */
	const char *waiting_for; /* borrowed from the events */
	bool quarantined, assigned, prioritised;
	int64_t cycle;           /* of the ticket */
	size_t book;             /* the rules in force: index into history->books */
};

/* Rules that a ticket was judged by for a while: one for each policy that a retargeting names, and the present one. */
struct book {
	const struct policy *policy;
	const struct calendars *calendars;
};

/*
 * The history of a ticket: its events in the order in which they happened (the opening first, whatever its time), how
 * the ticket stood after each, and which rule of each target name was in force.
 */
struct history {
	const struct ticket *ticket;
	const struct policy *policy;       /* the present one */
	const struct calendars *calendars;
	LIST(struct book) books;           /* the present one first */
	struct ticket then;       /* folded as far as 'moments'; its events are borrowed or shallow copies */
	bool copied;              /* they are copies */
	LIST(struct moment) moments;
	struct texts names;       /* of the targets, in the present policy's order; then those that only former ones have */
	const struct target **rules; /* rules[name * moments.n + moment] */
	int64_t end_s;            /* the latest event */
	bool apart;               /* recurring cycles are not to be joined */
};
/* TICKET_NOTFOUND when a rule names a calendar that is missing. 'history' is zeroed; release it in any case. */
int history_open(struct history *history, const struct ticket *ticket, const struct policy *policy, const struct calendars *calendars, struct ticket_error *err);
void history_release(struct history *history);
#define _cleanup_history_ _cleanup_(history_release)
const struct target *history_rule(const struct history *history, size_t name, size_t moment);
/* The calendar that a rule counts on, of the book that the rule is from. */
const struct calendar *history_calendar(const struct history *history, const struct target *rule);
/* The policy in force from a moment on. */
const struct policy *history_policy(const struct history *history, const struct moment *moment);
/* Hands out the policy of an id before a retargeting; see calendars_former(). */
int calendars_find_former(const struct calendars *calendars, const char *id, struct book *out, struct ticket_error *err);

/* A stretch of a run in which rule, pause and the ticket's state stay the same. */
struct stretch {
	int64_t from_s, to_s;
	const struct target *rule;
	const struct moment *moment; /* how the ticket stood; borrowed from the history */
	bool paused;
	int64_t counted_s;
	bool due_set; /* the deadline in force */
	int64_t due_s;
};

/* One clock as it runs: from its start through stretches to its end. */
struct run {
	const struct history *history;
	const struct target *rule;
	const struct calendar *calendar;
	const struct moment *moment; /* how the ticket stands */
	int64_t cycle;
	int64_t count;         /* of recurring ones: how many of the same verdict this stands for; 0 and 1 are one */
	int64_t from_s, first_s; /* 'first_s': of the first of several */
	int64_t at_s;          /* computed as far as here */
	int64_t limit_s;       /* counted seconds allowed */
	int64_t consumed_s, paused_s;
	bool paused, missed;   /* missed: the deadline passed while it ran */
	bool fixed;            /* the deadline is a time of day: pauses don't move it */
	int64_t fixed_due_s;
	bool due_set;
	int64_t due_s;
	const struct event *done_by; /* met or met late */
	int64_t done_s;
	bool ended;            /* cut off without having been done */
	int64_t ended_s;
	LIST(struct stretch) stretches;
	int64_t later_s;       /* of a window with no step left: the first step of the next window … */
	char *later;           /* … and its name; owned; NULL: none */
};
typedef LIST(struct run) runs;

void run_start(struct run *run, const struct history *history, const struct target *rule, const struct moment *moment, int64_t from_s, int64_t cycle);
/* The same with a deadline at a time of day. */
void run_start_fixed(struct run *run, const struct history *history, const struct target *rule, const struct moment *moment, int64_t from_s, int64_t due_s,
		     int64_t cycle);
void run_advance(struct run *run, int64_t to_s);
/* From here on the ticket stands so, and this rule is in force. */
void run_change(struct run *run, const struct target *rule, const struct moment *moment);
void run_finish(struct run *run, const struct event *event);
void run_cut(struct run *run, int64_t at_s);
enum verdict run_verdict(const struct run *run);
bool run_is_over(const struct run *run);
/* The counted seconds that its rule allows. */
int64_t run_limit(const struct run *run);
/* The moment of a warning of its rule; false when there is none that could still be given. */
bool run_warning(const struct run *run, const char *word, int64_t *at_s);
/* The instant at which so many counted seconds are consumed: behind or ahead; false when that is not known (paused). */
bool run_reaches(const struct run *run, int64_t counted_s, int64_t *at_s);
void run_release(struct run *run);
void runs_release(runs *list);

/* Everything that the targets of one name (index into history->names) make of the history, advanced to 'now_s'. */
void follow_target(runs *out, const struct history *history, size_t name, int64_t now_s);

/* The steps of a run; empty when it is over or paused, but for a window that was missed: that has those which came while it lasted. */
void run_steps(clock_steps *out, const struct run *run);
/* Fills a clock for ticket files, 'next' included. */
void run_clock(struct clock *out, const struct run *run);

#endif
