/* SPDX-License-Identifier: MIT */
/*
 * SQLite's memory. It asks for very many small pieces, a dozen for each row that it reads, and Debian builds it without the
 * store it has for those. So here is one: pieces that were given back are kept by their size, each thread its own, and new
 * ones are cut from blocks that live as long as the process.
 */
#include "index/db.h"

#define STEP 16
#define LARGEST 1024 /* what is larger is malloc's */
#define BLOCK (64 << 10)

/* In front of each piece; SQLite wants multiples of eight. */
struct head {
	uint64_t size;
};
/* A piece that was given back. */
struct spare {
	struct spare *next;
};
struct pool_block {
	struct pool_block *next;
	char bytes[BLOCK - sizeof(struct pool_block *)];
};

static struct pool_block *blocks; /* of all threads; so that they are still known when their thread has ended */
static __thread struct {
	struct spare *spares[LARGEST / STEP + 1];
	char *room;
	size_t left;
} pool;

static struct head *head_of(void *piece)
{
	return (struct head *)piece - 1;
}

static void *piece_of(struct head *head, size_t size)
{
	if (!head)
		return NULL;
	head->size = size;
	return head + 1;
}

static bool add_block(void)
{
	struct pool_block *block = malloc(sizeof(*block));

	if (!block)
		return false;
	block->next = __atomic_load_n(&blocks, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(&blocks, &block->next, block, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		;
	pool.room = block->bytes;
	pool.left = sizeof(block->bytes);
	return true;
}

static void *new_piece(size_t size)
{
	char *room;

	if (pool.left < sizeof(struct head) + size && !add_block())
		return NULL;
	room = pool.room;
	pool.room += sizeof(struct head) + size;
	pool.left -= sizeof(struct head) + size;
	return piece_of((struct head *)room, size);
}

static int rounded(int n)
{
	return (n + STEP - 1) & ~(STEP - 1);
}

static void *give(int n)
{
	size_t size = (size_t)rounded(n);
	struct spare **spares, *spare;

	if (size > LARGEST)
		return piece_of(malloc(sizeof(struct head) + size), size);
	spares = &pool.spares[size / STEP];
	if (!(spare = *spares))
		return new_piece(size);
	*spares = spare->next;
	return spare;
}

static void take_back(void *piece)
{
	size_t size = piece ? head_of(piece)->size : 0;
	struct spare *spare = piece;

	if (size > LARGEST) {
		free(head_of(piece));
	} else if (piece) {
		spare->next = pool.spares[size / STEP];
		pool.spares[size / STEP] = spare;
	}
}

static int size_of(void *piece)
{
	return piece ? (int)head_of(piece)->size : 0;
}

static void *change(void *piece, int n)
{
	size_t size = (size_t)rounded(n), old = (size_t)size_of(piece);
	void *moved;

	if (size <= LARGEST && size <= old && old <= LARGEST)
		return piece;
	if (size > LARGEST && old > LARGEST)
		return piece_of(realloc(head_of(piece), sizeof(struct head) + size), size);
	if ((moved = give(n))) {
		memcpy(moved, piece, old < size ? old : size);
		take_back(piece);
	}
	return moved;
}

static int begin(void *unused)
{
	return SQLITE_OK;
}

static void end(void *unused)
{
}

const sqlite3_mem_methods index_memory = {give, take_back, change, size_of, rounded, begin, end, NULL};
