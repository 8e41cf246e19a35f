/* SPDX-License-Identifier: MIT */
/* JSON as the program prints it: one value at a time into a buffer. Reading JSON is the library's work. */
#ifndef CMD_QUOTE_H
#define CMD_QUOTE_H

#include "ticket/buf.h"
#include "ticket/policy.h"

/*
 * A JSON string. Controls, and characters that reorder what a terminal shows, come out as \uXXXX escapes: the value is
 * the same and harmless to look at. Bytes that are no UTF-8 become U+FFFD. NULL gives null.
 */
void quote_json(struct buf *out, const char *text);
/* An array of strings from comma-joined text. */
void quote_json_list(struct buf *out, const char *joined);
/* What fsck found, as an array of `{"file": …, "finding": …}`. */
void quote_findings(struct buf *out, const findings *found);
/* Is the text a number as JSON writes it? */
bool is_json_number(const char *text);

#endif
