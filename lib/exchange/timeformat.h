/* SPDX-License-Identifier: MIT */
/* Times as other programs write them: patterns such as "D/M/YYYY HH:MM", ISO 8601, spreadsheet serials, epoch seconds. */
#ifndef EXCHANGE_TIMEFORMAT_H
#define EXCHANGE_TIMEFORMAT_H

#include "ticket/time.h"

/*
 * A pattern, ready for use. Letters stand for parts, everything else for itself:
 *   YYYY YY   year (YY: 70–99 are 19xx)      M MM MMM   month (MMM: Jan … Dec)      D DD   day
 *   H HH      hour 0–23                       h hh       hour 1–12, with AM/PM        AM/PM  also 上午/下午
 *   M MM m mm minute, behind an hour          S SS s ss  second                       F      its fraction, cut off
 *   Z         offset: Z, +08:00, +0800        [ … ]      may be absent; may be nested
 * One letter takes one or two digits, two letters exactly two. A blank takes any number of blanks.
 * Words instead of a pattern: "iso" (ISO 8601, time and offset optional), "excel" (serial date of 1900, its leap-year
 * mistake included), "excel1904", "epoch" (seconds, fraction cut off) and "epoch_ms".
 */
struct time_format {
	enum { TIME_PATTERN, TIME_ISO, TIME_EXCEL, TIME_EXCEL_1904, TIME_EPOCH, TIME_EPOCH_MS } kind;
	const char *pattern; /* borrowed */
};

/* TICKET_USAGE says what is wrong with the pattern. 'pattern' must outlive 'out'. */
int time_format_read(struct time_format *out, const char *pattern, struct ticket_error *err);
/*
 * Reads the whole of 'text' by one format; false when it is none of it, or no real date. A time without an offset is a
 * wall time of 'zone', and an instant is given the offset of 'zone'.
 */
bool time_format_parse(struct stamp *out, const struct time_format *format, const char *text, const struct zone *zone);

#endif
