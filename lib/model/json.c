/* SPDX-License-Identifier: MIT */
/* JSON trees and text: see json.h. The one file that knows cJSON. */
#include "model/json.h"

#include "ticket/text.h"
#include "ticket/language.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <pthread.h>

#define DEEPEST 64

static const cJSON *as_cjson(const struct json *node)
{
	return (const cJSON *)node;
}

static const struct json *as_node(const cJSON *item)
{
	return (const struct json *)item;
}

/* --- memory ---------------------------------------------------------------------------------------------------- */

/*
 * A document lives and dies as a whole: its nodes come out of blocks that are freed together. That takes a third off
 * the cost of reading one, which every run of the program pays for its policy and every rebuild for each ticket.
 */
struct block {
	struct block *next;
	size_t used, room;
	char bytes[] __attribute__((aligned(16)));
};

/* Where cJSON gets its memory while a document is parsed; NULL: from malloc. */
static __thread struct json_document *parsing;

static void *take(size_t size)
{
	struct block *block;
	size_t room;

	if (!parsing)
		return malloc(size);
	block = parsing->blocks;
	size = (size + 15) & ~(size_t)15;
	if (!block || block->room - block->used < size) {
		room = block ? block->room * 2 : 4096;
		room = room > 1 << 20 ? 1 << 20 : room;
		room = room < size ? size : room;
		block = xmalloc(sizeof(*block) + room);
		*block = (struct block){parsing->blocks, 0, room};
		parsing->blocks = block;
	}
	block->used += size;
	return block->bytes + block->used - size;
}

static void give_back(void *p)
{
	if (!parsing)
		free(p);
}

/* cJSON's hooks are the process's: set once, before the first of any number of threads parses. */
static pthread_once_t hooks_once = PTHREAD_ONCE_INIT;

static void set_hooks(void)
{
	cJSON_InitHooks(&(cJSON_Hooks){take, give_back});
}

/* --- what cJSON would let pass --------------------------------------------------------------------------------- */

static size_t line_at(const char *text, size_t offset)
{
	size_t line = 1;

	for (size_t i = 0; i < offset; i++)
		line += text[i] == '\n';
	return line;
}

/* The closing quote of the string whose text begins at 'p', 'end' where it has none; NULL where it holds \\u0000, at '*nul'. */
static const char *raw_string_end(const char *p, const char *end, const char **nul)
{
	const char *quote = NULL;

	for (;;) {
		const char *escape;

		if (!quote || quote < p)
			quote = memchr(p, '"', (size_t)(end - p));
		if (!quote)
			quote = end;
		escape = memchr(p, '\\', (size_t)(quote - p));
		if (!escape)
			return quote;
		if (end - escape > 5 && memcmp(escape + 1, "u0000", 5) == 0) {
			*nul = escape;
			return NULL;
		}
		p = end - escape > 2 ? escape + 2 : end;
	}
}

