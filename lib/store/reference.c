/* SPDX-License-Identifier: MIT */
/* HEAD and its branch: see reference.h. */
#include "store/reference.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/file.h"
#include "store/gitlock.h"

#define OWN_NAME "branch" /* the second name of the lock, in store->place */

/* HEAD and a branch in files of their own, as git most often has them. What is otherwise is libgit2's. */
static bool read_plain(struct branch *out, struct store *store)
{
	_cleanup_buf_ struct buf head = {0}, id = {0};
	_cleanup_free_ char *head_path = xasprintf("%sHEAD", store->git_dir), *path = NULL;
	const char *name;
	struct stat st;

	if (file_read_at(AT_FDCWD, head_path, &head, &st) != 0 || !head.n || head.p[head.n - 1] != '\n' || !text_starts(head.p, "ref: refs/heads/") || strstr(head.p, ".."))
		return false;
	head.p[head.n - 1] = '\0';
	name = head.p + strlen("ref: ");
	if (name[strcspn(name, " \t\r\n")])
		return false;
	path = xasprintf("%s%s", store->common, name);
	if (file_read_at(AT_FDCWD, path, &id, &st) != 0 || id.n != OID_HEX_SIZE || id.p[id.n - 1] != '\n')
		return false;
	id.p[id.n - 1] = '\0';
	if (!oid_from_hex(&out->id, id.p))
		return false;
	replace_text(&out->name, name);
	return true;
}

int branch_read(struct branch *out, struct store *store, struct ticket_error *err)
{
	git_repository *repo;

	*out = (struct branch){.name = xstrdup("HEAD")};
	if (read_plain(out, store))
		return 0;
	if (!(repo = repository_of(store, err)))
		return TICKET_STORAGE;
	for (int depth = 0; depth < 5; depth++) {
		_cleanup_reference_ git_reference *reference = NULL;
		int rc = git_reference_lookup(&reference, repo, out->name);

		if (rc == GIT_ENOTFOUND && depth > 0)
			return 0;
		if (rc < 0)
			return fail_git(err, "'%s' cannot be read", out->name);
		if (git_reference_type(reference) == GIT_REFERENCE_DIRECT) {
			memcpy(&out->id, git_reference_target(reference), sizeof(out->id));
			return 0;
		}
		replace_text(&out->name, git_reference_symbolic_target(reference));
	}
	return ticket_fail(err, TICKET_STORAGE, "HEAD leads from name to name without end; see git symbolic-ref HEAD");
}

void branch_release(struct branch *branch)
{
	free(branch->name);
	branch->name = NULL;
}

static char *branch_path(struct store *store, const char *name)
{
	/* These belong to one work tree, all others are shared. */
	bool per_tree = strcmp(name, "HEAD") == 0 || text_starts(name, "refs/worktree/") || text_starts(name, "refs/bisect/") || text_starts(name, "refs/rewritten/");

	return xasprintf("%s%s", per_tree ? store->git_dir : store->common, name);
}

static int check_unmoved(struct store *store, const struct branch *branch, struct ticket_error *err)
{
	_cleanup_branch_ struct branch now = {0};
	int rc = branch_read(&now, store, err);

	if (rc)
		return rc;
	if (strcmp(now.name, branch->name) != 0 || !oid_equal(&now.id, &branch->id))
		return ticket_fail(err, TICKET_BUSY, "somebody else changed the desk meanwhile ('%s' has moved); try again", now.name);
	return 0;
}

static int write_branch(struct store *store, const struct branch *branch, const struct oid *new, bool check, struct ticket_error *err)
{
	_cleanup_gitlock_ struct gitlock lock = {.fd = -1};
	_cleanup_free_ char *path = branch_path(store, branch->name);
	char line[OID_HEX_SIZE + 1];
	int rc = gitlock_take(&lock, store, path, OWN_NAME, err);

	if (rc == 0 && check)
		rc = check_unmoved(store, branch, err);
	if (rc)
		return rc;
	oid_hex(line, new);
	line[OID_HEX_SIZE - 1] = '\n';
	if (file_write_all(lock.fd, line, OID_HEX_SIZE) != 0)
		return fail_errno(err, "'%s' cannot be written", lock.lock);
	rc = gitlock_sync(&lock, err);
	return rc ? rc : gitlock_commit(&lock, err);
}

static int sync_branch(struct store *store, const struct branch *branch)
{
	_cleanup_free_ char *path = branch_path(store, branch->name);

	*strrchr(path, '/') = '\0';
	return folder_sync(AT_FDCWD, path);
}

int branch_move(struct store *store, const struct branch *branch, const struct oid *new, struct ticket_error *err)
{
	int rc = write_branch(store, branch, new, true, err);

	if (rc || sync_branch(store, branch) == 0)
		return rc;
	/* It has moved, but nobody can promise that it stays so: what isn't durable must not be there. */
	rc = fail_errno(err, "the branch '%s' cannot be flushed to the disk", branch->name);
	if (oid_is_zero(&branch->id)) {
		_cleanup_free_ char *path = branch_path(store, branch->name);

		unlink(path);
	} else {
		write_branch(store, branch, &branch->id, false, NULL);
	}
	return rc;
}

void branch_recover(struct store *store)
{
	_cleanup_branch_ struct branch branch = {0};
	_cleanup_free_ char *own = xasprintf("%s" OWN_NAME, store->place);

	if (access(own, F_OK) == 0 && branch_read(&branch, store, NULL) == 0) {
		_cleanup_free_ char *path = branch_path(store, branch.name);

		gitlock_recover(store, path, OWN_NAME);
	}
}

int store_branch(struct store *store, char **out, struct ticket_error *err)
{
	_cleanup_branch_ struct branch branch = {0};
	int rc = branch_read(&branch, store, err);

	*out = rc ? NULL : steal_ptr(branch.name);
	return rc;
}

int store_head(struct store *store, struct snapshot *out, struct ticket_error *err)
{
	_cleanup_branch_ struct branch branch = {0};
	int rc = branch_read(&branch, store, err);

	*out = (struct snapshot){0};
	if (rc || oid_is_zero(&branch.id))
		return rc;
	return snapshot_of(store, &branch.id, out, err);
}

int store_revision(struct store *store, const char *spec, struct snapshot *out, struct ticket_error *err)
{
	git_object *object = NULL, *commit = NULL;
	git_repository *repo;
	struct oid id;
	int rc;

	/* A commit's whole name needs no looking about. */
	if (oid_from_hex(&id, spec) && snapshot_of(store, &id, out, NULL) == 0)
		return 0;
	if (!(repo = repository_of(store, err)))
		return TICKET_STORAGE;
	rc = git_revparse_single(&object, repo, spec);
	if (rc == 0)
		rc = git_object_peel(&commit, object, GIT_OBJECT_COMMIT);
	git_object_free(object);
	if (rc == GIT_EAMBIGUOUS)
		return ticket_fail(err, TICKET_NOTFOUND, "'%s' is the beginning of more than one commit's name; give more of it", spec);
	if (rc < 0)
		return ticket_fail(err, TICKET_NOTFOUND, "no commit '%s' in this desk; see ticket log", spec);
	memcpy(&id, git_object_id(commit), sizeof(id));
	git_object_free(commit);
	return snapshot_of(store, &id, out, err);
}
