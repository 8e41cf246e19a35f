/* SPDX-License-Identifier: MIT */
/* Charts of characters: what a section's figures look like on a terminal. */
#ifndef CMD_REPORT_CHARTS_H
#define CMD_REPORT_CHARTS_H

#include "table.h"

#include "ticket/report.h"

/* A bar of so many twentieths of the longest one; "" for none. Owned. */
char *chart_bar(const struct report_section *section, const struct report_row *row);
/* One line of columns for each figure over time, with its sum, no wider than the terminal. Nothing for fewer than two rows. */
void chart_course(const struct report_section *section, const struct table_options *options, FILE *out);
/* Weekdays one below another, hours side by side, the more the darker. Nothing when nothing came in. */
void chart_heat(const struct report *report, const struct report_section *section, const struct table_options *options, FILE *out);

#endif
