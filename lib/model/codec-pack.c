/* SPDX-License-Identifier: MIT */
/*
 * Codecs, packing: a struct as bytes that are read back in a fraction of the time that its text takes. Each member that is
 * present is its number in the table, from 1, and its value; 0 ends an object. A number is its zigzag value, seven bits a
 * byte; a text its length, its bytes and a NUL, so that whoever reads it need not copy it.
 */
#include "model/codec.h"

#include "ticket/time.h"

#define DEEPEST 64

/* --- whose bytes they are -------------------------------------------------------------------------------------- */

#define MOST_CODECS 128

struct signing {
	const struct codec *seen[MOST_CODECS]; /* codecs may lead back to themselves */
	size_t n;
	uint64_t signature;
};

static void sign_text(struct signing *signing, const char *text)
{
	for (; *text; text++)
		signing->signature = (signing->signature ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
}

static void sign(struct signing *signing, const struct codec *codec)
{
	for (size_t i = 0; i < signing->n; i++)
		if (signing->seen[i] == codec)
			return;
	if (signing->n == MOST_CODECS)
		abort(); /* a table that is larger than any here */
	signing->seen[signing->n++] = codec;
	for (const struct codec_field *field = codec->fields; field->key; field++) {
		sign_text(signing, field->key);
		for (const char *const *word = field->type == CODEC_ENUM ? field->words : NULL; word && *word; word++)
			sign_text(signing, *word);
		signing->signature = (signing->signature ^ (256u + field->type)) * UINT64_C(0x100000001b3);
		if (field->sub)
			sign(signing, field->sub);
	}
}

/* Names, types and words of all members, in their order: what was packed by other tables is not read by these. */
static uint64_t signature_of(const struct codec *codec)
{
	struct signing signing = {.signature = UINT64_C(0xcbf29ce484222325)};

	sign(&signing, codec);
	return signing.signature;
}

/* --- packing --------------------------------------------------------------------------------------------------- */

static void put_count(struct buf *out, uint64_t count)
{
	for (; count > 0x7f; count >>= 7)
		buf_putc(out, (char)(count | 0x80));
	buf_putc(out, (char)count);
}

static void put_number(struct buf *out, int64_t number)
{
	put_count(out, (uint64_t)number << 1 ^ (uint64_t)(number >> 63));
}

static void put_text(struct buf *out, const char *text)
{
	size_t n = strlen(text);

	put_count(out, n);
	buf_add(out, text, n + 1);
}

static void put_object(struct buf *out, const struct codec *codec, const void *object);

static void put_member(struct buf *out, const struct codec_field *field, const void *member)
{
	const struct duration *duration = member;
	const struct any_list *list = member;

	switch (field->type) {
	case CODEC_TEXT:
		put_text(out, *(char *const *)member);
		break;
	case CODEC_TEXTS:
		put_count(out, list->n);
		for (size_t i = 0; i < list->n; i++)
			put_text(out, ((char **)list->v)[i]);
		break;
	case CODEC_INT:
		put_number(out, *(const int64_t *)member);
		break;
	case CODEC_NUMBER:
		buf_add(out, member, sizeof(double));
		break;
	case CODEC_FLAG:
		break; /* that it is there says it */
	case CODEC_DURATION:
		put_number(out, duration->seconds);
		put_number(out, duration->working_days);
		put_count(out, duration->back);
		break;
	case CODEC_ENUM:
		put_number(out, *(const int *)member);
		break;
	case CODEC_OBJECT:
		put_object(out, field->sub, member);
		break;
	case CODEC_LIST:
	case CODEC_MAP:
		put_count(out, list->n);
		for (size_t i = 0; i < list->n; i++)
			put_object(out, field->sub, item_at(list, i, field->sub));
		break;
	case CODEC_TIME:
	case CODEC_CUSTOM:
		abort(); /* see codec_pack */
	}
}

static void put_object(struct buf *out, const struct codec *codec, const void *object)
{
	for (const struct codec_field *field = codec->fields; field->key; field++)
		if (codec_member_present(field, object)) {
			put_count(out, (uint64_t)(field - codec->fields) + 1);
			put_member(out, field, member_at(object, field));
		}
	put_count(out, 0);
}

void codec_pack(const struct codec *codec, const void *object, struct buf *out)
{
	uint64_t signature = signature_of(codec);

	buf_add(out, &signature, sizeof(signature));
	put_object(out, codec, object);
}

/* --- unpacking ------------------------------------------------------------------------------------------------- */

/* Nothing is taken for granted of the bytes: whatever does not fit ends the reading. */
struct unpacking {
	struct json_document *doc;
	const char *p, *end;
	int depth;
};

static bool take_long_count(struct unpacking *in, uint64_t *count)
{
	*count = 0;
	for (unsigned shift = 0; in->p < in->end && shift < 64; shift += 7) {
		unsigned char c = (unsigned char)*in->p++;

		*count |= (uint64_t)(c & 0x7f) << shift;
		if (c <= 0x7f)
			return true;
	}
	return false;
}

static inline bool take_count(struct unpacking *in, uint64_t *count)
{
	if (in->p < in->end && (unsigned char)*in->p <= 0x7f) {
		*count = (unsigned char)*in->p++;
		return true;
	}
	return take_long_count(in, count);
}

static bool take_number(struct unpacking *in, int64_t *number)
{
	uint64_t count;

	if (!take_count(in, &count))
		return false;
	*number = (int64_t)(count >> 1 ^ -(count & 1));
	return true;
}

static inline bool take_text(struct unpacking *in, char **text)
{
	uint64_t n;

	if (!take_count(in, &n) || n >= (uint64_t)(in->end - in->p) || in->p[n])
		return false;
	*text = (char *)in->p;
	in->p += n + 1;
	return true;
}

/* Zeroed room for as many items as are counted next: each takes a byte at least. */
static bool take_room(struct unpacking *in, struct any_list *list, size_t size)
{
	uint64_t n;

	if (!take_count(in, &n) || n > (uint64_t)(in->end - in->p))
		return false;
	list->n = (size_t)n;
	list->v = json_room(in->doc, list->n * size);
	memset(list->v, 0, list->n * size);
	return true;
}

static bool take_object(struct unpacking *in, const struct codec *codec, void *object);

static bool take_list(struct unpacking *in, const struct codec *sub, struct any_list *list)
{
	if (!take_room(in, list, sub->size))
		return false;
	for (size_t i = 0; i < list->n; i++)
		if (!take_object(in, sub, item_at(list, i, sub)))
			return false;
	return true;
}

static bool take_texts(struct unpacking *in, struct texts *texts)
{
	if (!take_room(in, (struct any_list *)texts, sizeof(*texts->v)))
		return false;
	for (size_t i = 0; i < texts->n; i++)
		if (!take_text(in, &texts->v[i]))
			return false;
	return true;
}

static bool take_duration(struct unpacking *in, struct duration *duration)
{
	uint64_t back;

	duration->set = true;
	if (!take_number(in, &duration->seconds) || !take_number(in, &duration->working_days) || !take_count(in, &back))
		return false;
	duration->back = back != 0;
	return true;
}

static bool take_enum(struct unpacking *in, const char *const *words, int *value)
{
	int64_t number;
	int n = 0;

	while (words[n])
		n++;
	if (!take_number(in, &number) || number < 0 || number >= n)
		return false;
	*value = (int)number;
	return true;
}

static bool take_member(struct unpacking *in, const struct codec_field *field, void *member)
{
	switch (field->type) {
	case CODEC_TEXT:
		return take_text(in, member);
	case CODEC_TEXTS:
		return take_texts(in, member);
	case CODEC_INT:
		return take_number(in, member);
	case CODEC_NUMBER:
		if (in->end - in->p < (ptrdiff_t)sizeof(double))
			return false;
		memcpy(member, in->p, sizeof(double));
		in->p += sizeof(double);
		return true;
	case CODEC_FLAG:
		return *(bool *)member = true;
	case CODEC_DURATION:
		return take_duration(in, member);
	case CODEC_ENUM:
		return take_enum(in, field->words, member);
	case CODEC_OBJECT:
		return take_object(in, field->sub, member);
	case CODEC_LIST:
	case CODEC_MAP:
		return take_list(in, field->sub, member);
	default:
		return false;
	}
}

/* Members stand in the order of the table; one that is required is there. */
static bool take_members(struct unpacking *in, const struct codec *codec, void *object)
{
	const struct codec_field *field = codec->fields;
	uint64_t number;

	for (; take_count(in, &number); field++) {
		for (uint64_t at = (uint64_t)(field - codec->fields) + 1; field->key && at != number; at++, field++)
			if (field->flags & CODEC_REQUIRED)
				return false;
		if (!field->key)
			return number == 0;
		if (!take_member(in, field, member_at(object, field)))
			return false;
	}
	return false;
}

static bool take_object(struct unpacking *in, const struct codec *codec, void *object)
{
	bool taken;

	if (in->depth == DEEPEST)
		return false;
	in->depth++;
	taken = take_members(in, codec, object);
	in->depth--;
	return taken;
}

bool codec_unpack(const struct codec *codec, void *object, struct json_document *doc, const char *bytes, size_t n)
{
	struct unpacking in = {.doc = doc};
	uint64_t signature;
	char *copy;

	if (n < sizeof(signature) || (memcpy(&signature, bytes, sizeof(signature)), signature != signature_of(codec)))
		return false;
	copy = json_room(doc, n);
	memcpy(copy, bytes, n);
	in.p = copy + sizeof(signature);
	in.end = copy + n;
	return take_object(&in, codec, object) && in.p == in.end;
}
