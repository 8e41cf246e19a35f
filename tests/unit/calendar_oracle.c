/* SPDX-License-Identifier: MIT */
/* The oracle for working time: see calendar_oracle.h. */
#include "calendar_oracle.h"

#include <stdlib.h>
#include <time.h>

#define DAY INT64_C(86400)

/* The wall by libc, as if it were UTC. */
static int64_t libc_wall(int64_t at_s)
{
	time_t t = (time_t)at_s;
	struct tm tm;

	localtime_r(&t, &tm);
	return timegm(&tm);
}

void oracle_window(struct oracle *oracle, const char *zone, int64_t day0, int64_t step_s)
{
	setenv("TZ", zone, 1);
	tzset();
	oracle->day0 = day0;
	oracle->step_s = step_s;
	oracle->first_s = (day0 - 2) * DAY;
	oracle->n = (size_t)((ORACLE_DAYS + 4) * DAY / step_s);
	oracle->wall = malloc(oracle->n * sizeof(*oracle->wall));
	oracle->open = malloc(oracle->n * sizeof(*oracle->open));
	for (size_t i = 0; i < oracle->n; i++)
		oracle->wall[i] = libc_wall(oracle->first_s + (int64_t)i * step_s);
}

void oracle_release(struct oracle *oracle)
{
	free(oracle->wall);
	free(oracle->open);
}

/* The first step at which the wall shows this reading or, where it is skipped, a later one. */
static size_t first_step(const struct oracle *oracle, int64_t wall_s)
{
	int64_t guess = (wall_s - 2 * DAY - oracle->first_s) / oracle->step_s; /* no zone is two days off */
	size_t i = guess > 0 ? (size_t)guess : 0;

	while (i < oracle->n && oracle->wall[i] < wall_s)
		i++;
	return i;
}

static const struct oracle_spans *own_spans(const struct oracle_calendar *calendar, int64_t day0, int i)
{
	static const struct oracle_spans none = {.n = 0};
	/* 1970-01-01 was a Thursday. */
	const struct oracle_spans *week = &calendar->week[(((day0 + i) % 7) + 7 + 3) % 7];

	if (calendar->special[i].has_own)
		return &calendar->special[i].own;
	if (calendar->special[i].workday)
		return calendar->has_workday_hours ? &calendar->workday_hours : week;
	return calendar->special[i].holiday ? &none : week;
}

void oracle_fill(struct oracle *oracle, const struct oracle_calendar *calendar)
{
	bool *cut = calloc(oracle->n, sizeof(*cut));

	memset(oracle->open, 0, oracle->n * sizeof(*oracle->open));
	for (int d = 0; d < ORACLE_DAYS; d++) {
		const struct oracle_spans *breaks = &calendar->special[d].breaks;

		for (int k = 0; calendar->special[d].has_breaks && k < breaks->n; k++)
			for (size_t i = first_step(oracle, (oracle->day0 + d) * DAY + breaks->v[k].start), end = first_step(oracle, (oracle->day0 + d) * DAY + breaks->v[k].end); i < end; i++)
				cut[i] = true;
	}
	for (int d = 0; d < ORACLE_DAYS; d++) {
		const struct oracle_spans *own = own_spans(calendar, oracle->day0, d);

		oracle->works[d] = false;
		oracle->midnight[d] = oracle->first_s + (int64_t)first_step(oracle, (oracle->day0 + d) * DAY) * oracle->step_s;
		for (int k = 0; k < own->n; k++)
			for (size_t i = first_step(oracle, (oracle->day0 + d) * DAY + own->v[k].start), end = first_step(oracle, (oracle->day0 + d) * DAY + own->v[k].end); i < end; i++)
				if (!cut[i])
					oracle->open[i] = oracle->works[d] = true;
	}
	oracle->midnight[ORACLE_DAYS] = oracle->first_s + (int64_t)first_step(oracle, (oracle->day0 + ORACLE_DAYS) * DAY) * oracle->step_s;
	free(cut);
}

static size_t step_of(const struct oracle *oracle, int64_t at_s)
{
	return (size_t)((at_s - oracle->first_s) / oracle->step_s);
}

static int64_t instant(const struct oracle *oracle, size_t i)
{
	return oracle->first_s + (int64_t)i * oracle->step_s;
}

bool oracle_is_open(const struct oracle *oracle, int64_t at_s)
{
	return oracle->open[step_of(oracle, at_s)];
}

int64_t oracle_elapsed(const struct oracle *oracle, int64_t from_s, int64_t until_s)
{
	int64_t sum = 0;

	for (int64_t at = from_s; at < until_s; at += oracle->step_s)
		sum += oracle_is_open(oracle, at) ? oracle->step_s : 0;
	return sum;
}

bool oracle_next_change(const struct oracle *oracle, int64_t at_s, int64_t *out_s)
{
	bool open = oracle_is_open(oracle, at_s);

	for (size_t i = step_of(oracle, at_s); instant(oracle, i) < oracle->midnight[ORACLE_DAYS]; i++)
		if (oracle->open[i] != open) {
			*out_s = instant(oracle, i);
			return true;
		}
	return false;
}

bool oracle_add(const struct oracle *oracle, int64_t from_s, int64_t seconds, bool back, int64_t *out_s)
{
	size_t i = step_of(oracle, from_s);

	if (seconds == 0 && oracle->open[i]) {
		*out_s = from_s;
		return true;
	}
	if (back) {
		for (int64_t left = seconds; instant(oracle, i) > oracle->midnight[0]; i--) {
			if (!oracle->open[i - 1])
				continue;
			if (left == 0)
				break;
			if ((left -= oracle->step_s) == 0) {
				i--;
				break;
			}
		}
		*out_s = instant(oracle, i);
		return *out_s > oracle->midnight[1];
	}
	for (int64_t left = seconds; instant(oracle, i) < oracle->midnight[ORACLE_DAYS]; i++) {
		if (!oracle->open[i])
			continue;
		if (left == 0)
			break;
		if ((left -= oracle->step_s) == 0) {
			i++;
			break;
		}
	}
	*out_s = instant(oracle, i);
	return *out_s < oracle->midnight[ORACLE_DAYS - 1];
}

static int day_index(const struct oracle *oracle, int64_t at_s)
{
	int d = 0;

	while (oracle->midnight[d + 1] <= at_s)
		d++;
	return d;
}

bool oracle_is_working_day(const struct oracle *oracle, int64_t at_s)
{
	return oracle->works[day_index(oracle, at_s)];
}

int64_t oracle_working_days(const struct oracle *oracle, int64_t from_s, int64_t until_s)
{
	int64_t n = 0;

	for (int d = day_index(oracle, from_s) + 1; d < ORACLE_DAYS && d <= day_index(oracle, until_s); d++)
		n += oracle->works[d];
	return n;
}

bool oracle_add_days(const struct oracle *oracle, int64_t from_s, int n, bool back, int64_t *out_s)
{
	int d = day_index(oracle, from_s);
	int64_t second = oracle->wall[step_of(oracle, from_s)] - (oracle->day0 + d) * DAY;

	if (n == 0)
		return oracle_add(oracle, from_s, 0, back, out_s);
	while (n > 0) {
		d += back ? -1 : 1;
		if (d < 1 || d >= ORACLE_DAYS - 1)
			return false;
		n -= oracle->works[d];
	}
	return oracle_add(oracle, instant(oracle, first_step(oracle, (oracle->day0 + d) * DAY + second)), 0, back, out_s);
}
