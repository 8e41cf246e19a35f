/* SPDX-License-Identifier: MIT */
/* Anomalies: tickets whose data contradict themselves or lack key fields, found by rules and set apart (C14). */
#ifndef TICKET_ANOMALY_H
#define TICKET_ANOMALY_H

#include "ticket/query.h"

/* What a rule found on one ticket. Borrowed for the call. */
struct anomaly_found {
	const char *number;
	const char *rule;    /* "missing", "before_receipt", "resolved_first", "closed_first", "recorded_first", "plan_due", "expects" */
	const char *cause;   /* "entry" or "system": whose fault it probably is */
	const char *finding; /* a sentence in the policy's language */
};
typedef int anomaly_visitor(const struct anomaly_found *found, void *data, struct ticket_error *err);

/*
 * Looks over the tickets that a query selects (NULL: all) and shows 'visit' each finding. Left out are tickets that are
 * quarantined already, and findings for which a ticket was quarantined and released: somebody has looked at those. With
 * 'quarantine' those found are set apart, in one commit, or (dry_run) only checked. Non-zero from 'visit' ends it with
 * that value, and nothing is written. TICKET_REFUSED where the policy does not let the actor quarantine.
 */
int desk_anomalies(struct desk *desk, const struct query *query, bool quarantine, bool dry_run, anomaly_visitor *visit, void *data, struct ticket_error *err);

#endif
