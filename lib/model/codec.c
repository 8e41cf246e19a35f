/* SPDX-License-Identifier: MIT */
/* Codecs: see codec.h. */
#include "model/codec.h"

#include "ticket/text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>

#define LARGEST_INT 9007199254740992.0 /* 2^53: what a JSON number holds exactly */

static void *member_at(const void *object, const struct codec_field *field)
{
	return (char *)object + field->offset; /* const is given back by the typed callers */
}

static void *item_at(const struct any_list *list, size_t i, const struct codec *sub)
{
	return (char *)list->v + i * sub->size;
}

/* --- where reading stands -------------------------------------------------------------------------------------- */

static size_t path_enter(struct codec_reading *in, const char *key)
{
	size_t mark = in->path.n;

	if (mark)
		buf_putc(&in->path, '.');
	buf_puts(&in->path, key);
	return mark;
}

static size_t path_enter_index(struct codec_reading *in, size_t i)
{
	size_t mark = in->path.n;

	buf_addf(&in->path, "[%zu]", i);
	return mark;
}

static void path_leave(struct codec_reading *in, size_t mark)
{
	buf_truncate(&in->path, mark);
}

int codec_fail(struct codec_reading *in, const char *key, struct ticket_error *err, const char *format, ...)
{
	char what[1024];
	size_t mark = key ? path_enter(in, key) : in->path.n, line;
	const char *path = in->path.p ? in->path.p : "";
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	line = json_line(in->doc, path);
	if (line)
		ticket_fail(err, TICKET_USAGE, "%s:%zu: %s%s%s", in->doc->origin, line, path, *path ? ": " : "", what);
	else
		ticket_fail(err, TICKET_USAGE, "%s: %s%s%s", in->doc->origin, path, *path ? ": " : "", what);
	path_leave(in, mark);
	return TICKET_USAGE;
}

/* --- reading --------------------------------------------------------------------------------------------------- */

static int read_field(const struct codec_field *field, void *object, const struct json *node, struct codec_reading *in, struct ticket_error *err);

static int wrong_type(const struct json *node, const char *wanted, struct codec_reading *in, struct ticket_error *err)
{
	return codec_fail(in, NULL, err, "here stands %s, but it must be %s", json_type_name(node), wanted);
}

