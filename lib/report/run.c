/* SPDX-License-Identifier: MIT */
/* From a desk to a report: its facts are gathered, then everything is arithmetic. */
#include "report/actions.h"
#include "report/check.h"
#include "report/gather.h"
#include "report/kinds.h"
#include "ticket/text.h"

#define DAY_S 86400
#define REPEAT_DAYS 90 /* where the policy has no alarm that says it (C13) */

/* --- periods --------------------------------------------------------------------------------------------------- */

static int64_t months_of(const struct civil *civil)
{
	return civil->year * 12 + civil->month - 1;
}

static bool is_month_start(const struct civil *civil)
{
	return civil->day == 1 && !civil->hour && !civil->minute && !civil->second;
}

bool report_before(struct range *out, const struct range *period, const struct zone *zone)
{
	struct civil from, until;
	int64_t from_wall, until_wall;

	*out = (struct range){0, 0};
	if (period->from_s == INT64_MIN || period->until_s == INT64_MAX || period->until_s <= period->from_s)
		return false;
	from_wall = zone_wall(zone, period->from_s);
	until_wall = zone_wall(zone, period->until_s);
	civil_from(&from, from_wall);
	civil_from(&until, until_wall);
	out->until_s = period->from_s;
	if (is_month_start(&from) && is_month_start(&until)) {
		int64_t months = 2 * months_of(&from) - months_of(&until);

		from.year = months / 12;
		from.month = (int)(months % 12) + 1;
		out->from_s = zone_instant(zone, civil_seconds(&from));
	} else {
		/* By the wall, so that a day in which clocks change is a day. */
		out->from_s = zone_instant(zone, from_wall - (until_wall - from_wall));
	}
	return out->from_s < out->until_s;
}

static int64_t repeat_window(const struct policy *policy)
{
	for (size_t i = 0; i < policy->alarms.n; i++)
		if (text_equal(policy->alarms.v[i].kind, "repeat") && policy->alarms.v[i].window.seconds > 0)
			return policy->alarms.v[i].window.seconds;
	return REPEAT_DAYS * (int64_t)DAY_S;
}

/* --- the last weeks -------------------------------------------------------------------------------------------- */

/* Whole weeks, the last of them that in which the period ends, or that of today. */
static void last_weeks(struct range *out, const struct range *period, const struct zone *zone, int64_t now_s)
{
	int64_t last_s = period->until_s != INT64_MAX && period->until_s <= now_s ? period->until_s - 1 : now_s;
	struct civil civil;

	civil_from(&civil, zone_wall(zone, last_s));
	civil.hour = civil.minute = civil.second = 0;
	civil.day += 7 - civil_weekday(civil_day(civil.year, civil.month, civil.day));
	out->until_s = zone_instant(zone, civil_seconds(&civil));
	if (out->until_s > period->until_s)
		out->until_s = period->until_s;
	civil.day -= 7 * RECENT_WEEKS;
	out->from_s = zone_instant(zone, civil_seconds(&civil));
}

/* --- the report ------------------------------------------------------------------------------------------------ */

static int unknown_report(const char *name, struct ticket_error *err)
{
	struct texts names = {0};
	const char *near;

	for (size_t i = 0; i < report_count(); i++)
		texts_add(&names, report_listed(i, "en").name);
	near = text_nearest(name, (const char *const *)names.v, names.n);
	if (near)
		ticket_fail(err, TICKET_NOTFOUND, "there is no report '%s'; did you mean '%s'?", name, near);
	else
		ticket_fail(err, TICKET_NOTFOUND, "there is no report '%s'; see: ticket report --list", name);
	texts_release(&names);
	return TICKET_NOTFOUND;
}

static void begin(struct material *m, struct report *report, const struct kind *kind, struct desk *desk, const struct report_order *order)
{
	*m = (struct material){.report = report, .desk = desk, .policy = desk_policy(desk), .language = text_equal(order->language, "zh") ? "zh" : "en"};
	m->repeat_window_s = repeat_window(m->policy);
	report->name = kind->name;
	report->language = m->language;
	report->title = say(m, kind->title);
	report->desk = xstrdup(policy_label(m->policy, &m->policy->titles, m->language, m->policy->name));
	report->zone = desk_zone(desk);
	report->period = order->period;
	report->now_s = desk_now(desk);
	report_before(&report->before, &order->period, report->zone);
	if (kind->weeks)
		last_weeks(&m->recent_weeks, &order->period, report->zone, report->now_s);
}

