/* SPDX-License-Identifier: MIT */
/*
 * ticket-xlsx: makes workbooks for `ticket report --format xlsx`. A program of its own, so that the main program never
 * links libxlsxwriter (and with it zip and crypto libraries). It gets a workbook as JSON on standard input
 * (lib/report/workbook.h) and writes the file to standard output; it keeps nothing.
 */
#include "report/workbook.h"
#include "ticket/file.h"
#include "ticket/text.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define LONGEST_CELL 32767 /* characters; the format takes no more */
#define MOST_ROWS (LXW_ROW_MAX - 100)
#define LONGEST_TAB 31
#define DAY_S 86400.0
#define EPOCH 25569.0 /* 1970-01-01 as spreadsheets count days */
#define WIDEST 60.0
#define MOST_BARS 25
#define MOST_BESIDE 6
#define FONT "Arial"

enum look { PLAIN, COUNT, CHANGE_COUNT, SHARE, CHANGE_SHARE, LENGTH, CHANGE_LENGTH, TIME, DAY, SCORE, CHANGE_SCORE, NUMBER, GOOD, BAD, HEAD, HEAD_NUMBER, TITLE, SOFT, LINK, HEAT, LEFT_COUNT, LEFT_TIME, LOOKS };

struct making {
	const struct workbook *book;
	lxw_workbook *file;
	lxw_format *looks[LOOKS];
	struct texts tabs; /* names of the sheets, in their order */
};

/* --- looks ----------------------------------------------------------------------------------------------------- */

static lxw_format *look_new(struct making *m, enum look look, const char *number, bool wrap)
{
	lxw_format *format = m->looks[look] = workbook_add_format(m->file);

	format_set_font_name(format, FONT);
	format_set_font_size(format, 10);
	format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
	if (number)
		format_set_num_format(format, number);
	if (wrap)
		format_set_text_wrap(format);
	return format;
}

static void looks_make(struct making *m)
{
	lxw_format *text;

	/* "@": what one types into such a cell, or confirms in it, is text for the spreadsheet as well. */
	text = look_new(m, PLAIN, "@", true);
	format_set_indent(text, 1);
	look_new(m, COUNT, "#,##0", false);
	look_new(m, CHANGE_COUNT, "+#,##0;-#,##0;0", false);
	look_new(m, SHARE, "0.0%", false);
	look_new(m, CHANGE_SHARE, "+0.0%;-0.0%;0.0%", false);
	look_new(m, LENGTH, "[h]:mm:ss", false);
	look_new(m, CHANGE_LENGTH, "+0.0\" h\";-0.0\" h\";0", false);
	look_new(m, TIME, "yyyy-mm-dd hh:mm", false);
	format_set_align(look_new(m, DAY, "yyyy-mm-dd", false), LXW_ALIGN_LEFT);
	look_new(m, SCORE, "0.00", false);
	look_new(m, CHANGE_SCORE, "+0.00;-0.00;0.00", false);
	look_new(m, NUMBER, "0.##", false);
	for (enum look look = GOOD; look <= BAD; look++) {
		text = look_new(m, look, "@", false);
		format_set_indent(text, 1);
		format_set_font_color(text, look == GOOD ? 0x1c7a43 : 0xb3261e);
	}
	for (enum look look = HEAD; look <= HEAD_NUMBER; look++) {
		lxw_format *head = look_new(m, look, NULL, true);

		format_set_bold(head);
		format_set_bg_color(head, 0xdde6f2);
		format_set_bottom(head, LXW_BORDER_THIN);
		format_set_align(head, look == HEAD ? LXW_ALIGN_LEFT : LXW_ALIGN_RIGHT);
		if (look == HEAD)
			format_set_indent(head, 1);
		format_set_align(head, LXW_ALIGN_VERTICAL_CENTER);
	}
	format_set_align(look_new(m, HEAT, "#,##0;-#,##0;", false), LXW_ALIGN_CENTER);
	format_set_align(look_new(m, LEFT_COUNT, "#,##0", false), LXW_ALIGN_LEFT);
	format_set_align(look_new(m, LEFT_TIME, "yyyy-mm-dd hh:mm", false), LXW_ALIGN_LEFT);
	look_new(m, TITLE, NULL, false);
	format_set_bold(m->looks[TITLE]);
	format_set_font_size(m->looks[TITLE], 16);
	format_set_font_color(look_new(m, SOFT, "@", false), 0x566072);
	format_set_font_color(look_new(m, LINK, NULL, false), 0x2563a8);
	format_set_underline(m->looks[LINK], LXW_UNDERLINE_SINGLE);
}

