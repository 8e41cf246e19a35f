/* SPDX-License-Identifier: MIT */
/* What the files of lib/store share: the open repository, errors that carry libgit2's words, names that are safe to use. */
#ifndef STORE_REPOSITORY_H
#define STORE_REPOSITORY_H

#include <git2.h>
#include <pthread.h>
#include <unistd.h>

#include "store/store.h"
#include "ticket/file.h"

struct store {
	git_repository *repo; /* NULL: nothing has needed libgit2 yet; see repository_of */
	bool started;         /* libgit2, for this store */
	pthread_mutex_t repo_mutex;
	struct packfiles *packs; /* shared by all readers; NULL: nothing read yet */
	struct store_reader *reader; /* for whoever has none of its own; NULL: nothing read yet */
	pthread_mutex_t reader_mutex; /* guards both */
	git_config *config; /* a snapshot; NULL: not asked for yet */
	char *root;    /* work tree with trailing slash, NULL when bare */
	char *git_dir; /* the git directory of this work tree, with trailing slash */
	char *common;  /* the git directory that linked worktrees share, with trailing slash */
	char *private; /* common + "ticket/" */
	char *place;   /* git_dir + "ticket/": its own unfinished business */
	enum checkout checkout;
	bool batch_sync; /* the file system keeps the order of renames: one flush of its journal serves many files */
	int lock_fd;     /* -1: not locked */
	int64_t deadline_ms; /* when waiting for others ends; valid while locked */
};

_Static_assert(sizeof(struct oid) == sizeof(git_oid), "ids are handed to libgit2 as they are");

static inline const git_oid *git_id(const struct oid *oid)
{
	return (const git_oid *)oid;
}
static inline git_oid *git_id_out(struct oid *oid)
{
	return (git_oid *)oid;
}

static inline void odb_object_p(git_odb_object **object)
{
	git_odb_object_free(*object);
}
#define _cleanup_object_ _cleanup_(odb_object_p)
static inline void odb_p(git_odb **odb)
{
	git_odb_free(*odb);
}
#define _cleanup_odb_ _cleanup_(odb_p)
static inline void reference_p(git_reference **reference)
{
	git_reference_free(*reference);
}
#define _cleanup_reference_ _cleanup_(reference_p)

/* TICKET_STORAGE: the printf-formatted words, then what libgit2 said last. */
int fail_git(struct ticket_error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* TICKET_STORAGE: the printf-formatted words, then what errno means. */
int fail_errno(struct ticket_error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * The repository as libgit2 has it, which is started and opens it when it is first needed: looking at a desk can do without,
 * and opening reads all of git's configuration. NULL with 'err' set where it cannot be opened. Any thread may ask. Whoever holds the store's lock
 * finds it in store->repo.
 */
git_repository *repository_of(struct store *store, struct ticket_error *err);
/* Fills in where a repository at 'dir' has its things, if it is of the kind that everybody has; false: ask libgit2. See plain.c. */
bool plain_repository(struct store *store, const char *dir);

/* libgit2's way to all objects: for what reader.c leaves to it, since opening it looks through the packs. Any thread may; free it. */
int odb_open(git_odb **out, struct store *store, struct ticket_error *err);

/* The commit and tree of a commit id. */
int snapshot_of(struct store *store, const struct oid *commit, struct snapshot *out, struct ticket_error *err);

/* TICKET_REFUSED unless 'path' may be a file's place: relative, no empty part, no "." or "..", nothing git keeps for itself. */
int path_check(const char *path, struct ticket_error *err);

/* Milliseconds of a clock that only goes forward: for waiting, never for records. */
int64_t monotonic_ms(void);
/* Sleeps before another try, longer with each; false when the deadline has passed. */
bool wait_before_retry(int64_t deadline_ms, unsigned *tries);

#endif
