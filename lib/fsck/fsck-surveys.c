/* SPDX-License-Identifier: MIT */
/* fsck of anonymous surveys: the groups that came out of the ballot box, and the box itself. */
#include "fsck/fsck.h"

#include "survey/group.h"

struct group_check {
	struct desk *desk;
	findings *found;
};

/* surveys/2026/2026-05-10-….json */
static bool is_in_place(const struct survey_group *group, const char *path)
{
	_cleanup_free_ char *start = xasprintf(SURVEYS_FOLDER "/%.4s/%s-", group->to, group->to);

	return text_starts(path, start) && strlen(path) == strlen(start) + 16 + strlen(".json");
}

/* A category is shown of several or of none: of one alone it would tell whose answer it is. */
static bool shows_somebody(const struct survey_group *group)
{
	for (size_t i = 0; i < group->answers.n; i++) {
		size_t n = 0;

		for (size_t j = 0; j < group->answers.n; j++)
			n += text_equal(group->answers.v[i].category, group->answers.v[j].category);
		if (n < 2)
			return true;
	}
	return false;
}

static int check_group(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	const struct group_check *check = data;
	_cleanup_(survey_group_release) struct survey_group group = {0};
	_cleanup_buf_ struct buf text = {0};
	struct ticket_error why = {0};
	struct range day;

	if (entry->is_link || !text_ends(entry->name, ".json")) {
		fsck_report(check->found, entry->path, "is no group of answers");
		return 0;
	}
	if (store_read_blob(check->desk->store, &entry->id, &text, &why) ||
	    codec_read(&survey_group_codec, &group, text.p ? text.p : "", text.n, entry->path, &why)) {
		fsck_report(check->found, entry->path, "%s", why.message);
		return 0;
	}
	if (!range_period(&day, group.to, check->desk->zone, check->desk->context.now_s) || !is_in_place(&group, entry->path))
		fsck_report(check->found, entry->path, "a group of answers until '%s' belongs in another place", group.to);
	fsck_bytes(check->found, entry->path, &survey_group_codec, &group, &text);
	if (shows_somebody(&group))
		fsck_report(check->found, entry->path, "one of the answers stands alone: it is no group");
	return 0;
}

int fsck_surveys(struct desk *desk, findings *found, struct ticket_error *err)
{
	struct group_check check = {desk, found};
	struct ticket_error why = {0};
	size_t waiting;

	if (ballots_waiting(desk, &waiting, &why))
		fsck_report(found, "ballots", "%s", why.message);
	return store_changes(desk->store, &(struct oid){{0}}, &desk->head.tree, SURVEYS_FOLDER, check_group, &check, err);
}
