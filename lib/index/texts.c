/* SPDX-License-Identifier: MIT */
/*
 * Searching text: the folded texts of many tickets lie together in compressed blocks of about 64 KB, and a search
 * reads them all. That finds every substring of every script exactly, which no index of words or of letter groups
 * does; it takes about half the size of the texts, and a block is searched about as fast as it can be unpacked.
 */
#include "index/db.h"
#include "ticket/language.h"

#include <endian.h>
#include <lz4.h>

#define BLOCK_BYTES 65536 /* a block is written once it holds so much */
#define TAIL_BYTES 8192   /* the last block is written again with what comes, until it holds so much */
#define LARGEST_TEXT (INT64_C(1) << 30)

/* --- what is searched ------------------------------------------------------------------------------------------ */

static int add_folded(const char *field, const char *text, void *data)
{
	struct buf *out = data;

	search_fold_to(out, text);
	buf_putc(out, LIST_MARK);
	return 0;
}

void texts_of(const struct ticket *ticket, struct buf *out)
{
	each_text(ticket, add_folded, out);
}

static uint64_t mix(uint64_t digest, uint64_t word)
{
	digest = (digest ^ word) * UINT64_C(0xd6e8feb86659fd93);
	return digest ^ digest >> 32;
}

static uint64_t word_at(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return le64toh(word);
}

/* Four words at a time, for each mixing waits for the one before it. */
int64_t texts_digest(const struct buf *text)
{
	const uint64_t start = text->n * UINT64_C(0x9e3779b97f4a7c15);
	uint64_t lanes[4] = {start, start + 1, start + 2, start + 3}, digest = start;
	char rest[sizeof(lanes)] = {0};
	size_t i = 0;

	for (; i + sizeof(rest) <= text->n; i += sizeof(rest))
		for (size_t lane = 0; lane < ARRAY_SIZE(lanes); lane++)
			lanes[lane] = mix(lanes[lane], word_at(text->p + i + 8 * lane));
	if (i < text->n)
		memcpy(rest, text->p + i, text->n - i);
	for (size_t lane = 0; lane < ARRAY_SIZE(lanes); lane++)
		digest = mix(digest, mix(lanes[lane], word_at(rest + 8 * lane)));
	return (int64_t)digest;
}

/* --- blocks ---------------------------------------------------------------------------------------------------- */

void block_release(struct block *block)
{
	free(block->entries.v);
	buf_release(&block->text);
	*block = (struct block){0};
}

static void put_count(struct buf *out, uint64_t count)
{
	for (; count > 0x7f; count >>= 7)
		buf_putc(out, (char)(count | 0x80));
	buf_putc(out, (char)count);
}

static bool take_count(const unsigned char **p, const unsigned char *end, uint64_t *count)
{
	*count = 0;
	for (int shift = 0; *p < end && shift < 63; shift += 7) {
		unsigned char c = *(*p)++;

		*count |= (uint64_t)(c & 0x7f) << shift;
		if (c < 0x80)
			return true;
	}
	return false;
}

/* A block as bytes: how many entries, each one's ticket, serial and length, then the texts. */
static void block_bytes(const struct block *block, struct buf *out)
{
	put_count(out, block->entries.n);
	for (size_t i = 0; i < block->entries.n; i++) {
		put_count(out, (uint64_t)block->entries.v[i].ticket);
		put_count(out, (uint64_t)block->entries.v[i].serial);
		put_count(out, block->entries.v[i].bytes);
	}
	buf_add(out, block->text.p, block->text.n);
}

static int block_damaged(struct index *index, int64_t number, struct ticket_error *err)
{
	ticket_fail(err, TICKET_STORAGE, "the index %s is damaged: block %lld of its texts", index->path ? index->path : _("in memory"), (long long)number);
	return INDEX_DAMAGED;
}

/* 'entries' of 'block' are filled anew; '*text' points to the texts within 'bytes'. */
static bool block_parse(struct block *block, const unsigned char *bytes, size_t n, const char **text)
{
	const unsigned char *p = bytes, *end = bytes + n;
	uint64_t count, ticket, serial, length, sum = 0;

	free(block->entries.v);
	block->entries.v = NULL;
	block->entries.n = 0;
	if (!take_count(&p, end, &count) || count > n)
		return false;
	for (uint64_t i = 0; i < count; i++) {
		if (!take_count(&p, end, &ticket) || !take_count(&p, end, &serial) || !take_count(&p, end, &length) || length > n)
			return false;
		*list_push(&block->entries) = (struct entry){(int64_t)ticket, (int64_t)serial, (size_t)length};
		sum += length;
	}
	*text = (const char *)p;
	return sum == (uint64_t)(end - p);
}

