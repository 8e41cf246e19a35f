/* SPDX-License-Identifier: MIT */
/* Recording on actions: what may follow, who may, what it must name; masked, appended, folded, one commit. */
#include "action/action.h"

#include "desk/register.h"

/* --- the book -------------------------------------------------------------------------------------------------- */

int action_book_get(struct action_book *book, struct change *change, const char *id, struct action **out, struct ticket_error *err)
{
	int failed;

	for (size_t i = 0; i < book->actions.n; i++)
		if (text_equal(book->actions.v[i]->id, id)) {
			*out = book->actions.v[i];
			return 0;
		}
	if (!(failed = action_read_from(change->desk, &change->base.tree, id, out, err)))
		*list_push(&book->actions) = *out;
	return failed;
}

int action_book_put(struct action_book *book, struct change *change, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	int failed = 0;

	for (size_t i = 0; i < book->actions.n && !failed; i++) {
		_cleanup_free_ char *path = action_path(book->actions.v[i]->id);

		buf_truncate(&text, 0);
		action_write(book->actions.v[i], &text);
		failed = change_file(change, path, text.p, text.n, err);
	}
	return failed;
}

void action_book_release(struct action_book *book)
{
	for (size_t i = 0; i < book->actions.n; i++)
		action_free(book->actions.v[i]);
	free(book->actions.v);
	*book = (struct action_book){0};
}

static void sign(const struct change *change, struct action_event *event)
{
	const struct desk *desk = change->desk;

	if (!event->id)
		event->id = random_hex(8);
	event->recorded = stamp_at(desk->zone, desk->context.now_s);
	if (!event->at.set)
		event->at = event->recorded;
	replace_text(&event->by, desk_actor(desk));
	replace_text(&event->role, desk_actor_role(desk));
}

int action_append(struct change *change, struct action *action, struct action_event *event, struct ticket_error *err)
{
	int failed;

	sign(change, event);
	/* As with tickets: another desk's clock may have been ahead of ours. */
	if (action->events.n && action->events.v[action->events.n - 1].recorded.s > event->recorded.s)
		event->recorded = action->events.v[action->events.n - 1].recorded;
	if ((failed = codec_check_texts(&action_event_codec, event, err)) || (failed = action_fold(action, event, err))) {
		action_event_release(event);
		return failed;
	}
	*list_push(&action->events) = *event;
	memset(event, 0, sizeof(*event));
	return 0;
}

/* --- values ---------------------------------------------------------------------------------------------------- */

static const struct change_of *change_named(const struct action_event *event, const char *field)
{
	for (size_t i = 0; i < event->changes.n; i++)
		if (text_equal(event->changes.v[i].field, field))
			return &event->changes.v[i];
	return NULL;
}

static int check_owner(const struct policy *policy, struct change_of *change, struct ticket_error *err)
{
	const struct person *person = policy_person(policy, change->new);

	if (!policy->people.n)
		return 0;
	if (!person)
		return ticket_fail(err, TICKET_REFUSED, "'%s' is nobody of this desk, so the action cannot be his; see: ticket policy show people", change->new);
	replace_text(&change->new, person->name);
	return 0;
}

/* Numbers as they are in full; each once. */
static int check_tickets(struct desk *desk, struct change_of *change, struct ticket_error *err)
{
	struct texts full = {0};
	char *rest = change->new, *word;
	int failed = 0;

	while (!failed && (word = strsep(&rest, ","))) {
		_cleanup_free_ char *number = NULL;

		if (*word && !(failed = desk_resolve(desk, word, &number, err)) && !texts_have(&full, number))
			texts_add(&full, number);
	}
	free(change->new);
	change->new = texts_join(&full, ",");
	texts_release(&full);
	return failed;
}

static int check_value(struct change *change, struct change_of *one, struct ticket_error *err)
{
	const struct policy *policy = change->desk->policy;

	if (text_equal(one->field, "problem") && (!one->new || !*one->new))
		return ticket_fail(err, TICKET_USAGE, "an action is about a problem; it cannot be empty");
	if (!one->new || !*one->new)
		return 0;
	if (text_equal(one->field, "owner"))
		return check_owner(policy, one, err);
	if (text_equal(one->field, "category"))
		return policy_need_choice(&policy->categories, "category", one->new, err);
	if (text_equal(one->field, "type"))
		return policy_need_choice(&policy->types, "type", one->new, err);
	return text_equal(one->field, "tickets") ? check_tickets(change->desk, one, err) : 0;
}

