/* SPDX-License-Identifier: MIT */
/* What the figures need to know of a ticket, taken from it once. */
#include "figures/fact.h"

#include "flow/flow.h"
#include "sla/standing.h"
#include "ticket/text.h"

static int64_t stamp_s(const struct stamp *stamp)
{
	return stamp->set ? stamp->s : TIME_NONE;
}

bool fact_closed(const struct fact *fact)
{
	return fact->state >= STATE_RESOLVED && fact->state <= STATE_ARCHIVED;
}

bool fact_open(const struct fact *fact)
{
	return state_is_open((enum ticket_state)fact->state);
}

int64_t fact_handling(const struct fact *fact)
{
	return fact_closed(fact) && fact->resolved_s != TIME_NONE ? fact->resolved_s - fact->received_s : -1;
}

/* One step settled it: nobody had to plan, report progress, ask again, wait, complain or start over. */
bool fact_first_contact(const struct fact *fact)
{
	return fact_closed(fact) && fact->steps <= 1 && !fact->inbounds && !fact->reopenings && !fact->disputed && !fact->waited && !fact->escalations;
}

static void take_survey(struct fact *fact, const struct event *event, const struct policy *policy)
{
	fact->surveyed = true;
	if (!text_equal(event->step, "answered"))
		return;
	/* The latest answer counts: a second one replaces the first. */
	free(fact->scores.v);
	memset(&fact->scores, 0, sizeof(fact->scores));
	fact->answered = true;
	fact->low = false;
	fact->low_contacted_s = TIME_NONE;
	fact->low_cause = NULL;
	fact->remark = event->text;
	fact->feedback = event->text;
	for (size_t i = 0; i < event->scores.n; i++) {
		struct score_fact *score = list_push(&fact->scores);

		score->question = event->scores.v[i].key;
		score->score = strtod(event->scores.v[i].value, NULL);
		fact->low = fact->low || score->score <= (double)policy->survey.low;
	}
}

/* Telling the customer what was done, once it is done, is no step on the way. */
static void count_step(struct fact *fact)
{
	fact->steps += fact->resolved_s == TIME_NONE;
}

static void take_event(struct fact *fact, const struct event *event, const struct policy *policy)
{
	switch (event->kind) {
	case EVENT_OPENED:
		fact->registered_s = fact->registered_s == TIME_NONE ? stamp_s(&event->at) : fact->registered_s;
		break;
	case EVENT_RESPONDED:
		count_step(fact);
		fact->responded_s = fact->responded_s == TIME_NONE ? stamp_s(&event->at) : fact->responded_s;
		break;
	case EVENT_INBOUND:
		fact->inbounds++;
		fact->complaints += event->complains;
		break;
	case EVENT_NOTED:
		count_step(fact);
		fact->progress = event->text;
		break;
	case EVENT_PLANNED:
		count_step(fact);
		fact->plan = event->text;
		break;
	case EVENT_WAITING:
		fact->waited = true;
		break;
	case EVENT_RESOLVED:
		fact->resolved_s = stamp_s(&event->at);
		fact->result = event->text;
		break;
	case EVENT_CONFIRMED:
		fact->confirmed = true;
		break;
	case EVENT_DISPUTED:
		fact->disputed = true;
		break;
	case EVENT_SURVEY:
		take_survey(fact, event, policy);
		break;
	case EVENT_FOLLOWED_UP:
		fact->followed_up = true;
		fact->satisfied = event->satisfied;
		fact->feedback = event->text ? event->text : fact->feedback;
		fact->low_followed_up += fact->low;
		if (fact->low) {
			fact->low_contacted_s = fact->low_contacted_s == TIME_NONE ? stamp_s(&event->at) : fact->low_contacted_s;
			fact->low_cause = event->cause ? event->cause : fact->low_cause;
		}
		break;
	case EVENT_ARCHIVED:
		fact->archived_s = stamp_s(&event->at);
		break;
	case EVENT_REOPENED:
		fact->reopenings++;
		break;
	case EVENT_ESCALATED:
		fact->escalations++;
		fact->escalated_to = event->to;
		fact->escalated_why = event->reason;
		break;
	case EVENT_QUARANTINED:
		fact->quarantine_cause = event->cause;
		break;
	default:
		break;
	}
}

