/* SPDX-License-Identifier: MIT */
/* Improvement actions in figures: each one, how many came in time, how many helped (B10, E10). */
#include "report/actions.h"

/* --- which ones ------------------------------------------------------------------------------------------------ */

int64_t action_ended(const struct action *action)
{
	if (action->state < ACTION_VERIFIED)
		return INT64_MAX;
	for (size_t i = action->events.n; i-- > 0;)
		if (action->events.v[i].kind == ACTION_EVENT_VERIFIED || action->events.v[i].kind == ACTION_EVENT_DROPPED)
			return action->events.v[i].at.s;
	return INT64_MAX;
}

bool action_lived_in(const struct action *action, const struct range *period)
{
	return action->events.n && action->events.v[0].at.s < period->until_s && action_ended(action) >= period->from_s;
}

static int compare_numbers(const void *a, const void *b)
{
	return strcmp((*(struct action *const *)a)->id, (*(struct action *const *)b)->id);
}

static int keep_action(const struct action *action, void *data, struct ticket_error *err)
{
	struct material *m = data;
	struct buf text = {0};
	struct action *copy;
	int failed;

	action_write(action, &text);
	if (!(failed = action_parse(&copy, text.p, text.n, action->id, err)))
		*list_push(&m->actions) = copy;
	buf_release(&text);
	return failed;
}

int actions_gather(struct material *m, struct desk *desk, struct ticket_error *err)
{
	int failed = action_each(desk, keep_action, m, err);

	if (!failed && m->actions.n)
		qsort(m->actions.v, m->actions.n, sizeof(*m->actions.v), compare_numbers);
	return failed;
}

void actions_release(struct material *m)
{
	for (size_t i = 0; i < m->actions.n; i++)
		action_free(m->actions.v[i]);
	free(m->actions.v);
}

/* --- cells ----------------------------------------------------------------------------------------------------- */

void action_state_cell(struct report_cell *cell, const struct material *m, const struct action *action)
{
	static const struct words labels[ACTION_STATES] = {
		[ACTION_NONE] = {"", ""}, [ACTION_PROPOSED] = {"proposed", "建议"}, [ACTION_OPEN] = {"open", "进行中"},
		[ACTION_DONE] = {"carried out, to be verified", "已完成-待验证"}, [ACTION_VERIFIED] = {"verified", "已验证"}, [ACTION_DROPPED] = {"dropped", "已取消"},
	};

	cell_text(cell, action_state_word((enum action_state)action->state), say(m, labels[action->state]));
}

void action_effect_cell(struct report_cell *cell, const struct material *m, const struct action *action)
{
	static const struct {
		const char *word;
		struct words label;
	} results[] = {{"yes", {"effective", "有效"}}, {"partly", {"partly effective", "部分有效"}}, {"no", {"not effective", "无效"}}};

	cell_text(cell, action->effective, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(results); i++)
		if (text_equal(results[i].word, action->effective))
			replace_text(&cell->label, say(m, results[i].label));
}

void action_category_cell(struct report_cell *cell, const struct material *m, const struct action *action)
{
	const char *name = action->category ? action->category : action->type;

	cell_text(cell, name, name ? group_label(m, action->category ? BY_CATEGORY : BY_TYPE, name) : NULL);
}

void action_time_cell(struct report_cell *cell, const struct stamp *at)
{
	cell_time(cell, at->set ? at->s : TIME_NONE);
}

/* How long after the due date it was carried out, or how long it is overdue now. */
static void late_cell(struct report_cell *cell, const struct material *m, const struct action *action)
{
	int64_t end_s = action->done.set ? action->done.s : m->report->now_s;
	bool counts = action->due.set && (action->done.set || action->state == ACTION_OPEN) && end_s > action->due.s;

	cell_set(cell, REPORT_LENGTH, counts, counts ? (double)(end_s - action->due.s) : 0);
}

/* --- each of them ---------------------------------------------------------------------------------------------- */

