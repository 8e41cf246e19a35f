/* SPDX-License-Identifier: MIT */
/* The one option parser: words of a call against the option tables of its command. */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include "command.h"

/* One option as it was given. */
struct given {
	const struct option_row *row;
	bool common;       /* the row belongs to struct call, not to the command's own struct */
	bool negated;      /* --no-NAME */
	const char *value; /* borrowed from argv; NULL for a flag */
};

/* The words of a call, sorted into options and arguments. Zeroed is empty. */
struct scanned {
	LIST(struct given) given;
	LIST(const char *) args;
	char help; /* 'h': -h, 'l': --help, 0: neither */
};
void scanned_release(struct scanned *scanned);
#define _cleanup_scanned_ _cleanup_(scanned_release)

/*
 * The i-th option that a command takes: its own rows, then those that its flags bring and that it does not define
 * itself. NULL past the end. '*common' (may be NULL): does the row's offset count in struct call?
 */
const struct option_row *options_row(const struct command *command, size_t i, bool *common);

/*
 * Sorts the words after the command's name. Needs no desk: values are looked at by options_fill.
 * TICKET_USAGE names an unknown option with what may have been meant, or one whose value is missing or superfluous.
 */
int options_scan(struct scanned *out, const struct command *command, const char *const *words, size_t n, struct ticket_error *err);

/*
 * Puts the values into call->options and call. Before the desk is open ('late' false) everything but times and
 * lengths, then those. TICKET_USAGE for a value that is none.
 */
int options_fill(struct call *call, const struct scanned *scanned, bool late, struct ticket_error *err);

/* Frees what options_fill made; the call's structs stay. */
void options_release(struct call *call);

#endif
