/* SPDX-License-Identifier: MIT */
/* Ranges of time: see ticket/range.h. */
#include "ticket/range.h"
#include "ticket/language.h"

#include <ctype.h>

#define DAY_S 86400

enum unit { UNIT_DAY, UNIT_WEEK, UNIT_MONTH, UNIT_QUARTER, UNIT_YEAR };

/* Exactly 'digits' digits; moves 'p' behind them. */
static bool number_part(const char **p, int digits, int *out)
{
	*out = 0;
	for (int i = 0; i < digits; i++, (*p)++) {
		if (!isdigit((unsigned char)**p))
			return false;
		*out = *out * 10 + (**p - '0');
	}
	return true;
}

/* The Monday on which an ISO week begins: week 1 is the one that holds January 4th. */
static int64_t week_start(int year, int week)
{
	int64_t fourth = civil_day(year, 1, 4);

	return fourth - civil_weekday(fourth) + 7 * (week - 1);
}

static bool day_exists(int year, int month, int day)
{
	return month >= 1 && month <= 12 && day >= 1 && civil_day(year, month, day) < civil_day(year, month + 1, 1);
}

/* The first day of the period 'text' writes with digits, and of what kind it is. */
static bool written_period(const char *text, int64_t *first, enum unit *unit)
{
	const char *p = text;
	int year, n, day;

	if (!number_part(&p, 4, &year))
		return false;
	if (!*p) {
		*unit = UNIT_YEAR;
		*first = civil_day(year, 1, 1);
		return true;
	}
	if (*p++ != '-')
		return false;
	if (toupper((unsigned char)*p) == 'W') {
		p++;
		*unit = UNIT_WEEK;
		if (!number_part(&p, 2, &n) || n < 1 || *p)
			return false;
		*first = week_start(year, n);
		/* The week belongs to the year of its Thursday: 2025 has no week 53. */
		return *first + 3 < civil_day(year + 1, 1, 1);
	}
	if (toupper((unsigned char)*p) == 'Q') {
		p++;
		*unit = UNIT_QUARTER;
		if (!number_part(&p, 1, &n) || n < 1 || n > 4 || *p)
			return false;
		*first = civil_day(year, 3 * n - 2, 1);
		return true;
	}
	if (!number_part(&p, 2, &n) || n < 1 || n > 12)
		return false;
	*unit = *p ? UNIT_DAY : UNIT_MONTH;
	*first = civil_day(year, n, 1);
	if (!*p)
		return true;
	if (*p++ != '-' || !number_part(&p, 2, &day) || *p || !day_exists(year, n, day))
		return false;
	*first += day - 1;
	return true;
}

/* The first day of the unit that holds 'day', moved by 'step' units. */
static int64_t unit_start(enum unit unit, int64_t day, int step)
{
	struct civil c;

	civil_from(&c, day * DAY_S);
	switch (unit) {
	case UNIT_WEEK:
		return day - civil_weekday(day) + 7 * step;
	case UNIT_MONTH:
		return civil_day(c.year, c.month + step, 1);
	case UNIT_QUARTER:
		return civil_day(c.year, (c.month - 1) / 3 * 3 + 1 + 3 * step, 1);
	case UNIT_YEAR:
		return civil_day(c.year + step, 1, 1);
	case UNIT_DAY:
		break;
	}
	return day + step;
}

static void unit_range(struct range *out, enum unit unit, int64_t first, const struct zone *zone)
{
	out->from_s = zone_instant(zone, first * DAY_S);
	out->until_s = zone_instant(zone, unit_start(unit, first, 1) * DAY_S);
}

static int64_t local_day(const struct zone *zone, int64_t at_s)
{
	int64_t wall = zone_wall(zone, at_s);

	return wall / DAY_S - (wall % DAY_S < 0);
}

/* today, yesterday, tomorrow, weekday names: what time_parse reads as a midnight. */
static bool named_day(const char *text, const struct zone *zone, int64_t now_s, int64_t *day)
{
	struct stamp at;

	for (const char *p = text; *p; p++)
		if (!islower((unsigned char)*p))
			return false;
	if (text_equal(text, "now") || time_parse(&at, text, zone, now_s, NULL))
		return false;
	*day = local_day(zone, at.s);
	return true;
}

static bool any_period(const char *text, const struct zone *zone, int64_t now_s, int64_t *first, enum unit *unit)
{
	*unit = UNIT_DAY;
	return written_period(text, first, unit) || named_day(text, zone, now_s, first);
}

