/* SPDX-License-Identifier: MIT */
/* Ticket numbers: see number.h. A format is cut into pieces once per call; writing and reading walk the same pieces. */
#include "model/number.h"

#include "ticket/text.h"

#include <ctype.h>
#include <inttypes.h>

#define PIECES_MAX 16
#define WIDTH_MAX 9
#define SERIAL_MAX 999999999999 /* twelve digits: no desk gets there, and nothing overflows on the way */
#define NUMBER_MAX 64           /* bytes of a number: it becomes a file's name */

enum piece_kind { PIECE_TEXT, PIECE_DATE, PIECE_CHANNEL, PIECE_SERIAL };

struct piece {
	enum piece_kind kind;
	const char *text; /* PIECE_TEXT: borrowed from the format */
	size_t n;
	int width;        /* PIECE_SERIAL */
};

struct pieces {
	struct piece v[PIECES_MAX];
	size_t n;
};

/* What may stand in a number: it becomes a file's name, a word of the command line and part of a web address. */
bool number_text_is_safe(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("-_.", text[i]))
			return false;
	return true;
}

/* --- the format ------------------------------------------------------------------------------------------------ */

static int unknown_placeholder(const char *format, const char *name, size_t n, struct ticket_error *err)
{
	return ticket_fail(err, TICKET_USAGE, "the number format '%s' holds '{%.*s}', which is none of {date}, {channel} and {serial:N} with N from 1 to %d", format,
			   (int)n, name, WIDTH_MAX);
}

static int cut_placeholder(struct piece *piece, const char *format, const char *name, size_t n, struct ticket_error *err)
{
	static const char serial[] = "serial:";
	const size_t digit = sizeof(serial) - 1;

	if (n == 4 && memcmp(name, "date", n) == 0) {
		piece->kind = PIECE_DATE;
	} else if (n == 7 && memcmp(name, "channel", n) == 0) {
		piece->kind = PIECE_CHANNEL;
	} else if (n == digit + 1 && memcmp(name, serial, digit) == 0 && name[digit] >= '1' && name[digit] <= '0' + WIDTH_MAX) {
		piece->kind = PIECE_SERIAL;
		piece->width = name[digit] - '0';
	} else {
		return unknown_placeholder(format, name, n, err);
	}
	return 0;
}

static int cut(struct pieces *out, const char *format, struct ticket_error *err)
{
	out->n = 0;
	for (const char *p = format; *p;) {
		struct piece *piece = &out->v[out->n];
		const char *end;

		if (out->n++ == PIECES_MAX)
			return ticket_fail(err, TICKET_USAGE, "the number format '%s' has more than %d parts", format, PIECES_MAX);
		*piece = (struct piece){PIECE_TEXT, p, strcspn(p, "{"), 0};
		if (piece->n) {
			p += piece->n;
			continue;
		}
		if (!(end = strchr(p, '}')))
			return ticket_fail(err, TICKET_USAGE, "the number format '%s' opens a '{' that is never closed", format);
		if (cut_placeholder(piece, format, p + 1, (size_t)(end - p - 1), err))
			return TICKET_USAGE;
		p = end + 1;
	}
	return 0;
}

static size_t count(const struct pieces *pieces, enum piece_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < pieces->n; i++)
		n += pieces->v[i].kind == kind;
	return n;
}

static int check_texts(const struct pieces *pieces, const char *format, struct ticket_error *err)
{
	const struct piece *first = &pieces->v[0];

	if (strlen(format) > NUMBER_MAX)
		return ticket_fail(err, TICKET_USAGE, "the number format '%s' is longer than %d characters", format, NUMBER_MAX);
	for (size_t i = 0; i < pieces->n; i++)
		if (pieces->v[i].kind == PIECE_TEXT && !number_text_is_safe(pieces->v[i].text, pieces->v[i].n))
			return ticket_fail(err, TICKET_USAGE, "the number format '%s' may hold letters, digits, '-', '_' and '.' beside its placeholders", format);
	if (strstr(format, "..") || (first->kind == PIECE_TEXT && (*first->text == '.' || *first->text == '-')))
		return ticket_fail(err, TICKET_USAGE, "the number format '%s' must not begin with '.' or '-' nor hold '..'", format);
	return 0;
}

/* The serial grows: what stands right behind it must tell where it ends. */
static int check_serial_ends(const struct pieces *pieces, const char *format, struct ticket_error *err)
{
	for (size_t i = 0; i + 1 < pieces->n; i++) {
		const struct piece *next = &pieces->v[i + 1];

		if (pieces->v[i].kind == PIECE_SERIAL && (next->kind != PIECE_TEXT || isdigit((unsigned char)*next->text)))
			return ticket_fail(err, TICKET_USAGE, "the number format '%s' is ambiguous: nothing tells where the growing serial ends; put it last, or a letter or '-' behind it",
					   format);
	}
	return 0;
}

