/* SPDX-License-Identifier: MIT */
/* Time formats: see timeformat.h. */
#include "exchange/timeformat.h"

#include <ctype.h>
#include <math.h>
#include <strings.h>

#define DAY_S INT64_C(86400)

/* A time being read: what was found so far. */
struct reading {
	struct civil civil;
	bool has_hour, has_twelve, has_half, afternoon, has_offset;
	int32_t offset_s;
};

static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};

static const struct {
	const char *text;
	bool afternoon;
} halves[] = {{"AM", false}, {"PM", true}, {"A.M.", false}, {"P.M.", true}, {"上午", false}, {"下午", true}, {"凌晨", false}, {"晚上", true}};

static bool read_digits(const char **p, int least, int most, int *value)
{
	int n = 0;

	for (*value = 0; n < most && isdigit((unsigned char)**p); n++, (*p)++)
		*value = *value * 10 + (**p - '0');
	return n >= least;
}

static size_t blank_length(const char *p)
{
	if (*p == ' ' || *p == '\t')
		return 1;
	if (strncmp(p, "\xc2\xa0", 2) == 0)
		return 2;
	if (strncmp(p, "\xe3\x80\x80", 3) == 0)
		return 3;
	return 0;
}

static void skip_blanks(const char **p)
{
	for (size_t n; (n = blank_length(*p));)
		*p += n;
}

static bool read_half(const char **p, struct reading *r)
{
	for (size_t i = 0; i < ARRAY_SIZE(halves); i++)
		if (strncasecmp(*p, halves[i].text, strlen(halves[i].text)) == 0) {
			*p += strlen(halves[i].text);
			r->has_half = true;
			r->afternoon = halves[i].afternoon;
			return true;
		}
	return false;
}

static bool read_offset(const char **p, struct reading *r)
{
	int sign, hours, minutes = 0;

	r->has_offset = true;
	if (**p == 'Z' || **p == 'z') {
		(*p)++;
		return true;
	}
	if (**p != '+' && **p != '-')
		return false;
	sign = *(*p)++ == '-' ? -1 : 1;
	if (!read_digits(p, 2, 2, &hours))
		return false;
	if (**p == ':')
		(*p)++;
	if (isdigit((unsigned char)**p) && !read_digits(p, 2, 2, &minutes))
		return false;
	r->offset_s = sign * (hours * 3600 + minutes * 60);
	return hours <= 23 && minutes <= 59;
}

static bool read_month_name(const char **p, struct reading *r)
{
	for (int i = 0; i < 12; i++)
		if (strncasecmp(*p, months[i], 3) == 0) {
			*p += 3;
			r->civil.month = i + 1;
			return true;
		}
	return false;
}

static bool read_year(const char **p, size_t width, struct reading *r)
{
	int year;

	if (!read_digits(p, (int)width, (int)width, &year))
		return false;
	r->civil.year = width == 4 ? year : year + (year < 70 ? 2000 : 1900);
	return true;
}

/* One run of the same letter of a pattern. */
static bool read_part(const char **p, char letter, size_t width, struct reading *r)
{
	int *minute_or_month = r->has_hour ? &r->civil.minute : &r->civil.month;

	switch (letter) {
	case 'Y':
		return read_year(p, width, r);
	case 'M':
		return width == 3 ? read_month_name(p, r) : read_digits(p, (int)width, 2, minute_or_month);
	case 'm':
		return read_digits(p, (int)width, 2, &r->civil.minute);
	case 'D':
		return read_digits(p, (int)width, 2, &r->civil.day);
	case 'H':
	case 'h':
		r->has_hour = true;
		r->has_twelve = letter == 'h';
		return read_digits(p, (int)width, 2, &r->civil.hour);
	case 'S':
	case 's':
		return read_digits(p, (int)width, 2, &r->civil.second);
	case 'F':
		return isdigit((unsigned char)**p) && (*p += strspn(*p, "0123456789"));
	default:
		return read_offset(p, r);
	}
}

static bool is_part(const char *pattern)
{
	return strchr("YMmDHhSsFZ", *pattern) != NULL && *pattern;
}

