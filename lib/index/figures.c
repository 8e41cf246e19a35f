/* SPDX-License-Identifier: MIT */
/*
 * Facts of tickets for reports (figures/fact.h), kept in the order of receipt: a period's lie together, so that a report
 * reads its own and nothing else. Many tickets' share a page, and pages are compressed: fifty thousand tickets are read
 * in the time in which as many rows could only be counted.
 *
 * A page holds the entries from its own bound up to that of the next one; the first bound of each part is below every
 * time. Pages that are being changed stay in memory until figures_flush.
 */
#include "index/db.h"

#include <lz4.h>

/* A page is divided when it holds more: about a hundred entries. */
static const size_t page_bytes[FIGURE_PARTS] = {[PART_FIGURES] = 16384, [PART_WORDS] = 24576, [PART_VISITS] = 4096};
#define LARGEST_PAGE (INT64_C(1) << 30)

/* What stands before each entry's bytes. */
struct entry_head {
	struct figure_key key;
	int64_t size;
};

static int key_order(struct figure_key a, struct figure_key b)
{
	if (a.received_s != b.received_s)
		return a.received_s < b.received_s ? -1 : 1;
	return (a.n > b.n) - (a.n < b.n);
}

static struct entry_head head_at(const struct buf *data, size_t at)
{
	struct entry_head head;

	memcpy(&head, data->p + at, sizeof(head));
	return head;
}

/* Is the page what we write: whole entries, in order? */
static bool is_sound(const struct buf *data)
{
	struct figure_key last = {INT64_MIN, INT64_MIN};
	size_t at = 0;

	while (at < data->n) {
		struct entry_head head;

		if (data->n - at < sizeof(head))
			return false;
		head = head_at(data, at);
		at += sizeof(head);
		if (head.size < 0 || (uint64_t)head.size > data->n - at || key_order(last, head.key) >= 0)
			return false;
		last = head.key;
		at += (size_t)head.size;
	}
	return true;
}

/* --- rows -------------------------------------------------------------------------------------------------------- */

static int damaged(struct index *index, struct ticket_error *err)
{
	ticket_fail(err, TICKET_STORAGE, "the index %s is damaged: a page of its figures", index->path ? index->path : "in memory");
	return INDEX_DAMAGED;
}

/* The row (bytes, data) at two columns of a statement. */
static int unpack(struct index *index, sqlite3_stmt *statement, int column, struct buf *out, struct ticket_error *err)
{
	int64_t size = sqlite3_column_int64(statement, column);
	const char *data = sqlite3_column_blob(statement, column + 1);
	int stored = sqlite3_column_bytes(statement, column + 1);

	buf_truncate(out, 0);
	if (!size)
		return 0;
	if (size < 0 || size > LARGEST_PAGE || !data || stored > size)
		return damaged(index, err);
	buf_reserve(out, (size_t)size);
	out->n = (size_t)size;
	if (stored == size)
		memcpy(out->p, data, (size_t)size);
	else if (LZ4_decompress_safe(data, out->p, stored, (int)size) != size)
		return damaged(index, err);
	return is_sound(out) ? 0 : damaged(index, err);
}

static int write_page(struct index *index, struct figure_page *page, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_PAGE_WRITE, err);
	int room = LZ4_compressBound((int)page->data.n), size;
	_cleanup_free_ char *packed = xmalloc((size_t)room + 1);

	if (!statement)
		return db_fail(index, err);
	size = page->data.n ? LZ4_compress_default(page->data.p, packed, (int)page->data.n, room) : 0;
	sqlite3_bind_int(statement, 1, (int)page->part);
	sqlite3_bind_int64(statement, 2, page->from.received_s);
	sqlite3_bind_int64(statement, 3, page->from.n);
	sqlite3_bind_int64(statement, 4, (int64_t)page->data.n);
	if (size > 0 && (size_t)size < page->data.n)
		sqlite3_bind_blob(statement, 5, packed, size, SQLITE_STATIC);
	else
		sqlite3_bind_blob(statement, 5, page->data.n ? page->data.p : "", (int)page->data.n, SQLITE_STATIC);
	page->changed = false;
	return db_run(index, statement, err);
}

static int delete_page(struct index *index, const struct figure_page *page, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_PAGE_DELETE, err);

	if (!statement)
		return db_fail(index, err);
	sqlite3_bind_int(statement, 1, (int)page->part);
	sqlite3_bind_int64(statement, 2, page->from.received_s);
	sqlite3_bind_int64(statement, 3, page->from.n);
	return db_run(index, statement, err);
}

/* --- pages at hand ----------------------------------------------------------------------------------------------- */

