/* SPDX-License-Identifier: MIT */
/* Intake: nothing that must be forgettable enters history in clear (design §10, domain D2). */
#ifndef DESK_INTAKE_H
#define DESK_INTAKE_H

#include "desk/desk.h"

/* Masks (or refuses, as the policy says) personal data in everything a draft holds. TICKET_REFUSED names the member. */
int intake_ticket(const struct policy *policy, struct ticket *draft, struct ticket_error *err);
/* The same for what an event says. */
int intake_event(const struct policy *policy, struct event *event, struct ticket_error *err);

#endif
