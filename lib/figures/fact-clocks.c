/* SPDX-License-Identifier: MIT */
/* What depends on the present: clocks that are neither done nor ended. */
#include "figures/fact.h"

#include "sla/standing.h"

bool fact_is_live(const struct fact *fact)
{
	for (size_t i = 0; i < fact->clocks.n; i++)
		if (fact->clocks.v[i].live)
			return true;
	return false;
}

bool fact_settle(struct fact *fact, const struct calendars *calendars, int64_t now_s)
{
	if (fact->followed)
		return false;
	for (size_t i = 0; i < fact->clocks.n; i++) {
		struct clock_fact *clock = &fact->clocks.v[i];
		const struct standing standing = {.live = clock->live, .paused = clock->paused, .due_s = clock->due_s, .warned_s = clock->warned_s};
		struct standing_figures figures = {clock->verdict, clock->consumed_s, clock->paused_s, false};
		const struct calendar *calendar;

		if (!clock->live)
			continue;
		if (!(calendar = calendars_get(calendars, clock->calendar)))
			return false;
		standing_advance(&figures, &standing, calendar, fact->stored_s, now_s);
		clock->verdict = figures.verdict;
		clock->consumed_s = figures.consumed_s;
		clock->paused_s = figures.paused_s;
		clock->at_risk = figures.at_risk;
		fact->overdue = fact->overdue || clock->verdict == VERDICT_MISSED;
	}
	return true;
}
