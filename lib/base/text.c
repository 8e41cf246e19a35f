/* SPDX-License-Identifier: MIT */
/* Text: see ticket/text.h. The one file that knows utf8proc. */
#include "ticket/text.h"

#include "base/wide.h"
#include "ticket/language.h"

#include <ctype.h>
#include <utf8proc.h>

static bool is_control(utf8proc_int32_t c)
{
	return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c <= 0x9f);
}

/* Characters that reorder what stands around them on a terminal. */
static bool is_bidi_control(utf8proc_int32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f;
}

/* U+4E00 to U+9FFF, in texts that end with a NUL or when there are three bytes. */
static bool is_ideograph(const char *p)
{
	const unsigned char *c = (const unsigned char *)p;

	return c[0] >= 0xe4 && c[0] <= 0xe9 && (c[0] > 0xe4 || c[1] >= 0xb8) && (c[1] & 0xc0) == 0x80 && (c[2] & 0xc0) == 0x80;
}

static utf8proc_ssize_t next_char(const char *text, size_t length, utf8proc_int32_t *c)
{
	if ((unsigned char)*text < 0x80) {
		*c = *text;
		return 1;
	}
	if (length >= 3 && is_ideograph(text)) {
		*c = (text[0] & 0x0f) << 12 | (text[1] & 0x3f) << 6 | (text[2] & 0x3f);
		return 3;
	}
	return utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, c);
}

/* How many bytes at the beginning are printable ASCII. */
static size_t plain_length(const char *text, size_t length)
{
	size_t n = 0;

	for (; n + WIDE <= length; n += WIDE) {
		const wide bytes = wide_load(text + n);
		const size_t first = wide_first((wide)(bytes < 0x20) | (wide)(bytes > 0x7e));

		if (first < WIDE)
			return n + first;
	}
	while (n < length && text[n] >= 0x20 && text[n] < 0x7f)
		n++;
	return n;
}

/* Three bytes from U+1000 on that are no surrogate: nothing there is a control character. Four bytes are looked at. */
static bool is_plain_three(const char *text)
{
	uint32_t word;

	memcpy(&word, text, sizeof(word));
	word = le32toh(word);
	return (word & 0xc0c0f0) == 0x8080e0 && (word & 0xf) != 0x0 && (word & 0xf) != 0xd;
}

ptrdiff_t text_flaw(const char *text, size_t length, const char **why)
{
	for (size_t i = 0;;) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n;

		/* Long stretches of the one or of the other are most of what there is. */
		i += plain_length(text + i, length - i);
		while (i + 4 <= length && is_plain_three(text + i))
			i += 3;
		if (i == length)
			return -1;
		n = next_char(text + i, length - i, &c);
		if (n <= 0 || is_control(c)) {
			if (why)
				*why = n <= 0 ? N_("not valid UTF-8") : c == 0 ? N_("a NUL character") : N_("a control character");
			return (ptrdiff_t)i;
		}
		i += (size_t)n;
	}
}

static size_t char_width(utf8proc_int32_t c)
{
	int width = utf8proc_charwidth(c);

	return width > 0 ? (size_t)width : 0;
}

/* Printable ASCII and ideographs: each is a grapheme of its own next to another of them. */
static bool stands_alone(utf8proc_int32_t c)
{
	return (c >= 0x20 && c < 0x7f) || (c >= 0x4e00 && c <= 0x9fff);
}

size_t text_fit(const char *text, size_t length, size_t columns, size_t *width)
{
	utf8proc_int32_t previous = 0, state = 0;
	size_t used = 0, cluster = 0, cut = 0, at_cut = 0;

	for (size_t i = 0; i < length;) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n;
		bool alone;
		size_t w, plain = 0;

		if (i == 0 || stands_alone(previous))
			plain = plain_length(text + i, length - i < columns - used ? length - i : columns - used);
		if (plain) {
			/* What follows may only join the last of these. */
			cut = i + plain - 1;
			at_cut = used + plain - 1;
			cluster = 1;
			used += plain;
			i += plain;
			previous = text[cut];
			state = 0;
			continue;
		}
		n = next_char(text + i, length - i, &c);
		if (n <= 0) {
			n = 1;
			c = 0xfffd;
		}
		alone = stands_alone(c);
		w = alone ? 1 + (c >= 0x80) : char_width(c);
		if (alone && stands_alone(previous))
			state = 0;
		if (i == 0 || (alone && stands_alone(previous)) || utf8proc_grapheme_break_stateful(previous, c, &state)) {
			cut = i;
			at_cut = used;
			cluster = 0;
		}
		/* Inside one grapheme (an emoji sequence) only the widest part counts. */
		if (w > cluster) {
			used += w - cluster;
			cluster = w;
		}
		if (used > columns) {
			if (width)
				*width = at_cut;
			return cut;
		}
		previous = c;
		i += (size_t)n;
	}
	if (width)
		*width = used;
	return length;
}

