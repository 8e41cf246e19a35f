/* SPDX-License-Identifier: MIT */
/* A new tree from an old one and a list of edits: only the trees on the edited paths are read and written. */
#include "store/change.h"
#include "store/tree.h"

/* One name of the folder being rewritten: an edit of that very name, or all edits beneath it. */
struct part {
	const char *name;
	size_t name_n;
	bool is_folder;
	struct edit *edits;
	size_t edits_n;
};
struct parts {
	struct part *v;
	size_t n;
};

struct rewrite {
	struct store *store;
	struct objects *objects;
};

static int rewrite_folder(struct rewrite *rewrite, const struct oid *base, struct edit *edits, size_t n, size_t start, struct oid *out, struct ticket_error *err);

static int by_tree_order(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	return tree_order(x->name, x->name_n, x->is_folder, y->name, y->name_n, y->is_folder);
}

static int fail_kind(const struct edit *edit, const char *name, size_t n, bool is_folder, struct ticket_error *err)
{
	size_t prefix = (size_t)(name - edit->path) + n;

	return ticket_fail(err, TICKET_REFUSED, "'%.*s' is a %s and cannot be a %s as well", (int)prefix, edit->path, is_folder ? "folder" : "file", is_folder ? "file" : "folder");
}

/* Groups sorted edits by their next name; 'start' is where it begins in every path. */
static int split_parts(struct parts *parts, struct edit *edits, size_t n, size_t start, struct ticket_error *err)
{
	parts->v = xcalloc(n, sizeof(*parts->v));
	for (size_t i = 0; i < n; i++) {
		const char *name = edits[i].path + start;
		size_t name_n = strcspn(name, "/");
		bool is_folder = name[name_n] == '/';
		struct part *last = parts->n ? &parts->v[parts->n - 1] : NULL;

		if (last && last->is_folder && is_folder && last->name_n == name_n && memcmp(last->name, name, name_n) == 0) {
			last->edits_n++;
			continue;
		}
		parts->v[parts->n++] = (struct part){.name = name, .name_n = name_n, .is_folder = is_folder, .edits = &edits[i], .edits_n = 1};
	}
	qsort(parts->v, parts->n, sizeof(*parts->v), by_tree_order);
	for (size_t i = 0; i < parts->n; i++) {
		struct part folder = parts->v[i];

		folder.is_folder = true;
		if (!parts->v[i].is_folder && !folder.edits->removed && bsearch(&folder, parts->v, parts->n, sizeof(folder), by_tree_order))
			return fail_kind(folder.edits, folder.name, folder.name_n, false, err);
	}
	return 0;
}

/* In octal, by hand: every neighbour of what changes is written again. */
static void put_mode(struct buf *out, uint32_t mode)
{
	char digits[12], *p = digits + sizeof(digits);

	do
		*--p = (char)('0' + (mode & 7));
	while (mode >>= 3);
	buf_add(out, p, (size_t)(digits + sizeof(digits) - p));
}

static void put_entry(struct buf *out, uint32_t mode, const char *name, size_t name_n, const struct oid *id)
{
	put_mode(out, mode);
	buf_putc(out, ' ');
	buf_add(out, name, name_n);
	buf_putc(out, '\0');
	buf_add(out, id->id, sizeof(id->id));
}

/* Writes what a part becomes; 'old' is the entry of that name and kind, NULL when there is none. */
static int put_part(struct rewrite *rewrite, struct buf *out, struct part *part, const struct tree_entry *old, struct ticket_error *err)
{
	struct edit *edit = part->edits;
	struct oid id = {0};
	int rc;

	if (!part->is_folder) {
		if (old && !mode_is_file(old->mode))
			return ticket_fail(err, TICKET_REFUSED, "'%s' is a link in HEAD, not a file; remove it first: git rm '%s'", edit->path, edit->path);
		if (!edit->mode)
			edit->mode = old ? old->mode : MODE_FILE;
		if (old)
			edit->old_id = old->id;
		if (!edit->removed)
			put_entry(out, edit->mode, part->name, part->name_n, &edit->id);
		return 0;
	}
	rc = rewrite_folder(rewrite, old ? &old->id : &id, part->edits, part->edits_n, (size_t)(part->name - edit->path) + part->name_n + 1, &id, err);
	if (rc == 0 && !oid_is_zero(&id))
		put_entry(out, MODE_FOLDER, part->name, part->name_n, &id);
	return rc;
}

/* A name that is a file on one side and a folder on the other; only a removal of what isn't there may pass. */
static int check_kinds(const struct parts *parts, const struct tree_entry *old, struct ticket_error *err)
{
	for (size_t i = 0; i < parts->n; i++) {
		const struct part *part = &parts->v[i];

		if (part->name_n == old->name_n && part->is_folder != mode_is_folder(old->mode) && memcmp(part->name, old->name, old->name_n) == 0 && !part->edits->removed)
			return fail_kind(part->edits, part->name, part->name_n, mode_is_folder(old->mode), err);
	}
	return 0;
}

static int merge_parts(struct rewrite *rewrite, struct buf *out, struct tree_reader *reader, struct parts *parts, struct ticket_error *err)
{
	struct tree_entry old;
	size_t next = 0;
	int rc;

	while ((rc = tree_next(reader, &old, err)) > 0) {
		bool replaced = false;

		rc = check_kinds(parts, &old, err);
		while (rc == 0 && !replaced && next < parts->n) {
			struct part *part = &parts->v[next];
			int order = tree_order(part->name, part->name_n, part->is_folder, old.name, old.name_n, mode_is_folder(old.mode));

			if (order > 0)
				break;
			replaced = order == 0;
			rc = put_part(rewrite, out, part, replaced ? &old : NULL, err);
			next++;
		}
		if (rc)
			return rc;
		if (!replaced)
			put_entry(out, old.mode, old.name, old.name_n, &old.id);
	}
	for (; rc == 0 && next < parts->n; next++)
		rc = put_part(rewrite, out, &parts->v[next], NULL, err);
	return rc;
}

static int rewrite_folder(struct rewrite *rewrite, const struct oid *base, struct edit *edits, size_t n, size_t start, struct oid *out, struct ticket_error *err)
{
	_cleanup_tree_ struct tree_reader reader = {0};
	_cleanup_buf_ struct buf bytes = {0};
	struct parts parts = {0};
	int rc = split_parts(&parts, edits, n, start, err);

	if (rc == 0)
		rc = tree_open(&reader, rewrite->store, base, err);
	if (rc == 0)
		rc = merge_parts(rewrite, &bytes, &reader, &parts, err);
	free(parts.v);
	memset(out, 0, sizeof(*out));
	if (rc == 0 && bytes.n)
		rc = objects_write(rewrite->objects, GIT_OBJECT_TREE, bytes.p, bytes.n, out, err);
	return rc;
}

int tree_rewrite(struct store *store, const struct oid *base, struct edit *edits, size_t n, size_t start, struct objects *objects, struct oid *out, struct ticket_error *err)
{
	struct rewrite rewrite = {store, objects};

	return rewrite_folder(&rewrite, base, edits, n, start, out, err);
}
