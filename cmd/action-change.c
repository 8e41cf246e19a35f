/* SPDX-License-Identifier: MIT */
/* ticket action add, edit, note, done, verify, drop, reopen: what is recorded on the improvement list (B10). */
#include "action.h"

struct options {
	const char *problem, *cause, *plan, *owner, *due, *category, *type, *feedback, *reason, *effective;
	struct texts tickets;
};

#define TEXT(member, name, value, help) {name, 0, OPTION_TEXT, offsetof(struct options, member), value, help}
#define CONTENT \
	TEXT(cause, "cause", "TEXT", "what the problem comes from"), TEXT(plan, "plan", "TEXT", "what is to be done"), \
		TEXT(owner, "owner", "PERSON", "who carries it out"), TEXT(due, "due", "TIME", "until when; a day without a time ends at midnight"), \
		{"category", 'k', OPTION_TEXT, offsetof(struct options, category), "CATEGORY", "of tickets that it is about"}, \
		{"type", 't', OPTION_TEXT, offsetof(struct options, type), "TYPE", "of tickets that it is about"}, \
		{"ticket", 0, OPTION_TEXTS, offsetof(struct options, tickets), "ID", "a ticket that shows the problem; repeat"}, \
		TEXT(feedback, "feedback", "TEXT", "what customers say")

/* --- the event ------------------------------------------------------------------------------------------------- */

static void change_to(struct action_event *event, const char *field, const char *value)
{
	struct change_of *change;

	if (!value)
		return;
	change = list_push(&event->changes);
	change->field = xstrdup(field);
	change->new = xstrdup(value);
}

/* "2026-06-01" is meant to its end; a time of day is meant as it stands. */
static int change_due(const struct call *call, struct action_event *event, const char *text, struct ticket_error *err)
{
	char due[STAMP_SIZE];
	struct stamp at = {0};
	int failed;

	if (!text || !*text) {
		change_to(event, "due", text);
		return 0;
	}
	if ((failed = call_time(call, text, &at, err)))
		return failed;
	if (!strchr(text, ':') && (at.s + at.offset_s) % 86400 == 0) {
		at.s = zone_instant(call->zone, zone_wall(call->zone, at.s) + 86399);
		at = stamp_at(call->zone, at.s);
	}
	change_to(event, "due", stamp_format(due, &at));
	return 0;
}

static int take_options(const struct call *call, struct action_event *event, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_free_ char *tickets = texts_join(&o->tickets, ",");

	change_to(event, "problem", o->problem);
	change_to(event, "cause", o->cause);
	change_to(event, "plan", o->plan);
	change_to(event, "owner", o->owner);
	change_to(event, "category", o->category);
	change_to(event, "type", o->type);
	change_to(event, "feedback", o->feedback);
	if (o->tickets.n)
		change_to(event, "tickets", tickets);
	event->reason = xstrdup(o->reason);
	event->effective = xstrdup(o->effective);
	event->at = call->at;
	return change_due(call, event, o->due, err);
}

static int print_after(const struct action *action, void *data, struct ticket_error *err)
{
	const struct call *call = data;
	const struct action_event *last = &action->events.v[action->events.n - 1];
	_cleanup_free_ char *line = NULL;
	const char *what, *state;

	if (call->quiet || last->kind == ACTION_EVENT_ADDED) {
		fprintf(call->out, "%s\n", action->id);
		return 0;
	}
	what = action_label(call, action_event_word((enum action_kind)last->kind));
	state = action_label(call, action_state_word((enum action_state)action->state));
	if (action->owner)
		line = xasprintf(call->dry_run ? _("%s: %s (%s, %s) — dry run, nothing written") : _("%s: %s (%s, %s)"), action->id, what, state, action->owner);
	else
		line = xasprintf(call->dry_run ? _("%s: %s (%s) — dry run, nothing written") : _("%s: %s (%s)"), action->id, what, state);
	print_text(call->out, line, false);
	fputc('\n', call->out);
	return 0;
}

/* Takes the event's strings over. */
static int record(struct call *call, struct action_event *event, struct ticket_error *err)
{
	struct texts words = {0};
	int failed = take_options(call, event, err);

	if (!failed && event->kind != ACTION_EVENT_ADDED)
		failed = call_numbers(call, call->args, call->n_args, &words, err);
	if (!failed)
		failed = action_record(call->desk, event->kind == ACTION_EVENT_ADDED ? NULL : &words, event, call->dry_run, print_after, call, err);
	texts_release(&words);
	action_event_release(event);
	return failed;
}

/* --- add, edit ------------------------------------------------------------------------------------------------- */

static const struct option_row add_rows[] = {
	CONTENT,
	OPTION_END,
};

