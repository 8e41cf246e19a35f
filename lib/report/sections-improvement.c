/* SPDX-License-Identifier: MIT */
/*
 * The monthly improvement report: what became of last month's measures by the figures of what they were about, which
 * categories are below their bar, what is proposed and open, and which tickets lack something (B9, B10, E10).
 */
#include "report/actions.h"

#include <math.h>

/* --- last period's measures ------------------------------------------------------------------------------------ */

/* Figures before and after a measure, over tickets of its category or type. */
struct side {
	struct tally tally;
	double complaints, weeks;
};

static bool is_about(const struct action *action, const struct fact *fact)
{
	size_t n = action->type ? strlen(action->type) : 0;

	if (action->category && !text_equal(action->category, fact->category))
		return false;
	for (size_t i = 0; action->type && i < fact->types.n; i++)
		if (text_equal(fact->types.v[i], action->type) || (strncmp(fact->types.v[i], action->type, n) == 0 && fact->types.v[i][n] == '/'))
			return true;
	return action->category && !action->type;
}

static void take_side(struct side *side, const struct material *m, const struct action *action, const struct range *range)
{
	const facts *lists[] = {&m->earlier, &m->before, &m->now};

	side->weeks = (double)(range->until_s - range->from_s) / (7 * 86400);
	for (size_t l = 0; l < ARRAY_SIZE(lists); l++)
		for (size_t i = 0; i < lists[l]->n; i++) {
			const struct fact *fact = &lists[l]->v[i];

			if (fact->received_s < range->from_s || fact->received_s >= range->until_s || !is_about(action, fact))
				continue;
			tally_take(&side->tally, fact, (uint32_t)i);
			side->complaints += fact->complaint;
		}
}

enum { FIGURES = 5 };
static const struct {
	const char *name;
	struct words title;
	enum report_kind kind;
	bool more_is_better;
} figures[FIGURES] = {
	{"in_time", {"Targets met in time", "时限达标率"}, REPORT_SHARE, true},
	{"handling_mean", {"Time to resolve, mean", "平均解决时长"}, REPORT_LENGTH, false},
	{"score_mean", {"Survey score, mean", "满意度平均分"}, REPORT_SCORE, true},
	{"repeat_share", {"Share repeated", "重复投诉率"}, REPORT_SHARE, false},
	{"complaints", {"Complaints per week", "每周投诉数"}, REPORT_NUMBER, false},
};

static bool figure_of(const struct side *side, size_t figure, double *value)
{
	const struct tally *t = &side->tally;
	double clocks = t->in_time.value + t->late.value, tickets = t->tickets.value;
	const struct {
		bool known;
		double part, whole;
	} values[FIGURES] = {
		{clocks > 0, t->in_time.value, clocks},
		{t->handling.values.n > 0, sample_mean(&t->handling), 1},
		{t->scores.values.n > 0, sample_mean(&t->scores), 1},
		{tickets > 0, t->repeated.value, tickets},
		{side->weeks > 0, side->complaints, side->weeks},
	};

	*value = values[figure].known ? values[figure].part / values[figure].whole : 0;
	return values[figure].known;
}

/* A change of less than a hundredth is none. 1: better, -1: worse. */
static int judge(size_t figure, double before, double after)
{
	double change = after - before, most = fabs(before) > fabs(after) ? fabs(before) : fabs(after);

	if (fabs(change) <= most / 100)
		return 0;
	return (change > 0) == figures[figure].more_is_better ? 1 : -1;
}

static void verdict_cell(struct report_cell *cell, const struct material *m, bool known, int verdict)
{
	static const struct words words[] = {{"worse", "变差"}, {"no change", "无变化"}, {"better", "改善"}};
	static const char *const names[] = {"worse", "same", "better"};

	if (known)
		cell_text(cell, names[verdict + 1], say(m, words[verdict + 1]));
	else
		cell_text(cell, "no_data", say(m, (struct words){"no data", "无数据"}));
}

/* Those carried out in the period before this one, and those that should have been. */
static bool is_of_last_period(const struct material *m, const struct action *action)
{
	const struct range *before = &m->report->before;

	if (before->until_s <= before->from_s || action->state == ACTION_DROPPED)
		return false;
	if (action->done.set)
		return action->done.s >= before->from_s && action->done.s < before->until_s;
	return action->due.set && action->due.s >= before->from_s && action->due.s < before->until_s;
}

/* As long before the measure as the period is, and as long after it, as far as that is over. */
static void ranges_of(const struct material *m, const struct action *action, struct range *before, struct range *after)
{
	int64_t length_s = m->report->before.until_s - m->report->before.from_s, until_s = action->done.s + length_s;

	until_s = until_s < m->report->now_s ? until_s : m->report->now_s;
	until_s = until_s < m->report->period.until_s ? until_s : m->report->period.until_s;
	*before = (struct range){action->done.s - length_s, action->done.s};
	*after = (struct range){action->done.s, until_s > action->done.s ? until_s : action->done.s};
}

