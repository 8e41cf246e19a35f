/* SPDX-License-Identifier: MIT */
/*
 * Parsing JSON: see json.h. The one file that knows cJSON. It reads the text; what it would let pass is looked for before
 * and after. All of a document, cJSON's nodes included, lies in blocks that are freed together or used again: every run
 * of the program reads its policy, and a rebuild of the index each ticket.
 */
#include "model/json.h"

#include "ticket/language.h"
#include "ticket/text.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <pthread.h>

#define DEEPEST 64

/* --- memory ---------------------------------------------------------------------------------------------------- */

/* A document lives and dies as a whole: all of it comes out of blocks that are freed together. */
struct block {
	struct block *next;
	size_t used, room;
	char bytes[] __attribute__((aligned(16)));
};

void *json_room(struct json_document *doc, size_t size)
{
	struct block *block = doc->blocks;
	size_t room;

	size = (size + 15) & ~(size_t)15;
	if (!block || block->room - block->used < size) {
		/* For texts like ours the first holds everything. */
		room = block ? block->room * 2 : doc->length * 6 + 1024;
		room = room > 1 << 20 ? 1 << 20 : room;
		room = room < size ? size : room;
		if (doc->spare && doc->spare->room >= room) {
			block = doc->spare;
			room = block->room;
			doc->spare = NULL;
		} else {
			block = xmalloc(sizeof(*block) + room);
		}
		*block = (struct block){doc->blocks, 0, room};
		doc->blocks = block;
	}
	block->used += size;
	return block->bytes + block->used - size;
}

#define SPARE_MOST (64 << 10)

void json_forget(struct json_document *doc)
{
	struct block *block = doc->blocks, *keep = doc->spare;

	if (block && !block->next && block->room <= SPARE_MOST && (!keep || keep->room < block->room)) {
		free(keep);
		keep = block;
		doc->blocks = NULL;
	}
	doc->spare = NULL;
	json_release(doc);
	doc->spare = keep;
}

void json_release(struct json_document *doc)
{
	free(doc->spare);
	doc->spare = NULL;
	while (doc->blocks) {
		struct block *block = doc->blocks;

		doc->blocks = block->next;
		free(block);
	}
	doc->root = NULL;
}

/* --- what is wrong --------------------------------------------------------------------------------------------- */

size_t json_line_at(const char *text, size_t offset)
{
	size_t line = 1;

	for (size_t i = 0; i < offset; i++)
		line += text[i] == '\n';
	return line;
}

static bool is_hex(const char *p, size_t n)
{
	while (n && isxdigit((unsigned char)*p++))
		n--;
	return n == 0;
}

/* The closing quote of the string whose text begins at 'p', 'end' where it has none; NULL where '*flaw' is an escape of NUL or of nothing. */
static const char *raw_string_end(const char *p, const char *end, const char **flaw)
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
		if (end - escape > 5 && escape[1] == 'u' && (memcmp(escape + 2, "0000", 4) == 0 || !is_hex(escape + 2, 4))) {
			*flaw = escape;
			return NULL;
		}
		p = end - escape > 2 ? escape + 2 : end;
	}
}

