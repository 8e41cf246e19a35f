/* SPDX-License-Identifier: MIT */
/* Times of a call, and the ranges --day, --week, --month and --quarter stand for. */
#include "when.h"

#include <ctype.h>

int call_time(const struct call *call, const char *text, struct stamp *out, struct ticket_error *err)
{
	return time_parse(out, text, call->zone, call->context.now_s, err);
}


static int64_t midnight(const struct call *call, int64_t day)
{
	return zone_instant(call->zone, day * 86400);
}

/* `this`, `last`, or any time: the civil day it falls on in the call's zone. */
static int find_day(const struct call *call, const char *text, struct civil *out, struct ticket_error *err)
{
	struct stamp stamp;
	int code = call_time(call, text_equal(text, "this") || text_equal(text, "last") ? "now" : text, &stamp, err);

	if (code == 0)
		civil_from(out, zone_wall(call->zone, stamp.s));
	return code;
}

/* "2026-W18", "2026-05", "2026-Q2": a year, a dash, perhaps a letter, and one or two digits that end the text. */
static bool read_period(const char *text, char letter, size_t digits, int most, int64_t *year, int *n)
{
	const char *p = text + 5;

	if (strspn(text, "0123456789") != 4 || text[4] != '-' || (letter && *p++ != letter))
		return false;
	if (strlen(p) != digits || strspn(p, "0123456789") != digits)
		return false;
	*year = atoi(text);
	*n = atoi(p);
	return *n >= 1 && *n <= most;
}

static void set_days(struct call *call, int64_t from, int64_t until)
{
	call->since = stamp_at(call->zone, midnight(call, from));
	call->until = stamp_at(call->zone, midnight(call, until));
}

static int range_day(struct call *call, struct ticket_error *err)
{
	struct civil civil;
	int code = find_day(call, call->range_day, &civil, err);
	int64_t day = civil_day(civil.year, civil.month, civil.day);

	if (code == 0)
		set_days(call, day, day + 1);
	return code;
}

static int range_week(struct call *call, struct ticket_error *err)
{
	struct civil civil = {.month = 1, .day = 4}; /* always in week 1 of ISO 8601 */
	int week = 1;
	int64_t day;

	if (!read_period(call->range_week, 'W', 2, 53, &civil.year, &week)) {
		int code = find_day(call, call->range_week, &civil, err);

		if (code)
			return code;
		week = text_equal(call->range_week, "last") ? 0 : 1;
	}
	day = civil_day(civil.year, civil.month, civil.day);
	day += 7 * (week - 1) - civil_weekday(day);
	set_days(call, day, day + 7);
	return 0;
}

/* 'months' months that begin with the period in which 'civil' lies, or with the one before. */
static void set_months(struct call *call, struct civil civil, int months, bool last)
{
	int first = (civil.month - 1) / months * months - (last ? months : 0);
	int64_t from = civil.year * 12 + first, until = from + months;

	set_days(call, civil_day(from / 12, (int)(from % 12) + 1, 1), civil_day(until / 12, (int)(until % 12) + 1, 1));
}

static int range_months(struct call *call, const char *text, bool quarter, struct ticket_error *err)
{
	struct civil civil = {.day = 1};
	int n, code = 0;

	if (quarter ? read_period(text, 'Q', 1, 4, &civil.year, &n) : read_period(text, 0, 2, 12, &civil.year, &n))
		civil.month = quarter ? n * 3 : n;
	else
		code = find_day(call, text, &civil, err);
	if (code == 0)
		set_months(call, civil, quarter ? 3 : 1, text_equal(text, "last"));
	return code;
}

int call_range(struct call *call, struct ticket_error *err)
{
	size_t periods = (call->range_day != NULL) + (call->range_week != NULL) + (call->range_month != NULL) + (call->range_quarter != NULL);
	int code = 0;

	if (periods > 1 || (periods && (call->since.set || call->until.set)))
		return ticket_fail(err, TICKET_USAGE, "one range only: --since and --until, or --day, --week, --month or --quarter");
	if (call->range_day)
		code = range_day(call, err);
	else if (call->range_week)
		code = range_week(call, err);
	else if (call->range_month)
		code = range_months(call, call->range_month, false, err);
	else if (call->range_quarter)
		code = range_months(call, call->range_quarter, true, err);
	else if (call->since.set && call->until.set && call->until.s <= call->since.s)
		code = ticket_fail(err, TICKET_USAGE, "the range is empty: --until is not later than --since");
	return code;
}
