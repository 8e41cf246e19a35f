/* SPDX-License-Identifier: MIT */
/* Making the repository of a desk, or taking one that is there. */
#include "store/repository.h"
#include "ticket/language.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* The nearest folder at or above 'dir' that exists, with links resolved; owned. */
static char *nearest_folder(const char *dir)
{
	_cleanup_free_ char *path = xstrdup(*dir ? dir : ".");

	for (;;) {
		char *real = realpath(path, NULL), *slash;

		if (real)
			return real;
		slash = strrchr(path, '/');
		if (!slash)
			return realpath(".", NULL);
		slash[slash == path] = '\0';
	}
}

static bool setting_is_on(git_config *config, const char *key)
{
	int on = 0;

	return git_config_get_bool(&on, config, key) == 0 && on;
}

/* What git can do to a work tree that a desk could not keep right. */
static int check_settings(git_config *config, const char *dir, struct ticket_error *err)
{
	static const struct {
		const char *key, *what, *off;
	} unfit[] = {
		{"core.sparsecheckout", N_("a sparse checkout"), "git sparse-checkout disable"},
		{"index.sparse", N_("a sparse index"), "git sparse-checkout disable"},
		{"core.splitindex", N_("a split index"), "git config core.splitIndex false && git update-index --no-split-index"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(unfit); i++)
		if (setting_is_on(config, unfit[i].key))
			return ticket_fail(err, TICKET_REFUSED, "'%s' uses %s, which a desk cannot keep right; switch it off: %s", dir, _(unfit[i].what), unfit[i].off);
	return 0;
}

/* TICKET_REFUSED when 'dir' would lie inside another repository; '*found' tells whether it is a repository itself. */
static int look_around(const char *dir, bool *found, struct ticket_error *err)
{
	_cleanup_free_ char *near = nearest_folder(dir), *real = realpath(dir, NULL), *above = NULL;
	git_buf git_dir = {0};
	size_t n;

	*found = false;
	if (!near)
		return fail_errno(err, "'%s' cannot be reached", dir);
	if (git_repository_discover(&git_dir, near, 0, NULL) < 0)
		return 0;
	above = xstrdup(git_dir.ptr);
	git_buf_dispose(&git_dir);
	for (n = strlen(above); n > 1 && above[n - 1] == '/'; n--)
		above[n - 1] = '\0';
	/* A bare repository is found as itself, one with a work tree as its .git; a linked one as .git/worktrees/NAME. */
	if (real && strcmp(above, real) == 0 && !text_ends(real, "/.git"))
		*found = true;
	if (real && strlen(real) + 5 == n && text_starts(above, real) && text_ends(above, "/.git"))
		*found = true;
	if (!*found && real) {
		_cleanup_free_ char *link = xasprintf("%s/.git", real);
		struct stat st;

		*found = lstat(link, &st) == 0; /* a file that leads elsewhere: a linked work tree or a submodule */
	}
	if (*found)
		return 0;
	if (text_ends(above, "/.git"))
		above[n - 5] = '\0';
	return ticket_fail(err, TICKET_REFUSED, "'%s' lies inside the repository '%s'; make the desk outside it, or in '%s' itself", dir, above, above);
}

static int make_repository(const char *dir, bool bare, struct ticket_error *err)
{
	git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
	git_repository *repo = NULL;
	git_config *config = NULL, *fixed = NULL;
	const char *branch;
	int rc;

	options.flags = GIT_REPOSITORY_INIT_MKPATH | GIT_REPOSITORY_INIT_MKDIR | GIT_REPOSITORY_INIT_NO_REINIT | (bare ? GIT_REPOSITORY_INIT_BARE : 0);
	options.initial_head = "main";
	if (git_config_open_default(&config) == 0 && git_config_snapshot(&fixed, config) == 0 &&
	    git_config_get_string(&branch, fixed, "init.defaultbranch") == 0 && *branch)
		options.initial_head = NULL; /* libgit2 reads the setting itself */
	rc = git_repository_init_ext(&repo, dir, &options);
	git_config_free(fixed);
	git_config_free(config);
	git_repository_free(repo);
	return rc < 0 ? fail_git(err, "no repository can be made in '%s'", dir) : 0;
}

static int write_settings(struct store *store, const char *dir, enum checkout checkout, struct ticket_error *err)
{
	_cleanup_free_ char *path = xasprintf("%sconfig", store->common);
	git_config *config = NULL, *own = NULL;
	git_repository *repo = repository_of(store, err);
	int rc;

	if (!repo)
		return TICKET_STORAGE;
	if (git_repository_config(&config, repo) < 0)
		return fail_git(err, "the configuration of '%s' cannot be read", dir);
	rc = check_settings(config, dir, err);
	git_config_free(config);
	if (rc)
		return rc;
	if (!store->root && checkout != CHECKOUT_NONE)
		return ticket_fail(err, TICKET_REFUSED, "'%s' is a bare repository and has no place for files; use ticket init --bare", dir);
	if (git_config_open_ondisk(&own, path) < 0 || git_config_set_string(own, "ticket.checkout", checkout_words[checkout]) < 0)
		rc = fail_git(err, "'%s' cannot be written", path);
	git_config_free(own);
	if (rc == 0 && mkdir(store->private, 0777) != 0 && errno != EEXIST)
		rc = fail_errno(err, "'%s' cannot be made", store->private);
	return rc;
}

int store_init(const char *dir, enum checkout checkout, struct ticket_error *err)
{
	_cleanup_(store_close_p) struct store *store = NULL;
	bool found;
	int rc;

	if (git_libgit2_init() < 0)
		return fail_git(err, "libgit2 does not start");
	rc = look_around(dir, &found, err);
	if (rc == 0 && !found)
		rc = make_repository(dir, checkout == CHECKOUT_NONE, err);
	if (rc == 0)
		rc = store_open(&store, dir, err);
	if (rc == 0)
		rc = write_settings(store, dir, checkout, err);
	git_libgit2_shutdown();
	return rc;
}
