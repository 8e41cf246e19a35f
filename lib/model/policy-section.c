/* SPDX-License-Identifier: MIT */
/* A list of a policy as rows for people: any list, by its codec. */
#include "model/policy.h"

#include "model/event.h"
#include "ticket/text.h"

static const void *item(const struct any_list *list, const struct codec *codec, size_t i)
{
	return (const char *)list->v + i * codec->size;
}

/* `priority:1,2 type:complaint` */
static char *conditions_text(const conditions *when)
{
	struct buf out = {0};

	for (size_t i = 0; i < when->n; i++) {
		_cleanup_free_ char *any = texts_join(&when->v[i].any, ",");

		buf_addf(&out, "%s%s:%s", i ? " " : "", when->v[i].field, any);
	}
	return buf_steal(&out);
}

/* The names of a list's items: sub-types, questions. */
static char *names_text(const struct any_list *list, const struct codec *codec)
{
	const struct codec_field *name = codec_field(codec, "name");
	struct buf out = {0};

	for (size_t i = 0; name && i < list->n; i++)
		buf_addf(&out, "%s%s", i ? "," : "", *(char *const *)((const char *)item(list, codec, i) + name->offset));
	return buf_steal(&out);
}

static char *cell(const struct policy *policy, const struct codec_field *field, const void *object, const char *language)
{
	const void *member = (const char *)object + field->offset;

	if (field->type == CODEC_MAP && field->sub == &pair_codec)
		return xstrdup(policy_label(policy, member, language, ""));
	if (field->type == CODEC_MAP && field->sub == &condition_codec)
		return conditions_text(member);
	if (field->type == CODEC_LIST)
		return names_text(member, field->sub);
	return codec_member_text(field, object);
}

static const struct codec_field *find_section(const char *name, struct ticket_error *err)
{
	const char *names[64], *near;
	_cleanup_buf_ struct buf all = {0};
	size_t n = 0;

	for (const struct codec_field *field = policy_codec.fields; field->key; field++) {
		if (field->type != CODEC_LIST)
			continue;
		if (strcmp(field->key, name) == 0)
			return field;
		if (n < ARRAY_SIZE(names))
			names[n++] = field->key;
		buf_addf(&all, "%s%s", all.n ? ", " : "", field->key);
	}
	near = text_nearest(name, names, n);
	if (near)
		ticket_fail(err, TICKET_NOTFOUND, "a policy has no list '%s'; did you mean '%s'? its lists are %s", name, near, all.p);
	else
		ticket_fail(err, TICKET_NOTFOUND, "a policy has no list '%s'; its lists are %s", name, all.p);
	return NULL;
}

int policy_section(const struct policy *policy, const char *section, const char *language, struct texts *columns, struct texts *cells, struct ticket_error *err)
{
	const struct codec_field *list_field = find_section(section, err);
	const struct any_list *list;

	if (!list_field)
		return TICKET_NOTFOUND;
	list = (const struct any_list *)((const char *)policy + list_field->offset);
	for (const struct codec_field *field = list_field->sub->fields; field->key; field++)
		for (size_t i = 0; i < list->n; i++)
			if (codec_member_present(field, item(list, list_field->sub, i))) {
				texts_add(columns, field->key);
				break;
			}
	for (size_t i = 0; i < list->n; i++)
		for (size_t c = 0; c < columns->n; c++) {
			_cleanup_free_ char *text = cell(policy, codec_field(list_field->sub, columns->v[c]), item(list, list_field->sub, i), language);

			texts_add(cells, text);
		}
	return 0;
}
