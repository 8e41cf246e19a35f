/* SPDX-License-Identifier: MIT */
/* ticket audit: was history ever bent? Also the anchor to be kept elsewhere, and the check before a push is taken. */
#include "command.h"
#include "when.h"

#include "ticket/audit.h"
#include "ticket/file.h"

struct options {
	bool anchor, receive, strict;
	struct texts against;
};

static const struct option_row option_rows[] = {
	{"against", 0, OPTION_TEXTS, offsetof(struct options, against), "FILE|COMMIT", "is the commit of this anchor still in the history? what came since is judged"},
	{"anchor", 0, OPTION_FLAG, offsetof(struct options, anchor), NULL, "print a line to be kept elsewhere, for --against"},
	{"receive", 0, OPTION_FLAG, offsetof(struct options, receive), NULL, "judge what is being pushed, as git's hook pre-receive"},
	{"strict", 0, OPTION_FLAG, offsetof(struct options, strict), NULL, "a commit made by hand is a finding too"},
	OPTION_END,
};

/* --- findings ----------------------------------------------------------------------------------------------------- */

static const struct column columns[] = {
	{"commit", NULL, CELL_TEXT, false, false}, {"recorded", NULL, CELL_TIME, false, false}, {"by", NULL, CELL_TEXT, false, false},
	{"file", NULL, CELL_TEXT, false, false},   {"by_hand", NULL, CELL_FLAG, true, false},   {"finding", NULL, CELL_TEXT, false, true},
};

struct listing {
	struct table *table;
	bool short_ids;
};

static int add_finding(const struct audit_finding *finding, void *data, struct ticket_error *err)
{
	const struct listing *listing = data;
	_cleanup_free_ char *commit = xstrndup(finding->commit, listing->short_ids ? 10 : strlen(finding->commit));
	char recorded[STAMP_SIZE];

	table_row(listing->table, (const char *[]){commit, stamp_format(recorded, &finding->recorded), finding->author, finding->where, finding->by_hand ? "true" : NULL, finding->what},
		  NULL);
	return 0;
}

static int open_listing(const struct call *call, struct listing *listing, FILE *out, struct ticket_error *err)
{
	listing->short_ids = !call->table.format || text_equal(call->table.format, "table");
	return table_open(&listing->table, "findings", columns, ARRAY_SIZE(columns), &call->table, out, err);
}

static int close_listing(struct call *call, struct listing *listing, int failed, const struct audit_counts *counts)
{
	table_close(listing->table);
	if (failed)
		return failed;
	call_say(call, "%zu commits audited, %zu of them made by hand, %zu findings", counts->commits, counts->by_hand, counts->findings);
	return counts->findings ? TICKET_NO : 0;
}

/* --- the ways of asking ------------------------------------------------------------------------------------------- */

static int read_anchors(struct call *call, const struct texts *words, audit_anchors *out, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < words->n && !failed; i++) {
		_cleanup_buf_ struct buf text = {0};
		size_t n = out->n;

		if (file_read(words->v[i], 0, &text, NULL)) {
			failed = audit_anchors_name(out, call->desk, words->v[i], err);
			continue;
		}
		audit_anchors_read(out, text.p ? text.p : "");
		if (out->n == n)
			failed = ticket_fail(err, TICKET_USAGE, "in '%s' stands no anchor; ticket audit --anchor prints one", words->v[i]);
	}
	return failed;
}

static int audit_desk(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	struct audit_options asked = {.range = call->n_args ? call->args[0] : NULL, .since = call->since, .until = call->until, .strict = o->strict};
	struct audit_counts counts;
	struct listing listing;
	int failed = read_anchors(call, &o->against, &asked.anchors, err);

	if (!failed && !(failed = open_listing(call, &listing, call->out, err)))
		failed = close_listing(call, &listing, desk_audit(call->desk, &asked, add_finding, &listing, &counts, err), &counts);
	free(asked.anchors.v);
	return failed;
}

static const struct column anchor_columns[] = {
	{"taken", NULL, CELL_TIME, false, false},     {"commit", NULL, CELL_TEXT, false, false},   {"commits", NULL, CELL_NUMBER, false, false},
	{"tickets", NULL, CELL_NUMBER, false, false}, {"events", NULL, CELL_NUMBER, false, false},
};

/* For people one line, to be mailed, printed and typed again; else a row. */
static int print_anchor(struct call *call, struct ticket_error *err)
{
	struct audit_anchor anchor;
	struct table *table;
	int failed = audit_anchor_take(call->desk, &anchor, err);

	if (failed)
		return failed;
	if (!call->table.format || text_equal(call->table.format, "table")) {
		_cleanup_free_ char *line = audit_anchor_line(&anchor);

		fprintf(call->out, "%s\n", line);
		return 0;
	}
	if ((failed = table_open(&table, "anchors", anchor_columns, ARRAY_SIZE(anchor_columns), &call->table, call->out, err)))
		return failed;
	_cleanup_free_ char *commits = xasprintf("%lld", (long long)anchor.commits), *tickets = xasprintf("%lld", (long long)anchor.tickets),
			    *events = xasprintf("%lld", (long long)anchor.events);
	char taken[STAMP_SIZE];

	table_row(table, (const char *[]){stamp_format(taken, &anchor.taken), anchor.commit, commits, tickets, events}, NULL);
	table_close(table);
	return 0;
}

/* git shows the pusher what the hook says on standard error. What is pushed lies aside until it is taken, where git's environment says. */
static int receive(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	const char *aside = getenv("GIT_QUARANTINE_PATH"), *beside = getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES");
	_cleanup_free_ char *objects = aside ? xasprintf("%s:%s", aside, beside ? beside : "") : NULL;
	_cleanup_buf_ struct buf updates = {0};
	struct audit_counts counts;
	struct listing listing;
	int failed;

	if (file_read_all(STDIN_FILENO, &updates))
		return ticket_fail(err, TICKET_STORAGE, "cannot read standard input");
	call->table.width = 0;
	if ((failed = open_listing(call, &listing, call->output_file ? call->out : stderr, err)))
		return failed;
	failed = audit_receive(&call->context, objects, updates.p ? updates.p : "", o->strict, add_finding, &listing, &counts, err);
	return close_listing(call, &listing, failed, &counts);
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	int failed = call_need_args(call, 0, o->anchor || o->receive ? 0 : 1, err);

	if (failed)
		return failed;
	if (o->receive && (o->anchor || o->against.n || call->since.set || call->until.set))
		return ticket_fail(err, TICKET_USAGE, "--receive judges what is being pushed, and nothing else");
	if (o->anchor && (o->against.n || o->strict || call->since.set || call->until.set))
		return ticket_fail(err, TICKET_USAGE, "--anchor only prints a line");
	if (o->receive)
		return receive(call, err);
	/* Times are read once more, in the desk's zone. */
	if ((failed = call_open_desk(call, err)) || (failed = call_range(call, err)))
		return failed;
	return o->anchor ? print_anchor(call, err) : audit_desk(call, err);
}

const struct command command_audit = {
	.name = "audit",
	.summary = "was history ever bent? judges every commit by what it may do",
	.synopsis = "[RANGE] [--strict] [--against FILE|COMMIT]...\n--anchor\n--receive [--strict]",
	.flags = COMMAND_ROWS | COMMAND_QUIET | COMMAND_PAGER | COMMAND_RANGE,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
