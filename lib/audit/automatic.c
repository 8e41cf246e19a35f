/* SPDX-License-Identifier: MIT */
/*
 * audit of what rules did by themselves. Nobody is asked for leave or reasons then, so whoever bends history would like to
 * be taken for a rule: what is called automatic must be what a rule had to do, at that moment, on that ticket.
 */
#include "audit/audit.h"

#include "flow/flow.h"
#include "model/event.h"
#include "sweep/sweep.h"

/* --- a step of a clock -------------------------------------------------------------------------------------------- */

static bool does_the_same(const struct event *event, const struct event *rule)
{
	static const char *const members[] = {"do", "level", "delayed", "priority", "to", "group", "person"};

	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		const struct codec_field *field = codec_field(&event_codec, members[i]);
		_cleanup_free_ char *did = codec_member_text(field, event), *should = codec_member_text(field, rule);

		if (!text_equal(did, should))
			return false;
	}
	return true;
}

static bool is_step_of_clock(struct audit *audit, const struct ticket *ticket, const struct event *event)
{
	const struct policy *policy;
	const struct calendars *calendars;
	clock_steps steps = {0};
	bool found = false;

	if ((!ticket->policy && !audit->desk.current) || desk_rules(&audit->desk, ticket, &policy, &calendars, NULL) ||
	    clocks_steps(&steps, ticket, policy, calendars, event->recorded.s, NULL))
		return true; /* that its clocks cannot be computed is told elsewhere */
	for (size_t i = 0; i < steps.n && !found; i++) {
		const struct clock_step *step = &steps.v[i];
		struct event rule = {0};

		if (step->recorded || step->at_s != event->at.s || step->cycle != event->cycle || !text_equal(step->name, event->step) || !text_equal(step->target, event->clock))
			continue;
		sweep_event(audit->desk.policy, ticket, step, &rule);
		found = does_the_same(event, &rule);
		event_release(&rule);
	}
	clock_steps_release(&steps);
	return found;
}

/* --- others ------------------------------------------------------------------------------------------------------- */

/* "alarm:NAME", "alarm:NAME:ID of a wait" */
static const struct alarm *alarm_of(const struct policy *policy, const char *step)
{
	const char *name = step && text_starts(step, "alarm:") ? step + strlen("alarm:") : NULL;

	for (size_t i = 0; i < policy->alarms.n && name; i++) {
		size_t n = strlen(policy->alarms.v[i].name);

		if (strncmp(policy->alarms.v[i].name, name, n) == 0 && (!name[n] || name[n] == ':'))
			return &policy->alarms.v[i];
	}
	return NULL;
}

static bool is_alarm(const struct policy *policy, const struct ticket *ticket, const struct event *event)
{
	const struct alarm *alarm = alarm_of(policy, event->step);
	struct event rule = {.kind = EVENT_WARNED};

	if (!alarm)
		return false;
	if (alarm->level && event->kind == EVENT_ESCALATED) {
		rule.kind = EVENT_ESCALATED;
		rule.level = alarm->level > ticket->level ? alarm->level : ticket->level;
	}
	return does_the_same(event, &rule);
}

/* Closed after a silence that the alarm has just told of, when nothing was missing. */
static bool is_closing(const struct policy *policy, const struct ticket *ticket, const struct event *event)
{
	const struct event *last = ticket->events.n ? &ticket->events.v[ticket->events.n - 1] : NULL;
	const struct alarm *alarm = last && last->kind == EVENT_WARNED && last->automatic && last->recorded.s == event->recorded.s ? alarm_of(policy, last->step) : NULL;
	struct texts missing = {0};
	bool complete;

	if (!alarm || !text_equal(alarm->then, "close") || ticket->state != STATE_WAITING)
		return false;
	flow_missing(ticket, policy, event_word(EVENT_RESOLVED), true, &missing);
	complete = !missing.n;
	texts_release(&missing);
	return complete;
}

static bool is_survey(const struct policy *policy, const struct ticket *ticket, const struct event *event)
{
	const char *owed = survey_owed(policy, ticket, event->recorded.s);

	if (event->scores.n || event->text)
		return false;
	if (owed)
		return text_equal(owed, event->step);
	return text_equal(event->step, "sent") && text_equal(policy->survey.send, "auto") && !flow_survey_steps(ticket, "sent");
}

/* "visit:RULE:CUSTOMER:DAY" is the key under which the sweep opens one. */
static bool is_visit(const struct policy *policy, const struct ticket *ticket)
{
	const char *name = ticket->source.key && text_starts(ticket->source.key, "visit:") ? ticket->source.key + strlen("visit:") : NULL;

	for (size_t i = 0; i < policy->visits.n && name; i++) {
		size_t n = strlen(policy->visits.v[i].name);

		if (strncmp(policy->visits.v[i].name, name, n) == 0 && name[n] == ':')
			return true;
	}
	return false;
}

bool audit_is_by_rule(struct audit *audit, const struct ticket *ticket, const struct event *event)
{
	const struct policy *policy = audit->desk.policy;

	switch (event->kind) {
	case EVENT_WARNED:
	case EVENT_BREACHED:
	case EVENT_ESCALATED:
		return event->clock ? is_step_of_clock(audit, ticket, event) : is_alarm(policy, ticket, event);
	case EVENT_RESOLVED:
		return is_closing(policy, ticket, event);
	case EVENT_SURVEY:
		return is_survey(policy, ticket, event);
	case EVENT_OPENED:
		return is_visit(policy, ticket);
	case EVENT_ASSIGNED: /* to whom a visit falls */
		return is_visit(policy, ticket) && ticket->events.n == 1;
	case EVENT_NOTIFIED:
	case EVENT_RETARGETED: /* judged with the rules */
		return true;
	default:
		return false;
	}
}
