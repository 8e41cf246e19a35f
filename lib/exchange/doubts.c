/* SPDX-License-Identifier: MIT */
/* Doubts: what is wrong with a draft that can be stored all the same; `import --quarantine` sets it apart; see plan.h. */
#include "exchange/plan.h"

#include "flow/flow.h"
#include "model/event.h"
#include "model/ticket.h"

static void add(struct draft *draft, bool system, char *text)
{
	*list_push(&draft->doubts) = (struct doubt){text, system};
}

bool draft_doubt(const struct plan *plan, struct draft *draft, struct fault *fault)
{
	char *hint;

	if (!plan->quarantine || fault->doubt == DOUBT_NONE)
		return false;
	/* How a map could mend it is of no use on a ticket. */
	hint = strstr(fault->err.message, "; \"early\"");
	if (hint)
		*hint = '\0';
	if (fault->column)
		add(draft, fault->doubt == DOUBT_SYSTEM, xasprintf("%s: %s", fault->column, fault->err.message));
	else
		add(draft, fault->doubt == DOUBT_SYSTEM, xstrdup(fault->err.message));
	*fault = (struct fault){0};
	return true;
}

void draft_keep_words(struct draft *draft, const struct event *event)
{
	struct doubt *doubt = draft->doubts.n ? &draft->doubts.v[draft->doubts.n - 1] : NULL;
	char *both;

	if (!doubt || !event->text)
		return;
	both = xasprintf("%s\n%s: %s", doubt->text, event_word((enum event_kind)event->kind), event->text);
	free(doubt->text);
	doubt->text = both;
}

/* A value that is not of its field's kind cannot be kept there; what it was stands in the doubt. */
static void drop_misfits(const struct plan *plan, struct draft *draft)
{
	for (size_t i = 0; i < plan->policy->fields.n; i++) {
		const struct field_rule *rule = &plan->policy->fields.v[i];
		_cleanup_free_ char *value = flow_field_value(draft->ticket, rule);

		if (!rule->own || !conditions_hold(&rule->when, draft->ticket) || !flow_field_misfit(plan->policy, rule, value))
			continue;
		add(draft, false, xasprintf("%s: '%s' is no %s", rule->name, value, rule->kind));
		pairs_set(&draft->ticket->fields, rule->name, NULL);
	}
}

/* The ticket as it is when it has just been opened, with what the policy puts in where nothing is said. */
static struct ticket *opened_ticket(const struct plan *plan, const struct draft *draft)
{
	struct ticket *ticket = ticket_copy(draft->ticket);
	struct event *opened;

	replace_text(&ticket->id, draft->key);
	ticket->priority = ticket->priority ? ticket->priority : xstrdup(plan->policy->default_priority);
	ticket->grade = ticket->grade ? ticket->grade : xstrdup(plan->policy->default_grade);
	ticket->risk = ticket->risk ? ticket->risk : xstrdup(plan->policy->default_risk);
	opened = list_push(&ticket->events);
	opened->kind = EVENT_OPENED;
	opened->at = opened->recorded = ticket->received;
	opened->priority = xstrdup(ticket->priority);
	opened->grade = xstrdup(ticket->grade);
	opened->risk = xstrdup(ticket->risk);
	opened->category = xstrdup(ticket->category);
	texts_copy(&opened->types, &ticket->types);
	texts_copy(&opened->departments, &ticket->departments);
	flow_fold(ticket, plan->policy, opened);
	return ticket;
}

static void drop_event(struct draft *draft, size_t i)
{
	size_t behind = draft->events.n - i - 1;

	event_release(&draft->events.v[i]);
	memmove(&draft->events.v[i], &draft->events.v[i + 1], behind * sizeof(*draft->events.v));
	memmove(&draft->event_rows.v[i], &draft->event_rows.v[i + 1], behind * sizeof(*draft->event_rows.v));
	draft->events.n--;
	draft->event_rows.n--;
}

/* Tries the events one after another, as recording them will; those that cannot follow are dropped. */
static void try_events(const struct plan *plan, struct draft *draft, struct ticket *ticket)
{
	for (size_t i = 0; i < draft->events.n;) {
		struct event event = {0};
		struct ticket_error why = {0};
		const char *word = event_word((enum event_kind)draft->events.v[i].kind);

		event_copy(&event, &draft->events.v[i]);
		event.recorded = event.recorded.set ? event.recorded : (struct stamp){.s = plan->context.now_s, .set = true};
		if (flow_check(ticket, plan->policy, &event, FLOW_PAST, &why)) {
			struct anomaly anomaly = {ANOMALY_TRIED, xasprintf("%s: %.*s", word, (int)strcspn(why.message, ";"), why.message), NULL};

			add(draft, false, anomaly_sentence(&anomaly, plan->policy->language));
			draft_keep_words(draft, &event);
			free(anomaly.what);
			event_release(&event);
			drop_event(draft, i);
			continue;
		}
		*list_push(&ticket->events) = event;
		flow_fold(ticket, plan->policy, &ticket->events.v[ticket->events.n - 1]);
		i++;
	}
}

void draft_examine(const struct plan *plan, struct draft *draft)
{
	_cleanup_ticket_ struct ticket *ticket = NULL;
	anomalies found = {0};

	drop_misfits(plan, draft);
	ticket = opened_ticket(plan, draft);
	try_events(plan, draft, ticket);
	flow_anomalies(ticket, plan->policy, &found);
	for (size_t i = 0; i < found.n; i++) {
		add(draft, text_equal(anomaly_cause(found.v[i].kind), "system"), anomaly_sentence(&found.v[i], plan->policy->language));
		draft->incomplete = draft->incomplete || found.v[i].kind == ANOMALY_FIELDS;
	}
	anomalies_release(&found);
}

bool draft_is_doubtful(const struct draft *draft)
{
	return draft->doubts.n > 0;
}

void draft_quarantined(const struct draft *draft, struct event *out)
{
	struct buf text = {0};
	bool entry = false;

	for (size_t i = 0; i < draft->doubts.n; i++) {
		buf_addf(&text, "%s%s", i ? "\n" : "", draft->doubts.v[i].text);
		entry = entry || !draft->doubts.v[i].system;
	}
	out->kind = EVENT_QUARANTINED;
	out->cause = xstrdup(entry ? "entry" : "system");
	out->text = buf_steal(&text);
}
