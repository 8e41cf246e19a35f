/* SPDX-License-Identifier: MIT */
/* Intake: nothing that must be forgettable enters history in clear (design §10, domain D2). */
#ifndef DESK_INTAKE_H
#define DESK_INTAKE_H

#include "desk/change.h"

/*
 * Registers or finds the draft's customer, and masks (or refuses, as the policy says) personal data in everything the
 * draft holds. TICKET_REFUSED names the member.
 */
int intake_ticket(struct change *change, struct ticket *draft, struct ticket_error *err);
/* The same for what an event on a ticket says. What the desk itself records needs it not: it says what passed before. */
int intake_event(struct change *change, const struct ticket *ticket, struct event *event, struct ticket_error *err);
/*
 * Masks a draft and its events as they would be, without a change and without registering anybody: for comparing what a
 * file says with what the desk keeps.
 */
int intake_preview(const struct policy *policy, struct ticket *draft, struct event *events, size_t n, struct ticket_error *err);

#endif