/* On the first sheet values stand beside their names. */
static enum look left_look(char mark)
{
	return mark == MARK_COUNT ? LEFT_COUNT : mark == MARK_TIME ? LEFT_TIME : PLAIN;
}

static enum look look_of(char mark, bool change)
{
	switch (mark) {
	case MARK_GOOD:
		return GOOD;
	case MARK_BAD:
		return BAD;
	case MARK_COUNT:
		return change ? CHANGE_COUNT : COUNT;
	case MARK_SHARE:
		return change ? CHANGE_SHARE : SHARE;
	case MARK_LENGTH:
		return change ? CHANGE_LENGTH : LENGTH;
	case MARK_TIME:
		return TIME;
	case MARK_DAY:
		return DAY;
	case MARK_SCORE:
		return change ? CHANGE_SCORE : SCORE;
	case MARK_NUMBER:
		return NUMBER;
	default:
		return PLAIN;
	}
}

/* --- cells ----------------------------------------------------------------------------------------------------- */

static size_t characters(const char *text, size_t most, size_t *bytes)
{
	size_t n = 0, i = 0;

	while (text[i] && n < most) {
		/* One outside the basic plane counts as two there. */
		n += (unsigned char)text[i] >= 0xf0 ? 2 : 1;
		i++;
		while (((unsigned char)text[i] & 0xc0) == 0x80)
			i++;
	}
	*bytes = i;
	return n;
}

static int put_text(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *text, lxw_format *look)
{
	_cleanup_free_ char *cut = NULL;
	size_t bytes;

	characters(text, LONGEST_CELL - 2, &bytes);
	cut = xasprintf("%.*s%s", (int)bytes, text, text[bytes] ? "…" : "");
	return (int)worksheet_write_string(sheet, row, column, cut, look);
}

/* A time by the clock on its own wall: spreadsheets know no zones. */
static int put_time(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *text, lxw_format *look)
{
	struct stamp at;

	if (stamp_parse(&at, text, NULL))
		return put_text(sheet, row, column, text, look);
	return (int)worksheet_write_number(sheet, row, column, (double)(at.s + at.offset_s) / DAY_S + EPOCH, look);
}

static int put_day(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *text, lxw_format *look)
{
	int year, month, day;

	if (sscanf(text, "%d-%d-%d", &year, &month, &day) != 3)
		return put_text(sheet, row, column, text, look);
	return (int)worksheet_write_number(sheet, row, column, (double)civil_day(year, month, day) + EPOCH, look);
}

static int put_cell(struct making *m, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *cell, enum look chosen)
{
	lxw_format *look = m->looks[chosen];

	switch (*cell) {
	case '\0':
		return 0;
	case MARK_TIME:
		return put_time(sheet, row, column, cell + 1, look);
	case MARK_DAY:
		return put_day(sheet, row, column, cell + 1, look);
	case MARK_LENGTH:
		/* Shares of a day; changes in hours, as spreadsheets show no duration below zero. */
		return (int)worksheet_write_number(sheet, row, column, strtod(cell + 1, NULL) / (chosen == CHANGE_LENGTH ? 3600 : DAY_S), look);
	case MARK_COUNT:
	case MARK_SHARE:
	case MARK_SCORE:
	case MARK_NUMBER:
		return (int)worksheet_write_number(sheet, row, column, strtod(cell + 1, NULL), look);
	default:
		return put_text(sheet, row, column, cell + 1, look);
	}
}

