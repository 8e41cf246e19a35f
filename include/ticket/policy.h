/* SPDX-License-Identifier: MIT */
/*
 * A policy: all the rules of a desk, as data (ticket-policy(5), domain A–E). The engine knows no preset by name.
 * Names are lower-case ASCII; labels are any text, by language ("en", "zh").
 */
#ifndef TICKET_POLICY_H
#define TICKET_POLICY_H

#include "ticket/calendar.h"
#include "ticket/ticket.h"

/*
 * `{"priority": ["1"], "type": ["complaint"]}`: every field must match one of its values; an empty list of conditions
 * always matches. "complaint" matches "complaint/quality" too; "!x" matches when nothing equals x; "" is the value of a
 * field that is not set, so "!" says that it is; "2+" on a number is two or more. Fields: channel, type, category, grade,
 * priority, risk, department, group, assignee, state, level, complaints (inbound messages that complain again),
 * departments (how many), delayed, quarantined ("yes" or "no"), waiting, doing, and field.NAME.
 */
struct condition {
	char *field;
	struct texts any;
};
typedef LIST(struct condition) conditions;

/* A value of a fixed list: a channel, type, category, grade, priority, risk, cause, department, doing … */
struct choice {
	char *name;
	char *code;              /* what stands in a number (channels) */
	struct pairs labels;
	struct pairs description;
	LIST(struct choice) children; /* sub-types: named "parent/child" on tickets */
};
typedef LIST(struct choice) choices;

struct person {
	char *name;     /* as it stands on events */
	char *email, *phone, *department;
	struct texts roles, groups;
	char *calendar; /* quiet hours: outside of it only urgent notices are delivered */
	bool away;      /* not given work by routing */
};

struct role {
	char *name;
	struct pairs labels;
};

struct group {
	char *name;
	struct pairs labels;
	char *lead;     /* person */
};

/* Who may record an event: the first rule that names the event and whose conditions match decides; none: everybody. */
struct permission {
	struct texts events;  /* moments that name an event, and the acts "reveal", "forget", "export", "policy" */
	conditions when;
	struct texts roles;   /* empty: everybody */
	struct texts needs;   /* members that must be given: "reason", "text", "files", "late_reason" … */
	bool not_handler;     /* not by anybody who was assigned to it or resolved it (C10) */
	struct texts not_by;  /* moments: not by anybody who recorded one of them in this cycle (C14) */
};

struct field_rule {
	char *name;           /* a head member ("subject", "customer.display") or a field of the policy's own */
	struct pairs labels;
	conditions when;
	bool required;        /* refused without it at opening */
	bool key;             /* counts as key field in the standards (C16) */
	bool own;             /* the policy's own: lives in ticket.fields */
	char *kind;           /* "text" (default), "phone", "email", "date", "number", "digits"; "channel": the one the customer wants his answers on (D10) */
};

struct route {
	conditions when;
	char *group, *person;
	struct texts departments;
};

struct target {
	char *name;
	struct pairs labels;
	char *from;               /* a moment (moment_is): "received", "assigned", "survey:answered" … */
	struct texts until;       /* moments; the first of them meets it */
	struct duration within;
	char *calendar;           /* "always" round the clock */
	conditions when;
	struct texts pause;       /* "waiting:customer", "waiting", "quarantined" */
	struct texts warn;        /* "75%", "-15m" before due */
	bool again;               /* a new cycle each time that 'from' happens after the last one was done (next response) */
	struct duration every;    /* recurring while the ticket is open: cycles end to end, 'until' owed in each */
	char *by;                 /* recurring at a wall time: "17:00" of each working day of the calendar */
	bool none;                /* this combination has no such target */
	bool late_reason;         /* a late one needs a reason (A11, D6) */
};

/* One step of an escalation ladder (A13, C12, D11). */
struct ladder_step {
	char *name;
	struct texts targets;     /* of which clocks */
	conditions when;
	char *offset;             /* "+15m", "-25%", "0s" from the due time */
	struct texts notify;      /* "role:supervisor", "group:it", "person:li", "assignee", "customer" */
	struct texts how;         /* "email", "sms", "phone", "webhook" */
	bool delayed;             /* mark the ticket delayed */
	char *raise_to;           /* new priority */
	char *reassign;           /* "role:director", "group:…", "person:…" */
	int64_t level;            /* escalate to this level; 0 none */
	char *template;
};

