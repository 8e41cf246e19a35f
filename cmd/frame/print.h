/* SPDX-License-Identifier: MIT */
/* Text and colours as they come out on a terminal. */
#ifndef CMD_PRINT_H
#define CMD_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct table_options;

/* A text for a terminal: escapes applied (text_show), to 'out'. */
void print_text(FILE *out, const char *text, bool multiline);

/* A sentence for a terminal and a line break: in lines of at most 'width' columns, broken at spaces and between wide characters; 0: one line. */
void print_wrapped(FILE *out, const char *text, size_t width);

/* Colour names: "bold", "dim", "red", "green", "yellow", "blue", "cyan"; "" when colour is off. */
const char *colour_on(const struct table_options *options, const char *name);
const char *colour_off(const struct table_options *options);

#endif
