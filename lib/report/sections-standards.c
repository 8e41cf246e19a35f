/* SPDX-License-Identifier: MIT */
/* The policy's standards (C16): each bar with its figure and whether it was reached. */
#include "report/report.h"

/* Every figure that a bar can be on is a sum over tickets divided by another. */
struct ratio {
	double part, whole;
	LIST(uint32_t) tickets;
};

static void ratio_clocks(const char *target, const struct fact *fact, double *part, double *whole)
{
	for (size_t i = 0; i < fact->clocks.n; i++) {
		const struct clock_fact *clock = &fact->clocks.v[i];
		bool met = clock->verdict == VERDICT_MET, late = clock->verdict == VERDICT_MET_LATE || clock->verdict == VERDICT_MISSED;

		if (target && !text_equal(clock->target, target))
			continue;
		*part += met ? (double)clock->count : 0;
		*whole += met || late ? (double)clock->count : 0;
	}
}

static void ratio_scores(const char *question, const struct fact *fact, double *part, double *whole)
{
	for (size_t i = 0; i < fact->scores.n; i++) {
		if (question && !text_equal(fact->scores.v[i].question, question))
			continue;
		*part += fact->scores.v[i].score;
		*whole += 1;
	}
}

static void ratio_time(bool known, double value, double *part, double *whole)
{
	*part = known ? value : 0;
	*whole = known;
}

/* What one ticket adds to a figure; false for a figure that cannot be computed from tickets. 'question': of the survey, NULL any. */
static bool figure_of(const struct standard *s, const struct fact *f, const char *question, double *part, double *whole)
{
	bool days = text_equal(s->unit, "working_days");

	*part = *whole = 0;
	if (text_starts(s->figure, "in_time"))
		ratio_clocks(s->figure[7] == ':' ? s->figure + 8 : NULL, f, part, whole);
	else if (text_equal(s->figure, "survey_score"))
		ratio_scores(question, f, part, whole);
	else if (text_equal(s->figure, "first_response") && !days)
		ratio_time(f->responded_s != TIME_NONE, (double)(f->responded_s - f->received_s), part, whole);
	else if (text_equal(s->figure, "handling_time"))
		ratio_time(fact_handling(f) >= 0, days ? (double)f->handling_days : (double)fact_handling(f), part, whole);
	else if (text_equal(s->figure, "receipt_lag") && !days)
		ratio_time(f->registered_s != TIME_NONE && f->registered_s >= f->received_s, (double)(f->registered_s - f->received_s), part, whole);
	else if (text_equal(s->figure, "first_contact"))
		ratio_time(fact_closed(f), fact_first_contact(f), part, whole);
	else if (text_equal(s->figure, "satisfaction"))
		ratio_time(f->scores.n > 0, !f->low, part, whole);
	else if (text_equal(s->figure, "survey_answered"))
		ratio_time(f->surveyed, f->answered, part, whole);
	else if (text_equal(s->figure, "chain_complete"))
		ratio_time(fact_closed(f), f->whole_chain, part, whole);
	else if (text_equal(s->figure, "repeat_share"))
		ratio_time(true, f->repeats || f->complaints, part, whole);
	else if (text_equal(s->figure, "reopened_share"))
		ratio_time(true, f->reopenings > 0, part, whole);
	else if (text_equal(s->figure, "fields_filled"))
		*part = (double)f->fields_filled, *whole = (double)f->fields;
	else if (text_equal(s->figure, "key_fields_filled"))
		*part = (double)f->keys_filled, *whole = (double)f->keys;
	else
		return false;
	return true;
}

static enum report_kind kind_of(const char *unit)
{
	return text_equal(unit, "share") ? REPORT_SHARE : text_equal(unit, "seconds") ? REPORT_LENGTH : text_equal(unit, "score") ? REPORT_SCORE : REPORT_NUMBER;
}

static void bar_row(struct material *m, struct report_section *section, const struct standard *s, const char *group, const char *label, struct ratio *ratio, bool computed)
{
	struct report_cell *cells = section_row(section);
	bool known = computed && ratio->whole > 0, least = s->at_least > 0;
	double value = known ? ratio->part / ratio->whole : 0;
	/* 0.9 as a sum of parts may come out a hair below 0.9. */
	bool met = known && (!least || value >= s->at_least - 1e-9) && (s->at_most <= 0 || value <= s->at_most + 1e-9);

	cell_text(&cells[0], s->name, policy_label(m->policy, &s->labels, m->language, s->name));
	cell_text(&cells[1], group, label);
	cell_set(&cells[2], kind_of(s->unit), known, value);
	cell_text(&cells[3], least ? "at_least" : "at_most", say(m, least ? (struct words){"at least", "不低于"} : (struct words){"at most", "不超过"}));
	cell_set(&cells[4], kind_of(s->unit), true, least ? s->at_least : s->at_most);
	if (!computed)
		cell_text(&cells[5], "not_computed", say(m, (struct words){"not computed", "未计算"}));
	else if (!known)
		cell_text(&cells[5], "no_data", say(m, (struct words){"no data", "无数据"}));
	else
		cell_text(&cells[5], met ? "met" : "not_met", say(m, met ? (struct words){"met", "达标"} : (struct words){"not met", "未达标"}));
	cells[2].tickets.v = steal_ptr(ratio->tickets.v);
	cells[2].tickets.n = ratio->tickets.n;
}

