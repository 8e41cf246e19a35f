/* SPDX-License-Identifier: MIT */
/* A whole history as one stream, in the format of git bundle: the names with their ids, then one pack. */
#include "store/reader.h"

#include <errno.h>
#include <fcntl.h>

#include "store/reference.h"
#include "ticket/language.h"

#define SIGNATURE "# v2 git bundle\n"
#define LONGEST_LINE 4096

static void packbuilder_p(git_packbuilder **builder)
{
	git_packbuilder_free(*builder);
}
static void revwalk_p(git_revwalk **walk)
{
	git_revwalk_free(*walk);
}
static void indexer_p(git_indexer **indexer)
{
	git_indexer_free(*indexer);
}

/* --- out ------------------------------------------------------------------------------------------------------- */

struct bundling {
	struct store *store;
	git_packbuilder *builder;
	git_revwalk *walk;
	struct buf head;
	store_sink *sink;
	void *data;
	int ended;
	struct ticket_error *err;
};

/* A name that goes along, and what it leads to: the commit, and the tag object where there is one. */
static int add_name(struct bundling *b, const char *name, const git_oid *id)
{
	struct oid own;
	char hex[OID_HEX_SIZE];
	git_object *object = NULL, *commit = NULL;
	int rc;

	memcpy(own.id, id->id, sizeof(own.id));
	buf_addf(&b->head, "%s %s\n", oid_hex(hex, &own), name);
	rc = git_object_lookup(&object, b->store->repo, id, GIT_OBJECT_ANY);
	if (rc == 0 && git_object_type(object) == GIT_OBJECT_TAG)
		rc = git_packbuilder_insert(b->builder, id, NULL);
	if (rc == 0)
		rc = git_object_peel(&commit, object, GIT_OBJECT_COMMIT);
	if (rc == 0)
		rc = git_revwalk_push(b->walk, git_object_id(commit));
	git_object_free(commit);
	git_object_free(object);
	return rc < 0 ? fail_git(b->err, "'%s' cannot be read", name) : 0;
}

static int add_names(struct bundling *b)
{
	git_reference_iterator *names = NULL;
	git_reference *reference = NULL;
	int failed = git_reference_iterator_new(&names, b->store->repo) < 0 ? fail_git(b->err, "the branches cannot be read") : 0;

	while (!failed && git_reference_next(&reference, names) == 0) {
		const char *name = git_reference_name(reference);

		if (git_reference_type(reference) == GIT_REFERENCE_DIRECT && (text_starts(name, "refs/heads/") || text_starts(name, "refs/tags/")))
			failed = add_name(b, name, git_reference_target(reference));
		git_reference_free(reference);
	}
	git_reference_iterator_free(names);
	return failed;
}

static int pass_on(void *bytes, size_t n, void *data)
{
	struct bundling *b = data;

	b->ended = b->sink(bytes, n, b->data, b->err);
	return b->ended ? GIT_EUSER : 0;
}

static int send_bundle(struct bundling *b)
{
	int rc, failed = b->sink(SIGNATURE, strlen(SIGNATURE), b->data, b->err);

	if (failed || (failed = b->sink(b->head.p, b->head.n, b->data, b->err)) || (failed = b->sink("\n", 1, b->data, b->err)))
		return failed;
	rc = git_packbuilder_insert_walk(b->builder, b->walk);
	if (rc == 0)
		rc = git_packbuilder_foreach(b->builder, pass_on, b);
	if (b->ended)
		return b->ended;
	return rc < 0 ? fail_git(b->err, "the history cannot be packed; see: git fsck") : 0;
}