void make_actions(struct material *m)
{
	static const struct column_rule columns[] = {
		{"number", {"Action", "编号"}, REPORT_TEXT}, {"problem", {"Problem", "问题"}, REPORT_TEXT}, {"category", {"Category", "类别"}, REPORT_TEXT},
		{"plan", {"Plan", "改进方案"}, REPORT_TEXT}, {"owner", {"Carried out by", "负责人"}, REPORT_TEXT}, {"due", {"Due", "完成期限"}, REPORT_TIME},
		{"state", {"State", "状态"}, REPORT_TEXT}, {"done", {"Completed", "完成时间"}, REPORT_TIME}, {"late", {"Late by", "超期"}, REPORT_LENGTH},
		{"feedback", {"Customers' feedback", "客户反馈"}, REPORT_TEXT}, {"measure", {"Measure", "改进措施"}, REPORT_TEXT},
		{"effective", {"Verification", "验证结果"}, REPORT_TEXT}, {"tickets", {"Tickets", "相关工单"}, REPORT_TEXT},
	};
	struct report_section *section = section_add(m, "actions", (struct words){"Improvement actions", "改进措施清单"}, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < m->actions.n; i++) {
		const struct action *a = m->actions.v[i];
		_cleanup_free_ char *tickets = texts_join(&a->tickets, ", ");
		struct report_cell *cells;

		if (!action_lived_in(a, &m->report->period))
			continue;
		cells = section_row(section);
		cell_text(&cells[0], a->id, NULL);
		cell_text(&cells[1], a->problem, NULL);
		action_category_cell(&cells[2], m, a);
		cell_text(&cells[3], a->plan, NULL);
		cell_text(&cells[4], a->owner, NULL);
		action_time_cell(&cells[5], &a->due);
		action_state_cell(&cells[6], m, a);
		action_time_cell(&cells[7], &a->done);
		late_cell(&cells[8], m, a);
		cell_text(&cells[9], a->feedback, NULL);
		cell_text(&cells[10], a->measure, NULL);
		action_effect_cell(&cells[11], m, a);
		cell_text(&cells[12], a->tickets.n ? tickets : NULL, NULL);
	}
	if (!section->rows.n)
		note_add(section, "%s", say(m, (struct words){"There was no improvement action in the period.", "本期没有改进措施。"}));
}

/* --- in figures ------------------------------------------------------------------------------------------------ */

/* What a group of actions comes to. */
struct count {
	double all, proposed, open, overdue, done, verified, dropped;
	double dated, in_time;        /* carried out with a due date, and by it */
	double judged, helped, partly; /* with a result; "yes"; "partly" */
	double fed_back;
};

static void count_action(struct count *c, const struct action *a, int64_t now_s)
{
	c->all++;
	c->proposed += a->state == ACTION_PROPOSED;
	c->open += a->state == ACTION_OPEN;
	c->overdue += action_is_overdue(a, now_s);
	c->done += a->state == ACTION_DONE;
	c->verified += a->state == ACTION_VERIFIED;
	c->dropped += a->state == ACTION_DROPPED;
	c->dated += a->done.set && a->due.set;
	c->in_time += a->done.set && a->due.set && a->done.s <= a->due.s;
	c->judged += a->effective != NULL;
	c->helped += text_equal(a->effective, "yes");
	c->partly += text_equal(a->effective, "partly");
	c->fed_back += a->feedback != NULL;
}

