/* SPDX-License-Identifier: MIT */
/* Totals beside those of the period before, the course over time, and the same figures for each group of tickets. */
#include "report/report.h"

/* Moves what was counted into a cell of a row. */
static void cell_move(struct report_cell *to, struct report_cell *from)
{
	cell_count(to);
	to->value = from->value;
	to->unnamed = from->unnamed;
	to->tickets.v = steal_ptr(from->tickets.v);
	to->tickets.n = from->tickets.n;
	from->tickets.n = 0;
}

static void tally_all(struct tally *tally, const facts *list)
{
	for (size_t i = 0; i < list->n; i++)
		tally_take(tally, &list->v[i], (uint32_t)i);
}

/* --- totals ---------------------------------------------------------------------------------------------------- */

struct total {
	const char *name;
	struct words title;
	enum report_kind kind;
	size_t offset;  /* of a cell (counts, shares) or a sample (lengths, scores) in the tally */
	size_t whole;   /* shares: of the cell that they are of */
	double quantile;
};
#define CELL(member) offsetof(struct tally, member)
static const struct total total_rules[] = {
	{"tickets", {"Tickets received", "受理总数"}, REPORT_COUNT, CELL(tickets), 0, 0},
	{"open", {"Still open", "未解决"}, REPORT_COUNT, CELL(open), 0, 0},
	{"closed", {"Resolved or closed", "已解决或关闭"}, REPORT_COUNT, CELL(closed), 0, 0},
	{"overdue", {"Overdue now", "当前超时"}, REPORT_COUNT, CELL(overdue), 0, 0},
	{"reopened", {"Reopened", "重新打开"}, REPORT_COUNT, CELL(reopened), 0, 0},
	{"escalated", {"Escalated", "已升级"}, REPORT_COUNT, CELL(escalated), 0, 0},
	{"handling_mean", {"Time to resolve, mean", "平均解决时长"}, REPORT_LENGTH, CELL(handling), 0, -1},
	{"handling_median", {"Time to resolve, median", "解决时长中位数"}, REPORT_LENGTH, CELL(handling), 0, 0.5},
	{"response_mean", {"First response, mean", "平均首次响应时长"}, REPORT_LENGTH, CELL(response), 0, -1},
	{"response_median", {"First response, median", "首次响应时长中位数"}, REPORT_LENGTH, CELL(response), 0, 0.5},
	{"in_time", {"Targets met in time", "时限达标率"}, REPORT_SHARE, CELL(in_time), CELL(late), 0},
	{"first_contact", {"Resolved at first contact", "一次成功率"}, REPORT_SHARE, CELL(first_contact), CELL(closed), 0},
	{"score_mean", {"Survey score, mean", "满意度平均分"}, REPORT_SCORE, CELL(scores), 0, -1},
	{"survey_answered", {"Surveys answered", "调查回收率"}, REPORT_SHARE, CELL(answered), CELL(surveyed), 0},
	{"repeated", {"Repeated", "重复投诉"}, REPORT_COUNT, CELL(repeated), 0, 0},
};

static void fill_total(struct report_cell *cell, struct tally *tally, const struct total *rule, bool follow)
{
	void *from = (char *)tally + rule->offset;
	const struct report_cell *count = from, *whole = (const void *)((char *)tally + rule->whole);
	struct sample_of *sample = from;

	if (rule->kind == REPORT_COUNT)
		cell_set(cell, REPORT_COUNT, true, count->value);
	else if (rule->kind == REPORT_SHARE)
		cell_share(cell, count->value, rule->whole == CELL(late) ? count->value + whole->value : whole->value);
	else
		cell_set(cell, rule->kind, sample->values.n > 0, rule->quantile < 0 ? sample_mean(sample) : sample_quantile(sample, rule->quantile));
	if (!follow)
		return;
	if (rule->kind == REPORT_COUNT)
		cell->unnamed = count->unnamed;
	for (size_t i = 0; i < (rule->kind == REPORT_COUNT || rule->kind == REPORT_SHARE ? count->tickets.n : sample->tickets.n); i++)
		if (rule->kind == REPORT_COUNT || rule->kind == REPORT_SHARE || sample->tickets.v[i] != NO_TICKET)
			*list_push(&cell->tickets) = rule->kind == REPORT_COUNT || rule->kind == REPORT_SHARE ? count->tickets.v[i] : sample->tickets.v[i];
}

