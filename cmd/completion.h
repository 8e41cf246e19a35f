/* SPDX-License-Identifier: MIT */
/* What the shells' completion scripts ask the program for. */
#ifndef CMD_COMPLETION_H
#define CMD_COMPLETION_H

#include "command.h"

/*
 * `ticket --complete KIND [WORD]`: what begins with WORD, one a line: values in the policy of the desk in or around 'folder'
 * (NULL: here), numbers of its tickets (ID; also by their tails), terms of a query (QUERY). As desk_open says.
 */
int completion_values(FILE *out, const char *folder, const char *kind, const char *word, struct ticket_error *err);

#endif
