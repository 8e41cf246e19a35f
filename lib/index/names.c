/* SPDX-License-Identifier: MIT */
/*
 * What a ticket is found by: its numbers from either end, its path, its uid. All stand in one table in the order of their
 * bytes. While the index is built anew they are gathered in memory, sorted by threads, and written in order: finding the
 * place of each in a tree of millions takes ten times as long.
 */
#include "index/db.h"

#include <ctype.h>
#include <endian.h>

#define LONGEST 1024 /* bytes of a name that count */

void name_digest(unsigned char out[NAME_DIGEST], const char *text)
{
	uint64_t digest = UINT64_C(0xcbf29ce484222325); /* FNV-1a, then mixed: paths differ at their ends */

	for (; *text; text++)
		digest = (digest ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	digest = (digest ^ digest >> 32) * UINT64_C(0xd6e8feb86659fd93);
	digest = htobe64(digest ^ digest >> 32);
	memcpy(out, &digest, NAME_DIGEST);
}

/* --- all names of a ticket ------------------------------------------------------------------------------------- */

typedef int name_visitor(struct index *index, enum name_kind kind, const void *name, size_t n, int64_t ticket, struct ticket_error *err);

static int visit_number(struct index *index, name_visitor *visit, const char *number, size_t n, int64_t ticket, struct ticket_error *err)
{
	char forwards[LONGEST], turned[LONGEST];
	int failed;

	n = n < LONGEST ? n : LONGEST;
	for (size_t i = 0; i < n; i++)
		forwards[i] = turned[n - 1 - i] = (char)tolower((unsigned char)number[i]);
	failed = visit(index, NAME_NUMBER, forwards, n, ticket, err);
	return failed ? failed : visit(index, NAME_TURNED, turned, n, ticket, err);
}

static int visit_digest(struct index *index, name_visitor *visit, enum name_kind kind, const char *text, int64_t ticket, struct ticket_error *err)
{
	unsigned char digest[NAME_DIGEST];

	name_digest(digest, text);
	return visit(index, kind, digest, sizeof(digest), ticket, err);
}

static int each_name(struct index *index, name_visitor *visit, const struct named *named, int64_t ticket, struct ticket_error *err)
{
	int failed = visit_number(index, visit, named->id, strlen(named->id), ticket, err);

	for (const char *p = named->aliases; !failed && *p && p[1]; p += strcspn(p + 1, "\x1f") + 1)
		failed = visit_number(index, visit, p + 1, strcspn(p + 1, "\x1f"), ticket, err);
	if (!failed)
		failed = visit_digest(index, visit, NAME_PATH, named->path, ticket, err);
	return failed ? failed : visit_digest(index, visit, NAME_UID, named->uid, ticket, err);
}

static int run_name(struct index *index, enum statement which, enum name_kind kind, const void *name, size_t n, int64_t ticket, struct ticket_error *err)
{
	sqlite3_stmt *statement = db_statement(index, which, err);

	if (!statement)
		return db_fail(index, err);
	sqlite3_bind_int(statement, 1, (int)kind);
	sqlite3_bind_blob64(statement, 2, name, n, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 3, ticket);
	return db_run(index, statement, err);
}

static int put_name(struct index *index, enum name_kind kind, const void *name, size_t n, int64_t ticket, struct ticket_error *err)
{
	return run_name(index, STMT_INSERT_NAME, kind, name, n, ticket, err);
}

static int drop_name(struct index *index, enum name_kind kind, const void *name, size_t n, int64_t ticket, struct ticket_error *err)
{
	return run_name(index, STMT_DELETE_NAMES, kind, name, n, ticket, err);
}

int names_drop(struct index *index, const struct named *named, int64_t ticket, struct ticket_error *err)
{
	return each_name(index, drop_name, named, ticket, err);
}

/* --- gathered -------------------------------------------------------------------------------------------------- */

/* The first bytes decide most comparisons; what is behind them stands among 'rest': its length, then its bytes. */
struct note {
	uint64_t head;
	uint32_t rest, ticket;
};
struct notes {
	struct note *v;
	size_t n, room;
	struct buf rest;
};
struct name_notes {
	struct notes kinds[NAME_KINDS];
};

struct name_notes *name_notes_new(void)
{
	return xcalloc(1, sizeof(struct name_notes));
}

static void notes_release(struct notes *notes)
{
	free(notes->v);
	buf_release(&notes->rest);
	*notes = (struct notes){0};
}

void name_notes_free(struct name_notes *notes)
{
	for (int kind = 0; notes && kind < NAME_KINDS; kind++)
		notes_release(&notes->kinds[kind]);
	free(notes);
}

static int note_name(struct index *index, enum name_kind kind, const void *name, size_t n, int64_t ticket, struct ticket_error *err)
{
	struct notes *notes = &index->names->kinds[kind];
	struct note *note;
	uint64_t head = 0;

	if (ticket > UINT32_MAX || notes->rest.n + n + 2 > UINT32_MAX)
		return put_name(index, kind, name, n, ticket, err); /* too many to be noted */
	if (notes->n == notes->room) {
		notes->room = notes->room ? notes->room * 2 : 4096;
		notes->v = xrealloc(notes->v, notes->room * sizeof(*notes->v));
	}
	memcpy(&head, name, n < sizeof(head) ? n : sizeof(head));
	note = &notes->v[notes->n++];
	*note = (struct note){be64toh(head), (uint32_t)notes->rest.n, (uint32_t)ticket};
	if (kind == NAME_NUMBER || kind == NAME_TURNED) {
		const uint16_t length = (uint16_t)n;

		buf_add(&notes->rest, &length, sizeof(length));
		buf_add(&notes->rest, name, n);
	}
	return 0;
}

int names_put(struct index *index, const struct named *named, int64_t ticket, struct ticket_error *err)
{
	return each_name(index, index->names ? note_name : put_name, named, ticket, err);
}

/* The whole name; digests are all head. */
static const char *name_of(const struct notes *notes, const struct note *note, uint64_t *room, size_t *n)
{
	uint16_t length;

	if (!notes->rest.n) {
		*room = htobe64(note->head);
		*n = NAME_DIGEST;
		return (const char *)room;
	}
	memcpy(&length, notes->rest.p + note->rest, sizeof(length));
	*n = length;
	return notes->rest.p + note->rest + sizeof(length);
}

static int compare_notes(const void *a, const void *b, void *data)
{
	const struct note *x = a, *y = b;
	uint64_t room[2];
	size_t x_n, y_n;
	const char *x_name, *y_name;
	int order;

	if (x->head != y->head)
		return x->head < y->head ? -1 : 1;
	x_name = name_of(data, x, &room[0], &x_n);
	y_name = name_of(data, y, &room[1], &y_n);
	order = memcmp(x_name, y_name, x_n < y_n ? x_n : y_n);
	if (!order)
		order = (x_n > y_n) - (x_n < y_n);
	return order ? order : (x->ticket > y->ticket) - (x->ticket < y->ticket);
}

/* By their heads alone, a byte at a time from the last: eight passes, whatever there is to compare. */
static void sort_heads(struct notes *notes)
{
	struct note *from = notes->v, *to = xmalloc(notes->room * sizeof(*to)), *swap;

	for (int shift = 0; shift < 64; shift += 8) {
		size_t places[256] = {0}, sum = 0;

		for (size_t i = 0; i < notes->n; i++)
			places[from[i].head >> shift & 255]++;
		for (int byte = 0; byte < 256; byte++) {
			size_t n = places[byte];

			places[byte] = sum;
			sum += n;
		}
		for (size_t i = 0; i < notes->n; i++)
			to[places[from[i].head >> shift & 255]++] = from[i];
		swap = from;
		from = to;
		to = swap;
	}
	free(to);
	notes->v = from;
}

void name_notes_sort(struct name_notes *all, enum name_kind kind)
{
	struct notes *notes = &all->kinds[kind];
	size_t i = 1, end;

	/* Tickets come in the order of their paths, and so do most of their numbers. */
	while (i < notes->n && compare_notes(&notes->v[i - 1], &notes->v[i], notes) < 0)
		i++;
	if (i >= notes->n)
		return;
	sort_heads(notes);
	for (i = 0; i < notes->n; i = end) {
		for (end = i + 1; end < notes->n && notes->v[end].head == notes->v[i].head;)
			end++;
		if (end - i > 1)
			qsort_r(notes->v + i, end - i, sizeof(*notes->v), compare_notes, notes);
	}
}

#define ROWS 50 /* of one statement */

static sqlite3_stmt *prepare_rows(struct index *index, struct ticket_error *err)
{
	_cleanup_buf_ struct buf sql = {0};
	sqlite3_stmt *statement = NULL;

	for (int i = 0; i < ROWS; i++)
		buf_puts(&sql, i ? ",(?,?,?)" : "INSERT OR IGNORE INTO names VALUES(?,?,?)");
	if (sqlite3_prepare_v2(index->sql, sql.p, -1, &statement, NULL) != SQLITE_OK)
		db_fail(index, err);
	return statement;
}

static int write_rows(struct index *index, sqlite3_stmt *statement, const struct notes *notes, enum name_kind kind, size_t from, struct ticket_error *err)
{
	uint64_t rooms[ROWS];

	for (int i = 0; i < ROWS; i++) {
		const struct note *note = &notes->v[from + (size_t)i];
		size_t n;
		const char *name = name_of(notes, note, &rooms[i], &n);

		sqlite3_bind_int(statement, 3 * i + 1, (int)kind);
		sqlite3_bind_blob64(statement, 3 * i + 2, name, n, SQLITE_STATIC);
		sqlite3_bind_int64(statement, 3 * i + 3, note->ticket);
	}
	return db_run(index, statement, err);
}

int name_notes_write(struct index *index, struct name_notes *all, struct ticket_error *err)
{
	sqlite3_stmt *statement = prepare_rows(index, err);
	int failed = statement ? 0 : INDEX_DAMAGED;

	for (int kind = 0; !failed && kind < NAME_KINDS; kind++) {
		struct notes *notes = &all->kinds[kind];
		uint64_t room;
		size_t i = 0, n;

		for (; !failed && i + ROWS <= notes->n; i += ROWS)
			failed = write_rows(index, statement, notes, (enum name_kind)kind, i, err);
		for (; !failed && i < notes->n; i++) {
			const char *name = name_of(notes, &notes->v[i], &room, &n);

			failed = put_name(index, (enum name_kind)kind, name, n, notes->v[i].ticket, err);
		}
		notes_release(notes);
	}
	sqlite3_finalize(statement);
	return failed;
}
