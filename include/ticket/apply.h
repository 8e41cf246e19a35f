/* SPDX-License-Identifier: MIT */
/* Changing the rules of a desk, and trying rules on its past (design §4). */
#ifndef TICKET_APPLY_H
#define TICKET_APPLY_H

#include "ticket/desk.h"
#include "ticket/range.h"

/*
 * Makes 'text' (NULL: what HEAD has already) the desk's policy, and has every ticket that is not put away judged by it
 * from now on: a 'retargeted' event each, all in one commit. What a clock has consumed stays consumed. '*moved' gets how
 * many tickets that were. TICKET_REFUSED without the permission "policy", or for a policy that the doctor finds unusable.
 */
int desk_apply_policy(struct desk *desk, const char *text, size_t length, const char *origin, bool dry_run, size_t *moved, struct ticket_error *err);

/* How one target fared under the rules each ticket is judged by, and how it would have fared under others. */
struct simulated {
	char *target;
	struct simulated_count {
		size_t in_time, late; /* clocks met; met late, missed or overdue */
		size_t open;          /* still running within their time */
	} now, then;
	size_t differ;                /* tickets for which one of these differs */
};
typedef LIST(struct simulated) simulation;
/*
 * Replays the tickets received in a range (NULL: all) under the policy of 'text'. Nothing is written. Quarantined
 * tickets are left out. '*out' is owned: simulation_release.
 */
int desk_simulate(struct desk *desk, const char *text, size_t length, const char *origin, const struct range *received, simulation *out, size_t *tickets,
		  struct ticket_error *err);
void simulation_release(simulation *list);

#endif
