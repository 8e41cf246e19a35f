/* SPDX-License-Identifier: MIT */
/* What the files of `ticket kb` share. */
#ifndef CMD_KB_H
#define CMD_KB_H

#include "command.h"
#include "ticket/kb.h"

extern const struct command kb_command_add, kb_command_edit, kb_command_list, kb_command_search, kb_command_show, kb_command_suggest;

#endif
