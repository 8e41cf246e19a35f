/* SPDX-License-Identifier: MIT */
/* What became of records: gathered while merging, told at the end. */
#include "sync/sync.h"

#include <search.h>

static const char *const words[SYNC_FATES] = {"came", "went", "merged", "renumbered", "replaced", "doubtful"};

const char *sync_fate_word(enum sync_fate fate)
{
	return (unsigned)fate < SYNC_FATES ? words[fate] : "";
}

char *record_in(const char *path)
{
	static const char *const folders[] = {"tickets/", "customers/", "actions/"};
	const char *name = strrchr(path, '/');

	for (size_t i = 0; i < ARRAY_SIZE(folders) && name; i++)
		if (text_starts(path, folders[i]) && text_ends(name, ".json"))
			return xstrndup(name + 1, strlen(name + 1) - strlen(".json"));
	return xstrdup(path);
}

static int by_record(const void *a, const void *b)
{
	return strcmp(((const struct sync_item *)a)->record, ((const struct sync_item *)b)->record);
}

static void keep_nothing(void *node)
{
}

static struct sync_item *add_item(struct report *report, enum sync_fate fate, const char *record, const char *old, const char *note)
{
	struct sync_item *item = xcalloc(1, sizeof(*item));

	*item = (struct sync_item){fate, xstrdup(record), xstrdup(old), xstrdup(note)};
	return *list_push(&report->items) = item;
}

static size_t *counted(struct report *report, enum sync_fate fate)
{
	return fate == SYNC_CAME ? &report->came : fate == SYNC_WENT ? &report->went : &report->merged;
}

void report_moved(struct report *report, const char *record, bool came, bool went)
{
	enum sync_fate fate = came && went ? SYNC_MERGED : came ? SYNC_CAME : SYNC_WENT;
	struct sync_item key = {.record = record}, **known = tfind(&key, &report->moved, by_record), *item;

	if (!known) {
		item = add_item(report, fate, record, NULL, NULL);
		tsearch(item, &report->moved, by_record);
		++*counted(report, fate);
	} else if ((*known)->fate != fate && (*known)->fate != SYNC_MERGED) {
		--*counted(report, (*known)->fate);
		(*known)->fate = SYNC_MERGED;
		report->merged++;
	}
}

void report_said(struct report *report, enum sync_fate fate, const char *record, const char *old, const char *note)
{
	for (size_t i = 0; i < report->items.n; i++) {
		const struct sync_item *item = report->items.v[i];

		if (item->fate == fate && text_equal(item->record, record) && text_equal(item->old, old) && text_equal(item->note, note))
			return;
	}
	add_item(report, fate, record, old, note);
}

void report_release(struct report *report)
{
	tdestroy(report->moved, keep_nothing);
	for (size_t i = 0; i < report->items.n; i++) {
		free((char *)report->items.v[i]->record);
		free((char *)report->items.v[i]->old);
		free((char *)report->items.v[i]->note);
		free(report->items.v[i]);
	}
	free(report->items.v);
}
