/* SPDX-License-Identifier: MIT */
/* Civil time, RFC 3339, durations and the times people type: see ticket/time.h. */
#include "ticket/time.h"

#include <ctype.h>

#define DAY_S INT64_C(86400)

static int64_t floor_div(int64_t a, int64_t b)
{
	int64_t q = a / b;

	return a % b < 0 ? q - 1 : q;
}

/* Days from civil, by the era method: 400 years have 146097 days, years start in March. */
int64_t civil_day(int64_t year, int month, int day)
{
	int64_t y, era, yoe, doy;

	y = year + floor_div(month - 1, 12);
	month = (int)(month - 1 - floor_div(month - 1, 12) * 12) + 1;
	y -= month <= 2;
	era = floor_div(y, 400);
	yoe = y - era * 400;
	doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468 + day - 1;
}

int civil_weekday(int64_t day)
{
	return (int)(day + 3 - floor_div(day + 3, 7) * 7);
}

int64_t civil_seconds(const struct civil *c)
{
	return civil_day(c->year, c->month, c->day) * DAY_S + c->hour * INT64_C(3600) + c->minute * INT64_C(60) + c->second;
}

void civil_from(struct civil *out, int64_t seconds)
{
	int64_t days = floor_div(seconds, DAY_S), rest = seconds - days * DAY_S;
	int64_t era = floor_div(days + 719468, 146097), doe = days + 719468 - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

	out->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	out->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	out->year = yoe + era * 400 + (out->month <= 2);
	out->hour = (int)(rest / 3600);
	out->minute = (int)(rest / 60 % 60);
	out->second = (int)(rest % 60);
}

struct stamp stamp_at(const struct zone *zone, int64_t utc_s)
{
	return (struct stamp){.s = utc_s, .offset_s = zone_offset(zone, utc_s), .set = true};
}

static char *put_digits(char *p, int value, int width)
{
	for (int i = width; i-- > 0; value /= 10)
		p[i] = (char)('0' + value % 10);
	return p + width;
}

/* Written for every time of every row and file: by hand, ten times as fast as printf. */
static char *put_civil(char *p, const struct civil *c)
{
	if (c->year >= 0 && c->year <= 9999)
		p = put_digits(p, (int)c->year, 4);
	else
		p += snprintf(p, STAMP_SIZE / 2, "%04d", (int)c->year);
	*p++ = '-';
	p = put_digits(p, c->month, 2);
	*p++ = '-';
	p = put_digits(p, c->day, 2);
	*p++ = 'T';
	p = put_digits(p, c->hour, 2);
	*p++ = ':';
	p = put_digits(p, c->minute, 2);
	*p++ = ':';
	return put_digits(p, c->second, 2);
}

char *stamp_format(char out[STAMP_SIZE], const struct stamp *stamp)
{
	struct civil c;
	int32_t offset = stamp->offset_s / 60 * 60; /* RFC 3339 knows whole minutes only */
	char *p;

	if (!stamp->set) {
		out[0] = '\0';
		return out;
	}
	civil_from(&c, stamp->s + offset);
	p = put_civil(out, &c);
	if (offset == 0) {
		*p++ = 'Z';
	} else {
		*p++ = offset < 0 ? '-' : '+';
		p = put_digits(p, abs(offset) / 3600, 2);
		*p++ = ':';
		p = put_digits(p, abs(offset) / 60 % 60, 2);
	}
	*p = '\0';
	return out;
}

/* Reads exactly 'width' digits. */
static bool digits(const char **p, int width, int *value)
{
	const char *from = *p;
	unsigned sum = 0;

	for (int i = 0; i < width; i++) {
		unsigned digit = (unsigned char)from[i] - (unsigned)'0';

		if (digit > 9)
			return false;
		sum = sum * 10 + digit;
	}
	*value = (int)sum;
	*p = from + width;
	return true;
}

static bool literal(const char **p, char c)
{
	return **p == c && (*p)++;
}

