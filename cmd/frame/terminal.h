/* SPDX-License-Identifier: MIT */
/* What the program finds around it: terminal, colour, language, and where it is installed. */
#ifndef CMD_TERMINAL_H
#define CMD_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* Columns of the terminal behind stdout; 0 when stdout is none. */
size_t terminal_width(void);
/* Can somebody be asked: are stdin and stderr terminals? */
bool terminal_asks(void);
/* Colour on stdout: 'wish' is "auto", "always" or "never"; auto looks at NO_COLOR, CLICOLOR_FORCE and TERM. */
bool terminal_colour(const char *wish);
/* Opens the catalogue of the language that the environment asks for (ticket/language.h); its folder may be named in TICKET_LOCALES. */
void open_language(void);
/*
 * A folder that was installed with the program: 'installed' is where meson put it, below the prefix; 'built' is where
 * it lies from the program's folder in a build tree. Moves with the program. Owned; NULL when there is none.
 */
char *installed_folder(const char *installed, const char *built);
/* A program of the library's own folder (libexec), which this one runs. Owned; NULL when it is not installed. */
char *helper_program(const char *name);

#endif
