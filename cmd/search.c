/* SPDX-License-Identifier: MIT */
/* ticket search: text in tickets, any part of it, with the places where it was found. */
#include "label.h"
#include "rows.h"

#define DEFAULT_LIMIT 20  /* on a terminal: what people read */
#define SNIPPET_COLUMNS 100

struct options {
	const char *sort, *at;
	int64_t limit;
	bool all;
};

static const struct option_row option_rows[] = {
	{"sort", 's', OPTION_TEXT, offsetof(struct options, sort), "FIELD", "order by a field instead of the best first; -FIELD: descending"},
	{"limit", 'l', OPTION_COUNT, offsetof(struct options, limit), "N", "at most so many (on a terminal 20)"},
	{"all", 0, OPTION_FLAG, offsetof(struct options, all), NULL, "all, also on a terminal"},
	{"at", 0, OPTION_TEXT, offsetof(struct options, at), "REV", "as of a revision or a time"},
	OPTION_END,
};

struct searching {
	struct call *call;
	const struct query *query;
	struct table *table; /* NULL: printed for people */
	size_t shown;
};

/* The snippet on a line of its own, what was found in it in bold. */
static void print_snippet(const struct call *call, const struct snippet *snippet)
{
	size_t at = 0;

	fprintf(call->out, "    %s", colour_on(&call->table, "dim"));
	fprintf(call->out, _("%s:"), label_word(call, snippet->field));
	fprintf(call->out, "%s ", colour_off(&call->table));
	for (size_t i = 0; i <= snippet->n_marks; i++) {
		size_t start = i < snippet->n_marks ? snippet->marks[i].start : strlen(snippet->text);
		_cleanup_free_ char *before = xstrndup(snippet->text + at, start - at);
		_cleanup_free_ char *hit = NULL;

		print_text(call->out, before, false);
		if (i == snippet->n_marks)
			break;
		at = snippet->marks[i].end;
		hit = xstrndup(snippet->text + start, at - start);
		fputs(colour_on(&call->table, "bold"), call->out);
		print_text(call->out, hit, false);
		fputs(colour_off(&call->table), call->out);
	}
	fputc('\n', call->out);
}

static void print_hit(const struct call *call, const struct ticket_row *row, const struct snippet *snippet)
{
	struct stamp received = stamp_at(desk_zone(call->desk), row->received_s);
	char text[STAMP_SIZE];

	fprintf(call->out, "%s%s%s  %.10s  ", colour_on(&call->table, "bold"), row->id, colour_off(&call->table), stamp_format(text, &received));
	print_text(call->out, row_status(call, row), false);
	fputs("  ", call->out);
	print_text(call->out, row->subject, false);
	fputc('\n', call->out);
	if (snippet->text)
		print_snippet(call, snippet);
}

static int add_hit(const struct ticket_row *row, const struct ticket *ticket, int64_t score, void *data, struct ticket_error *err)
{
	struct searching *searching = data;
	struct call *call = searching->call;
	_cleanup_(snippet_release) struct snippet snippet = {0};

	searching->shown++;
	query_snippet(searching->query, ticket, call->table.width > 30 ? call->table.width - 20 : SNIPPET_COLUMNS, &snippet);
	if (searching->table)
		ticket_rows_add(call, searching->table, row, &snippet, score);
	else
		print_hit(call, row, &snippet);
	return 0;
}

static int add_number(const struct ticket_row *row, void *data, struct ticket_error *err)
{
	const struct searching *searching = data;

	fprintf(searching->call->out, "%s\n", row->id);
	return 0;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_query_ struct query *query = NULL;
	bool people = !call->table.format || text_equal(call->table.format, "table");
	bool shortened = !o->limit && !o->all && call->table.width && people;
	struct searching searching = {.call = call};
	size_t total = 0;
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)) ||
	    (failed = call_query(call, call->args, call->n_args, o->sort, shortened ? DEFAULT_LIMIT : (size_t)o->limit, &query, err)))
		return failed;
	if (!query_has_text(query))
		return ticket_fail(err, TICKET_USAGE, "there is no text to look for; to select by fields alone: ticket list %s", call->args[0]);
	if (!o->sort)
		query_rank(query);
	searching.query = query;
	if (call->quiet)
		return desk_list(call->desk, query, o->at, NULL, add_number, &searching, err);
	if (!people || call->table.columns) {
		if ((failed = ticket_rows_open(call, &searching.table, true, err)))
			return failed;
	}
	failed = desk_search(call->desk, query, o->at, shortened ? &total : NULL, add_hit, &searching, err);
	if (searching.table)
		table_close(searching.table);
	if (!failed && total > searching.shown)
		call_say(call, "%zu of %zu; all of them: --all", searching.shown, total);
	return failed ? failed : searching.shown ? 0 : TICKET_NO;
}

const struct command command_search = {
	.name = "search",
	.summary = "find text in tickets, Chinese or any other, with where it was found",
	.synopsis = "TEXT... [QUERY...] [--sort FIELD] [--limit N] [--at REV]",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_QUIET | COMMAND_PAGER | COMMAND_QUERY | COMMAND_RANGE,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