#define KIND(kind) (UINT64_C(1) << (kind))
_Static_assert(EVENT_KINDS <= 64, "a bit for each kind of event");

static uint64_t kinds_of(const struct ticket *ticket)
{
	uint64_t kinds = 0;

	for (size_t i = 0; i < ticket->events.n; i++)
		kinds |= KIND(ticket->events.v[i].kind);
	return kinds;
}

/* From receipt to closing: somebody had it, did something, solved it, and asked how it was (C16, E10). */
static bool is_whole_chain(uint64_t kinds)
{
	const uint64_t handled = KIND(EVENT_RESPONDED) | KIND(EVENT_NOTED) | KIND(EVENT_PLANNED), asked = KIND(EVENT_CONFIRMED) | KIND(EVENT_SURVEY) | KIND(EVENT_FOLLOWED_UP);

	return kinds & KIND(EVENT_ASSIGNED) && kinds & handled && kinds & KIND(EVENT_RESOLVED) && kinds & asked;
}

/* What rules for fields may name, and where a ticket has it; any other name is that of a field of the policy's own. */
static const struct {
	const char *name;
	enum { PLACE_TEXT, PLACE_TIME, PLACE_LIST } kind;
	size_t offset;
} places[] = {
#define PLACE(kind, name, member) {name, PLACE_##kind, offsetof(struct ticket, member)}
	PLACE(TEXT, "channel", channel),         PLACE(TEXT, "subject", subject),
	PLACE(TEXT, "description", description), PLACE(TEXT, "category", category),
	PLACE(TEXT, "grade", grade),             PLACE(TEXT, "priority", priority),
	PLACE(TEXT, "risk", risk),               PLACE(TEXT, "wants", wants),
	PLACE(TEXT, "customer.id", customer.id), PLACE(TEXT, "customer.display", customer.display),
	PLACE(TEXT, "customer.contact", customer.contact), PLACE(TEXT, "source.address", source.address),
	PLACE(TEXT, "assignee", assignee),       PLACE(TEXT, "group", group),
	PLACE(TIME, "received", received),       PLACE(TIME, "expects", expects),
	PLACE(LIST, "type", types),              PLACE(LIST, "types", types),
	PLACE(LIST, "department", departments),  PLACE(LIST, "departments", departments),
#undef PLACE
};

static bool is_filled(const struct ticket *ticket, const char *name)
{
	const char *text;
	const void *at;
	size_t i = 0;

	while (i < ARRAY_SIZE(places) && !text_equal(places[i].name, name))
		i++;
	at = i < ARRAY_SIZE(places) ? (const char *)ticket + places[i].offset : NULL;
	if (at && places[i].kind == PLACE_TIME)
		return ((const struct stamp *)at)->set;
	if (at && places[i].kind == PLACE_LIST)
		return ((const struct texts *)at)->n > 0;
	text = at ? *(char *const *)at : pairs_get(&ticket->fields, text_starts(name, "field.") ? name + 6 : name);
	return text && *text;
}

static void take_fields(struct fact *fact, const struct ticket *ticket, const struct policy *policy)
{
	for (size_t i = 0; i < policy->fields.n; i++) {
		const struct field_rule *rule = &policy->fields.v[i];
		bool filled;

		if (!conditions_hold(&rule->when, ticket))
			continue;
		filled = is_filled(ticket, rule->name);
		fact->fields++;
		fact->fields_filled += filled;
		fact->keys += rule->key;
		fact->keys_filled += rule->key && filled;
	}
}

/* What `quarantine --find` would find (C14). Whoever released the ticket has looked at it. */
static void take_suspicions(struct fact *fact, const struct ticket *ticket, const struct policy *policy, uint64_t kinds)
{
	if (!ticket->quarantined && ticket->state != STATE_MERGED && !(kinds & KIND(EVENT_RELEASED)))
		fact->suspicions = flow_anomaly_kinds(ticket, policy);
}

static void take_standards(struct fact *fact, const struct ticket *ticket, const struct policy *policy)
{
	fact->n_standards = policy->standards.n;
	fact->standards = fact->n_standards ? xcalloc(fact->n_standards, sizeof(*fact->standards)) : NULL;
	for (size_t i = 0; i < policy->standards.n; i++)
		fact->standards[i] = conditions_hold(&policy->standards.v[i].when, ticket);
}