struct gate {
	char *event;              /* "archived", "verified", "confirmed" … */
	conditions when;
	struct texts needs;       /* moments that must have happened in this cycle, or gate words (ticket-policy(5)); "a|b": either */
};

struct question {
	char *name;
	struct pairs labels;
};

#define SURVEY_GROUP 5 /* where the policy does not say */

struct survey_rule {
	LIST(struct question) questions;
	int64_t scale_min, scale_max;
	struct pairs words;       /* a score in words: {"en:3": "satisfied", "zh:3": "满意"} */
	int64_t low;              /* a score at or under this is low */
	bool anonymous;           /* answers without a name come out of the ballot box in groups only (B6) */
	int64_t group;            /* the least that such a group holds; 0: SURVEY_GROUP */
	char *period;             /* a group comes out at the end of each "day", "week", "month"; NULL: as soon as it is complete */
	char *send;               /* "auto": the sweep sends the survey; NULL: people do */
	char *after;              /* the moment it is sent after; NULL: "resolved" */
	struct duration within;   /* sent so long after that moment */
	struct duration second;   /* second attempt after so long without answer (D10) */
	struct duration close;    /* closed as unanswered so long after the last attempt */
	struct duration contact;  /* a low score is followed up within (B7) */
};

/* A status shown to people; the first that matches is shown, so a label cannot contradict the events (D9). */
struct status {
	char *name;
	struct pairs labels;
	struct texts states;      /* ticket states; empty: any */
	struct texts events;      /* moments: all of these happened in the current cycle */
	conditions when;
};

/* A bar of the standards (C16): a figure of the reports and what it must reach. */
struct standard {
	char *name, *figure;
	struct pairs labels;
	conditions when;
	char *by;                 /* each group held against the bar by itself: "channel", "category", "type" … */
	double at_least, at_most;
	char *unit;               /* "share", "seconds", "working_days", "count", "score" */
};

/* Looks over many tickets at once (C13, D11): more than 'count' of the same 'by' in 'window' raises an alarm. */
struct alarm {
	char *name, *kind;        /* "burst", "repeat", "risk", "untouched", "silence" */
	struct pairs labels;
	conditions when;
	char *by;                 /* "category", "customer", "type" */
	int64_t count;
	struct duration window;
	struct texts notify, how;
	char *template;
	int64_t level;
	char *then;               /* "remind", "close": what silence of a customer leads to */
	struct duration after;
};

/* What is owed to all that match, or to a share of them drawn by a seed: follow-up calls (C11), spot checks (C19). The first that matches counts. */
struct sample {
	char *name;
	struct pairs labels;
	char *event;              /* the event that is owed: "followed_up", "verified" */
	conditions when;
	double share;             /* 0 … 1 */
	struct texts by;          /* drawn from each group alike: "channel", "assignee", "priority" */
	char *seed;               /* another one is another draw; NULL: the name */
};

/* What an inspector scores on a ticket drawn for a spot check (C19). */
struct inspection_rule {
	LIST(struct question) questions; /* criteria; none: one score, "overall" */
	int64_t scale_min, scale_max;    /* both 0: 1 to 5 */
};
#define INSPECTION_OVERALL "overall"

/* Tickets that the desk opens itself, again and again, for every customer that the conditions on fields pick (B1). */
struct visit_rule {
	char *name;
	struct pairs labels;
	char *channel, *type, *priority;
	struct pairs subject;
	conditions when;          /* on the customer: field.NAME of the register */
	struct duration every;
};

/* What the desk owes at intervals, and who is told: a report, the review of its data, a backup (B9, C15, C18, C19, D12). */
struct report_rule {
	char *name;
	struct pairs labels;
	char *report;             /* what `report` calls it; NULL: "summary" */
	char *act;                /* of the journal, by which it is done: "reported" (NULL), "reviewed", "backed_up" */
	char *period;             /* "day", "week", "month", "quarter" */
	struct duration within;   /* ready so long after the period's end; what "reports on time" is judged by (C16) */
	struct texts notify, how;
};

