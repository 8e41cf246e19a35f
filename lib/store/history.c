/* SPDX-License-Identifier: MIT */
/* History, newest first, read as far as it is asked for and no further. */
#include "store/tree.h"

struct pending {
	git_commit *commit;
	int64_t when_s;
};

/* Commits that were reached and not shown yet, oldest first; seldom more than a few. */
struct line {
	LIST(struct pending) v;
	LIST(struct oid) seen; /* only while histories run side by side: the ids of what stands or stood in the line */
};

static bool was_seen(const struct line *line, const git_oid *id)
{
	for (size_t i = line->seen.n; i > 0; i--)
		if (memcmp(&line->seen.v[i - 1], id, sizeof(*id)) == 0)
			return true;
	return false;
}

static int line_add(struct line *line, struct store *store, const git_oid *id, struct ticket_error *err)
{
	git_commit *commit;
	size_t at;

	if (was_seen(line, id))
		return 0;
	if (git_commit_lookup(&commit, store->repo, id) < 0) {
		char hex[OID_HEX_SIZE];

		return fail_git(err, "commit %s cannot be read, see git fsck", git_oid_tostr(hex, sizeof(hex), id));
	}
	memcpy(list_push(&line->seen), id, sizeof(*id));
	list_push(&line->v);
	for (at = line->v.n - 1; at > 0 && line->v.v[at - 1].when_s > git_commit_time(commit); at--)
		line->v.v[at] = line->v.v[at - 1];
	line->v.v[at] = (struct pending){commit, git_commit_time(commit)};
	return 0;
}

static void line_release(struct line *line)
{
	for (size_t i = 0; i < line->v.n; i++)
		git_commit_free(line->v.v[i].commit);
	free(line->v.v);
	free(line->seen.v);
}

static int show(git_commit *commit, store_commit_visitor *visit, void *data, struct ticket_error *err)
{
	const git_signature *author = git_commit_author(commit), *committer = git_commit_committer(commit);
	struct store_commit shown = {
		.parents = git_commit_parentcount(commit),
		.author = author->name,
		.author_email = author->email,
		.committer = committer->name,
		.committer_email = committer->email,
		.message = git_commit_message(commit),
		.authored_s = author->when.time,
		.committed_s = committer->when.time,
		.author_offset_s = author->when.offset * 60,
		.committer_offset_s = committer->when.offset * 60,
	};

	memcpy(&shown.id, git_commit_id(commit), sizeof(shown.id));
	memcpy(&shown.tree, git_commit_tree_id(commit), sizeof(shown.tree));
	if (shown.parents)
		memcpy(&shown.parent, git_commit_parent_id(commit, 0), sizeof(shown.parent));
	return visit(&shown, data, err);
}

/* What a commit has at 'path'; zero when nothing. */
static int id_at(struct store *store, const git_oid *tree, const char *path, struct oid *out, struct ticket_error *err)
{
	struct oid root;
	uint32_t mode;
	int rc;

	memcpy(&root, tree, sizeof(root));
	rc = tree_find(store, &root, path, out, &mode, err);
	if (rc == TICKET_NOTFOUND) {
		memset(out, 0, sizeof(*out));
		return 0;
	}
	return rc;
}

/* 1 when the commit has something else at 'path' than each of its parents, 0 when not. */
static int changes_path(struct store *store, git_commit *commit, const char *path, struct ticket_error *err)
{
	unsigned parents = git_commit_parentcount(commit);
	struct oid mine, theirs;
	int rc = id_at(store, git_commit_tree_id(commit), path, &mine, err);

	for (unsigned i = 0; rc == 0 && i < parents; i++) {
		git_commit *parent;

		if (git_commit_parent(&parent, commit, i) < 0)
			return fail_git(err, "a commit's parent cannot be read, see git fsck");
		rc = id_at(store, git_commit_tree_id(parent), path, &theirs, err);
		git_commit_free(parent);
		if (rc == 0 && oid_equal(&mine, &theirs))
			return 0;
	}
	if (rc)
		return rc;
	return parents > 0 || !oid_is_zero(&mine);
}

int store_history(struct store *store, const struct oid *from, const char *path, store_commit_visitor *visit, void *data, struct ticket_error *err)
{
	struct line line = {0};
	int rc = 0;

	if (!repository_of(store, err))
		return TICKET_STORAGE;
	if (!oid_is_zero(from))
		rc = line_add(&line, store, git_id(from), err);
	while (rc == 0 && line.v.n) {
		git_commit *commit = line.v.v[--line.v.n].commit;
		unsigned parents = git_commit_parentcount(commit);
		int wanted;

		/* One history and nothing beside it: no commit of it can be reached twice. */
		if (line.v.n == 0)
			line.seen.n = 0;
		wanted = path ? changes_path(store, commit, path, err) : 1;
		rc = wanted < 0 ? wanted : wanted ? show(commit, visit, data, err) : 0;
		for (unsigned i = 0; rc == 0 && i < parents; i++)
			rc = line_add(&line, store, git_commit_parent_id(commit, i), err);
		git_commit_free(commit);
	}
	line_release(&line);
	return rc;
}

/* --- where two histories part ---------------------------------------------------------------------------------- */

int store_merge_bases(struct store *store, const struct oid *one, const struct oid *two, snapshots *out, struct ticket_error *err)
{
	git_oidarray found = {0};
	git_repository *repo = repository_of(store, err);
	int rc;

	if (!repo)
		return TICKET_STORAGE;
	rc = git_merge_bases(&found, repo, git_id(one), git_id(two));
	if (rc == GIT_ENOTFOUND)
		return 0;
	if (rc < 0)
		return fail_git(err, "the histories cannot be compared, see git fsck");
	rc = 0;
	for (size_t i = 0; rc == 0 && i < found.count; i++) {
		struct oid id;

		memcpy(&id, &found.ids[i], sizeof(id));
		rc = snapshot_of(store, &id, list_push(out), err);
	}
	git_oidarray_dispose(&found);
	return rc;
}
