/* SPDX-License-Identifier: MIT */
/* Ticket numbers: as the procedures write them (A5, B2, C3, D1), growing, read back, and nothing else read as one. */
#include "preset.h"

#include "model/number.h"

static void written_and_read(void **state)
{
	static const struct {
		const char *preset, *channel;
		struct civil date;
		int64_t serial;
		const char *number, *path;
	} cases[] = {
		{"response-tracking", "chat", {2023, 10, 1}, 1, "20231001001", "tickets/2023/10/01/00/20231001001.json"},
		{"response-tracking", "phone", {2023, 10, 1}, 1, "20231001101", "tickets/2023/10/01/00/20231001101.json"},
		{"response-tracking", "chat", {2023, 10, 1}, 99, "20231001099", "tickets/2023/10/01/00/20231001099.json"},
		{"response-tracking", "chat", {2023, 10, 1}, 100, "202310010100", "tickets/2023/10/01/01/202310010100.json"},
		{"response-tracking", "social", {2023, 10, 1}, 12345, "20231001312345", "tickets/2023/10/01/123/20231001312345.json"},
		{"satisfaction", NULL, {2024, 5, 12}, 1, "202405120001", "tickets/2024/05/12/00/202405120001.json"},
		{"satisfaction", NULL, {2024, 5, 12}, 10000, "2024051210000", "tickets/2024/05/12/100/2024051210000.json"},
		{"complaint-monitoring", NULL, {2023, 10, 27}, 1, "YS20231027001", "tickets/2023/10/27/00/YS20231027001.json"},
		{"complaint-monitoring", NULL, {2023, 10, 27}, 1000, "YS202310271000", "tickets/2023/10/27/10/YS202310271000.json"},
		{"multichannel", "wechat", {2023, 10, 25}, 1, "WX-20231025-001", "tickets/2023/10/25/00/WX-20231025-001.json"},
		{"multichannel", "microblog", {2024, 2, 29}, 999, "WB-20240229-999", "tickets/2024/02/29/09/WB-20240229-999.json"},
		{"multichannel", "website", {2023, 10, 25}, 1000, "WEB-20231025-1000", "tickets/2023/10/25/10/WEB-20231025-1000.json"},
		{"after-sales", NULL, {2026, 1, 2}, 7, "AS-20260102-007", "tickets/2026/01/02/00/AS-20260102-007.json"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_policy_ struct policy *policy = preset(cases[i].preset);
		const char *code = cases[i].channel ? policy_choice((const choices *)&policy->channels, cases[i].channel)->code : NULL;
		struct number number = {cases[i].date, code, cases[i].serial}, back;
		_cleanup_free_ char *text = number_text(policy->number.format, &number), *path = number_path(policy, text);

		assert_string_equal(text, cases[i].number);
		assert_non_null(path);
		assert_string_equal(path, cases[i].path);
		assert_true(number_parse(&back, policy->number.format, policy, text));
		assert_int_equal(back.date.year, number.date.year);
		assert_int_equal(back.date.month, number.date.month);
		assert_int_equal(back.date.day, number.date.day);
		assert_int_equal(back.serial, number.serial);
		assert_true(text_equal(back.channel, number.channel));
	}
}

static void no_numbers(void **state)
{
	static const struct {
		const char *preset, *text;
	} cases[] = {
		{"multichannel", ""},
		{"multichannel", "WX-20231025-01"},    /* too short */
		{"multichannel", "WX-20231025-0100"},  /* a second spelling of 100 */
		{"multichannel", "WX-20231025-000"},   /* serials count from 1 */
		{"multichannel", "WX-20230229-001"},   /* no such day */
		{"multichannel", "WX-20231301-001"},
		{"multichannel", "WX-20231000-001"},
		{"multichannel", "WX-20231025-001x"},
		{"multichannel", "WX-20231025-"},
		{"multichannel", "wx-20231025-001"},
		{"multichannel", "ZZ-20231025-001"},   /* no channel's code */
		{"multichannel", "WX-2023102-0010"},
		{"multichannel", "../../etc/passwd"},
		{"multichannel", "WX-20231025-9999999999999999999999"},
		{"multichannel", "WX-20231025-00\xef\xbc\x91"}, /* a full-width digit */
		{"response-tracking", "20231001901"},  /* no channel has code 9 */
		{"response-tracking", "2023100101"},   /* one digit of serial */
		{"satisfaction", "20240512001"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_policy_ struct policy *policy = preset(cases[i].preset);
		struct number number;

		if (number_parse(&number, policy->number.format, policy, cases[i].text))
			fail_msg("'%s' was read as a number", cases[i].text);
		assert_null(number_path(policy, cases[i].text));
	}
}

/* Each serial of a day has one text, and that text means this serial: through all the growing. */
static void one_spelling(void **state)
{
	_cleanup_policy_ struct policy *policy = preset("response-tracking");

	for (int64_t serial = 1; serial <= 20000; serial += serial < 1100 ? 1 : 37)
		for (size_t c = 0; c < policy->channels.n; c++) {
			struct number number = {{2023, 10, 1}, policy->channels.v[c].code, serial}, back;
			_cleanup_free_ char *text = number_text(policy->number.format, &number);

			assert_true(number_parse(&back, policy->number.format, policy, text));
			assert_int_equal(back.serial, serial);
			assert_string_equal(back.channel, number.channel);
		}
}

static void former_formats(void **state)
{
	static const char text[] = "{\"format\":1,\"name\":\"x\",\"time_zone\":\"UTC\",\"number\":{\"format\":\"T{date}-{serial:4}\",\"former\":[\"{channel}{date}{serial:2}\"]},"
				   "\"channels\":[{\"name\":\"mail\",\"code\":\"M\"}]}";
	_cleanup_policy_ struct policy *policy = NULL;
	struct ticket_error err = {0};
	_cleanup_free_ char *old = NULL, *new = NULL;

	assert_int_equal(policy_read(&policy, text, sizeof(text) - 1, "p.json", &err), 0);
	old = number_path(policy, "M2023010107");
	new = number_path(policy, "T20230101-0007");
	assert_string_equal(old, "tickets/2023/01/01/00/M2023010107.json");
	assert_string_equal(new, "tickets/2023/01/01/00/T20230101-0007.json");
}

static void formats(void **state)
{
	static const struct {
		const char *format, *message; /* NULL: it is right */
	} cases[] = {
		{"{date}{serial:4}", NULL},
		{"{channel}-{date}-{serial:3}", NULL},
		{"{serial:2}/{date}", "the number format '{serial:2}/{date}' may hold letters, digits, '-', '_' and '.' beside its placeholders"},
		{"{serial:2}-{date}", NULL},
		{"a_{date}.{serial:9}b", NULL},
		{"", "the number format is empty; '{date}-{serial:3}' is one"},
		{"WX-{serial:3}", "the number format 'WX-{serial:3}' lacks {date}; '{date}-{serial:3}' has all it needs"},
		{"WX-{date}", "the number format 'WX-{date}' lacks {serial:N}; '{date}-{serial:3}' has all it needs"},
		{"{date}{date}{serial:3}", "the number format '{date}{date}{serial:3}' holds {date} more than once"},
		{"{date}-{serial:3}-{serial:3}", "the number format '{date}-{serial:3}-{serial:3}' holds {serial:N} more than once"},
		{"{channel}{date}{channel}{serial:3}", "the number format '{channel}{date}{channel}{serial:3}' holds {channel} more than once"},
		{"{serial:3}{date}", "the number format '{serial:3}{date}' is ambiguous: nothing tells where the growing serial ends; put it last, or a letter or '-' behind it"},
		{"{date}{serial:3}{channel}",
		 "the number format '{date}{serial:3}{channel}' is ambiguous: nothing tells where the growing serial ends; put it last, or a letter or '-' behind it"},
		{"{date}{serial:3}7", "the number format '{date}{serial:3}7' is ambiguous: nothing tells where the growing serial ends; put it last, or a letter or '-' behind it"},
		{"{date}-{serial:0}", "the number format '{date}-{serial:0}' holds '{serial:0}', which is none of {date}, {channel} and {serial:N} with N from 1 to 9"},
		{"{date}-{serial}", "the number format '{date}-{serial}' holds '{serial}', which is none of {date}, {channel} and {serial:N} with N from 1 to 9"},
		{"{date}-{serial:3", "the number format '{date}-{serial:3' opens a '{' that is never closed"},
		{"-{date}{serial:3}", "the number format '-{date}{serial:3}' must not begin with '.' or '-' nor hold '..'"},
		{"..{date}{serial:3}", "the number format '..{date}{serial:3}' must not begin with '.' or '-' nor hold '..'"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ticket_error err = {0};
		int code = number_check_format(cases[i].format, &err);

		assert_int_equal(code, cases[i].message ? TICKET_USAGE : 0);
		assert_string_equal(err.message, cases[i].message ? cases[i].message : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(written_and_read), cmocka_unit_test(no_numbers), cmocka_unit_test(one_spelling),
					   cmocka_unit_test(former_formats), cmocka_unit_test(formats)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
