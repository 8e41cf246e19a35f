/* SPDX-License-Identifier: MIT */
/* Codecs, reading: from JSON to a struct, with errors that name file, line and key path. */
#include "model/codec.h"

#include "ticket/text.h"
#include "ticket/language.h"

#include <math.h>
#include <stdarg.h>

#define LARGEST_INT 9007199254740992.0 /* 2^53: what a JSON number holds exactly */

/* --- where reading stands -------------------------------------------------------------------------------------- */

/* Only errors ask for the path, so it is a chain of what is on the stack until one does. */
struct codec_place {
	const struct codec_place *above;
	const char *key; /* NULL: an element of an array */
	size_t index;
};

static void put_path(struct buf *out, const struct codec_place *place)
{
	if (!place)
		return;
	put_path(out, place->above);
	if (place->key)
		buf_addf(out, "%s%s", out->n ? "." : "", place->key);
	else
		buf_addf(out, "[%zu]", place->index);
}

int codec_fail(struct codec_reading *in, const char *key, struct ticket_error *err, const char *format, ...)
{
	const struct codec_place member = {in->place, key, 0};
	_cleanup_buf_ struct buf path = {0};
	char what[1024];
	size_t line;
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), language_text(format), args);
	va_end(args);
	buf_puts(&path, "");
	put_path(&path, key ? &member : in->place);
	line = json_line(in->doc, path.p);
	if (line)
		ticket_fail(err, TICKET_USAGE, "%s:%zu: %s%s%s", in->doc->origin, line, path.p, *path.p ? ": " : "", what);
	else
		ticket_fail(err, TICKET_USAGE, "%s: %s%s%s", in->doc->origin, path.p, *path.p ? ": " : "", what);
	return TICKET_USAGE;
}

/* --- whose memory it is ---------------------------------------------------------------------------------------- */

static char *keep_text(const struct codec_reading *in, const char *text)
{
	return in->borrows ? (char *)text : xstrdup(text);
}

/* Zeroed room for the items of an array or object; what is owned can grow, so it gets room as list_grow counts it. */
static void *keep_room(const struct codec_reading *in, const struct json *node, size_t size)
{
	size_t n = 0, room = 1;
	void *items;

	for (const struct json *item = json_first(node); item; item = json_next(item))
		n++;
	if (!n)
		return NULL;
	if (in->borrows) {
		items = json_room(in->borrows, n * size);
		memset(items, 0, n * size);
		return items;
	}
	while (room < n)
		room *= 2;
	return xcalloc(room, size);
}

/* --- reading --------------------------------------------------------------------------------------------------- */

static int read_field(const struct codec_field *field, void *object, const struct json *node, struct codec_reading *in, struct ticket_error *err);

static int wrong_type(const struct json *node, const char *wanted, struct codec_reading *in, struct ticket_error *err)
{
	return codec_fail(in, NULL, err, "here stands %s, but it must be %s", json_type_name(node), _(wanted));
}

static int read_texts(struct texts *texts, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	size_t i = 0;

	if (json_type(node) != JSON_ARRAY)
		return wrong_type(node, "an array of strings", in, err);
	texts->v = keep_room(in, node, sizeof(*texts->v));
	for (const struct json *item = json_first(node); item; item = json_next(item), i++) {
		const struct codec_place place = {in->place, NULL, i};

		if (json_type(item) != JSON_STRING) {
			in->place = &place;
			wrong_type(item, "a string", in, err);
			in->place = place.above;
			return TICKET_USAGE;
		}
		texts->v[texts->n++] = keep_text(in, json_string(item));
	}
	return 0;
}

static int read_int(int64_t *value, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	double number;

	if (json_type(node) != JSON_NUMBER)
		return wrong_type(node, "a whole number", in, err);
	number = json_number(node);
	if (!(fabs(number) <= LARGEST_INT) || number != floor(number))
		return codec_fail(in, NULL, err, "%g is not a whole number within 2^53", number);
	*value = (int64_t)number;
	return 0;
}

static int no_such_word(const char *const *words, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	_cleanup_buf_ struct buf list = {0};

	for (int i = 0; words[i]; i++)
		if (*words[i])
			buf_addf(&list, "%s%s", list.n ? ", " : "", words[i]);
	return codec_fail(in, NULL, err, "'%s' is none of: %s", json_string(node), list.p);
}

