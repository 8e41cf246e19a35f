/* SPDX-License-Identifier: MIT */
/* Time: instants, civil time, IANA zones, durations. Inside, an instant is seconds since 1970-01-01T00:00:00Z. */
#ifndef TICKET_TIME_H
#define TICKET_TIME_H

#include "ticket/error.h"
#include "ticket/memory.h"

/* An instant as somebody wrote it: with the offset it was written in, so that a rewrite gives the same text. */
struct stamp {
	int64_t s;        /* seconds UTC; valid only where 'set' */
	int32_t offset_s; /* seconds east of UTC */
	bool set;
};

/* A wall clock reading. Months and days count from 1; fields may be out of range where a function says it normalises. */
struct civil {
	int64_t year;
	int month, day, hour, minute, second;
};

/* A length of time: elapsed seconds, or working days ("3bd"). Negative ones count back. */
struct duration {
	int64_t seconds;
	int64_t working_days;
	bool set;
	bool back; /* was written with a minus: also nothing can count back ("-0s" is the last closing, "0s" the next opening) */
};

/* Proleptic Gregorian calendar; normalises months, days, hours, minutes and seconds that run over. */
int64_t civil_seconds(const struct civil *civil); /* as if the wall were UTC */
void civil_from(struct civil *out, int64_t seconds);
int64_t civil_day(int64_t year, int month, int day); /* days since 1970-01-01 */
int civil_weekday(int64_t day);                      /* 0 Monday … 6 Sunday of a day number */

/*
 * A time zone of the IANA database, read from its TZif file (RFC 8536) with the rule for the years after its table.
 * 'name' is such as "Asia/Shanghai" or "UTC"; anything that leaves the database's folder is refused.
 * Errors: TICKET_NOTFOUND for an unknown zone, TICKET_STORAGE for a damaged file. '*out' is owned: zone_free.
 */
struct zone;
int zone_open(struct zone **out, const char *name, struct ticket_error *err);
void zone_free(struct zone *zone);
const char *zone_name(const struct zone *zone); /* borrowed */

/* Seconds east of UTC in force at an instant. */
int32_t zone_offset(const struct zone *zone, int64_t utc_s);
/* The first instant after 'utc_s' at which the offset changes, or INT64_MAX. */
int64_t zone_next_change(const struct zone *zone, int64_t utc_s);
/*
 * The instant at which the zone's wall shows 'wall_s' (civil_seconds of it). A wall time that occurs twice gives the
 * earlier instant; one that is skipped gives the instant of the change, when the clock jumps over it.
 */
int64_t zone_instant(const struct zone *zone, int64_t wall_s);
/* The wall reading at an instant, as civil_seconds. */
static inline int64_t zone_wall(const struct zone *zone, int64_t utc_s)
{
	return utc_s + zone_offset(zone, utc_s);
}

#define STAMP_SIZE 40 /* room for any formatted stamp and its NUL */

/* An instant in a zone. */
struct stamp stamp_at(const struct zone *zone, int64_t utc_s);
/* RFC 3339, `2026-05-01T09:30:00+08:00`, `Z` for UTC; years 0000 to 9999. Unset gives "". Returns 'out'. */
char *stamp_format(char out[STAMP_SIZE], const struct stamp *stamp);
/* RFC 3339 (fractions of a second are cut off; `t`, `z` and a space for `T` are taken). TICKET_USAGE if it is none. */
int stamp_parse(struct stamp *out, const char *text, struct ticket_error *err);

/*
 * A time as people type it (cli.md): RFC 3339, `2026-05-01 09:30[:15]` or `2026-05-01` in 'zone', `now`, `today`,
 * `yesterday`, `tomorrow` (midnight), weekday names (the last such day, midnight), `09:30` (today), and lengths from 'now_s' such as `-2h`, `+15m`,
 * `+1h30m`. Lengths in working days (`+3bd`) need a calendar and are refused here: calendar.h takes them.
 * TICKET_USAGE names the text and what would be right.
 */
int time_parse(struct stamp *out, const char *text, const struct zone *zone, int64_t now_s, struct ticket_error *err);

/* `90s 15m 2h 1h30m 2d 1w 3bd -2h +15m 0s`: 'd' is 24 h, 'w' 168 h. TICKET_USAGE names the text and what would be right. */
int duration_parse(struct duration *out, const char *text, struct ticket_error *err);
/* The shortest such text: `1h30m`, `3bd`, `-15m`, `0s`. Returns 'out'. */
#define DURATION_SIZE 48
char *duration_format(char out[DURATION_SIZE], const struct duration *duration);

#endif
