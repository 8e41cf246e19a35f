/* SPDX-License-Identifier: MIT */
/* Rows in every format: see table.h. Tables wait for all rows to know the widths; the other formats stream. */
#include "table.h"

#include <ctype.h>

#include "quote.h"
#include "ticket/language.h"
#include "ticket/text.h"
#include "ticket/time.h"

enum format { AS_TABLE, AS_JSON, AS_JSONL, AS_CSV, AS_TSV, AS_MD, FORMATS };
static const char *const format_names[FORMATS] = {"table", "json", "jsonl", "csv", "tsv", "md"};

/* A column that comes out. */
struct shown {
	const struct column *column;
	size_t given; /* its place among the cells that are handed in */
	size_t kept;  /* and among those kept of a row */
	size_t width; /* AS_TABLE: of the widest cell, the heading among them */
	bool filled;  /* AS_TABLE: some cell below the heading is not empty */
};

/* A cell of a table that waits to be printed. */
struct cell {
	size_t at; /* of its text in table->texts */
	uint32_t n, width;
};

struct table {
	const char *noun;
	const struct column *columns;
	size_t n_columns;
	struct shown *shown; /* in order */
	size_t n_shown, n_kept; /* kept: before empty columns were left out */
	bool *wanted; /* for each column: does it come out? */
	enum format format;
	struct table_options options;
	FILE *out;
	size_t n_rows;
	bool begun;
	struct buf line; /* the one being made */
	struct buf texts; /* AS_TABLE: of all cells; else of one */
	LIST(struct cell) cells; /* AS_TABLE: row by row, the heading first */
	LIST(const char *) colours;
};

static int choose_format(struct table *table, struct ticket_error *err)
{
	const char *wish = table->options.format, *near;

	for (size_t i = 0; i < FORMATS; i++) {
		if (!wish || text_equal(wish, format_names[i])) {
			table->format = (enum format)i;
			return 0;
		}
	}
	near = text_nearest(wish, format_names, FORMATS);
	if (near)
		return ticket_fail(err, TICKET_USAGE, "'%s' is no format; did you mean '%s'?", wish, near);
	return ticket_fail(err, TICKET_USAGE, "'%s' is no format; right would be table, json, jsonl, csv, tsv or md", wish);
}

static int unknown_column(const struct table *table, const char *name, struct ticket_error *err)
{
	struct texts names = {0};
	_cleanup_free_ char *all = NULL;
	const char *near;

	for (size_t i = 0; i < table->n_columns; i++)
		texts_add(&names, table->columns[i].name);
	all = texts_join(&names, ", ");
	near = text_nearest(name, (const char *const *)names.v, names.n);
	if (near)
		ticket_fail(err, TICKET_USAGE, "'%s' is no column; did you mean '%s'?", name, near);
	else
		ticket_fail(err, TICKET_USAGE, "'%s' is no column; there are %s", name, all);
	texts_release(&names);
	return TICKET_USAGE;
}

/* There is room for it. */
static void show_column(struct table *table, size_t i)
{
	table->shown[table->n_shown] = (struct shown){.column = &table->columns[i], .given = i, .kept = table->n_shown};
	table->n_kept = ++table->n_shown;
	table->wanted[i] = true;
}

static int choose_named(struct table *table, const char *names, struct ticket_error *err)
{
	_cleanup_free_ char *copy = xstrdup(names);
	char *rest = copy;
	size_t commas = 0;

	for (const char *p = names; *p; p++)
		commas += *p == ',';
	table->shown = xcalloc(commas + 1, sizeof(*table->shown));
	for (char *name; (name = strsep(&rest, ","));) {
		size_t i = 0;

		text_strip(name);
		while (i < table->n_columns && !text_equal(table->columns[i].name, name))
			i++;
		if (i == table->n_columns)
			return unknown_column(table, name, err);
		show_column(table, i);
	}
	return 0;
}

