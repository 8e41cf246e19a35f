/* SPDX-License-Identifier: MIT */
/*
 * The index patched in one pass: old entries are copied as they lie in the file, edited ones put between them. Versions 2
 * and 3 (see git's index-format documentation); version 4 is left to libgit2, which is slower and right.
 */
#include "store/gitindex.h"

#include <errno.h>
#include <fcntl.h>
#define OPENSSL_API_COMPAT 0x10100000L /* the plain functions: the newer ones load a provider first, which takes 1 ms */
#include <openssl/sha.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/file.h"

#define OWN_NAME "index"
#define ENTRY_FIXED 62 /* bytes before the name */
#define FLAG_EXTENDED 0x4000u
#define NAME_MASK 0x0fffu

static uint32_t get32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void put32(unsigned char *p, uint64_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(value >> (24 - 8 * i));
}

/* The index as it is, mapped; all zero when there is none. */
struct old_index {
	unsigned char *p;
	size_t n;
	uint32_t version, count;
};

static void unmap_p(struct old_index *old)
{
	if (old->p)
		munmap(old->p, old->n);
}

static int fail_damaged(struct store *store, struct ticket_error *err)
{
	return ticket_fail(err, TICKET_STORAGE, "'%sindex' is damaged; make it anew: rm '%sindex' && git reset", store->git_dir, store->git_dir);
}

static int map_index(struct old_index *old, struct store *store, struct ticket_error *err)
{
	_cleanup_free_ char *path = xasprintf("%sindex", store->git_dir);
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || fstat(fd, &st) != 0)
		return fail_errno(err, "'%s' cannot be read", path);
	if (st.st_size < 12 + 20)
		return fail_damaged(store, err);
	old->n = (size_t)st.st_size;
	old->p = mmap(NULL, old->n, PROT_READ, MAP_PRIVATE, fd, 0);
	if (old->p == MAP_FAILED) {
		old->p = NULL;
		return fail_errno(err, "'%s' cannot be read", path);
	}
	old->version = get32(old->p + 4);
	old->count = get32(old->p + 8);
	if (memcmp(old->p, "DIRC", 4) != 0 || old->version < 2 || old->version > 4)
		return fail_damaged(store, err);
	return 0;
}

int gitindex_take(struct gitindex *index, struct store *store, struct ticket_error *err)
{
	_cleanup_free_ char *path = xasprintf("%sindex", store->git_dir);

	return gitlock_take(&index->lock, store, path, OWN_NAME, err);
}

/* --- reading entries ------------------------------------------------------------------------------------------- */

struct entry_view {
	const unsigned char *p;
	size_t n; /* with its padding */
	const char *name;
	size_t name_n;
};

/* The entry at 'at'; false when it runs over the end. */
static bool view_entry(const struct old_index *old, size_t at, struct entry_view *out)
{
	const size_t end = old->n - 20;
	uint32_t flags;
	size_t fixed = ENTRY_FIXED;

	if (end - at < ENTRY_FIXED + 2)
		return false;
	out->p = old->p + at;
	flags = (uint32_t)out->p[60] << 8 | out->p[61];
	if (flags & FLAG_EXTENDED)
		fixed += 2;
	out->name = (const char *)out->p + fixed;
	out->name_n = flags & NAME_MASK;
	if (out->name_n == NAME_MASK)
		out->name_n = strnlen(out->name, end - at - fixed);
	out->n = (fixed + out->name_n + 8) & ~(size_t)7;
	return out->n <= end - at;
}

static int name_order(const struct entry_view *view, const char *path, size_t path_n)
{
	size_t n = view->name_n < path_n ? view->name_n : path_n;
	int order = memcmp(view->name, path, n);

	return order ? order : (view->name_n > path_n) - (view->name_n < path_n);
}

/* Where an edit goes: the old entries from 'start' to 'end' make room for it. */
struct splice {
	size_t start, end;
	const struct edit *edit;
};
struct splices {
	struct splice *v;
	size_t n;
	size_t entries_end; /* where the old entries end */
	uint32_t count;     /* of entries in the new index */
};

