/* SPDX-License-Identifier: MIT */
/* JSON texts: what is read, what is refused and where, and that a view of a ticket is the ticket. */
#include "unit.h"

#include "json_oracle.h"
#include "model/ticket.h"
#include "preset.h"

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

/* --- against the oracle ---------------------------------------------------------------------------------------- */

static uint64_t dice = 20261122;

static size_t roll(size_t sides)
{
	dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)(dice >> 33) % sides;
}

static void put_node(struct buf *out, const struct json *node)
{
	if (json_name(node))
		oracle_put_text(out, '=', json_name(node));
	switch (json_type(node)) {
	case JSON_NULL:
	case JSON_FALSE:
	case JSON_TRUE:
		buf_addf(out, "%s ", json_type_name(node));
		break;
	case JSON_NUMBER:
		oracle_put_number(out, json_number(node));
		break;
	case JSON_STRING:
		oracle_put_text(out, '"', json_string(node));
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		buf_putc(out, json_type(node) == JSON_ARRAY ? '[' : '{');
		for (const struct json *child = json_first(node); child; child = json_next(child))
			put_node(out, child);
		buf_putc(out, json_type(node) == JSON_ARRAY ? ']' : '}');
	}
}

/* Returns whether it is JSON. The text gets memory of just its size: sanitizers watch both ends. */
static bool as_oracle(struct json_document *doc, const char *text, size_t n)
{
	_cleanup_free_ char *exact = xmalloc(n), *wanted = NULL;
	_cleanup_buf_ struct buf got = {0};
	struct ticket_error err = {0};
	bool refused;

	memcpy(exact, text, n);
	wanted = json_oracle(exact, n, &refused);
	if (json_parse_next(doc, exact, n, "f", &err))
		buf_puts(&got, err.message);
	else
		put_node(&got, doc->root);
	json_forget(doc);
	/* A message is cut at some length; a name may be longer. */
	if ((err.code != 0) != refused || strncmp(got.p, wanted, refused ? sizeof(err.message) - 1 : SIZE_MAX) != 0)
		fail_msg("of the %zu bytes: %.*s\nread: %.2000s\noracle: %.2000s", n, (int)n, text, got.p, wanted);
	return !refused;
}

/* What strings and names are made of; those in front need no escape. */
static const char *const pieces[] = {
	"a", "id", "text", "eight888", "sixteen bytes and", "\xe4\xb8\xad\xe6\x96\x87\xef\xbc\x8c", "\xc3\xa9", "\xf0\x9f\x98\x80", "\xe0\xa4\x85", " ", "{", "]", ",", ":",
	"null", "\t", "\n", "\r\n", "\xef\xbb\xbf", "\xe2\x80\xa8",
	"\\\"", "\\\\", "\\/", "\\b\\f", "\\n", "\\r\\t", "\\u0041", "\\u4e2d", "\\ud83d\\ude00", "\\u000a", "\\u00e9",
};
#define PLAIN_PIECES 20

/* What stands in no good text, or only in its place. */
static const char *const nasty[] = {
	"\\u0000", "\\\\u0000", "\\ud800", "\\udc00", "\\ud800\\u0041", "\\u12", "\\u00g0", "\\x", "\\", "\"", "\"\"", "\"a", "\":", "\" :", ":", ",", ",,", "{", "}", "[", "]",
	"null", "nul", "n", "nnull", "nullnull", "true", "tru", "false", "-", "1", "01", "1.", ".5", "1e5", "1e", "1e999", "-1e999", "-0", "1e-400", "9007199254740993",
	"123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890", " ", "\n", "\r", "\t", "\r\n", "\xef\xbb\xbf",
	"\xff", "\xc3", "\xc0\xaf", "\xe4\xb8", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc2\x85", "\xe0\x80\x80", "\x1b", "\x7f", "\x01", "\f", "//", "/**/", "'a'",
	"{\"a\":1,\"a\":2}", "{\"\":\"\",\"\":null}", "\"\":null", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
};

static void put_space(struct buf *out)
{
	static const char *const spaces[] = {"", "", "", "", " ", "\n", "\r\n", "\t", "\n    "};

	buf_puts(out, spaces[roll(ARRAY_SIZE(spaces))]);
}

static void put_string(struct buf *out)
{
	size_t kinds = roll(3) ? PLAIN_PIECES : ARRAY_SIZE(pieces);

	buf_putc(out, '"');
	for (size_t n = roll(16) ? roll(4) : roll(200); n; n--)
		buf_puts(out, pieces[roll(kinds)]);
	buf_putc(out, '"');
}

static void put_scalar(struct buf *out)
{
	static const char *const words[] = {"null", "true", "false", "0", "-7", "1.5", "2e3", "-0", "123456789012", "0.1", "9007199254740993", "1e999"};

	if (roll(3))
		put_string(out);
	else
		buf_puts(out, words[roll(ARRAY_SIZE(words))]);
}

/* Most names of an object differ. */
static void put_name(struct buf *out, size_t i)
{
	if (roll(60))
		buf_addf(out, "\"m%zu%s\"", i, pieces[roll(PLAIN_PIECES)]);
	else
		put_string(out);
	put_space(out);
	buf_putc(out, ':');
}