int store_bundle(struct store *store, store_sink *sink, void *data, struct oid *head, char **branch, struct ticket_error *err)
{
	_cleanup_(packbuilder_p) git_packbuilder *builder = NULL;
	_cleanup_(revwalk_p) git_revwalk *walk = NULL;
	_cleanup_branch_ struct branch stands = {0};
	struct bundling b = {.store = store, .sink = sink, .data = data, .err = err};
	int failed = repository_of(store, err) ? branch_read(&stands, store, err) : TICKET_STORAGE;

	*branch = NULL;
	if (failed)
		return failed;
	if (oid_is_zero(&stands.id))
		return ticket_fail(err, TICKET_REFUSED, "there is no commit yet that could be backed up");
	if (git_repository_is_shallow(store->repo))
		return ticket_fail(err, TICKET_REFUSED, "this clone is shallow: it lacks older history; get it first: git fetch --unshallow");
	if (git_packbuilder_new(&builder, store->repo) < 0 || git_revwalk_new(&walk, store->repo) < 0)
		return fail_git(err, "the history cannot be packed");
	git_packbuilder_set_threads(builder, 0);
	b.builder = builder;
	b.walk = walk;
	/* HEAD comes as it was read just now; a branch may move while the others are read. */
	if (!(failed = add_name(&b, "HEAD", git_id(&stands.id))) && !(failed = add_names(&b)))
		failed = send_bundle(&b);
	buf_release(&b.head);
	*head = stands.id;
	*branch = failed ? NULL : xstrdup(stands.name);
	return failed;
}

/* --- in -------------------------------------------------------------------------------------------------------- */

struct unbundling {
	struct store *store;
	store_source *source;
	void *data;
	char bytes[1 << 16];
	size_t n, at;
	LIST(struct branch) names;
};

static int damaged(struct ticket_error *err, const char *what)
{
	return ticket_fail(err, TICKET_STORAGE, "the history in it is damaged: %s", _(what));
}

static int fill(struct unbundling *u, struct ticket_error *err)
{
	u->at = 0;
	return u->source(u->bytes, sizeof(u->bytes), &u->n, u->data, err);
}

static int read_line(struct unbundling *u, struct buf *line, struct ticket_error *err)
{
	buf_truncate(line, 0);
	for (;;) {
		int failed = u->at == u->n ? fill(u, err) : 0;

		if (failed)
			return failed;
		if (!u->n || line->n > LONGEST_LINE)
			return damaged(err, N_("its list of branches does not end"));
		buf_add(line, &u->bytes[u->at], 1);
		if (u->bytes[u->at++] == '\n')
			return 0;
	}
}

/* "ID NAME\n": only branches, tags and HEAD; anything else that a bundle could name is no part of a backup. */
static int read_name(struct unbundling *u, const char *line, size_t n, struct ticket_error *err)
{
	_cleanup_free_ char *id = xstrndup(line, OID_HEX_SIZE - 1), *name = n > OID_HEX_SIZE ? xstrndup(line + OID_HEX_SIZE, n - OID_HEX_SIZE - 1) : NULL;
	struct branch branch = {0};
	int valid = 0;

	if (!name || line[OID_HEX_SIZE - 1] != ' ' || !oid_from_hex(&branch.id, id) || strlen(name) != n - OID_HEX_SIZE - 1 ||
	    git_reference_name_is_valid(&valid, name) < 0 || !valid ||
	    !(text_equal(name, "HEAD") || text_starts(name, "refs/heads/") || text_starts(name, "refs/tags/")))
		return damaged(err, N_("its list of branches cannot be read"));
	branch.name = steal_ptr(name);
	*list_push(&u->names) = branch;
	return 0;
}

static int read_names(struct unbundling *u, struct ticket_error *err)
{
	_cleanup_buf_ struct buf line = {0};
	int failed = read_line(u, &line, err);

	if (!failed && !text_equal(line.p, SIGNATURE))
		failed = damaged(err, N_("it is no git bundle of version 2"));
	while (!failed && !(failed = read_line(u, &line, err)) && line.n > 1)
		failed = read_name(u, line.p, line.n, err);
	return failed;
}