static size_t run_length(const char *pattern)
{
	return strspn(pattern, (char[]){*pattern, '\0'});
}

/* The end of the optional part whose '[' stands at 'pattern': behind its ']'. NULL when it is not closed. */
static const char *optional_end(const char *pattern)
{
	size_t depth = 0;

	for (; *pattern; pattern++) {
		depth += *pattern == '[';
		if (*pattern == ']' && --depth == 0)
			return pattern + 1;
	}
	return NULL;
}

/* Reads 'text' by the pattern up to 'end'; gives the rest of the text, NULL when it does not fit. */
static const char *match(const char *pattern, const char *end, const char *text, struct reading *r)
{
	while (pattern < end && text) {
		if (*pattern == '[') {
			const char *close = optional_end(pattern), *rest;
			struct reading with = *r;

			rest = match(pattern + 1, close - 1, text, &with);
			if (rest) {
				*r = with;
				text = rest;
			}
			pattern = close;
		} else if (text_starts(pattern, "AM/PM")) {
			text = read_half(&text, r) ? text : NULL;
			pattern += 5;
		} else if (is_part(pattern)) {
			size_t width = run_length(pattern);

			text = read_part(&text, *pattern, width, r) ? text : NULL;
			pattern += width;
		} else if (blank_length(pattern)) {
			skip_blanks(&pattern);
			skip_blanks(&text);
		} else {
			text = *text == *pattern ? text + 1 : NULL;
			pattern++;
		}
	}
	return text;
}

/* Puts what was read together; false when there is no such date or time of day. */
static bool finish(struct reading *r, struct stamp *out, const struct zone *zone)
{
	struct civil *c = &r->civil;
	int64_t wall_s;

	if (r->has_half && c->hour <= 12 && (c->hour || !r->has_twelve))
		c->hour = c->hour % 12 + (r->afternoon ? 12 : 0);
	else if (r->has_half || r->has_twelve)
		return false;
	c->second -= c->second == 60; /* a leap second counts as the one before it */
	if (c->year < 1 || c->year > 9999 || c->month < 1 || c->month > 12 || c->day < 1 || c->hour > 23 || c->minute > 59 || c->second > 59 ||
	    c->day > civil_day(c->year, c->month + 1, 1) - civil_day(c->year, c->month, 1))
		return false;
	wall_s = civil_seconds(c);
	*out = stamp_at(zone, r->has_offset ? wall_s - r->offset_s : zone_instant(zone, wall_s));
	if (r->has_offset)
		out->offset_s = r->offset_s;
	return true;
}

static bool parse_pattern(struct stamp *out, const char *pattern, const char *text, const struct zone *zone)
{
	struct reading r = {0};

	skip_blanks(&text);
	text = match(pattern, pattern + strlen(pattern), text, &r);
	if (!text)
		return false;
	skip_blanks(&text);
	return !*text && finish(&r, out, zone);
}

static bool parse_iso(struct stamp *out, const char *text, const struct zone *zone)
{
	char plain[64];
	size_t n = strlen(text);

	if (n >= sizeof(plain))
		return false;
	memcpy(plain, text, n + 1);
	if (n > 11 && (plain[10] == 'T' || plain[10] == 't') && isdigit((unsigned char)plain[11]))
		plain[10] = ' ';
	for (char *p = plain; *p; p++)
		if (*p == ',') /* ISO 8601 prefers the comma before a fraction */
			*p = '.';
	return parse_pattern(out, "YYYY-MM-DD[ HH:MM[:SS[.F]][ Z]]", plain, zone);
}

/* A plain decimal number; no exponents, no "nan", nothing strtod would take besides. */
static bool read_decimal(const char *text, double *value)
{
	const char *p = text;

	skip_blanks(&p);
	text = p;
	p += *p == '-';
	if (!isdigit((unsigned char)*p))
		return false;
	p += strspn(p, "0123456789");
	if (*p == '.')
		p += 1 + strspn(p + 1, "0123456789");
	skip_blanks(&p);
	*value = strtod(text, NULL);
	return !*p;
}

