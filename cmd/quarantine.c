/* SPDX-License-Identifier: MIT */
/* ticket quarantine: a wrong record is set apart, by hand or by what rules find (C14). */
#include "label.h"
#include "record.h"

#include "rows.h"
#include "ticket/anomaly.h"

struct options {
	const char *cause;
	bool find, found;
};

static const struct option_row option_rows[] = {
	{"cause", 0, OPTION_TEXT, offsetof(struct options, cause), "CAUSE", "entry, system or procedure"},
	{"find", 0, OPTION_FLAG, offsetof(struct options, find), NULL, "only list what rules find: contradictions, missing key fields"},
	{"found", 0, OPTION_FLAG, offsetof(struct options, found), NULL, "set apart whatever rules find, each with its cause"},
	OPTION_END,
};

/* --- by rules -------------------------------------------------------------------------------------------------- */

static const struct column columns[] = {
	{"number", NULL, CELL_TEXT, false, false},
	{"rule", NULL, CELL_TEXT, false, false},
	{"cause", NULL, CELL_TEXT, false, false},
	{"finding", NULL, CELL_TEXT, false, true},
};

struct finding_rows {
	struct table *table; /* NULL: -q, numbers alone */
	struct call *call;
	char *last;
	size_t tickets, findings;
};

static int add_finding(const struct anomaly_found *found, void *data, struct ticket_error *err)
{
	struct finding_rows *rows = data;
	bool again = text_equal(rows->last, found->number);

	rows->findings++;
	rows->tickets += !again;
	if (rows->table)
		table_row(rows->table, (const char *[]){found->number, label_cell(rows->call, found->rule), label_cell(rows->call, found->cause), found->finding}, NULL);
	else if (!again)
		fprintf(rows->call->out, "%s\n", found->number);
	replace_text(&rows->last, found->number);
	return 0;
}

static int run_rules(struct call *call, const struct options *o, struct ticket_error *err)
{
	_cleanup_query_ struct query *query = NULL;
	struct finding_rows rows = {.call = call};
	int failed;

	if (o->cause || (o->find && o->found))
		return ticket_fail(err, TICKET_USAGE, "--find lists, --found sets apart, each by what the rules say: give one of them, and no --cause");
	if ((call->n_args && (failed = call_query(call, call->args, call->n_args, NULL, 0, &query, err))) ||
	    (!call->quiet && (failed = table_open(&rows.table, "findings", columns, ARRAY_SIZE(columns), &call->table, call->out, err))))
		return failed;
	failed = desk_anomalies(call->desk, query, o->found, call->dry_run, add_finding, &rows, err);
	table_end(rows.table, failed);
	free(rows.last);
	if (failed)
		return failed;
	if (o->find)
		call_say(call, "%zu findings on %zu tickets", rows.findings, rows.tickets);
	else
		call_say(call, call->dry_run ? N_("%zu findings; %zu tickets would be set apart") : N_("%zu findings; %zu tickets set apart"), rows.findings, rows.tickets);
	return o->find && rows.findings ? TICKET_NO : 0;
}

/* --- by hand --------------------------------------------------------------------------------------------------- */

static int run(struct call *call, struct ticket_error *err)
{
	struct options *o = call->options;
	_cleanup_free_ char *text = NULL;
	struct event event = {.kind = EVENT_QUARANTINED};
	int failed;

	if (o->find || o->found)
		return run_rules(call, o, err);
	if ((failed = call_need_args(call, 1, SIZE_MAX, err)) || (failed = call_text(call, "What is wrong with the record?", true, &text, err)))
		return failed;
	event.text = text;
	event.cause = (char *)o->cause;
	return call_record(call, call->args, call->n_args, &event, err);
}

const struct command command_quarantine = {
	.name = "quarantine",
	.summary = "set a wrong record apart until it is corrected",
	.synopsis = "ID... --cause entry|system|procedure [-m TEXT]\n--find [QUERY...]\n--found [QUERY...]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT | COMMAND_ROWS | COMMAND_QUERY,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
