/* SPDX-License-Identifier: MIT */
/* Reports for Prometheus: the numbers of rows that have a name, as gauges. */
#include "ticket/report.h"

static void add_label_value(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			buf_putc(out, '\\');
		if (*text == '\n')
			buf_puts(out, "\\n");
		else
			buf_putc(out, *text);
	}
}

static const char *unit_of(enum report_kind kind)
{
	return kind == REPORT_LENGTH ? "_seconds" : kind == REPORT_SHARE ? "_ratio" : "";
}

static bool is_number(const struct report_cell *cell)
{
	return cell->known && cell->kind != REPORT_TEXT && cell->kind != REPORT_TIME;
}

/* Lists of tickets and customers are no metrics: they would be as many series as there are people. */
static bool is_list(const struct report_section *section)
{
	static const char *const lists[] = {"tracking", "complaints", "customers", "escalations", "anomalies", "suspicious", "oldest", "low_scores", "suggestions", "groups_without_name", "top_customers"};

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		if (text_equal(section->name, lists[i]))
			return true;
	return false;
}

static void add_sample(struct buf *out, const struct report *report, const struct report_section *section, const struct report_row *row, size_t column)
{
	const struct report_cell *cell = &row->cells[column];
	_cleanup_free_ char *value = report_cell_data(report, cell);
	bool first = true;

	buf_addf(out, "ticket_%s_%s%s", section->name, section->columns.v[column].name, unit_of(cell->kind));
	for (size_t c = 0; c < section->columns.n; c++) {
		if (row->cells[c].kind != REPORT_TEXT || !row->cells[c].known)
			continue;
		buf_addf(out, "%s%s=\"", first ? "{" : ",", section->columns.v[c].name);
		add_label_value(out, row->cells[c].text);
		buf_putc(out, '"');
		first = false;
	}
	buf_addf(out, "%s %s\n", first ? "" : "}", value);
}

/* One family: all rows of a column whose cells are of one unit; the exposition wants them together, under one heading. */
static void add_family(struct buf *out, const struct report *report, const struct report_section *section, size_t column, const char *unit)
{
	bool headed = false;

	for (size_t r = 0; r < section->rows.n; r++) {
		const struct report_cell *cell = &section->rows.v[r].cells[column];

		if (!is_number(cell) || !text_equal(unit_of(cell->kind), unit))
			continue;
		if (!headed) {
			buf_addf(out, "# TYPE ticket_%s_%s%s gauge\n", section->name, section->columns.v[column].name, unit);
			if (*unit)
				buf_addf(out, "# UNIT ticket_%s_%s%s %s\n", section->name, section->columns.v[column].name, unit, unit + 1);
			buf_addf(out, "# HELP ticket_%s_%s%s ", section->name, section->columns.v[column].name, unit);
			add_label_value(out, section->title);
			buf_puts(out, ": ");
			add_label_value(out, section->columns.v[column].title);
			buf_putc(out, '\n');
			headed = true;
		}
		add_sample(out, report, section, &section->rows.v[r], column);
	}
}

void report_openmetrics(const struct report *report, struct buf *out)
{
	static const char *const units[] = {"", "_seconds", "_ratio"};

	buf_addf(out, "# TYPE ticket_report_tickets gauge\n# HELP ticket_report_tickets Tickets counted in this report\nticket_report_tickets %zu\n", report->counted);
	buf_addf(out, "# TYPE ticket_report_quarantined gauge\n# HELP ticket_report_quarantined Tickets left out as quarantined\nticket_report_quarantined %zu\n",
		 report->quarantined);
	for (size_t i = 0; i < report->sections.n; i++)
		for (size_t c = 0; c < report->sections.v[i].columns.n && !is_list(&report->sections.v[i]); c++)
			for (size_t u = 0; u < ARRAY_SIZE(units); u++)
				add_family(out, report, &report->sections.v[i], c, units[u]);
	buf_puts(out, "# EOF\n");
}
