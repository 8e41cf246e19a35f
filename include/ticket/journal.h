/* SPDX-License-Identifier: MIT */
/*
 * The desk's journal: what was done with the desk as a whole and not on one ticket: an export of personal data (domain
 * D15), a report handed in (C15, C16), a backup (C18), a sample drawn and the review of a month's data (C19). One line
 * of JSON each in journal/YYYY/MM.jsonl, the month of recording in the desk's zone; only ever appended to.
 */
#ifndef TICKET_JOURNAL_H
#define TICKET_JOURNAL_H

#include "ticket/desk.h"

/* One entry. Owned strings, NULL or empty when absent. */
struct journal_entry {
	char *id;            /* 16 random hex digits; never reused */
	struct stamp at;     /* when it happened */
	struct stamp recorded;
	char *by, *role;
	char *act;           /* a lower-case word: "exported", "reported", "backed_up", "drawn", "reviewed" … */
	char *subject;       /* of what: a report's name, a sample's, a query */
	struct stamp from, until; /* the time it covers, half-open; unset: none */
	char *text;          /* remarks, reason; personal data in it are masked on recording */
	struct texts tickets; /* full numbers */
	struct pairs values;  /* whatever else belongs to that act, by name: {"seed": "…", "population": "120"} */
};
void journal_entry_release(struct journal_entry *entry);
#define _cleanup_journal_entry_ _cleanup_(journal_entry_release)

/*
 * Adds an entry to a change: id, time of recording, actor and role are given here, 'at' too where it is unset. 'entry' is
 * borrowed. Whether the actor may do it is asked before, by desk_allows(). TICKET_USAGE for text that may not be stored.
 */
int change_journal(struct change *change, const struct journal_entry *entry, struct ticket_error *err);

/*
 * The entries of HEAD in order of recording, of one act or (NULL) of all. Borrowed for the call. Non-zero from 'visit'
 * ends it with that value. TICKET_STORAGE names file and line of an entry that cannot be read.
 */
typedef int journal_visitor(const struct journal_entry *entry, void *data, struct ticket_error *err);
int journal_each(struct desk *desk, const char *act, journal_visitor *visit, void *data, struct ticket_error *err);

#endif
