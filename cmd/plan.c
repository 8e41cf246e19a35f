/* SPDX-License-Identifier: MIT */
/* ticket plan: the solution, who carries it out, by when, and each department's part (B4, E4, E5). */
#include "record.h"

struct options {
	bool linked, keep_going;
	const char *owner, *late_reason;
	struct stamp due;
	struct texts parts, needs;
};

static const struct option_row option_rows[] = {
	{"owner", 0, OPTION_TEXT, offsetof(struct options, owner), "PERSON", "who carries it out, and leads where several do"},
	{"due", 0, OPTION_TIME, offsetof(struct options, due), "TIME", "completion date"},
	{"part", 0, OPTION_TEXTS, offsetof(struct options, parts), "DEPT:PERSON:TIME", "a department's part, who does it and by when; repeat"},
	{"needs", 0, OPTION_TEXTS, offsetof(struct options, needs), "THING", "papers, samples or parts it needs; repeat"},
	{"late-reason", 0, OPTION_TEXT, offsetof(struct options, late_reason), "TEXT", "why it comes late, where the policy asks"},
	{"linked", 0, OPTION_FLAG, offsetof(struct options, linked), NULL, "also on all open tickets under the incident, as one commit"},
	{"keep-going", 0, OPTION_FLAG, offsetof(struct options, keep_going), NULL, "with --linked: also when some of them refuse it"},
	OPTION_END,
};

/* DEPT:PERSON:TIME; the time may hold colons itself, person and time may be left out. */
static int read_part(const struct call *call, const char *text, struct plan_part *part, struct ticket_error *err)
{
	const char *person = strchr(text, ':'), *time = person ? strchr(person + 1, ':') : NULL;

	part->department = xstrndup(text, person ? (size_t)(person - text) : strlen(text));
	if (person && time != person + 1)
		part->person = time ? xstrndup(person + 1, (size_t)(time - person - 1)) : xstrdup(person + 1);
	if (!*part->department)
		return ticket_fail(err, TICKET_USAGE, "'%s' names no department; right would be DEPT:PERSON:TIME", text);
	return time ? call_time(call, time + 1, &part->due, err) : 0;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	struct event event = {.kind = EVENT_PLANNED};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)))
		return failed;
	event.person = xstrdup(o->owner);
	event.late_reason = xstrdup(o->late_reason);
	event.due = o->due;
	texts_copy(&event.needs, &o->needs);
	for (size_t i = 0; i < o->parts.n && !failed; i++)
		failed = read_part(call, o->parts.v[i], list_push(&event.parts), err);
	if (!failed)
		failed = call_text(call, "What is the plan?", true, &event.text, err);
	if (!failed)
		failed = o->linked ? call_record_incidents(call, call->args, call->n_args, &event, o->keep_going, err) : call_record(call, call->args, call->n_args, &event, err);
	event_release(&event);
	return failed;
}

const struct command command_plan = {
	.name = "plan",
	.summary = "record the plan: the solution, who carries it out, by when",
	.synopsis = "ID... [-m TEXT] --owner P --due TIME [--part DEPT:PERSON:TIME]... [--needs THING]... [--linked [--keep-going]]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
