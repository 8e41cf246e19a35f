/* SPDX-License-Identifier: MIT */
/* Charts as inline SVG: bars, stacked bars, lines. The numbers are the report's; only their places on paper are computed. */
#include "report/html.h"

#include "ticket/text.h"

#include <math.h>

/* Narrow, so that a phone need not shrink the words much. */
#define WIDTH 440.0
#define LABELS 155.0 /* left of the bars */
#define COLUMN 8.3    /* a column of words, as large as a phone needs them */
#define LABEL_COLUMNS 17
#define HEADING_COLUMNS 50
#define STEP 26.0
#define MOST_BARS 25

static double value_of(const struct report_cell *cell)
{
	return cell->known && cell->value > 0 ? cell->value : 0;
}

static double largest(const struct report_section *section, size_t columns, bool stacked)
{
	double most = 0;

	for (size_t r = 0; r < section->rows.n; r++) {
		double sum = 0;

		for (size_t c = 0; c < columns; c++) {
			double value = value_of(&section->rows.v[r].cells[section->chart_column + c]);

			sum = stacked ? sum + value : value > sum ? value : sum;
		}
		most = sum > most ? sum : most;
	}
	return most;
}

static const char *in(const struct report *report, const char *en, const char *zh)
{
	return text_equal(report->language, "zh") ? zh : en;
}