static void page_release(struct figure_page *page)
{
	buf_release(&page->data);
	*page = (struct figure_page){0};
}

void figures_forget(struct index *index)
{
	for (size_t i = 0; i < FIGURE_PAGES; i++)
		page_release(&index->pages[i]);
}

int figures_flush(struct index *index, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < FIGURE_PAGES && !failed; i++) {
		struct figure_page *page = &index->pages[i];

		if (!page->changed)
			continue;
		/* The first page of a part stays, empty or not: there is always one to put an entry in. */
		if (page->data.n || page->from.received_s == INT64_MIN)
			failed = write_page(index, page, err);
		else
			failed = delete_page(index, page, err);
	}
	figures_forget(index);
	return failed;
}

/* A place for another page: that of the one not used for longest. */
static int free_place(struct index *index, struct figure_page **out, struct ticket_error *err)
{
	struct figure_page *oldest = &index->pages[0];
	int failed = 0;

	for (size_t i = 1; i < FIGURE_PAGES; i++)
		if (index->pages[i].used < oldest->used)
			oldest = &index->pages[i];
	if (oldest->changed)
		failed = write_page(index, oldest, err);
	page_release(oldest);
	*out = oldest;
	return failed;
}

static struct figure_page *page_at_hand(struct index *index, enum figure_part part, struct figure_key key)
{
	for (size_t i = 0; i < FIGURE_PAGES; i++) {
		struct figure_page *page = &index->pages[i];

		if (page->used && page->part == part && key_order(page->from, key) <= 0 && (page->last || key_order(key, page->until) < 0))
			return page;
	}
	return NULL;
}

static int find_bound(struct index *index, enum statement which, enum figure_part part, struct figure_key key, struct figure_key *bound, bool *found, struct buf *data,
		      struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, which, err);
	int code, failed = 0;

	if (!statement)
		return db_fail(index, err);
	sqlite3_bind_int(statement, 1, (int)part);
	sqlite3_bind_int64(statement, 2, key.received_s);
	sqlite3_bind_int64(statement, 3, key.n);
	code = sqlite3_step(statement);
	*found = code == SQLITE_ROW;
	if (*found) {
		*bound = (struct figure_key){sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1)};
		failed = data ? unpack(index, statement, 2, data, err) : 0;
	}
	sqlite3_reset(statement);
	return code == SQLITE_ROW || code == SQLITE_DONE ? failed : db_fail(index, err);
}

/* The page in which an entry stands, or would. */
static int page_for(struct index *index, enum figure_part part, struct figure_key key, struct figure_page **out, struct ticket_error *err)
{
	struct figure_page *page = page_at_hand(index, part, key);
	bool found, follows;
	int failed;

	*out = page;
	if (!page) {
		if ((failed = free_place(index, &page, err)))
			return failed;
		page->part = part;
		if ((failed = find_bound(index, STMT_PAGE_FIND, part, key, &page->from, &found, &page->data, err)))
			return failed;
		if (!found) {
			page->from = (struct figure_key){INT64_MIN, INT64_MIN};
			if ((failed = write_page(index, page, err)))
				return failed;
		}
		if ((failed = find_bound(index, STMT_PAGE_NEXT, part, key, &page->until, &follows, NULL, err)))
			return failed;
		page->last = !follows;
		*out = page;
	}
	page->used = ++index->page_uses;
	return 0;
}

/* Where the entry is, or would be; true when it is there. Entries are most often put behind the last one. */
static bool find_entry(struct figure_page *page, struct figure_key key, size_t *at, size_t *end)
{
	*at = page->ends && key_order(page->last_key, key) < 0 ? page->data.n : 0;
	for (; *at < page->data.n; *at = *end) {
		struct entry_head head = head_at(&page->data, *at);

		page->last_key = head.key;
		int order = key_order(head.key, key);

		*end = *at + sizeof(head) + (size_t)head.size;
		if (order >= 0) {
			page->ends = false;
			if (order > 0)
				*end = *at;
			return order == 0;
		}
	}
	page->ends = page->data.n > 0;
	*end = *at;
	return false;
}

/* What begins at 'at' becomes a page of its own. Its row is written at once: rows always say where each page begins. */
static int divide(struct index *index, struct figure_page *page, size_t at, struct ticket_error *err)
{
	struct figure_page *more, was = *page;
	int failed;

	/* The page itself was used last of all, so it is not the one to be given up. */
	if ((failed = free_place(index, &more, err)))
		return failed;
	more->part = was.part;
	more->from = head_at(&was.data, at).key;
	more->until = was.until;
	more->last = was.last;
	more->used = ++index->page_uses;
	buf_add(&more->data, was.data.p + at, was.data.n - at);
	buf_truncate(&page->data, at);
	page->ends = false;
	page->until = more->from;
	page->last = false;
	page->changed = true;
	return write_page(index, more, err);
}

