/* SPDX-License-Identifier: MIT */
/* A parsed query as lib/index sees it: what query_matches evaluates and select.c turns into SQL. */
#ifndef INDEX_QUERY_H
#define INDEX_QUERY_H

#include "ticket/query.h"

/* Derived times of a ticket that queries ask for; columns of the index in this order. */
enum fact_time {
	FACT_RECEIVED,
	FACT_UPDATED,   /* the last event that was not the sweep's own */
	FACT_DUE,       /* the nearest deadline of a live clock */
	FACT_RESPONDED, /* first */
	FACT_RESOLVED,  /* last */
	FACT_ARCHIVED,  /* last */
	FACT_ETA,
	FACT_PLAN,
	FACT_EXPECTS,
	FACT_INSPECTED, /* last */
	FACT_TIMES
};

/* A clock that still runs: of the latest cycle of its target, not done, with a deadline, on a ticket not put away. */
struct live_clock {
	const struct clock *clock;
	int64_t risk_s; /* since when a warning is due or given; TIME_NONE: none */
};

/* What is derived from a ticket for queries and for its row in the index. Borrows from the ticket. */
struct facts {
	int64_t times[FACT_TIMES]; /* TIME_NONE: none */
	const char *due_target;
	LIST(struct live_clock) live;
};
void facts_of(struct facts *out, const struct ticket *ticket);
void facts_release(struct facts *facts);
/* The events that the policy's samples drew the ticket for and that have not happened, each once. */
void facts_owed(struct texts *out, const struct policy *policy, const struct ticket *ticket);

/* Text as searching compares it: folded, each run of white space one space. Owned. */
char *search_fold(const char *text);
void search_fold_to(struct buf *out, const char *text); /* the same, appended */

enum field_kind {
	KIND_WORD,   /* char * of the ticket */
	KIND_LIST,   /* struct texts of the ticket */
	KIND_OWES,   /* events that samples of the policy owe */
	KIND_OWN,    /* a field of the policy's own: field.NAME */
	KIND_STATE,
	KIND_STATUS,
	KIND_TIME,
	KIND_NUMBER, /* int64_t of the ticket */
	KIND_FLAG,
	KIND_TEXT,
};

enum query_flag { FLAG_OVERDUE, FLAG_AT_RISK, FLAG_DELAYED, FLAG_QUARANTINED, FLAG_REOPENED };

/* One field: how a ticket has it, and which column of the index holds it. */
struct field {
	const char *name, *help;
	enum field_kind kind;
	size_t offset;      /* WORD, LIST, NUMBER: in struct ticket */
	int which;          /* TIME: enum fact_time; FLAG: enum query_flag */
	const char *column; /* in table tickets */
	size_t choices;     /* offset of the list of allowed values in struct policy; 0: none */
	bool sorts;
};
extern const struct field fields[];
extern const size_t n_fields;
const struct field *field_named(const char *name);

enum test_op {
	TEST_ANY,     /* equals one of 'any' (lists: some item does; types also by parent) */
	TEST_STATES,  /* state is in the mask */
	TEST_RANGE,   /* a time or number in [from, until) */
	TEST_PRESENT, /* there is a value */
	TEST_FLAG,
	TEST_TEXT,    /* 'text' occurs in the folded text */
};

struct test {
	const struct field *field; /* NULL: free text in all texts */
	enum test_op op;
	bool negated;
	struct texts any;
	unsigned states;
	struct range range;
	char *text; /* folded needle */
	char *own;  /* name of the policy's own field */
};

struct query {
	struct query_context context;
	LIST(struct test) tests;
	const struct field *sort; /* NULL: received, descending */
	bool ascending;
	bool ranked;
	size_t limit;
	char *typed, *meant; /* see query_doubt */
};

/* The place of a priority in the policy's list, unknown ones behind it, none at the very end. */
size_t priority_rank(const struct policy *policy, const char *priority);

/* The values a field allows in this policy, for checking and for suggestions; true when it is a fixed list. */
bool field_values(const struct field *field, const struct policy *policy, struct texts *out);

/* All words for states: each state, and those for several; which states a word stands for, as bits, 0: none. */
void query_state_words(struct texts *out);
unsigned query_states_of(const char *word);
/* Names of fields: all, only flags, or only what can be sorted by. */
void query_field_names(struct texts *out, bool only_flags, bool only_sorting);
/* "'x' is no field of a query; did you mean …": always TICKET_USAGE. 'word' is the whole of the term. */
int query_refuse_field(const char *name, const char *word, struct ticket_error *err);
/* A field of the policy's own that nearly has the name of one: TICKET_USAGE; else 0. */
int query_refuse_own(const struct query *query, const char *name, struct ticket_error *err);
/* Notes a word of text that may have been meant for a term: see query_doubt. */
void query_note_doubt(struct query *query, const char *word);
/* May it be asked for with no: and has:? */
bool query_can_be_missing(const struct field *field);
/* One value of a term as tickets hold it, added to 'any'. "=x" takes x as it is: for values that left the policy's lists. */
int query_value(const struct query *query, const struct field *field, const char *value, struct texts *any, struct ticket_error *err);
/* "'x' is no priority; did you mean 'y'? There are: …": always TICKET_USAGE. */
int refuse_value(const char *value, const char *noun, const struct texts *allowed, struct ticket_error *err);

/* Calls 'visit' with the name and text of each searched text of a ticket. Non-zero ends it. */
int each_text(const struct ticket *ticket, int (*visit)(const char *field, const char *text, void *data), void *data);

#endif
