/* SPDX-License-Identifier: MIT */
/* The doctor on names and labels: given once, in every language; numbers and zone that the desk can work with. */
#include "model/doctor.h"

#include "model/number.h"
#include "ticket/text.h"

#include <ctype.h>

/* Lists whose items begin with their name. */
#define SECTION(member, type, unique) {#member, offsetof(struct policy, member), sizeof(type), -1, unique}
#define LABELLED(member, type, unique) {#member, offsetof(struct policy, member), sizeof(type), offsetof(type, labels), unique}
static const struct section {
	const char *key;
	size_t offset, item_size;
	ptrdiff_t labels;
	bool unique;
} sections[] = {
	SECTION(people, struct person, true),           LABELLED(roles, struct role, true),
	LABELLED(groups, struct group, true),           LABELLED(fields, struct field_rule, false),
	LABELLED(targets, struct target, false),        SECTION(ladder, struct ladder_step, true),
	LABELLED(statuses, struct status, true),        LABELLED(standards, struct standard, true),
	LABELLED(alarms, struct alarm, true),           LABELLED(samples, struct sample, true),
	LABELLED(visits, struct visit_rule, true),      LABELLED(reports, struct report_rule, true),
	SECTION(notices, struct notice_rule, true),     SECTION(templates, struct template, true),
	SECTION(queries, struct saved_query, true),     LABELLED(action_ladder, struct action_step, true),
};

static const struct {
	const char *key;
	size_t offset;
} lists[] = {
	{"channels", offsetof(struct policy, channels)},     {"types", offsetof(struct policy, types)},
	{"categories", offsetof(struct policy, categories)}, {"grades", offsetof(struct policy, grades)},
	{"priorities", offsetof(struct policy, priorities)}, {"risks", offsetof(struct policy, risks)},
	{"departments", offsetof(struct policy, departments)}, {"causes", offsetof(struct policy, causes)},
	{"doings", offsetof(struct policy, doings)},
};

static const char *item_name(const struct any_list *list, size_t item_size, size_t i)
{
	return *(char *const *)((const char *)list->v + i * item_size);
}

static void check_unique(struct doctor *d, const char *key, const struct any_list *list, size_t item_size)
{
	for (size_t i = 1; i < list->n; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(item_name(list, item_size, i), item_name(list, item_size, k)) == 0) {
				_cleanup_free_ char *where = doctor_path(key, i, "name");

				doctor_find(d, false, where, "the name '%s' is given twice, first in %s[%zu]", item_name(list, item_size, i), key, k);
				break;
			}
}

/* The languages of a policy are those of its titles. */
static void check_labels(struct doctor *d, const char *where, const struct pairs *labels, bool owed)
{
	const struct pairs *languages = (const struct pairs *)&d->policy->titles;

	for (size_t i = 0; (owed || labels->n) && i < languages->n; i++)
		if (!pairs_get(labels, languages->v[i].key))
			doctor_find(d, false, where, "this is not given in '%s', a language of the titles", languages->v[i].key);
}

static void check_choices(struct doctor *d, const char *key, const choices *list)
{
	check_unique(d, key, (const struct any_list *)list, sizeof(*list->v));
	for (size_t i = 0; i < list->n; i++) {
		_cleanup_free_ char *labels = doctor_path(key, i, "labels"), *description = doctor_path(key, i, "description");
		_cleanup_free_ char *children = doctor_path(key, i, "children");

		check_labels(d, labels, &list->v[i].labels, true);
		check_labels(d, description, &list->v[i].description, false);
		check_choices(d, children, (const choices *)&list->v[i].children);
	}
}

