/* SPDX-License-Identifier: MIT */
/* What the figures need to know of a ticket, read from it once. */
#include "report/report.h"

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

/* One answer settled it: nobody had to ask again, wait, complain or start over. */
bool fact_first_contact(const struct fact *fact)
{
	return fact_closed(fact) && fact->responses <= 1 && !fact->inbounds && !fact->reopenings && !fact->disputed && !fact->waited && !fact->escalations;
}

static void take_survey(struct fact *fact, const struct event *event, const struct policy *policy)
{
	fact->surveyed = true;
	if (!text_equal(event->step, "answered"))
		return;
	/* The latest answer counts: a second one replaces the first. */
	for (size_t i = 0; i < fact->scores.n; i++)
		free(fact->scores.v[i].question);
	free(fact->scores.v);
	memset(&fact->scores, 0, sizeof(fact->scores));
	fact->answered = true;
	fact->low = false;
	fact->low_contacted_s = TIME_NONE;
	replace_text(&fact->low_cause, NULL);
	replace_text(&fact->remark, event->text);
	replace_text(&fact->feedback, event->text);
	for (size_t i = 0; i < event->scores.n; i++) {
		struct score_fact *score = list_push(&fact->scores);

		score->question = xstrdup(event->scores.v[i].key);
		score->score = strtod(event->scores.v[i].value, NULL);
		fact->low = fact->low || score->score <= (double)policy->survey.low;
	}
}

