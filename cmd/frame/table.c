/* SPDX-License-Identifier: MIT */
/* Rows in every format: see table.h. Tables wait for all rows to know the widths; the other formats stream. */
#include "table.h"

#include <ctype.h>

#include "quote.h"
#include "ticket/language.h"
#include "ticket/text.h"
#include "ticket/time.h"

struct row {
	char **cells; /* one for each column shown */
	const char *colour;
};

enum format { AS_TABLE, AS_JSON, AS_JSONL, AS_CSV, AS_TSV, AS_MD, FORMATS };
static const char *const format_names[FORMATS] = {"table", "json", "jsonl", "csv", "tsv", "md"};

struct table {
	const char *noun;
	const struct column *columns;
	size_t n_columns;
	size_t *shown; /* indices of the columns that come out, in order */
	size_t n_shown;
	enum format format;
	struct table_options options;
	FILE *out;
	size_t n_rows;
	bool begun;
	LIST(struct row) rows; /* AS_TABLE */
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
		table->shown[table->n_shown++] = i;
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
			table->shown[table->n_shown++] = i;
	return 0;
}

static void table_free(struct table *table)
{
	for (size_t i = 0; i < table->rows.n; i++) {
		for (size_t j = 0; j < table->n_shown; j++)
			free(table->rows.v[i].cells[j]);
		free(table->rows.v[i].cells);
	}
	free(table->rows.v);
	free(table->shown);
	free(table);
}

