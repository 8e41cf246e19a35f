/* SPDX-License-Identifier: MIT */
/* A merge done again without writing anything: see replay.h. The rule is the one by which it was done. */
#include "sync/sync.h"

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct merged_file *)a)->path, ((const struct merged_file *)b)->path);
}

static int by_path_and_order(const void *a, const void *b)
{
	const struct merged_file *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : x->order < y->order ? -1 : x->order > y->order;
}

static void merged_file_release(struct merged_file *file)
{
	free(file->path);
	buf_release(&file->text);
}

/* Of several things done to one file the last one counts. */
static void settle(merged_files *files)
{
	size_t kept = 0;

	if (files->n)
		qsort(files->v, files->n, sizeof(*files->v), by_path_and_order);
	for (size_t i = 0; i < files->n; i++) {
		if (kept && text_equal(files->v[kept - 1].path, files->v[i].path))
			merged_file_release(&files->v[--kept]);
		files->v[kept++] = files->v[i];
	}
	files->n = kept;
}

int sync_replay(merged_files *out, struct desk *desk, const struct snapshot *ours, const struct snapshot *theirs, const char *policy, struct ticket_error *err)
{
	const struct sync_options options = {.policy = policy};
	_cleanup_(report_release) struct report report = {0};
	_cleanup_(merging_release) struct merging merging = {.desk = desk, .ours = *ours, .theirs = *theirs, .options = &options, .report = &report, .made = out};
	int failed = store_merge_bases(desk->store, &ours->commit, &theirs->commit, &merging.bases, err);

	if (failed)
		return failed;
	if (!merging.bases.n)
		return ticket_fail(err, TICKET_REFUSED, "the two histories have nothing in common");
	failed = merging_all(&merging, err);
	settle(out);
	return failed;
}

const struct merged_file *merged_at(const merged_files *files, const char *path)
{
	const struct merged_file key = {.path = (char *)path};

	return files->n ? bsearch(&key, files->v, files->n, sizeof(key), by_path) : NULL;
}

void merged_files_release(merged_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		merged_file_release(&files->v[i]);
	free(files->v);
	*files = (merged_files){0};
}
