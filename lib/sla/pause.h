/* SPDX-License-Identifier: MIT */
/* When a clock stands still. */
#ifndef SLA_PAUSE_H
#define SLA_PAUSE_H

#include "sla/clock.h"

/* Does one of the words hold: "quarantined", a state ("waiting", "resolved"), or "waiting:WHOM"? */
bool pause_holds(const struct texts *words, const struct moment *moment);

#endif
