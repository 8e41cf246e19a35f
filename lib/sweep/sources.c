/* SPDX-License-Identifier: MIT */
/* The sources of due moments: see sources.h. A new one is a row here, and one more in SWEEP_SOURCES. */
#include "sweep/sources.h"

#include "action/action.h"
#include "desk/journal.h"

const struct sweep_source sweep_sources[SWEEP_SOURCES] = {
	{"customers", visits_sweep, visits_soon},
	{JOURNAL_FOLDER, duties_sweep, duties_soon},
	{ACTIONS_FOLDER, actions_sweep, actions_soon},
};

bool sources_due(const struct swept_until *since, int64_t now_s)
{
	for (size_t i = 0; i < SWEEP_SOURCES; i++)
		if (since->sources_s[i] <= now_s)
			return true;
	return false;
}

static bool folder_changed(const struct desk *desk, const struct snapshot *since, const char *folder)
{
	struct oid then = {{0}}, now = {{0}};

	store_find(desk->store, &since->tree, folder, &then, NULL, NULL);
	store_find(desk->store, &desk->head.tree, folder, &now, NULL, NULL);
	return !oid_equal(&then, &now);
}

int sources_sweep(struct sweep *sweep, const struct swept_until *since, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < SWEEP_SOURCES && !failed; i++) {
		bool due = since->sources_s[i] <= sweep->now_s;
		struct ticket_error why = {0};

		sweep->sources_s[i] = since->sources_s[i];
		if (due || folder_changed(sweep->desk, &since->snapshot, sweep_sources[i].folder))
			failed = sweep_spare(sweep, sweep_sources[i].sweep(sweep, due ? NULL : &since->snapshot, &sweep->sources_s[i], &why), &why, err);
	}
	return failed;
}

int sources_soon(struct sweep *sweep, int64_t until_s, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < SWEEP_SOURCES && !failed; i++)
		failed = sweep_sources[i].soon(sweep, until_s, err);
	return failed;
}
