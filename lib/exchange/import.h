/* SPDX-License-Identifier: MIT */
/* What the two ways of importing share: files by a map, and a desk's own export. */
#ifndef EXCHANGE_IMPORT_H
#define EXCHANGE_IMPORT_H

#include "exchange/plan.h"
#include "index/index.h"
#include "ticket/import.h"

struct import {
	struct desk *desk;
	const struct import_job *job;
	struct import_summary *out;
	struct plan plan;
	struct rows rows;
	struct change *change;
};

/* Records one draft in import->change; an error is the reason why its rows are rejected. */
typedef int recorder(struct import *import, struct draft *draft, struct ticket_error *err);
/* Finds out what is there already: sets the fate of the drafts. Called with the desk locked. */
typedef int finder(struct import *import, struct ticket_error *err);

/* Asks the index for the number behind a key: index_key or index_uid. */
typedef int key_lookup(struct index *index, const char *key, char **number, struct ticket_error *err);
/* Shows 'see' every ticket whose key a draft has: by the index for few drafts, else in one pass over the desk. */
int import_find(struct import *import, key_lookup *lookup, desk_visitor *see, void *data, struct ticket_error *err);
/* From a filled plan to the commit and the summary; as import_run says. */
int import_carry_out(struct import *import, finder *find, recorder *record, struct ticket_error *err);
/* Decodes and reads the file into import->rows. */
int import_read_rows(struct import *import, const struct rows_options *options, const char *encoding, struct ticket_error *err);
/* The file's path without its folders. */
const char *base_name(const char *path);

/* Imports what `export --format jsonl` wrote: whole tickets, with their numbers, identities and events. */
int import_own(struct import *import, struct ticket_error *err);

#endif
