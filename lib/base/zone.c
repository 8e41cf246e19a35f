/* SPDX-License-Identifier: MIT */
/* IANA time zones from TZif files (RFC 8536), with the POSIX rule in the footer for the years after the table. */
#include "ticket/time.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define ZONEINFO "/usr/share/zoneinfo"
#define DAY_S INT64_C(86400)

/* One of the two yearly changes of a POSIX TZ rule: `M3.2.0/2`, `J60` or `59`. */
struct rule_day {
	char kind; /* 'M', 'J' or '0' */
	int month, week, day;
	int32_t time_s;
};

struct zone {
	char *name;
	int64_t *at;      /* instants of change, ascending */
	int32_t *offset;  /* in force from at[i] */
	size_t n;
	int32_t first;    /* in force before at[0] */
	bool has_rule;    /* the footer says what comes after at[n-1] */
	bool has_dst;
	int32_t std, dst; /* offsets of the rule */
	struct rule_day start, end;
};

static int32_t be32(const unsigned char *p)
{
	return (int32_t)((uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]);
}

static int64_t be64(const unsigned char *p)
{
	return (int64_t)((uint64_t)(uint32_t)be32(p) << 32 | (uint32_t)be32(p + 4));
}

/* --- the footer ------------------------------------------------------------------------------------------------ */

static bool rule_number(const char **p, int *value)
{
	if (!isdigit((unsigned char)**p))
		return false;
	for (*value = 0; isdigit((unsigned char)**p); (*p)++)
		if ((*value = *value * 10 + (**p - '0')) > 1000)
			return false;
	return true;
}

static bool rule_abbreviation(const char **p)
{
	const char *start = *p;

	if (**p == '<') {
		while (**p && **p != '>')
			(*p)++;
		return **p && (*p)++;
	}
	while (isalpha((unsigned char)**p))
		(*p)++;
	return *p - start >= 3;
}

/* [+-]hh[:mm[:ss]] */
static bool rule_time(const char **p, int32_t *seconds)
{
	int sign = 1, h, m = 0, s = 0;

	if (**p == '+' || **p == '-')
		sign = *(*p)++ == '-' ? -1 : 1;
	if (!rule_number(p, &h))
		return false;
	if (**p == ':' && ((*p)++, !rule_number(p, &m)))
		return false;
	if (**p == ':' && ((*p)++, !rule_number(p, &s)))
		return false;
	*seconds = sign * (h * 3600 + m * 60 + s);
	return true;
}

static bool rule_day_part(const char **p, struct rule_day *day)
{
	day->time_s = 7200;
	day->kind = '0';
	if (**p == 'M') {
		day->kind = *(*p)++;
		if (!rule_number(p, &day->month) || *(*p)++ != '.' || !rule_number(p, &day->week) || *(*p)++ != '.' ||
		    !rule_number(p, &day->day))
			return false;
	} else {
		if (**p == 'J')
			day->kind = *(*p)++;
		if (!rule_number(p, &day->day))
			return false;
	}
	return **p != '/' || ((*p)++, rule_time(p, &day->time_s));
}

/* `std offset [dst [offset] , start , end]`: POSIX counts offsets west of Greenwich. */
static bool parse_footer(struct zone *z, const char *p)
{
	if (!*p)
		return true;
	if (!rule_abbreviation(&p) || !rule_time(&p, &z->std))
		return false;
	z->std = -z->std;
	z->has_rule = true;
	if (!*p)
		return true;
	z->has_dst = true;
	if (!rule_abbreviation(&p))
		return false;
	z->dst = z->std + 3600;
	if (*p != ',') {
		if (!rule_time(&p, &z->dst))
			return false;
		z->dst = -z->dst;
	}
	return *p++ == ',' && rule_day_part(&p, &z->start) && *p++ == ',' && rule_day_part(&p, &z->end) && !*p;
}

