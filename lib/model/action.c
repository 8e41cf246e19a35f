/* SPDX-License-Identifier: MIT */
/* Actions in JSON, and what their events fold to. */
#include "model/action.h"

#include "model/event.h"

static const char *const states[] = {"", "proposed", "open", "done", "verified", "dropped", NULL};
static const char *const kinds[] = {"", "added", "edited", "noted", "done", "verified", "dropped", "reopened", "reminded", "notified", NULL};

const char *action_state_word(enum action_state state)
{
	return (unsigned)state < ACTION_STATES ? states[state] : "";
}

enum action_state action_state_from(const char *word)
{
	for (int i = 1; i < ACTION_STATES; i++)
		if (text_equal(states[i], word))
			return (enum action_state)i;
	return ACTION_NONE;
}

const char *action_event_word(enum action_kind kind)
{
	return (unsigned)kind < ACTION_EVENT_KINDS ? kinds[kind] : "";
}

bool action_moment_known(const char *moment)
{
	if (!text_starts(moment, "action:"))
		return false;
	/* What the program records itself asks nobody and tells nobody. */
	for (int i = ACTION_EVENT_ADDED; i < ACTION_EVENT_REMINDED; i++)
		if (text_equal(kinds[i], moment + strlen("action:")))
			return true;
	return false;
}

/* --- the codecs ------------------------------------------------------------------------------------------------ */

static const struct codec_field event_fields[] = {
	FIELD(TEXT, struct action_event, "id", id, CODEC_REQUIRED),
	FIELD(TIME, struct action_event, "at", at, CODEC_REQUIRED),
	FIELD(TIME, struct action_event, "recorded", recorded, CODEC_REQUIRED),
	FIELD(TEXT, struct action_event, "by", by, CODEC_REQUIRED),
	FIELD(TEXT, struct action_event, "role", role, 0),
	FIELD_ENUM(struct action_event, "do", kind, CODEC_REQUIRED, kinds),
	FIELD(TEXT, struct action_event, "text", text, 0),
	FIELD(TEXT, struct action_event, "reason", reason, 0),
	FIELD_SUB(LIST, struct action_event, "changes", changes, 0, &change_codec),
	FIELD(TEXT, struct action_event, "effective", effective, 0),
	FIELD(FLAG, struct action_event, "automatic", automatic, 0),
	FIELD(TEXT, struct action_event, "step", step, 0),
	FIELD(TIME, struct action_event, "due", due, 0),
	FIELD(TEXT, struct action_event, "to", to, 0),
	FIELD(TEXT, struct action_event, "via", via, 0),
	CODEC_END,
};
const struct codec action_event_codec = {"event of an action", sizeof(struct action_event), event_fields, 0, offsetof(struct action_event, extra), NULL};

static const struct codec_field action_fields[] = {
	FIELD(INT, struct action, "format", format, CODEC_REQUIRED),
	FIELD(TEXT, struct action, "id", id, CODEC_REQUIRED),
	FIELD(TEXT, struct action, "uid", uid, CODEC_REQUIRED),
	FIELD(TEXT, struct action, "problem", problem, 0),
	FIELD(TEXT, struct action, "cause", cause, 0),
	FIELD(TEXT, struct action, "plan", plan, 0),
	FIELD(TEXT, struct action, "owner", owner, 0),
	FIELD(TIME, struct action, "due", due, 0),
	FIELD(TEXT, struct action, "category", category, 0),
	FIELD(TEXT, struct action, "type", type, 0),
	FIELD(TEXTS, struct action, "tickets", tickets, 0),
	FIELD(TEXT, struct action, "feedback", feedback, 0),
	FIELD_ENUM(struct action, "state", state, 0, states),
	FIELD(TEXT, struct action, "measure", measure, 0),
	FIELD(TIME, struct action, "done", done, 0),
	FIELD(TEXT, struct action, "effective", effective, 0),
	FIELD(TEXT, struct action, "verification", verification, 0),
	FIELD(TIME, struct action, "verified", verified, 0),
	FIELD_SUB(LIST, struct action, "events", events, CODEC_ROWS, &action_event_codec),
	CODEC_END,
};
const struct codec action_codec = {"action", sizeof(struct action), action_fields, 1, offsetof(struct action, extra), NULL};