/* Notes what was before, and drops what is no change. */
static int check_changes(struct change *change, const struct action *action, struct action_event *event, struct ticket_error *err)
{
	size_t kept = 0;
	int failed = 0;

	for (size_t i = 0; i < event->changes.n && !failed; i++) {
		struct change_of *one = &event->changes.v[i];

		failed = check_value(change, one, err);
		free(one->old);
		one->old = action_member(action, one->field);
		if (!*one->old)
			replace_text(&one->old, NULL);
	}
	for (size_t i = 0; i < event->changes.n && !failed; i++) {
		struct change_of one = event->changes.v[i];

		if (!text_equal(one.old ? one.old : "", one.new ? one.new : "")) {
			event->changes.v[i] = event->changes.v[kept];
			event->changes.v[kept++] = one;
			continue;
		}
	}
	for (size_t i = kept; i < event->changes.n && !failed; i++) {
		free(event->changes.v[i].field);
		free(event->changes.v[i].old);
		free(event->changes.v[i].new);
	}
	if (!failed)
		event->changes.n = kept;
	return failed;
}

/* --- what may follow ------------------------------------------------------------------------------------------- */

#define IN(state) (1u << (state))
#define LIVE (IN(ACTION_PROPOSED) | IN(ACTION_OPEN) | IN(ACTION_DONE))

static const struct rule {
	const char *command;
	unsigned states;
	bool text, reason;
} rules[ACTION_EVENT_KINDS] = {
	[ACTION_EVENT_ADDED] = {"add", IN(ACTION_NONE), false, false},
	[ACTION_EVENT_EDITED] = {"edit", LIVE, false, true},
	[ACTION_EVENT_NOTED] = {"note", LIVE | IN(ACTION_VERIFIED) | IN(ACTION_DROPPED), true, false},
	[ACTION_EVENT_DONE] = {"done", IN(ACTION_OPEN), true, false},
	[ACTION_EVENT_VERIFIED] = {"verify", IN(ACTION_DONE), true, false},
	[ACTION_EVENT_DROPPED] = {"drop", LIVE, false, true},
	[ACTION_EVENT_REOPENED] = {"reopen", IN(ACTION_DONE) | IN(ACTION_VERIFIED) | IN(ACTION_DROPPED), false, true},
};

bool action_may_follow(enum action_state state, enum action_kind kind)
{
	/* What the program notes itself changes nothing. */
	if (kind == ACTION_EVENT_REMINDED || kind == ACTION_EVENT_NOTIFIED)
		return state != ACTION_NONE;
	return (unsigned)kind < ACTION_EVENT_KINDS && (rules[kind].states & IN(state));
}

static int check_state(const struct action *action, const struct action_event *event, struct ticket_error *err)
{
	const struct rule *rule = &rules[event->kind];
	_cleanup_buf_ struct buf allowed = {0};

	if (!(rule->states & IN(action->state))) {
		for (int kind = 0; kind < ACTION_EVENT_KINDS; kind++)
			if (rules[kind].command && (rules[kind].states & IN(action->state)))
				buf_addf(&allowed, "%s%s", allowed.n ? ", " : "", rules[kind].command);
		if (event->kind == ACTION_EVENT_DONE && action->state == ACTION_PROPOSED)
			return ticket_fail(err, TICKET_REFUSED, "'%s' is only proposed; give it an owner and a due date first: ticket action edit %s --owner PERSON --due TIME --reason TEXT",
					   action->id, action->id);
		return ticket_fail(err, TICKET_REFUSED, "'%s' is %s, so '%s' cannot follow; allowed now: %s", action->id, action_state_word((enum action_state)action->state),
				   action_event_word((enum action_kind)event->kind), allowed.p);
	}
	if (rule->reason && !(event->reason && *event->reason))
		return ticket_fail(err, TICKET_USAGE, "'%s': say why with --reason TEXT", action->id);
	if (rule->text && !(event->text && *event->text) && !event->changes.n)
		return ticket_fail(err, TICKET_USAGE, "'%s': say it with -m TEXT", action->id);
	if (event->kind == ACTION_EVENT_EDITED && !event->changes.n)
		return ticket_fail(err, TICKET_USAGE, "'%s': nothing is changed by that", action->id);
	if (event->kind == ACTION_EVENT_VERIFIED && !event->effective)
		return ticket_fail(err, TICKET_USAGE, "'%s': say whether it helped: --effective yes, partly or no", action->id);
	return 0;
}