static int choose_columns(struct table *table, struct ticket_error *err)
{
	bool everything = table->format == AS_JSON || table->format == AS_JSONL;

	if (table->options.columns)
		return choose_named(table, table->options.columns, err);
	table->shown = xcalloc(table->n_columns, sizeof(*table->shown));
	for (size_t i = 0; i < table->n_columns; i++)
		if (everything || !table->columns[i].hidden)
			show_column(table, i);
	return 0;
}

static void table_free(struct table *table)
{
	buf_release(&table->line);
	buf_release(&table->texts);
	free(table->cells.v);
	free(table->colours.v);
	free(table->wanted);
	free(table->shown);
	free(table);
}

/* The heading of a column for people, owned. */
static char *title_of(const struct column *column)
{
	const char *english = column->title ? column->title : column->name, *shown = language_word("column", english);
	char *title;

	if (column->title || shown != english)
		return xstrdup(shown);
	title = xstrdup(column->name);
	for (char *p = title; *p; p++)
		*p = *p == '_' ? ' ' : (char)toupper((unsigned char)*p);
	return title;
}

/* Adds a cell as people read it, on one line and harmless. */
static void add_for_people(struct buf *out, const struct column *column, const char *cell)
{
	struct stamp stamp;

	if (!cell)
		return;
	if (column->type == CELL_FLAG) {
		if (text_equal(cell, "true"))
			buf_puts(out, language_word("cell", "yes"));
	} else if (column->type == CELL_TIME && stamp_parse(&stamp, cell, NULL) == 0) {
		buf_add(out, cell, strlen("2026-05-01"));
		buf_putc(out, ' ');
		buf_add(out, cell + strlen("2026-05-01T"), strlen("09:30"));
	} else {
		text_show(out, cell, strlen(cell), false);
	}
}

/* --- csv, tsv, md ---------------------------------------------------------------------------------------------- */

static bool is_plain_number(const char *text)
{
	size_t digits = 0;

	text += *text == '-';
	for (; isdigit((unsigned char)*text); text++)
		digits++;
	if (*text == '.')
		for (text++; isdigit((unsigned char)*text); text++)
			digits++;
	return digits && !*text;
}

/* A spreadsheet would run a cell that begins like a formula; an apostrophe makes it text. */
static bool is_formula(const char *text)
{
	return *text && strchr("=+-@\t\r", *text) && !is_plain_number(text);
}

static void add_csv(struct buf *b, const char *text)
{
	bool quote = text[strcspn(text, ",\"\r\n")] != '\0' || is_formula(text);

	if (quote)
		buf_putc(b, '"');
	if (is_formula(text))
		buf_putc(b, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_putc(b, '"');
		buf_putc(b, *text);
	}
	if (quote)
		buf_putc(b, '"');
}

static void add_tsv(struct buf *b, const char *text)
{
	for (; *text; text++) {
		if (*text == '\t')
			buf_puts(b, "\\t");
		else if (*text == '\n')
			buf_puts(b, "\\n");
		else if (*text == '\r')
			buf_puts(b, "\\r");
		else if (*text == '\\')
			buf_puts(b, "\\\\");
		else
			buf_putc(b, *text);
	}
}

/* Nothing that a customer wrote may turn into a link, a picture or HTML of the document. */
static void add_md(struct buf *b, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n') {
			buf_puts(b, "<br>");
			continue;
		}
		if (strchr("\\`*_{}[]<>|~!#&$", *text))
			buf_putc(b, '\\');
		buf_putc(b, *text);
	}
}

static void add_separated(struct table *table, size_t i, const char *cell)
{
	if (i)
		buf_puts(&table->line, table->format == AS_CSV ? "," : table->format == AS_TSV ? "\t" : " | ");
	else if (table->format == AS_MD)
		buf_puts(&table->line, "| ");
	if (table->format == AS_CSV)
		add_csv(&table->line, cell);
	else if (table->format == AS_TSV)
		add_tsv(&table->line, cell);
	else
		add_md(&table->line, cell);
}

