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
	size_t room;
	char bytes[] __attribute__((aligned(8)));
};

/* Kept apart, so that the short way of json_room is one without a stack frame: a parse goes it for each node. */
static __attribute__((noinline)) void *room_in_new_block(struct json_document *doc, size_t size)
{
	struct block *block = doc->blocks;
	/* For texts like ours the first holds everything. */
	size_t room = block ? block->room * 2 : doc->length * 16 + 1024;

	room = room > 1 << 20 ? 1 << 20 : room;
	room = room < size ? size : room;
	if (doc->spare && doc->spare->room >= room) {
		block = doc->spare;
		room = block->room;
		doc->spare = NULL;
	} else {
		block = xmalloc(sizeof(*block) + room);
	}
	*block = (struct block){doc->blocks, room};
	doc->blocks = block;
	doc->room = block->bytes + size;
	doc->left = room - size;
	return block->bytes;
}

void *json_room(struct json_document *doc, size_t size)
{
	size = (size + 7) & ~(size_t)7;
	if (doc->left < size)
		return room_in_new_block(doc, size);
	doc->room += size;
	doc->left -= size;
	return doc->room - size;
}

#define SPARE_MOST (256 << 10)

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

/* --- the skeleton ---------------------------------------------------------------------------------------------- */

/*
 * cJSON takes every byte of a string into its hand several times. What it gets to read is therefore the skeleton of a text:
 * without the strings that hold no escape, and without white space where none is needed. Of a name there is "" left, of any other
 * string null, which cJSON knows fastest. A name is what a colon follows, so what is left may stand where the string may and
 * nowhere else: if the skeleton is JSON, so is the text. The strings lie in a copy of the text and are put back in their order.
 */
struct skeleton {
	char *text;
	size_t length;
	const char **strings; /* for each "" and each null of the skeleton what stood there; NULL: null */
};

#define BEHIND 16 /* bytes behind the copy, where eight are read at once: quotes, which end any string */

/* The first quote or backslash. Borrows can only make a byte behind it look like one. */
static char *quote_or_escape(char *p)
{
	const uint64_t each = UINT64_C(0x0101010101010101);

	for (;; p += 8) {
		uint64_t word, hits;

		memcpy(&word, p, sizeof(word));
		word = le64toh(word);
		hits = (((word ^ each * '"') - each) | ((word ^ each * '\\') - each)) & ~word & each * 0x80;
		if (hits)
			return p + __builtin_ctzll(hits) / 8;
	}
}

static bool is_hex(const char *p, size_t n)
{
	while (n && isxdigit((unsigned char)*p++))
		n--;
	return n == 0;
}

/*
 * The closing quote of a string, from its first escape at 'p' on; NULL after an error for an escape that would cut a C
 * string: of one without its four digits, too, cJSON makes a NUL.
 */
static char *escaped_end(const struct json_document *doc, const char *copy, char *p, struct ticket_error *err)
{
	for (; *p == '\\'; p = quote_or_escape(p + 2)) {
		size_t at = (size_t)(p - copy);

		if (p[1] != 'u' || doc->length - at < 6)
			continue;
		if (!is_hex(p + 2, 4))
			ticket_fail(err, TICKET_USAGE, "%s:%zu: not JSON", doc->origin, json_line_at(doc->text, at));
		else if (memcmp(p + 2, "0000", 4) == 0)
			ticket_fail(err, TICKET_USAGE, "%s:%zu: a text holds a NUL character (\\u0000), which is not allowed", doc->origin, json_line_at(doc->text, at));
		else
			continue;
		return NULL;
	}
	return p;
}

/* The last byte of the white space behind 'p'. */
static char *skip_space(char *p)
{
	while (p[1] == ' ' || p[1] == '\n' || p[1] == '\r' || p[1] == '\t')
		p++;
	return p;
}

/* One pass over the raw text, which also finds what cJSON would let pass: depth, and the escapes of NUL. */
static int make_skeleton(struct skeleton *out, struct json_document *doc, struct ticket_error *err)
{
	char *copy = json_room(doc, doc->length + BEHIND), *end = copy + doc->length, *from;
	char *to = out->text = json_room(doc, doc->length * 2);
	const char **string = out->strings = json_room(doc, (doc->length / 2 + 1) * sizeof(*string));
	size_t depth = 0;

	memcpy(copy, doc->text, doc->length);
	memset(end, '"', BEHIND);
	for (char *p = copy; p < end; p++) {
		switch (*p) {
		case '"':
			from = p;
			p = quote_or_escape(p + 1);
			if (*p == '"' && p < end) {
				*string++ = from + 1;
				*p = '\0';
				p = skip_space(p);
				if (p[1] == ':') {
					to = mempcpy(to, "\"\":", 3);
					p = skip_space(p + 1);
				} else {
					to = mempcpy(to, "null", 4);
				}
			} else {
				if (!(p = escaped_end(doc, copy, p, err)))
					return TICKET_USAGE;
				to = mempcpy(to, from, (size_t)((p < end ? p + 1 : end) - from));
			}
			continue;
		case '{':
		case '[':
			if (++depth > DEEPEST)
				return ticket_fail(err, TICKET_USAGE, "%s:%zu: nested deeper than %d levels", doc->origin, json_line_at(doc->text, (size_t)(p - copy)), DEEPEST);
			break;
		case '}':
		case ']':
			depth -= depth > 0;
			break;
		case ',':
		case ':':
			break;
		case 'n':
			if (memcmp(p, "null", 4) == 0)
				*string++ = NULL;
			*to++ = *p;
			continue;
		default:
			*to++ = *p;
			continue;
		}
		/* Nothing is joined to one of these that white space keeps from it. */
		*to++ = *p;
		p = skip_space(p);
	}
	out->length = (size_t)(to - out->text);
	return 0;
}

