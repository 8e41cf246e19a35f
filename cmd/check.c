/* SPDX-License-Identifier: MIT */
/* ticket check: the cron sweep; silent when there is nothing new. */
#include "label.h"
#include "notify.h"
#include "ticket/action.h"
#include "ticket/check.h"

struct options {
	struct duration within;
	bool exit_code, no_notify;
};

static const struct option_row option_rows[] = {
	{"within", 0, OPTION_LENGTH, offsetof(struct options, within), "LENGTH", "also show what comes within this time"},
	{"exit-code", 0, OPTION_FLAG, offsetof(struct options, exit_code), NULL, "exit with 1 when there was anything"},
	{"no-notify", 0, OPTION_FLAG, offsetof(struct options, no_notify), NULL, "leave the notices for ticket notify"},
	OPTION_END,
};

static const struct column columns[] = {
	{"number", NULL, CELL_TEXT, false, false},   {"what", NULL, CELL_TEXT, false, false}, {"clock", NULL, CELL_TEXT, false, false},
	{"at", NULL, CELL_TIME, false, false},       {"due", NULL, CELL_TIME, false, false},  {"assignee", NULL, CELL_TEXT, false, false},
	{"priority", NULL, CELL_TEXT, false, false}, {"subject", NULL, CELL_TEXT, false, true}, {"soon", NULL, CELL_FLAG, true, false},
};

/* The table is opened with the first row: no row, no output, no mail from cron. */
struct listing {
	struct call *call;
	struct table *table;
	size_t rows;
};

static bool is_data(const struct call *call)
{
	return call->table.format && !text_equal(call->table.format, "table");
}

static int open_table(struct listing *listing, struct ticket_error *err)
{
	struct call *call = listing->call;

	return table_open(&listing->table, "steps", columns, ARRAY_SIZE(columns), &call->table, call->out, err);
}

/* "warn:75%", "ladder:supervisor", "alarm:burst" in the caller's language: the kind is the engine's word, what follows is the policy's. */
static char *step_label(const struct call *call, const char *step)
{
	const struct policy *policy = desk_policy(call->desk);
	size_t n = strcspn(step, ":");
	_cleanup_free_ char *kind = xstrndup(step, n);
	const char *name = step + n + (step[n] == ':');

	for (size_t i = 0; i < policy->alarms.n && text_equal(kind, "alarm"); i++)
		if (text_equal(policy->alarms.v[i].name, name))
			name = policy_label(policy, &policy->alarms.v[i].labels, call->language, name);
	return *name ? xasprintf(_("%s: %s"), language_word("step", kind), name) : xstrdup(language_word("step", kind));
}

static int add_step(const struct check_step *step, void *data, struct ticket_error *err)
{
	struct listing *listing = data;
	const struct ticket *t = step->ticket;
	const struct action *a = step->action;
	char at[STAMP_SIZE], due[STAMP_SIZE];
	const struct call *call = listing->call;
	bool foreign = label_people(call) && !text_equal(call->language, "en");
	_cleanup_free_ char *what = foreign ? step_label(call, step->step) : NULL, *priority = NULL;
	const char *clock = foreign && step->clock ? label_target(call, step->clock) : step->clock, *group = t && foreign ? label_group(call, t->group) : t ? t->group : NULL;
	const char *cells[] = {a ? a->id : t ? t->id : NULL, what ? what : step->step, clock, stamp_format(at, &step->at), stamp_format(due, &step->due),
			       a ? a->owner : !t ? NULL : t->assignee ? t->assignee : group, NULL, a ? a->problem : t ? t->subject : step->subject, step->soon ? "true" : "false"};
	int failed;

	if (t)
		cells[6] = priority = foreign ? label_choices(call, &desk_policy(call->desk)->priorities, t->priority) : xstrdup(t->priority);
	listing->rows++;
	if (!listing->table && (failed = open_table(listing, err)))
		return failed;
	table_row(listing->table, cells, step->soon ? "dim" : text_equal(step->step, "due") ? "red" : "yellow");
	return 0;
}

/*
 * What the sweep did is done, whatever becomes of its notices: another run delivering them now, or a server that is
 * down, is no failure of the sweep. They wait in the outbox.
 */
static int deliver(struct call *call, struct ticket_error *err)
{
	size_t counts[OUTCOMES];
	struct ticket_error why = {0};
	int failed = deliver_notices(call, false, NULL, NULL, counts, &why);

	if (!failed || failed == TICKET_BUSY)
		return 0;
	*err = why;
	return failed;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	struct listing listing = {.call = call};
	struct check_options options = {.within = o->within, .dry_run = call->dry_run};
	int failed;

	if ((failed = call_need_args(call, 0, 0, err)) || (is_data(call) && (failed = open_table(&listing, err))))
		return failed;
	failed = desk_check(call->desk, &options, add_step, &listing, err);
	table_end(listing.table, failed);
	if (!failed && !o->no_notify && !call->dry_run)
		failed = deliver(call, err);
	if (failed)
		return failed;
	return o->exit_code && listing.rows ? TICKET_NO : 0;
}

const struct command command_check = {
	.name = "check",
	.summary = "the cron sweep: warnings, deadlines, escalations, each exactly once",
	.synopsis = "[--within LENGTH] [--exit-code] [--no-notify]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_ROWS,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
