/* SPDX-License-Identifier: MIT */
/* The codec of actions, and how their events fold. */
#ifndef MODEL_ACTION_H
#define MODEL_ACTION_H

#include "model/codec.h"
#include "ticket/action.h"

extern const struct codec action_codec, action_event_codec;

/* May an event's changes set this member? */
bool action_may_change(const char *field);
/* A member as text; "" when absent. Owned. */
char *action_member(const struct action *action, const char *field);
/* Folds one event into the members that events decide. TICKET_USAGE for a change that cannot be. */
int action_fold(struct action *action, const struct action_event *event, struct ticket_error *err);
/* Clears what events decide. */
void action_clear(struct action *action);
/* "action:added" …: a moment of actions, which permissions and notices may name? */
bool action_moment_known(const char *moment);

#endif
