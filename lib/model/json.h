/* SPDX-License-Identifier: MIT */
/* JSON trees for the codecs, and a writer of JSON text. */
#ifndef MODEL_JSON_H
#define MODEL_JSON_H

#include "ticket/buf.h"
#include "ticket/error.h"

/* A parsed document; nodes and their texts are borrowed from it. */
struct json;
struct block;
struct json_document {
	struct json *root;
	struct block *blocks; /* its memory */
	struct block *spare;  /* memory of the one before it, see json_forget */
	char *room;           /* what is left of the newest block */
	size_t left;
	const char *origin; /* borrowed: what errors call it, a file's path */
	const char *text;   /* borrowed: for finding lines */
	size_t length;
};

enum json_type { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/*
 * Parses one value. Refused with TICKET_USAGE and "ORIGIN:LINE: …": text that is not UTF-8, NUL (also as \u0000),
 * a name twice in one object, nesting over 64 levels, anything behind the value. 'origin' and 'text' must outlive 'doc'.
 */
int json_parse(struct json_document *doc, const char *text, size_t length, const char *origin, struct ticket_error *err);
void json_release(struct json_document *doc);
/* For many documents one after another: gives the document up but keeps some of its memory for the next json_parse_next. */
void json_forget(struct json_document *doc);
/* Like json_parse for a document that is zeroed or was given up by json_forget. On failure json_release is still needed. */
int json_parse_next(struct json_document *doc, const char *text, size_t length, const char *origin, struct ticket_error *err);
/* Memory that lives as long as the document. */
void *json_room(struct json_document *doc, size_t size);

/* One value; read it by the functions below. */
struct json {
	const struct json *next;
	const char *name;
	union {
		const struct json *first; /* of arrays and objects */
		const char *text;         /* of strings */
		double number;
	};
	enum json_type type;
};

static inline enum json_type json_type(const struct json *node)
{
	return node->type;
}
static inline const struct json *json_first(const struct json *node) /* first element or member, or NULL */
{
	return node->type == JSON_ARRAY || node->type == JSON_OBJECT ? node->first : NULL;
}
static inline const struct json *json_next(const struct json *node)
{
	return node->next;
}
static inline const char *json_name(const struct json *node) /* a member's name */
{
	return node->name;
}
static inline const char *json_string(const struct json *node) /* only of a JSON_STRING */
{
	return node->text;
}
static inline double json_number(const struct json *node) /* only of a JSON_NUMBER; what is too large for one is infinite */
{
	return node->number;
}
const char *json_type_name(const struct json *node); /* "a string", "an object", … */
const struct json *json_member(const struct json *object, const char *name); /* exact case; NULL when absent */
char *json_text(const struct json *node);         /* owned compact JSON of the node */

/* The line (from 1) at which the value at a key path such as "targets[3].within" begins; 0 when there is none. */
size_t json_line(const struct json_document *doc, const char *path);
/* The line (from 1) of a place in a text. */
size_t json_line_at(const char *text, size_t offset);

/* Appends a JSON string literal; control characters and U+2028/2029 are escaped, other UTF-8 is kept. */
void json_quote(struct buf *out, const char *text);
void json_quote_n(struct buf *out, const char *text, size_t length);

#endif
