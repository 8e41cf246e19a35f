/* SPDX-License-Identifier: MIT */
/* Reading a desk: files, folders, and what differs between two trees, skipping all that has the same id. */
#include "store/tree.h"

#include "store/reader.h"

#define SAME_STEP 64
#define MAX_DEPTH 100 /* deeper trees are made to exhaust the stack, not to hold tickets */

int tree_open(struct tree_reader *reader, struct store *store, const struct oid *tree, struct ticket_error *err)
{
	int rc;

	*reader = (struct tree_reader){.id = *tree};
	if (oid_is_zero(tree))
		return 0;
	rc = object_read(&reader->bytes, store, tree, GIT_OBJECT_TREE, err);
	if (rc)
		return rc;
	reader->p = reader->bytes.p;
	reader->end = reader->p + reader->bytes.n;
	return 0;
}

int tree_next(struct tree_reader *reader, struct tree_entry *out, struct ticket_error *err)
{
	const char *p = reader->p, *nul;
	char hex[OID_HEX_SIZE];

	if (p == reader->end)
		return 0;
	out->mode = 0;
	while (p < reader->end && *p >= '0' && *p <= '7' && out->mode < 01000000)
		out->mode = out->mode * 8 + (uint32_t)(*p++ - '0');
	nul = p < reader->end && *p == ' ' ? memchr(p, '\0', (size_t)(reader->end - p)) : NULL;
	if (!nul || reader->end - nul < 21 || nul == p + 1)
		return ticket_fail(err, TICKET_STORAGE, "tree %s is damaged; see git fsck", oid_hex(hex, &reader->id));
	out->name = p + 1;
	out->name_n = (size_t)(nul - out->name);
	memcpy(out->id.id, nul + 1, 20);
	reader->p = nul + 21;
	return 1;
}

void tree_close(struct tree_reader *reader)
{
	buf_release(&reader->bytes);
}

int tree_order(const char *a, size_t a_n, bool a_is_folder, const char *b, size_t b_n, bool b_is_folder)
{
	size_t n = a_n < b_n ? a_n : b_n;
	int order = memcmp(a, b, n);
	unsigned char a_next, b_next;

	if (order)
		return order;
	a_next = a_n > n ? (unsigned char)a[n] : a_is_folder ? '/' : '\0';
	b_next = b_n > n ? (unsigned char)b[n] : b_is_folder ? '/' : '\0';
	return a_next - b_next;
}

/* One name of one tree: 1 found, 0 not there. */
static int find_name(struct store *store, const struct oid *tree, const char *name, size_t n, struct tree_entry *out, struct ticket_error *err)
{
	_cleanup_tree_ struct tree_reader reader = {0};
	int rc = tree_open(&reader, store, tree, err);

	if (rc)
		return rc;
	while ((rc = tree_next(&reader, out, err)) > 0)
		if (out->name_n == n && memcmp(out->name, name, n) == 0)
			break;
	return rc;
}

int tree_find(struct store *store, const struct oid *tree, const char *path, struct oid *out, uint32_t *mode, struct ticket_error *err)
{
	struct tree_entry entry = {.mode = MODE_FOLDER, .id = *tree};

	while (*path) {
		size_t n = strcspn(path, "/");
		int rc = mode_is_folder(entry.mode) ? find_name(store, &entry.id, path, n, &entry, err) : 0;

		if (rc < 0)
			return rc;
		if (rc == 0)
			return ticket_fail(err, TICKET_NOTFOUND, "no such file in the desk");
		path += n + (path[n] == '/');
	}
	*out = entry.id;
	*mode = entry.mode;
	return 0;
}

int store_find(struct store *store, const struct oid *tree, const char *path, struct oid *out, bool *is_folder, struct ticket_error *err)
{
	uint32_t mode;
	int rc = tree_find(store, tree, path, out, &mode, err);

	if (rc == 0 && is_folder)
		*is_folder = mode_is_folder(mode);
	return rc;
}

int store_read_blob(struct store *store, const struct oid *blob, struct buf *out, struct ticket_error *err)
{
	return object_read(out, store, blob, GIT_OBJECT_BLOB, err);
}

int store_read(struct store *store, const struct oid *tree, const char *path, struct buf *out, struct ticket_error *err)
{
	struct oid id;
	uint32_t mode;
	int rc = tree_find(store, tree, path, &id, &mode, err);

	if (rc)
		return rc;
	if (!mode_is_file(mode))
		return ticket_fail(err, TICKET_NOTFOUND, "'%s' is not a file in the desk", path);
	return store_read_blob(store, &id, out, err);
}

int store_list(struct store *store, const struct oid *tree, const char *folder, store_visitor *visit, void *data, struct ticket_error *err)
{
	_cleanup_tree_ struct tree_reader reader = {0};
	_cleanup_buf_ struct buf path = {0};
	struct tree_entry entry;
	struct oid id;
	uint32_t mode;
	size_t start;
	int rc = tree_find(store, tree, folder, &id, &mode, err);

	if (rc == TICKET_NOTFOUND || (rc == 0 && !mode_is_folder(mode)))
		return 0;
	if (rc == 0)
		rc = tree_open(&reader, store, &id, err);
	if (rc)
		return rc;
	buf_puts(&path, folder);
	if (path.n && path.p[path.n - 1] != '/')
		buf_putc(&path, '/');
	start = path.n;
	while (rc == 0 && (rc = tree_next(&reader, &entry, err)) > 0) {
		struct store_entry shown = {.id = entry.id, .is_folder = mode_is_folder(entry.mode), .is_link = entry.mode == MODE_LINK, .mode = entry.mode};

		buf_truncate(&path, start);
		buf_add(&path, entry.name, entry.name_n);
		shown.path = path.p;
		shown.name = path.p + start;
		rc = visit(&shown, data, err);
	}
	return rc;
}