/* One step of the ladder of improvement actions (B10): who is told when one comes due, is overdue, or waits to be verified. */
struct action_step {
	char *name;
	struct pairs labels;
	char *from;               /* "due" (default): of one that is open; "done": of one that was carried out and not yet verified */
	char *offset;             /* "-2d", "0s", "+3bd" from that time */
	struct texts notify;      /* "owner", "role:supervisor", "group:it", "person:li" */
	struct texts how;
	char *template;
};

/* Who is told when something happens (C12, D15). */
struct notice_rule {
	char *name;
	struct texts events;      /* moments */
	conditions when;
	struct texts notify, how;
	char *template;
};

struct template {
	char *name;
	struct pairs subject, body;
};

struct saved_query {
	char *name, *query;
};

/* What intake does with sensitive text (D2): "mask", "refuse" or "keep", by kind of data. */
struct masking {
	char *names, *phones, *emails, *id_cards, *bank_cards, *addresses;
	char *with_consent;       /* what is done with the refused kinds once the customer's consent is recorded */
};

struct policy {
	int64_t format;      /* 1 */
	char *name;
	struct pairs titles;
	char *time_zone;     /* IANA name: the zone of numbers, days and reports */
	char *language;      /* of labels where the user's has none: "zh", "en" */
	char *calendar;      /* working time where a rule names none */
	struct {
		char *format;        /* "{prefix}{date}{channel}{serial:3}", see number.h */
		struct texts former; /* formats that older numbers have */
	} number;
	LIST(struct person) people; /* empty: everybody may do everything, in no role */
	LIST(struct role) roles;
	LIST(struct group) groups;
	LIST(struct permission) permissions;
	choices channels, types, categories, grades, priorities, risks, departments, causes, doings;
	char *default_priority, *default_grade, *default_risk;
	LIST(struct field_rule) fields;
	struct masking masking;
	LIST(struct route) routing;
	LIST(struct target) targets;
	LIST(struct ladder_step) ladder;
	LIST(struct gate) gates;
	struct survey_rule survey;
	LIST(struct status) statuses;
	LIST(struct standard) standards;
	LIST(struct alarm) alarms;
	LIST(struct sample) samples;
	struct inspection_rule inspection;
	LIST(struct visit_rule) visits;
	LIST(struct report_rule) reports;
	LIST(struct action_step) action_ladder;
	LIST(struct notice_rule) notices;
	LIST(struct template) templates;
	LIST(struct saved_query) queries;
	struct pairs words;  /* labels of events, states and other words of the engine, "zh:assigned" → "已派单"; read by policy_word() */
	struct duration clock_skew; /* how far 'at' may lie in the future of 'recorded' */
	int64_t attachment_limit_bytes;
};

/*
 * Reads policy text; 'origin' names it in errors. '*out' is owned as a whole and not to be changed: what it points to lies in
 * one piece with it. TICKET_USAGE names line and key path.
 */
int policy_read(struct policy **out, const char *text, size_t length, const char *origin, struct ticket_error *err);
/* The policy's text in the order of its members, one rule per line; comments are not kept. */
void policy_write(const struct policy *policy, struct buf *out);
void policy_free(struct policy *policy);
DEFINE_CLEANUP(struct policy *, policy_free)
#define _cleanup_policy_ _cleanup_(policy_free_p)

/*
 * The choice of a list by its name; sub-choices as "parent/child". NULL when there is none.
 * 'list' is one of the policy's choices members.
 */
const struct choice *policy_choice(const choices *list, const char *name);
/* Like policy_choice, but an unknown name is TICKET_REFUSED with what is allowed: "'x' is no channel of this desk; …". */
int policy_need_choice(const choices *list, const char *noun, const char *name, struct ticket_error *err);
/* The label for a language, else the policy's language, else any, else the name itself. Borrowed. */
const char *policy_label(const struct policy *policy, const struct pairs *labels, const char *language, const char *name);

/* The label of an event, state, verdict or other word of the engine; the word itself when the policy has none. Borrowed. */
const char *policy_word(const struct policy *policy, const char *language, const char *word);

/* Is the desk's own language Chinese: that of what goes on record by itself, whoever runs the program? */
bool policy_is_chinese(const struct policy *policy);