static void take_event(struct fact *fact, const struct event *event, const struct policy *policy)
{
	switch (event->kind) {
	case EVENT_OPENED:
		fact->registered_s = fact->registered_s == TIME_NONE ? stamp_s(&event->at) : fact->registered_s;
		break;
	case EVENT_RESPONDED:
		fact->responses++;
		fact->responded_s = fact->responded_s == TIME_NONE ? stamp_s(&event->at) : fact->responded_s;
		break;
	case EVENT_INBOUND:
		fact->inbounds++;
		fact->complaints += event->complains;
		break;
	case EVENT_NOTED:
		replace_text(&fact->progress, event->text);
		break;
	case EVENT_PLANNED:
		replace_text(&fact->plan, event->text);
		break;
	case EVENT_WAITING:
		fact->waited = true;
		break;
	case EVENT_RESOLVED:
		fact->resolved_s = stamp_s(&event->at);
		replace_text(&fact->result, event->text);
		break;
	case EVENT_DISPUTED:
		fact->disputed = true;
		break;
	case EVENT_SURVEY:
		take_survey(fact, event, policy);
		break;
	case EVENT_FOLLOWED_UP:
		replace_text(&fact->satisfied, event->satisfied);
		replace_text(&fact->feedback, event->text ? event->text : fact->feedback);
		fact->low_followed_up += fact->low;
		if (fact->low) {
			fact->low_contacted_s = fact->low_contacted_s == TIME_NONE ? stamp_s(&event->at) : fact->low_contacted_s;
			replace_text(&fact->low_cause, event->cause ? event->cause : fact->low_cause);
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
		replace_text(&fact->escalated_to, event->to);
		replace_text(&fact->escalated_why, event->reason);
		break;
	case EVENT_QUARANTINED:
		replace_text(&fact->quarantine_cause, event->cause);
		break;
	default:
		break;
	}
}

static bool happened(const struct ticket *ticket, enum event_kind kind, enum event_kind or_kind)
{
	for (size_t i = 0; i < ticket->events.n; i++)
		if (ticket->events.v[i].kind == (int)kind || ticket->events.v[i].kind == (int)or_kind)
			return true;
	return false;
}

/* From receipt to closing: somebody had it, did something, solved it, and asked how it was (C16, E10). */
static bool has_whole_chain(const struct ticket *ticket)
{
	bool handled = happened(ticket, EVENT_RESPONDED, EVENT_NOTED) || happened(ticket, EVENT_PLANNED, EVENT_PLANNED);
	bool asked = happened(ticket, EVENT_CONFIRMED, EVENT_SURVEY) || happened(ticket, EVENT_FOLLOWED_UP, EVENT_FOLLOWED_UP);

	return happened(ticket, EVENT_ASSIGNED, EVENT_ASSIGNED) && handled && happened(ticket, EVENT_RESOLVED, EVENT_RESOLVED) && asked;
}

static bool is_filled(const struct ticket *ticket, const char *name)
{
	const struct {
		const char *name, *value;
	} head[] = {
		{"channel", ticket->channel}, {"subject", ticket->subject}, {"description", ticket->description}, {"category", ticket->category},
		{"grade", ticket->grade}, {"priority", ticket->priority}, {"risk", ticket->risk}, {"wants", ticket->wants}, {"customer.id", ticket->customer.id},
		{"customer.display", ticket->customer.display}, {"customer.contact", ticket->customer.contact}, {"source.address", ticket->source.address},
		{"assignee", ticket->assignee}, {"group", ticket->group},
	};
	const char *own = pairs_get(&ticket->fields, text_starts(name, "field.") ? name + 6 : name);

	for (size_t i = 0; i < ARRAY_SIZE(head); i++)
		if (text_equal(head[i].name, name))
			return head[i].value && *head[i].value;
	if (text_equal(name, "received"))
		return ticket->received.set;
	if (text_equal(name, "expects"))
		return ticket->expects.set;
	if (text_equal(name, "type") || text_equal(name, "types"))
		return ticket->types.n > 0;
	if (text_equal(name, "department") || text_equal(name, "departments"))
		return ticket->departments.n > 0;
	return own && *own;
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

static int take_clocks(struct fact *fact, struct desk *desk, const struct ticket *ticket, struct ticket_error *err)
{
	const struct policy *policy;
	const struct calendars *calendars;
	const struct calendar *calendar;
	clock_views views = {0};
	int failed = desk_rules(desk, ticket, &policy, &calendars, err);

	if (!failed)
		failed = clocks_evaluate(&views, ticket, policy, calendars, desk_now(desk), err);
	for (size_t i = 0; !failed && i < views.n; i++) {
		const struct clock *clock = &views.v[i].clock;
		struct clock_fact *one = list_push(&fact->clocks);

		*one = (struct clock_fact){xstrdup(clock->target), clock->verdict, clock->count ? clock->count : 1, clock->consumed_s, clock->paused_s, views.v[i].at_risk};
		fact->overdue = fact->overdue || (views.v[i].overdue && !clock->ended.set);
		if (clock->due.set && !clock->done.set && !clock->ended.set && (fact->due_s == TIME_NONE || clock->due.s < fact->due_s))
			fact->due_s = clock->due.s;
	}
	calendar = failed ? NULL : calendars_get(calendars, policy->calendar);
	if (calendar && fact->resolved_s != TIME_NONE)
		fact->handling_days = calendar_working_days(calendar, fact->received_s, fact->resolved_s);
	clock_views_release(&views);
	return failed;
}

int fact_list_add(facts *list, struct desk *desk, const struct ticket *ticket, struct ticket_error *err)
{
	const struct policy *policy = desk_policy(desk);
	struct fact *fact = list_push(list);

	fact->id = xstrdup(ticket->id);
	fact->channel = xstrdup(ticket->channel);
	fact->category = xstrdup(ticket->category);
	fact->grade = xstrdup(ticket->grade);
	fact->priority = xstrdup(ticket->priority);
	fact->risk = xstrdup(ticket->risk);
	fact->group = xstrdup(ticket->group);
	fact->assignee = xstrdup(ticket->assignee);
	fact->customer = xstrdup(ticket->customer.id);
	fact->customer_name = xstrdup(ticket->customer.display);
	fact->subject = xstrdup(ticket->subject);
	fact->doing = xstrdup(ticket->doing);
	texts_copy(&fact->types, &ticket->types);
	texts_copy(&fact->departments, &ticket->departments);
	fact->state = ticket->state;
	fact->level = ticket->level;
	fact->quarantined = ticket->quarantined;
	fact->delayed = ticket->delayed;
	fact->received_s = stamp_s(&ticket->received);
	fact->registered_s = fact->responded_s = fact->resolved_s = fact->archived_s = fact->due_s = fact->low_contacted_s = TIME_NONE;
	for (size_t i = 0; i < ticket->events.n; i++)
		take_event(fact, &ticket->events.v[i], policy);
	fact->whole_chain = has_whole_chain(ticket);
	fact->complaint = fact->complaints > 0;
	for (size_t i = 0; i < fact->types.n; i++)
		fact->complaint = fact->complaint || text_equal(fact->types.v[i], "complaint") || text_starts(fact->types.v[i], "complaint/");
	take_fields(fact, ticket, policy);
	fact->standards = xcalloc(policy->standards.n + 1, sizeof(*fact->standards));
	for (size_t i = 0; i < policy->standards.n; i++)
		fact->standards[i] = conditions_hold(&policy->standards.v[i].when, ticket);
	return take_clocks(fact, desk, ticket, err);
}

static void fact_release(struct fact *fact)
{
	char *owned[] = {fact->id, fact->channel, fact->category, fact->grade, fact->priority, fact->risk, fact->group, fact->assignee, fact->customer,
			 fact->customer_name, fact->subject, fact->satisfied, fact->feedback, fact->remark, fact->low_cause, fact->doing, fact->progress, fact->plan, fact->result,
			 fact->quarantine_cause, fact->escalated_to, fact->escalated_why};

	for (size_t i = 0; i < ARRAY_SIZE(owned); i++)
		free(owned[i]);
	texts_release(&fact->types);
	texts_release(&fact->departments);
	for (size_t i = 0; i < fact->clocks.n; i++)
		free(fact->clocks.v[i].target);
	free(fact->clocks.v);
	for (size_t i = 0; i < fact->scores.n; i++)
		free(fact->scores.v[i].question);
	free(fact->scores.v);
	free(fact->standards);
}

void fact_list_release(facts *list)
{
	for (size_t i = 0; i < list->n; i++)
		fact_release(&list->v[i]);
	free(list->v);
	memset(list, 0, sizeof(*list));
}
