/* SPDX-License-Identifier: MIT */
/* ticket list: the tickets that a query selects. */
#include "rows.h"

#define DEFAULT_LIMIT 50 /* on a terminal: what people read */

struct options {
	const char *sort, *at;
	int64_t limit;
	bool all;
};

static const struct option_row option_rows[] = {
	{"sort", 's', OPTION_TEXT, offsetof(struct options, sort), "FIELD", "order by a field; -FIELD: descending (default: newest first)"},
	{"limit", 'l', OPTION_COUNT, offsetof(struct options, limit), "N", "at most so many (on a terminal 50)"},
	{"all", 0, OPTION_FLAG, offsetof(struct options, all), NULL, "all, also on a terminal"},
	{"at", 0, OPTION_TEXT, offsetof(struct options, at), "REV", "as of a revision or a time"},
	OPTION_END,
};

struct listing {
	struct call *call;
	struct table *table;
	size_t shown;
};

static int add_row(const struct ticket_row *row, void *data, struct ticket_error *err)
{
	struct listing *listing = data;

	listing->shown++;
	if (listing->call->quiet)
		fprintf(listing->call->out, "%s\n", row->id);
	else
		ticket_rows_add(listing->call, listing->table, row, NULL, 0);
	return 0;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_query_ struct query *query = NULL;
	size_t limit = (size_t)o->limit, total = 0;
	bool shortened = !o->limit && !o->all && call->table.width && !call->table.format;
	struct listing listing = {.call = call};
	int failed;

	if (shortened)
		limit = DEFAULT_LIMIT;
	if ((failed = call_query(call, call->args, call->n_args, o->sort, limit, &query, err)))
		return failed;
	if (!call->quiet && (failed = ticket_rows_open(call, &listing.table, false, err)))
		return failed;
	failed = desk_list(call->desk, query, o->at, shortened ? &total : NULL, add_row, &listing, err);
	table_end(listing.table, failed);
	if (!failed)
		rows_end(call, query, listing.shown, total);
	return failed;
}

const struct command command_list = {
	.name = "list",
	.summary = "list tickets: state, priority, assignee, overdue and more",
	.synopsis = "[QUERY...] [--sort FIELD] [--limit N] [--at REV]",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_QUIET | COMMAND_PAGER | COMMAND_QUERY | COMMAND_RANGE,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
