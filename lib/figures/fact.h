/* SPDX-License-Identifier: MIT */
/*
 * What figures need to know of a ticket: its facts. They are taken from the ticket in one place, written as a few bytes,
 * which the index keeps, and read back from these, whether they come from the index or from the ticket itself. What
 * changes as time passes is settled on reading.
 */
#ifndef FIGURES_FACT_H
#define FIGURES_FACT_H

#include "ticket/clock.h"
#include "ticket/query.h"

/* What all cycles of one clock came to. */
struct clock_fact {
	const char *target;
	int verdict;    /* enum verdict, as of the report's clock */
	int64_t count;  /* windows it stands for */
	int64_t consumed_s, paused_s;
	bool at_risk;
	/* As long as it is live, of use to facts_settle alone; see sla/standing.h. */
	bool live, paused;
	int64_t due_s, warned_s;
	const char *calendar;
};

struct score_fact {
	const char *question;
	double score;
};

/* A ticket as the figures see it. Times are TIME_NONE where it has none. Texts are borrowed, NULL where it has none. */
struct fact {
	const char *id, *channel, *category, *grade, *priority, *risk, *group, *assignee, *customer, *customer_name, *subject;
	struct texts types, departments; /* borrowed too */
	int state;
	int64_t received_s, registered_s, responded_s, resolved_s, archived_s, due_s;
	int64_t level, escalations, reopenings, inbounds, complaints, steps, handling_days, low_followed_up;
	bool quarantined, delayed, overdue, waited, disputed, surveyed, answered, low, complaint, whole_chain;
	int64_t low_contacted_s; /* the first follow-up after the latest low answer */
	bool confirmed, followed_up;
	bool is_incident;     /* stands for an incident */
	const char *incident; /* number of the one it belongs to */
	bool repeats;    /* the same customer had a ticket within the window before; set by the report, which knows the others */
	int64_t fields, fields_filled, keys, keys_filled;
	int64_t suspicions; /* what rules find wrong with it: a bit for each enum anomaly_kind; none once somebody has released it */
	const char *satisfied, *feedback, *remark, *low_cause, *doing, *progress, *plan, *result, *quarantine_cause, *escalated_to, *escalated_why;
	LIST(struct clock_fact) clocks;
	LIST(struct score_fact) scores;
	bool *standards; /* which standards' conditions hold, in the policy's order */
	size_t n_standards;

	/* For settling. */
	int64_t stored_s;   /* what the clocks are as of */
	const char *policy; /* object id of the rules it is judged by; NULL: HEAD's */
	bool followed;      /* its clocks don't follow from what is kept here: the ticket itself must be read … */
	const char *blob;   /* … from here: an object id, when whoever took the facts knew it */
};

bool fact_closed(const struct fact *fact); /* resolved or later, not merged */
bool fact_open(const struct fact *fact);
bool fact_first_contact(const struct fact *fact);
int64_t fact_handling(const struct fact *fact); /* seconds from receipt to resolution; -1: not resolved */

/* --- from a ticket ----------------------------------------------------------------------------------------------- */

/* The rules that a ticket is judged by; both NULL where they cannot be had. */
struct rules_of {
	const struct policy *policy;
	const struct calendars *calendars;
};
/*
 * The facts of a ticket with its clocks as they are stored with it. 'policy' is HEAD's: fields, standards and what a low
 * score is are those of today. Borrows from ticket and policy; fact_release.
 */
void fact_of(struct fact *out, const struct ticket *ticket, const struct policy *policy, const struct rules_of *judged_by);
/* The same with its clocks followed through its history as far as 'now_s': nothing is left to settle. Fails as clocks_evaluate does. */
int fact_followed(struct fact *out, const struct ticket *ticket, const struct policy *policy, const struct rules_of *judged_by, int64_t now_s, struct ticket_error *err);
void fact_release(struct fact *fact);

/* --- as bytes ---------------------------------------------------------------------------------------------------- */

/* Two parts, so that who only counts does not read what people wrote: the figures, and the words beside them. */
void fact_write(const struct fact *fact, struct buf *figures, struct buf *words);

/* Where what was read keeps its lists. Zeroed is empty. */
struct fact_room {
	LIST(char *) pieces;
	size_t left;
};
void fact_room_release(struct fact_room *room);
/* False when the bytes are no facts. Texts stay in the bytes, lists in the room. 'words' NULL: they are not wanted. */
bool fact_read(struct fact *out, struct fact_room *room, const char *figures, size_t n, const char *words, size_t n_words);

/* Brings live clocks to 'now_s'; 'calendars' are those of the rules that fact->policy names. False: fact->followed, or a calendar is missing. */
bool fact_settle(struct fact *fact, const struct calendars *calendars, int64_t now_s);
/* Must calendars be had for it? */
bool fact_is_live(const struct fact *fact);

#endif
