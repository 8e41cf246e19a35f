/* SPDX-License-Identifier: MIT */
/* What customers answered, and who was helped at first contact. */
#include "report/report.h"

static const struct column_rule figure_columns[] = {{"figure", {"Figure", "指标"}, REPORT_TEXT}, {"value", {"Value", "数值"}, REPORT_NUMBER}};

static struct report_cell *figure_row(struct material *m, struct report_section *section, const char *name, struct words title)
{
	struct report_cell *cells = section_row(section);

	cell_text(&cells[0], name, say(m, title));
	return &cells[1];
}

void make_first_contact(struct material *m)
{
	struct report_section *section = section_add(m, "first_contact", (struct words){"Resolved at first contact", "一次成功率"}, figure_columns, ARRAY_SIZE(figure_columns));
	struct report_cell *closed, *first, *share;

	closed = figure_row(m, section, "resolved", (struct words){"Resolved", "已解决"});
	first = figure_row(m, section, "first_contact", (struct words){"At first contact", "一次解决"});
	share = figure_row(m, section, "share", (struct words){"Share", "占比"});
	cell_count(closed);
	cell_count(first);
	for (size_t i = 0; i < m->now.n; i++) {
		if (fact_closed(&m->now.v[i]))
			cell_counted(closed, (uint32_t)i);
		if (fact_first_contact(&m->now.v[i]))
			cell_counted(first, (uint32_t)i);
	}
	cell_share(share, first->value, closed->value);
	note_add(section, "%s", say(m, (struct words){"One answer, plan or progress entry at most until it was resolved, and no further message, wait, escalation, dispute or reopening.",
						      "解决前至多一次答复、方案或进展，且客户没有再次来访，没有等待、升级、异议或重新打开。"}));
}

static void note_held(const struct material *m, struct report_section *section)
{
	static const struct {
		const char *period;
		struct words words;
	} rules[] = {
		{"day", {"Answers held back in the ballot box: %zu. Groups of at least %zu come out of it at the end of a day.", "另有 %zu 份匿名答复留在投票箱中；满 %zu 份后于每日结束时一并公布。"}},
		{"week", {"Answers held back in the ballot box: %zu. Groups of at least %zu come out of it at the end of a week.", "另有 %zu 份匿名答复留在投票箱中；满 %zu 份后于每周结束时一并公布。"}},
		{"month", {"Answers held back in the ballot box: %zu. Groups of at least %zu come out of it at the end of a month.", "另有 %zu 份匿名答复留在投票箱中；满 %zu 份后于每月结束时一并公布。"}},
		{NULL, {"Answers held back in the ballot box: %zu. They come out of it as soon as they are a group of %zu.", "另有 %zu 份匿名答复留在投票箱中；满 %zu 份后一并公布。"}},
	};
	size_t i = 0;

	while (rules[i].period && !text_equal(rules[i].period, m->policy->survey.period))
		i++;
	note_add(section, say(m, rules[i].words), m->held, survey_group_size(m->policy));
}

/* What a reader must know of answers without a name. */
static void note_unnamed(const struct material *m, struct report_section *section)
{
	if (!m->policy->survey.anonymous && !m->unnamed.groups.n)
		return;
	if (m->narrowed)
		note_add(section, "%s", say(m, (struct words){"This report is narrowed to some tickets: answers without a name are left out, since nothing leads from them to a ticket.",
							      "本报告限定了工单范围：匿名答复不对应任何工单，未计入。"}));
	else if (m->held_known && m->held)
		note_held(m, section);
	note_add(section, "%s", say(m, (struct words){"Answers without a name count in the period in which their group came out.", "匿名答复计入其所在批次公布的时段。"}));
}

