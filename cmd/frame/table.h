/* SPDX-License-Identifier: MIT */
/* Rows that come out: one row table, printed as table, json, jsonl, csv, tsv or md (cli.md, "Output"). */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H

#include "print.h"
#include "ticket/error.h"
#include "ticket/memory.h"

enum cell_type {
	CELL_TEXT,
	CELL_NUMBER, /* a JSON number; right-aligned */
	CELL_TIME,   /* RFC 3339 in data; short in a table */
	CELL_FLAG,   /* true/false; "yes" or "" in a table */
	CELL_LIST,   /* comma-joined text; a JSON array of strings */
	CELL_JSON,   /* ready JSON text, shown compact */
};

struct column {
	const char *name;   /* key in JSON, name for --columns, CSV heading */
	const char *title;  /* heading in a table; NULL: the name in capitals */
	enum cell_type type;
	bool hidden;        /* only when --columns asks for it (always in json and jsonl) */
	bool wide;          /* the one to cut when the terminal is too narrow */
};

struct table_options {
	const char *format;  /* "table", "json", …; NULL: table */
	const char *columns; /* "a,b,c"; NULL: those that are not hidden */
	size_t width;        /* of the terminal; 0: not a terminal, nothing is cut */
	bool colour;
};

struct table;
/*
 * 'noun' names the JSON array ("tickets"). 'columns' must outlive the table. TICKET_USAGE for an unknown format or
 * column, with suggestions. '*out' is owned; 'out_file' is borrowed.
 */
int table_open(struct table **out, const char *noun, const struct column *columns, size_t n, const struct table_options *options, FILE *out_file, struct ticket_error *err);
/* Does the column come out? What it would show need not be made otherwise; any text will do. */
bool table_wants(const struct table *table, size_t column);
/* Adds one row: a text for each column in order (NULL: empty / null). Texts are copied; 'colour' names a style or NULL. */
void table_row(struct table *table, const char *const *cells, const char *colour);
/* Prints what is left and frees the table (NULL: nothing). */
void table_close(struct table *table);
/* The same after something that may have failed: then nothing is printed where no row was, not even the frame of a format. */
void table_end(struct table *table, int failed);

#endif
