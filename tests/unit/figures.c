/* SPDX-License-Identifier: MIT */
/* Arithmetic of the reports: samples, periods, first contact, standards, how cells are shown, what does not add up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "report/check.h"
#include "report/html.h"
#include "report/report.h"

static bool near(double a, double b)
{
	return fabs(a - b) < 1e-9;
}

static void test_samples(void **state)
{
	static const struct {
		double values[5];
		size_t n;
		double mean, median, p90;
	} cases[] = {
		{{0}, 0, 0, 0, 0},
		{{7}, 1, 7, 7, 7},
		{{4, 2}, 2, 3, 3, 3.8},
		{{9, 1, 5}, 3, 5, 5, 8.2},
		{{10, 40, 20, 30}, 4, 25, 25, 37},
		{{3, 3, 3, 3, 100}, 5, 22.4, 3, 61.2},
		{{-5, 5}, 2, 0, 0, 4},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sample_of sample = {0};

		for (size_t j = 0; j < cases[i].n; j++)
			sample_take(&sample, cases[i].values[j], (uint32_t)j);
		assert_true(near(sample_mean(&sample), cases[i].mean));
		assert_true(near(sample_quantile(&sample, 0.5), cases[i].median));
		assert_true(near(sample_quantile(&sample, 0.9), cases[i].p90));
		for (size_t j = 0; j < cases[i].n; j++)
			assert_true(near(sample.values.v[j], cases[i].values[j])); /* the order stays: it goes with the tickets */
		sample_release(&sample);
	}
}

static int64_t at(const struct zone *zone, int year, int month, int day, int hour)
{
	return zone_instant(zone, civil_seconds(&(struct civil){.year = year, .month = month, .day = day, .hour = hour}));
}