/* The entry that begins at or behind the middle, or the last one when it has just been put at the very end of the part. */
static size_t where_to_divide(const struct figure_page *page, size_t put_at)
{
	size_t at = 0;

	if (page->last && put_at && put_at + sizeof(struct entry_head) + (size_t)head_at(&page->data, put_at).size == page->data.n)
		return put_at;
	while (at < page->data.n / 2)
		at += sizeof(struct entry_head) + (size_t)head_at(&page->data, at).size;
	return at < page->data.n ? at : 0;
}

int figures_put(struct index *index, enum figure_part part, struct figure_key key, const struct buf *bytes, struct ticket_error *err)
{
	const struct entry_head head = {key, (int64_t)bytes->n};
	struct figure_page *page;
	size_t at, end, more = sizeof(head) + bytes->n, divided;
	int failed = page_for(index, part, key, &page, err);

	if (failed)
		return failed;
	if (find_entry(page, key, &at, &end) && end - at == more && memcmp(page->data.p + at + sizeof(head), bytes->p, bytes->n) == 0)
		return 0;
	buf_reserve(&page->data, more);
	memmove(page->data.p + at + more, page->data.p + end, page->data.n - end);
	memcpy(page->data.p + at, &head, sizeof(head));
	memcpy(page->data.p + at + sizeof(head), bytes->p, bytes->n);
	page->data.n = page->data.n - (end - at) + more;
	page->changed = true;
	page->ends = at + more == page->data.n;
	page->last_key = key;
	divided = page->data.n > page_bytes[part] ? where_to_divide(page, at) : 0;
	return divided ? divide(index, page, divided, err) : 0;
}

int figures_drop(struct index *index, enum figure_part part, struct figure_key key, struct ticket_error *err)
{
	struct figure_page *page;
	size_t at, end;
	int failed = page_for(index, part, key, &page, err);

	if (failed || !find_entry(page, key, &at, &end))
		return failed;
	memmove(page->data.p + at, page->data.p + end, page->data.n - end);
	buf_truncate(&page->data, page->data.n - (end - at));
	page->ends = false;
	page->changed = true;
	return 0;
}

int figures_same(struct index *index, enum figure_part part, struct figure_key key, const struct buf *bytes, bool *same, struct ticket_error *err)
{
	struct figures found = {0};
	const struct range range = {key.received_s, key.received_s == INT64_MAX ? INT64_MAX : key.received_s + 1};
	int failed = figures_read(index, part, &range, &found, err);

	*same = false;
	for (size_t i = 0; !failed && i < found.list.n; i++)
		if (found.list.v[i].key.n == key.n)
			*same = found.list.v[i].size == bytes->n && memcmp(found.list.v[i].bytes, bytes->p, bytes->n) == 0;
	figures_release(&found);
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

static void take_page(struct figures *out, struct buf *data, const struct range *range)
{
	bool any = false;

	for (size_t at = 0; at < data->n;) {
		struct entry_head head = head_at(data, at);

		at += sizeof(head);
		if (head.key.received_s >= range->from_s && (head.key.received_s < range->until_s || range->until_s == INT64_MAX)) {
			*list_push(&out->list) = (struct figure){head.key, data->p + at, (size_t)head.size};
			any = true;
		}
		at += (size_t)head.size;
	}
	if (any)
		*list_push(&out->pages) = buf_steal(data);
}

int figures_read(struct index *index, enum figure_part part, const struct range *range, struct figures *out, struct ticket_error *err)
{
	sqlite3_stmt *statement;
	struct figure_key first = {range->from_s, INT64_MIN};
	_cleanup_buf_ struct buf data = {0};
	bool found;
	int code = SQLITE_DONE, failed = find_bound(index, STMT_PAGE_FIND, part, first, &first, &found, NULL, err);

	if (failed)
		return failed;
	if (!(statement = db_statement(index, STMT_PAGE_RANGE, err)))
		return db_fail(index, err);
	sqlite3_bind_int(statement, 1, (int)part);
	sqlite3_bind_int64(statement, 2, found ? first.received_s : INT64_MIN);
	sqlite3_bind_int64(statement, 3, found ? first.n : INT64_MIN);
	sqlite3_bind_int64(statement, 4, range->until_s);
	while (!failed && (code = sqlite3_step(statement)) == SQLITE_ROW)
		if (!(failed = unpack(index, statement, 0, &data, err)))
			take_page(out, &data, range);
	sqlite3_reset(statement);
	return failed || code == SQLITE_DONE ? failed : db_fail(index, err);
}
