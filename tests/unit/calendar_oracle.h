/* SPDX-License-Identifier: MIT */
/*
 * The oracle for working time: it knows nothing but libc's clock and steps through time, one small step after the
 * other. What it says follows from the words of ticket-calendar(5) alone.
 */
#ifndef CALENDAR_ORACLE_H
#define CALENDAR_ORACLE_H

#include "ticket/calendar.h"

#define ORACLE_SPANS 4
#define ORACLE_DAYS 40

struct oracle_span {
	int start, end; /* seconds from the day's midnight */
};
struct oracle_spans {
	struct oracle_span v[ORACLE_SPANS];
	int n;
};

/* A calendar in the plainest form: hours by weekday, and what is said of single days. */
struct oracle_calendar {
	struct oracle_spans week[7];
	bool has_workday_hours;
	struct oracle_spans workday_hours;
	struct {
		bool holiday, workday, has_own, has_breaks;
		struct oracle_spans own, breaks;
	} special[ORACLE_DAYS]; /* from the first day of the window */
};

/* A window of time in a zone, walked through in steps. */
struct oracle {
	int64_t first_s, step_s;
	size_t n;       /* steps */
	int64_t *wall;  /* what the wall shows at each step */
	bool *open;
	int64_t day0;   /* day number of special[0] */
	bool works[ORACLE_DAYS];
	int64_t midnight[ORACLE_DAYS + 1]; /* the instant at which each day begins */
};

void oracle_window(struct oracle *oracle, const char *zone, int64_t day0, int64_t step_s);
void oracle_fill(struct oracle *oracle, const struct oracle_calendar *calendar);
void oracle_release(struct oracle *oracle);

int64_t oracle_elapsed(const struct oracle *oracle, int64_t from_s, int64_t until_s);
bool oracle_is_open(const struct oracle *oracle, int64_t at_s);
bool oracle_is_working_day(const struct oracle *oracle, int64_t at_s);
/* Of the days after that of 'from_s', up to and including that of 'until_s'. */
int64_t oracle_working_days(const struct oracle *oracle, int64_t from_s, int64_t until_s);
/* Each returns false where the answer lies outside the window. */
bool oracle_next_change(const struct oracle *oracle, int64_t at_s, int64_t *out_s);
bool oracle_add(const struct oracle *oracle, int64_t from_s, int64_t seconds, bool back, int64_t *out_s);
bool oracle_add_days(const struct oracle *oracle, int64_t from_s, int n, bool back, int64_t *out_s);

#endif
