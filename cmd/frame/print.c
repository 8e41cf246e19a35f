/* SPDX-License-Identifier: MIT */
/* Text and colours as they come out: see print.h. */
#include "print.h"

#include "table.h"
#include "ticket/text.h"

void print_text(FILE *out, const char *text, bool multiline)
{
	_cleanup_buf_ struct buf b = {0};

	if (!text)
		return;
	text_show(&b, text, strlen(text), multiline);
	fwrite(b.p ? b.p : "", 1, b.n, out);
}

/* The bytes of the next piece that is not broken: a word with the blanks ahead of it, or one wide character. */
static size_t piece_at(const char *p)
{
	size_t n = strspn(p, " "), one;

	for (; p[n] && p[n] != ' '; n += one) {
		for (one = 1; ((unsigned char)p[n + one] & 0xc0) == 0x80;)
			one++;
		if (text_width(p + n, one) > 1)
			return n && p[n - 1] != ' ' ? n : n + one;
	}
	return n;
}

void print_wrapped(FILE *out, const char *text, size_t width)
{
	_cleanup_buf_ struct buf b = {0};
	size_t column = 0;

	text_show(&b, text, strlen(text), false);
	for (const char *p = b.p ? b.p : "", *end = p + b.n; p < end;) {
		size_t n = piece_at(p), wide = text_width(p, n);

		if (width && column && column + wide > width) {
			fputc('\n', out);
			column = 0;
		}
		if (!column) {
			size_t blanks = strspn(p, " ");

			p += blanks;
			n -= blanks;
			wide -= blanks;
		}
		fwrite(p, 1, n, out);
		column += wide;
		p += n;
		if (!n)
			break;
	}
	fputc('\n', out);
}

static const struct style {
	const char *name, *code;
} styles[] = {
	{"bold", "\033[1m"}, {"dim", "\033[2m"}, {"red", "\033[31m"}, {"green", "\033[32m"},
	{"yellow", "\033[33m"}, {"blue", "\033[34m"}, {"cyan", "\033[36m"},
};

const char *colour_on(const struct table_options *options, const char *name)
{
	for (size_t i = 0; options->colour && name && i < ARRAY_SIZE(styles); i++)
		if (text_equal(styles[i].name, name))
			return styles[i].code;
	return "";
}

const char *colour_off(const struct table_options *options)
{
	return options->colour ? "\033[0m" : "";
}
