/* SPDX-License-Identifier: MIT */
/* What improvement actions owe: the steps of their ladder, and what the policy's notices say of "action:done" and the like (B10). */
#include "deliver/owed-actions.h"

#include "action/action.h"
#include "deliver/render.h"

struct owing_actions {
	struct desk *desk;
	int64_t since_s;
	owed_visitor *visit;
	void *data;
};

/* Whom to tell, how, in which words. Borrowed. */
struct telling_action {
	const char *name, *template, *label;
	const struct texts *notify, *how;
	enum notice_kind kind;
};

static bool is_notified(const struct action *action, const char *id)
{
	for (size_t i = action->events.n; i-- > 0;)
		if (action->events.v[i].kind == ACTION_EVENT_NOTIFIED && text_equal(action->events.v[i].id, id))
			return true;
	return false;
}

bool owed_action_is_notified(struct desk *desk, const struct notice *notice)
{
	_cleanup_action_ struct action *action = NULL;
	char id[NOTICE_EVENT_SIZE];

	return notice->action && action_read_from(desk, &desk->head.tree, notice->action, &action, NULL) == 0 && text_equal(action->uid, notice->uid) &&
	       is_notified(action, notice_event(id, notice));
}

/* Templates speak of tickets: an action has a number, a subject, somebody who has it, and a date, as they do. */
static void render(struct notice *notice, const struct owing_actions *o, const struct action *action, const struct action_event *event, const struct telling_action *how)
{
	struct ticket ticket = {.id = action->id, .subject = action->problem, .assignee = action->owner, .category = action->category};
	struct event about = {.kind = EVENT_NOTED, .at = event->at, .recorded = event->recorded, .automatic = event->automatic,
			      .due = event->due.set ? event->due : action->due, .text = event->text ? event->text : action->plan, .reason = event->reason};
	struct telling telling = {.policy = o->desk->policy, .zone = o->desk->zone, .ticket = &ticket, .event = &about, .template = how->template, .name = how->label,
				  .recipient = notice->to};

	render_notice(notice, &telling);
}

static int owe(const struct owing_actions *o, const struct action *action, const struct action_event *event, const struct telling_action *how, const char *to,
	       const char *way, struct ticket_error *err)
{
	struct notice notice = {.format = 1, .kind = (int)how->kind, .created = event->recorded, .urgent = text_equal(way, "sms") || text_equal(way, "phone")};
	char id[NOTICE_ID_SIZE], recorded[NOTICE_EVENT_SIZE];
	int failed;

	notice.action = xstrdup(action->id);
	notice.uid = xstrdup(action->uid);
	notice.event = xstrdup(event->id);
	notice.rule = xstrdup(how->name);
	notice.step = xstrdup(event->step);
	notice.to = xstrdup(to);
	notice.way = xstrdup(text_equal(way, "channel") ? "email" : way);
	texts_copy(&notice.ways, how->how);
	notice.id = xstrdup(notice_identity(id, &notice));
	if (is_notified(action, notice_event(recorded, &notice))) {
		notice_release(&notice);
		return 0;
	}
	render(&notice, o, action, event, how);
	if (!(failed = owed_quiet_hours(o->desk, &notice, err)))
		return o->visit(&notice, o->data, err);
	notice_release(&notice);
	return failed;
}

static int owe_all(const struct owing_actions *o, const struct action *action, const struct action_event *event, const struct telling_action *how, struct ticket_error *err)
{
	static char *by_mail[] = {(char *)"email"};
	static const struct texts mail = {by_mail, 1};
	struct telling_action full = *how;
	struct texts people = {0};
	int failed = 0;

	if (!full.how->n)
		full.how = &mail;
	for (size_t i = 0; i < how->notify->n; i++)
		if (!text_equal(how->notify->v[i], "owner"))
			policy_recipients(o->desk->policy, NULL, how->notify->v[i], &people);
		else if (action->owner && !texts_have(&people, action->owner))
			texts_add(&people, action->owner);
	for (size_t i = 0; i < people.n && !failed; i++) {
		/* Who recorded it knows it. */
		if (!event->automatic && text_equal(event->by, people.v[i]))
			continue;
		for (size_t w = 0; w < full.how->n && !failed; w++)
			failed = owe(o, action, event, &full, people.v[i], full.how->v[w], err);
	}
	texts_release(&people);
	return failed;
}

