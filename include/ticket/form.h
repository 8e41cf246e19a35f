/* SPDX-License-Identifier: MIT */
/*
 * Forms: the documents and tables that a desk's procedures name (B4, B11, D14, E11), filled in from tickets and ready to
 * print or send. A form is data of the desk, policy/forms/NAME.json (ticket-policy(5), "Forms").
 */
#ifndef TICKET_FORM_H
#define TICKET_FORM_H

#include "ticket/customer.h"

/* One value of a form, or one column of a table in it. */
struct form_field {
	char *name;           /* "number", "customer", "field.NAME", "clock.TARGET" … (ticket-policy(5)) */
	struct pairs labels;
	bool wide;            /* long text: takes the whole width */
	bool blank;           /* to be filled in by hand */
};

/* A part of a form: what 'kind' says. */
struct form_part {
	char *kind;           /* "values", "events", "plan", "files", "questions", "blanks", "text" */
	struct pairs titles;
	conditions when;      /* left out for other tickets */
	struct texts events;  /* events: moments; which of them make a row */
	LIST(struct form_field) fields;
	int64_t blank_rows;   /* of tables: empty rows to be filled in by hand */
	struct pairs text;    /* text: what stands there */
};

struct form {
	int64_t format;       /* 1 */
	char *name;           /* as its file is called */
	struct pairs titles;
	struct pairs about;   /* one line for lists of forms */
	bool table;           /* one row for each ticket instead of one document: its one part are values */
	bool landscape;
	bool numbered;        /* the parts are numbered */
	LIST(struct form_part) parts;
};

/* Reads a form; 'origin' names it in errors. '*out' is owned. TICKET_USAGE names line and key path. */
int form_read(struct form **out, const char *text, size_t length, const char *origin, struct ticket_error *err);
void form_free(struct form *form);
DEFINE_CLEANUP(struct form *, form_free)
#define _cleanup_form_ _cleanup_(form_free_p)
/* What is wrong with it: unknown values, missing labels, parts that can show nothing. 'origin' goes in front of each place. */
void form_doctor(const struct form *form, const char *origin, const struct policy *policy, findings *out);

/* The forms of a desk in order of name, as HEAD has them. Borrowed for the call. Non-zero from 'visit' ends it with that value. */
typedef int form_visitor(const struct form *form, void *data, struct ticket_error *err);
int desk_forms(struct desk *desk, form_visitor *visit, void *data, struct ticket_error *err);
/* The doctor over all of them, those that cannot be read included. */
int desk_forms_check(struct desk *desk, findings *out, struct ticket_error *err);
/* One of them. '*out' is owned. TICKET_NOTFOUND with the nearest name. */
int desk_form(struct desk *desk, const char *name, struct form **out, struct ticket_error *err);
/*
 * Puts a form into the desk, or in the place of the one of that name, as one commit: what the policy's permission "policy"
 * is for. TICKET_REFUSED when the doctor finds something; the message names it.
 */
int desk_form_put(struct desk *desk, const char *text, size_t length, const char *origin, bool dry_run, struct ticket_error *err);

/* --- filling in -------------------------------------------------------------------------------------------------- */

/* How a form is filled in. All borrowed. */
struct form_order {
	const struct form *form;
	const char *language;
	bool reveal;             /* the customers' personal data in clear; comes on record first */
	const char *why;         /* they are needed, may be NULL */
};

/* What a form says at one place. */
struct form_cell {
	char *data;  /* as programs want it: names, RFC 3339 */
	char *shown; /* as people read it */
};
struct form_column {
	const char *name, *label; /* borrowed from the form */
	bool wide, blank;
};
/* A part that is filled in: one row of values, or a row for each event, part of the plan, file or question. */
struct form_block {
	const struct form_part *part;
	const char *title;       /* "" for none */
	const char *text;        /* of kind "text" */
	LIST(struct form_column) columns;
	LIST(struct form_cell) cells; /* row by row */
};
/* One ticket's form. */
struct form_sheet {
	char *number;
	LIST(struct form_block) blocks;
};
void form_sheet_release(struct form_sheet *sheet);
#define _cleanup_form_sheet_ _cleanup_(form_sheet_release)
static inline size_t form_rows(const struct form_block *block)
{
	return block->columns.n ? block->cells.n / block->columns.n : 0;
}

/*
 * Begins to fill in a form: with 'order->reveal' the customers of these tickets are revealed, which is one commit and needs
 * the policy's permission "reveal". '*out' is owned. TICKET_REFUSED, or as desk_read.
 */
struct filling;
int form_begin(struct filling **out, struct desk *desk, const struct form_order *order, const struct texts *numbers, struct ticket_error *err);
void form_end(struct filling *filling);
DEFINE_CLEANUP(struct filling *, form_end)
#define _cleanup_filling_ _cleanup_(form_end_p)
/* Fills in the form for one ticket; NULL: an empty form, every value to be written by hand. 'out' (zeroed) is to be released. */
int form_fill(struct filling *filling, const struct ticket *ticket, struct form_sheet *out, struct ticket_error *err);

/* --- faces ------------------------------------------------------------------------------------------------------- */

/* How a document comes out: what stands ahead of the first sheet, each sheet ('place' counts from 0), what stands behind the last. */
struct form_face {
	const char *name; /* "html", "md", "txt", "json" */
	void (*head)(const struct filling *filling, struct buf *out);
	void (*sheet)(const struct filling *filling, const struct form_sheet *sheet, size_t place, struct buf *out);
	void (*foot)(const struct filling *filling, size_t sheets, struct buf *out);
};
/* The face of that name, or NULL. */
const struct form_face *form_face(const char *name);
/* The form's title in the filling's language. Borrowed. */
const char *form_title(const struct filling *filling);
/* The columns of a form's rows, for spreadsheets: those of its values; a table within a document is one column. */
void form_row_columns(const struct filling *filling, struct form_block *out);
/* A sheet as one such row; tables within it as lines of text. 'out' (zeroed) gets as many cells as there are columns. */
void form_row(const struct filling *filling, const struct form_sheet *sheet, struct form_block *out);
void form_block_release(struct form_block *block);

#endif
