/* SPDX-License-Identifier: MIT */
/* One report as the table of reports has it. */
#ifndef REPORT_KINDS_H
#define REPORT_KINDS_H

#include "report/report.h"

#define MOST_SECTIONS 24
struct kind {
	const char *name;
	struct words title, about;
	section_maker *sections[MOST_SECTIONS]; /* ends with NULL */
	bool weeks;  /* a section looks at the last weeks, also before the period */
	bool alone;  /* no section compares with the period before, so its tickets are not read */
	bool counts; /* no section shows what people wrote (customer_name, subject, feedback, progress, plan, result …), so it is not read */
	bool actions; /* needs the improvement actions */
	bool earlier; /* looks one period further back */
};
const struct kind *kind_named(const char *name);

#endif