static int owe_step(const struct owing_actions *o, const struct action *action, const struct action_event *event, struct ticket_error *err)
{
	const struct policy *policy = o->desk->policy;

	for (size_t i = 0; i < policy->action_ladder.n; i++) {
		const struct action_step *step = &policy->action_ladder.v[i];
		_cleanup_free_ char *key = action_step_key(step);
		struct telling_action how = {step->name, step->template, policy_label(policy, &step->labels, policy->language, step->name), &step->notify, &step->how,
					     *step->offset == '-' ? NOTICE_WARNING : NOTICE_BREACH};

		if (text_equal(key, event->step))
			return owe_all(o, action, event, &how, err);
	}
	return 0;
}

static int owe_event(const struct owing_actions *o, const struct action *action, const struct action_event *event, struct ticket_error *err)
{
	_cleanup_free_ char *moment = xasprintf("action:%s", action_event_word((enum action_kind)event->kind));
	const struct policy *policy = o->desk->policy;
	int failed = 0;

	if (event->kind == ACTION_EVENT_REMINDED)
		return owe_step(o, action, event, err);
	for (size_t i = 0; i < policy->notices.n && !failed && event->kind != ACTION_EVENT_NOTIFIED; i++) {
		const struct notice_rule *rule = &policy->notices.v[i];
		struct telling_action how = {rule->name, rule->template, policy_word(policy, policy->language, moment), &rule->notify, &rule->how, NOTICE_EVENT};

		/* What a rule asks of tickets no action can answer. */
		if (texts_have(&rule->events, moment) && !rule->when.n)
			failed = owe_all(o, action, event, &how, err);
	}
	return failed;
}

/* --- which events are new -------------------------------------------------------------------------------------- */

/* One that cannot be read is a matter for fsck. */
static struct action *read_side(struct desk *desk, const struct oid *id, const char *path)
{
	_cleanup_buf_ struct buf text = {0};
	struct action *action = NULL;

	if (oid_is_zero(id) || store_read_blob(desk->store, id, &text, NULL) || action_parse(&action, text.p ? text.p : "", text.n, path, NULL))
		return NULL;
	return action;
}

static bool has_event(const struct action *action, const char *id)
{
	for (size_t i = 0; action && i < action->events.n; i++)
		if (text_equal(action->events.v[i].id, id))
			return true;
	return false;
}

static int visit_changed(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	const struct owing_actions *o = data;
	_cleanup_action_ struct action *now = NULL, *before = NULL;
	int failed = 0;

	if (entry->is_folder || entry->is_link || !text_ends(entry->path, ".json") || !(now = read_side(o->desk, &entry->id, entry->path)))
		return 0;
	before = read_side(o->desk, &entry->old_id, entry->path);
	for (size_t i = 0; i < now->events.n && !failed; i++)
		if (now->events.v[i].recorded.s >= o->since_s && !has_event(before, now->events.v[i].id))
			failed = owe_event(o, now, &now->events.v[i], err);
	return failed;
}

int owed_actions(struct desk *desk, const struct oid *start, int64_t since_s, owed_visitor *visit, void *data, struct ticket_error *err)
{
	struct owing_actions owing = {desk, since_s, visit, data};

	return store_changes(desk->store, start, &desk->head.tree, ACTIONS_FOLDER, visit_changed, &owing, err);
}

/* --- what was delivered ---------------------------------------------------------------------------------------- */

int owed_action_delivered(struct action_book *book, struct change *change, const struct notice *notice, struct ticket_error *err)
{
	struct action_event event = {.kind = ACTION_EVENT_NOTIFIED, .at = notice->delivered, .automatic = true};
	struct action *action;
	char id[NOTICE_EVENT_SIZE];

	notice_event(id, notice);
	if (action_book_get(book, change, notice->action, &action, NULL) || !text_equal(action->uid, notice->uid) || has_event(action, id))
		return 0;
	event.id = xstrdup(id);
	event.to = xstrdup(notice->to);
	event.via = xstrdup(notice->way);
	event.step = xstrdup(notice->step);
	return action_append(change, action, &event, err);
}
