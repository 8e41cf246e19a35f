/* SPDX-License-Identifier: MIT */
/* What the files of lib/report share: the facts of a ticket, and how sections are built from them. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "figures/fact.h"
#include "ticket/action.h"
#include "ticket/duty.h"
#include "ticket/report.h"
#include "ticket/survey.h"

typedef LIST(struct fact) facts;

/* Behind figures of answers without a name stands no ticket. */
#define RECENT_WEEKS 8 /* that a figure week by week looks back (B9) */
#define NO_TICKET UINT32_MAX

/* Groups that came out of the ballot box in a period (B6). */
struct unnamed_score {
	char *question;
	double score;
};
struct unnamed_answer {
	char *category;   /* NULL: it shows none */
	LIST(struct unnamed_score) scores;
	int64_t day_s;    /* the last day of its group */
	bool low;
};
struct unnamed_group {
	char *from, *to;
	size_t answers, low;
};
struct unnamed {
	LIST(struct unnamed_answer) answers;
	LIST(struct unnamed_group) groups;
	struct texts suggestions;
};

/* desk-facts.c: what only some reports need. 'ticket' is an index of material->now. */
struct inspection_fact {
	uint32_t ticket;
	char *handler, *by, *text;
	double score;
	int64_t at_s;
};
struct sample_fact {
	uint32_t ticket;
	size_t rule; /* of the policy's samples */
	bool drawn, done;
};
struct desk_facts {
	duties duties;
	LIST(struct inspection_fact) inspections;
	LIST(struct sample_fact) samples;
};

/* What a report is made from. */
struct material {
	struct report *report;
	const struct policy *policy;
	const char *language;
	facts now, before; /* of the period, and of the one before it; quarantined ones are in neither */
	facts earlier;     /* of the period before that one, for reports that look back so far */
	facts doubtful;    /* quarantined ones of the period */
	facts recent;      /* of the last weeks what is in none of these, where a section looks at it: its clocks are not settled */
	struct unnamed unnamed, unnamed_before, unnamed_recent;
	struct range recent_weeks; /* what 'recent' is of: whole weeks; empty: no section wants it */
	size_t held;       /* answers in the ballot box */
	bool held_known, narrowed; /* narrowed by a query: what has no ticket is left out */
	LIST(struct action *) actions; /* all improvement actions, for reports that need them */
	struct desk *desk;             /* for the subject of a ticket that is not of the period */
	struct desk_facts desk_facts;
	int64_t repeat_window_s;
	struct ticket_error *err; /* not set by sections: they cannot fail */
	struct grouped *grouped;  /* see group_by */
};

/* desk-facts.c: reads what the sections of the kind need, of the tickets that are in the figures. */
struct kind;
int desk_facts_load(struct material *m, const struct kind *kind, struct desk *desk, const struct report_order *order, struct ticket_error *err);
void desk_facts_release(struct desk_facts *facts);
bool draws_inspections(const struct policy *policy); /* has it a sample for inspections? */
/* The parts of a figure about the desk as a whole, such as "reports_on_time"; false: it is none. */
bool desk_ratio(const struct material *m, const char *figure, double *part, double *whole);

/* Values with the tickets they are of: for means and quantiles. Zeroed is empty. */
struct sample_of {
	LIST(double) values;
	LIST(uint32_t) tickets;
};
void sample_take(struct sample_of *sample, double value, uint32_t ticket);
void sample_release(struct sample_of *sample);
double sample_mean(const struct sample_of *sample);
double sample_quantile(struct sample_of *sample, double share); /* by linear interpolation; 0.5 is the median */

