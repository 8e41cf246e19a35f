/* SPDX-License-Identifier: MIT */
/*
 * What time alone makes due beside clocks and alarms. Each source keeps the next moment at which it has something to do;
 * the stamp holds it, so that a sweep before that moment does not even ask.
 */
#ifndef SWEEP_SOURCES_H
#define SWEEP_SOURCES_H

#include "sweep/sweep.h"

struct sweep_source {
	const char *folder; /* of the desk: it is asked again when something in there has changed */
	/*
	 * Does what is due by now and sets '*next_s' to the next moment (INT64_MAX: none). 'since' is NULL where everything
	 * must be looked at; else only what changed in the folder since then, and '*next_s' holds what was known.
	 */
	int (*sweep)(struct sweep *sweep, const struct snapshot *since, int64_t *next_s, struct ticket_error *err);
	/* Shows what comes after now, until then. */
	int (*soon)(struct sweep *sweep, int64_t until_s, struct ticket_error *err);
};

/* In the order of the stamp. */
extern const struct sweep_source sweep_sources[SWEEP_SOURCES];

/* Is one of the sources due, by what the stamp knows? */
bool sources_due(const struct swept_until *since, int64_t now_s);
/* All that are due, or whose folder has changed. */
int sources_sweep(struct sweep *sweep, const struct swept_until *since, struct ticket_error *err);
int sources_soon(struct sweep *sweep, int64_t until_s, struct ticket_error *err);

/* The rows of sources.c. */
int visits_sweep(struct sweep *sweep, const struct snapshot *since, int64_t *next_s, struct ticket_error *err);
int visits_soon(struct sweep *sweep, int64_t until_s, struct ticket_error *err);
int duties_sweep(struct sweep *sweep, const struct snapshot *since, int64_t *next_s, struct ticket_error *err);
int duties_soon(struct sweep *sweep, int64_t until_s, struct ticket_error *err);
int actions_sweep(struct sweep *sweep, const struct snapshot *since, int64_t *next_s, struct ticket_error *err);
int actions_soon(struct sweep *sweep, int64_t until_s, struct ticket_error *err);

#endif
