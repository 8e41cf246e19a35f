/* SPDX-License-Identifier: MIT */
/* Reading objects by our own hand: whatever git makes of a repository, each object is what libgit2 says it is. */
#include "store_desk.h"

#include "store/reader.h"

/* Every object of the repository, by both, and by a reader with nothing kept; the number of objects. */
static size_t compare_all(struct trial *trial)
{
	_cleanup_free_ char *list = xasprintf("%s/objects.list", trial->dir);
	_cleanup_fclose_ FILE *file = NULL;
	_cleanup_odb_ git_odb *odb = NULL;
	struct store_reader *reader;
	char line[64];
	size_t n = 0;

	assert_int_equal(shell(trial, "git cat-file --batch-check='%%(objectname)' --batch-all-objects --unordered >objects.list"), 0);
	file = fopen(list, "r");
	assert_non_null(file);
	store_close(trial->store);
	trial_open(trial);
	assert_int_equal(odb_open(&odb, trial->store, &trial->err), 0);
	reader = store_reader_new(trial->store);
	for (; fgets(line, sizeof(line), file); n++) {
		git_odb_object *right = NULL;
		struct object seen;
		struct oid id;

		line[40] = '\0';
		assert_true(oid_from_hex(&id, line));
		assert_int_equal(git_odb_read(&right, odb, git_id(&id)), 0);
		for (int again = 0; again < 2; again++) {
			assert_int_equal(reader_read(reader, &id, &seen, &trial->err), 0);
			assert_int_equal(seen.type, git_odb_object_type(right));
			assert_int_equal(seen.n, git_odb_object_size(right));
			assert_memory_equal(seen.bytes, git_odb_object_data(right), seen.n);
			assert_int_equal(seen.bytes[seen.n], 0);
		}
		git_odb_object_free(right);
	}
	store_reader_free(reader);
	return n;
}

/* Files that change a little each time, one that is large, one that is empty, a tag. */
static const char history[] =
	"git init -q . && git config user.name T && git config user.email t@example.org && git config gc.auto 0 && : >empty && "
	"i=0; while [ $i -lt 20 ]; do i=$((i + 1)); seq 1 300 | sed \"s/^$i\\$/changed $i/\" >small; seq 1 50000 | sed \"s/^$i\\$/changed $i/\" >large; "
	"mkdir -p d/$((i % 3)); echo $i >d/$((i % 3))/$i; git add -A && git commit -q -m $i || exit 1; done; git tag -a -m tag v1";

static void all_kinds_of_storage(void **state)
{
	struct trial trial;
	size_t loose;

	trial_new(&trial, CHECKOUT_FULL);
	assert_int_equal(shell(&trial, "%s", history), 0);
	loose = compare_all(&trial);
	assert_true(loose > 100);
	assert_int_equal(shell(&trial, "rm -f objects.list; git repack -q -a -d -f --depth=60 --window=60"), 0);
	assert_int_equal(compare_all(&trial), loose);
	/* Bases by name instead of by distance, and two packs that hold the same. */
	assert_int_equal(shell(&trial, "git -c repack.usedeltabaseoffset=false repack -q -a -f --depth=50"), 0);
	assert_int_equal(compare_all(&trial), loose);
	assert_int_equal(shell(&trial, "for c in 1 2 3; do echo $c >more; git add more; git commit -q -m more; git repack -q; done; git multi-pack-index write"), 0);
	assert_true(compare_all(&trial) > loose);
	trial_end(&trial);
}

