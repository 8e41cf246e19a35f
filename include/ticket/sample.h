/* SPDX-License-Identifier: MIT */
/* Samples: which tickets owe an event because the policy drew them, such as a follow-up call (domain C11). */
#ifndef TICKET_SAMPLE_H
#define TICKET_SAMPLE_H

#include "ticket/policy.h"

/*
 * Is this ticket among those that the rule draws? The rule's conditions are not looked at. The draw is a hash of the
 * rule's seed (else its name) and the ticket's uid, so that it comes out the same on every machine and at any time, and
 * a larger share only adds to what a smaller one draws.
 */
bool sample_draws(const struct sample *rule, const struct ticket *ticket);
/*
 * The rule that decides whether the ticket owes 'event' ("followed_up"): the first for this event whose conditions
 * hold. NULL: none does. Rules for "inspected" decide nothing here: those samples are drawn by hand (ticket/inspect.h).
 * Borrowed.
 */
const struct sample *sample_for(const struct policy *policy, const struct ticket *ticket, const char *event);
/*
 * The rules that drew the ticket and whose event has not happened since it was last resolved. Tickets owe from
 * resolution until they are archived; those set apart, and those whose resolution was imported, owe nothing.
 */
typedef LIST(const struct sample *) samples_owed;
void samples_of(const struct policy *policy, const struct ticket *ticket, samples_owed *out);

#endif
