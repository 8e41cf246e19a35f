/* SPDX-License-Identifier: MIT */
/* Any bytes as a file of rows, in every format: refused, or rows whose cells are text and lie within the file. */
#include "exchange/encoding.h"
#include "exchange/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool holds)
{
	if (!holds)
		abort();
}

static void look(const struct rows *rows, size_t wanted)
{
	size_t line = 0;

	for (size_t i = 0; i < rows->list.n; i++) {
		const struct row *row = &rows->list.v[i];

		insist(row->line >= line && row->from + row->n <= rows->text.n);
		line = row->line;
		for (size_t w = 0; w < wanted; w++)
			insist(!row->cells[w].text || (!strchr(row->cells[w].text, '\r') && strlen(row->cells[w].text) <= rows->text.n * 6));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *names[] = {"a", "b.c"};
	const struct texts wanted = {names, 2}, none = {0};

	for (int format = ROWS_AUTO; format <= ROWS_JSON; format++)
		for (int trim = 0; trim < 2; trim++) {
			const struct rows_options options = {.format = (enum rows_format)format, .trim = trim, .wanted = trim ? &none : &wanted};
			_cleanup_rows_ struct rows rows = {0};
			struct ticket_error err = {0};

			if (text_decode(&rows.text, (const char *)data, size, NULL, "f", NULL, &err) || rows_read(&rows, &options, "f", &err))
				insist(err.code == TICKET_USAGE && *err.message);
			else
				look(&rows, trim ? 0 : 2);
		}
	return 0;
}
