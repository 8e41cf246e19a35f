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

/* Letters and signs that join others, or take no room, or two columns, between those that stand for themselves. */
static const char *const mixed[] = {"a", " ", "payment page", "8 bytes.", "中", "客服", "鿿", "一", "Ａ", "é", "e\u0301", "\u0327", "\u200d", "\u200b", "👨‍👩‍👧", "👩", "🇨🇳", "🇨", "가", "\u1100",
				    "\u1161", "ガ", "ﾞ", "，", "…", "\u0600", "䷿", "ꀀ", "\xff", "\xe4\xb8", "~", "\x7f", "\x1b", "\n", "\u202e"};

static void mix(struct buf *text, unsigned *seed)
{
	buf_truncate(text, 0);
	for (unsigned n = 0; n < 6; n++) {
		*seed = *seed * 1103515245u + 12345u;
		buf_puts(text, mixed[(*seed >> 16) % ARRAY_SIZE(mixed)]);
	}
}

/* Where the graphemes that fit end, by the library alone: the widest character of each counts. */
static size_t fits(const struct buf *text, size_t columns, size_t *width)
{
	utf8proc_int32_t before = 0, now, state = 0;
	size_t end = 0, widest = 0;

	*width = 0;
	for (size_t i = 0, n; i < text->n; i += n, before = now) {
		utf8proc_ssize_t read = utf8proc_iterate((const utf8proc_uint8_t *)text->p + i, (utf8proc_ssize_t)(text->n - i), &now);
		size_t wide;

		n = read > 0 ? (size_t)read : 1;
		now = read > 0 ? now : 0xfffd;
		wide = utf8proc_charwidth(now) > 0 ? (size_t)utf8proc_charwidth(now) : 0;
		if (i && utf8proc_grapheme_break_stateful(before, now, &state)) {
			*width += widest;
			end = i;
			widest = 0;
		}
		widest = wide > widest ? wide : widest;
		if (*width + widest > columns)
			return end;
	}
	*width += widest;
	return text->n;
}

/* Measuring takes short cuts; it must give what the library gives character by character. */
static void fitting(void **state)
{
	struct buf text = {0};
	unsigned seed = 1;

	for (int round = 0; round < 20000; round++) {
		size_t all, width, right;

		mix(&text, &seed);
		fits(&text, SIZE_MAX, &all);
		assert_int_equal(text_width(text.p, text.n), all);
		for (size_t columns = 0; columns <= all; columns++) {
			assert_int_equal(text_fit(text.p, text.n, columns, &width), fits(&text, columns, &right));
			assert_int_equal(width, right);
		}
	}
	buf_release(&text);
}

