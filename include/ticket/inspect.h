/* SPDX-License-Identifier: MIT */
/*
 * Inspections (domain C19): a random sample of handled tickets is drawn, so that anybody can draw it again; each is scored
 * by an event "inspected"; and a period's data as a whole are reviewed. Draws and reviews stand in the journal.
 */
#ifndef TICKET_INSPECT_H
#define TICKET_INSPECT_H

#include "ticket/journal.h"
#include "ticket/query.h"

/* What is to be drawn. Everything is borrowed. */
struct draw_order {
	const char *rule;        /* a sample of the policy for "inspected"; NULL: none, then 'share' or 'count' is needed */
	struct range period;     /* in which the tickets were resolved */
	double share;            /* 0: the rule's */
	int64_t count;           /* 0: by share */
	const struct texts *by;  /* ways to group; empty: the rule's */
	const char *seed;        /* NULL: a new one */
	const char *text;        /* remarks, may be NULL */
	const char *const *words; /* of a query that narrows it */
	size_t n_words;
};

/* A drawn ticket, and the group it stands for ("phone · li · 2"). */
struct drawn {
	char *number, *group, *handler, *subject;
};
struct draw {
	char *seed;
	size_t population, groups;
	LIST(struct drawn) tickets; /* in order of group, then number */
};
void draw_release(struct draw *draw);
#define _cleanup_draw_ _cleanup_(draw_release)

/*
 * Draws from the tickets that were resolved in the period, are neither merged nor quarantined, and match rule and query:
 * from each group its part of the whole, rounded so that the parts add up. Which of a group is decided by a hash of seed
 * and uid: the same seed draws the same from the same tickets. An entry "drawn" in a commit of its own says what was drawn
 * from what. 'out' is zeroed. TICKET_NOTFOUND for an unknown rule or an empty population, TICKET_USAGE for what is no way
 * to group, else as desk_select and change_begin.
 */
int inspect_draw(struct desk *desk, const struct draw_order *order, bool dry_run, struct draw *out, struct ticket_error *err);

/* A drawn ticket and what came of it. Borrowed for the call. */
struct inspection {
	const struct journal_entry *draw; /* NULL: inspected without having been drawn */
	const struct ticket *ticket;
	const char *handler;              /* who had it; "" for nobody */
	const struct event *event;        /* the inspection; NULL: still to be done */
};
typedef int inspection_visitor(const struct inspection *inspection, void *data, struct ticket_error *err);
/* The tickets of every draw that was made in the range, in order of drawing. */
int inspect_each(struct desk *desk, const struct range *drawn, inspection_visitor *visit, void *data, struct ticket_error *err);

/* Who handled a ticket: the last one it was assigned to before it was resolved, else who resolved it. Borrowed; "" for nobody. */
const char *inspect_handler(const struct ticket *ticket);
/* The mean of an inspection's scores. */
double inspect_score(const struct event *inspected);

/* What was found when a period's data were reviewed. */
struct review {
	struct range period;
	size_t tickets, quarantined, not_met, findings; /* not_met: standards of the policy */
	const char *text; /* remarks */
};
/* Puts a review on record: an entry "reviewed" in a commit of its own. TICKET_REFUSED before the period has ended. */
int inspect_review(struct desk *desk, const struct review *review, bool dry_run, struct ticket_error *err);

#endif
