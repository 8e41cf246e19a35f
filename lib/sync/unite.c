/* SPDX-License-Identifier: MIT */
/* One ticket, one improvement action, as two sides have it: see unite.h. */
#include "sync/unite.h"

#include "action/action.h"
#include "flow/flow.h"
#include "model/action.h"
#include "model/event.h"
#include "model/ticket.h"
#include "privacy/digest.h"
#include "ticket/language.h"

#define EVENT_ID_SIZE 16 /* hex digits */

/* The id of an event that every desk makes by itself and alike. Owned. */
static char *common_id(const char *what, const char *uid, const char *old, const char *new)
{
	_cleanup_free_ char *words = xasprintf("%s %s %s %s", what, uid, old, new);
	char digest[DIGEST_HEX_SIZE];

	return xstrndup(digest_hex(digest, words, strlen(words)), EVENT_ID_SIZE);
}

/* --- the head of a ticket -------------------------------------------------------------------------------------- */

/* The ticket as it was opened, without events, and without what events say of it: number and policy. Owned. */
static struct ticket *head_of(const struct ticket *ticket, const struct policy *policy)
{
	struct ticket *head = ticket_copy(ticket);

	flow_unfold(head, policy);
	codec_member_clear(codec_field(&ticket_codec, "events"), head);
	codec_member_clear(codec_field(&ticket_codec, "clocks"), head);
	replace_text(&head->id, "");
	replace_text(&head->policy, NULL);
	return head;
}

/* No event of ours changes a head; another version's, or a hand's: what one side changed stands, of two the smaller text. */
static struct ticket *unite_heads(const struct ticket *ours, const struct ticket *theirs, const struct ticket *base, const struct policy *policy)
{
	_cleanup_ticket_ struct ticket *a = head_of(ours, policy), *b = head_of(theirs, policy), *before = base ? head_of(base, policy) : NULL;
	_cleanup_buf_ struct buf a_text = {0}, b_text = {0}, before_text = {0};

	ticket_write_line(a, &a_text);
	ticket_write_line(b, &b_text);
	if (before)
		ticket_write_line(before, &before_text);
	if (before && strcmp(a_text.p, before_text.p) == 0)
		return steal_ptr(b);
	if (before && strcmp(b_text.p, before_text.p) == 0)
		return steal_ptr(a);
	return strcmp(a_text.p, b_text.p) <= 0 ? steal_ptr(a) : steal_ptr(b);
}

/* The first event of a kind, or NULL. */
static const struct event *first_of(const struct ticket *ticket, enum event_kind kind)
{
	for (size_t i = 0; i < ticket->events.n; i++)
		if (ticket->events.v[i].kind == (int)kind)
			return &ticket->events.v[i];
	return NULL;
}

/* --- what follows no more -------------------------------------------------------------------------------------- */

struct misfit {
	size_t at;
	char *why;
};
typedef LIST(struct misfit) misfits;

static void misfits_release(misfits *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->v[i].why);
	free(list->v);
}

/* The events that cannot follow what stands before them. */
static void find_misfits(const struct ticket *ticket, const struct policy *policy, misfits *out)
{
	_cleanup_ticket_ struct ticket *replay = ticket_copy(ticket);
	size_t n = replay->events.n;

	flow_clear(replay);
	for (size_t i = 0; i < n; i++) {
		struct ticket_error why = {0};

		replay->events.n = i;
		if (flow_check(replay, policy, &replay->events.v[i], FLOW_PAST, &why))
			*list_push(out) = (struct misfit){i, xstrdup(why.message)};
		replay->events.n = i + 1;
		flow_fold(replay, policy, &replay->events.v[i]);
	}
}

static bool is_among(const struct ticket *ticket, const misfits *list, const char *id)
{
	for (size_t i = 0; i < list->n; i++)
		if (text_equal(ticket->events.v[list->v[i].at].id, id))
			return true;
	return false;
}

static void tell_doubts(const struct ticket *ours, const struct ticket *theirs, const struct ticket *united, const struct policy *policy, struct texts *doubts)
{
	_cleanup_(misfits_release) misfits a = {0}, b = {0}, both = {0};

	find_misfits(united, policy, &both);
	if (!both.n)
		return;
	find_misfits(ours, policy, &a);
	find_misfits(theirs, policy, &b);
	for (size_t i = 0; i < both.n; i++) {
		const struct event *event = &united->events.v[both.v[i].at];
		char at[STAMP_SIZE];

		if (!is_among(ours, &a, event->id) && !is_among(theirs, &b, event->id))
			*list_push(doubts) = xasprintf(_("'%s' by %s at %s stays on record, but does not follow: %s"), language_word("event", event_word((enum event_kind)event->kind)),
						       event->by, stamp_format(at, &event->at), both.v[i].why);
	}
}

