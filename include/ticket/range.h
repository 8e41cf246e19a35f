/* SPDX-License-Identifier: MIT */
/* Ranges of time as people name them: a day, a week, a month, a quarter, a year, or from here to there. */
#ifndef TICKET_RANGE_H
#define TICKET_RANGE_H

#include "ticket/time.h"

/* Half-open: from_s <= t < until_s. INT64_MIN and INT64_MAX stand for an open end. */
struct range {
	int64_t from_s, until_s;
};

static inline bool range_has(const struct range *range, int64_t at_s)
{
	return at_s >= range->from_s && at_s < range->until_s;
}

/*
 * A calendar period in 'zone': `2026` (year), `2026-05` (month), `2026-W18` (ISO week, Monday to Sunday), `2026-Q2`
 * (quarter), `2026-05-01`, `today`, `yesterday`, `tomorrow` and weekday names (day). False when the text is none.
 */
bool range_period(struct range *out, const char *text, const struct zone *zone, int64_t now_s);

/*
 * `A..B` (either may be missing: open end) or a period. A is a time or the beginning of a period; B is a time (not
 * included) or a period (included whole): 2026-05-01..2026-05-31 is all of May. TICKET_USAGE says what would be right.
 */
int range_parse(struct range *out, const char *text, const struct zone *zone, int64_t now_s, struct ticket_error *err);

/* The values of --since, --until, --day, --week, --month, --quarter; NULL where not given. */
struct range_words {
	const char *since, *until, *day, *week, *month, *quarter;
};
/*
 * The range they name; open at both ends when all are NULL. --since takes a time; --until a time or a day, month …
 * that is included whole. --day, --week, --month, --quarter take a period of that kind, a day within it, or `this`
 * and `last`; only one of them, and neither --since nor --until beside it. TICKET_USAGE names the option.
 */
int range_from_words(struct range *out, const struct range_words *words, const struct zone *zone, int64_t now_s, struct ticket_error *err);

#endif
