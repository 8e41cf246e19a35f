/* SPDX-License-Identifier: MIT */
/* Pieces of a ticket's texts in which a search found what it looked for, with the found bytes marked. */
#include "index/query.h"

#include "ticket/text.h"

#include <ctype.h>

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

/* A place in a text and the term that was found there, as a bit: of more than 64 the last share one. */
struct mark {
	size_t start, end;
	uint64_t term;
};
typedef LIST(struct mark) mark_list;

static int by_start(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

/* Every place of every needle, in bytes of the text, in order. */
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

			*list_push(marks) = (struct mark){mapped->from.v[at].start, mapped->from.v[at + n - 1].end, UINT64_C(1) << (i < 63 ? i : 63)};
		}
	}
	if (marks->n)
		qsort(marks->v, marks->n, sizeof(*marks->v), by_start);
}

/* --- the window ------------------------------------------------------------------------------------------------- */

struct window {
	size_t start, end;
	uint64_t terms; /* found within */
};

/* Moves back from 'at' by whole characters that are together at most 'columns' wide. */
static size_t step_back(const char *text, size_t at, size_t columns)
{
	size_t width = 0, before = at;

	while (at) {
		do
			before--;
		while (before && ((unsigned char)text[before] & 0xc0) == 0x80);
		width += text_width(text + before, at - before);
		if (width > columns)
			break;
		at = before;
	}
	return at;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

static bool splits_word(const char *text, size_t at)
{
	return at && isalnum((unsigned char)text[at - 1]) && isalnum((unsigned char)text[at]);
}

/* The piece of text around a mark: all of it where it fits, else a third of it ahead of the mark, and no half words. */
static struct window window_at(const char *text, const struct mark *mark, size_t columns)
{
	size_t n = strlen(text), inside;
	struct window w = {0, n, 0};

	if (text_width(text, n) <= columns)
		return w;
	inside = columns > 2 ? columns - 2 : 1; /* dots stand at both ends */
	w.start = step_back(text, mark->start, inside / 3);
	w.end = w.start + text_fit(text + w.start, n - w.start, inside, NULL);
	if (w.end == n)
		w.start = step_back(text, n, inside);
	for (size_t at = w.start; splits_word(text, w.start) && ++at < mark->start;)
		if (!splits_word(text, at))
			w.start = at;
	for (size_t at = w.end; w.end < n && splits_word(text, w.end) && --at > mark->end;)
		if (!splits_word(text, at))
			w.end = at;
	while (w.start < mark->start && is_blank(text[w.start]))
		w.start++;
	while (w.end > mark->end && is_blank(text[w.end - 1]))
		w.end--;
	return w;
}

static int worth(uint64_t terms, uint64_t known)
{
	return 64 * __builtin_popcountll(terms & ~known) + __builtin_popcountll(terms);
}

/* The window in which most terms are found, of those not yet 'known' first; of equal ones the first. */
static struct window best_window(const char *text, const mark_list *marks, uint64_t known, size_t columns)
{
	struct window best = {0};

	for (size_t i = 0; i < marks->n; i++) {
		struct window w = window_at(text, &marks->v[i], columns);

		for (size_t j = 0; j < marks->n; j++)
			if (marks->v[j].start >= w.start && marks->v[j].start < w.end)
				w.terms |= marks->v[j].term;
		if (!i || worth(w.terms, known) > worth(best.terms, known))
			best = w;
	}
	return best;
}

/* The window as one line, each run of white space one space. */
static void cut(const char *text, const mark_list *marks, struct window w, struct snippet *out)
{
	_cleanup_free_ size_t *places = xcalloc(w.end - w.start + 1, sizeof(*places)); /* of the text's bytes in the line */
	LIST(struct snippet_mark) shown = {0};
	struct buf line = {0};

	buf_puts(&line, w.start ? "…" : "");
	for (size_t i = w.start; i < w.end; i++) {
		places[i - w.start] = line.n;
		if (!is_blank(text[i]))
			buf_putc(&line, text[i]);
		else if (line.n && line.p[line.n - 1] != ' ')
			buf_putc(&line, ' ');
	}
	places[w.end - w.start] = line.n;
	for (size_t i = 0; i < marks->n && marks->v[i].start < w.end; i++) {
		const struct mark *mark = &marks->v[i];
		struct snippet_mark place;

		if (mark->start < w.start)
			continue;
		place = (struct snippet_mark){places[mark->start - w.start], places[(mark->end < w.end ? mark->end : w.end) - w.start]};
		if (shown.n && place.start <= shown.v[shown.n - 1].end) {
			if (place.end > shown.v[shown.n - 1].end)
				shown.v[shown.n - 1].end = place.end;
		} else if (place.start < place.end) {
			*list_push(&shown) = place;
		}
	}
	buf_puts(&line, text[w.end] ? "…" : "");
	out->text = buf_steal(&line);
	out->marks = shown.v;
	out->n_marks = shown.n;
}

/* --- which text ------------------------------------------------------------------------------------------------- */

struct snippet_search {
	const struct query *query;
	enum snippet_where where;
	size_t columns;
	uint64_t in_subject; /* terms found there */
	int best;
	struct snippet *out;
};

static int look_in(const char *field, const char *text, void *data)
{
	struct snippet_search *search = data;
	_cleanup_(mapped_release) struct mapped mapped = {0};
	bool is_subject = strcmp(field, "subject") == 0;
	mark_list marks = {0};
	struct window w;

	map_text(&mapped, text);
	find_marks(search->query, field, &mapped, &marks);
	for (size_t i = 0; is_subject && i < marks.n; i++)
		search->in_subject |= marks.v[i].term;
	if (marks.n && !(is_subject && search->where == SNIPPET_BEYOND)) {
		w = best_window(text, &marks, search->where == SNIPPET_BEYOND ? search->in_subject : 0, search->columns);
		if (worth(w.terms, search->in_subject) > search->best) {
			search->best = worth(w.terms, search->in_subject);
			snippet_release(search->out);
			search->out->field = xstrdup(field);
			cut(text, &marks, w, search->out);
		}
	}
	free(marks.v);
	return search->where == SNIPPET_BEYOND ? 0 : search->where == SNIPPET_SUBJECT || search->out->text;
}

bool query_snippet(const struct query *query, const struct ticket *ticket, enum snippet_where where, size_t columns, struct snippet *out)
{
	struct snippet_search search = {query, where, columns, 0, 0, out};

	*out = (struct snippet){0};
	each_text(ticket, look_in, &search);
	return out->text;
}