void make_totals(struct material *m)
{
	static const struct column_rule columns[] = {
		{"figure", {"Figure", "指标"}, REPORT_TEXT}, {"value", {"This period", "本期"}, REPORT_NUMBER}, {"before", {"Period before", "上期"}, REPORT_NUMBER},
		{"change", {"Change", "变化"}, REPORT_NUMBER},
	};
	bool compared = m->report->before.until_s > m->report->before.from_s;
	struct report_section *section = section_add(m, "totals", (struct words){"Totals", "总体情况"}, columns, compared ? 4 : 2);
	struct tally now = {0}, before = {0};

	tally_all(&now, &m->now);
	tally_all(&before, &m->before);
	tally_take_unnamed(&now, &m->unnamed, NULL);
	tally_take_unnamed(&before, &m->unnamed_before, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(total_rules); i++) {
		const struct total *rule = &total_rules[i];
		struct report_cell *cells = section_row(section);

		cell_text(&cells[0], rule->name, say(m, rule->title));
		fill_total(&cells[1], &now, rule, true);
		if (!compared)
			continue;
		fill_total(&cells[2], &before, rule, false);
		cell_set(&cells[3], rule->kind, cells[1].known && cells[2].known, cells[1].value - cells[2].value);
	}
	tally_release(&now);
	tally_release(&before);
}

/* --- groups ---------------------------------------------------------------------------------------------------- */

static const struct column_rule group_columns[] = {
	{"group", {"", ""}, REPORT_TEXT}, {"tickets", {"Tickets", "工单数"}, REPORT_COUNT}, {"share", {"Share", "占比"}, REPORT_SHARE},
	{"open", {"Open", "未解决"}, REPORT_COUNT}, {"closed", {"Resolved", "已解决"}, REPORT_COUNT}, {"overdue", {"Overdue", "超时"}, REPORT_COUNT},
	{"solved", {"Share resolved", "解决率"}, REPORT_SHARE},
	{"handling_mean", {"Mean to resolve", "平均解决时长"}, REPORT_LENGTH}, {"handling_median", {"Median to resolve", "解决时长中位数"}, REPORT_LENGTH},
	{"response_mean", {"Mean first response", "平均首次响应"}, REPORT_LENGTH}, {"in_time", {"In time", "达标率"}, REPORT_SHARE},
	{"first_contact", {"First contact", "一次成功率"}, REPORT_SHARE}, {"score", {"Score", "满意度"}, REPORT_SCORE},
};

static void group_row(struct material *m, struct report_section *section, enum grouping by, const char *name, struct tally *t)
{
	struct report_cell *cells = section_row(section);

	cell_text(&cells[0], name, group_label(m, by, name));
	cell_share(&cells[2], t->tickets.value, (double)m->now.n);
	cell_share(&cells[6], t->closed.value, t->tickets.value);
	cell_sample(&cells[7], REPORT_LENGTH, &t->handling, -1);
	cell_sample(&cells[8], REPORT_LENGTH, &t->handling, 0.5);
	cell_sample(&cells[9], REPORT_LENGTH, &t->response, -1);
	cell_share(&cells[10], t->in_time.value, t->in_time.value + t->late.value);
	cell_share(&cells[11], t->first_contact.value, t->closed.value);
	cell_sample(&cells[12], REPORT_SCORE, &t->scores, -1);
	cell_move(&cells[1], &t->tickets);
	cell_move(&cells[3], &t->open);
	cell_move(&cells[4], &t->closed);
	cell_move(&cells[5], &t->overdue);
}

