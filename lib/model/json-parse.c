/* SPDX-License-Identifier: MIT */
/*
 * Parsing JSON: see json.h. Every run of the program reads its policy, and a rebuild of the index each ticket, so
 * the text is read once, character by character, into nodes that lie together; strings stay where they stand in a copy
 * of the text, with their escapes undone in place. What is wrong with a text is found out only when it cannot be read.
 */
#include "model/json.h"

#include "ticket/text.h"

#include <endian.h>

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
		/* The first holds a copy of the text and, for texts like ours, all of its nodes. */
		room = block ? block->room * 2 : doc->length * 4 + 1024;
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
						   json_line_at(doc->text, (size_t)(nul - doc->text)));
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

/* Why the text could not be read; 'at' is where the reader gave up. */
static int say_why(const struct json_document *doc, size_t at, struct ticket_error *err)
{
	const char *why;
	ptrdiff_t flaw = file_flaw(doc->text, doc->length, &why);

	if (flaw >= 0)
		return ticket_fail(err, TICKET_USAGE, "%s:%zu: byte %td is %s", doc->origin, json_line_at(doc->text, (size_t)flaw), flaw + 1, why);
	if (check_raw(doc, err))
		return TICKET_USAGE;
	return ticket_fail(err, TICKET_USAGE, "%s:%zu: not JSON%s", doc->origin, json_line_at(doc->text, at),
			   doc->length == 0 ? ": the file is empty" : at >= doc->length ? ": the text ends too early" : "");
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

/* --- parsing --------------------------------------------------------------------------------------------------- */

/* 'p' goes through a copy of the text that ends with a NUL; where reading fails, it stays. */
struct parser {
	struct json_document *doc;
	char *p, *end;
	size_t depth;
	const char *twice; /* a name that stands twice in its object */
};

static bool parse_value(struct parser *in, struct json *node);

static void skip_blank(struct parser *in)
{
	while (*in->p == ' ' || *in->p == '\n' || *in->p == '\t' || *in->p == '\r')
		in->p++;
}

static bool is_plain(char c)
{
	return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7f && c != '"' && c != '\\';
}

/* How many of eight bytes are plain text before one that is not: a quote, a backslash, a control, or not ASCII. */
static size_t plain_bytes(const char *p)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	uint64_t word, quote, escape, odd;

	memcpy(&word, p, sizeof(word));
	word = le64toh(word);
	quote = word ^ each * '"';
	escape = word ^ each * '\\';
	/* The lowest bit set is right; those above it may come from a borrow or a carry. */
	odd = (((quote - each) & ~quote) | ((escape - each) & ~escape) | word | (word - each * 0x20) | (word + each)) & each * 0x80;
	return odd ? (size_t)__builtin_ctzll(odd) / 8 : sizeof(word);
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits at 'p'; -1: they are none. */
static int32_t four_digits(const char *p)
{
	int32_t value = 0;

	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(p[i]);

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

static char *put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
	} else if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
		*to++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*to++ = (char)(0xe0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	} else {
		*to++ = (char)(0xf0 | c >> 18);
		*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	}
	return to;
}

/* \uXXXX, or two of them that are one character; NUL is refused, and half a pair. */
static bool undo_unicode(struct parser *in, char **to)
{
	int32_t c = four_digits(in->p + 2), low;

	if (c <= 0 || (c >= 0xdc00 && c <= 0xdfff))
		return false;
	if (c >= 0xd800 && c <= 0xdbff) {
		low = in->p[6] == '\\' && in->p[7] == 'u' ? four_digits(in->p + 8) : -1;
		if (low < 0xdc00 || low > 0xdfff)
			return false;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		in->p += 6;
	}
	*to = put_utf8(*to, (uint32_t)c);
	in->p += 6;
	return true;
}