static int read_texts(struct texts *texts, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	size_t i = 0;

	if (json_type(node) != JSON_ARRAY)
		return wrong_type(node, "an array of strings", in, err);
	for (const struct json *item = json_first(node); item; item = json_next(item), i++) {
		if (json_type(item) != JSON_STRING) {
			path_enter_index(in, i);
			return wrong_type(item, "a string", in, err);
		}
		texts_add(texts, json_string(item));
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

static int read_enum(int *value, const char *const *words, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	_cleanup_buf_ struct buf list = {0};

	if (json_type(node) != JSON_STRING)
		return wrong_type(node, "a string", in, err);
	for (int i = 0; words[i]; i++) {
		if (*words[i] && strcmp(words[i], json_string(node)) == 0) {
			*value = i;
			return 0;
		}
		if (*words[i])
			buf_addf(&list, "%s%s", list.n ? ", " : "", words[i]);
	}
	return codec_fail(in, NULL, err, "'%s' is none of: %s", json_string(node), list.p);
}

static int read_string_as(const struct codec_field *field, void *member, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	struct ticket_error inner = {0};
	int failed;

	if (json_type(node) != JSON_STRING)
		return wrong_type(node, field->type == CODEC_TIME ? "a time such as \"2026-05-01T09:30:00+08:00\"" : "a length of time such as \"15m\"", in, err);
	failed = field->type == CODEC_TIME ? stamp_parse(member, json_string(node), &inner) : duration_parse(member, json_string(node), &inner);
	return failed ? codec_fail(in, NULL, err, "%s", inner.message) : 0;
}

static int read_list(const struct codec_field *field, struct any_list *list, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	size_t i = 0;

	if (json_type(node) != JSON_ARRAY)
		return wrong_type(node, "an array", in, err);
	for (const struct json *item = json_first(node); item; item = json_next(item), i++) {
		size_t mark = path_enter_index(in, i);

		list_grow(list, field->sub->size);
		if (codec_read_node(field->sub, item_at(list, i, field->sub), item, in, err))
			return TICKET_USAGE;
		path_leave(in, mark);
	}
	return 0;
}

static const struct codec_field *flagged(const struct codec *codec, unsigned flag)
{
	for (const struct codec_field *field = codec->fields; field->key; field++)
		if (field->flags & flag)
			return field;
	return NULL;
}

static int read_map(const struct codec_field *field, struct any_list *list, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	const struct codec_field *key = flagged(field->sub, CODEC_KEY), *value = flagged(field->sub, CODEC_VALUE);

	if (json_type(node) != JSON_OBJECT)
		return wrong_type(node, "an object", in, err);
	for (const struct json *item = json_first(node); item; item = json_next(item)) {
		size_t mark = path_enter(in, json_name(item));
		void *entry;

		list_grow(list, field->sub->size);
		entry = item_at(list, list->n - 1, field->sub);
		if (value ? read_field(value, entry, item, in, err) : codec_read_node(field->sub, entry, item, in, err))
			return TICKET_USAGE;
		*(char **)member_at(entry, key) = xstrdup(json_name(item));
		path_leave(in, mark);
	}
	return 0;
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
		*(char **)member = xstrdup(json_string(node));
		return 0;
	case CODEC_TEXTS:
		return read_texts(member, node, in, err);
	case CODEC_INT:
		return read_int(member, node, in, err);
	case CODEC_NUMBER:
		if (json_type(node) != JSON_NUMBER)
			return wrong_type(node, "a number", in, err);
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
	return codec_fail(in, json_name(item), err, "a %s has no such member%s%s%s", codec->noun, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
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

static int read_members(const struct codec *codec, void *object, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	for (const struct json *item = json_first(node); item; item = json_next(item)) {
		const struct codec_field *field = codec_field(codec, json_name(item));

		if (field && !(field->flags & CODEC_KEY)) {
			size_t mark = path_enter(in, field->key);

			if (json_type(item) != JSON_NULL && read_field(field, object, item, in, err))
				return TICKET_USAGE;
			path_leave(in, mark);
		} else if (codec->extra >= 0) {
			keep_member((char **)((char *)object + codec->extra), item);
		} else if (*json_name(item) != '#') { /* "#…" members are comments in hand-written files */
			return unknown_member(codec, item, in, err);
		}
	}
	for (const struct codec_field *field = codec->fields; field->key; field++)
		if ((field->flags & CODEC_REQUIRED) && !codec_member_present(field, object))
			return codec_fail(in, NULL, err, "the %s lacks '%s'", codec->noun, field->key);
	return 0;
}

static int check_format(const struct codec *codec, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	const struct json *format = json_member(node, "format");

	if (!codec->format)
		return 0;
	if (!format || json_type(format) != JSON_NUMBER)
		return codec_fail(in, NULL, err, "the %s lacks its 'format' number", codec->noun);
	if (json_number(format) > codec->format) {
		codec_fail(in, "format", err, "this %s has format %g, this program reads up to %d; use a newer ticket", codec->noun, json_number(format), codec->format);
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
	buf_release(&in.path);
	json_release(&doc);
	return failed;
}

/* --- writing --------------------------------------------------------------------------------------------------- */

static bool object_present(const struct codec *codec, const void *object)
{
	for (const struct codec_field *field = codec->fields; field->key; field++)
		if (codec_member_present(field, object))
			return true;
	return codec->extra >= 0 && *(char *const *)((const char *)object + codec->extra);
}

bool codec_member_present(const struct codec_field *field, const void *object)
{
	const void *member = member_at(object, field);

	switch (field->type) {
	case CODEC_TEXT:
		return *(char *const *)member != NULL;
	case CODEC_TEXTS:
	case CODEC_LIST:
	case CODEC_MAP:
		return ((const struct any_list *)member)->n > 0;
	case CODEC_INT:
		return *(const int64_t *)member != 0;
	case CODEC_NUMBER:
		return *(const double *)member != 0;
	case CODEC_FLAG:
		return *(const bool *)member;
	case CODEC_TIME:
		return ((const struct stamp *)member)->set;
	case CODEC_DURATION:
		return ((const struct duration *)member)->set;
	case CODEC_ENUM:
		return *(const int *)member != 0;
	case CODEC_OBJECT:
		return object_present(field->sub, member);
	case CODEC_CUSTOM:
		return field->custom->present(member);
	}
	return false;
}

static void write_member(const struct codec_field *field, const void *object, struct buf *out);

static void write_separator(struct buf *out, bool rows, bool first, size_t indent)
{
	if (!first)
		buf_putc(out, ',');
	if (rows)
		buf_addf(out, "\n%*s", (int)indent, "");
}

static void write_list(const struct codec_field *field, const struct any_list *list, struct buf *out)
{
	bool rows = field->flags & CODEC_ROWS;

	buf_putc(out, '[');
	for (size_t i = 0; i < list->n; i++) {
		write_separator(out, rows, i == 0, 4);
		codec_write_compact(field->sub, item_at(list, i, field->sub), out);
	}
	buf_puts(out, rows && list->n ? "\n  ]" : "]");
}

static void write_map(const struct codec_field *field, const struct any_list *list, struct buf *out)
{
	const struct codec_field *key = flagged(field->sub, CODEC_KEY), *value = flagged(field->sub, CODEC_VALUE);

	buf_putc(out, '{');
	for (size_t i = 0; i < list->n; i++) {
		const void *entry = item_at(list, i, field->sub);

		if (i)
			buf_putc(out, ',');
		json_quote(out, *(char **)member_at(entry, key));
		buf_putc(out, ':');
		if (value)
			write_member(value, entry, out);
		else
			codec_write_compact(field->sub, entry, out);
	}
	buf_putc(out, '}');
}

static void write_texts(const struct texts *texts, struct buf *out)
{
	buf_putc(out, '[');
	for (size_t i = 0; i < texts->n; i++) {
		if (i)
			buf_putc(out, ',');
		json_quote(out, texts->v[i]);
	}
	buf_putc(out, ']');
}

/* The shortest text that reads back as the same number: 0.98 and not 0.97999999999999998. */
static void write_number(struct buf *out, double number)
{
	char text[40];

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, number);
		if (strtod(text, NULL) == number)
			break;
	}
	buf_puts(out, text);
}

static void write_member(const struct codec_field *field, const void *object, struct buf *out)
{
	const void *member = member_at(object, field);
	char stamp[STAMP_SIZE], duration[DURATION_SIZE];

	switch (field->type) {
	case CODEC_TEXT:
		json_quote(out, *(char *const *)member ? *(char *const *)member : "");
		break;
	case CODEC_TEXTS:
		write_texts(member, out);
		break;
	case CODEC_INT:
		buf_addf(out, "%" PRId64, *(const int64_t *)member);
		break;
	case CODEC_NUMBER:
		write_number(out, *(const double *)member);
		break;
	case CODEC_FLAG:
		buf_puts(out, *(const bool *)member ? "true" : "false");
		break;
	case CODEC_TIME:
		buf_addf(out, "\"%s\"", stamp_format(stamp, member));
		break;
	case CODEC_DURATION:
		buf_addf(out, "\"%s\"", duration_format(duration, member));
		break;
	case CODEC_ENUM:
		json_quote(out, field->words[*(const int *)member]);
		break;
	case CODEC_OBJECT:
		codec_write_compact(field->sub, member, out);
		break;
	case CODEC_LIST:
		write_list(field, member, out);
		break;
	case CODEC_MAP:
		write_map(field, member, out);
		break;
	case CODEC_CUSTOM:
		field->custom->write(out, member);
		break;
	}
}

static void write_object(const struct codec *codec, const void *object, struct buf *out, bool pretty)
{
	const char *extra = codec->extra >= 0 ? *(char *const *)((const char *)object + codec->extra) : NULL;
	bool first = true;

	buf_putc(out, '{');
	for (const struct codec_field *field = codec->fields; field->key; field++) {
		if ((field->flags & CODEC_KEY) || !codec_member_present(field, object))
			continue;
		write_separator(out, pretty, first, 2);
		first = false;
		buf_addf(out, "\"%s\":%s", field->key, pretty ? " " : "");
		write_member(field, object, out);
	}
	if (extra) {
		write_separator(out, pretty, first, 2);
		buf_puts(out, extra);
	}
	buf_puts(out, pretty ? "\n}\n" : "}");
}

void codec_write(const struct codec *codec, const void *object, struct buf *out)
{
	write_object(codec, object, out, true);
}

void codec_write_compact(const struct codec *codec, const void *object, struct buf *out)
{
	write_object(codec, object, out, false);
}

/* --- whole structs --------------------------------------------------------------------------------------------- */

static void release_list(const struct codec *sub, struct any_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		codec_release(sub, item_at(list, i, sub));
	free(list->v);
}

/* Releases a member and makes it absent. */
void codec_member_clear(const struct codec_field *field, void *object)
{
	void *member = member_at(object, field);

	switch (field->type) {
	case CODEC_TEXT:
		free(*(char **)member);
		*(char **)member = NULL;
		break;
	case CODEC_TEXTS:
		texts_release(member);
		break;
	case CODEC_INT:
		*(int64_t *)member = 0;
		break;
	case CODEC_NUMBER:
		*(double *)member = 0;
		break;
	case CODEC_FLAG:
		*(bool *)member = false;
		break;
	case CODEC_TIME:
		*(struct stamp *)member = (struct stamp){0};
		break;
	case CODEC_DURATION:
		*(struct duration *)member = (struct duration){0};
		break;
	case CODEC_ENUM:
		*(int *)member = 0;
		break;
	case CODEC_OBJECT:
		codec_release(field->sub, member);
		break;
	case CODEC_LIST:
	case CODEC_MAP:
		release_list(field->sub, member);
		*(struct any_list *)member = (struct any_list){0};
		break;
	case CODEC_CUSTOM:
		field->custom->release(member);
		break;
	}
}

void codec_release(const struct codec *codec, void *object)
{
	for (const struct codec_field *field = codec->fields; field->key; field++)
		codec_member_clear(field, object);
	if (codec->extra >= 0)
		free(*(char **)((char *)object + codec->extra));
	memset(object, 0, codec->size);
}

static void copy_list(const struct codec *sub, struct any_list *to, const struct any_list *from)
{
	*to = (struct any_list){0};
	for (size_t i = 0; i < from->n; i++) {
		list_grow(to, sub->size);
		codec_copy(sub, item_at(to, i, sub), item_at(from, i, sub));
	}
}

void codec_copy(const struct codec *codec, void *to, const void *from)
{
	memcpy(to, from, codec->size);
	for (const struct codec_field *field = codec->fields; field->key; field++) {
		void *member = member_at(to, field);
		const void *source = member_at(from, field);

		switch (field->type) {
		case CODEC_TEXT:
			*(char **)member = xstrdup(*(char *const *)source);
			break;
		case CODEC_TEXTS:
			*(struct texts *)member = (struct texts){0};
			texts_copy(member, source);
			break;
		case CODEC_OBJECT:
			codec_copy(field->sub, member, source);
			break;
		case CODEC_LIST:
		case CODEC_MAP:
			copy_list(field->sub, member, source);
			break;
		case CODEC_CUSTOM:
			field->custom->copy(member, source);
			break;
		default:
			break;
		}
	}
	if (codec->extra >= 0) {
		char **extra = (char **)((char *)to + codec->extra);

		*extra = xstrdup(*extra);
	}
}

bool codec_equal(const struct codec *codec, const void *a, const void *b)
{
	_cleanup_buf_ struct buf left = {0}, right = {0};

	codec_write_compact(codec, a, &left);
	codec_write_compact(codec, b, &right);
	return left.n == right.n && memcmp(left.p, right.p, left.n) == 0;
}

static int check_text(const char *key, const char *text, struct ticket_error *err)
{
	const char *why;
	ptrdiff_t flaw = text ? text_flaw(text, strlen(text), &why) : -1;

	if (flaw < 0)
		return 0;
	return ticket_fail(err, TICKET_USAGE, "%s: byte %td is %s (0x%02x); only tabs and line ends may stand in a text", key, flaw + 1, why,
			   (unsigned char)text[flaw]);
}

static int check_list_texts(const struct codec *sub, const struct any_list *list, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < list->n && !failed; i++)
		failed = codec_check_texts(sub, item_at(list, i, sub), err);
	return failed;
}

int codec_check_texts(const struct codec *codec, const void *object, struct ticket_error *err)
{
	int failed = 0;

	for (const struct codec_field *field = codec->fields; field->key && !failed; field++) {
		const void *member = member_at(object, field);
		const struct texts *texts = member;

		if (field->type == CODEC_TEXT)
			failed = check_text(field->key, *(char *const *)member, err);
		else if (field->type == CODEC_TEXTS)
			for (size_t i = 0; i < texts->n && !failed; i++)
				failed = check_text(field->key, texts->v[i], err);
		else if (field->type == CODEC_OBJECT)
			failed = codec_check_texts(field->sub, member, err);
		else if (field->type == CODEC_LIST || field->type == CODEC_MAP)
			failed = check_list_texts(field->sub, member, err);
	}
	return failed;
}

/* --- one member ------------------------------------------------------------------------------------------------ */

const struct codec_field *codec_field(const struct codec *codec, const char *key)
{
	for (const struct codec_field *field = codec->fields; field->key; field++)
		if (strcmp(field->key, key) == 0)
			return field;
	return NULL;
}

char *codec_member_text(const struct codec_field *field, const void *object)
{
	const void *member = member_at(object, field);
	char stamp[STAMP_SIZE], duration[DURATION_SIZE];
	struct buf out = {0};

	if (!codec_member_present(field, object))
		return xstrdup("");
	switch (field->type) {
	case CODEC_TEXT:
		return xstrdup(*(char *const *)member);
	case CODEC_TEXTS:
		return texts_join(member, ",");
	case CODEC_TIME:
		return xstrdup(stamp_format(stamp, member));
	case CODEC_DURATION:
		return xstrdup(duration_format(duration, member));
	case CODEC_ENUM:
		return xstrdup(field->words[*(const int *)member]);
	default:
		write_member(field, object, &out);
		return buf_steal(&out);
	}
}

static void set_texts(struct texts *texts, const char *text)
{
	texts_release(texts);
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, ",");
		_cleanup_free_ char *item = text_strip(xstrndup(p, n));

		if (*item)
			texts_add(texts, item);
		p += n + (p[n] == ',');
	}
}

