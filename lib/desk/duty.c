/* SPDX-License-Identifier: MIT */
/* Duties: see ticket/duty.h. */
#include "ticket/duty.h"

#include "desk/change.h"

#define TIME_LATEST INT64_MAX

/* --- what stands in the journal ---------------------------------------------------------------------------------- */

/* The acts by which a rule's duty is done. */
static const char *act_of(const struct report_rule *rule)
{
	return rule->act ? rule->act : "reported";
}

static bool is_backup(const struct report_rule *rule)
{
	return text_equal(act_of(rule), "backed_up");
}

const char *duty_report(const struct report_rule *rule)
{
	return !text_equal(act_of(rule), "reported") ? NULL : rule->report ? rule->report : "summary";
}

/* An entry that bears on duties: something done, or the sweep's word about it. */
struct deed {
	char *act, *subject, *by;
	struct range period;
	int64_t at_s;
};
typedef LIST(struct deed) deeds;

static void deeds_release(deeds *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->v[i].act);
		free(list->v[i].subject);
		free(list->v[i].by);
	}
	free(list->v);
}

static int take_entry(const struct journal_entry *entry, void *data, struct ticket_error *err)
{
	static const char *const acts[] = {"reported", "reviewed", "backed_up", "owed", "overdue"};

	for (size_t i = 0; i < ARRAY_SIZE(acts); i++)
		if (text_equal(entry->act, acts[i]))
			*list_push((deeds *)data) = (struct deed){xstrdup(entry->act), xstrdup(entry->subject), xstrdup(entry->by),
								  {entry->from.set ? entry->from.s : entry->at.s, entry->until.set ? entry->until.s : entry->at.s}, entry->at.s};
	return 0;
}

/* Was it done by this deed? A report by one of exactly that period, a review by one that covers it, a backup by any since it began. */
static bool does(const struct deed *deed, const struct report_rule *rule, const struct range *period)
{
	if (!text_equal(deed->act, act_of(rule)))
		return false;
	if (is_backup(rule))
		return deed->at_s >= period->from_s;
	if (deed->at_s < period->until_s)
		return false;
	if (duty_report(rule))
		return text_equal(deed->subject, duty_report(rule)) && deed->period.from_s == period->from_s && deed->period.until_s == period->until_s;
	return deed->period.from_s <= period->from_s && deed->period.until_s >= period->until_s;
}

static bool tells(const struct deed *deed, const char *act, const struct report_rule *rule)
{
	return text_equal(deed->act, act) && text_equal(deed->subject, rule->name);
}

/* The beginning of the first period that the journal knows of; TIME_LATEST: of none. */
static int64_t first_known(const deeds *list, const struct report_rule *rule, const struct zone *zone)
{
	int64_t first_s = TIME_LATEST;

	for (size_t i = 0; i < list->n; i++) {
		const struct deed *deed = &list->v[i];
		bool told = tells(deed, "owed", rule) || tells(deed, "overdue", rule);
		struct range period;

		/* Of what was done, only what did a period of this rule: a week's report says nothing of the days. */
		if (!period_at(&period, rule->period, zone, is_backup(rule) && !told ? deed->at_s : deed->period.from_s) || (!told && !does(deed, rule, &period)))
			continue;
		if (period.from_s < first_s)
			first_s = period.from_s;
	}
	return first_s;
}

/* --- periods ----------------------------------------------------------------------------------------------------- */

static int first_row(const struct ticket_row *row, void *data, struct ticket_error *err)
{
	*(int64_t *)data = row->received_s;
	return 0;
}

/* When the desk's first ticket was received; TIME_LATEST: it has none. */
static int first_receipt(struct desk *desk, int64_t *out_s, struct ticket_error *err)
{
	const struct query_context context = {.policy = desk->policy, .zone = desk->zone, .now_s = desk->context.now_s};
	_cleanup_query_ struct query *query = NULL;
	int failed = query_parse(&query, NULL, 0, "received", 1, &context, err);

	*out_s = TIME_LATEST;
	return failed ? failed : desk_list(desk, query, NULL, NULL, first_row, out_s, err);
}

static int due_of(struct desk *desk, const struct report_rule *rule, const struct range *period, int64_t *due_s, struct ticket_error *err)
{
	const struct calendars *calendars;
	struct range next;
	int failed;

	*due_s = period->until_s + rule->within.seconds;
	if (!rule->within.set) {
		/* Nothing said: before the next one is owed. */
		period_at(&next, rule->period, desk->zone, period->until_s);
		*due_s = next.until_s;
	} else if (rule->within.working_days) {
		if ((failed = desk_rules(desk, NULL, NULL, &calendars, err)))
			return failed;
		return calendar_add(due_s, calendars_get(calendars, desk->policy->calendar), period->until_s, &rule->within, err);
	}
	return 0;
}

