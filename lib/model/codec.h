/* SPDX-License-Identifier: MIT */
/*
 * Codecs: a struct is described once, as a table of its members, and from that table come reading it out of JSON with
 * errors that name file, line and key path, writing it in fixed key order, copying, comparing and releasing it.
 */
#ifndef MODEL_CODEC_H
#define MODEL_CODEC_H

#include "model/json.h"
#include "ticket/time.h"

enum codec_type {
	CODEC_TEXT,     /* char *: a string */
	CODEC_TEXTS,    /* struct texts: an array of strings */
	CODEC_INT,      /* int64_t: an integer up to 2^53 */
	CODEC_NUMBER,   /* double */
	CODEC_FLAG,     /* bool: absent is false */
	CODEC_TIME,     /* struct stamp: RFC 3339 */
	CODEC_DURATION, /* struct duration: "15m", "3bd" */
	CODEC_ENUM,     /* int: one of 'words'; the first word is the absent value and is never written */
	CODEC_OBJECT,   /* a nested struct of codec 'sub'; written only when any of its members is */
	CODEC_LIST,     /* LIST(struct …): an array of objects of codec 'sub' */
	CODEC_MAP,      /* LIST(struct …): an object; each member becomes one item of codec 'sub', its name in the field
	                   flagged CODEC_KEY; the value is an object, or the one field flagged CODEC_VALUE */
	CODEC_CUSTOM,   /* anything else, by 'custom' */
};

enum codec_flag {
	CODEC_REQUIRED = 1, /* absent or empty is an error when reading */
	CODEC_KEY = 2,
	CODEC_VALUE = 4,
	CODEC_ROWS = 8,     /* each element of the list stands compact on a line of its own */
	CODEC_NOEMPTY = 16, /* given, but empty, is an error */
};

struct codec_reading;
struct codec_custom {
	int (*read)(void *member, const struct json *node, struct codec_reading *in, struct ticket_error *err);
	void (*write)(struct buf *out, const void *member); /* compact JSON; only called when 'present' */
	bool (*present)(const void *member);
	void (*release)(void *member);
	void (*copy)(void *to, const void *from); /* 'to' is zeroed */
};

struct codec_field {
	const char *key;
	enum codec_type type;
	size_t offset;
	unsigned flags;
	const struct codec *sub;          /* OBJECT, LIST, MAP */
	const char *const *words;         /* ENUM: NULL-terminated */
	const struct codec_custom *custom;
};

struct codec {
	const char *noun; /* "ticket": for messages */
	size_t size;      /* of the struct */
	const struct codec_field *fields; /* in the order they are written; ends with key NULL */
	int format;       /* 0, or what an int64_t member "format" may be at most */
	ptrdiff_t extra;  /* offset of a char * that keeps unknown members as JSON text; -1: unknown members are refused */
	/* Checks what a table cannot say, once all members are read; uses codec_fail. May be NULL. */
	int (*check)(void *object, struct codec_reading *in, struct ticket_error *err);
};

/* Where reading stands: the document and the place of the value at hand. */
struct codec_place;
struct codec_reading {
	const struct json_document *doc;
	struct json_document *borrows; /* NULL: what is read is copied; else it lies in this document */
	const struct codec_place *place;
	uint64_t given; /* for 'check': a bit for each of the first 64 fields that stand in the object, empty or not */
};

/* An error at the value at hand, or (key not NULL) at its member: "policy/policy.json:12: targets[3].within: …". */
int codec_fail(struct codec_reading *in, const char *key, struct ticket_error *err, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* 'object' must be zeroed; on failure it is released. A file of a newer format gives TICKET_STORAGE, else TICKET_USAGE. */
int codec_read(const struct codec *codec, void *object, const char *text, size_t length, const char *origin, struct ticket_error *err);
/*
 * Reads for looking only: all texts and lists lie in 'doc' (see json_parse_next), and giving that up is all there is to
 * release, also after a failure; members that are not known are left out. 'text' and 'origin' need not outlive the call.
 * Codecs with CUSTOM members cannot be viewed.
 */
int codec_view(const struct codec *codec, void *object, struct json_document *doc, const char *text, size_t length, const char *origin,
	       struct ticket_error *err);
/* The same from a node of a parsed document. */
int codec_read_node(const struct codec *codec, void *object, const struct json *node, struct codec_reading *in, struct ticket_error *err);

/*
 * The object as bytes, for the same program to read again sooner than it reads the text: no way to keep anything for good.
 * Codecs with TIME or CUSTOM members cannot be packed.
 */
void codec_pack(const struct codec *codec, const void *object, struct buf *out);
/*
 * Reads such bytes into a zeroed object, for looking only, as codec_view does. False when they are not whole, or of other
 * tables: then the object is of no use. What only the codec's 'check' would find is taken as it was packed.
 */
bool codec_unpack(const struct codec *codec, void *object, struct json_document *doc, const char *bytes, size_t n);

/* Pretty text with a final newline: top-level members on lines of their own, deeper values compact but for CODEC_ROWS. */
void codec_write(const struct codec *codec, const void *object, struct buf *out);
/* The same object compact on one line, without newline. */
void codec_write_compact(const struct codec *codec, const void *object, struct buf *out);

void codec_release(const struct codec *codec, void *object);
void codec_copy(const struct codec *codec, void *to, const void *from); /* 'to' is zeroed; deep */
bool codec_equal(const struct codec *codec, const void *a, const void *b);

/* Looks at every text in the object: TICKET_USAGE names the member that holds what may not be stored (text_flaw). */
int codec_check_texts(const struct codec *codec, const void *object, struct ticket_error *err);

/* One member by its key: NULL when the codec has no such field. */
const struct codec_field *codec_field(const struct codec *codec, const char *key);
/* One member as text: strings as they are, lists joined by commas, times RFC 3339, others as JSON; "" when absent. Owned. */
char *codec_member_text(const struct codec_field *field, const void *object);
/* Is that text other than ""? */
bool codec_member_filled(const struct codec_field *field, const void *object);
/* Sets one scalar or list member from such text. TICKET_USAGE says what would be right. OBJECT, LIST, MAP are refused. */
int codec_member_set(const struct codec_field *field, void *object, const char *text, struct ticket_error *err);
void codec_member_clear(const struct codec_field *field, void *object);
bool codec_member_present(const struct codec_field *field, const void *object);

/* --- the files of the codec share these -------------------------------------------------------------------------- */

/* const is given back by the typed callers. */
static inline void *member_at(const void *object, const struct codec_field *field)
{
	return (char *)object + field->offset;
}
static inline void *item_at(const struct any_list *list, size_t i, const struct codec *sub)
{
	return (char *)list->v + i * sub->size;
}
/* The field with a flag, or NULL. */
const struct codec_field *codec_flagged(const struct codec *codec, unsigned flag);
/* Appends one member's value as compact JSON. */
void codec_write_member(const struct codec_field *field, const void *object, struct buf *out);

#define CODEC_END {NULL, CODEC_TEXT, 0, 0, NULL, NULL, NULL}
#define FIELD(kind, type, key, member, flags) {key, CODEC_##kind, offsetof(type, member), flags, NULL, NULL, NULL}
#define FIELD_SUB(kind, type, key, member, flags, sub) {key, CODEC_##kind, offsetof(type, member), flags, sub, NULL, NULL}
#define FIELD_ENUM(type, key, member, flags, words) {key, CODEC_ENUM, offsetof(type, member), flags, NULL, words, NULL}
#define FIELD_CUSTOM(type, key, member, flags, custom) {key, CODEC_CUSTOM, offsetof(type, member), flags, NULL, NULL, custom}

#endif
