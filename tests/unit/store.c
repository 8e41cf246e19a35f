/* SPDX-License-Identifier: MIT */
/* The store: what is committed is what is read, git agrees, and nothing done by hand is lost. */
#include "store_desk.h"

/* libgit2 1.5 loses pcre2's match data whenever it lists settings by pattern. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:pcre2\n";
}

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


static int note_path(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	char kind = oid_is_zero(&entry->old_id) ? '+' : oid_is_zero(&entry->id) ? '-' : '~';

	buf_addf(data, "%c%s%s ", entry->is_folder ? '/' : kind, entry->path, entry->is_link ? "@" : "");
	return 0;
}

static void walks(void **state)
{
	struct buf out = {0};
	struct trial trial;
	struct snapshot one, two;
	struct oid none = {0}, id;
	bool is_folder;

	trial_new(&trial, CHECKOUT_NONE);
	MUST_COMMIT(&trial, "a.txt=1", "a/x=1", "a/y/z=1", "b=1");
	assert_int_equal(store_head(trial.store, &one, &trial.err), 0);
	MUST_COMMIT(&trial, "a/x=2", "a/n/m=1", "-b", "-a/y/z");
	assert_int_equal(store_head(trial.store, &two, &trial.err), 0);

	assert_int_equal(store_changes(trial.store, &one.tree, &two.tree, "", note_path, &out, &trial.err), 0);
	assert_string_equal(out.p, "+a/n/m ~a/x -a/y/z -b ");
	buf_truncate(&out, 0);
	assert_int_equal(store_changes(trial.store, &none, &two.tree, "a", note_path, &out, &trial.err), 0);
	assert_string_equal(out.p, "+a/n/m +a/x ");
	buf_truncate(&out, 0);
	assert_int_equal(store_changes(trial.store, &one.tree, &two.tree, "a/n", note_path, &out, &trial.err), 0);
	assert_string_equal(out.p, "+a/n/m ");
	buf_truncate(&out, 0);
	assert_int_equal(store_changes(trial.store, &two.tree, &two.tree, "", note_path, &out, &trial.err), 0);
	assert_int_equal(store_changes(trial.store, &one.tree, &two.tree, "nowhere", note_path, &out, &trial.err), 0);
	assert_int_equal(store_list(trial.store, &one.tree, "nowhere", note_path, &out, &trial.err), 0);
	assert_int_equal(out.n, 0);
	assert_int_equal(store_list(trial.store, &one.tree, "", note_path, &out, &trial.err), 0);
	assert_string_equal(out.p, "+a.txt /a +b ");
	buf_truncate(&out, 0);
	assert_int_equal(store_list(trial.store, &one.tree, "a/y", note_path, &out, &trial.err), 0);
	assert_string_equal(out.p, "+a/y/z ");
	assert_int_equal(store_find(trial.store, &one.tree, "a/y", &id, &is_folder, &trial.err), 0);
	assert_true(is_folder);
	assert_int_equal(store_find(trial.store, &one.tree, "a/y/z", &id, &is_folder, &trial.err), 0);
	assert_false(is_folder);
	assert_int_equal(store_find(trial.store, &one.tree, "a/y/z/w", &id, &is_folder, &trial.err), TICKET_NOTFOUND);
	assert_int_equal(store_revision(trial.store, "HEAD~1", &two, &trial.err), 0);
	assert_true(oid_equal(&one.tree, &two.tree));
	assert_int_equal(store_revision(trial.store, "no-such", &two, &trial.err), TICKET_NOTFOUND);
	buf_release(&out);
	trial_end(&trial);
}

/* What git calls a revision, by its whole name. */
static void whole_name(const struct trial *trial, const char *revision, char hex[OID_HEX_SIZE])
{
	_cleanup_free_ char *path = xasprintf("%s/name", trial->dir);
	FILE *file;

	assert_int_equal(shell(trial, "git rev-parse %s >name", revision), 0);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(hex, OID_HEX_SIZE, file));
	fclose(file);
}

/* A whole name may be a commit's, a tag's that stands for one, something else's, or nothing's. */
static void whole_names(void **state)
{
	struct trial trial;
	struct snapshot head, found;
	char hex[OID_HEX_SIZE];

	trial_new(&trial, CHECKOUT_NONE);
	MUST_COMMIT(&trial, "a=1");
	assert_int_equal(store_head(trial.store, &head, &trial.err), 0);
	assert_int_equal(shell(&trial, "git tag -a -m x v1"), 0);
	for (size_t i = 0; i < 2; i++) {
		whole_name(&trial, i ? "v1" : "HEAD", hex);
		found = (struct snapshot){0};
		assert_int_equal(store_revision(trial.store, hex, &found, &trial.err), 0);
		assert_true(oid_equal(&head.commit, &found.commit) && oid_equal(&head.tree, &found.tree));
	}
	whole_name(&trial, "HEAD:a", hex);
	assert_int_equal(store_revision(trial.store, hex, &found, &trial.err), TICKET_NOTFOUND);
	memset(hex, 'a', OID_HEX_SIZE - 1);
	assert_int_equal(store_revision(trial.store, hex, &found, &trial.err), TICKET_NOTFOUND);
	trial_end(&trial);
}

static int note_subject(const struct store_commit *commit, void *data, struct ticket_error *err)
{
	buf_addf(data, "%.*s ", (int)strcspn(commit->message, "\n"), commit->message);
	return 0;
}

