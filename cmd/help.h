/* SPDX-License-Identifier: MIT */
/* What the program says about itself. */
#ifndef CMD_HELP_H
#define CMD_HELP_H

#include "command.h"

/* `ticket -h`: the commands, one line each. */
void help_overview(FILE *out);
/* `ticket NAME -h`: synopsis and options; 'name' is the full one ("customer add"). */
void help_command(FILE *out, const struct command *command, const char *name);
/* Opens the manual page when there is a terminal to read it on (does not return then), else as help_command. */
void help_manual(const struct command *command, const char *name);
/* `ticket --dump-commands`: every command and option, tab-separated, for the checks of documentation and completion. */
void help_dump(FILE *out);

#endif