int action_parse(struct action **out, const char *text, size_t length, const char *origin, struct ticket_error *err)
{
	struct action *action = xcalloc(1, sizeof(*action));

	*out = NULL;
	if (codec_read(&action_codec, action, text, length, origin, err)) {
		free(action);
		if (err)
			err->code = TICKET_STORAGE;
		return TICKET_STORAGE;
	}
	*out = action;
	return 0;
}

void action_write(const struct action *action, struct buf *out)
{
	codec_write(&action_codec, action, out);
}

void action_write_line(const struct action *action, struct buf *out)
{
	codec_write_compact(&action_codec, action, out);
}

void action_free(struct action *action)
{
	if (action) {
		codec_release(&action_codec, action);
		free(action);
	}
}

void action_event_release(struct action_event *event)
{
	codec_release(&action_event_codec, event);
}

/* --- the fold -------------------------------------------------------------------------------------------------- */

static const char *const changed[] = {"problem", "cause", "plan", "owner", "due", "category", "type", "tickets", "feedback"};
static const char *const happened[] = {"state", "measure", "done", "effective", "verification", "verified"};

bool action_may_change(const char *field)
{
	for (size_t i = 0; i < ARRAY_SIZE(changed); i++)
		if (text_equal(changed[i], field))
			return true;
	return false;
}

char *action_member(const struct action *action, const char *field)
{
	return codec_member_text(codec_field(&action_codec, field), action);
}

void action_clear(struct action *action)
{
	for (size_t i = 0; i < ARRAY_SIZE(changed); i++)
		codec_member_clear(codec_field(&action_codec, changed[i]), action);
	for (size_t i = 0; i < ARRAY_SIZE(happened); i++)
		codec_member_clear(codec_field(&action_codec, happened[i]), action);
}

static int fold_change(struct action *action, const struct change_of *change, struct ticket_error *err)
{
	const struct codec_field *field = codec_field(&action_codec, change->field);

	if (!action_may_change(change->field))
		return ticket_fail(err, TICKET_USAGE, "'%s' is no member of an action that can be changed", change->field);
	codec_member_clear(field, action);
	return change->new && *change->new ? codec_member_set(field, action, change->new, err) : 0;
}

/* Work on it begins anew. */
static void fold_reopened(struct action *action)
{
	for (size_t i = 0; i < ARRAY_SIZE(happened); i++)
		codec_member_clear(codec_field(&action_codec, happened[i]), action);
}

int action_fold(struct action *action, const struct action_event *event, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < event->changes.n && !failed; i++)
		failed = fold_change(action, &event->changes.v[i], err);
	switch (event->kind) {
	case ACTION_EVENT_DONE:
		replace_text(&action->measure, event->text);
		action->done = event->at;
		action->state = ACTION_DONE;
		break;
	case ACTION_EVENT_VERIFIED:
		replace_text(&action->effective, event->effective);
		replace_text(&action->verification, event->text);
		action->verified = event->at;
		action->state = ACTION_VERIFIED;
		break;
	case ACTION_EVENT_DROPPED:
		action->state = ACTION_DROPPED;
		break;
	case ACTION_EVENT_REOPENED:
		fold_reopened(action);
		break;
	default:
		break;
	}
	/* Nobody has promised what has neither owner nor date. */
	if (action->state <= ACTION_OPEN)
		action->state = action->owner && action->due.set ? ACTION_OPEN : ACTION_PROPOSED;
	return failed;
}

bool action_is_overdue(const struct action *action, int64_t now_s)
{
	return action->state == ACTION_OPEN && action->due.set && action->due.s < now_s;
}
