/* SPDX-License-Identifier: MIT */
/* A text as an array of characters, for looking both ways; and what kinds of characters masking cares about. */
#ifndef PRIVACY_GLYPH_H
#define PRIVACY_GLYPH_H

#include "ticket/memory.h"

struct glyph {
	uint32_t c; /* a byte that is no UTF-8 counts as U+FFFD */
	size_t at;  /* offset of its first byte */
};

/*
 * 'v' holds n characters and behind them one of U+0000 at the text's length. What stands before 'floor' was recognised
 * and is not seen again: a label inside a masked name must not speak for the number behind it.
 */
struct glyphs {
	struct glyph *v;
	size_t n, floor;
	const char *text; /* borrowed */
};
void glyphs_read(struct glyphs *out, const char *text);
void glyphs_release(struct glyphs *glyphs);
#define _cleanup_glyphs_ _cleanup_(glyphs_release)
/* The bytes of the characters from 'from' up to 'to'. Owned. */
char *glyphs_slice(const struct glyphs *glyphs, size_t from, size_t to);
/* The character at 'i', 0 outside and before the floor; takes i - 1 of 0 as well. */
static inline uint32_t glyph_at(const struct glyphs *glyphs, size_t i)
{
	return i >= glyphs->floor && i < glyphs->n ? glyphs->v[i].c : 0;
}
/* Does 'word' (UTF-8, ASCII letters in lower case) stand at 'i'? Gives the number of its characters, else 0. ASCII case is ignored. */
size_t glyphs_match(const struct glyphs *glyphs, size_t i, const char *word);
/* The same for a word that ends just before 'i'. */
size_t glyphs_match_before(const struct glyphs *glyphs, size_t i, const char *word);

/* 0 to 9, full-width digits too; else -1. */
static inline int glyph_digit(uint32_t c)
{
	if (c >= '0' && c <= '9')
		return (int)(c - '0');
	return c >= 0xff10 && c <= 0xff19 ? (int)(c - 0xff10) : -1;
}
static inline bool glyph_is_letter(uint32_t c) /* ASCII */
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 0x80;
}
static inline bool glyph_is_han(uint32_t c)
{
	return (c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff) || c == 0x3007;
}
static inline bool glyph_is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == 0xa0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f;
}
/* What may stand between the groups of one number: spaces, hyphens and dashes, brackets, characters without width. */
bool glyph_is_separator(uint32_t c);

#endif