/* --- names that stand twice ------------------------------------------------------------------------------------ */

static int compare_names(const void *a, const void *b)
{
	return strcmp((*(const struct json *const *)a)->name, (*(const struct json *const *)b)->name);
}

/* Sorted, so that a hostile file with very many members costs no more than sorting them. */
static const char *twice_of_many(const struct json *members, size_t count)
{
	_cleanup_free_ const struct json **sorted = xcalloc(count, sizeof(*sorted));

	for (size_t i = 0; i < count; i++)
		sorted[i] = &members[i];
	qsort(sorted, count, sizeof(*sorted), compare_names);
	for (size_t i = 1; i < count; i++)
		if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
			return sorted[i]->name;
	return NULL;
}

#define FEW_MEMBERS 48

static bool stands_before(const struct json *members, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (members[i].name[0] == members[at].name[0] && strcmp(members[i].name, members[at].name) == 0)
			return true;
	return false;
}

/* Names whose hashes differ need no comparing: nearly all of an object's do. Only so many clashes are worth not sorting. */
static const char *name_twice(const struct json *members, size_t count)
{
	uint64_t seen[16] = {0};
	size_t clashes = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t hash = 0;
		uint64_t *word, bit;

		for (const char *c = members[i].name; *c; c++)
			hash = (hash + (unsigned char)*c) * 0x9e3779b1;
		word = &seen[hash >> 28];
		bit = UINT64_C(1) << (hash >> 22 & 63);
		if (!(*word & bit))
			*word |= bit;
		else if (i < FEW_MEMBERS && stands_before(members, i))
			return members[i].name;
		else if (i >= FEW_MEMBERS && (clashes++ == FEW_MEMBERS || stands_before(members, i)))
			return twice_of_many(members, count);
	}
	return NULL;
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

/* The making of our tree from cJSON's. */
struct taking {
	struct json_document *doc;
	const char **strings; /* the next of the skeleton's; NULL: it was the text itself that was parsed */
	const char *twice;    /* a name that stands twice in its object */
};

/* The next that the skeleton left out. NULL: that is a null, or the text was parsed as it stands. */
static const char *left_out(struct taking *taking)
{
	return taking->strings ? *taking->strings++ : NULL;
}

static void take_value(struct taking *taking, struct json *node, const cJSON *item);

static void take_children(struct taking *taking, struct json *node, const cJSON *first)
{
	struct json *child;
	size_t count = 0;

	for (const cJSON *item = first; item; item = item->next)
		count++;
	child = count ? json_room(taking->doc, count * sizeof(*child)) : NULL;
	node->first = child;
	for (const cJSON *item = first; item; item = item->next, child++) {
		child->next = item->next ? child + 1 : NULL;
		child->name = item->string;
		if (child->name && !*child->name && taking->strings)
			child->name = left_out(taking);
		take_value(taking, child, item);
	}
	if (node->type == JSON_OBJECT && !taking->twice)
		taking->twice = name_twice(node->first, count);
}

static void take_value(struct taking *taking, struct json *node, const cJSON *item)
{
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
		node->type = JSON_ARRAY;
		take_children(taking, node, item->child);
		return;
	case cJSON_Object:
		node->type = JSON_OBJECT;
		take_children(taking, node, item->child);
		return;
	default:
		node->text = left_out(taking);
		node->type = node->text ? JSON_STRING : JSON_NULL;
	}
}

/* '*end' is where cJSON stopped, behind the white space there. */
static cJSON *parse_text(struct json_document *doc, const char *text, size_t length, const char **end)
{
	cJSON *parsed;

	pthread_once(&hooks_once, set_hooks);
	parsing = doc;
	parsed = cJSON_ParseWithLengthOpts(text, length, end, false);
	parsing = NULL;
	while (parsed && *end < text + length && isspace((unsigned char)**end))
		(*end)++;
	return parsed;
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
	struct taking taking = {.doc = doc};
	const char *end = NULL, *why;
	struct skeleton skeleton = {0};
	struct json *root;
	ptrdiff_t flaw;
	cJSON *parsed;

	*doc = (struct json_document){.origin = origin, .text = text, .length = length, .spare = doc->spare};
	if ((flaw = file_flaw(text, length, &why)) >= 0)
		return ticket_fail(err, TICKET_USAGE, "%s:%zu: byte %td is %s", origin, json_line_at(text, (size_t)flaw), flaw + 1, _(why));
	if (make_skeleton(&skeleton, doc, err))
		return TICKET_USAGE;
	parsed = parse_text(doc, skeleton.text, skeleton.length, &end);
	if (parsed && end == skeleton.text + skeleton.length) {
		taking.strings = skeleton.strings;
	} else {
		/* Once more as it stands: where cJSON stops is now a place in the text. */
		parsed = parse_text(doc, text, length, &end);
		if (!parsed)
			return fail_at(doc, end, err);
		if (end < text + length)
			return ticket_fail(err, TICKET_USAGE, "%s:%zu: something stands behind the JSON value", origin, json_line_at(text, (size_t)(end - text)));
	}
	root = json_room(doc, sizeof(*root));
	*root = (struct json){0};
	take_value(&taking, root, parsed);
	doc->root = root;
	return taking.twice ? ticket_fail(err, TICKET_USAGE, "%s: the name '%s' stands twice in one object", origin, taking.twice) : 0;
}
