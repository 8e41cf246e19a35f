/* SPDX-License-Identifier: MIT */
/* audit of one commit: when it was made, which files it changed, and whose part it is to judge each of them. */
#include "audit/audit.h"

#include "action/action.h"
#include "desk/journal.h"
#include "kb/kb.h"
#include "survey/group.h"

/* --- what it changed ---------------------------------------------------------------------------------------------- */

struct gathering {
	struct judged *commit;
	size_t parent;
};

static int gather(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct gathering *gathering = data;
	struct judged *commit = gathering->commit;
	struct changed *changed = list_push(&commit->changes);
	size_t n = commit->parents.n ? commit->parents.n : 1;

	*changed = (struct changed){xstrdup(entry->path), entry->id, xcalloc(n, sizeof(*changed->was)), entry->is_link};
	for (size_t i = 0; i < n; i++)
		changed->was[i] = i == gathering->parent ? entry->old_id : entry->id;
	return 0;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(((const struct changed *)a)->path, ((const struct changed *)b)->path);
}

/* A file that differs from several parents was gathered for each. */
static void join_parents(struct judged *commit)
{
	size_t kept = 0;

	if (commit->changes.n)
		qsort(commit->changes.v, commit->changes.n, sizeof(*commit->changes.v), compare_paths);
	for (size_t i = 0; i < commit->changes.n; i++) {
		struct changed *changed = &commit->changes.v[i], *first = kept ? &commit->changes.v[kept - 1] : NULL;

		if (!first || !text_equal(first->path, changed->path)) {
			commit->changes.v[kept++] = *changed;
			continue;
		}
		for (size_t p = 0; p < commit->parents.n; p++)
			if (!oid_equal(&changed->was[p], &changed->now))
				first->was[p] = changed->was[p];
		free(changed->path);
		free(changed->was);
	}
	commit->changes.n = kept;
}

static int gather_all(struct audit *audit, struct ticket_error *err)
{
	struct judged *commit = &audit->commit;
	struct gathering gathering = {commit, 0};
	static const struct oid nothing;
	int failed = 0;

	for (size_t i = 0; i < (commit->parents.n ? commit->parents.n : 1) && !failed; i++) {
		gathering.parent = i;
		failed = store_changes(audit->desk.store, commit->parents.n ? &commit->parents.v[i].tree : &nothing, &commit->self.tree, "", gather, &gathering, err);
	}
	if (!failed && commit->parents.n > 1)
		join_parents(commit);
	return failed;
}

bool changed_is_inherited(const struct judged *commit, const struct changed *changed)
{
	for (size_t i = 0; i < commit->parents.n; i++)
		if (oid_equal(&changed->was[i], &changed->now))
			return true;
	return false;
}

/* --- what a merge leaves out -------------------------------------------------------------------------------------- */

struct oid audit_id_at(struct audit *audit, const struct past *past, const char *path)
{
	struct oid id;

	return store_find(audit->desk.store, &past->tree, path, &id, NULL, NULL) ? (struct oid){{0}} : id;
}

/* Does a commit have at 'path' what none of its parents has? */
static int changes_at(struct audit *audit, const struct oid *id, const char *path, bool *out, struct ticket_error *err)
{
	struct store_record record = {0};
	struct past self, parent;
	int failed = store_record_read(&record, audit->desk.store, id, err);

	if (!failed)
		failed = audit_past(audit, id, &self, err);
	*out = !failed;
	for (size_t i = 0; i < record.parents.n && !failed && *out; i++)
		if (!(failed = audit_past(audit, &record.parents.v[i], &parent, err))) {
			struct oid was = audit_id_at(audit, &parent, path), is = audit_id_at(audit, &self, path);

			*out = !oid_equal(&was, &is);
		}
	store_record_release(&record);
	return failed;
}

/* Was it changed by any commit that leads to 'tip' and not to 'other'? */
static int is_changed_in(struct audit *audit, const struct oid *tip, const struct oid *other, const char *path, bool *out, struct ticket_error *err)
{
	oids tips = {0}, without = {0}, list = {0};
	int failed;

	*out = false;
	*list_push(&tips) = *tip;
	*list_push(&without) = *other;
	failed = store_commits(audit->desk.store, &tips, &without, &list, err);
	for (size_t i = 0; i < list.n && !failed && !*out; i++)
		failed = changes_at(audit, &list.v[i], path, out, err);
	free(tips.v);
	free(without.v);
	free(list.v);
	return failed;
}

