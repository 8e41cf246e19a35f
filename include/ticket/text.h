/* SPDX-License-Identifier: MIT */
/* Text: what UTF-8 is accepted, how wide it shows, how it is made harmless for a terminal, how close two words are. */
#ifndef TICKET_TEXT_H
#define TICKET_TEXT_H

#include "ticket/buf.h"

/*
 * The offset of the first byte that may not stand in a stored text, or -1 when all may: invalid or over-long UTF-8,
 * surrogates, NUL, and every C0/C1 control character but tab and newline (U+0009, U+000A).
 * '*why' (may be NULL) is set to a static phrase such as "not valid UTF-8" or "a control character".
 */
ptrdiff_t text_flaw(const char *text, size_t length, const char **why);

/* Columns that 'length' bytes of UTF-8 take in a terminal: East Asian wide and full-width count two, combining none. */
size_t text_width(const char *text, size_t length);

/* How many bytes of 'text' fit into 'columns', never cutting a grapheme; '*width' (may be NULL) gets what they take. */
size_t text_fit(const char *text, size_t length, size_t columns, size_t *width);

/*
 * Appends 'text' with everything escaped that could act on a terminal: C0 and C1 controls as ^X or \u009b, DEL,
 * bidirectional overrides and isolates (U+202A-202E, U+2066-2069) as \u202e, invalid bytes as \xNN.
 * Newline and tab pass where 'multiline', else they become a space.
 */
void text_show(struct buf *out, const char *text, size_t length, bool multiline);

/* Case-folded, compatibility-composed copy (Unicode NFKC_Casefold): for comparing and searching only. Owned. */
char *text_fold(const char *text);
/* The same, appended to 'out'. 'text' ends with a NUL behind its 'length' bytes. */
void text_fold_to(struct buf *out, const char *text, size_t length);

/* How many single-letter changes (insert, delete, replace, swap) turn 'a' into 'b', whatever the case of ASCII letters; for suggestions. */
size_t text_distance(const char *a, const char *b);

/* A nearby word of 'words' for a mistyped one, or NULL when none is near enough. Borrowed from 'words'. */
const char *text_nearest(const char *typed, const char *const *words, size_t count);

/* Strips leading and trailing white space (ASCII, no-break and ideographic) in place; returns 'text'. */
char *text_strip(char *text);

#endif
