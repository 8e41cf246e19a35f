/* SPDX-License-Identifier: MIT */
/* ticket export: tickets for another desk, another program, or a spreadsheet. */
#include "command.h"

#include "ticket/export.h"

struct options {
	bool events, reveal;
	const char *reason;
};

static const struct option_row option_rows[] = {
	{"events", 'E', OPTION_FLAG, offsetof(struct options, events), NULL, "csv: one row for each event"},
	{"reveal", 0, OPTION_FLAG, offsetof(struct options, reveal), NULL, "csv: customers and contacts in clear; the export is put on record"},
	{"reason", 0, OPTION_TEXT, offsetof(struct options, reason), "TEXT", "why they are needed"},
	OPTION_END,
};

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_query_ struct query *query = NULL;
	const struct query_context context = {desk_policy(call->desk), desk_zone(call->desk), desk_now(call->desk), desk_actor(call->desk)};
	struct export_job job = {.format = call->table.format ? call->table.format : "jsonl", .columns = call->table.columns, .events = o->events, .reveal = o->reveal, .why = o->reason};
	_cleanup_buf_ struct buf subject = {0};
	size_t tickets = 0;
	int code;

	if (call->n_args && (code = query_parse(&query, call->args, call->n_args, NULL, 0, &context, err)))
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
	.summary = "put out tickets whole, or as rows for a spreadsheet",
	.synopsis = "[QUERY...] [--format jsonl|json|csv] [--events] [--reveal] [-o FILE]",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_QUERY,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