/* The row (bytes, data) at two columns of a statement, unpacked into 'room'. */
static int block_unpack(struct index *index, sqlite3_stmt *statement, int column, int64_t number, struct block *block, struct buf *room, const char **text,
			struct ticket_error *err)
{
	int64_t size = sqlite3_column_int64(statement, column);
	const char *data = sqlite3_column_blob(statement, column + 1);
	int stored = sqlite3_column_bytes(statement, column + 1);

	if (size <= 0 || size > 2 * LARGEST_TEXT || !data || stored > size)
		return block_damaged(index, number, err);
	if (room->room < (size_t)size + 1) {
		buf_release(room);
		room->p = xmalloc((size_t)size + 1);
		room->room = (size_t)size + 1;
	}
	room->n = (size_t)size;
	if (stored == size)
		memcpy(room->p, data, (size_t)size);
	else if (LZ4_decompress_safe(data, room->p, stored, (int)size) != size)
		return block_damaged(index, number, err);
	return block_parse(block, (unsigned char *)room->p, room->n, text) ? 0 : block_damaged(index, number, err);
}

static int set_size(struct index *index, int64_t number, size_t bytes, size_t live, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_BLOCK_SET_SIZE, err);

	if (!statement)
		return db_fail(index, err);
	sqlite3_bind_int64(statement, 1, number);
	sqlite3_bind_int64(statement, 2, (int64_t)bytes);
	sqlite3_bind_int64(statement, 3, (int64_t)live);
	return db_run(index, statement, err);
}

static int get_size(struct index *index, int64_t number, size_t *bytes, size_t *live, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_BLOCK_SIZE, err);
	int code;

	*bytes = *live = 0;
	if (!statement)
		return db_fail(index, err);
	sqlite3_bind_int64(statement, 1, number);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		*bytes = (size_t)sqlite3_column_int64(statement, 0);
		*live = (size_t)sqlite3_column_int64(statement, 1);
	}
	sqlite3_reset(statement);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : db_fail(index, err);
}

static int delete_block(struct index *index, int64_t number, struct ticket_error *err)
{
	for (int i = 0; i < 2; i++) {
		sqlite3_stmt *statement = db_statement(index, i ? STMT_BLOCK_DELETE_SIZE : STMT_BLOCK_DELETE, err);
		int failed;

		if (!statement)
			return db_fail(index, err);
		sqlite3_bind_int64(statement, 1, number);
		if ((failed = db_run(index, statement, err)))
			return failed;
	}
	return 0;
}

/* Is the text still a ticket's? */
static int text_lives(struct index *index, const struct entry *entry, bool *lives, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_TEXT_LIVES, err);
	int code;

	if (!statement)
		return db_fail(index, err);
	sqlite3_bind_int64(statement, 1, entry->ticket);
	sqlite3_bind_int64(statement, 2, entry->serial);
	code = sqlite3_step(statement);
	*lives = code == SQLITE_ROW;
	sqlite3_reset(statement);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : db_fail(index, err);
}

/* --- writing --------------------------------------------------------------------------------------------------- */

int texts_flush(struct index *index, struct ticket_error *err)
{
	struct block *block = &index->pending;
	_cleanup_buf_ struct buf bytes = {0};
	_cleanup_free_ char *packed = NULL;
	sqlite3_stmt *statement;
	int size, room, failed;

	if (!block->number)
		return 0;
	if (!(statement = db_statement(index, STMT_BLOCK_WRITE, err)))
		return db_fail(index, err);
	block_bytes(block, &bytes);
	room = LZ4_compressBound((int)bytes.n);
	packed = xmalloc((size_t)room);
	size = LZ4_compress_default(bytes.p, packed, (int)bytes.n, room);
	sqlite3_bind_int64(statement, 1, block->number);
	sqlite3_bind_int64(statement, 2, (int64_t)bytes.n);
	if (size > 0 && (size_t)size < bytes.n)
		sqlite3_bind_blob(statement, 3, packed, size, SQLITE_STATIC);
	else
		sqlite3_bind_blob(statement, 3, bytes.p, (int)bytes.n, SQLITE_STATIC);
	if (!(failed = db_run(index, statement, err)))
		failed = set_size(index, block->number, block->text.n, block->live, err);
	/* The memory is the next block's. */
	block->number = 0;
	block->live = block->entries.n = 0;
	buf_truncate(&block->text, 0);
	return failed;
}

static void add_entry(struct index *index, const struct entry *entry, const char *text)
{
	struct block *block = &index->pending;

	*list_push(&block->entries) = *entry;
	buf_add(&block->text, text, entry->bytes);
	block->live += entry->bytes;
}

