/* SPDX-License-Identifier: MIT */
/* The plan of an import: what each row or case of the file would become, before the desk is asked. */
#ifndef EXCHANGE_PLAN_H
#define EXCHANGE_PLAN_H

#include "exchange/map.h"
#include "ticket/ticket.h"

/* What becomes of a draft. */
enum fate { FATE_NEW, FATE_CHANGED, FATE_UNCHANGED, FATE_REJECTED };

typedef LIST(struct event) event_list;

/* What is wrong with a draft that can be stored all the same. */
struct doubt {
	char *text;
	bool system; /* a program's doing, not that of who entered it */
};

/* One ticket to be: a row, or all rows of a case. */
struct draft {
	LIST(struct doubt) doubts;
	bool incomplete;         /* opened without a field that the policy requires */
	char *key;
	struct ticket *ticket;   /* head only */
	event_list events;       /* besides 'opened', in order of time */
	LIST(size_t) event_rows; /* of each event: the row that told of it */
	LIST(size_t) rows;       /* indexes into rows.list */
	uint32_t not_from_file;  /* bits of map_targets whose value is a constant or a default */
	size_t again;            /* how often its key came again, where the map counts them */
	enum fate fate;
	struct fault fault;      /* FATE_REJECTED: why */
	size_t faulty_row;       /* index into rows.list */
	char *number;            /* of the ticket that is there already */
};

/* A row that was not taken. */
struct reject {
	size_t row;
	struct fault fault;
};

struct plan {
	const struct rows *rows;
	struct map_context context;
	const struct policy *policy;
	const char *file;         /* base name: source.file */
	LIST(struct draft *) drafts; /* in order of the file */
	void *by_key;             /* tsearch tree of drafts */
	LIST(struct reject) rejects;
	bool quarantine;          /* what can be stored in spite of its faults is doubted instead of rejected */
	size_t repeated;          /* rows that say again what another row said */
};

/* Fills the plan from its rows. Never fails: what cannot be used is a reject. */
void plan_build(struct plan *plan);
/* Draws up one draft from its rows; on a fault it is FATE_REJECTED. */
void draft_build(struct plan *plan, struct draft *draft);
/*
 * Masks what a draft says, as the desk does when it records it, so that it can be compared with what the desk keeps.
 * What the policy refuses makes it FATE_REJECTED.
 */
void draft_mask(const struct plan *plan, struct draft *draft);
/* Makes a doubt of a fault where that may be; the fault is then gone, and what it was about is left out. */
bool draft_doubt(const struct plan *plan, struct draft *draft, struct fault *fault);
/* An event that is left out leaves its words with the latest doubt, which is about it. */
void draft_keep_words(struct draft *draft, const struct event *event);
/* Looks for contradictions and what is missing; events that cannot follow are dropped. All of it becomes doubts. */
void draft_examine(const struct plan *plan, struct draft *draft);
bool draft_is_doubtful(const struct draft *draft);
/* The event that sets the ticket apart, with all doubts as its text. 'out' is zeroed and to be released. */
void draft_quarantined(const struct draft *draft, struct event *out);
struct draft *plan_find(const struct plan *plan, const char *key);
/* A new, empty draft of that key; owned by the plan. */
struct draft *plan_add(struct plan *plan, const char *key);
void draft_free(struct draft *draft);
void plan_release(struct plan *plan);

/* The rows of a case in order of time; the times come back beside them. */
struct timed_row {
	size_t row;
	struct stamp at;
	size_t place; /* in the file: keeps the order of what happened at once */
};
/* Appends the events that a rule list gives for a case (event log) or for one row. */
int rules_apply(const struct plan *plan, struct draft *draft, const struct timed_row *rows, size_t n, struct fault *fault, size_t *faulty_row);

#endif
