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
	assert_string_equal(text_nearest("RESPOND", words, 3), "respond");
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
	const struct CMUnitTest tests[] = {cmocka_unit_test(folding), cmocka_unit_test(flaws), cmocka_unit_test(widths), cmocka_unit_test(shown),
					   cmocka_unit_test(nearest), cmocka_unit_test(stripped)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