/* Reads a block's live texts into what is pending, under the pending block's number. */
static int adopt_block(struct index *index, int64_t number, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_BLOCK_READ, err);
	sqlite3_stmt *move = db_statement(index, STMT_TEXT_MOVE, err);
	struct block old = {0};
	_cleanup_buf_ struct buf room = {0};
	const char *text;
	int failed;

	if (!statement || !move)
		return db_fail(index, err);
	sqlite3_bind_int64(statement, 1, number);
	if (sqlite3_step(statement) == SQLITE_ROW)
		failed = block_unpack(index, statement, 0, number, &old, &room, &text, err);
	else
		failed = block_damaged(index, number, err);
	sqlite3_reset(statement);
	for (size_t i = 0; !failed && i < old.entries.n; text += old.entries.v[i++].bytes) {
		bool lives = false;

		if ((failed = text_lives(index, &old.entries.v[i], &lives, err)) || !lives)
			continue;
		add_entry(index, &old.entries.v[i], text);
		sqlite3_bind_int64(move, 1, old.entries.v[i].ticket);
		sqlite3_bind_int64(move, 2, index->pending.number);
		if (number != index->pending.number)
			failed = db_run(index, move, err);
	}
	block_release(&old);
	return failed;
}

/* A block that takes more: the last one while it is small, else a new one. */
static int start_block(struct index *index, struct ticket_error *err)
{
	size_t bytes = 0, live = 0;
	int failed;

	if (index->last_block && (failed = get_size(index, index->last_block, &bytes, &live, err)))
		return failed;
	if (bytes && bytes < TAIL_BYTES) {
		index->pending.number = index->last_block;
		return adopt_block(index, index->last_block, err);
	}
	index->pending.number = ++index->last_block;
	return 0;
}

int texts_put(struct index *index, int64_t ticket, const struct buf *text, int64_t *serial, int64_t *block, struct ticket_error *err)
{
	struct entry entry = {ticket, ++index->last_serial, text->n};
	int failed;

	if (text->n > LARGEST_TEXT)
		return ticket_fail(err, TICKET_STORAGE, "a ticket's texts are larger than the index can hold");
	if (index->pending.number && index->pending.text.n + text->n > BLOCK_BYTES && (failed = texts_flush(index, err)))
		return failed;
	if (!index->pending.number && (failed = start_block(index, err)))
		return failed;
	add_entry(index, &entry, text->p);
	*serial = entry.serial;
	*block = index->pending.number;
	return 0;
}

/* A block more than half of which is no longer wanted is emptied into the pending one. */
int texts_lose(struct index *index, int64_t number, size_t lost, struct ticket_error *err)
{
	size_t bytes, live;
	int failed;

	if (number == index->pending.number) {
		index->pending.live -= lost < index->pending.live ? lost : index->pending.live;
		return 0;
	}
	if ((failed = get_size(index, number, &bytes, &live, err)))
		return failed;
	live -= lost < live ? lost : live;
	if (live * 2 > bytes)
		return set_size(index, number, bytes, live, err);
	if (live && index->pending.number && index->pending.text.n + live > BLOCK_BYTES && (failed = texts_flush(index, err)))
		return failed;
	if (live && !index->pending.number && (failed = start_block(index, err)))
		return failed;
	if (live && index->pending.number != number && (failed = adopt_block(index, number, err)))
		return failed;
	return index->pending.number == number ? 0 : delete_block(index, number, err);
}

int texts_same(struct index *index, int64_t number, int64_t serial, const struct buf *text, bool *same, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, STMT_BLOCK_READ, err);
	struct block block = {0};
	_cleanup_buf_ struct buf room = {0};
	const char *at;
	int failed = 0;

	*same = false;
	if (!statement)
		return db_fail(index, err);
	if (number == index->pending.number)
		return 0; /* put twice in one go: seldom, and right either way */
	sqlite3_bind_int64(statement, 1, number);
	if (sqlite3_step(statement) == SQLITE_ROW)
		failed = block_unpack(index, statement, 0, number, &block, &room, &at, err);
	else
		failed = block_damaged(index, number, err);
	sqlite3_reset(statement);
	for (size_t i = 0; !failed && i < block.entries.n; at += block.entries.v[i++].bytes)
		if (block.entries.v[i].serial == serial)
			*same = block.entries.v[i].bytes == text->n && memcmp(at, text->p, text->n) == 0;
	block_release(&block);
	return failed;
}

/* --- reading --------------------------------------------------------------------------------------------------- */