static void test_period_before(void **state)
{
	static const struct {
		const char *zone;
		int from[4], until[4], before[4];
	} cases[] = {
		{"Asia/Shanghai", {2026, 3, 1, 0}, {2026, 4, 1, 0}, {2026, 2, 1, 0}},       /* the month before, though shorter */
		{"Asia/Shanghai", {2026, 1, 1, 0}, {2026, 2, 1, 0}, {2025, 12, 1, 0}},
		{"Asia/Shanghai", {2026, 4, 1, 0}, {2026, 7, 1, 0}, {2026, 1, 1, 0}},       /* a quarter */
		{"Asia/Shanghai", {2026, 1, 1, 0}, {2027, 1, 1, 0}, {2025, 1, 1, 0}},       /* a year */
		{"Asia/Shanghai", {2026, 5, 4, 0}, {2026, 5, 11, 0}, {2026, 4, 27, 0}},     /* a week */
		{"Europe/Berlin", {2026, 3, 30, 0}, {2026, 3, 31, 0}, {2026, 3, 29, 0}},    /* the day before has 23 hours */
		{"Europe/Berlin", {2026, 10, 26, 0}, {2026, 10, 27, 0}, {2026, 10, 25, 0}}, /* and this one 25 */
		{"UTC", {2026, 5, 1, 6}, {2026, 5, 1, 9}, {2026, 5, 1, 3}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct zone *zone;
		struct range period, before;

		assert_int_equal(zone_open(&zone, cases[i].zone, NULL), 0);
		period.from_s = at(zone, cases[i].from[0], cases[i].from[1], cases[i].from[2], cases[i].from[3]);
		period.until_s = at(zone, cases[i].until[0], cases[i].until[1], cases[i].until[2], cases[i].until[3]);
		assert_true(report_before(&before, &period, zone));
		assert_int_equal(before.until_s, period.from_s);
		assert_int_equal(before.from_s, at(zone, cases[i].before[0], cases[i].before[1], cases[i].before[2], cases[i].before[3]));
		period.until_s = INT64_MAX;
		assert_false(report_before(&before, &period, zone));
		assert_int_equal(before.from_s, before.until_s);
		zone_free(zone);
	}
}

static void test_first_contact(void **state)
{
	const struct fact plain = {.state = STATE_ARCHIVED, .steps = 1};
	struct fact fact;

	assert_true(fact_first_contact(&plain));
	fact = plain, fact.steps = 0;
	assert_true(fact_first_contact(&fact));
	fact = plain, fact.steps = 2;
	assert_false(fact_first_contact(&fact));
	fact = plain, fact.inbounds = 1;
	assert_false(fact_first_contact(&fact));
	fact = plain, fact.reopenings = 1;
	assert_false(fact_first_contact(&fact));
	fact = plain, fact.disputed = true;
	assert_false(fact_first_contact(&fact));
	fact = plain, fact.waited = true;
	assert_false(fact_first_contact(&fact));
	fact = plain, fact.escalations = 1;
	assert_false(fact_first_contact(&fact));
	for (int s = STATE_NEW; s < STATES; s++) {
		fact = plain, fact.state = s;
		assert_int_equal(fact_first_contact(&fact), s >= STATE_RESOLVED && s <= STATE_ARCHIVED);
		assert_false(fact_open(&fact) && fact_closed(&fact));
	}
}

/* Bytes of facts: what is written is read, what is cut off or altered is refused or read as something, never beyond its end. */
static void test_facts_as_bytes(void **state)
{
	char *types[] = {"complaint/quality", "投诉"};
	struct clock_fact clocks[] = {{"first_response", VERDICT_MET_LATE, 1, 3600, 0, false, false, false, TIME_NONE, TIME_NONE, NULL},
				      {"resolution", VERDICT_RUNNING, 300, -5, INT64_MAX, true, true, true, 1777777777, INT64_MIN + 1, "office"}};
	struct score_fact scores[] = {{"speed", 4.5}, {"", -1e300}};
	bool standards[] = {true, false, true};
	const struct fact fact = {.id = "WX-20231025-001", .channel = "", .category = NULL, .customer = "C000001", .subject = "不能登录", .types = {types, 2}, .state = STATE_WAITING,
				  .received_s = 1777777000, .registered_s = 1777777001, .responded_s = TIME_NONE, .resolved_s = INT64_MAX, .archived_s = -1, .due_s = 0, .stored_s = 1777777000,
				  .level = 3, .escalations = INT64_MIN, .steps = 200, .fields = 128, .fields_filled = 127, .quarantined = true, .whole_chain = true, .delayed = true,
				  .clocks = {clocks, 2}, .scores = {scores, 2}, .standards = standards, .n_standards = 3, .followed = true, .result = "done", .progress = ""};
	_cleanup_buf_ struct buf figures = {0}, words = {0}, again = {0}, again_words = {0};
	struct fact_room room = {0};
	struct fact back;

	fact_write(&fact, &figures, &words);
	assert_true(fact_read(&back, &room, figures.p, figures.n, words.p, words.n));
	assert_string_equal(back.id, fact.id);
	assert_string_equal(back.channel, "");
	assert_null(back.category);
	assert_string_equal(back.subject, fact.subject);
	assert_string_equal(back.types.v[1], "投诉");
	assert_string_equal(back.progress, "");
	assert_true(back.responded_s == TIME_NONE && back.resolved_s == INT64_MAX && back.archived_s == -1 && back.due_s == 0);
	assert_true(back.escalations == INT64_MIN && back.steps == 200 && back.quarantined && back.followed && back.delayed && !back.low);
	assert_true(back.clocks.n == 2 && back.clocks.v[1].count == 300 && back.clocks.v[1].paused_s == INT64_MAX && back.clocks.v[1].warned_s == INT64_MIN + 1);
	assert_true(back.scores.v[0].score == 4.5 && back.scores.v[1].score == -1e300 && back.standards[2] && !back.standards[1]);
	fact_write(&back, &again, &again_words);
	assert_true(again.n == figures.n && memcmp(again.p, figures.p, figures.n) == 0 && again_words.n == words.n && memcmp(again_words.p, words.p, words.n) == 0);
	assert_true(fact_read(&back, &room, figures.p, figures.n, NULL, 0) && !back.subject && !back.result);
	for (size_t n = 0; n < figures.n; n++) {
		_cleanup_free_ char *cut = xmalloc(n ? n : 1); /* of its own, so that reading beyond it is noticed */

		memcpy(cut, figures.p, n);
		assert_false(fact_read(&back, &room, cut, n, words.p, words.n));
	}
	for (size_t n = 0; n < words.n; n++)
		assert_false(fact_read(&back, &room, figures.p, figures.n, words.p, n));
	for (size_t i = 0; i < figures.n * 255; i++) {
		_cleanup_free_ char *altered = xmalloc(figures.n);

		memcpy(altered, figures.p, figures.n);
		altered[i / 255] = (char)(altered[i / 255] + 1 + (int)(i % 255));
		fact_read(&back, &room, altered, figures.n, words.p, words.n);
		fact_room_release(&room);
	}
	fact_room_release(&room);
}

static void test_cells(void **state)
{
	static const struct {
		enum report_kind kind;
		double value;
		const char *data, *en, *zh;
	} cases[] = {
		{REPORT_COUNT, 0, "0", "0", "0"},
		{REPORT_COUNT, 1234567, "1234567", "1234567", "1234567"},
		{REPORT_SHARE, 1.0 / 3, "0.3333333333", "33.3 %", "33.3 %"},
		{REPORT_LENGTH, 0, "0", "0s", "0秒"},
		{REPORT_LENGTH, 59.6, "59.6", "1m", "1分"},
		{REPORT_LENGTH, 61, "61", "1m 1s", "1分1秒"},
		{REPORT_LENGTH, 3599.7, "3599.7", "1h", "1小时"},
		{REPORT_LENGTH, 86399, "86399", "1d", "1天"},
		{REPORT_LENGTH, 266400, "266400", "3d 2h", "3天2小时"},
		{REPORT_LENGTH, -90, "-90", "-1m 30s", "-1分30秒"},
		{REPORT_SCORE, 3.666666, "3.666666", "3.67", "3.67"},
		{REPORT_TIME, 1777599000, "2026-05-01T09:30:00+08:00", "2026-05-01 09:30", "2026-05-01 09:30"},
	};
	struct zone *zone;
	struct report report = {.language = "en"};

	assert_int_equal(zone_open(&zone, "Asia/Shanghai", NULL), 0);
	report.zone = zone;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct report_cell cell = {.kind = cases[i].kind, .known = true, .value = cases[i].value};
		char *data = report_cell_data(&report, &cell), *en, *zh;

		report.language = "en";
		en = report_cell_shown(&report, &cell);
		report.language = "zh";
		zh = report_cell_shown(&report, &cell);
		assert_string_equal(data, cases[i].data);
		assert_string_equal(en, cases[i].en);
		assert_string_equal(zh, cases[i].zh);
		free(data);
		free(en);
		free(zh);
	}
	zone_free(zone);
}

