/* SPDX-License-Identifier: MIT */
/* fsck of improvement actions: files in their place, events that follow from one another, tickets that are there. */
#include "fsck/fsck.h"

#include "action/action.h"
#include "model/event.h"

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

/* A change that says something else of what was there than there was; '*before' (owned) is that. NULL: there is none. */
static const struct change_of *wrong_change(const struct action *replay, const struct action_event *event, size_t from, char **before)
{
	for (size_t c = from; c < event->changes.n; c++) {
		const struct change_of *change = &event->changes.v[c];

		*before = action_may_change(change->field) ? action_member(replay, change->field) : NULL;
		if (*before && !text_equal(*before, change->old ? change->old : ""))
			return change;
		free(steal_ptr(*before));
	}
	return NULL;
}

static bool follows(const struct action *replay, const struct action_event *event)
{
	_cleanup_free_ char *before = NULL;

	return action_may_follow((enum action_state)replay->state, (enum action_kind)event->kind) && !wrong_change(replay, event, 0, &before);
}

static void report_misfit(struct action_check *check, const struct action *replay, const struct action_event *event, size_t i, const char *path)
{
	const char *word = action_event_word((enum action_kind)event->kind);
	const struct change_of *change;
	char *before;

	if (!action_may_follow((enum action_state)replay->state, (enum action_kind)event->kind))
		fsck_report(check->found, path, "events[%zu] (%s) cannot follow: the action was %s", i, word, action_state_word((enum action_state)replay->state));
	for (size_t c = 0; (change = wrong_change(replay, event, c, &before)); c = (size_t)(change - event->changes.v) + 1) {
		fsck_report(check->found, path, "events[%zu] (%s) says that %s was '%s', but it was '%s'", i, word, change->field, change->old ? change->old : "", before);
		free(before);
	}
}

/* Did the event follow in this version of its action? */
static int follows_in(struct desk *desk, const struct buf *text, const char *path, const char *event)
{
	_cleanup_action_ struct action *replay = NULL;

	if (action_parse(&replay, text->p ? text->p : "", text->n, path, NULL))
		return 0;
	action_clear(replay);
	for (size_t i = 0; i < replay->events.n; i++) {
		if (text_equal(replay->events.v[i].id, event))
			return follows(replay, &replay->events.v[i]);
		if (action_fold(replay, &replay->events.v[i], NULL))
			return 0;
	}
	return 0;
}

/* Replays the events on an empty fold: each must follow from what stood before it, and say what it changed. */
static void check_events(struct action_check *check, const struct action *action, const struct buf *text, const char *path)
{
	const struct texts paths = {(char *[]){(char *)path}, 1};
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
		if (!follows(replay, event) && !(event->automatic && text_equal(event->by, EVENT_BY_SYNC)) && !fsck_followed_apart(check->desk, &paths, event->id, follows_in))
			report_misfit(check, replay, event, i, path);
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