static void end_separated(struct table *table)
{
	const struct buf *line = &table->line;

	buf_puts(&table->line, table->format == AS_MD ? " |\n" : "\n");
	/* Data for programs stay as they are; on a terminal, or in a document, nothing may act on the screen. */
	if (table->options.width || table->format == AS_MD) {
		buf_truncate(&table->texts, 0);
		text_show(&table->texts, line->p, line->n, true);
		line = &table->texts;
	}
	fwrite(line->p, 1, line->n, table->out);
	buf_truncate(&table->line, 0);
}

static void print_heading(struct table *table)
{
	for (size_t i = 0; i < table->n_shown; i++) {
		const struct column *column = table->shown[i].column;
		_cleanup_free_ char *title = table->format == AS_MD ? title_of(column) : NULL;

		add_separated(table, i, title ? title : column->name);
	}
	end_separated(table);
	if (table->format != AS_MD)
		return;
	fputc('|', table->out);
	for (size_t i = 0; i < table->n_shown; i++)
		fputs(table->shown[i].column->type == CELL_NUMBER ? " ---: |" : " --- |", table->out);
	fputc('\n', table->out);
}

static void print_separated(struct table *table, const char *const *cells)
{
	for (size_t i = 0; i < table->n_shown; i++) {
		const struct shown *shown = &table->shown[i];
		const char *cell = cells[shown->given];

		/* Line breaks of a document's cell are kept. */
		if (table->format == AS_MD && shown->column->type != CELL_TEXT) {
			buf_truncate(&table->texts, 0);
			add_for_people(&table->texts, shown->column, cell);
			cell = table->texts.n ? table->texts.p : NULL;
		}
		add_separated(table, i, cell ? cell : "");
	}
	end_separated(table);
}

/* --- json ------------------------------------------------------------------------------------------------------ */

static void add_json_cell(struct buf *b, const struct column *column, const char *cell)
{
	if (!cell)
		buf_puts(b, column->type == CELL_LIST ? "[]" : column->type == CELL_FLAG ? "false" : "null");
	else if (column->type == CELL_NUMBER && is_json_number(cell))
		buf_puts(b, cell);
	else if (column->type == CELL_JSON)
		buf_puts(b, *cell ? cell : "null");
	else if (column->type == CELL_FLAG)
		buf_puts(b, text_equal(cell, "true") ? "true" : "false");
	else if (column->type == CELL_LIST)
		quote_json_list(b, cell);
	else if (column->type == CELL_TEXT || *cell)
		quote_json(b, cell);
	else
		buf_puts(b, "null");
}

static void print_json_row(struct table *table, const char *const *cells)
{
	struct buf *line = &table->line;

	if (table->format == AS_JSON)
		buf_puts(line, table->n_rows ? ",\n" : "\n");
	buf_putc(line, '{');
	for (size_t i = 0; i < table->n_shown; i++) {
		const struct column *column = table->shown[i].column;

		buf_puts(line, i ? "," : "");
		quote_json(line, column->name);
		buf_putc(line, ':');
		add_json_cell(line, column, cells[table->shown[i].given]);
	}
	buf_puts(line, table->format == AS_JSONL ? "}\n" : "}");
	fwrite(line->p, 1, line->n, table->out);
	buf_truncate(line, 0);
}

/* --- table ----------------------------------------------------------------------------------------------------- */

#define GAP 2        /* between columns */
/* What is left, on a narrow terminal, of the wide columns and of the others, before these lose more; and on the narrowest. */
#define FAIRLY_WIDE 20
#define FAIRLY_NARROW 8
#define LEAST_WIDE 8
#define LEAST_NARROW 4
#define TIME_WIDTH 16 /* 2026-05-01 09:30 */
#define DAY_WIDTH 10

