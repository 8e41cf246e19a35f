/* SPDX-License-Identifier: MIT */
/* Import: files of other programs become tickets with their history; the same file twice adds nothing (design §9). */
#ifndef TICKET_IMPORT_H
#define TICKET_IMPORT_H

#include "ticket/desk.h"

/* What is imported, and how. All borrowed. */
struct import_job {
	const char *file;     /* what the file is called; its base name goes into the commit and onto the tickets */
	const char *bytes;    /* its content */
	size_t n_bytes;
	const char *map_name; /* what the map is called, for messages */
	const char *map;      /* its text (ticket-map(5)); NULL: the file is a desk's own export and needs none */
	size_t n_map;
	const char *format;   /* "csv", "jsonl", "json"; NULL: as the map says, else by what the file begins with */
	const char *encoding; /* NULL: as the map says, else detected */
	struct pairs defaults; /* member of "ticket" or "fields" → value where the file says nothing; goes before the map's */
	bool quarantine;      /* rows that contradict themselves or lack something, but can be stored, are stored and set apart */
	bool keep_going;      /* take the good rows although others are rejected */
	bool dry_run;
};

/* A row that was not taken. */
struct import_reject {
	size_t line;
	char *column, *reason; /* column may be NULL */
};
typedef LIST(struct import_reject) import_rejects; /* in order of line */

/* What came of it. rows = taken + rejected; a ticket of several rows counts once. */
struct import_summary {
	char *file, *digest, *encoding; /* base name, SHA-256 in hex, what was read */
	size_t rows, taken, repeated;   /* repeated: taken, but only says again what an earlier row said */
	size_t tickets_new, tickets_changed, tickets_unchanged;
	size_t quarantined_entry, quarantined_system; /* set apart, by cause */
	size_t events;                  /* recorded, openings among them */
	import_rejects rejects;
	struct buf rejected;            /* a file of the rejected rows as they stood, with line, column and reason in front */
	const char *rejected_suffix;    /* what such a file is called: "csv" or "jsonl" */
	bool written;                   /* false: nothing was (dry run, nothing new, or rejected rows) */
};
void import_summary_release(struct import_summary *summary);

/*
 * Imports into the desk as one commit. 'out' (zeroed) is filled also on TICKET_REFUSED, and must be released.
 * 0: all rows were taken. TICKET_PARTIAL: the good ones were ('keep_going'). TICKET_REFUSED: some rows were rejected and
 * nothing was written; the message counts them and gives the first reasons. TICKET_USAGE: map or file cannot be used at
 * all; messages name file and line. Else as change_commit says.
 */
int import_run(struct import_summary *out, struct desk *desk, const struct import_job *job, struct ticket_error *err);

/* What came of a list of customers. */
struct customers_summary {
	char *file, *digest, *encoding; /* base name, SHA-256 in hex, what was read */
	size_t rows, added, changed, same;
	import_rejects rejects;
	struct buf rejected;            /* as of import_summary; holds personal data in clear */
	const char *rejected_suffix;
	bool written;
};
void customers_summary_release(struct customers_summary *summary);

/*
 * Takes a list of customers into the register as one commit, by a map of rows that are customers (ticket-map(5)); of
 * the job, 'format' and 'defaults' are not used. The same list twice changes nothing. Returns as import_run does.
 */
int customers_import(struct customers_summary *out, struct desk *desk, const struct import_job *job, struct ticket_error *err);

#endif
