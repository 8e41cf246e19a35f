/* SPDX-License-Identifier: MIT */
/*
 * Sorted entries, many to a compressed page: what would be a row of its own costs a few bytes, and what lies together is
 * read at once. So are kept the facts for reports (figures.c) and what tickets are found by (names.c): fifty thousand
 * tickets' facts are read in the time in which as many rows could only be counted.
 *
 * A page holds the entries from its own bound up to that of the next one. The first page of each kind is always there,
 * and its bound is below every key. Pages that are being changed stay in memory until pages_flush.
 */
#include "index/db.h"

#include <lz4.h>

/* A page is divided when it holds more. Small ones are soon changed, large ones soon read: twenty to eighty entries are. */
static const size_t page_bytes[PAGE_KINDS] = {
	[PAGES_FIGURES] = 4096, [PAGES_WORDS] = 6144, [PAGES_VISITS] = 2048,
	[NAMES_NUMBER] = 2048, [NAMES_TURNED] = 2048, [NAMES_PATH] = 2048, [NAMES_UID] = 2048,
};
#define LARGEST_PAGE (INT64_C(1) << 30)

/* --- entries ----------------------------------------------------------------------------------------------------- */

/* What stands before each entry's key and value. */
struct entry_head {
	uint32_t key, value; /* how many bytes each has */
};

static bool same_bytes(struct bytes a, struct bytes b)
{
	return a.n == b.n && (!a.n || memcmp(a.p, b.p, a.n) == 0);
}

static void add_entry(struct buf *data, struct bytes key, struct bytes value)
{
	const struct entry_head head = {(uint32_t)key.n, (uint32_t)value.n};

	buf_reserve(data, sizeof(head) + key.n + value.n);
	buf_add(data, &head, sizeof(head));
	buf_add(data, key.p, key.n);
	buf_add(data, value.p, value.n);
}

bool page_run_next(struct page_run *run, struct bytes *key, struct bytes *value)
{
	struct bytes *rest = &run->rest;
	struct entry_head head;

	if (rest->n < sizeof(head))
		return false;
	memcpy(&head, rest->p, sizeof(head));
	if (rest->n - sizeof(head) < (uint64_t)head.key + head.value)
		return false;
	*key = (struct bytes){rest->p + sizeof(head), head.key};
	*value = (struct bytes){key->p + key->n, head.value};
	rest->n -= (size_t)(value->p + value->n - rest->p);
	rest->p = value->p + value->n;
	return true;
}

/* Where the entry begins; behind all of them, where the page ends. */
static size_t beginning(const struct page *page, size_t i)
{
	return i < page->begins.n ? page->begins.v[i] : page->data.n;
}

static void entry_at(const struct page *page, size_t i, struct bytes *key, struct bytes *value)
{
	struct page_run run = {{page->data.p + page->begins.v[i], beginning(page, i + 1) - page->begins.v[i]}};

	page_run_next(&run, key, value);
}

static void add_beginning(struct page *page, size_t i, size_t at)
{
	if (page->begins.n == page->room) {
		page->room = page->room ? page->room * 2 : 128;
		page->begins.v = xrealloc(page->begins.v, page->room * sizeof(*page->begins.v));
	}
	memmove(page->begins.v + i + 1, page->begins.v + i, (page->begins.n++ - i) * sizeof(*page->begins.v));
	page->begins.v[i] = (uint32_t)at;
}

/* Finds where entries begin; false when the page is not what we write: whole entries, in order. */
static bool find_beginnings(struct page *page)
{
	struct page_run run = {bytes_of(&page->data)};
	struct bytes key, value, last = {0};

	page->begins.n = 0;
	for (size_t at = 0; page_run_next(&run, &key, &value); at = page->data.n - run.rest.n) {
		if (at && bytes_order(last, key) >= 0)
			return false;
		add_beginning(page, page->begins.n, at);
		last = key;
	}
	return !run.rest.n;
}

