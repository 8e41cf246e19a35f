/* SPDX-License-Identifier: MIT */
/* CSV, as RFC 4180 has it and as real files break it. The one file that knows libcsv. */
#include "exchange/rows.h"

#include "ticket/text.h"
#include "ticket/language.h"

#include <csv.h>

#define PIECE ((size_t)1 << 16) /* fed at a time: how far a cell can pass its limit before it is noticed */

/* One reading of a file. The text is fed line by line, so that every callback knows its line. */
struct csv {
	struct rows *rows;
	const struct rows_options *options;
	const char *origin;
	struct csv_parser parser;
	size_t *slots;      /* of each column of the file: its index in 'wanted', or SIZE_MAX */
	struct row *row;    /* the row being read; NULL: none is, or it is the heading */
	bool heading;       /* the heading is still to come or being read */
	bool in_row, blank; /* a row has begun; nothing but empty cells so far */
	size_t n_cells, line, row_line, cell_line, row_from;
	int failed;         /* the file as a whole cannot be used */
	struct ticket_error *err;
};

static int no_blank(unsigned char c)
{
	return 0;
}

static int is_blank_text(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] != ' ' && text[i] != '\t')
			return 0;
	return 1;
}

static void start_parser(struct csv *csv)
{
	csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_delim(&csv->parser, (unsigned char)csv->rows->delimiter);
	csv_set_blk_size(&csv->parser, PIECE);
	if (!csv->options->trim)
		csv_set_space_func(&csv->parser, no_blank);
}

/* --- the heading ----------------------------------------------------------------------------------------------- */

static void bind_columns(struct csv *csv)
{
	struct texts *columns = &csv->rows->columns;
	const struct texts *wanted = csv->options->wanted;

	csv->heading = false;
	csv->slots = xcalloc(columns->n, sizeof(*csv->slots));
	for (size_t c = 0; c < columns->n; c++)
		csv->slots[c] = SIZE_MAX;
	for (size_t w = 0; w < wanted->n && !csv->failed; w++) {
		bool found = false;

		for (size_t c = 0; c < columns->n; c++) {
			if (!text_equal(columns->v[c], wanted->v[w]))
				continue;
			if (found)
				csv->failed = ticket_fail(csv->err, TICKET_USAGE, "'%s' has two columns '%s'; give them names of their own", csv->origin, wanted->v[w]);
			csv->slots[c] = w;
			found = true;
		}
		if (!found)
			csv->failed = rows_lack(csv->rows, csv->options, w, csv->origin, csv->err);
	}
}

/* Names that the map gives to a file without a heading; a file of its rejects has one. */
static void given_columns(struct csv *csv)
{
	static const char mark[] = "reject_line";

	if (!csv->options->columns || !csv->options->columns->n)
		return;
	if (csv->rows->text.n > sizeof(mark) && memcmp(csv->rows->text.p, mark, sizeof(mark) - 1) == 0)
		return;
	texts_copy(&csv->rows->columns, csv->options->columns);
	bind_columns(csv);
}

static void end_heading(struct csv *csv, size_t end)
{
	csv->rows->heading_from = csv->row_from;
	csv->rows->heading_n = end - csv->row_from;
	bind_columns(csv);
}

/* --- libcsv's callbacks ---------------------------------------------------------------------------------------- */

static void on_heading_cell(struct csv *csv, const char *text, size_t n)
{
	_cleanup_free_ char *name = text_strip(xstrndup(text, n));

	texts_add(&csv->rows->columns, name);
}

static void on_cell(void *text, size_t n, void *data)
{
	struct csv *csv = data;
	size_t column = csv->n_cells++, line = csv->cell_line, slot;

	csv->cell_line = csv->line;
	if (csv->heading) {
		on_heading_cell(csv, text, n);
		return;
	}
	csv->blank &= is_blank_text(text, n);
	if (column >= csv->rows->columns.n)
		return;
	slot = csv->slots[column];
	if (slot == SIZE_MAX)
		return;
	if (n && memchr(text, '\0', n))
		row_flaw(csv->rows, csv->row, line, csv->rows->columns.v[column], "a NUL character stands in the cell");
	csv->row->cells[slot] = (struct cell){rows_text(csv->rows, text, n), line};
}

