/* SPDX-License-Identifier: MIT */
/* Making a desk again from a backup: beside its place, and put there once it is whole. */
#include "exchange/backup.h"

#include "ticket/customer.h"
#include "ticket/fsck.h"
#include "ticket/language.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGEST_KEYS (1u << 30)

/* --- folders --------------------------------------------------------------------------------------------------- */

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *place)
{
	return remove(path);
}

static void remove_tree(const char *folder)
{
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int need_empty(const char *folder, struct ticket_error *err)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	size_t n = 0;

	if (!dir)
		return errno == ENOENT ? 0 : ticket_fail(err, TICKET_REFUSED, "'%s' cannot take a desk: %s", folder, language_errno(errno));
	while ((entry = readdir(dir)))
		n += !text_equal(entry->d_name, ".") && !text_equal(entry->d_name, "..");
	closedir(dir);
	return n ? ticket_fail(err, TICKET_REFUSED, "'%s' is not empty; restore into a new folder", folder) : 0;
}

/* A folder of this process beside the one wanted, which must be on the same file system. */
static int make_beside(const char *folder, char **out, struct ticket_error *err)
{
	_cleanup_free_ char *plain = xstrdup(folder);

	for (size_t n = strlen(plain); n > 1 && plain[n - 1] == '/'; n--)
		plain[n - 1] = '\0';
	*out = xasprintf("%s.restore-%ld", plain, (long)getpid());
	if (mkdir(*out, 0777) == 0)
		return 0;
	ticket_fail(err, TICKET_STORAGE, "'%s' cannot be made: %s", *out, language_errno(errno));
	free(steal_ptr(*out));
	return TICKET_STORAGE;
}

static int put_in_place(const char *from, const char *folder, struct ticket_error *err)
{
	int fd = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC), synced = fd < 0 ? -1 : syncfs(fd);

	if (synced == 0)
		synced = rename(from, folder);
	if (synced == 0)
		syncfs(fd);
	if (fd >= 0)
		close(fd);
	return synced ? ticket_fail(err, TICKET_STORAGE, "the desk cannot be put at '%s': %s", folder, language_errno(errno)) : 0;
}

/* --- restoring ------------------------------------------------------------------------------------------------- */

static int source(void *bytes, size_t room, size_t *got, void *data, struct ticket_error *err)
{
	return container_read(data, bytes, room, got, err);
}

static int checkout_kind(const char *word, enum checkout *out, struct ticket_error *err)
{
	if (word && checkout_of(word, strlen(word), out))
		return 0;
	return ticket_fail(err, TICKET_USAGE, "'%s' is no kind of checkout; right would be full, files or none", word);
}

/* What came out must be what the manifest says. */
static int compare(struct store *store, const char *path, const struct backup *backup, struct ticket_error *err)
{
	struct snapshot head;
	char hex[OID_HEX_SIZE];
	int64_t tickets, customers;
	int failed;

	if ((failed = store_head(store, &head, err)) || (failed = backup_count(store, &head.tree, &tickets, &customers, err)))
		return failed;
	if (!text_equal(oid_hex(hex, &head.commit), backup->head) || tickets != backup->tickets || customers != backup->customers)
		return ticket_fail(err, TICKET_STORAGE, "'%s' is damaged: its history ends at %s with %lld tickets and %lld customers, not at %s with %lld and %lld", path, hex,
				   (long long)tickets, (long long)customers, backup->head, (long long)backup->tickets, (long long)backup->customers);
	return 0;
}

static int restore_into(const char *path, const char *folder, enum checkout kind, const struct backup *backup, struct ticket_error *err)
{
	_cleanup_(container_in_release) struct container_in in = {0};
	_cleanup_(store_close_p) struct store *store = NULL;
	int failed;

	if ((failed = store_init(folder, kind, err)) || (failed = store_open(&store, folder, err)) || (failed = container_open(&in, path, err)) ||
	    (failed = container_next(&in, err)))
		return failed;
	if (!text_equal(in.name, BACKUP_BUNDLE))
		return ticket_fail(err, TICKET_STORAGE, "'%s' changed while it was read", path);
	if ((failed = store_unbundle(store, source, &in, backup->branch, err)))
		return ticket_fail_in(err, "'%s': ", path);
	if ((failed = compare(store, path, backup, err)))
		return failed;
	return store_checkout_all(store, err);
}

int backup_restore(const char *path, const char *folder, const char *checkout, struct backup *out, struct ticket_error *err)
{
	_cleanup_free_ char *beside = NULL;
	enum checkout kind = CHECKOUT_FULL;
	int failed;

	if ((failed = need_empty(folder, err)) || (failed = backup_read(path, out, err)) || (failed = checkout_kind(checkout ? checkout : out->checkout, &kind, err)) ||
	    (failed = make_beside(folder, &beside, err)))
		return failed;
	if ((failed = restore_into(path, beside, kind, out, err)) || (failed = put_in_place(beside, folder, err)))
		remove_tree(beside);
	return failed;
}

int backup_take_keys(const char *path, struct desk *desk, const char *passphrase, size_t *taken, struct ticket_error *err)
{
	_cleanup_(container_in_release) struct container_in in = {0};
	_cleanup_buf_ struct buf text = {0};
	int failed = container_open(&in, path, err);

	*taken = 0;
	do {
		if (failed || (failed = container_next(&in, err)))
			return failed;
	} while (*in.name && !text_equal(in.name, BACKUP_KEYS));
	if (!*in.name)
		return ticket_fail(err, TICKET_NOTFOUND, "'%s' holds no keys; it was made without --with-keys", path);
	if ((failed = container_read_all(&in, LARGEST_KEYS, &text, err)))
		return failed;
	return register_receive(desk, text.p ? text.p : "", passphrase, taken, err);
}

/* --- checking -------------------------------------------------------------------------------------------------- */

static int look_over(const struct desk_context *context, const char *folder, findings *found, struct ticket_error *err)
{
	_cleanup_desk_ struct desk *desk = NULL;
	struct desk_context own = *context;
	size_t tickets;
	int failed;

	own.folder = folder;
	if ((failed = desk_open(&desk, &own, err)))
		return failed;
	return desk_fsck(desk, false, found, &tickets, err);
}

int backup_check(const char *path, const char *scratch, const struct desk_context *context, struct backup *out, findings *found, struct ticket_error *err)
{
	_cleanup_free_ char *above = xasprintf("%s/ticket-backup.XXXXXX", scratch), *folder = NULL;
	int failed;

	if (!mkdtemp(above))
		return ticket_fail(err, TICKET_STORAGE, "no folder can be made in '%s' to try the backup in: %s", scratch, language_errno(errno));
	folder = xasprintf("%s/desk", above);
	if (!(failed = backup_restore(path, folder, "none", out, err)))
		failed = look_over(context, folder, found, err);
	remove_tree(above);
	return failed;
}