static int read_enum(int *value, const char *const *words, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	if (json_type(node) != JSON_STRING)
		return wrong_type(node, "a string", in, err);
	for (int i = 0; words[i]; i++)
		if (*words[i] && strcmp(words[i], json_string(node)) == 0) {
			*value = i;
			return 0;
		}
	return no_such_word(words, node, in, err);
}

static int read_string_as(const struct codec_field *field, void *member, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	struct ticket_error inner; /* large: filled only by a failure */
	int failed;

	if (json_type(node) != JSON_STRING)
		return wrong_type(node, field->type == CODEC_TIME ? N_("a time such as \"2026-05-01T09:30:00+08:00\"") : N_("a length of time such as \"15m\""), in, err);
	failed = field->type == CODEC_TIME ? stamp_parse(member, json_string(node), &inner) : duration_parse(member, json_string(node), &inner);
	return failed ? codec_fail(in, NULL, err, "%s", inner.message) : 0;
}

static int read_list(const struct codec_field *field, struct any_list *list, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	int failed = 0;

	if (json_type(node) != JSON_ARRAY)
		return wrong_type(node, "an array", in, err);
	list->v = keep_room(in, node, field->sub->size);
	for (const struct json *item = json_first(node); item && !failed; item = json_next(item)) {
		const struct codec_place place = {in->place, NULL, list->n};

		in->place = &place;
		failed = codec_read_node(field->sub, item_at(list, list->n++, field->sub), item, in, err);
		in->place = place.above;
	}
	return failed ? TICKET_USAGE : 0;
}

static int read_map(const struct codec_field *field, struct any_list *list, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	const struct codec_field *key = codec_flagged(field->sub, CODEC_KEY), *value = codec_flagged(field->sub, CODEC_VALUE);
	int failed = 0;

	if (json_type(node) != JSON_OBJECT)
		return wrong_type(node, "an object", in, err);
	list->v = keep_room(in, node, field->sub->size);
	for (const struct json *item = json_first(node); item && !failed; item = json_next(item)) {
		const struct codec_place place = {in->place, json_name(item), 0};
		void *entry = item_at(list, list->n++, field->sub);

		in->place = &place;
		failed = value ? read_field(value, entry, item, in, err) : codec_read_node(field->sub, entry, item, in, err);
		in->place = place.above;
		if (!failed)
			*(char **)member_at(entry, key) = keep_text(in, json_name(item));
	}
	return failed ? TICKET_USAGE : 0;
}

static int read_field(const struct codec_field *field, void *object, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	void *member = member_at(object, field);

	switch (field->type) {
	case CODEC_TEXT:
		if (json_type(node) != JSON_STRING)
			return wrong_type(node, "a string", in, err);
		if ((field->flags & CODEC_NOEMPTY) && !*json_string(node))
			return codec_fail(in, NULL, err, "must not be empty");
		*(char **)member = keep_text(in, json_string(node));
		return 0;
	case CODEC_TEXTS:
		return read_texts(member, node, in, err);
	case CODEC_INT:
		return read_int(member, node, in, err);
	case CODEC_NUMBER:
		if (json_type(node) != JSON_NUMBER)
			return wrong_type(node, "a number", in, err);
		if (!isfinite(json_number(node)))
			return codec_fail(in, NULL, err, "this number is too large");
		*(double *)member = json_number(node);
		return 0;
	case CODEC_FLAG:
		if (json_type(node) != JSON_TRUE && json_type(node) != JSON_FALSE)
			return wrong_type(node, "true or false", in, err);
		*(bool *)member = json_type(node) == JSON_TRUE;
		return 0;
	case CODEC_TIME:
	case CODEC_DURATION:
		return read_string_as(field, member, node, in, err);
	case CODEC_ENUM:
		return read_enum(member, field->words, node, in, err);
	case CODEC_OBJECT:
		return codec_read_node(field->sub, member, node, in, err);
	case CODEC_LIST:
		return read_list(field, member, node, in, err);
	case CODEC_MAP:
		return read_map(field, member, node, in, err);
	case CODEC_CUSTOM:
		return field->custom->read(member, node, in, err);
	}
	return 0;
}

