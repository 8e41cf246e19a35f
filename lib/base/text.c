/* SPDX-License-Identifier: MIT */
/* Text: see ticket/text.h. The one file that knows utf8proc. */
#include "ticket/text.h"
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

static utf8proc_ssize_t next_char(const char *text, size_t length, utf8proc_int32_t *c)
{
	if ((unsigned char)*text < 0x80) {
		*c = *text;
		return 1;
	}
	return utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, c);
}

/* Eight bytes at once: printable ASCII only? Borrows can only make it say no. */
static bool is_plain(const char *text)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	uint64_t word;

	memcpy(&word, text, sizeof(word));
	return ((word | (word - each * 0x20) | (word + each)) & each * 0x80) == 0;
}

/* Three bytes from U+1000 on that are no surrogate: nothing there is a control character. */
static bool is_plain_three(const unsigned char *c)
{
	return c[0] >= 0xe1 && c[0] <= 0xef && c[0] != 0xed && (c[1] & 0xc0) == 0x80 && (c[2] & 0xc0) == 0x80;
}

ptrdiff_t text_flaw(const char *text, size_t length, const char **why)
{
	for (size_t i = 0; i < length;) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n;

		if (i + 8 <= length && is_plain(text + i)) {
			i += 8;
			continue;
		}
		if (i + 3 <= length && is_plain_three((const unsigned char *)text + i)) {
			i += 3;
			continue;
		}
		n = next_char(text + i, length - i, &c);
		if (n <= 0 || is_control(c)) {
			if (why)
				*why = n <= 0 ? N_("not valid UTF-8") : c == 0 ? N_("a NUL character") : N_("a control character");
			return (ptrdiff_t)i;
		}
		i += (size_t)n;
	}
	return -1;
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
		utf8proc_ssize_t n = next_char(text + i, length - i, &c);
		bool alone;
		size_t w;

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

void text_show(struct buf *out, const char *text, size_t length, bool multiline)
{
	for (size_t i = 0; i < length;) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = next_char(text + i, length - i, &c);

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

/* U+4E00 to U+9FFF. */
static bool is_ideograph(const char *p)
{
	const unsigned char *c = (const unsigned char *)p;

	return c[0] >= 0xe4 && c[0] <= 0xe9 && (c[0] > 0xe4 || c[1] >= 0xb8) && (c[1] & 0xc0) == 0x80 && (c[2] & 0xc0) == 0x80;
}

/*
 * Folding leaves CJK ideographs as they are and makes one ASCII character of an ASCII or full-width one; none of them
 * joins with what stands before it. Sets '*folded' to the bytes to put; 0 when 'p' begins anything else.
 */
static size_t fold_simple(const char *p, char folded[3], size_t *n)
{
	const unsigned char *c = (const unsigned char *)p;

	*n = 1;
	if (c[0] < 0x80) {
		folded[0] = (char)(c[0] >= 'A' && c[0] <= 'Z' ? c[0] | 0x20 : c[0]);
		return 1;
	}
	if (is_ideograph(p)) {
		memcpy(folded, p, *n = 3);
		return 3;
	}
	if (c[0] == 0xef && ((c[1] == 0xbc && c[2] >= 0x81 && c[2] <= 0xbf) || (c[1] == 0xbd && c[2] >= 0x80 && c[2] <= 0x9e))) { /* U+FF01 to U+FF5E */
		folded[0] = (char)(c[2] - (c[1] == 0xbc ? 0x60 : 0x20));
		if (folded[0] >= 'A' && folded[0] <= 'Z')
			folded[0] |= 0x20;
		return 3;
	}
	return 0;
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

/* Eight bytes of plain ASCII in small letters. */
static void fold_plain(char *to, const char *from)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	uint64_t word, capital;

	memcpy(&word, from, sizeof(word));
	capital = (word + each * (0x80 - 'A')) & ~(word + each * (0x7f - 'Z')) & each * 0x80;
	word |= capital >> 2;
	memcpy(to, &word, sizeof(word));
}

void text_fold_to(struct buf *out, const char *text, size_t length)
{
	size_t start = out->n, at = 0, last = 0, last_out = out->n; /* where the last simple character stands, here and there */
	char folded[3];

	buf_reserve(out, length + 8);
	while (at < length) {
		size_t n, bytes, end;

		if (at + 8 <= length && is_plain(text + at)) {
			fold_plain(out->p + out->n, text + at);
			last = at + 7;
			last_out = out->n + 7;
			out->n += 8;
			at += 8;
			continue;
		}
		if (is_ideograph(text + at)) {
			do {
				memcpy(out->p + out->n, text + at, 3);
				out->n += 3;
				at += 3;
			} while (is_ideograph(text + at));
			last = at - 3;
			last_out = out->n - 3;
			continue;
		}
		if ((bytes = fold_simple(text + at, folded, &n))) {
			last = at;
			last_out = out->n;
			/* Never longer than what it was made of: there is room. */
			memcpy(out->p + out->n, folded, sizeof(folded));
			out->n += n;
			at += bytes;
			continue;
		}
		for (end = at + 1; end < length && ((text[end] & 0xc0) == 0x80 || !fold_simple(text + end, folded, &n)); end++)
			;
		out->n = last_out;
		if (!fold_other(out, text + last, end - last)) {
			out->n = start;
			buf_add(out, text, length);
			return;
		}
		last = at = end;
		last_out = out->n;
		buf_reserve(out, length - at + 8);
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
