/* SPDX-License-Identifier: MIT */
/* Which event may follow which state, in what order of time, and with which reasons. */
#include "flow/flow.h"
#include "ticket/language.h"

#define IN(state) (1u << (state))
#define FRESH (IN(STATE_NEW) | IN(STATE_TRIAGED))
#define WORK (IN(STATE_ASSIGNED) | IN(STATE_IN_PROGRESS))
#define OPEN (FRESH | WORK | IN(STATE_WAITING))
#define DONE (IN(STATE_RESOLVED) | IN(STATE_CONFIRMED) | IN(STATE_VERIFIED))
#define LIVE (OPEN | DONE)
#define ANY (LIVE | IN(STATE_ARCHIVED) | IN(STATE_MERGED))

static const struct rule {
	const char *command;   /* what a person types; NULL: only the program records it */
	unsigned states;       /* the states it may follow */
	enum event_kind after; /* it cannot have happened before the last such event */
} rules[EVENT_KINDS] = {
	[EVENT_OPENED] = {"new", IN(STATE_NONE), EVENT_NONE},
	[EVENT_TRIAGED] = {"triage", OPEN, EVENT_NONE},
	[EVENT_ASSIGNED] = {"assign", OPEN, EVENT_NONE},
	[EVENT_RESPONDED] = {"respond", LIVE, EVENT_NONE},
	[EVENT_INBOUND] = {"inbound", LIVE, EVENT_NONE},
	[EVENT_NOTED] = {"note", LIVE, EVENT_NONE},
	[EVENT_PLANNED] = {"plan", OPEN, EVENT_NONE},
	[EVENT_WAITING] = {"wait", FRESH | WORK, EVENT_NONE},
	[EVENT_RESUMED] = {"resume", IN(STATE_WAITING), EVENT_WAITING},
	[EVENT_RESOLVED] = {"resolve", OPEN, EVENT_NONE},
	[EVENT_CONFIRMED] = {"confirm", IN(STATE_RESOLVED), EVENT_RESOLVED},
	[EVENT_DISPUTED] = {"dispute", DONE, EVENT_RESOLVED},
	[EVENT_SURVEY] = {"survey", DONE | IN(STATE_ARCHIVED), EVENT_RESOLVED},
	[EVENT_FOLLOWED_UP] = {"followup", DONE | IN(STATE_ARCHIVED), EVENT_RESOLVED},
	[EVENT_VERIFIED] = {"verify", IN(STATE_RESOLVED) | IN(STATE_CONFIRMED), EVENT_RESOLVED},
	[EVENT_ARCHIVED] = {"archive", DONE, EVENT_RESOLVED},
	[EVENT_REOPENED] = {"reopen", DONE | IN(STATE_ARCHIVED), EVENT_RESOLVED},
	[EVENT_ESCALATED] = {"escalate", LIVE, EVENT_NONE},
	[EVENT_REVIEWED] = {"review", LIVE, EVENT_ESCALATED},
	[EVENT_ATTACHED] = {"attach", LIVE, EVENT_NONE},
	[EVENT_MERGED] = {"merge", LIVE | IN(STATE_MERGED), EVENT_NONE},
	[EVENT_SPLIT] = {"split", LIVE, EVENT_NONE},
	[EVENT_LINKED] = {"link", ANY, EVENT_NONE},
	[EVENT_QUARANTINED] = {"quarantine", LIVE | IN(STATE_ARCHIVED), EVENT_NONE},
	[EVENT_CORRECTED] = {"correct", LIVE | IN(STATE_ARCHIVED), EVENT_NONE},
	[EVENT_RELEASED] = {"release", LIVE | IN(STATE_ARCHIVED), EVENT_CORRECTED},
	[EVENT_WARNED] = {NULL, ANY, EVENT_NONE},
	[EVENT_BREACHED] = {NULL, ANY, EVENT_NONE},
	[EVENT_NOTIFIED] = {NULL, ANY, EVENT_NONE},
	[EVENT_RENUMBERED] = {NULL, ANY, EVENT_NONE},
	[EVENT_RETARGETED] = {NULL, ANY, EVENT_NONE},
	[EVENT_INSPECTED] = {"inspect add", DONE | IN(STATE_ARCHIVED), EVENT_RESOLVED},
};

const char *flow_command(enum event_kind kind)
{
	return (unsigned)kind < EVENT_KINDS ? rules[kind].command : NULL;
}

static bool starts_cycle(const struct event *event)
{
	return event->kind == EVENT_REOPENED || event->kind == EVENT_DISPUTED;
}

