/* SPDX-License-Identifier: MIT */
/* The program: what stands before the command, programs of one's own, errors, and whether the output was written. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include "completion.h"
#include "dispatch.h"
#include "help.h"
#include "terminal.h"
#include "ticket/text.h"

/* A descriptor that is closed would be taken by the next file opened, and messages would end up in it. */
static void open_missing_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", fd == 0 ? O_WRONLY : fd == 1 ? O_RDONLY : O_RDWR) < 0)
			_exit(-TICKET_STORAGE);
}

static void set_up(void)
{
	open_missing_descriptors();
	/* Some parents ignore SIGPIPE; a reader that goes away ends us quietly all the same. */
	signal(SIGPIPE, SIG_DFL);
	open_language();
	/* One large arena that is not given back: measured to save the page faults of reading many tickets. */
	mallopt(M_TRIM_THRESHOLD, 64 << 20);
	mallopt(M_TOP_PAD, 1 << 20);
	mallopt(M_MMAP_THRESHOLD, 32 << 20);
}

/* --- options before the command -------------------------------------------------------------------------------- */

/* The value of a global option, `--now TIME` or `--now=TIME`, or NULL when the word is another one. */
static int global_value(const char **out, const char *name, const char *const **words, const char *const *end, struct ticket_error *err)
{
	const char *word = **words;
	size_t n = strlen(name);

	if (strncmp(word, name, n) != 0 || (word[n] && (word[n] != '=' || name[1] != '-')))
		return TICKET_NO;
	if (word[n]) {
		*out = word + n + 1;
	} else if (*words + 1 < end) {
		*out = *++*words;
	} else {
		return ticket_fail(err, TICKET_USAGE, "'%s' needs a value", name);
	}
	++*words;
	return 0;
}

static int unknown_global(const char *word, struct ticket_error *err)
{
	static const char *const known[] = {"-C", "--now", "--as", "--color", "--no-pager", "--version", "--help"};
	const char *near = text_nearest(word, known, ARRAY_SIZE(known));

	if (near)
		return ticket_fail(err, TICKET_USAGE, "'%s' is no option of ticket; did you mean '%s'?", word, near);
	return ticket_fail(err, TICKET_USAGE, "'%s' is no option of ticket; see: ticket help", word);
}

static int read_global(struct global *global, const char *const **words, const char *const *end, struct ticket_error *err)
{
	static const struct {
		const char *name;
		size_t offset;
	} valued[] = {
		{"-C", offsetof(struct global, folder)},
		{"--now", offsetof(struct global, now)},
		{"--as", offsetof(struct global, as)},
		{"--color", offsetof(struct global, colour)},
	};
	int code = TICKET_NO;

	if (text_equal(**words, "--no-pager")) {
		global->no_pager = true;
		++*words;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(valued) && code == TICKET_NO; i++)
		code = global_value((const char **)((char *)global + valued[i].offset), valued[i].name, words, end, err);
	if (code == TICKET_NO)
		return unknown_global(**words, err);
	if (code == 0 && global->colour && !text_equal(global->colour, "auto") && !text_equal(global->colour, "always") && !text_equal(global->colour, "never"))
		return ticket_fail(err, TICKET_USAGE, "'%s' is no value of '--color'; right would be auto, always or never", global->colour);
	return code;
}

/* --- programs of one's own ------------------------------------------------------------------------------------- */

static bool may_be_program(const char *name)
{
	return *name && *name != '-' && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_")];
}

/* `ticket x` runs ticket-x from PATH, with the options before the command handed on by the environment. */
static int run_program(const char *const *words, size_t n, const struct global *global, struct ticket_error *err)
{
	const char *near = command_nearest(commands, words[0]);

	if (may_be_program(words[0])) {
		_cleanup_free_ char *program = xasprintf("ticket-%s", words[0]);
		const char **argv = xcalloc(n + 1, sizeof(*argv));

		memcpy(argv, words, n * sizeof(*argv));
		argv[0] = program;
		if (global->now)
			setenv("TICKET_NOW", global->now, 1);
		if (global->as)
			setenv("TICKET_AS", global->as, 1);
		if (global->folder)
			unsetenv("TICKET_DESK");
		execvp(program, (char **)argv);
		free(argv);
		if (errno != ENOENT)
			return ticket_fail(err, TICKET_USAGE, "cannot run '%s': %s", program, language_errno(errno));
	}
	if (near)
		return ticket_fail(err, TICKET_USAGE, "'%s' is no command of ticket; did you mean '%s'?", words[0], near);
	return ticket_fail(err, TICKET_USAGE, "'%s' is no command of ticket; see: ticket help", words[0]);
}

/* --- one run --------------------------------------------------------------------------------------------------- */

static int run_command(const char *const *words, size_t n, const struct global *global, char **kept, struct ticket_error *err)
{
	const struct command *command = command_find(commands, words[0]);

	if (global->folder && *global->folder && chdir(global->folder))
		return ticket_fail(err, TICKET_NOTFOUND, "cannot go to '%s': %s", global->folder, language_errno(errno));
	if (!command)
		return run_program(words, n, global, err);
	return dispatch(command, words + 1, n - 1, global, kept, err);
}

static int run(const char *const *words, const char *const *end, char **kept, struct ticket_error *err)
{
	struct global global = {0};

	while (words < end && **words == '-') {
		int code;

		if (text_equal(*words, "-h") || text_equal(*words, "--help")) {
			help_overview(stdout);
			return 0;
		}
		if (text_equal(*words, "--version"))
			return run_command((const char *const[]){"version"}, 1, &global, kept, err);
		if (text_equal(*words, "--dump-commands")) {
			help_dump(stdout);
			return 0;
		}
		if (text_equal(*words, "--complete") && (words + 2 == end || words + 3 == end))
			return completion_values(stdout, global.folder, words[1], words + 3 == end ? words[2] : "", err);
		code = read_global(&global, &words, end, err);
		if (code)
			return code;
	}
	if (words == end) {
		help_overview(stderr);
		return ticket_fail(err, TICKET_USAGE, "no command was given");
	}
	return run_command(words, (size_t)(end - words), &global, kept, err);
}

/* Only here is known whether what was printed has arrived: a full disk must not look like success. */
static int close_output(struct ticket_error *err)
{
	bool failed = ferror(stdout);

	errno = 0;
	if (fclose(stdout) || failed)
		return errno ? ticket_fail(err, TICKET_STORAGE, "cannot write the output: %s", language_errno(errno)) :
			       ticket_fail(err, TICKET_STORAGE, "cannot write the output");
	return 0;
}

static void print_error(const struct ticket_error *err)
{
	if (!err->message[0])
		return;
	fputs("ticket: ", stderr);
	print_text(stderr, err->message, true);
	fputc('\n', stderr);
}

int main(int argc, char **argv)
{
	struct ticket_error err = {0}, close_err = {0};
	char *kept = NULL;
	int code;

	set_up();
	code = run((const char *const *)argv + (argc > 0), (const char *const *)argv + argc, &kept, &err);
	if (close_output(&close_err)) {
		if (code == 0)
			code = close_err.code;
		print_error(&close_err);
	}
	if (code)
		print_error(&err);
	if (kept)
		fprintf(stderr, _("ticket: what you wrote is kept in '%s'; use it again with -F\n"), kept);
	free(kept);
	return -code;
}
