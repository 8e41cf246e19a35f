/* SPDX-License-Identifier: MIT */
/* Rows from JSON Lines, or from an array in a JSON document: each object is parsed by itself, so that one broken row is one reject. */
#include "exchange/rows.h"

#include "model/json.h"

#include <ctype.h>

#define NAMES_LIMIT 512 /* of columns remembered for suggestions */

struct reading {
	struct rows *rows;
	const struct rows_options *options;
	bool *seen;      /* of each wanted column: some row has it */
	size_t at, line; /* where the scan stands */
};

static const char *text_at(const struct reading *r)
{
	return r->rows->text.p + r->at;
}

static bool at_end(const struct reading *r)
{
	return r->at >= r->rows->text.n;
}

static void skip_space(struct reading *r)
{
	for (; !at_end(r) && isspace((unsigned char)*text_at(r)); r->at++)
		r->line += *text_at(r) == '\n';
}

/* --- a row's cells --------------------------------------------------------------------------------------------- */

/* The member "a", or for "a.b" the member b of a, where there is no member of the whole name. */
static const struct json *find(const struct json *object, const char *name)
{
	const struct json *member = json_member(object, name);

	for (const char *dot = strchr(name, '.'); !member && dot; dot = strchr(dot + 1, '.')) {
		_cleanup_free_ char *head = xstrndup(name, (size_t)(dot - name));
		const struct json *inner = json_member(object, head);

		if (inner && json_type(inner) == JSON_OBJECT)
			member = find(inner, dot + 1);
	}
	return member;
}

/* A value as a cell: strings as they are, lists of them joined by commas, objects as JSON. NULL for null. Owned. */
static char *value_text(const struct json *value)
{
	struct texts items = {0};
	char *text;

	switch (json_type(value)) {
	case JSON_NULL:
		return NULL;
	case JSON_STRING:
		return xstrdup(json_string(value));
	case JSON_ARRAY:
		for (const struct json *item = json_first(value); item; item = json_next(item)) {
			_cleanup_free_ char *one = value_text(item);

			texts_add(&items, one ? one : "");
		}
		text = texts_join(&items, ",");
		texts_release(&items);
		return text;
	default:
		return json_text(value);
	}
}

static void take_cells(struct reading *r, struct row *row, const struct json *object)
{
	const struct texts *wanted = r->options->wanted;

	for (size_t w = 0; w < wanted->n; w++) {
		const struct json *value = find(object, wanted->v[w]);
		_cleanup_free_ char *text = NULL;

		if (!value)
			continue;
		r->seen[w] = true;
		text = value_text(value);
		if (json_type(value) == JSON_NUMBER && (json_number(value) > 9007199254740992.0 || json_number(value) < -9007199254740992.0))
			row_flaw(r->rows, row, row->line, wanted->v[w], "the number is too large to be read exactly; put it in quotes");
		else if (text && strlen(text) > CELL_LIMIT)
			row_flaw(r->rows, row, row->line, wanted->v[w], "the text is larger than 1 MiB");
		else if (text)
			row->cells[w].text = rows_text(r->rows, text, strlen(text));
		row->cells[w].line = row->line;
	}
	for (const struct json *member = json_first(object); member && r->rows->columns.n < NAMES_LIMIT; member = json_next(member))
		if (!texts_have(&r->rows->columns, json_name(member)))
			texts_add(&r->rows->columns, json_name(member));
}

/* Parses the 'n' bytes at 'from' as one row. */
static void take_row(struct reading *r, size_t from, size_t n, size_t line)
{
	struct row *row = row_add(r->rows, line, from, r->options->wanted->n);
	struct ticket_error err = {0};
	struct json_document doc;

	row->n = n;
	if (json_parse(&doc, r->rows->text.p + from, n, "", &err)) {
		const char *colon = strstr(err.message, ": "); /* the line it names counts from the row, not from the file */

		row_flaw(r->rows, row, line, NULL, "%s", colon ? colon + 2 : err.message);
		return;
	}
	if (json_type(doc.root) == JSON_OBJECT)
		take_cells(r, row, doc.root);
	else
		row_flaw(r->rows, row, line, NULL, "here stands %s, but a row is an object", json_type_name(doc.root));
	json_release(&doc);
}