static int read_pack(struct unbundling *u, struct ticket_error *err)
{
	_cleanup_(indexer_p) git_indexer *indexer = NULL;
	_cleanup_free_ char *folder = xasprintf("%sobjects/pack", u->store->common);
	git_indexer_options options = GIT_INDEXER_OPTIONS_INIT;
	git_indexer_progress progress = {0};
	int failed = 0;

	options.verify = 1; /* what the pack refers to must be in it */
	if (git_indexer_new(&indexer, folder, 0, NULL, &options) < 0)
		return fail_git(err, "'%s' cannot be written", folder);
	do {
		if (u->n > u->at && git_indexer_append(indexer, u->bytes + u->at, u->n - u->at, &progress) < 0)
			return fail_git(err, "the history in it is damaged");
		failed = fill(u, err);
	} while (!failed && u->n);
	if (failed)
		return failed;
	if (git_indexer_commit(indexer, &progress) < 0)
		return fail_git(err, "the history in it is damaged");
	return objects_refresh(u->store) < 0 ? fail_git(err, "'%s' cannot be read", folder) : 0;
}

static int set_name(struct store *store, const struct branch *name, struct ticket_error *err)
{
	_cleanup_reference_ git_reference *reference = NULL;
	_cleanup_object_ git_odb_object *object = NULL;
	_cleanup_odb_ git_odb *odb = NULL;
	int rc = odb_open(&odb, store, err);

	if (rc)
		return rc;
	if (git_odb_read(&object, odb, git_id(&name->id)) < 0)
		return damaged(err, N_("a branch leads to a commit that is not in it"));
	if (git_reference_create(&reference, store->repo, name->name, git_id(&name->id), 0, NULL) < 0)
		return fail_git(err, "'%s' cannot be set", name->name);
	return 0;
}

static int set_names(struct unbundling *u, const char *branch, struct ticket_error *err)
{
	const struct branch *head = NULL;
	int failed = 0;

	for (size_t i = 0; i < u->names.n && !failed; i++)
		if (text_equal(u->names.v[i].name, "HEAD"))
			head = &u->names.v[i];
		else if (!text_equal(u->names.v[i].name, branch)) /* that one is set to what HEAD was */
			failed = set_name(u->store, &u->names.v[i], err);
	if (failed || !head)
		return failed ? failed : damaged(err, N_("it does not say what HEAD is"));
	if (text_equal(branch, "HEAD"))
		return git_repository_set_head_detached(u->store->repo, git_id(&head->id)) < 0 ? fail_git(err, "HEAD cannot be set") : 0;
	if ((failed = set_name(u->store, &(struct branch){(char *)branch, head->id}, err)))
		return failed;
	return git_repository_set_head(u->store->repo, branch) < 0 ? fail_git(err, "HEAD cannot be set") : 0;
}

int store_unbundle(struct store *store, store_source *source, void *data, const char *branch, struct ticket_error *err)
{
	struct unbundling *u = xcalloc(1, sizeof(*u));
	int failed = repository_of(store, err) ? 0 : TICKET_STORAGE;

	*u = (struct unbundling){.store = store, .source = source, .data = data};
	if (!failed && !(failed = read_names(u, err)) && !(failed = read_pack(u, err)))
		failed = set_names(u, branch, err);
	for (size_t i = 0; i < u->names.n; i++)
		branch_release(&u->names.v[i]);
	free(u->names.v);
	free(u);
	return failed;
}

int store_checkout_all(struct store *store, struct ticket_error *err)
{
	git_checkout_options options = GIT_CHECKOUT_OPTIONS_INIT;

	if (store->checkout == CHECKOUT_NONE)
		return 0;
	if (!repository_of(store, err))
		return TICKET_STORAGE;
	options.checkout_strategy = GIT_CHECKOUT_FORCE | (store->checkout == CHECKOUT_FILES ? GIT_CHECKOUT_DONT_UPDATE_INDEX | GIT_CHECKOUT_DONT_WRITE_INDEX : 0);
	options.disable_filters = 1;
	return git_checkout_head(store->repo, &options) < 0 ? fail_git(err, "the files cannot be written to '%s'", store->root) : 0;
}