static void open_svg(struct buf *out, const struct report *report, const struct report_section *section, double height)
{
	buf_addf(out, "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"", WIDTH, height);
	html_text(out, section->title);
	buf_puts(out, "\"><title>");
	html_text(out, section->title);
	buf_addf(out, "</title><desc>%s</desc>\n", in(report, "The table below says the same in numbers.", "下方表格列出相同的数据。"));
}

/* Cuts a text to so many columns, with a mark where something is missing. */
static void cut(char **text, size_t columns)
{
	_cleanup_free_ char *whole = NULL;
	size_t n = strlen(*text), fit = text_fit(*text, n, columns, NULL);

	if (fit == n)
		return;
	n = text_fit(*text, n, columns ? columns - 1 : 0, NULL);
	whole = *text;
	*text = xasprintf("%.*s…", (int)n, whole);
}

/* Do two texts name a row? Then the first heads the rows that share it. */
static bool has_headings(const struct report_section *section)
{
	return section->chart_column > 1 && section->columns.v[0].kind == REPORT_TEXT && section->columns.v[1].kind == REPORT_TEXT;
}

static bool begins_group(const struct report_section *section, size_t row)
{
	return has_headings(section) && (row == 0 || !text_equal(section->rows.v[row].cells[0].text, section->rows.v[row - 1].cells[0].text));
}

static void add_heading(struct buf *out, const struct report *report, const struct report_row *row, double y)
{
	_cleanup_free_ char *words = report_cell_shown(report, &row->cells[0]);

	cut(&words, HEADING_COLUMNS);
	buf_addf(out, "<text class=\"head\" x=\"4\" y=\"%.1f\">", y + 16);
	html_text(out, words);
	buf_puts(out, "</text>\n");
}

/* The words left of a bar. */
static void add_label(struct buf *out, const struct report *report, const struct report_section *section, const struct report_row *row, double y)
{
	_cleanup_free_ char *words = report_cell_shown(report, &row->cells[has_headings(section) ? 1 : 0]);

	cut(&words, LABEL_COLUMNS);
	buf_addf(out, "<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">", LABELS - 8, y + 14);
	html_text(out, words);
	buf_puts(out, "</text>");
}

static void add_key(struct buf *out, const struct report_section *section, size_t columns)
{
	static const char *const styles[] = {"fa", "fb", "fc"};

	buf_puts(out, "<p class=\"key\" aria-hidden=\"true\">");
	for (size_t c = 0; c < columns; c++) {
		buf_addf(out, "<span><i class=\"%s\"></i>", styles[c]);
		html_text(out, section->columns.v[section->chart_column + c].title);
		buf_puts(out, "</span>");
	}
	buf_puts(out, "</p>\n");
}

/* The figures right of a bar. Owned. */
static char *values_text(const struct report *report, const struct report_section *section, const struct report_row *row, size_t columns)
{
	struct buf out = {0};

	for (size_t c = 0; c < columns; c++) {
		_cleanup_free_ char *shown = report_cell_shown(report, &row->cells[section->chart_column + c]);

		buf_addf(&out, "%s%s", c ? " / " : "", shown);
	}
	return buf_steal(&out);
}

/* What the longest of them leaves for the bars. */
static double room_for_bars(const struct report *report, const struct report_section *section, size_t rows, size_t columns)
{
	size_t widest = 0;

	for (size_t r = 0; r < rows; r++) {
		_cleanup_free_ char *values = values_text(report, section, &section->rows.v[r], columns);
		size_t width = text_width(values, strlen(values));

		widest = width > widest ? width : widest;
	}
	return WIDTH - LABELS - 10 - (double)widest * COLUMN;
}

static void add_bars(struct buf *out, const struct report *report, const struct report_section *section, size_t columns)
{
	static const char *const styles[] = {"fa", "fb", "fc"};
	size_t rows = section->rows.n < MOST_BARS ? section->rows.n : MOST_BARS, headings = 0;
	double most = largest(section, columns, true), room = room_for_bars(report, section, rows, columns);

	if (most <= 0)
		return;
	if (columns > 1)
		add_key(out, section, columns);
	for (size_t r = 0; r < rows; r++)
		headings += begins_group(section, r);
	open_svg(out, report, section, (double)(rows + headings) * STEP + 4);
	headings = 0;
	for (size_t r = 0; r < rows; r++) {
		const struct report_row *row = &section->rows.v[r];
		_cleanup_free_ char *values = values_text(report, section, row, columns);
		double x = LABELS, y = (double)(r + headings) * STEP + 2;

		if (begins_group(section, r)) {
			add_heading(out, report, row, y);
			headings++;
			y += STEP;
		}
		add_label(out, report, section, row, y);
		for (size_t c = 0; c < columns; c++) {
			double width = value_of(&row->cells[section->chart_column + c]) / most * room;

			if (width > 0)
				buf_addf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"18\" rx=\"2\"/>", styles[c], x, y, width < 1 ? 1 : width);
			x += width;
		}
		buf_addf(out, "<text class=\"soft\" x=\"%.1f\" y=\"%.1f\">", x + 6, y + 14);
		html_text(out, values);
		buf_puts(out, "</text>\n");
	}
	buf_puts(out, "</svg>\n");
	if (rows < section->rows.n)
		buf_addf(out, text_equal(report->language, "zh") ? "<p class=\"note\">图中仅示前 %zu 行，其余见表。</p>\n" : "<p class=\"note\">The chart shows the first %zu rows; the table has all.</p>\n", rows);
}

/* A round number at or above the largest value: where the axis ends. */
static double round_up(double most)
{
	double unit = pow(10, floor(log10(most)));

	for (int n = 1; n <= 10; n++)
		if ((double)n * unit >= most)
			/* Half of it is written too: of small numbers it is to be whole. */
			return (double)n * unit < 10 && n % 2 ? (double)(n + 1) * unit : (double)n * unit;
	return most;
}

static void add_line(struct buf *out, const struct report_section *section, size_t column, const char *style, double top, double height)
{
	double left = 40, room = WIDTH - left - 20, n = section->rows.n > 1 ? (double)(section->rows.n - 1) : 1;

	buf_addf(out, "<polyline class=\"%s\" points=\"", style);
	for (size_t r = 0; r < section->rows.n; r++)
		buf_addf(out, "%s%.1f,%.1f", r ? " " : "", left + room * (double)r / n, 10 + height * (1 - value_of(&section->rows.v[r].cells[column]) / top));
	buf_puts(out, "\"/>\n");
}

static void add_lines(struct buf *out, const struct report *report, const struct report_section *section)
{
	double most = largest(section, 2, false), top, height = 150, left = 40, room = WIDTH - left - 20;
	size_t n = section->rows.n, labels = n < 3 ? n : 3;

	if (most <= 0 || n < 2)
		return;
	top = round_up(most);
	add_key(out, section, 2);
	open_svg(out, report, section, height + 40);
	for (int i = 0; i <= 2; i++) {
		double y = 10 + height * (1 - i / 2.0);

		buf_addf(out, "<line class=\"grid\" x1=\"%.0f\" x2=\"%.0f\" y1=\"%.1f\" y2=\"%.1f\"/><text class=\"soft\" x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n", left, WIDTH - 20, y,
			 y, left - 6, y + 4, top * i / 2);
	}
	for (size_t i = 0; i < labels; i++) {
		size_t r = i * (n - 1) / (labels - 1);

		buf_addf(out, "<text class=\"soft\" x=\"%.1f\" y=\"%.0f\" text-anchor=\"%s\">", left + room * (double)r / (double)(n - 1), height + 30,
			 i == 0 ? "start" : i + 1 == labels ? "end" : "middle");
		html_text(out, section->rows.v[r].cells[0].text);
		buf_puts(out, "</text>\n");
	}
	add_line(out, section, section->chart_column, "la", top, height);
	add_line(out, section, section->chart_column + 1, "lb", top, height);
	buf_puts(out, "</svg>\n");
}

/* --- hours of the week ----------------------------------------------------------------------------------------- */

#define HEAT_LEFT 40.0
#define HEAT_CELL ((WIDTH - HEAT_LEFT) / 24)
#define HEAT_STEP 20.0
#define HEAT_TOP 20.0 /* the hours */

/* One hour of one weekday: the more, the stronger the colour; its number shows when one points at it. */
static void add_hour(struct buf *out, const struct report_section *section, size_t row, size_t day, double most)
{
	double value = value_of(&section->rows.v[row].cells[section->chart_column + day]);

	buf_addf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"", value > 0 ? "fa" : "f0", HEAT_LEFT + (double)row * HEAT_CELL,
		 HEAT_TOP + (double)day * HEAT_STEP, HEAT_CELL - 1.5, HEAT_STEP - 1.5);
	if (value > 0 && value < most)
		buf_addf(out, " fill-opacity=\"%.2f\"", 0.15 + 0.85 * value / most);
	buf_puts(out, "><title>");
	html_text(out, section->columns.v[section->chart_column + day].title);
	buf_addf(out, " %s:00–%s:59 · %.0f</title></rect>\n", section->rows.v[row].cells[0].text, section->rows.v[row].cells[0].text, value);
}

