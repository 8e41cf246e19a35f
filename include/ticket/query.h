/* SPDX-License-Identifier: MIT */
/* Queries: `state:open priority:1 -type:inquiry overdue received.after:2026-05-01 "free text"` (cli.md). */
#ifndef TICKET_QUERY_H
#define TICKET_QUERY_H

#include "ticket/desk.h"

/* A parsed query: all terms must hold. Opaque; parsed against a policy so that unknown names are refused with suggestions. */
struct query;

/*
 * 'words' are the arguments as typed. 'me' stands for the actor's name. TICKET_USAGE names the word and what is right.
 * 'sort' is a field, "-field" descending (NULL: newest first); 'limit' 0 is none.
 */
int query_parse(struct query **out, const char *const *words, size_t n, const char *sort, size_t limit, const struct policy *policy,
		const struct zone *zone, int64_t now_s, const char *me, struct ticket_error *err);
void query_free(struct query *query);
DEFINE_CLEANUP(struct query *, query_free)
#define _cleanup_query_ _cleanup_(query_free_p)

/* Does the query select this ticket? The definition that the index must agree with. */
bool query_matches(const struct query *query, const struct ticket *ticket);
/* Orders two tickets as the query's sort says: like qsort's comparison. */
int query_compare(const struct query *query, const struct ticket *a, const struct ticket *b);
size_t query_limit(const struct query *query);
/* Every field name a query knows, with one line of help each; for completion and suggestions. */
struct query_field {
	const char *name, *help;
};
const struct query_field *query_fields(size_t *n);

/* The tickets of a desk that a query selects, in its order: number by number, from the index, each read whole. */
int desk_select(struct desk *desk, const struct query *query, const char *revision, desk_visitor *visit, void *data, struct ticket_error *err);

#endif
