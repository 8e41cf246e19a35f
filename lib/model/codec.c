/* SPDX-License-Identifier: MIT */
/* Codecs: whole structs and single members; see codec.h. */
#include "model/codec.h"

#include "ticket/text.h"

#include <errno.h>

const struct codec_field *codec_flagged(const struct codec *codec, unsigned flag)
{
	for (const struct codec_field *field = codec->fields; field->key; field++)
		if (field->flags & flag)
			return field;
	return NULL;
}

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
		if (text_equal(field->key, key))
			return field;
	return NULL;
}

bool codec_member_filled(const struct codec_field *field, const void *object)
{
	const void *member = member_at(object, field);
	const struct texts *texts = member;

	if (field->type == CODEC_TEXT)
		return *(char *const *)member && **(char *const *)member;
	if (field->type == CODEC_TEXTS)
		return texts->n > 1 || (texts->n && *texts->v[0]);
	return codec_member_present(field, object);
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
		codec_write_member(field, object, &out);
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
