/* SPDX-License-Identifier: MIT */
/* Text: what may be stored, how wide it shows, what a terminal gets to see. */
#include "unit.h"

#include "ticket/text.h"

#include <utf8proc.h>

static void flaws(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		ptrdiff_t at;
	} cases[] = {
		{"plain\ttext\n", 11, -1}, {"退款 \xf0\x9f\x91\xa8", 11, -1}, {"a\0b", 3, 1},      {"\x1b[2J", 4, 0},
		{"a\xc0\xaf", 3, 1},       {"\xed\xa0\x80", 3, 0},            {"\xe4\xb8", 2, 0},  {"x\xc2\x9b", 3, 1},
		{"a\rb", 3, 1},            {"", 0, -1},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(text_flaw(cases[i].text, cases[i].n, NULL), cases[i].at);
}

/* The same asked of the library for each character. */
static ptrdiff_t flaw_by_character(const char *text, size_t n)
{
	for (size_t i = 0; i < n;) {
		utf8proc_int32_t c;
		utf8proc_ssize_t bytes = utf8proc_iterate((const utf8proc_uint8_t *)text + i, (utf8proc_ssize_t)(n - i), &c);

		if (bytes <= 0 || (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c <= 0x9f))
			return (ptrdiff_t)i;
		i += (size_t)bytes;
	}
	return -1;
}

/* Long stretches are gone over in strides: none may step over what stands in any place of them, or behind the end. */
static void flaws_in_strides(void **state)
{
	static const char *const pieces[] = {"plain", "of eight", " ", "~", "\n", "退", "款，", "é", "한", "\xee\x80\x80", "👨", "\xc2\xa0", "\xed\x9f\xbf", "\xe1\x80\x80", "\xe0\xa0\x80", "\xef\xbf\xbf"};
	static const char *const flaws[] = {"\r", "\x1f", "\x7f", "\xc2\x80", "\xc2\x9f", "\x80", "\xff", "\xed\xa0\x80", "\xe0\x9f\xbf", "\xe4\xb8", "\xe4\xb8x", "\xe4x\xad", "\xf0\x9f\x91", "\xf4\x90\x80\x80"};
	unsigned seed = 1;

	for (int round = 0; round < 100000; round++) {
		_cleanup_free_ char *exact = NULL;
		struct buf text = {0};
		size_t n;

		buf_puts(&text, "");
		seed = seed * 1103515245u + 12345u;
		for (unsigned i = 0, many = (seed >> 16) % 24; i < many; i++) {
			seed = seed * 1103515245u + 12345u;
			buf_puts(&text, (seed >> 16) % 40 ? pieces[(seed >> 20) % ARRAY_SIZE(pieces)] : flaws[(seed >> 20) % ARRAY_SIZE(flaws)]);
		}
		/* Cut off anywhere, and nothing behind it. */
		n = text.n - (seed >> 16) % 5 * (text.n > 4);
		exact = xmalloc(n);
		memcpy(exact, text.p, n);
		assert_int_equal(text_flaw(exact, n, NULL), flaw_by_character(exact, n));
		buf_release(&text);
	}
}

static void widths(void **state)
{
	assert_int_equal(text_width("abc", 3), 3);
	assert_int_equal(text_width("退款", 6), 4);
	assert_int_equal(text_width("e\xcc\x81", 3), 1);
	assert_int_equal(text_width("👨‍👩‍👧", strlen("👨‍👩‍👧")), 2);
	assert_int_equal(text_fit("退款x", 7, 3, NULL), 3);
	assert_int_equal(text_fit("e\xcc\x81x", 4, 1, NULL), 3);
}

static void shown(void **state)
{
	struct buf out = {0};

	text_show(&out, "a\x1b[2J\n\x7f\xc2\x9b\xe2\x80\xae\xff", 13, false);
	assert_string_equal(out.p, "a^[[2J ^?\\u009b\\u202e\\xff");
	buf_release(&out);
}

static void nearest(void **state)
{
	static const char *const words[] = {"respond", "resolve", "report"};

	assert_string_equal(text_nearest("repsond", words, 3), "respond");
	assert_null(text_nearest("calendar", words, 3));
}

static void stripped(void **state)
{
	char text[] = "\n\t\xc2\xa0\xe3\x80\x80 a b \xe3\x80\x80\n", empty[] = " \t";

	assert_string_equal(text_strip(text), "a b");
	assert_string_equal(text_strip(empty), "");
}

/* Folding takes short cuts; it must give what the library gives for the whole text. */
static void folding(void **state)
{
	static const char *const pieces[] = {"a", "Z", " ", "\n", "中", "国", "鿿", "一", "ＡＢ", "ｚ", "～", "＿", "é", "e", "\u0301", "\u0327", "\u200b", "\u200d", "ß", "ﬁ", "㎏", "가", "\u1100", "\u1161",
					     "\u11a8", "ガ", "カ", "\u3099", "ﾃ", "ﾞ", "Ω", "ς", "İ", "👨‍👩‍👧", "，", "。", "…", "豈", "丽", "\u00ad", "\u0345", "á", "\u0f71", "\u0f72", "䷿", "ꥠ"};
	unsigned seed = 1;

	for (int round = 0; round < 200000; round++) {
		struct buf text = {0};
		_cleanup_free_ char *folded = NULL, *right = NULL;

		for (unsigned n = 0; n < 8; n++) {
			seed = seed * 1103515245u + 12345u;
			buf_puts(&text, pieces[(seed >> 16) % ARRAY_SIZE(pieces)]);
		}
		folded = text_fold(text.p);
		right = (char *)utf8proc_NFKC_Casefold((const utf8proc_uint8_t *)text.p);
		assert_string_equal(folded, right);
		buf_release(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(folding), cmocka_unit_test(flaws), cmocka_unit_test(flaws_in_strides), cmocka_unit_test(widths), cmocka_unit_test(shown),
					   cmocka_unit_test(nearest), cmocka_unit_test(stripped)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
