/* SPDX-License-Identifier: MIT */
/* Tar archives as POSIX.1-1988 has them (ustar), sizes over 8 GiB in the base-256 form that GNU tar and BSD tar read. */
#include "exchange/container.h"
#include "ticket/language.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 512
#define LARGEST_OCTAL 077777777777LL

struct tar_header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100], magic[6], version[2], user[32], group[32], device[16], prefix[155], rest[12];
};
_Static_assert(sizeof(struct tar_header) == BLOCK, "a header is one block");

static unsigned checksum_of(const struct tar_header *header)
{
	const unsigned char *bytes = (const unsigned char *)header;
	size_t from = offsetof(struct tar_header, checksum);
	unsigned sum = 0;

	for (size_t i = 0; i < BLOCK; i++)
		sum += i >= from && i < from + sizeof(header->checksum) ? ' ' : bytes[i];
	return sum;
}

/* --- writing --------------------------------------------------------------------------------------------------- */

static int cannot_write(const struct container_out *out, struct ticket_error *err)
{
	return ticket_fail(err, TICKET_STORAGE, "cannot write '%s': %s", out->path, language_errno(errno));
}

static int refuse(const char *path, struct ticket_error *err)
{
	return ticket_fail(err, TICKET_REFUSED, "'%s' is there already; a backup never overwrites, so name a new file", path);
}

int container_create(struct container_out *out, const char *path, int64_t now_s, struct ticket_error *err)
{
	struct stat st;
	int fd;

	*out = (struct container_out){.path = xstrdup(path), .now_s = now_s};
	if (lstat(path, &st) == 0)
		return refuse(path, err);
	out->temporary = xasprintf("%s.XXXXXX", path);
	fd = mkostemp(out->temporary, O_CLOEXEC); /* for its owner alone: what customers wrote is in it */
	if (fd < 0) {
		free(steal_ptr(out->temporary));
		return cannot_write(out, err);
	}
	out->file = fdopen(fd, "w+");
	return 0;
}

static int write_header(struct container_out *out, struct ticket_error *err)
{
	struct tar_header header = {.type = '0'};

	memcpy(header.name, out->name, sizeof(header.name));
	strcpy(header.mode, "0000600");
	strcpy(header.uid, "0000000");
	strcpy(header.gid, "0000000");
	memcpy(header.magic, "ustar", 6);
	memcpy(header.version, "00", 2);
	if (out->size <= LARGEST_OCTAL) {
		snprintf(header.size, sizeof(header.size), "%011llo", (unsigned long long)out->size);
	} else {
		header.size[0] = (char)0x80;
		for (int i = 0; i < 8; i++)
			header.size[11 - i] = (char)((uint64_t)out->size >> (8 * i));
	}
	snprintf(header.mtime, sizeof(header.mtime), "%011llo", (unsigned long long)(out->now_s > 0 && out->now_s <= LARGEST_OCTAL ? out->now_s : 0));
	snprintf(header.checksum, sizeof(header.checksum), "%06o", checksum_of(&header));
	header.checksum[7] = ' ';
	return fwrite(&header, BLOCK, 1, out->file) == 1 ? 0 : cannot_write(out, err);
}

int container_begin(struct container_out *out, const char *name, struct ticket_error *err)
{
	memset(out->name, 0, sizeof(out->name));
	snprintf(out->name, sizeof(out->name), "%s", name);
	out->size = 0;
	out->digest = digest_begin();
	out->header = ftell(out->file);
	return out->header < 0 ? cannot_write(out, err) : write_header(out, err);
}

int container_add(struct container_out *out, const void *bytes, size_t n, struct ticket_error *err)
{
	digest_add(out->digest, bytes, n);
	out->size += (int64_t)n;
	return !n || fwrite(bytes, n, 1, out->file) == 1 ? 0 : cannot_write(out, err);
}

int container_end(struct container_out *out, char hex[DIGEST_HEX_SIZE], struct ticket_error *err)
{
	static const char zeros[BLOCK];
	size_t padding = (size_t)(-out->size & (BLOCK - 1));

	digest_end(steal_ptr(out->digest), hex);
	if ((padding && fwrite(zeros, padding, 1, out->file) != 1) || fseek(out->file, out->header, SEEK_SET))
		return cannot_write(out, err);
	if (write_header(out, err))
		return err->code;
	return fseek(out->file, 0, SEEK_END) ? cannot_write(out, err) : 0;
}

/* A second name, then the first away: unlike a rename it never replaces what came there meanwhile. Not all file systems can. */
static int put_in_place(const struct container_out *out)
{
	if (link(out->temporary, out->path) == 0)
		return unlink(out->temporary);
	if (errno == EEXIST)
		return -1;
	return rename(out->temporary, out->path);
}

int container_close(struct container_out *out, struct ticket_error *err)
{
	static const char end[2 * BLOCK];
	_cleanup_free_ char *folder = xstrdup(out->path);
	char *slash = strrchr(folder, '/');
	int fd;

	if (fwrite(end, sizeof(end), 1, out->file) != 1 || fflush(out->file) || fsync(fileno(out->file)))
		return cannot_write(out, err);
	if (put_in_place(out))
		return errno == EEXIST ? refuse(out->path, err) : cannot_write(out, err);
	free(steal_ptr(out->temporary));
	if (slash)
		slash[slash == folder] = '\0';
	fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	return 0;
}