static void take_answers(struct material *m, struct report_cell *cells[5], struct sample_of *scores)
{
	for (size_t i = 0; i < m->now.n; i++) {
		const struct fact *fact = &m->now.v[i];

		if (fact->surveyed)
			cell_counted(cells[0], (uint32_t)i);
		if (fact->answered)
			cell_counted(cells[1], (uint32_t)i);
		if (fact->scores.n)
			cell_counted(cells[2], (uint32_t)i);
		if (fact->low)
			cell_counted(cells[3], (uint32_t)i);
		if (fact->low && fact->low_followed_up)
			cell_counted(cells[4], (uint32_t)i);
		for (size_t s = 0; s < fact->scores.n; s++)
			sample_take(scores, fact->scores.v[s].score, (uint32_t)i);
	}
	for (size_t i = 0; i < m->unnamed.answers.n; i++) {
		const struct unnamed_answer *answer = &m->unnamed.answers.v[i];

		if (answer->low)
			cell_counted(cells[3], NO_TICKET);
		for (size_t s = 0; s < answer->scores.n; s++)
			sample_take(scores, answer->scores.v[s].score, NO_TICKET);
	}
}

void make_csat(struct material *m)
{
	struct report_section *section = section_add(m, "survey", (struct words){"Survey", "满意度调查"}, figure_columns, ARRAY_SIZE(figure_columns));
	struct report_cell *sent, *answered, *share, *named, *unnamed, *mean, *satisfied, *low, *followed;
	struct sample_of scores = {0};
	double all;

	sent = figure_row(m, section, "surveyed", (struct words){"Tickets surveyed", "调查工单"});
	answered = figure_row(m, section, "answered", (struct words){"Answered", "已答复"});
	share = figure_row(m, section, "response_rate", (struct words){"Response rate", "回收率"});
	named = figure_row(m, section, "named", (struct words){"Answers by name", "署名答复"});
	unnamed = figure_row(m, section, "unnamed", (struct words){"Answers without a name, as they came out", "已公布的匿名答复"});
	mean = figure_row(m, section, "score_mean", (struct words){"Mean score", "平均分"});
	satisfied = figure_row(m, section, "satisfaction", (struct words){"Share satisfied", "满意率"});
	low = figure_row(m, section, "low", (struct words){"Low scores", "低分"});
	followed = figure_row(m, section, "low_followed_up", (struct words){"Low scores by name, followed up", "署名低分已回访"});
	cell_count(sent);
	cell_count(answered);
	cell_count(named);
	cell_count(low);
	cell_count(followed);
	take_answers(m, (struct report_cell *[]){sent, answered, named, low, followed}, &scores);
	cell_set(unnamed, REPORT_COUNT, !m->narrowed, (double)m->unnamed.answers.n);
	all = named->value + unnamed->value;
	cell_share(share, answered->value, sent->value);
	cell_sample(mean, REPORT_SCORE, &scores, -1);
	cell_share(satisfied, all - low->value, all);
	sample_release(&scores);
	if (answered->value == 0 && unnamed->value == 0)
		note_add(section, "%s", say(m, (struct words){"Nobody has answered a survey in this period.", "本期没有调查答复。"}));
	note_unnamed(m, section);
}

/* The words of a score in the report's language: "satisfied". NULL when the policy has none. */
static const char *score_words(const struct material *m, int64_t score)
{
	_cleanup_free_ char *key = xasprintf("%s:%lld", text_equal(m->language, "zh") ? "zh" : "en", (long long)score);

	return pairs_get(&m->policy->survey.words, key);
}