/* Answers without a name, as far as a report can say anything of them. */
static int gather_unnamed(struct material *m, const struct kind *kind, struct desk *desk, const struct report_order *order, struct ticket_error *err)
{
	int failed;

	m->narrowed = order->n_words > 0;
	if (m->narrowed)
		return 0;
	if ((failed = unnamed_gather(&m->unnamed, desk, &order->period, err)) ||
	    (m->report->before.until_s > m->report->before.from_s && (failed = unnamed_gather(&m->unnamed_before, desk, &m->report->before, err))) ||
	    (kind->weeks && (failed = unnamed_gather(&m->unnamed_recent, desk, &m->recent_weeks, err))))
		return failed;
	/* A box that cannot be read is fsck's matter; the figures of what came out of it are sound. */
	m->held_known = ballots_waiting(desk, &m->held, NULL) == 0;
	return 0;
}

/* The facts of the period before the one before, as for a report of that period alone. */
static int gather_earlier(struct material *m, struct gathered *gathered, struct desk *desk, const struct report_order *order, struct ticket_error *err)
{
	static const struct kind counting = {.alone = true, .counts = true};
	struct report report = {0};
	struct material earlier = {.report = &report, .policy = m->policy, .repeat_window_s = m->repeat_window_s};
	int failed;

	if (!report_before(&report.period, &m->report->before, m->report->zone))
		return 0;
	failed = gather(&earlier, gathered, desk, order, &counting, err);
	m->earlier.v = earlier.now.v;
	m->earlier.n = earlier.now.n;
	free(earlier.before.v);
	free(earlier.doubtful.v);
	return failed;
}

static int fill(struct material *m, struct gathered gathered[2], const struct kind *kind, struct desk *desk, const struct report_order *order, struct ticket_error *err)
{
	struct report *report = m->report;
	int failed;

	if ((failed = gather(m, &gathered[0], desk, order, kind, err)) || (kind->earlier && (failed = gather_earlier(m, &gathered[1], desk, order, err))) ||
	    (kind->actions && (failed = actions_gather(m, desk, err))))
		return failed;
	if ((failed = gather_unnamed(m, kind, desk, order, err)))
		return failed;
	report->counted = m->now.n;
	report->quarantined = m->doubtful.n;
	for (size_t i = 0; i < m->now.n; i++)
		texts_add(&report->tickets, m->now.v[i].id);
	for (size_t i = 0; i < m->doubtful.n; i++)
		texts_add(&report->tickets, m->doubtful.v[i].id);
	if ((failed = desk_facts_load(m, kind, desk, order, err)))
		return failed;
	for (size_t i = 0; kind->sections[i]; i++)
		kind->sections[i](m);
	return report_check(report, err);
}

int report_run(struct report **out, struct desk *desk, const struct report_order *order, struct ticket_error *err)
{
	_cleanup_report_ struct report *report = xcalloc(1, sizeof(*report));
	const struct kind *kind = kind_named(order->name);
	struct material m;
	struct gathered gathered[2] = {0};
	int failed;

	*out = NULL;
	if (!kind)
		return unknown_report(order->name, err);
	begin(&m, report, kind, desk, order);
	failed = fill(&m, gathered, kind, desk, order, err);
	grouped_release(&m);
	actions_release(&m);
	free(m.now.v);
	free(m.before.v);
	free(m.doubtful.v);
	free(m.recent.v);
	unnamed_release(&m.unnamed);
	unnamed_release(&m.unnamed_before);
	unnamed_release(&m.unnamed_recent);
	free(m.earlier.v);
	desk_facts_release(&m.desk_facts);
	gathered_release(&gathered[0]);
	gathered_release(&gathered[1]);
	if (!failed)
		*out = steal_ptr(report);
	return failed;
}

static void section_release(struct report_section *section)
{
	for (size_t r = 0; r < section->rows.n; r++) {
		for (size_t c = 0; c < section->columns.n; c++) {
			free(section->rows.v[r].cells[c].text);
			free(section->rows.v[r].cells[c].label);
			free(section->rows.v[r].cells[c].tickets.v);
		}
		free(section->rows.v[r].cells);
	}
	free(section->rows.v);
	free(section->columns.v);
	texts_release(&section->notes);
}

bool report_keep(struct report *report, const char *section)
{
	struct report_section kept;
	size_t at = 0;

	while (at < report->sections.n && !text_equal(report->sections.v[at].name, section))
		at++;
	if (at == report->sections.n)
		return false;
	kept = report->sections.v[at];
	for (size_t i = 0; i < report->sections.n; i++)
		if (i != at)
			section_release(&report->sections.v[i]);
	report->sections.v[0] = kept;
	report->sections.n = 1;
	return true;
}

void report_free(struct report *report)
{
	if (!report)
		return;
	for (size_t i = 0; i < report->sections.n; i++)
		section_release(&report->sections.v[i]);
	free(report->sections.v);
	texts_release(&report->tickets);
	free(report->desk);
	free(report);
}
