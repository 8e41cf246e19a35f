/* SPDX-License-Identifier: MIT */
/* Samples, cells, rows and sections: what every section is put together from. */
#include "report/report.h"

#include <math.h>
#include <stdarg.h>

const char *say(const struct material *m, struct words words)
{
	return text_equal(m->language, "zh") ? words.zh : words.en;
}

/* --- samples --------------------------------------------------------------------------------------------------- */

void sample_take(struct sample_of *sample, double value, uint32_t ticket)
{
	*list_push(&sample->values) = value;
	ticket_push(&sample->tickets, ticket);
}

void sample_release(struct sample_of *sample)
{
	free(sample->values.v);
	free(sample->tickets.v);
	memset(sample, 0, sizeof(*sample));
}

double sample_mean(const struct sample_of *sample)
{
	double sum = 0;

	for (size_t i = 0; i < sample->values.n; i++)
		sum += sample->values.v[i];
	return sample->values.n ? sum / (double)sample->values.n : 0;
}

static void swap(double *a, double *b)
{
	double held = *a;

	*a = *b;
	*b = held;
}

/* The value that would stand at that place, were they in order. Afterwards none before it is larger, none behind it smaller. */
static double select_place(double *values, size_t n, size_t place)
{
	size_t from = 0, to = n; /* it is among these */

	while (to - from > 1) {
		double middle = values[from + (to - from) / 2];
		size_t less = from, at = from, more = to;

		while (at < more)
			if (values[at] < middle)
				swap(&values[less++], &values[at++]);
			else if (values[at] > middle)
				swap(&values[at], &values[--more]);
			else
				at++;
		if (place >= less && place < more)
			return middle;
		from = place < less ? from : more;
		to = place < less ? less : to;
	}
	return values[place];
}

double sample_quantile(struct sample_of *sample, double share)
{
	size_t n = sample->values.n, below;
	double *values, place, at, next;

	if (!n)
		return 0;
	values = xmalloc(n * sizeof(*values));
	memcpy(values, sample->values.v, n * sizeof(*values));
	place = share * (double)(n - 1);
	below = (size_t)floor(place);
	at = next = select_place(values, n, below);
	for (size_t i = below + 1; i < n; i++)
		next = i == below + 1 || values[i] < next ? values[i] : next;
	free(values);
	return at + (next - at) * (place - (double)below);
}

/* --- cells ----------------------------------------------------------------------------------------------------- */

void cell_text(struct report_cell *cell, const char *text, const char *label)
{
	cell->kind = REPORT_TEXT;
	cell->known = text != NULL;
	replace_text(&cell->text, text);
	replace_text(&cell->label, label);
}

void cell_set(struct report_cell *cell, enum report_kind kind, bool known, double value)
{
	cell->kind = kind;
	cell->known = known;
	cell->value = known ? value : 0;
}

void cell_count(struct report_cell *cell)
{
	cell_set(cell, REPORT_COUNT, true, 0);
}

void cell_counted(struct report_cell *cell, uint32_t ticket)
{
	cell->kind = REPORT_COUNT;
	cell->known = true;
	cell->value += 1;
	if (ticket == NO_TICKET)
		cell->unnamed += 1;
	else
		ticket_push(&cell->tickets, ticket);
}

void cell_share(struct report_cell *cell, double part, double whole)
{
	cell_set(cell, REPORT_SHARE, whole > 0, whole > 0 ? part / whole : 0);
}

void cell_sample(struct report_cell *cell, enum report_kind kind, struct sample_of *sample, double quantile)
{
	cell_set(cell, kind, sample->values.n > 0, quantile < 0 ? sample_mean(sample) : sample_quantile(sample, quantile));
	for (size_t i = 0; i < sample->tickets.n; i++)
		if (sample->tickets.v[i] != NO_TICKET)
			ticket_push(&cell->tickets, sample->tickets.v[i]);
}

void cell_time(struct report_cell *cell, int64_t at_s)
{
	cell_set(cell, REPORT_TIME, at_s != TIME_NONE, (double)at_s);
}

/* --- sections -------------------------------------------------------------------------------------------------- */

struct report_section *section_add(struct material *m, const char *name, struct words title, const struct column_rule *columns, size_t n)
{
	struct report_section *section = list_push(&m->report->sections);

	section->name = name;
	section->title = say(m, title);
	for (size_t i = 0; i < n; i++)
		*list_push(&section->columns) = (struct report_column){columns[i].name, say(m, columns[i].title), columns[i].kind};
	return section;
}

struct report_cell *section_row(struct report_section *section)
{
	struct report_row *row = list_push(&section->rows);

	row->cells = xcalloc(section->columns.n, sizeof(*row->cells));
	for (size_t i = 0; i < section->columns.n; i++)
		row->cells[i].kind = section->columns.v[i].kind;
	return row->cells;
}

void note_add(struct report_section *section, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length >= 0)
		texts_add(&section->notes, text);
}
