/* SPDX-License-Identifier: MIT */
/* Reports as workbooks: numbers stay numbers, times stay times, and what people wrote stays text. */
#include "report/workbook.h"

#include "ticket/report.h"
#include "ticket/text.h"

static const char *const chart_words[] = {"", "bars", "lines", "stack", "heat", NULL};

static const struct codec_field column_fields[] = {
	FIELD(TEXT, struct workbook_column, "title", title, 0),
	FIELD(FLAG, struct workbook_column, "number", number, 0),
	FIELD(FLAG, struct workbook_column, "change", change, 0),
	CODEC_END,
};
static const struct codec column_codec = {"column", sizeof(struct workbook_column), column_fields, 0, -1, NULL};

static const struct codec_field row_fields[] = {
	FIELD(TEXTS, struct workbook_row, "cells", cells, 0),
	CODEC_END,
};
static const struct codec row_codec = {"row", sizeof(struct workbook_row), row_fields, 0, -1, NULL};

static const struct codec_field sheet_fields[] = {
	FIELD(TEXT, struct workbook_sheet, "title", title, CODEC_REQUIRED),
	FIELD_SUB(LIST, struct workbook_sheet, "columns", columns, 0, &column_codec),
	FIELD_SUB(LIST, struct workbook_sheet, "rows", rows, 0, &row_codec),
	FIELD(TEXTS, struct workbook_sheet, "notes", notes, 0),
	FIELD_ENUM(struct workbook_sheet, "chart", chart, 0, chart_words),
	FIELD(INT, struct workbook_sheet, "first", first, 0),
	FIELD(INT, struct workbook_sheet, "series", series, 0),
	FIELD(INT, struct workbook_sheet, "labels", labels, 0),
	CODEC_END,
};
static const struct codec sheet_codec = {"sheet", sizeof(struct workbook_sheet), sheet_fields, 0, -1, NULL};

static const struct codec_field line_fields[] = {
	FIELD(TEXT, struct workbook_line, "name", name, 0),
	FIELD(TEXT, struct workbook_line, "value", value, 0),
	CODEC_END,
};
static const struct codec line_codec = {"line", sizeof(struct workbook_line), line_fields, 0, -1, NULL};

static const struct codec_field fields[] = {
	FIELD(INT, struct workbook, "format", format, CODEC_REQUIRED),
	FIELD(TEXT, struct workbook, "title", title, CODEC_REQUIRED),
	FIELD(TEXT, struct workbook, "desk", desk, 0),
	FIELD(TEXT, struct workbook, "overview", overview, CODEC_REQUIRED),
	FIELD_SUB(LIST, struct workbook, "lines", lines, 0, &line_codec),
	FIELD(TIME, struct workbook, "made", made, 0),
	FIELD_SUB(LIST, struct workbook, "sheets", sheets, 0, &sheet_codec),
	CODEC_END,
};
const struct codec workbook_codec = {"workbook", sizeof(struct workbook), fields, 1, -1, NULL};

/* --- cells ----------------------------------------------------------------------------------------------------- */

static char *marked(enum workbook_mark mark, const char *text)
{
	struct buf out = {0};

	buf_putc(&out, (char)mark);
	/* Characters that reorder what stands around them are shown as codes, as on a terminal. */
	text_show(&out, text, strlen(text), true);
	return buf_steal(&out);
}

static enum workbook_mark mark_of(const struct report_cell *cell, const char *column)
{
	static const enum workbook_mark marks[] = {
		[REPORT_TEXT] = MARK_TEXT, [REPORT_COUNT] = MARK_COUNT, [REPORT_SHARE] = MARK_SHARE, [REPORT_LENGTH] = MARK_LENGTH,
		[REPORT_TIME] = MARK_TIME, [REPORT_SCORE] = MARK_SCORE, [REPORT_NUMBER] = MARK_NUMBER,
	};

	if (cell->kind != REPORT_TEXT || !text_equal(column, "verdict"))
		return marks[cell->kind];
	if (text_equal(cell->text, "met") || text_equal(cell->text, "in_time"))
		return MARK_GOOD;
	return text_equal(cell->text, "not_met") || text_equal(cell->text, "late") ? MARK_BAD : MARK_TEXT;
}

static char *cell_marked(const struct report *report, const struct report_section *section, const struct report_cell *cell, const char *column)
{
	bool day = section->chart == CHART_LINE && text_equal(column, "from");
	_cleanup_free_ char *value = cell->kind == REPORT_TEXT ? report_cell_shown(report, cell) : report_cell_data(report, cell);

	return cell->known && *value ? marked(day ? MARK_DAY : mark_of(cell, column), value) : xstrdup("");
}

static void row_take(struct workbook_row *row, char *cell)
{
	texts_add(&row->cells, cell);
	free(cell);
}

/* --- sheets ---------------------------------------------------------------------------------------------------- */

static bool is_number(enum report_kind kind)
{
	return kind != REPORT_TEXT && kind != REPORT_TIME;
}

static void draw(struct workbook_sheet *sheet, const struct report_section *section)
{
	static const struct {
		enum workbook_chart chart;
		int64_t series;
	} drawn[] = {[CHART_NONE] = {SHEET_PLAIN, 0}, [CHART_BARS] = {SHEET_BARS, 1}, [CHART_LINE] = {SHEET_LINES, 2}, [CHART_STACK] = {SHEET_STACK, 3}, [CHART_HEAT] = {SHEET_HEAT, CHART_HEAT_COLUMNS}};

	sheet->chart = (int)drawn[section->chart].chart;
	sheet->first = (int64_t)section->chart_column;
	sheet->series = drawn[section->chart].series;
	while (sheet->labels < sheet->first && section->columns.v[sheet->labels].kind == REPORT_TEXT)
		sheet->labels++;
}

