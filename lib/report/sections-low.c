/* SPDX-License-Identifier: MIT */
/* What low scores led to, what customers ask for again and again, and how each question goes from week to week (B7–B9). */
#include "report/report.h"

#include <math.h>

/* --- low scores ---------------------------------------------------------------------------------------------------- */

static double least_score(const struct fact *fact)
{
	double least = 0;

	for (size_t s = 0; s < fact->scores.n; s++)
		least = s == 0 || fact->scores.v[s].score < least ? fact->scores.v[s].score : least;
	return least;
}

static void low_row(struct material *m, struct report_section *section, uint32_t at)
{
	const struct fact *fact = &m->now.v[at];
	struct report_cell *cells = section_row(section);
	const struct choice *cause = fact->low_cause ? policy_choice(&m->policy->causes, fact->low_cause) : NULL;
	bool done = fact->low_followed_up > 0;

	cell_text(&cells[0], fact->id, NULL);
	*list_push(&cells[0].tickets) = at;
	cell_set(&cells[1], REPORT_SCORE, true, least_score(fact));
	cell_text(&cells[2], fact->assignee, NULL);
	cell_text(&cells[3], fact->remark, NULL);
	cell_text(&cells[4], done ? "yes" : "no", say(m, done ? (struct words){"yes", "是"} : (struct words){"no", "否"}));
	cell_time(&cells[5], fact->low_contacted_s);
	cell_text(&cells[6], fact->low_cause, cause ? policy_label(m->policy, &cause->labels, m->language, cause->name) : NULL);
	cell_text(&cells[7], done ? fact->feedback : NULL, NULL);
	cell_text(&cells[8], done ? fact->satisfied : NULL, done && fact->satisfied ? policy_word(m->policy, m->language, fact->satisfied) : NULL);
}

void make_low(struct material *m)
{
	static const struct column_rule columns[] = {
		{"number", {"Ticket", "工单号"}, REPORT_TEXT}, {"score", {"Lowest score", "最低分"}, REPORT_SCORE}, {"handler", {"Handler", "处理人"}, REPORT_TEXT},
		{"said", {"What the customer said", "客户意见"}, REPORT_TEXT}, {"followed_up", {"Followed up", "已回访"}, REPORT_TEXT}, {"contacted", {"Contacted", "回访时间"}, REPORT_TIME},
		{"cause", {"Cause", "原因"}, REPORT_TEXT}, {"done", {"What came of it", "回访记录"}, REPORT_TEXT}, {"satisfied", {"Then satisfied", "回访满意"}, REPORT_TEXT},
	};
	struct report_section *section = section_add(m, "low_scores", (struct words){"Low scores, and what was done", "低分明细及处理"}, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < m->now.n; i++)
		if (m->now.v[i].low)
			low_row(m, section, (uint32_t)i);
	if (!section->rows.n && m->policy->survey.anonymous)
		note_add(section, "%s", say(m, (struct words){"No low score was given by name.", "没有署名的低分。"}));
}

void make_low_unnamed(struct material *m)
{
	static const struct column_rule columns[] = {
		{"from", {"From", "起"}, REPORT_TEXT}, {"to", {"To", "止"}, REPORT_TEXT}, {"answers", {"Answers", "答复数"}, REPORT_COUNT}, {"low", {"Low", "低分"}, REPORT_COUNT},
		{"low_share", {"Share low", "低分占比"}, REPORT_SHARE},
	};
	struct report_section *section;

	if (!m->policy->survey.anonymous && !m->unnamed.groups.n)
		return;
	section = section_add(m, "groups_without_name", (struct words){"Groups of answers without a name", "匿名答复各批次"}, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < m->unnamed.groups.n; i++) {
		const struct unnamed_group *group = &m->unnamed.groups.v[i];
		struct report_cell *cells = section_row(section);

		cell_text(&cells[0], group->from, NULL);
		cell_text(&cells[1], group->to, NULL);
		cell_set(&cells[2], REPORT_COUNT, true, (double)group->answers);
		cell_set(&cells[3], REPORT_COUNT, true, (double)group->low);
		cell_share(&cells[4], (double)group->low, (double)group->answers);
	}
	if (section->rows.n)
		note_add(section, "%s", say(m, (struct words){"Whose answers these are, nobody can say: what can be done is to look at the question, or to talk to all who were asked.",
							      "无法得知是谁的答复：可以针对题目改进，或回访全部受访客户。"}));
	else
		note_add(section, "%s", say(m, (struct words){"No group came out of the ballot box in this period.", "本期没有公布的批次。"}));
}