static void history(void **state)
{
	struct buf out = {0};
	struct trial trial;
	struct snapshot head;

	trial_new(&trial, CHECKOUT_FULL);
	/* Two lines that meet; dates fix the order. */
	assert_int_equal(shell(&trial,
		"c() { GIT_COMMITTER_DATE=\"$1 +0000\" git commit -q -m \"$2\"; }\n"
		"echo 1 > t && git add t && c 1700000001 one && git checkout -q -b side && echo s > s && git add s && c 1700000003 side &&"
		"git checkout -q main && echo 2 > t && git add t && c 1700000002 two &&"
		"GIT_COMMITTER_DATE='1700000004 +0000' git merge -q -m merge side 2>/dev/null && echo 3 > t && git add t && c 1700000005 three"), 0);
	assert_int_equal(store_head(trial.store, &head, &trial.err), 0);
	assert_int_equal(store_history(trial.store, &head.commit, NULL, note_subject, &out, &trial.err), 0);
	assert_string_equal(out.p, "three merge side two one ");
	buf_truncate(&out, 0);
	assert_int_equal(store_history(trial.store, &head.commit, "t", note_subject, &out, &trial.err), 0);
	assert_string_equal(out.p, "three two one ");
	buf_truncate(&out, 0);
	assert_int_equal(store_history(trial.store, &head.commit, "s", note_subject, &out, &trial.err), 0);
	assert_string_equal(out.p, "side ");
	MUST_COMMIT(&trial, "t=ours");
	git_is_content(&trial);
	buf_release(&out);
	trial_end(&trial);
}

/* Paths that must not be written, whatever stands in them. */
static void bad_paths(void **state)
{
	static const char *const paths[] = {"/abs", "../x", "a/../b", "a//b", "", "a/", ".git/config", "a/.GIT/x", "GIT~1/x", "./a", "a/.", "a/.git. ./x",
		".git::$INDEX_ALLOCATION/x", ".g\xe2\x80\x8cit/x", "\xef\xbb\xbf.git"};
	struct trial trial;

	trial_new(&trial, CHECKOUT_FULL);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct store_change *change;
		struct snapshot head;

		assert_int_equal(store_head(trial.store, &head, &trial.err), 0);
		assert_int_equal(store_change_begin(&change, trial.store, &head, &trial.err), 0);
		assert_int_equal(store_change_put(change, paths[i], "x", 1, &trial.err), TICKET_REFUSED);
		assert_non_null(strstr(trial.err.message, "cannot be the path of a file in a desk"));
		assert_int_equal(store_change_remove(change, paths[i], &trial.err), TICKET_REFUSED);
		store_change_free(change);
	}
	/* Near names are names like any other. */
	MUST_COMMIT(&trial, ".gitattributes=* -text\n", "a/.github/x=1", "a/x.git=1", "a/..x=1", "a/git~10=1");
	git_is_content(&trial);
	trial_end(&trial);
}

/* What was done by hand stays, the refusal names the file, and nothing at all has changed. */
static void hand_made(void **state)
{
	static const struct {
		const char *by_hand, *step, *message, *afterwards;
	} cases[] = {
		{"echo mine >> t/a", "t/a=new", "'t/a' was edited by hand; keep that: git commit 't/a'", "grep -q mine t/a"},
		{"echo mine > t/n", "t/n=new", "'t/n' in the working tree is in the way", "grep -q mine t/n"},
		{"mkdir t/n; echo mine > t/n/x", "t/n=new", "'t/n' in the working tree is a folder", "grep -q mine t/n/x"},
		{"echo safe > ../outside-$$; ln -s ../outside-$$ t/n; ln -s ../outside-$$ x; echo $$ > .git/pid", "t/n=new", "'t/n' in the working tree is a symbolic link",
			"f=../outside-$(cat .git/pid); test \"$(cat $f)\" = safe; r=$?; rm $f; exit $r"},
		{"rm t/a; ln -s /etc/passwd t/a", "t/a=new", "'t/a' in the working tree is a symbolic link", "test -L t/a"},
		{"mv t u; ln -s u t", "t/a=new", "'t' in the working tree is a link or a file where a folder must be", "test \"$(cat u/a)\" = old"},
		{"rm -r t; echo mine > t", "t/a=new", "'t' in the working tree is a link or a file where a folder must be", "grep -q mine t"},
		{"rm t/a; mkfifo t/a", "t/a=new", "'t/a' in the working tree is something else, not a file", "test -p t/a"},
		{"echo mine >> t/b", "-t/b", "'t/b' was edited by hand", "grep -q mine t/b"},
		{"true", "t=file", "'t' is a folder and cannot be a file as well", "test -d t"},
		{"true", "t/a/below=x", "'t/a' is a file and cannot be a folder as well", "test -f t/a"},
	};

	for (size_t c = 0; c < 2; c++)
		for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
			struct trial trial;
			struct snapshot before, after;

			trial_new(&trial, every[c]);
			MUST_COMMIT(&trial, "t/a=old", "t/b=old", "z=old");
			assert_int_equal(store_head(trial.store, &before, &trial.err), 0);
			assert_int_equal(shell(&trial, "%s", cases[i].by_hand), 0);
			assert_int_equal(COMMIT(&trial, "z=new", cases[i].step), TICKET_REFUSED);
			if (!strstr(trial.err.message, cases[i].message))
				fail_msg("%s", trial.err.message);
			assert_int_equal(store_head(trial.store, &after, &trial.err), 0);
			assert_true(oid_equal(&before.commit, &after.commit));
			assert_int_equal(shell(&trial, "test \"$(cat z)\" = old && test ! -e .git/ticket/checkout && { %s; }", cases[i].afterwards), 0);
			/* Everything else can still be changed. */
			MUST_COMMIT(&trial, "z=new");
			trial_end(&trial);
		}
}

