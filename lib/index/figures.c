/* SPDX-License-Identifier: MIT */
/*
 * Facts of tickets for reports (figures/fact.h) in the order of receipt: a period's lie together, so that a report reads
 * its own and nothing else. How they are kept: pages.c.
 */
#include "index/db.h"

#include <endian.h>

#define KEY_BYTES 16

/* As bytes in the order of the numbers: the highest first, and those below zero before the others. */
static struct bytes key_bytes(char room[KEY_BYTES], struct figure_key key)
{
	const uint64_t sign = UINT64_C(1) << 63, received = htobe64((uint64_t)key.received_s ^ sign), n = htobe64((uint64_t)key.n ^ sign);

	memcpy(room, &received, sizeof(received));
	memcpy(room + sizeof(received), &n, sizeof(n));
	return (struct bytes){room, KEY_BYTES};
}

static bool key_of(struct bytes bytes, struct figure_key *key)
{
	const uint64_t sign = UINT64_C(1) << 63;
	uint64_t received, n;

	if (bytes.n != KEY_BYTES)
		return false;
	memcpy(&received, bytes.p, sizeof(received));
	memcpy(&n, bytes.p + sizeof(received), sizeof(n));
	*key = (struct figure_key){(int64_t)(be64toh(received) ^ sign), (int64_t)(be64toh(n) ^ sign)};
	return true;
}

int figures_put(struct index *index, enum figure_part part, struct figure_key key, const struct buf *bytes, struct ticket_error *err)
{
	char room[KEY_BYTES];

	return pages_put(index, (enum page_kind)part, key_bytes(room, key), bytes_of(bytes), err);
}

int figures_drop(struct index *index, enum figure_part part, struct figure_key key, struct ticket_error *err)
{
	char room[KEY_BYTES];

	return pages_drop(index, (enum page_kind)part, key_bytes(room, key), err);
}

int figures_same(struct index *index, enum figure_part part, struct figure_key key, const struct buf *bytes, bool *same, struct ticket_error *err)
{
	char room[KEY_BYTES];

	return pages_same(index, (enum page_kind)part, key_bytes(room, key), bytes_of(bytes), same, err);
}

/* --- gathered ---------------------------------------------------------------------------------------------------- */

#define MOST_BYTES (16 << 20) /* held back before they are put */

struct figure_note {
	struct figure_key key;
	size_t at, n[FIGURE_PARTS]; /* the parts, one behind the other */
};
struct figure_notes {
	LIST(struct figure_note) list;
	struct buf bytes;
	struct figure_key last; /* that pages were made of */
	bool any;
};

struct figure_notes *figure_notes_new(void)
{
	return xcalloc(1, sizeof(struct figure_notes));
}

void figure_notes_free(struct figure_notes *notes)
{
	if (!notes)
		return;
	free(notes->list.v);
	buf_release(&notes->bytes);
	free(notes);
}

int figure_notes_add(struct figure_notes *notes, struct index *index, struct figure_key key, const struct buf parts[FIGURE_PARTS], struct ticket_error *err)
{
	struct figure_note *note = list_push(&notes->list);

	*note = (struct figure_note){.key = key, .at = notes->bytes.n};
	for (int part = 0; part < FIGURE_PARTS; part++) {
		note->n[part] = parts[part].n;
		buf_add(&notes->bytes, parts[part].p, parts[part].n);
	}
	return notes->bytes.n < MOST_BYTES ? 0 : figure_notes_put(notes, index, err);
}

/* Of notes, which begin with their keys, and of keys. */
static int by_key(const void *a, const void *b)
{
	const struct figure_key *x = a, *y = b;

	if (x->received_s != y->received_s)
		return x->received_s < y->received_s ? -1 : 1;
	return (x->n > y->n) - (x->n < y->n);
}

static struct bytes part_of(const struct figure_notes *notes, const struct figure_note *note, int part)
{
	const char *p = notes->bytes.p + note->at;

	for (int before = 0; before < part; before++)
		p += note->n[before];
	return (struct bytes){p, note->n[part]};
}

/* Among what was written before. */
static int put_note(const struct figure_notes *notes, const struct figure_note *note, struct index *index, struct ticket_error *err)
{
	char room[KEY_BYTES];
	int failed = 0;

	for (int part = 0; part < FIGURE_PARTS && !failed; part++)
		if (note->n[part])
			failed = pages_put(index, (enum page_kind)part, key_bytes(room, note->key), part_of(notes, note, part), err);
	return failed;
}

/* The notes from 'i' on become pages behind all that was written before. */
static int append(const struct figure_notes *notes, size_t i, int part, struct index *index, struct ticket_error *err)
{
	struct made_pages made = {0};
	char room[KEY_BYTES];
	int failed;

	for (; i < notes->list.n; i++) {
		const struct figure_note *note = &notes->list.v[i];

		if (note->n[part])
			pages_make(&made, (enum page_kind)part, key_bytes(room, note->key), part_of(notes, note, part));
	}
	pages_make_end(&made);
	failed = pages_append(index, (enum page_kind)part, &made, err);
	made_pages_release(&made);
	return failed;
}

int figure_notes_put(struct figure_notes *notes, struct index *index, struct ticket_error *err)
{
	size_t n = notes->list.n, i = 0;
	int failed = 0;

	if (!n)
		return 0;
	qsort(notes->list.v, n, sizeof(*notes->list.v), by_key);
	for (; notes->any && i < n && by_key(&notes->list.v[i].key, &notes->last) < 0 && !failed; i++)
		failed = put_note(notes, &notes->list.v[i], index, err);
	if (!failed)
		failed = pages_flush(index, err);
	for (int part = 0; part < FIGURE_PARTS && !failed; part++)
		failed = append(notes, i, part, index, err);
	if (i < n)
		notes->last = notes->list.v[n - 1].key;
	notes->any = true;
	notes->list.n = 0;
	buf_truncate(&notes->bytes, 0);
	return failed;
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

void figures_release(struct figures *figures)
{
	for (size_t i = 0; i < figures->pages.n; i++)
		free(figures->pages.v[i]);
	free(figures->pages.v);
	free(figures->list.v);
	*figures = (struct figures){0};
}

static int take_run(void *data, struct buf *page, struct page_run run, struct ticket_error *err)
{
	struct figures *out = data;
	struct bytes key, value;

	*list_push(&out->pages) = buf_steal(page);
	while (page_run_next(&run, &key, &value)) {
		struct figure *figure = list_push(&out->list);

		if (!key_of(key, &figure->key))
			return pages_damaged(err);
		figure->bytes = value.p;
		figure->size = value.n;
	}
	return 0;
}

int figures_read(struct index *index, enum figure_part part, const struct range *range, struct figures *out, struct ticket_error *err)
{
	char from[KEY_BYTES], until[KEY_BYTES];
	const struct bytes end = key_bytes(until, (struct figure_key){range->until_s, INT64_MIN}), none = {0};

	return pages_read(index, (enum page_kind)part, key_bytes(from, (struct figure_key){range->from_s, INT64_MIN}), range->until_s == INT64_MAX ? none : end,
			  take_run, out, err);
}
