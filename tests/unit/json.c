/* SPDX-License-Identifier: MIT */
/* JSON texts: what is read, what is refused and where, and that a view of a ticket is the ticket. */
#include "unit.h"

#include "model/ticket.h"

#include <math.h>

/* The document written again, compact; or the message. Owned. */
static char *again(const char *text, size_t n)
{
	struct ticket_error err = {0};
	struct json_document doc;
	char *out;

	if (json_parse(&doc, text, n, "f", &err))
		return xstrdup(err.message);
	out = json_text(doc.root);
	json_release(&doc);
	return out;
}

static void texts_read(void **state)
{
	static const struct {
		const char *text, *wanted;
	} cases[] = {
		{" {\"a\" : [ 1 , -2.50e+3 , true,false , null ] , \"b\":{} ,\"c\":[]}\r\n", "{\"a\":[1,-2500,true,false,null],\"b\":{},\"c\":[]}"},
		{"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u4e2d\\ud83d\\ude00\\uffe5\"", "\"\\\"\\\\/\\u0008\\u000c\\n\\u000d\\tA\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80\xef\xbf\xa5\""},
		{"\"long enough for eight bytes at once, \xe4\xb8\xad\xe6\x96\x87 \xc3\xa9 \xf0\x9f\x98\x80 \\\" and more than that\"",
		 "\"long enough for eight bytes at once, \xe4\xb8\xad\xe6\x96\x87 \xc3\xa9 \xf0\x9f\x98\x80 \\\" and more than that\""},
		{"\xef\xbb\xbf[\"tab\there\"]", "[\"tab\\there\"]"},
		{"12345678901234", "12345678901234"},
		{"[0.1,-0.0,1e300,9007199254740993,1.0,-1e400,1e400]", "[0.1,-0,1e+300,9007199254740992,1,-1e999,1e999]"},
		{"", "f:1: not JSON: the file is empty"},
		{" \n", "f:2: not JSON: the text ends too early"},
		{"{\"a\":1,\n", "f:2: not JSON: the text ends too early"},
		{"[1,\n2,]", "f:2: not JSON"},
		{"{\"a\":1,\n\"a\" 2}", "f:2: not JSON"},
		{"{\"a\":1,\n\"a\":2}", "f: the name 'a' stands twice in one object"},
		{"[-]", "f:1: not JSON"},
		{"[tru]", "f:1: not JSON"},
		{"[\"\\x\"]", "f:1: not JSON"},
		{"[\"\\ud800\"]", "f:1: not JSON"},
		{"[\"\\udc00\"]", "f:1: not JSON"},
		{"[\"a\\u00g0\"]", "f:1: not JSON"},
		{"{\"\\u12\xc3\xa9\":\n\"\\u123\"}", "f:1: not JSON"},
		{"[\"a\\u0000\"]", "f:1: a text holds a NUL character (\\u0000), which is not allowed"},
		{"[\"\n\xc3(\"]", "f:2: byte 4 is not valid UTF-8"},
		{"[\"\xed\xa0\x80\"]", "f:1: byte 3 is not valid UTF-8"},
		{"[\"12345678\x1b\"]", "f:1: byte 11 is a control character"},
		{"[\"\x7f\"]", "f:1: byte 3 is a control character"},
		{"[\"\xc2\x85\"]", "f:1: byte 3 is a control character"},
		{"1 2", "f:1: something stands behind the JSON value"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *got = again(cases[i].text, strlen(cases[i].text));

		assert_string_equal(got, cases[i].wanted);
	}
}

static void deep_and_many(void **state)
{
	struct buf text = {0};
	char *got;

	for (int i = 0; i < 65; i++)
		buf_putc(&text, '[');
	got = again(text.p, text.n);
	assert_string_equal(got, "f:1: nested deeper than 64 levels");
	free(got);
	buf_truncate(&text, 0);
	for (int i = 0; i < 500; i++)
		buf_addf(&text, "%c\"member%d\":\"%d\"", i ? ',' : '{', i, i);
	buf_puts(&text, "}");
	got = again(text.p, text.n);
	assert_int_equal(strlen(got), text.n);
	free(got);
	buf_truncate(&text, text.n - 1);
	buf_puts(&text, ",\"member7\":1}");
	got = again(text.p, text.n);
	assert_string_equal(got, "f: the name 'member7' stands twice in one object");
	free(got);
	buf_release(&text);
}

static void numbers(void **state)
{
	static const struct {
		const char *text;
		double wanted;
	} cases[] = {{"0", 0}, {"-7", -7}, {"0.25", 0.25}, {"-1e400", -INFINITY}, {"1e400", INFINITY}, {"1e3", 1000}, {"9007199254740993", 9007199254740992.0}, {"123456789012345", 123456789012345.0}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct json_document doc;

		assert_int_equal(json_parse(&doc, cases[i].text, strlen(cases[i].text), "f", NULL), 0);
		assert_true(json_number(doc.root) == cases[i].wanted);
		json_release(&doc);
	}
}

/* Cut off or changed anywhere, a text is refused or read, and nothing is read outside of it: sanitizers watch. */
static void mutilated(void **state)
{
	static const char sample[] = "{\"a\\u4e2d\":[\"\xe4\xb8\xad\xf0\x9f\x98\x80\\ud83d\\ude00\",-1.5e2,null],\"b\":{\"c\":true}}";

	for (size_t n = 0; n < sizeof(sample); n++) {
		_cleanup_free_ char *cut = xmalloc(n ? n : 1), *whole = xstrdup(sample);

		memcpy(cut, sample, n);
		free(again(cut, n));
		for (int c = 0; c < 256 && n < sizeof(sample) - 1; c += 5) {
			whole[n] = (char)c;
			free(again(whole, sizeof(sample) - 1));
		}
	}
}

/* All that a ticket holds, but what this version does not know. */
static void view(void **state)
{
	static const char sample[] =
		"{\"format\":1,\"id\":\"WX-1\",\"uid\":\"0\",\"received\":\"2023-10-25T09:30:00+08:00\",\"channel\":\"wechat\",\"types\":[\"a\",\"b\",\"c\"],"
		"\"fields\":{\"x\":\"1\",\"y\":\"2\"},\"state\":\"assigned\",\"later\":[1],\"clocks\":[{\"target\":\"plan\",\"cycle\":1,\"verdict\":\"met\"}],"
		"\"events\":[{\"id\":\"1\",\"at\":\"2023-10-25T09:30:00Z\",\"recorded\":\"2023-10-25T09:30:00Z\",\"by\":\"li\",\"do\":\"survey\",\"step\":\"answered\","
		"\"scores\":{\"speed\":\"5\"}}]}";
	struct ticket_view looked = {0};
	struct ticket *ticket;
	struct buf seen = {0}, read = {0};

	assert_int_equal(ticket_read(&ticket, sample, sizeof(sample) - 1, "t", NULL), 0);
	assert_int_equal(ticket_view(&looked, sample, sizeof(sample) - 1, "t", NULL), 0);
	assert_string_equal(ticket->extra, "\"later\":[1]");
	assert_null(looked.ticket.extra);
	free(ticket->extra);
	ticket->extra = NULL;
	ticket_write(ticket, &read);
	ticket_write(&looked.ticket, &seen);
	assert_string_equal(seen.p, read.p);
	ticket_free(ticket);
	buf_release(&seen);
	buf_release(&read);
	/* Again, in the memory of the one before. */
	assert_int_equal(ticket_view(&looked, sample, sizeof(sample) - 3, "t", NULL), TICKET_STORAGE);
	assert_int_equal(ticket_view(&looked, sample, sizeof(sample) - 1, "t", NULL), 0);
	assert_string_equal(looked.ticket.events.v[0].scores.v[0].key, "speed");
	ticket_view_release(&looked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_read), cmocka_unit_test(deep_and_many), cmocka_unit_test(numbers), cmocka_unit_test(mutilated), cmocka_unit_test(view),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