void container_out_release(struct container_out *out)
{
	if (out->file)
		fclose(out->file);
	if (out->temporary)
		unlink(out->temporary);
	digest_free(out->digest);
	free(out->temporary);
	free(out->path);
	*out = (struct container_out){0};
}

/* --- reading --------------------------------------------------------------------------------------------------- */

static int damaged(const struct container_in *in, const char *how, struct ticket_error *err)
{
	return ticket_fail(err, TICKET_STORAGE, how, in->path);
}

/* Reads just so many bytes. */
static int take(struct container_in *in, void *bytes, size_t n, struct ticket_error *err)
{
	if (!n || fread(bytes, n, 1, in->file) == 1)
		return 0;
	if (ferror(in->file))
		return ticket_fail(err, TICKET_STORAGE, "cannot read '%s': %s", in->path, language_errno(errno));
	return damaged(in, N_("'%s' is cut off; take another backup"), err);
}

int container_open(struct container_in *in, const char *path, struct ticket_error *err)
{
	*in = (struct container_in){.path = path, .file = fopen(path, "re")};
	return in->file ? 0 : ticket_fail(err, TICKET_NOTFOUND, "cannot read '%s': %s", path, language_errno(errno));
}

static bool is_zero(const void *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((const char *)bytes)[i])
			return false;
	return true;
}

static bool read_size(const struct tar_header *header, int64_t *out)
{
	uint64_t size = 0;

	if ((unsigned char)header->size[0] == 0x80) {
		if (!is_zero(header->size + 1, 3) || (header->size[4] & 0x80))
			return false;
		for (int i = 4; i < 12; i++)
			size = size << 8 | (unsigned char)header->size[i];
	} else {
		for (int i = 0; i < 11; i++) {
			if (header->size[i] < '0' || header->size[i] > '7')
				return false;
			size = size << 3 | (uint64_t)(header->size[i] - '0');
		}
	}
	*out = (int64_t)size;
	return true;
}

/* Behind the last entry stand two blocks of zeros, with other writers of tar more of them, and nothing else. */
static int read_end(struct container_in *in, struct ticket_error *err)
{
	char block[BLOCK];
	size_t n = BLOCK;
	int failed = take(in, block, BLOCK, err);

	for (; !failed && n; n = fread(block, 1, BLOCK, in->file))
		if (!is_zero(block, n))
			return damaged(in, N_("'%s' is damaged: there is something behind its end; take another backup"), err);
	if (failed)
		return failed;
	in->name[0] = '\0';
	return 0;
}

int container_next(struct container_in *in, struct ticket_error *err)
{
	struct tar_header header;
	char hex[DIGEST_HEX_SIZE];
	int failed = in->digest ? container_digest(in, hex, err) : 0;

	if (failed || (failed = take(in, &header, BLOCK, err)))
		return failed;
	if (is_zero(&header, BLOCK))
		return read_end(in, err);
	if (memcmp(header.magic, "ustar", 5) != 0)
		return ticket_fail(err, TICKET_STORAGE, "'%s' is no backup of a desk, or is damaged", in->path);
	if (strtoul(header.checksum, NULL, 8) != checksum_of(&header) || header.type != '0' || !read_size(&header, &in->size))
		return damaged(in, N_("'%s' is damaged: the head of an entry cannot be read; take another backup"), err);
	memcpy(in->name, header.name, sizeof(header.name));
	in->name[sizeof(header.name)] = '\0';
	in->left = in->size;
	in->digest = digest_begin();
	return 0;
}

static int skip_padding(struct container_in *in, struct ticket_error *err)
{
	char block[BLOCK];
	size_t n = (size_t)(-in->size & (BLOCK - 1));
	int failed = take(in, block, n, err);

	if (!failed && !is_zero(block, n))
		return damaged(in, N_("'%s' is damaged: there is something behind an entry; take another backup"), err);
	return failed;
}

int container_read(struct container_in *in, void *bytes, size_t room, size_t *got, struct ticket_error *err)
{
	size_t n = (int64_t)room < in->left ? room : (size_t)in->left;
	int failed = take(in, bytes, n, err);

	*got = failed ? 0 : n;
	if (failed || !n)
		return failed;
	digest_add(in->digest, bytes, n);
	in->left -= (int64_t)n;
	return in->left ? 0 : skip_padding(in, err);
}

int container_read_all(struct container_in *in, size_t most, struct buf *out, struct ticket_error *err)
{
	char bytes[1 << 14];
	size_t n = 1;
	int failed = 0;

	if (in->size > (int64_t)most)
		return damaged(in, N_("'%s' is damaged: an entry is larger than it can be; take another backup"), err);
	while (!failed && n && !(failed = container_read(in, bytes, sizeof(bytes), &n, err)))
		buf_add(out, bytes, n);
	return failed;
}

int container_digest(struct container_in *in, char hex[DIGEST_HEX_SIZE], struct ticket_error *err)
{
	char bytes[1 << 16];
	size_t n = 1;
	int failed = 0;

	while (!failed && n)
		failed = container_read(in, bytes, sizeof(bytes), &n, err);
	if (!failed)
		digest_end(steal_ptr(in->digest), hex);
	return failed;
}

void container_in_release(struct container_in *in)
{
	if (in->file)
		fclose(in->file);
	digest_free(in->digest);
	*in = (struct container_in){0};
}
