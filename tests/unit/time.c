/* SPDX-License-Identifier: MIT */
/* Times: RFC 3339, what people type, zones against known changes, lengths. */
#include "unit.h"

#include "ticket/time.h"

static int64_t at(const char *text)
{
	struct stamp stamp;

	assert_int_equal(stamp_parse(&stamp, text, NULL), 0);
	return stamp.s;
}

static struct zone *zone(const char *name)
{
	struct zone *z;

	assert_int_equal(zone_open(&z, name, NULL), 0);
	return z;
}

static void stamps(void **state)
{
	static const char *const good[] = {"2026-05-01T09:30:00+08:00", "1969-12-31T23:59:59Z", "2024-02-29T00:00:00-03:30", "0001-01-01T00:00:00Z"};
	static const char *const bad[] = {"2026-02-29T00:00:00Z", "2026-05-01T24:00:00Z", "2026-05-01T09:30:00", "2026-5-1T09:30:00Z", "2026-05-01T09:30:00+8:00", "x", ""};
	char text[STAMP_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct stamp stamp;

		assert_int_equal(stamp_parse(&stamp, good[i], NULL), 0);
		assert_string_equal(stamp_format(text, &stamp), good[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct stamp stamp;

		assert_int_equal(stamp_parse(&stamp, bad[i], NULL), TICKET_USAGE);
	}
	assert_int_equal(at("1970-01-01T08:00:00.999+08:00"), 0);
}

static void civil_round_trip(void **state)
{
	for (int64_t s = -4000000000000; s < 4000000000000; s += 86399 * 4001 + 17) {
		struct civil c;

		civil_from(&c, s);
		assert_int_equal(civil_seconds(&c), s);
	}
	assert_int_equal(civil_weekday(civil_day(2026, 11, 22)), 6);
	assert_int_equal(civil_weekday(civil_day(1969, 12, 29)), 0);
}

/* Known changes of real zones, also Lord Howe's half hour, Samoa's missing day, and years after the tables. */
static void zones(void **state)
{
	static const struct {
		const char *zone, *instant;
		int32_t offset_s;
	} cases[] = {
		{"Asia/Shanghai", "2026-07-01T00:00:00Z", 28800},       {"America/New_York", "2026-03-08T06:59:59Z", -18000},
		{"America/New_York", "2026-03-08T07:00:00Z", -14400},   {"America/New_York", "2090-07-01T00:00:00Z", -14400},
		{"Australia/Lord_Howe", "2026-01-01T00:00:00Z", 39600}, {"Australia/Lord_Howe", "2060-07-01T00:00:00Z", 37800},
		{"Pacific/Apia", "2011-12-30T09:59:59Z", -36000},       {"Pacific/Apia", "2011-12-30T10:00:00Z", 50400},
		{"UTC", "2026-01-01T00:00:00Z", 0},                     {"Europe/Dublin", "2050-01-15T00:00:00Z", 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct zone *z = zone(cases[i].zone);

		assert_int_equal(zone_offset(z, at(cases[i].instant)), cases[i].offset_s);
		zone_free(z);
	}
	struct zone *z;
	assert_int_equal(zone_open(&z, "../etc/passwd", NULL), TICKET_NOTFOUND);
	assert_int_equal(zone_open(&z, "Mars/Base", NULL), TICKET_NOTFOUND);
}

static int64_t wall(int year, int month, int day, int hour, int minute)
{
	return civil_seconds(&(struct civil){year, month, day, hour, minute, 0});
}

static void walls(void **state)
{
	struct zone *ny = zone("America/New_York"), *apia = zone("Pacific/Apia");

	assert_int_equal(zone_instant(ny, wall(2026, 3, 8, 2, 30)), at("2026-03-08T07:00:00Z"));   /* skipped: the change */
	assert_int_equal(zone_instant(ny, wall(2026, 11, 1, 1, 30)), at("2026-11-01T05:30:00Z")); /* twice: the earlier */
	assert_int_equal(zone_instant(ny, wall(2026, 11, 1, 2, 0)), at("2026-11-01T07:00:00Z"));
	assert_int_equal(zone_instant(ny, wall(2070, 7, 4, 12, 0)), at("2070-07-04T16:00:00Z"));
	assert_int_equal(zone_instant(apia, wall(2011, 12, 30, 12, 0)), at("2011-12-30T10:00:00Z"));
	zone_free(ny);
	zone_free(apia);
}

static void typed(void **state)
{
	static const struct {
		const char *text, *instant;
	} cases[] = {
		{"2026-05-01 09:30", "2026-05-01T09:30:00+08:00"}, {"2026-05-01", "2026-05-01T00:00:00+08:00"},
		{"today", "2026-05-06T00:00:00+08:00"},            {"yesterday", "2026-05-05T00:00:00+08:00"},
		{"-2h", "2026-05-06T08:00:00+08:00"},              {"+1h30m", "2026-05-06T11:30:00+08:00"},
		{"09:30", "2026-05-06T09:30:00+08:00"},            {"monday", "2026-05-04T00:00:00+08:00"},
		{"wednesday", "2026-04-29T00:00:00+08:00"},        {"now", "2026-05-06T10:00:00+08:00"},
	};
	struct zone *z = zone("Asia/Shanghai");
	struct stamp stamp;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char text[STAMP_SIZE];

		assert_int_equal(time_parse(&stamp, cases[i].text, z, at("2026-05-06T02:00:00Z"), NULL), 0);
		assert_string_equal(stamp_format(text, &stamp), cases[i].instant);
	}
	assert_int_equal(time_parse(&stamp, "soon", z, 0, NULL), TICKET_USAGE);
	assert_int_equal(time_parse(&stamp, "2026-13-01", z, 0, NULL), TICKET_USAGE);
	zone_free(z);
}

static void lengths(void **state)
{
	static const struct {
		const char *text, *back;
		int64_t seconds, days;
	} good[] = {
		{"90s", "1m30s", 90, 0},   {"15m", "15m", 900, 0},   {"1h30m", "1h30m", 5400, 0}, {"3bd", "3bd", 0, 3},
		{"-2h", "-2h", -7200, 0},  {"24h", "24h", 86400, 0}, {"48h", "48h", 172800, 0},   {"3d", "3d", 259200, 0},
		{"+15m", "15m", 900, 0},   {"0s", "0s", 0, 0},       {"-3bd", "-3bd", 0, -3},     {"2w", "14d", 1209600, 0},
	};
	static const char *const bad[] = {"", "15", "m", "15x", "1h1h", "30m1h", "3bd2h", "99999999999h", "1 h", "--1h", "-"};

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct duration d;
		char text[DURATION_SIZE];

		assert_int_equal(duration_parse(&d, good[i].text, NULL), 0);
		assert_int_equal(d.seconds, good[i].seconds);
		assert_int_equal(d.working_days, good[i].days);
		assert_string_equal(duration_format(text, &d), good[i].back);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct duration d;

		assert_int_equal(duration_parse(&d, bad[i], NULL), TICKET_USAGE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(stamps), cmocka_unit_test(civil_round_trip), cmocka_unit_test(zones),
					   cmocka_unit_test(walls), cmocka_unit_test(typed), cmocka_unit_test(lengths)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