/* --- what differs ---------------------------------------------------------------------------------------------- */

struct walk {
	struct store *store;
	struct buf path;
	store_visitor *visit;
	void *data;
	int depth;
};

static int walk_trees(struct walk *walk, const struct oid *old_tree, const struct oid *new_tree, struct ticket_error *err);

/* Another repository's commit, or whatever else git may keep: nothing of ours, as if nothing stood there. */
static const struct tree_entry *ours(const struct tree_entry *entry)
{
	return entry && (mode_is_folder(entry->mode) || mode_is_file(entry->mode) || entry->mode == MODE_LINK) ? entry : NULL;
}

/* The same place in both trees; either side may be missing. Both are folders or both are not. */
static int walk_entry(struct walk *walk, const struct tree_entry *old, const struct tree_entry *new, struct ticket_error *err)
{
	static const struct oid none;
	const struct tree_entry *any;
	struct store_entry shown;
	size_t start = walk->path.n;
	int rc = 0;

	old = ours(old);
	new = ours(new);
	any = new ? new : old;
	if (!any || (old && new && oid_equal(&old->id, &new->id) && old->mode == new->mode))
		return 0;
	shown = (struct store_entry){.id = new ? new->id : none, .old_id = old ? old->id : none, .is_link = any->mode == MODE_LINK, .mode = any->mode};
	buf_add(&walk->path, any->name, any->name_n);
	if (mode_is_folder(any->mode)) {
		buf_putc(&walk->path, '/');
		rc = walk_trees(walk, &shown.old_id, &shown.id, err);
	} else {
		shown.path = walk->path.p;
		shown.name = walk->path.p + start;
		rc = walk->visit(&shown, walk->data, err);
	}
	buf_truncate(&walk->path, start);
	return rc;
}

/* Passes over what both have next, byte for byte: that is most of a folder. */
static void skip_same(struct tree_reader *old, struct tree_reader *new)
{
	size_t old_n = (size_t)(old->end - old->p), new_n = (size_t)(new->end - new->p), room = old_n < new_n ? old_n : new_n, same = 0;
	const char *nul;
	size_t n;

	while (room - same >= SAME_STEP && memcmp(old->p + same, new->p + same, SAME_STEP) == 0)
		same += SAME_STEP;
	while (same && (nul = memchr(new->p, '\0', same)) && (n = (size_t)(nul - new->p) + 1 + sizeof(new->id)) <= same) {
		old->p += n;
		new->p += n;
		same -= n;
	}
}

static int walk_trees(struct walk *walk, const struct oid *old_tree, const struct oid *new_tree, struct ticket_error *err)
{
	_cleanup_tree_ struct tree_reader old_reader = {0}, new_reader = {0};
	struct tree_entry old, new;
	int have_old = 0, have_new = 0, rc;

	if (oid_equal(old_tree, new_tree))
		return 0;
	if (++walk->depth > MAX_DEPTH)
		return ticket_fail(err, TICKET_STORAGE, "the folder '%.200s…' is too deep to belong to a desk", walk->path.p);
	rc = tree_open(&old_reader, walk->store, old_tree, err);
	if (rc == 0)
		rc = tree_open(&new_reader, walk->store, new_tree, err);
	skip_same(&old_reader, &new_reader);
	if (rc == 0)
		rc = have_old = tree_next(&old_reader, &old, err);
	if (rc >= 0)
		rc = have_new = tree_next(&new_reader, &new, err);
	while (rc >= 0 && (have_old || have_new)) {
		int order = !have_old ? 1 : !have_new ? -1 :
			tree_order(old.name, old.name_n, mode_is_folder(old.mode), new.name, new.name_n, mode_is_folder(new.mode));

		rc = walk_entry(walk, order <= 0 ? &old : NULL, order >= 0 ? &new : NULL, err);
		if (rc)
			break;
		if (order == 0)
			skip_same(&old_reader, &new_reader);
		if (order <= 0)
			rc = have_old = tree_next(&old_reader, &old, err);
		if (rc >= 0 && order >= 0)
			rc = have_new = tree_next(&new_reader, &new, err);
	}
	walk->depth--;
	return rc;
}

/* The folder of a tree as a tree of its own; zero where it is not there. */
static int folder_tree(struct store *store, const struct oid *tree, const char *folder, struct oid *out, struct ticket_error *err)
{
	struct ticket_error why = {0};
	uint32_t mode;
	int rc;

	*out = *tree;
	if (oid_is_zero(tree))
		return 0;
	rc = tree_find(store, tree, folder, out, &mode, &why);
	if (rc == TICKET_NOTFOUND || (rc == 0 && !mode_is_folder(mode))) {
		memset(out, 0, sizeof(*out));
		return 0; /* which is no error, and leaves no message behind */
	}
	if (rc && err)
		*err = why;
	return rc;
}

int store_changes(struct store *store, const struct oid *old_tree, const struct oid *new_tree, const char *folder, store_visitor *visit, void *data, struct ticket_error *err)
{
	struct walk walk = {.store = store, .visit = visit, .data = data};
	struct oid old_folder, new_folder;
	int rc = folder_tree(store, old_tree, folder, &old_folder, err);

	if (rc == 0)
		rc = folder_tree(store, new_tree, folder, &new_folder, err);
	if (rc)
		return rc;
	buf_puts(&walk.path, folder);
	if (walk.path.n && walk.path.p[walk.path.n - 1] != '/')
		buf_putc(&walk.path, '/');
	rc = walk_trees(&walk, &old_folder, &new_folder, err);
	buf_release(&walk.path);
	return rc;
}
