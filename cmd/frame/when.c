/* SPDX-License-Identifier: MIT */
/* Times of a call, and the range that --since, --until, --day, --week, --month and --quarter name. */
#include "when.h"

#include "ticket/clock.h"

/* So many working days from now, on the calendar that the policy counts on. */
static int working_days_on(const struct call *call, const struct duration *length, struct stamp *out, struct ticket_error *err)
{
	const struct calendars *calendars;
	const struct calendar *calendar;
	const struct policy *policy;
	int64_t at_s;
	int failed;

	if ((failed = desk_rules(call->desk, NULL, &policy, &calendars, err)))
		return failed;
	calendar = calendars_get(calendars, policy->calendar);
	if (!calendar)
		return ticket_fail(err, TICKET_NOTFOUND, "the policy counts on the calendar '%s', which is missing; see: ticket policy check", policy->calendar);
	if ((failed = calendar_add(&at_s, calendar, call->context.now_s, length, err)))
		return failed;
	*out = stamp_at(call->zone, at_s);
	return 0;
}

int call_time(const struct call *call, const char *text, struct stamp *out, struct ticket_error *err)
{
	struct duration length;

	if ((*text == '+' || *text == '-') && duration_parse(&length, text, NULL) == 0 && length.working_days) {
		if (call->desk)
			return working_days_on(call, &length, out, err);
		return ticket_fail(err, TICKET_USAGE, "'%s' counts working days, which need a desk's calendar", text);
	}
	return time_parse(out, text, call->zone, call->context.now_s, err);
}

int call_range(struct call *call, struct ticket_error *err)
{
	struct range range;
	int code = range_from_words(&range, &call->range, call->zone, call->context.now_s, err);

	if (code)
		return code;
	if (range.from_s != INT64_MIN)
		call->since = stamp_at(call->zone, range.from_s);
	if (range.until_s != INT64_MAX)
		call->until = stamp_at(call->zone, range.until_s);
	return 0;
}