static void end_row(struct csv *csv, size_t end)
{
	struct rows *rows = csv->rows;
	const char *raw = rows->text.p;

	while (end > csv->row_from && (raw[end - 1] == '\n' || raw[end - 1] == '\r'))
		end--;
	csv->in_row = false;
	if (csv->heading) {
		end_heading(csv, end);
		return;
	}
	csv->row->n = end - csv->row_from;
	if (csv->blank && !csv->row->flaw)
		rows->list.n--; /* spreadsheets leave rows of nothing but commas behind */
	csv->row = NULL;
}

/* A row may end in delimiters beyond the heading: spreadsheets write them; only cells with something in them are too many. */
static void check_width(struct csv *csv, size_t end)
{
	size_t columns = csv->rows->columns.n, n = csv->n_cells;
	const char *raw = csv->rows->text.p;

	while (end > csv->row_from && (raw[end - 1] == '\n' || raw[end - 1] == '\r'))
		end--;
	while (n > columns && end > csv->row_from && raw[end - 1] == csv->rows->delimiter) {
		end--;
		n--;
	}
	if (n != columns && !csv->blank)
		row_flaw(csv->rows, csv->row, csv->row_line, NULL, Q_("the row has %zu cell, the heading %zu", "the row has %zu cells, the heading %zu", csv->n_cells), csv->n_cells, columns);
}

static void on_row(int terminator, void *data)
{
	struct csv *csv = data;

	csv->in_row = false;
}

/* --- feeding --------------------------------------------------------------------------------------------------- */

static int too_large(struct csv *csv, const char *what)
{
	return csv->failed = ticket_fail(csv->err, TICKET_USAGE, "%s:%zu: %s; a quote opened here is perhaps never closed", csv->origin, csv->cell_line, _(what));
}

/*
 * Feeds one piece of a line. Strict mode stops at a quote out of place: one inside an unquoted cell is an ordinary
 * character, one inside a quoted cell leaves open where the cell ends, and the row is unusable. False: the latter.
 */
static bool feed(struct csv *csv, size_t from, size_t n)
{
	const char *text = csv->rows->text.p + from;

	while (n) {
		size_t done = csv_parse(&csv->parser, text, n, on_cell, on_row, csv);

		if (done < n) {
			if (csv_error(&csv->parser) != CSV_EPARSE || csv->parser.quoted)
				return false;
			csv_set_opts(&csv->parser, CSV_STRICT_FINI);
			done += csv_parse(&csv->parser, text + done, 1, on_cell, on_row, csv);
			csv_set_opts(&csv->parser, CSV_STRICT | CSV_STRICT_FINI);
		}
		text += done;
		n -= done;
	}
	return true;
}

/* The end of the line that begins at 'from': behind its '\n' or '\r'. */
static size_t line_end(const struct buf *text, size_t from, size_t *next_cr)
{
	const char *lf = memchr(text->p + from, '\n', text->n - from);
	size_t end = lf ? (size_t)(lf - text->p) + 1 : text->n;

	if (*next_cr < from) {
		const char *cr = memchr(text->p + from, '\r', text->n - from);

		*next_cr = cr ? (size_t)(cr - text->p) : SIZE_MAX;
	}
	return *next_cr < end ? *next_cr + 1 : end;
}

static void begin_row(struct csv *csv, size_t from)
{
	csv->in_row = csv->blank = true;
	csv->n_cells = 0;
	csv->row_from = from;
	csv->row_line = csv->cell_line = csv->line;
	csv->row = csv->heading ? NULL : row_add(csv->rows, csv->line, from, csv->options->wanted->n);
}

/* After a quote out of place nothing is known of the rest of its line: it goes with the row, reading goes on behind it. */
static int break_row(struct csv *csv, size_t end)
{
	if (csv->heading)
		return csv->failed = ticket_fail(csv->err, TICKET_USAGE, "%s:%zu: in the heading stands a quote out of place", csv->origin, csv->line);
	row_flaw(csv->rows, csv->row, csv->line, csv->n_cells < csv->rows->columns.n ? csv->rows->columns.v[csv->n_cells] : NULL,
		 "a quote inside a quoted cell is not doubled");
	end_row(csv, end);
	csv_free(&csv->parser);
	start_parser(csv);
	return 0;
}

