/* SPDX-License-Identifier: MIT */
/* Facts of a desk's tickets for reports: from the index, and, where that is not enough, from a ticket itself. */
#ifndef DESK_FIGURES_H
#define DESK_FIGURES_H

#include "desk/index.h"

struct figures_answer {
	struct figures parts[FIGURE_PARTS];
	size_t listed; /* tickets in the range of PART_FIGURES, counted apart */
};
void figures_answer_release(struct figures_answer *answer);
/*
 * What index_figures says of the desk as it is read; owned: figures_answer_release. TICKET_STORAGE when files under
 * tickets/ could not be read, as desk_select says it.
 */
int desk_figures(struct figures_answer *out, struct desk *desk, const struct query *query, const struct range ranges[FIGURE_PARTS], struct ticket_error *err);
/* The ticket of a blob (hex). '*out' is owned. */
int desk_read_blob(struct ticket **out, struct desk *desk, const char *blob, const char *origin, struct ticket_error *err);

#endif
