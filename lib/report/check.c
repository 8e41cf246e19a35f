/* SPDX-License-Identifier: MIT */
/* Nothing is printed that does not add up: totals against rows, rows against the tickets behind them. */
#include "report/check.h"
#include "ticket/language.h"

static size_t column_of(const struct report_section *section, const char *name)
{
	size_t i = 0;

	while (i < section->columns.n && !text_equal(section->columns.v[i].name, name))
		i++;
	return i;
}

static double sum_of(const struct report_section *section, const char *name)
{
	size_t column = column_of(section, name);
	double sum = 0;

	for (size_t r = 0; r < section->rows.n && column < section->columns.n; r++)
		sum += section->rows.v[r].cells[column].value;
	return sum;
}

static int differ(const struct report_section *section, const char *what, double got, double wanted, struct ticket_error *err)
{
	if (got == wanted)
		return 0;
	return ticket_fail(err, TICKET_STORAGE, "the figures of '%s' do not add up: %s come to %.0f instead of %.0f; see: ticket fsck", section->name, _(what), got, wanted);
}

static int check_cells(const struct report *report, const struct report_section *section, struct ticket_error *err)
{
	int failed = 0;

	for (size_t r = 0; r < section->rows.n && !failed; r++)
		for (size_t c = 0; c < section->columns.n && !failed; c++) {
			const struct report_cell *cell = &section->rows.v[r].cells[c];

			if (cell->kind == REPORT_COUNT && cell->tickets.n)
				failed = differ(section, "the tickets behind a number", (double)cell->tickets.n + cell->unnamed, cell->value, err);
			for (size_t t = 0; t < cell->tickets.n && !failed; t++)
				if (cell->tickets.v[t] >= report->tickets.n)
					failed = differ(section, "tickets that are there", (double)cell->tickets.v[t], (double)report->tickets.n, err);
		}
	return failed;
}

int report_check(const struct report *report, struct ticket_error *err)
{
	/* Sections in whose rows every ticket stands exactly once, and the column that counts it. */
	static const struct {
		const char *section, *column;
	} whole[] = {{"channels", "tickets"}, {"categories", "tickets"}, {"priorities", "tickets"}, {"states", "tickets"}, {"assignees", "tickets"}, {"groups", "tickets"},
		     {"trend", "received"}, {"hours", "all"}};
	int failed = 0;

	for (size_t i = 0; i < report->sections.n && !failed; i++) {
		const struct report_section *section = &report->sections.v[i];
		bool empty = !section->rows.n && section->notes.n; /* it says itself why */

		failed = check_cells(report, section, err);
		for (size_t w = 0; w < ARRAY_SIZE(whole) && !failed && !empty; w++)
			if (text_equal(whole[w].section, section->name))
				failed = differ(section, "the rows", sum_of(section, whole[w].column), (double)report->counted, err);
		if (!failed && text_starts(section->name, "targets"))
			failed = differ(section, "the verdicts", sum_of(section, "in_time") + sum_of(section, "late") + sum_of(section, "running") + sum_of(section, "cancelled"),
					sum_of(section, "clocks"), err);
		if (!failed && text_equal(section->name, "tracking"))
			failed = differ(section, "the rows", (double)section->rows.n, (double)report->counted, err);
		if (!failed && text_equal(section->name, "ages"))
			for (size_t j = 0; j < report->sections.n && !failed; j++)
				if (text_equal(report->sections.v[j].name, "backlog_priorities"))
					failed = differ(section, "the rows", sum_of(section, "open"), sum_of(&report->sections.v[j], "open"), err);
	}
	return failed;
}
