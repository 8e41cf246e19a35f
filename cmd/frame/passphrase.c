/* SPDX-License-Identifier: MIT */
/* Passphrases: see passphrase.h. */
#include "passphrase.h"

#include "terminal.h"
#include "ticket/language.h"

#include <errno.h>
#include <termios.h>
#include <unistd.h>

void wipe_p(char **text)
{
	if (*text)
		explicit_bzero(*text, strlen(*text));
	free(*text);
}

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

	fputs(prompt, stderr);
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

int call_passphrase(const char *path, bool twice, char **out, struct ticket_error *err)
{
	_cleanup_wipe_ char *first = NULL, *second = NULL;
	_cleanup_fclose_ FILE *f = NULL;

	*out = NULL;
	if (path) {
		f = fopen(path, "re");
		if (!f)
			return ticket_fail(err, TICKET_NOTFOUND, "cannot read '%s': %s", path, language_errno(errno));
		first = read_line(f);
	} else if (terminal_asks()) {
		first = ask(_("Passphrase: "));
		second = twice ? ask(_("The same again: ")) : NULL;
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
