/* SPDX-License-Identifier: MIT */
/* Times and lengths as people type them: refused, or read to something that can be written and read again. */
#include "ticket/time.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static struct zone *zone;
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	char written[STAMP_SIZE], length[DURATION_SIZE];
	struct duration duration, same;
	struct stamp stamp, again;

	if (!zone && zone_open(&zone, "America/New_York", NULL))
		abort();
	if (time_parse(&stamp, text, zone, 1777777777, NULL) == 0) {
		if (stamp_parse(&again, stamp_format(written, &stamp), NULL) || again.s != stamp.s)
			abort();
	}
	if (duration_parse(&duration, text, NULL) == 0) {
		if (duration_parse(&same, duration_format(length, &duration), NULL) || same.seconds != duration.seconds || same.working_days != duration.working_days)
			abort();
	}
	return 0;
}
