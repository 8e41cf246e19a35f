/* SPDX-License-Identifier: MIT */
/* Passphrases: from a file, or asked for on the terminal without showing what is typed. */
#ifndef CMD_PASSPHRASE_H
#define CMD_PASSPHRASE_H

#include "ticket/error.h"
#include "ticket/memory.h"

/* Overwrites a secret text and frees it. */
void wipe_p(char **text);
#define _cleanup_wipe_ _cleanup_(wipe_p)

/*
 * The first line of the file at 'path', or (NULL) what is typed, 'twice' to be sure. '*out' is owned: _cleanup_wipe_.
 * TICKET_USAGE when there is none, or no terminal to ask on.
 */
int call_passphrase(const char *path, bool twice, char **out, struct ticket_error *err);

#endif