static int check_times(const struct desk *desk, const struct action *action, const struct action_event *event, struct ticket_error *err)
{
	const struct stamp *first = action->events.n ? &action->events.v[0].at : NULL;
	char at[STAMP_SIZE], other[STAMP_SIZE];

	if (!event->at.set)
		return 0;
	stamp_format(at, &event->at);
	if (event->at.s > desk->context.now_s + desk->policy->clock_skew.seconds)
		return ticket_fail(err, TICKET_REFUSED, "'%s': %s lies in the future", action->id, at);
	if (event->kind == ACTION_EVENT_VERIFIED && event->at.s < action->done.s)
		return ticket_fail(err, TICKET_REFUSED, "'%s' was carried out at %s, so it cannot have been verified at %s", action->id, stamp_format(other, &action->done), at);
	if (first && event->at.s < first->s)
		return ticket_fail(err, TICKET_REFUSED, "'%s' was added at %s, so nothing can have happened to it at %s", action->id, stamp_format(other, first), at);
	return 0;
}

static bool has_role(const struct person *person, const struct texts *roles)
{
	for (size_t i = 0; i < person->roles.n; i++)
		if (texts_have(roles, person->roles.v[i]))
			return true;
	return false;
}

/* Is what the policy asks for there: on the event, or on the action as it will be? */
static bool is_given(const struct action *action, const struct action_event *event, const char *member)
{
	const struct codec_field *of_event = codec_field(&action_event_codec, member), *of_action = codec_field(&action_codec, member);
	const struct change_of *change = change_named(event, member);

	if (of_event && codec_member_present(of_event, event))
		return true;
	if (change)
		return change->new && *change->new;
	return of_action && codec_member_present(of_action, action);
}

static int check_permission(const struct desk *desk, const struct action *action, const struct action_event *event, struct ticket_error *err)
{
	const char *word = action_event_word((enum action_kind)event->kind);
	_cleanup_free_ char *act = xasprintf("action:%s", word), *roles = NULL;
	const struct permission *rule = policy_permission(desk->policy, NULL, NULL, act);
	const struct person *person = policy_person(desk->policy, desk_actor(desk));

	if (event->kind == ACTION_EVENT_VERIFIED && text_equal(action->owner, person ? person->name : desk_actor(desk)))
		return ticket_fail(err, TICKET_REFUSED, "'%s' is the owner of '%s'; somebody else must verify that it helped", desk_actor(desk), action->id);
	for (size_t i = 0; rule && i < rule->needs.n; i++)
		if (!is_given(action, event, rule->needs.v[i]))
			return ticket_fail(err, TICKET_REFUSED, "'%s': the rules of this desk ask for '%s' when an action is %s", action->id, rule->needs.v[i], word);
	if (!desk->policy->people.n)
		return 0;
	if (!person)
		return ticket_fail(err, TICKET_REFUSED, "'%s' is nobody of this desk; act as one of its people with --as, or add the name to policy/policy.json", desk_actor(desk));
	if (!rule || !rule->roles.n || has_role(person, &rule->roles))
		return 0;
	roles = texts_join(&rule->roles, ", ");
	return ticket_fail(err, TICKET_REFUSED, "'%s': '%s' may not be recorded by '%s'; it is for %s", action->id, act, desk_actor(desk), roles);
}

int action_may_record(const struct desk *desk, const struct action *action, const struct action_event *event, struct ticket_error *err)
{
	int failed;

	if ((failed = check_state(action, event, err)) || (failed = check_times(desk, action, event, err)))
		return failed;
	return check_permission(desk, action, event, err);
}

/* --- masking --------------------------------------------------------------------------------------------------- */

/* Nothing personal in any text: neither what is known of the customers of the tickets, nor what looks like it. */
static void mask_text(struct change *change, const struct texts *customers, char **text)
{
	for (size_t i = 0; *text && i < (customers->n ? customers->n : 1); i++) {
		char *masked = register_mask(change, customers->n ? customers->v[i] : NULL, *text);

		free(*text);
		*text = masked;
	}
}

