/* SPDX-License-Identifier: MIT */
/* One change: edits gathered, then objects, working files, index and branch, in an order that any moment's crash survives. */
#include "store/change.h"

#include <errno.h>
#include <unistd.h>

#include "store/checkout.h"
#include "store/gitindex.h"
#include "store/reference.h"

int objects_write(struct objects *objects, git_object_t type, const void *bytes, size_t n, struct oid *out, struct ticket_error *err)
{
	if (objects->pack)
		return pack_write(objects->pack, type, bytes, n, out, err);
	if (!objects->loose)
		objects->loose = loose_new(objects->store);
	return loose_write(objects->loose, type, bytes, n, out, err);
}

int objects_publish(struct objects *objects, struct ticket_error *err)
{
	if (objects->pack)
		return pack_publish(objects->pack, err);
	return objects->loose ? loose_publish(objects->loose, err) : 0;
}

void objects_release(struct objects *objects)
{
	pack_free(objects->pack);
	loose_free(objects->loose);
	objects->pack = NULL;
	objects->loose = NULL;
}

/* --- gathering ------------------------------------------------------------------------------------------------- */

int store_change_begin(struct store_change **out, struct store *store, const struct snapshot *base, struct ticket_error *err)
{
	struct store_change *change;

	*out = NULL;
	if (!repository_of(store, err))
		return TICKET_STORAGE;
	change = xcalloc(1, sizeof(*change));
	change->store = store;
	change->objects.store = store;
	change->base = *base;
	*out = change;
	return 0;
}

void store_change_free(struct store_change *change)
{
	if (!change)
		return;
	objects_release(&change->objects);
	edits_release(change->edits.v, change->edits.n);
	free(change);
}

static int queue_edit(struct store_change *change, struct edit *edit, struct ticket_error *err)
{
	int rc = pack_queue(change->objects.pack, edit->bytes, edit->n, &edit->slot, err);

	free(steal_ptr(edit->bytes));
	return rc;
}

/* From here on contents go to a pack as they come: a big import is never in memory whole. */
static int start_pack(struct store_change *change, struct ticket_error *err)
{
	int rc = pack_open(&change->objects.pack, change->store, err);

	for (size_t i = 0; rc == 0 && i < change->edits.n; i++)
		if (change->edits.v[i].bytes)
			rc = queue_edit(change, &change->edits.v[i], err);
	return rc;
}

int store_change_put(struct store_change *change, const char *path, const void *bytes, size_t n, struct ticket_error *err)
{
	struct edit *edit;
	int rc = path_check(path, err);

	if (rc)
		return rc;
	edit = list_push(&change->edits);
	*edit = (struct edit){.path = xstrdup(path), .order = change->edits.n, .bytes = xmalloc(n), .n = n};
	if (n)
		memcpy(edit->bytes, bytes, n);
	if (change->objects.pack)
		return queue_edit(change, edit, err);
	return change->edits.n > LOOSE_FILES_MAX ? start_pack(change, err) : 0;
}

int store_change_take(struct store_change *change, const char *path, const struct oid *blob, uint32_t mode, struct ticket_error *err)
{
	int rc = path_check(path, err);

	if (rc == 0)
		*list_push(&change->edits) = (struct edit){.path = xstrdup(path), .order = change->edits.n, .stored = true, .id = *blob, .mode = mode};
	return rc;
}

void store_change_join(struct store_change *change, const struct snapshot *other)
{
	change->joined = other->commit;
}

int store_change_remove(struct store_change *change, const char *path, struct ticket_error *err)
{
	int rc = path_check(path, err);

	if (rc == 0)
		*list_push(&change->edits) = (struct edit){.path = xstrdup(path), .order = change->edits.n, .removed = true};
	return rc;
}

