/* SPDX-License-Identifier: MIT */
/* Periods: see ticket/period.h. */
#include "ticket/period.h"

#define DAY_S 86400

static int64_t local_day(const struct zone *zone, int64_t at_s)
{
	int64_t wall = zone_wall(zone, at_s);

	return wall / DAY_S - (wall % DAY_S < 0);
}

bool period_at(struct range *out, const char *kind, const struct zone *zone, int64_t at_s)
{
	int64_t day = local_day(zone, at_s), first, next;
	struct civil c;

	civil_from(&c, day * DAY_S);
	if (text_equal(kind, "day")) {
		first = day;
		next = day + 1;
	} else if (text_equal(kind, "week")) {
		first = day - civil_weekday(day);
		next = first + 7;
	} else if (text_equal(kind, "month")) {
		first = civil_day(c.year, c.month, 1);
		next = civil_day(c.year, c.month + 1, 1);
	} else if (text_equal(kind, "quarter")) {
		first = civil_day(c.year, (c.month - 1) / 3 * 3 + 1, 1);
		next = civil_day(c.year, (c.month - 1) / 3 * 3 + 4, 1);
	} else {
		return false;
	}
	*out = (struct range){zone_instant(zone, first * DAY_S), zone_instant(zone, next * DAY_S)};
	return true;
}

char *period_name(const char *kind, const struct range *period, const struct zone *zone)
{
	int64_t day = local_day(zone, period->from_s), january;
	struct civil c;

	civil_from(&c, day * DAY_S);
	if (text_equal(kind, "month"))
		return xasprintf("%04lld-%02d", (long long)c.year, c.month);
	if (text_equal(kind, "quarter"))
		return xasprintf("%04lld-Q%d", (long long)c.year, (c.month - 1) / 3 + 1);
	if (!text_equal(kind, "week"))
		return xasprintf("%04lld-%02d-%02d", (long long)c.year, c.month, c.day);
	/* A week is of the year of its Thursday. */
	civil_from(&c, (day + 3) * DAY_S);
	january = civil_day(c.year, 1, 1);
	return xasprintf("%04lld-W%02lld", (long long)c.year, (long long)((day + 3 - january) / 7 + 1));
}
