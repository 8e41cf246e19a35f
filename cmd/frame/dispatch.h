/* SPDX-License-Identifier: MIT */
/* From the words of the command line to a command that runs with everything it declared. */
#ifndef CMD_DISPATCH_H
#define CMD_DISPATCH_H

#include "command.h"

/* Options that stand before the command. */
struct global {
	const char *folder; /* -C */
	const char *now, *as, *colour;
	bool no_pager;
};

/*
 * Runs a command with the words that follow its name. Returns 0 or an enum ticket_code. '*kept' is set to the file in
 * which a text is kept that was typed for a call that then failed; owned.
 */
int dispatch(const struct command *command, const char *const *words, size_t n, const struct global *global, char **kept, struct ticket_error *err);

#endif
