/* SPDX-License-Identifier: MIT */
/* Calendars and working time (design §5). Pure: nothing here reads a clock or a file, but calendar_read the zone table. */
#ifndef TICKET_CALENDAR_H
#define TICKET_CALENDAR_H

#include "ticket/buf.h"
#include "ticket/time.h"

/* A calendar file, read and indexed. Opaque: built once, asked often. */
struct calendar;

/* 'out' is owned: calendar_free. TICKET_USAGE names file, line and key path; TICKET_NOTFOUND an unknown zone. */
int calendar_read(struct calendar **out, const char *text, size_t length, const char *origin, struct ticket_error *err);
/* The same for a file that may leave out its zone: then 'time_zone' is its zone (the desk's; NULL: leaving it out is an error). */
int calendar_read_in(struct calendar **out, const char *text, size_t length, const char *origin, const char *time_zone, struct ticket_error *err);
/* The file's text; the same calendar always gives the same bytes. */
void calendar_write(const struct calendar *calendar, struct buf *out);
/* Round the clock, in any zone: what the name "always" means. Owned. */
int calendar_always(struct calendar **out, const char *time_zone, struct ticket_error *err);
void calendar_free(struct calendar *calendar);
DEFINE_CLEANUP(struct calendar *, calendar_free)
#define _cleanup_calendar_ _cleanup_(calendar_free_p)

/* What it calls itself, and the zone of its wall times. Borrowed. */
const char *calendar_name(const struct calendar *calendar);
const struct zone *calendar_zone(const struct calendar *calendar);

/* Working seconds from 'from_s' to 'until_s'; 0 when 'until_s' is not later. Half-open intervals. */
int64_t calendar_elapsed(const struct calendar *calendar, int64_t from_s, int64_t until_s);
/* Is the instant working time? */
bool calendar_is_open(const struct calendar *calendar, int64_t at_s);
/* The next instant after 'at_s' at which open becomes closed or the other way round; INT64_MAX when never. */
int64_t calendar_next_change(const struct calendar *calendar, int64_t at_s);
/* Is the local day that holds the instant a working day: has it open time of its own? (A night shift is of the day it starts on.) */
bool calendar_is_working_day(const struct calendar *calendar, int64_t at_s);
/* How many working days lie after the local day of 'from_s', up to and including that of 'until_s'. */
int64_t calendar_working_days(const struct calendar *calendar, int64_t from_s, int64_t until_s);
/*
 * The instant 'length' of working time after (negative: before) 'from_s'. Ends at the closing time when the time runs
 * out exactly there; adding nothing while closed gives the next opening; going back mirrors this: it ends at the opening
 * time when the time runs out exactly there, and nothing while closed gives the previous closing.
 * `3bd`: the same wall time three working days on, then moved to the next open instant (back: to the previous closing).
 * TICKET_NOTFOUND when the calendar has no working time within ten years, or the time is not of the years 0 to 9999.
 */
int calendar_add(int64_t *out_s, const struct calendar *calendar, int64_t from_s, const struct duration *length, struct ticket_error *err);

/* --- making calendars ------------------------------------------------------------------------------------------- */

/* May a calendar be called so? Lower-case letters, digits, '-' and '_'; "always" is taken. */
bool calendar_name_is_good(const char *name);
/*
 * A calendar with the hours of 'like' (NULL: Monday to Friday nine to six) and, where 'whole', with its holidays and
 * workdays too. 'time_zone' is of one that names none. '*out' is owned. As calendar_read.
 */
int calendar_derive(struct calendar **out, const struct calendar *like, const char *name, const char *time_zone, bool whole, struct ticket_error *err);
/* Adds days off and days worked ("2026-05-01"); '*added' is how many are new. '*calendar' is replaced. TICKET_USAGE: no date. */
int calendar_add_days(struct calendar **calendar, const struct texts *off, const struct texts *work, size_t *added, struct ticket_error *err);

#endif