/* Which entry has the key, or would be followed by what has: true when it is there. Most are put behind the last one. */
static bool find_entry(const struct page *page, struct bytes wanted, size_t *i)
{
	size_t low = 0, high = page->begins.n;
	struct bytes key, value;

	*i = high;
	if (!high)
		return false;
	for (size_t middle = high - 1; low < high; middle = low + (high - low) / 2) {
		int before;

		entry_at(page, middle, &key, &value);
		before = bytes_order(key, wanted);
		if (!before) {
			*i = middle;
			return true;
		}
		if (before < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*i = low;
	return false;
}

/* --- rows -------------------------------------------------------------------------------------------------------- */

int pages_damaged(struct ticket_error *err)
{
	ticket_fail(err, TICKET_STORAGE, "the index is damaged: a page of its figures or names");
	return INDEX_DAMAGED;
}

static void pack(const struct buf *data, struct buf *out)
{
	int room = LZ4_compressBound((int)data->n), size;

	buf_truncate(out, 0);
	buf_reserve(out, (size_t)room);
	size = data->n ? LZ4_compress_default(data->p, out->p, (int)data->n, room) : 0;
	if (size > 0 && (size_t)size < data->n)
		out->n = (size_t)size;
	else
		buf_add(out, data->p, data->n);
}

/* The columns (size, data) of a row. */
static int unpack(sqlite3_stmt *statement, int column, struct buf *data, struct ticket_error *err)
{
	int64_t size = sqlite3_column_int64(statement, column);
	const char *packed = sqlite3_column_blob(statement, column + 1);
	int n = sqlite3_column_bytes(statement, column + 1);

	buf_truncate(data, 0);
	if (!size)
		return 0;
	if (size < 0 || size > LARGEST_PAGE || !packed || n > size)
		return pages_damaged(err);
	buf_reserve(data, (size_t)size);
	data->n = (size_t)size;
	if (n == size)
		memcpy(data->p, packed, (size_t)size);
	else if (LZ4_decompress_safe(packed, data->p, n, (int)size) != size)
		return pages_damaged(err);
	return 0;
}

/* A new row, or another content of the one that is there. */
static int write_row(struct index *index, enum page_kind kind, struct bytes first, int64_t *row, size_t size, struct bytes packed, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, *row ? STMT_PAGE_REWRITE : STMT_PAGE_WRITE, err);
	int failed;

	if (!statement)
		return db_fail(index, err);
	sqlite3_bind_int64(statement, 1, (int64_t)size);
	sqlite3_bind_blob64(statement, 2, packed.n ? packed.p : "", packed.n, SQLITE_STATIC);
	if (*row) {
		sqlite3_bind_int64(statement, 3, *row);
	} else {
		sqlite3_bind_int(statement, 3, (int)kind);
		sqlite3_bind_blob64(statement, 4, first.n ? first.p : "", first.n, SQLITE_STATIC);
	}
	if ((failed = db_run(index, statement, err)))
		return failed;
	if (!*row)
		*row = sqlite3_last_insert_rowid(index->sql);
	return 0;
}

static int write_page(struct index *index, enum page_kind kind, struct page *page, struct ticket_error *err)
{
	_cleanup_buf_ struct buf packed = {0};

	pack(&page->data, &packed);
	page->changed = false;
	return write_row(index, kind, bytes_of(&page->from), &page->row, page->data.n, bytes_of(&packed), err);
}

static int delete_page(struct index *index, const struct page *page, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_PAGE_DELETE, err);

	if (!statement)
		return db_fail(index, err);
	sqlite3_bind_int64(statement, 1, page->row);
	return db_run(index, statement, err);
}

int pages_create(struct index *index, struct ticket_error *err)
{
	const struct bytes nothing = {"", 0};
	int failed = 0;

	for (int kind = 0; kind < PAGE_KINDS && !failed; kind++)
		failed = write_row(index, (enum page_kind)kind, nothing, &(int64_t){0}, 0, nothing, err);
	return failed;
}

/* --- pages at hand ----------------------------------------------------------------------------------------------- */

static void page_release(struct page *page)
{
	buf_release(&page->from);
	buf_release(&page->until);
	buf_release(&page->data);
	free(page->begins.v);
	*page = (struct page){0};
}

void pages_forget(struct index *index)
{
	for (int kind = 0; kind < PAGE_KINDS; kind++)
		for (size_t i = 0; i < PAGES_AT_HAND; i++)
			page_release(&index->pages.kinds[kind][i]);
}