static void put_value(struct buf *out, size_t depth)
{
	bool object = roll(2);

	put_space(out);
	if (depth && roll(3)) {
		buf_putc(out, object ? '{' : '[');
		put_space(out);
		/* Few members, or so many that their hashes clash. */
		for (size_t n = roll(40) ? roll(6) : roll(400), i = 0; i < n; i++) {
			buf_puts(out, i ? "," : "");
			put_space(out);
			if (object)
				put_name(out, i);
			put_value(out, n > 10 ? 0 : depth - 1);
		}
		buf_putc(out, object ? '}' : ']');
	} else {
		put_scalar(out);
	}
	put_space(out);
}

/* Something is put in, put in the place of something, taken out, doubled, or a byte is changed. */
static void spoil(struct buf *text)
{
	_cleanup_free_ char *whole = xstrndup(text->n ? text->p : "", text->n);
	size_t n = text->n, at = roll(n + 1), gone = roll(16) ? roll(4) : roll(n + 1);

	gone = gone < n - at ? gone : n - at;
	buf_truncate(text, at);
	switch (roll(5)) {
	case 0:
		gone = 0;
		/* fall through */
	case 1:
		buf_puts(text, nasty[roll(ARRAY_SIZE(nasty))]);
		break;
	case 2:
		break;
	case 3:
		buf_add(text, whole + at, gone);
		gone = 0;
		break;
	default:
		buf_putc(text, (char)roll(256));
		gone = at < n;
	}
	buf_add(text, whole + at + gone, n - at - gone);
}

/* Made at random and spoilt step by step: read as what cJSON alone reads, or refused in the same words. */
static void random_texts(void **state)
{
	struct json_document doc = {0};
	size_t good = 0, bad = 0;

	for (int i = 0; i < 4000; i++) {
		_cleanup_buf_ struct buf text = {0};

		buf_puts(&text, roll(20) ? "" : "\xef\xbb\xbf");
		put_value(&text, 1 + roll(5));
		for (size_t steps = roll(8);; steps--) {
			*(as_oracle(&doc, text.p, text.n) ? &good : &bad) += 1;
			if (!steps)
				break;
			spoil(&text);
		}
	}
	json_release(&doc);
	assert_true(good > 4000 && bad > 4000);
}

/* Any three tokens, with and without white space between them, wherever a value or a member may stand: how they join must not change. */
static void joined_tokens(void **state)
{
	static const char *const tokens[] = {"\"\"", "\"a\"", "\"\\n\"", "null", "n", "true", "1", "-", "e5", ".", "{", "}", "[", "]", ",", ":", "\"", "\\", "\xef\xbb\xbf"};
	static const char *const frames[][2] = {{"", ""}, {"[", "]"}, {"{\"k\":", "}"}, {"{", ":1}"}, {"[1,", ",\"z\"]"}};
	const size_t n = ARRAY_SIZE(tokens);
	struct json_document doc = {0};

	for (size_t i = 0; i < n * n * n * 4; i++)
		for (size_t f = 0; f < ARRAY_SIZE(frames); f++) {
			_cleanup_free_ char *text = xasprintf("%s%s%s%s%s%s%s", frames[f][0], tokens[i / 4 % n], i & 1 ? " " : "", tokens[i / 4 / n % n],
							      i & 2 ? "\n" : "", tokens[i / 4 / n / n], frames[f][1]);

			as_oracle(&doc, text, strlen(text));
		}
	json_release(&doc);
}

/* The policies that ship, whole and cut off anywhere. */
static void shipped(void **state)
{
	static const char *const presets[] = {"response-tracking", "satisfaction", "complaint-monitoring", "multichannel", "after-sales"};
	struct json_document doc = {0};

	for (size_t i = 0; i < ARRAY_SIZE(presets); i++) {
		size_t length;
		_cleanup_free_ char *text = preset_text(presets[i], &length);

		assert_true(as_oracle(&doc, text, length));
		for (size_t cut = roll(200); cut < length; cut += 1 + roll(400))
			as_oracle(&doc, text, cut);
	}
	json_release(&doc);
}

/* cJSON is spared what it need not see: such names and texts lie as far from each other as in the file. */
static void left_in_place(void **state)
{
	static const char sample[] = "{ \"name\" :\n\"\xe4\xb8\xad\" , \"list\":[1,\"\\n\",null,\"text\"]}";
	const struct json *name, *last;
	struct json_document doc;

	assert_int_equal(json_parse(&doc, sample, sizeof(sample) - 1, "f", NULL), 0);
	name = json_member(doc.root, "name");
	for (last = json_first(json_member(doc.root, "list")); json_next(last);)
		last = json_next(last);
	assert_int_equal(json_string(name) - json_name(name), strstr(sample, "\xe4") - strstr(sample, "name"));
	assert_int_equal(json_string(last) - json_name(name), strstr(sample, "text") - strstr(sample, "name"));
	json_release(&doc);
}

/* --- views ----------------------------------------------------------------------------------------------------- */

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
		cmocka_unit_test(texts_read), cmocka_unit_test(deep_and_many), cmocka_unit_test(numbers), cmocka_unit_test(mutilated),
		cmocka_unit_test(random_texts), cmocka_unit_test(joined_tokens), cmocka_unit_test(shipped), cmocka_unit_test(left_in_place),
		cmocka_unit_test(view),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