static int run_add(struct call *call, struct ticket_error *err)
{
	struct action_event event = {.kind = ACTION_EVENT_ADDED};
	_cleanup_free_ char *problem = NULL;
	int failed;

	if ((failed = call_need_args(call, 0, 0, err)) || (failed = call_text(call, "Which problem is it about?", true, &problem, err)))
		return failed;
	change_to(&event, "problem", problem);
	return record(call, &event, err);
}

const struct command action_command_add = {
	.name = "add",
	.summary = "add an action; without an owner or a due date it is a proposal",
	.synopsis = "[-m PROBLEM] [--cause TEXT] [--plan TEXT] [--owner P] [--due TIME] [--category K] [--type T] [--ticket ID]... [--feedback TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = add_rows,
	.options_size = sizeof(struct options),
	.run = run_add,
};

static const struct option_row edit_rows[] = {
	TEXT(problem, "problem", "TEXT", "what it is about"),
	CONTENT,
	TEXT(reason, "reason", "TEXT", "why; needed"),
	OPTION_END,
};

static int run_edit(struct call *call, struct ticket_error *err)
{
	struct action_event event = {.kind = ACTION_EVENT_EDITED};

	return record(call, &event, err);
}

const struct command action_command_edit = {
	.name = "edit",
	.summary = "change what is given of actions; old and new values are kept",
	.synopsis = "ACTION... --reason TEXT [--problem TEXT] [--cause TEXT] [--plan TEXT] [--owner P] [--due TIME] [--category K] [--type T] [--ticket ID]... [--feedback TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET,
	.options = edit_rows,
	.options_size = sizeof(struct options),
	.run = run_edit,
};

/* --- what happens to it ---------------------------------------------------------------------------------------- */

static int run_said(struct call *call, enum action_kind kind, const char *question, bool needed, struct ticket_error *err)
{
	struct action_event event = {.kind = (int)kind};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)) || (failed = call_text(call, question, needed, &event.text, err)))
		return failed;
	return record(call, &event, err);
}

static const struct option_row note_rows[] = {
	TEXT(feedback, "feedback", "TEXT", "what customers say of it now"),
	OPTION_END,
};

static int run_note(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;

	return run_said(call, ACTION_EVENT_NOTED, N_("How does it come along?"), !o->feedback, err);
}

const struct command action_command_note = {
	.name = "note",
	.summary = "record progress, or what customers say of it",
	.synopsis = "ACTION... [-m TEXT] [--feedback TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = note_rows,
	.options_size = sizeof(struct options),
	.run = run_note,
};

static int run_done(struct call *call, struct ticket_error *err)
{
	return run_said(call, ACTION_EVENT_DONE, N_("Which measure was carried out?"), true, err);
}

const struct command action_command_done = {
	.name = "done",
	.summary = "record the measure that was carried out",
	.synopsis = "ACTION... [-m TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options_size = sizeof(struct options),
	.run = run_done,
};

static const struct option_row verify_rows[] = {
	{"effective", 'e', OPTION_CHOICE, offsetof(struct options, effective), "yes|partly|no", "did it help?"},
	OPTION_END,
};

static int run_verify(struct call *call, struct ticket_error *err)
{
	return run_said(call, ACTION_EVENT_VERIFIED, N_("How was it found whether it helped?"), true, err);
}

const struct command action_command_verify = {
	.name = "verify",
	.summary = "record whether it helped; by somebody else than the owner",
	.synopsis = "ACTION... --effective yes|partly|no [-m TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = verify_rows,
	.options_size = sizeof(struct options),
	.run = run_verify,
};

static const struct option_row drop_rows[] = {
	TEXT(reason, "reason", "TEXT", "why it is not pursued; needed"),
	OPTION_END,
};

static int run_drop(struct call *call, struct ticket_error *err)
{
	struct action_event event = {.kind = ACTION_EVENT_DROPPED};

	return record(call, &event, err);
}

const struct command action_command_drop = {
	.name = "drop",
	.summary = "give actions up, with the reason",
	.synopsis = "ACTION... --reason TEXT",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET,
	.options = drop_rows,
	.options_size = sizeof(struct options),
	.run = run_drop,
};

static const struct option_row reopen_rows[] = {
	TEXT(reason, "reason", "TEXT", "what is still wrong; needed"),
	TEXT(owner, "owner", "PERSON", "who carries it out now"),
	TEXT(due, "due", "TIME", "until when; a day without a time ends at midnight"),
	TEXT(plan, "plan", "TEXT", "what is to be done now"),
	OPTION_END,
};

static int run_reopen(struct call *call, struct ticket_error *err)
{
	struct action_event event = {.kind = ACTION_EVENT_REOPENED};

	return record(call, &event, err);
}

const struct command action_command_reopen = {
	.name = "reopen",
	.summary = "take actions up again: they did not help, or were given up too early",
	.synopsis = "ACTION... --reason TEXT [--plan TEXT] [--owner P] [--due TIME]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET,
	.options = reopen_rows,
	.options_size = sizeof(struct options),
	.run = run_reopen,
};
