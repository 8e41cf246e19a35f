/* SPDX-License-Identifier: MIT */
/* The oracle for reading JSON: see json_oracle.h. */
#include "json_oracle.h"

#include <cjson/cJSON.h>

void oracle_put_text(struct buf *out, char kind, const char *text)
{
	buf_addf(out, "%c%zu:%s ", kind, strlen(text), text);
}

void oracle_put_number(struct buf *out, double number)
{
	buf_addf(out, "#%a ", number);
}

static size_t line_at(const char *text, size_t at)
{
	size_t line = 1;

	while (at--)
		line += text[at] == '\n';
	return line;
}

/* --- bytes ----------------------------------------------------------------------------------------------------- */

/* The bytes of the character at 'p', 0 when it is none; after the table of RFC 3629. */
static size_t decode(const unsigned char *p, size_t left, unsigned *c)
{
	static const struct {
		unsigned lead_from, lead_to, bytes, least;
	} rows[] = {{0x00, 0x7f, 1, 0}, {0xc0, 0xdf, 2, 0x80}, {0xe0, 0xef, 3, 0x800}, {0xf0, 0xf7, 4, 0x10000}};

	for (size_t row = 0; row < ARRAY_SIZE(rows); row++) {
		size_t bytes = rows[row].bytes;

		if (*p < rows[row].lead_from || *p > rows[row].lead_to)
			continue;
		if (bytes > left)
			return 0;
		*c = *p - rows[row].lead_from;
		for (size_t i = 1; i < bytes; i++) {
			if (p[i] < 0x80 || p[i] > 0xbf)
				return 0;
			*c = *c * 64 + (p[i] - 0x80U);
		}
		return *c < rows[row].least || *c > 0x10ffff || (*c >= 0xd800 && *c <= 0xdfff) ? 0 : bytes;
	}
	return 0;
}

static char *refuse_bytes(const char *text, size_t length)
{
	for (size_t i = 0; i < length;) {
		unsigned c = 0;
		size_t bytes = decode((const unsigned char *)text + i, length - i, &c);
		const char *why = !bytes					? "not valid UTF-8"
				  : c == 0					? "a NUL character"
				  : (c < 0x20 && !strchr("\t\n\r", (int)c)) || (c >= 0x7f && c <= 0x9f) ? "a control character"
											     : NULL;

		if (why)
			return xasprintf("f:%zu: byte %zu is %s", line_at(text, i), i + 1, why);
		i += bytes;
	}
	return NULL;
}

/* --- what cJSON lets pass -------------------------------------------------------------------------------------- */

static bool four_digits(const char *p)
{
	for (int i = 0; i < 4; i++)
		if (!p[i] || !strchr("0123456789abcdefABCDEF", p[i]))
			return false;
	return true;
}

static char *refuse_raw(const char *text, size_t length)
{
	bool in_string = false;
	int depth = 0;

	for (size_t i = 0; i < length; i++) {
		if (in_string && text[i] == '\\') {
			if (length - i >= 6 && text[i + 1] == 'u' && !four_digits(text + i + 2))
				return xasprintf("f:%zu: not JSON", line_at(text, i));
			if (length - i >= 6 && memcmp(text + i, "\\u0000", 6) == 0)
				return xasprintf("f:%zu: a text holds a NUL character (\\u0000), which is not allowed", line_at(text, i));
			i++;
		} else if (text[i] == '"') {
			in_string = !in_string;
		} else if (!in_string && (text[i] == '{' || text[i] == '[')) {
			if (++depth > 64)
				return xasprintf("f:%zu: nested deeper than 64 levels", line_at(text, i));
		} else if (!in_string && (text[i] == '}' || text[i] == ']') && depth) {
			depth--;
		}
	}
	return NULL;
}

/* Among the first 48 members the first that repeats another is named; behind them the least of all that stand twice. */
static const char *name_twice(const cJSON *object)
{
	const char *least = NULL;
	int at = 0;

	for (const cJSON *member = object->child; member; member = member->next, at++)
		for (const cJSON *other = object->child; other != member; other = other->next)
			if (strcmp(member->string, other->string) == 0) {
				if (at < 48)
					return member->string;
				if (!least || strcmp(member->string, least) < 0)
					least = member->string;
			}
	return least;
}

static const char *any_name_twice(const cJSON *item)
{
	const char *name;

	for (const cJSON *child = item->child; child; child = child->next)
		if ((name = any_name_twice(child)))
			return name;
	return cJSON_IsObject(item) ? name_twice(item) : NULL;
}

/* --- the whole ------------------------------------------------------------------------------------------------- */

static void put_item(struct buf *out, const cJSON *item)
{
	if (item->string)
		oracle_put_text(out, '=', item->string);
	if (cJSON_IsString(item))
		oracle_put_text(out, '"', item->valuestring);
	else if (cJSON_IsNumber(item))
		oracle_put_number(out, item->valuedouble);
	else if (cJSON_IsArray(item) || cJSON_IsObject(item))
		buf_putc(out, cJSON_IsArray(item) ? '[' : '{');
	else
		buf_puts(out, cJSON_IsTrue(item) ? "true " : cJSON_IsFalse(item) ? "false " : "null ");
	for (const cJSON *child = item->child; child; child = child->next)
		put_item(out, child);
	if (cJSON_IsArray(item) || cJSON_IsObject(item))
		buf_putc(out, cJSON_IsArray(item) ? ']' : '}');
}

static char *refuse_syntax(const char *text, size_t length, size_t stopped)
{
	size_t rest = stopped;

	if (!length)
		return xstrdup("f:1: not JSON: the file is empty");
	while (rest < length && strchr(" \t\r\n,:{[", text[rest]))
		rest++;
	if (rest == length)
		return xasprintf("f:%zu: not JSON: the text ends too early", line_at(text, length));
	return xasprintf("f:%zu: not JSON", line_at(text, stopped));
}

/* Frees the tree. */
static char *judge(cJSON *parsed, const char *text, size_t length, size_t stopped, bool *refused)
{
	struct buf out = {0};
	const char *twice;

	while (stopped < length && strchr(" \t\r\n", text[stopped]))
		stopped++;
	twice = any_name_twice(parsed);
	*refused = stopped < length || twice;
	if (stopped < length)
		buf_addf(&out, "f:%zu: something stands behind the JSON value", line_at(text, stopped));
	else if (twice)
		buf_addf(&out, "f: the name '%s' stands twice in one object", twice);
	else
		put_item(&out, parsed);
	cJSON_Delete(parsed);
	return buf_steal(&out);
}

char *json_oracle(const char *text, size_t length, bool *refused)
{
	const char *end = text;
	char *message;
	cJSON *parsed;

	*refused = true;
	if ((message = refuse_bytes(text, length)) || (message = refuse_raw(text, length)))
		return message;
	parsed = cJSON_ParseWithLengthOpts(text, length, &end, false);
	return parsed ? judge(parsed, text, length, (size_t)(end - text), refused) : refuse_syntax(text, length, (size_t)(end - text));
}