/* One pass over the raw text: depth, and the escapes that would cut a C string; of \\uXYZ_ cJSON makes a NUL as well. */
static int check_raw(const struct json_document *doc, struct ticket_error *err)
{
	const char *end = doc->text + doc->length, *flaw = NULL;
	size_t depth = 0;

	for (const char *p = doc->text; p < end; p++) {
		if (*p == '"') {
			p = raw_string_end(p + 1, end, &flaw);
			if (!p && !is_hex(flaw + 2, 4))
				return ticket_fail(err, TICKET_USAGE, "%s:%zu: not JSON", doc->origin, json_line_at(doc->text, (size_t)(flaw - doc->text)));
			if (!p)
				return ticket_fail(err, TICKET_USAGE, "%s:%zu: a text holds a NUL character (\\u0000), which is not allowed", doc->origin,
						   json_line_at(doc->text, (size_t)(flaw - doc->text)));
		} else if (*p == '{' || *p == '[') {
			if (++depth > DEEPEST)
				return ticket_fail(err, TICKET_USAGE, "%s:%zu: nested deeper than %d levels", doc->origin, json_line_at(doc->text, (size_t)(p - doc->text)), DEEPEST);
		} else if ((*p == '}' || *p == ']') && depth) {
			depth--;
		}
	}
	return 0;
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

/* --- names that stand twice ------------------------------------------------------------------------------------ */

static int compare_names(const void *a, const void *b)
{
	return strcmp((*(const struct json *const *)a)->name, (*(const struct json *const *)b)->name);
}

/* Sorted, so that a hostile file with very many members costs no more than sorting them. */
static const char *twice_of_many(const struct json *first, size_t n)
{
	_cleanup_free_ const struct json **sorted = xcalloc(n, sizeof(*sorted));
	size_t i = 0;

	for (const struct json *member = first; member; member = member->next)
		sorted[i++] = member;
	qsort(sorted, n, sizeof(*sorted), compare_names);
	for (i = 1; i < n; i++)
		if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
			return sorted[i]->name;
	return NULL;
}

#define FEW_MEMBERS 48

/* Names whose first characters differ need no comparing: most of an object's do. */
static const char *name_twice(const struct json *first)
{
	uint64_t seen[4] = {0};
	size_t n = 0;

	for (const struct json *member = first; member; member = member->next, n++) {
		const unsigned char *name = (const unsigned char *)member->name;
		unsigned hash = name[0] ? name[0] * 31U + name[1] * 7U + (name[1] && name[2] ? name[2] * 3U + name[3] : 0) : 0;
		uint64_t *word = &seen[hash / 64 % ARRAY_SIZE(seen)], bit = UINT64_C(1) << hash % 64;

		if (n == FEW_MEMBERS)
			break;
		if (*word & bit)
			for (const struct json *other = first; other != member; other = other->next)
				if (strcmp(member->name, other->name) == 0)
					return member->name;
		*word |= bit;
	}
	if (n < FEW_MEMBERS)
		return NULL;
	n = 0;
	for (const struct json *member = first; member; member = member->next)
		n++;
	return twice_of_many(first, n);
}

/* --- cJSON ----------------------------------------------------------------------------------------------------- */

/* The document that cJSON gets its memory from while it parses; NULL: malloc. */
static __thread struct json_document *parsing;

static void *take(size_t size)
{
	return parsing ? json_room(parsing, size) : malloc(size);
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

/* cJSON's tree as ours, whose texts it lends. '*twice' gets a name that stands twice in its object. */
static void take_over(struct json_document *doc, struct json *node, cJSON *item, const char **twice)
{
	const struct json **slot = &node->first;

	*node = (struct json){.name = item->string};
	switch (item->type & 0xff) {
	case cJSON_False:
		node->type = JSON_FALSE;
		return;
	case cJSON_True:
		node->type = JSON_TRUE;
		return;
	case cJSON_Number:
		node->type = JSON_NUMBER;
		node->number = item->valuedouble;
		return;
	case cJSON_String:
		node->type = JSON_STRING;
		node->text = item->valuestring;
		return;
	case cJSON_Array:
	case cJSON_Object:
		node->type = (item->type & 0xff) == cJSON_Array ? JSON_ARRAY : JSON_OBJECT;
		break;
	default:
		node->type = JSON_NULL;
		return;
	}
	for (cJSON *child = item->child; child; child = child->next) {
		struct json *next = json_room(doc, sizeof(*next));

		take_over(doc, next, child, twice);
		*slot = next;
		slot = &next->next;
	}
	if (node->type == JSON_OBJECT && !*twice)
		*twice = name_twice(node->first);
}

static int fail_at(const struct json_document *doc, const char *end, struct ticket_error *err)
{
	size_t at = end ? (size_t)(end - doc->text) : 0, rest = at;

	if (doc->length == 0)
		return ticket_fail(err, TICKET_USAGE, "%s:%d: not JSON: the file is empty", doc->origin, 1);
	/* Nothing is left but what a value would have to follow. */
	while (rest < doc->length && strchr(" \t\r\n,:{[", doc->text[rest]))
		rest++;
	if (end && rest >= doc->length)
		return ticket_fail(err, TICKET_USAGE, "%s:%zu: not JSON: the text ends too early", doc->origin, json_line_at(doc->text, rest));
	return ticket_fail(err, TICKET_USAGE, "%s:%zu: not JSON", doc->origin, json_line_at(doc->text, at));
}

int json_parse(struct json_document *doc, const char *text, size_t length, const char *origin, struct ticket_error *err)
{
	int failed;

	*doc = (struct json_document){0};
	if ((failed = json_parse_next(doc, text, length, origin, err)))
		json_release(doc);
	return failed;
}

int json_parse_next(struct json_document *doc, const char *text, size_t length, const char *origin, struct ticket_error *err)
{
	const char *end = NULL, *why, *twice = NULL;
	struct json *root;
	ptrdiff_t flaw;
	cJSON *parsed;

	*doc = (struct json_document){.origin = origin, .text = text, .length = length, .spare = doc->spare};
	if ((flaw = file_flaw(text, length, &why)) >= 0)
		return ticket_fail(err, TICKET_USAGE, "%s:%zu: byte %td is %s", origin, json_line_at(text, (size_t)flaw), flaw + 1, _(why));
	if (check_raw(doc, err))
		return TICKET_USAGE;
	pthread_once(&hooks_once, set_hooks);
	parsing = doc;
	parsed = cJSON_ParseWithLengthOpts(text, length, &end, false);
	parsing = NULL;
	if (!parsed)
		return fail_at(doc, end, err);
	while ((size_t)(end - text) < length && isspace((unsigned char)*end))
		end++;
	if ((size_t)(end - text) < length)
		return ticket_fail(err, TICKET_USAGE, "%s:%zu: something stands behind the JSON value", origin, json_line_at(text, (size_t)(end - text)));
	root = json_room(doc, sizeof(*root));
	take_over(doc, root, parsed, &twice);
	doc->root = root;
	return twice ? ticket_fail(err, TICKET_USAGE, "%s: the name '%s' stands twice in one object", origin, twice) : 0;
}