/*
 * A serial date counts days; the fraction is the time of day, rounded to the second as spreadsheets show it. The
 * calendar of 1900 counts a 29 February 1900 that never was (60): days before it are one off, and it is refused itself.
 */
static bool parse_excel(struct stamp *out, const char *text, bool from_1904, const struct zone *zone)
{
	double serial;
	int64_t wall_s, origin = from_1904 ? civil_day(1904, 1, 1) : civil_day(1899, 12, 30);

	if (!read_decimal(text, &serial) || serial < (from_1904 ? 0 : 1) || serial >= 2958466 || (!from_1904 && serial >= 60 && serial < 61))
		return false;
	if (!from_1904 && serial < 60)
		origin++;
	wall_s = origin * DAY_S + (int64_t)llround(serial * (double)DAY_S);
	*out = stamp_at(zone, zone_instant(zone, wall_s));
	return true;
}

static bool parse_epoch(struct stamp *out, const char *text, double unit, const struct zone *zone)
{
	double value;

	if (!read_decimal(text, &value))
		return false;
	value = floor(value / unit);
	if (value < -62135596800.0 || value > 253402300799.0) /* years 1 to 9999 */
		return false;
	*out = stamp_at(zone, (int64_t)value);
	return true;
}

bool time_format_parse(struct stamp *out, const struct time_format *format, const char *text, const struct zone *zone)
{
	switch (format->kind) {
	case TIME_PATTERN:
		return parse_pattern(out, format->pattern, text, zone);
	case TIME_ISO:
		return parse_iso(out, text, zone);
	case TIME_EXCEL:
	case TIME_EXCEL_1904:
		return parse_excel(out, text, format->kind == TIME_EXCEL_1904, zone);
	case TIME_EPOCH:
		return parse_epoch(out, text, 1, zone);
	case TIME_EPOCH_MS:
		return parse_epoch(out, text, 1000, zone);
	}
	return false;
}

/* --- checking a pattern ---------------------------------------------------------------------------------------- */

static int check_part(const char *pattern, const char *p, size_t width, bool has_hour, struct ticket_error *err)
{
	bool fits = *p == 'Y' ? width == 2 || width == 4 : *p == 'F' || *p == 'Z' ? width == 1 : *p == 'M' && !has_hour ? width <= 3 : width <= 2;

	if (fits)
		return 0;
	return ticket_fail(err, TICKET_USAGE, "the time format '%s' has '%.*s', which stands for nothing", pattern, (int)width, p);
}

int time_format_read(struct time_format *out, const char *pattern, struct ticket_error *err)
{
	static const char *const words[] = {"", "iso", "excel", "excel1904", "epoch", "epoch_ms"};
	bool year = false, month = false, day = false, hour = false;
	size_t depth = 0;

	*out = (struct time_format){.kind = TIME_PATTERN, .pattern = pattern};
	for (unsigned i = 1; i < ARRAY_SIZE(words); i++)
		if (strcmp(pattern, words[i]) == 0) {
			out->kind = (__typeof__(out->kind))i;
			return 0;
		}
	for (const char *p = pattern; *p;) {
		size_t width = 1;

		if (*p == '[') {
			if (++depth > 8 || !optional_end(p))
				return ticket_fail(err, TICKET_USAGE, "the time format '%s' has a '[' without its ']'", pattern);
		} else if (*p == ']') {
			if (depth-- == 0)
				return ticket_fail(err, TICKET_USAGE, "the time format '%s' has a ']' without its '['", pattern);
		} else if (text_starts(p, "AM/PM")) {
			width = 5;
		} else if (is_part(p)) {
			width = run_length(p);
			if (check_part(pattern, p, width, hour, err))
				return TICKET_USAGE;
			year |= *p == 'Y';
			month |= *p == 'M' && !hour;
			day |= *p == 'D';
			hour |= *p == 'H' || *p == 'h';
		}
		p += width;
	}
	if (!year || !month || !day)
		return ticket_fail(err, TICKET_USAGE, "the time format '%s' needs year, month and day, such as YYYY-MM-DD HH:MM, or is one of iso, excel, excel1904, epoch, epoch_ms", pattern);
	return 0;
}
