/* SPDX-License-Identifier: MIT */
/* Where the working files differ from HEAD, and bringing one of them back. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/checkout.h"
#include "store/file.h"
#include "store/gitindex.h"
#include "store/tree.h"

struct comparison {
	struct store *store;
	struct oid head_tree;
	store_visitor *visit;
	void *data;
	struct buf path;
	int depth;
};

static int report(struct comparison *comparison, size_t name_at, const struct oid *id, const struct oid *old_id, bool is_link, struct ticket_error *err)
{
	struct store_entry shown = {.path = comparison->path.p, .name = comparison->path.p + name_at, .id = *id, .old_id = *old_id, .is_link = is_link};

	return comparison->visit(&shown, comparison->data, err);
}

/* The name a working file's content has in git; zero when nothing can be read there. */
static struct oid working_id(int dir_fd, const char *name, bool *is_link)
{
	_cleanup_buf_ struct buf bytes = {0};
	struct oid id = {0};
	struct stat st;
	char target[4096];
	ssize_t n;

	*is_link = fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
	if (*is_link) {
		n = readlinkat(dir_fd, name, target, sizeof(target));
		if (n >= 0)
			git_odb_hash(git_id_out(&id), target, (size_t)n, GIT_OBJECT_BLOB);
	} else if (file_read_at(dir_fd, name, &bytes, &st) == 0) {
		git_odb_hash(git_id_out(&id), bytes.p, bytes.n, GIT_OBJECT_BLOB);
	}
	return id;
}

/* All of a tree is missing in the working tree. */
static int report_missing(struct comparison *comparison, const struct oid *tree, struct ticket_error *err);

static int compare_folder(struct comparison *comparison, int dir_fd, const struct oid *tree, struct ticket_error *err);

