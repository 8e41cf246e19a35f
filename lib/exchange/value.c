/* SPDX-License-Identifier: MIT */
/* Values: from the cells of a row, by what a map says, to texts, lists and times. */
#include "exchange/map.h"

#include "privacy/digest.h"
#include "ticket/text.h"
#include "ticket/language.h"

#include <ctype.h>
#include <stdarg.h>

/* --- cleaning -------------------------------------------------------------------------------------------------- */

enum { CLEAN_STRIP = 1, CLEAN_LINES = 2, CLEAN_SQUEEZE = 4, CLEAN_EXCEL = 8, CLEAN_CONTROLS = 16, CLEAN_LOWER = 32, CLEAN_NAME = 64, CLEAN_FORMULA = 128 };

int cleaning_read(unsigned *out, const struct texts *words, struct ticket_error *err)
{
	static const char *const known[] = {"strip", "lines", "squeeze", "excel", "controls", "lower", "name", "formula", "none"};

	*out = 0;
	for (size_t i = 0; i < words->n; i++) {
		size_t k = 0;

		while (k < ARRAY_SIZE(known) && strcmp(known[k], words->v[i]) != 0)
			k++;
		if (k == ARRAY_SIZE(known))
			return ticket_fail(err, TICKET_USAGE, "'%s' is no way to clean; right would be strip, lines, squeeze, excel, controls, lower, name, formula or none", words->v[i]);
		*out |= k < 8 ? 1u << k : 0;
	}
	return 0;
}

