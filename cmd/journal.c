/* SPDX-License-Identifier: MIT */
/* ticket journal: what was done with the desk as a whole: exports of personal data, reports, backups, samples, reviews. */
#include "label.h"
#include "command.h"

#include "ticket/journal.h"

struct options {
	struct texts acts;
};

static const struct option_row option_rows[] = {
	{"act", 0, OPTION_TEXTS, offsetof(struct options, acts), "ACT", "only entries of that act; repeatable"},
	OPTION_END,
};

static const struct column columns[] = {
	{"id", NULL, CELL_TEXT, true, false},       {"at", NULL, CELL_TIME, false, false},   {"recorded", NULL, CELL_TIME, true, false},
	{"by", NULL, CELL_TEXT, false, false},      {"role", NULL, CELL_TEXT, true, false},  {"act", NULL, CELL_TEXT, false, false},
	{"subject", NULL, CELL_TEXT, false, false}, {"from", NULL, CELL_TIME, false, false}, {"until", NULL, CELL_TIME, false, false},
	{"tickets", NULL, CELL_LIST, true, false},  {"values", NULL, CELL_TEXT, false, false}, {"text", NULL, CELL_TEXT, false, true},
};

struct listing {
	const struct call *call;
	const struct options *options;
	struct table *table;
};

static bool is_asked_for(const struct listing *listing, const struct journal_entry *entry)
{
	const struct call *call = listing->call;

	return (!listing->options->acts.n || texts_have(&listing->options->acts, entry->act)) && (!call->since.set || entry->at.s >= call->since.s) &&
	       (!call->until.set || entry->at.s < call->until.s);
}

static int add_entry(const struct journal_entry *entry, void *data, struct ticket_error *err)
{
	const struct listing *listing = data;
	char at[STAMP_SIZE], recorded[STAMP_SIZE], from[STAMP_SIZE], until[STAMP_SIZE];
	_cleanup_free_ char *tickets = texts_join(&entry->tickets, ",");
	_cleanup_buf_ struct buf values = {0};

	if (!is_asked_for(listing, entry))
		return 0;
	for (size_t i = 0; i < entry->values.n; i++)
		buf_addf(&values, "%s%s=%s", i ? " " : "", entry->values.v[i].key, entry->values.v[i].value);
	const char *cells[] = {
		entry->id, stamp_format(at, &entry->at), stamp_format(recorded, &entry->recorded), entry->by, entry->role, label_cell(listing->call, entry->act), entry->subject,
		entry->from.set ? stamp_format(from, &entry->from) : NULL, entry->until.set ? stamp_format(until, &entry->until) : NULL, tickets, values.p, entry->text,
	};
	table_row(listing->table, cells, NULL);
	return 0;
}

static int run(struct call *call, struct ticket_error *err)
{
	struct listing listing = {.call = call, .options = call->options};
	int failed;

	if ((failed = call_need_args(call, 0, 0, err)) ||
	    (failed = table_open(&listing.table, "entries", columns, ARRAY_SIZE(columns), &call->table, call->out, err)))
		return failed;
	failed = journal_each(call->desk, NULL, add_entry, &listing, err);
	table_end(listing.table, failed);
	return failed;
}

const struct command command_journal = {
	.name = "journal",
	.summary = "what was done with the desk as a whole: exports, reports, backups, samples, reviews",
	.synopsis = "[--act ACT]... [RANGE]",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_PAGER | COMMAND_RANGE,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