/* The label of what a member of an event holds ("priority", "1"; of lists "a,b"), or NULL where none is known. Owned. */
char *policy_value_label(const struct policy *policy, const char *language, const char *member, const char *value);

/* Do a rule's conditions hold for a ticket as it stands? */
bool conditions_hold(const conditions *when, const struct ticket *ticket);

/*
 * Moments: what rules call the things that happen. An event word, alone or with the value of the member that tells its
 * kinds apart ("survey:answered", "waiting:customer", "escalated:2" for level 2 or higher, "noted:DOING",
 * "followed_up:no", "inbound:complaint"), or one of
 *   "received"    the receipt, before any event: never an event
 *   "classified"  opened with a priority, or triaged
 *   "reassigned"  assigned while somebody was assigned already
 *   "low_survey"  a survey answered with a score that is low
 *   "explained"   any event that gives a reason for being late
 * or several of these with '|' between them: either.
 * Is 'event' such a moment? It is one of the ticket's events, or one about to be recorded on it.
 */
bool moment_is(const char *moment, const struct event *event, const struct ticket *ticket, const struct policy *policy);
/* Is any of the list such a moment? */
bool moment_is_any(const struct texts *moments, const struct event *event, const struct ticket *ticket, const struct policy *policy);
/*
 * The latest such event of the current cycle, that is since the last reopening, or NULL; what finishes work (resolved,
 * confirmed, survey, followed_up, verified) counts only since the last dispute as well. The opening belongs to every
 * cycle; "received" stands for it. Borrowed.
 */
const struct event *moment_last(const char *moment, const struct ticket *ticket, const struct policy *policy);
/* Can the word be a moment at all? Values after ':' are not looked at. */
bool moment_known(const char *moment);
/* Can the word be what a gate needs (ticket-policy(5), Gates): a moment, a gate word, "a|b"? */
bool need_known(const char *need);

/* The permission rule that decides about an event (or act, when 'event' is NULL), NULL: none does. */
const struct permission *policy_permission(const struct policy *policy, const struct ticket *ticket, const struct event *event, const char *act);
/*
 * The people a recipient word stands for: "person:li", "role:supervisor", "group:it", "lead:it" (of a group), "assignee",
 * "plan_lead". Of a role's people those of the ticket's departments are taken when there are any. "customer" is nobody
 * here. Names are added to 'people' once each; how many were found is returned. 'ticket' may be NULL.
 */
size_t policy_recipients(const struct policy *policy, const struct ticket *ticket, const char *word, struct texts *people);
/* The person by name or e-mail address, NULL when the policy knows none such. */
const struct person *policy_person(const struct policy *policy, const char *name_or_email);
const struct target *policy_target(const struct policy *policy, const char *name, const struct ticket *ticket); /* the matching rule with the most conditions; NULL: none applies */
/* The channel that answers go out on: what the ticket's field of kind "channel" says, else the one it came by (D10). Borrowed. */
const char *policy_reply_channel(const struct policy *policy, const struct ticket *ticket);
/* The status shown for a ticket; NULL when the policy names none that matches. */
const struct status *policy_status(const struct policy *policy, const struct ticket *ticket);

/*
 * The doctor behind `policy check`: appends one finding per line (unreachable rules, a priority without target,
 * unknown names, a step nobody receives, a warning after the deadline …). Returns how many there are.
 */
struct finding {
	char *where, *what;
	bool fatal;  /* the policy cannot be used */
};
typedef LIST(struct finding) findings;
size_t policy_doctor(const struct policy *policy, findings *out);
/* What the doctor cannot know from the policy alone: calendars that it names but 'names' lacks. "always" needs none. */
size_t policy_doctor_calendars(const struct policy *policy, const struct texts *names, findings *out);
void findings_release(findings *list);

/*
 * One list of the policy ("targets", "channels" …) as a table for people: 'columns' are the members that any of its rules
 * has, 'cells' the values row by row, labels in 'language', conditions as `priority:1 type:complaint`. Both are zeroed
 * lists that the caller releases. TICKET_NOTFOUND with what there is for any other word.
 */
int policy_section(const struct policy *policy, const char *section, const char *language, struct texts *columns, struct texts *cells, struct ticket_error *err);

#endif