size_t text_width(const char *text, size_t length)
{
	size_t width;

	text_fit(text, length, SIZE_MAX, &width);
	return width;
}

/* How many bytes at the beginning are printable ASCII and ideographs. */
static size_t simple_length(const char *text, size_t length)
{
	size_t n = plain_length(text, length);

	while (n + 3 <= length && is_ideograph(text + n)) {
		n += 3;
		n += plain_length(text + n, length - n);
	}
	return n;
}

void text_show(struct buf *out, const char *text, size_t length, bool multiline)
{
	for (size_t i = 0; i < length;) {
		size_t simple = simple_length(text + i, length - i);
		utf8proc_int32_t c;
		utf8proc_ssize_t n;

		if (simple) {
			buf_add(out, text + i, simple);
			i += simple;
			continue;
		}
		n = next_char(text + i, length - i, &c);
		if (n <= 0) {
			buf_addf(out, "\\x%02x", (unsigned char)text[i]);
			n = 1;
		} else if (c == '\n' || c == '\t') {
			buf_putc(out, multiline ? (char)c : ' ');
		} else if (c < 0x20 || c == 0x7f) {
			buf_addf(out, "^%c", (char)(c ^ 0x40));
		} else if (is_control(c) || is_bidi_control(c) || c == 0x2028 || c == 0x2029) {
			buf_addf(out, "\\u%04x", (unsigned)c);
		} else {
			buf_add(out, text + i, (size_t)n);
		}
		i += (size_t)n;
	}
}

/* --- folding --------------------------------------------------------------------------------------------------- */

/*
 * Most of a text is simple: folding makes one character of one character, which joins with nothing that stands before it.
 * By its first byte it is told what stays as it is but for capitals: ASCII, and U+4000 to U+9FFF, the ideographs.
 */
static size_t fold_steady(char *to, const char *from, size_t length)
{
	size_t at = 0;

	for (; at + WIDE <= length; at += WIDE) {
		const wide c = wide_load(from + at), capital = c - 'A' <= 'Z' - 'A', other = ~((c <= 0xbf) | (c - 0xe4 <= 0xe9 - 0xe4));

		wide_store(to + at, c | (capital & 0x20));
		if (wide_any(other))
			return at + wide_first(other);
	}
	for (; at < length; at++) {
		unsigned char c = (unsigned char)from[at];

		if (c >= 0xc0 && (c < 0xe4 || c > 0xe9))
			break;
		to[at] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	return at;
}

/* Dashes and quotation marks (U+2012 to U+201F without U+2017), and the marks of ideographic texts (U+3001 to U+3029). */
static bool is_steady_mark(const unsigned char *c)
{
	if (c[0] == 0xe2)
		return c[1] == 0x80 && c[2] >= 0x92 && c[2] <= 0x9f && c[2] != 0x97;
	return c[0] == 0xe3 && c[1] == 0x80 && c[2] >= 0x81 && c[2] <= 0xa9;
}

/* What folding makes one ASCII character of: full-width ASCII (U+FF01 to U+FF5E), the spaces U+00A0 and U+3000. '\0': none of these. */
static char ascii_of(const unsigned char *c, size_t *bytes)
{
	char ascii = '\0';

	*bytes = c[0] == 0xc2 ? 2 : 3;
	if (c[0] == 0xef && c[1] == 0xbc && c[2] >= 0x81 && c[2] <= 0xbf)
		ascii = (char)(c[2] - 0x60);
	else if (c[0] == 0xef && c[1] == 0xbd && c[2] >= 0x80 && c[2] <= 0x9e)
		ascii = (char)(c[2] - 0x20);
	else if ((c[0] == 0xc2 && c[1] == 0xa0) || (c[0] == 0xe3 && c[1] == 0x80 && c[2] == 0x80))
		ascii = ' ';
	return (char)(ascii >= 'A' && ascii <= 'Z' ? ascii | 0x20 : ascii);
}

static bool is_simple(const char *p)
{
	const unsigned char *c = (const unsigned char *)p;
	size_t bytes;

	return c[0] < 0x80 || (c[0] >= 0xe4 && c[0] <= 0xe9) || is_steady_mark(c) || ascii_of(c, &bytes);
}

/* As many simple characters as there are at the head of a text; how many bytes of it were read. There is room for what is put. */
static size_t fold_simple(struct buf *out, const char *text, size_t length)
{
	size_t at = 0;

	for (;;) {
		size_t bytes = fold_steady(out->p + out->n, text + at, length - at);
		const unsigned char *c = (const unsigned char *)text + (at += bytes);
		char ascii;

		out->n += bytes;
		if (at == length)
			return at;
		if ((ascii = ascii_of(c, &bytes))) {
			out->p[out->n++] = ascii;
		} else if (is_steady_mark(c)) {
			memcpy(out->p + out->n, c, bytes);
			out->n += bytes;
		} else {
			return at;
		}
		at += bytes;
	}
}

/* Back to the first byte of the character before 'at', but not beyond 'start'. */
static size_t previous_char(const char *text, size_t at, size_t start)
{
	if (at > start)
		at--;
	while (at > start && ((unsigned char)text[at] & 0xc0) == 0x80)
		at--;
	return at;
}

/* All that is not simple goes to utf8proc, with the character in front of it, which may join with what follows. */
static bool fold_other(struct buf *out, const char *text, size_t n)
{
	utf8proc_uint8_t *folded = NULL;
	utf8proc_ssize_t size = utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)n, &folded,
					     UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);

	if (size >= 0)
		buf_add(out, folded, (size_t)size);
	free(folded);
	return size >= 0;
}