/* How many columns of a fixed font the cell takes as it will be shown. */
static double width_of(const char *cell)
{
	double widest = 0;

	switch (*cell) {
	case '\0':
		return 0;
	case MARK_TIME:
		return 17;
	case MARK_DAY:
		return 12;
	case MARK_LENGTH:
		return 11;
	case MARK_COUNT:
	case MARK_SHARE:
	case MARK_SCORE:
	case MARK_NUMBER:
		return 9;
	default:
		for (const char *line = cell + 1; *line; line += strcspn(line, "\n"), line += *line == '\n') {
			double width = (double)text_width(line, strcspn(line, "\n"));

			widest = width > widest ? width : widest;
		}
		return widest + 3;
	}
}

static double column_width(const struct workbook_sheet *sheet, size_t column)
{
	/* Room for the button of the filter. */
	double widest = (double)text_width(sheet->columns.v[column].title, strlen(sheet->columns.v[column].title)) + 5;

	for (size_t r = 0; r < sheet->rows.n; r++) {
		double width = column < sheet->rows.v[r].cells.n ? width_of(sheet->rows.v[r].cells.v[column]) : 0;

		widest = width > widest ? width : widest;
	}
	return widest < WIDEST ? widest : WIDEST;
}

/* --- names of sheets ------------------------------------------------------------------------------------------- */

static bool has_tab(const struct making *m, const char *name)
{
	_cleanup_free_ char *folded = text_fold(name);

	for (size_t i = 0; i < m->tabs.n; i++) {
		_cleanup_free_ char *other = text_fold(m->tabs.v[i]);

		if (text_equal(folded, other))
			return true;
	}
	return false;
}

/* At most 31 characters, none of []:*?/\, no apostrophe at an end, and no name twice. Borrowed. */
static const char *tab_for(struct making *m, const char *title)
{
	_cleanup_free_ char *clean = xstrdup(title), *name = NULL;
	size_t bytes;

	for (char *p = clean; *p; p++)
		if (strchr("[]:*?/\\\n\t", *p) || (*p == '\'' && (p == clean || !p[1])))
			*p = '-';
	characters(clean, LONGEST_TAB, &bytes);
	/* Two units may have been taken for the last one. */
	if (characters(clean, LONGEST_TAB, &bytes) > LONGEST_TAB)
		characters(clean, LONGEST_TAB - 1, &bytes);
	name = xstrndup(clean, bytes);
	if (!*name || strcasecmp(name, "history") == 0)
		replace_text(&name, "-");
	for (int n = 2; has_tab(m, name); n++) {
		characters(clean, LONGEST_TAB - 4, &bytes);
		free(name);
		name = xasprintf("%.*s %d", (int)bytes, clean, n);
	}
	texts_add(&m->tabs, name);
	return m->tabs.v[m->tabs.n - 1];
}

/* --- charts ---------------------------------------------------------------------------------------------------- */

static const uint32_t colours[] = {0x2563a8, 0xb3392f, 0x8a93a3};

/* The words at the bars: one column's, or several joined in a hidden column, as this library takes one column only. */
static lxw_col_t label_column(struct making *m, lxw_worksheet *sheet, const struct workbook_sheet *told, lxw_row_t rows)
{
	lxw_row_col_options hidden = {.hidden = LXW_TRUE};
	lxw_col_t column = (lxw_col_t)told->columns.n;

	if (told->labels < 2)
		return 0;
	for (lxw_row_t r = 0; r < rows; r++) {
		const struct texts *cells = &told->rows.v[r].cells;
		_cleanup_free_ char *label = xasprintf("%s · %s", cells->v[0] + (*cells->v[0] != 0), cells->v[1] + (*cells->v[1] != 0));

		put_text(sheet, r + 1, column, label, m->looks[PLAIN]);
	}
	worksheet_set_column_opt(sheet, column, column, 10, NULL, &hidden);
	return column;
}

static void style_series(lxw_chart_series *series, bool line, size_t i)
{
	lxw_chart_line drawn = {.color = colours[i % ARRAY_SIZE(colours)], .width = 2, .dash_type = line && i ? LXW_CHART_LINE_DASH_DASH : LXW_CHART_LINE_DASH_SOLID};
	lxw_chart_fill fill = {.color = colours[i % ARRAY_SIZE(colours)]};

	if (line)
		chart_series_set_line(series, &drawn);
	else
		chart_series_set_fill(series, &fill);
}