/* What is no obstacle: a file deleted by hand, one that already says what it will say, one that git committed. */
static void no_obstacle(void **state)
{
	struct trial trial;

	trial_new(&trial, CHECKOUT_FULL);
	MUST_COMMIT(&trial, "t/a=old", "t/b=old");
	assert_int_equal(shell(&trial, "rm t/a; printf same > t/n; printf new > t/b; chmod +x t/b; git add t/b; git commit -qm 'by hand'"), 0);
	MUST_COMMIT(&trial, "t/a=new", "t/n=same", "t/b=newer");
	git_is_content(&trial);
	assert_int_equal(shell(&trial, "test -x t/b && test \"$(cat t/a t/n t/b)\" = newsamenewer"), 0);
	/* A plain commit of everything reverts nothing. */
	assert_int_equal(shell(&trial, "echo by hand > h && git add -A && git commit -qm h && test \"$(git show --format= --name-only)\" = h"), 0);
	trial_end(&trial);
}

/*
 * A process died between two steps: its journal names two commits, some files are in one state, some in the other. HEAD
 * decides, and what somebody edited since stays.
 */
static void heals(void **state)
{
	static const char *const heads[] = {"HEAD", "HEAD~1"};

	for (size_t c = 0; c < 2; c++)
		for (size_t h = 0; h < ARRAY_SIZE(heads); h++) {
			struct trial trial;

			trial_new(&trial, every[c]);
			MUST_COMMIT(&trial, "a=old", "b=old", "gone=old", "hand=old", "z=1");
			assert_int_equal(shell(&trial, "test ! -e .git/index || cp .git/index .git/old-index"), 0);
			MUST_COMMIT(&trial, "a=new", "b=new", "-gone", "hand=new", "born/n=new", "half=a whole file");
			assert_int_equal(shell(&trial, "git rev-parse HEAD~1 HEAD > .git/ticket/checkout && printf old > a && printf new > b && printf old > gone &&"
				"printf 'a who' > half && echo mine > hand && git update-ref HEAD %s && { test ! -e .git/index || mv .git/old-index .git/index; }", heads[h]), 0);
			MUST_COMMIT(&trial, "z=2");
			assert_int_equal(shell(&trial, "test ! -e .git/ticket/checkout && test \"$(cat hand)\" = mine"), 0);
			if (h == 0)
				assert_int_equal(shell(&trial, "test \"$(cat a b born/n half)\" = 'newnewnewa whole file' && test ! -e gone"), 0);
			else
				assert_int_equal(shell(&trial, "test \"$(cat a b gone)\" = oldoldold && test ! -e born && test ! -e half"), 0);
			if (every[c] == CHECKOUT_FULL) /* nothing is staged: a plain git commit would revert nothing */
				assert_int_equal(shell(&trial, "test \"$(git status --porcelain)\" = ' M hand' && git diff --cached --quiet"), 0);
			assert_int_equal(COMMIT(&trial, "hand=newer"), TICKET_REFUSED);
			assert_int_equal(shell(&trial, "printf %s > hand", h == 0 ? "new" : "old"), 0);
			git_is_content(&trial);
			trial_end(&trial);
		}
}

/* A journal that was cut off, or names what is not there, says that nothing had begun. */
static void odd_journals(void **state)
{
	static const char *const journals[] = {"", "x", "0000000000000000000000000000000000000000\n", "%s\n1111111111111111111111111111111111111111\n"};

	for (size_t i = 0; i < ARRAY_SIZE(journals); i++) {
		struct trial trial;

		trial_new(&trial, CHECKOUT_FULL);
		MUST_COMMIT(&trial, "a=1");
		assert_int_equal(shell(&trial, "printf '%s' \"$(git rev-parse HEAD)\" > .git/ticket/checkout", journals[i]), 0);
		MUST_COMMIT(&trial, "a=2");
		assert_int_equal(shell(&trial, "test ! -e .git/ticket/checkout"), 0);
		git_is_content(&trial);
		trial_end(&trial);
	}
}

static void restores(void **state)
{
	struct buf out = {0};
	struct trial trial;

	trial_new(&trial, CHECKOUT_FULL);
	MUST_COMMIT(&trial, "t/a=old", "t/b=old", "t/c=old", "u/v/w=old");
	assert_int_equal(shell(&trial, "echo mine > t/a; rm t/b; rm t/c; ln -s a t/c; echo more > extra; rm -r u; git add -A"), 0);
	assert_int_equal(store_checkout_differences(trial.store, "", note_path, &out, &trial.err), 0);
	assert_string_equal(out.p, "~t/a -t/b ~t/c@ -u/v/w +extra ");
	assert_int_equal(store_lock(trial.store, 1000, &trial.err), 0);
	assert_int_equal(store_checkout_restore(trial.store, "t/a", &trial.err), 0);
	assert_int_equal(store_checkout_restore(trial.store, "t/b", &trial.err), 0);
	assert_int_equal(store_checkout_restore(trial.store, "t/c", &trial.err), 0);
	assert_int_equal(store_checkout_restore(trial.store, "u/v/w", &trial.err), 0);
	assert_int_equal(store_checkout_restore(trial.store, "extra", &trial.err), TICKET_NOTFOUND);
	store_unlock(trial.store);
	assert_int_equal(shell(&trial, "git rm -q --cached extra; rm extra"), 0);
	git_is_content(&trial);
	buf_release(&out);
	trial_end(&trial);
}