void text_fold_to(struct buf *out, const char *text, size_t length)
{
	const size_t start = out->n;

	buf_reserve(out, length + WIDE);
	for (size_t at = 0, end; at < length; at = end) {
		size_t from = at, put = out->n; /* where what is simple begins, here and there */

		at += fold_simple(out, text + at, length - at);
		if (at == length)
			break;
		for (end = at + 1; end < length && !is_simple(text + end); end++)
			;
		at = previous_char(text, at, from);
		out->n = previous_char(out->p, out->n, put);
		if (!fold_other(out, text + at, end - at)) {
			out->n = start;
			buf_add(out, text, length);
			return;
		}
		buf_reserve(out, length - end + WIDE);
	}
	out->p[out->n] = '\0';
}

char *text_fold(const char *text)
{
	struct buf out = {0};

	text_fold_to(&out, text, strlen(text));
	return buf_steal(&out);
}

static bool same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

size_t text_distance(const char *a, const char *b)
{
	size_t m = strlen(b);
	_cleanup_free_ size_t *rows = xcalloc(3 * (m + 1), sizeof(*rows));
	size_t *before = rows, *last = rows + m + 1, *now = rows + 2 * (m + 1);

	for (size_t j = 0; j <= m; j++)
		last[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t *spare = before;

		now[0] = i + 1;
		for (size_t j = 0; j < m; j++) {
			size_t best = last[j] + !same_letter(a[i], b[j]);

			if (i && j && same_letter(a[i], b[j - 1]) && same_letter(a[i - 1], b[j]) && before[j - 1] + 1 < best)
				best = before[j - 1] + 1;
			if (last[j + 1] + 1 < best)
				best = last[j + 1] + 1;
			if (now[j] + 1 < best)
				best = now[j] + 1;
			now[j + 1] = best;
		}
		before = last;
		last = now;
		now = spare;
	}
	return last[m];
}

const char *text_nearest(const char *typed, const char *const *words, size_t count)
{
	const char *nearest = NULL;
	size_t least = strlen(typed) / 3 + 1;

	for (size_t i = 0; i < count; i++) {
		size_t distance = text_distance(typed, words[i]);

		if (distance <= least && (!nearest || distance < least)) {
			nearest = words[i];
			least = distance;
		}
	}
	return nearest;
}

static size_t space_length(const char *p)
{
	if (*p == ' ' || (*p >= '\t' && *p <= '\r'))
		return 1;
	if (strncmp(p, "\xc2\xa0", 2) == 0)
		return 2;
	if (strncmp(p, "\xe3\x80\x80", 3) == 0)
		return 3;
	return 0;
}

char *text_strip(char *text)
{
	char *start = text, *end = text;
	size_t n;

	while ((n = space_length(start)))
		start += n;
	for (char *p = start; *p;) {
		n = space_length(p);
		p += n ? n : 1;
		if (!n)
			end = p;
	}
	if (end < start)
		end = start;
	memmove(text, start, (size_t)(end - start));
	text[end - start] = '\0';
	return text;
}