int pages_flush(struct index *index, struct ticket_error *err)
{
	int failed = 0;

	for (int kind = 0; kind < PAGE_KINDS; kind++)
		for (size_t i = 0; i < PAGES_AT_HAND && !failed; i++) {
			struct page *page = &index->pages.kinds[kind][i];

			if (page->changed && (page->data.n || !page->from.n))
				failed = write_page(index, (enum page_kind)kind, page, err);
			else if (page->changed)
				failed = delete_page(index, page, err);
		}
	pages_forget(index);
	return failed;
}

/* A place for another page: that of the one not used for longest. */
static int free_place(struct index *index, enum page_kind kind, struct page **out, struct ticket_error *err)
{
	struct page *places = index->pages.kinds[kind], *oldest = places;
	int failed = 0;

	for (size_t i = 1; i < PAGES_AT_HAND; i++)
		if (places[i].used < oldest->used)
			oldest = &places[i];
	if (oldest->changed)
		failed = write_page(index, kind, oldest, err);
	buf_truncate(&oldest->from, 0);
	buf_truncate(&oldest->until, 0);
	buf_truncate(&oldest->data, 0);
	oldest->begins.n = 0;
	oldest->used = oldest->row = 0;
	oldest->last = oldest->changed = false;
	*out = oldest;
	return failed;
}

static struct page *page_at_hand(struct index *index, enum page_kind kind, struct bytes key)
{
	for (size_t i = 0; i < PAGES_AT_HAND; i++) {
		struct page *page = &index->pages.kinds[kind][(index->pages.latest[kind] + i) % PAGES_AT_HAND];

		if (page->used && bytes_order(bytes_of(&page->from), key) <= 0 && (page->last || bytes_order(key, bytes_of(&page->until)) < 0))
			return page;
	}
	return NULL;
}

static sqlite3_stmt *ask(struct index *index, enum statement which, enum page_kind kind, struct bytes key, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, which, err);

	if (!statement)
		return NULL;
	sqlite3_bind_int(statement, 1, (int)kind);
	sqlite3_bind_blob64(statement, 2, key.n ? key.p : "", key.n, SQLITE_STATIC);
	return statement;
}

/* Reads the page in which the key stands, or would, and where it ends. */
static int read_page(struct index *index, enum page_kind kind, struct bytes key, struct page *page, struct ticket_error *err)
{
	sqlite3_stmt *statement = ask(index, STMT_PAGE_FIND, kind, key, err);
	int code, failed;

	if (!statement)
		return db_fail(index, err);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		page->row = sqlite3_column_int64(statement, 0);
		buf_add(&page->from, sqlite3_column_blob(statement, 1), (size_t)sqlite3_column_bytes(statement, 1));
		page->last = sqlite3_column_type(statement, 4) == SQLITE_NULL;
		buf_add(&page->until, sqlite3_column_blob(statement, 4), (size_t)sqlite3_column_bytes(statement, 4));
		failed = unpack(statement, 2, &page->data, err);
		if (!failed && !find_beginnings(page))
			failed = pages_damaged(err);
	} else {
		failed = code == SQLITE_DONE ? pages_damaged(err) : db_fail(index, err);
	}
	sqlite3_reset(statement);
	return failed;
}

/* The page in which the key stands, or would. */
static int page_for(struct index *index, enum page_kind kind, struct bytes key, struct page **out, struct ticket_error *err)
{
	int failed;

	if (!(*out = page_at_hand(index, kind, key)) &&
	    ((failed = free_place(index, kind, out, err)) || (failed = read_page(index, kind, key, *out, err)))) {
		page_release(*out);
		return failed;
	}
	(*out)->used = ++index->pages.uses;
	index->pages.latest[kind] = (size_t)(*out - index->pages.kinds[kind]);
	return 0;
}

/* --- changing ---------------------------------------------------------------------------------------------------- */

