/* SPDX-License-Identifier: MIT */
/* Flow: which event may follow, what it needs, and what state the events fold to. Pure: events, policy and ticket in, verdict out. */
#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include "ticket/policy.h"

/* Is it happening now, or is it the past, being imported or replayed? Nobody can be asked for leave or reasons then. */
enum flow_mode { FLOW_LIVE, FLOW_PAST };

/*
 * May this event be recorded on this ticket now? Checks the state, the values against the policy's lists, times, the
 * actor's permission (event->by, event->role) and what the policy needs. TICKET_REFUSED says what would be allowed.
 * FLOW_PAST leaves out permissions, reasons and gates; states, values and times are checked all the same.
 */
int flow_check(const struct ticket *ticket, const struct policy *policy, const struct event *event, enum flow_mode mode, struct ticket_error *err);
/* Folds one accepted event, which is the ticket's last or among its events, into the derived members. */
void flow_fold(struct ticket *ticket, const struct policy *policy, const struct event *event);
/* What a person may have recorded wrongly, beside the policy's own fields ("field.NAME"). All else is derived, or identity. */
#define FLOW_CORRECTABLE 16
extern const char *const flow_correctable[FLOW_CORRECTABLE];
bool flow_may_correct(const char *field);
/* Clears every derived member. */
void flow_clear(struct ticket *ticket);
/* Clears every derived member and folds all events anew; keeps the head as it was opened. */
void flow_refold(struct ticket *ticket, const struct policy *policy);
/* Clears every derived member and takes corrections back: the head as it was opened, for folding event by event. */
void flow_unfold(struct ticket *ticket, const struct policy *policy);
/* The commands that the state allows next, joined by ", ": for refusals and `show`. Owned. */
char *flow_allowed(const struct ticket *ticket);
/* The parts of flow_check that have files of their own. */
int flow_check_values(const struct ticket *ticket, const struct policy *policy, const struct event *event, struct ticket_error *err);
int flow_check_permission(const struct ticket *ticket, const struct policy *policy, const struct event *event, struct ticket_error *err);
/* The last event of a kind in the current cycle (any_cycle: at all), or NULL. Borrowed. */
const struct event *flow_last(const struct ticket *ticket, enum event_kind kind, bool any_cycle);
/* The command that records an event: "respond" for EVENT_RESPONDED; NULL for what no command records. */
const char *flow_command(enum event_kind kind);
/* Is the word one that a gate may need: a moment, or a word of gates.c, or several with '|' between them? */
bool flow_gate_known(const char *need);
/*
 * What is missing before 'event' ("archived" …) may be recorded, one per item; empty: nothing. In the language of who
 * reads it, or 'on_record' in English, whoever runs the program.
 */
void flow_missing(const struct ticket *ticket, const struct policy *policy, const char *event, bool on_record, struct texts *missing);

/*
 * What in a record cannot be right, or is missing, by the record alone (C14). A closing before the receipt, a recording
 * before the event and their like cannot be typed in, but an import or a correction can bring them about.
 */
enum anomaly_kind {
	ANOMALY_FIELDS,         /* key fields are missing */
	ANOMALY_BEFORE_RECEIPT, /* an event before the receipt */
	ANOMALY_RESOLVED_FIRST, /* resolved before the first response */
	ANOMALY_CLOSED_FIRST,   /* confirmed, verified or archived before it was resolved */
	ANOMALY_RECORDED_FIRST, /* recorded before it happened */
	ANOMALY_PLAN_DUE,       /* a plan that was over when it was made */
	ANOMALY_EXPECTS,        /* expected before it was received */
	ANOMALY_TRIED,          /* an import told of an event that the state does not allow */
};
struct anomaly {
	enum anomaly_kind kind;
	char *what, *against; /* the fields; or the time, and that which it contradicts */
};
typedef LIST(struct anomaly) anomalies;
void flow_anomalies(const struct ticket *ticket, const struct policy *policy, anomalies *out);
/* Of what kinds they are, and no more: a bit for each enum anomaly_kind. */
int64_t flow_anomaly_kinds(const struct ticket *ticket, const struct policy *policy);
void anomalies_release(anomalies *list);
/* A word for programs; whose fault it probably is ("entry" or "system"). */
const char *anomaly_name(enum anomaly_kind kind);
const char *anomaly_cause(enum anomaly_kind kind);
/* The rule in a few words, "en" or "zh". */
const char *anomaly_label(enum anomaly_kind kind, const char *language);
/* What is wrong, as a sentence in "en" or "zh". Owned. */
char *anomaly_sentence(const struct anomaly *anomaly, const char *language);
/* The value that a rule for fields is about; "" when the ticket has none. Owned. */
char *flow_field_value(const struct ticket *ticket, const struct field_rule *rule);
/* Is that value other than ""? */
bool flow_field_filled(const struct ticket *ticket, const struct field_rule *rule);
/* What a field's value must look like: NULL when it fits, else the rule's kind. */
const char *flow_field_misfit(const struct policy *policy, const struct field_rule *rule, const char *value);

/* Routing (A9, C7, D7): group, person and departments of the first route that matches; false when none does. */
bool flow_route(const struct policy *policy, const struct ticket *ticket, const struct route **route);

/* How many such steps of a survey ("sent", "answered", "unanswered") the present round of work has. */
size_t flow_survey_steps(const struct ticket *ticket, const char *step);
/* The survey that was sent last, when its 'due' says that something follows as long as no answer comes; NULL: none waits. */
const struct event *flow_survey_waiting(const struct ticket *ticket);

#endif