/* The wall instant (as if UTC) at which a yearly change falls. */
static int64_t rule_wall(const struct rule_day *rule, int64_t year)
{
	int64_t day;

	if (rule->kind == 'M') {
		int64_t first = civil_day(year, rule->month, 1), next = civil_day(year, rule->month + 1, 1);
		int sunday_based = (civil_weekday(first) + 1) % 7;

		day = first + (rule->day - sunday_based + 7) % 7 + 7 * (rule->week - 1);
		while (day >= next)
			day -= 7;
	} else {
		bool leap = civil_day(year, 3, 1) - civil_day(year, 2, 1) == 29;

		day = civil_day(year, 1, 1) + rule->day - (rule->kind == 'J');
		if (rule->kind == 'J' && leap && rule->day >= 60)
			day++;
	}
	return day * DAY_S + rule->time_s;
}

/* The changes of the rule around an instant: five, in order, enough to answer for the year in the middle. */
static size_t rule_changes(const struct zone *z, int64_t utc_s, int64_t at[6], int32_t offset[6])
{
	struct civil c;
	size_t n = 0;

	civil_from(&c, utc_s + z->std);
	for (int64_t year = c.year - 1; year <= c.year + 1; year++) {
		int64_t start = rule_wall(&z->start, year) - z->std, end = rule_wall(&z->end, year) - z->dst;
		bool north = start < end;

		at[n] = north ? start : end;
		offset[n++] = north ? z->dst : z->std;
		at[n] = north ? end : start;
		offset[n++] = north ? z->std : z->dst;
	}
	return n;
}

/* --- the file -------------------------------------------------------------------------------------------------- */

struct header {
	size_t isutc, isstd, leap, time, type, chars;
};

static bool read_header(const unsigned char *p, const unsigned char *end, struct header *h)
{
	if (end - p < 44 || memcmp(p, "TZif", 4) != 0)
		return false;
	h->isutc = (uint32_t)be32(p + 20);
	h->isstd = (uint32_t)be32(p + 24);
	h->leap = (uint32_t)be32(p + 28);
	h->time = (uint32_t)be32(p + 32);
	h->type = (uint32_t)be32(p + 36);
	h->chars = (uint32_t)be32(p + 40);
	return h->isutc < 4096 && h->isstd < 4096 && h->leap < 4096 && h->time < 65536 && h->type < 256 && h->chars < 65536;
}

static size_t body_size(const struct header *h, size_t time_size)
{
	return h->time * (time_size + 1) + h->type * 6 + h->chars + h->leap * (time_size + 4) + h->isstd + h->isutc;
}

static bool read_tables(struct zone *z, const unsigned char *p, const struct header *h)
{
	const unsigned char *index = p + h->time * 8, *types = index + h->time;

	z->at = xcalloc(h->time, sizeof(*z->at));
	z->offset = xcalloc(h->time, sizeof(*z->offset));
	z->first = h->type ? be32(types) : 0;
	for (size_t i = 0; i < h->time; i++) {
		if (index[i] >= h->type)
			return false;
		z->at[i] = be64(p + i * 8);
		z->offset[i] = be32(types + index[i] * 6);
		if (i && z->at[i] <= z->at[i - 1])
			return false;
	}
	z->n = h->time;
	return true;
}

/* The version 1 block is skipped: the second one has 64-bit times and the footer. */
static bool parse_tzif(struct zone *z, const unsigned char *p, size_t size)
{
	const unsigned char *end = p + size, *footer;
	struct header h;
	_cleanup_free_ char *rule = NULL;

	if (!read_header(p, end, &h) || p[4] < '2' || (size_t)(end - p - 44) < body_size(&h, 4))
		return false;
	p += 44 + body_size(&h, 4);
	if (!read_header(p, end, &h) || (size_t)(end - p - 44) < body_size(&h, 8))
		return false;
	p += 44;
	if (!read_tables(z, p, &h))
		return false;
	p += body_size(&h, 8);
	if (p >= end || *p++ != '\n' || !(footer = memchr(p, '\n', (size_t)(end - p))))
		return false;
	rule = xstrndup((const char *)p, (size_t)(footer - p));
	return parse_footer(z, rule);
}