/* The escape at in->p; what it stands for goes to '*to', which is never ahead of it. */
static bool undo_escape(struct parser *in, char **to)
{
	static const char escapes[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (in->p[1] == 'u')
		return undo_unicode(in, to);
	found = in->p[1] ? strchr(escapes, in->p[1]) : NULL;
	if (!found)
		return false;
	*(*to)++ = meant[found - escapes];
	in->p += 2;
	return true;
}

/* Three bytes from U+1000 on that are no surrogate: nothing there is a control character. */
static bool is_three(const char *p)
{
	const unsigned char *c = (const unsigned char *)p;

	return c[0] >= 0xe1 && c[0] <= 0xef && c[0] != 0xed && (c[1] & 0xc0) == 0x80 && (c[2] & 0xc0) == 0x80;
}

/* Goes over what may stand in a text: to a quote, a backslash, or what may not. Most texts are ASCII, or ideographs. */
static char *skip_text(char *p, const char *end)
{
	for (;;) {
		size_t n = 0;

		while (end - p >= 8 && (n = plain_bytes(p)) == 8)
			p += 8;
		if (end - p >= 8)
			p += n;
		else
			while (is_plain(*p))
				p++;
		while (is_three(p))
			p += 3;
		if (is_plain(*p))
			continue;
		if ((unsigned char)*p >= 0x80) {
			n = (unsigned char)*p >= 0xf0 ? 4 : (unsigned char)*p >= 0xe0 ? 3 : 2;
			if (n > (size_t)(end - p) || text_flaw(p, n, NULL) >= 0)
				return p;
			p += n;
		} else if (*p == '\n' || *p == '\t' || *p == '\r') {
			p++;
		} else {
			return p;
		}
	}
}

/* The string whose opening quote is at in->p, made a C string in place. */
static char *parse_string(struct parser *in)
{
	char *start = ++in->p, *to = skip_text(start, in->end);

	in->p = to;
	while (*in->p == '\\') {
		char *from;

		if (!undo_escape(in, &to))
			return NULL;
		from = in->p;
		in->p = skip_text(from, in->end);
		memmove(to, from, (size_t)(in->p - from));
		to += in->p - from;
	}
	if (*in->p != '"')
		return NULL;
	*to = '\0';
	in->p++;
	return start;
}

static char *skip_digits(char *p)
{
	while (*p >= '0' && *p <= '9')
		p++;
	return p;
}

/* Kept as it is written; what stands behind it ends it. */
static bool parse_number(struct parser *in, struct json *node)
{
	char *p = in->p + (*in->p == '-'), *digits = p;

	p = skip_digits(p);
	if (p == digits || (*digits == '0' && p > digits + 1))
		return false;
	if (*p == '.') {
		digits = p + 1;
		if ((p = skip_digits(digits)) == digits)
			return false;
	}
	if (*p == 'e' || *p == 'E') {
		digits = p + 1 + (p[1] == '+' || p[1] == '-');
		if ((p = skip_digits(digits)) == digits)
			return false;
	}
	node->type = JSON_NUMBER;
	node->text = in->p;
	in->p = p;
	return true;
}

/* Behind an element or a member: a comma, true, or the end. False with '*failed' set where neither stands. */
static bool another(struct parser *in, char closing, bool *failed)
{
	bool more;

	skip_blank(in);
	more = *in->p == ',';
	*failed = !more && *in->p != closing;
	in->p += !*failed;
	if (more)
		skip_blank(in);
	return more;
}

static bool parse_members(struct parser *in, struct json *node)
{
	const struct json **slot = &node->first;
	bool failed = false;

	do {
		struct json *member = json_room(in->doc, sizeof(*member));

		*member = (struct json){0};
		if (*in->p != '"' || !(member->name = parse_string(in)))
			return false;
		skip_blank(in);
		if (*in->p != ':')
			return false;
		in->p++;
		skip_blank(in);
		if (!parse_value(in, member))
			return false;
		*slot = member;
		slot = &member->next;
	} while (another(in, '}', &failed));
	if (!in->twice)
		in->twice = name_twice(node->first);
	return !failed;
}

static bool parse_elements(struct parser *in, struct json *node)
{
	const struct json **slot = &node->first;
	bool failed = false;

	do {
		struct json *element = json_room(in->doc, sizeof(*element));

		*element = (struct json){0};
		if (!parse_value(in, element))
			return false;
		*slot = element;
		slot = &element->next;
	} while (another(in, ']', &failed));
	return !failed;
}

static bool parse_container(struct parser *in, struct json *node)
{
	bool object = *in->p == '{', done;

	if (++in->depth > DEEPEST)
		return false;
	node->type = object ? JSON_OBJECT : JSON_ARRAY;
	node->first = NULL;
	in->p++;
	skip_blank(in);
	if (*in->p == (object ? '}' : ']')) {
		in->p++;
		done = true;
	} else {
		done = object ? parse_members(in, node) : parse_elements(in, node);
	}
	in->depth--;
	return done;
}

static bool parse_word(struct parser *in, struct json *node, const char *word, enum json_type type)
{
	if (!text_starts(in->p, word))
		return false;
	node->type = type;
	in->p += strlen(word);
	return true;
}

static bool parse_value(struct parser *in, struct json *node)
{
	switch (*in->p) {
	case '"':
		node->type = JSON_STRING;
		return (node->text = parse_string(in)) != NULL;
	case '{':
	case '[':
		return parse_container(in, node);
	case 't':
		return parse_word(in, node, "true", JSON_TRUE);
	case 'f':
		return parse_word(in, node, "false", JSON_FALSE);
	case 'n':
		return parse_word(in, node, "null", JSON_NULL);
	default:
		return parse_number(in, node);
	}
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
	struct parser in = {.doc = doc};
	struct json *root;
	size_t at;
	char *copy;
	bool done;

	*doc = (struct json_document){.origin = origin, .text = text, .length = length, .spare = doc->spare};
	copy = json_room(doc, length + 1);
	memcpy(copy, text, length);
	copy[length] = '\0';
	root = json_room(doc, sizeof(*root));
	*root = (struct json){0};
	in.p = copy;
	in.end = copy + length;
	if (text_starts(copy, "\xef\xbb\xbf")) /* some editors put this mark before UTF-8 */
		in.p += 3;
	skip_blank(&in);
	done = parse_value(&in, root);
	if (done)
		skip_blank(&in);
	at = (size_t)(in.p - copy);
	doc->root = root;
	if (!done)
		say_why(doc, at, err);
	else if (at < length)
		ticket_fail(err, TICKET_USAGE, "%s:%zu: something stands behind the JSON value", origin, json_line_at(text, at));
	else if (in.twice)
		ticket_fail(err, TICKET_USAGE, "%s: the name '%s' stands twice in one object", origin, in.twice);
	else
		return 0;
	return TICKET_USAGE;
}
