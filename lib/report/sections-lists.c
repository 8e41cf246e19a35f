/* SPDX-License-Identifier: MIT */
/* Tables with a row for each ticket or customer: the register, the tracking table, complaints, escalations, anomalies. */
#include "report/report.h"

#include "flow/flow.h"
#include "ticket/customer.h"
#include "ticket/text.h"

static void ticket_cell(struct report_cell *cell, const struct material *m, uint32_t index)
{
	cell_text(cell, m->now.v[index].id, NULL);
	*list_push(&cell->tickets) = index;
}

static void choice_cell(struct report_cell *cell, const struct material *m, enum grouping by, const char *name)
{
	cell_text(cell, name, name && *name ? group_label(m, by, name) : NULL);
}

static void types_cell(struct report_cell *cell, const struct material *m, const struct fact *fact)
{
	struct texts labels = {0};
	_cleanup_free_ char *names = texts_join(&fact->types, ", "), *shown = NULL;

	for (size_t i = 0; i < fact->types.n; i++)
		texts_add(&labels, group_label(m, BY_TYPE, fact->types.v[i]));
	shown = texts_join(&labels, ", ");
	cell_text(cell, fact->types.n ? names : NULL, shown);
	texts_release(&labels);
}

static void state_cell(struct report_cell *cell, const struct material *m, const struct fact *fact)
{
	const char *word = state_word((enum ticket_state)fact->state);

	cell_text(cell, word, policy_word(m->policy, m->language, word));
}

static void length_cell(struct report_cell *cell, int64_t seconds)
{
	cell_set(cell, REPORT_LENGTH, seconds >= 0, (double)seconds);
}

/* What the clocks of a ticket came to: "late" when one was, "in time" when all that are over were. */
static void verdict_cell(struct report_cell *cell, const struct material *m, const struct fact *fact)
{
	size_t late = 0, met = 0;

	for (size_t i = 0; i < fact->clocks.n; i++) {
		late += fact->clocks.v[i].verdict == VERDICT_MET_LATE || fact->clocks.v[i].verdict == VERDICT_MISSED;
		met += fact->clocks.v[i].verdict == VERDICT_MET;
	}
	cell_text(cell, late ? "late" : met ? "in_time" : NULL, say(m, late ? (struct words){"late", "超时"} : (struct words){"in time", "按时"}));
}

void make_tracking(struct material *m)
{
	static const struct column_rule columns[] = {
		{"number", {"Ticket", "工单号"}, REPORT_TEXT}, {"received", {"Received", "受理时间"}, REPORT_TIME}, {"customer", {"Customer", "客户"}, REPORT_TEXT},
		{"channel", {"Channel", "渠道"}, REPORT_TEXT}, {"type", {"Type", "类型"}, REPORT_TEXT}, {"priority", {"Priority", "优先级"}, REPORT_TEXT},
		{"subject", {"Subject", "主题"}, REPORT_TEXT}, {"handler", {"Handler", "处理人"}, REPORT_TEXT}, {"responded", {"First response", "首次响应"}, REPORT_TIME},
		{"response", {"Response time", "响应时长"}, REPORT_LENGTH}, {"state", {"State", "状态"}, REPORT_TEXT}, {"resolved", {"Resolved", "解决时间"}, REPORT_TIME},
		{"handling", {"Time to resolve", "解决时长"}, REPORT_LENGTH}, {"verdict", {"Targets", "时限"}, REPORT_TEXT}, {"result", {"Result", "处理结果"}, REPORT_TEXT},
	};
	struct report_section *section = section_add(m, "tracking", (struct words){"Ticket tracking", "工单跟踪表"}, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < m->now.n; i++) {
		const struct fact *fact = &m->now.v[i];
		struct report_cell *cells = section_row(section);

		ticket_cell(&cells[0], m, (uint32_t)i);
		cell_time(&cells[1], fact->received_s);
		cell_text(&cells[2], fact->customer_name, NULL);
		choice_cell(&cells[3], m, BY_CHANNEL, fact->channel);
		types_cell(&cells[4], m, fact);
		choice_cell(&cells[5], m, BY_PRIORITY, fact->priority);
		cell_text(&cells[6], fact->subject, NULL);
		cell_text(&cells[7], fact->assignee, NULL);
		cell_time(&cells[8], fact->responded_s);
		length_cell(&cells[9], fact->responded_s == TIME_NONE ? -1 : fact->responded_s - fact->received_s);
		state_cell(&cells[10], m, fact);
		cell_time(&cells[11], fact->resolved_s);
		length_cell(&cells[12], fact_handling(fact));
		verdict_cell(&cells[13], m, fact);
		cell_text(&cells[14], fact->result, NULL);
	}
}

