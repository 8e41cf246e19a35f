/* SPDX-License-Identifier: MIT */
/* ticket restore: a desk made again from a backup (C18). */
#include "command.h"

#include "passphrase.h"
#include "terminal.h"
#include "ticket/backup.h"

struct options {
	const char *checkout, *passphrase_file;
};

static const struct option_row option_rows[] = {
	{"checkout", 0, OPTION_CHOICE, offsetof(struct options, checkout), "full|files|none", "how the working files follow; else as it was"},
	{"passphrase-file", 0, OPTION_TEXT, offsetof(struct options, passphrase_file), "FILE", "read the passphrase of the keys from the file's first line; else it is asked for"},
	OPTION_END,
};

/* The desk stands already: whatever goes wrong here can be done again. */
static int take_keys(struct call *call, const char *file, const char *folder, struct ticket_error *err)
{
	const struct options *o = call->options;
	struct desk_context context = call->context;
	_cleanup_desk_ struct desk *desk = NULL;
	_cleanup_wipe_ char *passphrase = NULL;
	size_t taken;
	int failed;

	context.folder = folder;
	if ((failed = call_passphrase(o->passphrase_file, false, &passphrase, err)) || (failed = desk_open(&desk, &context, err)) ||
	    (failed = backup_take_keys(file, desk, passphrase, &taken, err)))
		return ticket_fail_in(err, "the desk is in '%s', but without its keys (to try again there: tar -xOf FILE keys >KEYS; ticket customer receive KEYS): ", folder);
	call_say(call, Q_("%zu customer can be read with the keys that were in it", "%zu customers can be read with the keys that were in it", taken), taken);
	return 0;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_backup_ struct backup backup = {0};
	_cleanup_free_ char *tickets = NULL, *customers = NULL;
	int failed;

	if ((failed = call_need_args(call, 2, 2, err)) || (failed = backup_restore(call->args[0], call->args[1], o->checkout, &backup, err)))
		return failed;
	tickets = xasprintf(Q_("%lld ticket", "%lld tickets", backup.tickets), (long long)backup.tickets);
	customers = xasprintf(Q_("%lld customer", "%lld customers", backup.customers), (long long)backup.customers);
	call_say(call, "'%s' is the desk of %.12s again: %s, %s; look it over: ticket -C '%s' fsck", call->args[1], backup.head, tickets, customers, call->args[1]);
	if (o->passphrase_file || (backup.keys && terminal_asks()))
		return take_keys(call, call->args[0], call->args[1], err);
	if (backup.keys)
		call_say(call, "the keys in it were left there; to take them, in the desk: tar -xOf BACKUP keys >KEYS; ticket customer receive KEYS");
	return 0;
}

const struct command command_restore = {
	.name = "restore",
	.summary = "make a desk again from a backup, in a new folder",
	.synopsis = "FILE DIR [--checkout full|files|none] [--passphrase-file FILE]",
	.flags = COMMAND_QUIET,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