/* --- numbers --------------------------------------------------------------------------------------------------- */

/* After all that is recorded there, and not before another moment either: so that every desk writes the same time. */
static struct stamp moment_after(const struct stamp *last, int64_t not_before_s)
{
	struct stamp moment = *last;

	if (moment.s < not_before_s)
		moment.s = not_before_s;
	return moment;
}

static void add_renumbered(struct ticket *ticket, const char *old, const char *new, int64_t not_before_s)
{
	struct stamp when = moment_after(&ticket->events.v[ticket->events.n - 1].recorded, not_before_s);
	struct event *event = list_push(&ticket->events);

	*event = (struct event){.id = common_id("renumbered", ticket->uid, old, new), .at = when, .recorded = when, .by = xstrdup(EVENT_BY_SYNC), .kind = EVENT_RENUMBERED,
				.automatic = true, .old = xstrdup(old), .new = xstrdup(new)};
}

void renumber_ticket(struct ticket *ticket, const char *number, int64_t not_before_s, const struct policy *policy)
{
	add_renumbered(ticket, ticket->id, number, not_before_s);
	flow_fold(ticket, policy, &ticket->events.v[ticket->events.n - 1]);
	replace_text(&ticket->id, number);
}

/* Is a ticket of that number under this one, or this one under it ("into"), other than the one with the uid? */
static bool is_linked_otherwise(const struct ticket *ticket, const char *step, const char *uid, const char *number)
{
	for (size_t i = 0; i < ticket->events.n; i++) {
		const struct event *event = &ticket->events.v[i];

		if (event->kind == EVENT_LINKED && text_equal(event->step, step) && text_equal(event->other_number, number) && !text_equal(event->other, uid) &&
		    texts_have(&ticket->links, event->other))
			return true;
	}
	return false;
}

static void add_link(struct ticket *ticket, const char *step, const struct moved_ticket *moved, bool undo, const struct policy *policy)
{
	const struct stamp when = ticket->events.v[ticket->events.n - 1].recorded;
	struct event *event = list_push(&ticket->events);

	*event = (struct event){.id = common_id(undo ? "unlinked" : "linked", ticket->uid, moved->old, moved->new), .at = when, .recorded = when, .by = xstrdup(EVENT_BY_SYNC),
				.kind = EVENT_LINKED, .automatic = true, .step = xstrdup(step), .other = xstrdup(moved->uid), .other_number = xstrdup(undo ? moved->old : moved->new),
				.undoes = undo ? xstrdup("link") : NULL};
	flow_fold(ticket, policy, event);
}

bool follow_ticket(struct ticket *ticket, const struct moved_ticket *moved, const struct policy *policy)
{
	bool under = text_equal(ticket->incident, moved->old) && !is_linked_otherwise(ticket, "into", moved->uid, moved->old);
	bool over = texts_have(&ticket->covers, moved->old);

	if (!texts_have(&ticket->links, moved->uid) || (!under && !over))
		return false;
	/* Two that are under it had one number: there that of the first stays. */
	if (under || !is_linked_otherwise(ticket, "from", moved->uid, moved->old))
		add_link(ticket, under ? "into" : "from", moved, true, policy);
	add_link(ticket, under ? "into" : "from", moved, false, policy);
	return true;
}

void move_customer(struct ticket *ticket, const char *old, const char *new, const struct policy *policy)
{
	const struct stamp when = ticket->events.v[ticket->events.n - 1].recorded;
	struct event *event = list_push(&ticket->events);

	*event = (struct event){.id = common_id("customer", ticket->uid, old, new), .at = when, .recorded = when, .by = xstrdup(EVENT_BY_SYNC), .kind = EVENT_CORRECTED,
				.automatic = true, .reason = xstrdup("two customers had one number")};
	*list_push(&event->changes) = (struct change_of){xstrdup("customer.id"), xstrdup(old), xstrdup(new)};
	flow_fold(ticket, policy, event);
}

