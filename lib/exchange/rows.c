/* SPDX-License-Identifier: MIT */
/* Rows: what CSV and JSON share; see rows.h. */
#include "exchange/rows.h"

#include "ticket/text.h"
#include "ticket/language.h"

#include <stdarg.h>

#define BLOCK_SIZE ((size_t)1 << 18)

/* Blocks that are only given back together: a file has millions of cells, all of one lifetime. */
struct arena {
	struct arena *before;
	size_t used, room;
	char bytes[] __attribute__((aligned(16)));
};

void *rows_memory(struct rows *rows, size_t n)
{
	struct arena *block = rows->arena;
	void *p;

	n = (n + 7) & ~(size_t)7;
	if (!block || block->room - block->used < n) {
		size_t room = n > BLOCK_SIZE / 4 ? n : BLOCK_SIZE;

		block = xmalloc(sizeof(*block) + room);
		block->before = rows->arena;
		block->used = 0;
		block->room = room;
		rows->arena = block;
	}
	p = block->bytes + block->used;
	block->used += n;
	return p;
}

const char *rows_text(struct rows *rows, const char *text, size_t n)
{
	char *copy = rows_memory(rows, n + 1), *to = copy;
	const char *end = text + n;

	if (!n || !memchr(text, '\r', n)) {
		if (n)
			memcpy(copy, text, n);
		copy[n] = '\0';
		return copy;
	}
	for (const char *p = text; p < end; p++) {
		if (*p == '\r') {
			while (p + 1 < end && p[1] == '\r')
				p++;
			p += p + 1 < end && p[1] == '\n';
			*to++ = '\n';
		} else {
			*to++ = *p;
		}
	}
	*to = '\0';
	return copy;
}

struct row *row_add(struct rows *rows, size_t line, size_t from, size_t wanted)
{
	struct row *row = list_push(&rows->list);

	row->line = line;
	row->from = from;
	row->cells = rows_memory(rows, (wanted ? wanted : 1) * sizeof(*row->cells));
	memset(row->cells, 0, (wanted ? wanted : 1) * sizeof(*row->cells));
	return row;
}

void row_flaw(struct rows *rows, struct row *row, size_t line, const char *column, const char *format, ...)
{
	char why[512];
	va_list args;

	if (row->flaw)
		return;
	va_start(args, format);
	vsnprintf(why, sizeof(why), language_text(format), args);
	va_end(args);
	row->flaw = rows_text(rows, why, strlen(why));
	row->flaw_column = column;
	row->flaw_line = line;
}

int rows_lack(struct rows *rows, const struct rows_options *options, size_t wanted, const char *origin, struct ticket_error *err)
{
	const char *name = options->wanted->v[wanted];
	const char *near = text_nearest(name, (const char *const *)rows->columns.v, rows->columns.n);
	_cleanup_free_ char *all = texts_join(&rows->columns, ", ");

	rows->missing = wanted;
	if (near)
		return ticket_fail(err, TICKET_USAGE, "'%s' has no column '%s'; did you mean '%s'?", origin, name, near);
	return ticket_fail(err, TICKET_USAGE, "'%s' has no column '%s'; it has: %.2000s", origin, name, all);
}

/* An object that ends on the line it begins on is JSON Lines; one that goes on is a document with the rows inside. */
static enum rows_format format_of(const struct buf *text)
{
	const char *p = text->p + strspn(text->p, " \t\r\n");
	bool quoted = false;
	size_t depth = 0;

	if (*p == '[')
		return ROWS_JSON;
	if (*p != '{')
		return ROWS_CSV;
	for (; *p && *p != '\n'; p++) {
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '"')
			quoted = !quoted;
		else if (!quoted)
			depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
	}
	return depth ? ROWS_JSON : ROWS_JSONL;
}

int rows_read(struct rows *out, const struct rows_options *options, const char *origin, struct ticket_error *err)
{
	out->missing = SIZE_MAX;
	if (out->text.n == 0)
		return ticket_fail(err, TICKET_USAGE, "'%s' is empty", origin);
	out->format = options->format ? options->format : format_of(&out->text);
	return out->format == ROWS_CSV ? csv_read(out, options, origin, err) : json_rows_read(out, options, origin, err);
}

void rows_release(struct rows *rows)
{
	for (struct arena *block = rows->arena, *before; block; block = before) {
		before = block->before;
		free(block);
	}
	free(rows->list.v);
	texts_release(&rows->columns);
	buf_release(&rows->text);
	*rows = (struct rows){0};
}

int rows_format_read(enum rows_format *out, const char *word, struct ticket_error *err)
{
	static const char *const words[] = {"auto", "csv", "jsonl", "json"};

	*out = ROWS_AUTO;
	for (unsigned i = 0; word && i < ARRAY_SIZE(words); i++)
		if (strcmp(word, words[i]) == 0) {
			*out = (enum rows_format)i;
			return 0;
		}
	return word ? ticket_fail(err, TICKET_USAGE, "'%s' is no format to read; it is csv, jsonl or json", word) : 0;
}