/* Adds a row for each figure where 'section' is given. Returns the verdict over all; '*known' is false where nothing can be compared. */
static int compare_measure(struct material *m, const struct action *action, struct report_section *section, bool *known)
{
	struct side before = {0}, after = {0};
	struct range before_range, after_range;
	int sum = 0;

	*known = false;
	ranges_of(m, action, &before_range, &after_range);
	take_side(&before, m, action, &before_range);
	take_side(&after, m, action, &after_range);
	for (size_t f = 0; f < FIGURES; f++) {
		double was, is;
		bool had = figure_of(&before, f, &was), has = figure_of(&after, f, &is), both = had && has;
		int verdict = both ? judge(f, was, is) : 0;
		struct report_cell *cells;

		/* Of nothing before and nothing after nothing can be said. */
		both = both && before.tally.tickets.value + after.tally.tickets.value > 0;
		*known = *known || both;
		sum += both ? verdict : 0;
		if (!section || (!had && !has))
			continue;
		cells = section_row(section);
		cell_text(&cells[0], action->id, NULL);
		action_category_cell(&cells[1], m, action);
		cell_text(&cells[2], figures[f].name, say(m, figures[f].title));
		cell_set(&cells[3], figures[f].kind, had, was);
		cell_set(&cells[4], figures[f].kind, has, is);
		verdict_cell(&cells[5], m, both, verdict);
	}
	tally_release(&before.tally);
	tally_release(&after.tally);
	return (sum > 0) - (sum < 0);
}

void make_measures(struct material *m)
{
	static const struct column_rule columns[] = {
		{"number", {"Action", "编号"}, REPORT_TEXT}, {"problem", {"Problem", "问题"}, REPORT_TEXT}, {"category", {"Category", "类别"}, REPORT_TEXT},
		{"measure", {"Measure", "改进措施"}, REPORT_TEXT}, {"owner", {"Carried out by", "负责人"}, REPORT_TEXT}, {"due", {"Due", "完成期限"}, REPORT_TIME},
		{"done", {"Completed", "完成时间"}, REPORT_TIME}, {"figures", {"By the figures", "指标变化"}, REPORT_TEXT},
		{"effective", {"Verification", "验证结果"}, REPORT_TEXT}, {"feedback", {"Customers' feedback", "客户反馈"}, REPORT_TEXT}, {"state", {"State", "状态"}, REPORT_TEXT},
	};
	struct report_section *section = section_add(m, "measures", (struct words){"Measures of the period before", "上期改进措施"}, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < m->actions.n; i++) {
		const struct action *a = m->actions.v[i];
		struct report_cell *cells;
		bool known;
		int verdict;

		if (!is_of_last_period(m, a))
			continue;
		cells = section_row(section);
		cell_text(&cells[0], a->id, NULL);
		cell_text(&cells[1], a->problem, NULL);
		action_category_cell(&cells[2], m, a);
		cell_text(&cells[3], a->measure ? a->measure : a->plan, NULL);
		cell_text(&cells[4], a->owner, NULL);
		action_time_cell(&cells[5], &a->due);
		action_time_cell(&cells[6], &a->done);
		if (a->done.set) {
			verdict = compare_measure(m, a, NULL, &known);
			verdict_cell(&cells[7], m, known, verdict);
		} else {
			cell_text(&cells[7], "not_done", say(m, (struct words){"not carried out", "未实施"}));
		}
		action_effect_cell(&cells[8], m, a);
		cell_text(&cells[9], a->feedback, NULL);
		action_state_cell(&cells[10], m, a);
	}
	if (m->report->before.until_s <= m->report->before.from_s)
		note_add(section, "%s", say(m, (struct words){"Measures are judged by the period before; name one, such as --month.", "须指定统计期间（如 --month）才能评价上期措施。"}));
	else if (!section->rows.n)
		note_add(section, "%s", say(m, (struct words){"No measure was due or carried out in the period before.", "上期没有到期或完成的改进措施。"}));
}

