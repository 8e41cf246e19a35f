/* SPDX-License-Identifier: MIT */
/* Facts of a desk's tickets for reports: from the index, and, where that is not enough, from a ticket itself. */
#ifndef DESK_FIGURES_H
#define DESK_FIGURES_H

#include "desk/index.h"

struct figures_order {
	const struct query *query;   /* NULL: all */
	struct range range;          /* of receipt */
	bool words;                  /* what people wrote is wanted too */
	struct range visits;         /* who came when, before; empty: not wanted */
	const struct query *counted; /* how many this selects is counted from the index's other tables; may not be NULL */
};
struct figures_answer {
	struct figures figures, words, visits;
	size_t counted;
};
void figures_answer_release(struct figures_answer *answer);
/*
 * What is asked for, all of one state of the desk; owned: figures_answer_release. TICKET_STORAGE when files under tickets/
 * could not be read, as desk_select says it.
 */
int desk_figures(struct figures_answer *out, struct desk *desk, const struct figures_order *order, struct ticket_error *err);
/* The ticket of a blob (hex). '*out' is owned. */
int desk_read_blob(struct ticket **out, struct desk *desk, const char *blob, const char *origin, struct ticket_error *err);

#endif
