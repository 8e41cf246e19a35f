/* SPDX-License-Identifier: MIT */
/* ticket note: internal progress (A12, D8, E7). */
#include "record.h"

struct options {
	bool linked, keep_going;
	const char * doing;
	const char *late_reason;
	struct stamp eta;
	struct texts departments;
};

static const struct option_row option_rows[] = {
	{"doing", 0, OPTION_TEXT, offsetof(struct options, doing), "STATUS", "where it stands, by a word of the policy"},
	{"eta", 0, OPTION_TIME, offsetof(struct options, eta), "TIME", "expected resolution"},
	{"late-reason", 0, OPTION_TEXT, offsetof(struct options, late_reason), "TEXT", "why it comes late, where the policy asks"},
	{"department", 0, OPTION_TEXTS, offsetof(struct options, departments), "DEPARTMENT", "a department that is involved"},
	{"linked", 0, OPTION_FLAG, offsetof(struct options, linked), NULL, "also on all open tickets under the incident, as one commit"},
	{"keep-going", 0, OPTION_FLAG, offsetof(struct options, keep_going), NULL, "with --linked: also when some of them refuse it"},
	OPTION_END,
};

static int run(struct call *call, struct ticket_error *err)
{
	struct options *o = call->options;
	_cleanup_free_ char *text = NULL;
	struct event event = {.kind = EVENT_NOTED};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)) || (failed = call_text(call, "What was done, and where does it stand?", true, &text, err)))
		return failed;
	event.text = text;
	event.doing = (char *)o->doing;
	event.late_reason = (char *)o->late_reason;
	event.eta = o->eta;
	event.departments = o->departments;
	if (o->linked)
		return call_record_incidents(call, call->args, call->n_args, &event, o->keep_going, err);
	return call_record(call, call->args, call->n_args, &event, err);
}

const struct command command_note = {
	.name = "note",
	.summary = "record internal progress",
	.synopsis = "ID... [-m TEXT] [--doing STATUS] [--eta TIME] [--late-reason TEXT] [--department D]... [--linked [--keep-going]]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