/* --- locks ----------------------------------------------------------------------------------------------------- */

static void contention(void **state)
{
	struct trial trial;
	struct store *other;

	trial_new(&trial, CHECKOUT_FULL);
	assert_int_equal(store_lock(trial.store, 0, &trial.err), 0);
	assert_int_equal(store_open(&other, trial.dir, &trial.err), 0);
	assert_int_equal(store_lock(other, 30, &trial.err), TICKET_BUSY);
	if (!strstr(trial.err.message, "the desk is busy: pid ") || !strstr(trial.err.message, " since 20"))
		fail_msg("%s", trial.err.message);
	store_unlock(trial.store);
	assert_int_equal(store_lock(other, 30, &trial.err), 0);
	store_close(other);
	assert_int_equal(store_lock(trial.store, 0, &trial.err), 0);
	trial_end(&trial);
}

/* Somebody who does not take our lock: git itself. */
static void compare_and_swap(void **state)
{
	static const char *const step[] = {"t=ours"};
	struct snapshot head, made;
	struct store_change *change;
	struct trial trial;

	trial_new(&trial, CHECKOUT_FULL);
	MUST_COMMIT(&trial, "t=old");
	assert_int_equal(store_lock(trial.store, 100, &trial.err), 0);
	assert_int_equal(store_head(trial.store, &head, &trial.err), 0);
	assert_int_equal(store_change_begin(&change, trial.store, &head, &trial.err), 0);
	assert_int_equal(store_change_put(change, "t", "ours", 4, &trial.err), 0);
	assert_int_equal(shell(&trial, "echo x > x && git add x && git commit -qm x"), 0);
	assert_int_equal(store_change_commit(change, &words, &made, &trial.err), TICKET_BUSY);
	store_change_free(change);
	git_is_content(&trial);
	store_unlock(trial.store);

	/* Locks that git holds are waited for, then named; they are not ours to remove. */
	assert_int_equal(shell(&trial, "touch .git/index.lock"), 0);
	assert_int_equal(store_lock(trial.store, 20, &trial.err), 0);
	assert_int_equal(change_paths(&trial, step, 1, NULL), TICKET_BUSY);
	assert_non_null(strstr(trial.err.message, "index.lock"));
	store_unlock(trial.store);
	assert_int_equal(shell(&trial, "mv .git/index.lock .git/refs/heads/main.lock"), 0);
	assert_int_equal(store_lock(trial.store, 20, &trial.err), 0);
	assert_int_equal(change_paths(&trial, step, 1, NULL), TICKET_BUSY);
	store_unlock(trial.store);
	assert_int_equal(shell(&trial, "test \"$(cat t)\" = old && rm .git/refs/heads/main.lock"), 0);
	git_is_content(&trial);
	/* One that goes away in time is no trouble. */
	assert_int_equal(shell(&trial, "touch .git/index.lock; (sleep 0.2; rm .git/index.lock) &"), 0);
	MUST_COMMIT(&trial, "t=ours");
	git_is_content(&trial);
	trial_end(&trial);
}

#define RACERS 8
#define LAPS 25

static int race(const char *dir, int who)
{
	struct trial trial = {.dir = (char *)dir};

	for (int lap = 0; lap < LAPS; lap++) {
		_cleanup_free_ char *step = xasprintf("r/%d/%02d=%d", who, lap, lap);

		if (store_open(&trial.store, dir, &trial.err) != 0 || store_lock(trial.store, 60000, &trial.err) != 0 ||
		    change_paths(&trial, (const char *const[]){step}, 1, NULL) != 0) {
			fprintf(stderr, "racer %d: %s\n", who, trial.err.message);
			return 1;
		}
		store_close(trial.store);
	}
	return 0;
}

