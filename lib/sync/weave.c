/* SPDX-License-Identifier: MIT */
/* Two sequences that only grow become one: see unite.h. */
#include "sync/unite.h"

#include "ticket/time.h"

#include <search.h>

/* --- the order ------------------------------------------------------------------------------------------------- */

/* A step's id and its place in the sequence, for finding it there. */
struct known {
	const char *id;
	size_t at;
};

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct known *)a)->id, ((const struct known *)b)->id);
}

/* One of the two sequences while they are woven. */
struct side {
	const struct strand *v;
	size_t n, next;
	struct known *known; /* in order of id */
	bool *taken;
};

static void side_begin(struct side *side, const struct strand *v, size_t n)
{
	*side = (struct side){v, n, 0, xcalloc(n + 1, sizeof(*side->known)), xcalloc(n + 1, sizeof(*side->taken))};
	for (size_t i = 0; i < n; i++)
		side->known[i] = (struct known){v[i].id, i};
	qsort(side->known, n, sizeof(*side->known), by_id);
}

static void side_end(struct side *side)
{
	free(side->known);
	free(side->taken);
}

/* Where a step stands in the other sequence; SIZE_MAX when it is not there. */
static size_t place_in(const struct side *side, const char *id)
{
	const struct known key = {id, 0}, *found = side->n ? bsearch(&key, side->known, side->n, sizeof(key), by_id) : NULL;

	return found ? found->at : SIZE_MAX;
}

static void skip_taken(struct side *side)
{
	while (side->next < side->n && side->taken[side->next])
		side->next++;
}

static int compare_strands(const struct strand *a, const struct strand *b)
{
	return a->recorded_s != b->recorded_s ? (a->recorded_s < b->recorded_s ? -1 : 1) : strcmp(a->id, b->id);
}

/*
 * Which side goes on: what the other side has too waits until it is its turn there. That two sides have two steps in
 * different order cannot come about by recording and weaving; made by hand, it is decided like everything else.
 */
static bool theirs_first(const struct side *ours, const struct side *theirs)
{
	const struct strand *a = &ours->v[ours->next], *b = &theirs->v[theirs->next];
	bool a_common = place_in(theirs, a->id) != SIZE_MAX, b_common = place_in(ours, b->id) != SIZE_MAX;

	return a_common != b_common ? a_common : compare_strands(b, a) < 0;
}

void weave(const struct strand *ours, size_t n, const struct strand *theirs, size_t m, struct woven **out, size_t *out_n)
{
	struct side a, b;

	side_begin(&a, ours, n);
	side_begin(&b, theirs, m);
	*out = xcalloc(n + m + 1, sizeof(**out));
	*out_n = 0;
	for (;;) {
		bool second;
		size_t other;

		skip_taken(&a);
		skip_taken(&b);
		if (a.next == a.n && b.next == b.n)
			break;
		second = a.next == a.n || (b.next < b.n && theirs_first(&a, &b));
		if (second) {
			other = place_in(&a, b.v[b.next].id);
			(*out)[(*out_n)++] = other == SIZE_MAX ? (struct woven){true, b.next, SIZE_MAX} : (struct woven){false, other, b.next};
			if (other != SIZE_MAX)
				a.taken[other] = true;
			b.next++;
		} else {
			other = place_in(&b, a.v[a.next].id);
			(*out)[(*out_n)++] = (struct woven){false, a.next, other};
			if (other != SIZE_MAX)
				b.taken[other] = true;
			a.next++;
		}
	}
	side_end(&a);
	side_end(&b);
}

/* --- events ---------------------------------------------------------------------------------------------------- */

static struct strand *strands_of(const struct codec *codec, const struct any_list *events)
{
	size_t id = codec_field(codec, "id")->offset, recorded = codec_field(codec, "recorded")->offset;
	struct strand *strands = xcalloc(events->n + 1, sizeof(*strands));

	for (size_t i = 0; i < events->n; i++) {
		const char *event = item_at(events, i, codec);

		strands[i] = (struct strand){*(char *const *)(event + id), ((const struct stamp *)(event + recorded))->s};
	}
	return strands;
}

/* Of two contents under one id, which only a hand can make, both sides keep the same one. */
static const void *smaller(const struct codec *codec, const void *one, const void *two)
{
	_cleanup_buf_ struct buf a = {0}, b = {0};

	codec_write_compact(codec, one, &a);
	codec_write_compact(codec, two, &b);
	return strcmp(a.p, b.p) <= 0 ? one : two;
}

size_t unite_events(const struct codec *codec, const struct any_list *ours, const struct any_list *theirs, struct any_list *out)
{
	_cleanup_free_ struct strand *a = strands_of(codec, ours), *b = strands_of(codec, theirs);
	_cleanup_free_ struct woven *woven = NULL;
	size_t n, differing = 0;

	weave(a, ours->n, b, theirs->n, &woven, &n);
	for (size_t i = 0; i < n; i++) {
		const void *event = item_at(woven[i].theirs ? theirs : ours, woven[i].at, codec);

		if (woven[i].other != SIZE_MAX && !codec_equal(codec, event, item_at(theirs, woven[i].other, codec))) {
			event = smaller(codec, event, item_at(theirs, woven[i].other, codec));
			differing++;
		}
		codec_copy(codec, list_grow(out, codec->size), event);
	}
	return differing;
}

/* --- lines ----------------------------------------------------------------------------------------------------- */

struct lines {
	LIST(struct strand) strands;
	LIST(struct buf) texts; /* borrowed: where each line lies */
	struct texts ids;
	void *seen; /* tsearch tree of the ids */
};

static int compare_ids(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void keep_nothing(void *node)
{
}

static void lines_release(struct lines *lines)
{
	tdestroy(lines->seen, keep_nothing);
	free(lines->strands.v);
	free(lines->texts.v);
	texts_release(&lines->ids);
}

static int split_lines(struct lines *lines, const struct buf *text, const char *path, line_reader *read, struct ticket_error *err)
{
	char *line = text->p, *end = text->n ? text->p + text->n : text->p;

	while (line < end) {
		char *stop = memchr(line, '\n', (size_t)(end - line)), *id = NULL;
		size_t n = (size_t)((stop ? stop : end) - line);
		int64_t recorded_s;
		int failed = read(line, n, path, &id, &recorded_s, err);

		if (failed)
			return failed;
		/* Lines that have no id of their own are themselves; the second of two equal ones is another. */
		while (tfind(id, &lines->seen, compare_ids)) {
			char *more = xasprintf("%s+", id);

			free(id);
			id = more;
		}
		tsearch(id, &lines->seen, compare_ids);
		*list_push(&lines->ids) = id;
		*list_push(&lines->strands) = (struct strand){id, recorded_s};
		*list_push(&lines->texts) = (struct buf){.p = line, .n = n};
		line += n + (stop != NULL);
	}
	return 0;
}

int unite_lines(const struct buf *ours, const struct buf *theirs, const char *path, line_reader *read, struct buf *out, struct ticket_error *err)
{
	_cleanup_(lines_release) struct lines a = {0}, b = {0};
	_cleanup_free_ struct woven *woven = NULL;
	size_t n;
	int failed;

	if ((failed = split_lines(&a, ours, path, read, err)) || (failed = split_lines(&b, theirs, path, read, err)))
		return failed;
	weave(a.strands.v, a.strands.n, b.strands.v, b.strands.n, &woven, &n);
	for (size_t i = 0; i < n; i++) {
		const struct buf *line = &(woven[i].theirs ? &b : &a)->texts.v[woven[i].at];

		buf_add(out, line->p, line->n);
		buf_putc(out, '\n');
	}
	return 0;
}