void make_measure_effects(struct material *m)
{
	static const struct column_rule columns[] = {
		{"number", {"Action", "编号"}, REPORT_TEXT}, {"category", {"Category", "类别"}, REPORT_TEXT}, {"figure", {"Figure", "指标"}, REPORT_TEXT},
		{"before", {"Before it", "实施前"}, REPORT_NUMBER}, {"after", {"Since", "实施后"}, REPORT_NUMBER}, {"verdict", {"Verdict", "结论"}, REPORT_TEXT},
	};
	struct report_section *section =
		section_add(m, "measure_effects", (struct words){"Figures before and after each measure", "措施实施前后的指标"}, columns, ARRAY_SIZE(columns));
	size_t unjudged = 0;
	bool known;

	for (size_t i = 0; i < m->actions.n; i++) {
		const struct action *a = m->actions.v[i];

		if (!is_of_last_period(m, a) || !a->done.set)
			continue;
		if (a->category || a->type)
			compare_measure(m, a, section, &known);
		else
			unjudged++;
	}
	note_add(section, "%s",
		 say(m, (struct words){"Tickets of the category or type that were received as long before the measure as the period before is, and as long after it, as far as that is over.",
				       "比较措施实施前后各一个统计期间内受理的该类别（类型）工单；尚未结束的期间只算到目前。"}));
	if (unjudged)
		note_add(section, text_equal(m->language, "zh") ? "%zu 项措施未指明类别或类型，无法用指标评价。" : "%zu measures name no category and no type, so no figures judge them.", unjudged);
}

/* --- categories below their bar -------------------------------------------------------------------------------- */

#define BAR 0.8 /* B9, where no standard of the policy says it */

static double bar_of(const struct policy *policy)
{
	for (size_t i = 0; i < policy->standards.n; i++) {
		const struct standard *s = &policy->standards.v[i];

		if (text_equal(s->figure, "in_time") && text_equal(s->by, "category") && s->at_least > 0)
			return s->at_least;
	}
	return BAR;
}

static void going_on_cell(struct report_cell *cell, const struct material *m, const char *category)
{
	_cleanup_buf_ struct buf list = {0};

	for (size_t i = 0; i < m->actions.n; i++)
		if (m->actions.v[i]->state < ACTION_VERIFIED && text_equal(m->actions.v[i]->category, category))
			buf_addf(&list, "%s%s", list.n ? ", " : "", m->actions.v[i]->id);
	cell_text(cell, list.n ? list.p : "none", list.n ? NULL : say(m, (struct words){"none yet", "尚无"}));
}

static void below_row(struct material *m, struct report_section *section, const char *category, struct tally *tally, double bar)
{
	struct report_cell *cells = section_row(section);

	cell_text(&cells[0], category, group_label(m, BY_CATEGORY, category));
	cell_count(&cells[1]);
	for (size_t i = 0; i < tally->tickets.tickets.n; i++)
		cell_counted(&cells[1], tally->tickets.tickets.v[i]);
	cell_share(&cells[2], tally->in_time.value, tally->in_time.value + tally->late.value);
	cell_set(&cells[3], REPORT_SHARE, true, bar);
	cell_sample(&cells[4], REPORT_LENGTH, &tally->handling, -1);
	going_on_cell(&cells[5], m, category);
}

void make_below(struct material *m)
{
	static const struct column_rule columns[] = {
		{"category", {"Category", "类别"}, REPORT_TEXT}, {"tickets", {"Tickets", "工单数"}, REPORT_COUNT}, {"in_time", {"In time", "达标率"}, REPORT_SHARE},
		{"bar", {"At least", "标准"}, REPORT_SHARE}, {"handling_mean", {"Mean to resolve", "平均解决时长"}, REPORT_LENGTH}, {"actions", {"Actions going on", "进行中的措施"}, REPORT_TEXT},
	};
	struct report_section *section = section_add(m, "below", (struct words){"Categories below their bar", "达标率低于标准的类别"}, columns, ARRAY_SIZE(columns));
	const struct grouped *groups = group_by(m, BY_CATEGORY);
	struct tally *tallies = xcalloc(groups->all.n + 1, sizeof(*tallies));
	double bar = bar_of(m->policy);

	for (size_t i = 0; i < m->now.n; i++)
		for (uint32_t k = groups->first[i]; k < groups->first[i + 1]; k++)
			tally_take(&tallies[groups->at[k]], &m->now.v[i], (uint32_t)i);
	for (size_t g = 0; g < groups->all.n; g++) {
		struct tally *tally = &tallies[g];
		double clocks = tally->in_time.value + tally->late.value;

		if (*groups->all.v[g] && clocks > 0 && tally->in_time.value / clocks < bar - 1e-9)
			below_row(m, section, groups->all.v[g], tally, bar);
		tally_release(tally);
	}
	free(tallies);
	if (!section->rows.n)
		note_add(section, text_equal(m->language, "zh") ? "没有达标率低于 %.0f%% 的类别。" : "No category is below %.0f %%.", bar * 100);
}

/* --- what is proposed and going on ----------------------------------------------------------------------------- */