const struct event *flow_last(const struct ticket *ticket, enum event_kind kind, bool any_cycle)
{
	for (size_t i = ticket->events.n; i-- > 0;) {
		const struct event *event = &ticket->events.v[i];

		if (event->kind == (int)kind)
			return event;
		if (!any_cycle && starts_cycle(event))
			return NULL;
	}
	return NULL;
}

char *flow_allowed(const struct ticket *ticket)
{
	struct buf list = {0};

	for (int kind = EVENT_OPENED; kind < EVENT_KINDS; kind++) {
		if (!rules[kind].command || !(rules[kind].states & IN(ticket->state)))
			continue;
		if ((kind == EVENT_RELEASED && !ticket->quarantined) || (kind == EVENT_QUARANTINED && ticket->quarantined) ||
		    (kind == EVENT_REVIEWED && !ticket->level) || (kind == EVENT_ARCHIVED && ticket->quarantined))
			continue;
		buf_addf(&list, "%s%s", list.n ? ", " : "", rules[kind].command);
	}
	return buf_steal(&list);
}

/* What a refusal by state says next: the one step that leads on, where there is one. */
static void state_hint(const struct ticket *ticket, enum event_kind kind, struct buf *hint)
{
	_cleanup_free_ char *allowed = flow_allowed(ticket);

	if (ticket->state == STATE_MERGED)
		buf_addf(hint, _("undo that first: ticket merge --undo %s"), ticket->id);
	else if (ticket->state == STATE_ARCHIVED && (rules[kind].states & (OPEN | DONE)))
		buf_addf(hint, _("reopen it first: ticket reopen %s --reason …"), ticket->id);
	else if (!(rules[kind].states & ~OPEN) && (IN(ticket->state) & DONE))
		buf_addf(hint, _("reopen it first: ticket reopen %s --reason …; or what is allowed now: %s"), ticket->id, allowed);
	else
		buf_addf(hint, _("allowed now: %s"), allowed);
}

/* An event by its word, in the language of who reads the message. */
static const char *told(const struct event *event)
{
	return language_word("event", event_word((enum event_kind)event->kind));
}

static int check_state(const struct ticket *ticket, const struct event *event, struct ticket_error *err)
{
	_cleanup_buf_ struct buf hint = {0};
	const char *command = rules[event->kind].command;

	if (event->kind == EVENT_MERGED && ticket->state == STATE_MERGED && event->undoes)
		return 0;
	if ((rules[event->kind].states & IN(ticket->state)) && !(event->kind == EVENT_MERGED && ticket->state == STATE_MERGED)) {
		if (event->kind == EVENT_QUARANTINED && ticket->quarantined)
			return ticket_fail(err, TICKET_REFUSED, "'%s' is quarantined already", ticket->id);
		if (event->kind == EVENT_RELEASED && !ticket->quarantined)
			return ticket_fail(err, TICKET_REFUSED, "'%s' is not quarantined", ticket->id);
		if (event->kind == EVENT_ARCHIVED && ticket->quarantined)
			return ticket_fail(err, TICKET_REFUSED, "'%s' is quarantined; have it released first: ticket release %s", ticket->id, ticket->id);
		return 0;
	}
	if (event->kind == EVENT_OPENED)
		return ticket_fail(err, TICKET_REFUSED, "'%s' is open already", ticket->id);
	state_hint(ticket, (enum event_kind)event->kind, &hint);
	if (command)
		return ticket_fail(err, TICKET_REFUSED, "'%s' is %s, so it cannot be '%s' (ticket %s); %s", ticket->id, language_word("state", state_word((enum ticket_state)ticket->state)),
				   told(event), command, hint.p);
	return ticket_fail(err, TICKET_REFUSED, "'%s' is %s, so it cannot be '%s'; %s", ticket->id, language_word("state", state_word((enum ticket_state)ticket->state)), told(event),
			   hint.p);
}

static int check_times(const struct ticket *ticket, const struct policy *policy, const struct event *event, struct ticket_error *err)
{
	const struct event *before = rules[event->kind].after ? flow_last(ticket, rules[event->kind].after, false) : NULL;
	char at[STAMP_SIZE], other[STAMP_SIZE];

	stamp_format(at, &event->at);
	if (event->at.s > event->recorded.s + policy->clock_skew.seconds)
		return ticket_fail(err, TICKET_REFUSED, "'%s': %s lies in the future; it is %s now", ticket->id, at, stamp_format(other, &event->recorded));
	if (event->at.s < ticket->received.s)
		return ticket_fail(err, TICKET_REFUSED, "'%s' was received at %s, so nothing can have happened to it at %s", ticket->id,
				   stamp_format(other, &ticket->received), at);
	if (before && event->at.s < before->at.s)
		return ticket_fail(err, TICKET_REFUSED, "'%s' was %s at %s, so '%s' cannot have happened at %s", ticket->id,
				   told(before), stamp_format(other, &before->at), told(event), at);
	return 0;
}

