/* SPDX-License-Identifier: MIT */
/* Blame: how a field of a ticket came by its values, event by event. */
#ifndef TICKET_BLAME_H
#define TICKET_BLAME_H

#include "ticket/policy.h"

/* A change of the field by an event; 'old' and 'new' are "" when absent. Non-zero ends it. */
typedef int blame_visitor(const struct event *event, const char *old, const char *new, void *data, struct ticket_error *err);

/*
 * Folds the events anew and reports each that changed 'field': a head member ("priority", "assignee", "subject",
 * "customer.display") or a field of the policy's own as "field.NAME". TICKET_USAGE for an unknown field, with a suggestion.
 */
int ticket_blame(const struct ticket *ticket, const struct policy *policy, const char *field, blame_visitor *visit, void *data, struct ticket_error *err);

#endif
