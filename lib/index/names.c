/* SPDX-License-Identifier: MIT */
/*
 * What a ticket is found by: its numbers from either end, its path, its uid; in pages (pages.c), in the order of their
 * bytes. While the index is built anew they are gathered in memory, then sorted and made into pages by a thread: finding
 * the place of each among millions takes ten times as long.
 */
#include "index/db.h"

#include <ctype.h>
#include <endian.h>

#define LONGEST 1024 /* bytes of a name that count */
#define DIGEST 8     /* which texts have the same is found out by comparing them: two in a desk of millions hardly ever do */

static struct bytes digest_of(char room[DIGEST], const char *text)
{
	uint64_t digest = UINT64_C(0xcbf29ce484222325); /* FNV-1a, then mixed: paths differ at their ends */

	for (; *text; text++)
		digest = (digest ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	digest = (digest ^ digest >> 32) * UINT64_C(0xd6e8feb86659fd93);
	digest = htobe64(digest ^ digest >> 32);
	memcpy(room, &digest, DIGEST);
	return (struct bytes){room, DIGEST};
}

static bool is_digest(enum page_kind kind)
{
	return kind == NAMES_PATH || kind == NAMES_UID;
}

/* --- all names of a ticket ------------------------------------------------------------------------------------- */

typedef int name_visitor(void *data, enum page_kind kind, struct bytes name, int64_t ticket, struct ticket_error *err);

static int visit_number(name_visitor *visit, void *data, const char *number, size_t n, int64_t ticket, struct ticket_error *err)
{
	char forwards[LONGEST], turned[LONGEST];
	int failed;

	n = n < LONGEST ? n : LONGEST;
	for (size_t i = 0; i < n; i++)
		forwards[i] = turned[n - 1 - i] = (char)tolower((unsigned char)number[i]);
	failed = visit(data, NAMES_NUMBER, (struct bytes){forwards, n}, ticket, err);
	return failed ? failed : visit(data, NAMES_TURNED, (struct bytes){turned, n}, ticket, err);
}

/* The number that a path says the ticket has. */
static struct bytes number_in(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t n = strlen(name);

	return (struct bytes){name, text_ends(name, ".json") ? n - strlen(".json") : n};
}

static bool is_number_in(const char *path, const char *number)
{
	struct bytes named = number_in(path);

	return named.n <= LONGEST && strlen(number) == named.n && strncasecmp(number, named.p, named.n) == 0;
}

/* Most stand where their number says, and are found by it: only the others need the path among their names. */
static int each_name(name_visitor *visit, void *data, const struct named *named, int64_t ticket, struct ticket_error *err)
{
	char room[DIGEST];
	int failed = visit_number(visit, data, named->id, strlen(named->id), ticket, err);

	for (const char *p = named->aliases; !failed && *p && p[1]; p += strcspn(p + 1, "\x1f") + 1)
		failed = visit_number(visit, data, p + 1, strcspn(p + 1, "\x1f"), ticket, err);
	if (!failed && !is_number_in(named->path, named->id))
		failed = visit(data, NAMES_PATH, digest_of(room, named->path), ticket, err);
	return failed ? failed : visit(data, NAMES_UID, digest_of(room, named->uid), ticket, err);
}

#define KEY_BYTES (LONGEST + 1 + 8)

/* A name, what ends it, and the ticket: those that are the same lie together. */
static struct bytes key_of(char room[KEY_BYTES], struct bytes name, int64_t ticket)
{
	const uint64_t number = htobe64((uint64_t)ticket);

