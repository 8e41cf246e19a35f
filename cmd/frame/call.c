/* SPDX-License-Identifier: MIT */
/* What every command asks of its call: arguments, ticket numbers, what to say. Text is in text.c, times in when.c. */
#include "command.h"

#include <stdarg.h>
#include <sys/stat.h>

#include "ticket/text.h"

int call_need_args(const struct call *call, size_t least, size_t most, struct ticket_error *err)
{
	const char *name = call->command->name;

	if (call->n_args >= least && call->n_args <= most)
		return 0;
	if (call->n_args < least)
		return ticket_fail(err, TICKET_USAGE, "'%s' needs more than that; usage: ticket %s %s", name, name, _(call->command->synopsis));
	return ticket_fail(err, TICKET_USAGE, "'%s' is one argument too many; usage: ticket %s %s", call->args[most], name, _(call->command->synopsis));
}

static int read_numbers(struct texts *out, struct ticket_error *err)
{
	_cleanup_free_ char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, stdin) > 0) {
		const char *word = text_strip(line);

		if (*word && !texts_have(out, word))
			texts_add(out, word);
	}
	if (ferror(stdin))
		return ticket_fail(err, TICKET_STORAGE, "cannot read numbers from standard input");
	return 0;
}

int call_numbers(const struct call *call, const char *const *args, size_t n, struct texts *out, struct ticket_error *err)
{
	bool from_stdin = false;

	for (size_t i = 0; i < n; i++) {
		int code = 0;

		if (!text_equal(args[i], "-")) {
			if (!texts_have(out, args[i]))
				texts_add(out, args[i]);
			continue;
		}
		if (from_stdin || text_equal(call->message_file, "-"))
			return ticket_fail(err, TICKET_USAGE, "standard input can be read only once; give the text with -m or -F FILE");
		from_stdin = true;
		code = read_numbers(out, err);
		if (code)
			return code;
	}
	if (out->n == 0)
		return ticket_fail(err, TICKET_USAGE, "no ticket is named; usage: ticket %s %s", call->command->name, _(call->command->synopsis));
	return 0;
}

void call_private(const struct call *call)
{
	struct stat st;

	if (call->output_file && fstat(fileno(call->out), &st) == 0 && S_ISREG(st.st_mode))
		fchmod(fileno(call->out), 0600);
}

void call_say(const struct call *call, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list args;
	int n;

	if (call->quiet)
		return;
	va_start(args, format);
	n = vasprintf(&text, language_text(format), args);
	va_end(args);
	if (n < 0)
		return;
	print_text(stderr, text, true);
	fputc('\n', stderr);
}
