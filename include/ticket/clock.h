/* SPDX-License-Identifier: MIT */
/*
 * Clocks: what a policy's targets mean for one ticket (ticket-policy(5), "Targets").
 *
 * A clock is a pure function of the ticket's events, its policy and its calendars: nothing here remembers, and nothing
 * depends on when somebody looked. What is stored in a ticket is how the clocks stood at its latest event; what depends
 * on the present is computed on reading.
 */
#ifndef TICKET_CLOCK_H
#define TICKET_CLOCK_H

#include "ticket/policy.h"

/* --- calendars by name ------------------------------------------------------------------------------------------ */

/* The calendars of a desk. "always" is among them from the start. */
struct calendars;

/* 'time_zone' is the desk's: of "always" and of calendars that name none. '*out' is owned. TICKET_NOTFOUND: unknown zone. */
int calendars_new(struct calendars **out, const char *time_zone, struct ticket_error *err);
void calendars_free(struct calendars *calendars);
DEFINE_CLEANUP(struct calendars *, calendars_free)
#define _cleanup_calendars_ _cleanup_(calendars_free_p)
/*
 * Reads a calendar file and files it under 'name' (the file's name without ".json"; the calendar must call itself so).
 * Errors as calendar_read's; TICKET_USAGE for a wrong or repeated name.
 */
int calendars_add(struct calendars *calendars, const char *name, const char *text, size_t length, const char *origin, struct ticket_error *err);
/* The calendar of that name, or NULL; a name of NULL is "always". Borrowed. */
const struct calendar *calendars_get(const struct calendars *calendars, const char *name);
/* All names but "always", in the order they were added. Borrowed. */
const struct texts *calendars_names(const struct calendars *calendars);
const struct zone *calendars_zone(const struct calendars *calendars); /* the desk's; borrowed */

/*
 * The rules that a ticket had before `policy apply` moved it to others: what happened under them is judged by them.
 * Gives the policy and calendars of a policy directory, by its object id; borrowed. TICKET_STORAGE when it is lost.
 */
typedef int rules_finder(void *data, const char *id, const struct policy **policy, const struct calendars **calendars, struct ticket_error *err);
/* Says where former rules are found. Without it a ticket is judged by the present ones from its beginning, as `policy simulate` wants it. */
void calendars_former(struct calendars *calendars, rules_finder *find, void *data);

/* --- clocks ----------------------------------------------------------------------------------------------------- */

/*
 * Replaces ticket->clocks by what its events say, as of the latest of them. Called after events were recorded (once
 * after several is enough: it looks at all of them). TICKET_NOTFOUND when a rule names a calendar that is missing.
 */
int clocks_update(struct ticket *ticket, const struct policy *policy, const struct calendars *calendars, struct ticket_error *err);

/* A clock at a moment. */
struct clock_view {
	struct clock clock;        /* owned */
	const struct target *rule; /* in force; borrowed from the policy */
	int64_t limit_s;           /* counted seconds it may take in all */
	int64_t left_s;            /* counted seconds until it is due; negative: beyond it */
	int percent;               /* of the limit that is used up; may exceed 100 */
	bool at_risk;              /* runs, and its first warning is past */
	bool overdue;              /* not done, and its deadline is past */
};
typedef LIST(struct clock_view) clock_views;
/* Every clock of the ticket at 'now_s' (or at its latest event, if that is later), in the order of ticket->clocks. Owned: clock_views_release. */
int clocks_evaluate(clock_views *out, const struct ticket *ticket, const struct policy *policy, const struct calendars *calendars, int64_t now_s,
		    struct ticket_error *err);
void clock_views_release(clock_views *views);

/* What the sweep has to do with a clock, and when: a warning, the deadline, a step of the ladder. */
struct clock_step {
	char *target;                   /* owned; the clock: target and cycle */
	int64_t cycle;
	char *name;                     /* owned: "warn:75%", "due", "ladder:NAME": the key of the step */
	int64_t at_s;
	struct stamp due;               /* of the clock */
	bool recorded;                  /* an event says that it was done */
	const struct ladder_step *step; /* of a ladder step; borrowed from the policy */
};
typedef LIST(struct clock_step) clock_steps;
/*
 * The steps of all clocks that are not done at 'now_s', in the order of their moments, those to come and those recorded
 * included. A paused clock has none. Of a recurring clock the steps of the latest hundred windows are among them, those
 * of windows that were missed and are over too. Steps that came before the ticket was recorded by an import are left
 * out, and so are steps of the ladder that a review has made unnecessary. Owned.
 */
int clocks_steps(clock_steps *out, const struct ticket *ticket, const struct policy *policy, const struct calendars *calendars, int64_t now_s,
		 struct ticket_error *err);
void clock_steps_release(clock_steps *steps);

/* --- why -------------------------------------------------------------------------------------------------------- */

enum counting { COUNTED, PAUSED, CLOSED };
const char *counting_word(enum counting counting); /* "counted", "paused", "closed" */

/* A stretch of a clock's life in which nothing changes. */
struct clock_interval {
	struct stamp from, to;
	char *state;           /* owned: the ticket's state, "waiting:customer" with whom is waited for, "+quarantined" added */
	enum counting counting;
	const char *calendar;  /* borrowed */
	int64_t working_s;     /* counted in it */
	int64_t total_s;       /* counted up to its end */
	int percent;           /* of the limit, at its end */
	struct stamp due;      /* the deadline in force; unset while paused */
};
struct clock_story {
	struct clock_view view;
	LIST(struct clock_interval) intervals; /* without gap from the clock's start to its end, or to 'now_s' */
};
typedef LIST(struct clock_story) clock_stories;
/*
 * The story of every clock of one target (NULL: of all) at 'now_s'. The working seconds of the intervals add up to
 * consumed_s, the paused ones to paused_s. TICKET_NOTFOUND when the ticket has no such clock; the message names those
 * it has. Owned: clock_stories_release.
 */
int clocks_explain(clock_stories *out, const struct ticket *ticket, const struct policy *policy, const struct calendars *calendars, const char *target,
		   int64_t now_s, struct ticket_error *err);
void clock_stories_release(clock_stories *stories);

/*
 * The promise of B3: until when the customer will hear, be told the plan, have it solved, by the clocks that run at the
 * latest event: "We will contact you by 17:00 today." 'language' is "zh" or "en". NULL when nothing is promised. Owned.
 */
char *clocks_promise(const struct ticket *ticket, const struct policy *policy, const struct calendars *calendars, const char *language);

#endif
