/* SPDX-License-Identifier: MIT */
/* What is read of JSON trees, where their values stand, and JSON text: see json.h. */
#include "model/json.h"

#include "ticket/language.h"

#include <ctype.h>
#include <math.h>

/* --- reading --------------------------------------------------------------------------------------------------- */

const char *json_type_name(const struct json *node)
{
	static const char *const names[] = {"null", "false", "true", N_("a number"), N_("a string"), N_("an array"), N_("an object")};

	return _(names[json_type(node)]);
}

const struct json *json_member(const struct json *object, const char *name)
{
	for (const struct json *member = json_first(object); member; member = json_next(member))
		if (json_name(member) && strcmp(json_name(member), name) == 0)
			return member;
	return NULL;
}

/* The shortest text that reads back as the same; the program's numbers always have a point (LC_NUMERIC). */
static void put_number(struct buf *out, double number)
{
	char text[32];

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, number);
		if (strtod(text, NULL) == number)
			break;
	}
	/* Too large for any number: so must be what is read again. */
	buf_puts(out, isfinite(number) ? text : number < 0 ? "-1e999" : "1e999");
}

static void put_node(struct buf *out, const struct json *node)
{
	static const char *const words[] = {[JSON_NULL] = "null", [JSON_FALSE] = "false", [JSON_TRUE] = "true"};

	switch (node->type) {
	case JSON_NULL:
	case JSON_FALSE:
	case JSON_TRUE:
		buf_puts(out, words[node->type]);
		break;
	case JSON_NUMBER:
		put_number(out, node->number);
		break;
	case JSON_STRING:
		json_quote(out, node->text);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		buf_putc(out, node->type == JSON_ARRAY ? '[' : '{');
		for (const struct json *child = node->first; child; child = child->next) {
			if (child != node->first)
				buf_putc(out, ',');
			if (node->type == JSON_OBJECT) {
				json_quote(out, child->name);
				buf_putc(out, ':');
			}
			put_node(out, child);
		}
		buf_putc(out, node->type == JSON_ARRAY ? ']' : '}');
		break;
	}
}

char *json_text(const struct json *node)
{
	struct buf out = {0};

	put_node(&out, node);
	return buf_steal(&out);
}

/* --- where a value stands -------------------------------------------------------------------------------------- */

static const char *skip_space(const char *p, const char *end)
{
	while (p < end && isspace((unsigned char)*p))
		p++;
	return p;
}

static const char *skip_string(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		if (*p == '\\')
			p++;
	return p < end ? p + 1 : end;
}

/* The end of the value that begins at 'p', in text known to be JSON. */
static const char *skip_value(const char *p, const char *end)
{
	size_t depth = 0;

	p = skip_space(p, end);
	do {
		if (p >= end)
			return end;
		if (*p == '"') {
			p = skip_string(p, end);
			continue;
		}
		if (*p == '{' || *p == '[')
			depth++;
		else if (*p == '}' || *p == ']')
			depth--;
		else if (depth == 0)
			while (p + 1 < end && !strchr(",]} \t\r\n", p[1]))
				p++;
		p++;
	} while (depth);
	return p;
}

/* Steps into the container at 'p' to its member 'name' (n bytes) or, in an array, to its element 'index'. */
static const char *enter(const char *p, const char *end, const char *name, size_t n, size_t index)
{
	bool object = p < end && *p == '{';

	if (p >= end || (*p != '{' && *p != '['))
		return NULL;
	p = skip_space(p + 1, end);
	for (size_t i = 0; p < end && *p != '}' && *p != ']'; i++) {
		if (object) {
			const char *key = p;

			p = skip_string(p, end);
			bool hit = (size_t)(p - key) == n + 2 && memcmp(key + 1, name, n) == 0;
			p = skip_space(p, end);
			p = skip_space(p + (p < end && *p == ':'), end);
			if (hit)
				return p;
		} else if (i == index) {
			return p;
		}
		p = skip_space(skip_value(p, end), end);
		p = skip_space(p + (p < end && *p == ','), end);
	}
	return NULL;
}

size_t json_line(const struct json_document *doc, const char *path)
{
	const char *end = doc->text + doc->length, *p = skip_space(doc->text, end);

	while (p && *path) {
		if (*path == '[') {
			char *after;
			size_t index = strtoul(path + 1, &after, 10);

			p = enter(p, end, NULL, 0, index);
			path = *after == ']' ? after + 1 : after;
		} else {
			size_t n;

			path += *path == '.';
			n = strcspn(path, ".[");
			p = enter(p, end, path, n, 0);
			path += n;
		}
	}
	return p ? json_line_at(doc->text, (size_t)(p - doc->text)) : 0;
}

/* --- writing --------------------------------------------------------------------------------------------------- */

void json_quote_n(struct buf *out, const char *text, size_t length)
{
	size_t from = 0;

	buf_putc(out, '"');
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		/* U+2028 and U+2029 end lines in some readers: one event is one line. */
		bool separator = c == 0xe2 && i + 2 < length && (unsigned char)text[i + 1] == 0x80 &&
				 ((unsigned char)text[i + 2] & 0xfe) == 0xa8;

		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f && !separator)
			continue;
		buf_add(out, text + from, i - from);
		if (separator) {
			buf_puts(out, (unsigned char)text[i + 2] == 0xa8 ? "\\u2028" : "\\u2029");
			i += 2;
		} else if (c == '"' || c == '\\') {
			buf_putc(out, '\\');
			buf_putc(out, (char)c);
		} else if (c == '\n') {
			buf_puts(out, "\\n");
		} else if (c == '\t') {
			buf_puts(out, "\\t");
		} else {
			buf_addf(out, "\\u%04x", c);
		}
		from = i + 1;
	}
	buf_add(out, text + from, length - from);
	buf_putc(out, '"');
}

void json_quote(struct buf *out, const char *text)
{
	json_quote_n(out, text, strlen(text));
}