static int month_days(int64_t year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && year % 4 == 0 && (year % 100 || year % 400 == 0));
}

static bool date_part(const char **p, struct civil *c)
{
	int year;

	if (!digits(p, 4, &year) || !literal(p, '-') || !digits(p, 2, &c->month) || !literal(p, '-') || !digits(p, 2, &c->day))
		return false;
	c->year = year;
	return c->month >= 1 && c->month <= 12 && c->day >= 1 && c->day <= month_days(year, c->month);
}

/* HH:MM[:SS[.fraction]]; a leap second counts as the second before it. */
static bool clock_part(const char **p, struct civil *c, bool seconds_needed)
{
	if (!digits(p, 2, &c->hour) || !literal(p, ':') || !digits(p, 2, &c->minute))
		return false;
	if (literal(p, ':')) {
		if (!digits(p, 2, &c->second))
			return false;
		if (**p == '.' && isdigit((unsigned char)(*p)[1]))
			for ((*p)++; isdigit((unsigned char)**p);)
				(*p)++;
	} else if (seconds_needed) {
		return false;
	}
	if (c->second == 60)
		c->second = 59;
	return c->hour <= 23 && c->minute <= 59 && c->second <= 59;
}

static bool offset_part(const char **p, int32_t *offset_s)
{
	int sign, hours, minutes;

	if (literal(p, 'Z') || literal(p, 'z')) {
		*offset_s = 0;
		return true;
	}
	sign = **p == '-' ? -1 : 1;
	if ((**p != '+' && **p != '-') || !((*p)++, digits(p, 2, &hours)) || !literal(p, ':') || !digits(p, 2, &minutes))
		return false;
	*offset_s = sign * (hours * 3600 + minutes * 60);
	return hours <= 23 && minutes <= 59;
}

int stamp_parse(struct stamp *out, const char *text, struct ticket_error *err)
{
	struct civil c = {0};
	const char *p = text;

	if (date_part(&p, &c) && (literal(&p, 'T') || literal(&p, 't') || literal(&p, ' ')) && clock_part(&p, &c, true) &&
	    offset_part(&p, &out->offset_s) && !*p) {
		out->s = civil_seconds(&c) - out->offset_s;
		out->set = true;
		return 0;
	}
	*out = (struct stamp){0};
	return ticket_fail(err, TICKET_USAGE, "'%s' is not a time such as 2026-05-01T09:30:00+08:00", text);
}

/* A named day counted from today, or a weekday name for the last such day. */
static bool day_word(const char *text, int64_t today, int64_t *day)
{
	static const char *const weekdays[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

	if (text_equal(text, "today"))
		*day = today;
	else if (text_equal(text, "yesterday"))
		*day = today - 1;
	else if (text_equal(text, "tomorrow"))
		*day = today + 1;
	else {
		for (int i = 0; i < 7; i++)
			if (text_equal(text, weekdays[i])) {
				int back = (civil_weekday(today) - i + 7) % 7;

				*day = today - (back ? back : 7);
				return true;
			}
		return false;
	}
	return true;
}

static bool wall_time(const char *text, int64_t today, int64_t *wall_s)
{
	struct civil c = {0};
	const char *p = text;

	if (date_part(&p, &c)) {
		if (*p && (!(literal(&p, ' ') || literal(&p, 'T')) || !clock_part(&p, &c, false)))
			return false;
	} else {
		p = text;
		civil_from(&c, today * DAY_S);
		c.second = 0;
		if (!clock_part(&p, &c, false))
			return false;
	}
	*wall_s = civil_seconds(&c);
	return !*p;
}

int time_parse(struct stamp *out, const char *text, const struct zone *zone, int64_t now_s, struct ticket_error *err)
{
	int64_t today = floor_div(zone_wall(zone, now_s), DAY_S), day, wall_s;
	struct duration length;

	if (stamp_parse(out, text, NULL) == 0)
		return 0;
	if (text_equal(text, "now"))
		*out = stamp_at(zone, now_s);
	else if (day_word(text, today, &day))
		*out = stamp_at(zone, zone_instant(zone, day * DAY_S));
	else if (wall_time(text, today, &wall_s))
		*out = stamp_at(zone, zone_instant(zone, wall_s));
	else if ((*text == '+' || *text == '-') && duration_parse(&length, text, NULL) == 0 && !length.working_days)
		*out = stamp_at(zone, now_s + length.seconds);
	else
		return ticket_fail(err, TICKET_USAGE,
				   "'%s' is not a time; right would be 2026-05-01T09:30:00+08:00, '2026-05-01 09:30', 09:30, today, "
				   "yesterday, -2h or +15m",
				   text);
	return 0;
}

/* No length in a policy or on a ticket is longer than 100 years; more is a typing error and would overflow sums. */
#define LONGEST_S (INT64_C(36525) * DAY_S)
#define LONGEST_DAYS INT64_C(36525)

static const struct unit {
	const char *name;
	int64_t seconds; /* 0: working days */
} units[] = {{"bd", 0}, {"w", 7 * DAY_S}, {"d", DAY_S}, {"h", 3600}, {"m", 60}, {"s", 1}};

static const struct unit *find_unit(const char **p)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		size_t n = strlen(units[i].name);

		if (strncmp(*p, units[i].name, n) == 0 && !isalpha((unsigned char)(*p)[n])) {
			*p += n;
			return &units[i];
		}
	}
	return NULL;
}

