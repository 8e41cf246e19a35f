/* SPDX-License-Identifier: MIT */
/* Personal numbers in free text: telephones, identity cards, bank cards. */
#ifndef PRIVACY_NUMBER_H
#define PRIVACY_NUMBER_H

#include "privacy/glyph.h"
#include "privacy/mask.h"

/* A stretch of characters that is personal. */
struct privacy_span {
	size_t from, to;
	enum privacy_kind kind;
};

/* Is there a personal number whose first digit (or the + before it) stands at 'i'? The longest that validates wins. */
bool number_find(const struct glyphs *glyphs, size_t i, struct privacy_span *out);

#endif