static int unknown_member(const struct codec *codec, const struct json *item, struct codec_reading *in, struct ticket_error *err)
{
	const char *names[128], *near;
	size_t n = 0;

	for (const struct codec_field *field = codec->fields; field->key && n < ARRAY_SIZE(names); field++)
		if (!(field->flags & CODEC_KEY))
			names[n++] = field->key;
	near = text_nearest(json_name(item), names, n);
	if (near)
		return codec_fail(in, json_name(item), err, "a %s has no such member; did you mean '%s'?", _(codec->noun), near);
	return codec_fail(in, json_name(item), err, "a %s has no such member", _(codec->noun));
}

static void keep_member(char **extra, const struct json *item)
{
	_cleanup_buf_ struct buf kept = {0};
	_cleanup_free_ char *value = json_text(item);

	if (*extra)
		buf_addf(&kept, "%s,", *extra);
	json_quote(&kept, json_name(item));
	buf_addf(&kept, ":%s", value);
	free(*extra);
	*extra = buf_steal(&kept);
}

/* Files are written in the order of the table: the next member is most often behind the last one. */
static const struct codec_field *next_field(const struct codec *codec, const struct codec_field *from, const char *key)
{
	for (const struct codec_field *field = from; field->key; field++)
		if (field->key[0] == key[0] && strcmp(field->key, key) == 0)
			return field;
	return from == codec->fields ? NULL : codec_field(codec, key);
}

static int read_members(const struct codec *codec, void *object, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	const struct codec_field *from = codec->fields;
	uint64_t given = 0;

	for (const struct json *item = json_first(node); item; item = json_next(item)) {
		const struct codec_field *field = next_field(codec, from, json_name(item));

		if (field && !(field->flags & CODEC_KEY)) {
			const struct codec_place place = {in->place, field->key, 0};
			int failed;

			from = field + 1;
			given |= UINT64_C(1) << ((field - codec->fields) & 63);
			in->place = &place;
			failed = json_type(item) != JSON_NULL && read_field(field, object, item, in, err);
			in->place = place.above;
			if (failed)
				return TICKET_USAGE;
		} else if (codec->extra >= 0) {
			if (!in->borrows)
				keep_member((char **)((char *)object + codec->extra), item);
		} else if (*json_name(item) != '#') { /* "#…" members are comments in hand-written files */
			return unknown_member(codec, item, in, err);
		}
	}
	in->given = given;
	for (const struct codec_field *field = codec->fields; field->key; field++)
		if ((field->flags & CODEC_REQUIRED) && !codec_member_present(field, object))
			return codec_fail(in, NULL, err, "the %s lacks '%s'", _(codec->noun), field->key);
	return 0;
}

static int check_format(const struct codec *codec, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	const struct json *format;

	if (!codec->format)
		return 0;
	format = json_member(node, "format");
	if (!format || json_type(format) != JSON_NUMBER)
		return codec_fail(in, NULL, err, "the %s lacks its 'format' number", _(codec->noun));
	if (json_number(format) > codec->format) {
		codec_fail(in, "format", err, "this %s has format %g, this program reads up to %d; use a newer ticket", _(codec->noun), json_number(format), codec->format);
		return err ? err->code = TICKET_STORAGE : TICKET_STORAGE;
	}
	if (json_number(format) < 1)
		return codec_fail(in, "format", err, "must be %d", codec->format);
	return 0;
}

int codec_read_node(const struct codec *codec, void *object, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	int failed;

	if (json_type(node) != JSON_OBJECT)
		return wrong_type(node, "an object", in, err);
	if ((failed = check_format(codec, node, in, err)))
		return failed;
	if ((failed = read_members(codec, object, node, in, err)))
		return failed;
	return codec->check ? codec->check(object, in, err) : 0;
}

int codec_read(const struct codec *codec, void *object, const char *text, size_t length, const char *origin, struct ticket_error *err)
{
	struct json_document doc;
	struct codec_reading in = {.doc = &doc};
	int failed;

	if ((failed = json_parse(&doc, text, length, origin, err)))
		return failed;
	failed = codec_read_node(codec, object, doc.root, &in, err);
	if (failed)
		codec_release(codec, object);
	json_release(&doc);
	return failed;
}

int codec_view(const struct codec *codec, void *object, struct json_document *doc, const char *text, size_t length, const char *origin,
	       struct ticket_error *err)
{
	struct codec_reading in = {.doc = doc, .borrows = doc};
	int failed;

	failed = json_parse_next(doc, text, length, origin, err);
	return failed ? failed : codec_read_node(codec, object, doc->root, &in, err);
}
