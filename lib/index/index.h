/* SPDX-License-Identifier: MIT */
/* The derived index: a disposable SQLite file under .git/ticket/, stamped with the tree it shows. SQLite is known to lib/index alone. */
#ifndef INDEX_INDEX_H
#define INDEX_INDEX_H

#include "store/store.h"
#include "ticket/clock.h"
#include "ticket/query.h"

struct index;

/* The rules that tickets are judged by: 'find' gives those of a policy directory's object id (NULL: HEAD's), borrowed. Asked by one thread at a time. */
struct index_rules {
	const struct policy *policy; /* HEAD's */
	rules_finder *find;          /* NULL: there are none to be had */
	void *data;
};

typedef void index_progress(void *data, const char *what, size_t done, size_t total);

/*
 * Opens the index of a store as of 'at' and holds it there: nothing to do when its stamp equals, else the files that
 * changed are read again, or everything. The file follows HEAD; any other 'at', and a file that cannot be written,
 * is answered from a copy in memory; a damaged or foreign file is set aside and made anew. While it is open on the
 * file, writers of the index wait: ask, then close. Errors: TICKET_STORAGE when the desk itself cannot be read.
 */
int index_open(struct index **out, struct store *store, const struct index_rules *rules, const struct snapshot *at, index_progress *progress,
	       void *progress_data, struct ticket_error *err);
void index_close(struct index *index);
DEFINE_CLEANUP(struct index *, index_close)

/* One file that a commit changed. */
struct index_change {
	const char *path;             /* tickets/…/NUMBER.json */
	struct oid blob;              /* zero: removed */
	const struct ticket *ticket;  /* what stands there now; NULL when removed */
};
/*
 * Called under the lock, right after a commit, with all the ticket files it changed: rows are replaced and the stamp
 * moves from 'before' to 'after' in one transaction. If the index is not at 'before', the policy changed, someone else
 * uses it for long, or anything fails, it is left as it is: the next index_open catches up. Never an error.
 */
void index_update(struct store *store, const struct index_rules *rules, const struct snapshot *before, const struct snapshot *after,
		  const struct index_change *changes, size_t n);

/* Throws the index away and builds it anew, durable when it returns. */
int index_rebuild(struct store *store, const struct index_rules *rules, const struct snapshot *at, index_progress *progress, void *progress_data,
		  struct ticket_error *err);

/*
 * Numbers of tickets whose number or former number equals, begins or ends with 'word' (ASCII letters of either case);
 * at most 'limit', in order. One that equals comes alone.
 */
int index_numbers(struct index *index, const char *word, size_t limit, struct texts *out, struct ticket_error *err);
/* The number of the ticket with this import key; TICKET_NOTFOUND (without message) when there is none. '*number' is owned. */
int index_key(struct index *index, const char *key, char **number, struct ticket_error *err);
/* The number of the ticket with this uid; as index_key. */
int index_uid(struct index *index, const char *uid, char **number, struct ticket_error *err);

/* One ticket that a query selects; its texts live as long as the list of hits. */
struct index_hit {
	struct ticket_row row;
	const char *path, *uid;
	struct oid blob;
	int64_t score; /* of free text: higher is better */
	char *room;
};
typedef LIST(struct index_hit) index_hits;
/* What a query selects, in its order. '*total' (may be NULL): how many there are without the limit. */
int index_select(struct index *index, const struct query *query, index_hits *out, size_t *total, struct ticket_error *err);
void index_hits_release(index_hits *hits);
/* How many it selects, whatever its limit. */
int index_count(struct index *index, const struct query *query, size_t *count, struct ticket_error *err);

/* --- figures for reports ------------------------------------------------------------------------------------------ */

/* What is kept of each ticket, apart: its facts, the words beside them (figures/fact.h), and the customer's number alone. */
enum figure_part {
	PART_FIGURES,
	PART_WORDS,
	PART_VISITS, /* only of tickets that have a customer of the register and are not quarantined */
	FIGURE_PARTS
};
/* Entries stand in the order of receipt; 'n' tells the tickets of one second apart, and is the same in all parts. */
struct figure_key {
	int64_t received_s, n;
};
struct figure {
	struct figure_key key;
	const char *bytes;
	size_t size;
};
struct figures {
	LIST(struct figure) list;
	LIST(char *) pages;
};
/*
 * The entries of the tickets received in the range of each part (an empty range: that part is not wanted), in order; 'out'
 * has one list for each. 'query' (may be NULL) narrows them: it must select what was received in any of the ranges.
 * '*listed': how many tickets there are in the range of PART_FIGURES, counted elsewhere in the index.
 */
int index_figures(struct index *index, const struct query *query, const struct range ranges[FIGURE_PARTS], struct figures out[FIGURE_PARTS], size_t *listed,
		  struct ticket_error *err);
void figures_release(struct figures *figures);
/* Numbers of tickets with a clock whose next moment is not after 'now_s', the earliest first; 0 for 'limit' is none. */
int index_next_due(struct index *index, int64_t now_s, size_t limit, struct texts *out, struct ticket_error *err);
/* The earliest next moment of any clock; TIME_NONE when there is none. */
int index_next_moment(struct index *index, int64_t *out_s, struct ticket_error *err);

/* Open tickets per assignee, those without one left out; in order of name. Free with index_loads_release. */
struct index_load {
	char *person;
	size_t open;
};
typedef LIST(struct index_load) index_loads;
int index_open_loads(struct index *index, index_loads *out, struct ticket_error *err);
void index_loads_release(index_loads *loads);

/* Files under tickets/ that could not be read as tickets: "PATH: why". They are in no answer. */
int index_unreadable(struct index *index, struct texts *out, struct ticket_error *err);

/*
 * Compares the index row by row with the tickets of its tree, and runs SQLite's own check. Appends one line for each
 * difference, at most 100. Nothing is mended.
 */
int index_verify(struct index *index, struct texts *differences, struct ticket_error *err);

#endif
