/* SPDX-License-Identifier: MIT */
/* The check of a report against itself, before anybody sees it. */
#ifndef REPORT_CHECK_H
#define REPORT_CHECK_H

#include "ticket/report.h"

/* TICKET_STORAGE names the section whose totals, rows and tickets disagree. */
int report_check(const struct report *report, struct ticket_error *err);

#endif