/* Takes what was added to table->texts from 'start' on for the next cell. */
static void keep_cell(struct table *table, struct shown *shown, size_t start)
{
	size_t n = table->texts.n - start, width = n ? text_width(table->texts.p + start, n) : 0;

	*list_push(&table->cells) = (struct cell){start, (uint32_t)n, (uint32_t)width};
	if (width > shown->width)
		shown->width = width;
}

static void keep_heading(struct table *table)
{
	for (size_t i = 0; i < table->n_shown; i++) {
		_cleanup_free_ char *title = title_of(table->shown[i].column);
		size_t start = table->texts.n;

		buf_puts(&table->texts, title);
		keep_cell(table, &table->shown[i], start);
	}
	*list_push(&table->colours) = "bold";
}

static void keep_row(struct table *table, const char *const *cells, const char *colour)
{
	for (size_t i = 0; i < table->n_shown; i++) {
		struct shown *shown = &table->shown[i];
		size_t start = table->texts.n;

		add_for_people(&table->texts, shown->column, cells[shown->given]);
		shown->filled |= table->texts.n > start;
		keep_cell(table, shown, start);
	}
	*list_push(&table->colours) = colour;
}

static size_t full_width(const struct table *table)
{
	size_t total = table->n_shown ? (table->n_shown - 1) * GAP : 0;

	for (size_t i = 0; i < table->n_shown; i++)
		total += table->shown[i].width;
	return total;
}

/* Leaves out the columns that are empty in every row: on a terminal that is too narrow they only push the rest away. */
static void drop_empty_columns(struct table *table)
{
	size_t left = 0;

	for (size_t i = 0; i < table->n_shown; i++)
		if (table->shown[i].filled)
			table->shown[left++] = table->shown[i];
	table->n_shown = left;
}

/* What may be cut beside the wide columns: texts, but not the name of the row, which stands first. */
static bool may_be_cut(const struct table *table, size_t i)
{
	const struct column *column = table->shown[i].column;

	return i && !column->wide && (column->type == CELL_TEXT || column->type == CELL_LIST);
}

/* Takes columns off the wide ones, or, column by column, off the widest of the others, down to 'least' each. */
static void narrow(struct table *table, size_t *total, bool wide, size_t least)
{
	while (*total > table->options.width) {
		struct shown *widest = NULL;

		for (size_t i = 0; i < table->n_shown; i++) {
			struct shown *shown = &table->shown[i];

			if ((wide ? shown->column->wide : may_be_cut(table, i)) && shown->width > least && (!widest || shown->width > widest->width))
				widest = shown;
		}
		if (!widest)
			return;
		widest->width--;
		--*total;
	}
}

/* Days alone, where times of day do not fit. */
static void drop_times_of_day(struct table *table, size_t *total)
{
	for (size_t i = 0; i < table->n_shown && *total > table->options.width; i++) {
		struct shown *shown = &table->shown[i];
		size_t title = table->cells.v[shown->kept].width, width = title > DAY_WIDTH ? title : DAY_WIDTH;

		if (shown->column->type != CELL_TIME || shown->width != TIME_WIDTH)
			continue;
		for (size_t at = table->n_kept + shown->kept; at < table->cells.n; at += table->n_kept)
			if (table->cells.v[at].n == TIME_WIDTH)
				table->cells.v[at].n = table->cells.v[at].width = DAY_WIDTH;
		*total -= shown->width - width;
		shown->width = width;
	}
}

/* What is too wide for the terminal is cut where it hurts least. */
static void fit_columns(struct table *table)
{
	size_t total = full_width(table);

	narrow(table, &total, true, FAIRLY_WIDE);
	drop_times_of_day(table, &total);
	narrow(table, &total, false, FAIRLY_NARROW);
	narrow(table, &total, true, LEAST_WIDE);
	narrow(table, &total, false, LEAST_NARROW);
}