static bool duration_parts(struct duration *out, const char *p)
{
	int64_t last_unit = INT64_MAX;

	do {
		const struct unit *unit;
		int64_t count = 0;

		if (!isdigit((unsigned char)*p))
			return false;
		for (; isdigit((unsigned char)*p); p++)
			if ((count = count * 10 + (*p - '0')) > LONGEST_S)
				return false;
		unit = find_unit(&p);
		if (!unit || unit->seconds >= last_unit || (unit->seconds && count > LONGEST_S / unit->seconds))
			return false;
		last_unit = unit->seconds;
		if (unit->seconds)
			out->seconds += count * unit->seconds;
		else
			out->working_days = count;
	} while (*p);
	/* Working days and elapsed time don't add up to one length. */
	return !(out->working_days && out->seconds) && out->seconds <= LONGEST_S && out->working_days <= LONGEST_DAYS;
}

int duration_parse(struct duration *out, const char *text, struct ticket_error *err)
{
	int sign = *text == '-' ? -1 : 1;

	*out = (struct duration){.set = true, .back = sign < 0};
	if (!duration_parts(out, text + (*text == '-' || *text == '+'))) {
		*out = (struct duration){0};
		return ticket_fail(err, TICKET_USAGE, "'%s' is not a length of time; right would be 90s, 15m, 2h, 1h30m, 2d or 3bd (working days)", text);
	}
	out->seconds *= sign;
	out->working_days *= sign;
	return 0;
}

char *duration_format(char out[DURATION_SIZE], const struct duration *duration)
{
	int64_t rest = duration->seconds, days = duration->working_days;
	size_t n = 0;

	if (!duration->set) {
		out[0] = '\0';
		return out;
	}
	if (rest < 0 || days < 0) {
		out[n++] = '-';
		rest = -rest;
		days = -days;
	}
	if (days) {
		snprintf(out + n, DURATION_SIZE - n, "%lldbd", (long long)days);
		return out;
	}
	/* Hours stay hours up to two days: people say 24h and 48h, not 1d and 2d. */
	for (size_t i = 2; i < ARRAY_SIZE(units); i++) {
		int64_t unit = units[i].seconds;

		if (rest < unit || (unit == DAY_S && (rest <= 2 * DAY_S || rest % DAY_S)))
			continue;
		n += (size_t)snprintf(out + n, DURATION_SIZE - n, "%lld%s", (long long)(rest / unit), units[i].name);
		rest %= unit;
	}
	if (n == 0 || (n == 1 && out[0] == '-'))
		snprintf(out, DURATION_SIZE, "0s");
	return out;
}
