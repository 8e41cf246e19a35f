/* SPDX-License-Identifier: MIT */
/* Masks of single values: see mask.h. Each is made so that masking its result again gives the same. */
#include "privacy/mask.h"

#include "privacy/glyph.h"
#include "ticket/language.h"

#define HIDDEN "***"

const char *privacy_noun(enum privacy_kind kind)
{
	static const char *const nouns[PRIVACY_KINDS] = {
		N_("a name"), N_("a phone number"), N_("an e-mail address"), N_("an identity card number"), N_("a bank card number"), N_("an address"),
	};

	return (unsigned)kind < PRIVACY_KINDS ? _(nouns[kind]) : "";
}

static void add_glyphs(struct buf *out, const struct glyphs *glyphs, size_t from, size_t to)
{
	buf_add(out, glyphs->text + glyphs->v[from].at, glyphs->v[to].at - glyphs->v[from].at);
}

/* The characters of the first word of a name in Latin or another alphabet; 0 when it isn't made of letters. */
static size_t first_word(const struct glyphs *glyphs)
{
	size_t n = 0;

	for (; n < glyphs->n && !glyph_is_space(glyphs->v[n].c); n++) {
		uint32_t c = glyphs->v[n].c;

		if (!glyph_is_letter(c) && c != '\'' && c != '-' && c != '.' && !(c >= 0xc0 && c < 0x2000))
			return 0;
	}
	return n < 20 ? n : 0;
}

char *mask_name(const char *name)
{
	_cleanup_glyphs_ struct glyphs glyphs = {0};
	struct buf out = {0};
	size_t word, rest;

	glyphs_read(&glyphs, name);
	if (glyphs.n == 0)
		return xstrdup("");
	if (glyph_is_han(glyphs.v[0].c) && glyphs.n > 1) {
		add_glyphs(&out, &glyphs, 0, 1);
		for (size_t i = 1; i < glyphs.n && i < 4; i++)
			buf_putc(&out, '*');
		return buf_steal(&out);
	}
	word = first_word(&glyphs);
	rest = word;
	while (glyph_is_space(glyph_at(&glyphs, rest)))
		rest++;
	if (word > 0 && rest < glyphs.n) {
		add_glyphs(&out, &glyphs, 0, word);
		buf_puts(&out, " " HIDDEN);
	} else {
		if (glyphs.v[0].c != '*' && glyphs.n > 1)
			add_glyphs(&out, &glyphs, 0, 1);
		buf_puts(&out, HIDDEN);
	}
	return buf_steal(&out);
}

char *mask_email(const char *email)
{
	_cleanup_glyphs_ struct glyphs glyphs = {0};
	struct buf out = {0};
	size_t at = 0;

	glyphs_read(&glyphs, email);
	for (size_t i = 0; i < glyphs.n; i++)
		if (glyphs.v[i].c == '@' || glyphs.v[i].c == 0xff20)
			at = i;
	if (at > 1 && glyphs.v[0].c != '*')
		add_glyphs(&out, &glyphs, 0, 1);
	buf_puts(&out, HIDDEN);
	if (at)
		add_glyphs(&out, &glyphs, at, glyphs.n);
	return buf_steal(&out);
}

/* --- numbers: a place is a digit or a star; places keep their position, whatever stands between them stays -------- */

static bool is_place(uint32_t c)
{
	return c == '*' || glyph_digit(c) >= 0;
}

static size_t count_places(const struct glyphs *glyphs)
{
	size_t n = 0;

	for (size_t i = 0; i < glyphs->n; i++)
		n += is_place(glyphs->v[i].c);
	return n;
}

/* Keeps the first 'head' and the last 'tail' of 'places'; others become stars. A final X of an identity number is a place. */
static char *mask_places(const struct glyphs *glyphs, size_t places, size_t head, size_t tail)
{
	struct buf out = {0};
	size_t place = 0;

	for (size_t i = 0; i < glyphs->n; i++) {
		if (!is_place(glyphs->v[i].c)) {
			add_glyphs(&out, glyphs, i, i + 1);
			continue;
		}
		if (place < head || place + tail >= places)
			add_glyphs(&out, glyphs, i, i + 1);
		else
			buf_putc(&out, '*');
		place++;
	}
	return buf_steal(&out);
}

/* The value of the n-th place, -1 for a star or beyond the end. */
static int place_digit(const struct glyphs *glyphs, size_t n)
{
	for (size_t i = 0; i < glyphs->n; i++)
		if (is_place(glyphs->v[i].c) && n-- == 0)
			return glyph_digit(glyphs->v[i].c);
	return -1;
}

