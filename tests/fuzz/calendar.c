/* SPDX-License-Identifier: MIT */
/* Any bytes as a calendar: refused with a message, or read, asked questions whose answers agree, written and read again. */
#include "ticket/calendar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool holds)
{
	if (!holds)
		abort();
}

/* What must hold between the answers for any calendar whatever. */
static void ask(const struct calendar *calendar, int64_t from_s, int64_t length_s)
{
	int64_t until_s = from_s + length_s, middle_s = from_s + length_s / 3, total = calendar_elapsed(calendar, from_s, until_s), due_s, next_s;
	struct ticket_error err = {0};

	insist(total >= 0 && total <= length_s);
	insist(total == calendar_elapsed(calendar, from_s, middle_s) + calendar_elapsed(calendar, middle_s, until_s));
	next_s = calendar_next_change(calendar, from_s);
	insist(next_s > from_s);
	if (next_s != INT64_MAX)
		insist(calendar_is_open(calendar, next_s) != calendar_is_open(calendar, from_s) && calendar_is_open(calendar, next_s - 1) == calendar_is_open(calendar, from_s));
	for (int64_t seconds = -total; seconds <= total; seconds += total ? total : 1) {
		struct duration length = {.seconds = seconds, .set = true};

		if (calendar_add(&due_s, calendar, seconds < 0 ? until_s : from_s, &length, &err) == 0 && seconds)
			insist(calendar_elapsed(calendar, seconds < 0 ? due_s : from_s, seconds < 0 ? until_s : due_s) == total);
	}
	if (calendar_add(&due_s, calendar, from_s, &(struct duration){.working_days = 3, .set = true}, &err) == 0)
		insist(calendar_is_open(calendar, due_s) && calendar_working_days(calendar, from_s, due_s) >= 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_calendar_ struct calendar *calendar = NULL, *again = NULL;
	_cleanup_buf_ struct buf out = {0}, same = {0};
	struct ticket_error err = {0};

	if (calendar_read_in(&calendar, (const char *)data, size, "calendar.json", "UTC", &err)) {
		insist(!calendar && err.code && *err.message);
		return 0;
	}
	ask(calendar, 1541289600, 10 * 86400);            /* November 2018 */
	ask(calendar, 1767225600, 400 * INT64_C(86400));  /* 2026 */
	ask(calendar, -62135596800, 7777777);             /* the year 1 */
	calendar_write(calendar, &out);
	insist(calendar_read_in(&again, out.p, out.n, "again.json", "UTC", &err) == 0);
	calendar_write(again, &same);
	insist(out.n == same.n && memcmp(out.p, same.p, out.n) == 0);
	return 0;
}