static void mask_event(struct change *change, const struct action *action, struct action_event *event)
{
	static const char *const free_texts[] = {"problem", "cause", "plan", "feedback"};
	const struct change_of *linked = change_named(event, "tickets");
	_cleanup_free_ char *numbers = linked ? xstrdup(linked->new) : texts_join(&action->tickets, ",");
	struct texts customers = {0};
	char *rest = numbers, *number;

	while ((number = strsep(&rest, ","))) {
		struct ticket *ticket;

		if (*number && !change_ticket(change, number, &ticket, NULL) && ticket->customer.id && !texts_have(&customers, ticket->customer.id))
			texts_add(&customers, ticket->customer.id);
	}
	mask_text(change, &customers, &event->text);
	mask_text(change, &customers, &event->reason);
	for (size_t i = 0; i < event->changes.n; i++)
		for (size_t t = 0; t < ARRAY_SIZE(free_texts); t++)
			if (text_equal(event->changes.v[i].field, free_texts[t]))
				mask_text(change, &customers, &event->changes.v[i].new);
	texts_release(&customers);
}

/* --- recording ------------------------------------------------------------------------------------------------- */

/* A new one gets the next number of the year. */
static int make_new(struct action_book *book, struct change *change, struct ticket_error *err)
{
	struct action *action = xcalloc(1, sizeof(*action));
	struct texts numbers = {0};
	struct civil civil;
	char head[16];
	long long last = 0;
	int failed = action_numbers(change->desk, &numbers, err);

	*list_push(&book->actions) = action;
	civil_from(&civil, zone_wall(change->desk->zone, change->desk->context.now_s));
	snprintf(head, sizeof(head), "A-%04d-", (int)(civil.year % 10000));
	for (size_t i = 0; i < numbers.n; i++)
		if (text_starts(numbers.v[i], head) && strtoll(numbers.v[i] + strlen(head), NULL, 10) > last)
			last = strtoll(numbers.v[i] + strlen(head), NULL, 10);
	texts_release(&numbers);
	action->format = 1;
	action->id = xasprintf("%s%04lld", head, last + 1);
	action->uid = random_hex(16);
	return failed;
}

static int record_one(struct change *change, struct action *action, const struct action_event *given, struct ticket_error *err)
{
	struct action_event event = {0};
	int failed;

	codec_copy(&action_event_codec, &event, given);
	mask_event(change, action, &event);
	if ((failed = check_changes(change, action, &event, err)) || (failed = action_may_record(change->desk, action, &event, err))) {
		action_event_release(&event);
		return failed;
	}
	return action_append(change, action, &event, err);
}

static int name_all(struct desk *desk, const struct texts *words, struct texts *ids, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < words->n && !failed; i++) {
		_cleanup_free_ char *id = NULL;

		if (!(failed = action_resolve(desk, words->v[i], &id, err)) && !texts_have(ids, id))
			texts_add(ids, id);
	}
	return failed;
}

static int record_all(struct change *change, struct action_book *book, const struct texts *words, const struct action_event *event, struct ticket_error *err)
{
	const char *command = rules[event->kind].command;
	struct texts ids = {0};
	int failed = words ? name_all(change->desk, words, &ids, err) : make_new(book, change, err);

	for (size_t i = 0; i < ids.n && !failed; i++) {
		struct action *action;

		failed = action_book_get(book, change, ids.v[i], &action, err);
	}
	texts_release(&ids);
	for (size_t i = 0; i < book->actions.n && !failed; i++)
		failed = record_one(change, book->actions.v[i], event, err);
	if (failed || (failed = action_book_put(book, change, err)))
		return failed;
	if (book->actions.n == 1)
		change_subject(change, "action: %s %s", command, book->actions.v[0]->id);
	else
		change_subject(change, "action: %s %zu actions", command, book->actions.n);
	return 0;
}

int action_record(struct desk *desk, const struct texts *words, const struct action_event *event, bool dry_run, action_visitor *after, void *data, struct ticket_error *err)
{
	_cleanup_(action_book_release) struct action_book book = {0};
	_cleanup_change_ struct change *change = NULL;
	int failed;

	if (!rules[event->kind].command)
		return ticket_fail(err, TICKET_USAGE, "'%s' is recorded by the desk itself", action_event_word((enum action_kind)event->kind));
	if ((failed = change_begin(&change, desk, err)) || (failed = record_all(change, &book, words, event, err)) || (failed = change_commit(change, dry_run, err)))
		return failed;
	for (size_t i = 0; i < book.actions.n && !failed && after; i++)
		failed = after(book.actions.v[i], data, err);
	return failed;
}
