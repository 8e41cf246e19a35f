/* SPDX-License-Identifier: MIT */
/* Drives the store alone, as one short process, for tests/bench: what the parts above it add is not measured here. */
#include <stdarg.h>
#include <time.h>

#include "store/store.h"

static const struct commit_words words = {
	.author = "Bench",
	.author_email = "bench@example.org",
	.committer = "Bench",
	.committer_email = "bench@example.org",
	.authored = {.s = 1698197400, .set = true},
	.committed = {.s = 1698197400, .set = true},
	.message = "bench",
};

static int fail(const struct ticket_error *err)
{
	fprintf(stderr, "store_driver: %s\n", err->message);
	return 1;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A ticket of about 2 KB that compresses as words do; the same number always gives the same text. */
static void make_ticket(struct buf *out, size_t number)
{
	static const char *const some[] = {"refund", "device", "login", "customer", "delivery", "invoice", "质量", "退款", "screen", "battery", "again", "service"};
	uint64_t x = number * 0x9e3779b97f4a7c15u + 1;

	buf_truncate(out, 0);
	buf_addf(out, "{\n  \"format\": 1,\n  \"id\": \"B%08zu\",\n  \"description\": \"", number);
	while (out->n < 1900) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		buf_addf(out, "%s %llx ", some[x % ARRAY_SIZE(some)], (unsigned long long)(x >> 44));
	}
	buf_puts(out, "\"\n}\n");
}

static char *ticket_path(size_t number)
{
	size_t day = number / 1000;

	return xasprintf("tickets/%04zu/%02zu/%02zu/%02zu/B%08zu.json", 2000 + day / 336, day / 28 % 12 + 1, day % 28 + 1, number % 1000 / 100, number);
}

/* fill DIR CHECKOUT COUNT: a new repository with so many tickets in one commit. Prints seconds. */
static int fill(const char *dir, enum checkout checkout, size_t count, struct ticket_error *err)
{
	struct store_change *change = NULL;
	struct store *store = NULL;
	struct snapshot head, made;
	struct buf text = {0};
	double start = seconds();
	int rc = store_init(dir, checkout, err);

	if (rc == 0)
		rc = store_open(&store, dir, err);
	if (rc == 0)
		rc = store_lock(store, 10000, err);
	if (rc == 0)
		rc = store_head(store, &head, err);
	if (rc == 0)
		rc = store_change_begin(&change, store, &head, err);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		_cleanup_free_ char *path = ticket_path(i);

		make_ticket(&text, i);
		rc = store_change_put(change, path, text.p, text.n, err);
	}
	if (rc == 0)
		rc = store_change_commit(change, &words, &made, err);
	store_change_free(change);
	store_close(store);
	buf_release(&text);
	if (rc)
		return fail(err);
	printf("%.3f\n", seconds() - start);
	return 0;
}

/* change DIR NUMBER WORD: one ticket gets a word more. */
static int change(const char *dir, size_t number, const char *word, struct ticket_error *err)
{
	_cleanup_free_ char *path = ticket_path(number);
	struct store_change *one = NULL;
	struct store *store = NULL;
	struct snapshot head, made;
	struct buf text = {0};
	int rc = store_open(&store, dir, err);

	if (rc == 0)
		rc = store_lock(store, 10000, err);
	if (rc == 0)
		rc = store_head(store, &head, err);
	if (rc == 0)
		rc = store_read(store, &head.tree, path, &text, err);
	if (rc == 0)
		rc = store_change_begin(&one, store, &head, err);
	if (rc)
		return fail(err);
	buf_addf(&text, "%s\n", word);
	rc = store_change_put(one, path, text.p, text.n, err);
	if (rc == 0)
		rc = store_change_commit(one, &words, &made, err);
	store_change_free(one);
	store_close(store);
	buf_release(&text);
	return rc ? fail(err) : 0;
}

/* stream COUNT: the same tickets as git fast-import reads them. */
static int stream(size_t count)
{
	struct buf text = {0};

	printf("commit refs/heads/main\ncommitter Bench <bench@example.org> 1698197400 +0000\ndata 6\nbench\n\n");
	for (size_t i = 0; i < count; i++) {
		_cleanup_free_ char *path = ticket_path(i);

		make_ticket(&text, i);
		printf("M 100644 inline %s\ndata %zu\n%s\n", path, text.n, text.p);
	}
	buf_release(&text);
	return fflush(stdout) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	static const char *const checkouts[] = {"full", "files", "none"};
	struct ticket_error err = {0};

	if (argc == 5 && strcmp(argv[1], "fill") == 0)
		for (size_t i = 0; i < ARRAY_SIZE(checkouts); i++)
			if (strcmp(argv[3], checkouts[i]) == 0)
				return fill(argv[2], (enum checkout)i, strtoull(argv[4], NULL, 10), &err);
	if (argc == 5 && strcmp(argv[1], "change") == 0)
		return change(argv[2], strtoull(argv[3], NULL, 10), argv[4], &err);
	if (argc == 3 && strcmp(argv[1], "stream") == 0)
		return stream(strtoull(argv[2], NULL, 10));
	if (argc == 3 && strcmp(argv[1], "path") == 0) {
		_cleanup_free_ char *path = ticket_path(strtoull(argv[2], NULL, 10));

		return puts(path) < 0;
	}
	fprintf(stderr, "usage: store_driver fill DIR full|files|none COUNT | change DIR NUMBER WORD | stream COUNT | path NUMBER\n");
	return 2;
}