static void add_scale(struct buf *out, double most)
{
	buf_puts(out, "<p class=\"key\" aria-hidden=\"true\"><span><i class=\"f0\"></i>0</span><span>");
	for (int i = 1; i <= 4; i++)
		buf_addf(out, "<i class=\"fa\" style=\"opacity:%.2f\"></i>", 0.15 + 0.85 * i / 4);
	buf_addf(out, "1–%.0f</span></p>\n", most);
}

static void add_heat(struct buf *out, const struct report *report, const struct report_section *section)
{
	double most = 0;

	for (size_t r = 0; r < section->rows.n; r++)
		for (size_t c = 0; c < CHART_HEAT_COLUMNS; c++) {
			double value = value_of(&section->rows.v[r].cells[section->chart_column + c]);

			most = value > most ? value : most;
		}
	if (most <= 0)
		return;
	add_scale(out, most);
	open_svg(out, report, section, HEAT_TOP + 2 + CHART_HEAT_COLUMNS * HEAT_STEP);
	for (size_t r = 0; r < section->rows.n; r += 3)
		buf_addf(out, "<text class=\"soft\" x=\"%.1f\" y=\"14\">%s</text>\n", HEAT_LEFT + (double)r * HEAT_CELL, section->rows.v[r].cells[0].text);
	for (size_t c = 0; c < CHART_HEAT_COLUMNS; c++) {
		buf_addf(out, "<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">", HEAT_LEFT - 7, HEAT_TOP + (double)c * HEAT_STEP + 14);
		html_text(out, section->columns.v[section->chart_column + c].title);
		buf_puts(out, "</text>\n");
		for (size_t r = 0; r < section->rows.n; r++)
			add_hour(out, section, r, c, most);
	}
	buf_puts(out, "</svg>\n");
}

void html_chart(struct buf *out, const struct report *report, const struct report_section *section)
{
	if (section->chart == CHART_BARS)
		add_bars(out, report, section, 1);
	else if (section->chart == CHART_STACK)
		add_bars(out, report, section, 3);
	else if (section->chart == CHART_LINE)
		add_lines(out, report, section);
	else if (section->chart == CHART_HEAT)
		add_heat(out, report, section);
}
