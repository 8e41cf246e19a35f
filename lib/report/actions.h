/* SPDX-License-Identifier: MIT */
/* What the sections about improvement actions share. */
#ifndef REPORT_ACTIONS_H
#define REPORT_ACTIONS_H

#include "report/report.h"

/* All actions of the desk, into the material. */
int actions_gather(struct material *m, struct desk *desk, struct ticket_error *err);
void actions_release(struct material *m);

/* When it was verified or dropped; INT64_MAX: it goes on. */
int64_t action_ended(const struct action *action);
/* Was it on the list at any time of the period? */
bool action_lived_in(const struct action *action, const struct range *period);

void action_state_cell(struct report_cell *cell, const struct material *m, const struct action *action);
void action_effect_cell(struct report_cell *cell, const struct material *m, const struct action *action);
void action_category_cell(struct report_cell *cell, const struct material *m, const struct action *action);
void action_time_cell(struct report_cell *cell, const struct stamp *at);

#endif
