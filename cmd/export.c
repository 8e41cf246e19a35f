/* SPDX-License-Identifier: MIT */
/* ticket export: tickets for another desk, another program, or a spreadsheet. */
#include "command.h"

#include "ticket/export.h"

struct options {
	bool events, reveal;
	const char *reason, *since, *until;
};

static const struct option_row option_rows[] = {
	{"events", 'E', OPTION_FLAG, offsetof(struct options, events), NULL, "csv: one row for each event"},
	{"reveal", 0, OPTION_FLAG, offsetof(struct options, reveal), NULL, "csv: customers and contacts in clear; the export is put on record"},
	{"reason", 0, OPTION_TEXT, offsetof(struct options, reason), "TEXT", "why they are needed"},
	{"changes-since", 0, OPTION_TEXT, offsetof(struct options, since), "REV", "the events since a revision or a time, as JSON Lines for other engines"},
	{"until", 0, OPTION_TEXT, offsetof(struct options, until), "REV", "with --changes-since: up to a revision or a time, not up to now"},
	OPTION_END,
};

static int read_query(const struct call *call, struct query **out, struct ticket_error *err)
{
	const struct query_context context = {desk_policy(call->desk), desk_zone(call->desk), desk_now(call->desk), NULL, desk_actor, call->desk};

	return call->n_args ? query_parse(out, call->args, call->n_args, NULL, 0, &context, err) : 0;
}

/* Whoever keeps a copy of the events must hear of it when what he has is no more what is here. */
static void say_bent(const struct call *call, const struct changes_made *made, const char *since)
{
	if (made->rewritten)
		call_say(call, "the history of the desk was rewritten: '%s' is no part of it any more", since);
	if (made->changed)
		call_say(call, Q_("%zu event was changed in history; its line says 'changed'", "%zu events were changed in history; their lines say 'changed'", made->changed), made->changed);
	if (made->removed)
		call_say(call, Q_("%zu event was removed from history; its line says 'removed'", "%zu events were removed from history; their lines say 'removed'", made->removed), made->removed);
}

static int run_changes(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_query_ struct query *query = NULL;
	struct changes_job job = {.since = o->since, .until = o->until};
	struct changes_made made;
	int failed;

	if (!o->since)
		return ticket_fail(err, TICKET_USAGE, "--until goes with --changes-since");
	if ((call->table.format && strcmp(call->table.format, "jsonl") != 0) || call->table.columns || o->events || o->reveal)
		return ticket_fail(err, TICKET_USAGE, "--changes-since puts out JSON Lines with all there is, masked; --format, --columns, --events and --reveal do not go with it");
	if (o->until && (failed = desk_as_of(call->desk, o->until, err)))
		return failed;
	call->zone = desk_zone(call->desk);
	if ((failed = read_query(call, &query, err)))
		return failed;
	job.query = query;
	if ((failed = export_changes(call->out, call->desk, &job, &made, err)))
		return failed;
	say_bent(call, &made, o->since);
	if (made.restated)
		call_say(call, Q_("%zu event stands differently in its ticket now", "%zu events stand differently in their tickets now", made.restated), made.restated);
	call_say(call, Q_("%zu new event; next time: --changes-since %s", "%zu new events; next time: --changes-since %s", made.events), made.events, made.revision);
	return made.rewritten || made.changed || made.removed ? TICKET_NO : 0;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_query_ struct query *query = NULL;
	struct export_job job = {.format = call->table.format ? call->table.format : "jsonl", .columns = call->table.columns, .events = o->events, .reveal = o->reveal, .why = o->reason};
	_cleanup_buf_ struct buf subject = {0};
	size_t tickets = 0;
	int code;

	if (o->since || o->until)
		return run_changes(call, err);
	if ((code = read_query(call, &query, err)))
		return code;
	job.query = query;
	for (size_t i = 0; i < call->n_args; i++)
		buf_addf(&subject, "%s%s", i ? " " : "", call->args[i]);
	job.subject = subject.n ? subject.p : "all tickets";
	if (o->reveal)
		call_private(call);
	if ((code = export_run(call->out, call->desk, &job, &tickets, err)))
		return code;
	call_say(call, Q_("%zu ticket exported", "%zu tickets exported", tickets), tickets);
	return 0;
}

const struct command command_export = {
	.name = "export",
	.summary = "put out tickets whole, as rows for a spreadsheet, or what has changed",
	.synopsis = "[QUERY...] [--format jsonl|json|csv] [--events] [--reveal] [-o FILE]\n[QUERY...] --changes-since REV [--until REV] [-o FILE]",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_QUERY,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