/* All but the clocks. */
static void take(struct fact *fact, const struct ticket *ticket, const struct policy *policy, const struct rules_of *judged_by)
{
	const uint64_t kinds = kinds_of(ticket);
	const struct calendar *calendar = judged_by->calendars ? calendars_get(judged_by->calendars, judged_by->policy->calendar) : NULL;

	*fact = (struct fact){
		.id = ticket->id ? ticket->id : "", .channel = ticket->channel, .category = ticket->category, .grade = ticket->grade, .priority = ticket->priority, .risk = ticket->risk,
		.group = ticket->group, .assignee = ticket->assignee, .customer = ticket->customer.id, .customer_name = ticket->customer.display,
		.subject = ticket->subject, .doing = ticket->doing, .types = ticket->types, .departments = ticket->departments, .state = ticket->state,
		.level = ticket->level, .quarantined = ticket->quarantined, .delayed = ticket->delayed, .received_s = stamp_s(&ticket->received),
		.incident = ticket->incident, .is_incident = ticket->covers.n > 0, .policy = ticket->policy,
	};
	fact->registered_s = fact->responded_s = fact->resolved_s = fact->archived_s = fact->due_s = fact->low_contacted_s = TIME_NONE;
	for (size_t i = 0; i < ticket->events.n; i++)
		take_event(fact, &ticket->events.v[i], policy);
	fact->whole_chain = is_whole_chain(kinds);
	fact->complaint = fact->complaints > 0;
	for (size_t i = 0; i < fact->types.n; i++)
		fact->complaint = fact->complaint || text_equal(fact->types.v[i], "complaint") || text_starts(fact->types.v[i], "complaint/");
	take_fields(fact, ticket, policy);
	take_standards(fact, ticket, policy);
	take_suspicions(fact, ticket, policy, kinds);
	if (calendar && fact->resolved_s != TIME_NONE)
		fact->handling_days = calendar_working_days(calendar, fact->received_s, fact->resolved_s);
}

static void take_due(struct fact *fact, const struct clock *clock)
{
	if (clock->due.set && !clock->done.set && !clock->ended.set && (fact->due_s == TIME_NONE || clock->due.s < fact->due_s))
		fact->due_s = clock->due.s;
}

void fact_of(struct fact *out, const struct ticket *ticket, const struct policy *policy, const struct rules_of *judged_by)
{
	take(out, ticket, policy, judged_by);
	out->stored_s = clocks_stored_at(ticket);
	out->followed = !judged_by->calendars;
	for (size_t i = 0; i < ticket->clocks.n && !out->followed; i++) {
		const struct clock *clock = &ticket->clocks.v[i];
		const struct standing standing = clock_standing(clock, ticket, judged_by->policy, judged_by->calendars, out->stored_s);

		*list_push(&out->clocks) = (struct clock_fact){clock->target, clock->verdict, clock->count ? clock->count : 1, clock->consumed_s, clock->paused_s, false,
							       standing.live, standing.paused, standing.due_s, standing.warned_s, standing.calendar};
		out->followed = standing.followed;
		take_due(out, clock);
	}
}

int fact_followed(struct fact *out, const struct ticket *ticket, const struct policy *policy, const struct rules_of *judged_by, int64_t now_s, struct ticket_error *err)
{
	clock_views views = {0};
	int failed;

	take(out, ticket, policy, judged_by);
	failed = clocks_evaluate(&views, ticket, judged_by->policy, judged_by->calendars, now_s, err);
	for (size_t i = 0; !failed && i < views.n; i++) {
		const struct clock *clock = &views.v[i].clock;

		/* The rule's name outlives the views. */
		*list_push(&out->clocks) = (struct clock_fact){views.v[i].rule->name, clock->verdict, clock->count ? clock->count : 1, clock->consumed_s, clock->paused_s,
							       views.v[i].at_risk, .due_s = TIME_NONE, .warned_s = TIME_NONE};
		out->overdue = out->overdue || (views.v[i].overdue && !clock->ended.set);
		take_due(out, clock);
	}
	clock_views_release(&views);
	return failed;
}

void fact_release(struct fact *fact)
{
	free(fact->clocks.v);
	free(fact->scores.v);
	free(fact->standards);
	*fact = (struct fact){0};
}