static int set_int(int64_t *value, const char *key, const char *text, struct ticket_error *err)
{
	char *end;

	errno = 0;
	*value = strtoll(text, &end, 10);
	if (errno || end == text || *end)
		return ticket_fail(err, TICKET_USAGE, "%s: '%s' is not a whole number", key, text);
	return 0;
}

int codec_member_set(const struct codec_field *field, void *object, const char *text, struct ticket_error *err)
{
	void *member = member_at(object, field);

	switch (field->type) {
	case CODEC_TEXT:
		replace_text(member, *text ? text : NULL);
		return 0;
	case CODEC_TEXTS:
		set_texts(member, text);
		return 0;
	case CODEC_INT:
		return set_int(member, field->key, text, err);
	case CODEC_FLAG:
		if (!text_equal(text, "true") && !text_equal(text, "false"))
			return ticket_fail(err, TICKET_USAGE, "%s: '%s' is neither true nor false", field->key, text);
		*(bool *)member = text_equal(text, "true");
		return 0;
	case CODEC_TIME:
		return *text ? stamp_parse(member, text, err) : (*(struct stamp *)member = (struct stamp){0}, 0);
	case CODEC_DURATION:
		return *text ? duration_parse(member, text, err) : (*(struct duration *)member = (struct duration){0}, 0);
	case CODEC_ENUM:
		for (int i = 0; field->words[i]; i++)
			if (text_equal(field->words[i], text)) {
				*(int *)member = i;
				return 0;
			}
		return ticket_fail(err, TICKET_USAGE, "%s: '%s' is not one of its words", field->key, text);
	default:
		return ticket_fail(err, TICKET_USAGE, "%s cannot be set from a word", field->key);
	}
}