static void make_going_on(struct material *m, const char *name, struct words title, struct words nothing, bool proposed)
{
	static const struct column_rule columns[] = {
		{"number", {"Action", "编号"}, REPORT_TEXT}, {"problem", {"Problem", "问题"}, REPORT_TEXT}, {"category", {"Category", "类别"}, REPORT_TEXT},
		{"plan", {"Plan", "改进方案"}, REPORT_TEXT}, {"owner", {"Carried out by", "负责人"}, REPORT_TEXT}, {"due", {"Due", "完成期限"}, REPORT_TIME},
		{"overdue", {"Overdue", "超期"}, REPORT_TEXT}, {"state", {"State", "状态"}, REPORT_TEXT},
	};
	struct report_section *section = section_add(m, name, title, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < m->actions.n; i++) {
		const struct action *a = m->actions.v[i];
		struct report_cell *cells;

		if ((a->state == ACTION_PROPOSED) != proposed || a->state >= ACTION_VERIFIED || !action_lived_in(a, &m->report->period))
			continue;
		cells = section_row(section);
		cell_text(&cells[0], a->id, NULL);
		cell_text(&cells[1], a->problem, NULL);
		action_category_cell(&cells[2], m, a);
		cell_text(&cells[3], a->plan, NULL);
		cell_text(&cells[4], a->owner, NULL);
		action_time_cell(&cells[5], &a->due);
		if (action_is_overdue(a, m->report->now_s))
			cell_text(&cells[6], "overdue", say(m, (struct words){"overdue", "超期"}));
		action_state_cell(&cells[7], m, a);
	}
	if (!section->rows.n)
		note_add(section, "%s", say(m, nothing));
}

void make_proposals(struct material *m)
{
	make_going_on(m, "proposals", (struct words){"Proposals for improvement", "改进建议"}, (struct words){"Nothing is proposed that is not yet decided.", "没有待决定的改进建议。"}, true);
}

void make_actions_open(struct material *m)
{
	make_going_on(m, "actions_open", (struct words){"Improvement going on", "进行中的改进"}, (struct words){"No improvement action is going on.", "没有进行中的改进措施。"}, false);
}

/* --- what tickets lack ----------------------------------------------------------------------------------------- */

/* "No ticket without feedback, handling, result and follow-up" (E10): the words for what is missing; returns how many. */
static size_t find_missing(const struct material *m, const struct fact *fact, struct buf *names, struct buf *labels)
{
	bool closed = fact_closed(fact);
	const struct {
		const char *name;
		struct words label;
		bool missing;
	} parts[] = {
		{"handling", {"handling", "处理过程"}, fact->responded_s == TIME_NONE && !fact->progress && !fact->plan && !(closed && fact->result)},
		{"result", {"result", "处理结果"}, closed && !fact->result},
		{"feedback", {"customer's feedback", "客户反馈"}, closed && !fact->confirmed && !fact->answered && !fact->satisfied && !fact->disputed},
		{"follow_up", {"follow-up", "回访"}, closed && !fact->followed_up && !fact->surveyed},
	};
	size_t missing = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (parts[i].missing) {
			buf_addf(names, "%s%s", missing ? "," : "", parts[i].name);
			buf_addf(labels, "%s%s", missing ? say(m, (struct words){", ", "、"}) : "", say(m, parts[i].label));
			missing++;
		}
	return missing;
}

void make_gaps(struct material *m)
{
	static const struct column_rule columns[] = {
		{"number", {"Ticket", "工单号"}, REPORT_TEXT}, {"received", {"Received", "受理时间"}, REPORT_TIME}, {"state", {"State", "状态"}, REPORT_TEXT},
		{"handler", {"Handler", "处理人"}, REPORT_TEXT}, {"missing", {"Without", "缺少"}, REPORT_TEXT}, {"subject", {"Subject", "主题"}, REPORT_TEXT},
	};
	struct report_section *section =
		section_add(m, "gaps", (struct words){"Tickets without handling, result, feedback or follow-up", "缺少处理、结果、反馈或回访的工单"}, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < m->now.n; i++) {
		const struct fact *fact = &m->now.v[i];
		_cleanup_buf_ struct buf names = {0}, labels = {0};
		const char *state = state_word((enum ticket_state)fact->state);
		struct report_cell *cells;

		if (fact->state == STATE_MERGED || !find_missing(m, fact, &names, &labels))
			continue;
		cells = section_row(section);
		cell_text(&cells[0], fact->id, NULL);
		*list_push(&cells[0].tickets) = (uint32_t)i;
		cell_time(&cells[1], fact->received_s);
		cell_text(&cells[2], state, policy_word(m->policy, m->language, state));
		cell_text(&cells[3], fact->assignee, NULL);
		cell_text(&cells[4], names.p, labels.p);
		cell_text(&cells[5], fact->subject, NULL);
	}
	if (!section->rows.n)
		note_add(section, "%s", say(m, (struct words){"No ticket of the period lacks any of these.", "本期工单均无缺项。"}));
	else
		note_add(section, text_equal(m->language, "zh") ? "%2$zu 张工单中有 %1$zu 张缺项。" : "%zu of %zu tickets lack something.", section->rows.n, m->now.n);
}