/* Digits of an area code that begins at a place; 'trunk' is its leading 0, which is not dialled from abroad. */
static size_t area_length(const struct glyphs *glyphs, size_t place, size_t trunk)
{
	int first = place_digit(glyphs, place + trunk);

	return trunk + (first == 1 || first == 2 ? 2 : 3);
}

char *mask_phone(const char *phone)
{
	_cleanup_glyphs_ struct glyphs glyphs = {0};
	size_t places, head = 0, tail = 4, country = 0;

	glyphs_read(&glyphs, phone);
	places = count_places(&glyphs);
	if (glyph_at(&glyphs, 0) == '+' || glyph_at(&glyphs, 0) == 0xff0b || places > 12) {
		size_t zeros = place_digit(&glyphs, 0) == 0 && place_digit(&glyphs, 1) == 0 ? 2 : 0;

		if (place_digit(&glyphs, zeros) == 8 && place_digit(&glyphs, zeros + 1) == 6)
			country = zeros + 2;
	}
	if (country && places - country != 11)
		head = country + area_length(&glyphs, country, 0);
	else if (!country && place_digit(&glyphs, 0) == 0 && places >= 10 && places <= 12)
		head = area_length(&glyphs, 0, 1);
	else if (places - country >= 11)
		head = country + 3;
	else if (places < 7)
		tail = places < 4 ? 0 : 2;
	if (head + 3 + tail > places)
		head = 0; /* fewer than three stars would hide too little */
	return mask_places(&glyphs, places, head, tail);
}

char *mask_id_card(const char *number)
{
	_cleanup_glyphs_ struct glyphs glyphs = {0};
	size_t places;
	uint32_t last;

	glyphs_read(&glyphs, number);
	places = count_places(&glyphs);
	last = glyphs.n ? glyphs.v[glyphs.n - 1].c : 0;
	return mask_places(&glyphs, places, 2, glyph_digit(last) >= 0 ? 2 : 1);
}

/* Only digits of the first and of the last group stay, so that no group of a masked number can pass for a new number. */
char *mask_bank_card(const char *number)
{
	_cleanup_glyphs_ struct glyphs glyphs = {0};
	size_t head = 0, tail = 0;

	glyphs_read(&glyphs, number);
	while (head < 4 && is_place(glyph_at(&glyphs, head)))
		head++;
	while (tail < 4 && tail < glyphs.n && is_place(glyphs.v[glyphs.n - 1 - tail].c))
		tail++;
	return mask_places(&glyphs, count_places(&glyphs), head, tail);
}

/* --- the rest -------------------------------------------------------------------------------------------------- */

char *mask_address(const char *address)
{
	_cleanup_glyphs_ struct glyphs glyphs = {0};
	struct buf out = {0};
	size_t keep = 0;

	glyphs_read(&glyphs, address);
	for (size_t i = 0; i < glyphs.n && i < keep + 8; i++) {
		uint32_t c = glyphs.v[i].c;

		if (i > 0 && (c == 0x5e02 || c == 0x7701)) /* 市 省 */
			keep = i + 1;
		if ((!glyph_is_han(c) && !glyph_is_letter(c)) || c == 0x5e02)
			break;
	}
	add_glyphs(&out, &glyphs, 0, keep);
	buf_puts(&out, HIDDEN);
	return buf_steal(&out);
}

char *mask_contact(const char *contact)
{
	_cleanup_glyphs_ struct glyphs glyphs = {0};
	struct buf out = {0};
	bool phone = true;
	size_t ats = 0;

	glyphs_read(&glyphs, contact);
	for (size_t i = 0; i < glyphs.n; i++) {
		uint32_t c = glyphs.v[i].c;

		ats += c == '@' || c == 0xff20;
		if (!is_place(c) && !glyph_is_separator(c) && c != '+' && c != 0xff0b)
			phone = false;
		if (glyph_is_space(c) || c == ',' || c == ';')
			ats += 2; /* several things at once: no single address */
	}
	if (ats == 1 && glyphs.v[0].c != '@' && glyphs.v[0].c != 0xff20)
		return mask_email(contact);
	if (phone && count_places(&glyphs) >= 5)
		return mask_phone(contact);
	if (glyphs.n > 1 && glyphs.v[0].c != '*')
		add_glyphs(&out, &glyphs, 0, 1);
	if (glyphs.n)
		buf_puts(&out, HIDDEN);
	return buf_steal(&out);
}

char *mask_value(enum privacy_kind kind, const char *value)
{
	static char *(*const masks[PRIVACY_KINDS])(const char *) = {
		mask_name, mask_phone, mask_email, mask_id_card, mask_bank_card, mask_address,
	};

	return masks[kind](value);
}

char *mask_display(const struct masking *rules, const char *name)
{
	return rules && text_equal(rules->names, "keep") ? xstrdup(name) : mask_name(name);
}