static void style_axes(lxw_chart *chart, bool bars, const char *label, const char *first)
{
	lxw_chart_font font = {.name = FONT, .size = 9};
	lxw_chart_line grid = {.color = 0xdde2ea, .width = 0.75};
	lxw_chart_axis *values = bars ? chart->x_axis : chart->y_axis;

	chart_axis_set_min(values, 0);
	chart_axis_major_gridlines_set_visible(values, LXW_TRUE);
	chart_axis_major_gridlines_set_line(values, &grid);
	chart_axis_set_num_font(chart->x_axis, &font);
	chart_axis_set_num_font(chart->y_axis, &font);
	if (bars) {
		/* The first row at the top, as in the table. */
		chart_axis_set_reverse(chart->y_axis);
		chart_axis_set_num_format(chart->x_axis, *first == MARK_LENGTH ? "[h]:mm" : *first == MARK_SHARE ? "0%" : "0");
	} else {
		chart_axis_set_num_format(chart->y_axis, "0");
		if (*label == MARK_DAY)
			chart_axis_set_num_format(chart->x_axis, "m-d");
	}
}

static void add_chart(struct making *m, lxw_worksheet *sheet, const struct workbook_sheet *told, const char *tab, lxw_row_t rows)
{
	bool line = told->chart == SHEET_LINES;
	lxw_row_t drawn = line || rows < MOST_BARS ? rows : MOST_BARS;
	lxw_chart *chart = workbook_add_chart(m->file, line ? LXW_CHART_LINE : told->chart == SHEET_STACK ? LXW_CHART_BAR_STACKED : LXW_CHART_BAR);
	lxw_chart_options options = {.x_offset = 10, .y_offset = 10, .x_scale = 1.25, .y_scale = line ? 1 : 0.45 + 0.09 * (double)drawn, .description = told->title};
	lxw_col_t labels = label_column(m, sheet, told, drawn), beside = (lxw_col_t)(told->columns.n + (told->labels > 1));
	lxw_chart_font font = {.name = FONT, .size = 12, .bold = LXW_TRUE};

	for (int64_t i = 0; i < told->series; i++) {
		lxw_col_t column = (lxw_col_t)(told->first + i);
		lxw_chart_series *series = chart_add_series(chart, NULL, NULL);

		chart_series_set_categories(series, tab, 1, labels, drawn, labels);
		chart_series_set_values(series, tab, 1, column, drawn, column);
		chart_series_set_name_range(series, tab, 0, column);
		style_series(series, line, (size_t)i);
	}
	chart_title_set_name(chart, told->title);
	chart_title_set_name_font(chart, &font);
	style_axes(chart, !line, told->rows.v[0].cells.v[0], told->rows.v[0].cells.v[told->first]);
	if (told->series > 1)
		chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
	else
		chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
	chart_show_hidden_data(chart);
	/* Beside a narrow table, below a wide one: what is seen at once is printed on one page. */
	if (told->columns.n > MOST_BESIDE)
		worksheet_insert_chart_opt(sheet, rows + 2 + (lxw_row_t)(told->notes.n ? told->notes.n + 1 : 0), 0, chart, &options);
	else
		worksheet_insert_chart_opt(sheet, 0, beside, chart, &options);
}

/* Where the table itself is the picture: the more, the darker. */
static void add_heat(lxw_worksheet *sheet, const struct workbook_sheet *told, lxw_row_t rows)
{
	lxw_conditional_format scale = {.type = LXW_CONDITIONAL_2_COLOR_SCALE, .min_color = 0xffffff, .max_color = 0x5b93cf};

	worksheet_conditional_format_range(sheet, 1, (lxw_col_t)told->first, rows, (lxw_col_t)(told->first + told->series - 1), &scale);
}

/* --- sheets ---------------------------------------------------------------------------------------------------- */

