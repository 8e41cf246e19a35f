/* SPDX-License-Identifier: MIT */
/* Anomalies: what in a record cannot be right, or is missing, by the record alone (C14). */
#include "flow/flow.h"

#include "model/ticket.h"

static const struct anomaly_rule {
	const char *name, *cause; /* whose fault it probably is: the words of `quarantine --cause` */
	const char *label_en, *label_zh;
	const char *en, *zh;      /* with what is told, and what it contradicts */
} kinds[] = {
	[ANOMALY_FIELDS] = {"missing", "entry", "key fields are missing", "缺少关键字段", "key fields are missing: %s", "缺少关键字段：%s"},
	[ANOMALY_BEFORE_RECEIPT] = {"before_receipt", "entry", "before the receipt", "早于受理", "something happened at %s, before the receipt at %s", "%s 的处理早于受理时间 %s"},
	[ANOMALY_RESOLVED_FIRST] = {"resolved_first", "entry", "resolved before the first response", "解决早于首次响应", "it was resolved at %s, before the first response at %s", "解决时间 %s 早于首次响应时间 %s"},
	[ANOMALY_CLOSED_FIRST] = {"closed_first", "entry", "closed before it was resolved", "结束早于解决", "it was closed at %s, before it was resolved at %s", "结束时间 %s 早于解决时间 %s"},
	[ANOMALY_RECORDED_FIRST] = {"recorded_first", "system", "recorded before it happened", "记录早于发生", "it was recorded at %s, before it happened at %s", "记录时间 %s 早于发生时间 %s"},
	[ANOMALY_PLAN_DUE] = {"plan_due", "entry", "a plan over when it was made", "方案到期早于制定", "the plan was to be done at %s, before it was made at %s", "方案完成时间 %s 早于制定时间 %s"},
	[ANOMALY_EXPECTS] = {"expects", "entry", "expected before the receipt", "期望时间早于受理", "it was expected by %s, before the receipt at %s", "期望完成时间 %s 早于受理时间 %s"},
	[ANOMALY_TRIED] = {"order", "entry", "state against events", "状态与事件矛盾", "the state contradicts the events: %s", "状态与事件矛盾：%s"},
};

const char *anomaly_name(enum anomaly_kind kind)
{
	return kinds[kind].name;
}

const char *anomaly_cause(enum anomaly_kind kind)
{
	return kinds[kind].cause;
}

const char *anomaly_label(enum anomaly_kind kind, const char *language)
{
	return text_equal(language, "zh") ? kinds[kind].label_zh : kinds[kind].label_en;
}

char *anomaly_sentence(const struct anomaly *anomaly, const char *language)
{
	const struct anomaly_rule *rule = &kinds[anomaly->kind];
	const char *format = text_equal(language, "zh") ? rule->zh : rule->en, *first = strstr(format, "%s"), *second = strstr(first + 2, "%s");
	struct buf out = {0};

	buf_add(&out, format, (size_t)(first - format));
	buf_puts(&out, anomaly->what);
	buf_add(&out, first + 2, second ? (size_t)(second - first) - 2 : strlen(first + 2));
	if (second)
		buf_addf(&out, "%s%s", anomaly->against ? anomaly->against : "", second + 2);
	return buf_steal(&out);
}

void anomalies_release(anomalies *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->v[i].what);
		free(list->v[i].against);
	}
	free(list->v);
	*list = (anomalies){0};
}

/* --- looking ----------------------------------------------------------------------------------------------------- */

/* What is found: the kinds always, the words only where there is a list, for the index asks of every ticket and keeps none. */
struct found {
	int64_t kinds; /* a bit for each */
	anomalies *list;
};

static bool has(const struct found *found, enum anomaly_kind kind)
{
	return found->kinds >> kind & 1;
}

