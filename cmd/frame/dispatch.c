/* SPDX-License-Identifier: MIT */
/* The dispatcher: see dispatch.h. */
#include "dispatch.h"

#include <time.h>
#include <unistd.h>

#include "help.h"
#include "options.h"
#include "output.h"
#include "pager.h"
#include "progress.h"
#include "terminal.h"
#include "when.h"

/* The command meant by a group's next word: `customer add`. '*name' becomes the full name. */
static int descend(const struct command **command, char **name, const char *const **words, size_t *n, struct ticket_error *err)
{
	while ((*command)->children) {
		const struct command *child = *n ? command_find((*command)->children, **words) : NULL;
		const char *near = *n && !child ? command_nearest((*command)->children, **words) : NULL;
		char *longer;

		if (!child && ((*command)->run || (*n && (text_equal(**words, "-h") || text_equal(**words, "--help")))))
			return 0;
		if (near)
			return ticket_fail(err, TICKET_USAGE, "'%s' has no command '%s'; did you mean '%s'?", *name, **words, near);
		if (!child && *n)
			return ticket_fail(err, TICKET_USAGE, "'%s' has no command '%s'; see: ticket %s -h", *name, **words, *name);
		if (!child)
			return ticket_fail(err, TICKET_USAGE, "'%s' needs a command; see: ticket %s -h", *name, *name);
		longer = xasprintf("%s %s", *name, child->name);
		free(*name);
		*name = longer;
		*command = child;
		++*words;
		--*n;
	}
	return 0;
}

/* --- the clock and the desk ------------------------------------------------------------------------------------ */

static int64_t wall_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

/* The zone of times where no desk says which. */
static int open_own_zone(struct call *call, struct ticket_error *err)
{
	const char *name = getenv("TZ");

	if (name && *name == ':')
		name++;
	if (!name || !*name || zone_open(&call->own_zone, name, NULL)) {
		int code = zone_open(&call->own_zone, "UTC", err);

		if (code)
			return code;
	}
	call->zone = call->own_zone;
	return 0;
}

/* A clock that is given with its zone is known before any desk; others are read once the desk has told its zone. */
static bool clock_waits(const struct call *call)
{
	struct stamp stamp;

	return call->now && stamp_parse(&stamp, call->now, NULL) != 0;
}

static int set_clock(struct call *call, struct ticket_error *err)
{
	struct stamp stamp;
	int code;

	call->context.now_s = wall_clock();
	call->context.clock = call->now ? NULL : wall_clock;
	if (!call->now)
		return 0;
	code = call_time(call, call->now, &stamp, err);
	if (code)
		return ticket_fail_in(err, "the clock (--now, TICKET_NOW): ");
	call->context.now_s = stamp.s;
	return 0;
}

int call_open_desk(struct call *call, struct ticket_error *err)
{
	int code;

	if (call->desk)
		return 0;
	code = desk_open(&call->desk, &call->context, err);
	if (code)
		return code;
	call->zone = desk_zone(call->desk);
	if (!clock_waits(call))
		return 0;
	code = set_clock(call, err);
	desk_close(steal_ptr(call->desk));
	call->zone = call->own_zone;
	if (code)
		return code;
	code = desk_open(&call->desk, &call->context, err);
	if (code == 0)
		call->zone = desk_zone(call->desk);
	return code;
}

/* --- one call -------------------------------------------------------------------------------------------------- */

static void begin_call(struct call *call, const struct command *command, const struct scanned *scanned, const struct global *global)
{
	*call = (struct call){.command = command, .args = scanned->args.v, .n_args = scanned->args.n, .out = stdout};
	call->options = xcalloc(1, command->options_size);
	call->language = language_labels();
	call->now = global->now ? global->now : getenv("TICKET_NOW");
	if (call->now && !*call->now)
		call->now = NULL;
	call->context.as = global->as ? global->as : getenv("TICKET_AS");
	if (call->context.as && !*call->context.as)
		call->context.as = NULL;
	/* What is said on the command line comes before what the environment says. */
	call->context.folder = global->folder ? NULL : getenv("TICKET_DESK");
	if (call->context.folder && !*call->context.folder)
		call->context.folder = NULL;
	call->context.progress = isatty(STDERR_FILENO) ? progress_show : NULL;
	call->table.width = terminal_width();
	call->table.colour = terminal_colour(global->colour);
}

static int fill_call(struct call *call, const struct scanned *scanned, struct ticket_error *err)
{
	int code = open_own_zone(call, err);

	if (code == 0)
		code = options_fill(call, scanned, false, err);
	if (code == 0 && call->json && call->table.format && !text_equal(call->table.format, "json"))
		code = ticket_fail(err, TICKET_USAGE, "--json and --format %s don't go together", call->table.format);
	if (code == 0 && call->json)
		call->table.format = "json";
	language_results(call->table.format && !text_equal(call->table.format, "table") && !text_equal(call->table.format, "md"));
	if (code == 0)
		code = set_clock(call, err);
	if (code == 0 && (call->command->flags & COMMAND_DESK))
		code = call_open_desk(call, err);
	if (code == 0)
		code = options_fill(call, scanned, true, err);
	if (code == 0 && (call->command->flags & COMMAND_RANGE))
		code = call_range(call, err);
	return code;
}

/* A finding or a part that was rejected is a result too: its output is kept. */
static bool is_result(int code)
{
	return code == 0 || code == TICKET_NO || code == TICKET_PARTIAL;
}

static int run_call(struct call *call, bool paged, struct ticket_error *err)
{
	struct output output = {0};
	int code = 0;

	if (call->output_file) {
		code = output_open(&output, call->output_file, err);
		call->out = output.file;
		if (output.file != stdout)
			call->table.width = call->table.colour = 0;
	} else if (paged) {
		pager_start();
	}
	if (code == 0)
		code = call->command->run(call, err);
	progress_end();
	if (output.path || output.file) {
		struct ticket_error close_err = {0};

		if (output_close(&output, is_result(code), &close_err)) {
			*err = close_err;
			code = close_err.code;
		}
	}
	pager_end();
	return code;
}

/* What was typed for a call that failed is not lost; after success nothing of it stays behind. */
static void end_text(struct call *call, int code, char **kept)
{
	if (!call->edited_file)
		return;
	if (code == 0)
		unlink(call->edited_file);
	else
		*kept = steal_ptr(call->edited_file);
	free(call->edited_file);
}

static void end_call(struct call *call)
{
	desk_close(call->desk);
	zone_free(call->own_zone);
	options_release(call);
	free(call->options);
}

int dispatch(const struct command *command, const char *const *words, size_t n, const struct global *global, char **kept, struct ticket_error *err)
{
	_cleanup_free_ char *name = xstrdup(command->name);
	_cleanup_scanned_ struct scanned scanned = {0};
	struct call call;
	int code = descend(&command, &name, &words, &n, err);

	if (code == 0)
		code = options_scan(&scanned, command, words, n, err);
	if (code)
		return code;
	if (scanned.help == 'l') {
		help_manual(command, name);
		return 0;
	}
	if (scanned.help || !command->run) {
		help_command(stdout, command, name);
		return 0;
	}
	begin_call(&call, command, &scanned, global);
	code = fill_call(&call, &scanned, err);
	if (code == 0)
		code = run_call(&call, (command->flags & COMMAND_PAGER) && !global->no_pager, err);
	end_text(&call, code, kept);
	end_call(&call);
	return code;
}
