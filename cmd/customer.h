/* SPDX-License-Identifier: MIT */
/* What the files of `ticket customer` share. */
#ifndef CMD_CUSTOMER_H
#define CMD_CUSTOMER_H

#include "command.h"
#include "ticket/customer.h"

extern const struct command customer_command_add, customer_command_edit, customer_command_forget, customer_command_import, customer_command_list, customer_command_log,
	customer_command_merge, customer_command_purge, customer_command_receive, customer_command_rekey, customer_command_share, customer_command_show;

#endif
