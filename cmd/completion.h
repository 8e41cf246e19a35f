/* SPDX-License-Identifier: MIT */
/* What the shells' completion scripts ask the program for. */
#ifndef CMD_COMPLETION_H
#define CMD_COMPLETION_H

#include "command.h"

/* `ticket --complete CHANNEL`: the values of that kind in the policy of the desk around, one a line. As desk_open says. */
int completion_values(FILE *out, const char *kind, struct ticket_error *err);

#endif
