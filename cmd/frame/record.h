/* SPDX-License-Identifier: MIT */
/* What the commands share that record an event on tickets. */
#ifndef CMD_RECORD_H
#define CMD_RECORD_H

#include "command.h"

/*
 * Records 'event' (whose strings the caller keeps) on the tickets that 'args' name, and prints a line for each; with
 * --at as the time it happened.
 */
int call_record(struct call *call, const char *const *args, size_t n, struct event *event, struct ticket_error *err);
/* The same on incidents and all open tickets under them; 'keep_going': also where some refuse it. */
int call_record_incidents(struct call *call, const char *const *args, size_t n, struct event *event, bool keep_going, struct ticket_error *err);
/* One line for a ticket after a change: its number and where it stands; with -q the number alone. */
void print_standing(const struct call *call, const struct ticket *ticket, const char *what);
/* The standing of each ticket of a change that was made without call_record and is committed. */
int print_changed(const struct call *call, struct change *change, const struct texts *numbers, const char *what, struct ticket_error *err);
/* Where a ticket stands, in the words of its desk and the caller's language. Borrowed. */
const char *status_label(const struct call *call, const struct ticket *ticket);

#endif
