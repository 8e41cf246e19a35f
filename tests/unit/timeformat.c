/* SPDX-License-Identifier: MIT */
/* Time formats: what other programs write, and what only looks like it. */
#include "unit.h"

#include "exchange/timeformat.h"

static void parses(void **state)
{
	static const struct {
		const char *format, *text, *zone, *instant; /* instant NULL: refused */
	} cases[] = {
		{"D/M/YYYY HH:MM", "29/2/2016 01:16", "UTC", "2016-02-29T01:16:00Z"},
		{"D/M/YYYY HH:MM", "9/12/2016 23:59", "Asia/Shanghai", "2016-12-09T23:59:00+08:00"},
		{"D/M/YYYY HH:MM", "29/2/2015 01:16", "UTC", NULL},
		{"D/M/YYYY HH:MM", "13/13/2016 01:16", "UTC", NULL},
		{"D/M/YYYY HH:MM", "1/1/2016 24:00", "UTC", NULL},
		{"D/M/YYYY HH:MM", "1/1/2016 1:16", "UTC", NULL},
		{"D/M/YYYY HH:MM", "1/1/2016 01:16:00", "UTC", NULL},
		{"D/M/YYYY HH:MM", "?", "UTC", NULL},
		{"MM/DD/YYYY hh:mm:ss AM/PM", "05/01/2022 12:00:03 AM", "America/New_York", "2022-05-01T00:00:03-04:00"},
		{"MM/DD/YYYY hh:mm:ss AM/PM", "05/01/2022 12:00:03 pm", "America/New_York", "2022-05-01T12:00:03-04:00"},
		{"MM/DD/YYYY hh:mm:ss AM/PM", "12/31/2022 11:59:59 PM", "America/New_York", "2022-12-31T23:59:59-05:00"},
		{"MM/DD/YYYY hh:mm:ss AM/PM", "05/01/2022 13:00:03 PM", "America/New_York", NULL},
		{"MM/DD/YYYY hh:mm:ss AM/PM", "05/01/2022 00:00:03 AM", "America/New_York", NULL},
		{"MM/DD/YYYY hh:mm:ss[ AM/PM]", "05/01/2022 11:00:03", "America/New_York", NULL},
		{"MM/DD/YYYY HH:MM", "03/13/2022 02:30", "America/New_York", "2022-03-13T03:00:00-04:00"}, /* skipped: the change */
		{"MM/DD/YYYY HH:MM", "11/06/2022 01:30", "America/New_York", "2022-11-06T01:30:00-04:00"}, /* twice: the earlier */
		{"YYYY/M/D H:MM:SS", "2019/4/25 9:32:09", "Asia/Shanghai", "2019-04-25T09:32:09+08:00"},
		{"YYYY/M/D[ H:MM[:SS]]", "2019/4/25", "Asia/Shanghai", "2019-04-25T00:00:00+08:00"},
		{"YYYY/M/D[ H:MM[:SS]]", "2019/4/25 9:32", "Asia/Shanghai", "2019-04-25T09:32:00+08:00"},
		{"YYYY/M/D[ H:MM[:SS]]", "2019/4/25 9:", "Asia/Shanghai", NULL},
		{"YYYY年M月D日[ H时M分[S秒]]", "2023年10月25日", "Asia/Shanghai", "2023-10-25T00:00:00+08:00"},
		{"YYYY年M月D日[ H时M分[S秒]]", "2023年1月5日 9时30分", "Asia/Shanghai", "2023-01-05T09:30:00+08:00"},
		{"YYYY年M月D日[ H时M分[S秒]]", "2023年1月5日9时30分15秒", "Asia/Shanghai", "2023-01-05T09:30:15+08:00"},
		{"YYYY/M/D AM/PM h:mm", "2023/1/5 下午 3:05", "Asia/Shanghai", "2023-01-05T15:05:00+08:00"},
		{"D MMM YYYY", "7 Mar 2024", "UTC", "2024-03-07T00:00:00Z"},
		{"D MMM YYYY", "7 Mrz 2024", "UTC", NULL},
		{"YYYYMMDD", "20240307", "UTC", "2024-03-07T00:00:00Z"},
		{"YYYYMMDDHHMMSS", "20240307235959", "UTC", "2024-03-07T23:59:59Z"},
		{"DD.MM.YY", "07.03.99", "UTC", "1999-03-07T00:00:00Z"},
		{"DD.MM.YY", "07.03.24", "UTC", "2024-03-07T00:00:00Z"},
		{"YYYY-MM-DD", "0000-01-01", "UTC", NULL},
		{"iso", "2026-05-01", "Asia/Shanghai", "2026-05-01T00:00:00+08:00"},
		{"iso", "2026-05-01T09:30", "Asia/Shanghai", "2026-05-01T09:30:00+08:00"},
		{"iso", "2026-05-01 09:30:15.123456", "Asia/Shanghai", "2026-05-01T09:30:15+08:00"},
		{"iso", "2026-05-01T09:30:15,5Z", "Asia/Shanghai", "2026-05-01T09:30:15Z"},
		{"iso", "2026-05-01T09:30:15+0530", "Asia/Shanghai", "2026-05-01T09:30:15+05:30"},
		{"iso", "2026-05-01T09:30:60Z", "UTC", "2026-05-01T09:30:59Z"},
		{"iso", "2026-05-01T", "UTC", NULL},
		{"iso", "2026-5-1", "UTC", NULL},
		{"iso", "2026-05-01T09:30:15Zjunk", "UTC", NULL},
		{"excel", "43563.359259259261", "Asia/Shanghai", "2019-04-08T08:37:20+08:00"},
		{"excel", "1", "UTC", "1900-01-01T00:00:00Z"},
		{"excel", "59", "UTC", "1900-02-28T00:00:00Z"},
		{"excel", "60", "UTC", NULL}, /* a 29 February 1900 that never was */
		{"excel", "61", "UTC", "1900-03-01T00:00:00Z"},
		{"excel", "45000.999999", "UTC", "2023-03-16T00:00:00Z"},
		{"excel", "0", "UTC", NULL},
		{"excel", "2958466", "UTC", NULL},
		{"excel", "4e4", "UTC", NULL},
		{"excel1904", "42101", "UTC", "2019-04-08T00:00:00Z"},
		{"epoch", "1700000000", "Asia/Shanghai", "2023-11-15T06:13:20+08:00"},
		{"epoch", "1700000000.9", "UTC", "2023-11-14T22:13:20Z"},
		{"epoch", "-1", "UTC", "1969-12-31T23:59:59Z"},
		{"epoch", "99999999999999", "UTC", NULL},
		{"epoch", "nan", "UTC", NULL},
		{"epoch_ms", "1700000000999", "UTC", "2023-11-14T22:13:20Z"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct time_format format;
		struct zone *zone;
		struct stamp stamp;
		char text[STAMP_SIZE];
		bool read;

		assert_int_equal(time_format_read(&format, cases[i].format, NULL), 0);
		assert_int_equal(zone_open(&zone, cases[i].zone, NULL), 0);
		read = time_format_parse(&stamp, &format, cases[i].text, zone);
		if (read != (cases[i].instant != NULL))
			fail_msg("'%s' by '%s': %s", cases[i].text, cases[i].format, read ? "was read" : "was refused");
		if (read)
			assert_string_equal(stamp_format(text, &stamp), cases[i].instant);
		zone_free(zone);
	}
}

static void bad_patterns(void **state)
{
	static const struct {
		const char *pattern, *message;
	} cases[] = {
		{"YYY-MM-DD", "the time format 'YYY-MM-DD' has 'YYY', which stands for nothing"},
		{"YYYY-MM-DD [HH:MM", "the time format 'YYYY-MM-DD [HH:MM' has a '[' without its ']'"},
		{"YYYY-MM-DD HH:MM]", "the time format 'YYYY-MM-DD HH:MM]' has a ']' without its '['"},
		{"HH:MM", NULL}, {"", NULL}, {"YYYY-MM", NULL}, {"iso8601", NULL}, {"DDD/MM/YYYY", NULL}, {"[[[[[[[[[Y]]]]]]]]]", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct time_format format;
		struct ticket_error err = {0};

		assert_int_equal(time_format_read(&format, cases[i].pattern, &err), TICKET_USAGE);
		if (cases[i].message)
			assert_string_equal(err.message, cases[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(parses), cmocka_unit_test(bad_patterns)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
