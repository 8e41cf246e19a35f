/* SPDX-License-Identifier: MIT */
/* The reports there are: each a list of sections. A new one is one row here. */
#include "report/kinds.h"

static const struct kind kinds[] = {
	{"actions", {"Improvement actions", "改进措施"}, {"each action: problem, plan, owner, whether it came in time and helped", "每项改进措施：问题、方案、负责人、是否按期、是否有效"},
	 {make_action_totals, make_actions, make_action_owners, make_action_categories}, .counts = true, .alone = true, .actions = true},
	{"anomalies", {"Anomalies", "异常数据"}, {"quarantined tickets, left out of every other figure; and what rules find wrong", "被隔离、不计入其他指标的工单，以及规则发现的可疑工单"}, {make_anomalies, make_suspicious}, .alone = true},
	{"backlog", {"Backlog", "积压"}, {"what is open: ages, priorities, the oldest", "未解决工单：时长、优先级、最早的工单"}, {make_ages, make_backlog_priority, make_oldest}, .alone = true},
	{"categories", {"Categories and bottlenecks", "类别与瓶颈"}, {"by category and type; where a solution takes over 48 hours", "按类别和类型；平均解决超过 48 小时的瓶颈"}, {make_by_category, make_by_type, make_bottlenecks}, .counts = true, .alone = true},
	{"channels", {"Channels", "渠道"}, {"the same figures for each channel", "各渠道指标"}, {make_by_channel, make_sla_channel}, .counts = true, .alone = true},
	{"complaints", {"Complaint progress", "投诉进度表"}, {"each complaint: plan, progress, result, the customer's feedback", "每件投诉的方案、进展、结果与客户反馈"}, {make_complaints}, .alone = true},
	{"csat", {"Satisfaction", "满意度"}, {"surveys: scores, questions, response rate, low scores", "调查：分值、各题、回收率、低分处理"}, {make_csat, make_scores, make_questions, make_low, make_low_unnamed, make_suggestions, make_weekly}, .alone = true, .weeks = true},
	{"customers", {"Customer register", "客户信息登记表"}, {"each customer with tickets in the period", "本期有工单的客户"}, {make_customers}, .alone = true},
	{"escalations", {"Escalations", "升级"}, {"what was escalated, to whom, why", "升级的工单、对象与原因"}, {make_escalations}, .alone = true},
	{"first-contact", {"First contact", "一次成功"}, {"what was resolved at first contact, by channel", "一次解决的工单及各渠道情况"}, {make_first_contact, make_by_channel}, .counts = true, .alone = true},
	{"improvement", {"Monthly review", "月度改进报告"}, {"last month's measures judged, problems, speed, satisfaction, standards, what to improve", "上期措施评价、问题、速度、满意度、标准与改进建议"},
	 {make_measures, make_measure_effects, make_totals, make_trend, make_hours, make_below, make_top_category, make_top_type, make_bottlenecks, make_sla, make_csat, make_questions, make_weekly, make_low,
	  make_low_unnamed, make_suggestions, make_repeat, make_standards, make_ages, make_gaps, make_proposals, make_actions_open}, .actions = true, .earlier = true, .weeks = true},
	{"inspections", {"Inspections", "质量抽查"}, {"spot checks: scores by person, channel, priority, with remarks; samples drawn", "抽查：按处理人、渠道、优先级的得分与评语；抽样情况"},
	 {make_inspections, make_samples}, .counts = true, .alone = true},
	{"on-time", {"On time", "报告及时情况"}, {"the reports, reviews and backups that were due: when they were done", "应完成的报告、检查与备份及其完成时间"}, {make_on_time}, .counts = true, .alone = true},
	{"repeat", {"Repeated complaints", "重复投诉"}, {"who came back, and who complained again", "再次来访与再次投诉"}, {make_repeat, make_top_customer}, .counts = true, .alone = true},
	{"sla", {"Targets", "时限达标"}, {"in time and late per target: by priority, channel, group, person", "各时限按优先级、渠道、小组、处理人的达标情况"},
	 {make_sla, make_sla_channel, make_sla_group, make_sla_assignee}, .counts = true, .alone = true},
	{"standards", {"Standards", "质量标准"}, {"each bar of the policy, its figure and verdict", "规则中的各项标准、实际值与结论"}, {make_standards}, .counts = true, .alone = true},
	{"summary", {"Summary", "总览"}, {"totals beside the period before; by channel, category, type, priority, state", "总体情况与上期对比；按渠道、类别、类型、优先级、状态"},
	 {make_totals, make_trend, make_hours, make_by_channel, make_by_category, make_by_type, make_by_priority, make_by_state}, .counts = true},
	{"top", {"Top issues", "主要问题"}, {"the five categories, types and incidents with most tickets", "工单最多的五个类别、类型与事件"},
	 {make_top_category, make_top_type, make_top_incidents}, .counts = true, .alone = true},
	{"tracking", {"Ticket tracking", "工单跟踪表"}, {"each ticket: times, handler, state, result", "每张工单的时间、处理人、状态与结果"}, {make_tracking}, .alone = true},
	{"trend", {"Trend", "趋势"}, {"received and resolved over time; at which hours of the week", "受理与解决趋势；一周各时段的受理量"}, {make_trend, make_hours}, .counts = true, .alone = true},
	{"workload", {"Workload", "工作量"}, {"by person and group", "按处理人和小组"}, {make_by_assignee, make_by_group, make_inspected_people}, .counts = true, .alone = true},
};

const struct kind *kind_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (text_equal(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

size_t report_count(void)
{
	return ARRAY_SIZE(kinds);
}

struct report_listed report_listed(size_t i, const char *language)
{
	bool zh = text_equal(language, "zh");

	return (struct report_listed){kinds[i].name, zh ? kinds[i].title.zh : kinds[i].title.en, zh ? kinds[i].about.zh : kinds[i].about.en};
}
