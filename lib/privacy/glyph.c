/* SPDX-License-Identifier: MIT */
/* Characters of a text: see glyph.h. */
#include "privacy/glyph.h"

/* One character of UTF-8; a byte that begins none is taken alone. */
static size_t decode(const unsigned char *p, uint32_t *c)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xc0 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf8 ? 4 : 0;

	*c = 0xfffd;
	if (n <= 1) {
		if (n == 1)
			*c = p[0];
		return 1;
	}
	uint32_t value = p[0] & (0x7fu >> n);

	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 1;
		value = value << 6 | (p[i] & 0x3f);
	}
	if (value < least[n] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 1;
	*c = value;
	return n;
}

void glyphs_read(struct glyphs *out, const char *text)
{
	size_t length = strlen(text), i = 0;

	out->text = text;
	out->n = out->floor = 0;
	out->v = xmalloc((length + 1) * sizeof(*out->v));
	while (i < length) {
		struct glyph *glyph = &out->v[out->n++];

		glyph->at = i;
		i += decode((const unsigned char *)text + i, &glyph->c);
	}
	out->v[out->n].c = 0;
	out->v[out->n].at = length;
}

void glyphs_release(struct glyphs *glyphs)
{
	free(glyphs->v);
	memset(glyphs, 0, sizeof(*glyphs));
}

char *glyphs_slice(const struct glyphs *glyphs, size_t from, size_t to)
{
	size_t start = glyphs->v[from].at;

	return xstrndup(glyphs->text + start, glyphs->v[to].at - start);
}

static uint32_t lower(uint32_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

size_t glyphs_match(const struct glyphs *glyphs, size_t i, const char *word)
{
	const unsigned char *p = (const unsigned char *)word;
	size_t n = 0;

	while (*p) {
		uint32_t c;

		p += decode(p, &c);
		if (lower(glyph_at(glyphs, i + n)) != lower(c))
			return 0;
		n++;
	}
	return n;
}

size_t glyphs_match_before(const struct glyphs *glyphs, size_t i, const char *word)
{
	size_t n = 0;

	for (const unsigned char *p = (const unsigned char *)word; *p; p++)
		n += (*p & 0xc0) != 0x80;
	return n && n <= i && glyphs_match(glyphs, i - n, word) ? n : 0;
}

bool glyph_is_separator(uint32_t c)
{
	return glyph_is_space(c) || c == '-' || c == '(' || c == ')' || c == 0xff08 || c == 0xff09 || c == 0xff0d || c == 0x2212 ||
	       (c >= 0x2010 && c <= 0x2015) || (c >= 0x200b && c <= 0x200d) || c == 0x2060 || c == 0xfeff || c == 0xad;
}