static void racing(void **state)
{
	struct trial trial;
	pid_t pids[RACERS];

	trial_new(&trial, CHECKOUT_FULL);
	for (int i = 0; i < RACERS; i++)
		if ((pids[i] = fork()) == 0)
			_exit(race(trial.dir, i));
	for (int i = 0; i < RACERS; i++) {
		int status;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	assert_int_equal(shell(&trial, "test $(git rev-list --count HEAD) = %d && test $(git ls-files | wc -l) = %d && test -z \"$(git rev-list --merges HEAD)\"",
		RACERS * LAPS, RACERS * LAPS), 0);
	git_is_content(&trial);
	trial_end(&trial);
}

/* --- kinds of repository --------------------------------------------------------------------------------------- */

static void detached_and_linked(void **state)
{
	struct trial trial, linked = {0};

	trial_new(&trial, CHECKOUT_FULL);
	MUST_COMMIT(&trial, "t=1");
	assert_int_equal(shell(&trial, "git checkout -q --detach"), 0);
	MUST_COMMIT(&trial, "t=2");
	git_is_content(&trial);
	assert_int_equal(shell(&trial, "! git symbolic-ref -q HEAD && test \"$(git show main:t)\" = 1 && git checkout -q main && git merge -q --ff-only 'HEAD@{1}'"), 0);

	linked.dir = xasprintf("%s-linked", trial.dir);
	assert_int_equal(shell(&trial, "git worktree add -q -b other '%s'", linked.dir), 0);
	trial_open(&linked);
	assert_string_equal(store_private(linked.store), store_private(trial.store));
	MUST_COMMIT(&linked, "t=linked", "new/file=x");
	git_is_content(&linked);
	git_is_content(&trial);
	assert_int_equal(shell(&trial, "test \"$(git show main:t)\" = 2 && test \"$(cat t)\" = 2 && test \"$(git show other:t)\" = linked"), 0);
	/* The lock is one for all of them. */
	assert_int_equal(store_lock(trial.store, 0, &trial.err), 0);
	assert_int_equal(store_lock(linked.store, 0, &linked.err), TICKET_BUSY);
	store_unlock(trial.store);
	trial_end(&linked);
	trial_end(&trial);
}

/* Branch names with folders, packed refs, and a branch that was packed away. */
static void odd_branches(void **state)
{
	struct trial trial;

	trial_new(&trial, CHECKOUT_FULL);
	assert_int_equal(shell(&trial, "git symbolic-ref HEAD refs/heads/team/a/desk"), 0);
	MUST_COMMIT(&trial, "t=1");
	assert_int_equal(shell(&trial, "git pack-refs --all && test ! -e .git/refs/heads/team/a/desk && git gc -q"), 0);
	MUST_COMMIT(&trial, "t=2", "u=3");
	git_is_content(&trial);
	assert_int_equal(shell(&trial, "test \"$(git log --format=%%H team/a/desk | wc -l)\" = 2"), 0);
	trial_end(&trial);
}

static void index_versions(void **state)
{
	static const char *const prepare[] = {
		"git update-index --index-version 4",
		"git update-index --index-version 3; git add -N intent; git update-index --skip-worktree t/a",
		"git update-index --index-version 2; git status -s >/dev/null; git commit -q --allow-empty -m x", /* with a cache-tree */
		"rm .git/index; git reset -q",
	};

	for (size_t i = 0; i < ARRAY_SIZE(prepare); i++) {
		struct trial trial;

		trial_new(&trial, CHECKOUT_FULL);
		MUST_COMMIT(&trial, "t/a=1", "t/c=1", "m=1", "t.x=1");
		assert_int_equal(shell(&trial, "touch intent; %s; rm intent; git rm -q --cached intent 2>/dev/null; true", prepare[i]), 0);
		MUST_COMMIT(&trial, "t/b=2", "t/c=2", "-m", "a=2", "z=2", "t.x=2");
		git_is_content(&trial);
		assert_int_equal(shell(&trial, "test \"$(git ls-files | tr '\\n' ' ')\" = 'a t.x t/a t/b t/c z '"), 0);
		trial_end(&trial);
	}
}

/* An index with a conflict in it: our file's stages give way, the others stay. */
static void conflicted_index(void **state)
{
	struct trial trial;

	trial_new(&trial, CHECKOUT_FULL);
	MUST_COMMIT(&trial, "a=1", "b=1", "c=1");
	assert_int_equal(shell(&trial, "id=$(git rev-parse HEAD:b); for f in a b; do printf '0 0\\t%%s\\n100644 %%s 1\\t%%s\\n100644 %%s 2\\t%%s\\n100644 %%s 3\\t%%s\\n' $f $id $f $id $f $id $f; done |"
		" sed 's/^0 0/0 0000000000000000000000000000000000000000/' | git update-index --index-info"), 0);
	MUST_COMMIT(&trial, "b=2");
	assert_int_equal(shell(&trial, "test \"$(git ls-files -s | cut -d' ' -f3 | tr '\\t\\n' '::')\" = '1:a:2:a:3:a:0:b:0:c:'"), 0);
	trial_end(&trial);
}

static void refused_repositories(void **state)
{
	static const struct {
		const char *prepare, *dir;
		int code;
		const char *message;
	} cases[] = {
		{"git init -q --object-format=sha256 r", "r", TICKET_REFUSED, "SHA-256"},
		{"git init -q r; mkdir r/sub", "r/sub", TICKET_REFUSED, "lies inside the repository"},
		{"git init -q r", "r/not/yet/there", TICKET_REFUSED, "lies inside the repository"},
		{"git init -q r", "r/.git", TICKET_REFUSED, "lies inside the repository"},
		{"git init -q r; ln -s r/sub l; mkdir r/sub", "l", TICKET_REFUSED, "lies inside the repository"},
		{"git init -q r; git -C r config core.splitIndex true", "r", TICKET_REFUSED, "a split index"},
		{"git init -q r; git -C r config core.sparseCheckout true", "r", TICKET_REFUSED, "a sparse checkout"},
		{"git init -q --bare r", "r", TICKET_REFUSED, "bare repository"},
		{"touch r", "r", TICKET_STORAGE, "no repository can be made"},
	};

	isolate();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char dir[] = "/tmp/unit-refused-XXXXXX";
		struct trial trial = {.dir = dir};
		_cleanup_free_ char *target = NULL;
		int rc;

		assert_non_null(mkdtemp(dir));
		target = xasprintf("%s/%s", dir, cases[i].dir);
		assert_int_equal(shell(&trial, "%s", cases[i].prepare), 0);
		rc = store_init(target, CHECKOUT_FULL, &trial.err);
		if (rc != cases[i].code || !strstr(trial.err.message, cases[i].message))
			fail_msg("%s: %d %s", cases[i].prepare, rc, trial.err.message);
		assert_int_equal(shell(&trial, "rm -rf '%s'", dir), 0);
	}
}

