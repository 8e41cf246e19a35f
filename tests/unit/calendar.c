/* SPDX-License-Identifier: MIT */
/* Working time: known answers, refused files, and thousands of random calendars against a walker through time. */
#include "unit.h"

#include "calendar_oracle.h"

#include <time.h>

#define DAY INT64_C(86400)

static struct calendar *read_text(const char *text)
{
	struct ticket_error err = {0};
	struct calendar *calendar;

	if (calendar_read(&calendar, text, strlen(text), "c.json", &err))
		fail_msg("%s", err.message);
	return calendar;
}

static int64_t at(const char *text)
{
	struct stamp stamp;

	assert_int_equal(stamp_parse(&stamp, text, NULL), 0);
	return stamp.s;
}

#define WEEK(spans) "{\"mon\":" spans ",\"tue\":" spans ",\"wed\":" spans ",\"thu\":" spans ",\"fri\":" spans "}"
#define ALL_WEEK(spans) "{\"mon\":" spans ",\"tue\":" spans ",\"wed\":" spans ",\"thu\":" spans ",\"fri\":" spans ",\"sat\":" spans ",\"sun\":" spans "}"
#define CALENDAR(zone, rest) "{\"format\":1,\"name\":\"c\",\"time_zone\":\"" zone "\"," rest "}"

static const char office[] = CALENDAR("Asia/Shanghai", "\"hours\":" WEEK("[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]]"));
static const char eight_to_six[] = CALENDAR("Europe/Paris", "\"hours\":" WEEK("[[\"08:00\",\"18:00\"]]"));
static const char nine_to_five[] = CALENDAR("America/New_York", "\"hours\":" WEEK("[[\"09:00\",\"17:00\"]]"));
static const char every_day[] = CALENDAR("Europe/Berlin", "\"hours\":" ALL_WEEK("[[\"00:00\",\"24:00\"]]"));
static const char mondays[] = CALENDAR("UTC", "\"hours\":{\"mon\":[[\"09:00\",\"10:00\"]]}");
static const char nights[] = CALENDAR("Europe/Berlin", "\"hours\":" WEEK("[[\"22:00\",\"06:00\"]]") ",\"holidays\":[\"2026-05-14\"]");
static const char strengths[] =
	CALENDAR("UTC", "\"hours\":" WEEK("[[\"09:00\",\"17:00\"]]") ",\"holidays\":[\"2026-05-04\",\"2026-05-09\",\"2026-05-05\"],\"workdays\":[\"2026-05-09\",\"2026-05-05\"],"
			"\"workday_hours\":[[\"10:00\",\"12:00\"]],\"days\":{\"2026-05-05\":[[\"00:00\",\"01:00\"]]},\"breaks\":{\"2026-05-06\":[[\"12:00\",\"13:00\"]],\"2026-05-07\":[[\"00:00\",\"24:00\"]]}");

/* --- known answers --------------------------------------------------------------------------------------------- */