/* --- finding the rows ------------------------------------------------------------------------------------------ */

static void read_lines(struct reading *r)
{
	while (skip_space(r), !at_end(r)) {
		const char *text = text_at(r), *lf = memchr(text, '\n', r->rows->text.n - r->at);
		size_t n = lf ? (size_t)(lf - text) : r->rows->text.n - r->at, from = r->at;

		r->at += n;
		while (n && isspace((unsigned char)text[n - 1]))
			n--;
		take_row(r, from, n, r->line);
	}
}

/* Moves behind the value at hand, by its brackets and quotes alone. */
static void skip_value(struct reading *r)
{
	size_t depth = 0;
	bool quoted = false;

	for (; !at_end(r); r->at++) {
		char c = *text_at(r);

		r->line += c == '\n';
		if (quoted) {
			quoted = c != '"';
			r->at += c == '\\' && r->at + 1 < r->rows->text.n;
		} else if (c == '"') {
			quoted = true;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if (c == '}' || c == ']') {
			if (depth == 0)
				return;
			if (--depth == 0) {
				r->at++;
				return;
			}
		} else if (depth == 0 && (c == ',' || c == ':')) {
			return;
		}
	}
}

/* Reads the elements of the array that begins here. */
static int read_array(struct reading *r, const char *origin, struct ticket_error *err)
{
	size_t opened = r->line;

	for (r->at++;;) {
		size_t from, n, line;

		skip_space(r);
		if (at_end(r))
			return ticket_fail(err, TICKET_USAGE, "%s:%zu: the array that begins here is not closed; the file is perhaps cut short", origin, opened);
		if (*text_at(r) == ']')
			return 0;
		if (*text_at(r) == ',' || *text_at(r) == ':' || *text_at(r) == '}') {
			r->at++;
			continue;
		}
		from = r->at;
		line = r->line;
		skip_value(r);
		for (n = r->at - from; n && isspace((unsigned char)r->rows->text.p[from + n - 1]);)
			n--;
		take_row(r, from, n, line);
	}
}

/* Looks in the outermost object for the array that holds the rows: the member 'list', or the first array. */
static bool find_array(struct reading *r)
{
	const char *list = r->options->list;

	for (r->at++; skip_space(r), !at_end(r) && *text_at(r) == '"';) {
		size_t name = r->at + 1, n;

		skip_value(r);
		if (at_end(r) || *text_at(r) != ':')
			return false;
		for (n = r->at - name; n && r->rows->text.p[name + n - 1] != '"';)
			n--;
		r->at++;
		skip_space(r);
		if (!at_end(r) && *text_at(r) == '[' && (!list || (strlen(list) + 1 == n && memcmp(list, r->rows->text.p + name, n - 1) == 0)))
			return true;
		skip_value(r);
		if (!at_end(r) && *text_at(r) == ',')
			r->at++;
	}
	return false;
}

static int read_document(struct reading *r, const char *origin, struct ticket_error *err)
{
	skip_space(r);
	if (!at_end(r) && *text_at(r) == '{' && !find_array(r))
		return r->options->list ? ticket_fail(err, TICKET_USAGE, "'%s' has no array '%s' that could hold the rows", origin, r->options->list)
					: ticket_fail(err, TICKET_USAGE, "'%s' has no array that could hold the rows; one object a line is the format jsonl", origin);
	if (at_end(r) || *text_at(r) != '[')
		return ticket_fail(err, TICKET_USAGE, "'%s' is no JSON array", origin);
	return read_array(r, origin, err);
}

int json_rows_read(struct rows *out, const struct rows_options *options, const char *origin, struct ticket_error *err)
{
	_cleanup_free_ bool *seen = xcalloc(options->wanted->n, sizeof(*seen));
	struct reading r = {.rows = out, .options = options, .seen = seen, .line = 1};

	if (out->format == ROWS_JSONL)
		read_lines(&r);
	else if (read_document(&r, origin, err))
		return TICKET_USAGE;
	for (size_t w = 0; w < options->wanted->n; w++)
		if (!seen[w] && out->columns.n)
			return rows_lack(out, options, w, origin, err);
	return 0;
}