	if (name.n)
		memcpy(room, name.p, name.n);
	room[name.n] = '\0';
	memcpy(room + name.n + 1, &number, sizeof(number));
	return (struct bytes){room, name.n + 1 + sizeof(number)};
}

static int put_name(void *index, enum page_kind kind, struct bytes name, int64_t ticket, struct ticket_error *err)
{
	char room[KEY_BYTES];

	return pages_put(index, kind, key_of(room, name, ticket), (struct bytes){0}, err);
}

static int drop_name(void *index, enum page_kind kind, struct bytes name, int64_t ticket, struct ticket_error *err)
{
	char room[KEY_BYTES];

	return pages_drop(index, kind, key_of(room, name, ticket), err);
}

int names_put(struct index *index, const struct named *named, int64_t ticket, struct ticket_error *err)
{
	return each_name(put_name, index, named, ticket, err);
}

int names_drop(struct index *index, const struct named *named, int64_t ticket, struct ticket_error *err)
{
	return each_name(drop_name, index, named, ticket, err);
}

/* --- finding --------------------------------------------------------------------------------------------------- */

struct name_search {
	name_finder *visit;
	void *data;
};

static int visit_run(void *data, struct page_run run, struct ticket_error *err)
{
	const struct name_search *search = data;
	struct bytes key, value;
	int ended = 0;

	while (!ended && page_run_next(&run, &key, &value)) {
		uint64_t ticket;

		if (key.n < sizeof(ticket))
			return pages_damaged(err);
		memcpy(&ticket, key.p + key.n - sizeof(ticket), sizeof(ticket));
		ended = search->visit(search->data, (int64_t)be64toh(ticket), err);
	}
	return ended;
}

int names_find(struct index *index, enum page_kind kind, struct bytes name, bool whole, name_finder *visit, void *data, struct ticket_error *err)
{
	char from[LONGEST + 1], until[LONGEST + 1];
	size_t n = name.n < LONGEST ? name.n : LONGEST;

	memcpy(from, name.p, n);
	memcpy(until, name.p, n);
	/* What begins with a word stands before the word and 0xff, a byte that is in no text. */
	from[n] = '\0';
	until[n] = whole ? '\1' : '\xff';
	return pages_find(index, kind, (struct bytes){from, whole ? n + 1 : n}, (struct bytes){until, n + 1}, visit_run, &(struct name_search){visit, data}, err);
}

int names_find_uid(struct index *index, const char *uid, name_finder *visit, void *data, struct ticket_error *err)
{
	char room[DIGEST];

	return names_find(index, NAMES_UID, digest_of(room, uid), true, visit, data, err);
}

int names_find_path(struct index *index, const char *path, name_finder *visit, void *data, struct ticket_error *err)
{
	struct bytes number = number_in(path);
	char lower[LONGEST], room[DIGEST];
	int ended;

	number.n = number.n < LONGEST ? number.n : LONGEST;
	for (size_t i = 0; i < number.n; i++)
		lower[i] = (char)tolower((unsigned char)number.p[i]);
	ended = names_find(index, NAMES_NUMBER, (struct bytes){lower, number.n}, true, visit, data, err);
	return ended ? ended : names_find(index, NAMES_PATH, digest_of(room, path), true, visit, data, err);
}

/* --- checking -------------------------------------------------------------------------------------------------- */

struct checking {
	struct index *index;
	struct texts numbers;
	size_t *counts;
	bool same;
};

static int check_name(void *data, enum page_kind kind, struct bytes name, int64_t ticket, struct ticket_error *err)
{
	struct checking *checking = data;
	char room[KEY_BYTES];
	bool there = false;

	if (kind == NAMES_NUMBER)
		*list_push(&checking->numbers) = xstrndup(name.p, name.n);
	else if (is_digest(kind))
		checking->counts[kind]++;
	if (pages_same(checking->index, kind, key_of(room, name, ticket), (struct bytes){0}, &there, NULL) || !there)
		checking->same = false;
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool names_same(struct index *index, const struct named *named, int64_t ticket, size_t counts[PAGE_KINDS])
{
	struct checking checking = {.index = index, .counts = counts, .same = true};
	struct texts *numbers = &checking.numbers;

	each_name(check_name, &checking, named, ticket, NULL);
	/* A ticket may have a number twice: a former one that it has again. */
	qsort(numbers->v, numbers->n, sizeof(*numbers->v), by_text);
	for (size_t i = 0; i < numbers->n; i++)
		if (!i || strcmp(numbers->v[i - 1], numbers->v[i]) != 0) {
			counts[NAMES_NUMBER]++;
			counts[NAMES_TURNED]++;
		}
	texts_release(numbers);
	return checking.same;
}

/* --- gathered -------------------------------------------------------------------------------------------------- */

/* The first bytes decide most comparisons; what is behind them stands among 'rest': its length, then its bytes. */
struct note {
	uint64_t head;
	size_t rest;
	int64_t ticket;
};
struct notes {
	struct note *v;
	size_t n, room;
	struct buf rest;
	struct made_pages pages; /* once they are sorted */
};
struct name_notes {
	struct notes kinds[PAGE_KINDS]; /* those of names */
};

struct name_notes *name_notes_new(void)
{
	return xcalloc(1, sizeof(struct name_notes));
}

static void notes_release(struct notes *notes)
{
	free(notes->v);
	buf_release(&notes->rest);
	made_pages_release(&notes->pages);
	*notes = (struct notes){0};
}

void name_notes_free(struct name_notes *notes)
{
	for (int kind = NAMES_NUMBER; notes && kind < PAGE_KINDS; kind++)
		notes_release(&notes->kinds[kind]);
	free(notes);
}

static int note_name(void *data, enum page_kind kind, struct bytes name, int64_t ticket, struct ticket_error *err)
{
	struct notes *notes = &((struct name_notes *)data)->kinds[kind];
	uint64_t head = 0;

	if (notes->n == notes->room) {
		notes->room = notes->room ? notes->room * 2 : 4096;
		notes->v = xrealloc(notes->v, notes->room * sizeof(*notes->v));
	}
	memcpy(&head, name.p, name.n < sizeof(head) ? name.n : sizeof(head));
	notes->v[notes->n++] = (struct note){be64toh(head), notes->rest.n, ticket};
	if (!is_digest(kind)) {
		const uint16_t length = (uint16_t)name.n;

		buf_add(&notes->rest, &length, sizeof(length));
		buf_add(&notes->rest, name.p, name.n);
	}
	return 0;
}

void name_notes_add(struct name_notes *notes, const struct named *named, int64_t ticket)
{
	each_name(note_name, notes, named, ticket, NULL);
}

/* The whole name; digests are all head. */
static struct bytes name_of(const struct notes *notes, const struct note *note, uint64_t *room)
{
	uint16_t length;

	if (!notes->rest.n) {
		*room = htobe64(note->head);
		return (struct bytes){(const char *)room, DIGEST};
	}
	memcpy(&length, notes->rest.p + note->rest, sizeof(length));
	return (struct bytes){notes->rest.p + note->rest + sizeof(length), length};
}

static int compare_notes(const void *a, const void *b, void *data)
{
	const struct note *x = a, *y = b;
	struct bytes x_name, y_name;
	uint64_t rooms[2];
	int order;

	if (x->head != y->head)
		return x->head < y->head ? -1 : 1;
	x_name = name_of(data, x, &rooms[0]);
	y_name = name_of(data, y, &rooms[1]);
	order = bytes_order(x_name, y_name);
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

static void sort_notes(struct notes *notes)
{
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

static void make_pages(struct notes *notes, enum page_kind kind)
{
	for (size_t i = 0; i < notes->n; i++) {
		const struct note *note = &notes->v[i];
		char room[KEY_BYTES];
		uint64_t name;

		if (!i || compare_notes(note - 1, note, notes))
			pages_make(&notes->pages, kind, key_of(room, name_of(notes, note, &name), note->ticket), (struct bytes){0});
	}
	pages_make_end(&notes->pages);
}

void name_notes_sort(struct name_notes *all)
{
	for (int kind = NAMES_NUMBER; kind < PAGE_KINDS; kind++) {
		struct notes *notes = &all->kinds[kind];

		sort_notes(notes);
		make_pages(notes, (enum page_kind)kind);
		free(steal_ptr(notes->v));
		buf_release(&notes->rest);
		notes->n = notes->room = 0;
	}
}

int name_notes_write(struct index *index, struct name_notes *all, struct ticket_error *err)
{
	int failed = 0;

	for (int kind = NAMES_NUMBER; !failed && kind < PAGE_KINDS; kind++)
		failed = pages_append(index, (enum page_kind)kind, &all->kinds[kind].pages, err);
	return failed;
}