static void taken_repositories(void **state)
{
	char dir[] = "/tmp/unit-taken-XXXXXX";
	struct trial trial = {.dir = dir};
	_cleanup_free_ char *own = NULL, *below = NULL;

	isolate();
	assert_non_null(mkdtemp(dir));
	/* One that is there keeps its history; a desk is found from below. */
	assert_int_equal(shell(&trial, "git init -q r && cd r && echo 1 > README && git add README && git commit -qm first && mkdir -p deep/down"), 0);
	own = xasprintf("%s/r", dir);
	assert_int_equal(store_init(own, CHECKOUT_FULL, &trial.err), 0);
	assert_int_equal(store_init(own, CHECKOUT_FILES, &trial.err), 0);
	below = xasprintf("%s/r/deep/down", dir);
	assert_int_equal(store_open(&trial.store, below, &trial.err), 0);
	assert_int_equal(store_checkout(trial.store), CHECKOUT_FILES);
	assert_false(store_is_read_only(trial.store));
	assert_true(text_ends(store_root(trial.store), "/r/"));
	store_close(trial.store);
	assert_int_equal(store_open(&trial.store, dir, &trial.err), TICKET_NOTFOUND);
	assert_int_equal(shell(&trial, "git -C r config ticket.checkout some"), 0);
	assert_int_equal(store_open(&trial.store, own, &trial.err), TICKET_REFUSED);
	assert_int_equal(shell(&trial, "rm -rf '%s'", dir), 0);
}

/* What is found by looking at a few files is what libgit2 finds. */
static void plain_repositories(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(every); i++) {
		_cleanup_free_ char *root = NULL, *private = NULL, *branch = NULL, *same_branch = NULL;
		struct trial trial;
		struct snapshot head, same_head;

		trial_new(&trial, every[i]);
		MUST_COMMIT(&trial, "a=1");
		root = xstrdup(store_root(trial.store));
		private = xstrdup(store_private(trial.store));
		assert_int_equal(store_checkout(trial.store), every[i]);
		assert_int_equal(store_branch(trial.store, &branch, &trial.err) | store_head(trial.store, &head, &trial.err), 0);
		store_close(trial.store);
		/* Settings from elsewhere, and a branch that stands with others in one file. */
		assert_int_equal(shell(&trial, "git config include.path /nowhere && git pack-refs --all"), 0);
		trial_open(&trial);
		assert_true(text_equal(root, store_root(trial.store)));
		assert_string_equal(private, store_private(trial.store));
		assert_int_equal(store_checkout(trial.store), every[i]);
		assert_int_equal(store_branch(trial.store, &same_branch, &trial.err) | store_head(trial.store, &same_head, &trial.err), 0);
		assert_string_equal(branch, same_branch);
		assert_memory_equal(&head, &same_head, sizeof(head));
		trial_end(&trial);
	}
}

/* What is remembered is recalled for the same object alone, and not when a byte of it is another. */
static void remembers(void **state)
{
	const struct oid one = {{1}}, two = {{2}};
	struct buf out = {0};
	struct trial trial;

	trial_new(&trial, CHECKOUT_NONE);
	assert_false(store_recall(trial.store, "thing", &one, &out));
	store_remember(trial.store, "thing", &one, "first", 5);
	assert_true(store_recall(trial.store, "thing", &one, &out));
	assert_string_equal(out.p, "first");
	assert_false(store_recall(trial.store, "thing", &two, &out));
	assert_false(store_recall(trial.store, "other", &one, &out));
	store_remember(trial.store, "thing", &two, "second", 6);
	assert_false(store_recall(trial.store, "thing", &one, &out));
	buf_truncate(&out, 0);
	assert_true(store_recall(trial.store, "thing", &two, &out));
	assert_string_equal(out.p, "second");
	assert_int_equal(shell(&trial, "test \"$(ls ticket)\" = thing.memo && sed -i s/second/sacond/ ticket/thing.memo"), 0);
	assert_false(store_recall(trial.store, "thing", &two, &out));
	assert_int_equal(shell(&trial, "rm ticket/thing.memo && mkdir ticket/thing.memo"), 0);
	store_remember(trial.store, "thing", &one, "first", 5);
	assert_false(store_recall(trial.store, "thing", &one, &out));
	assert_int_equal(shell(&trial, "test \"$(ls ticket)\" = thing.memo"), 0);
	buf_release(&out);
	trial_end(&trial);
}