static void add(struct found *found, enum anomaly_kind kind, const struct stamp *at, const struct stamp *against)
{
	char a[STAMP_SIZE], b[STAMP_SIZE];

	found->kinds |= (int64_t)1 << kind;
	if (found->list)
		*list_push(found->list) = (struct anomaly){kind, xstrdup(stamp_format(a, at)), xstrdup(stamp_format(b, against))};
}

static void check_fields(const struct ticket *ticket, const struct policy *policy, struct found *found)
{
	struct texts missing = {0};

	for (size_t i = 0; i < policy->fields.n; i++) {
		const struct field_rule *rule = &policy->fields.v[i];

		if (!(rule->key || rule->required) || !conditions_hold(&rule->when, ticket) || flow_field_filled(ticket, rule))
			continue;
		found->kinds |= (int64_t)1 << ANOMALY_FIELDS;
		if (found->list)
			texts_add(&missing, rule->name);
	}
	if (missing.n)
		*list_push(found->list) = (struct anomaly){ANOMALY_FIELDS, texts_join(&missing, ", "), NULL};
	texts_release(&missing);
}

/* Times that no two events can have: each kind is told once, by the first pair found. */
static void check_event_times(const struct ticket *ticket, const struct policy *policy, struct found *found)
{
	for (size_t i = 0; i < ticket->events.n; i++) {
		const struct event *event = &ticket->events.v[i];

		if (!has(found, ANOMALY_BEFORE_RECEIPT) && event->kind != EVENT_OPENED && event->at.set && event->at.s < ticket->received.s)
			add(found, ANOMALY_BEFORE_RECEIPT, &event->at, &ticket->received);
		if (!has(found, ANOMALY_RECORDED_FIRST) && event->recorded.set && event->recorded.s + policy->clock_skew.seconds < event->at.s)
			add(found, ANOMALY_RECORDED_FIRST, &event->recorded, &event->at);
	}
}

static const struct event *first_of(const struct ticket *ticket, enum event_kind kind)
{
	for (size_t i = 0; i < ticket->events.n; i++)
		if (ticket->events.v[i].kind == (int)kind)
			return &ticket->events.v[i];
	return NULL;
}

static void check_order(const struct ticket *ticket, struct found *found)
{
	static const enum event_kind ends[] = {EVENT_CONFIRMED, EVENT_VERIFIED, EVENT_ARCHIVED};
	const struct event *responded = first_of(ticket, EVENT_RESPONDED), *resolved = first_of(ticket, EVENT_RESOLVED);
	const struct event *last_resolved = flow_last(ticket, EVENT_RESOLVED, false);

	if (responded && resolved && resolved->at.s < responded->at.s)
		add(found, ANOMALY_RESOLVED_FIRST, &resolved->at, &responded->at);
	for (size_t i = 0; i < ARRAY_SIZE(ends) && last_resolved; i++) {
		const struct event *end = flow_last(ticket, ends[i], false);

		if (end && end->at.s < last_resolved->at.s) {
			add(found, ANOMALY_CLOSED_FIRST, &end->at, &last_resolved->at);
			return;
		}
	}
}

static void look(const struct ticket *ticket, const struct policy *policy, struct found *found)
{
	const struct event *plan = flow_last(ticket, EVENT_PLANNED, false);

	check_fields(ticket, policy, found);
	check_event_times(ticket, policy, found);
	check_order(ticket, found);
	if (plan && plan->due.set && plan->due.s < plan->at.s)
		add(found, ANOMALY_PLAN_DUE, &plan->due, &plan->at);
	if (ticket->expects.set && ticket->expects.s < ticket->received.s)
		add(found, ANOMALY_EXPECTS, &ticket->expects, &ticket->received);
}

void flow_anomalies(const struct ticket *ticket, const struct policy *policy, anomalies *out)
{
	look(ticket, policy, &(struct found){0, out});
}

int64_t flow_anomaly_kinds(const struct ticket *ticket, const struct policy *policy)
{
	struct found found = {0, NULL};

	look(ticket, policy, &found);
	return found.kinds;
}
