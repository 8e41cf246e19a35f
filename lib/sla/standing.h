/* SPDX-License-Identifier: MIT */
/*
 * A clock between two events: while nothing happens, a clock that runs or stands still goes on in a way that follows from
 * a few figures. So that reports need not follow every ticket's history again to say how its clocks stand now.
 */
#ifndef SLA_STANDING_H
#define SLA_STANDING_H

#include "ticket/clock.h"

/* How a clock goes on from its ticket's latest event. */
struct standing {
	bool live;            /* neither done nor ended: the rest only means something then */
	bool followed;        /* this is not enough to tell: the ticket's history must be followed (clocks_evaluate) */
	bool paused;
	int64_t due_s;        /* TIME_NONE: there is no deadline */
	int64_t warned_s;     /* its first warning; TIME_NONE: it has none */
	const char *calendar; /* of its rule, NULL: "always"; borrowed from the policy */
};

/*
 * For a clock as it is stored with the ticket, which was computed at 'at_s', the latest event. Recurring clocks, and what
 * does not follow from the ticket as it stands, are to be followed.
 */
struct standing clock_standing(const struct clock *clock, const struct ticket *ticket, const struct policy *policy, const struct calendars *calendars, int64_t at_s);

/* The latest event of a ticket: what its stored clocks are as of. */
int64_t clocks_stored_at(const struct ticket *ticket);

/* What a live clock has come to at 'now_s'; what is given are the figures as of 'at_s'. Nothing changes when 'now_s' is before that. */
struct standing_figures {
	int verdict; /* enum verdict */
	int64_t consumed_s, paused_s;
	bool at_risk;
};
void standing_advance(struct standing_figures *figures, const struct standing *standing, const struct calendar *calendar, int64_t at_s, int64_t now_s);

#endif
