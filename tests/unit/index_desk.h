/* SPDX-License-Identifier: MIT */
/* A repository of random tickets that changes at random, and what the index must say of it. */
#ifndef INDEX_DESK_H
#define INDEX_DESK_H

#include "store_desk.h"

#include "index/db.h"

#define NOW INT64_C(1777777777)

extern uint64_t seed;
extern struct index_rules rules;

uint64_t draw(uint64_t below);
const char *pick(const char *const *from, size_t n);
#define PICK(...) pick((const char *const[]){__VA_ARGS__}, ARRAY_SIZE(((const char *const[]){__VA_ARGS__})))

struct file {
	char *path, *bytes;
	size_t n;
	struct ticket *ticket; /* NULL: the bytes are no ticket */
};

struct bench {
	struct trial trial;
	LIST(struct file) files; /* what HEAD has, by our own account */
	struct snapshot head;
	LIST(struct snapshot) past;
	unsigned serial;
	size_t most; /* about so many files are kept; 0: it grows */
};

void bench_new(struct bench *bench);
void bench_end(struct bench *bench);
/* Reads anew what HEAD has, after something else than commit_randomly moved it. */
void reread_files(struct bench *bench);
/* One commit of so many random changes of files; of a few, seldom of many. */
void commit_changes(struct bench *bench, size_t n);
void commit_randomly(struct bench *bench);
/* Another commit of the past becomes HEAD: a reset, a branch switch, an older revision checked out. */
void jump_randomly(struct bench *bench);

struct stamp at(int64_t s);
struct ticket *random_ticket(unsigned serial);
/* What 'serial' names among the files of HEAD, to be filled by set_ticket, which takes the ticket over. */
struct file *new_file(struct bench *bench, unsigned serial);
void set_ticket(struct file *file, struct ticket *ticket);

struct index *open_index(struct bench *bench);
/* Fails the test when the index is not what the desk says, row by row. */
void verify(struct index *index);
/* Terms of a random query are added to 'out'; the whole as text, owned. */
char *random_query(struct texts *out);
struct query *parse(const struct texts *given, const char *sort, size_t limit);
/* Holds the answer to a query, as it was typed, against a plain scan of the tickets. */
void compare_answer(struct bench *bench, struct index *index, const struct query *query, const char *text, const char *sort);
/* Asks a random query and holds the answer against a plain scan of the tickets. */
void compare_answers(struct bench *bench, struct index *index);
/* Opens the index, verifies it and compares answers. */
void check_all(struct bench *bench, size_t queries);

int bench_setup(void **state);
int bench_teardown(void **state);

#endif