/* What cannot be read is refused in libgit2's words, and the rest is read. */
static void damage(void **state)
{
	static const char *const ways[] = {
		"pack=$(ls .git/objects/pack/*.pack) && chmod u+w $pack && size=$(wc -c <$pack) && head -c 2000 /dev/urandom | dd of=$pack bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null",
		"pack=$(ls .git/objects/pack/*.pack) && chmod u+w $pack && truncate -s $(($(wc -c <$pack) / 2)) $pack",
		"index=$(ls .git/objects/pack/*.idx) && chmod u+w $index && head -c 4000 /dev/urandom | dd of=$index bs=1 seek=1500 conv=notrunc 2>/dev/null",
	};

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		_cleanup_free_ char *list = NULL;
		_cleanup_fclose_ FILE *file = NULL;
		git_odb *odb = NULL;
		struct trial trial;
		char line[64];
		size_t bad = 0;

		trial_new(&trial, CHECKOUT_FULL);
		list = xasprintf("%s/objects.list", trial.dir);
		assert_int_equal(shell(&trial, "%s && git cat-file --batch-check='%%(objectname)' --batch-all-objects >objects.list && git repack -q -a -d -f", history), 0);
		assert_int_equal(shell(&trial, "%s", ways[i]), 0);
		store_close(trial.store);
		trial_open(&trial);
		assert_int_equal(odb_open(&odb, trial.store, &trial.err), 0);
		file = fopen(list, "r");
		assert_non_null(file);
		while (fgets(line, sizeof(line), file)) {
			struct store_reader *reader = store_reader_new(trial.store);
			git_odb_object *right = NULL;
			struct object seen;
			struct oid id;
			int failed;

			line[40] = '\0';
			assert_true(oid_from_hex(&id, line));
			failed = git_odb_read(&right, odb, git_id(&id));
			/* zlib's checksum is all that is asked: a damaged difference may pass it, and is then what both say. */
			if (reader_read(reader, &id, &seen, &trial.err) == 0 && !failed)
				assert_int_equal(seen.n, git_odb_object_size(right));
			else
				bad++;
			git_odb_object_free(right);
			store_reader_free(reader);
		}
		assert_true(bad > 0);
		git_odb_free(odb);
		trial_end(&trial);
	}
}

static void missing(void **state)
{
	struct trial trial;
	struct buf seen = {0};
	const struct oid none = {{1, 2, 3}};

	trial_new(&trial, CHECKOUT_NONE);
	assert_int_equal(object_read(&seen, trial.store, &none, GIT_OBJECT_BLOB, &trial.err), TICKET_STORAGE);
	assert_non_null(strstr(trial.err.message, "object 0102030000000000000000000000000000000000 cannot be read, see git fsck"));
	trial_end(&trial);
}

/* --- finding a name in an index --------------------------------------------------------------------------------- */

static void put32(unsigned char *to, size_t number)
{
	to[0] = (unsigned char)(number >> 24);
	to[1] = (unsigned char)(number >> 16);
	to[2] = (unsigned char)(number >> 8);
	to[3] = (unsigned char)number;
}

/* An index of n names in the order given, each at the place of its number and a thousand. Owned by the pack. */
static struct packfile index_of(const struct oid *names, size_t n)
{
	struct packfile pack = {.index_n = 8 + 256 * 4 + n * 28 + 40, .objects = (uint32_t)n};
	unsigned char *index = xcalloc(1, pack.index_n);

	for (size_t first = 0; first < 256; first++) {
		size_t below = 0;

		while (below < n && names[below].id[0] <= first)
			below++;
		put32(index + 8 + first * 4, below);
	}
	for (size_t i = 0; i < n; i++) {
		memcpy(index + 8 + 256 * 4 + i * 20, names[i].id, 20);
		put32(index + 8 + 256 * 4 + n * 24 + i * 4, 1000 + i);
	}
	pack.index = index;
	return pack;
}

static int by_name(const void *a, const void *b)
{
	return memcmp(a, b, 20);
}

#define NAMES 5000

/* Names that are spread evenly, that lie close together at one end, that are the same but for their last bytes; of one first byte or of many. */
static void make_names(struct oid names[NAMES], int way)
{
	uint32_t seed = 1;

	for (size_t i = 0; i < NAMES; i++) {
		for (size_t byte = 0; byte < 20; byte++)
			names[i].id[byte] = (unsigned char)((seed = seed * 1103515245u + 12345u) >> 16);
		if (way & 1)
			names[i].id[0] = 0xff;
		if (way & 2 && i % 100)
			memset(names[i].id + 1, i % 2 ? 0 : 0xff, 3);
		if (way & 4)
			memset(names[i].id, 7, 12);
	}
	qsort(names, NAMES, sizeof(*names), by_name);
}

static void finding(void **state)
{
	struct oid *names = xcalloc(NAMES, sizeof(*names));

	for (int way = 0; way < 8; way++) {
		struct packfile pack;
		uint64_t offset;

		make_names(names, way);
		pack = index_of(names, NAMES);
		for (size_t i = 0; i < NAMES; i++) {
			struct oid near = names[i];

			assert_true(packfile_find(&pack, &names[i], &offset));
			assert_int_equal(offset, 1000 + i);
			near.id[19]++;
			if (near.id[19] && (i + 1 == NAMES || !oid_equal(&near, &names[i + 1])))
				assert_false(packfile_find(&pack, &near, &offset));
		}
		free((void *)pack.index);
	}
	free(names);
}

