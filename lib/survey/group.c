/* SPDX-License-Identifier: MIT */
/* Groups of answers without a name, read back: surveys/YYYY/DATE-RANDOM.json. */
#include "survey/group.h"

#include "desk/codes.h"

static const struct codec_field group_fields[] = {
	FIELD(INT, struct survey_group, "format", format, CODEC_REQUIRED),
	FIELD(TEXT, struct survey_group, "from", from, 0),
	FIELD(TEXT, struct survey_group, "to", to, CODEC_REQUIRED),
	FIELD_SUB(LIST, struct survey_group, "answers", answers, CODEC_ROWS, &ballot_codec),
	FIELD(TEXTS, struct survey_group, "suggestions", suggestions, 0),
	CODEC_END,
};
const struct codec survey_group_codec = {"group of answers", sizeof(struct survey_group), group_fields, 1, offsetof(struct survey_group, extra), NULL};

void survey_group_release(struct survey_group *group)
{
	codec_release(&survey_group_codec, group);
	memset(group, 0, sizeof(*group));
}

size_t survey_group_size(const struct policy *policy)
{
	return policy->survey.group > 0 ? (size_t)policy->survey.group : SURVEY_GROUP;
}

bool ballot_is_low(const struct policy *policy, const struct ballot *ballot)
{
	for (size_t i = 0; i < ballot->scores.n; i++)
		if (strtod(ballot->scores.v[i].value, NULL) <= (double)policy->survey.low)
			return true;
	return false;
}

struct reading {
	struct desk *desk;
	const struct range *range;
	survey_group_visitor *visit;
	void *data;
};

static bool lies_in(const struct reading *reading, const struct survey_group *group)
{
	struct range day;

	if (!reading->range)
		return true;
	return range_period(&day, group->to, reading->desk->zone, reading->desk->context.now_s) && range_has(reading->range, day.from_s);
}

static int read_group(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	const struct reading *reading = data;
	_cleanup_buf_ struct buf text = {0};
	_cleanup_(survey_group_release) struct survey_group group = {0};
	struct ticket_error why = {0};
	int failed;

	if (entry->is_link || !text_ends(entry->name, ".json"))
		return 0;
	if ((failed = store_read_blob(reading->desk->store, &entry->id, &text, err)))
		return failed;
	if (codec_read(&survey_group_codec, &group, text.p ? text.p : "", text.n, entry->path, &why))
		return ticket_fail(err, TICKET_STORAGE, "%s", why.message);
	return lies_in(reading, &group) ? reading->visit(&group, entry->path, reading->data, err) : 0;
}

int survey_groups(struct desk *desk, const struct range *range, survey_group_visitor *visit, void *data, struct ticket_error *err)
{
	struct reading reading = {desk, range, visit, data};

	/* Names begin with the year and the day: git's order is that of the days. */
	return store_changes(desk->store, &(struct oid){{0}}, &desk->head.tree, SURVEYS_FOLDER, read_group, &reading, err);
}

int survey_ticket(struct desk *desk, const char *word, char **number, bool *coded, struct ticket_error *err)
{
	_cleanup_free_ char *code = codes_read(word);
	int failed;

	*number = NULL;
	*coded = false;
	if (code && (failed = codes_find(desk, code, number, err)))
		return failed;
	if (*number) {
		_cleanup_free_ char *known = *number;

		*coded = true;
		return desk_resolve(desk, known, number, err);
	}
	failed = desk_resolve(desk, word, number, err);
	if (failed == TICKET_NOTFOUND && code)
		return ticket_fail(err, TICKET_NOTFOUND, "nobody has the questionnaire '%s': it was used already, or its survey is over", word);
	return failed;
}