/* The number that the last renumbering gave; one that the other side had given meanwhile stays known as an alias. */
static void settle_number(struct ticket *ticket, const struct ticket *ours, const struct ticket *theirs)
{
	const char *const had[] = {ours->id, theirs->id};

	for (size_t i = ticket->events.n; i-- > 0 && !*ticket->id;)
		if (ticket->events.v[i].kind == EVENT_RENUMBERED)
			replace_text(&ticket->id, ticket->events.v[i].new);
	if (!*ticket->id)
		replace_text(&ticket->id, strcmp(ours->id, theirs->id) <= 0 ? ours->id : theirs->id);
	for (size_t i = 0; i < ARRAY_SIZE(had); i++) {
		bool known = text_equal(had[i], ticket->id);

		for (size_t e = 0; e < ticket->events.n && !known; e++)
			known = ticket->events.v[e].kind == EVENT_RENUMBERED && text_equal(ticket->events.v[e].old, had[i]);
		if (!known)
			add_renumbered(ticket, had[i], ticket->id, 0);
	}
}

struct ticket *unite_tickets(const struct ticket *ours, const struct ticket *theirs, const struct ticket *base, const struct policy *policy, struct texts *doubts)
{
	struct ticket *ticket = unite_heads(ours, theirs, base, policy);
	const struct event *retargeted;

	unite_events(&event_codec, (const struct any_list *)&ours->events, (const struct any_list *)&theirs->events, (struct any_list *)&ticket->events);
	settle_number(ticket, ours, theirs);
	retargeted = first_of(ticket, EVENT_RETARGETED);
	replace_text(&ticket->policy, retargeted && retargeted->old ? retargeted->old : ours->policy);
	flow_refold(ticket, policy);
	tell_doubts(ours, theirs, ticket, policy, doubts);
	return ticket;
}

/* --- actions --------------------------------------------------------------------------------------------------- */

static void add_note(struct action *action, const char *old, const char *new, int64_t not_before_s)
{
	struct stamp when = moment_after(&action->events.v[action->events.n - 1].recorded, not_before_s);
	struct action_event *event = list_push(&action->events);

	*event = (struct action_event){.id = common_id("renumbered", action->uid, old, new), .at = when, .recorded = when, .by = xstrdup(EVENT_BY_SYNC),
				       .kind = ACTION_EVENT_NOTED, .automatic = true, .text = xasprintf("renumbered: it was %s", old)};
}

int renumber_action(struct action *action, const char *number, int64_t not_before_s, struct ticket_error *err)
{
	add_note(action, action->id, number, not_before_s);
	replace_text(&action->id, number);
	return action_fold(action, &action->events.v[action->events.n - 1], err);
}

/* The events that cannot follow, by id, as the action stood when each came. */
static void action_misfits(const struct action *action, struct texts *out)
{
	_cleanup_action_ struct action *replay = xcalloc(1, sizeof(*replay));

	codec_copy(&action_codec, replay, action);
	action_clear(replay);
	for (size_t i = 0; i < replay->events.n; i++) {
		if (!action_may_follow((enum action_state)replay->state, (enum action_kind)replay->events.v[i].kind))
			texts_add(out, replay->events.v[i].id);
		action_fold(replay, &replay->events.v[i], NULL);
	}
}

static void tell_action_doubts(const struct action *ours, const struct action *theirs, const struct action *united, struct texts *doubts)
{
	struct texts apart = {0}, both = {0};

	action_misfits(ours, &apart);
	action_misfits(theirs, &apart);
	action_misfits(united, &both);
	for (size_t i = 0; i < united->events.n; i++) {
		const struct action_event *event = &united->events.v[i];
		char at[STAMP_SIZE];

		if (texts_have(&both, event->id) && !texts_have(&apart, event->id))
			*list_push(doubts) = xasprintf(_("'%s' by %s at %s stays on record, but does not follow from what the other side recorded"),
						       language_word("event", action_event_word((enum action_kind)event->kind)), event->by, stamp_format(at, &event->at));
	}
	texts_release(&apart);
	texts_release(&both);
}

int unite_actions(struct action **out, const struct action *ours, const struct action *theirs, struct texts *doubts, struct ticket_error *err)
{
	_cleanup_action_ struct action *action = xcalloc(1, sizeof(*action));
	int failed = 0;

	*out = NULL;
	codec_copy(&action_codec, action, ours);
	codec_member_clear(codec_field(&action_codec, "events"), action);
	action_clear(action);
	unite_events(&action_event_codec, (const struct any_list *)&ours->events, (const struct any_list *)&theirs->events, (struct any_list *)&action->events);
	for (size_t i = 0; i < action->events.n && !failed; i++)
		failed = action_fold(action, &action->events.v[i], err);
	/* Renumbered apart, the later number of the two stands: numbers only grow. */
	if (!failed && !text_equal(ours->id, theirs->id))
		replace_text(&action->id, strcmp(ours->id, theirs->id) > 0 ? ours->id : theirs->id);
	if (failed)
		return failed;
	tell_action_doubts(ours, theirs, action, doubts);
	*out = steal_ptr(action);
	return 0;
}
