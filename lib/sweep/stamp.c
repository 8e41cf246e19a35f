/* SPDX-License-Identifier: MIT */
/* How far the sweep has looked: a private file with the commit and the next moments at which time alone makes something due. */
#include "sweep/sweep.h"

#include "desk/index.h"
#include "ticket/query.h"
#include "ticket/language.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

static char *stamp_path(const struct desk *desk)
{
	return xasprintf("%ssweep", store_private(desk->store));
}

/* Seconds, or "-": nothing to come. */
static bool read_moment(const char *text, int64_t none, int64_t *out_s)
{
	char end;

	*out_s = none;
	return strcmp(text, "-") == 0 || sscanf(text, "%" SCNd64 "%c", out_s, &end) == 1;
}

static char *moment_text(int64_t moment_s)
{
	return moment_s == TIME_NONE ? xstrdup("-") : xasprintf("%" PRId64, moment_s);
}

/* "COMMIT STANDING CLOCKS SOURCE...". Of another version, or damaged, it is none. */
static bool read_stamp(const struct desk *desk, struct swept_until *out)
{
	_cleanup_free_ char *path = stamp_path(desk);
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	char hex[OID_HEX_SIZE], standing[24], clocks[24], source[24];

	if (!f || fscanf(f, "%40s %23s %23s", hex, standing, clocks) != 3 || !oid_from_hex(&out->snapshot.commit, hex))
		return false;
	for (size_t i = 0; i < SWEEP_SOURCES; i++)
		if (fscanf(f, "%23s", source) != 1 || !read_moment(source, INT64_MAX, &out->sources_s[i]))
			return false;
	if (getc(f) != '\n' || getc(f) != EOF)
		return false;
	if (store_revision(desk->store, hex, &out->snapshot, NULL))
		return false; /* history was rewritten */
	return read_moment(standing, INT64_MAX, &out->standing_s) && read_moment(clocks, TIME_NONE, &out->clocks_s);
}

static void know_nothing(struct swept_until *out)
{
	out->standing_s = INT64_MIN;
	for (size_t i = 0; i < SWEEP_SOURCES; i++)
		out->sources_s[i] = INT64_MIN;
}

void sweep_stamp_read(const struct desk *desk, struct swept_until *out)
{
	struct oid rules;

	/* A lost or damaged stamp costs one look at everything; the keys on the tickets keep it from doing anything twice. */
	*out = (struct swept_until){0};
	if (!read_stamp(desk, out)) {
		*out = (struct swept_until){0};
		know_nothing(out);
		return;
	}
	/* Under other rules other things are due. */
	if (store_find(desk->store, &out->snapshot.tree, POLICY_FOLDER, &rules, NULL, NULL) || !oid_equal(&rules, &desk->current->id))
		know_nothing(out);
}

static int next_of_clocks(struct desk *desk, int64_t *out_s, struct ticket_error *err)
{
	_cleanup_(index_close_p) struct index *index = NULL;
	int failed = desk_index(desk, NULL, &index, err);

	return failed ? failed : index_next_moment(index, out_s, err);
}

int sweep_stamp_write(const struct sweep *sweep, struct ticket_error *err)
{
	_cleanup_free_ char *path = stamp_path(sweep->desk), *temporary = xasprintf("%s.new", path), *standing = NULL, *clocks = NULL;
	char hex[OID_HEX_SIZE];
	int64_t clocks_s;
	bool written;
	FILE *f;
	int failed = next_of_clocks(sweep->desk, &clocks_s, err);

	if (failed)
		return failed;
	standing = moment_text(sweep->standing_s);
	clocks = moment_text(clocks_s);
	f = fopen(temporary, "we");
	written = f && fprintf(f, "%s %s %s", oid_hex(hex, &sweep->desk->head.commit), standing, clocks) > 0;
	for (size_t i = 0; i < SWEEP_SOURCES && written; i++) {
		_cleanup_free_ char *moment = moment_text(sweep->sources_s[i] == INT64_MAX ? TIME_NONE : sweep->sources_s[i]);

		written = fprintf(f, " %s", moment) > 0;
	}
	written = written && putc('\n', f) != EOF;
	if (f && fclose(f))
		written = false;
	if (written && rename(temporary, path) == 0)
		return 0;
	ticket_fail(err, TICKET_STORAGE, "cannot write '%s': %s", path, language_errno(errno));
	unlink(temporary);
	return TICKET_STORAGE;
}