static void add_sheet(struct workbook *book, const struct report *report, const struct report_section *section)
{
	struct workbook_sheet *sheet = list_push(&book->sheets);

	sheet->title = xstrdup(section->title);
	for (size_t c = 0; c < section->columns.n; c++)
		*list_push(&sheet->columns) = (struct workbook_column){
			.title = xstrdup(section->columns.v[c].title),
			.number = is_number(section->columns.v[c].kind),
			.change = text_equal(section->columns.v[c].name, "change"),
		};
	for (size_t r = 0; r < section->rows.n; r++) {
		struct workbook_row *row = list_push(&sheet->rows);

		for (size_t c = 0; c < section->columns.n; c++)
			row_take(row, cell_marked(report, section, &section->rows.v[r].cells[c], section->columns.v[c].name));
	}
	texts_copy(&sheet->notes, &section->notes);
	if (section->chart != CHART_NONE)
		draw(sheet, section);
}

/* --- the first sheet ------------------------------------------------------------------------------------------- */

static const char *in(const struct report *report, const char *en, const char *zh)
{
	return text_equal(report->language, "zh") ? zh : en;
}

static void add_line(struct workbook *book, const char *name, char *value)
{
	*list_push(&book->lines) = (struct workbook_line){marked(MARK_TEXT, name), value};
}

static void begin(struct workbook *book, const struct report *report)
{
	_cleanup_free_ char *period = report_period_shown(report, &report->period), *now = NULL;
	char stamp[STAMP_SIZE];

	book->format = 1;
	book->title = xstrdup(report->title);
	book->desk = xstrdup(report->desk);
	book->overview = xstrdup(in(report, "Overview", "概览"));
	book->made = stamp_at(report->zone, report->now_s);
	now = xstrdup(stamp_format(stamp, &book->made));
	add_line(book, in(report, "Received", "受理时间"), marked(MARK_TEXT, period));
	if (report->before.until_s > report->before.from_s) {
		_cleanup_free_ char *before = report_period_shown(report, &report->before);

		add_line(book, in(report, "Period before", "上期"), marked(MARK_TEXT, before));
	}
	add_line(book, in(report, "Tickets", "工单数"), xasprintf("%c%zu", MARK_COUNT, report->counted));
	if (report->quarantined)
		add_line(book, in(report, "Quarantined, left out", "已隔离（不计入）"), xasprintf("%c%zu", MARK_COUNT, report->quarantined));
	add_line(book, in(report, "As of", "截至"), marked(MARK_TIME, now));
	add_line(book, in(report, "Time zone", "时区"), marked(MARK_TEXT, zone_name(report->zone)));
}

void report_workbook(const struct report *report, struct buf *out)
{
	struct workbook book = {0};

	begin(&book, report);
	for (size_t i = 0; i < report->sections.n; i++)
		add_sheet(&book, report, &report->sections.v[i]);
	codec_write_compact(&workbook_codec, &book, out);
	codec_release(&workbook_codec, &book);
}

/* --- the tickets behind ---------------------------------------------------------------------------------------- */

static void add_behind(struct workbook_sheet *sheet, const struct report *report, const struct report_section *section)
{
	for (size_t r = 0; r < section->rows.n; r++)
		for (size_t c = 0; c < section->columns.n; c++) {
			const struct report_cell *cells = section->rows.v[r].cells;
			_cleanup_free_ char *first = report_cell_shown(report, &cells[0]);
			bool second = section->columns.n > 1 && cells[1].kind == REPORT_TEXT && cells[1].known && cells[0].kind == REPORT_TEXT;
			_cleanup_free_ char *more = second ? report_cell_shown(report, &cells[1]) : NULL, *name = xasprintf("%s%s%s", first, more ? " / " : "", more ? more : "");

			for (size_t t = 0; t < cells[c].tickets.n; t++) {
				struct workbook_row *row = list_push(&sheet->rows);

				row_take(row, marked(MARK_TEXT, section->title));
				row_take(row, marked(MARK_TEXT, name));
				row_take(row, marked(MARK_TEXT, section->columns.v[c].title));
				row_take(row, marked(MARK_TEXT, report->tickets.v[cells[c].tickets.v[t]]));
			}
		}
}

void report_workbook_rows(const struct report *report, const char *section, struct buf *out)
{
	const char *titles[] = {in(report, "Section", "部分"), in(report, "Row", "行"), in(report, "Figure", "指标"), in(report, "Ticket", "工单号")};
	struct workbook book = {0};
	struct workbook_sheet *sheet;

	begin(&book, report);
	sheet = list_push(&book.sheets);
	sheet->title = xstrdup(in(report, "Tickets behind the figures", "指标对应的工单"));
	for (size_t i = 0; i < ARRAY_SIZE(titles); i++)
		*list_push(&sheet->columns) = (struct workbook_column){.title = xstrdup(titles[i])};
	for (size_t i = 0; i < report->sections.n; i++)
		if (!section || text_equal(section, report->sections.v[i].name))
			add_behind(sheet, report, &report->sections.v[i]);
	codec_write_compact(&workbook_codec, &book, out);
	codec_release(&workbook_codec, &book);
}
