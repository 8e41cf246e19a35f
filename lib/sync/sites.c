/* SPDX-License-Identifier: MIT */
/* Where two desks differ, and which of them has changed it since they parted; the files that take one side whole. */
#include "sync/sync.h"

#include "ticket/language.h"

/* --- finding them ---------------------------------------------------------------------------------------------- */

static int see_site(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct merging *merging = data;

	/* Who only looks has nothing against links elsewhere in the repository. */
	if (entry->is_link && !merging->change)
		return 0;
	if (entry->is_link)
		return ticket_fail(err, TICKET_REFUSED, "'%s' is a link; a desk has none", entry->path);
	*list_push(&merging->sites) = (struct site){.path = xstrdup(entry->path), .ours = entry->old_id, .theirs = entry->id, .mode = entry->mode};
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct site *)a)->path, ((const struct site *)b)->path);
}

/* One parting: the side that has what was there then has not changed it. Several: who has one of them, unless both do. */
static int see_bases(struct merging *merging, struct site *site, struct ticket_error *err)
{
	bool ours = false, theirs = false;

	for (size_t i = 0; i < merging->bases.n; i++) {
		struct oid base = {0};
		bool folder = false;
		int failed = store_find(merging->desk->store, &merging->bases.v[i].tree, site->path, &base, &folder, err);

		if (failed && failed != TICKET_NOTFOUND)
			return failed;
		if (failed || folder)
			memset(&base, 0, sizeof(base));
		ours |= oid_equal(&base, &site->ours);
		theirs |= oid_equal(&base, &site->theirs);
	}
	site->ours_changed = !ours || theirs;
	site->theirs_changed = !theirs || ours;
	return 0;
}

int merging_compare(struct merging *merging, struct ticket_error *err)
{
	int failed = store_changes(merging->desk->store, &merging->ours.tree, &merging->theirs.tree, "", see_site, merging, err);

	if (!failed && merging->sites.n)
		qsort(merging->sites.v, merging->sites.n, sizeof(*merging->sites.v), by_path);
	for (size_t i = 0; i < merging->sites.n && !failed; i++)
		failed = see_bases(merging, &merging->sites.v[i], err);
	return failed;
}

struct site *merging_site(const struct merging *merging, const char *path)
{
	struct site key = {.path = (char *)path};

	return merging->sites.n ? bsearch(&key, merging->sites.v, merging->sites.n, sizeof(key), by_path) : NULL;
}

static struct merged_file *add_made(struct merging *merging, const char *path, const struct oid *id)
{
	struct merged_file *file = list_push(merging->made);

	*file = (struct merged_file){.path = xstrdup(path), .id = *id, .order = merging->made->n};
	return file;
}

int merging_take(struct merging *merging, const struct site *site, struct ticket_error *err)
{
	if (oid_is_zero(&site->theirs))
		return merging_remove(merging, site->path, err);
	if (merging->change)
		return store_change_take(merging->files, site->path, &site->theirs, site->mode, err);
	add_made(merging, site->path, &site->theirs);
	return 0;
}

int merging_put(struct merging *merging, const char *path, const char *text, size_t n, struct ticket_error *err)
{
	struct oid id;
	int failed;

	if (merging->change)
		return store_change_put(merging->files, path, text, n, err);
	if (!(failed = store_blob_id(text, n, &id, err)))
		buf_add(&add_made(merging, path, &id)->text, text, n);
	return failed;
}

int merging_remove(struct merging *merging, const char *path, struct ticket_error *err)
{
	if (merging->change)
		return store_change_remove(merging->files, path, err);
	add_made(merging, path, &(struct oid){{0}});
	return 0;
}

void merging_release(struct merging *merging)
{
	for (size_t i = 0; i < merging->sites.n; i++)
		free(merging->sites.v[i].path);
	for (size_t i = 0; i < merging->customers.n; i++) {
		free(merging->customers.v[i].old);
		free(merging->customers.v[i].new);
	}
	free(merging->customers.v);
	free(merging->sites.v);
	free(merging->bases.v);
}

/* --- the rules: one whole -------------------------------------------------------------------------------------- */