/* --- suggestions --------------------------------------------------------------------------------------------------- */

#define MOST_PHRASES 15

void make_suggestions(struct material *m)
{
	static const struct column_rule columns[] = {{"phrase", {"Said again and again", "高频建议"}, REPORT_TEXT}, {"answers", {"Answers", "答复数"}, REPORT_COUNT},
						     {"share", {"Share", "占比"}, REPORT_SHARE}, {"example", {"For example", "示例"}, REPORT_TEXT}};
	struct report_section *section = section_add(m, "suggestions", (struct words){"Most frequent suggestions", "最常见的建议"}, columns, ARRAY_SIZE(columns));
	struct texts said = {0};
	phrases found = {0};

	for (size_t i = 0; i < m->now.n; i++)
		if (m->now.v[i].remark && *m->now.v[i].remark)
			texts_add(&said, m->now.v[i].remark);
	for (size_t i = 0; i < m->unnamed.suggestions.n; i++)
		texts_add(&said, m->unnamed.suggestions.v[i]);
	phrases_find(&found, &said, MOST_PHRASES);
	for (size_t i = 0; i < found.n; i++) {
		struct report_cell *cells = section_row(section);

		cell_text(&cells[0], found.v[i].text, NULL);
		cell_set(&cells[1], REPORT_COUNT, true, (double)found.v[i].texts);
		cell_share(&cells[2], (double)found.v[i].texts, (double)said.n);
		cell_text(&cells[3], found.v[i].example, NULL);
	}
	if (said.n)
		note_add(section, text_equal(m->language, "zh") ? "共 %zu 条文字意见；仅一条中出现的说法不列出。" : "Of %zu remarks; what only one of them says is not listed.", said.n);
	phrases_release(&found);
	texts_release(&said);
}

/* --- week by week -------------------------------------------------------------------------------------------------- */

struct week {
	double sum;
	size_t n;
};

/* The week that a moment lies in, counted from the first; RECENT_WEEKS when in none. By the wall: a week in which clocks change is one. */
static size_t week_of(const struct material *m, int64_t at_s)
{
	int64_t wall_s = zone_wall(m->report->zone, at_s) - zone_wall(m->report->zone, m->recent_weeks.from_s);

	return range_has(&m->recent_weeks, at_s) && wall_s >= 0 && wall_s / (7 * 86400) < RECENT_WEEKS ? (size_t)(wall_s / (7 * 86400)) : RECENT_WEEKS;
}

static void count_list(const struct material *m, const facts *list, const char *question, struct week weeks[RECENT_WEEKS])
{
	for (size_t i = 0; i < list->n; i++) {
		size_t week = week_of(m, list->v[i].received_s);

		for (size_t s = 0; s < list->v[i].scores.n && week < RECENT_WEEKS; s++)
			if (text_equal(list->v[i].scores.v[s].question, question)) {
				weeks[week].sum += list->v[i].scores.v[s].score;
				weeks[week].n++;
			}
	}
}

static void count_weeks(const struct material *m, const char *question, struct week weeks[RECENT_WEEKS])
{
	count_list(m, &m->now, question, weeks);
	count_list(m, &m->before, question, weeks);
	count_list(m, &m->recent, question, weeks);
	for (size_t i = 0; i < m->unnamed_recent.answers.n; i++) {
		const struct unnamed_answer *answer = &m->unnamed_recent.answers.v[i];
		size_t week = week_of(m, answer->day_s);

		for (size_t s = 0; s < answer->scores.n && week < RECENT_WEEKS; s++)
			if (text_equal(answer->scores.v[s].question, question)) {
				weeks[week].sum += answer->scores.v[s].score;
				weeks[week].n++;
			}
	}
}