/* Calls 'visit' for each block. */
typedef int block_visitor(void *data, const struct block *block, const char *text, struct ticket_error *err);

static int each_block(struct index *index, block_visitor *visit, void *data, struct ticket_error *err)
{
	sqlite3_stmt *statement = NULL;
	struct block block = {0};
	_cleanup_buf_ struct buf room = {0};
	const char *text;
	int code = SQLITE_DONE, failed = 0;

	if (sqlite3_prepare_v2(index->sql, "SELECT block, bytes, data FROM texts", -1, &statement, NULL) != SQLITE_OK)
		return db_fail(index, err);
	while (!failed && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		block.number = sqlite3_column_int64(statement, 0);
		failed = block_unpack(index, statement, 1, block.number, &block, &room, &text, err);
		if (!failed)
			failed = visit(data, &block, text, err);
	}
	if (!failed && code != SQLITE_DONE)
		failed = db_fail(index, err);
	sqlite3_finalize(statement);
	block_release(&block);
	return failed;
}

struct texts_walk {
	text_visitor *visit;
	void *data;
};

static int each_entry(void *data, const struct block *block, const char *text, struct ticket_error *err)
{
	const struct texts_walk *walk = data;
	int ended = 0;

	for (size_t i = 0; !ended && i < block->entries.n; text += block->entries.v[i++].bytes)
		ended = walk->visit(walk->data, &block->entries.v[i], text, err);
	return ended;
}

int texts_each(struct index *index, text_visitor *visit, void *data, struct ticket_error *err)
{
	return each_block(index, each_entry, &(struct texts_walk){visit, data}, err);
}

#define SUBJECT_SCORE 16 /* more than any number of places elsewhere */
#define MOST_PLACES 15

struct find {
	struct index *index;
	sqlite3_stmt *insert;
	const char *needle;
	size_t n;
	bool subject_only;
};

/* How well one ticket's texts match; 0: not at all. 'hit' is the first place. */
static int64_t score_of(const struct find *find, const char *text, size_t n, const char *hit)
{
	const char *end = text + n, *subject_end = memchr(text, LIST_MARK, n);
	bool in_subject = subject_end && hit < subject_end;
	int64_t places = 0;

	if (find->subject_only && !in_subject)
		return 0;
	for (; hit && places < MOST_PLACES; places++)
		hit = memmem(hit + find->n, (size_t)(end - hit) - find->n, find->needle, find->n);
	return places + (in_subject ? SUBJECT_SCORE : 0);
}

static int keep_hit(const struct find *find, const struct entry *entry, int64_t score, struct ticket_error *err)
{
	sqlite3_bind_int64(find->insert, 1, entry->ticket);
	sqlite3_bind_int64(find->insert, 2, entry->serial);
	sqlite3_bind_int64(find->insert, 3, score);
	return db_run(find->index, find->insert, err);
}

/* The whole block is searched as one text: no match crosses from one ticket to the next, for each text ends with a mark. */
static int find_in_block(void *data, const struct block *block, const char *text, struct ticket_error *err)
{
	const struct find *find = data;
	const char *start = text, *end, *hit;
	size_t i = 0, total = 0;
	int failed = 0;

	for (size_t j = 0; j < block->entries.n; j++)
		total += block->entries.v[j].bytes;
	end = text + total;
	for (hit = memmem(text, total, find->needle, find->n); hit && !failed; hit = memmem(start, (size_t)(end - start), find->needle, find->n)) {
		int64_t score;

		while (hit >= start + block->entries.v[i].bytes)
			start += block->entries.v[i++].bytes;
		if ((score = score_of(find, start, block->entries.v[i].bytes, hit)))
			failed = keep_hit(find, &block->entries.v[i], score, err);
		start += block->entries.v[i++].bytes;
	}
	return failed;
}

int texts_find(struct index *index, const char *needle, bool subject_only, const char *table, struct ticket_error *err)
{
	struct find find = {index, NULL, needle, strlen(needle), subject_only};
	_cleanup_free_ char *create = xasprintf("CREATE TEMP TABLE %s(ticket INTEGER, serial INTEGER, score INTEGER, PRIMARY KEY(ticket, serial)) WITHOUT ROWID", table);
	_cleanup_free_ char *insert = xasprintf("INSERT OR REPLACE INTO temp.%s VALUES(?1, ?2, ?3)", table);
	int failed = db_exec(index, create, err);

	if (failed)
		return failed;
	if (sqlite3_prepare_v2(index->sql, insert, -1, &find.insert, NULL) != SQLITE_OK)
		return db_fail(index, err);
	failed = each_block(index, find_in_block, &find, err);
	sqlite3_finalize(find.insert);
	return failed;
}
