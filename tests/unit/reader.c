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

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(all_kinds_of_storage), cmocka_unit_test(damage), cmocka_unit_test(missing)};

	isolate();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