static bool concerns_index(const struct edit *edit)
{
	return edit->removed || edit->st;
}

static void splice_in(struct splices *splices, size_t at, const struct edit *edit)
{
	splices->v[splices->n++] = (struct splice){.start = at, .end = at, .edit = edit};
	splices->count += !edit->removed;
}

/* Extensions are left out of the new index: they are caches, or (lower-case names) change what it means: not ours to patch. */
static int check_extensions(const struct old_index *old, struct store *store, size_t at, struct ticket_error *err)
{
	const size_t end = old->n - 20;

	while (end - at >= 8) {
		size_t n = get32(old->p + at + 4);

		if (old->p[at] >= 'a' && old->p[at] <= 'z')
			return ticket_fail(err, TICKET_REFUSED, "the index is split or sparse, which a desk cannot keep right; undo that: git update-index --no-split-index, git sparse-checkout disable");
		if (n > end - at - 8)
			return fail_damaged(store, err);
		at += 8 + n;
	}
	return 0;
}

/* Finds the place of every edit and the end of the entries. */
static int find_places(struct splices *splices, const struct old_index *old, struct store *store, const struct edit *edits, size_t n, struct ticket_error *err)
{
	size_t at = 12, next = 0;
	bool met = false; /* edits[next] has a splice already: an earlier stage of a conflict stands under its name */

	splices->count = old->count;
	for (uint32_t i = 0; i < old->count; i++) {
		struct entry_view view = {0};
		int order = 1;

		if (!view_entry(old, at, &view))
			return fail_damaged(store, err);
		for (; next < n && (order = name_order(&view, edits[next].path, strlen(edits[next].path))) > 0; next++, met = false)
			if (!met && concerns_index(&edits[next]))
				splice_in(splices, at, &edits[next]);
		if (next < n && order == 0 && concerns_index(&edits[next])) {
			if (!met)
				splice_in(splices, at, &edits[next]);
			met = true;
			splices->v[splices->n - 1].end = at + view.n;
			splices->count--;
		}
		at += view.n;
	}
	for (; next < n; next++, met = false)
		if (!met && concerns_index(&edits[next]))
			splice_in(splices, at, &edits[next]);
	splices->entries_end = at;
	return old->p ? check_extensions(old, store, at, err) : 0;
}

/* --- writing --------------------------------------------------------------------------------------------------- */

struct output {
	int fd;
	SHA_CTX sha;
	struct buf pending;
	bool failed;
};

static void flush_output(struct output *out)
{
	if (!out->failed && file_write_all(out->fd, out->pending.p, out->pending.n) != 0)
		out->failed = true;
	out->pending.n = 0;
}

static void put_bytes(struct output *out, const void *bytes, size_t n)
{
	SHA1_Update(&out->sha, bytes, n);
	if (out->pending.n + n > 262144)
		flush_output(out);
	if (n > 262144) {
		if (!out->failed && file_write_all(out->fd, bytes, n) != 0)
			out->failed = true;
	} else {
		buf_add(&out->pending, bytes, n);
	}
}

static void put_edit(struct output *out, const struct edit *edit)
{
	static const char zero[8];
	unsigned char fixed[ENTRY_FIXED] = {0};
	const struct stat *st = edit->st;
	size_t name_n = strlen(edit->path), n = (ENTRY_FIXED + name_n + 8) & ~(size_t)7;
	const uint64_t words[] = {
		(uint64_t)st->st_ctim.tv_sec, (uint64_t)st->st_ctim.tv_nsec, (uint64_t)st->st_mtim.tv_sec, (uint64_t)st->st_mtim.tv_nsec,
		st->st_dev, st->st_ino, edit->mode, st->st_uid, st->st_gid, (uint64_t)st->st_size,
	};
	size_t flag = name_n < NAME_MASK ? name_n : NAME_MASK;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		put32(fixed + 4 * i, words[i]);
	memcpy(fixed + 40, edit->id.id, 20);
	fixed[60] = (unsigned char)(flag >> 8);
	fixed[61] = (unsigned char)flag;
	put_bytes(out, fixed, sizeof(fixed));
	put_bytes(out, edit->path, name_n);
	put_bytes(out, zero, n - ENTRY_FIXED - name_n);
}

