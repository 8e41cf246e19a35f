/* SPDX-License-Identifier: MIT */
/* ticket customer share, receive, rekey, purge: the keys of the register. */
#include "customer.h"

#include "output.h"
#include "terminal.h"
#include "ticket/file.h"

#include <errno.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

struct options {
	const char *passphrase_file, *reason;
	bool lost;
};

#define PASSPHRASE_ROW \
	{"passphrase-file", 0, OPTION_TEXT, offsetof(struct options, passphrase_file), "FILE", "read the passphrase from the file's first line; else it is asked for"}

static void wipe_p(char **text)
{
	if (*text)
		explicit_bzero(*text, strlen(*text));
	free(*text);
}
#define _cleanup_wipe_ _cleanup_(wipe_p)

/* --- passphrases ----------------------------------------------------------------------------------------------- */

static char *read_line(FILE *f)
{
	char *line = NULL;
	size_t room = 0;

	if (getline(&line, &room, f) < 0) {
		free(line);
		return NULL;
	}
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

/* Asks on the terminal without showing what is typed. */
static char *ask(const char *prompt)
{
	struct termios before, quiet;
	char *line;

	fprintf(stderr, "%s: ", prompt);
	if (tcgetattr(STDIN_FILENO, &before))
		return NULL;
	quiet = before;
	quiet.c_lflag &= (tcflag_t)~ECHO;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	line = read_line(stdin);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	fputc('\n', stderr);
	return line;
}

static int passphrase_of(const struct options *o, bool twice, char **out, struct ticket_error *err)
{
	_cleanup_wipe_ char *first = NULL, *second = NULL;
	_cleanup_fclose_ FILE *f = NULL;

	*out = NULL;
	if (o->passphrase_file) {
		f = fopen(o->passphrase_file, "re");
		if (!f)
			return ticket_fail(err, TICKET_NOTFOUND, "cannot read '%s': %s", o->passphrase_file, strerror(errno));
		first = read_line(f);
	} else if (terminal_asks()) {
		first = ask("Passphrase");
		second = twice ? ask("The same again") : NULL;
		if (twice && !text_equal(first, second))
			return ticket_fail(err, TICKET_USAGE, "the two passphrases differ");
	} else {
		return ticket_fail(err, TICKET_USAGE, "there is no terminal to ask for a passphrase; give it with --passphrase-file FILE");
	}
	if (!first || !*first)
		return ticket_fail(err, TICKET_USAGE, "no passphrase was given");
	*out = steal_ptr(first);
	return 0;
}

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
	struct output file = {0};
	mode_t before;
	int failed;

	if ((failed = call_need_args(call, 1, 1, err)) || (failed = passphrase_of(o, true, &passphrase, err)) ||
	    (failed = register_share(call->desk, passphrase, o->reason, &text, err)))
		return failed;
	before = umask(077);
	failed = output_open(&file, call->args[0], err);
	umask(before);
	if (failed)
		return failed;
	fputs(text, file.file);
	if ((failed = output_close(&file, 1, err)))
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
	    (failed = passphrase_of(call->options, false, &passphrase, err)) || (failed = register_receive(call->desk, text.p ? text.p : "", passphrase, &taken, err)))
		return failed;
	call_say(call, "%zu customer%s can now be read here who could not before", taken, taken == 1 ? "" : "s");
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
		call_say(call, "%zu key%s of forgotten customers destroyed", dropped, dropped == 1 ? "" : "s");
	return 0;
}

const struct command customer_command_purge = {
	.name = "purge",
	.summary = "destroy the keys of customers whom others have forgotten",
	.synopsis = "",
	.flags = COMMAND_DESK | COMMAND_QUIET,
	.run = run_purge,
};