static int feed_line(struct csv *csv, size_t from, size_t end)
{
	const char *text = csv->rows->text.p;

	if (!csv->in_row && text[from] != '\n' && text[from] != '\r')
		begin_row(csv, from);
	for (size_t at = from; at < end; at += PIECE) {
		if (!feed(csv, at, end - at < PIECE ? end - at : PIECE))
			return break_row(csv, end);
		if (csv->parser.entry_pos > CELL_LIMIT)
			return too_large(csv, N_("a cell is larger than 1 MiB"));
		if (csv->n_cells > CELLS_LIMIT)
			return too_large(csv, N_("a row has more than 16384 cells"));
	}
	if (!csv->in_row && (csv->row || (csv->heading && csv->rows->columns.n))) {
		if (csv->row)
			check_width(csv, end);
		end_row(csv, end);
	}
	return csv->failed;
}

/* The last row may lack its line end; a quote may still be open. */
static int finish(struct csv *csv)
{
	size_t end = csv->rows->text.n;
	bool open = csv_fini(&csv->parser, on_cell, on_row, csv) != 0;

	if (open && csv->heading)
		return ticket_fail(csv->err, TICKET_USAGE, "%s:%zu: a quote opened in the heading is never closed", csv->origin, csv->cell_line);
	if (open)
		row_flaw(csv->rows, csv->row, csv->cell_line, csv->n_cells < csv->rows->columns.n ? csv->rows->columns.v[csv->n_cells] : NULL,
			 "the quote opened in line %zu is never closed", csv->cell_line);
	else if (csv->row)
		check_width(csv, end);
	if (csv->row || (csv->heading && csv->rows->columns.n))
		end_row(csv, end);
	if (!csv->failed && csv->heading)
		return ticket_fail(csv->err, TICKET_USAGE, "'%s' has no heading", csv->origin);
	return csv->failed;
}

/* "sep=;" is a line that spreadsheets understand; else the delimiter is what the first line has most of. */
static size_t find_delimiter(struct rows *rows)
{
	static const char candidates[] = ",;\t|";
	size_t counts[sizeof(candidates)] = {0}, best = 0, end = strcspn(rows->text.p, "\r\n");
	bool quoted = false;

	if (end == 5 && text_starts(rows->text.p, "sep=")) {
		rows->delimiter = rows->text.p[4];
		return end;
	}
	for (const char *p = rows->text.p, *hit; *p && (quoted || (*p != '\r' && *p != '\n')); p++) {
		quoted ^= *p == '"';
		if (!quoted && (hit = strchr(candidates, *p)))
			counts[hit - candidates]++;
	}
	for (size_t i = 1; i < sizeof(candidates) - 1; i++)
		if (counts[i] > counts[best])
			best = i;
	rows->delimiter = candidates[best];
	return 0;
}

int csv_read(struct rows *out, const struct rows_options *options, const char *origin, struct ticket_error *err)
{
	struct csv csv = {.rows = out, .options = options, .origin = origin, .heading = true, .line = 1, .err = err};
	char end_of_line = memchr(out->text.p, '\n', out->text.n) ? '\n' : '\r';
	const char *first_cr = memchr(out->text.p, '\r', out->text.n);
	size_t from = find_delimiter(out), next_cr = first_cr ? (size_t)(first_cr - out->text.p) : SIZE_MAX, end;

	if (options->delimiter)
		out->delimiter = options->delimiter;
	given_columns(&csv);
	start_parser(&csv);
	for (; from < out->text.n && !csv.failed; from = end) {
		end = line_end(&out->text, from, &next_cr);
		if (feed_line(&csv, from, end))
			break;
		csv.line += out->text.p[end - 1] == end_of_line;
	}
	if (!csv.failed)
		csv.failed = finish(&csv);
	csv_free(&csv.parser);
	free(csv.slots);
	return csv.failed;
}

void csv_cell(struct buf *out, const char *text, char delimiter)
{
	const char special[] = {delimiter, '"', '\n', '\r', '\0'};
	size_t n = strlen(text);

	if (!text[strcspn(text, special)] && !(n && (is_blank_text(text, 1) || is_blank_text(text + n - 1, 1)))) {
		buf_add(out, text, n);
		return;
	}
	buf_putc(out, '"');
	for (const char *p = text; *p; p++) {
		if (*p == '"')
			buf_putc(out, '"');
		buf_putc(out, *p);
	}
	buf_putc(out, '"');
}
