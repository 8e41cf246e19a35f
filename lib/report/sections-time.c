/* SPDX-License-Identifier: MIT */
/* The course over time, and what is left: how old the open tickets are. */
#include "report/report.h"

#define DAY_S 86400

/* --- course ---------------------------------------------------------------------------------------------------- */

/* The local day number of the beginning of the step that holds an instant: the day itself, its Monday, or the first of its month. */
static int64_t step_of(const struct zone *zone, int64_t at_s, int step)
{
	struct civil civil;
	int64_t wall = zone_wall(zone, at_s), day = (wall - (wall % DAY_S + DAY_S) % DAY_S) / DAY_S;

	if (step == 'd')
		return day;
	if (step == 'w')
		return day - civil_weekday(day);
	civil_from(&civil, wall);
	return civil_day(civil.year, civil.month, 1);
}

static int64_t step_next(int64_t day, int step)
{
	struct civil civil;

	if (step != 'm')
		return day + (step == 'd' ? 1 : 7);
	civil_from(&civil, day * DAY_S);
	return civil_day(civil.year + (civil.month == 12), civil.month % 12 + 1, 1);
}

/* Days without a ticket are days too: a period of some length is shown whole, as far as it has passed. */
#define WHOLE_S (400 * (int64_t)DAY_S)
static void bounds(const struct material *m, int64_t *first_s, int64_t *last_s)
{
	const struct range *period = &m->report->period;

	*first_s = INT64_MAX;
	*last_s = INT64_MIN;
	for (size_t i = 0; i < m->now.n; i++) {
		*first_s = m->now.v[i].received_s < *first_s ? m->now.v[i].received_s : *first_s;
		*last_s = m->now.v[i].received_s > *last_s ? m->now.v[i].received_s : *last_s;
	}
	if (period->from_s == INT64_MIN || period->until_s == INT64_MAX || period->until_s - period->from_s > WHOLE_S)
		return;
	*first_s = period->from_s;
	if (period->until_s - 1 <= m->report->now_s)
		*last_s = period->until_s - 1;
	else if (m->report->now_s > *last_s)
		*last_s = m->report->now_s;
}

void make_trend(struct material *m)
{
	static const struct column_rule columns[] = {{"from", {"From", "起始日"}, REPORT_TEXT}, {"received", {"Received", "受理"}, REPORT_COUNT}, {"resolved", {"Of these resolved", "其中已解决"}, REPORT_COUNT}};
	struct report_section *section = section_add(m, "trend", (struct words){"Received over time", "受理趋势"}, columns, ARRAY_SIZE(columns));
	const struct zone *zone = m->report->zone;
	int64_t first_s, last_s;
	int step;

	section->chart = CHART_LINE;
	section->chart_column = 1;
	if (!m->now.n)
		return;
	bounds(m, &first_s, &last_s);
	step = last_s - first_s <= 62 * (int64_t)DAY_S ? 'd' : last_s - first_s <= 400 * (int64_t)DAY_S ? 'w' : 'm';
	for (int64_t day = step_of(zone, first_s, step); day <= step_of(zone, last_s, step); day = step_next(day, step)) {
		struct report_cell *cells = section_row(section);
		struct civil civil;
		char text[32];

		civil_from(&civil, day * DAY_S);
		snprintf(text, sizeof(text), "%04d-%02d-%02d", (int)civil.year, civil.month, civil.day);
		cell_text(&cells[0], text, NULL);
		cell_count(&cells[1]);
		cell_count(&cells[2]);
	}
	for (size_t i = 0; i < m->now.n; i++) {
		int64_t at = step_of(zone, m->now.v[i].received_s, step), day = step_of(zone, first_s, step);
		size_t row = 0;

		for (; day < at; day = step_next(day, step))
			row++;
		cell_counted(&section->rows.v[row].cells[1], (uint32_t)i);
		if (fact_closed(&m->now.v[i]))
			cell_counted(&section->rows.v[row].cells[2], (uint32_t)i);
	}
	note_add(section, "%s", step == 'd' ? say(m, (struct words){"One row a day.", "每行一天。"}) : step == 'w' ? say(m, (struct words){"One row a week, from its Monday.", "每行一周，自周一起。"}) :
		 say(m, (struct words){"One row a month.", "每行一个月。"}));
}

/* --- backlog --------------------------------------------------------------------------------------------------- */

static const struct age {
	const char *name;
	struct words title;
	int64_t under_s;
} ages[] = {
	{"under_1d", {"under 1 day", "1 天以内"}, DAY_S}, {"1d_3d", {"1 to 3 days", "1–3 天"}, 3 * DAY_S}, {"3d_7d", {"3 to 7 days", "3–7 天"}, 7 * DAY_S},
	{"7d_30d", {"7 to 30 days", "7–30 天"}, 30 * DAY_S}, {"30d_90d", {"30 to 90 days", "30–90 天"}, 90 * DAY_S}, {"over_90d", {"90 days and more", "90 天及以上"}, INT64_MAX},
};

static void count_backlog(struct report_cell *cells, const struct fact *fact, uint32_t index)
{
	cell_counted(&cells[1], index);
	if (fact->overdue)
		cell_counted(&cells[2], index);
	if (fact->state == STATE_WAITING)
		cell_counted(&cells[3], index);
	if (!fact->assignee || !*fact->assignee)
		cell_counted(&cells[4], index);
}

