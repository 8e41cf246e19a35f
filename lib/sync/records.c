/* SPDX-License-Identifier: MIT */
/* Improvement actions of two desks, and the lines of what only grows: the journal, the register's access log. */
#include "sync/sync.h"
#include "sync/unite.h"

#include "action/action.h"
#include "desk/journal.h"
#include "privacy/customer.h"

/* --- actions --------------------------------------------------------------------------------------------------- */

static int read_action(struct merging *merging, const struct site *site, bool theirs, struct action **out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	int failed = store_read_blob(merging->desk->store, theirs ? &site->theirs : &site->ours, &text, err);

	if (!failed)
		failed = action_parse(out, text.p ? text.p : "", text.n, site->path, err);
	if (!failed && !(*out)->events.n)
		failed = ticket_fail(err, TICKET_STORAGE, "%s: it has no events; see ticket fsck", site->path);
	return failed && theirs ? ticket_fail_in(err, "the remote's file cannot be merged: ") : failed;
}

static int put_action(struct merging *merging, const struct action *action, struct ticket_error *err)
{
	_cleanup_free_ char *path = action_path(action->id);
	_cleanup_buf_ struct buf text = {0};

	if (!path)
		return ticket_fail(err, TICKET_STORAGE, "'%s' is no number of an action; they look like A-2026-0001", action->id);
	action_write(action, &text);
	return merging_put(merging, path, text.p, text.n, err);
}

struct highest {
	const char *head; /* "A-2026-" */
	long long serial;
};

static int see_number(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct highest *highest = data;
	long long serial = text_starts(entry->name, highest->head) ? strtoll(entry->name + strlen(highest->head), NULL, 10) : 0;

	if (serial > highest->serial)
		highest->serial = serial;
	return 0;
}

/* The next number of the year that neither side has given; 'given' are those given in this merge. Owned. */
static int next_action(struct merging *merging, const char *id, size_t given, char **out, struct ticket_error *err)
{
	_cleanup_free_ char *head = xstrndup(id, strlen("A-2026-")), *folder = xasprintf(ACTIONS_FOLDER "/%.4s", id + 2);
	struct highest highest = {head, 0};
	int failed;

	if ((failed = store_list(merging->desk->store, &merging->ours.tree, folder, see_number, &highest, err)) ||
	    (failed = store_list(merging->desk->store, &merging->theirs.tree, folder, see_number, &highest, err)))
		return failed;
	*out = xasprintf("%s%04lld", head, highest.serial + 1 + (long long)given);
	return 0;
}

/* Two actions with one number: the one added later gets the next. */
static int part_actions(struct merging *merging, struct action *ours, struct action *theirs, size_t *given, struct ticket_error *err)
{
	int64_t ours_s = ours->events.v[0].recorded.s, theirs_s = theirs->events.v[0].recorded.s;
	bool later_is_theirs = ours_s != theirs_s ? theirs_s > ours_s : strcmp(theirs->uid, ours->uid) > 0;
	struct action *later = later_is_theirs ? theirs : ours, *first = later_is_theirs ? ours : theirs;
	_cleanup_free_ char *number = NULL;
	int failed;

	if ((failed = next_action(merging, later->id, (*given)++, &number, err)) || (failed = put_action(merging, first, err)))
		return failed;
	report_said(merging->report, SYNC_RENUMBERED, number, later->id, NULL);
	if ((failed = renumber_action(later, number, first->events.v[0].recorded.s, err)))
		return failed;
	return put_action(merging, later, err);
}

static int merge_action(struct merging *merging, const struct site *site, size_t *given, struct ticket_error *err)
{
	_cleanup_action_ struct action *ours = NULL, *theirs = NULL, *action = NULL;
	_cleanup_free_ char *name = record_in(site->path);
	struct texts doubts = {0};
	int failed = 0;

	if (site->theirs_changed && !oid_is_zero(&site->theirs) && (failed = read_action(merging, site, true, &theirs, err)))
		return failed;
	report_moved(merging->report, name, site->theirs_changed, site->ours_changed);
	if (!site->theirs_changed || (site->ours_changed && !theirs))
		return 0;
	if (!site->ours_changed || oid_is_zero(&site->ours))
		return merging_take(merging, site, err);
	if ((failed = read_action(merging, site, false, &ours, err)))
		return failed;
	if (!text_equal(ours->uid, theirs->uid))
		return part_actions(merging, ours, theirs, given, err);
	failed = unite_actions(&action, ours, theirs, &doubts, err);
	for (size_t i = 0; i < doubts.n; i++)
		report_said(merging->report, SYNC_DOUBTFUL, name, NULL, doubts.v[i]);
	texts_release(&doubts);
	return failed ? failed : put_action(merging, action, err);
}

int merge_actions(struct merging *merging, struct ticket_error *err)
{
	size_t given = 0;
	int failed = 0;

	for (size_t i = 0; i < merging->sites.n && !failed; i++)
		if (text_starts(merging->sites.v[i].path, ACTIONS_FOLDER "/"))
			failed = merge_action(merging, &merging->sites.v[i], &given, err);
	return failed;
}

/* --- lines ----------------------------------------------------------------------------------------------------- */

struct one_line {
	char **id;
	int64_t *recorded_s;
	const char *path;
};

static int see_entry(const struct journal_entry *entry, size_t number, const char *why, void *data, struct ticket_error *err)
{
	const struct one_line *line = data;

	if (!entry)
		return ticket_fail(err, TICKET_STORAGE, "%s: %s", line->path, why);
	*line->id = xstrdup(entry->id);
	*line->recorded_s = entry->recorded.s;
	return 0;
}

static int read_entry(const char *line, size_t n, const char *path, char **id, int64_t *recorded_s, struct ticket_error *err)
{
	return journal_lines(line, n, path, see_entry, &(struct one_line){id, recorded_s, path}, err);
}

static int read_access(const char *line, size_t n, const char *path, char **id, int64_t *recorded_s, struct ticket_error *err)
{
	struct customer_access access = {0};
	int failed = customer_access_parse(&access, line, n, path, err);

	if (!failed) {
		*id = xstrndup(line, n);
		*recorded_s = access.at.s;
	}
	customer_access_release(&access);
	return failed;
}

static int merge_month(struct merging *merging, const struct site *site, line_reader *read, struct ticket_error *err)
{
	_cleanup_buf_ struct buf ours = {0}, theirs = {0}, both = {0};
	struct store *store = merging->desk->store;
	int failed;

	if (!oid_is_zero(&site->ours) && (failed = store_read_blob(store, &site->ours, &ours, err)))
		return failed;
	if (!oid_is_zero(&site->theirs) && (failed = store_read_blob(store, &site->theirs, &theirs, err)))
		return failed;
	if ((failed = unite_lines(&ours, &theirs, site->path, read, &both, err)))
		return failed;
	return merging_put(merging, site->path, both.p ? both.p : "", both.n, err);
}

int merge_lines(struct merging *merging, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < merging->sites.n && !failed; i++) {
		const struct site *site = &merging->sites.v[i];
		bool journal = text_starts(site->path, JOURNAL_FOLDER "/");

		if (!journal && !text_starts(site->path, "customers/log/"))
			continue;
		report_moved(merging->report, site->path, site->theirs_changed, site->ours_changed);
		if (site->theirs_changed && site->ours_changed)
			failed = merge_month(merging, site, journal ? read_entry : read_access, err);
		else if (site->theirs_changed)
			failed = merging_take(merging, site, err);
	}
	return failed;
}
