/* SPDX-License-Identifier: MIT */
/* The commands beneath `ticket action`. */
#ifndef CMD_ACTION_H
#define CMD_ACTION_H

#include "command.h"
#include "ticket/action.h"

extern const struct command action_command_add, action_command_done, action_command_drop, action_command_edit, action_command_list, action_command_note,
	action_command_reopen, action_command_show, action_command_verify;

/* A word of actions (a state, a member, a result) as the desk says it, else in the caller's language. Borrowed. */
const char *action_label(const struct call *call, const char *word);

#endif