/* Another user's repository: the message gives the line that makes it work. */
static void other_owner(void **state)
{
	struct trial trial;
	struct store *store;
	char *line;
	int rc;

	trial_new(&trial, CHECKOUT_FULL);
	MUST_COMMIT(&trial, "t=1");
	if (geteuid() != 0) {
		trial_end(&trial);
		skip();
	}
	assert_int_equal(shell(&trial, "chown -R 12345 ."), 0);
	rc = store_open(&store, trial.dir, &trial.err);
	assert_int_equal(rc, TICKET_REFUSED);
	line = strstr(trial.err.message, "git config --global --add safe.directory ");
	assert_non_null(line);
	assert_int_equal(shell(&trial, "%s", line), 0);
	assert_int_equal(store_open(&store, trial.dir, &trial.err), 0);
	store_close(store);
	assert_int_equal(shell(&trial, "git config --global --unset-all safe.directory; chown -R 0 ."), 0);
	trial_end(&trial);
}

/* --- packs ----------------------------------------------------------------------------------------------------- */

static void bulk(void **state)
{
	for (size_t c = 0; c < ARRAY_SIZE(every); c++) {
		struct store_change *change;
		struct snapshot head, made;
		struct buf big = {0};
		struct trial trial;

		trial_new(&trial, every[c]);
		MUST_COMMIT(&trial, "t/0/0000=before", "stays=1");
		assert_int_equal(store_lock(trial.store, 0, &trial.err), 0);
		assert_int_equal(store_head(trial.store, &head, &trial.err), 0);
		assert_int_equal(store_change_begin(&change, trial.store, &head, &trial.err), 0);
		for (unsigned i = 0; i < 3000; i++) {
			_cleanup_free_ char *path = xasprintf("t/%u/%04u", i % 30, i), *text = xasprintf("text %u %u\n", i % 1000, i % 1000 * 7919);

			assert_int_equal(store_change_put(change, path, text, strlen(text), &trial.err), 0);
		}
		for (unsigned i = 0; i < 1500000; i++)
			buf_addf(&big, "%u", i * 2654435761u);
		assert_int_equal(store_change_put(change, "big", big.p, big.n, &trial.err), 0);
		assert_int_equal(store_change_put(change, "empty", "", 0, &trial.err), 0);
		assert_int_equal(store_change_remove(change, "t/5/0005", &trial.err), 0);
		assert_int_equal(store_change_commit(change, &words, &made, &trial.err), 0);
		store_change_free(change);
		store_unlock(trial.store);
		expect_head(&trial, "t/29/2999", "text 999 7911081\n");
		expect_head(&trial, "t/5/0005", NULL);
		expect_head(&trial, "big", big.p);
		expect_head(&trial, "empty", "");
		git_is_content(&trial);
		assert_int_equal(shell(&trial, "test $(git ls-tree -r HEAD | wc -l) = 3002 && d=$(git rev-parse --git-dir)/objects/pack && git verify-pack $d/*.idx && test $(ls $d | wc -l) = 2"), 0);
		if (every[c] != CHECKOUT_NONE)
			assert_int_equal(shell(&trial, "test $(find t -type f | wc -l) = 2999 && git cat-file blob HEAD:big | cmp - big && test \"$(cat t/0/0000)\" = 'text 0 0'"), 0);
		MUST_COMMIT(&trial, "t/0/0000=after");
		git_is_content(&trial);
		buf_release(&big);
		trial_end(&trial);
	}
}

static void damage(void **state)
{
	struct trial trial;
	struct snapshot head;
	struct buf out = {0};

	trial_new(&trial, CHECKOUT_NONE);
	MUST_COMMIT(&trial, "t/a=some text that is long enough");
	assert_int_equal(store_head(trial.store, &head, &trial.err), 0);
	store_close(trial.store);
	assert_int_equal(shell(&trial, "id=$(git rev-parse HEAD:t/a); f=objects/$(echo $id | cut -c1-2)/$(echo $id | cut -c3-); chmod +w $f; printf X | dd of=$f bs=1 seek=20 conv=notrunc status=none"), 0);
	trial_open(&trial);
	assert_int_equal(store_read(trial.store, &head.tree, "t/a", &out, &trial.err), TICKET_STORAGE);
	assert_non_null(strstr(trial.err.message, "git fsck"));
	store_close(trial.store);
	assert_int_equal(shell(&trial, "id=$(git rev-parse HEAD:t); rm -f objects/$(echo $id | cut -c1-2)/$(echo $id | cut -c3-)"), 0);
	trial_open(&trial);
	assert_int_equal(store_read(trial.store, &head.tree, "t/a", &out, &trial.err), TICKET_STORAGE);
	assert_int_equal(COMMIT(&trial, "t/b=x"), TICKET_STORAGE);
	buf_release(&out);
	trial_end(&trial);
}

static void revision(struct trial *trial, const char *spec, struct snapshot *out)
{
	if (store_revision(trial->store, spec, out, &trial->err) != 0)
		fail_msg("%s", trial->err.message);
}