/* In an index whose names stand anyhow, what is found is that name all the same, and nothing is read beyond its end. */
static void finding_in_disorder(void **state)
{
	struct oid *names = xcalloc(NAMES, sizeof(*names)), *wrong = xcalloc(NAMES, sizeof(*wrong));
	struct packfile pack;
	size_t found = 0;

	make_names(names, 0);
	pack = index_of(names, NAMES);
	for (size_t i = 0; i < NAMES; i++)
		wrong[i] = names[(i * 2417) % NAMES];
	memcpy((void *)(pack.index + 8 + 256 * 4), wrong, NAMES * sizeof(*wrong));
	for (size_t i = 0; i < NAMES; i++) {
		uint64_t offset;

		if (!packfile_find(&pack, &names[i], &offset))
			continue;
		assert_in_range(offset, 1000, 1000 + NAMES - 1);
		assert_true(oid_equal(&wrong[offset - 1000], &names[i]));
		found++;
	}
	assert_true(found < NAMES);
	free((void *)pack.index);
	free(wrong);
	free(names);
}

/* --- differences ------------------------------------------------------------------------------------------------- */

#define BASE 0x30000u

static void put_size(struct buf *out, size_t size)
{
	for (; size > 0x7f; size >>= 7)
		buf_putc(out, (char)(size | 0x80));
	buf_putc(out, (char)size);
}

/* A piece of the base by every set of bytes that its place and length may be written with, and bytes of its own between them. */
static void all_pieces(struct buf *delta, struct buf *right, const char *base)
{
	struct buf pieces = {0};

	for (unsigned code = 0x80; code < 0x100; code++) {
		size_t from = (code & 1 ? 0x21u : 0) | (code & 2 ? 0x4300u : 0) | (code & 4 ? 0x10000u : 0), n = (code & 16 ? 0x17u : 0) | (code & 32 ? 0x200u : 0) | (code & 64 ? 0x10000u : 0);

		buf_putc(&pieces, (char)code);
		for (unsigned i = 0; i < 4; i++)
			if (code & 1u << i)
				buf_putc(&pieces, (char)(from >> 8 * i));
		for (unsigned i = 0; i < 3; i++)
			if (code & 16u << i)
				buf_putc(&pieces, (char)(n >> 8 * i));
		buf_add(right, base + from, n ? n : 0x10000);
		buf_puts(&pieces, "\3abc");
		buf_puts(right, "abc");
	}
	put_size(delta, BASE);
	put_size(delta, right->n);
	buf_add(delta, pieces.p, pieces.n);
	buf_release(&pieces);
}

static void differences(void **state)
{
	_cleanup_free_ char *base = xmalloc(BASE), *made = NULL;
	_cleanup_buf_ struct buf delta = {0}, right = {0};
	size_t n;

	for (size_t i = 0; i < BASE; i++)
		base[i] = (char)(i * 7 + i / 251);
	all_pieces(&delta, &right, base);
	assert_true(delta_size((unsigned char *)delta.p, delta.n, BASE, &n));
	assert_int_equal(n, right.n);
	assert_false(delta_size((unsigned char *)delta.p, delta.n, BASE - 1, &n));
	made = xmalloc(right.n);
	assert_true(delta_apply((unsigned char *)delta.p, delta.n, base, BASE, made, right.n));
	assert_memory_equal(made, right.p, right.n);
	assert_false(delta_apply((unsigned char *)delta.p, delta.n, base, 0x20000, made, right.n));
	for (size_t cut = 0; cut < delta.n; cut++) {
		_cleanup_free_ unsigned char *start = xmalloc(cut ? cut : 1); /* of its own, so that reading beyond it is noticed */

		memcpy(start, delta.p, cut);
		assert_false(delta_apply(start, cut, base, BASE, made, right.n));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(all_kinds_of_storage), cmocka_unit_test(damage), cmocka_unit_test(missing), cmocka_unit_test(finding),
					   cmocka_unit_test(finding_in_disorder), cmocka_unit_test(differences)};

	isolate();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
