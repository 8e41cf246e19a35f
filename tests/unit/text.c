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
	const struct CMUnitTest tests[] = {cmocka_unit_test(folding), cmocka_unit_test(flaws), cmocka_unit_test(widths), cmocka_unit_test(fitting), cmocka_unit_test(shown),
					   cmocka_unit_test(shown_pieces), cmocka_unit_test(nearest), cmocka_unit_test(stripped), cmocka_unit_test(formatted)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