static int compare_entry(struct comparison *comparison, int dir_fd, const struct tree_entry *entry, struct ticket_error *err)
{
	static const struct oid none;
	size_t start = comparison->path.n;
	int rc = 0;

	buf_add(&comparison->path, entry->name, entry->name_n);
	if (mode_is_folder(entry->mode)) {
		_cleanup_fd_ int fd = dir_fd < 0 ? -1 : openat(dir_fd, entry->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		buf_putc(&comparison->path, '/');
		rc = fd < 0 ? report_missing(comparison, &entry->id, err) : compare_folder(comparison, fd, &entry->id, err);
	} else if (mode_is_file(entry->mode) || entry->mode == MODE_LINK) {
		bool is_link = false;
		struct oid id = dir_fd < 0 ? none : working_id(dir_fd, entry->name, &is_link);

		if (!oid_equal(&id, &entry->id) || is_link != (entry->mode == MODE_LINK))
			rc = report(comparison, start, &id, &entry->id, is_link, err);
	}
	buf_truncate(&comparison->path, start);
	return rc;
}

static int report_missing(struct comparison *comparison, const struct oid *tree, struct ticket_error *err)
{
	return compare_folder(comparison, -1, tree, err);
}

static bool tree_has(struct comparison *comparison, const struct oid *tree, const char *name, bool is_folder)
{
	struct oid id;
	uint32_t mode;

	return tree_find(comparison->store, tree, name, &id, &mode, NULL) == 0 && mode_is_folder(mode) == is_folder;
}

/* Something that HEAD does not have; folders are gone into, so that files are what is reported. */
static int report_extra(struct comparison *comparison, int dir_fd, const char *name, bool is_folder, struct ticket_error *err)
{
	static const struct oid none;
	size_t start = comparison->path.n;
	bool is_link;
	int rc = 0;

	buf_puts(&comparison->path, name);
	if (is_folder) {
		_cleanup_fd_ int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		buf_putc(&comparison->path, '/');
		rc = fd < 0 ? 0 : compare_folder(comparison, fd, &none, err);
	} else {
		struct oid id = working_id(dir_fd, name, &is_link);

		rc = report(comparison, start, &id, &none, is_link, err);
	}
	buf_truncate(&comparison->path, start);
	return rc;
}

static int compare_extras(struct comparison *comparison, int dir_fd, const struct oid *tree, struct ticket_error *err)
{
	int copy = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;
	struct stat st;
	int rc = 0;

	if (!dir) {
		if (copy >= 0)
			close(copy);
		return fail_errno(err, "the folder '%s' cannot be read", comparison->path.p ? comparison->path.p : ".");
	}
	while (rc == 0 && (entry = readdir(dir))) {
		if (entry->d_name[strspn(entry->d_name, ".")] == '\0' || strcmp(entry->d_name, ".git") == 0)
			continue;
		if (fstatat(dir_fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue; /* gone meanwhile */
		if (!tree_has(comparison, tree, entry->d_name, S_ISDIR(st.st_mode)))
			rc = report_extra(comparison, dir_fd, entry->d_name, S_ISDIR(st.st_mode), err);
	}
	closedir(dir);
	return rc;
}

static int compare_folder(struct comparison *comparison, int dir_fd, const struct oid *tree, struct ticket_error *err)
{
	_cleanup_tree_ struct tree_reader reader = {0};
	struct tree_entry entry;
	int rc;

	if (++comparison->depth > 100)
		return ticket_fail(err, TICKET_STORAGE, "the folder '%.200s…' is too deep to belong to a desk", comparison->path.p);
	rc = tree_open(&reader, comparison->store, tree, err);
	while (rc == 0 && (rc = tree_next(&reader, &entry, err)) > 0)
		rc = compare_entry(comparison, dir_fd, &entry, err);
	if (rc == 0 && dir_fd >= 0)
		rc = compare_extras(comparison, dir_fd, tree, err);
	comparison->depth--;
	return rc;
}

int store_checkout_differences(struct store *store, const char *folder, store_visitor *visit, void *data, struct ticket_error *err)
{
	struct comparison comparison = {.store = store, .visit = visit, .data = data};
	_cleanup_fd_ int root_fd = -1, fd = -1;
	struct snapshot head;
	struct oid tree = {0};
	uint32_t mode;
	const char *name;
	int rc;

	if (store->checkout == CHECKOUT_NONE)
		return 0;
	rc = repository_of(store, err) ? store_head(store, &head, err) : TICKET_STORAGE;
	if (rc == 0)
		rc = tree_find(store, &head.tree, folder, &tree, &mode, err);
	if (rc && rc != TICKET_NOTFOUND)
		return rc;
	buf_puts(&comparison.path, folder);
	if (comparison.path.n && comparison.path.p[comparison.path.n - 1] != '/')
		buf_putc(&comparison.path, '/');
	root_fd = open(store->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root_fd >= 0)
		fd = folder_open_for(root_fd, comparison.path.p ? comparison.path.p : "", false, &name, NULL);
	rc = root_fd < 0 ? fail_errno(err, "'%s' cannot be opened", store->root) : compare_folder(&comparison, fd, &tree, err);
	buf_release(&comparison.path);
	return rc;
}

/* --- restoring ------------------------------------------------------------------------------------------------- */

/* Moves what stands in the place of a file out of the way: a link or other odd thing goes, a folder with content stays. */
static int clear_place(struct store *store, const char *path, struct ticket_error *err)
{
	_cleanup_fd_ int root_fd = open(store->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd = -1;
	const char *name;
	size_t blocked = 0;
	struct stat st;

	if (root_fd < 0)
		return fail_errno(err, "'%s' cannot be opened", store->root);
	fd = folder_open_for(root_fd, path, false, &name, &blocked);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return ticket_fail(err, TICKET_REFUSED, "'%.*s' in the working tree is not a folder; move it away and try again", (int)blocked, path);
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || S_ISREG(st.st_mode))
		return 0;
	if (unlinkat(fd, name, S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0) != 0)
		return ticket_fail(err, TICKET_REFUSED, "'%s' in the working tree is a folder with files in it; move it away and try again", path);
	return 0;
}

static int restore(struct store *store, struct edit *edit, struct ticket_error *err)
{
	_cleanup_gitindex_ struct gitindex index = {{.fd = -1}};
	bool full = store->checkout == CHECKOUT_FULL;
	int rc = full ? gitindex_take(&index, store, err) : 0;

	if (rc == 0)
		rc = clear_place(store, edit->path, err);
	if (rc == 0)
		rc = checkout_write(store, edit, 1, NULL, true, err);
	if (rc == 0 && full)
		rc = gitindex_write(&index, edit, 1, err);
	if (rc == 0 && full)
		rc = gitindex_commit(&index, edit, 1, err);
	return rc;
}

int store_checkout_restore(struct store *store, const char *path, struct ticket_error *err)
{
	_cleanup_buf_ struct buf bytes = {0};
	struct edit edit = {.path = (char *)path};
	struct snapshot head;
	int rc = path_check(path, err);

	if (rc || store->checkout == CHECKOUT_NONE)
		return rc;
	if (store->lock_fd < 0)
		return ticket_fail(err, TICKET_STORAGE, "a working file was to be restored without the desk's lock");
	rc = store_head(store, &head, err);
	if (rc == 0)
		rc = tree_find(store, &head.tree, path, &edit.id, &edit.mode, err);
	if (rc == TICKET_NOTFOUND)
		return ticket_fail(err, TICKET_NOTFOUND, "'%s' is not in HEAD; it is yours to keep or remove", path);
	if (rc == 0 && !mode_is_file(edit.mode))
		return ticket_fail(err, TICKET_REFUSED, "'%s' is not a file in HEAD; git checkout -- '%s' restores it", path, path);
	if (rc == 0)
		rc = store_read_blob(store, &edit.id, &bytes, err);
	if (rc)
		return rc;
	edit.n = bytes.n;
	edit.bytes = bytes.p ? bytes.p : (char *)"";
	rc = restore(store, &edit, err);
	free(edit.st);
	return rc;
}
