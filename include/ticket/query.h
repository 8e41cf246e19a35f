/* SPDX-License-Identifier: MIT */
/* Queries: `state:open priority:1 -type:inquiry overdue received.after:2026-05-01 "free text"` (ticket-query(7)). */
#ifndef TICKET_QUERY_H
#define TICKET_QUERY_H

#include "ticket/desk.h"
#include "ticket/range.h"

/* A parsed query: all terms must hold. Opaque; parsed against a policy so that unknown names are refused with suggestions. */
struct query;

/* What the words of a query are read against. Everything is borrowed and must outlive the query. */
struct query_context {
	const struct policy *policy;
	const struct zone *zone;
	int64_t now_s;
	const char *me; /* what `me` stands for; NULL: 'find_me' says it; where that is NULL too nobody is known, and `me` is refused */
	const char *(*find_me)(const struct desk *desk); /* asked with 'desk' when the word is met: it takes time to know */
	const struct desk *desk;
};

/*
 * 'words' are the arguments as typed. TICKET_USAGE names the word and what is right. 'sort' is a field, "-field"
 * descending (NULL: newest first); 'limit' 0 is none. '*out' is owned.
 */
int query_parse(struct query **out, const char *const *words, size_t n, const char *sort, size_t limit, const struct query_context *context, struct ticket_error *err);
void query_free(struct query *query);
DEFINE_CLEANUP(struct query *, query_free)
#define _cleanup_query_ _cleanup_(query_free_p)

/* Narrows the query to tickets received in the range: for --since, --month and their like. */
void query_received(struct query *query, const struct range *range);
/* Puts hits on free text first, the best first: what `search` sorts by. Without free text it changes nothing. */
void query_rank(struct query *query);
bool query_has_text(const struct query *query);
/*
 * The term that a word may have been meant for, though it was taken as text: "overdue" for 'overdu'. Worth saying when
 * nothing is found. Both borrowed from the query; NULL: there is no such word.
 */
const char *query_doubt(const struct query *query, const char **typed);

/* Does the query select this ticket? The definition that the index must agree with. */
bool query_matches(const struct query *query, const struct ticket *ticket);
/* Orders two tickets as the query's sort says: like qsort's comparison. Ranks of free text play no part here. */
int query_compare(const struct query *query, const struct ticket *a, const struct ticket *b);
size_t query_limit(const struct query *query);

/* Every field name a query knows, with one line of help each; for completion and suggestions. */
struct query_field {
	const char *name, *help;
	bool sorts; /* may be given to --sort */
};
const struct query_field *query_fields(size_t *n);

/* Adds the terms that begin with 'word', for completion: "state:", "state:open", "-no:assignee", "@mine". */
void query_complete(const char *word, const struct query_context *context, struct texts *out);

/*
 * A ticket as lists show it: what the index knows of it. Borrowed for the call. Texts are "" and times unset (TIME_NONE)
 * where the ticket has none.
 */
#define TIME_NONE INT64_MIN
struct ticket_row {
	const char *id, *subject, *channel, *types, *category, *grade, *priority, *risk; /* types: joined by ", " */
	const char *group, *assignee, *customer_id, *customer, *departments, *waiting_for, *doing;
	const char *status; /* the policy's name for what is shown; "" when it has none */
	int state;          /* enum ticket_state */
	int64_t level, cycle;
	bool delayed, quarantined;
	bool overdue, at_risk; /* at the query's now */
	int64_t received_s, updated_s, responded_s, resolved_s, archived_s;
	int64_t due_s;             /* the nearest deadline of a live clock */
	const char *due_target;    /* which clock that is */
};
/* Non-zero ends it with that value. */
typedef int row_visitor(const struct ticket_row *row, void *data, struct ticket_error *err);

/* The rows a query selects, in its order. '*total' (may be NULL): how many there would be without the limit. */
int desk_list(struct desk *desk, const struct query *query, const char *revision, size_t *total, row_visitor *visit, void *data, struct ticket_error *err);

/* The tickets of a desk that a query selects, in its order: found by the index, each read whole. */
int desk_select(struct desk *desk, const struct query *query, const char *revision, desk_visitor *visit, void *data, struct ticket_error *err);

/* The same with the place in the ranking; for `search`. The ticket is read whole, for snippets. */
typedef int search_visitor(const struct ticket_row *row, const struct ticket *ticket, int64_t score, void *data, struct ticket_error *err);
int desk_search(struct desk *desk, const struct query *query, const char *revision, size_t *total, search_visitor *visit, void *data, struct ticket_error *err);

/* Where free text was found: a piece of the ticket's text, and the bytes in it that matched. */
struct snippet {
	char *field; /* "subject", "description", "customer" or the word of an event */
	char *text;  /* one line */
	struct snippet_mark {
		size_t start, end;
	} *marks;
	size_t n_marks;
};
void snippet_release(struct snippet *snippet);
enum snippet_where {
	SNIPPET_FIRST,   /* the first text that holds any of what is looked for */
	SNIPPET_SUBJECT,
	SNIPPET_BEYOND,  /* of the other texts, the one with most of what the subject lacks */
};
/* The piece around where the query's free text was found, at most 'columns' wide; false when there is none. */
bool query_snippet(const struct query *query, const struct ticket *ticket, enum snippet_where where, size_t columns, struct snippet *out);

#endif