/* One pass over the raw text: depth, and the escapes that would cut a C string. */
static int check_raw(const struct json_document *doc, struct ticket_error *err)
{
	const char *end = doc->text + doc->length, *nul = NULL;
	size_t depth = 0;

	for (const char *p = doc->text; p < end; p++) {
		if (*p == '"') {
			p = raw_string_end(p + 1, end, &nul);
			if (!p)
				return ticket_fail(err, TICKET_USAGE, "%s:%zu: a text holds a NUL character (\\u0000), which is not allowed", doc->origin,
						   line_at(doc->text, (size_t)(nul - doc->text)));
		} else if (*p == '{' || *p == '[') {
			if (++depth > DEEPEST)
				return ticket_fail(err, TICKET_USAGE, "%s:%zu: nested deeper than %d levels", doc->origin, line_at(doc->text, (size_t)(p - doc->text)), DEEPEST);
		} else if ((*p == '}' || *p == ']') && depth) {
			depth--;
		}
	}
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

/* Sorted, so that a hostile file with very many members costs no more than sorting them. */
static const cJSON *duplicate_of_many(const cJSON *object, size_t n)
{
	_cleanup_free_ const cJSON **sorted = xcalloc(n, sizeof(const cJSON *));
	size_t i = 0;

	for (const cJSON *child = object->child; child; child = child->next)
		sorted[i++] = child;
	qsort(sorted, n, sizeof(const cJSON *), compare_names);
	for (i = 1; i < n; i++)
		if (strcmp(sorted[i - 1]->string, sorted[i]->string) == 0)
			return sorted[i];
	return NULL;
}

#define FEW_MEMBERS 48

/* Names whose first characters differ need no comparing: most of an object's do. */
static const cJSON *duplicate_name(const cJSON *object)
{
	uint64_t seen[4] = {0};
	size_t n = 0;

	for (const cJSON *child = object->child; child; child = child->next, n++) {
		const unsigned char *name = (const unsigned char *)child->string;
		unsigned hash = name[0] ? name[0] * 31U + name[1] * 7U + (name[1] && name[2] ? name[2] * 3U + name[3] : 0) : 0;
		uint64_t *word = &seen[hash / 64 % ARRAY_SIZE(seen)], bit = UINT64_C(1) << hash % 64;

		if (n == FEW_MEMBERS)
			break;
		if (*word & bit)
			for (const cJSON *other = object->child; other != child; other = other->next)
				if (strcmp(child->string, other->string) == 0)
					return child;
		*word |= bit;
	}
	if (n < FEW_MEMBERS)
		return NULL;
	for (const cJSON *child = object->child; child; child = child->next)
		n++;
	return duplicate_of_many(object, n - FEW_MEMBERS);
}

static const cJSON *find_duplicate(const cJSON *item)
{
	const cJSON *found = item->type == cJSON_Object && item->child ? duplicate_name(item) : NULL;

	for (const cJSON *child = item->child; child && !found; child = child->next)
		if (child->child)
			found = find_duplicate(child);
	return found;
}

/* The first byte that may not stand in a file, -1 when all may: as text_flaw, but the CR of CR LF line ends is white space in JSON. */
static ptrdiff_t file_flaw(const char *text, size_t length, const char **why)
{
	for (size_t from = 0; from < length;) {
		ptrdiff_t flaw = text_flaw(text + from, length - from, why);

		if (flaw < 0)
			break;
		from += (size_t)flaw;
		if (text[from] != '\r')
			return (ptrdiff_t)from;
		from++;
	}
	return -1;
}

int json_parse(struct json_document *doc, const char *text, size_t length, const char *origin, struct ticket_error *err)
{
	const char *end = NULL, *why;
	const cJSON *duplicate;
	ptrdiff_t flaw;

	*doc = (struct json_document){.origin = origin, .text = text, .length = length};
	if ((flaw = file_flaw(text, length, &why)) >= 0)
		return ticket_fail(err, TICKET_USAGE, "%s:%zu: byte %td is %s", origin, line_at(text, (size_t)flaw), flaw + 1, _(why));
	if (check_raw(doc, err))
		return err ? err->code : TICKET_USAGE;
	pthread_once(&hooks_once, set_hooks);
	parsing = doc;
	doc->root = (struct json *)cJSON_ParseWithLengthOpts(text, length, &end, false);
	parsing = NULL;
	if (!doc->root) {
		json_release(doc);
		if (length == 0)
			return ticket_fail(err, TICKET_USAGE, "%s:%d: not JSON: the file is empty", origin, 1);
		if (end && (size_t)(end - text) >= length)
			return ticket_fail(err, TICKET_USAGE, "%s:%zu: not JSON: the text ends too early", origin, line_at(text, (size_t)(end - text)));
		return ticket_fail(err, TICKET_USAGE, "%s:%zu: not JSON", origin, line_at(text, end ? (size_t)(end - text) : 0));
	}
	while ((size_t)(end - text) < length && isspace((unsigned char)*end))
		end++;
	if ((size_t)(end - text) < length)
		ticket_fail(err, TICKET_USAGE, "%s:%zu: something stands behind the JSON value", origin, line_at(text, (size_t)(end - text)));
	else if ((duplicate = find_duplicate((const cJSON *)doc->root)))
		ticket_fail(err, TICKET_USAGE, "%s: the name '%s' stands twice in one object", origin, duplicate->string);
	else
		return 0;
	json_release(doc);
	return TICKET_USAGE;
}

void json_release(struct json_document *doc)
{
	while (doc->blocks) {
		struct block *block = doc->blocks;

		doc->blocks = block->next;
		free(block);
	}
	doc->root = NULL;
}

/* --- reading --------------------------------------------------------------------------------------------------- */

enum json_type json_type(const struct json *node)
{
	switch (as_cjson(node)->type & 0xff) {
	case cJSON_False:
		return JSON_FALSE;
	case cJSON_True:
		return JSON_TRUE;
	case cJSON_Number:
		return JSON_NUMBER;
	case cJSON_String:
		return JSON_STRING;
	case cJSON_Array:
		return JSON_ARRAY;
	case cJSON_Object:
		return JSON_OBJECT;
	default:
		return JSON_NULL;
	}
}

const char *json_type_name(const struct json *node)
{
	static const char *const names[] = {"null", "false", "true", N_("a number"), N_("a string"), N_("an array"), N_("an object")};

	return _(names[json_type(node)]);
}

const struct json *json_first(const struct json *node)
{
	return as_node(as_cjson(node)->child);
}

const struct json *json_next(const struct json *node)
{
	return as_node(as_cjson(node)->next);
}

const char *json_name(const struct json *node)
{
	return as_cjson(node)->string;
}

const char *json_string(const struct json *node)
{
	return as_cjson(node)->valuestring;
}

double json_number(const struct json *node)
{
	return as_cjson(node)->valuedouble;
}

const struct json *json_member(const struct json *object, const char *name)
{
	for (const struct json *member = json_first(object); member; member = json_next(member))
		if (json_name(member) && strcmp(json_name(member), name) == 0)
			return member;
	return NULL;
}

char *json_text(const struct json *node)
{
	char *printed = cJSON_PrintUnformatted(as_cjson(node));

	if (!printed) /* cJSON fails only when memory is out */
		abort();
	return printed;
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
	return p ? line_at(doc->text, (size_t)(p - doc->text)) : 0;
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
