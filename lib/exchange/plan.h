/* SPDX-License-Identifier: MIT */
/* The plan of an import: what each row or case of the file would become, before the desk is asked. */
#ifndef EXCHANGE_PLAN_H
#define EXCHANGE_PLAN_H

#include "exchange/map.h"
#include "ticket/ticket.h"

/* What becomes of a draft. */
enum fate { FATE_NEW, FATE_CHANGED, FATE_UNCHANGED, FATE_REJECTED };

typedef LIST(struct event) event_list;

/* One ticket to be: a row, or all rows of a case. */
struct draft {
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
