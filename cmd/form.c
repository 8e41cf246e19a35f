/* SPDX-License-Identifier: MIT */
/* ticket form: the documents and tables of the desk's procedures, filled in from tickets (B4, B11, D14, E11). */
#include "rows.h"

#include "ticket/file.h"
#include "ticket/form.h"
#include "ticket/query.h"
#include "ticket/text.h"

#define FORM_LIMIT (1u << 20) /* bytes of a form's file; a real one has some thousand */

/* --- list ------------------------------------------------------------------------------------------------------ */

static const struct column list_columns[] = {
	{"name", NULL, CELL_TEXT, false, false},
	{"title", NULL, CELL_TEXT, false, false},
	{"about", NULL, CELL_TEXT, false, true},
	{"rows", NULL, CELL_FLAG, true, false},
};

struct listing {
	struct call *call;
	struct table *table;
};

static int add_form(const struct form *form, void *data, struct ticket_error *err)
{
	const struct listing *listing = data;
	const struct policy *policy = desk_policy(listing->call->desk);
	const char *language = listing->call->language;
	const char *cells[] = {form->name, policy_label(policy, &form->titles, language, form->name), policy_label(policy, &form->about, language, ""),
			       form->table ? "true" : "false"};

	table_row(listing->table, cells, NULL);
	return 0;
}

static int run_list(struct call *call, struct ticket_error *err)
{
	struct listing listing = {.call = call};
	int failed;

	if ((failed = call_need_args(call, 0, 0, err)) ||
	    (failed = table_open(&listing.table, "forms", list_columns, ARRAY_SIZE(list_columns), &call->table, call->out, err)))
		return failed;
	failed = desk_forms(call->desk, add_form, &listing, err);
	table_end(listing.table, failed);
	return failed;
}

static const struct command command_form_list = {
	.name = "list",
	.summary = "the forms of this desk",
	.synopsis = "",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_PAGER,
	.run = run_list,
};

/* --- add ------------------------------------------------------------------------------------------------------- */

static int run_add(struct call *call, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	int failed;

	if ((failed = call_need_args(call, 1, 1, err)) || (failed = file_read(call->args[0], FORM_LIMIT, &text, err)) ||
	    (failed = desk_form_put(call->desk, text.p ? text.p : "", text.n, call->args[0], call->dry_run, err)))
		return failed;
	if (call->dry_run)
		call_say(call, "the form is sound — dry run, nothing written");
	else
		call_say(call, "the form is in the desk");
	return 0;
}

static const struct command command_form_add = {
	.name = "add",
	.summary = "put a form into the desk, or in the place of the one of that name",
	.synopsis = "FILE",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_QUIET,
	.run = run_add,
};

/* --- filling in ------------------------------------------------------------------------------------------------ */

struct options {
	const char *format, *reason;
	bool blank, reveal;
};

static const struct option_row option_rows[] = {
	{"format", 'f', OPTION_CHOICE, offsetof(struct options, format), "txt|md|html|json|jsonl|csv|tsv|table", "what comes out; else text, or a table"},
	{"blank", 0, OPTION_FLAG, offsetof(struct options, blank), NULL, "an empty form, to be filled in by hand"},
	{"reveal", 0, OPTION_FLAG, offsetof(struct options, reveal), NULL, "the customers' personal data in clear; who took them out is put on record"},
	{"reason", 0, OPTION_TEXT, offsetof(struct options, reason), "TEXT", "why they are needed"},
	OPTION_END,
};

/* What is printed, and how. */
struct printing {
	struct call *call;
	struct filling *filling;
	const struct form_face *face; /* NULL: rows */
	struct table *table;
	struct form_block columns;    /* of the rows; borrowed by 'heads' */
	struct column *heads;
	bool data;                    /* rows for programs: names and RFC 3339 */
	size_t sheets;
};

static int note_number(const struct ticket_row *row, void *data, struct ticket_error *err)
{
	texts_add(data, row->id);
	return 0;
}

/* A word with a colon, or a range, makes a query; other words are tickets. */
static bool is_query(const struct call *call, size_t n)
{
	const struct range_words *range = &call->range;

	for (size_t i = 1; i <= n; i++)
		if (strchr(call->args[i], ':') || (*call->args[i] == '-' && call->args[i][1]))
			return true;
	return range->since || range->until || range->day || range->week || range->month || range->quarter;
}

static int find_tickets(struct call *call, struct texts *numbers, struct ticket_error *err)
{
	_cleanup_query_ struct query *query = NULL;
	size_t n = call->n_args - 1;
	int failed;

	if (is_query(call, n)) {
		failed = call_query(call, call->args + 1, n, "id", 0, &query, err);
		return failed ? failed : desk_list(call->desk, query, NULL, NULL, note_number, numbers, err);
	}
	if (!n)
		return ticket_fail(err, TICKET_USAGE, "which tickets? give their numbers, a query such as state:open, a range such as --month last, or --blank");
	return call_numbers(call, call->args + 1, n, numbers, err);
}

/* --- rows ------------------------------------------------------------------------------------------------------ */

