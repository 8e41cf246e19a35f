/* SPDX-License-Identifier: MIT */
/* The ticket codec: same bytes back, unknown members kept, errors that name line and key path. */
#include "unit.h"

#include "ticket/ticket.h"

static const char sample[] =
	"{\n"
	"  \"format\": 1,\n"
	"  \"id\": \"WX-20231025-001\",\n"
	"  \"uid\": \"00112233445566778899aabbccddeeff\",\n"
	"  \"received\": \"2023-10-25T09:30:00+08:00\",\n"
	"  \"channel\": \"wechat\",\n"
	"  \"source\": {\"key\":\"a-1\"},\n"
	"  \"subject\": \"退款 \\\"快\\\" 👨‍👩‍👧\",\n"
	"  \"description\": \"line one\\nline two\\ttab\",\n"
	"  \"types\": [\"complaint/quality\"],\n"
	"  \"state\": \"assigned\",\n"
	"  \"events\": [\n"
	"    {\"id\":\"0011223344556677\",\"at\":\"2023-10-25T09:30:00+08:00\",\"recorded\":\"2023-10-25T09:31:00+08:00\",\"by\":\"li\",\"do\":\"opened\",\"types\":[\"complaint/quality\"]},\n"
	"    {\"id\":\"8899aabbccddeeff\",\"at\":\"2023-10-25T09:32:00+08:00\",\"recorded\":\"2023-10-25T09:32:00+08:00\",\"by\":\"li\",\"do\":\"assigned\",\"person\":\"wang\",\"later\":[1,{\"x\":null}]}\n"
	"  ],\n"
	"  \"from_the_future\":{\"a\":1}\n"
	"}\n";

static void same_bytes(void **state)
{
	struct ticket_error err = {0};
	struct ticket *ticket, *copy;
	struct buf out = {0};

	assert_int_equal(ticket_read(&ticket, sample, sizeof(sample) - 1, "t.json", &err), 0);
	copy = ticket_copy(ticket);
	ticket_free(ticket);
	ticket_write(copy, &out);
	assert_string_equal(out.p, sample);
	assert_int_equal(copy->state, STATE_ASSIGNED);
	assert_int_equal(copy->events.n, 2);
	assert_string_equal(copy->events.v[1].person, "wang");
	ticket_free(copy);
	buf_release(&out);
}

static void refusals(void **state)
{
	static const struct {
		const char *from, *to, *message;
	} cases[] = {
		{"\"format\": 1", "\"format\": 2", "t.json:2: format: this ticket has format 2, this program reads up to 1; use a newer ticket"},
		{"09:30:00+08:00", "09:30", "t.json:5: received: '2023-10-25T09:30' is not a time such as 2026-05-01T09:30:00+08:00"},
		{"\"do\":\"assigned\"", "\"do\":\"assignd\"", NULL},
		{"\"person\":\"wang\"", "\"scores\":{\"a\":\"1\"}", "t.json:14: events[1].scores: an event 'assigned' has no such member"},
		{"\"wechat\"", "7", "t.json:6: channel: here stands a number, but it must be a string"},
		{"\"wechat\"", "\"a\\u0000b\"", "t.json:6: a text holds a NUL character (\\u0000), which is not allowed"},
		{"\"subject\"", "\"id\"", "t.json: the name 'id' stands twice in one object"},
		{"\"channel\": \"wechat\",\n", "", "t.json:1: the ticket lacks 'channel'"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ticket_error err = {0};
		struct ticket *ticket;
		struct buf text = {0};
		const char *hit = strstr(sample, cases[i].from);

		buf_add(&text, sample, (size_t)(hit - sample));
		buf_puts(&text, cases[i].to);
		buf_puts(&text, hit + strlen(cases[i].from));
		assert_int_equal(ticket_read(&ticket, text.p, text.n, "t.json", &err), TICKET_STORAGE);
		if (cases[i].message)
			assert_string_equal(err.message, cases[i].message);
		buf_release(&text);
	}
}

/* Every head of the file is refused with a message, never read as something. */
static void truncated(void **state)
{
	for (size_t n = 0; n + 2 < sizeof(sample); n++) {
		struct ticket_error err = {0};
		struct ticket *ticket;

		assert_int_equal(ticket_read(&ticket, sample, n, "t.json", &err), TICKET_STORAGE);
		assert_true(text_starts(err.message, "t.json"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(same_bytes), cmocka_unit_test(refusals), cmocka_unit_test(truncated)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
