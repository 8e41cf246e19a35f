/* SPDX-License-Identifier: MIT */
/* Codecs, writing: from a struct to JSON in fixed key order. */
#include "model/codec.h"

#include <inttypes.h>

/* --- writing --------------------------------------------------------------------------------------------------- */

/* 'indent': 2 or 4. */
static void write_separator(struct buf *out, bool rows, bool first, size_t indent)
{
	if (!first)
		buf_putc(out, ',');
	if (rows)
		buf_add(out, "\n    ", 1 + indent);
}

/* Format strings cost more than all the rest where a whole desk is written. */
static void write_plain(struct buf *out, const char *text)
{
	buf_putc(out, '"');
	buf_puts(out, text);
	buf_putc(out, '"');
}

/* 'rows': each element on a line of its own, which only a pretty text has. */
static void write_list(const struct codec_field *field, const struct any_list *list, bool rows, struct buf *out)
{
	buf_putc(out, '[');
	for (size_t i = 0; i < list->n; i++) {
		write_separator(out, rows, i == 0, 4);
		codec_write_compact(field->sub, item_at(list, i, field->sub), out);
	}
	buf_puts(out, rows && list->n ? "\n  ]" : "]");
}

static void write_map(const struct codec_field *field, const struct any_list *list, struct buf *out)
{
	const struct codec_field *key = codec_flagged(field->sub, CODEC_KEY), *value = codec_flagged(field->sub, CODEC_VALUE);

	buf_putc(out, '{');
	for (size_t i = 0; i < list->n; i++) {
		const void *entry = item_at(list, i, field->sub);

		if (i)
			buf_putc(out, ',');
		json_quote(out, *(char **)member_at(entry, key));
		buf_putc(out, ':');
		if (value)
			codec_write_member(value, entry, out);
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

void codec_write_member(const struct codec_field *field, const void *object, struct buf *out)
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
		write_plain(out, stamp_format(stamp, member));
		break;
	case CODEC_DURATION:
		write_plain(out, duration_format(duration, member));
		break;
	case CODEC_ENUM:
		json_quote(out, field->words[*(const int *)member]);
		break;
	case CODEC_OBJECT:
		codec_write_compact(field->sub, member, out);
		break;
	case CODEC_LIST:
		write_list(field, member, false, out);
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
		write_plain(out, field->key);
		buf_puts(out, pretty ? ": " : ":");
		if (field->type == CODEC_LIST && pretty)
			write_list(field, member_at(object, field), field->flags & CODEC_ROWS, out);
		else
			codec_write_member(field, object, out);
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
