/* SPDX-License-Identifier: MIT */
/* Sync: fetch, merge, push, and again while others are faster. See ticket/sync.h. */
#include "sync/sync.h"

#include "ticket/file.h"
#include "ticket/language.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#define TRIES 8
#define PAUSE_MS 50 /* before another try, a random part of it, more with each */

/* --- one at a time --------------------------------------------------------------------------------------------- */

/* Changes go on meanwhile: this is not the desk's lock. It ends with the process. */
static int begin_alone(struct desk *desk, int *out, struct ticket_error *err)
{
	_cleanup_free_ char *path = xasprintf("%ssync.lock", store_private(desk->store));

	if (mkdir(store_private(desk->store), 0777) != 0 && errno != EEXIST)
		return ticket_fail(err, TICKET_STORAGE, "'%s' cannot be made: %s", store_private(desk->store), language_errno(errno));
	*out = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (*out < 0)
		return ticket_fail(err, TICKET_STORAGE, "'%s' cannot be opened: %s", path, language_errno(errno));
	if (flock(*out, LOCK_EX | LOCK_NB) != 0)
		return ticket_fail(err, TICKET_BUSY, "another sync of this desk is under way; try again when it has finished");
	return 0;
}

/* --- merging --------------------------------------------------------------------------------------------------- */

static int check_desk(struct desk *desk, const struct snapshot *theirs, struct ticket_error *err)
{
	struct oid id;

	if (store_find(desk->store, &theirs->tree, POLICY_FILE, &id, NULL, NULL))
		return ticket_fail(err, TICKET_REFUSED, "what the remote has on that branch is no desk: it lacks %s", POLICY_FILE);
	return 0;
}

static int find_bases(struct desk *desk, const struct snapshot *ours, const struct snapshot *theirs, snapshots *bases, struct ticket_error *err)
{
	int failed = store_merge_bases(desk->store, &ours->commit, &theirs->commit, bases, err);

	if (!failed && !bases->n)
		return ticket_fail(err, TICKET_REFUSED, "the remote is another desk: it has no history in common with this one; start from a clone of it: git clone");
	return failed;
}

int merging_all(struct merging *merging, struct ticket_error *err)
{
	int failed;

	if ((failed = merging_compare(merging, err)) || (failed = merge_policy(merging, err)) || (failed = merge_customers(merging, err)) ||
	    (failed = merge_tickets(merging, err)) || (failed = merge_actions(merging, err)) || (failed = merge_lines(merging, err)))
		return failed;
	return merge_files(merging, err);
}

/* Two histories become one commit. */
static int join(struct merging *merging, struct ticket_error *err)
{
	const struct report *report = merging->report;
	int failed = merging_all(merging, err);

	if (failed || merging->options->dry_run)
		return failed;
	change_subject(merging->change, "sync: %zu came, %zu went, %zu merged", report->came, report->went, report->merged);
	change_join(merging->change, &merging->theirs);
	return change_commit(merging->change, false, err);
}

/* Nothing was recorded here, or nothing there: one side is simply ahead. All is looked at like in a merge. */
static int follow(struct merging *merging, bool theirs_ahead, struct ticket_error *err)
{
	struct desk *desk = merging->desk;
	int failed = merging_all(merging, err);

	if (failed || !theirs_ahead || merging->options->dry_run)
		return failed;
	return store_forward(desk->store, &merging->ours, &merging->theirs, err);
}

/* Brings what was fetched into the desk, under its lock. */
static int merge_in(struct desk *desk, const struct snapshot *theirs, const struct sync_options *options, struct report *report, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	_cleanup_(merging_release) struct merging merging = {.desk = desk, .theirs = *theirs, .options = options, .report = report};
	int failed;

	if ((failed = change_begin(&change, desk, err)))
		return failed;
	merging.change = change;
	merging.files = change->files;
	merging.ours = change->base;
	if (oid_is_zero(&theirs->commit) || oid_equal(&theirs->commit, &merging.ours.commit))
		return 0;
	if ((failed = check_desk(desk, theirs, err)) || (failed = find_bases(desk, &merging.ours, theirs, &merging.bases, err)))
		return failed;
	if (oid_equal(&merging.bases.v[0].commit, &theirs->commit))
		return follow(&merging, false, err);
	failed = oid_equal(&merging.bases.v[0].commit, &merging.ours.commit) ? follow(&merging, true, err) : join(&merging, err);
	return failed ? failed : desk_refresh(desk, err);
}

/* --- the rounds ------------------------------------------------------------------------------------------------ */

/* Those who were beaten together don't come back together. */
static void pause_a_little(size_t try)
{
	_cleanup_free_ char *random = random_hex(1);
	int64_t ms = PAUSE_MS * (int64_t)(try < 8 ? try : 8) * strtol(random, NULL, 16) / 255;

	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* The remote has nothing yet: all that is here goes. */
static int see_new(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	_cleanup_free_ char *record = record_in(entry->path);

	report_moved(data, record, false, true);
	return 0;
}

static int one_round(struct remote *remote, const struct sync_options *options, struct report *report, struct ticket_error *err)
{
	struct desk *desk = remote->desk;
	struct snapshot theirs, ours;
	int failed;

	if ((failed = remote_fetch(remote, &theirs, err)) || (failed = merge_in(desk, &theirs, options, report, err)))
		return failed;
	if (oid_is_zero(&theirs.commit) && (failed = store_changes(desk->store, &(struct oid){{0}}, &desk->head.tree, "", see_new, report, err)))
		return failed;
	if (options->dry_run || options->no_push || (failed = store_head(desk->store, &ours, err)))
		return failed;
	return oid_equal(&ours.commit, &theirs.commit) ? 0 : remote_push(remote, &ours.commit, err);
}

static int tell(const struct report *report, sync_visitor *visit, void *data, struct ticket_error *err)
{
	int ended = 0;

	for (size_t i = 0; visit && i < report->items.n && !ended; i++)
		ended = visit(report->items.v[i], data, err);
	return ended;
}

int desk_sync(struct desk *desk, const struct sync_options *options, sync_visitor *visit, void *data, struct ticket_error *err)
{
	_cleanup_(remote_release) struct remote remote = {0};
	_cleanup_(report_release) struct report report = {0};
	_cleanup_fd_ int alone = -1;
	size_t tries = options->tries ? options->tries : TRIES;
	int failed;

	if ((failed = remote_open(&remote, desk, options, err)) || (failed = begin_alone(desk, &alone, err)))
		return failed;
	failed = one_round(&remote, options, &report, err);
	for (size_t i = 1; failed == TICKET_BUSY && i < tries; i++) {
		pause_a_little(i);
		failed = one_round(&remote, options, &report, err);
	}
	if (failed)
		return failed;
	return tell(&report, visit, data, err);
}
