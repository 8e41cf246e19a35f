/* SPDX-License-Identifier: MIT */
/* Who may do what: the policy's permissions, held against one event (A9, A10, C10, C14). */
#include "flow/flow.h"
#include "ticket/language.h"

static bool has_role(const struct policy *policy, const char *name, const struct texts *roles)
{
	const struct person *person = policy_person(policy, name);

	for (size_t i = 0; person && i < person->roles.n; i++)
		if (texts_have(roles, person->roles.v[i]))
			return true;
	return false;
}

/* Did this person handle the ticket: was it assigned to him, did he resolve it? */
static bool is_handler(const struct ticket *ticket, const char *name)
{
	for (size_t i = 0; i < ticket->events.n; i++) {
		const struct event *event = &ticket->events.v[i];

		if ((event->kind == EVENT_RESOLVED && text_equal(event->by, name)) || (event->kind == EVENT_ASSIGNED && text_equal(event->person, name)))
			return true;
	}
	return false;
}

/* Did he record one of these himself, since the ticket was last reopened? */
static bool recorded_one(const struct ticket *ticket, const struct policy *policy, const struct texts *moments, const char *name)
{
	for (size_t i = ticket->events.n; i-- > 0;) {
		const struct event *event = &ticket->events.v[i];

		if (text_equal(event->by, name) && moment_is_any(moments, event, ticket, policy))
			return true;
		if (event->kind == EVENT_REOPENED)
			break;
	}
	return false;
}

/* How a member is given on the command line. */
static const char *option_for(const char *member)
{
	static const char *const options[][2] = {
		{"text", "-m TEXT"},       {"reason", "--reason TEXT"}, {"late_reason", "--late-reason TEXT"}, {"files", "--evidence FILE"},
		{"decision", "--decision TEXT"}, {"cause", "--cause CODE"},   {"due", "--due TIME"},                 {"eta", "--eta TIME"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (text_equal(options[i][0], member))
			return options[i][1];
	return member;
}

static int check_rule(const struct permission *rule, const struct ticket *ticket, const struct policy *policy, const struct event *event, struct ticket_error *err)
{
	const char *what = language_word("event", event->kind == EVENT_ASSIGNED && ticket->assignee ? "reassigned" : event_word((enum event_kind)event->kind));

	for (size_t i = 0; i < rule->needs.n; i++)
		if (!event_has(event, rule->needs.v[i]))
			return ticket_fail(err, TICKET_REFUSED, "'%s': '%s' needs %s here", ticket->id, what, option_for(rule->needs.v[i]));
	/* A desk that names no people asks nobody for his role. */
	if (!policy->people.n)
		return 0;
	if (rule->roles.n && !has_role(policy, event->by, &rule->roles)) {
		_cleanup_free_ char *roles = texts_join(&rule->roles, ", ");

		return ticket_fail(err, TICKET_REFUSED, "'%s': '%s' may not be recorded by '%s'; it is for %s", ticket->id, what, event->by, roles);
	}
	if ((rule->not_handler && is_handler(ticket, event->by)) || recorded_one(ticket, policy, &rule->not_by, event->by))
		return ticket_fail(err, TICKET_REFUSED, "'%s': '%s' had a hand in it; '%s' is for somebody else", ticket->id, event->by, what);
	return 0;
}

int flow_check_permission(const struct ticket *ticket, const struct policy *policy, const struct event *event, struct ticket_error *err)
{
	const struct permission *rule;

	if (policy->people.n && !policy_person(policy, event->by))
		return ticket_fail(err, TICKET_REFUSED, "'%s' is nobody of this desk; act as one of its people with --as, or add the name to policy/policy.json", event->by);
	rule = policy_permission(policy, ticket, event, NULL);
	return rule ? check_rule(rule, ticket, policy, event, err) : 0;
}