/* Two histories that parted become one commit, and one that is ahead is followed: git sees nothing but a clean tree. */
static void joins_and_follows(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(every); i++) {
		struct trial trial;
		struct snapshot base, side, head, made;
		struct store_change *change;
		snapshots bases = {0};
		struct oid blob;

		trial_new(&trial, every[i]);
		MUST_COMMIT(&trial, "kept=1", "changed=1", "gone=1");
		revision(&trial, "HEAD", &base);
		MUST_COMMIT(&trial, "changed=2", "new/file=n", "-gone");
		assert_int_equal(shell(&trial, "git branch side && git update-ref refs/heads/behind %s", "HEAD~1"), 0);
		revision(&trial, "side", &side);
		/* Back to where it began: what 'side' has is to be followed. */
		assert_int_equal(shell(&trial, every[i] == CHECKOUT_NONE ? "git update-ref HEAD behind" : "git reset -q --hard behind"), 0);
		assert_int_equal(store_lock(trial.store, 1000, &trial.err), 0);
		assert_int_equal(store_merge_bases(trial.store, &base.commit, &side.commit, &bases, &trial.err), 0);
		assert_true(bases.n == 1 && oid_equal(&bases.v[0].commit, &base.commit));
		assert_int_equal(store_forward(trial.store, &side, &side, &trial.err), TICKET_BUSY);
		assert_int_equal(store_forward(trial.store, &base, &side, &trial.err), 0);
		store_unlock(trial.store);
		expect_head(&trial, "changed", "2");
		expect_head(&trial, "gone", NULL);
		assert_int_equal(shell(&trial, "test \"$(git rev-parse HEAD)\" = \"$(git rev-parse side)\""), 0);
		git_is_content(&trial);
		if (every[i] != CHECKOUT_NONE)
			assert_int_equal(shell(&trial, "test \"$(cat changed new/file)\" = 2n && test ! -e gone"), 0);

		/* From there on a history of our own, then both in one commit. */
		assert_int_equal(shell(&trial, every[i] == CHECKOUT_NONE ? "git update-ref HEAD behind" : "git reset -q --hard behind"), 0);
		MUST_COMMIT(&trial, "ours=o");
		revision(&trial, "HEAD", &head);
		assert_int_equal(store_find(trial.store, &side.tree, "new/file", &blob, NULL, &trial.err), 0);
		assert_int_equal(store_lock(trial.store, 1000, &trial.err), 0);
		assert_int_equal(store_change_begin(&change, trial.store, &head, &trial.err), 0);
		assert_int_equal(store_change_take(change, "new/file", &blob, 0100755, &trial.err), 0);
		assert_int_equal(store_change_take(change, "../out", &blob, 0, &trial.err), TICKET_REFUSED);
		store_change_join(change, &side);
		assert_int_equal(store_change_commit(change, &words, &made, &trial.err), 0);
		store_change_free(change);
		/* Nothing to change is no reason to make no commit of two parents. */
		assert_int_equal(store_change_begin(&change, trial.store, &made, &trial.err), 0);
		store_change_join(change, &side);
		assert_int_equal(store_change_commit(change, &words, &made, &trial.err), 0);
		store_change_free(change);
		store_unlock(trial.store);
		expect_head(&trial, "new/file", "n");
		expect_head(&trial, "changed", "1");
		git_is_content(&trial);
		assert_int_equal(shell(&trial, "test \"$(git rev-parse HEAD^1^1 HEAD^1^2 HEAD^2)\" = \"$(git rev-parse HEAD~2 side side)\" && git ls-tree HEAD new/file | grep -q ^100755"), 0);
		if (every[i] != CHECKOUT_NONE)
			assert_int_equal(shell(&trial, "test -x new/file && test \"$(cat new/file ours)\" = no"), 0);
		free(bases.v);
		trial_end(&trial);
	}
}

/* What no desk can have does not get into one. */
static void follows_no_link(void **state)
{
	struct trial trial;
	struct snapshot base, side;
	char *branch;

	trial_new(&trial, CHECKOUT_FULL);
	MUST_COMMIT(&trial, "a=1");
	assert_int_equal(store_branch(trial.store, &branch, &trial.err), 0);
	assert_true(text_starts(branch, "refs/heads/"));
	free(branch);
	revision(&trial, "HEAD", &base);
	assert_int_equal(shell(&trial, "ln -s /etc link && git add link && git commit -qm link && git branch side && git reset -q --hard HEAD~1"), 0);
	revision(&trial, "side", &side);
	assert_int_equal(store_lock(trial.store, 1000, &trial.err), 0);
	assert_int_equal(store_forward(trial.store, &base, &side, &trial.err), TICKET_REFUSED);
	store_unlock(trial.store);
	assert_int_equal(shell(&trial, "test ! -e link && test ! -L link"), 0);
	git_is_content(&trial);
	trial_end(&trial);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(put_and_remove),
		cmocka_unit_test(walks),
		cmocka_unit_test(whole_names),
		cmocka_unit_test(history),
		cmocka_unit_test(bad_paths),
		cmocka_unit_test(hand_made),
		cmocka_unit_test(no_obstacle),
		cmocka_unit_test(heals),
		cmocka_unit_test(odd_journals),
		cmocka_unit_test(restores),
		cmocka_unit_test(contention),
		cmocka_unit_test(compare_and_swap),
		cmocka_unit_test(racing),
		cmocka_unit_test(detached_and_linked),
		cmocka_unit_test(odd_branches),
		cmocka_unit_test(index_versions),
		cmocka_unit_test(conflicted_index),
		cmocka_unit_test(refused_repositories),
		cmocka_unit_test(taken_repositories),
		cmocka_unit_test(plain_repositories),
		cmocka_unit_test(remembers),
		cmocka_unit_test(other_owner),
		cmocka_unit_test(bulk),
		cmocka_unit_test(damage),
		cmocka_unit_test(joins_and_follows),
		cmocka_unit_test(follows_no_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