void make_scores(struct material *m)
{
	static const struct column_rule columns[] = {{"score", {"Score", "分值"}, REPORT_TEXT}, {"answers", {"Answers", "答复数"}, REPORT_COUNT}, {"share", {"Share", "占比"}, REPORT_SHARE}};
	struct report_section *section = section_add(m, "scores", (struct words){"Distribution of scores", "分值分布"}, columns, ARRAY_SIZE(columns));
	const struct survey_rule *survey = &m->policy->survey;
	double all = 0;

	section->chart = CHART_BARS;
	section->chart_column = 1;
	if (!survey->questions.n || survey->scale_max < survey->scale_min || survey->scale_max - survey->scale_min > 100) {
		note_add(section, "%s", say(m, (struct words){"The policy has no survey.", "规则中没有满意度调查。"}));
		return;
	}
	for (int64_t score = survey->scale_max; score >= survey->scale_min; score--) {
		struct report_cell *cells = section_row(section);
		const char *words = score_words(m, score);
		_cleanup_free_ char *name = xasprintf("%lld", (long long)score), *label = words ? xasprintf("%lld %s", (long long)score, words) : NULL;

		cell_text(&cells[0], name, label);
		cell_count(&cells[1]);
	}
	for (size_t i = 0; i < m->now.n; i++)
		for (size_t s = 0; s < m->now.v[i].scores.n; s++) {
			int64_t row = survey->scale_max - (int64_t)m->now.v[i].scores.v[s].score;

			if (row >= 0 && (size_t)row < section->rows.n) {
				cell_counted(&section->rows.v[row].cells[1], (uint32_t)i);
				all++;
			}
		}
	for (size_t i = 0; i < m->unnamed.answers.n; i++)
		for (size_t s = 0; s < m->unnamed.answers.v[i].scores.n; s++) {
			int64_t row = survey->scale_max - (int64_t)m->unnamed.answers.v[i].scores.v[s].score;

			if (row >= 0 && (size_t)row < section->rows.n) {
				cell_counted(&section->rows.v[row].cells[1], NO_TICKET);
				all++;
			}
		}
	for (size_t r = 0; r < section->rows.n; r++)
		cell_share(&section->rows.v[r].cells[2], section->rows.v[r].cells[1].value, all);
}

static void take_question(const struct material *m, double value, uint32_t ticket, struct sample_of *scores, struct report_cell *cells)
{
	sample_take(scores, value, ticket);
	cell_counted(&cells[3], ticket);
	if (value <= (double)m->policy->survey.low)
		cell_counted(&cells[4], ticket);
}

void make_questions(struct material *m)
{
	static const struct column_rule columns[] = {{"question", {"Question", "题目"}, REPORT_TEXT}, {"mean", {"Mean", "平均分"}, REPORT_SCORE}, {"median", {"Median", "中位数"}, REPORT_SCORE},
						     {"answers", {"Answers", "答复数"}, REPORT_COUNT}, {"low", {"Low", "低分"}, REPORT_COUNT}, {"low_share", {"Share low", "低分占比"}, REPORT_SHARE}};
	struct report_section *section = section_add(m, "questions", (struct words){"By question", "各题得分"}, columns, ARRAY_SIZE(columns));

	section->chart = CHART_BARS;
	section->chart_column = 1;
	for (size_t q = 0; q < m->policy->survey.questions.n; q++) {
		const struct question *question = &m->policy->survey.questions.v[q];
		struct report_cell *cells = section_row(section);
		struct sample_of scores = {0};

		cell_text(&cells[0], question->name, policy_label(m->policy, &question->labels, m->language, question->name));
		cell_count(&cells[3]);
		cell_count(&cells[4]);
		for (size_t i = 0; i < m->now.n; i++)
			for (size_t s = 0; s < m->now.v[i].scores.n; s++)
				if (text_equal(m->now.v[i].scores.v[s].question, question->name))
					take_question(m, m->now.v[i].scores.v[s].score, (uint32_t)i, &scores, cells);
		for (size_t i = 0; i < m->unnamed.answers.n; i++)
			for (size_t s = 0; s < m->unnamed.answers.v[i].scores.n; s++)
				if (text_equal(m->unnamed.answers.v[i].scores.v[s].question, question->name))
					take_question(m, m->unnamed.answers.v[i].scores.v[s].score, NO_TICKET, &scores, cells);
		cell_sample(&cells[1], REPORT_SCORE, &scores, -1);
		cell_sample(&cells[2], REPORT_SCORE, &scores, 0.5);
		cell_share(&cells[5], cells[4].value, cells[3].value);
		sample_release(&scores);
	}
}
