/* SPDX-License-Identifier: MIT */
/*
 * Loose objects, written all together: every one to a temporary file, their bytes flushed at once, then renamed.
 * (libgit2 does four times the system calls for each, and with durability two flushes for each.)
 */
#include "store/object.h"

#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <unistd.h>

#include "store/file.h"

struct loose_file {
	int fd;
	struct oid id;
	char temporary[40];
};

struct loose {
	struct store *store;
	int dir_fd; /* objects/ */
	struct libdeflate_compressor *compressor;
	LIST(struct loose_file) files;
};

struct loose *loose_new(struct store *store)
{
	struct loose *loose = xcalloc(1, sizeof(*loose));

	loose->store = store;
	loose->dir_fd = -1;
	return loose;
}

static void loose_name(char out[OID_HEX_SIZE + 1], const struct oid *id)
{
	char hex[OID_HEX_SIZE];

	oid_hex(hex, id);
	snprintf(out, OID_HEX_SIZE + 1, "%.2s/%s", hex, hex + 2);
}

static int open_objects(struct loose *loose, struct ticket_error *err)
{
	_cleanup_free_ char *path = NULL;

	if (loose->dir_fd >= 0)
		return 0;
	path = xasprintf("%sobjects", loose->store->common);
	loose->dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return loose->dir_fd < 0 ? fail_errno(err, "'%s' cannot be opened", path) : 0;
}

/* Header and bytes in zlib's format, as git wants a loose object. Level 1: half of level 6's time for 2 % more bytes. */
static void *deflate_object(struct loose *loose, git_object_t type, const void *bytes, size_t n, size_t *out_n)
{
	char header[32];
	size_t header_n = (size_t)snprintf(header, sizeof(header), "%s %zu", git_object_type2string(type), n) + 1, room;
	_cleanup_free_ char *plain = xmalloc(header_n + n);
	char *out;

	memcpy(plain, header, header_n);
	if (n)
		memcpy(plain + header_n, bytes, n);
	if (!loose->compressor)
		loose->compressor = libdeflate_alloc_compressor(1);
	if (!loose->compressor)
		abort(); /* out of memory, as in xmalloc */
	room = libdeflate_zlib_compress_bound(loose->compressor, header_n + n);
	out = xmalloc(room);
	*out_n = libdeflate_zlib_compress(loose->compressor, plain, header_n + n, out, room);
	return out;
}

static int write_temporary(struct loose *loose, const struct oid *id, const void *bytes, size_t n, struct ticket_error *err)
{
	struct loose_file *file = list_push(&loose->files);

	/* git gc removes tmp_obj_ files that somebody left behind. */
	snprintf(file->temporary, sizeof(file->temporary), "tmp_obj_%ld_%zu", (long)getpid(), loose->files.n);
	file->id = *id;
	file->fd = openat(loose->dir_fd, file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	if (file->fd < 0 && errno == EEXIST && unlinkat(loose->dir_fd, file->temporary, 0) == 0) /* an earlier process of this number died here */
		file->fd = openat(loose->dir_fd, file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	if (file->fd < 0) {
		loose->files.n--;
		return fail_errno(err, "no object can be written to '%sobjects'", loose->store->common);
	}
	if (file_write_all(file->fd, bytes, n) != 0)
		return fail_errno(err, "no object can be written to '%sobjects'", loose->store->common);
	file_sync_start(loose->store, file->fd);
	return 0;
}

int loose_write(struct loose *loose, git_object_t type, const void *bytes, size_t n, struct oid *out, struct ticket_error *err)
{
	_cleanup_free_ void *deflated = NULL;
	char name[OID_HEX_SIZE + 1];
	size_t deflated_n;
	int rc = open_objects(loose, err);

	if (rc)
		return rc;
	if (git_odb_hash(git_id_out(out), bytes, n, type) < 0)
		return fail_git(err, "an object cannot be named");
	for (size_t i = 0; i < loose->files.n; i++)
		if (oid_equal(&loose->files.v[i].id, out))
			return 0;
	/* One that is there already is made young again, so that no git gc running now takes it for rubbish. */
	loose_name(name, out);
	if (utimensat(loose->dir_fd, name, NULL, 0) == 0)
		return 0;
	deflated = deflate_object(loose, type, bytes, n, &deflated_n);
	return write_temporary(loose, out, deflated, deflated_n, err);
}

static int rename_into_place(struct loose *loose, struct loose_file *file, struct ticket_error *err)
{
	char name[OID_HEX_SIZE + 1], folder[3];

	loose_name(name, &file->id);
	memcpy(folder, name, 2);
	folder[2] = '\0';
	if (renameat(loose->dir_fd, file->temporary, loose->dir_fd, name) != 0) {
		struct stat st;

		if (errno != ENOENT || mkdirat(loose->dir_fd, folder, 0777) != 0)
			return fail_errno(err, "object '%s' cannot be written", name);
		/* Its mode follows that of objects/: what core.sharedRepository set there holds here. */
		if (fstat(loose->dir_fd, &st) == 0 && (st.st_mode & 02020) != 0)
			fchmodat(loose->dir_fd, folder, st.st_mode & 07777, 0);
		if (renameat(loose->dir_fd, file->temporary, loose->dir_fd, name) != 0)
			return fail_errno(err, "object '%s' cannot be written", name);
		if (folder_sync_unordered(loose->store, loose->dir_fd, ".") != 0)
			return fail_errno(err, "'%sobjects' cannot be flushed", loose->store->common);
	}
	file->temporary[0] = '\0';
	if (folder_sync_unordered(loose->store, loose->dir_fd, folder) != 0)
		return fail_errno(err, "'%sobjects/%s' cannot be flushed", loose->store->common, folder);
	return 0;
}

int loose_publish(struct loose *loose, struct ticket_error *err)
{
	for (size_t i = 0; i < loose->files.n; i++) {
		struct loose_file *file = &loose->files.v[i];
		bool last = i + 1 == loose->files.n;

		/* The last one's full flush also settles the sizes and names of all others. */
		if ((last ? fsync(file->fd) : file_sync_wait(loose->store, file->fd)) != 0)
			return fail_errno(err, "objects cannot be flushed to the disk");
	}
	for (size_t i = 0; i < loose->files.n; i++) {
		int rc = rename_into_place(loose, &loose->files.v[i], err);

		if (rc)
			return rc;
	}
	return 0;
}

void loose_free(struct loose *loose)
{
	if (!loose)
		return;
	for (size_t i = 0; i < loose->files.n; i++) {
		close(loose->files.v[i].fd);
		if (loose->files.v[i].temporary[0])
			unlinkat(loose->dir_fd, loose->files.v[i].temporary, 0);
	}
	free(loose->files.v);
	if (loose->dir_fd >= 0)
		close(loose->dir_fd);
	if (loose->compressor)
		libdeflate_free_compressor(loose->compressor);
	free(loose);
}