static void add_blanks(struct buf *out, size_t n)
{
	buf_reserve(out, n);
	memset(out->p + out->n, ' ', n);
	out->n += n;
	out->p[out->n] = '\0';
}

static void add_padded(struct buf *out, const char *text, const struct cell *cell, size_t width, bool right, bool last)
{
	size_t length = cell->n, used = cell->width;

	if (used > width && width) {
		length = text_fit(text, length, width - 1, &used);
		used++;
	}
	if (right && width > used)
		add_blanks(out, width - used);
	buf_add(out, text, length);
	if (length < cell->n)
		buf_puts(out, "…");
	if (!right && !last && width > used)
		add_blanks(out, width - used);
}

static void print_table_row(struct table *table, const struct cell *cells, const char *colour)
{
	size_t n = table->n_shown;
	struct buf *line = &table->line;

	/* No blanks up to empty cells at the end. */
	while (n > 1 && !cells[table->shown[n - 1].kept].n)
		n--;
	buf_puts(line, colour_on(&table->options, colour));
	for (size_t i = 0; i < n; i++) {
		const struct shown *shown = &table->shown[i];
		const struct cell *cell = &cells[shown->kept];
		bool last = i + 1 == n;

		add_padded(line, table->texts.p + cell->at, cell, shown->width, shown->column->type == CELL_NUMBER, last);
		if (!last)
			add_blanks(line, GAP);
	}
	if (colour)
		buf_puts(line, colour_off(&table->options));
	buf_putc(line, '\n');
	fwrite(line->p, 1, line->n, table->out);
	buf_truncate(line, 0);
}

static void print_table(struct table *table)
{
	if (!table->n_rows)
		return;
	if (table->options.width && full_width(table) > table->options.width) {
		drop_empty_columns(table);
		fit_columns(table);
	}
	for (size_t row = 0; row < table->colours.n; row++)
		print_table_row(table, table->cells.v + row * table->n_kept, table->colours.v[row]);
}

/* --- what commands call ---------------------------------------------------------------------------------------- */

int table_open(struct table **out, const char *noun, const struct column *columns, size_t n, const struct table_options *options, FILE *out_file, struct ticket_error *err)
{
	struct table *table = xcalloc(1, sizeof(*table));

	*table = (struct table){.noun = noun, .columns = columns, .n_columns = n, .options = *options, .out = out_file};
	table->wanted = xcalloc(n, sizeof(*table->wanted));
	if (choose_format(table, err) || choose_columns(table, err)) {
		table_free(table);
		return TICKET_USAGE;
	}
	if (table->format == AS_TABLE)
		keep_heading(table);
	*out = table;
	return 0;
}

bool table_wants(const struct table *table, size_t column)
{
	return column < table->n_columns && table->wanted[column];
}

/* What stands ahead of the rows comes with the first one, or at the end: a failure before that must not look like an empty answer. */
static void begin(struct table *table)
{
	if (table->begun)
		return;
	table->begun = true;
	if (table->format == AS_JSON)
		fprintf(table->out, "{\"format\":1,\"%s\":[", table->noun);
	else if (table->format >= AS_CSV)
		print_heading(table);
}

void table_row(struct table *table, const char *const *cells, const char *colour)
{
	if (table->format != AS_TABLE)
		begin(table);
	if (table->format == AS_TABLE)
		keep_row(table, cells, colour);
	else if (table->format >= AS_CSV)
		print_separated(table, cells);
	else
		print_json_row(table, cells);
	table->n_rows++;
}

void table_close(struct table *table)
{
	if (!table)
		return;
	begin(table);
	if (table->format == AS_TABLE)
		print_table(table);
	else if (table->format == AS_JSON)
		fputs(table->n_rows ? "\n]}\n" : "]}\n", table->out);
	table_free(table);
}

void table_end(struct table *table, int failed)
{
	if (table && failed < 0 && !table->n_rows)
		table_free(table);
	else
		table_close(table);
}
