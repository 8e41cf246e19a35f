/* SPDX-License-Identifier: MIT */
/* How far the sweep has looked: a private file with the commit, and the next moment of what time alone makes due. */
#include "desk/sweep.h"

#include "ticket/query.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

static char *stamp_path(const struct desk *desk)
{
	return xasprintf("%ssweep", store_private(desk->store));
}

/* "COMMIT SECONDS" or "COMMIT -": nothing to come. */
static bool read_stamp(const struct desk *desk, struct swept_until *out)
{
	_cleanup_free_ char *path = stamp_path(desk);
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	char hex[OID_HEX_SIZE], next[24], end;

	if (!f || fscanf(f, "%40s %23s%c", hex, next, &end) != 3 || end != '\n' || !oid_from_hex(&out->snapshot.commit, hex))
		return false;
	if (store_revision(desk->store, hex, &out->snapshot, NULL))
		return false; /* history was rewritten */
	out->standing_s = INT64_MAX;
	return strcmp(next, "-") == 0 || sscanf(next, "%" SCNd64 "%c", &out->standing_s, &end) == 1;
}

void sweep_stamp_read(const struct desk *desk, struct swept_until *out)
{
	struct oid rules;

	/* A lost or damaged stamp costs one look at everything; the keys on the tickets keep it from doing anything twice. */
	*out = (struct swept_until){.standing_s = INT64_MIN};
	if (!read_stamp(desk, out)) {
		*out = (struct swept_until){.standing_s = INT64_MIN};
		return;
	}
	/* Under other rules other things are due. */
	if (store_find(desk->store, &out->snapshot.tree, POLICY_FOLDER, &rules, NULL, NULL) || !oid_equal(&rules, &desk->current->id))
		out->standing_s = INT64_MIN;
}

int sweep_stamp_write(const struct sweep *sweep, struct ticket_error *err)
{
	_cleanup_free_ char *path = stamp_path(sweep->desk), *temporary = xasprintf("%s.new", path), *next = NULL;
	FILE *f = fopen(temporary, "we");
	char hex[OID_HEX_SIZE];
	bool written;

	next = sweep->standing_s == TIME_NONE ? xstrdup("-") : xasprintf("%" PRId64, sweep->standing_s);
	written = f && fprintf(f, "%s %s\n", oid_hex(hex, &sweep->desk->head.commit), next) > 0;
	if (f && fclose(f))
		written = false;
	if (written && rename(temporary, path) == 0)
		return 0;
	ticket_fail(err, TICKET_STORAGE, "cannot write '%s': %s", path, strerror(errno));
	unlink(temporary);
	return TICKET_STORAGE;
}
