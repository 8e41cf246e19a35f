/* SPDX-License-Identifier: MIT */
/* The outbox's files: written beside, flushed, renamed into place, so that a kill leaves whole notices or none. */
#include "deliver/outbox.h"

#include "ticket/file.h"
#include "ticket/language.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FAILED "failed"
#define NAME_SIZE (NOTICE_ID_SIZE + 8)
#define LARGEST_NOTICE (16 << 20) /* with a file of ten million bytes */

struct outbox {
	char *folder; /* with trailing slash, for messages */
	int dir, failed;
	int lock;
};

static int cannot(const struct outbox *outbox, const char *what, const char *name, struct ticket_error *err)
{
	return ticket_fail(err, TICKET_STORAGE, what, outbox->folder, name, language_errno(errno));
}

static char *file_name(char out[NAME_SIZE], const char *id)
{
	snprintf(out, NAME_SIZE, "%.32s.json", id);
	return out;
}

/* --- opening --------------------------------------------------------------------------------------------------- */

/* A folder in another; what isn't a folder of its own (a link) is refused. */
static int open_folder(int parent, const char *name)
{
	int fd;

	if (mkdirat(parent, name, 0777) == 0)
		fsync(parent); /* its name must survive as well as what is put in it */
	else if (errno != EEXIST)
		return -1;
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd;
}

