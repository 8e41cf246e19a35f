/* SPDX-License-Identifier: MIT */
/* fsck of the desk's journal. */
#include "fsck/fsck.h"

#include "desk/journal.h"

#include <search.h>

struct journal_check {
	struct desk *desk;
	findings *found;
	const char *path;   /* of the file at hand */
	int64_t last_s;     /* time of recording of the line before, in this file */
	void *ids;          /* tsearch tree of owned texts */
};

static int compare_ids(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int check_line(const struct journal_entry *entry, size_t number, const char *why, void *data, struct ticket_error *err)
{
	struct journal_check *check = data;
	char *id, **seen;

	if (!entry) {
		fsck_report(check->found, check->path, "line %zu: %s", number, why);
		return 0;
	}
	if (entry->recorded.s < check->last_s)
		fsck_report(check->found, check->path, "line %zu: was recorded before the line above it", number);
	check->last_s = entry->recorded.s;
	id = xstrdup(entry->id);
	seen = tsearch(id, &check->ids, compare_ids);
	if (*seen != id) {
		fsck_report(check->found, check->path, "line %zu: the id %s is also that of another entry", number, id);
		free(id);
	}
	return 0;
}

static int check_month(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct journal_check *check = data;
	_cleanup_buf_ struct buf text = {0};
	struct ticket_error why = {0};

	if (entry->is_link || !text_ends(entry->name, ".jsonl")) {
		fsck_report(check->found, entry->path, "is no file of the journal");
		return 0;
	}
	if (store_read_blob(check->desk->store, &entry->id, &text, &why)) {
		fsck_report(check->found, entry->path, "%s", why.message);
		return 0;
	}
	if (text.n && text.p[text.n - 1] != '\n')
		fsck_report(check->found, entry->path, "the last line is cut off");
	check->path = entry->path;
	check->last_s = INT64_MIN;
	return journal_lines(text.p, text.n, entry->path, check_line, check, err);
}

int fsck_journal(struct desk *desk, findings *found, struct ticket_error *err)
{
	struct journal_check check = {.desk = desk, .found = found};
	int failed = store_changes(desk->store, &(struct oid){{0}}, &desk->head.tree, JOURNAL_FOLDER, check_month, &check, err);

	tdestroy(check.ids, free);
	return failed;
}
