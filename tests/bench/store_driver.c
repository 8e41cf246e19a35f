/* SPDX-License-Identifier: MIT */
/* Drives the store alone, as one short process, for tests/bench: what the parts above it add is not measured here. */
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

/* --- the input: many tickets after the pattern of one ---------------------------------------------------------- */

#define PER_DAY 1000

/* Days from 2000-01-01 on; a thousand tickets each. */
static void number_of(size_t i, const char *prefix, char id[64], char path[128])
{
	struct civil day;

	civil_from(&day, (civil_day(2000, 1, 1) + (int64_t)(i / PER_DAY)) * 86400);
	snprintf(id, 64, "%s-%04d%02d%02d-%03zu", prefix, (int)day.year, day.month, day.day, i % PER_DAY);
	snprintf(path, 128, "tickets/%04d/%02d/%02d/%02zu/%s.json", (int)day.year, day.month, day.day, i % PER_DAY / 100, id);
}

static uint64_t scramble(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

/* About 1,100 bytes that compress as people's words do; the same number always gives the same text. */
static void put_words(struct buf *out, size_t number)
{
	static const char *const some[] = {"refund", "device", "login", "customer", "delivery", "invoice", "质量", "退款", "screen", "battery", "again", "service",
		"please", "broken", "waiting", "物流"};
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
	uint64_t x = number * 0x9e3779b97f4a7c15u + 1;
	size_t end = out->n + 1100;

	while (out->n < end) {
		const char *word = some[scramble(&x) % ARRAY_SIZE(some)];
		char odd[8] = " ";

		buf_add(out, word, strlen(word));
		for (int i = 1; i < 7; i++)
			odd[i] = letters[x >> (5 * i + 8) & 31];
		odd[7] = ' ';
		buf_add(out, odd, sizeof(odd));
	}
}

/* The pattern with its number, identity and the word @TEXT@ replaced. */
static void put_ticket(struct buf *out, const char *pattern, const char *pattern_id, const char *id, size_t number)
{
	const char *p = pattern;

	buf_truncate(out, 0);
	while (*p) {
		size_t n = strcspn(p, "@\"W");

		buf_add(out, p, n);
		p += n;
		if (text_starts(p, "@TEXT@")) {
			put_words(out, number);
			p += 6;
		} else if (text_starts(p, pattern_id)) {
			buf_puts(out, id);
			p += strlen(pattern_id);
		} else if (text_starts(p, "\"uid\": \"")) {
			buf_addf(out, "\"uid\": \"%032zx", number + 1);
			p += 8 + 32;
		} else if (*p) {
			buf_putc(out, *p++);
		}
	}
}

/* stream PATTERN COUNT: so many tickets as git fast-import reads them. */
static int stream(const char *pattern_path, size_t count)
{
	_cleanup_fclose_ FILE *file = fopen(pattern_path, "r");
	const char *slash = strrchr(pattern_path, '/');
	char pattern[65536], id[64], path[128];
	_cleanup_free_ char *pattern_id = xstrdup(slash ? slash + 1 : pattern_path), *prefix = NULL;
	struct buf text = {0};
	size_t n = file ? fread(pattern, 1, sizeof(pattern) - 1, file) : 0;

	if (!n)
		return 1;
	pattern[n] = '\0';
	pattern_id[strcspn(pattern_id, ".")] = '\0';
	prefix = xstrndup(pattern_id, strcspn(pattern_id, "-"));
	printf("commit refs/heads/main\ncommitter Bench <bench@example.org> 1698197400 +0000\ndata 6\nbench\n\n");
	for (size_t i = 0; i < count; i++) {
		number_of(i, prefix, id, path);
		put_ticket(&text, pattern, pattern_id, id, i);
		printf("M 100644 inline %s\ndata %zu\n%s\n", path, text.n, text.p);
	}
	buf_release(&text);
	return fflush(stdout) == 0 ? 0 : 1;
}

/* --- the work -------------------------------------------------------------------------------------------------- */

static int put_all(struct store_change *change, FILE *file, struct ticket_error *err)
{
	_cleanup_free_ char *line = NULL, *bytes = NULL;
	size_t line_room = 0, room = 0, n;
	int rc = 0;

	while (rc == 0 && getline(&line, &line_room, file) > 0) {
		char path[256];

		if (sscanf(line, "M 100644 inline %255s", path) != 1)
			continue;
		if (getline(&line, &line_room, file) < 0 || sscanf(line, "data %zu", &n) != 1)
			return ticket_fail(err, TICKET_USAGE, "the stream is not one of ours");
		if (n > room)
			bytes = xrealloc(bytes, room = n);
		if (fread(bytes, 1, n, file) != n)
			return ticket_fail(err, TICKET_USAGE, "the stream is cut off");
		rc = store_change_put(change, path, bytes, n, err);
	}
	return rc;
}

/* load DIR STREAM: all of its files in one commit. */
static int load(const char *dir, const char *path, struct ticket_error *err)
{
	_cleanup_fclose_ FILE *file = fopen(path, "r");
	struct store_change *change = NULL;
	struct store *store = NULL;
	struct snapshot head, made;
	int rc = file ? store_open(&store, dir, err) : ticket_fail(err, TICKET_NOTFOUND, "no stream '%s'", path);

	if (rc == 0)
		rc = store_lock(store, 10000, err);
	if (rc == 0)
		rc = store_head(store, &head, err);
	if (rc == 0)
		rc = store_change_begin(&change, store, &head, err);
	if (rc == 0)
		rc = put_all(change, file, err);
	if (rc == 0)
		rc = store_change_commit(change, &words, &made, err);
	store_change_free(change);
	store_close(store);
	return rc;
}

/* change DIR PATH WORD: one file gets a word more. */
static int change(const char *dir, const char *path, const char *word, struct ticket_error *err)
{
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
	if (rc == 0) {
		buf_addf(&text, "%s\n", word);
		rc = store_change_put(one, path, text.p, text.n, err);
	}
	if (rc == 0)
		rc = store_change_commit(one, &words, &made, err);
	store_change_free(one);
	store_close(store);
	buf_release(&text);
	return rc;
}

int main(int argc, char **argv)
{
	struct ticket_error err = {0};
	int rc;

	if (argc == 4 && strcmp(argv[1], "stream") == 0)
		return stream(argv[2], strtoull(argv[3], NULL, 10));
	if (argc == 4 && strcmp(argv[1], "load") == 0) {
		rc = load(argv[2], argv[3], &err);
	} else if (argc == 5 && strcmp(argv[1], "change") == 0) {
		rc = change(argv[2], argv[3], argv[4], &err);
	} else {
		fprintf(stderr, "usage: store-driver stream PATTERN COUNT | load DIR STREAM | change DIR PATH WORD\n");
		return 2;
	}
	if (rc)
		fprintf(stderr, "store-driver: %s\n", err.message);
	return -rc;
}