/* What the customer said in the end: the answer to the call or the survey, with its words. */
static void feedback_cell(struct report_cell *cell, const struct material *m, const struct fact *fact)
{
	static const struct {
		const char *name;
		struct words words;
	} answers[] = {{"yes", {"satisfied", "满意"}}, {"fairly", {"fairly satisfied", "基本满意"}}, {"no", {"not satisfied", "不满意"}}};
	_cleanup_buf_ struct buf b = {0};

	for (size_t i = 0; i < ARRAY_SIZE(answers); i++)
		if (text_equal(fact->satisfied, answers[i].name))
			buf_puts(&b, say(m, answers[i].words));
	for (size_t i = 0; i < fact->scores.n; i++)
		buf_addf(&b, "%s%s %g", b.n ? "; " : "", fact->scores.v[i].question, fact->scores.v[i].score);
	if (fact->feedback && *fact->feedback)
		buf_addf(&b, "%s%s", b.n ? "; " : "", fact->feedback);
	cell_text(cell, b.n ? b.p : NULL, NULL);
}

void make_complaints(struct material *m)
{
	static const struct column_rule columns[] = {
		{"number", {"Ticket", "工单号"}, REPORT_TEXT}, {"received", {"Received", "受理时间"}, REPORT_TIME}, {"customer", {"Customer", "客户"}, REPORT_TEXT},
		{"category", {"Category", "类别"}, REPORT_TEXT}, {"priority", {"Priority", "优先级"}, REPORT_TEXT}, {"complaint", {"Complaint", "投诉内容"}, REPORT_TEXT},
		{"handler", {"Handler", "处理人"}, REPORT_TEXT}, {"state", {"State", "状态"}, REPORT_TEXT}, {"plan", {"Plan", "处理方案"}, REPORT_TEXT},
		{"progress", {"Progress", "进展"}, REPORT_TEXT}, {"due", {"Due", "截止"}, REPORT_TIME}, {"resolved", {"Resolved", "解决时间"}, REPORT_TIME},
		{"result", {"Result", "处理结果"}, REPORT_TEXT}, {"feedback", {"Customer's feedback", "客户反馈"}, REPORT_TEXT},
	};
	struct report_section *section = section_add(m, "complaints", (struct words){"Complaint progress", "投诉进度表"}, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < m->now.n; i++) {
		const struct fact *fact = &m->now.v[i];
		struct report_cell *cells;

		if (!fact->complaint)
			continue;
		cells = section_row(section);
		ticket_cell(&cells[0], m, (uint32_t)i);
		cell_time(&cells[1], fact->received_s);
		cell_text(&cells[2], fact->customer_name, NULL);
		choice_cell(&cells[3], m, BY_CATEGORY, fact->category);
		choice_cell(&cells[4], m, BY_PRIORITY, fact->priority);
		cell_text(&cells[5], fact->subject, NULL);
		cell_text(&cells[6], fact->assignee, NULL);
		state_cell(&cells[7], m, fact);
		cell_text(&cells[8], fact->plan, NULL);
		cell_text(&cells[9], fact->progress, NULL);
		cell_time(&cells[10], fact->due_s);
		cell_time(&cells[11], fact->resolved_s);
		cell_text(&cells[12], fact->result, NULL);
		feedback_cell(&cells[13], m, fact);
	}
	note_add(section, "%s", say(m, (struct words){"Tickets of the type 'complaint', and those on which the customer complained again.",
						      "类型为“投诉”的工单，以及客户再次投诉的工单。"}));
}

