/* SPDX-License-Identifier: MIT */
/* The text of a call: from -m, from a file, or typed in the editor. */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "terminal.h"
#include "ticket/text.h"

/* A longer text is a document and belongs in an attachment. */
#define LONGEST_TEXT_BYTES (8u << 20)

static const char cutting_line[] = "# ------------------------ >8 ------------------------";

static int read_text(FILE *in, const char *name, char **out, size_t *length, struct ticket_error *err)
{
	_cleanup_buf_ struct buf b = {0};
	char bytes[16384];
	size_t n;

	while ((n = fread(bytes, 1, sizeof(bytes), in)) > 0) {
		if (b.n + n > LONGEST_TEXT_BYTES)
			return ticket_fail(err, TICKET_USAGE, "'%s' is longer than a text may be (8 MiB); attach it as a file: ticket attach ID FILE", name);
		buf_add(&b, bytes, n);
	}
	if (ferror(in))
		return ticket_fail(err, TICKET_STORAGE, "cannot read '%s': %s", name, language_errno(errno));
	*length = b.n;
	*out = buf_steal(&b);
	return 0;
}

/* A file's text without what only files have: byte order mark, CR before LF, line breaks at the end. */
static void trim_file_text(char *text, size_t *length)
{
	char *to = text;
	size_t from = *length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	for (; from < *length; from++)
		if (text[from] != '\r' || from + 1 == *length || text[from + 1] != '\n')
			*to++ = text[from];
	while (to > text && to[-1] == '\n')
		to--;
	*to = '\0';
	*length = (size_t)(to - text);
}

static int read_file(const char *name, char **out, size_t *length, struct ticket_error *err)
{
	_cleanup_fclose_ FILE *file = NULL;
	FILE *in = stdin;
	int code;

	if (!text_equal(name, "-"))
		in = file = fopen(name, "re");
	if (!in)
		return ticket_fail(err, errno == ENOENT ? TICKET_NOTFOUND : TICKET_STORAGE, "cannot open '%s': %s", name, language_errno(errno));
	code = read_text(in, name, out, length, err);
	if (code == 0)
		trim_file_text(*out, length);
	return code;
}

/* --- the editor ------------------------------------------------------------------------------------------------ */

static const char *editor_command(void)
{
	static const char *const names[] = {"TICKET_EDITOR", "GIT_EDITOR", "VISUAL", "EDITOR"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return value;
	}
	return "vi";
}

/* The file that is edited: what is there already or an empty line to write on, then the template as a comment. Only its owner can read it. */
static int write_template(const struct call *call, const char *begun, const char *template, char **path, struct ticket_error *err)
{
	const char *folder = getenv("XDG_RUNTIME_DIR");
	_cleanup_fclose_ FILE *file = NULL;
	const char *line = template ? _(template) : "";
	int fd;

	if (!folder || access(folder, W_OK))
		folder = getenv("TMPDIR");
	*path = xasprintf("%s/ticket-%s.XXXXXX.txt", folder && *folder ? folder : "/tmp", call->command->name);
	fd = mkostemps(*path, 4, O_CLOEXEC);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!file)
		return ticket_fail(err, TICKET_STORAGE, "cannot make '%s': %s", *path, language_errno(errno));
	fprintf(file, "%s\n%s\n# %s\n", begun, cutting_line, _("This line and what is below it are left out. An empty text stops the command."));
	while (*line) {
		size_t n = strcspn(line, "\n");

		fprintf(file, "# %.*s\n", (int)n, line);
		line += n + (line[n] == '\n');
	}
	if (fflush(file) || ferror(file))
		return ticket_fail(err, TICKET_STORAGE, "cannot write '%s': %s", *path, language_errno(errno));
	return 0;
}

static int run_editor(const char *path, struct ticket_error *err)
{
	const char *editor = editor_command();
	_cleanup_free_ char *shell = xasprintf("%s \"$@\"", editor);
	void (*interrupt)(int) = signal(SIGINT, SIG_IGN); /* meant for the editor */
	void (*quit)(int) = signal(SIGQUIT, SIG_IGN);
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		signal(SIGINT, SIG_DFL);
		signal(SIGQUIT, SIG_DFL);
		/* `n=$(ticket new …)` captures stdout; the editor still needs the terminal. */
		if (!isatty(STDOUT_FILENO))
			dup2(STDERR_FILENO, STDOUT_FILENO);
		execl("/bin/sh", "sh", "-c", shell, editor, path, (char *)NULL);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	signal(SIGINT, interrupt);
	signal(SIGQUIT, quit);
	if (pid < 0 || status != 0)
		return ticket_fail(err, TICKET_USAGE, "the editor '%s' failed; nothing was recorded", editor);
	return 0;
}

static int edit_text(struct call *call, const char *begun, const char *template, char **out, size_t *length, struct ticket_error *err)
{
	char *cut;
	int code;

	if (!terminal_asks())
		return ticket_fail(err, TICKET_USAGE, "'%s' needs a text, and there is no terminal to ask on; give it with -m TEXT or -F FILE", call->command->name);
	code = write_template(call, begun, template, &call->edited_file, err);
	if (code == 0)
		code = run_editor(call->edited_file, err);
	if (code == 0)
		code = read_file(call->edited_file, out, length, err);
	if (code)
		return code;
	cut = text_starts(*out, cutting_line) ? *out : strstr(*out, "\n# ------------------------ >8 ------------------------");
	if (cut)
		*cut = '\0';
	*length = strlen(*out);
	while (*length && (*out)[*length - 1] == '\n')
		(*out)[--*length] = '\0';
	return 0;
}

/* --- one text -------------------------------------------------------------------------------------------------- */

static int check_text(const struct call *call, const char *text, size_t length, struct ticket_error *err)
{
	const char *why;
	ptrdiff_t flaw = text_flaw(text, length, &why);
	size_t line = 1;
	_cleanup_free_ char *copy = NULL;

	if (flaw < 0) {
		copy = xstrdup(text);
		if (*text_strip(copy))
			return 0;
		return ticket_fail(err, TICKET_USAGE, "'%s' aborted: the text is empty", call->command->name);
	}
	for (ptrdiff_t i = 0; i < flaw; i++)
		line += text[i] == '\n';
	return ticket_fail(err, TICKET_USAGE, "the text holds %s in line %zu", _(why), line);
}

int call_text(const struct call *call, const char *template, bool required, char **out, struct ticket_error *err)
{
	_cleanup_free_ char *text = NULL;
	size_t length = 0;
	int code = 0;

	*out = NULL;
	if (call->messages.n && call->message_file)
		return ticket_fail(err, TICKET_USAGE, "the text comes from -m or from -F, not from both");
	if (call->messages.n)
		length = strlen(text = texts_join(&call->messages, "\n\n"));
	else if (call->message_file)
		code = read_file(call->message_file, &text, &length, err);
	else if (!required)
		return 0;
	else
		code = edit_text((struct call *)call, "", template, &text, &length, err); /* remembers the file it was typed in */
	if (code == 0)
		code = check_text(call, text, length, err);
	if (code == 0)
		*out = steal_ptr(text);
	return code;
}

int call_edit(struct call *call, const char *begun, const char *template, char **out, struct ticket_error *err)
{
	_cleanup_free_ char *text = NULL;
	size_t length = 0;
	int code = edit_text(call, begun, template, &text, &length, err);

	*out = NULL;
	if (code == 0)
		code = check_text(call, text, length, err);
	if (code == 0)
		*out = steal_ptr(text);
	return code;
}
