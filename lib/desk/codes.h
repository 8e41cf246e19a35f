/* SPDX-License-Identifier: MIT */
/*
 * The one-time codes of anonymous questionnaires, kept outside history: which ticket a code is of, and which code a ticket
 * has, until the survey is over; then both lines are overwritten and nothing leads from the code to the ticket any more.
 */
#ifndef DESK_CODES_H
#define DESK_CODES_H

#include "desk/change.h"

/* The code of the ticket's present survey; owned, NULL when it has none. */
int codes_of(struct desk *desk, const struct ticket *ticket, char **out, struct ticket_error *err);
/* The same, made when there is none. Under the desk's lock. */
int codes_make(struct desk *desk, const struct ticket *ticket, char **out, struct ticket_error *err);
/* What is typed becomes a code as it was made: "7k3f9xq2mrtw" too. Owned; NULL when it can be none. */
char *codes_read(const char *typed);
/* The number of the ticket a code is of; owned, NULL when nobody has it (any more). */
int codes_find(struct desk *desk, const char *code, char **number, struct ticket_error *err);
/* The ticket's survey is over: its code leads nowhere. Under the desk's lock. */
int codes_drop(struct desk *desk, const struct ticket *ticket, struct ticket_error *err);

/*
 * Before a survey's event is recorded: by which channel it goes, and when the next attempt, or the end, is due (D10).
 * TICKET_NOTFOUND when the desk's calendar is missing.
 */
int survey_prepare(struct change *change, const struct ticket *ticket, struct event *event, struct ticket_error *err);
/* Before the commit: those who were asked get their codes. After it: those whose survey is over lose them. */
int surveys_before_commit(struct change *change, struct ticket_error *err);
void surveys_after_commit(struct change *change);

#endif
