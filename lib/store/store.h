/* SPDX-License-Identifier: MIT */
/*
 * The store: a git repository that holds a desk. Reads trees, makes commits by rewriting only the trees on the changed
 * paths, one lock, three kinds of checkout. libgit2 is known to lib/store alone. See design §2 and §7.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "ticket/buf.h"
#include "ticket/time.h"

struct store;

struct oid {
	unsigned char id[20]; /* all zero: none */
};
#define OID_HEX_SIZE 41
char *oid_hex(char out[OID_HEX_SIZE], const struct oid *oid);
bool oid_from_hex(struct oid *out, const char *hex);
static inline bool oid_is_zero(const struct oid *oid)
{
	static const struct oid zero;

	return memcmp(oid, &zero, sizeof(zero)) == 0;
}
static inline bool oid_equal(const struct oid *a, const struct oid *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* A revision to read from: HEAD at one moment, or any other commit. Both ids are zero in a repository without commits. */
struct snapshot {
	struct oid commit, tree;
};

/* How the working tree follows HEAD; git configuration ticket.checkout. */
enum checkout {
	CHECKOUT_FULL,  /* plain files, and .git/index kept right: git status is clean */
	CHECKOUT_FILES, /* plain files, no index */
	CHECKOUT_NONE,  /* bare, or no files wanted */
};
#define CHECKOUTS (CHECKOUT_NONE + 1)
extern const char *const checkout_words[CHECKOUTS];
/* The kind that a word of these 'n' bytes means; false: none. */
bool checkout_of(const char *word, size_t n, enum checkout *out);

/* --- opening --------------------------------------------------------------------------------------------------- */

/*
 * Makes a repository at 'dir' (created where missing), or takes the one that is there; writes ticket.checkout.
 * TICKET_REFUSED inside a larger repository's work tree, or for sha256, split or sparse ones.
 */
int store_init(const char *dir, enum checkout checkout, struct ticket_error *err);
/*
 * Opens the repository at 'dir' or above it. '*out' is owned: store_close. TICKET_NOTFOUND where there is none;
 * TICKET_REFUSED, with the safe.directory line to run, for one owned by somebody else.
 */
int store_open(struct store **out, const char *dir, struct ticket_error *err);
void store_close(struct store *store);
DEFINE_CLEANUP(struct store *, store_close)

const char *store_root(const struct store *store);    /* the work tree with trailing slash; NULL when bare. Borrowed */
const char *store_private(const struct store *store); /* .git/ticket with trailing slash, shared by linked worktrees. Borrowed */
enum checkout store_checkout(const struct store *store);
bool store_is_read_only(const struct store *store);
/* A git configuration value (repository, then user's) as it was when the first was asked for; owned, NULL when unset. */
char *store_config(struct store *store, const char *key);

/* --- reading --------------------------------------------------------------------------------------------------- */

int store_head(struct store *store, struct snapshot *out, struct ticket_error *err);
/* Any revision git understands; TICKET_NOTFOUND. */
int store_revision(struct store *store, const char *spec, struct snapshot *out, struct ticket_error *err);
/* A file of a tree. TICKET_NOTFOUND when it is not there (no message work: cheap to ask). */
int store_read(struct store *store, const struct oid *tree, const char *path, struct buf *out, struct ticket_error *err);
int store_read_blob(struct store *store, const struct oid *blob, struct buf *out, struct ticket_error *err);
/*
 * For threads: one reader each, made by the thread that opened the store and freed before the store is closed. What it
 * reads is borrowed until it reads again; a NUL stands behind the bytes.
 */
struct store_reader;
struct store_reader *store_reader_new(struct store *store);
int store_reader_blob(struct store_reader *reader, const struct oid *blob, const char **bytes, size_t *n, struct ticket_error *err);
void store_reader_free(struct store_reader *reader);
/* The id of a file or folder of a tree; TICKET_NOTFOUND. 'is_folder' may be NULL. */
int store_find(struct store *store, const struct oid *tree, const char *path, struct oid *out, bool *is_folder, struct ticket_error *err);

/* The id that a file with this content has; nothing is written. */
int store_blob_id(const char *bytes, size_t n, struct oid *out, struct ticket_error *err);
/*
 * What was worked out from an object, kept beside the repository so that the next run need not do it again: of each 'name'
 * the latest. It is recalled only for that same object, and whole. It may be forgotten at any time, and not being able to
 * remember is no error.
 */
bool store_recall(struct store *store, const char *name, const struct oid *from, struct buf *out);
void store_remember(struct store *store, const char *name, const struct oid *from, const void *bytes, size_t n);

struct store_entry {
	const char *path;  /* from the root of the tree; borrowed for the call */
	const char *name;  /* its last part */
	struct oid id;     /* of the new side; zero: deleted */
	struct oid old_id; /* walks of changes: zero: added */
	bool is_folder, is_link;
	uint32_t mode;     /* as git writes it: of the new side, or of what was deleted */
};
/* Returning non-zero ends the walk with that value. */
typedef int store_visitor(const struct store_entry *entry, void *data, struct ticket_error *err);
/* The entries of one folder, in git's order; 'folder' "" is the root. A missing folder has none. */
int store_list(struct store *store, const struct oid *tree, const char *folder, store_visitor *visit, void *data, struct ticket_error *err);
/*
 * Every file under 'folder' that differs between two trees; an 'old' of zero gives all of 'new'. Skips equal subtrees
 * by id: cost follows what changed, not what is there.
 */
int store_changes(struct store *store, const struct oid *old_tree, const struct oid *new_tree, const char *folder, store_visitor *visit, void *data, struct ticket_error *err);

struct store_commit {
	struct oid id, tree, parent; /* parent: the first; zero for a root */
	size_t parents;
	const char *author, *author_email, *committer, *committer_email, *message; /* borrowed for the call */
	int64_t authored_s, committed_s;
	int32_t author_offset_s, committer_offset_s;
};
typedef int store_commit_visitor(const struct store_commit *commit, void *data, struct ticket_error *err);
/* History from 'from' backwards, newest first; where 'path' is not NULL only commits that changed it. */
int store_history(struct store *store, const struct oid *from, const char *path, store_commit_visitor *visit, void *data, struct ticket_error *err);

/*
 * A commit as it lies in the repository: no graft, replacement or commit graph stands between. Zeroed is none; what it
 * holds is its own until it is read into again. TICKET_STORAGE when it is missing or damaged.
 */
typedef LIST(struct oid) oids;
struct store_record {
	struct store_commit commit; /* its texts lie in 'text' */
	oids parents;
	struct buf text;
};
int store_record_read(struct store_record *out, struct store *store, const struct oid *id, struct ticket_error *err);
/* Takes apart the text that a record holds; false when it is no commit's. */
bool store_record_parse(struct store_record *record);
void store_record_release(struct store_record *record);
/*
 * Adds to 'out' every commit that leads to one of 'tips' and to none of 'without' (may be NULL), parents before their
 * children, always in the same order. Where clocks disagree by days, some that lead to 'without' can be among them; none
 * is ever left out. Takes about sixty bytes for each commit looked at. TICKET_STORAGE for a shallow repository, or one
 * that lacks a commit.
 */
int store_commits(struct store *store, const oids *tips, const oids *without, oids *out, struct ticket_error *err);
/* Is a commit one of 'tips', or does it lead to one? */
int store_leads_to(struct store *store, const struct oid *commit, const oids *tips, bool *out, struct ticket_error *err);
/* The commits at which branches stand. */
int store_branches(struct store *store, oids *out, struct ticket_error *err);
/* More folders of objects to read from, joined by ':' as git's environment names them. */
int store_objects(struct store *store, const char *folders, struct ticket_error *err);
/* Is it how a commit has the name, that is without what would end the name or the line? */
bool store_person_is(const char *written, const char *name);

/* The branch that HEAD stands for, "refs/heads/main", also where that is not there yet; "HEAD" when detached. Owned. */
int store_branch(struct store *store, char **out, struct ticket_error *err);
/* Where two histories part: their best common ancestors, none when they have nothing in common. */
typedef LIST(struct snapshot) snapshots;
int store_merge_bases(struct store *store, const struct oid *one, const struct oid *two, snapshots *out, struct ticket_error *err);

/* --- changing -------------------------------------------------------------------------------------------------- */

/* Takes the desk's one lock, waiting up to 'wait_ms'; TICKET_BUSY names who holds it. Held until store_unlock or exit. */
int store_lock(struct store *store, int64_t wait_ms, struct ticket_error *err);
void store_unlock(struct store *store);
/* Finishes what a kill or a power cut interrupted, as taking the lock does, if that can be done at once; else the next change does. */
void store_tidy(struct store *store);

struct commit_words {
	const char *author, *author_email, *committer, *committer_email;
	struct stamp authored, committed;
	const char *message;
};

/*
 * A change being built on a snapshot. Files are put or removed by path; nothing is seen by others before
 * store_change_commit. Thousands of files go out as one pack, a few as loose objects.
 */
struct store_change;
int store_change_begin(struct store_change **out, struct store *store, const struct snapshot *base, struct ticket_error *err);
/* 'path' from the root, '/'-separated; refused when it is absolute or holds "..", ".git" or an empty part. Copies 'bytes'. */
int store_change_put(struct store_change *change, const char *path, const void *bytes, size_t n, struct ticket_error *err);
/* The same with a content that the repository has already, and its mode (0: that of the file it replaces). */
int store_change_take(struct store_change *change, const char *path, const struct oid *blob, uint32_t mode, struct ticket_error *err);
/* The commit will have this one as its second parent, and is made even where nothing else changes. */
void store_change_join(struct store_change *change, const struct snapshot *other);
/* Removing what is not there does nothing. */
int store_change_remove(struct store_change *change, const char *path, struct ticket_error *err);
/*
 * The id that a folder of the root will have by this change so far, before it is committed: what tickets are pinned to
 * when the rules change with them.
 */
int store_change_folder(struct store_change *change, const char *folder, struct oid *out, struct ticket_error *err);
/*
 * Checks that the working files to be replaced are as HEAD has them (TICKET_REFUSED names one edited by hand, a link
 * or a folder in the way), writes objects, moves the branch (TICKET_BUSY when HEAD moved), updates working files and
 * index, all durable before it returns 0. On failure nothing is changed. Needs the lock.
 * A change that comes to nothing (no edits, or what HEAD has already) makes no commit: '*out' is its base.
 */
int store_change_commit(struct store_change *change, const struct commit_words *words, struct snapshot *out, struct ticket_error *err);
/*
 * Moves the branch on to a commit that the repository has already and that follows from 'base', which is HEAD; working
 * files and index with it. As store_change_commit: needs the lock, durable, all or nothing. TICKET_REFUSED for a link.
 */
int store_forward(struct store *store, const struct snapshot *base, const struct snapshot *to, struct ticket_error *err);
void store_change_free(struct store_change *change);
DEFINE_CLEANUP(struct store_change *, store_change_free)

/* --- a history as one stream ------------------------------------------------------------------------------------- */

/* Takes bytes as they come; non-zero ends the work with that value. */
typedef int store_sink(const void *bytes, size_t n, void *data, struct ticket_error *err);
/*
 * Hands over all branches and tags with their whole history as a git bundle (version 2), which git itself can clone.
 * '*head' is what HEAD was in it, '*branch' (owned) the branch it stands for, "HEAD" when detached. TICKET_REFUSED for a
 * shallow repository, or one without commits.
 */
int store_bundle(struct store *store, store_sink *sink, void *data, struct oid *head, char **branch, struct ticket_error *err);
/* Gives up to 'room' bytes; '*got' 0: there are no more. */
typedef int store_source(void *bytes, size_t room, size_t *got, void *data, struct ticket_error *err);
/*
 * Takes such a bundle into a repository that has no commits yet: every object is checked and all that are referred to
 * must be there; then its branches and tags are set and HEAD stands for 'branch'. TICKET_STORAGE when it is damaged.
 */
int store_unbundle(struct store *store, store_source *source, void *data, const char *branch, struct ticket_error *err);
/* Brings out all files of HEAD into an empty checkout, as they are: no filter and no hook is run. */
int store_checkout_all(struct store *store, struct ticket_error *err);

/* --- the checkout ---------------------------------------------------------------------------------------------- */

/* Every working file under 'folder' that differs from HEAD or is missing; extra files too. old_id is HEAD's. */
int store_checkout_differences(struct store *store, const char *folder, store_visitor *visit, void *data, struct ticket_error *err);
/* Brings one file of the checkout (and its index entry) back to what HEAD has. */
/* Needs the lock. TICKET_NOTFOUND when HEAD does not have the file. */
int store_checkout_restore(struct store *store, const char *path, struct ticket_error *err);

#endif
