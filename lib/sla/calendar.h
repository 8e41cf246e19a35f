/* SPDX-License-Identifier: MIT */
/* What a calendar is made of: spans of a day as the file says them, and the index that answers quickly. */
#ifndef SLA_CALENDAR_H
#define SLA_CALENDAR_H

#include "ticket/buf.h"
#include "ticket/calendar.h"

#define DAY_S INT64_C(86400)
#define SPANS_MAX 48               /* of one day */
#define PIECES_MAX (4 * SPANS_MAX) /* what unions and breaks can make of them */
#define TEN_YEARS_DAYS 3653

/* A stretch of wall time in seconds from the midnight of the day it starts on; one past midnight ends over 86400. */
struct span {
	int32_t start_s, end_s;
};
typedef LIST(struct span) spans;

struct dated_spans {
	char *date;
	spans spans;
};

/* A day that differs from its weekday. */
struct special {
	int64_t day;
	int rank;            /* how strong the word is that was said of it */
	const spans *own;    /* its hours; NULL: the weekday's */
	const spans *breaks; /* NULL: none */
};

/* A day whose open wall time differs from its weekday's, because it or the day before is special. */
struct correction {
	int64_t day;
	int64_t sum_s; /* of the differences of this and all earlier such days */
};

struct calendar {
	/* As in the file. */
	int64_t format;
	char *name, *time_zone;
	struct {
		spans of[7]; /* Monday first */
	} hours;
	struct texts holidays, workdays;
	spans workday_hours;
	LIST(struct dated_spans) days, breaks;

	/* The index. */
	struct zone *zone;
	int64_t weekday_s[7], week_s; /* open wall seconds of an ordinary day and week */
	LIST(struct special) specials;
	LIST(struct correction) corrections;
};

extern const struct codec calendar_codec;
/* Copies what is in the file; 'to' is zeroed and has no index yet. */
void calendar_copy_file(struct calendar *to, const struct calendar *from);
/* Builds the index of a calendar whose file members are read. */
void calendar_index(struct calendar *calendar);

/*
 * The window of the next working day on which 'by' ("17:00", "24:00") still lies ahead of '*from_s': '*from_s' moves to
 * that day's midnight, where it lies before it, and '*due_s' is the day's 'by'. False: none within ten years, or no time.
 */
bool calendar_next_by(const struct calendar *calendar, const char *by, int64_t *from_s, int64_t *due_s);
/* The midnight that ends the local day of an instant. */
int64_t calendar_day_end(const struct calendar *calendar, int64_t at_s);
/* "09:00", "09:00:30" or "24:00" in seconds; -1 when it is none of these. */
int32_t wall_of_day(const char *text);

#endif
