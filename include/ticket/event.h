/* SPDX-License-Identifier: MIT */
/* Events: everything that can happen to a ticket. They are only ever appended (domain, "Shared life of a ticket"). */
#ifndef TICKET_EVENT_H
#define TICKET_EVENT_H

#include "ticket/time.h"

enum event_kind {
	EVENT_NONE,
	EVENT_OPENED,
	EVENT_TRIAGED,
	EVENT_ASSIGNED,
	EVENT_RESPONDED,
	EVENT_INBOUND,
	EVENT_NOTED,
	EVENT_PLANNED,
	EVENT_WAITING,
	EVENT_RESUMED,
	EVENT_RESOLVED,
	EVENT_CONFIRMED,
	EVENT_DISPUTED,
	EVENT_SURVEY,
	EVENT_FOLLOWED_UP,
	EVENT_VERIFIED,
	EVENT_ARCHIVED,
	EVENT_REOPENED,
	EVENT_ESCALATED,
	EVENT_REVIEWED,
	EVENT_ATTACHED,
	EVENT_MERGED,
	EVENT_SPLIT,
	EVENT_LINKED,
	EVENT_QUARANTINED,
	EVENT_CORRECTED,
	EVENT_RELEASED,
	EVENT_WARNED,
	EVENT_BREACHED,
	EVENT_NOTIFIED,
	EVENT_RENUMBERED,
	EVENT_RETARGETED,
	EVENT_INSPECTED,
	EVENT_KINDS
};
/* "opened", "triaged", …: the word in files, queries and policies. "" for EVENT_NONE. */
const char *event_word(enum event_kind kind);
enum event_kind event_kind(const char *word); /* EVENT_NONE when there is none */

/* A name with a text: labels by language, scores by question, fields of a policy. */
struct pair {
	char *key, *value;
};
struct pairs {
	struct pair *v;
	size_t n;
};
const char *pairs_get(const struct pairs *pairs, const char *key); /* NULL when absent */
void pairs_set(struct pairs *pairs, const char *key, const char *value); /* replaces; NULL value removes */

/* A department's or person's part of a plan (domain B4, E4). */
struct plan_part {
	char *department, *person, *text;
	struct stamp due;
};

/* A file kept with a ticket: content lies in attachments/, named by its digest. */
struct attachment {
	char *name;    /* as the user named it; never a path */
	char *digest;  /* SHA-256 of the content, hex */
	int64_t size_bytes;
	char *type;    /* media type, may be NULL */
};

/* One changed value of a correction or a triage: what it was, what it is. */
struct change_of {
	char *field, *old, *new;
};

/*
 * One event. The first six members are common; of the others each kind uses those that event_uses() names.
 * Strings are owned UTF-8, NULL when absent.
 */
struct event {
	char *id;              /* 16 random hex digits; never reused */
	struct stamp at;       /* when it happened */
	struct stamp recorded; /* when it was written down; never before 'at' by more than the policy's tolerance */
	char *by, *role;       /* who, in which role ("" when the policy names no people) */
	int kind;              /* enum event_kind; "do" in files */

	char *text;            /* what was said, done, planned … */
	char *reason;          /* why: reassignment, escalation, reopening, correction … */
	char *late_reason;     /* why it came late (domain A11, D6) */
	char *via;             /* channel it came or went by */
	char *name;            /* a standard wording (kb article) used; inspected: the sample it was drawn for */
	bool complains;        /* inbound: a complaint again (C12) */
	bool contact;          /* survey answered: the customer gave his name to it and wants to be contacted (B6, B7) */
	bool claim;            /* assigned: taken by the person himself */
	bool automatic;        /* by a rule, not by a person */
	struct texts types;    /* opened, triaged */
	char *category, *grade, *priority, *risk;
	struct texts departments;
	char *group, *person;  /* assigned; planned: person leads */
	char *doing;           /* noted: where it stands (D8) */
	struct stamp eta;      /* expected resolution */
	struct stamp due;      /* planned: completion date; warned, breached: the due time; survey sent: when the next step is due */
	LIST(struct plan_part) parts;
	struct texts needs;    /* planned: papers, samples, spare parts (E11) */
	char *for_whom;        /* waiting: customer, vendor, department */
	char *cause;           /* resolved, followed_up: root cause code; quarantined: entry, system, procedure */
	LIST(struct attachment) files; /* attached; confirmed and resolved: evidence */
	char *step;            /* survey: sent, answered, unanswered; merged, split, linked to an incident: into, from; by the sweep: the ladder step */
	struct pairs scores;   /* survey: question → score; inspected: criterion → score */
	char *satisfied;       /* followed_up: yes, fairly, no */
	int64_t level;         /* escalated: level reached */
	bool delayed;          /* escalated: marks the ticket delayed (A13) */
	char *to;              /* escalated: role, group or person; notified: recipient */
	char *decision;        /* reviewed */
	char *other;           /* merged, split, linked: uid of the other ticket */
	char *other_number;    /* its number at that time */
	char *undoes;          /* id of the event that this one takes back (merge --undo) */
	LIST(struct change_of) changes; /* corrected; triaged keeps old values here for `blame` */
	char *clock;           /* warned, breached, notified: the target's name */
	int64_t cycle;
	char *old, *new;       /* renumbered: numbers; retargeted: policy object ids */
	char *extra;           /* members this version does not know, as JSON text */
};

/* Does this kind use the member of that key ("text", "person" …)? */
bool event_uses(enum event_kind kind, const char *key);
/* Is the member of that key given on this event? */
bool event_has(const struct event *event, const char *key);

struct policy;
/*
 * What an event says, for people: its text, then its other members as "member: value" ("person: li · due: 2026-…"),
 * in the labels of the policy and the catalogue where the language is not "en". Common members are left out. Owned;
 * "" when it says nothing.
 */
char *event_summary(const struct event *event, const struct policy *policy, const char *language);

void event_release(struct event *event);
void event_copy(struct event *to, const struct event *from); /* 'to' is zeroed */

#endif
