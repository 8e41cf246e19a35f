/* SPDX-License-Identifier: MIT */
/* What the desk as a whole owed and did: reports on time (C16), samples (C11), inspections (C19). */
#include "report/report.h"

#define LISTED_MOST 500 /* remarks are for reading */

/* --- duties ------------------------------------------------------------------------------------------------------ */

/* A duty is of the period in which it was due. */
static bool is_of_period(const struct material *m, const struct duty *duty)
{
	return range_has(&m->report->period, duty->due_s);
}

static void verdict_cell(const struct material *m, struct report_cell *cell, const char *verdict)
{
	static const struct {
		const char *word;
		struct words words;
	} verdicts[] = {
		{"on_time", {"on time", "按时"}}, {"late", {"late", "逾期完成"}}, {"missing", {"missing", "逾期未完成"}}, {"owed", {"still owed", "待完成"}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++)
		if (text_equal(verdicts[i].word, verdict))
			cell_text(cell, verdict, say(m, verdicts[i].words));
}

void make_on_time(struct material *m)
{
	static const struct column_rule columns[] = {
		{"duty", {"What is owed", "应完成事项"}, REPORT_TEXT}, {"period", {"Period", "周期"}, REPORT_TEXT}, {"due", {"Due", "截止时间"}, REPORT_TIME},
		{"made", {"Done", "完成时间"}, REPORT_TIME}, {"by", {"By", "完成人"}, REPORT_TEXT}, {"verdict", {"Verdict", "结论"}, REPORT_TEXT},
	};
	struct report_section *section = section_add(m, "on_time", (struct words){"Reports, reviews and backups on time", "报告、检查与备份及时情况"}, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < m->desk_facts.duties.n; i++) {
		const struct duty *duty = &m->desk_facts.duties.v[i];
		_cleanup_free_ char *period = NULL;
		struct report_cell *cells;

		if (!is_of_period(m, duty))
			continue;
		cells = section_row(section);
		period = period_name(duty->rule->period, &duty->period, m->report->zone);
		cell_text(&cells[0], duty->rule->name, policy_label(m->policy, &duty->rule->labels, m->language, duty->rule->name));
		cell_text(&cells[1], period, NULL);
		cell_time(&cells[2], duty->due_s);
		cell_time(&cells[3], duty->made_s);
		cell_text(&cells[4], duty->by, NULL);
		verdict_cell(m, &cells[5], duty_verdict(duty, m->report->now_s));
	}
	if (!m->policy->reports.n)
		note_add(section, "%s", say(m, (struct words){"The policy asks for no reports, reviews or backups.", "规则中没有要求报告、检查或备份。"}));
	else if (!section->rows.n)
		note_add(section, "%s", say(m, (struct words){"Nothing was due in this period.", "本期没有到期事项。"}));
}

bool desk_ratio(const struct material *m, const char *figure, double *part, double *whole)
{
	static const struct {
		const char *figure, *act;
	} acts[] = {{"reports_on_time", "reported"}, {"data_reviewed", "reviewed"}, {"backed_up", "backed_up"}};
	const char *act = NULL;

	*part = *whole = 0;
	for (size_t i = 0; text_equal(figure, "inspection_score") && i < m->desk_facts.inspections.n; i++) {
		*part += m->desk_facts.inspections.v[i].score;
		*whole += 1;
	}
	for (size_t i = 0; i < ARRAY_SIZE(acts); i++)
		if (text_equal(acts[i].figure, figure))
			act = acts[i].act;
	for (size_t i = 0; act && i < m->desk_facts.duties.n; i++) {
		const struct duty *duty = &m->desk_facts.duties.v[i];
		const char *verdict = duty_verdict(duty, m->report->now_s);

		if (!is_of_period(m, duty) || !text_equal(duty->rule->act ? duty->rule->act : "reported", act) || text_equal(verdict, "owed"))
			continue;
		*part += text_equal(verdict, "on_time");
		*whole += 1;
	}
	return act || text_equal(figure, "inspection_score");
}

/* --- samples ----------------------------------------------------------------------------------------------------- */

void make_samples(struct material *m)
{
	static const struct column_rule columns[] = {
		{"sample", {"Sample", "抽样"}, REPORT_TEXT}, {"tickets", {"Of", "总体"}, REPORT_COUNT}, {"drawn", {"Drawn", "抽中"}, REPORT_COUNT},
		{"share", {"Share", "抽取比例"}, REPORT_SHARE}, {"done", {"Done", "已完成"}, REPORT_COUNT}, {"missing", {"Not done", "未完成"}, REPORT_COUNT},
	};
	struct report_section *section = section_add(m, "samples", (struct words){"Samples drawn", "抽样情况"}, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < m->policy->samples.n; i++) {
		const struct sample *rule = &m->policy->samples.v[i];
		struct report_cell *cells;

		if (text_equal(rule->event, event_word(EVENT_INSPECTED)))
			continue;
		cells = section_row(section);
		cell_text(&cells[0], rule->name, policy_label(m->policy, &rule->labels, m->language, rule->name));
		cell_count(&cells[1]);
		cell_count(&cells[2]);
		cell_count(&cells[4]);
		cell_count(&cells[5]);
		for (size_t k = 0; k < m->desk_facts.samples.n; k++) {
			const struct sample_fact *fact = &m->desk_facts.samples.v[k];

			if (fact->rule != i)
				continue;
			cell_counted(&cells[1], fact->ticket);
			if (!fact->drawn)
				continue;
			cell_counted(&cells[2], fact->ticket);
			cell_counted(&cells[fact->done ? 4 : 5], fact->ticket);
		}
		cell_share(&cells[3], cells[2].value, cells[1].value);
	}
	if (!section->rows.n)
		note_add(section, "%s", say(m, (struct words){"The policy draws no samples.", "规则中没有抽样要求。"}));
}

/* --- inspections ------------------------------------------------------------------------------------------------- */

/* What an inspection counts under: the handler, or what its ticket is of. */
static const char *inspected_group(const struct material *m, const struct inspection_fact *fact, enum grouping by)
{
	const struct fact *ticket = &m->now.v[fact->ticket];
	const char *name = by == BY_ASSIGNEE ? fact->handler : by == BY_CHANNEL ? ticket->channel : ticket->priority;

	return name ? name : "";
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void inspected_row(const struct material *m, struct report_section *section, enum grouping by, const char *group)
{
	struct report_cell *cells = section_row(section);
	struct sample_of scores = {0};
	double lowest = 0, highest = 0;

	cell_text(&cells[0], group, *group ? group_label(m, by, group) : say(m, (struct words){"(none)", "（未填）"}));
	cell_count(&cells[1]);
	for (size_t i = 0; i < m->desk_facts.inspections.n; i++) {
		const struct inspection_fact *fact = &m->desk_facts.inspections.v[i];

		if (!text_equal(inspected_group(m, fact, by), group))
			continue;
		cell_counted(&cells[1], fact->ticket);
		sample_take(&scores, fact->score, fact->ticket);
		lowest = scores.values.n == 1 || fact->score < lowest ? fact->score : lowest;
		highest = scores.values.n == 1 || fact->score > highest ? fact->score : highest;
	}
	cell_sample(&cells[2], REPORT_SCORE, &scores, -1);
	cell_set(&cells[3], REPORT_SCORE, scores.values.n > 0, lowest);
	cell_set(&cells[4], REPORT_SCORE, scores.values.n > 0, highest);
	sample_release(&scores);
}

static void make_inspected_by(struct material *m, const char *name, struct words title, struct words group, enum grouping by)
{
	static const struct column_rule columns[] = {
		{"group", {"", ""}, REPORT_TEXT}, {"inspections", {"Inspections", "抽查数"}, REPORT_COUNT}, {"mean", {"Mean score", "平均分"}, REPORT_SCORE},
		{"lowest", {"Lowest", "最低分"}, REPORT_SCORE}, {"highest", {"Highest", "最高分"}, REPORT_SCORE},
	};
	struct report_section *section = section_add(m, name, title, columns, ARRAY_SIZE(columns));
	struct texts groups = {0};

	section->columns.v[0].title = say(m, group);
	for (size_t i = 0; i < m->desk_facts.inspections.n; i++)
		if (!texts_have(&groups, inspected_group(m, &m->desk_facts.inspections.v[i], by)))
			texts_add(&groups, inspected_group(m, &m->desk_facts.inspections.v[i], by));
	if (groups.n)
		qsort(groups.v, groups.n, sizeof(*groups.v), compare_names);
	for (size_t i = 0; i < groups.n; i++)
		inspected_row(m, section, by, groups.v[i]);
	if (!groups.n)
		note_add(section, "%s", say(m, (struct words){"No ticket of this period was inspected.", "本期没有工单被抽查。"}));
	texts_release(&groups);
}

void make_inspected_people(struct material *m)
{
	if (m->desk_facts.inspections.n || draws_inspections(m->policy))
		make_inspected_by(m, "inspected_people", (struct words){"Inspections by person", "各处理人抽查得分"}, (struct words){"Handled by", "处理人"}, BY_ASSIGNEE);
}

/* How often each score was given; scores between two count for the nearer one. */
static void make_distribution(struct material *m)
{
	static const struct column_rule columns[] = {
		{"score", {"Score", "分值"}, REPORT_TEXT}, {"inspections", {"Inspections", "抽查数"}, REPORT_COUNT}, {"share", {"Share", "占比"}, REPORT_SHARE},
	};
	const struct inspection_rule *rule = &m->policy->inspection;
	int64_t low = rule->scale_min || rule->scale_max ? rule->scale_min : 1, high = rule->scale_min || rule->scale_max ? rule->scale_max : 5;
	struct report_section *section;

	if (!m->desk_facts.inspections.n)
		return;
	section = section_add(m, "inspected_scores", (struct words){"Distribution of scores", "得分分布"}, columns, ARRAY_SIZE(columns));
	section->chart = CHART_BARS;
	section->chart_column = 1;
	for (int64_t score = high; score >= low && high - low < 100; score--) {
		struct report_cell *cells = section_row(section);
		char text[24];

		snprintf(text, sizeof(text), "%lld", (long long)score);
		cell_text(&cells[0], text, NULL);
		cell_count(&cells[1]);
		for (size_t i = 0; i < m->desk_facts.inspections.n; i++)
			if ((int64_t)(m->desk_facts.inspections.v[i].score + 0.5) == score)
				cell_counted(&cells[1], m->desk_facts.inspections.v[i].ticket);
		cell_share(&cells[2], cells[1].value, (double)m->desk_facts.inspections.n);
	}
}

static void make_remarks(struct material *m)
{
	static const struct column_rule columns[] = {
		{"number", {"Ticket", "工单号"}, REPORT_TEXT}, {"handler", {"Handled by", "处理人"}, REPORT_TEXT}, {"inspected", {"Inspected", "抽查时间"}, REPORT_TIME},
		{"by", {"By", "抽查人"}, REPORT_TEXT}, {"score", {"Score", "得分"}, REPORT_SCORE}, {"said", {"Remarks", "评语"}, REPORT_TEXT},
	};
	struct report_section *section;

	if (!m->desk_facts.inspections.n)
		return;
	section = section_add(m, "inspected_tickets", (struct words){"Inspected tickets", "抽查明细"}, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < m->desk_facts.inspections.n && i < LISTED_MOST; i++) {
		const struct inspection_fact *fact = &m->desk_facts.inspections.v[i];
		struct report_cell *cells = section_row(section);

		cell_text(&cells[0], m->now.v[fact->ticket].id, NULL);
		cell_text(&cells[1], fact->handler, NULL);
		cell_time(&cells[2], fact->at_s);
		cell_text(&cells[3], fact->by, NULL);
		cell_set(&cells[4], REPORT_SCORE, true, fact->score);
		cell_text(&cells[5], fact->text, NULL);
	}
	if (m->desk_facts.inspections.n > LISTED_MOST)
		note_add(section, text_equal(m->language, "zh") ? "仅列出前 %d 条，共 %zu 条。" : "The first %d of %zu are listed.", LISTED_MOST, m->desk_facts.inspections.n);
}

void make_inspections(struct material *m)
{
	make_inspected_by(m, "inspected_people", (struct words){"Inspections by person", "各处理人抽查得分"}, (struct words){"Handled by", "处理人"}, BY_ASSIGNEE);
	make_inspected_by(m, "inspected_channels", (struct words){"Inspections by channel", "各渠道抽查得分"}, (struct words){"Channel", "渠道"}, BY_CHANNEL);
	make_inspected_by(m, "inspected_priorities", (struct words){"Inspections by priority", "各优先级抽查得分"}, (struct words){"Priority", "优先级"}, BY_PRIORITY);
	make_distribution(m);
	make_remarks(m);
}