int outbox_open(struct outbox **out, const char *private, struct ticket_error *err)
{
	_cleanup_outbox_ struct outbox *outbox = xcalloc(1, sizeof(*outbox));
	_cleanup_fd_ int parent = -1;

	*out = NULL;
	outbox->dir = outbox->failed = outbox->lock = -1;
	outbox->folder = xasprintf("%soutbox/", private);
	if (mkdir(private, 0777) != 0 && errno != EEXIST)
		return cannot(outbox, N_("cannot make '%s%s': %s"), "", err);
	parent = open(private, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	outbox->dir = parent < 0 ? -1 : open_folder(parent, "outbox");
	if (outbox->dir < 0)
		return cannot(outbox, N_("cannot open '%s%s': %s"), "", err);
	outbox->failed = open_folder(outbox->dir, FAILED);
	if (outbox->failed < 0)
		return cannot(outbox, N_("cannot open '%s%s': %s"), FAILED, err);
	*out = steal_ptr(outbox);
	return 0;
}

void outbox_close(struct outbox *outbox)
{
	if (!outbox)
		return;
	fd_close(&outbox->dir);
	fd_close(&outbox->failed);
	fd_close(&outbox->lock);
	free(outbox->folder);
	free(outbox);
}

int outbox_lock(struct outbox *outbox, struct ticket_error *err)
{
	outbox->lock = openat(outbox->dir, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (outbox->lock < 0)
		return cannot(outbox, N_("cannot open '%s%s': %s"), "lock", err);
	if (flock(outbox->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno != EWOULDBLOCK)
		return cannot(outbox, N_("cannot lock '%s%s': %s"), "lock", err);
	return ticket_fail(err, TICKET_BUSY, "another run is delivering; what it leaves is for the next one");
}

/* --- writing --------------------------------------------------------------------------------------------------- */

/* A file of a name of its own with these bytes, on the disk. 0 or -1 with errno; nothing is left behind on failure. */
static int write_beside(int dir, char *name, size_t size, const struct buf *text)
{
	_cleanup_fd_ int fd = -1;

	for (unsigned i = 0; fd < 0; i++) {
		snprintf(name, size, ".new-%ld-%u", (long)getpid(), i);
		fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
		if (fd < 0 && errno != EEXIST)
			return -1;
	}
	if (file_write_all(fd, text->p, text->n) == 0 && fsync(fd) == 0)
		return 0;
	unlinkat(dir, name, 0);
	return -1;
}

/* Puts a file in place, durably. 'replace' false: one that is there stays, and EEXIST is told. */
static int put_file(const struct outbox *outbox, const char *name, const struct buf *text, bool replace)
{
	char beside[64];
	int failed, number;

	if (write_beside(outbox->dir, beside, sizeof(beside), text))
		return -1;
	failed = replace ? renameat(outbox->dir, beside, outbox->dir, name) : linkat(outbox->dir, beside, outbox->dir, name, 0);
	number = errno;
	if (failed || !replace)
		unlinkat(outbox->dir, beside, 0);
	errno = number;
	return failed ? -1 : fsync(outbox->dir);
}

bool outbox_has(const struct outbox *outbox, const char *id)
{
	char name[NAME_SIZE];

	file_name(name, id);
	return faccessat(outbox->dir, name, F_OK, 0) == 0 || faccessat(outbox->failed, name, F_OK, 0) == 0;
}

int outbox_add(struct outbox *outbox, const struct notice *notice, bool *put, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	char name[NAME_SIZE];

	if (put)
		*put = false;
	if (outbox_has(outbox, notice->id))
		return 0;
	codec_write(&notice_codec, notice, &text);
	if (put_file(outbox, file_name(name, notice->id), &text, false) == 0) {
		if (put)
			*put = true;
		return 0;
	}
	return errno == EEXIST ? 0 : cannot(outbox, N_("cannot write '%s%s': %s"), name, err);
}

int outbox_update(struct outbox *outbox, const struct notice *notice, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	char name[NAME_SIZE];

	codec_write(&notice_codec, notice, &text);
	return put_file(outbox, file_name(name, notice->id), &text, true) ? cannot(outbox, N_("cannot write '%s%s': %s"), name, err) : 0;
}

int outbox_remove(struct outbox *outbox, const char *id, struct ticket_error *err)
{
	char name[NAME_SIZE];

	if (unlinkat(outbox->dir, file_name(name, id), 0) != 0 && errno != ENOENT)
		return cannot(outbox, N_("cannot remove '%s%s': %s"), name, err);
	return 0;
}

int outbox_give_up(struct outbox *outbox, const struct notice *notice, struct ticket_error *err)
{
	char name[NAME_SIZE];
	int failed = outbox_update(outbox, notice, err);

	if (failed)
		return failed;
	if (renameat(outbox->dir, file_name(name, notice->id), outbox->failed, name) || fsync(outbox->failed) || fsync(outbox->dir))
		return cannot(outbox, N_("cannot set aside '%s%s': %s"), name, err);
	return 0;
}

int outbox_sync(struct outbox *outbox, struct ticket_error *err)
{
	return fsync(outbox->dir) ? cannot(outbox, N_("cannot flush '%s%s': %s"), "", err) : 0;
}

/* --- reading --------------------------------------------------------------------------------------------------- */

static int read_whole(int dir, const char *name, struct buf *out)
{
	/* O_NONBLOCK: a pipe planted in the place of a file must not hold a run up. */
	_cleanup_fd_ int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return -1;
	if (!S_ISREG(st.st_mode) || st.st_size > LARGEST_NOTICE) {
		errno = EINVAL;
		return -1;
	}
	return file_read_all(fd, out);
}

static bool is_notice_file(const char *name)
{
	_cleanup_free_ char *id = xstrndup(name, NOTICE_ID_SIZE - 1);

	return notice_id_valid(id) && text_equal(name + NOTICE_ID_SIZE - 1, ".json");
}

/* What a writer that was killed left behind; one that still writes is known by its process. */
static void sweep_leftover(const struct outbox *outbox, const char *name)
{
	char proc[64];
	long pid;

	if (outbox->lock < 0 || sscanf(name, ".new-%ld-", &pid) != 1)
		return;
	snprintf(proc, sizeof(proc), "/proc/%ld", pid);
	if (access(proc, F_OK) != 0)
		unlinkat(outbox->dir, name, 0);
}

static int read_notice(struct outbox *outbox, const char *name, notices *out, struct texts *damaged, struct ticket_error *err)
{
	_cleanup_free_ char *origin = xasprintf("%s%s", outbox->folder, name);
	_cleanup_buf_ struct buf text = {0};
	struct ticket_error why = {0};
	struct notice notice = {0};

	if (read_whole(outbox->dir, name, &text)) {
		if (errno == ENOENT)
			return 0;
		ticket_fail(&why, TICKET_STORAGE, "%s: %s", origin, language_errno(errno));
	} else if (codec_read(&notice_codec, &notice, text.p ? text.p : "", text.n, origin, &why) == 0) {
		if (strncmp(notice.id, name, NOTICE_ID_SIZE - 1) == 0) {
			*list_push(out) = notice;
			return 0;
		}
		notice_release(&notice);
		ticket_fail(&why, TICKET_STORAGE, "%s: holds another notice than its name says", origin);
	}
	if (damaged)
		texts_add(damaged, why.message);
	if (outbox->lock >= 0 && (renameat(outbox->dir, name, outbox->failed, name) || fsync(outbox->dir)))
		return cannot(outbox, N_("cannot set aside '%s%s': %s"), name, err);
	return 0;
}

static int64_t moment_of(const struct notice *notice)
{
	return notice->happened.set ? notice->happened.s : notice->created.s;
}

int notice_compare(const void *a, const void *b)
{
	const struct notice *one = a, *two = b;
	int order;

	if (moment_of(one) != moment_of(two))
		return moment_of(one) < moment_of(two) ? -1 : 1;
	order = strcmp(one->ticket ? one->ticket : "", two->ticket ? two->ticket : "");
	return order ? order : strcmp(one->id, two->id);
}

int outbox_list(struct outbox *outbox, notices *out, struct texts *damaged, struct ticket_error *err)
{
	int fd = openat(outbox->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), failed = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir) {
		fd_close(&fd);
		return cannot(outbox, N_("cannot read '%s%s': %s"), "", err);
	}
	for (const struct dirent *entry; !failed && (entry = readdir(dir));) {
		if (is_notice_file(entry->d_name))
			failed = read_notice(outbox, entry->d_name, out, damaged, err);
		else
			sweep_leftover(outbox, entry->d_name);
	}
	closedir(dir);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), notice_compare);
	return failed;
}

void notices_release(notices *list)
{
	for (size_t i = 0; i < list->n; i++)
		notice_release(&list->v[i]);
	free(list->v);
	*list = (notices){0};
}

/* --- the stamp ------------------------------------------------------------------------------------------------- */

int outbox_stamp(const struct outbox *outbox, char **out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};

	*out = NULL;
	if (read_whole(outbox->dir, "stamp", &text))
		return errno == ENOENT ? 0 : cannot(outbox, N_("cannot read '%s%s': %s"), "stamp", err);
	if (text.n >= 40 && strspn(text.p, "0123456789abcdef") == 40)
		*out = xstrndup(text.p, 40);
	return 0;
}

int outbox_stamp_set(struct outbox *outbox, const char *commit, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};

	buf_addf(&text, "%s\n", commit);
	return put_file(outbox, "stamp", &text, true) ? cannot(outbox, N_("cannot write '%s%s': %s"), "stamp", err) : 0;
}
