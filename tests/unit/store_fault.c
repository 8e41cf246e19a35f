/* SPDX-License-Identifier: MIT */
/*
 * A change that is killed, or refused by the system, at each of its writes, flushes, renames and so on in turn. Afterwards
 * HEAD is the old or the new commit, git finds nothing wrong, and the next change leaves the checkout as HEAD has it.
 */
#include "store_desk.h"

#include "fault.h"

/* --- scenarios ------------------------------------------------------------------------------------------------- */

struct scenario {
	const char *name;
	enum checkout checkout;
	const char *before[4]; /* committed first; nothing: the first commit is the one that is struck */
	const char *steps[8];
	size_t bulk; /* so many files more, enough for a pack */
};

static const struct scenario scenarios[] = {
	{"full", CHECKOUT_FULL, {"t/a=old a", "t/b=old b", "t/sub/gone=x"}, {"t/a=new a, longer", "t/c=created", "u/v/w=deep", "-t/sub/gone"}, 0},
	{"files", CHECKOUT_FILES, {"t/a=old a", "t/sub/gone=x"}, {"t/a=new a, longer", "u/v/w=deep", "-t/sub/gone"}, 0},
	{"none", CHECKOUT_NONE, {"t/a=old a"}, {"t/a=new a", "u/v/w=deep"}, 0},
	{"first", CHECKOUT_FULL, {0}, {"t/a=first", "u/b=commit"}, 0},
	{"bulk", CHECKOUT_FULL, {"t/a=old a"}, {"t/a=new a, longer"}, 36},
};

/* The struck change; exit status 0 done, 3 refused. */
static int child(const char *dir, const struct scenario *scenario, enum fault fault, unsigned at)
{
	struct trial trial = {.dir = (char *)dir};
	const char *steps[64];
	size_t n = 0;
	int rc;

	while (n < ARRAY_SIZE(scenario->steps) && scenario->steps[n]) {
		steps[n] = scenario->steps[n];
		n++;
	}
	for (size_t i = 0; i < scenario->bulk; i++)
		steps[n++] = xasprintf("bulk/%zu/%02zu=%zu\n", i % 3, i, i);
	if (store_open(&trial.store, dir, &trial.err) != 0)
		return 9;
	fatal = at;
	armed = fault;
	rc = commit_paths(&trial, steps, n);
	armed = FAULT_NONE;
	/* Past its last call nothing was struck: that is the end of the series. */
	return rc == 0 ? (calls < at ? 1 : 0) : 3;
}

static int count_difference(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	fprintf(stderr, "differs: %s\n", entry->path);
	++*(int *)data;
	return 0;
}

static void expect_clean(struct trial *trial)
{
	int differences = 0;

	assert_int_equal(store_checkout_differences(trial->store, "", count_difference, &differences, &trial->err), 0);
	assert_int_equal(differences, 0);
	git_is_content(trial);
}

/* What must hold after one blow. Returns true when the series is over. */
static bool strike(const char *template, const char *dir, const struct scenario *scenario, enum fault fault, unsigned at, const struct oid *old)
{
	struct trial trial = {.dir = (char *)dir};
	struct snapshot head;
	int status;
	pid_t pid;

	assert_int_equal(shell(&trial, "cp -a '%s' now", template), 0);
	trial.dir = xasprintf("%s/now", dir);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(child(trial.dir, scenario, fault, at));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (fault == FAULT_KILL && WIFSIGNALED(status))
		assert_int_equal(WTERMSIG(status), SIGKILL);
	else
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 9);
	trial_open(&trial);
	assert_int_equal(store_head(trial.store, &head, &trial.err), 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 3) {
		/* Refused: all is as it was, at once. */
		assert_true(oid_equal(&head.tree, old));
		expect_clean(&trial);
	} else if (WIFEXITED(status)) {
		assert_false(oid_equal(&head.tree, old));
	}
	MUST_COMMIT(&trial, "next/change=made");
	expect_clean(&trial);
	assert_int_equal(shell(&trial, "test \"$(git show HEAD:next/change)\" = made"), 0);
	assert_int_equal(shell(&trial, "p=$(git rev-parse --git-dir)/ticket; test -z \"$(ls $p | grep -v '^lock$' | tee /dev/stderr)\""), 0);
	store_close(trial.store);
	assert_int_equal(shell(&trial, "mv '%s' ../struck-%u-%u", trial.dir, fault, at), 0);
	free(trial.dir);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

static void series(const struct scenario *scenario, enum fault fault)
{
	struct trial trial;
	struct snapshot head;
	char dir[] = "/tmp/unit-fault-XXXXXX";
	unsigned at = 1;
	size_t n = 0;

	trial_new(&trial, scenario->checkout);
	while (n < ARRAY_SIZE(scenario->before) && scenario->before[n])
		n++;
	if (n)
		assert_int_equal(commit_paths(&trial, scenario->before, n), 0);
	assert_int_equal(store_head(trial.store, &head, &trial.err), 0);
	assert_non_null(mkdtemp(dir));
	while (!strike(trial.dir, dir, scenario, fault, at, &head.tree))
		at++;
	print_message("# %s: %u calls %s\n", scenario->name, at - 1, fault == FAULT_KILL ? "killed" : "refused");
	assert_true(at > 10);
	assert_int_equal(shell(&trial, "rm -rf '%s'", dir), 0);
	trial_end(&trial);
}

static void killed(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(scenarios); i++)
		series(&scenarios[i], FAULT_KILL);
}

static void refused(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(scenarios); i++)
		series(&scenarios[i], FAULT_FAIL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
