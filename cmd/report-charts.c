/* SPDX-License-Identifier: MIT */
/* Charts of characters: see report-charts.h. */
#include "report-charts.h"

#include "ticket/text.h"

#define BAR_COLUMNS 20
#define NARROW 40  /* of a terminal that does not say how wide it is: none */
#define USUAL 80
#define HEAT_WIDE 62 /* two columns an hour */

static double value_at(const struct report_section *section, size_t row, size_t column)
{
	const struct report_cell *cell = &section->rows.v[row].cells[column];

	return cell->known && cell->value > 0 ? cell->value : 0;
}

static double largest(const struct report_section *section, size_t column)
{
	double most = 0;

	for (size_t r = 0; r < section->rows.n; r++)
		most = value_at(section, r, column) > most ? value_at(section, r, column) : most;
	return most;
}

char *chart_bar(const struct report_section *section, const struct report_row *row)
{
	double most = largest(section, section->chart_column), value = row->cells[section->chart_column].value;
	struct buf b = {0};

	for (int i = 0; most > 0 && i < BAR_COLUMNS && value / most > (double)i / BAR_COLUMNS; i++)
		buf_puts(&b, "▆");
	return buf_steal(&b);
}

static void pad(FILE *out, const char *text, size_t width)
{
	size_t used = text_width(text, strlen(text));

	print_text(out, text, false);
	fprintf(out, "%*s", (int)(width > used ? width - used : 0), "");
}

/* --- over time ------------------------------------------------------------------------------------------------- */

/* Nothing is the lowest of eight steps alone: what is a little more than nothing looks it. */
static const char *step_of(double value, double most)
{
	static const char *const steps[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	int step = value <= 0 ? 0 : 1 + (int)(value / most * 6.999);

	return steps[step > 7 ? 7 : step];
}

/* The sum of 'every' rows from one on: so many share a column of a narrow terminal. */
static double sum_at(const struct report_section *section, size_t row, size_t every, size_t column)
{
	double sum = 0;

	for (size_t r = row; r < row + every && r < section->rows.n; r++)
		sum += value_at(section, r, column);
	return sum;
}

void chart_course(const struct report_section *section, const struct table_options *options, FILE *out)
{
	size_t first = section->chart_column, last = first + 1, label = 0, room = options->width ? options->width : USUAL, every;
	double most = 0;

	if (section->rows.n < 2)
		return;
	for (size_t c = first; c <= last; c++) {
		size_t width = text_width(section->columns.v[c].title, strlen(section->columns.v[c].title));

		label = width > label ? width : label;
	}
	/* Two gaps, and the sum at the end. */
	room = room > label + 12 + NARROW / 4 ? room - label - 12 : NARROW / 4;
	every = (section->rows.n + room - 1) / room;
	for (size_t r = 0; r < section->rows.n; r += every)
		for (size_t c = first; c <= last; c++)
			most = sum_at(section, r, every, c) > most ? sum_at(section, r, every, c) : most;
	for (size_t c = first; c <= last && most > 0; c++) {
		pad(out, section->columns.v[c].title, label + 2);
		for (size_t r = 0; r < section->rows.n; r += every)
			fputs(step_of(sum_at(section, r, every, c), most), out);
		fprintf(out, "  %.0f\n", sum_at(section, 0, section->rows.n, c));
	}
}

/* --- hours of the week ----------------------------------------------------------------------------------------- */

static const char *shade_of(double value, double most)
{
	static const char *const shades[] = {"·", "░", "▒", "▓", "█"};
	int shade = value <= 0 ? 0 : 1 + (int)(value / most * 3.999);

	return shades[shade > 4 ? 4 : shade];
}

void chart_heat(const struct report *report, const struct report_section *section, const struct table_options *options, FILE *out)
{
	size_t first = section->chart_column, label = 0, wide = options->width && options->width < HEAT_WIDE ? 1 : 2;
	const char *total = section->columns.v[first + CHART_HEAT_COLUMNS].title;
	double most = 0;

	for (size_t c = first; c < first + CHART_HEAT_COLUMNS; c++) {
		size_t width = text_width(section->columns.v[c].title, strlen(section->columns.v[c].title));

		label = width > label ? width : label;
		most = largest(section, c) > most ? largest(section, c) : most;
	}
	if (most <= 0)
		return;
	fprintf(out, "%*s", (int)label + 2, "");
	for (size_t r = 0; r < section->rows.n; r += 3)
		fprintf(out, "%-*s", (int)(3 * wide), section->rows.v[r].cells[0].text);
	fprintf(out, "  ");
	print_text(out, total, false);
	fputc('\n', out);
	for (size_t c = first; c < first + CHART_HEAT_COLUMNS; c++) {
		pad(out, section->columns.v[c].title, label + 2);
		for (size_t r = 0; r < section->rows.n; r++)
			for (size_t i = 0; i < wide; i++)
				fputs(shade_of(value_at(section, r, c), most), out);
		fprintf(out, "  %*.0f\n", (int)text_width(total, strlen(total)), sum_at(section, 0, section->rows.n, c));
	}
	fprintf(out, text_equal(report->language, "zh") ? "· 0  ░▒▓█ 至 %.0f\n" : "· 0  ░▒▓█ up to %.0f\n", most);
}