int number_check_format(const char *format, struct ticket_error *err)
{
	static const struct {
		enum piece_kind kind;
		const char *name;
		size_t least;
	} owed[] = {{PIECE_DATE, "{date}", 1}, {PIECE_SERIAL, "{serial:N}", 1}, {PIECE_CHANNEL, "{channel}", 0}};
	struct pieces pieces;

	if (!format || !*format)
		return ticket_fail(err, TICKET_USAGE, "the number format is empty; '{date}-{serial:3}' is one");
	if (cut(&pieces, format, err))
		return TICKET_USAGE;
	for (size_t i = 0; i < ARRAY_SIZE(owed); i++) {
		size_t n = count(&pieces, owed[i].kind);

		if (n < owed[i].least)
			return ticket_fail(err, TICKET_USAGE, "the number format '%s' lacks %s; '{date}-{serial:3}' has all it needs", format, owed[i].name);
		if (n > 1)
			return ticket_fail(err, TICKET_USAGE, "the number format '%s' holds %s more than once", format, owed[i].name);
	}
	return check_texts(&pieces, format, err) ? TICKET_USAGE : check_serial_ends(&pieces, format, err);
}

bool number_has_channel(const char *format)
{
	struct pieces pieces;

	return !cut(&pieces, format, NULL) && count(&pieces, PIECE_CHANNEL);
}

/* --- writing and reading --------------------------------------------------------------------------------------- */

char *number_text(const char *format, const struct number *number)
{
	struct pieces pieces;
	struct buf out = {0};

	if (cut(&pieces, format, NULL))
		return NULL;
	for (size_t i = 0; i < pieces.n; i++) {
		const struct piece *piece = &pieces.v[i];

		if (piece->kind == PIECE_TEXT)
			buf_add(&out, piece->text, piece->n);
		else if (piece->kind == PIECE_DATE)
			buf_addf(&out, "%04" PRId64 "%02d%02d", number->date.year, number->date.month, number->date.day);
		else if (piece->kind == PIECE_CHANNEL)
			buf_puts(&out, number->channel ? number->channel : "");
		else
			buf_addf(&out, "%0*" PRId64, piece->width, number->serial);
	}
	return buf_steal(&out);
}

static bool read_digits(const char **p, size_t n, int64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < n; i++, (*p)++) {
		if (!isdigit((unsigned char)**p))
			return false;
		*value = *value * 10 + (**p - '0');
	}
	return true;
}

static bool read_date(const char **p, struct civil *date)
{
	int64_t month, day;
	struct civil check;

	if (!read_digits(p, 4, &date->year) || !read_digits(p, 2, &month) || !read_digits(p, 2, &day))
		return false;
	date->month = (int)month;
	date->day = (int)day;
	if (month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	civil_from(&check, civil_day(date->year, date->month, date->day) * 86400);
	return check.month == date->month && check.day == date->day;
}

/* At least 'width' digits; a serial that has outgrown it starts with no zero, so that each number has one spelling. */
static bool read_serial(const char **p, int width, int64_t *serial)
{
	size_t n = strspn(*p, "0123456789");

	if (n < (size_t)width || n > 12 || (n > (size_t)width && **p == '0'))
		return false;
	return read_digits(p, n, serial) && *serial > 0 && *serial <= SERIAL_MAX;
}

static bool read_pieces(struct number *out, const struct pieces *pieces, const char *code, const char *p)
{
	for (size_t i = 0; i < pieces->n; i++) {
		const struct piece *piece = &pieces->v[i];
		bool fits;

		if (piece->kind == PIECE_DATE) {
			fits = read_date(&p, &out->date);
		} else if (piece->kind == PIECE_SERIAL) {
			fits = read_serial(&p, piece->width, &out->serial);
		} else {
			const char *text = piece->kind == PIECE_CHANNEL ? code : piece->text;
			size_t n = piece->kind == PIECE_CHANNEL ? strlen(code) : piece->n;

			fits = strncmp(p, text, n) == 0;
			p += fits ? n : 0;
		}
		if (!fits)
			return false;
	}
	return !*p;
}

bool number_parse(struct number *out, const char *format, const struct policy *policy, const char *text)
{
	struct pieces pieces;

	if (strlen(text) > NUMBER_MAX || cut(&pieces, format, NULL))
		return false;
	if (!count(&pieces, PIECE_CHANNEL)) {
		*out = (struct number){0};
		return read_pieces(out, &pieces, "", text);
	}
	for (size_t i = 0; i < policy->channels.n; i++) {
		const char *code = policy->channels.v[i].code;

		*out = (struct number){.channel = code};
		if (code && *code && read_pieces(out, &pieces, code, text))
			return true;
	}
	return false;
}

/* --- where it lies --------------------------------------------------------------------------------------------- */

char *number_folder(char out[NUMBER_FOLDER_SIZE], const struct civil *date)
{
	snprintf(out, NUMBER_FOLDER_SIZE, "tickets/%04u/%02u/%02u", (unsigned)date->year % 10000, (unsigned)date->month % 100, (unsigned)date->day % 100);
	return out;
}

char *number_path(const struct policy *policy, const char *text)
{
	char folder[NUMBER_FOLDER_SIZE];
	struct number number;
	bool found = number_parse(&number, policy->number.format, policy, text);

	for (size_t i = 0; !found && i < policy->number.former.n; i++)
		found = number_parse(&number, policy->number.former.v[i], policy, text);
	return found ? xasprintf("%s/%02" PRId64 "/%s.json", number_folder(folder, &number.date), number.serial / 100, text) : NULL;
}