/* What is shown of a text is what is shown of its pieces, one after the other. */
static void shown_pieces(void **state)
{
	struct buf text = {0}, whole = {0}, pieces = {0};
	unsigned seed = 1, same;

	for (int round = 0; round < 20000; round++) {
		same = seed;
		mix(&text, &seed);
		buf_truncate(&whole, 0);
		buf_truncate(&pieces, 0);
		text_show(&whole, text.p, text.n, round % 2);
		for (unsigned n = 0; n < 6; n++) {
			const char *piece;

			same = same * 1103515245u + 12345u;
			piece = mixed[(same >> 16) % ARRAY_SIZE(mixed)];
			for (size_t i = 0, size; i < strlen(piece); i += size) {
				size = utf8proc_utf8class[(unsigned char)piece[i]] ? (size_t)utf8proc_utf8class[(unsigned char)piece[i]] : 1;
				text_show(&pieces, piece + i, size < strlen(piece + i) ? size : strlen(piece + i), round % 2);
			}
		}
		assert_string_equal(whole.p, pieces.p);
	}
	buf_release(&text);
	buf_release(&whole);
	buf_release(&pieces);
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
static void same_folded(const char *text)
{
	_cleanup_free_ char *folded = text_fold(text), *right = (char *)utf8proc_NFKC_Casefold((const utf8proc_uint8_t *)text);

	assert_string_equal(folded, right);
}

static unsigned drawn(unsigned below)
{
	static unsigned seed = 1;

	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % below;
}

static void folding(void **state)
{
	static const char *const pieces[] = {"a", "Z", " ", "\n", "中", "国", "鿿", "一", "ＡＢ", "ｚ", "～", "＿", "é", "e", "\u0301", "\u0327", "\u200b", "\u200d", "ß", "ﬁ", "㎏", "가", "\u1100", "\u1161",
					     "\u11a8", "ガ", "カ", "\u3099", "ﾃ", "ﾞ", "Ω", "ς", "İ", "👨‍👩‍👧", "，", "。", "…", "豈", "丽", "\u00ad", "\u0345", "á", "\u0f71", "\u0f72", "䷿", "ꥠ",
					     "\u3000", "\u00a0", "“", "”", "—", "、", "=", "\u0338", "@A[`Z{", "THE ORDER NUMBER Is Wrong", "用户反映手机无法登录页面一直显示加载中", "已经联系客服两次，请尽快处理。"};

	for (int round = 0; round < 200000; round++) {
		struct buf text = {0};

		for (unsigned n = 1 + drawn(12); n > 0; n--)
			buf_puts(&text, pieces[drawn(ARRAY_SIZE(pieces))]);
		same_folded(text.p);
		buf_release(&text);
	}
	same_folded("");
}

/* Each character by itself, and where it may join with what stands around it. */
static void folding_each(void **state)
{
	static const char *const around[][2] = {{"", ""}, {"E", "\u0301Z"}, {"国", "\u3099，"}};

	for (utf8proc_int32_t c = 1; c < 0x110000; c++) {
		char bytes[5] = {0};

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		utf8proc_encode_char(c, (utf8proc_uint8_t *)bytes);
		for (size_t i = 0; i < ARRAY_SIZE(around); i++) {
			char text[32];

			snprintf(text, sizeof(text), "%s%s%s", around[i][0], bytes, around[i][1]);
			same_folded(text);
		}
	}
}

/* Wherever it stands among others, and behind what was there before. */
static void folding_places(void **state)
{
	static const char *const pieces[] = {"A", "，", "é", "。", "中", "ガ", "\u3000", "\u00a0"};

	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++)
		for (size_t before = 0; before < 40; before++)
			for (size_t after = 0; after < 40; after++) {
				struct buf text = {0}, out = {0};
				_cleanup_free_ char *right = NULL;

				for (size_t n = 0; n < before; n++)
					buf_putc(&text, (char)('N' + n % 26));
				buf_puts(&text, pieces[i]);
				for (size_t n = 0; n < after; n++)
					buf_puts(&text, n % 3 ? "款" : "Q");
				buf_puts(&out, "Before");
				text_fold_to(&out, text.p, text.n);
				right = (char *)utf8proc_NFKC_Casefold((const utf8proc_uint8_t *)text.p);
				assert_memory_equal(out.p, "Before", 6);
				assert_string_equal(out.p + 6, right);
				assert_int_equal(out.n, 6 + strlen(right));
				buf_release(&text);
				buf_release(&out);
			}
}

/* What is no UTF-8 is left alone, and nothing beyond its end is looked at. */
static void folding_damaged(void **state)
{
	static const char *const damaged[] = {"A\xff", "\xc3", "\xef", "\xef\xbc", "\xe2\x80", "\xe3", "Abc\xf0\x9f", "\xed\xa0\x80", "\xc2", "b\xe3\x80"};

	for (size_t i = 0; i < ARRAY_SIZE(damaged); i++) {
		_cleanup_free_ char *text = xstrdup(damaged[i]), *folded = text_fold(text);

		assert_string_equal(folded, damaged[i]);
	}
}

/* Pieces that fit into the room there is, that just do, and that do not. */
static void formatted(void **state)
{
	for (int length = 0; length < 200; length++) {
		struct buf out = {0};

		buf_addf(&out, "%*d", length, 7);
		buf_addf(&out, "%s", "");
		buf_addf(&out, "%*d", length, 8);
		assert_int_equal(out.n, length > 1 ? 2 * length : 2);
		assert_int_equal(strlen(out.p), out.n);
		assert_int_equal(out.p[out.n / 2 - 1], '7');
		assert_int_equal(out.p[out.n - 1], '8');
		buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(folding), cmocka_unit_test(folding_each), cmocka_unit_test(folding_places), cmocka_unit_test(folding_damaged),
					   cmocka_unit_test(flaws), cmocka_unit_test(flaws_in_strides), cmocka_unit_test(widths), cmocka_unit_test(fitting),
					   cmocka_unit_test(shown), cmocka_unit_test(shown_pieces), cmocka_unit_test(nearest), cmocka_unit_test(stripped),
					   cmocka_unit_test(formatted)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