/* The entry becomes another, or is put in (it has no bytes yet), or goes (it has none any more). */
static void replace_entry(struct page *page, size_t i, size_t was, size_t is)
{
	size_t at = beginning(page, i);
	ptrdiff_t more = (ptrdiff_t)(is - was);

	if (is > was)
		buf_reserve(&page->data, is - was);
	memmove(page->data.p + at + is, page->data.p + at + was, page->data.n - at - was);
	page->data.n += (size_t)more;
	if (!was)
		add_beginning(page, i, at);
	if (!is)
		memmove(page->begins.v + i, page->begins.v + i + 1, (--page->begins.n - i) * sizeof(*page->begins.v));
	for (i += is > 0; i < page->begins.n; i++)
		page->begins.v[i] += (uint32_t)more;
	page->changed = true;
}

/* The entries from 'i' on become a page of their own. Its row is written at once: rows always say where each page begins. */
static int divide(struct index *index, enum page_kind kind, struct page *page, size_t i, struct ticket_error *err)
{
	size_t at = beginning(page, i);
	struct bytes key, value;
	struct page *more;
	int failed;

	/* The page itself was used last of all, so it is not the one to be given up. */
	if ((failed = free_place(index, kind, &more, err)))
		return failed;
	entry_at(page, i, &key, &value);
	buf_add(&more->from, key.p, key.n);
	buf_add(&more->until, page->until.p, page->until.n);
	buf_add(&more->data, page->data.p + at, page->data.n - at);
	more->last = page->last;
	more->used = ++index->pages.uses;
	find_beginnings(more);
	buf_truncate(&page->data, at);
	page->begins.n = i;
	buf_truncate(&page->until, 0);
	buf_add(&page->until, more->from.p, more->from.n);
	page->last = false;
	page->changed = true;
	return write_page(index, kind, more, err);
}

/* The entry that begins at or behind the middle, or the last one when it has just been put at the very end of the kind. */
static size_t where_to_divide(const struct page *page, size_t put)
{
	size_t i = 1;

	if (page->last && put + 1 == page->begins.n)
		return put;
	while (i + 1 < page->begins.n && page->begins.v[i] < page->data.n / 2)
		i++;
	return i;
}

int pages_put(struct index *index, enum page_kind kind, struct bytes key, struct bytes value, struct ticket_error *err)
{
	const struct entry_head head = {(uint32_t)key.n, (uint32_t)value.n};
	struct bytes old_key, old_value;
	size_t i, was = 0, is = sizeof(head) + key.n + value.n;
	struct page *page;
	int failed;
	char *to;

	if (is > LARGEST_PAGE)
		return ticket_fail(err, TICKET_STORAGE, "a ticket's facts are larger than the index can hold");
	if ((failed = page_for(index, kind, key, &page, err)))
		return failed;
	if (find_entry(page, key, &i)) {
		entry_at(page, i, &old_key, &old_value);
		if (same_bytes(old_value, value))
			return 0;
		was = beginning(page, i + 1) - beginning(page, i);
	}
	replace_entry(page, i, was, is);
	to = page->data.p + page->begins.v[i];
	to = mempcpy(mempcpy(to, &head, sizeof(head)), key.p, key.n);
	if (value.n)
		memcpy(to, value.p, value.n);
	if (page->data.n <= page_bytes[kind] || page->begins.n < 2)
		return 0;
	return divide(index, kind, page, where_to_divide(page, i), err);
}