static int add_duty(struct desk *desk, const deeds *list, const struct report_rule *rule, const struct range *period, duties *out, struct ticket_error *err)
{
	struct duty *duty = list_push(out);

	*duty = (struct duty){.rule = rule, .period = *period, .made_s = TIME_NONE};
	for (size_t i = 0; i < list->n; i++) {
		const struct deed *deed = &list->v[i];

		if (does(deed, rule, period) && (duty->made_s == TIME_NONE || deed->at_s < duty->made_s)) {
			duty->made_s = deed->at_s;
			replace_text(&duty->by, deed->by);
		}
		if (deed->period.from_s != period->from_s || deed->period.until_s != period->until_s)
			continue;
		duty->told |= tells(deed, "owed", rule) || tells(deed, "overdue", rule);
		duty->warned |= tells(deed, "overdue", rule);
	}
	return due_of(desk, rule, period, &duty->due_s, err);
}

static int add_rule(struct desk *desk, const deeds *list, const struct report_rule *rule, duties *out, struct ticket_error *err)
{
	int64_t now_s = desk->context.now_s, from_s = first_known(list, rule, desk->zone), received_s;
	struct range period;
	int failed = 0;

	if (!period_at(&period, rule->period, desk->zone, now_s))
		return 0; /* a word that the doctor finds fault with */
	if (from_s == TIME_LATEST) {
		from_s = period.from_s - 1;
		if ((failed = first_receipt(desk, &received_s, err)) || received_s >= period.from_s)
			return failed;
	}
	for (period_at(&period, rule->period, desk->zone, from_s); !failed && period.until_s <= now_s; period_at(&period, rule->period, desk->zone, period.until_s))
		failed = add_duty(desk, list, rule, &period, out, err);
	return failed;
}

int duties_read(struct desk *desk, duties *out, struct ticket_error *err)
{
	_cleanup_(deeds_release) deeds list = {0};
	int failed = 0;

	if (desk->policy->reports.n)
		failed = journal_each(desk, NULL, take_entry, &list, err);
	for (size_t i = 0; i < desk->policy->reports.n && !failed; i++)
		failed = add_rule(desk, &list, &desk->policy->reports.v[i], out, err);
	return failed;
}

void duties_release(duties *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->v[i].by);
	free(list->v);
	*list = (duties){0};
}

const char *duty_verdict(const struct duty *duty, int64_t now_s)
{
	if (duty->made_s != TIME_NONE)
		return duty->made_s <= duty->due_s ? "on_time" : "late";
	return duty->due_s < now_s ? "missing" : "owed";
}

char *duty_command(const struct duty *duty, const struct zone *zone)
{
	_cleanup_free_ char *name = period_name(duty->rule->period, &duty->period, zone);

	if (is_backup(duty->rule))
		return xstrdup("ticket backup FILE");
	if (duty_report(duty->rule))
		return xasprintf("ticket report %s --%s %s --record", duty_report(duty->rule), duty->rule->period, name);
	return xasprintf("ticket inspect review --%s %s -m TEXT", duty->rule->period, name);
}

int64_t duties_next(const struct desk *desk, const duties *list)
{
	int64_t now_s = desk->context.now_s, next_s = TIME_LATEST;

	for (size_t i = 0; i < desk->policy->reports.n; i++) {
		struct range period;

		if (period_at(&period, desk->policy->reports.v[i].period, desk->zone, now_s) && period.until_s < next_s)
			next_s = period.until_s;
	}
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].made_s == TIME_NONE && !list->v[i].warned && list->v[i].due_s >= now_s && list->v[i].due_s < next_s)
			next_s = list->v[i].due_s + 1; /* at the moment itself it is not late yet */
	return next_s;
}

/* --- putting on record ------------------------------------------------------------------------------------------- */

int duty_record_report(struct desk *desk, const char *report, const struct range *period, const char *where, bool dry_run, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	struct pair pair = {(char *)"how", (char *)where};
	struct journal_entry entry = {.act = (char *)"reported", .subject = (char *)report};
	char until[STAMP_SIZE];
	struct stamp end;
	int failed;

	if (period->from_s == INT64_MIN || period->until_s == INT64_MAX)
		return ticket_fail(err, TICKET_USAGE, "what goes on record is a report over a period; give one with --day, --week, --month or --quarter");
	end = stamp_at(desk->zone, period->until_s);
	if (period->until_s > desk->context.now_s)
		return ticket_fail(err, TICKET_REFUSED, "the report '%s' cannot go on record before its period has ended, at %s", report, stamp_format(until, &end));
	entry.from = stamp_at(desk->zone, period->from_s);
	entry.until = end;
	if (where)
		entry.values = (struct pairs){&pair, 1};
	if ((failed = change_begin(&change, desk, err)) || (failed = desk_allows(desk, "report", NULL, err)) || (failed = change_journal(change, &entry, err)))
		return failed;
	change_subject(change, "report %s", report);
	return change_commit(change, dry_run, err);
}
