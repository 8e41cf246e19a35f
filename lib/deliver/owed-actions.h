/* SPDX-License-Identifier: MIT */
/* The notices that improvement actions owe, and what becomes of them on the action. */
#ifndef DELIVER_OWED_ACTIONS_H
#define DELIVER_OWED_ACTIONS_H

#include "action/action.h"
#include "deliver/owed.h"

/* Every notice owed by events of actions that came into HEAD since the tree 'start', recorded at 'since_s' or later. */
int owed_actions(struct desk *desk, const struct oid *start, int64_t since_s, owed_visitor *visit, void *data, struct ticket_error *err);
/* Does the action say that this notice was delivered? */
bool owed_action_is_notified(struct desk *desk, const struct notice *notice);
/* Records that it was. One that has gone keeps nobody from being done with the notice. */
int owed_action_delivered(struct action_book *book, struct change *change, const struct notice *notice, struct ticket_error *err);

#endif