static void adding(void **state)
{
	static const struct {
		const char *calendar, *from, *length, *due;
	} cases[] = {
		/* From what others got wrong: the weekend, the evening, the minute before midnight, a one-day week. */
		{nine_to_five, "2026-05-08T16:30:00-04:00", "1h", "2026-05-11T09:30:00-04:00"},
		{eight_to_six, "2026-05-04T17:00:00+02:00", "4h", "2026-05-05T11:00:00+02:00"},
		{eight_to_six, "2026-05-05T11:00:00+02:00", "-1h", "2026-05-05T10:00:00+02:00"},
		{every_day, "2026-05-04T23:59:30+02:00", "1m", "2026-05-05T00:00:30+02:00"},
		{every_day, "2026-05-04T00:00:00+02:00", "48h", "2026-05-06T00:00:00+02:00"},
		{mondays, "2026-05-04T09:30:00Z", "1h", "2026-05-11T09:30:00Z"},
		{mondays, "2026-05-05T00:00:00Z", "52h", "2027-05-03T10:00:00Z"},
		/* DST both ways: a day of 23 and one of 25 hours. */
		{every_day, "2026-03-28T12:00:00+01:00", "24h", "2026-03-29T13:00:00+02:00"},
		{every_day, "2026-10-24T12:00:00+02:00", "24h", "2026-10-25T11:00:00+01:00"},
		{nine_to_five, "2026-03-06T16:00:00-05:00", "2h", "2026-03-09T10:00:00-04:00"},
		/* Edges: it ends at the closing time; nothing moves to the opening; going back mirrors both. */
		{office, "2026-05-04T09:00:00+08:00", "3h", "2026-05-04T12:00:00+08:00"},
		{office, "2026-05-04T09:00:00+08:00", "3h1s", "2026-05-04T13:00:01+08:00"},
		{office, "2026-05-04T09:00:00+08:00", "8h", "2026-05-04T18:00:00+08:00"},
		{office, "2026-05-08T18:00:00+08:00", "0s", "2026-05-11T09:00:00+08:00"},
		{office, "2026-05-09T10:00:00+08:00", "-0s", "2026-05-08T18:00:00+08:00"},
		{office, "2026-05-08T10:00:00+08:00", "-0s", "2026-05-08T10:00:00+08:00"},
		{office, "2026-05-11T10:00:00+08:00", "-1h", "2026-05-11T09:00:00+08:00"},
		{office, "2026-05-11T10:00:00+08:00", "-1h1s", "2026-05-08T17:59:59+08:00"},
		/* Working days. */
		{office, "2026-05-08T16:30:00+08:00", "3bd", "2026-05-13T16:30:00+08:00"},
		{office, "2026-05-09T10:00:00+08:00", "1bd", "2026-05-11T10:00:00+08:00"},
		{office, "2026-05-07T20:00:00+08:00", "1bd", "2026-05-11T09:00:00+08:00"},
		{office, "2026-05-11T12:30:00+08:00", "0bd", "2026-05-11T13:00:00+08:00"},
		{office, "2026-05-11T20:00:00+08:00", "-1bd", "2026-05-08T18:00:00+08:00"},
		{office, "2026-05-11T10:00:00+08:00", "-3bd", "2026-05-06T10:00:00+08:00"},
		/* A night belongs to the day it starts on: Wednesday's runs into the holiday, the holiday's own is off. */
		{nights, "2026-05-13T22:00:00+02:00", "8h", "2026-05-14T06:00:00+02:00"},
		{nights, "2026-05-13T22:00:00+02:00", "9h", "2026-05-15T23:00:00+02:00"},
		{nights, "2026-05-15T23:00:00+02:00", "1bd", "2026-05-18T23:00:00+02:00"},
		/* days beat workdays beat holidays beat hours; breaks are cut out of whatever is open. */
		{strengths, "2026-05-04T09:00:00Z", "1h", "2026-05-05T01:00:00Z"},
		{strengths, "2026-05-05T01:00:00Z", "4h", "2026-05-06T14:00:00Z"},
		{strengths, "2026-05-06T17:00:00Z", "1s", "2026-05-08T09:00:01Z"},
		{strengths, "2026-05-08T17:00:00Z", "2h", "2026-05-09T12:00:00Z"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_calendar_ struct calendar *calendar = read_text(cases[i].calendar);
		struct ticket_error err = {0};
		struct duration length;
		char text[STAMP_SIZE];
		struct stamp due;
		int64_t got;

		assert_int_equal(duration_parse(&length, cases[i].length, NULL), 0);
		if (calendar_add(&got, calendar, at(cases[i].from), &length, &err))
			fail_msg("%s + %s: %s", cases[i].from, cases[i].length, err.message);
		due = stamp_at(calendar_zone(calendar), got);
		if (got != at(cases[i].due))
			fail_msg("%s + %s: expected %s, got %s", cases[i].from, cases[i].length, cases[i].due, stamp_format(text, &due));
	}
}

static void lengths(void **state)
{
	static const struct {
		const char *calendar, *from, *until;
		int64_t seconds;
	} cases[] = {
		{every_day, "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 23 * 3600},
		{every_day, "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 25 * 3600},
		{every_day, "2026-01-01T00:00:00+01:00", "2027-01-01T00:00:00+01:00", 365 * DAY},
		{office, "2026-05-04T12:30:00+08:00", "2026-05-04T11:30:00+08:00", 0},
		{office, "2026-05-04T11:30:00+08:00", "2026-05-04T13:30:00+08:00", 3600},
		{office, "2026-01-01T00:00:00+08:00", "2027-01-01T00:00:00+08:00", 261 * 8 * 3600},
		{office, "0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z", INT64_C(2608614) * 8 * 3600},
		{mondays, "2026-05-05T00:00:00Z", "2026-05-11T09:00:01Z", 1},
		{nights, "2026-05-14T00:00:00+02:00", "2026-05-15T12:00:00+02:00", 6 * 3600},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_calendar_ struct calendar *calendar = read_text(cases[i].calendar);
		int64_t got = calendar_elapsed(calendar, at(cases[i].from), at(cases[i].until));

		if (got != cases[i].seconds)
			fail_msg("%s to %s: expected %lld, got %lld", cases[i].from, cases[i].until, (long long)cases[i].seconds, (long long)got);
	}
}

static void never(void **state)
{
	_cleanup_calendar_ struct calendar *empty = read_text(CALENDAR("UTC", "\"holidays\":[\"2026-01-01\"]"));
	_cleanup_calendar_ struct calendar *once = read_text(CALENDAR("UTC", "\"days\":{\"2026-01-01\":[[\"09:00\",\"10:00\"]]}"));
	_cleanup_calendar_ struct calendar *second = read_text(CALENDAR("UTC", "\"hours\":{\"mon\":[[\"09:00:00\",\"09:00:01\"]]}"));
	_cleanup_calendar_ struct calendar *always = NULL;
	struct duration length = {.seconds = 3600, .set = true}, more = {.seconds = 3601, .set = true}, days = {.working_days = 2, .set = true};
	struct duration longest = {.seconds = INT64_C(3155760000), .set = true};
	struct ticket_error err = {0};
	int64_t from = at("2025-12-31T00:00:00Z"), got;

	assert_int_equal(calendar_add(&got, empty, from, &length, &err), TICKET_NOTFOUND);
	assert_non_null(strstr(err.message, "no working time within ten years after 2025-12-31"));
	assert_int_equal(calendar_add(&got, once, from, &length, &err), 0);
	assert_int_equal(got, at("2026-01-01T10:00:00Z"));
	assert_int_equal(calendar_add(&got, once, from, &more, &err), TICKET_NOTFOUND);
	assert_int_equal(calendar_add(&got, once, from, &days, &err), TICKET_NOTFOUND);
	assert_int_equal(calendar_add(&got, second, from, &longest, &err), TICKET_NOTFOUND);
	assert_int_equal(calendar_next_change(empty, from), INT64_MAX);
	assert_int_equal(calendar_next_change(once, from), at("2026-01-01T09:00:00Z"));
	assert_int_equal(calendar_next_change(once, at("2026-01-01T10:00:00Z")), INT64_MAX);
	assert_int_equal(calendar_always(&always, "America/Sao_Paulo", &err), 0);
	assert_int_equal(calendar_next_change(always, from), INT64_MAX);
	assert_int_equal(calendar_elapsed(always, from, from + 400 * DAY), 400 * DAY);
	assert_int_equal(calendar_add(&got, always, from, &longest, &err), 0);
	assert_int_equal(got, from + longest.seconds);
}

static void refusals(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{CALENDAR("Asia/Shangai", "\"hours\":{}"), "c.json: time_zone: 'Asia/Shangai' is not a time zone of the IANA database"},
		{"{\"format\":1,\"name\":\"c\"}", "c.json: the calendar names no 'time_zone', and there is no desk to take it from"},
		{CALENDAR("UTC", "\"hours\":{\"mon\":[[\"09:00\",\"12:00\"],[\"11:00\",\"13:00\"]]}"), "c.json:1: hours.mon: the spans [\"09:00\",\"12:00\"] and [\"11:00\",\"13:00\"] overlap"},
		{CALENDAR("UTC", "\"hours\":{\"mon\":[[\"22:00\",\"06:00\"],[\"23:00\",\"23:30\"]]}"), "c.json:1: hours.mon: the spans [\"22:00\",\"06:00\"] and [\"23:00\",\"23:30\"] overlap"},
		{CALENDAR("UTC", "\"hours\":{\"mon\":[[\"9:00\",\"12:00\"]]}"), "c.json:1: hours.mon: '9:00' is not a time of day such as 09:00 or 24:00"},
		{CALENDAR("UTC", "\"hours\":{\"mon\":[[\"09:00\",\"24:01\"]]}"), "c.json:1: hours.mon: '24:01' is not a time of day"},
		{CALENDAR("UTC", "\"hours\":{\"mon\":[[\"24:00\",\"01:00\"]]}"), "c.json:1: hours.mon: a span cannot start at 24:00"},
		{CALENDAR("UTC", "\"hours\":{\"mon\":[\"09:00\",\"12:00\"]}"), "c.json:1: hours.mon: each span must be two times"},
		{CALENDAR("UTC", "\"hours\":{\"mon\":[[\"09:00\",\"12:00\",\"13:00\"]]}"), "c.json:1: hours.mon: each span must be two times"},
		{CALENDAR("UTC", "\"hours\":{\"monday\":[]}"), "c.json:1: hours.monday: a week has no such member"},
		{CALENDAR("UTC", "\"holidays\":[\"2026-02-29\"]"), "c.json:1: holidays: '2026-02-29' is not a date such as 2026-05-01"},
		{CALENDAR("UTC", "\"days\":{\"1 May\":[]}"), "c.json:1: days: '1 May' is not a date such as 2026-05-01"},
		{CALENDAR("UTC", "\"breaks\":{\"2026-05-01\":7}"), "c.json:1: breaks.2026-05-01: here stands a number"},
		{CALENDAR("UTC", "\"hollidays\":[]"), "c.json:1: hollidays: a calendar has no such member; did you mean 'holidays'?"},
		{"{\"format\":2,\"name\":\"c\",\"time_zone\":\"UTC\"}", "c.json:1: format: this calendar has format 2"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ticket_error err = {0};
		struct calendar *calendar;

		assert_true(calendar_read(&calendar, cases[i].text, strlen(cases[i].text), "c.json", &err) < 0);
		if (!text_starts(err.message, cases[i].message))
			fail_msg("expected: %s\ngot: %s", cases[i].message, err.message);
	}
}

static void written_again(void **state)
{
	static const char text[] =
		"{\n  \"format\": 1,\n  \"name\": \"c\",\n  \"time_zone\": \"UTC\",\n  \"hours\": {\"mon\":[[\"22:00\",\"06:00\"]],\"sun\":[[\"00:00\",\"24:00\"]]},\n"
		"  \"holidays\": [\"2026-01-01\"],\n  \"workdays\": [\"2026-01-04\"],\n  \"workday_hours\": [[\"09:00\",\"18:00:30\"]],\n"
		"  \"days\": {\"2026-02-13\":[]},\n  \"breaks\": {\"2026-03-02\":[[\"10:00\",\"11:00\"]]}\n}\n";
	_cleanup_calendar_ struct calendar *calendar = read_text(text);
	_cleanup_buf_ struct buf out = {0};

	calendar_write(calendar, &out);
	assert_string_equal(out.p, text);
}

/* The official working days of China: the State Council's notices give 249, 251, 248 and 248. */
static void china(void **state)
{
	static const int counts[] = {249, 251, 248, 248};
	_cleanup_fclose_ FILE *f = fopen(PRESETS "/calendars/china.json", "re");
	_cleanup_calendar_ struct calendar *calendar = NULL;
	struct ticket_error err = {0};
	char text[65536];

	assert_non_null(f);
	if (calendar_read(&calendar, text, fread(text, 1, sizeof(text), f), "china.json", &err))
		fail_msg("%s", err.message);
	for (int i = 0; i < 4; i++) {
		int64_t first = civil_day(2023 + i, 1, 1) * DAY - 8 * 3600, end = civil_day(2024 + i, 1, 1) * DAY - 8 * 3600;
		int n = 0;

		for (int64_t day = first; day < end; day += DAY)
			n += calendar_is_working_day(calendar, day);
		assert_int_equal(n, counts[i]);
		assert_int_equal(calendar_working_days(calendar, first - 1, end - 1), counts[i]);
		assert_int_equal(calendar_elapsed(calendar, first, end), counts[i] * 8 * 3600);
	}
}

/* --- against the walker ---------------------------------------------------------------------------------------- */

static uint64_t seed;

static int pick(int n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int)(seed % (uint64_t)n);
}

/* Up to four spans without overlap; some run over midnight, some fill the day, many start or end around a change. */
static void random_spans(struct oracle_spans *list, int unit)
{
	int at_s = pick(4) ? pick(20) * 3600 : 0;

	list->n = 0;
	if (pick(6) == 0) {
		list->v[list->n++] = (struct oracle_span){0, 86400};
		return;
	}
	for (int want = pick(ORACLE_SPANS + 1); list->n < want && at_s < 86400;) {
		int length = (1 + pick(pick(3) ? 180 : 600)) * unit;

		if (at_s + length > 86400 && pick(2))
			length = 86400 - at_s;
		list->v[list->n++] = (struct oracle_span){at_s, at_s + length};
		at_s += length + pick(120) * unit * pick(2); /* sometimes they touch */
	}
}

static void random_calendar(struct oracle_calendar *calendar, int unit)
{
	memset(calendar, 0, sizeof(*calendar));
	for (int i = 0; i < 7; i++)
		if (pick(5))
			random_spans(&calendar->week[i], unit);
	if (pick(8) == 0)
		for (int i = 0; i < 7; i++)
			calendar->week[i] = (struct oracle_spans){.v = {{0, 86400}}, .n = 1};
	if (pick(8) == 0)
		return; /* no day is special */
	if ((calendar->has_workday_hours = pick(2))) {
		random_spans(&calendar->workday_hours, unit);
		calendar->has_workday_hours = calendar->workday_hours.n > 0;
	}
	for (int i = 0; i < ORACLE_DAYS; i++) {
		calendar->special[i].holiday = pick(9) == 0;
		calendar->special[i].workday = pick(12) == 0;
		if ((calendar->special[i].has_own = pick(12) == 0))
			random_spans(&calendar->special[i].own, unit);
		if ((calendar->special[i].has_breaks = pick(8) == 0))
			random_spans(&calendar->special[i].breaks, unit);
	}
}

static void wall_text(struct buf *out, int s, bool end)
{
	s = end && s == 86400 ? s : s % 86400;
	buf_addf(out, s % 60 ? "\"%02d:%02d:%02d\"" : "\"%02d:%02d\"", s / 3600, s / 60 % 60, s % 60);
}

static void spans_text(struct buf *out, const struct oracle_spans *list)
{
	buf_putc(out, '[');
	for (int i = list->n - 1; i >= 0; i--) { /* in no good order: reading must sort */
		buf_putc(out, '[');
		wall_text(out, list->v[i].start, false);
		buf_putc(out, ',');
		wall_text(out, list->v[i].end, true);
		buf_puts(out, i ? "]," : "]");
	}
	buf_putc(out, ']');
}

static void date_text(struct buf *out, int64_t day)
{
	struct civil c;

	civil_from(&c, day * DAY);
	buf_addf(out, "\"%04d-%02d-%02d\"", (int)c.year, c.month, c.day);
}

static void calendar_text(struct buf *out, const struct oracle_calendar *calendar, const char *zone, int64_t day0)
{
	static const char *const names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	const char *comma = "";

	buf_addf(out, "{\"format\":1,\"name\":\"c\",\"time_zone\":\"%s\",\"hours\":{", zone);
	for (int i = 0; i < 7; i++) {
		buf_addf(out, "%s\"%s\":", i ? "," : "", names[i]);
		spans_text(out, &calendar->week[i]);
	}
	buf_puts(out, "}");
#define EACH(name, condition, open, close, value) \
	buf_puts(out, ",\"" name "\":" open); \
	comma = ""; \
	for (int i = ORACLE_DAYS - 1; i >= 0; i--) \
		if (condition) { \
			buf_puts(out, comma); \
			date_text(out, day0 + i); \
			value; \
			comma = ","; \
		} \
	buf_puts(out, close)
	EACH("holidays", calendar->special[i].holiday, "[", "]", );
	EACH("workdays", calendar->special[i].workday, "[", "]", );
	EACH("days", calendar->special[i].has_own, "{", "}", (buf_putc(out, ':'), spans_text(out, &calendar->special[i].own)));
	EACH("breaks", calendar->special[i].has_breaks, "{", "}", (buf_putc(out, ':'), spans_text(out, &calendar->special[i].breaks)));
#undef EACH
	if (calendar->has_workday_hours) {
		buf_puts(out, ",\"workday_hours\":");
		spans_text(out, &calendar->workday_hours);
	}
	buf_putc(out, '}');
}

#define EXPECT(what, expected, got) \
	do { \
		int64_t expected_ = (expected), got_ = (got); \
		if (expected_ != got_) \
			fail_msg("%s, %s from %lld (%d): expected %lld, got %lld on %s", zone, what, (long long)from, length, (long long)expected_, (long long)got_, text); \
	} while (0)

static void ask(const struct oracle *oracle, const struct calendar *calendar, const char *zone, const char *text, int64_t from)
{
	int length = pick(4) ? pick(600) : pick(9000);
	int64_t other = from + (pick(20000) - 5000) * oracle->step_s, expected, got;
	struct ticket_error err = {0};

	if (other > oracle->midnight[ORACLE_DAYS])
		other = oracle->midnight[ORACLE_DAYS];
	EXPECT("is open", oracle_is_open(oracle, from), calendar_is_open(calendar, from));
	EXPECT("elapsed", oracle_elapsed(oracle, from, other), calendar_elapsed(calendar, from, other));
	EXPECT("working day", oracle_is_working_day(oracle, from), calendar_is_working_day(calendar, from));
	if (other < oracle->midnight[ORACLE_DAYS])
		EXPECT("working days", oracle_working_days(oracle, from, other), calendar_working_days(calendar, from, other));
	if (oracle_next_change(oracle, from, &expected))
		EXPECT("next change", expected, calendar_next_change(calendar, from));
	for (int back = 0; back < 2; back++) {
		int64_t seconds = length * oracle->step_s * (back ? -1 : 1);
		int n = length % 6;

		if (oracle_add(oracle, from, length * oracle->step_s, back, &expected)) {
			got = 0;
			calendar_add(&got, calendar, from, &(struct duration){.seconds = seconds, .set = true, .back = back}, &err);
			EXPECT(back ? "going back" : "adding", expected, got);
		}
		if (oracle_add_days(oracle, from, n, back, &expected)) {
			got = 0;
			calendar_add(&got, calendar, from, &(struct duration){.working_days = back ? -n : n, .set = true, .back = back}, &err);
			EXPECT(back ? "days back" : "days on", expected, got);
		}
	}
}

/* 'step_s' 60, or 1 where seconds matter: in steps of a second the walls of the calendar have seconds too. */
static void compare(const char *zone, const char *date, int64_t step_s, int calendars, int questions)
{
	char midnight[32];
	struct oracle oracle;
	int64_t day0;

	snprintf(midnight, sizeof(midnight), "%sT00:00:00Z", date);
	day0 = at(midnight) / DAY - (at(midnight) % DAY < 0) - ORACLE_DAYS / 2;
	oracle_window(&oracle, zone, day0, step_s);
	for (int i = 0; i < calendars; i++) {
		struct oracle_calendar plain;
		_cleanup_buf_ struct buf text = {0};
		_cleanup_calendar_ struct calendar *calendar = NULL;
		int64_t span;

		random_calendar(&plain, step_s == 1 ? 37 : 60);
		calendar_text(&text, &plain, zone, day0);
		oracle_fill(&oracle, &plain);
		calendar = read_text(text.p);
		/* What lies in the first day may run over from a day the walker doesn't know. */
		span = (oracle.midnight[ORACLE_DAYS - 1] - oracle.midnight[2]) / step_s;
		for (int k = 0; k < questions; k++)
			ask(&oracle, calendar, zone, text.p, oracle.midnight[2] + pick((int)span) * step_s);
	}
	oracle_release(&oracle);
}

static const struct {
	const char *zone, *date;
} changes[] = {
	{"Asia/Shanghai", "2026-02-14"}, {"Asia/Shanghai", "1986-05-04"}, {"Asia/Shanghai", "1991-09-15"}, {"UTC", "2026-01-01"},
	{"Europe/Berlin", "2026-03-29"}, {"Europe/Berlin", "2026-10-25"}, {"Europe/Berlin", "2087-03-30"}, {"Europe/London", "1941-05-04"}, /* double summer time */
	{"America/New_York", "2026-03-08"}, {"America/New_York", "2026-11-01"}, {"America/New_York", "2099-11-01"},
	{"Australia/Lord_Howe", "2024-04-07"}, {"Australia/Lord_Howe", "2024-10-06"}, {"Australia/Lord_Howe", "2071-10-04"}, /* half an hour */
	{"Pacific/Apia", "2011-12-30"}, {"Pacific/Kwajalein", "1993-08-21"}, {"Pacific/Kiritimati", "1994-12-31"}, /* a day that never was */
	{"America/Sao_Paulo", "2018-11-04"}, {"America/Sao_Paulo", "2018-02-18"}, {"Asia/Beirut", "2024-03-31"}, {"Asia/Beirut", "2024-10-27"},
	{"Asia/Beirut", "2050-03-27"}, {"Africa/Cairo", "2025-04-25"}, {"Africa/Cairo", "2025-10-31"}, {"America/Havana", "2025-03-09"}, {"America/Havana", "2025-11-02"},
	{"Asia/Gaza", "2023-04-29"}, {"Asia/Tehran", "2021-03-22"}, {"America/Asuncion", "2023-10-01"}, /* midnight */
	{"America/Goose_Bay", "2010-11-07"}, {"America/St_Johns", "1988-04-03"}, {"America/Toronto", "1946-04-28"}, /* a minute past midnight, two hours */
	{"Africa/Casablanca", "2024-03-10"}, {"Africa/Casablanca", "2024-04-14"}, {"Africa/Casablanca", "2026-02-15"}, {"Africa/El_Aaiun", "2025-04-06"},
	{"Antarctica/Troll", "2024-03-31"}, {"Antarctica/Casey", "2010-03-05"}, {"Pacific/Chatham", "2024-09-29"}, {"Asia/Pyongyang", "2018-05-05"},
	{"Asia/Kathmandu", "1986-01-01"}, {"America/Caracas", "2016-05-01"}, {"Europe/Dublin", "2026-03-29"}, {"America/Nuuk", "2024-03-31"},
};

static void walker(void **state)
{
	seed = 88172645463325252;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++)
		compare(changes[i].zone, changes[i].date, 60, 45, 20);
}

/* Walls with seconds, and a zone whose early offsets have them. */
static void walker_of_seconds(void **state)
{
	seed = 362436069521288629;
	compare("Australia/Lord_Howe", "2024-10-06", 1, 2, 12);
	compare("Asia/Shanghai", "1901-01-01", 1, 2, 12);
}

/* A year's elapsed must not walk through the year. */
static void quick(void **state)
{
	_cleanup_calendar_ struct calendar *calendar = read_text(office), *york = read_text(nine_to_five);
	int64_t from = at("2026-01-05T10:00:00+08:00"), sum = 0;
	struct timespec start, end;
	double each_us;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	for (int i = 0; i < 5000; i++)
		sum += calendar_elapsed(calendar, from + i * 61, from + 365 * DAY) + calendar_elapsed(york, from + i * 61, from + 365 * DAY);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	each_us = ((double)(end.tv_sec - start.tv_sec) * 1e6 + (double)(end.tv_nsec - start.tv_nsec) / 1e3) / 10000;
	assert_true(sum > 0);
	if (each_us > 200) /* a sanitizer build on a busy machine needs some 10; walking takes thousands */
		fail_msg("a year's elapsed takes %.2f us", each_us);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adding), cmocka_unit_test(lengths), cmocka_unit_test(never), cmocka_unit_test(refusals),
		cmocka_unit_test(written_again), cmocka_unit_test(china), cmocka_unit_test(walker), cmocka_unit_test(walker_of_seconds), cmocka_unit_test(quick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
