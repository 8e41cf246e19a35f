/* SPDX-License-Identifier: MIT */
/* When tickets come in: each hour of the day on each day of the week, by the clock on the desk's wall. */
#include "report/report.h"

#define DAY_S 86400
#define HOURS 24

void make_hours(struct material *m)
{
	static const struct column_rule columns[] = {
		{"hour", {"Hour", "时段"}, REPORT_TEXT}, {"monday", {"Mon", "周一"}, REPORT_COUNT}, {"tuesday", {"Tue", "周二"}, REPORT_COUNT},
		{"wednesday", {"Wed", "周三"}, REPORT_COUNT}, {"thursday", {"Thu", "周四"}, REPORT_COUNT}, {"friday", {"Fri", "周五"}, REPORT_COUNT},
		{"saturday", {"Sat", "周六"}, REPORT_COUNT}, {"sunday", {"Sun", "周日"}, REPORT_COUNT}, {"all", {"All", "合计"}, REPORT_COUNT},
	};
	struct report_section *section = section_add(m, "hours", (struct words){"Received by weekday and hour", "受理时段分布"}, columns, ARRAY_SIZE(columns));

	section->chart = CHART_HEAT;
	section->chart_column = 1;
	if (!m->now.n)
		return;
	for (int hour = 0; hour < HOURS; hour++) {
		struct report_cell *cells = section_row(section);
		char text[8];

		snprintf(text, sizeof(text), "%02d", hour);
		cell_text(&cells[0], text, NULL);
		for (size_t c = 1; c < ARRAY_SIZE(columns); c++)
			cell_count(&cells[c]);
	}
	for (size_t i = 0; i < m->now.n; i++) {
		int64_t wall = zone_wall(m->report->zone, m->now.v[i].received_s), second = (wall % DAY_S + DAY_S) % DAY_S;
		struct report_cell *cells = section->rows.v[second / 3600].cells;

		cell_counted(&cells[1 + civil_weekday((wall - second) / DAY_S)], (uint32_t)i);
		cell_counted(&cells[ARRAY_SIZE(columns) - 1], (uint32_t)i);
	}
}