static bool name_is_safe(const char *name)
{
	if (!*name || *name == '/' || *name == '.' || strstr(name, "..") || strlen(name) > 64)
		return false;
	for (const char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("/_+-", *p))
			return false;
	return true;
}

/* What is no zone of the database; without the package there is none. */
static int fail_unknown(const char *name, struct ticket_error *err)
{
	if (access(ZONEINFO, F_OK) != 0)
		return ticket_fail(err, TICKET_NOTFOUND, "'%s' is not a time zone of the IANA database, such as Asia/Shanghai or UTC (is the package tzdata installed?)", name);
	return ticket_fail(err, TICKET_NOTFOUND, "'%s' is not a time zone of the IANA database, such as Asia/Shanghai or UTC", name);
}

static int read_file(struct zone *z, const char *name, struct ticket_error *err)
{
	_cleanup_free_ char *path = xasprintf(ZONEINFO "/%s", name);
	_cleanup_fclose_ FILE *f = NULL;
	static const size_t room = 1 << 18;
	_cleanup_free_ unsigned char *bytes = NULL;
	size_t n;

	if (!name_is_safe(name) || !(f = fopen(path, "re")))
		return fail_unknown(name, err);
	bytes = xmalloc(room);
	n = fread(bytes, 1, room, f);
	return parse_tzif(z, bytes, n) ? 0 : ticket_fail(err, TICKET_STORAGE, "the time zone file '%s' is damaged", path);
}

int zone_open(struct zone **out, const char *name, struct ticket_error *err)
{
	struct zone *z = xcalloc(1, sizeof(*z));
	/* Every call opens UTC, where nothing is known yet of a desk: it needs no file. */
	int failed = text_equal(name, "UTC") ? 0 : read_file(z, name, err);

	*out = NULL;
	if (failed) {
		zone_free(z);
		return failed;
	}
	z->name = xstrdup(name);
	*out = z;
	return 0;
}

void zone_free(struct zone *z)
{
	if (!z)
		return;
	free(z->name);
	free(z->at);
	free(z->offset);
	free(z);
}

const char *zone_name(const struct zone *z)
{
	return z->name;
}

/* --- questions ------------------------------------------------------------------------------------------------- */

/* How many of the table's changes lie at or before an instant. */
static size_t changes_until(const struct zone *z, int64_t utc_s)
{
	size_t low = 0, high = z->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (z->at[middle] <= utc_s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int32_t zone_offset(const struct zone *z, int64_t utc_s)
{
	size_t i = changes_until(z, utc_s);
	int64_t at[6];
	int32_t offset[6];

	if (i < z->n || !z->has_rule)
		return i ? z->offset[i - 1] : z->first;
	if (!z->has_dst)
		return z->std;
	for (size_t k = rule_changes(z, utc_s, at, offset); k-- > 0;)
		if (at[k] <= utc_s)
			return offset[k];
	return z->std;
}

int64_t zone_next_change(const struct zone *z, int64_t utc_s)
{
	size_t i = changes_until(z, utc_s);
	int64_t at[6];
	int32_t offset[6];

	if (i < z->n)
		return z->at[i];
	if (!z->has_rule || !z->has_dst)
		return INT64_MAX;
	for (size_t k = 0, n = rule_changes(z, utc_s, at, offset); k < n; k++)
		if (at[k] > utc_s)
			return at[k];
	return INT64_MAX;
}

int64_t zone_instant(const struct zone *z, int64_t wall_s)
{
	/* The offsets in force a day and more to either side are the only candidates. */
	int64_t from = wall_s - 2 * DAY_S, change;
	int32_t offset = zone_offset(z, from);

	while ((change = zone_next_change(z, from)) != INT64_MAX) {
		/* Walls before the change read up to change + offset. */
		if (wall_s - offset < change)
			break;
		from = change;
		offset = zone_offset(z, change);
		if (wall_s - offset < change)
			return change; /* skipped by the change */
	}
	return wall_s - offset;
}