static int by_tickets(const void *a, const void *b)
{
	const struct report_row *x = a, *y = b;

	if (x->cells[1].value != y->cells[1].value)
		return x->cells[1].value < y->cells[1].value ? 1 : -1;
	return strcmp(x->cells[0].text, y->cells[0].text);
}

/* What the groups are called at the head of their column. */
static const struct words group_heads[GROUPINGS] = {
	[BY_CHANNEL] = {"Channel", "渠道"},
	[BY_CATEGORY] = {"Category", "类别"},
	[BY_TYPE] = {"Type", "类型"},
	[BY_PRIORITY] = {"Priority", "优先级"},
	[BY_STATE] = {"State", "状态"},
	[BY_ASSIGNEE] = {"Person", "处理人"},
	[BY_GROUP] = {"Group", "小组"},
	[BY_CUSTOMER] = {"Customer", "客户"},
};

static struct report_section *make_groups(struct material *m, const char *name, struct words title, enum grouping by)
{
	struct report_section *section = section_add(m, name, title, group_columns, ARRAY_SIZE(group_columns));
	const struct grouped *groups = group_by(m, by);
	const struct texts *all = &groups->all;
	struct tally *tallies;

	section->columns.v[0].title = say(m, group_heads[by]);
	section->chart = CHART_BARS;
	section->chart_column = 1;
	if (all->n == 1 && !*all->v[0]) {
		note_add(section, "%s", say(m, (struct words){"No ticket of the period has one.", "本期工单均未填写此项。"}));
		return section;
	}
	tallies = xcalloc(all->n + 1, sizeof(*tallies));
	for (size_t i = 0; i < m->now.n; i++)
		for (size_t j = groups->first[i]; j < groups->first[i + 1]; j++)
			tally_take(&tallies[groups->at[j]], &m->now.v[i], (uint32_t)i);
	for (size_t i = 0; i < all->n; i++) {
		if (by == BY_CATEGORY && *all->v[i])
			tally_take_unnamed(&tallies[i], &m->unnamed, all->v[i]);
		group_row(m, section, by, all->v[i], &tallies[i]);
		tally_release(&tallies[i]);
	}
	if (m->policy->survey.anonymous && by != BY_CATEGORY)
		note_add(section, "%s", say(m, (struct words){"Scores here are only those of answers that were given by name.", "此处满意度仅含署名的答复。"}));
	if (by == BY_TYPE && all->n)
		note_add(section, "%s", say(m, (struct words){"A ticket of several types counts in each of them, so the shares may add up to more than 100 %.",
							      "一张工单可属于多个类型，在每个类型中各计一次，占比之和可能超过 100%。"}));
	free(tallies);
	return section;
}

void make_by_channel(struct material *m)
{
	make_groups(m, "channels", (struct words){"By channel", "按渠道"}, BY_CHANNEL);
}

void make_by_category(struct material *m)
{
	make_groups(m, "categories", (struct words){"By category", "按类别"}, BY_CATEGORY);
}

void make_by_type(struct material *m)
{
	make_groups(m, "types", (struct words){"By type", "按类型"}, BY_TYPE);
}

void make_by_priority(struct material *m)
{
	make_groups(m, "priorities", (struct words){"By priority", "按优先级"}, BY_PRIORITY);
}

void make_by_state(struct material *m)
{
	make_groups(m, "states", (struct words){"By state", "按状态"}, BY_STATE);
}

void make_by_assignee(struct material *m)
{
	make_groups(m, "assignees", (struct words){"By person", "按处理人"}, BY_ASSIGNEE);
}

void make_by_group(struct material *m)
{
	make_groups(m, "groups", (struct words){"By group", "按小组"}, BY_GROUP);
}

