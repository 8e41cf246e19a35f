/* SPDX-License-Identifier: MIT */
/* ticket sync: fetch, merge record by record, push (design §11). */
#include "command.h"

#include <errno.h>
#include <unistd.h>

#include "label.h"
#include "ticket/sync.h"

struct options {
	bool no_push;
	const char *policy;
};

static const struct option_row option_rows[] = {
	{"no-push", 0, OPTION_FLAG, offsetof(struct options, no_push), NULL, "fetch and merge only"},
	{"policy", 0, OPTION_CHOICE, offsetof(struct options, policy), "ours|theirs", "whose rules stand, where both sides changed them"},
	OPTION_END,
};

static const struct column columns[] = {
	{"change", NULL, CELL_TEXT, false, false},
	{"record", NULL, CELL_TEXT, false, false},
	{"old", NULL, CELL_TEXT, false, false},
	{"note", NULL, CELL_TEXT, false, true},
};

struct showing {
	struct call *call;
	struct table *table;
	size_t counts[SYNC_FATES], rows;
};

static int show(const struct sync_item *item, void *data, struct ticket_error *err)
{
	static const char *const colours[SYNC_FATES] = {[SYNC_WENT] = "dim", [SYNC_RENUMBERED] = "yellow", [SYNC_REPLACED] = "yellow", [SYNC_DOUBTFUL] = "yellow"};
	struct showing *showing = data;
	const struct call *call = showing->call;
	const char *word = sync_fate_word(item->fate);
	bool people = !call->table.format || text_equal(call->table.format, "table");
	int failed;

	showing->counts[item->fate]++;
	showing->rows++;
	if (call->quiet)
		return 0;
	if (!showing->table && (failed = table_open(&showing->table, "records", columns, ARRAY_SIZE(columns), &call->table, call->out, err)))
		return failed;
	table_row(showing->table, (const char *[]){people ? label_foreign(call, word) : word, item->record, item->old, item->note}, colours[item->fate]);
	return 0;
}

/* Data formats have their frame even around nothing; people are told nothing when there is nothing. */
static int finish(struct call *call, struct showing *showing, struct ticket_error *err)
{
	const size_t *n = showing->counts;
	int failed = 0;

	if (!showing->table && !call->quiet && call->table.format && !text_equal(call->table.format, "table"))
		failed = table_open(&showing->table, "records", columns, ARRAY_SIZE(columns), &call->table, call->out, err);
	if (!showing->table)
		return failed;
	table_close(showing->table);
	if (showing->rows)
		call_say(call, call->dry_run ? N_("%zu would come, %zu would go, %zu would be merged, %zu renumbered") : N_("%zu came, %zu went, %zu were merged, %zu renumbered"), n[SYNC_CAME],
		 n[SYNC_WENT], n[SYNC_MERGED], n[SYNC_RENUMBERED]);
	return 0;
}

/* A folder is meant from where the command was typed, whatever folder git works in. Owned; NULL: as it was given. */
static char *folder_from_here(const char *remote)
{
	return remote && (remote[0] == '.' || strchr(remote, '/')) && !strchr(remote, ':') ? realpath(remote, NULL) : NULL;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	struct showing showing = {.call = call};
	_cleanup_free_ char *folder = NULL;
	int failed;

	if ((failed = call_need_args(call, 0, 1, err)))
		return failed;
	folder = folder_from_here(call->n_args ? call->args[0] : NULL);
	failed = desk_sync(call->desk, &(struct sync_options){.remote = folder ? folder : call->n_args ? call->args[0] : NULL, .policy = o->policy, .dry_run = call->dry_run,
							      .no_push = o->no_push, .environment = environ}, show, &showing, err);
	if (!failed)
		return finish(call, &showing, err);
	if (showing.table)
		table_close(showing.table);
	return failed;
}

const struct command command_sync = {
	.name = "sync",
	.summary = "exchange with other copies of the desk: fetch, merge, push",
	.synopsis = "[--no-push] [--policy ours|theirs] [REMOTE]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_ROWS | COMMAND_QUIET | COMMAND_PAGER,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