static int by_path_and_order(const void *a, const void *b)
{
	const struct edit *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* Sorts the edits and keeps the last of each path. */
static void settle_edits(struct store_change *change)
{
	size_t kept = 0;

	if (change->edits.n)
		qsort(change->edits.v, change->edits.n, sizeof(*change->edits.v), by_path_and_order);
	for (size_t i = 0; i < change->edits.n; i++) {
		struct edit edit = change->edits.v[i];

		if (kept && strcmp(change->edits.v[kept - 1].path, edit.path) == 0) {
			struct edit *old = &change->edits.v[kept - 1];

			free(old->path);
			free(old->bytes);
			*old = edit;
		} else {
			change->edits.v[kept++] = edit;
		}
	}
	change->edits.n = kept;
}

/* --- objects --------------------------------------------------------------------------------------------------- */

static int name_blobs(struct store_change *change, struct ticket_error *err)
{
	int rc = change->objects.pack ? pack_drain(change->objects.pack, err) : 0;

	for (size_t i = 0; rc == 0 && i < change->edits.n; i++) {
		struct edit *edit = &change->edits.v[i];

		if (edit->removed || !oid_is_zero(&edit->id))
			continue;
		if (edit->bytes)
			rc = objects_write(&change->objects, GIT_OBJECT_BLOB, edit->bytes, edit->n, &edit->id, err);
		else
			edit->id = pack_slot_id(change->objects.pack, edit->slot);
	}
	return rc;
}

int store_change_folder(struct store_change *change, const char *folder, struct oid *out, struct ticket_error *err)
{
	size_t n = strlen(folder), first = 0, count = 0;
	struct oid base = {0};
	int rc = 0;

	if (!oid_is_zero(&change->base.tree))
		rc = store_find(change->store, &change->base.tree, folder, &base, NULL, NULL);
	if (rc && rc != TICKET_NOTFOUND)
		return rc;
	settle_edits(change);
	rc = name_blobs(change, err);
	for (size_t i = 0; rc == 0 && i < change->edits.n; i++) {
		if (strncmp(change->edits.v[i].path, folder, n) != 0 || change->edits.v[i].path[n] != '/')
			continue;
		if (!count++)
			first = i;
	}
	*out = base;
	return rc || !count ? rc : tree_rewrite(change->store, &base, change->edits.v + first, count, n + 1, &change->objects, out, err);
}

/* What would end a name or its line is left out of it. */
static bool may_be_in_name(char c)
{
	return c != '<' && c != '>' && (unsigned char)c >= ' ';
}

bool store_person_is(const char *written, const char *name)
{
	const char *p = name && *name ? name : "unknown";

	for (; *p; p++)
		if (may_be_in_name(*p) && *p != *written++)
			return false;
	return !*written;
}

/* A person as git writes one. */
static void put_person(struct buf *out, const char *role, const char *name, const char *email, const struct stamp *when)
{
	int32_t minutes = when->offset_s / 60;
	const char *const words[] = {name && *name ? name : "unknown", email ? email : ""};

	buf_puts(out, role);
	for (int i = 0; i < 2; i++) {
		buf_puts(out, i ? " <" : " ");
		for (const char *p = words[i]; *p; p++)
			if (may_be_in_name(*p))
				buf_putc(out, *p);
	}
	buf_addf(out, "> %lld %c%02d%02d\n", (long long)(when->s < 0 ? 0 : when->s), minutes < 0 ? '-' : '+', abs(minutes) / 60 % 100, abs(minutes) % 60);
}

static int write_commit(struct store_change *change, const struct commit_words *words, struct snapshot *out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	char hex[OID_HEX_SIZE];

	buf_addf(&text, "tree %s\n", oid_hex(hex, &out->tree));
	if (!oid_is_zero(&change->base.commit))
		buf_addf(&text, "parent %s\n", oid_hex(hex, &change->base.commit));
	if (!oid_is_zero(&change->joined))
		buf_addf(&text, "parent %s\n", oid_hex(hex, &change->joined));
	put_person(&text, "author", words->author, words->author_email, &words->authored);
	put_person(&text, "committer", words->committer, words->committer_email, &words->committed);
	buf_addf(&text, "\n%s%s", words->message, text_ends(words->message, "\n") ? "" : "\n");
	return objects_write(&change->objects, GIT_OBJECT_COMMIT, text.p, text.n, &out->commit, err);
}

/* It comes to nothing: no commit is made. */
static bool is_idle(const struct store_change *change, const struct snapshot *made)
{
	return oid_is_zero(&change->joined) && oid_equal(&made->tree, &change->base.tree);
}

static int write_objects(struct store_change *change, const struct commit_words *words, struct snapshot *out, struct ticket_error *err)
{
	int rc;

	settle_edits(change);
	rc = name_blobs(change, err);
	out->tree = change->base.tree;
	if (rc == 0 && change->edits.n)
		rc = tree_rewrite(change->store, &change->base.tree, change->edits.v, change->edits.n, 0, &change->objects, &out->tree, err);
	if (rc == 0 && oid_is_zero(&out->tree))
		rc = objects_write(&change->objects, GIT_OBJECT_TREE, "", 0, &out->tree, err); /* all is removed: the empty tree must be there too */
	if (rc || is_idle(change, out))
		return rc;
	return write_commit(change, words, out, err);
}

/* --- the order of things --------------------------------------------------------------------------------------- */

/* Edits that change nothing need no working file and no index entry. */
static void drop_idle_edits(struct store_change *change)
{
	size_t kept = 0;

	for (size_t i = 0; i < change->edits.n; i++) {
		struct edit *edit = &change->edits.v[i];

		if (oid_equal(&edit->id, &edit->old_id)) {
			free(edit->path);
			free(edit->bytes);
		} else {
			change->edits.v[kept++] = *edit;
		}
	}
	change->edits.n = kept;
}

/*
 * With files: journal, objects, working files, the new index beside the old one, branch, index, journal away. Killed
 * before the branch moves, the journal leads the next command back; killed after it, forward.
 */
static int commit_with_files(struct store_change *change, const struct branch *branch, const struct oid *commit, struct ticket_error *err)
{
	_cleanup_gitindex_ struct gitindex index = {{.fd = -1}};
	struct store *store = change->store;
	struct edit *edits = change->edits.v;
	size_t n = change->edits.n;
	bool full = store->checkout == CHECKOUT_FULL;
	int rc = full ? gitindex_take(&index, store, err) : 0;

	if (rc == 0)
		rc = checkout_check(store, edits, n, err);
	if (rc)
		return rc;
	rc = journal_write(store, &change->base.commit, commit, err);
	if (rc == 0)
		rc = objects_publish(&change->objects, err);
	if (rc == 0)
		rc = checkout_write(store, edits, n, change->objects.pack, false, err);
	if (rc == 0 && full)
		rc = gitindex_write(&index, edits, n, err);
	if (rc == 0)
		rc = branch_move(store, branch, commit, err);
	if (rc) {
		gitindex_release(&index);
		checkout_recover(store, NULL); /* what fails here is done by the next command */
		return rc;
	}
	/* The change is made. If the index cannot follow now, the journal stays and the next command sees to it. */
	if (!full || gitindex_commit(&index, edits, n, NULL) == 0)
		journal_remove(store);
	return 0;
}

static int check_base(struct store_change *change, struct branch *branch, struct ticket_error *err)
{
	int rc = branch_read(branch, change->store, err);

	if (rc == 0 && !oid_equal(&branch->id, &change->base.commit))
		rc = ticket_fail(err, TICKET_BUSY, "somebody else changed the desk meanwhile ('%s' has moved); try again", branch->name);
	return rc;
}

int store_change_commit(struct store_change *change, const struct commit_words *words, struct snapshot *out, struct ticket_error *err)
{
	_cleanup_branch_ struct branch branch = {0};
	struct store *store = change->store;
	struct snapshot made = {0};
	int rc;

	if (store->lock_fd < 0)
		return ticket_fail(err, TICKET_STORAGE, "a change was committed without the desk's lock");
	rc = check_base(change, &branch, err);
	made.tree = change->base.tree;
	if (rc == 0 && (change->edits.n || !oid_is_zero(&change->joined)))
		rc = write_objects(change, words, &made, err);
	if (rc)
		return rc;
	if (is_idle(change, &made)) {
		*out = change->base;
		return 0;
	}
	drop_idle_edits(change);
	if (store->checkout != CHECKOUT_NONE) {
		rc = commit_with_files(change, &branch, &made.commit, err);
	} else {
		rc = objects_publish(&change->objects, err);
		if (rc == 0)
			rc = branch_move(store, &branch, &made.commit, err);
	}
	if (rc == 0)
		*out = made;
	return rc;
}

/* --- forward to a commit that is there ------------------------------------------------------------------------- */

/* One path that differs: what the checkout and its index must become. */
static int follow_path(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct store_change *change = data;
	int rc = path_check(entry->path, err);

	if (rc == 0 && entry->is_link)
		rc = ticket_fail(err, TICKET_REFUSED, "'%s' is a link; a desk has none", entry->path);
	if (rc == 0)
		*list_push(&change->edits) = (struct edit){.path = xstrdup(entry->path), .removed = oid_is_zero(&entry->id), .stored = true, .id = entry->id,
							    .old_id = entry->old_id, .mode = entry->mode};
	return rc;
}

int store_forward(struct store *store, const struct snapshot *base, const struct snapshot *to, struct ticket_error *err)
{
	struct store_change change = {.store = store, .base = *base, .objects = {.store = store}};
	_cleanup_branch_ struct branch branch = {0};
	int rc;

	if (store->lock_fd < 0)
		return ticket_fail(err, TICKET_STORAGE, "a change was committed without the desk's lock");
	rc = check_base(&change, &branch, err);
	if (rc == 0)
		rc = store_changes(store, &base->tree, &to->tree, "", follow_path, &change, err);
	if (rc == 0 && change.edits.n)
		settle_edits(&change);
	if (rc == 0)
		rc = store->checkout != CHECKOUT_NONE ? commit_with_files(&change, &branch, &to->commit, err) : branch_move(store, &branch, &to->commit, err);
	edits_release(change.edits.v, change.edits.n);
	return rc;
}