void make_action_totals(struct material *m)
{
	static const struct column_rule columns[] = {{"figure", {"Figure", "指标"}, REPORT_TEXT}, {"value", {"Value", "数值"}, REPORT_NUMBER}};
	struct report_section *section = section_add(m, "action_totals", (struct words){"Improvement in figures", "改进情况"}, columns, ARRAY_SIZE(columns));
	struct count c = {0};

	for (size_t i = 0; i < m->actions.n; i++)
		if (action_lived_in(m->actions.v[i], &m->report->period))
			count_action(&c, m->actions.v[i], m->report->now_s);
	const struct {
		const char *name;
		struct words title;
		double part, whole; /* whole below 0: a plain number */
	} rows[] = {
		{"actions", {"Actions", "改进措施总数"}, c.all, -1},
		{"proposed", {"Proposed, without owner or date", "建议（未定负责人或期限）"}, c.proposed, -1},
		{"open", {"Open", "进行中"}, c.open, -1},
		{"overdue", {"Overdue", "超期"}, c.overdue, -1},
		{"unverified", {"Carried out, to be verified", "已完成-待验证"}, c.done, -1},
		{"verified", {"Verified", "已验证"}, c.verified, -1},
		{"dropped", {"Dropped", "已取消"}, c.dropped, -1},
		{"on_time", {"Share carried out in time", "按期完成率"}, c.in_time, c.dated},
		{"effective", {"Share verified as effective", "验证有效率"}, c.helped, c.judged},
		{"partly", {"Share verified as partly effective", "部分有效率"}, c.partly, c.judged},
		{"feedback", {"Share with customers' feedback", "有客户反馈的占比"}, c.fed_back, c.all},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct report_cell *cells = section_row(section);

		cell_text(&cells[0], rows[i].name, say(m, rows[i].title));
		if (rows[i].whole < 0)
			cell_set(&cells[1], REPORT_NUMBER, true, rows[i].part);
		else
			cell_share(&cells[1], rows[i].part, rows[i].whole);
	}
}

static const char *owner_of(const struct action *action)
{
	return action->owner ? action->owner : "";
}

static const char *category_of(const struct action *action)
{
	return action->category ? action->category : "";
}

static void make_action_groups(struct material *m, const char *name, struct words title, struct words head, const char *(*group_of)(const struct action *action), bool category)
{
	static const struct column_rule columns[] = {
		{"group", {"", ""}, REPORT_TEXT}, {"actions", {"Actions", "措施数"}, REPORT_NUMBER}, {"open", {"Open", "进行中"}, REPORT_NUMBER},
		{"overdue", {"Overdue", "超期"}, REPORT_NUMBER}, {"unverified", {"To be verified", "待验证"}, REPORT_NUMBER}, {"verified", {"Verified", "已验证"}, REPORT_NUMBER},
		{"on_time", {"In time", "按期完成率"}, REPORT_SHARE}, {"effective", {"Effective", "有效率"}, REPORT_SHARE},
	};
	struct report_section *section = section_add(m, name, title, columns, ARRAY_SIZE(columns));
	struct texts groups = {0};

	section->columns.v[0].title = say(m, head);
	for (size_t i = 0; i < m->actions.n; i++)
		if (action_lived_in(m->actions.v[i], &m->report->period) && !texts_have(&groups, group_of(m->actions.v[i])))
			texts_add(&groups, group_of(m->actions.v[i]));
	for (size_t g = 0; g < groups.n; g++) {
		struct report_cell *cells = section_row(section);
		struct count c = {0};

		for (size_t i = 0; i < m->actions.n; i++)
			if (action_lived_in(m->actions.v[i], &m->report->period) && text_equal(group_of(m->actions.v[i]), groups.v[g]))
				count_action(&c, m->actions.v[i], m->report->now_s);
		cell_text(&cells[0], groups.v[g], !*groups.v[g] ? say(m, (struct words){"(none)", "（无）"}) : category ? group_label(m, BY_CATEGORY, groups.v[g]) : NULL);
		cell_set(&cells[1], REPORT_NUMBER, true, c.all);
		cell_set(&cells[2], REPORT_NUMBER, true, c.open);
		cell_set(&cells[3], REPORT_NUMBER, true, c.overdue);
		cell_set(&cells[4], REPORT_NUMBER, true, c.done);
		cell_set(&cells[5], REPORT_NUMBER, true, c.verified);
		cell_share(&cells[6], c.in_time, c.dated);
		cell_share(&cells[7], c.helped, c.judged);
	}
	texts_release(&groups);
}

void make_action_owners(struct material *m)
{
	make_action_groups(m, "action_owners", (struct words){"By owner", "按负责人"}, (struct words){"Owner", "负责人"}, owner_of, false);
}

void make_action_categories(struct material *m)
{
	make_action_groups(m, "action_categories", (struct words){"By category", "按类别"}, (struct words){"Category", "类别"}, category_of, true);
}