/* What a question must reach: the standard on it, else anything above a low score. '*above': it must be more, not as much. */
static double bar_of(const struct policy *policy, bool *above)
{
	*above = false;
	for (size_t i = 0; i < policy->standards.n; i++)
		if (text_equal(policy->standards.v[i].figure, "survey_score") && policy->standards.v[i].at_least > 0 && !policy->standards.v[i].when.n)
			return policy->standards.v[i].at_least;
	*above = true;
	return (double)policy->survey.low;
}

static bool week_is_low(const struct week *week, double bar, bool above)
{
	double mean = week->sum / (double)week->n;

	return above ? mean <= bar + 1e-9 : mean < bar - 1e-9;
}

static void weekly_row(struct material *m, struct report_section *section, const struct question *question)
{
	struct week weeks[RECENT_WEEKS] = {{0, 0}};
	struct report_cell *cells = section_row(section);
	_cleanup_buf_ struct buf course = {0};
	size_t low = 0, answered = 0, last = RECENT_WEEKS;
	double bar;
	bool above;

	count_weeks(m, question->name, weeks);
	bar = bar_of(m->policy, &above);
	for (size_t w = 0; w < RECENT_WEEKS; w++) {
		buf_puts(&course, w ? "  " : "");
		if (!weeks[w].n) {
			buf_puts(&course, "–");
			continue;
		}
		buf_addf(&course, "%.1f", weeks[w].sum / (double)weeks[w].n);
		answered++;
		low = week_is_low(&weeks[w], bar, above) ? low + 1 : 0; /* in a row, up to the last; a week without answers says nothing */
		last = w;
	}
	cell_text(&cells[0], question->name, policy_label(m->policy, &question->labels, m->language, question->name));
	cell_text(&cells[1], course.p, NULL);
	cell_set(&cells[2], REPORT_SCORE, last < RECENT_WEEKS, last < RECENT_WEEKS ? weeks[last].sum / (double)weeks[last].n : 0);
	cell_set(&cells[3], REPORT_SCORE, true, bar);
	cell_set(&cells[4], REPORT_COUNT, true, (double)answered);
	cell_set(&cells[5], REPORT_COUNT, true, (double)low);
	if (!answered)
		cell_text(&cells[6], "no_data", say(m, (struct words){"no data", "无数据"}));
	else if (low >= 2)
		cell_text(&cells[6], "stays_low", say(m, (struct words){"stays low", "持续偏低"}));
	else
		cell_text(&cells[6], low ? "low" : "good", say(m, low ? (struct words){"low", "偏低"} : (struct words){"good", "正常"}));
}

void make_weekly(struct material *m)
{
	static const struct column_rule columns[] = {
		{"question", {"Question", "题目"}, REPORT_TEXT}, {"weeks", {"Mean of each week, the latest last", "各周平均分（最近一周在末）"}, REPORT_TEXT},
		{"latest", {"Latest", "最近"}, REPORT_SCORE}, {"bar", {"Bar", "标准值"}, REPORT_SCORE}, {"answered_weeks", {"Weeks with answers", "有答复的周数"}, REPORT_COUNT},
		{"low_weeks", {"Low in a row", "连续偏低周数"}, REPORT_COUNT}, {"verdict", {"Verdict", "结论"}, REPORT_TEXT},
	};
	struct report_section *section = section_add(m, "question_weeks", (struct words){"Questions, week by week", "各题每周得分"}, columns, ARRAY_SIZE(columns));

	for (size_t q = 0; q < m->policy->survey.questions.n; q++)
		weekly_row(m, section, &m->policy->survey.questions.v[q]);
	if (!m->policy->survey.questions.n) {
		note_add(section, "%s", say(m, (struct words){"The policy has no survey.", "规则中没有满意度调查。"}));
		return;
	}
	note_add(section, text_equal(m->language, "zh") ? "最近 %d 周，按受理时间（匿名答复按公布日期）；连续两周及以上低于标准即为持续偏低。" :
		 "The last %d weeks by time of receipt (of answers without a name: of the day they came out); low in two weeks running or more stays low.", RECENT_WEEKS);
}
