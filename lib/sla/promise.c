/* SPDX-License-Identifier: MIT */
/* What the clocks promise the customer, as a sentence (domain B3). */
#include "sla/clock.h"

/* What a target owes the customer: the first of these among its `until`, each said once. */
static const struct promise {
	const char *until, *en, *zh;
} promises[] = {
	{"responded", "We will contact you by %s.", "我们将在%s前与您联系。"},
	{"planned", "We will tell you by %s how it will be solved.", "我们将在%s前告知您解决方案。"},
	{"resolved", "We will have it solved by %s.", "我们将在%s前解决。"},
};

/* "17:00 today", "09:00 tomorrow", "17:00 on 2026-05-08"; "今天17:00", "明天09:00", "2026年5月8日17:00". */
static char *day_text(const struct zone *zone, int64_t at_s, int64_t now_s, bool chinese)
{
	struct civil at, now;
	int64_t days;

	civil_from(&at, zone_wall(zone, at_s));
	civil_from(&now, zone_wall(zone, now_s));
	days = civil_day(at.year, at.month, at.day) - civil_day(now.year, now.month, now.day);
	if (days == 0 || days == 1)
		return chinese ? xasprintf("%s%02d:%02d", days ? "明天" : "今天", at.hour, at.minute) : xasprintf("%02d:%02d %s", at.hour, at.minute, days ? "tomorrow" : "today");
	return chinese ? xasprintf("%d年%d月%d日%02d:%02d", (int)at.year, at.month, at.day, at.hour, at.minute)
		       : xasprintf("%02d:%02d on %04d-%02d-%02d", at.hour, at.minute, (int)at.year, at.month, at.day);
}

static bool owes(const struct clock_view *view, const char *until)
{
	return view->clock.verdict == VERDICT_RUNNING && view->clock.due.set && texts_have(&view->rule->until, until);
}

/* A target with several ends is promised by the first of the list: who may plan or solve promises the plan. */
static bool owes_first(const struct clock_view *view, size_t k)
{
	for (size_t i = 0; i < k; i++)
		if (owes(view, promises[i].until))
			return false;
	return owes(view, promises[k].until);
}

static void add_sentence(struct buf *out, const struct promise *promise, const char *when, bool chinese)
{
	const char *sentence = chinese ? promise->zh : promise->en, *gap = strstr(sentence, "%s");

	if (out->n && !chinese)
		buf_putc(out, ' ');
	buf_add(out, sentence, (size_t)(gap - sentence));
	buf_puts(out, when);
	buf_puts(out, gap + 2);
}

char *clocks_promise(const struct ticket *ticket, const struct policy *policy, const struct calendars *calendars, const char *language)
{
	_cleanup_(clock_views_release) clock_views views = {0};
	_cleanup_buf_ struct buf out = {0};
	bool chinese = text_equal(language, "zh");
	int64_t now_s = INT64_MIN;

	if (clocks_evaluate(&views, ticket, policy, calendars, INT64_MIN, NULL))
		return NULL;
	for (size_t i = 0; i < ticket->events.n; i++)
		if (ticket->events.v[i].at.s > now_s)
			now_s = ticket->events.v[i].at.s;
	for (size_t k = 0; k < ARRAY_SIZE(promises); k++) {
		const struct clock_view *first = NULL;

		for (size_t i = 0; i < views.n; i++)
			if (owes_first(&views.v[i], k) && (!first || views.v[i].clock.due.s < first->clock.due.s))
				first = &views.v[i];
		if (first) {
			_cleanup_free_ char *when = day_text(calendars_zone(calendars), first->clock.due.s, now_s, chinese);

			add_sentence(&out, &promises[k], when, chinese);
		}
	}
	return out.n ? buf_steal(&out) : NULL;
}