bool range_period(struct range *out, const char *text, const struct zone *zone, int64_t now_s)
{
	enum unit unit;
	int64_t first;

	if (!any_period(text, zone, now_s, &first, &unit))
		return false;
	unit_range(out, unit, first, zone);
	return true;
}

static int range_end(int64_t *out_s, const char *text, bool end, const struct zone *zone, int64_t now_s, struct ticket_error *err)
{
	struct range period;
	struct stamp at;

	if (range_period(&period, text, zone, now_s)) {
		*out_s = end ? period.until_s : period.from_s;
		return 0;
	}
	if (time_parse(&at, text, zone, now_s, NULL))
		return ticket_fail(err, TICKET_USAGE,
				   "'%s' is neither a time nor a period; right would be 2026-05-01, 2026-05, 2026-W18, 2026-Q2, today, -2h or "
				   "2026-05-01..2026-05-15",
				   text);
	*out_s = at.s;
	return 0;
}

int range_parse(struct range *out, const char *text, const struct zone *zone, int64_t now_s, struct ticket_error *err)
{
	const char *dots = strstr(text, "..");
	_cleanup_free_ char *from = dots ? xstrndup(text, (size_t)(dots - text)) : NULL;

	*out = (struct range){INT64_MIN, INT64_MAX};
	if (!dots) {
		if (range_period(out, text, zone, now_s))
			return 0;
		return ticket_fail(err, TICKET_USAGE,
				   "'%s' is not a period; right would be 2026-05-01, 2026-05, 2026-W18, 2026-Q2, 2026, today or 2026-05-01..2026-05-15", text);
	}
	if (*from && range_end(&out->from_s, from, false, zone, now_s, err))
		return err ? err->code : TICKET_USAGE;
	if (dots[2] && range_end(&out->until_s, dots + 2, true, zone, now_s, err))
		return err ? err->code : TICKET_USAGE;
	if (!*from && !dots[2])
		return ticket_fail(err, TICKET_USAGE, "'%s' names neither a beginning nor an end; right would be 2026-05-01..2026-05-15", text);
	if (out->from_s >= out->until_s)
		return ticket_fail(err, TICKET_USAGE, "'%s' ends before it begins", text);
	return 0;
}

/* --month 2026-05, --month this, --month last, --month 2026-05-17 (the month of that day). */
static int unit_word(struct range *out, const char *option, enum unit unit, const char *text, const struct zone *zone, int64_t now_s, struct ticket_error *err)
{
	static const char *const examples[] = {"2026-05-01", "2026-W18", "2026-05", "2026-Q2"};
	int64_t first, today = local_day(zone, now_s);
	enum unit written;

	if (text_equal(text, "this") || text_equal(text, "last"))
		first = unit_start(unit, today, text_equal(text, "last") ? -1 : 0);
	else if (any_period(text, zone, now_s, &first, &written) && (written == unit || written == UNIT_DAY))
		first = unit_start(unit, first, 0);
	else
		return ticket_fail(err, TICKET_USAGE, "--%s '%s' is no %s; right would be %s, this, last or a day in it", option, text, _(option), examples[unit]);
	unit_range(out, unit, first, zone);
	return 0;
}

int range_from_words(struct range *out, const struct range_words *words, const struct zone *zone, int64_t now_s, struct ticket_error *err)
{
	const char *const options[] = {"day", "week", "month", "quarter"};
	const char *const texts[] = {words->day, words->week, words->month, words->quarter};
	const char *given = NULL;

	*out = (struct range){INT64_MIN, INT64_MAX};
	for (int i = 0; i < 4; i++) {
		if (!texts[i])
			continue;
		if (given || words->since || words->until)
			return ticket_fail(err, TICKET_USAGE, "--%s and --%s can't go together; give one of them", given ? given : words->since ? "since" : "until", options[i]);
		given = options[i];
		if (unit_word(out, options[i], (enum unit)i, texts[i], zone, now_s, err))
			return TICKET_USAGE;
	}
	if (words->since && range_end(&out->from_s, words->since, false, zone, now_s, err))
		return ticket_fail_in(err, "--since: ");
	if (words->until && range_end(&out->until_s, words->until, true, zone, now_s, err))
		return ticket_fail_in(err, "--until: ");
	if (out->from_s >= out->until_s)
		return ticket_fail(err, TICKET_USAGE, "--until '%s' lies before --since '%s'", words->until, words->since);
	return 0;
}
