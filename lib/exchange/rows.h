/* SPDX-License-Identifier: MIT */
/* Rows of a file that comes in: one interface over CSV, JSON Lines and JSON arrays, with the lines an editor shows. */
#ifndef EXCHANGE_ROWS_H
#define EXCHANGE_ROWS_H

#include "ticket/buf.h"
#include "ticket/error.h"

#define CELL_LIMIT ((size_t)1 << 20)  /* bytes of one cell: far more than anybody writes */
#define CELLS_LIMIT ((size_t)1 << 14) /* cells of one row */

enum rows_format { ROWS_AUTO, ROWS_CSV, ROWS_JSONL, ROWS_JSON };

struct cell {
	const char *text; /* borrowed from the rows; line ends are LF. NULL: the row has no such cell */
	size_t line;      /* where it begins */
};

struct row {
	size_t line;        /* where it begins, from 1 */
	size_t from, n;     /* the row as it stands in rows.text, without its line end */
	struct cell *cells; /* one for each wanted column */
	const char *flaw;   /* why the row cannot be used; NULL: it can */
	const char *flaw_column; /* which column it lies in, may be NULL */
	size_t flaw_line;
};

struct rows_options {
	enum rows_format format; /* ROWS_AUTO: by what the text begins with */
	char delimiter;          /* of CSV; 0: comma, semicolon, tab or bar, whichever the first line has most of */
	bool trim;               /* CSV: blanks around cells, also before a quote, are dropped */
	const struct texts *columns; /* names of a CSV file without a heading; NULL or empty: the first row names them */
	const char *list;        /* JSON: which member of the outermost object holds the rows; NULL: the first array */
	const struct texts *wanted;  /* names of the columns to keep; of JSON, "a.b" also reaches into objects */
};

/* Zeroed is empty. Everything lives until rows_release. */
struct rows {
	enum rows_format format; /* what it was */
	char delimiter;
	struct buf text;         /* the text, UTF-8; owned */
	struct texts columns;    /* CSV: the heading; JSON: every name seen, up to a limit */
	size_t heading_from, heading_n; /* CSV: the heading as it stands in 'text' */
	LIST(struct row) list;   /* blank rows are left out */
	size_t missing;          /* when reading failed for want of a column: its index in 'wanted', else SIZE_MAX */
	struct arena *arena;
};

/*
 * Reads all rows of 'out->text' (the caller puts the text there; 'origin' names it in errors). Rows that are broken are
 * kept, with their flaw. TICKET_USAGE when the file as a whole cannot be used: no heading, a wanted column that is not
 * there (with the nearest one that is), a cell or row beyond the limits.
 */
int rows_read(struct rows *out, const struct rows_options *options, const char *origin, struct ticket_error *err);
void rows_release(struct rows *rows);
#define _cleanup_rows_ _cleanup_(rows_release)

/* The format of a word ("csv", "jsonl", "json"), or TICKET_USAGE. NULL and "auto" give ROWS_AUTO. */
int rows_format_read(enum rows_format *out, const char *word, struct ticket_error *err);

/* Appends one CSV cell, in quotes where it needs them. */
void csv_cell(struct buf *out, const char *text, char delimiter);

/* --- for the readers of each format ---------------------------------------------------------------------------- */

struct row *row_add(struct rows *rows, size_t line, size_t from, size_t wanted);
/* Memory that lives as long as the rows. */
void *rows_memory(struct rows *rows, size_t n);
/* A text that does; "\r\n", "\r\r\n" and "\r" in it become "\n". */
const char *rows_text(struct rows *rows, const char *text, size_t n);
/* Marks a row as unusable; the first flaw stays. */
void row_flaw(struct rows *rows, struct row *row, size_t line, const char *column, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* TICKET_USAGE for a wanted column that is not there. */
int rows_lack(struct rows *rows, const struct rows_options *options, size_t wanted, const char *origin, struct ticket_error *err);
int csv_read(struct rows *out, const struct rows_options *options, const char *origin, struct ticket_error *err);
int json_rows_read(struct rows *out, const struct rows_options *options, const char *origin, struct ticket_error *err);

#endif
