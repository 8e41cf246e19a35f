/* SPDX-License-Identifier: MIT */
/* The store: what is committed is what is read, git agrees, and nothing done by hand is lost. */
#include "store_desk.h"

static const enum checkout every[] = {CHECKOUT_FULL, CHECKOUT_FILES, CHECKOUT_NONE};

static char *read_head(struct trial *trial, const char *path)
{
	struct snapshot head;
	struct buf out = {0};
	int rc;

	assert_int_equal(store_head(trial->store, &head, &trial->err), 0);
	rc = store_read(trial->store, &head.tree, path, &out, &trial->err);
	if (rc) {
		assert_int_equal(rc, TICKET_NOTFOUND);
		return NULL;
	}
	return buf_steal(&out);
}

static void expect_head(struct trial *trial, const char *path, const char *text)
{
	_cleanup_free_ char *found = read_head(trial, path);

	if (text)
		assert_string_equal(found, text);
	else
		assert_null(found);
}

static void put_and_remove(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(every); i++) {
		struct trial trial;
		struct snapshot head;

		trial_new(&trial, every[i]);
		assert_int_equal(store_head(trial.store, &head, &trial.err), 0);
		assert_true(oid_is_zero(&head.commit) && oid_is_zero(&head.tree));
		MUST_COMMIT(&trial, "a/b/one.json=1\n", "a/b.txt=dot\n", "a/b-/x=dash\n", "top=t");
		expect_head(&trial, "a/b/one.json", "1\n");
		expect_head(&trial, "a/b.txt", "dot\n");
		expect_head(&trial, "a/b-/x", "dash\n");
		expect_head(&trial, "a/b", NULL);
		expect_head(&trial, "a/c", NULL);
		git_is_content(&trial);
		MUST_COMMIT(&trial, "a/b/one.json=2\n", "a/b/two.json=", "-top", "-a/b-/x", "-never/was");
		expect_head(&trial, "a/b/one.json", "2\n");
		expect_head(&trial, "a/b/two.json", "");
		expect_head(&trial, "top", NULL);
		expect_head(&trial, "a/b-/x", NULL);
		MUST_COMMIT(&trial, "x=first", "x=second", "y=put", "-y");
		expect_head(&trial, "x", "second");
		expect_head(&trial, "y", NULL);
		git_is_content(&trial);
		if (every[i] != CHECKOUT_NONE) {
			assert_int_equal(shell(&trial, "test \"$(cat a/b/one.json)\" = 2 && test -f a/b/two.json && test ! -e top && test ! -e a/b- && test \"$(cat x)\" = second"), 0);
		}
		assert_int_equal(shell(&trial, "test \"$(git log --format='%%an %%ae %%ad %%cn %%ce %%cd %%s' --date=iso -1)\" = "
			"'Li Na li@example.org 2023-10-25 09:30:00 +0800 Desk desk@example.org 2023-10-24 22:01:00 -0330 WX-20231025-001: respond'"), 0);
		MUST_COMMIT(&trial, "-a/b/one.json", "-a/b/two.json", "-x", "-a/b.txt");
		assert_int_equal(shell(&trial, "test -z \"$(git ls-tree -r HEAD)\""), 0);
		git_is_content(&trial);
		trial_end(&trial);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(put_and_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
