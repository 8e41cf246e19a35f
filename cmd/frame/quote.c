/* SPDX-License-Identifier: MIT */
/* JSON output: see quote.h. */
#include "quote.h"

#include <ctype.h>

#include "ticket/text.h"

/* A short escape, or \u00XX. */
static void add_escape(struct buf *out, unsigned char c)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (const char *p = letters; *p; p += 2) {
		if ((unsigned char)*p == c) {
			buf_addf(out, "\\%c", p[1]);
			return;
		}
	}
	buf_addf(out, "\\u%04x", c);
}

/* Bytes of a character that must not reach a terminal as it is (C1, marks and overrides of direction, line separators); 0: none. */
static size_t hidden_char(const char *p, unsigned *c)
{
	const unsigned char *b = (const unsigned char *)p;

	if (b[0] == 0xc2 && b[1] >= 0x80 && b[1] <= 0x9f) {
		*c = b[1];
		return 2;
	}
	if (b[0] != 0xe2 || (b[1] != 0x80 && b[1] != 0x81) || (b[2] & 0xc0) != 0x80)
		return 0;
	*c = 0x2000u + ((b[1] & 0x3fu) << 6) + (b[2] & 0x3fu);
	return *c == 0x200e || *c == 0x200f || (*c >= 0x2028 && *c <= 0x202e) || (*c >= 0x2066 && *c <= 0x2069) ? 3 : 0;
}

/* How many bytes at the beginning stand for themselves, whatever follows. */
static size_t plain_length(const char *text, size_t n)
{
	size_t i = 0;

	for (; i < n; i++) {
		unsigned char c = (unsigned char)text[i];

		/* Those two begin all that is hidden. */
		if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f || c == 0xc2 || c == 0xe2)
			break;
	}
	return i;
}

static void add_chars(struct buf *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t plain = plain_length(text + i, n - i), hidden;
		unsigned c;

		buf_add(out, text + i, plain);
		i += plain;
		if (i == n)
			break;
		hidden = hidden_char(text + i, &c);
		if (hidden)
			buf_addf(out, "\\u%04x", c);
		else if ((unsigned char)text[i] < 0x80)
			add_escape(out, (unsigned char)text[i]);
		else
			buf_putc(out, text[i]);
		i += hidden ? hidden : 1;
	}
}

void quote_json(struct buf *out, const char *text)
{
	size_t length;

	if (!text) {
		buf_puts(out, "null");
		return;
	}
	length = strlen(text);
	buf_putc(out, '"');
	for (;;) {
		const char *why = "";
		ptrdiff_t flaw = text_flaw(text, length, &why);
		size_t good = flaw < 0 ? length : (size_t)flaw;
		bool control;
		unsigned c;

		add_chars(out, text, good);
		if (flaw < 0)
			break;
		text += good;
		length -= good;
		/* What stands here is a control character, which JSON can write, or a byte that is no UTF-8. */
		control = (unsigned char)*text < 0x80 || hidden_char(text, &c);
		good = (unsigned char)*text < 0x80 || !control ? 1 : 2;
		if (control)
			add_chars(out, text, good);
		else
			buf_puts(out, "\xef\xbf\xbd");
		text += good;
		length -= good;
	}
	buf_putc(out, '"');
}

void quote_json_list(struct buf *out, const char *joined)
{
	_cleanup_free_ char *copy = xstrdup(joined);
	char *rest = *copy ? copy : NULL, *item;
	bool first = true;

	buf_putc(out, '[');
	while ((item = strsep(&rest, ","))) {
		buf_puts(out, first ? "" : ",");
		quote_json(out, item);
		first = false;
	}
	buf_putc(out, ']');
}

static const char *skip_digits(const char *p)
{
	while (isdigit((unsigned char)*p))
		p++;
	return p;
}

void quote_findings(struct buf *out, const findings *found)
{
	buf_putc(out, '[');
	for (size_t i = 0; i < found->n; i++) {
		buf_puts(out, i ? ",{\"file\":" : "{\"file\":");
		quote_json(out, found->v[i].where);
		buf_puts(out, ",\"finding\":");
		quote_json(out, found->v[i].what);
		buf_putc(out, '}');
	}
	buf_putc(out, ']');
}

bool is_json_number(const char *text)
{
	const char *p = text + (*text == '-'), *start = p;

	p = skip_digits(p);
	if (p == start || (*start == '0' && p > start + 1))
		return false;
	if (*p == '.') {
		start = ++p;
		p = skip_digits(p);
		if (p == start)
			return false;
	}
	if (*p == 'e' || *p == 'E') {
		p += 1 + (p[1] == '+' || p[1] == '-');
		start = p;
		p = skip_digits(p);
		if (p == start)
			return false;
	}
	return !*p;
}
