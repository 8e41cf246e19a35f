/* SPDX-License-Identifier: MIT */
/* Sorted entries, many to a compressed page: see pages.c. */
#ifndef INDEX_PAGES_H
#define INDEX_PAGES_H

#include "index/index.h"

#include <endian.h>

struct bytes {
	const char *p;
	size_t n;
};
/* As memcmp, what is shorter first. Most differ in their first bytes, which are compared as a number. */
static inline int bytes_order(struct bytes a, struct bytes b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	uint64_t x, y;
	int order;

	if (n >= sizeof(x)) {
		memcpy(&x, a.p, sizeof(x));
		memcpy(&y, b.p, sizeof(y));
		if (x != y)
			return be64toh(x) < be64toh(y) ? -1 : 1;
	}
	order = n ? memcmp(a.p, b.p, n) : 0;
	return order ? order : (a.n > b.n) - (a.n < b.n);
}
static inline struct bytes bytes_of(const struct buf *buf)
{
	return (struct bytes){buf->p, buf->n};
}

/* What is kept in pages. */
enum page_kind {
	/* What reports are counted from, by receipt (figures.c): enum figure_part. */
	PAGES_FIGURES = PART_FIGURES,
	PAGES_WORDS = PART_WORDS,
	PAGES_VISITS = PART_VISITS,
	/* What tickets are found by (names.c). */
	NAMES_NUMBER, /* the number or a former one, in small letters */
	NAMES_TURNED, /* the same from its end to its beginning, so that what a number ends in is a range too */
	NAMES_PATH,   /* a digest of the path, where that does not follow from the number */
	NAMES_UID,    /* a digest of the uid */
	PAGE_KINDS
};

/* A page in memory. */
struct page {
	int64_t used;           /* when, as a count; 0: nothing is here */
	int64_t row;            /* where it stands in the table; 0: nowhere yet */
	struct buf from, until; /* its bounds; the upper one is not included */
	bool last;              /* there is no upper bound */
	bool changed;           /* its row holds something else */
	struct buf data;        /* the entries, in order */
	LIST(uint32_t) begins;  /* where each begins in 'data' */
	size_t room;            /* of 'begins' */
};
/* Those at hand; the one not used for longest gives way to another. */
#define PAGES_AT_HAND 16
struct pages {
	struct page kinds[PAGE_KINDS][PAGES_AT_HAND];
	size_t latest[PAGE_KINDS]; /* the one used last, which is most often used again */
	int64_t uses;
};

/* What was read is not what we write: INDEX_DAMAGED. */
int pages_damaged(struct ticket_error *err);
/* An empty page for each kind, in an empty table. */
int pages_create(struct index *index, struct ticket_error *err);
/* Puts or replaces an entry. */
int pages_put(struct index *index, enum page_kind kind, struct bytes key, struct bytes value, struct ticket_error *err);
/* Takes it away, if it is there. */
int pages_drop(struct index *index, enum page_kind kind, struct bytes key, struct ticket_error *err);
/* Is it there with this value? */
int pages_same(struct index *index, enum page_kind kind, struct bytes key, struct bytes value, bool *same, struct ticket_error *err);
/* Writes the pages at hand: at the end of every change of the index. */
int pages_flush(struct index *index, struct ticket_error *err);
/* Lets go of them unwritten. */
void pages_forget(struct index *index);

/* Entries that lie behind each other in a page. */
struct page_run {
	struct bytes rest;
};
/* The next one, false at the end; it lies where the run does. */
bool page_run_next(struct page_run *run, struct bytes *key, struct bytes *value);
/*
 * Visits the entries from 'from' to before 'until' (whose 'p' is NULL for all that follow), in order, a run at a time;
 * the visitor leaves the pages as they are. What it returns ends the visit unless it is 0, and is returned.
 */
typedef int page_visitor(void *data, struct page_run run, struct ticket_error *err);
int pages_find(struct index *index, enum page_kind kind, struct bytes from, struct bytes until, page_visitor *visit, void *data, struct ticket_error *err);

/* The same for many entries, and where no page was changed since pages_flush; the visitor may steal the page that the run lies in. */
typedef int page_reader(void *data, struct buf *page, struct page_run run, struct ticket_error *err);
int pages_read(struct index *index, enum page_kind kind, struct bytes from, struct bytes until, page_reader *visit, void *data, struct ticket_error *err);

/* Pages made of entries that come in order, needing no database: by any thread, to be written later. */
struct made_page {
	struct buf first, packed;
	size_t size;
};
struct made_pages {
	LIST(struct made_page) list;
	struct buf first, data; /* of the page being made */
};
void pages_make(struct made_pages *made, enum page_kind kind, struct bytes key, struct bytes value);
void pages_make_end(struct made_pages *made);
/* Writes them behind all that the kind has, which is not being changed. */
int pages_append(struct index *index, enum page_kind kind, const struct made_pages *made, struct ticket_error *err);
void made_pages_release(struct made_pages *made);

#endif
