/* SPDX-License-Identifier: MIT */
/* A repository to try the store on: a fresh folder, git as the judge. */
#ifndef STORE_DESK_H
#define STORE_DESK_H

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store.h"

struct trial {
	char *dir; /* the work tree or bare repository */
	struct store *store;
	struct ticket_error err;
};

/* Runs a shell command in the folder; printf-formatted; its exit status. */
static int shell(const struct trial *trial, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int shell(const struct trial *trial, const char *format, ...)
{
	_cleanup_free_ char *command = NULL, *whole = NULL;
	va_list args;
	int status;

	va_start(args, format);
	assert_true(vasprintf(&command, format, args) >= 0);
	va_end(args);
	whole = xasprintf("cd '%s' && { %s\n}", trial->dir, command);
	status = system(whole);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline void isolate(void)
{
	static char home[] = "/tmp/unit-store-home-XXXXXX";

	if (strstr(home, "XXXXXX"))
		assert_non_null(mkdtemp(home));
	setenv("HOME", home, 1);
	setenv("XDG_CONFIG_HOME", home, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("GIT_AUTHOR_NAME", "Test", 1);
	setenv("GIT_AUTHOR_EMAIL", "test@example.org", 1);
	setenv("GIT_COMMITTER_NAME", "Test", 1);
	setenv("GIT_COMMITTER_EMAIL", "test@example.org", 1);
	unsetenv("GIT_DIR");
	unsetenv("GIT_WORK_TREE");
	unsetenv("GIT_INDEX_FILE");
}

static inline void trial_open(struct trial *trial)
{
	if (store_open(&trial->store, trial->dir, &trial->err) != 0)
		fail_msg("%s", trial->err.message);
}

static inline void trial_new(struct trial *trial, enum checkout checkout)
{
	isolate();
	*trial = (struct trial){.dir = xstrdup("/tmp/unit-store-XXXXXX")};
	assert_non_null(mkdtemp(trial->dir));
	if (store_init(trial->dir, checkout, &trial->err) != 0)
		fail_msg("%s", trial->err.message);
	trial_open(trial);
}

static inline void trial_end(struct trial *trial)
{
	store_close(trial->store);
	assert_int_equal(shell(trial, "rm -rf '%s'", trial->dir), 0);
	free(trial->dir);
}

static const struct commit_words words = {
	.author = "Li Na",
	.author_email = "li@example.org",
	.committer = "Desk",
	.committer_email = "desk@example.org",
	.authored = {.s = 1698197400, .offset_s = 28800, .set = true},
	.committed = {.s = 1698197460, .offset_s = -12600, .set = true},
	.message = "WX-20231025-001: respond\n\nTicket: WX-20231025-001",
};

/* What a commit is to do: "PATH=TEXT" puts, "-PATH" removes. */
static inline int change_paths(struct trial *trial, const char *const *steps, size_t n, struct snapshot *out)
{
	struct store_change *change = NULL;
	struct snapshot head, made = {0};
	int rc = store_head(trial->store, &head, &trial->err);

	if (rc == 0)
		rc = store_change_begin(&change, trial->store, &head, &trial->err);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		const char *equals = strchr(steps[i], '=');
		_cleanup_free_ char *path = equals ? xstrndup(steps[i], (size_t)(equals - steps[i])) : xstrdup(steps[i] + 1);

		rc = equals ? store_change_put(change, path, equals + 1, strlen(equals + 1), &trial->err) : store_change_remove(change, path, &trial->err);
	}
	if (rc == 0)
		rc = store_change_commit(change, &words, &made, &trial->err);
	store_change_free(change);
	if (rc == 0 && out)
		*out = made;
	return rc;
}

/* The same under the lock. */
static inline int commit_paths(struct trial *trial, const char *const *steps, size_t n)
{
	int rc = store_lock(trial->store, 5000, &trial->err);

	if (rc == 0)
		rc = change_paths(trial, steps, n, NULL);
	store_unlock(trial->store);
	return rc;
}
#define COMMIT(trial, ...) commit_paths(trial, (const char *const[]){__VA_ARGS__}, ARRAY_SIZE(((const char *const[]){__VA_ARGS__})))
#define MUST_COMMIT(trial, ...) \
	do { \
		if (COMMIT(trial, __VA_ARGS__) != 0) \
			fail_msg("%s", (trial)->err.message); \
	} while (0)

/* git finds nothing wrong; with files nothing is changed, staged or left over. */
static inline void git_is_content(struct trial *trial)
{
	assert_int_equal(shell(trial, "git fsck --strict --no-dangling > fsck.out 2>&1 || { cat fsck.out; exit 1; }; rm fsck.out"), 0);
	if (store_root(trial->store) && store_checkout(trial->store) == CHECKOUT_FULL)
		assert_int_equal(shell(trial, "test -z \"$(git status --porcelain | tee /dev/stderr)\""), 0);
}

#endif
