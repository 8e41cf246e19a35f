/* SPDX-License-Identifier: MIT */
/* Encodings: see encoding.h. The one file that knows iconv. */
#include "exchange/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <strings.h>

/* What a look at the bytes as UTF-8 tells. */
struct census {
	size_t first_bad;  /* offset of the first byte that is not UTF-8; 'n' when all are */
	size_t bad;        /* bytes that are not */
	size_t good;       /* characters of two bytes or more */
};

/* The length of the UTF-8 character at 'p' (at least one byte is there), 0 when it is none. */
static size_t character_length(const unsigned char *p, size_t n)
{
	size_t length = *p < 0x80 ? 1 : *p >= 0xc2 && *p <= 0xdf ? 2 : *p >= 0xe0 && *p <= 0xef ? 3 : *p >= 0xf0 && *p <= 0xf4 ? 4 : 0;

	if (length > n)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) || (*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f))
		return 0;
	return length;
}

static void take_census(struct census *out, const char *bytes, size_t n)
{
	const unsigned char *p = (const unsigned char *)bytes;

	*out = (struct census){.first_bad = n};
	for (size_t i = 0; i < n;) {
		size_t length = character_length(p + i, n - i);

		if (!length && out->bad++ == 0)
			out->first_bad = i;
		out->good += length > 1;
		i += length ? length : 1;
	}
}

static size_t line_at(const char *bytes, size_t offset)
{
	size_t line = 1;

	for (size_t i = 0; i < offset; i++)
		line += bytes[i] == '\n';
	return line;
}

/* Converts everything; '*stopped' is the offset of the first byte that would not go, 'n' when all did. */
static int convert(struct buf *out, const char *bytes, size_t n, const char *encoding, size_t *stopped, struct ticket_error *err)
{
	iconv_t cd = iconv_open("UTF-8", encoding);
	char *in = (char *)bytes; /* iconv only reads it */
	size_t left = n, start = out->n;
	char piece[8192];

	if (cd == (iconv_t)-1)
		return ticket_fail(err, TICKET_USAGE, "'%s' is no encoding known here; try utf-8, gb18030, gbk, big5, utf-16 or windows-1252", encoding);
	*stopped = n;
	while (left) {
		char *to = piece;
		size_t room = sizeof(piece), done = iconv(cd, &in, &left, &to, &room);

		buf_add(out, piece, sizeof(piece) - room);
		if (done == (size_t)-1 && errno != E2BIG) {
			*stopped = n - left;
			buf_truncate(out, start);
			break;
		}
	}
	iconv_close(cd);
	return 0;
}

static int decode_named(struct buf *out, const char *bytes, size_t n, const char *encoding, const char *origin, struct ticket_error *err)
{
	size_t stopped, start = out->n;

	if (convert(out, bytes, n, encoding, &stopped, err))
		return TICKET_USAGE;
	if (stopped < n) /* in UTF-16 a line end is two bytes, one of them '\n': the count holds */
		return ticket_fail(err, TICKET_USAGE, "%s:%zu: byte %zu of the file (0x%02x) is not %s", origin, line_at(bytes, stopped), stopped + 1, (unsigned char)bytes[stopped], encoding);
	if (out->n >= start + 3 && memcmp(out->p + start, "\xef\xbb\xbf", 3) == 0) {
		memmove(out->p + start, out->p + start + 3, out->n - start - 3);
		buf_truncate(out, out->n - 3);
	}
	return 0;
}

static int detect(struct buf *out, const char *bytes, size_t n, const char *origin, const char **used, struct ticket_error *err)
{
	struct census census;
	size_t stopped;

	*used = "utf-8";
	take_census(&census, bytes, n);
	if (census.bad == 0) {
		buf_add(out, bytes, n);
		return 0;
	}
	/* GB18030 takes nearly anything, so a damaged UTF-8 file would come out as rubbish: tell it apart first. */
	if (census.good > 4 * census.bad)
		return ticket_fail(err, TICKET_USAGE, "%s:%zu: byte %zu of the file (0x%02x) is not UTF-8, though the rest is; mend it, or name the encoding with --encoding",
				   origin, line_at(bytes, census.first_bad), census.first_bad + 1, (unsigned char)bytes[census.first_bad]);
	*used = "gb18030";
	if (convert(out, bytes, n, "GB18030", &stopped, err))
		return TICKET_USAGE;
	if (stopped < n)
		return ticket_fail(err, TICKET_USAGE, "%s:%zu: byte %zu of the file (0x%02x) is neither UTF-8 nor GB18030; name the encoding with --encoding",
				   origin, line_at(bytes, stopped), stopped + 1, (unsigned char)bytes[stopped]);
	return 0;
}

int text_decode(struct buf *out, const char *bytes, size_t n, const char *encoding, const char *origin, const char **used, struct ticket_error *err)
{
	static const struct {
		const char *mark, *encoding, *used;
		size_t n;
	} marks[] = {{"\xef\xbb\xbf", "UTF-8", "utf-8", 3}, {"\xff\xfe", "UTF-16LE", "utf-16", 2}, {"\xfe\xff", "UTF-16BE", "utf-16", 2}};
	const char *ignored;

	if (!used)
		used = &ignored;
	/* A mark beats a name: a file of rejects is UTF-8 whatever the map says of the file they came from. */
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (n >= marks[i].n && memcmp(bytes, marks[i].mark, marks[i].n) == 0) {
			*used = marks[i].used;
			return decode_named(out, bytes, n, marks[i].encoding, origin, err);
		}
	if (!encoding || strcasecmp(encoding, "auto") == 0)
		return detect(out, bytes, n, origin, used, err);
	*used = encoding;
	return decode_named(out, bytes, n, encoding, origin, err);
}
