/* SPDX-License-Identifier: MIT */
/*
 * Desks that were apart: what one recorded need not follow from what the other did, and stands in the record all the same
 * (ticket-sync(1)). Such an event is sound when it followed where it was recorded, before a merge of histories brought the
 * record to what it is now.
 */
#include "fsck/fsck.h"

struct versions {
	struct desk *desk;
	const char *path, *event;
	fsck_version *follows;
	bool merged, followed; /* a merge made the file anew; the event followed in a version of it */
};

/*
 * One commit that changed the file. Which came first is not asked: where clocks disagree, what was recorded before a merge
 * may bear a later time.
 */
static int see_version(const struct store_commit *commit, void *data, struct ticket_error *err)
{
	struct versions *versions = data;
	_cleanup_buf_ struct buf text = {0};

	versions->merged |= commit->parents > 1;
	if (!versions->followed && store_read(versions->desk->store, &commit->tree, versions->path, &text, NULL) == 0)
		versions->followed = versions->follows(versions->desk, &text, versions->path, versions->event) > 0;
	return versions->merged && versions->followed;
}

bool fsck_followed_apart(struct desk *desk, const struct texts *paths, const char *event, fsck_version *follows)
{
	struct versions versions = {.desk = desk, .event = event, .follows = follows};
	int ended = 0;

	for (size_t i = 0; i < paths->n && ended == 0; i++) {
		versions.path = paths->v[i];
		ended = store_history(desk->store, &desk->head.commit, versions.path, see_version, &versions, NULL);
	}
	return ended > 0;
}
