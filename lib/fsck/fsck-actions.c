/* SPDX-License-Identifier: MIT */
/* fsck of improvement actions: files in their place, events that follow from one another, tickets that are there. */
#include "fsck/fsck.h"

#include "action/action.h"

struct action_check {
	struct desk *desk;
	findings *found;
	struct texts uids;
};

static void check_place(struct action_check *check, const struct action *action, const char *path)
{
	_cleanup_free_ char *right = action_path(action->id);

	if (!right)
		fsck_report(check->found, path, "'%s' is no number of an action; they look like A-2026-0001", action->id);
	else if (!text_equal(right, path))
		fsck_report(check->found, path, "action '%s' belongs in %s", action->id, right);
	if (texts_have(&check->uids, action->uid))
		fsck_report(check->found, path, "the uid %s is also that of another action", action->uid);
	texts_add(&check->uids, action->uid);
}

/* Replays the events on an empty fold: each must follow from what stood before it, and say what it changed. */
static void check_events(struct action_check *check, const struct action *action, const struct buf *text, const char *path)
{
	_cleanup_action_ struct action *replay = NULL;
	struct texts ids = {0};
	int64_t last = INT64_MIN;

	if (action_parse(&replay, text->p, text->n, path, NULL))
		return;
	action_clear(replay);
	if (!action->events.n || action->events.v[0].kind != ACTION_EVENT_ADDED)
		fsck_report(check->found, path, "the first event is not 'added'");
	for (size_t i = 0; i < action->events.n; i++) {
		const struct action_event *event = &action->events.v[i];
		const char *word = action_event_word((enum action_kind)event->kind);
		struct ticket_error why = {0};

		if (texts_have(&ids, event->id))
			fsck_report(check->found, path, "the event %s is there twice", event->id);
		texts_add(&ids, event->id);
		if (event->recorded.s < last)
			fsck_report(check->found, path, "events[%zu] (%s) was recorded before the one ahead of it", i, word);
		last = event->recorded.s;
		if (!action_may_follow((enum action_state)replay->state, (enum action_kind)event->kind))
			fsck_report(check->found, path, "events[%zu] (%s) cannot follow: the action was %s", i, word, action_state_word((enum action_state)replay->state));
		for (size_t c = 0; c < event->changes.n; c++) {
			_cleanup_free_ char *before = action_may_change(event->changes.v[c].field) ? action_member(replay, event->changes.v[c].field) : NULL;

			if (before && !text_equal(before, event->changes.v[c].old ? event->changes.v[c].old : ""))
				fsck_report(check->found, path, "events[%zu] (%s) says that %s was '%s', but it was '%s'", i, word, event->changes.v[c].field,
					    event->changes.v[c].old ? event->changes.v[c].old : "", before);
		}
		if (action_fold(replay, event, &why))
			fsck_report(check->found, path, "events[%zu] (%s): %s", i, word, why.message);
	}
	fsck_compare(check->found, path, &action_codec, action, replay);
	texts_release(&ids);
}

static void check_one(struct action_check *check, const struct buf *text, const char *path)
{
	_cleanup_action_ struct action *action = NULL;
	struct ticket_error why = {0};

	if (action_parse(&action, text->p ? text->p : "", text->n, path, &why)) {
		fsck_report(check->found, path, "%s", why.message);
		return;
	}
	check_place(check, action, path);
	fsck_bytes(check->found, path, &action_codec, action, text);
	check_events(check, action, text, path);
	for (size_t i = 0; i < action->tickets.n; i++) {
		_cleanup_free_ char *number = NULL;

		if (desk_resolve(check->desk, action->tickets.v[i], &number, NULL))
			fsck_report(check->found, path, "its ticket '%s' is not there", action->tickets.v[i]);
	}
}

static int check_file(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct action_check *check = data;
	_cleanup_buf_ struct buf text = {0};
	struct ticket_error why = {0};

	if (entry->is_link || !text_ends(entry->path, ".json"))
		fsck_report(check->found, entry->path, "is no file of an action");
	else if (store_read_blob(check->desk->store, &entry->id, &text, &why))
		fsck_report(check->found, entry->path, "%s", why.message);
	else
		check_one(check, &text, entry->path);
	return 0;
}

int fsck_actions(struct desk *desk, findings *found, struct ticket_error *err)
{
	struct action_check check = {.desk = desk, .found = found};
	int failed = store_changes(desk->store, &(struct oid){{0}}, &desk->head.tree, ACTIONS_FOLDER, check_file, &check, err);

	texts_release(&check.uids);
	return failed;
}
