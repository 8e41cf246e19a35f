/* SPDX-License-Identifier: MIT */
/* ticket search: text in tickets, any part of it, with the places where it was found. */
#include "label.h"
#include "rows.h"

#include "ticket/text.h"

#define DEFAULT_LIMIT 20  /* on a terminal: what people read */
#define PLAIN_COLUMNS 100 /* of a piece of text where there is no terminal */
#define LEAST_ROOM 16
#define INDENT 4

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

/* A piece of text, what was found in it in bold. */
static void print_marked(const struct call *call, const struct snippet *snippet)
{
	size_t at = 0;

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

/* Columns that are left of the line; without a terminal lines are as long as they are. */
static size_t room(const struct call *call, size_t used)
{
	if (!call->table.width)
		return SIZE_MAX;
	return call->table.width > used + LEAST_ROOM ? call->table.width - used : LEAST_ROOM;
}

static void print_subject(const struct searching *searching, const struct ticket *ticket, size_t columns)
{
	const struct call *call = searching->call;
	_cleanup_(snippet_release) struct snippet found = {0};
	_cleanup_buf_ struct buf plain = {0};
	size_t n;

	if (query_snippet(searching->query, ticket, SNIPPET_SUBJECT, columns, &found)) {
		print_marked(call, &found);
		return;
	}
	text_show(&plain, ticket->subject ? ticket->subject : "", ticket->subject ? strlen(ticket->subject) : 0, false);
	n = text_width(plain.p ? plain.p : "", plain.n) <= columns ? plain.n : text_fit(plain.p, plain.n, columns - 1, NULL);
	fwrite(plain.p ? plain.p : "", 1, n, call->out);
	fputs(n < plain.n ? "…\n" : "\n", call->out);
}

/* On a line of its own: where else it was found. */
static void print_place(const struct searching *searching, const struct ticket *ticket)
{
	const struct call *call = searching->call;
	_cleanup_(snippet_release) struct snippet found = {0};
	_cleanup_free_ char *label = NULL;
	size_t columns = call->table.width ? room(call, INDENT) : PLAIN_COLUMNS;

	/* How wide the line may be is known only with the word in front of it. */
	if (!query_snippet(searching->query, ticket, SNIPPET_BEYOND, columns, &found))
		return;
	label = xasprintf(_("%s:"), label_place(call, found.field));
	if (call->table.width) {
		columns = room(call, INDENT + text_width(label, strlen(label)) + 1);
		snippet_release(&found);
		query_snippet(searching->query, ticket, SNIPPET_BEYOND, columns, &found);
	}
	fprintf(call->out, "%*s%s%s%s ", INDENT, "", colour_on(&call->table, "dim"), label, colour_off(&call->table));
	print_marked(call, &found);
}

static void print_hit(const struct searching *searching, const struct ticket_row *row, const struct ticket *ticket)
{
	const struct call *call = searching->call;
	struct stamp received = stamp_at(desk_zone(call->desk), row->received_s);
	_cleanup_buf_ struct buf head = {0};
	char text[STAMP_SIZE];

	buf_addf(&head, "  %.10s  ", stamp_format(text, &received));
	text_show(&head, row_status(call, row), strlen(row_status(call, row)), false);
	buf_puts(&head, "  ");
	fprintf(call->out, "%s%s%s%s", colour_on(&call->table, "bold"), row->id, colour_off(&call->table), head.p);
	print_subject(searching, ticket, room(call, text_width(row->id, strlen(row->id)) + text_width(head.p, head.n)));
	print_place(searching, ticket);
}

static int add_hit(const struct ticket_row *row, const struct ticket *ticket, int64_t score, void *data, struct ticket_error *err)
{
	struct searching *searching = data;
	_cleanup_(snippet_release) struct snippet snippet = {0};

	searching->shown++;
	if (!searching->table) {
		print_hit(searching, row, ticket);
		return 0;
	}
	query_snippet(searching->query, ticket, SNIPPET_FIRST, PLAIN_COLUMNS, &snippet);
	ticket_rows_add(searching->call, searching->table, row, &snippet, score);
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
	table_end(searching.table, failed);
	if (!failed)
		rows_end(call, query, searching.shown, total);
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