static const struct column_rule backlog_columns[] = {
	{"group", {"", ""}, REPORT_TEXT}, {"open", {"Open", "未解决"}, REPORT_COUNT}, {"overdue", {"Overdue", "超时"}, REPORT_COUNT}, {"waiting", {"Waiting", "等待中"}, REPORT_COUNT},
	{"unassigned", {"Nobody's", "未派单"}, REPORT_COUNT},
};

static struct report_cell *backlog_row(struct report_section *section, const char *name, const char *label)
{
	struct report_cell *cells = section_row(section);

	cell_text(&cells[0], name, label);
	for (size_t i = 1; i < 5; i++)
		cell_count(&cells[i]);
	return cells;
}

void make_ages(struct material *m)
{
	struct report_section *section = section_add(m, "ages", (struct words){"Open tickets by age", "未解决工单的时长"}, backlog_columns, ARRAY_SIZE(backlog_columns));

	section->columns.v[0].title = say(m, (struct words){"Since receipt", "自受理起"});
	section->chart = CHART_BARS;
	section->chart_column = 1;
	for (size_t a = 0; a < ARRAY_SIZE(ages); a++) {
		int64_t from_s = a ? ages[a - 1].under_s : INT64_MIN;
		struct report_cell *cells = backlog_row(section, ages[a].name, say(m, ages[a].title));

		for (size_t i = 0; i < m->now.n; i++) {
			int64_t age_s = m->report->now_s - m->now.v[i].received_s;

			if (fact_open(&m->now.v[i]) && age_s >= from_s && age_s < ages[a].under_s)
				count_backlog(cells, &m->now.v[i], (uint32_t)i);
		}
	}
}

void make_backlog_priority(struct material *m)
{
	struct report_section *section = section_add(m, "backlog_priorities", (struct words){"Open tickets by priority", "未解决工单按优先级"}, backlog_columns, ARRAY_SIZE(backlog_columns));
	const struct texts *all = &group_by(m, BY_PRIORITY)->all;

	section->columns.v[0].title = say(m, (struct words){"Priority", "优先级"});
	section->chart = CHART_BARS;
	section->chart_column = 1;
	for (size_t g = 0; g < all->n; g++) {
		struct report_cell *cells = backlog_row(section, all->v[g], group_label(m, BY_PRIORITY, all->v[g]));

		for (size_t i = 0; i < m->now.n; i++)
			if (fact_open(&m->now.v[i]) && strcmp(m->now.v[i].priority ? m->now.v[i].priority : "", all->v[g]) == 0)
				count_backlog(cells, &m->now.v[i], (uint32_t)i);
	}
}

static int by_age(const void *a, const void *b)
{
	const struct fact *x = *(const struct fact *const *)a, *y = *(const struct fact *const *)b;

	if (x->received_s != y->received_s)
		return x->received_s < y->received_s ? -1 : 1;
	return strcmp(x->id, y->id);
}

#define OLDEST 20
void make_oldest(struct material *m)
{
	static const struct column_rule columns[] = {
		{"number", {"Ticket", "工单号"}, REPORT_TEXT}, {"received", {"Received", "受理时间"}, REPORT_TIME}, {"age", {"Age", "时长"}, REPORT_LENGTH},
		{"priority", {"Priority", "优先级"}, REPORT_TEXT}, {"assignee", {"Handler", "处理人"}, REPORT_TEXT}, {"state", {"State", "状态"}, REPORT_TEXT},
		{"due", {"Due", "截止"}, REPORT_TIME}, {"subject", {"Subject", "主题"}, REPORT_TEXT},
	};
	struct report_section *section = section_add(m, "oldest", (struct words){"The oldest open tickets", "最早的未解决工单"}, columns, ARRAY_SIZE(columns));
	const struct fact **open = xcalloc(m->now.n + 1, sizeof(*open));
	size_t n = 0;

	for (size_t i = 0; i < m->now.n; i++)
		if (fact_open(&m->now.v[i]))
			open[n++] = &m->now.v[i];
	qsort(open, n, sizeof(*open), by_age);
	for (size_t i = 0; i < n && i < OLDEST; i++) {
		struct report_cell *cells = section_row(section);
		const char *state = state_word((enum ticket_state)open[i]->state);

		cell_text(&cells[0], open[i]->id, NULL);
		*list_push(&cells[0].tickets) = (uint32_t)(open[i] - m->now.v);
		cell_time(&cells[1], open[i]->received_s);
		cell_set(&cells[2], REPORT_LENGTH, true, (double)(m->report->now_s - open[i]->received_s));
		cell_text(&cells[3], open[i]->priority, open[i]->priority ? group_label(m, BY_PRIORITY, open[i]->priority) : NULL);
		cell_text(&cells[4], open[i]->assignee, NULL);
		cell_text(&cells[5], state, policy_word(m->policy, m->language, state));
		cell_time(&cells[6], open[i]->due_s);
		cell_text(&cells[7], open[i]->subject, NULL);
	}
	if (n > OLDEST)
		note_add(section, text_equal(m->language, "zh") ? "仅列最早的 %d 张，共 %zu 张未解决。" : "The first %d of %zu.", OLDEST, n);
	free(open);
}
