/* SPDX-License-Identifier: MIT */
/* Flow: which event may follow, what it needs, and what state the events fold to. Pure: events, policy and ticket in, verdict out. */
#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include "ticket/policy.h"

/*
 * May this event be recorded on this ticket now? Checks the state, the values against the policy's lists, times, the
 * actor's permission (event->by, event->role) and what the policy needs. TICKET_REFUSED says what would be allowed.
 */
int flow_check(const struct ticket *ticket, const struct policy *policy, const struct event *event, struct ticket_error *err);
/* Folds one event that was accepted into the ticket's derived members (not into its events). */
void flow_fold(struct ticket *ticket, const struct policy *policy, const struct event *event);
/* Clears every derived member and folds all events anew; keeps the head as it was opened. */
void flow_refold(struct ticket *ticket, const struct policy *policy);
/* The commands that the state allows next, joined by ", ": for refusals and `show`. Owned. */
char *flow_allowed(const struct ticket *ticket);
/* What is missing before 'event' ("archived" …) may be recorded, one per item; empty: nothing. */
void flow_missing(const struct ticket *ticket, const struct policy *policy, const char *event, struct texts *missing);

/* Routing (A9, C7, D7): group, person and departments of the first route that matches; false when none does. */
bool flow_route(const struct policy *policy, const struct ticket *ticket, const struct route **route);

#endif
