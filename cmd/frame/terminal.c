/* SPDX-License-Identifier: MIT */
/* The program's surroundings: see terminal.h. */
#include "terminal.h"

#include <limits.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ticket/language.h"
#include "ticket/memory.h"

size_t terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (columns && atoi(columns) > 0)
		return (size_t)atoi(columns);
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	return 80;
}

bool terminal_asks(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

bool terminal_colour(const char *wish)
{
	const char *term = getenv("TERM");

	if (wish && !text_equal(wish, "auto"))
		return text_equal(wish, "always");
	if (is_set("NO_COLOR"))
		return false;
	if (is_set("CLICOLOR_FORCE") && !text_equal(getenv("CLICOLOR_FORCE"), "0"))
		return true;
	return isatty(STDOUT_FILENO) && term && !text_equal(term, "dumb");
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *installed_folder(const char *installed, const char *built)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *folder, *slash;

	if (installed[0] == '/')
		return is_folder(installed) ? xstrdup(installed) : NULL;
	if (n <= 0)
		return NULL;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	/* PREFIX/bin/ticket: what stands before the folder of programs is the prefix, wherever it was moved to. */
	if (text_ends(self, "/" TICKET_BINDIR)) {
		folder = xasprintf("%.*s/%s", (int)(strlen(self) - strlen("/" TICKET_BINDIR)), self, installed);
		if (is_folder(folder))
			return folder;
		free(folder);
	}
	folder = xasprintf("%s/%s", self, built);
	if (is_folder(folder))
		return folder;
	free(folder);
	return NULL;
}

void open_language(void)
{
	const char *wished = language_wished(getenv), *named = getenv("TICKET_LOCALES");
	_cleanup_free_ char *folder = NULL;

	if (!wished)
		return;
	folder = is_set("TICKET_LOCALES") ? xstrdup(named) : installed_folder(TICKET_LOCALES, "../docs/po");
	language_open(folder, wished);
	if (folder)
		setenv("TICKET_LOCALES", folder, 1); /* for the programs that this one runs */
}

char *helper_program(const char *name)
{
	_cleanup_free_ char *folder = installed_folder(TICKET_LIBEXEC, "../libexec");
	_cleanup_free_ char *program = folder ? xasprintf("%s/%s", folder, name) : NULL;

	return program && access(program, X_OK) == 0 ? steal_ptr(program) : NULL;
}
