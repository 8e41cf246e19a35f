/* SPDX-License-Identifier: MIT */
/* The first line as a time format, the second as a time: refused, or an instant of the years 1 to 9999. */
#include "exchange/timeformat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	char *second = strchr(text, '\n');
	static struct zone *zone;
	struct time_format format;
	struct stamp stamp;

	if (!zone && zone_open(&zone, "America/New_York", NULL))
		abort();
	if (second)
		*second++ = '\0';
	if (time_format_read(&format, text, NULL) == 0 && second && time_format_parse(&stamp, &format, second, zone))
		if (!stamp.set || stamp.s < INT64_C(-62135683200) || stamp.s > INT64_C(253402387200))
			abort();
	return 0;
}
