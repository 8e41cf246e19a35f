/* SPDX-License-Identifier: MIT */
/* ticket notify: tells people what the desk owes them (C12, D15). */
#include "command.h"

#include <unistd.h>

#include "label.h"
#include "notify.h"
#include "terminal.h"

struct options {
	bool retry;
};

static const struct option_row option_rows[] = {
	{"retry", 0, OPTION_FLAG, offsetof(struct options, retry), NULL, "also what waits after a failure"},
	OPTION_END,
};

static const struct column columns[] = {
	{"id", NULL, CELL_TEXT, true, false},
	{"to", "TO", CELL_TEXT, false, false},
	{"way", NULL, CELL_TEXT, false, false},
	{"ticket", NULL, CELL_TEXT, false, false},
	{"kind", NULL, CELL_TEXT, false, false},
	{"outcome", NULL, CELL_TEXT, false, false},
	{"created", NULL, CELL_TIME, true, false},
	{"not_before", NULL, CELL_TIME, true, false},
	{"attempts", NULL, CELL_NUMBER, true, false},
	{"next_attempt", NULL, CELL_TIME, true, false},
	{"message", NULL, CELL_TEXT, true, false},
	{"subject", NULL, CELL_TEXT, false, true},
	{"error", NULL, CELL_TEXT, false, false},
	{"body", NULL, CELL_TEXT, true, false},
};

struct showing {
	struct call *call;
	struct table *table;
	size_t rows;
};

/* A run tells what it did, a dry run also what waits and why. */
static bool is_news(const struct call *call, enum notice_outcome outcome)
{
	return call->dry_run || outcome == OUTCOME_DELIVERED || outcome == OUTCOME_FAILED || outcome == OUTCOME_GIVEN_UP;
}

static int show(const struct notice *notice, enum notice_outcome outcome, void *data, struct ticket_error *err)
{
	struct showing *showing = data;
	char created[STAMP_SIZE], not_before[STAMP_SIZE], next[STAMP_SIZE], attempts[24];
	const char *colour = outcome == OUTCOME_FAILED || outcome == OUTCOME_GIVEN_UP ? "red" : outcome == OUTCOME_DELIVERED ? NULL : "dim", *kind;
	bool people;
	int failed;

	if (showing->call->quiet || !is_news(showing->call, outcome))
		return 0;
	if (!showing->table && (failed = table_open(&showing->table, "notices", columns, ARRAY_SIZE(columns), &showing->call->table, showing->call->out, err)))
		return failed;
	snprintf(attempts, sizeof(attempts), "%lld", (long long)notice->attempts);
	people = !showing->call->table.format || text_equal(showing->call->table.format, "table");
	kind = people ? label_foreign(showing->call, notice_word((enum notice_kind)notice->kind)) : notice_word((enum notice_kind)notice->kind);
	table_row(showing->table,
		  (const char *[]){notice->id, notice->to, notice->way, notice->ticket ? notice->ticket : notice->action, kind, people ? label_foreign(showing->call, outcome_word(outcome)) : outcome_word(outcome),
				   stamp_format(created, &notice->created), stamp_format(not_before, &notice->not_before), attempts,
				   stamp_format(next, &notice->next_attempt), notice->message, notice->subject, notice->error ? language_finding(notice->error) : NULL, notice->body},
		  colour);
	return 0;
}

static int finish(struct call *call, struct showing *showing, const size_t counts[OUTCOMES], struct ticket_error *err)
{
	bool had_news = showing->table != NULL;
	int failed = 0;

	/* Data formats have their frame even around nothing; people are told nothing when there is nothing. */
	if (!showing->table && !call->quiet && call->table.format && !text_equal(call->table.format, "table"))
		failed = table_open(&showing->table, "notices", columns, ARRAY_SIZE(columns), &call->table, call->out, err);
	if (showing->table)
		table_close(showing->table);
	if (failed)
		return failed;
	/* Not from cron, minute by minute: only to somebody who looks, or beside other news. */
	if (counts[OUTCOME_UNSET] && (call->dry_run || had_news || terminal_asks()))
		call_say(call, Q_("%zu notice waits by ways that are not set up here; see ticket-delivery(5)", "%zu notices wait by ways that are not set up here; see ticket-delivery(5)",
				  counts[OUTCOME_UNSET]), counts[OUTCOME_UNSET]);
	if (counts[OUTCOME_FAILED] + counts[OUTCOME_GIVEN_UP] == 0 || call->dry_run)
		return 0;
	if (counts[OUTCOME_GIVEN_UP])
		return ticket_fail(err, TICKET_PARTIAL, "%zu of %zu notices could not be delivered, %zu were given up and lie in .git/ticket/outbox/failed",
				   counts[OUTCOME_FAILED], counts[OUTCOME_FAILED] + counts[OUTCOME_DELIVERED], counts[OUTCOME_GIVEN_UP]);
	return ticket_fail(err, TICKET_PARTIAL, "%zu of %zu notices could not be delivered; they are tried again", counts[OUTCOME_FAILED],
			   counts[OUTCOME_FAILED] + counts[OUTCOME_DELIVERED]);
}

int deliver_notices(struct call *call, bool retry, notice_visitor *visit, void *data, size_t counts[OUTCOMES], struct ticket_error *err)
{
	_cleanup_free_ char *program = helper_program("ticket-deliver");
	struct notify_options options = {
		.retry = retry,
		.dry_run = call->dry_run,
		.program = program,
		.environment = environ,
		.smtp_url = getenv("TICKET_SMTP_URL"),
		.smtp_user = getenv("TICKET_SMTP_USER"),
		.smtp_password = getenv("TICKET_SMTP_PASSWORD"),
		.webhook_url = getenv("TICKET_WEBHOOK_URL"),
	};

	return desk_notify(call->desk, &options, visit, data, counts, err);
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	struct showing showing = {.call = call};
	size_t counts[OUTCOMES];
	int failed;

	if ((failed = call_need_args(call, 0, 0, err)))
		return failed;
	failed = deliver_notices(call, o->retry, show, &showing, counts, err);
	if (failed) {
		table_end(showing.table, failed);
		return failed;
	}
	return finish(call, &showing, counts, err);
}

const struct command command_notify = {
	.name = "notify",
	.summary = "deliver what people are to be told",
	.synopsis = "[--retry]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_ROWS | COMMAND_QUIET,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
