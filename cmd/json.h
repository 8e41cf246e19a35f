/* SPDX-License-Identifier: MIT */
/* JSON as the program prints it: one value at a time into a buffer. Reading JSON is the library's work. */
#ifndef CMD_JSON_H
#define CMD_JSON_H

#include "ticket/buf.h"

/*
 * A JSON string. Controls, and characters that reorder what a terminal shows, come out as \uXXXX escapes: the value is
 * the same and harmless to look at. Bytes that are no UTF-8 become U+FFFD. NULL gives null.
 */
void json_text(struct buf *out, const char *text);
/* An array of strings from comma-joined text. */
void json_list(struct buf *out, const char *joined);
/* Is the text a number as JSON writes it? */
bool json_is_number(const char *text);

#endif
