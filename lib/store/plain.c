/* SPDX-License-Identifier: MIT */
/*
 * Repositories as `ticket init` and `git init` leave them, told by a look at a few files: whoever only reads a desk needs
 * no more of them. Whatever is otherwise (another owner, linked work trees, settings from elsewhere) is left to libgit2,
 * which judges it and finds the words.
 */
#include "store/file.h"

#include <fcntl.h>
#include <limits.h>

#define CONFIG_MOST 65536

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_ours(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}

static bool has(const char *git_dir, const char *name)
{
	_cleanup_free_ char *path = xasprintf("%s%s", git_dir, name);

	return access(path, F_OK) == 0;
}

/* A git directory that shares nothing with another. */
static bool is_whole(const char *git_dir)
{
	_cleanup_free_ char *objects = xasprintf("%sobjects", git_dir), *refs = xasprintf("%srefs", git_dir);

	return has(git_dir, "HEAD") && is_folder(objects) && is_folder(refs) && !has(git_dir, "commondir");
}

/* The one place where a setting stands, behind "NAME = "; NULL where it stands nowhere, more than once, or is written otherwise. */
static const char *setting(const char *config, const char *name)
{
	_cleanup_free_ char *line = xasprintf("\n\t%s = ", name);
	const char *found = strcasestr(config, name), *at = strstr(config, line);

	if (!found || !at || found != at + 2 || strcasestr(found + strlen(name), name))
		return NULL;
	return at + strlen(line);
}

static bool is_set_to(const char *config, const char *name, const char *value)
{
	const char *found = setting(config, name);

	return found && text_starts(found, value) && found[strlen(value)] == '\n';
}

static bool read_checkout(struct store *store, const char *config)
{
	const char *word = setting(config, "checkout");

	store->checkout = CHECKOUT_NONE;
	return !store->root || (word && checkout_of(word, strcspn(word, "\n"), &store->checkout));
}

/* Its configuration says all that matters, and nothing that changes where things are or what they mean. */
static bool is_configured(struct store *store, const char *git_dir)
{
	static const char *const odd[] = {"include", "extensions", "worktree"};
	_cleanup_free_ char *path = xasprintf("%sconfig", git_dir);
	_cleanup_buf_ struct buf config = {0};
	struct stat st;

	if (file_read_at(AT_FDCWD, path, &config, &st) != 0 || !config.n || config.n > CONFIG_MOST || strlen(config.p) != config.n)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++)
		if (strcasestr(config.p, odd[i]))
			return false;
	return text_starts(config.p, "[core]\n") && is_set_to(config.p, "repositoryformatversion", "0") &&
	       is_set_to(config.p, "bare", store->root ? "false" : "true") && read_checkout(store, config.p);
}

bool plain_repository(struct store *store, const char *dir)
{
	_cleanup_free_ char *real = realpath(dir, NULL), *inside = real ? xasprintf("%s/.git", real) : NULL, *git_dir = NULL;
	struct stat st;

	if (!real || !real[1])
		return false;
	if (lstat(inside, &st) == 0)
		store->root = xasprintf("%s/", real);
	git_dir = xasprintf("%s/", store->root ? inside : real);
	if ((!store->root || is_ours(inside)) && is_ours(real) && is_whole(git_dir) && is_configured(store, git_dir)) {
		store->git_dir = steal_ptr(git_dir);
		store->common = xstrdup(store->git_dir);
		return true;
	}
	free(steal_ptr(store->root));
	return false;
}