static const struct column *shown_column(const struct table *table, size_t i)
{
	return &table->columns[table->shown[i]];
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

/* A cell as people read it, on one line and harmless: owned. */
static char *cell_for_people(const struct column *column, const char *cell)
{
	struct buf b = {0};
	struct stamp stamp;

	if (!cell)
		return xstrdup("");
	if (column->type == CELL_FLAG)
		return xstrdup(text_equal(cell, "true") ? language_word("cell", "yes") : "");
	if (column->type == CELL_TIME && stamp_parse(&stamp, cell, NULL) == 0)
		return xasprintf("%.10s %.5s", cell, cell + 11);
	text_show(&b, cell, strlen(cell), false);
	return buf_steal(&b);
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

static void print_line(struct table *table, const struct buf *line)
{
	struct buf safe = {0};

	/* Data for programs stay as they are; on a terminal, or in a document, nothing may act on the screen. */
	if (table->options.width || table->format == AS_MD) {
		text_show(&safe, line->p, line->n, true);
		fwrite(safe.p, 1, safe.n, table->out);
		buf_release(&safe);
	} else {
		fwrite(line->p, 1, line->n, table->out);
	}
}

static void print_separated(struct table *table, char **cells)
{
	_cleanup_buf_ struct buf line = {0};

	if (table->format == AS_MD)
		buf_puts(&line, "| ");
	for (size_t i = 0; i < table->n_shown; i++) {
		const char *cell = cells[i] ? cells[i] : "";

		if (i)
			buf_puts(&line, table->format == AS_CSV ? "," : table->format == AS_TSV ? "\t" : " | ");
		if (table->format == AS_CSV)
			add_csv(&line, cell);
		else if (table->format == AS_TSV)
			add_tsv(&line, cell);
		else
			add_md(&line, cell);
	}
	buf_puts(&line, table->format == AS_MD ? " |\n" : "\n");
	print_line(table, &line);
}

static void print_heading(struct table *table)
{
	char **cells = xcalloc(table->n_shown, sizeof(*cells));

	for (size_t i = 0; i < table->n_shown; i++)
		cells[i] = table->format == AS_MD ? title_of(shown_column(table, i)) : xstrdup(shown_column(table, i)->name);
	print_separated(table, cells);
	for (size_t i = 0; i < table->n_shown; i++)
		free(cells[i]);
	free(cells);
	if (table->format != AS_MD)
		return;
	fputc('|', table->out);
	for (size_t i = 0; i < table->n_shown; i++)
		fputs(shown_column(table, i)->type == CELL_NUMBER ? " ---: |" : " --- |", table->out);
	fputc('\n', table->out);
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

static void print_json_row(struct table *table, char **cells)
{
	_cleanup_buf_ struct buf line = {0};

	if (table->format == AS_JSON)
		buf_puts(&line, table->n_rows ? ",\n" : "\n");
	buf_putc(&line, '{');
	for (size_t i = 0; i < table->n_shown; i++) {
		const struct column *column = shown_column(table, i);

		buf_puts(&line, i ? "," : "");
		quote_json(&line, column->name);
		buf_putc(&line, ':');
		add_json_cell(&line, column, cells[i]);
	}
	buf_puts(&line, table->format == AS_JSONL ? "}\n" : "}");
	fwrite(line.p, 1, line.n, table->out);
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

/* Leaves out the columns that are empty in every row: on a terminal that is too narrow they only push the rest away. */
static void drop_empty_columns(struct table *table)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->n_shown; i++) {
		bool empty = true;

		for (size_t r = 0; r < table->rows.n && empty; r++)
			empty = !*table->rows.v[r].cells[i];
		for (size_t r = 0; r < table->rows.n && kept != i; r++) {
			char *cell = table->rows.v[r].cells[kept];

			table->rows.v[r].cells[kept] = table->rows.v[r].cells[i];
			table->rows.v[r].cells[i] = cell;
		}
		if (!empty)
			table->shown[kept++] = table->shown[i];
	}
	for (size_t r = 0; r < table->rows.n; r++)
		for (size_t i = kept; i < table->n_shown; i++)
			free(table->rows.v[r].cells[i]);
	table->n_shown = kept;
}

/* The width of each column as its cells and title are; owned. '*total' with the gaps between. */
static size_t *full_widths(const struct table *table, size_t *total)
{
	size_t *widths = xcalloc(table->n_shown, sizeof(*widths));

	*total = 0;
	for (size_t i = 0; i < table->n_shown; i++) {
		_cleanup_free_ char *title = title_of(shown_column(table, i));

		widths[i] = text_width(title, strlen(title));
		for (size_t r = 0; r < table->rows.n; r++) {
			size_t width = text_width(table->rows.v[r].cells[i], strlen(table->rows.v[r].cells[i]));

			widths[i] = width > widths[i] ? width : widths[i];
		}
		*total += widths[i] + (i ? GAP : 0);
	}
	return widths;
}

/* What may be cut: texts, but not the name of the row, which stands first. */
static bool may_be_cut(const struct table *table, size_t i)
{
	const struct column *column = shown_column(table, i);

	return i && !column->wide && (column->type == CELL_TEXT || column->type == CELL_LIST);
}

/* Takes columns off the wide ones, or, column by column, off the widest of the others, down to 'least' each. */
static void narrow(const struct table *table, size_t *widths, size_t *total, bool wide, size_t least)
{
	while (*total > table->options.width) {
		size_t widest = SIZE_MAX;

		for (size_t i = 0; i < table->n_shown; i++)
			if ((wide ? shown_column(table, i)->wide : may_be_cut(table, i)) && widths[i] > least && (widest == SIZE_MAX || widths[i] > widths[widest]))
				widest = i;
		if (widest == SIZE_MAX)
			return;
		widths[widest]--;
		--*total;
	}
}

/* Days alone, where times of day do not fit. */
static void drop_times_of_day(const struct table *table, size_t *widths, size_t *total)
{
	for (size_t i = 0; i < table->n_shown && *total > table->options.width; i++) {
		_cleanup_free_ char *title = title_of(shown_column(table, i));
		size_t width = text_width(title, strlen(title)) > DAY_WIDTH ? text_width(title, strlen(title)) : DAY_WIDTH;

		if (shown_column(table, i)->type != CELL_TIME || widths[i] != TIME_WIDTH)
			continue;
		for (size_t r = 0; r < table->rows.n; r++)
			if (strlen(table->rows.v[r].cells[i]) == TIME_WIDTH)
				table->rows.v[r].cells[i][DAY_WIDTH] = '\0';
		*total -= widths[i] - width;
		widths[i] = width;
	}
}

/* The width of each column; what is too wide for the terminal is cut where it hurts least. Owned. */
static size_t *column_widths(const struct table *table)
{
	size_t total, *widths = full_widths(table, &total);

	if (!table->options.width)
		return widths;
	narrow(table, widths, &total, true, FAIRLY_WIDE);
	drop_times_of_day(table, widths, &total);
	narrow(table, widths, &total, false, FAIRLY_NARROW);
	narrow(table, widths, &total, true, LEAST_WIDE);
	narrow(table, widths, &total, false, LEAST_NARROW);
	return widths;
}

static void print_padded(FILE *out, const char *text, size_t width, bool right, bool last)
{
	size_t length = strlen(text), used = text_width(text, length);

	if (used > width && width) {
		length = text_fit(text, length, width - 1, &used);
		used++;
	}
	if (right)
		fprintf(out, "%*s", (int)(width > used ? width - used : 0), "");
	fwrite(text, 1, length, out);
	if (text[length])
		fputs("…", out);
	if (!right && !last)
		fprintf(out, "%*s", (int)(width > used ? width - used : 0), "");
}

static void print_table_row(const struct table *table, char **cells, const size_t *widths, const char *colour)
{
	size_t n = table->n_shown;

	/* No blanks up to empty cells at the end. */
	while (n > 1 && !*cells[n - 1])
		n--;
	fputs(colour_on(&table->options, colour), table->out);
	for (size_t i = 0; i < n; i++) {
		bool last = i + 1 == n;

		print_padded(table->out, cells[i], widths[i], shown_column(table, i)->type == CELL_NUMBER, last);
		if (!last)
			fprintf(table->out, "%*s", GAP, "");
	}
	if (colour)
		fputs(colour_off(&table->options), table->out);
	fputc('\n', table->out);
}

static void print_table(struct table *table)
{
	size_t total, *widths = full_widths(table, &total);
	char **titles;

	if (table->rows.n && table->options.width && total > table->options.width)
		drop_empty_columns(table);
	free(widths);
	widths = column_widths(table);
	titles = xcalloc(table->n_shown, sizeof(*titles));

	for (size_t i = 0; i < table->n_shown; i++)
		titles[i] = title_of(shown_column(table, i));
	if (table->rows.n)
		print_table_row(table, titles, widths, "bold");
	for (size_t r = 0; r < table->rows.n; r++)
		print_table_row(table, table->rows.v[r].cells, widths, table->rows.v[r].colour);
	for (size_t i = 0; i < table->n_shown; i++)
		free(titles[i]);
	free(titles);
	free(widths);
}

/* --- what commands call ---------------------------------------------------------------------------------------- */

int table_open(struct table **out, const char *noun, const struct column *columns, size_t n, const struct table_options *options, FILE *out_file, struct ticket_error *err)
{
	struct table *table = xcalloc(1, sizeof(*table));

	*table = (struct table){.noun = noun, .columns = columns, .n_columns = n, .options = *options, .out = out_file};
	if (choose_format(table, err) || choose_columns(table, err)) {
		table_free(table);
		return TICKET_USAGE;
	}
	*out = table;
	return 0;
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
	char **chosen = xcalloc(table->n_shown, sizeof(*chosen));
	bool people = table->format == AS_TABLE || table->format == AS_MD;

	for (size_t i = 0; i < table->n_shown; i++) {
		const char *cell = cells[table->shown[i]];

		/* Line breaks of a document's cell are kept; a table has none. */
		if (people && !(table->format == AS_MD && shown_column(table, i)->type == CELL_TEXT))
			chosen[i] = cell_for_people(shown_column(table, i), cell);
		else
			chosen[i] = xstrdup(cell);
	}
	if (table->format == AS_TABLE) {
		*list_push(&table->rows) = (struct row){.cells = chosen, .colour = colour};
		table->n_rows++;
		return;
	}
	begin(table);
	if (table->format >= AS_CSV)
		print_separated(table, chosen);
	else
		print_json_row(table, chosen);
	table->n_rows++;
	for (size_t i = 0; i < table->n_shown; i++)
		free(chosen[i]);
	free(chosen);
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
