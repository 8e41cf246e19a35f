/* SPDX-License-Identifier: MIT */
/* What two desks recorded of one thing becomes one record: pure, and the same whichever side is called ours. */
#ifndef SYNC_UNITE_H
#define SYNC_UNITE_H

#include "model/codec.h"
#include "ticket/action.h"
#include "ticket/policy.h"
#include "ticket/ticket.h"

/* One step of a sequence that only grows: an event, a line of a journal. */
struct strand {
	const char *id; /* unique in its sequence */
	int64_t recorded_s;
};
/* Where a step of the united sequence is found. */
struct woven {
	bool theirs;    /* else ours; of what both have, ours */
	size_t at;
	size_t other;   /* its place in theirs, when both have it; else SIZE_MAX */
};
/*
 * All steps of both, each once. Each side's own order is kept; where it says nothing the earlier recording goes first, then
 * the smaller id. Uniting any number of sequences that grew from one another gives the same order, in whatever order
 * they are united. The caller frees '*out'.
 */
void weave(const struct strand *ours, size_t n, const struct strand *theirs, size_t m, struct woven **out, size_t *out_n);

/* The same for events of a codec that have "id" and "recorded": copies them to 'out' (zeroed). How many had two contents. */
size_t unite_events(const struct codec *codec, const struct any_list *ours, const struct any_list *theirs, struct any_list *out);
/* Lines of text: 'read' gives a line's id (owned) and time of recording; TICKET_STORAGE for one it cannot read. */
typedef int line_reader(const char *line, size_t n, const char *path, char **id, int64_t *recorded_s, struct ticket_error *err);
int unite_lines(const struct buf *ours, const struct buf *theirs, const char *path, line_reader *read, struct buf *out, struct ticket_error *err);

/*
 * One ticket as both sides have it; 'base' (may be NULL) is how it was when they parted. Everything derived is folded
 * anew, the clocks are the caller's. 'doubts' gets a sentence for each event that cannot follow where it stands now, but
 * could on its own side. Owned.
 */
struct ticket *unite_tickets(const struct ticket *ours, const struct ticket *theirs, const struct ticket *base, const struct policy *policy, struct texts *doubts);
/* Gives a ticket another number, with the event that says so: it is the same wherever the same is done. */
void renumber_ticket(struct ticket *ticket, const char *number, int64_t not_before_s, const struct policy *policy);
/* A ticket that got another number. */
struct moved_ticket {
	const char *uid, *old, *new;
};
/* The same for a ticket that stands under one with another number now, or over it; false: it does neither. */
bool follow_ticket(struct ticket *ticket, const struct moved_ticket *moved, const struct policy *policy);
/* The same for its customer's number. */
void move_customer(struct ticket *ticket, const char *old, const char *new, const struct policy *policy);
/* The same for improvement actions; TICKET_USAGE for an event that cannot be folded. Owned. */
int unite_actions(struct action **out, const struct action *ours, const struct action *theirs, struct texts *doubts, struct ticket_error *err);
int renumber_action(struct action *action, const char *number, int64_t not_before_s, struct ticket_error *err);

#endif
