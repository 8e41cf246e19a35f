/* SPDX-License-Identifier: MIT */
/* Rejects: a file of the rows that were not taken, as they stood, so that they can be mended and imported by the same map. */
#include "exchange/rejects.h"

#include "model/json.h"

static bool is_ascii(const struct buf *text)
{
	for (size_t i = 0; i < text->n; i++)
		if ((unsigned char)text->p[i] >= 0x80)
			return false;
	return true;
}

/* In front, so that rows with too few or too many cells stay aligned. */
static void csv_row(struct buf *out, const struct rows *rows, const char *line, const char *column, const char *reason, const char *raw, size_t n)
{
	csv_cell(out, line, rows->delimiter);
	buf_putc(out, rows->delimiter);
	csv_cell(out, column ? column : "", rows->delimiter);
	buf_putc(out, rows->delimiter);
	csv_cell(out, reason, rows->delimiter);
	buf_putc(out, rows->delimiter);
	buf_add(out, raw, n);
	buf_putc(out, '\n');
}

static void csv_heading(struct buf *out, const struct rows *rows)
{
	_cleanup_buf_ struct buf names = {0};

	if (rows->heading_n) {
		csv_row(out, rows, "reject_line", "reject_column", "reject_reason", rows->text.p + rows->heading_from, rows->heading_n);
		return;
	}
	for (size_t i = 0; i < rows->columns.n; i++) {
		if (i)
			buf_putc(&names, rows->delimiter);
		csv_cell(&names, rows->columns.v[i], rows->delimiter);
	}
	csv_row(out, rows, "reject_line", "reject_column", "reject_reason", names.p ? names.p : "", names.n);
}

/* The row's own members follow those about the reject; what is no JSON at all is kept as a text. */
static void json_row(struct buf *out, const struct rows *rows, const struct row *row, const struct fault *fault)
{
	const char *raw = rows->text.p + row->from;
	bool object = row->n > 1 && *raw == '{' && (!row->flaw || row->flaw_column);

	buf_addf(out, "{\"reject_line\":%zu,\"reject_column\":", fault->line);
	json_quote(out, fault->column ? fault->column : "");
	buf_puts(out, ",\"reject_reason\":");
	json_quote(out, fault->err.message);
	if (!object) {
		buf_puts(out, ",\"reject_text\":");
		json_quote_n(out, raw, row->n);
		buf_puts(out, "}\n");
		return;
	}
	if (raw[1 + strspn(raw + 1, " \t\r\n")] != '}')
		buf_putc(out, ',');
	for (size_t i = 1; i < row->n; i++) /* a line end can only stand between members: inside a text it would be an escape */
		buf_putc(out, raw[i] == '\n' || raw[i] == '\r' ? ' ' : raw[i]);
	buf_putc(out, '\n');
}

static int compare_rejects(const void *a, const void *b)
{
	const struct reject *x = a, *y = b;

	return (x->row > y->row) - (x->row < y->row);
}

static void add_draft(struct plan *plan, const struct draft *draft)
{
	for (size_t i = 0; i < draft->rows.n; i++) {
		struct reject *reject = list_push(&plan->rejects);

		reject->row = draft->rows.v[i];
		reject->fault = draft->fault;
		if (reject->row == draft->faulty_row)
			continue;
		reject->fault = (struct fault){.line = plan->rows->list.v[reject->row].line};
		ticket_fail(&reject->fault.err, TICKET_REFUSED, "held back: line %zu of the same case was rejected", draft->fault.line);
	}
}

void rejects_gather(struct plan *plan)
{
	for (size_t i = 0; i < plan->drafts.n; i++)
		if (plan->drafts.v[i]->fate == FATE_REJECTED)
			add_draft(plan, plan->drafts.v[i]);
	if (plan->rejects.n)
		qsort(plan->rejects.v, plan->rejects.n, sizeof(*plan->rejects.v), compare_rejects);
}

void rejects_write(const struct plan *plan, struct buf *out)
{
	const struct rows *rows = plan->rows;

	if (!plan->rejects.n)
		return;
	if (rows->format == ROWS_CSV) {
		/* The mark says UTF-8 to spreadsheets, and to a map that names another encoding. */
		if (!is_ascii(&rows->text))
			buf_puts(out, "\xef\xbb\xbf");
		csv_heading(out, rows);
	}
	for (size_t i = 0; i < plan->rejects.n; i++) {
		const struct reject *reject = &plan->rejects.v[i];
		const struct row *row = &rows->list.v[reject->row];
		char line[24];

		snprintf(line, sizeof(line), "%zu", reject->fault.line);
		if (rows->format == ROWS_CSV)
			csv_row(out, rows, line, reject->fault.column, reject->fault.err.message, rows->text.p + row->from, row->n);
		else
			json_row(out, rows, row, &reject->fault);
	}
}

void rejects_release(import_rejects *rejects)
{
	for (size_t i = 0; i < rejects->n; i++) {
		free(rejects->v[i].column);
		free(rejects->v[i].reason);
	}
	free(rejects->v);
	*rejects = (import_rejects){0};
}
