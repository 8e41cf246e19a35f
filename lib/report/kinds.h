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
	bool earlier; /* looks one period further back */
};
const struct kind *kind_named(const char *name);

#endif
