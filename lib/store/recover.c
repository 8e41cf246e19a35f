/* SPDX-License-Identifier: MIT */
/*
 * The journal of the checkout. Working files and index cannot change in one step with the branch, so a note of the two
 * commits is written first and removed last. Whoever finds one brings the checkout to HEAD, whichever of the two that is.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/checkout.h"
#include "store/file.h"
#include "store/gitindex.h"
#include "store/reference.h"
#include "store/tree.h"

#define JOURNAL_SIZE (2 * OID_HEX_SIZE) /* two names, each with its newline */

static char *journal_path(struct store *store)
{
	return xasprintf("%scheckout", store->place);
}

int journal_write(struct store *store, const struct oid *old_commit, const struct oid *new_commit, struct ticket_error *err)
{
	_cleanup_free_ char *path = journal_path(store);
	_cleanup_fd_ int fd = -1;
	char text[JOURNAL_SIZE];

	oid_hex(text, old_commit);
	text[OID_HEX_SIZE - 1] = '\n';
	oid_hex(text + OID_HEX_SIZE, new_commit);
	text[JOURNAL_SIZE - 1] = '\n';
	if (mkdir(store->place, 0777) != 0 && errno != EEXIST)
		return fail_errno(err, "'%s' cannot be made", store->place);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0 || file_write_all(fd, text, sizeof(text)) != 0 || file_sync_wait(store, fd) != 0 || folder_sync_unordered(store, AT_FDCWD, store->place) != 0)
		return fail_errno(err, "'%s' cannot be written", path);
	return 0;
}

void journal_remove(struct store *store)
{
	_cleanup_free_ char *path = journal_path(store);

	unlink(path);
}

/* 1 with both commits, 0 where there is none or it was never finished: then nothing had been touched yet. */
static int journal_read(struct store *store, struct oid *old_commit, struct oid *new_commit)
{
	_cleanup_free_ char *path = journal_path(store);
	_cleanup_buf_ struct buf text = {0};
	struct stat st;

	if (file_read_at(AT_FDCWD, path, &text, &st) != 0 || text.n != JOURNAL_SIZE)
		return 0;
	text.p[OID_HEX_SIZE - 1] = text.p[JOURNAL_SIZE - 1] = '\0';
	return oid_from_hex(old_commit, text.p) && oid_from_hex(new_commit, text.p + OID_HEX_SIZE);
}

/* --- healing --------------------------------------------------------------------------------------------------- */

struct healing {
	struct store *store;
	struct oid head_tree;
	int root_fd;
	LIST(struct edit) edits; /* in order of path */
};

/* Whether 'bytes' is what a writer leaves who is killed in the middle of a new file. */
static bool is_beginning_of(struct store *store, const struct buf *bytes, const struct oid *blob)
{
	_cleanup_buf_ struct buf whole = {0};

	return !oid_is_zero(blob) && store_read_blob(store, blob, &whole, NULL) == 0 && bytes->n < whole.n && (bytes->n == 0 || memcmp(bytes->p, whole.p, bytes->n) == 0);
}

static int plan_write(struct healing *healing, struct edit *edit, struct ticket_error *err)
{
	_cleanup_buf_ struct buf bytes = {0};
	int rc = store_read_blob(healing->store, &edit->id, &bytes, err);

	edit->n = bytes.n;
	edit->bytes = buf_steal(&bytes);
	return rc;
}

/* Whether what stands at a path now is in a state that the interrupted change gave it, or nobody has touched since. */
static int is_ours(struct healing *healing, const struct store_entry *entry, const struct oid *want, bool *ours, struct ticket_error *err)
{
	_cleanup_fd_ int dir_fd = -1;
	_cleanup_buf_ struct buf bytes = {0};
	struct oid have = {0};
	struct stat st;
	const char *name;

	*ours = false;
	dir_fd = folder_open_for(healing->root_fd, entry->path, false, &name, NULL);
	if (dir_fd < 0 && errno != ENOENT)
		return 0;
	if (dir_fd >= 0 && file_read_at(dir_fd, name, &bytes, &st) == 0) {
		if (git_odb_hash(git_id_out(&have), bytes.p, bytes.n, GIT_OBJECT_BLOB) < 0)
			return fail_git(err, "'%s' cannot be named", entry->path);
	} else if (dir_fd >= 0 && errno != ENOENT) {
		return 0;
	}
	*ours = oid_equal(&have, want) || oid_equal(&have, &entry->id) || oid_equal(&have, &entry->old_id) ||
		(oid_is_zero(&entry->old_id) && is_beginning_of(healing->store, &bytes, &entry->id));
	return 0;
}