static void set_paper(const struct making *m, lxw_worksheet *sheet, const char *title)
{
	_cleanup_buf_ struct buf head = {0};

	buf_puts(&head, "&L");
	/* An ampersand begins a code there; so many bytes are enough, and more would be refused. */
	for (const char *p = m->book->title; *p && head.n < 100; p++)
		buf_puts(&head, *p == '&' ? "&&" : (char[]){*p, 0});
	buf_puts(&head, "&R&A");
	worksheet_set_paper(sheet, 9);
	worksheet_set_landscape(sheet);
	worksheet_fit_to_pages(sheet, 1, 0);
	worksheet_set_margins(sheet, 0.4, 0.4, 0.7, 0.6);
	if (head.n < 200 && text_flaw(head.p, head.n, NULL) < 0)
		worksheet_set_header(sheet, head.p);
	worksheet_set_footer(sheet, "&R&P / &N");
}

static bool is_heat(const struct workbook_sheet *told, size_t column)
{
	return told->chart == SHEET_HEAT && column >= (size_t)told->first && column < (size_t)(told->first + told->series);
}

static int put_rows(struct making *m, lxw_worksheet *sheet, const struct workbook_sheet *told, lxw_row_t rows)
{
	int failed = 0;

	for (lxw_row_t r = 0; r < rows; r++) {
		const struct texts *cells = &told->rows.v[r].cells;

		for (size_t c = 0; c < cells->n && c < told->columns.n; c++)
			failed |= put_cell(m, sheet, r + 1, (lxw_col_t)c, cells->v[c], is_heat(told, c) ? HEAT : look_of(*cells->v[c], told->columns.v[c].change));
	}
	return failed;
}

static int fill_sheet(struct making *m, const struct workbook_sheet *told, const char *tab)
{
	lxw_worksheet *sheet = workbook_get_worksheet_by_name(m->file, tab);
	lxw_row_t rows = (lxw_row_t)(told->rows.n < MOST_ROWS ? told->rows.n : MOST_ROWS);
	lxw_col_t last = (lxw_col_t)(told->columns.n ? told->columns.n - 1 : 0);
	int failed = 0;

	for (size_t c = 0; c < told->columns.n; c++) {
		worksheet_set_column(sheet, (lxw_col_t)c, (lxw_col_t)c, column_width(told, c), NULL);
		failed |= put_text(sheet, 0, (lxw_col_t)c, told->columns.v[c].title, m->looks[told->columns.v[c].number ? HEAD_NUMBER : HEAD]);
	}
	worksheet_set_row(sheet, 0, 22, NULL);
	failed |= put_rows(m, sheet, told, rows);
	worksheet_freeze_panes(sheet, 1, 1);
	worksheet_repeat_rows(sheet, 0, 0);
	if (rows)
		worksheet_autofilter(sheet, 0, 0, rows, last);
	for (size_t i = 0; i < told->notes.n; i++)
		failed |= put_text(sheet, rows + 2 + (lxw_row_t)i, 0, told->notes.v[i], m->looks[SOFT]);
	set_paper(m, sheet, told->title);
	if (rows && told->chart == SHEET_HEAT)
		add_heat(sheet, told, rows);
	else if (rows && told->chart != SHEET_PLAIN && !(told->chart == SHEET_LINES && rows < 2))
		add_chart(m, sheet, told, tab, rows);
	return failed;
}

