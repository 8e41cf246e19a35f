/* SPDX-License-Identifier: MIT */
/* Export: tickets as JSON that `import` takes back whole, or as CSV for spreadsheets. */
#ifndef TICKET_EXPORT_H
#define TICKET_EXPORT_H

#include "ticket/query.h"

struct export_job {
	const char *format;   /* "csv", "jsonl" or "json" */
	const char *columns;  /* of CSV, "a,b,c"; NULL: all */
	bool events;          /* CSV: one row per event instead of one per ticket */
	const struct query *query; /* which tickets; NULL: all */
	bool reveal;          /* CSV of tickets: customer and contact in clear; comes on record first */
	const char *why;      /* they are needed; may be NULL */
	const char *subject;  /* what is exported, for that record: the query as typed */
};

/*
 * Writes the export to 'out'; '*tickets' counts them. Customer data stays masked as it is kept, unless 'reveal' is asked for:
 * then, before anything is written, an access for each customer and an entry "exported" in the journal are one commit
 * (D15), which needs the policy's permission "export": TICKET_REFUSED. CSV cells that a
 * spreadsheet would run as a formula get a single quote in front. TICKET_USAGE for an unknown format or column, with
 * the nearest one.
 */
int export_run(FILE *out, struct desk *desk, const struct export_job *job, size_t *tickets, struct ticket_error *err);

/* --- what has changed, for other engines ----------------------------------------------------------------------- */

struct changes_job {
	const char *since;         /* a revision, or a time; a time before the desk's first commit: everything */
	const char *until;         /* as given to desk_as_of before; NULL: HEAD */
	const struct query *query; /* of which tickets, as they are in the end; NULL: all */
};

/* What a feed has told; see ticket-export(1) for its lines. */
struct changes_made {
	size_t events, tickets; /* new events, and how many tickets they came into */
	size_t restated;        /* events with the same record whose ticket stands otherwise now, by a merge or a new number */
	size_t changed, removed; /* events whose record is another now, or is gone */
	bool rewritten;         /* 'since' is not among what came before the end */
	char revision[41];      /* to ask from the next time */
};

/*
 * Writes to 'out', as JSON Lines, every event that differs between 'since' and the desk as it is read: in order of recording, then
 * ticket, then position; then a cursor. It costs what changed, not what is there. Customers stay masked as they are
 * kept. TICKET_NOTFOUND for an unknown revision, TICKET_USAGE where 'until' came before 'since'.
 */
int export_changes(FILE *out, struct desk *desk, const struct changes_job *job, struct changes_made *made, struct ticket_error *err);
/* The column names of CSV, in order. */
const char *const *export_columns(bool events, size_t *n);

#endif
