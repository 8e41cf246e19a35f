/* SPDX-License-Identifier: MIT */
/* Help: made from the command and option tables; see help.h. */
#include "help.h"

#include <unistd.h>

#include "options.h"
#include "terminal.h"
#include "ticket/text.h"

#define HELP_COLUMN 32

static void print_spaces(FILE *out, size_t n)
{
	fprintf(out, "%*s", (int)n, "");
}

void help_overview(FILE *out)
{
	size_t width = 0;

	fputs(_("usage: ticket [-C DIR] [--now TIME] [--as PERSON] [--color WHEN] [--no-pager]\n"
		"              COMMAND [OPTION...] [ARGUMENT...]\n"
		"\nA service desk in a git repository. The commands:\n\n"), out);
	for (size_t i = 0; commands[i]; i++)
		if (strlen(commands[i]->name) > width)
			width = strlen(commands[i]->name);
	for (size_t i = 0; commands[i]; i++)
		fprintf(out, "  %-*s  %s\n", (int)width, commands[i]->name, _(commands[i]->summary));
	fputs(_("\n'ticket COMMAND -h' lists the options of a command, 'ticket help COMMAND' opens its manual page.\n"), out);
}

/* Where a form of the synopsis is broken: at the last blank outside of brackets that fits, else it stays long. */
static size_t break_at(const char *line, size_t n, size_t room)
{
	size_t at = n, fits = text_fit(line, n, room, NULL);
	int depth = 0;

	for (size_t i = 0; i < n && (i <= fits || at == n); i++) {
		depth += line[i] == '[' || line[i] == '(';
		depth -= line[i] == ']' || line[i] == ')';
		if (line[i] == ' ' && depth == 0)
			at = i;
	}
	return n <= fits ? n : at;
}

static void print_usage(FILE *out, const struct command *command, const char *name)
{
	const char *line = *command->synopsis ? _(command->synopsis) : "", *lead = _("usage: ");
	size_t first = text_width(lead, strlen(lead)), indent = first + strlen("ticket ") + strlen(name), room = indent < 78 ? 98 - indent : 20;

	while (*line) {
		size_t n = strcspn(line, "\n"), end = line[n] == '\n' ? n + 1 : n;
		size_t part = break_at(line, n, room);

		fprintf(out, "%sticket %s%s%.*s\n", lead, name, n ? " " : "", (int)part, line);
		for (const char *rest = line + part; rest < line + n; rest += part) {
			rest += *rest == ' ';
			part = break_at(rest, (size_t)(line + n - rest), room);
			print_spaces(out, indent + 1);
			fprintf(out, "%.*s\n", (int)part, rest);
		}
		/* TRANSLATORS: stands below "usage: ", as wide as that, before another form of the command. */
		lead = _("   or: ");
		line += end;
	}
	if (!*command->synopsis)
		fprintf(out, "%sticket %s\n", lead, name);
}

