/* SPDX-License-Identifier: MIT */
/* Encodings of files that come in: detected or named, turned into UTF-8. iconv is known to encoding.c alone. */
#ifndef EXCHANGE_ENCODING_H
#define EXCHANGE_ENCODING_H

#include "ticket/buf.h"
#include "ticket/error.h"

/*
 * Appends 'bytes' as UTF-8 to 'out', without a byte order mark. A mark (UTF-8, UTF-16) decides; without one 'encoding',
 * any name iconv knows; NULL or "auto" is UTF-8 when the whole text is, else GB18030 when the whole text is.
 * '*used' (may be NULL) gets the static name of what was taken ("utf-8", "gb18030", …) or 'encoding'.
 * TICKET_USAGE: "ORIGIN:LINE: …" where the first byte stands that does not belong, or an encoding nobody knows. Text
 * that is UTF-8 but for a few bytes is refused as damaged and never read as something else.
 */
int text_decode(struct buf *out, const char *bytes, size_t n, const char *encoding, const char *origin, const char **used, struct ticket_error *err);

#endif
