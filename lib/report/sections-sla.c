/* SPDX-License-Identifier: MIT */
/* Targets: what was met in time, what late, and how much time it took. */
#include "report/report.h"

struct sla {
	struct report_cell clocks, in_time, late, running, cancelled, at_risk;
	struct sample_of consumed;
	double consumed_s, paused_s;
};

static const struct column_rule sla_columns[] = {
	{"target", {"Target", "时限"}, REPORT_TEXT}, {"group", {"", ""}, REPORT_TEXT}, {"clocks", {"Owed", "应达"}, REPORT_COUNT}, {"in_time", {"In time", "按时"}, REPORT_COUNT},
	{"late", {"Late", "超时"}, REPORT_COUNT}, {"running", {"Running", "进行中"}, REPORT_COUNT}, {"cancelled", {"Not owed", "已取消"}, REPORT_COUNT},
	{"at_risk", {"At risk", "临近"}, REPORT_COUNT}, {"share", {"Share in time", "达标率"}, REPORT_SHARE}, {"mean", {"Mean", "平均"}, REPORT_LENGTH},
	{"median", {"Median", "中位数"}, REPORT_LENGTH}, {"p90", {"90 % within", "90% 分位"}, REPORT_LENGTH}, {"paused", {"Paused", "暂停占比"}, REPORT_SHARE},
};

static void sla_take(struct sla *sla, const struct clock_fact *clock, uint32_t index)
{
	bool met = clock->verdict == VERDICT_MET, late = clock->verdict == VERDICT_MET_LATE || clock->verdict == VERDICT_MISSED;
	struct report_cell *cell = met ? &sla->in_time : late ? &sla->late : clock->verdict == VERDICT_CANCELLED ? &sla->cancelled : &sla->running;

	for (int64_t n = 0; n < clock->count; n++) {
		cell_counted(&sla->clocks, index);
		cell_counted(cell, index);
	}
	if (clock->at_risk)
		cell_counted(&sla->at_risk, index);
	/* Windows in a row are stored as one: what a single one took is not known. */
	if (clock->count == 1 && (met || clock->verdict == VERDICT_MET_LATE))
		sample_take(&sla->consumed, (double)clock->consumed_s, index);
	sla->consumed_s += (double)clock->consumed_s;
	sla->paused_s += (double)clock->paused_s;
}

static void sla_row(struct material *m, struct report_section *section, const struct target *target, const char *group, const char *label, struct sla *sla)
{
	struct report_cell *cells = section_row(section), *counts[] = {&sla->clocks, &sla->in_time, &sla->late, &sla->running, &sla->cancelled, &sla->at_risk};

	cell_text(&cells[0], target->name, policy_label(m->policy, &target->labels, m->language, target->name));
	cell_text(&cells[1], group, label);
	cell_share(&cells[8], sla->in_time.value, sla->in_time.value + sla->late.value);
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		cell_set(&cells[2 + i], REPORT_COUNT, true, counts[i]->value);
		cells[2 + i].tickets.v = counts[i]->tickets.v;
		cells[2 + i].tickets.n = counts[i]->tickets.n;
	}
	cell_sample(&cells[9], REPORT_LENGTH, &sla->consumed, -1);
	cell_sample(&cells[10], REPORT_LENGTH, &sla->consumed, 0.5);
	cell_sample(&cells[11], REPORT_LENGTH, &sla->consumed, 0.9);
	cell_share(&cells[12], sla->paused_s, sla->paused_s + sla->consumed_s);
	sample_release(&sla->consumed);
	memset(sla, 0, sizeof(*sla));
}

/* The targets of the policy by name, each once, then those that only tickets of an older policy have. */
static bool is_first(const struct policy *policy, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (text_equal(policy->targets.v[j].name, policy->targets.v[i].name))
			return false;
	return true;
}

static void sla_target(struct material *m, struct report_section *section, const struct target *target, enum grouping by)
{
	const struct grouped *grouped = group_by(m, by);
	const struct texts *all = &grouped->all;
	struct sla *groups = xcalloc(all->n + 1, sizeof(*groups));

	for (size_t i = 0; i < m->now.n; i++) {
		const struct fact *fact = &m->now.v[i];

		for (size_t c = 0; c < fact->clocks.n; c++)
			if (text_equal(fact->clocks.v[c].target, target->name))
				sla_take(&groups[grouped->at[grouped->first[i]]], &fact->clocks.v[c], (uint32_t)i);
	}
	for (size_t g = 0; g < all->n; g++)
		if (groups[g].clocks.value > 0)
			sla_row(m, section, target, all->v[g], group_label(m, by, all->v[g]), &groups[g]);
	free(groups);
}

/* Clocks of targets that the policy in force no longer has are judged by the tickets' own; they are named, not dropped. */
static void sla_former(struct material *m, struct report_section *section, enum grouping by)
{
	struct texts former = {0};

	for (size_t i = 0; i < m->now.n; i++)
		for (size_t c = 0; c < m->now.v[i].clocks.n; c++) {
			const char *name = m->now.v[i].clocks.v[c].target;
			bool known = texts_have(&former, name);

			for (size_t t = 0; t < m->policy->targets.n && !known; t++)
				known = text_equal(m->policy->targets.v[t].name, name);
			if (!known)
				texts_add(&former, name);
		}
	for (size_t i = 0; i < former.n; i++)
		sla_target(m, section, &(struct target){.name = former.v[i]}, by);
	texts_release(&former);
}

static void make_sla_by(struct material *m, const char *name, struct words title, struct words group, enum grouping by)
{
	struct report_section *section = section_add(m, name, title, sla_columns, ARRAY_SIZE(sla_columns));

	section->columns.v[1].title = say(m, group);
	section->chart = CHART_STACK;
	section->chart_column = 3;
	for (size_t t = 0; t < m->policy->targets.n; t++)
		if (is_first(m->policy, t))
			sla_target(m, section, &m->policy->targets.v[t], by);
	sla_former(m, section, by);
}

void make_sla(struct material *m)
{
	make_sla_by(m, "targets", (struct words){"Targets by priority", "各时限按优先级"}, (struct words){"Priority", "优先级"}, BY_PRIORITY);
}

void make_sla_channel(struct material *m)
{
	make_sla_by(m, "targets_channels", (struct words){"Targets by channel", "各时限按渠道"}, (struct words){"Channel", "渠道"}, BY_CHANNEL);
}

void make_sla_group(struct material *m)
{
	make_sla_by(m, "targets_groups", (struct words){"Targets by group", "各时限按小组"}, (struct words){"Group", "小组"}, BY_GROUP);
}

void make_sla_assignee(struct material *m)
{
	make_sla_by(m, "targets_assignees", (struct words){"Targets by person", "各时限按处理人"}, (struct words){"Person", "处理人"}, BY_ASSIGNEE);
}