static int write_patched(struct gitindex *index, const struct old_index *old, const struct splices *splices, struct ticket_error *err)
{
	struct output out = {.fd = index->lock.fd};
	unsigned char header[12] = {'D', 'I', 'R', 'C'}, digest[20];
	size_t at = 12;

	put32(header + 4, old->version ? old->version : 2);
	put32(header + 8, splices->count);
	SHA1_Init(&out.sha);
	put_bytes(&out, header, sizeof(header));
	for (size_t i = 0; i < splices->n; i++) {
		if (splices->v[i].start > at)
			put_bytes(&out, old->p + at, splices->v[i].start - at);
		if (!splices->v[i].edit->removed)
			put_edit(&out, splices->v[i].edit);
		at = splices->v[i].end;
	}
	if (splices->entries_end > at)
		put_bytes(&out, old->p + at, splices->entries_end - at);
	SHA1_Final(digest, &out.sha);
	buf_add(&out.pending, digest, sizeof(digest));
	flush_output(&out);
	buf_release(&out.pending);
	if (out.failed)
		return fail_errno(err, "'%s' cannot be written", index->lock.lock);
	return gitlock_sync(&index->lock, err);
}

int gitindex_write(struct gitindex *index, const struct edit *edits, size_t n, struct ticket_error *err)
{
	_cleanup_(unmap_p) struct old_index old = {0};
	struct splices splices = {0};
	int rc = map_index(&old, index->lock.store, err);

	if (rc)
		return rc;
	if (old.version == 4) {
		index->by_libgit2 = true;
		return 0;
	}
	splices.v = xcalloc(n, sizeof(*splices.v));
	rc = find_places(&splices, &old, index->lock.store, edits, n, err);
	if (rc == 0)
		rc = write_patched(index, &old, &splices, err);
	free(splices.v);
	return rc;
}

/* --- version 4 ------------------------------------------------------------------------------------------------- */

static void entry_of(git_index_entry *out, const struct edit *edit)
{
	const struct stat *st = edit->st;

	*out = (git_index_entry){
		.ctime = {(int32_t)st->st_ctim.tv_sec, (uint32_t)st->st_ctim.tv_nsec},
		.mtime = {(int32_t)st->st_mtim.tv_sec, (uint32_t)st->st_mtim.tv_nsec},
		.dev = (uint32_t)st->st_dev,
		.ino = (uint32_t)st->st_ino,
		.mode = edit->mode,
		.uid = st->st_uid,
		.gid = st->st_gid,
		.file_size = (uint32_t)st->st_size,
		.path = edit->path,
	};
	memcpy(&out->id, &edit->id, sizeof(out->id));
}

static int write_by_libgit2(struct store *store, const struct edit *edits, size_t n, struct ticket_error *err)
{
	git_index *index = NULL;
	git_index_entry entry;
	int rc = git_repository_index(&index, store->repo);

	if (rc == 0)
		rc = git_index_read(index, true);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		if (edits[i].removed) {
			git_index_remove_bypath(index, edits[i].path); /* not being there is as good */
		} else if (edits[i].st) {
			entry_of(&entry, &edits[i]);
			rc = git_index_add(index, &entry);
		}
	}
	if (rc == 0)
		rc = git_index_write(index);
	git_index_free(index);
	return rc < 0 ? fail_git(err, "the index cannot be brought up to date") : 0;
}

int gitindex_commit(struct gitindex *index, const struct edit *edits, size_t n, struct ticket_error *err)
{
	struct store *store = index->lock.store;

	if (!index->by_libgit2)
		return gitlock_commit(&index->lock, err);
	gitlock_release(&index->lock);
	return write_by_libgit2(store, edits, n, err);
}

void gitindex_release(struct gitindex *index)
{
	gitlock_release(&index->lock);
}

void gitindex_recover(struct store *store)
{
	_cleanup_free_ char *path = xasprintf("%sindex", store->git_dir);

	gitlock_recover(store, path, OWN_NAME);
}