static int open_rows(struct printing *p, struct ticket_error *err)
{
	const char *format = p->call->table.format;
	bool spreadsheet = (text_equal(format, "csv") || text_equal(format, "tsv")) && !p->call->table.columns;

	form_row_columns(p->filling, &p->columns);
	p->heads = xcalloc(p->columns.columns.n + 1, sizeof(*p->heads));
	for (size_t i = 0; i < p->columns.columns.n; i++) {
		const struct form_column *column = &p->columns.columns.v[i];

		/* A form is for people: a spreadsheet's heading says what it says on paper. */
		p->heads[i] = (struct column){spreadsheet ? column->label : column->name, column->label, CELL_TEXT, false, column->wide};
	}
	/* Without the mark spreadsheets take UTF-8 for something else. */
	if (text_equal(format, "csv"))
		fputs("\xef\xbb\xbf", p->call->out);
	p->data = text_equal(format, "json") || text_equal(format, "jsonl");
	return table_open(&p->table, "rows", p->heads, p->columns.columns.n, &p->call->table, p->call->out, err);
}

static void print_row(struct printing *p, const struct form_sheet *sheet)
{
	struct form_block row = {0};
	const char **cells;

	form_row(p->filling, sheet, &row);
	cells = xcalloc(row.cells.n + 1, sizeof(*cells));
	for (size_t i = 0; i < row.cells.n; i++)
		cells[i] = p->data ? row.cells.v[i].data : row.cells.v[i].shown;
	table_row(p->table, cells, NULL);
	free(cells);
	form_block_release(&row);
}

static void printing_release(struct printing *p)
{
	form_block_release(&p->columns);
	free(p->heads);
}

/* --- documents ------------------------------------------------------------------------------------------------- */

static void put(struct printing *p, struct buf *text)
{
	fwrite(text->p ? text->p : "", 1, text->n, p->call->out);
	if (text->p)
		explicit_bzero(text->p, text->n);
	buf_truncate(text, 0);
}

static int print_sheet(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct printing *p = data;
	_cleanup_form_sheet_ struct form_sheet sheet = {0};
	_cleanup_buf_ struct buf text = {0};
	int failed = form_fill(p->filling, ticket, &sheet, err);

	if (failed)
		return failed;
	if (p->face)
		p->face->sheet(p->filling, &sheet, p->sheets, &text);
	else
		print_row(p, &sheet);
	put(p, &text);
	p->sheets++;
	return 0;
}

static int print_all(struct printing *p, const struct texts *numbers, struct ticket_error *err)
{
	const struct options *o = p->call->options;
	_cleanup_buf_ struct buf text = {0};
	int failed = 0;

	if (p->face)
		p->face->head(p->filling, &text);
	else if ((failed = open_rows(p, err)))
		return failed;
	put(p, &text);
	if (o->blank)
		failed = print_sheet(NULL, p, err);
	for (size_t i = 0; i < numbers->n && !failed; i++) {
		_cleanup_ticket_ struct ticket *ticket = NULL;

		if (!(failed = desk_read(p->call->desk, numbers->v[i], &ticket, err)))
			failed = print_sheet(ticket, p, err);
	}
	if (p->face)
		p->face->foot(p->filling, p->sheets, &text);
	else
		table_end(p->table, failed);
	put(p, &text);
	return failed;
}

/* Tables come out as rows, documents as what their name says; each can be the other. */
static int choose_face(struct printing *p, const struct form *form, struct ticket_error *err)
{
	const struct options *o = p->call->options;
	const char *format = o->format ? o->format : p->call->json ? "json" : form->table ? "table" : "txt";
	bool rows = text_equal(format, "table") || text_equal(format, "csv") || text_equal(format, "tsv") || text_equal(format, "jsonl");

	if (o->format && p->call->json && !text_equal(format, "json"))
		return ticket_fail(err, TICKET_USAGE, "--json and --format %s don't go together", o->format);
	if (form->table && (text_equal(format, "md") || text_equal(format, "json")))
		rows = true;
	if (form->table && text_equal(format, "txt"))
		return ticket_fail(err, TICKET_USAGE, "'%s' is a table; as text it comes out with --format table", form->name);
	p->call->table.format = format;
	p->face = rows ? NULL : form_face(format);
	if (p->face && p->call->table.columns)
		return ticket_fail(err, TICKET_USAGE, "--columns is for rows; %s holds the whole form", format);
	return 0;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_form_ struct form *form = NULL;
	_cleanup_filling_ struct filling *filling = NULL;
	_cleanup_(texts_release) struct texts numbers = {0};
	struct form_order order = {.language = call->language, .reveal = o->reveal, .why = o->reason};
	_cleanup_(printing_release) struct printing printing = {.call = call};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)) || (failed = desk_form(call->desk, call->args[0], &form, err)) || (failed = choose_face(&printing, form, err)))
		return failed;
	if (o->blank && (call->n_args > 1 || o->reveal))
		return ticket_fail(err, TICKET_USAGE, "--blank is an empty form: it goes with no ticket, and reveals nobody");
	if (!o->blank && (failed = find_tickets(call, &numbers, err)))
		return failed;
	order.form = form;
	if (o->reveal)
		call_private(call);
	if ((failed = form_begin(&filling, call->desk, &order, &numbers, err)))
		return failed;
	printing.filling = filling;
	if ((failed = print_all(&printing, &numbers, err)))
		return failed;
	if (!numbers.n && !o->blank)
		call_say(call, "no ticket is in the query");
	return 0;
}

static const struct command *const children[] = {&command_form_add, &command_form_list, NULL};

const struct command command_form = {
	.name = "form",
	.summary = "print the forms of the desk's procedures, filled in from tickets",
	.synopsis = "NAME ID... [--format FORMAT] [-o FILE] [--reveal]\nNAME QUERY... [--month PERIOD] ...\nNAME --blank\nlist\nadd FILE",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_PAGER | COMMAND_QUERY | COMMAND_RANGE,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
	.children = children,
};
