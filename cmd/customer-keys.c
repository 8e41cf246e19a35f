/* SPDX-License-Identifier: MIT */
/* ticket customer share, receive, rekey, purge: the keys of the register. */
#include "customer.h"

#include "output.h"
#include "passphrase.h"
#include "ticket/file.h"

#include <errno.h>

struct options {
	const char *passphrase_file, *reason;
	bool lost;
};

#define PASSPHRASE_ROW \
	{"passphrase-file", 0, OPTION_TEXT, offsetof(struct options, passphrase_file), "FILE", "read the passphrase from the file's first line; else it is asked for"}

/* --- share ----------------------------------------------------------------------------------------------------- */

static const struct option_row share_rows[] = {
	PASSPHRASE_ROW,
	{"reason", 0, OPTION_TEXT, offsetof(struct options, reason), "TEXT", "for whom, and why; goes on record"},
	OPTION_END,
};

static int run_share(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_wipe_ char *passphrase = NULL;
	_cleanup_free_ char *text = NULL;
	int failed;

	if ((failed = call_need_args(call, 1, 1, err)) || (failed = call_passphrase(o->passphrase_file, true, &passphrase, err)) ||
	    (failed = register_share(call->desk, passphrase, o->reason, &text, err)))
		return failed;
	if ((failed = output_private(call->args[0], text, strlen(text), err)))
		return failed;
	call_say(call, "the keys are in '%s'; hand the passphrase over by another way", call->args[0]);
	return 0;
}

const struct command customer_command_share = {
	.name = "share",
	.summary = "write all keys into a file sealed with a passphrase, for a colleague or a safe",
	.synopsis = "FILE [--passphrase-file FILE] [--reason TEXT]",
	.flags = COMMAND_DESK | COMMAND_QUIET,
	.options = share_rows,
	.options_size = sizeof(struct options),
	.run = run_share,
};

/* --- receive --------------------------------------------------------------------------------------------------- */

static const struct option_row receive_rows[] = {PASSPHRASE_ROW, OPTION_END};

static int run_receive(struct call *call, struct ticket_error *err)
{
	_cleanup_wipe_ char *passphrase = NULL;
	_cleanup_buf_ struct buf text = {0};
	size_t taken;
	int failed;

	if ((failed = call_need_args(call, 1, 1, err)) || (failed = file_read(call->args[0], 0, &text, err)) ||
	    (failed = call_passphrase(((const struct options *)call->options)->passphrase_file, false, &passphrase, err)) ||
	    (failed = register_receive(call->desk, text.p ? text.p : "", passphrase, &taken, err)))
		return failed;
	call_say(call, Q_("%zu customer can now be read here who could not before", "%zu customers can now be read here who could not before", taken), taken);
	return 0;
}

const struct command customer_command_receive = {
	.name = "receive",
	.summary = "take keys from a file that 'share' wrote",
	.synopsis = "FILE [--passphrase-file FILE]",
	.flags = COMMAND_DESK | COMMAND_QUIET,
	.options = receive_rows,
	.options_size = sizeof(struct options),
	.run = run_receive,
};

/* --- rekey, purge ---------------------------------------------------------------------------------------------- */

static const struct option_row rekey_rows[] = {
	{"lost", 0, OPTION_FLAG, offsetof(struct options, lost), NULL, "the old key is lost for good: begin with a new one"},
	OPTION_END,
};

static int run_rekey(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	int failed;

	if ((failed = call_need_args(call, 0, 0, err)) || (failed = register_rekey(call->desk, o->lost, err)))
		return failed;
	call_say(call, "the desk has a new key; give it to the others: ticket customer share FILE");
	return 0;
}

const struct command customer_command_rekey = {
	.name = "rekey",
	.summary = "change the desk's key; all customers' keys are wrapped anew",
	.synopsis = "[--lost]",
	.flags = COMMAND_DESK | COMMAND_QUIET,
	.options = rekey_rows,
	.options_size = sizeof(struct options),
	.run = run_rekey,
};

static int run_purge(struct call *call, struct ticket_error *err)
{
	size_t dropped;
	int failed;

	if ((failed = call_need_args(call, 0, 0, err)) || (failed = register_purge(call->desk, &dropped, err)))
		return failed;
	if (dropped)
		call_say(call, Q_("%zu key of forgotten customers destroyed", "%zu keys of forgotten customers destroyed", dropped), dropped);
	return 0;
}

const struct command customer_command_purge = {
	.name = "purge",
	.summary = "destroy the keys of customers whom others have forgotten",
	.synopsis = "",
	.flags = COMMAND_DESK | COMMAND_QUIET,
	.run = run_purge,
};