int audit_is_dropped(struct audit *audit, const char *path, bool *out, struct ticket_error *err)
{
	const struct judged *commit = &audit->commit;
	struct oid now = audit_id_at(audit, &commit->self, path);
	bool there, here;
	int failed = 0;

	*out = false;
	for (size_t kept = 0; kept < commit->parents.n; kept++)
		for (size_t left = 0; left < commit->parents.n; left++) {
			const struct past *a = &commit->parents.v[kept], *b = &commit->parents.v[left];
			struct oid in_a = audit_id_at(audit, a, path), in_b = audit_id_at(audit, b, path);

			if (*out || !oid_equal(&now, &in_a) || oid_equal(&now, &in_b))
				continue;
			if ((failed = is_changed_in(audit, &b->id, &a->id, path, &there, err)) || (failed = is_changed_in(audit, &a->id, &b->id, path, &here, err)))
				return failed;
			*out = there && !here;
		}
	return 0;
}

/* --- whose part it is --------------------------------------------------------------------------------------------- */

/* Articles may be written and rewritten; the rules are looked at as a whole. */
static int leave(struct audit *audit, struct changed *changed, struct ticket_error *err)
{
	return 0;
}

static const struct part {
	const char *folder;
	int (*judge)(struct audit *audit, struct changed *changed, struct ticket_error *err);
} parts[] = {
	{TICKETS_FOLDER "/", audit_ticket}, {"customers/log/", audit_lines},   {"customers/", audit_customer},     {JOURNAL_FOLDER "/", audit_lines}, {ACTIONS_FOLDER "/", audit_action},
	{"attachments/", audit_kept},       {SURVEYS_FOLDER "/", audit_kept}, {POLICY_FOLDER "/", leave}, {KB_FOLDER "/", leave},
};

static const struct part *part_of(const struct changed *changed)
{
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (text_starts(changed->path, parts[i].folder))
			return &parts[i];
	return NULL;
}

static int judge_files(struct audit *audit, struct ticket_error *err)
{
	struct judged *commit = &audit->commit;
	bool desk = false;
	int failed = 0;

	for (size_t i = 0; i < commit->changes.n && !failed; i++) {
		const struct part *part = part_of(&commit->changes.v[i]);

		desk |= part != NULL;
		if (part)
			failed = part->judge(audit, &commit->changes.v[i], err);
	}
	if (!failed)
		failed = audit_moved(audit, err);
	/* A merge is git's way of putting histories together; what else it does is judged like anything. */
	commit->by_hand = desk && commit->parents.n < 2 && !commit->message.names && (commit->tickets || !change_has_said(commit->record.commit.message));
	return failed;
}

/* --- times -------------------------------------------------------------------------------------------------------- */

static void check_times(struct audit *audit)
{
	const struct judged *commit = &audit->commit;
	const struct store_commit *record = &commit->record.commit;
	struct stamp authored = {record->authored_s, record->author_offset_s, true};
	char made[STAMP_SIZE], other[STAMP_SIZE], hex[OID_HEX_SIZE];

	stamp_format(made, &commit->made);
	for (size_t i = 0; i < commit->parents.n; i++) {
		struct stamp before = {commit->parents.v[i].committed_s, commit->made.offset_s, true};

		if (commit->made.s + commit->skew_s < before.s)
			report(audit, "", "was made at %s, but %.12s, which came before it, at %s; clocks may differ by %s (clock_skew)", made, oid_hex(hex, &commit->parents.v[i].id), stamp_format(other, &before),
			       commit->skew);
	}
	if (commit->made.s > audit->now_s + commit->skew_s)
		report(audit, "", "was made at %s, which lies in the future; clocks may differ by %s (clock_skew)", made, commit->skew);
	if (authored.s > commit->made.s + commit->skew_s)
		report(audit, "", "tells of what happened at %s, but was made at %s; clocks may differ by %s (clock_skew)", stamp_format(other, &authored), made, commit->skew);
}

/* Other branches of the repository are none of the desk's business. */
static bool has_desk(const struct judged *commit)
{
	bool has = !oid_is_zero(&commit->self.policy);

	for (size_t i = 0; i < commit->parents.n && !has; i++)
		has = !oid_is_zero(&commit->parents.v[i].policy);
	return has;
}

/* --- one commit --------------------------------------------------------------------------------------------------- */

int audit_commit(struct audit *audit, struct ticket_error *err)
{
	bool merged;
	int failed;

	message_read(&audit->commit.message, audit->commit.record.commit.message);
	if (has_desk(&audit->commit))
		check_times(audit);
	if ((failed = gather_all(audit, err)) || (failed = audit_merge(audit, &merged, err)))
		return failed;
	if (!merged && ((failed = judge_files(audit, err)) || (failed = audit_rules(audit, err))))
		return failed;
	audit_message(audit);
	if (audit->strict && audit->commit.by_hand)
		report(audit, "", "was made by hand");
	return 0;
}