/* Tickets in the order of their customers, so that each customer's stand together. */
struct ordered {
	const char *customer;
	uint32_t index;
};

static int by_customer(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;
	int order = strcmp(x->customer, y->customer);

	return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* What the register says of a customer; one who is not in it any more has a number only. */
static void register_cells(struct report_cell *cells, const struct material *m, const char *number)
{
	_cleanup_customer_ struct customer *customer = NULL;

	if (m->desk && customer_read(m->desk, number, &customer, NULL) == 0) {
		cell_text(&cells[0], customer->contact, NULL);
		cell_text(&cells[1], customer->industry, NULL);
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Of which types his tickets were: "complaint 2, inquiry 1". */
static void types_of_customer(struct report_cell *cell, const struct material *m, const struct ordered *of, size_t n)
{
	struct texts names = {0};
	_cleanup_buf_ struct buf plain = {0}, shown = {0};

	for (size_t i = 0; i < n; i++)
		for (size_t t = 0; t < m->now.v[of[i].index].types.n; t++)
			texts_add(&names, m->now.v[of[i].index].types.v[t]);
	if (names.n)
		qsort(names.v, names.n, sizeof(*names.v), by_name);
	for (size_t i = 0, end; i < names.n; i = end) {
		for (end = i + 1; end < names.n && text_equal(names.v[end], names.v[i]);)
			end++;
		buf_addf(&plain, "%s%s %zu", i ? ", " : "", names.v[i], end - i);
		buf_addf(&shown, "%s%s %zu", i ? ", " : "", group_label(m, BY_TYPE, names.v[i]), end - i);
	}
	cell_text(cell, plain.p, shown.p);
	texts_release(&names);
}

static void customer_row(struct material *m, struct report_section *section, const struct ordered *of, size_t n)
{
	struct report_cell *cells = section_row(section);
	int64_t first_s = INT64_MAX, last_s = INT64_MIN;
	struct sample_of scores = {0};

	for (size_t i = 5; i < 8; i++)
		cell_count(&cells[i]);
	for (size_t i = 0; i < n; i++) {
		const struct fact *fact = &m->now.v[of[i].index];

		cell_counted(&cells[4], of[i].index);
		if (fact->complaint)
			cell_counted(&cells[5], of[i].index);
		if (fact_open(fact))
			cell_counted(&cells[6], of[i].index);
		if (fact->repeats || fact->complaints)
			cell_counted(&cells[7], of[i].index);
		first_s = fact->received_s < first_s ? fact->received_s : first_s;
		last_s = fact->received_s > last_s ? fact->received_s : last_s;
		for (size_t s = 0; s < fact->scores.n; s++)
			sample_take(&scores, fact->scores.v[s].score, of[i].index);
	}
	cell_text(&cells[0], of->customer, NULL);
	cell_text(&cells[1], m->now.v[of[0].index].customer_name, NULL);
	register_cells(&cells[2], m, of->customer);
	types_of_customer(&cells[8], m, of, n);
	cell_time(&cells[9], first_s);
	cell_time(&cells[10], last_s);
	cell_sample(&cells[11], REPORT_SCORE, &scores, -1);
	sample_release(&scores);
}

void make_customers(struct material *m)
{
	static const struct column_rule columns[] = {
		{"customer", {"Number", "客户编号"}, REPORT_TEXT}, {"name", {"Customer", "客户"}, REPORT_TEXT}, {"contact", {"Contact", "联系方式"}, REPORT_TEXT},
		{"industry", {"Industry", "行业"}, REPORT_TEXT}, {"tickets", {"Tickets", "工单数"}, REPORT_COUNT}, {"complaints", {"Complaints", "投诉"}, REPORT_COUNT},
		{"open", {"Open", "未解决"}, REPORT_COUNT}, {"repeated", {"Repeated", "重复"}, REPORT_COUNT}, {"types", {"Types", "类型"}, REPORT_TEXT},
		{"first", {"First", "首次"}, REPORT_TIME}, {"last", {"Last", "最近"}, REPORT_TIME}, {"score", {"Score", "满意度"}, REPORT_SCORE},
	};
	struct report_section *section = section_add(m, "customers", (struct words){"Customers", "客户信息登记表"}, columns, ARRAY_SIZE(columns));
	struct ordered *list = xcalloc(m->now.n + 1, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < m->now.n; i++)
		if (m->now.v[i].customer && *m->now.v[i].customer)
			list[n++] = (struct ordered){m->now.v[i].customer, (uint32_t)i};
	qsort(list, n, sizeof(*list), by_customer);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && strcmp(list[end].customer, list[i].customer) == 0;)
			end++;
		customer_row(m, section, &list[i], end - i);
	}
	if (n < m->now.n)
		note_add(section, text_equal(m->language, "zh") ? "%zu 张工单没有登记的客户，未列入。" : "%zu tickets without a customer of the register are left out.", m->now.n - n);
	free(list);
}

void make_repeat(struct material *m)
{
	static const struct column_rule columns[] = {
		{"figure", {"Figure", "指标"}, REPORT_TEXT}, {"value", {"Value", "数值"}, REPORT_NUMBER}};
	struct report_section *section = section_add(m, "repeated", (struct words){"Repeated complaints", "重复投诉"}, columns, ARRAY_SIZE(columns));
	struct report_cell *again = section_row(section), *within, *share;
	size_t known = 0, repeated = 0;

	within = section_row(section);
	share = section_row(section);
	cell_text(&again[0], "complained_again", say(m, (struct words){"Complained again on the same ticket", "同一工单再次投诉"}));
	cell_text(&within[0], "within_window", say(m, (struct words){"Came back within the window", "期限内再次来访"}));
	cell_text(&share[0], "repeat_share", say(m, (struct words){"Share repeated", "重复投诉率"}));
	cell_count(&again[1]);
	cell_count(&within[1]);
	for (size_t i = 0; i < m->now.n; i++) {
		const struct fact *fact = &m->now.v[i];

		known += fact->customer && *fact->customer;
		if (fact->complaints)
			cell_counted(&again[1], (uint32_t)i);
		if (fact->repeats)
			cell_counted(&within[1], (uint32_t)i);
		if (fact->complaints || fact->repeats) {
			*list_push(&share[1].tickets) = (uint32_t)i;
			repeated++;
		}
	}
	cell_share(&share[1], (double)repeated, (double)m->now.n);
	note_add(section, text_equal(m->language, "zh") ? "期限：%lld 天。" : "The window is %lld days.", (long long)(m->repeat_window_s / 86400));
	if (known < m->now.n)
		note_add(section, text_equal(m->language, "zh") ? "%zu 张工单没有登记的客户，无法识别是否再次来访。" : "Of %zu tickets without a customer of the register it cannot be told.",
			 m->now.n - known);
}

void make_escalations(struct material *m)
{
	static const struct column_rule columns[] = {
		{"number", {"Ticket", "工单号"}, REPORT_TEXT}, {"received", {"Received", "受理时间"}, REPORT_TIME}, {"priority", {"Priority", "优先级"}, REPORT_TEXT},
		{"level", {"Level", "级别"}, REPORT_NUMBER}, {"times", {"Times", "次数"}, REPORT_NUMBER}, {"to", {"To", "升级至"}, REPORT_TEXT}, {"reason", {"Reason", "原因"}, REPORT_TEXT},
		{"state", {"State", "状态"}, REPORT_TEXT}, {"handler", {"Handler", "处理人"}, REPORT_TEXT}, {"subject", {"Subject", "主题"}, REPORT_TEXT},
	};
	struct report_section *section = section_add(m, "escalations", (struct words){"Escalations", "升级情况"}, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < m->now.n; i++) {
		const struct fact *fact = &m->now.v[i];
		struct report_cell *cells;

		if (!fact->escalations)
			continue;
		cells = section_row(section);
		ticket_cell(&cells[0], m, (uint32_t)i);
		cell_time(&cells[1], fact->received_s);
		choice_cell(&cells[2], m, BY_PRIORITY, fact->priority);
		cell_set(&cells[3], REPORT_NUMBER, true, (double)fact->level);
		cell_set(&cells[4], REPORT_NUMBER, true, (double)fact->escalations);
		cell_text(&cells[5], fact->escalated_to, NULL);
		cell_text(&cells[6], fact->escalated_why, NULL);
		state_cell(&cells[7], m, fact);
		cell_text(&cells[8], fact->assignee, NULL);
		cell_text(&cells[9], fact->subject, NULL);
	}
}

void make_anomalies(struct material *m)
{
	static const struct column_rule columns[] = {
		{"number", {"Ticket", "工单号"}, REPORT_TEXT}, {"received", {"Received", "受理时间"}, REPORT_TIME}, {"cause", {"Cause", "原因"}, REPORT_TEXT},
		{"state", {"State", "状态"}, REPORT_TEXT}, {"handler", {"Handler", "处理人"}, REPORT_TEXT}, {"subject", {"Subject", "主题"}, REPORT_TEXT},
	};
	struct report_section *section = section_add(m, "anomalies", (struct words){"Quarantined: left out of all figures", "异常数据：不计入任何指标"}, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < m->doubtful.n; i++) {
		const struct fact *fact = &m->doubtful.v[i];
		struct report_cell *cells = section_row(section);

		cell_text(&cells[0], fact->id, NULL);
		*list_push(&cells[0].tickets) = (uint32_t)(m->now.n + i);
		cell_time(&cells[1], fact->received_s);
		cell_text(&cells[2], fact->quarantine_cause, fact->quarantine_cause ? policy_word(m->policy, m->language, fact->quarantine_cause) : NULL);
		state_cell(&cells[3], m, fact);
		cell_text(&cells[4], fact->assignee, NULL);
		cell_text(&cells[5], fact->subject, NULL);
	}
}

/* The rules that found something, as data and as people read them. */
static void rules_cell(struct report_cell *cell, const struct material *m, int64_t suspicions)
{
	struct texts names = {0}, labels = {0};
	_cleanup_free_ char *data = NULL, *shown = NULL;

	for (int kind = 0; suspicions >> kind; kind++) {
		if (!(suspicions >> kind & 1))
			continue;
		texts_add(&names, anomaly_name((enum anomaly_kind)kind));
		texts_add(&labels, anomaly_label((enum anomaly_kind)kind, m->language));
	}
	data = texts_join(&names, ",");
	shown = texts_join(&labels, say(m, (struct words){", ", "、"}));
	cell_text(cell, data, shown);
	texts_release(&names);
	texts_release(&labels);
}

/* What counts, although rules find something wrong with it: to be looked at, and set apart (C14). */
void make_suspicious(struct material *m)
{
	static const struct column_rule columns[] = {
		{"number", {"Ticket", "工单号"}, REPORT_TEXT}, {"received", {"Received", "受理时间"}, REPORT_TIME}, {"rule", {"Finding", "发现"}, REPORT_TEXT},
		{"state", {"State", "状态"}, REPORT_TEXT}, {"handler", {"Handler", "处理人"}, REPORT_TEXT}, {"subject", {"Subject", "主题"}, REPORT_TEXT},
	};
	struct report_section *section = section_add(m, "suspicious", (struct words){"Suspicious: counted, but to be looked at", "可疑数据：仍计入指标，待核查"}, columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < m->now.n; i++) {
		const struct fact *fact = &m->now.v[i];
		struct report_cell *cells;

		if (!fact->suspicions)
			continue;
		cells = section_row(section);
		ticket_cell(&cells[0], m, (uint32_t)i);
		cell_time(&cells[1], fact->received_s);
		rules_cell(&cells[2], m, fact->suspicions);
		state_cell(&cells[3], m, fact);
		cell_text(&cells[4], fact->assignee, NULL);
		cell_text(&cells[5], fact->subject, NULL);
	}
}
