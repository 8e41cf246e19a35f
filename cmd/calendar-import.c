/* SPDX-License-Identifier: MIT */
/* ticket calendar import: days off from an iCalendar file, read by the program ticket-ical. */
#include "command.h"
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

struct options {
	const char *name, *work;
	int64_t years;
};

static const struct option_row option_rows[] = {
	{"name", 0, OPTION_TEXT, offsetof(struct options, name), "NAME", "the calendar to add them to, or to make (default: the file's name)"},
	{"work", 0, OPTION_TEXT, offsetof(struct options, work), "WORD", "entries whose summary holds this are days that are worked"},
	{"years", 0, OPTION_COUNT, offsetof(struct options, years), "N", "how many years ahead repeated entries are written out (default: 5)"},
	OPTION_END,
};

/* --- reading the file -------------------------------------------------------------------------------------------- */

/* Starts the reader on the file ("-": standard input); its output is read from '*out'. */
static int start_reader(const char *file, const char *const *argv, FILE **out, pid_t *pid, struct ticket_error *err)
{
	posix_spawn_file_actions_t actions;
	int pipe_fds[2], failed;

	bool from_stdin = text_equal(file, "-");

	if (!from_stdin && access(file, R_OK))
		return ticket_fail(err, TICKET_NOTFOUND, "cannot read '%s': %s", file, language_errno(errno));
	if (pipe2(pipe_fds, O_CLOEXEC))
		return ticket_fail(err, TICKET_STORAGE, "cannot make a pipe: %s", language_errno(errno));
	posix_spawn_file_actions_init(&actions);
	if (!from_stdin)
		posix_spawn_file_actions_addopen(&actions, 0, file, O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], 1);
	failed = posix_spawn(pid, argv[0], &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(pipe_fds[1]);
	if (failed) {
		close(pipe_fds[0]);
		return ticket_fail(err, TICKET_NOTFOUND, "cannot run '%s', which reads iCalendar files: %s; was ticket built without libical?", argv[0], language_errno(failed));
	}
	*out = fdopen(pipe_fds[0], "re");
	return 0;
}

static int take_line(const char *file, char *line, struct texts *off, struct texts *work, struct ticket_error *err)
{
	line[strcspn(line, "\n")] = '\0';
	if (text_starts(line, "off "))
		texts_add(off, line + 4);
	else if (text_starts(line, "work "))
		texts_add(work, line + 5);
	else if (text_starts(line, "fail "))
		return ticket_fail(err, TICKET_USAGE, "'%s': %s", file, line + 5);
	return 0;
}

static int read_days(struct call *call, const char *file, struct texts *off, struct texts *work, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_free_ char *program = helper_program("ticket-ical"), *line = NULL, *now = xasprintf("%lld", (long long)call->context.now_s),
			    *years = xasprintf("%lld", (long long)(o->years ? o->years : 5));
	const char *argv[] = {program, now, years, o->work ? o->work : "", NULL};
	_cleanup_fclose_ FILE *out = NULL;
	size_t room = 0;
	int failed, status = 0;
	pid_t pid;

	if (!program)
		return ticket_fail(err, TICKET_NOTFOUND, "ticket-ical, which reads iCalendar files, is not installed; build with libical (Debian: libical-dev)");
	if ((failed = start_reader(file, argv, &out, &pid, err)))
		return failed;
	while (getline(&line, &room, out) > 0)
		if (!failed)
			failed = take_line(file, line, off, work, err);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!failed && (!WIFEXITED(status) || WEXITSTATUS(status)))
		return ticket_fail(err, TICKET_STORAGE, "'%s' could not be read: %s ended with status %d", file, program, status);
	return failed;
}

/* --- the calendar ------------------------------------------------------------------------------------------------ */

/* "holidays/de-by.ics" → "de-by". */
static char *stem(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	return xstrndup(name, text_ends(name, ".ics") ? strlen(name) - 4 : strlen(name));
}

/* What is added to: the calendar of that name, else the hours of the desk's own working time. */
static int start_calendar(struct call *call, const char *name, struct calendar **out, struct ticket_error *err)
{
	const struct calendars *calendars;
	const struct policy *policy;
	const struct calendar *like;
	bool is_there;
	int failed = desk_rules(call->desk, NULL, &policy, &calendars, err);

	if (failed)
		return failed;
	like = calendars_get(calendars, name);
	is_there = like != NULL;
	if (!like && policy->calendar && !text_equal(policy->calendar, "always"))
		like = calendars_get(calendars, policy->calendar);
	return calendar_derive(out, like, name, zone_name(desk_zone(call->desk)), is_there, err);
}

static int change_calendar(struct call *call, const char *name, const struct texts *off, const struct texts *work, size_t *added, struct ticket_error *err)
{
	_cleanup_free_ char *path = xasprintf("policy/calendars/%s.json", name);
	_cleanup_change_ struct change *change = NULL;
	_cleanup_calendar_ struct calendar *calendar = NULL;
	_cleanup_buf_ struct buf text = {0};
	int failed;

	/* When people work is a rule of the desk like any other. */
	if ((failed = change_begin(&change, call->desk, err)) || (failed = desk_allows(call->desk, "policy", NULL, err)) || (failed = start_calendar(call, name, &calendar, err)) ||
	    (failed = calendar_add_days(&calendar, off, work, added, err)))
		return failed;
	calendar_write(calendar, &text);
	if ((failed = change_file(change, path, text.p, text.n, err)))
		return failed;
	change_subject(change, "calendar: import into %s", name);
	return change_commit(change, call->dry_run, err);
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_(texts_release) struct texts off = {0}, work = {0};
	_cleanup_free_ char *name = NULL;
	size_t added;
	int failed = call_need_args(call, 1, 1, err);

	if (failed)
		return failed;
	name = o->name ? xstrdup(o->name) : stem(call->args[0]);
	if (!calendar_name_is_good(name))
		return ticket_fail(err, TICKET_USAGE, "'%s' cannot be a calendar's name; give one with --name, of lower-case letters, digits, '-' and '_', but not 'always'", name);
	if ((failed = read_days(call, call->args[0], &off, &work, err)) || (failed = change_calendar(call, name, &off, &work, &added, err)))
		return failed;
	call_say(call, "%s: %zu of %zu days off and %zu days worked are new", name, added, off.n, work.n);
	return 0;
}

const struct command command_calendar_import = {
	.name = "import",
	.summary = "takes the days off of an iCalendar file into a calendar of the desk",
	.synopsis = "[--name NAME] [--work WORD] [--years N] FILE.ics",
	.flags = COMMAND_DESK | COMMAND_WRITES,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
