/* SPDX-License-Identifier: MIT */
/* What the commands below `ticket policy` share. */
#ifndef CMD_POLICY_H
#define CMD_POLICY_H

#include "command.h"

/* A policy file's text. TICKET_NOTFOUND, or TICKET_USAGE for one that is too large to be a policy. */
int policy_text(const char *path, struct buf *out, struct ticket_error *err);

extern const struct command command_policy_apply, command_policy_simulate;

#endif