static bool is_in_group(const struct grouped *groups, size_t ticket, size_t group)
{
	for (size_t j = groups->first[ticket]; j < groups->first[ticket + 1]; j++)
		if (groups->at[j] == group)
			return true;
	return false;
}

static void take_group(struct material *m, size_t at, enum grouping by, size_t group, const char *question, struct ratio *ratio, bool *computed)
{
	const struct grouped *groups = by == GROUPINGS ? NULL : group_by(m, by);

	for (size_t i = 0; i < m->now.n; i++) {
		const struct fact *fact = &m->now.v[i];
		double part, whole;

		if (!fact->standards[at])
			continue;
		if (groups && !is_in_group(groups, i, group))
			continue;
		if (!figure_of(&m->policy->standards.v[at], fact, question, &part, &whole)) {
			*computed = false;
			break;
		}
		ratio->part += part;
		ratio->whole += whole;
		if (whole > 0)
			*list_push(&ratio->tickets) = (uint32_t)i;
	}
}

/* Answers without a name count where nothing but their category is asked of them; false: they had to be left out. */
static bool take_unnamed(const struct material *m, const struct standard *s, enum grouping by, const char *group, const char *question, struct ratio *ratio)
{
	bool satisfaction = text_equal(s->figure, "satisfaction"), score = text_equal(s->figure, "survey_score");

	if (!satisfaction && !score)
		return true;
	if (s->when.n || (by != GROUPINGS && by != BY_CATEGORY))
		return !m->unnamed.answers.n;
	for (size_t i = 0; i < m->unnamed.answers.n; i++) {
		const struct unnamed_answer *answer = &m->unnamed.answers.v[i];

		if (by == BY_CATEGORY && !text_equal(answer->category ? answer->category : "", group))
			continue;
		ratio->whole += satisfaction;
		ratio->part += satisfaction && !answer->low;
		for (size_t q = 0; score && q < answer->scores.n; q++)
			if (!question || text_equal(question, answer->scores.v[q].question)) {
				ratio->whole += 1;
				ratio->part += answer->scores.v[q].score;
			}
	}
	return true;
}

static void add_bar(struct material *m, struct report_section *section, size_t at)
{
	const struct standard *s = &m->policy->standards.v[at];
	bool questions = text_equal(s->by, "question");
	enum grouping by = questions || !s->by ? GROUPINGS : grouping_from(s->by);
	double part, whole;
	bool computed = figure_of(s, &(struct fact){.responded_s = TIME_NONE, .registered_s = TIME_NONE, .resolved_s = TIME_NONE}, NULL, &part, &whole);
	struct texts all = {0};
	bool whole_picture = true;

	if (desk_ratio(m, s->figure, &part, &whole)) {
		bar_row(m, section, s, "", say(m, (struct words){"all", "全部"}), &(struct ratio){part, whole}, true);
		return;
	}
	if (questions)
		for (size_t i = 0; i < m->policy->survey.questions.n; i++)
			texts_add(&all, m->policy->survey.questions.v[i].name);
	else if (by != GROUPINGS)
		for (size_t i = 0; i < group_by(m, by)->all.n; i++)
			texts_add(&all, group_by(m, by)->all.v[i]);
	if (!all.n)
		texts_add(&all, "");
	for (size_t i = 0; i < all.n; i++) {
		struct ratio ratio = {0};
		const struct question *question = questions && i < m->policy->survey.questions.n ? &m->policy->survey.questions.v[i] : NULL;
		const char *label = question ? policy_label(m->policy, &question->labels, m->language, question->name) :
				    by != GROUPINGS && m->now.n ? group_label(m, by, all.v[i]) : say(m, (struct words){"all", "全部"});

		take_group(m, at, by, i, question ? question->name : NULL, &ratio, &computed);
		whole_picture &= take_unnamed(m, s, by, all.v[i], question ? question->name : NULL, &ratio);
		bar_row(m, section, s, all.v[i], label, &ratio, computed);
	}
	if (!whole_picture)
		note_add(section, text_equal(m->language, "zh") ? "“%s”仅含署名的答复：匿名答复不对应任何工单。" :
			 "'%s' is only of answers that were given by name: nothing leads from the others to a ticket.",
			 policy_label(m->policy, &s->labels, m->language, s->name));
	if (!computed)
		note_add(section, text_equal(m->language, "zh") ? "“%s”无法计算：该指标不以此单位计。" : "'%s' cannot be computed: the figure is not counted in this unit.",
			 policy_label(m->policy, &s->labels, m->language, s->name));
	texts_release(&all);
}

void make_standards(struct material *m)
{
	static const struct column_rule columns[] = {
		{"standard", {"Standard", "标准"}, REPORT_TEXT}, {"group", {"Of", "范围"}, REPORT_TEXT}, {"figure", {"Figure", "实际"}, REPORT_NUMBER}, {"bound", {"Must be", "要求"}, REPORT_TEXT},
		{"bar", {"Bar", "标准值"}, REPORT_NUMBER}, {"verdict", {"Verdict", "结论"}, REPORT_TEXT},
	};
	struct report_section *section = section_add(m, "standards", (struct words){"Standards", "质量标准"}, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < m->policy->standards.n; i++)
		add_bar(m, section, i);
	if (!m->policy->standards.n)
		note_add(section, "%s", say(m, (struct words){"The policy sets no standards.", "规则中没有设定标准。"}));
}
