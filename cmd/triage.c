/* SPDX-License-Identifier: MIT */
/* ticket triage: type, category, priority, grade and risk. */
#include "record.h"

struct options {
	struct texts types, departments;
	const char *category, *priority, *grade, *risk, *reason;
};

static const struct option_row option_rows[] = {
	{"type", 't', OPTION_TEXTS, offsetof(struct options, types), "TYPE", "type, also TYPE/SUBTYPE; repeat for several"},
	{"category", 'k', OPTION_TEXT, offsetof(struct options, category), "CATEGORY", "category"},
	{"priority", 'p', OPTION_TEXT, offsetof(struct options, priority), "PRIORITY", "priority"},
	{"grade", 'g', OPTION_TEXT, offsetof(struct options, grade), "GRADE", "grade"},
	{"risk", 'r', OPTION_TEXT, offsetof(struct options, risk), "RISK", "risk"},
	{"department", 0, OPTION_TEXTS, offsetof(struct options, departments), "DEPARTMENT", "a department that is involved"},
	{"reason", 0, OPTION_TEXT, offsetof(struct options, reason), "TEXT", "why it is changed"},
	OPTION_END,
};

static int run(struct call *call, struct ticket_error *err)
{
	struct options *o = call->options;
	struct event event = {
		.kind = EVENT_TRIAGED,
		.types = o->types,
		.departments = o->departments,
		.category = (char *)o->category,
		.priority = (char *)o->priority,
		.grade = (char *)o->grade,
		.risk = (char *)o->risk,
		.reason = (char *)o->reason,
	};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)))
		return failed;
	if (!o->types.n && !o->departments.n && !o->category && !o->priority && !o->grade && !o->risk)
		return ticket_fail(err, TICKET_USAGE, "say what it is: --type, --category, --priority, --grade, --risk or --department");
	return call_record(call, call->args, call->n_args, &event, err);
}

const struct command command_triage = {
	.name = "triage",
	.summary = "say what a ticket is: type, category, priority, grade, risk",
	.synopsis = "ID... [--type T]... [--category K] [--priority P] [--grade G] [--risk R] [--reason TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