/* A value is a word for people, in capitals ("TIME"), or the words that it may be. */
static const char *value_shown(const struct option_row *row)
{
	return row->value[strcspn(row->value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] ? _(row->value) : row->value;
}

static void print_option(FILE *out, const struct option_row *row)
{
	size_t used = 4;

	if (row->letter)
		fprintf(out, "  -%c, --%s", row->letter, row->name);
	else
		fprintf(out, "      --%s", row->name);
	used += 4 + strlen(row->name);
	if (row->value) {
		const char *value = value_shown(row);

		fprintf(out, " %s", value);
		used += 1 + text_width(value, strlen(value));
	}
	if (used + 2 > HELP_COLUMN) {
		fputc('\n', out);
		used = 0;
	}
	print_spaces(out, HELP_COLUMN - used);
	fprintf(out, "%s\n", _(row->help));
}

static void print_summary(FILE *out, const struct command *command, const char *after)
{
	fputc('\n', out);
	/* TRANSLATORS: what a command is for, as a sentence. */
	fprintf(out, _("%s."), _(command->summary));
	fprintf(out, "\n%s", after);
}

void help_command(FILE *out, const struct command *command, const char *name)
{
	const struct option_row *row;

	if (command->children) {
		size_t width = 0;

		if (command->run)
			print_usage(out, command, name);
		else
			fprintf(out, _("usage: ticket %s COMMAND ...\n"), name);
		print_summary(out, command, "\n");
		for (size_t i = 0; command->children[i]; i++)
			if (strlen(command->children[i]->name) > width)
				width = strlen(command->children[i]->name);
		for (size_t i = 0; command->children[i]; i++)
			fprintf(out, "  %s %-*s  %s\n", name, (int)width, command->children[i]->name, _(command->children[i]->summary));
		if (!command->run)
			return;
	} else {
		print_usage(out, command, name);
		print_summary(out, command, "");
	}
	for (size_t i = 0; (row = options_row(command, i, NULL)); i++) {
		if (i == 0)
			fputc('\n', out);
		print_option(out, row);
	}
}

/* The page of a command where it was installed or built; NULL when there is none. Owned. */
static char *find_page(const char *name)
{
	static const char *const endings[] = {"", ".gz"};
	_cleanup_free_ char *folder = installed_folder(TICKET_MANDIR "/man1", "../docs");

	for (size_t i = 0; folder && i < ARRAY_SIZE(endings); i++) {
		char *path = xasprintf("%s/%s.1%s", folder, name, endings[i]);

		if (access(path, R_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

void help_manual(const struct command *command, const char *name)
{
	_cleanup_free_ char *page_name = command ? xasprintf("ticket-%.*s", (int)strcspn(name, " "), name) : xstrdup("ticket");
	_cleanup_free_ char *page = find_page(page_name);

	if (page && isatty(STDOUT_FILENO))
		execlp("man", "man", page, (char *)NULL);
	/* No terminal, no page, or no man. */
	if (command)
		help_command(stdout, command, name);
	else
		help_overview(stdout);
}

/* A synopsis on one line, its forms parted as in C. */
static void dump_lines(FILE *out, const char *name, const char *text)
{
	fprintf(out, "synopsis\t%s\t", name);
	for (; *text; text++) {
		if (*text == '\n')
			fputs("\\n", out);
		else
			fputc(*text, out);
	}
	fputc('\n', out);
}

static void dump(FILE *out, const struct command *const *list, const char *parent)
{
	for (size_t i = 0; list[i]; i++) {
		_cleanup_free_ char *name = xasprintf("%s%s%s", parent, *parent ? " " : "", list[i]->name);
		const struct option_row *row;

		fprintf(out, "command\t%s\t%s\t%s\n", name, list[i]->run ? "runs" : "group", list[i]->summary);
		for (size_t j = 0; (row = options_row(list[i], j, NULL)); j++)
			fprintf(out, "option\t%s\t%s\t%c\t%s\t%s\n", name, row->name, row->letter ? row->letter : '-', row->value ? row->value : "-", row->help);
		if (*list[i]->synopsis)
			dump_lines(out, name, list[i]->synopsis);
		if (list[i]->children)
			dump(out, list[i]->children, name);
	}
}

void help_dump(FILE *out)
{
	dump(out, commands, "");
}

static int run_help(struct call *call, struct ticket_error *err)
{
	const struct command *command;
	_cleanup_free_ char *name = NULL;
	int code = call_need_args(call, 0, 2, err);

	if (code)
		return code;
	if (call->n_args == 0) {
		help_overview(call->out);
		return 0;
	}
	command = command_find(commands, call->args[0]);
	name = xstrdup(call->args[0]);
	if (command && call->n_args == 2) {
		command = command->children ? command_find(command->children, call->args[1]) : NULL;
		free(name);
		name = xasprintf("%s %s", call->args[0], call->args[1]);
	}
	if (!command) {
		const char *near = command_nearest(commands, call->args[0]);

		if (near && call->n_args == 1)
			return ticket_fail(err, TICKET_USAGE, "'%s' is no command of ticket; did you mean '%s'?", name, near);
		return ticket_fail(err, TICKET_USAGE, "'%s' is no command of ticket; see: ticket help", name);
	}
	help_manual(command, name);
	return 0;
}

const struct command command_help = {
	.name = "help",
	.summary = "list the commands, or open the manual page of one",
	.synopsis = "[COMMAND]",
	.run = run_help,
};
