/* SPDX-License-Identifier: MIT */
/* Periods that come again and again: days, weeks, months, quarters of a desk's zone. */
#ifndef TICKET_PERIOD_H
#define TICKET_PERIOD_H

#include "ticket/range.h"

/* The "day", "week" (from Monday), "month" or "quarter" that holds the instant; false for any other word. */
bool period_at(struct range *out, const char *kind, const struct zone *zone, int64_t at_s);
/* What people call it, as range_period reads it: "2026-05-01", "2026-W18", "2026-05", "2026-Q2". Owned. */
char *period_name(const char *kind, const struct range *period, const struct zone *zone);

#endif
