/* SPDX-License-Identifier: MIT */
/* Times of a call, and the range that --since, --until, --day, --week, --month and --quarter name. */
#include "when.h"

int call_time(const struct call *call, const char *text, struct stamp *out, struct ticket_error *err)
{
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
