/* SPDX-License-Identifier: MIT */
/* The sweep: everything that time alone makes due, done exactly once (design §6, domain A13, C12, C13, D11). */
#ifndef TICKET_CHECK_H
#define TICKET_CHECK_H

#include "ticket/desk.h"

/* One step that the sweep did, or (soon) that will come. Borrowed for the call. */
struct action;
struct check_step {
	const struct ticket *ticket; /* as it is after the step; NULL: it is of none (yet) */
	const struct action *action; /* of an improvement action, as it is after the step; else NULL */
	const char *clock;           /* the target; NULL for an alarm or an action */
	/*
	 * "warn:75%", "due", "ladder:NAME", "alarm:NAME": with ticket, clock and cycle its key. "visit:NAME": a ticket that the
	 * sweep opened (B1); "owed:NAME", "overdue:NAME": what the desk as a whole owes (ticket/duty.h).
	 */
	const char *step;
	const char *subject;         /* without a ticket: what it is about */
	int64_t cycle;
	struct stamp at;             /* when it was due to be done */
	struct stamp due;            /* of the clock; of an action: the date that the step is counted from */
	bool soon;                   /* not yet: within the time that was asked for */
};
/* Non-zero from it gives the sweep up with that value. */
typedef int check_visitor(const struct check_step *step, void *data, struct ticket_error *err);

struct check_options {
	struct duration within; /* also show, not do, what comes within this time */
	bool dry_run;
};

/*
 * One sweep: for every clock whose next moment has come, the events of its warnings, its deadline and its ladder steps
 * in order of time, with what the policy has them do; then visits that are to be made, what the desk as a whole owes, and the
 * steps of improvement actions; then the policy's alarms over what changed since the last sweep.
 * One commit. Each step carries its key on the ticket, so a second run, one at the same time, or one after an outage
 * does nothing twice. With nothing due it asks the index once and takes no lock: cost follows what is due.
 * TICKET_BUSY as change_begin.
 */
int desk_check(struct desk *desk, const struct check_options *options, check_visitor *visit, void *data, struct ticket_error *err);

#endif
