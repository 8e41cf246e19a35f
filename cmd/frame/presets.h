/* SPDX-License-Identifier: MIT */
/* Where the policies that ship with the program lie. */
#ifndef CMD_PRESETS_H
#define CMD_PRESETS_H

#include <stdio.h>

#include "ticket/error.h"

/* The folder: TICKET_PRESETS of the environment, else the one installed with the program. Owned. TICKET_NOTFOUND. */
int presets_folder(char **out, struct ticket_error *err);
/* The names of the presets, sorted, one a line. As presets_folder. */
int presets_print(FILE *out, struct ticket_error *err);

#endif
