/* SPDX-License-Identifier: MIT */
/* Making, finding and opening the repository of a desk; its configuration. */
#include "store/reader.h"
#include "ticket/language.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

char *oid_hex(char out[OID_HEX_SIZE], const struct oid *oid)
{
	return git_oid_tostr(out, OID_HEX_SIZE, git_id(oid));
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* Forty digits, whatever stands behind them. */
static bool take_hex(struct oid *out, const char *hex)
{
	for (size_t i = 0; i < sizeof(out->id); i++) {
		int high = hex_digit(hex[2 * i]), low = high < 0 ? -1 : hex_digit(hex[2 * i + 1]);

		if (low < 0)
			return false;
		out->id[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

bool oid_from_hex(struct oid *out, const char *hex)
{
	return strlen(hex) == OID_HEX_SIZE - 1 && take_hex(out, hex);
}

int fail_git(struct ticket_error *err, const char *format, ...)
{
	const git_error *last = git_error_last();
	char words[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), language_text(format), args);
	va_end(args);
	return ticket_fail(err, TICKET_STORAGE, "%s: %s", words, last && last->message ? last->message : _("no reason given"));
}

int fail_errno(struct ticket_error *err, const char *format, ...)
{
	int number = errno;
	char words[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), language_text(format), args);
	va_end(args);
	return ticket_fail(err, TICKET_STORAGE, "%s: %s", words, language_errno(number));
}

int64_t monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool wait_before_retry(int64_t deadline_ms, unsigned *tries)
{
	/* 0.3 ms, then longer up to 8 ms; the odd bits of the process id keep waiting processes out of step. */
	long us = 300L << (*tries < 5 ? *tries : 5);
	struct timespec pause = {.tv_nsec = (us + us * (getpid() & 7) / 16) * 1000};

	if (monotonic_ms() >= deadline_ms)
		return false;
	*tries += 1;
	nanosleep(&pause, NULL);
	return true;
}

/* A code point that HFS+ leaves out when it compares names; how many bytes it takes here, 0 when it is none. */
static size_t ignored_by_hfs(const unsigned char *p, size_t n)
{
	if (n < 3)
		return 0;
	if (p[0] == 0xe2 && p[1] == 0x80 && ((p[2] >= 0x8c && p[2] <= 0x8f) || (p[2] >= 0xaa && p[2] <= 0xae)))
		return 3;
	if (p[0] == 0xe2 && p[1] == 0x81 && p[2] >= 0xaa && p[2] <= 0xaf)
		return 3;
	return p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf ? 3 : 0;
}

/*
 * What some file system would take for .git: other case, the short name of Windows, trailing dots, blanks and streams,
 * letters that do not count. Customers choose names of attachments, and desks are cloned to all kinds of machines.
 */
static bool part_is_git(const char *part, size_t n)
{
	char plain[8];
	size_t kept = 0, skip;

	for (size_t i = 0; i < n; i += skip ? skip : 1) {
		skip = ignored_by_hfs((const unsigned char *)part + i, n - i);
		if (skip)
			continue;
		if (part[i] == ':')
			break;
		if ((part[i] == '.' || part[i] == ' ') && kept >= 4)
			continue; /* at the end it does not count, in the middle what follows tells the name apart */
		if (kept == sizeof(plain) - 1)
			return false;
		plain[kept++] = part[i];
	}
	plain[kept] = '\0';
	return strcasecmp(plain, ".git") == 0 || strcasecmp(plain, "git~1") == 0;
}

int path_check(const char *path, struct ticket_error *err)
{
	if (strlen(path) > 4000)
		return ticket_fail(err, TICKET_REFUSED, "a path of %zu bytes is too long; at most 4000", strlen(path));
	for (const char *part = path;; ) {
		size_t n = strcspn(part, "/");

		if (n == 0 || n > 255 || (n <= 2 && strspn(part, ".") >= n) || part_is_git(part, n))
			return ticket_fail(err, TICKET_REFUSED, "'%s' cannot be the path of a file in a desk", path);
		if (!part[n])
			return 0;
		part += n + 1;
	}
}

int snapshot_of(struct store *store, const struct oid *commit, struct snapshot *out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	char hex[OID_HEX_SIZE];
	int rc = object_read(&text, store, commit, GIT_OBJECT_COMMIT, err);

	if (rc)
		return rc;
	out->commit = *commit;
	if (text.n < 46 || memcmp(text.p, "tree ", 5) != 0 || !take_hex(&out->tree, text.p + 5))
		return ticket_fail(err, TICKET_STORAGE, "commit %s is damaged; see git fsck", oid_hex(hex, commit));
	return 0;
}

/* --- configuration --------------------------------------------------------------------------------------------- */

char *store_config(struct store *store, const char *key)
{
	git_repository *repo = repository_of(store, NULL);
	const char *value;

	/* Read once: each reading looks at three files, and a command asks for several settings. */
	if (!repo || (!store->config && git_repository_config_snapshot(&store->config, repo) < 0))
		return NULL;
	return git_config_get_string(&value, store->config, key) == 0 ? xstrdup(value) : NULL;
}

const char *const checkout_words[CHECKOUTS] = {[CHECKOUT_FULL] = "full", [CHECKOUT_FILES] = "files", [CHECKOUT_NONE] = "none"};

bool checkout_of(const char *word, size_t n, enum checkout *out)
{
	for (int i = 0; i < CHECKOUTS; i++)
		if (strlen(checkout_words[i]) == n && memcmp(word, checkout_words[i], n) == 0) {
			*out = (enum checkout)i;
			return true;
		}
	return false;
}

static int read_checkout(struct store *store, struct ticket_error *err)
{
	_cleanup_free_ char *value = NULL;

	if (!store->root) {
		store->checkout = CHECKOUT_NONE; /* whatever the setting says: there is nowhere to put files */
		return 0;
	}
	store->checkout = CHECKOUT_FULL;
	value = store_config(store, "ticket.checkout");
	if (!value || checkout_of(value, strlen(value), &store->checkout))
		return 0;
	return ticket_fail(err, TICKET_REFUSED, "ticket.checkout is '%s'; set it to full, files or none: git config ticket.checkout full", value);
}

/* --- objects ---------------------------------------------------------------------------------------------------- */

int odb_open(git_odb **out, struct store *store, struct ticket_error *err)
{
	git_repository *repo = repository_of(store, err);

	if (!repo)
		return TICKET_STORAGE;
	return git_repository_odb(out, repo) < 0 ? fail_git(err, "the objects of '%s' cannot be opened", store->common) : 0;
}

int store_blob_id(const char *bytes, size_t n, struct oid *out, struct ticket_error *err)
{
	return git_odb_hash(git_id_out(out), bytes, n, GIT_OBJECT_BLOB) < 0 ? fail_git(err, "an object cannot be named") : 0;
}

/* --- opening --------------------------------------------------------------------------------------------------- */

/* libgit2 1.5 reports a repository of another owner as a missing setting, later ones as GIT_EOWNER. */
static bool is_owner_refusal(int rc)
{
	const git_error *last = git_error_last();

	return rc == GIT_EOWNER || (rc < 0 && last && last->message && strstr(last->message, "safe.directory"));
}

static int fail_open(int rc, const char *dir, struct ticket_error *err)
{
	_cleanup_free_ char *real = NULL;
	git_buf found = {0};
	int code;

	if (!is_owner_refusal(rc)) {
		const git_error *last = git_error_last();

		if (last && last->message && strstr(last->message, "objectformat"))
			return ticket_fail(err, TICKET_REFUSED, "the repository in '%s' uses SHA-256 object names, which a desk cannot; make one with SHA-1: git init --object-format=sha1", dir);
		if (rc == GIT_ENOTFOUND)
			return ticket_fail(err, TICKET_NOTFOUND, "no desk in '%s' or above; make one: ticket init", dir);
		return fail_git(err, "the repository in '%s' cannot be used", dir);
	}
	/* The setting must name the work tree (or the bare repository) without a trailing slash: exactly that is compared. */
	if (git_repository_discover(&found, dir, 0, NULL) == 0)
		real = xstrdup(found.ptr);
	git_buf_dispose(&found);
	for (size_t n = real ? strlen(real) : 0; n > 1 && real[n - 1] == '/'; n--)
		real[n - 1] = '\0';
	if (real && text_ends(real, "/.git"))
		real[strlen(real) - 5] = '\0';
	code = ticket_fail(err, TICKET_REFUSED, "the repository '%s' belongs to another user; if you trust it: git config --global --add safe.directory '%s'",
			real ? real : dir, real ? real : dir);
	return code;
}

/* One log for both: order between file systems is nobody's. */
static bool on_one_device(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev;
}

/* On ext4 and XFS one log holds all changes of names in order, so that one flush covers everything that went before it. */
static bool keeps_order(const char *dir)
{
	struct statfs fs;

	if (statfs(dir, &fs) != 0)
		return false;
	return fs.f_type == EXT4_SUPER_MAGIC || fs.f_type == XFS_SUPER_MAGIC;
}

/* Libgit2 with a repository open; 'flags' of git_repository_open_ext. */
static int open_by_libgit2(struct store *store, const char *dir, unsigned flags, struct ticket_error *err)
{
	int rc = store->started ? 0 : git_libgit2_init();

	if (rc < 0)
		return fail_git(err, "libgit2 does not start");
	store->started = true;
	/* zlib's checksum already tells a damaged object; hashing each one again halves the speed of reading. */
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	/* What a change refers to it has just read or written itself. */
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
	rc = git_repository_open_ext(&store->repo, dir, flags, NULL);
	return rc < 0 ? fail_open(rc, dir, err) : 0;
}

git_repository *repository_of(struct store *store, struct ticket_error *err)
{
	pthread_mutex_lock(&store->repo_mutex);
	if (!store->repo)
		open_by_libgit2(store, store->root ? store->root : store->git_dir, GIT_REPOSITORY_OPEN_NO_SEARCH, err);
	pthread_mutex_unlock(&store->repo_mutex);
	return store->repo;
}

/* What plain_repository leaves open. */
static int find_repository(struct store *store, const char *dir, struct ticket_error *err)
{
	int rc = open_by_libgit2(store, dir, 0, err);
	const char *root;

	if (rc)
		return rc;
	root = git_repository_workdir(store->repo);
	store->root = root ? xstrdup(root) : NULL;
	store->git_dir = xstrdup(git_repository_path(store->repo));
	store->common = xstrdup(git_repository_commondir(store->repo));
	return read_checkout(store, err);
}

static int open_repository(struct store *store, const char *dir, struct ticket_error *err)
{
	int rc;

	if (!plain_repository(store, dir) && (rc = find_repository(store, dir, err)))
		return rc;
	store->private = xasprintf("%sticket/", store->common);
	store->place = xasprintf("%sticket/", store->git_dir);
	store->batch_sync = keeps_order(store->common) && (!store->root || on_one_device(store->common, store->root));
	return 0;
}

int store_open(struct store **out, const char *dir, struct ticket_error *err)
{
	struct store *store = xcalloc(1, sizeof(*store));
	int rc;

	store->lock_fd = -1;
	pthread_mutex_init(&store->reader_mutex, NULL);
	pthread_mutex_init(&store->repo_mutex, NULL);
	rc = open_repository(store, dir, err);
	if (rc) {
		store_close(store);
		return rc;
	}
	*out = store;
	return 0;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	store_unlock(store);
	reader_forget_packs(store);
	pthread_mutex_destroy(&store->reader_mutex);
	pthread_mutex_destroy(&store->repo_mutex);
	git_config_free(store->config);
	git_repository_free(store->repo);
	free(store->root);
	free(store->git_dir);
	free(store->common);
	free(store->private);
	free(store->place);
	if (store->started)
		git_libgit2_shutdown();
	free(store);
}

const char *store_root(const struct store *store)
{
	return store->root;
}

const char *store_private(const struct store *store)
{
	return store->private;
}

enum checkout store_checkout(const struct store *store)
{
	return store->checkout;
}

bool store_is_read_only(const struct store *store)
{
	return faccessat(AT_FDCWD, store->common, W_OK, AT_EACCESS) != 0;
}