static size_t blank_length(const char *p)
{
	if (*p == ' ' || *p == '\t')
		return 1;
	if (strncmp(p, "\xc2\xa0", 2) == 0)
		return 2;
	return strncmp(p, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

/* Strips each line, and drops the empty ones at both ends. */
static void clean_lines(char *text)
{
	char *to = text, *blank;

	for (char *line = text, *next; line; line = next) {
		char *end = strchr(line, '\n');

		next = end ? end + 1 : NULL;
		if (end)
			*end = '\0';
		for (size_t n; (n = blank_length(line));)
			line += n;
		text_strip(line);
		if (to == text && !*line)
			continue;
		memmove(to, line, strlen(line));
		to += strlen(line);
		*to++ = '\n';
	}
	for (blank = to; blank > text && blank[-1] == '\n';)
		blank--;
	*blank = '\0';
}

static void clean_blanks(char *text)
{
	char *to = text;

	for (char *p = text; *p;) {
		size_t n = blank_length(p);

		if (n) {
			*to++ = ' ';
			while ((n = blank_length(p)))
				p += n;
		} else {
			*to++ = *p++;
		}
	}
	*to = '\0';
}

/* Spreadsheets write characters that XML cannot hold as _xHHHH_; of those only _x005F_ (an underscore) is kept. */
static void clean_excel(char *text)
{
	char *to = text;

	for (char *p = text; *p;) {
		if (p[0] == '_' && p[1] == 'x' && strnlen(p, 7) == 7 && p[6] == '_' && p[2] == '0' && p[3] == '0' && isxdigit((unsigned char)p[4]) && isxdigit((unsigned char)p[5])) {
			if (toupper((unsigned char)p[5]) == 'F' && p[4] == '5')
				*to++ = '_';
			p += 7;
		} else {
			*to++ = *p++;
		}
	}
	*to = '\0';
}

static void clean_controls(char *text)
{
	const char *why;
	ptrdiff_t at;

	for (char *p = text; (at = text_flaw(p, strlen(p), &why)) >= 0 && strstr(why, "control");) {
		size_t n = (unsigned char)p[at] >= 0x80 ? 2 : 1;

		p += at;
		memmove(p, p + n, strlen(p + n) + 1);
	}
}

/* A machine name: "Group 56" → "group-56". Letters outside ASCII stay as they are. */
static void clean_name(char *text)
{
	char *to = text;

	for (const char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (isalnum(c) || c >= 0x80 || c == '_')
			*to++ = (char)tolower(c);
		else if (to > text && to[-1] != '-')
			*to++ = '-';
	}
	while (to > text && to[-1] == '-')
		to--;
	*to = '\0';
}

void clean_text(char *text, unsigned cleaning)
{
	/* The quote that keeps a spreadsheet from running a cell as a formula (export, and others do the same). */
	if ((cleaning & CLEAN_FORMULA) && text[0] == '\'' && text[1] && strchr("=+-@\t\r'", text[1]))
		memmove(text, text + 1, strlen(text));
	if (cleaning & CLEAN_EXCEL)
		clean_excel(text);
	if (cleaning & CLEAN_CONTROLS)
		clean_controls(text);
	if (cleaning & CLEAN_SQUEEZE)
		clean_blanks(text);
	if (cleaning & CLEAN_LINES)
		clean_lines(text);
	if (cleaning & CLEAN_STRIP)
		text_strip(text);
	if (cleaning & CLEAN_LOWER)
		for (char *p = text; *p; p++)
			*p = (char)((unsigned char)*p < 0x80 ? tolower((unsigned char)*p) : *p);
	if (cleaning & CLEAN_NAME)
		clean_name(text);
}

/* --- faults ---------------------------------------------------------------------------------------------------- */

static size_t line_of(const struct row *row, size_t slot)
{
	return slot != SIZE_MAX && row->cells[slot].line ? row->cells[slot].line : row->line;
}

int map_fault(struct fault *fault, const struct row *row, const struct map_value *value, const char *format, ...)
{
	va_list args;

	fault->line = value ? line_of(row, value->slot) : row->line;
	fault->column = value ? value->column : NULL;
	fault->err.code = TICKET_REFUSED;
	fault->doubt = DOUBT_NONE;
	va_start(args, format);
	vsnprintf(fault->err.message, sizeof(fault->err.message), language_text(format), args);
	va_end(args);
	return TICKET_REFUSED;
}

int map_doubt(struct fault *fault, enum doubt_kind doubt)
{
	fault->doubt = doubt;
	return TICKET_REFUSED;
}

/* --- texts ----------------------------------------------------------------------------------------------------- */

static bool is_missing(const struct texts *markers, const char *text)
{
	_cleanup_free_ char *plain = NULL;

	if (!*text)
		return true;
	if (strlen(text) > 64)
		return false;
	plain = text_strip(xstrdup(text));
	return !*plain || texts_have(markers, plain);
}

static const struct texts *markers_of(const struct map_value *value, const struct map *map)
{
	return value->missing.n ? &value->missing : &map->missing;
}

/* A template, its optional groups dropped where their columns say nothing; NULL when none of its columns says anything. */
static char *fill_template(const struct map_value *value, const struct map_context *context, const struct row *row)
{
	struct buf out = {0};
	bool any = false;

	for (size_t i = 0; i < value->parts.n; i++) {
		const struct template_part *part = &value->parts.v[i];
		bool dropped = false;

		for (size_t other = 0; part->group && other < value->parts.n; other++) {
			const struct template_part *mate = &value->parts.v[other];
			const char *cell = mate->text ? NULL : row->cells[mate->column].text;

			dropped |= mate->group == part->group && !mate->text && (!cell || is_missing(markers_of(value, context->map), cell));
		}
		if (dropped)
			continue;
		if (part->text) {
			buf_puts(&out, part->text);
		} else {
			const char *cell = row->cells[part->column].text;
			_cleanup_free_ char *text = cell && !is_missing(markers_of(value, context->map), cell) ? xstrdup(cell) : NULL;

			if (!text)
				continue;
			clean_text(text, value->cleaning);
			buf_puts(&out, text);
			any = true;
		}
	}
	if (any || !value->parts.n)
		return buf_steal(&out);
	buf_release(&out);
	return NULL;
}

char *map_raw(const struct map_value *value, const struct map_context *context, const struct row *row)
{
	_cleanup_free_ char *text = NULL;

	if (value->constant)
		return xstrdup(value->constant);
	if (value->template)
		text = fill_template(value, context, row);
	else if (value->slot != SIZE_MAX && row->cells[value->slot].text)
		text = xstrdup(row->cells[value->slot].text);
	if (!text)
		return NULL;
	clean_text(text, value->cleaning);
	return is_missing(markers_of(value, context->map), text) ? NULL : steal_ptr(text);
}

/* Sends a text through the table of values. */
static int translate(char **text, const struct map_value *value, const struct row *row, struct fault *fault)
{
	_cleanup_free_ char *plain = text_strip(xstrdup(*text));
	const char *known = pairs_get(&value->values, plain);

	if (known) {
		replace_text(text, *known ? known : NULL);
		return 0;
	}
	switch ((enum otherwise)value->otherwise) {
	case OTHERWISE_KEEP:
		return 0;
	case OTHERWISE_IGNORE:
		replace_text(text, NULL);
		return 0;
	case OTHERWISE_DEFAULT:
		replace_text(text, value->fallback);
		return 0;
	case OTHERWISE_REJECT:
	case OTHERWISE_REJECT_TOO:
		break;
	}
	map_fault(fault, row, value, "the map's table of values does not know '%.200s'", plain);
	return map_doubt(fault, DOUBT_ENTRY);
}

static int check_text(const char *text, const struct map_value *value, const struct row *row, struct fault *fault)
{
	const char *why;
	ptrdiff_t at = text_flaw(text, strlen(text), &why);

	if (at < 0)
		return 0;
	return map_fault(fault, row, value, "%s (0x%02x) stands in the text; have the map drop it with \"clean\": [\"controls\"]", why, (unsigned char)text[at]);
}

int map_text(char **out, const struct map_value *value, const struct map_context *context, const struct row *row, struct fault *fault)
{
	_cleanup_free_ char *text = map_raw(value, context, row);
	int failed;

	*out = NULL;
	if (!text)
		text = xstrdup(value->fallback);
	else if (value->values.n && (failed = translate(&text, value, row, fault)))
		return failed;
	if (text && (failed = check_text(text, value, row, fault)))
		return failed;
	*out = steal_ptr(text);
	return 0;
}

int map_texts(struct texts *out, const struct map_value *value, const struct map_context *context, const struct row *row, struct fault *fault)
{
	_cleanup_free_ char *text = map_raw(value, context, row);
	const char *separator = value->split;
	int failed;

	for (char *p = text, *next; p; p = next) {
		char *end = separator ? strstr(p, separator) : NULL;
		_cleanup_free_ char *item = end ? xstrndup(p, (size_t)(end - p)) : xstrdup(p);

		next = end ? end + strlen(separator) : NULL;
		text_strip(item);
		if (!*item)
			continue;
		if (value->values.n && (failed = translate(&item, value, row, fault)))
			return failed;
		if (item && (failed = check_text(item, value, row, fault)))
			return failed;
		if (item && !texts_have(out, item))
			texts_add(out, item);
	}
	if (!text && value->fallback)
		texts_add(out, value->fallback);
	return 0;
}

int map_time(struct stamp *out, const struct map_value *value, const struct map_context *context, const struct row *row, struct fault *fault)
{
	_cleanup_free_ char *text = map_raw(value, context, row);
	const struct time_format *formats = value->formats.n ? value->formats.v : context->map->formats.v;
	const struct texts *patterns = value->formats.n ? &value->times : &context->map->times;
	_cleanup_free_ char *list = NULL;

	*out = (struct stamp){0};
	if (text && !value->constant) {
		for (size_t i = 0; i < patterns->n; i++)
			if (time_format_parse(out, &formats[i], text, context->zone))
				return 0;
		list = texts_join(patterns, _("', '"));
		map_fault(fault, row, value, "'%.100s' is no time of the form '%s'", text, list);
		return map_doubt(fault, DOUBT_SYSTEM);
	}
	if (!text && !value->fallback)
		return 0;
	if (time_parse(out, text ? text : value->fallback, context->zone, context->now_s, &fault->err))
		return map_fault(fault, row, value, "the map's '%s' is no time", text ? text : value->fallback);
	return 0;
}

/* --- conditions and keys --------------------------------------------------------------------------------------- */

char *map_cell(size_t slot, const struct map_context *context, const struct row *row)
{
	const char *cell = row ? row->cells[slot].text : NULL;
	char *text;

	if (!cell || is_missing(&context->map->missing, cell))
		return xstrdup("");
	text = xstrdup(cell);
	return text_strip(text);
}

/* '*' stands for any text, also none. */
static bool glob(const char *pattern, const char *text)
{
	const char *star = NULL, *retry = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			retry = text;
		} else if (*pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++retry;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

/* "*" alone asks for some text: a missing cell is written "". */
static bool pattern_holds(const char *pattern, const char *text)
{
	return strcmp(pattern, "*") == 0 ? *text != '\0' : glob(pattern, text);
}

bool map_matches(const struct texts *patterns, const char *text)
{
	bool positive = false, hit = false;

	for (size_t i = 0; i < patterns->n; i++) {
		if (*patterns->v[i] == '!') {
			if (pattern_holds(patterns->v[i] + 1, text))
				return false;
		} else {
			positive = true;
			hit |= pattern_holds(patterns->v[i], text);
		}
	}
	return hit || !positive;
}

bool map_conditions_hold(const struct map_condition *list, size_t n, const struct map_context *context, const struct row *row)
{
	for (size_t i = 0; i < n; i++) {
		_cleanup_free_ char *cell = map_cell(list[i].slot, context, row);

		if (!map_matches(&list[i].patterns, cell))
			return false;
	}
	return true;
}

int map_key(char **out, const struct map_context *context, const struct row *row, struct fault *fault)
{
	const struct map *map = context->map;
	_cleanup_buf_ struct buf key = {0};
	char digest[DIGEST_HEX_SIZE];
	bool any = false;

	*out = NULL;
	for (size_t i = 0; i < map->key_slots.n; i++) {
		_cleanup_free_ char *cell = map_cell(map->key_slots.v[i], context, row);

		any |= *cell != '\0';
		/* No text holds the unit separator (text_flaw), so no two rows can be joined to the same text. */
		buf_addf(&key, "%s%s", i ? (map->key.digest ? "\x1f" : "/") : "", cell);
	}
	if (!any) {
		fault->line = row->line;
		fault->column = map->key.columns.v[0];
		return ticket_fail(&fault->err, TICKET_REFUSED, "the key is missing");
	}
	if (map->key.digest)
		*out = xasprintf("%s%.32s", map->key.prefix ? map->key.prefix : "", digest_hex(digest, key.p, key.n));
	else
		*out = xasprintf("%s%s", map->key.prefix ? map->key.prefix : "", key.p);
	return 0;
}