int pages_drop(struct index *index, enum page_kind kind, struct bytes key, struct ticket_error *err)
{
	struct page *page;
	size_t i;
	int failed = page_for(index, kind, key, &page, err);

	if (!failed && find_entry(page, key, &i))
		replace_entry(page, i, beginning(page, i + 1) - beginning(page, i), 0);
	return failed;
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

int pages_same(struct index *index, enum page_kind kind, struct bytes key, struct bytes value, bool *same, struct ticket_error *err)
{
	struct bytes found_key, found;
	struct page *page;
	size_t i;
	int failed = page_for(index, kind, key, &page, err);

	*same = false;
	if (!failed && find_entry(page, key, &i)) {
		entry_at(page, i, &found_key, &found);
		*same = same_bytes(found, value);
	}
	return failed;
}

int pages_find(struct index *index, enum page_kind kind, struct bytes from, struct bytes until, page_visitor *visit, void *data, struct ticket_error *err)
{
	_cleanup_buf_ struct buf key = {0};
	bool ends = false;
	int ended = 0;

	buf_add(&key, from.p, from.n);
	while (!ended && !ends) {
		size_t first, last;
		struct page *page;

		if ((ended = page_for(index, kind, bytes_of(&key), &page, err)))
			return ended;
		find_entry(page, bytes_of(&key), &first);
		last = page->begins.n;
		if (until.p)
			find_entry(page, until, &last);
		ends = page->last || (until.p && bytes_order(until, bytes_of(&page->until)) <= 0);
		buf_truncate(&key, 0);
		buf_add(&key, page->until.p, page->until.n);
		if (first < last)
			ended = visit(data, (struct page_run){{page->data.p + page->begins.v[first], beginning(page, last) - page->begins.v[first]}}, err);
	}
	return ended;
}

/* The entries of one row; whether the next can have any. */
static int read_row(sqlite3_stmt *statement, struct buf *page, struct bytes from, struct bytes until, page_reader *visit, void *data, bool *ends, struct ticket_error *err)
{
	struct page_run run, rest;
	struct bytes key = {0}, value;
	int failed = unpack(statement, 0, page, err);

	if (failed)
		return failed;
	run.rest = bytes_of(page);
	rest = run;
	while (page_run_next(&rest, &key, &value) && bytes_order(key, from) < 0)
		run = rest;
	for (rest = run; page_run_next(&rest, &key, &value);)
		if (until.p && bytes_order(key, until) >= 0) {
			*ends = true;
			run.rest.n = (size_t)(key.p - sizeof(struct entry_head) - run.rest.p);
			break;
		}
	if (!*ends && rest.rest.n)
		return pages_damaged(err);
	return run.rest.n ? visit(data, page, run, err) : 0;
}

int pages_read(struct index *index, enum page_kind kind, struct bytes from, struct bytes until, page_reader *visit, void *data, struct ticket_error *err)
{
	sqlite3_stmt *statement = ask(index, STMT_PAGES_FROM, kind, from, err);
	_cleanup_buf_ struct buf page = {0};
	bool ends = false;
	int code = SQLITE_DONE, ended = 0;

	if (!statement)
		return db_fail(index, err);
	while (!ended && !ends && (code = sqlite3_step(statement)) == SQLITE_ROW)
		ended = read_row(statement, &page, from, until, visit, data, &ends, err);
	sqlite3_reset(statement);
	return ended || ends || code == SQLITE_DONE ? ended : db_fail(index, err);
}

/* --- made apart -------------------------------------------------------------------------------------------------- */

void pages_make_end(struct made_pages *made)
{
	struct made_page *page;

	if (!made->data.n)
		return;
	page = list_push(&made->list);
	page->first = made->first;
	page->size = made->data.n;
	pack(&made->data, &page->packed);
	page->packed.p = xrealloc(page->packed.p, page->packed.room = page->packed.n + 1);
	made->first = (struct buf){0};
	buf_truncate(&made->data, 0);
}

void pages_make(struct made_pages *made, enum page_kind kind, struct bytes key, struct bytes value)
{
	if (made->data.n + sizeof(struct entry_head) + key.n + value.n > page_bytes[kind])
		pages_make_end(made);
	if (!made->data.n)
		buf_add(&made->first, key.p, key.n);
	add_entry(&made->data, key, value);
}

int pages_append(struct index *index, enum page_kind kind, const struct made_pages *made, struct ticket_error *err)
{
	struct page *last;
	int failed;

	if (!made->list.n)
		return 0;
	if ((failed = page_for(index, kind, bytes_of(&made->list.v[0].first), &last, err)))
		return failed;
	for (size_t i = 0; i < made->list.n && !failed; i++) {
		const struct made_page *page = &made->list.v[i];
		/* The very first takes the place of the empty page that is always there. */
		int64_t row = !i && !last->from.n && !last->data.n ? last->row : 0;

		failed = write_row(index, kind, bytes_of(&page->first), &row, page->size, bytes_of(&page->packed), err);
	}
	page_release(last);
	return failed;
}

void made_pages_release(struct made_pages *made)
{
	for (size_t i = 0; i < made->list.n; i++) {
		buf_release(&made->list.v[i].first);
		buf_release(&made->list.v[i].packed);
	}
	free(made->list.v);
	buf_release(&made->first);
	buf_release(&made->data);
	*made = (struct made_pages){0};
}