/* The five with the most tickets; those without a value are no issue that one could name. */
static void make_top(struct material *m, const char *name, struct words title, enum grouping by)
{
	struct report_section *section = make_groups(m, name, title, by);
	size_t kept = 0;

	for (size_t i = 0; i < section->rows.n; i++) {
		if (*section->rows.v[i].cells[0].text) {
			struct report_row row = section->rows.v[i];

			section->rows.v[i] = section->rows.v[kept];
			section->rows.v[kept++] = row;
		}
	}
	if (kept < section->rows.n)
		note_add(section, text_equal(m->language, "zh") ? "另有 %.0f 张工单未填此项。" : "%.0f tickets without one are left out.", section->rows.v[kept].cells[1].value);
	if (kept)
		qsort(section->rows.v, kept, sizeof(*section->rows.v), by_tickets);
	for (size_t i = kept < 5 ? kept : 5; i < section->rows.n; i++) {
		for (size_t j = 0; j < section->columns.n; j++) {
			free(section->rows.v[i].cells[j].text);
			free(section->rows.v[i].cells[j].label);
			free(section->rows.v[i].cells[j].tickets.v);
		}
		free(section->rows.v[i].cells);
	}
	section->rows.n = kept < 5 ? kept : 5;
}

void make_top_category(struct material *m)
{
	make_top(m, "top_categories", (struct words){"Top five categories", "前五类问题"}, BY_CATEGORY);
}

void make_top_type(struct material *m)
{
	make_top(m, "top_types", (struct words){"Top five types", "前五类型"}, BY_TYPE);
}

void make_top_customer(struct material *m)
{
	make_top(m, "top_customers", (struct words){"Customers with most tickets", "工单最多的客户"}, BY_CUSTOMER);
}

/* A17: an issue type is a bottleneck when its mean time to resolve exceeds 48 hours. */
#define BOTTLENECK_S (48 * 3600)

void make_bottlenecks(struct material *m)
{
	static const struct column_rule columns[] = {
		{"kind", {"Grouped by", "分组"}, REPORT_TEXT}, {"group", {"Issue", "问题"}, REPORT_TEXT}, {"handling_mean", {"Mean to resolve", "平均解决时长"}, REPORT_LENGTH},
		{"over", {"Over 48 h by", "超出 48 小时"}, REPORT_LENGTH},
	};
	static const enum grouping ways[] = {BY_CATEGORY, BY_TYPE};
	struct report_section *section =
		section_add(m, "bottlenecks", (struct words){"Bottlenecks: mean time to resolve over 48 hours", "瓶颈：平均解决时长超过 48 小时"}, columns, ARRAY_SIZE(columns));

	section->chart = CHART_BARS;
	section->chart_column = 2;
	for (size_t w = 0; w < ARRAY_SIZE(ways); w++) {
		const struct grouped *groups = group_by(m, ways[w]);
		const struct texts *all = &groups->all;
		struct sample_of *samples = xcalloc(all->n + 1, sizeof(*samples));

		for (size_t i = 0; i < m->now.n; i++)
			for (size_t j = groups->first[i]; fact_handling(&m->now.v[i]) >= 0 && j < groups->first[i + 1]; j++)
				sample_take(&samples[groups->at[j]], (double)fact_handling(&m->now.v[i]), (uint32_t)i);
		for (size_t i = 0; i < all->n; i++) {
			if (*all->v[i] && sample_mean(&samples[i]) > BOTTLENECK_S) {
				struct report_cell *cells = section_row(section);

				cell_text(&cells[0], w ? "type" : "category", say(m, w ? (struct words){"type", "类型"} : (struct words){"category", "类别"}));
				cell_text(&cells[1], all->v[i], group_label(m, ways[w], all->v[i]));
				cell_sample(&cells[2], REPORT_LENGTH, &samples[i], -1);
				cell_set(&cells[3], REPORT_LENGTH, true, sample_mean(&samples[i]) - BOTTLENECK_S);
			}
			sample_release(&samples[i]);
		}
		free(samples);
	}
	if (!section->rows.n)
		note_add(section, "%s", say(m, (struct words){"No category and no type takes more than 48 hours on average.", "没有平均解决时长超过 48 小时的类别或类型。"}));
}