/*
 * Decides about one path that differs between the two commits. A file edited by hand stays, and the next change of it
 * refuses; but the index is to say what HEAD says, or a plain git commit would revert the ticket.
 */
static int plan_path(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct healing *healing = data;
	uint32_t mode = MODE_FILE;
	struct oid want = {0};
	struct edit *edit;
	bool ours;
	int rc;

	if (entry->is_link || path_check(entry->path, NULL) != 0)
		return 0; /* no change of ours writes these */
	rc = tree_find(healing->store, &healing->head_tree, entry->path, &want, &mode, err);
	if (rc && rc != TICKET_NOTFOUND)
		return rc;
	if (rc == 0 && !mode_is_file(mode))
		return 0;
	rc = is_ours(healing, entry, &want, &ours, err);
	if (rc)
		return rc;
	edit = list_push(&healing->edits);
	*edit = (struct edit){.path = xstrdup(entry->path), .removed = oid_is_zero(&want), .id = want, .mode = mode, .index_only = !ours};
	if (!edit->removed && !ours)
		edit->st = xcalloc(1, sizeof(*edit->st)); /* like no file: git looks at the content */
	return edit->removed || !ours ? 0 : plan_write(healing, edit, err);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct edit *)a)->path, ((const struct edit *)b)->path);
}

static int heal(struct healing *healing, const struct oid *old_tree, const struct oid *new_tree, struct ticket_error *err)
{
	_cleanup_gitindex_ struct gitindex index = {{.fd = -1}};
	struct store *store = healing->store;
	int rc = 0;

	if (store->checkout == CHECKOUT_FULL)
		rc = gitindex_take(&index, store, err);
	if (rc == 0)
		rc = store_changes(store, old_tree, new_tree, "", plan_path, healing, err);
	if (rc || healing->edits.n == 0)
		return rc;
	qsort(healing->edits.v, healing->edits.n, sizeof(*healing->edits.v), by_path);
	rc = checkout_write(store, healing->edits.v, healing->edits.n, NULL, true, err);
	if (rc || store->checkout != CHECKOUT_FULL)
		return rc;
	rc = gitindex_write(&index, healing->edits.v, healing->edits.n, err);
	return rc ? rc : gitindex_commit(&index, healing->edits.v, healing->edits.n, err);
}

/* A tree of a commit; false when there is none: the objects of a change that never got that far. */
static bool tree_of(struct store *store, const struct oid *commit, struct oid *out)
{
	struct snapshot snapshot = {0};
	bool there = oid_is_zero(commit) || snapshot_of(store, commit, &snapshot, NULL) == 0;

	*out = snapshot.tree;
	return there;
}

static int recover_checkout(struct store *store, struct ticket_error *err)
{
	struct healing healing = {.store = store, .root_fd = -1};
	struct oid old_commit, new_commit, old_tree, new_tree;
	struct snapshot head;
	int rc;

	if (store->checkout == CHECKOUT_NONE || !journal_read(store, &old_commit, &new_commit) ||
	    !tree_of(store, &old_commit, &old_tree) || !tree_of(store, &new_commit, &new_tree))
		return 0;
	rc = store_head(store, &head, err);
	if (rc)
		return rc;
	healing.head_tree = head.tree;
	healing.root_fd = open(store->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (healing.root_fd < 0)
		return fail_errno(err, "'%s' cannot be opened", store->root);
	rc = heal(&healing, &old_tree, &new_tree, err);
	close(healing.root_fd);
	edits_release(healing.edits.v, healing.edits.n);
	return rc;
}

int checkout_recover(struct store *store, struct ticket_error *err)
{
	_cleanup_free_ char *journal = journal_path(store);
	int rc;

	branch_recover(store);
	gitindex_recover(store);
	if (access(journal, F_OK) != 0)
		return 0;
	rc = recover_checkout(store, err);
	if (rc)
		return ticket_fail_in(err, "an interrupted change could not be tidied up: ");
	return unlink(journal) != 0 && errno != ENOENT ? fail_errno(err, "'%s' cannot be removed", journal) : 0;
}