/* A11, D6: what ends a clock after its due time needs a reason, where the target says so. */
static int check_late(const struct ticket *ticket, const struct policy *policy, const struct event *event, struct ticket_error *err)
{
	char due[STAMP_SIZE];

	for (size_t i = 0; i < ticket->clocks.n; i++) {
		const struct clock *clock = &ticket->clocks.v[i];
		const struct target *target = policy_target(policy, clock->target, ticket);

		if (!target || !target->late_reason || clock->done.set || !clock->due.set || event->at.s <= clock->due.s)
			continue;
		if (!moment_is_any(&target->until, event, ticket, policy) || event->late_reason)
			continue;
		return ticket_fail(err, TICKET_REFUSED, "'%s' comes late: %s was due at %s; say why with --late-reason", ticket->id, clock->target,
				   stamp_format(due, &clock->due));
	}
	return 0;
}

size_t flow_survey_steps(const struct ticket *ticket, const char *step)
{
	size_t n = 0;

	for (size_t i = ticket->events.n; i-- > 0 && !starts_cycle(&ticket->events.v[i]);)
		n += ticket->events.v[i].kind == EVENT_SURVEY && text_equal(ticket->events.v[i].step, step);
	return n;
}

const struct event *flow_survey_waiting(const struct ticket *ticket)
{
	const struct event *last = flow_last(ticket, EVENT_SURVEY, false);
	const struct event *followup = flow_last(ticket, EVENT_FOLLOWED_UP, false);

	if (!last || !last->due.set || !text_equal(last->step, "sent") || !(IN(ticket->state) & DONE) || ticket->quarantined)
		return NULL;
	/* Whoever was talked to since has given his answer that way (D10). */
	return followup && followup > last ? NULL : last;
}

/* D10: nobody is given up before he was asked twice. B6: an answer without a name cannot be replaced by another. */
static int check_survey(const struct ticket *ticket, const struct policy *policy, const struct event *event, struct ticket_error *err)
{
	size_t asked;

	if (event->kind != EVENT_SURVEY)
		return 0;
	if (text_equal(event->step, "answered") && policy->survey.anonymous && flow_survey_steps(ticket, "answered"))
		return ticket_fail(err, TICKET_REFUSED, "'%s': its survey has been answered; without names no answer can be taken back for another", ticket->id);
	if (!text_equal(event->step, "unanswered") || !policy->survey.second.set)
		return 0;
	asked = flow_survey_steps(ticket, "sent");
	if (asked < 2)
		return ticket_fail(err, TICKET_REFUSED, asked ? N_("'%s': the customer was asked only once; ask a second time first: ticket survey %s --sent") :
				   N_("'%s': the customer was never asked; send the survey first: ticket survey %s --sent"), ticket->id, ticket->id);
	return 0;
}

static int check_gates(const struct ticket *ticket, const struct policy *policy, const struct event *event, struct ticket_error *err)
{
	struct texts missing = {0};
	_cleanup_free_ char *list = NULL;

	flow_missing(ticket, policy, event_word((enum event_kind)event->kind), false, &missing);
	list = texts_join(&missing, _("; "));
	texts_release(&missing);
	if (!*list)
		return 0;
	return ticket_fail(err, TICKET_REFUSED, "'%s' cannot be %s yet: %s", ticket->id, told(event), list);
}

int flow_check(const struct ticket *ticket, const struct policy *policy, const struct event *event, enum flow_mode mode, struct ticket_error *err)
{
	int failed;

	if ((failed = check_state(ticket, event, err)) || (failed = check_times(ticket, policy, event, err)) ||
	    (failed = flow_check_values(ticket, policy, event, err)))
		return failed;
	if (mode == FLOW_PAST || event->automatic)
		return 0;
	if ((failed = flow_check_permission(ticket, policy, event, err)) || (failed = check_survey(ticket, policy, event, err)) ||
	    (failed = check_late(ticket, policy, event, err)))
		return failed;
	return check_gates(ticket, policy, event, err);
}