static int fill_overview(struct making *m, const char *tab)
{
	const struct workbook *book = m->book;
	lxw_worksheet *sheet = workbook_get_worksheet_by_name(m->file, tab);
	lxw_row_t row = 0;
	int failed = 0;

	worksheet_set_column(sheet, 0, 0, 28, NULL);
	worksheet_set_column(sheet, 1, 1, 40, NULL);
	worksheet_set_row(sheet, 0, 24, NULL);
	failed |= put_text(sheet, row++, 0, book->title, m->looks[TITLE]);
	if (book->desk)
		failed |= put_text(sheet, row++, 0, book->desk, m->looks[SOFT]);
	row++;
	for (size_t i = 0; i < book->lines.n; i++, row++) {
		failed |= put_cell(m, sheet, row, 0, book->lines.v[i].name, SOFT);
		failed |= put_cell(m, sheet, row, 1, book->lines.v[i].value, left_look(*book->lines.v[i].value));
	}
	row++;
	for (size_t i = 1; i < m->tabs.n; i++, row++) {
		_cleanup_buf_ struct buf link = {0};

		buf_puts(&link, "internal:'");
		for (const char *p = m->tabs.v[i]; *p; p++)
			buf_puts(&link, *p == '\'' ? "''" : (char[]){*p, 0});
		buf_puts(&link, "'!A1");
		failed |= (int)worksheet_write_url_opt(sheet, row, 0, link.p, m->looks[LINK], book->sheets.v[i - 1].title, NULL);
	}
	set_paper(m, sheet, book->title);
	worksheet_gridlines(sheet, LXW_HIDE_ALL_GRIDLINES);
	return failed;
}

/* The file as a whole: what was asked for at another time but says the same is the same file. */
static void set_properties(const struct making *m)
{
	lxw_doc_properties properties = {.title = m->book->title, .company = m->book->desk ? m->book->desk : "", .created = (time_t)m->book->made.s};

	workbook_set_properties(m->file, &properties);
}

static int make(const struct workbook *book, const char *path)
{
	struct making m = {.book = book};
	lxw_error closed;
	int failed = 0;

	m.file = workbook_new(path);
	if (!m.file)
		return LXW_ERROR_CREATING_XLSX_FILE;
	looks_make(&m);
	set_properties(&m);
	workbook_add_worksheet(m.file, tab_for(&m, book->overview));
	for (size_t i = 0; i < book->sheets.n; i++)
		if (!workbook_add_worksheet(m.file, tab_for(&m, book->sheets.v[i].title)))
			failed = LXW_ERROR_SHEETNAME_ALREADY_USED;
	if (!failed) {
		failed = fill_overview(&m, m.tabs.v[0]);
		for (size_t i = 0; i < book->sheets.n; i++)
			failed |= fill_sheet(&m, &book->sheets.v[i], m.tabs.v[i + 1]);
	}
	closed = workbook_close(m.file);
	texts_release(&m.tabs);
	return failed ? failed : (int)closed;
}

/* --- in and out ------------------------------------------------------------------------------------------------ */

/* The library writes to a name only; it is a name of our own, and gone before anything is passed on. */
static int pass_on(const struct workbook *book)
{
	const char *folder = getenv("TMPDIR");
	_cleanup_free_ char *path = xasprintf("%s/ticket-xlsx-XXXXXX", folder && *folder ? folder : "/tmp");
	_cleanup_buf_ struct buf bytes = {0};
	_cleanup_fd_ int fd = mkstemp(path);
	struct ticket_error err = {0};
	int failed;

	if (fd < 0) {
		fprintf(stderr, "ticket-xlsx: cannot make a file beside '%s': %s\n", path, strerror(errno));
		return 7;
	}
	failed = make(book, path);
	if (!failed && file_read(path, 0, &bytes, &err))
		failed = -1;
	unlink(path);
	if (failed) {
		fprintf(stderr, "ticket-xlsx: %s\n", failed < 0 ? err.message : lxw_strerror((lxw_error)failed));
		return 7;
	}
	return file_write_all(STDOUT_FILENO, bytes.p, bytes.n) ? 7 : 0;
}

int main(void)
{
	_cleanup_buf_ struct buf input = {0};
	struct workbook book = {0};
	struct ticket_error err = {0};
	int status;

	if (isatty(STDIN_FILENO)) {
		fputs("ticket-xlsx: is run by `ticket report --format xlsx`, see ticket-report(1)\n", stderr);
		return 2;
	}
	if (file_read_all(STDIN_FILENO, &input) || codec_read(&workbook_codec, &book, input.p ? input.p : "", input.n, "standard input", &err)) {
		fprintf(stderr, "ticket-xlsx: %s\n", err.message[0] ? err.message : "cannot read standard input");
		return 2;
	}
	buf_release(&input);
	status = pass_on(&book);
	codec_release(&workbook_codec, &book);
	return status;
}
