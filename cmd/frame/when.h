/* SPDX-License-Identifier: MIT */
/* Ranges of time that a call names. */
#ifndef CMD_WHEN_H
#define CMD_WHEN_H

#include "command.h"

/* Turns --since, --until, --day, --week, --month or --quarter into call->since and call->until. As range_from_words. */
int call_range(struct call *call, struct ticket_error *err);

#endif