static int policy_of(struct merging *merging, const struct oid *tree, struct oid *out, struct ticket_error *err)
{
	int failed = store_find(merging->desk->store, tree, POLICY_FOLDER, out, NULL, err);

	if (failed == TICKET_NOTFOUND)
		memset(out, 0, sizeof(*out));
	return failed == TICKET_NOTFOUND ? 0 : failed;
}

/* Calendars and forms belong to the policy that names them: of two sets of rules one stands, and no mixture of them. */
static int whose_policy(struct merging *merging, bool *theirs, struct ticket_error *err)
{
	struct site whole = {.path = POLICY_FOLDER};
	bool ours_had = false, theirs_had = false;
	int failed;

	if ((failed = policy_of(merging, &merging->ours.tree, &whole.ours, err)) || (failed = policy_of(merging, &merging->theirs.tree, &whole.theirs, err)))
		return failed;
	for (size_t i = 0; i < merging->bases.n; i++) {
		struct oid base;

		if ((failed = policy_of(merging, &merging->bases.v[i].tree, &base, err)))
			return failed;
		ours_had |= oid_equal(&base, &whole.ours);
		theirs_had |= oid_equal(&base, &whole.theirs);
	}
	*theirs = ours_had && !theirs_had;
	if (ours_had != theirs_had || oid_equal(&whole.ours, &whole.theirs))
		return 0;
	if (!merging->options->policy)
		return ticket_fail(err, TICKET_REFUSED, "both sides changed the rules under '%s/'; look at both: git diff HEAD refs/ticket/sync -- %s; then say which stand: ticket sync --policy ours, or --policy theirs (the others can be put in force later: ticket policy apply)",
				   POLICY_FOLDER, POLICY_FOLDER);
	*theirs = text_equal(merging->options->policy, "theirs");
	report_said(merging->report, SYNC_REPLACED, POLICY_FOLDER, NULL, *theirs ? _("the remote's rules stand; ours are in history") : _("our rules stand; the remote's are in history"));
	return 0;
}

int merge_policy(struct merging *merging, struct ticket_error *err)
{
	bool theirs = false, asked = false;
	int failed = 0;

	for (size_t i = 0; i < merging->sites.n && !failed; i++) {
		const struct site *site = &merging->sites.v[i];

		if (!text_starts(site->path, POLICY_FOLDER "/"))
			continue;
		if (!asked && (failed = whose_policy(merging, &theirs, err)))
			return failed;
		asked = true;
		if (theirs)
			failed = merging_take(merging, site, err);
		report_moved(merging->report, site->path, theirs, !theirs);
	}
	return failed;
}

/* --- all other files ------------------------------------------------------------------------------------------- */

static bool is_record(const char *path)
{
	static const char *const folders[] = {POLICY_FOLDER "/", TICKETS_FOLDER "/", "customers/", "actions/", "journal/"};

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (text_starts(path, folders[i]))
			return true;
	return false;
}

/* Which version of a file is to be had where it was replaced. Owned. */
static char *where_ours_is(const struct merging *merging, const struct site *site)
{
	char hex[OID_HEX_SIZE];

	oid_hex(hex, &merging->ours.commit);
	if (oid_is_zero(&site->ours))
		return xstrdup(_("it was removed here, but changed at the remote: it is kept"));
	return xasprintf(_("the remote's stands; ours is kept: git show %.12s:%s"), hex, site->path);
}

/* What was removed on one side and changed on the other stays; of two changes the remote's stands. */
int merge_files(struct merging *merging, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < merging->sites.n && !failed; i++) {
		const struct site *site = &merging->sites.v[i];
		bool both = site->ours_changed && site->theirs_changed;

		if (is_record(site->path))
			continue;
		if (both && !oid_is_zero(&site->theirs)) {
			_cleanup_free_ char *note = where_ours_is(merging, site);

			report_said(merging->report, SYNC_REPLACED, site->path, NULL, note);
		}
		if (site->theirs_changed && !(both && oid_is_zero(&site->theirs)))
			failed = merging_take(merging, site, err);
		report_moved(merging->report, site->path, site->theirs_changed, site->ours_changed);
	}
	return failed;
}
