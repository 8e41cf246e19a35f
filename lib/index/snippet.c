/* SPDX-License-Identifier: MIT */
/* The piece of a ticket's text in which a search found what it looked for, with the found bytes marked. */
#include "index/query.h"

#include "ticket/text.h"

#define MOST_MARKS 32

void snippet_release(struct snippet *snippet)
{
	free(snippet->field);
	free(snippet->text);
	free(snippet->marks);
	*snippet = (struct snippet){0};
}

/* --- from folded bytes back to the text ------------------------------------------------------------------------- */

struct mapped {
	struct buf folded;
	LIST(struct snippet_mark) from; /* for each folded byte: the piece of text it came from */
};

static size_t char_bytes(const char *p)
{
	size_t n = 1;

	while (((unsigned char)p[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/*
 * May the text be folded in two parts here? Before these characters always: ASCII, CJK ideographs and full-width
 * forms of ASCII never join with what stands in front of them.
 */
static bool is_joint(const char *p)
{
	const unsigned char *c = (const unsigned char *)p;

	if (c[0] < 0x80)
		return true;
	if (c[0] >= 0xe4 && c[0] <= 0xe9)
		return c[0] != 0xe4 || c[1] >= 0xb8; /* U+4E00 to U+9FFF */
	return c[0] == 0xef && (c[1] == 0xbc || (c[1] == 0xbd && c[2] <= 0x9e));
}

static void map_piece(struct mapped *out, const char *text, size_t start, size_t end)
{
	_cleanup_free_ char *piece = xstrndup(text + start, end - start), *folded = search_fold(piece);

	for (const char *p = folded; *p; p++) {
		if (*p == ' ' && out->folded.n && out->folded.p[out->folded.n - 1] == ' ')
			continue;
		buf_putc(&out->folded, *p);
		*list_push(&out->from) = (struct snippet_mark){start, end};
	}
}

static void map_text(struct mapped *out, const char *text)
{
	size_t start = 0, at = 0;

	while (text[at]) {
		at += char_bytes(text + at);
		if (text[at] && !is_joint(text + at))
			continue;
		map_piece(out, text, start, at);
		start = at;
	}
}

static void mapped_release(struct mapped *mapped)
{
	buf_release(&mapped->folded);
	free(mapped->from.v);
}

/* --- marks ------------------------------------------------------------------------------------------------------ */

static int by_start(const void *a, const void *b)
{
	const struct snippet_mark *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

typedef LIST(struct snippet_mark) mark_list;

static void merge_marks(mark_list *marks)
{
	size_t kept = 0;

	if (!marks->n)
		return;
	qsort(marks->v, marks->n, sizeof(*marks->v), by_start);
	for (size_t i = 1; i < marks->n; i++) {
		if (marks->v[i].start > marks->v[kept].end)
			marks->v[++kept] = marks->v[i];
		else if (marks->v[i].end > marks->v[kept].end)
			marks->v[kept].end = marks->v[i].end;
	}
	marks->n = kept + 1;
}

/* Every place of every needle, in bytes of the text. */
static void find_marks(const struct query *query, const char *field, const struct mapped *mapped, mark_list *marks)
{
	for (size_t i = 0; i < query->tests.n; i++) {
		const struct test *test = &query->tests.v[i];
		const char *hit = mapped->folded.p;
		size_t n = test->text ? strlen(test->text) : 0;

		if (test->op != TEST_TEXT || test->negated || !hit || (strcmp(test->field->name, "subject") == 0 && strcmp(field, "subject") != 0))
			continue;
		for (size_t found = 0; found < MOST_MARKS && (hit = strstr(hit, test->text)); hit += n, found++) {
			size_t at = (size_t)(hit - mapped->folded.p);

			*list_push(marks) = (struct snippet_mark){mapped->from.v[at].start, mapped->from.v[at + n - 1].end};
		}
	}
	merge_marks(marks);
}

/* --- the window ------------------------------------------------------------------------------------------------- */

/* Moves back from 'at' by whole characters until they are about 'columns' wide. */
static size_t step_back(const char *text, size_t at, size_t columns)
{
	size_t width = 0;

	while (at && width < columns) {
		size_t end = at;

		do
			at--;
		while (at && ((unsigned char)text[at] & 0xc0) == 0x80);
		width += text_width(text + at, end - at);
	}
	return at;
}

static void cut(const char *text, const mark_list *marks, size_t columns, struct snippet *out)
{
	struct buf line = {0};
	size_t start = step_back(text, marks->v[0].start, columns / 3), end;
	mark_list shown = {0};

	end = start + text_fit(text + start, strlen(text + start), columns, NULL);
	buf_puts(&line, start ? "…" : "");
	for (size_t i = 0; i < marks->n && marks->v[i].start < end; i++)
		*list_push(&shown) = (struct snippet_mark){marks->v[i].start - start + line.n, (marks->v[i].end < end ? marks->v[i].end : end) - start + line.n};
	for (size_t i = start; i < end; i++)
		buf_putc(&line, text[i] == '\n' || text[i] == '\t' ? ' ' : text[i]);
	buf_puts(&line, text[end] ? "…" : "");
	out->text = buf_steal(&line);
	out->marks = shown.v;
	out->n_marks = shown.n;
}

struct snippet_search {
	const struct query *query;
	size_t columns;
	struct snippet *out;
};

static int look_in(const char *field, const char *text, void *data)
{
	struct snippet_search *search = data;
	_cleanup_(mapped_release) struct mapped mapped = {0};
	mark_list marks = {0};
	bool found;

	map_text(&mapped, text);
	find_marks(search->query, field, &mapped, &marks);
	found = marks.n > 0;
	if (found) {
		search->out->field = xstrdup(field);
		cut(text, &marks, search->columns, search->out);
	}
	free(marks.v);
	return found;
}

bool query_snippet(const struct query *query, const struct ticket *ticket, size_t columns, struct snippet *out)
{
	struct snippet_search search = {query, columns, out};

	*out = (struct snippet){0};
	return each_text(ticket, look_in, &search) == 1;
}