static void check_sections(struct doctor *d)
{
	for (size_t s = 0; s < ARRAY_SIZE(sections); s++) {
		const struct section *section = &sections[s];
		const struct any_list *list = (const struct any_list *)((const char *)d->policy + section->offset);

		if (section->unique)
			check_unique(d, section->key, list, section->item_size);
		for (size_t i = 0; section->labels >= 0 && i < list->n; i++) {
			_cleanup_free_ char *where = doctor_path(section->key, i, "labels");

			check_labels(d, where, (const struct pairs *)((const char *)list->v + i * section->item_size + section->labels), true);
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		check_choices(d, lists[i].key, (const choices *)((const char *)d->policy + lists[i].offset));
}

/* Each word of the engine in each language. */
static void check_words(struct doctor *d)
{
	const struct pairs *words = &d->policy->words, *languages = &d->policy->titles;

	for (size_t i = 0; i < words->n; i++) {
		const char *word = strchr(words->v[i].key, ':');

		if (!word) {
			doctor_find(d, false, "words", "'%s' must be LANGUAGE:WORD, such as 'en:assigned'", words->v[i].key);
			continue;
		}
		for (size_t k = 0; k < languages->n; k++) {
			_cleanup_free_ char *key = xasprintf("%s%s", languages->v[k].key, word);

			if (!pairs_get(words, key))
				doctor_find(d, false, "words", "'%s' has no label in '%s'", word + 1, languages->v[k].key);
		}
	}
}

static void check_survey_labels(struct doctor *d)
{
	const struct survey_rule *survey = &d->policy->survey;

	check_unique(d, "survey.questions", (const struct any_list *)&survey->questions, sizeof(*survey->questions.v));
	for (size_t i = 0; i < survey->questions.n; i++) {
		_cleanup_free_ char *where = doctor_path("survey.questions", i, "labels");

		check_labels(d, where, &survey->questions.v[i].labels, true);
	}
}

static void check_placeholders(struct doctor *d, const char *where, const struct pairs *texts)
{
	static const char *const known[] = {"number", "subject", "customer", "channel", "priority", "state",     "assignee", "group", "target", "due",
					    "late",   "reason",  "level",    "eta",     "text",     "recipient", "count",    "name",  "questionnaire", NULL};

	for (size_t i = 0; i < texts->n; i++)
		for (const char *p = texts->v[i].value; (p = strchr(p, '{')); p++) {
			size_t n = strspn(p + 1, "abcdefghijklmnopqrstuvwxyz_");
			_cleanup_free_ char *word = xstrndup(p + 1, n);

			if (n && p[n + 1] == '}')
				doctor_word(d, where, "placeholder", word, known);
		}
}

static void check_templates(struct doctor *d)
{
	for (size_t i = 0; i < d->policy->templates.n; i++) {
		const struct template *template = &d->policy->templates.v[i];
		_cleanup_free_ char *subject = doctor_path("templates", i, "subject"), *body = doctor_path("templates", i, "body");

		check_labels(d, subject, &template->subject, false);
		check_labels(d, body, &template->body, true);
		check_placeholders(d, subject, &template->subject);
		check_placeholders(d, body, &template->body);
	}
}

/* --- numbers --------------------------------------------------------------------------------------------------- */

static bool any_format_has_channel(const struct policy *policy)
{
	bool has = number_has_channel(policy->number.format);

	for (size_t i = 0; i < policy->number.former.n; i++)
		has |= number_has_channel(policy->number.former.v[i]);
	return has;
}

/* Two codes that the digits behind them could turn into each other: "1" before a serial "2…" and "12". */
static bool codes_clash(const char *a, const char *b)
{
	size_t n = strlen(a);

	if (strncmp(a, b, n) != 0)
		return false;
	for (b += n; *b; b++)
		if (!isdigit((unsigned char)*b))
			return false;
	return true;
}

static void check_codes(struct doctor *d)
{
	const choices *channels = &d->policy->channels;
	bool used = any_format_has_channel(d->policy);

	for (size_t i = 0; i < channels->n; i++) {
		const char *code = channels->v[i].code;
		_cleanup_free_ char *where = doctor_path("channels", i, "code");

		if (!code) {
			if (used)
				doctor_find(d, true, where, "the number format holds {channel}, but channel '%s' has no code", channels->v[i].name);
			continue;
		}
		for (size_t k = 0; k < channels->n; k++) {
			const char *other = channels->v[k].code;

			if (k < i && other && strcmp(code, other) == 0)
				doctor_find(d, used, where, "channels '%s' and '%s' have the same code '%s'", channels->v[k].name, channels->v[i].name, code);
			else if (k != i && other && used && strcmp(code, other) != 0 && codes_clash(code, other))
				doctor_find(d, true, where, "numbers cannot be told apart: the code '%s' of channel '%s' begins the code '%s' of channel '%s'", code,
					    channels->v[i].name, other, channels->v[k].name);
		}
	}
}

static void check_head(struct doctor *d)
{
	const struct policy *p = d->policy;
	struct ticket_error err = {0};
	struct zone *zone;

	if (zone_open(&zone, p->time_zone, &err))
		doctor_find(d, true, "time_zone", "%s", err.message);
	else
		zone_free(zone);
	if (p->language && p->titles.n && !pairs_get(&p->titles, p->language))
		doctor_find(d, false, "language", "'%s' is no language of the titles", p->language);
	if (!number_check_format(p->number.format, &err))
		check_codes(d);
	else
		doctor_find(d, true, "number.format", "%s", err.message);
	doctor_choice(d, "default_priority", "priority of this policy", p->default_priority, &p->priorities);
	doctor_choice(d, "default_grade", "grade of this policy", p->default_grade, &p->grades);
	doctor_choice(d, "default_risk", "risk of this policy", p->default_risk, &p->risks);
	if (p->clock_skew.set)
		doctor_length(d, "clock_skew", &p->clock_skew, false);
}

void doctor_names(struct doctor *d)
{
	check_head(d);
	check_sections(d);
	check_survey_labels(d);
	check_templates(d);
	check_words(d);
}