/* build.c: words in two languages; the report's is chosen. */
struct words {
	const char *en, *zh;
};
const char *say(const struct material *m, struct words words);
struct column_rule {
	const char *name;
	struct words title;
	enum report_kind kind;
};
/* A section with its columns. The pointer is good until the next section is added. */
struct report_section *section_add(struct material *m, const char *name, struct words title, const struct column_rule *columns, size_t n);
struct report_cell *section_row(struct report_section *section); /* the cells of a new row */
void cell_text(struct report_cell *cell, const char *text, const char *label);
void cell_count(struct report_cell *cell);                  /* begins a count: nothing is a known 0 */
/* Lists of numbers grow by every ticket of every group: as list_push does it, without a call. */
typedef LIST(uint32_t) ticket_list;
static inline void ticket_push(void *list, uint32_t ticket)
{
	ticket_list *tickets = list;

	if (!(tickets->n & (tickets->n - 1)))
		*list_push(tickets) = ticket;
	else
		tickets->v[tickets->n++] = ticket;
}
void cell_counted(struct report_cell *cell, uint32_t ticket);
void cell_set(struct report_cell *cell, enum report_kind kind, bool known, double value);
void cell_share(struct report_cell *cell, double part, double whole); /* unknown of nothing */
void cell_sample(struct report_cell *cell, enum report_kind kind, struct sample_of *sample, double quantile); /* quantile < 0: the mean */
void cell_time(struct report_cell *cell, int64_t at_s);
void note_add(struct report_section *section, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* How tickets fall into groups: the names of the groups a ticket belongs to. */
enum grouping { BY_CHANNEL, BY_TYPE, BY_CATEGORY, BY_GRADE, BY_PRIORITY, BY_RISK, BY_DEPARTMENT, BY_GROUP, BY_ASSIGNEE, BY_CUSTOMER, BY_STATE, GROUPINGS };
enum grouping grouping_from(const char *word); /* GROUPINGS when there is none */
size_t group_names(const struct fact *fact, enum grouping by, struct texts *names); /* one "" for none; released first */
const char *group_label(const struct material *m, enum grouping by, const char *name);
/* All names in the order of the policy, then of the alphabet. */
void group_all(const struct material *m, const facts *list, enum grouping by, struct texts *out);

/*
 * The tickets of the period in their groups: what group_all says of m->now, and where in 'all' the groups of ticket i
 * stand: at[first[i]] … at[first[i + 1] - 1]. Made when it is first asked for; good until the report is done.
 */
struct grouped {
	struct texts all; /* borrowed */
	uint32_t *first, *at;
};
const struct grouped *group_by(struct material *m, enum grouping by);
void grouped_release(struct material *m);

/* Where a name stands in such a list, found fast: a desk may have a hundred thousand customers. Borrows the names. */
struct places {
	struct place {
		const char *name;
		size_t at;
	} *v;
	size_t n;
};
void places_of(struct places *out, const struct texts *all);
size_t place_of(const struct places *places, const char *name); /* places->n when it is not there */
void places_release(struct places *places);

/* tally.c: the figures over a list of tickets. */
struct tally {
	struct report_cell tickets, open, closed, overdue, reopened, first_contact, in_time, late, low, answered, surveyed, repeated, escalated;
	struct sample_of handling, response, scores;
};
void tally_take(struct tally *tally, const struct fact *fact, uint32_t index);
void tally_release(struct tally *tally);

/* Takes answers without a name (of one category, or NULL: of all) into the scores and low ones. */
void tally_take_unnamed(struct tally *tally, const struct unnamed *unnamed, const char *category);

/* unnamed.c */
int unnamed_gather(struct unnamed *out, struct desk *desk, const struct range *range, struct ticket_error *err);
void unnamed_release(struct unnamed *unnamed);

/* phrases.c: what is said again and again in many texts, in Chinese and in languages with spaces. */
struct phrase {
	char *text;
	size_t texts;      /* how many of the texts hold it */
	const char *example; /* one of these, borrowed */
};
typedef LIST(struct phrase) phrases;
/* The most frequent first, at most 'most'; what stands in one text only is none. */
void phrases_find(phrases *out, const struct texts *texts, size_t most);
void phrases_release(phrases *list);

/* sections-*.c: each adds what it has to say. */
typedef void section_maker(struct material *m);
section_maker make_totals, make_trend, make_hours, make_by_channel, make_by_category, make_by_type, make_by_priority, make_by_state, make_by_assignee, make_by_group,
	make_sla, make_sla_channel, make_sla_group, make_sla_assignee, make_ages, make_backlog_priority, make_oldest, make_tracking, make_complaints, make_customers, make_bottlenecks,
	make_first_contact, make_csat, make_scores, make_questions, make_low, make_low_unnamed, make_suggestions, make_weekly, make_repeat, make_escalations, make_standards, make_anomalies, make_suspicious, make_top_category,
	make_top_type, make_top_customer, make_on_time, make_samples, make_inspections, make_inspected_people, make_top_incidents, make_actions, make_action_totals,
	make_action_owners, make_action_categories, make_measures, make_measure_effects, make_below, make_proposals, make_actions_open, make_gaps;

#endif