static void test_html_text(void **state)
{
	static const char *const cases[][2] = {
		{"<b>\"a\" & 'b'</b>", "&lt;b&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/b&gt;"},
		{"满意", "满意"},
		{"", ""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_buf_ struct buf out = {0};

		html_text(&out, cases[i][0]);
		assert_string_equal(out.p ? out.p : "", cases[i][1]);
	}
}

/* A report with one section of two rows, three tickets in all. */
static void make_report(struct report *report, struct report_cell cells[2][2])
{
	struct report_section *section;

	memset(report, 0, sizeof(*report));
	report->counted = 3;
	for (int i = 0; i < 3; i++)
		texts_add(&report->tickets, "X");
	section = list_push(&report->sections);
	section->name = "channels";
	*list_push(&section->columns) = (struct report_column){"group", "", REPORT_TEXT};
	*list_push(&section->columns) = (struct report_column){"tickets", "", REPORT_COUNT};
	for (uint32_t i = 0; i < 3; i++)
		cell_counted(&cells[i == 2][1], i);
	for (int r = 0; r < 2; r++)
		list_push(&section->rows)->cells = cells[r];
}

static void release_report(struct report *report, struct report_cell cells[2][2])
{
	free(cells[0][1].tickets.v);
	free(cells[1][1].tickets.v);
	free(report->sections.v[0].columns.v);
	free(report->sections.v[0].rows.v);
	free(report->sections.v);
	texts_release(&report->tickets);
}

static void test_what_does_not_add_up(void **state)
{
	struct report_cell cells[2][2] = {0};
	struct ticket_error err = {0};
	struct report report;

	make_report(&report, cells);
	assert_int_equal(report_check(&report, &err), 0);
	report.counted = 4; /* a ticket is in no row */
	assert_int_equal(report_check(&report, &err), TICKET_STORAGE);
	report.counted = 3;
	cells[0][1].value = 3; /* a number without its tickets */
	assert_int_equal(report_check(&report, &err), TICKET_STORAGE);
	assert_non_null(strstr(err.message, "'channels'"));
	cells[0][1].value = 2;
	cells[1][1].tickets.v[0] = 9; /* a ticket that is not there */
	assert_int_equal(report_check(&report, &err), TICKET_STORAGE);
	release_report(&report, cells);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),     cmocka_unit_test(test_period_before), cmocka_unit_test(test_first_contact),
		cmocka_unit_test(test_facts_as_bytes),
		cmocka_unit_test(test_cells),       cmocka_unit_test(test_html_text),     cmocka_unit_test(test_what_does_not_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
