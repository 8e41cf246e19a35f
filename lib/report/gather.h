/* SPDX-License-Identifier: MIT */
/* The facts that a report is made from: those of its period and of the one before, and who came back. */
#ifndef REPORT_GATHER_H
#define REPORT_GATHER_H

#include "desk/figures.h"
#include "report/kinds.h"

/* What the facts of a report lie in. */
struct gathered {
	struct figures_answer answer;
	struct fact_room room;
	LIST(char *) bytes; /* of facts that came from tickets */
};
/*
 * Fills m->now, m->doubtful, and m->before where the kind of report looks at it. TICKET_STORAGE when the index and what it
 * says elsewhere do not agree. Release in any case, after the material.
 */
int gather(struct material *m, struct gathered *out, struct desk *desk, const struct report_order *order, const struct kind *kind, struct ticket_error *err);
void gathered_release(struct gathered *gathered);

#endif
