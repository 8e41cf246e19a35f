/* SPDX-License-Identifier: MIT */
/* The fold: from events to the state and the other derived members of a ticket. */
#include "flow/flow.h"
#include "model/ticket.h"

static void set_if(char **slot, const char *text)
{
	if (text)
		replace_text(slot, *text ? text : NULL);
}

static void classify(struct ticket *ticket, const struct event *event)
{
	if (event->types.n)
		texts_copy(&ticket->types, &event->types);
	if (event->departments.n)
		texts_copy(&ticket->departments, &event->departments);
	set_if(&ticket->category, event->category);
	set_if(&ticket->grade, event->grade);
	set_if(&ticket->priority, event->priority);
	set_if(&ticket->risk, event->risk);
}

static void stop_waiting(struct ticket *ticket)
{
	replace_text(&ticket->waiting_for, NULL);
}

/* Back to work: what finished it must happen again. Only a reopening is a new cycle; a dispute goes on with the old one. */
static void back_to_work(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	ticket->state = ticket->assignee ? STATE_IN_PROGRESS : STATE_TRIAGED;
	ticket->cycle += event->kind == EVENT_REOPENED;
	stop_waiting(ticket);
}

/* The departments that an event names besides those that are involved already (A12, E4). */
static void involve(struct ticket *ticket, const struct event *event)
{
	for (size_t i = 0; i < event->departments.n; i++)
		if (!texts_have(&ticket->departments, event->departments.v[i]))
			texts_add(&ticket->departments, event->departments.v[i]);
}

static void fold_assigned(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	if (event->group)
		replace_text(&ticket->group, event->group);
	/* Given to a group alone, it waits for somebody there to take it. */
	replace_text(&ticket->assignee, event->person);
	involve(ticket, event);
	if (ticket->state == STATE_NEW || ticket->state == STATE_TRIAGED)
		ticket->state = STATE_ASSIGNED;
}

static void fold_noted(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	set_if(&ticket->doing, event->doing);
	if (event->eta.set)
		ticket->eta = event->eta;
	involve(ticket, event);
	if (ticket->state == STATE_ASSIGNED)
		ticket->state = STATE_IN_PROGRESS;
}

static void fold_planned(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	set_if(&ticket->lead, event->person);
	ticket->plan_due = event->due;
	for (size_t i = 0; i < event->parts.n; i++)
		if (event->parts.v[i].department && !texts_have(&ticket->departments, event->parts.v[i].department))
			texts_add(&ticket->departments, event->parts.v[i].department);
	if (ticket->state < STATE_IN_PROGRESS)
		ticket->state = STATE_IN_PROGRESS;
}

static void fold_escalated(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	if (event->level > ticket->level)
		ticket->level = event->level;
	ticket->delayed |= event->delayed;
	set_if(&ticket->priority, event->priority);
	set_if(&ticket->group, event->group);
	set_if(&ticket->assignee, event->person);
}

static void add_files(struct ticket *ticket, const struct event *event)
{
	for (size_t i = 0; i < event->files.n; i++) {
		const struct attachment *from = &event->files.v[i];
		struct attachment *to = list_push(&ticket->attachments);

		*to = (struct attachment){xstrdup(from->name), xstrdup(from->digest), from->size_bytes, xstrdup(from->type)};
	}
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void take_out(struct texts *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++)
		if (text_equal(list->v[i], text)) {
			free(list->v[i]);
			memmove(&list->v[i], &list->v[i + 1], (--list->n - i) * sizeof(*list->v));
			return;
		}
}

static void put_in(struct texts *list, const char *text)
{
	if (!text || texts_have(list, text))
		return;
	texts_add(list, text);
	qsort(list->v, list->n, sizeof(*list->v), compare_texts);
}

static void fold_linked(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	bool belongs = text_equal(event->step, "into"), covers = text_equal(event->step, "from");

	if (event->undoes) {
		take_out(&ticket->links, event->other);
		take_out(&ticket->covers, event->other_number);
		if (belongs)
			replace_text(&ticket->incident, NULL);
		return;
	}
	put_in(&ticket->links, event->other);
	if (belongs)
		replace_text(&ticket->incident, event->other_number);
	if (covers)
		put_in(&ticket->covers, event->other_number);
}

/* The state before the merge that 'undo' takes back: what the events until then, but for the merge, fold to. */
static enum ticket_state state_without_merge(const struct ticket *ticket, const struct policy *policy, const struct event *undo)
{
	_cleanup_ticket_ struct ticket *copy = ticket_copy(ticket);
	enum ticket_state state;

	for (size_t i = 0; i < copy->events.n; i++)
		if (text_equal(copy->events.v[i].id, undo->undoes) || &ticket->events.v[i] >= undo)
			copy->events.v[i].kind = EVENT_NOTIFIED;
	flow_refold(copy, policy);
	state = (enum ticket_state)copy->state;
	return state;
}

static void fold_merged(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	if (!text_equal(event->step, "into"))
		return; /* the ticket that takes the other in goes on as it is */
	if (event->undoes) {
		ticket->state = (int)state_without_merge(ticket, policy, event);
		replace_text(&ticket->merged_into, NULL);
	} else {
		ticket->state = STATE_MERGED;
		replace_text(&ticket->merged_into, event->other);
	}
}

const char *const flow_correctable[FLOW_CORRECTABLE] = {
	"received", "channel", "source.address", "customer.id", "customer.display", "customer.contact", "subject", "description", "types",
	"category", "grade", "priority", "risk", "wants", "expects", "departments",
};

bool flow_may_correct(const char *field)
{
	for (size_t i = 0; i < FLOW_CORRECTABLE; i++)
		if (text_equal(field, flow_correctable[i]))
			return true;
	return false;
}

/* A correction names head members, or fields of the policy's own as "field.NAME"; whatever else a file says there is left alone. */
static void fold_corrected(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	for (size_t i = 0; i < event->changes.n; i++) {
		const struct change_of *change = &event->changes.v[i];
		const char *dot = strchr(change->field, '.'), *new = change->new ? change->new : "";
		_cleanup_free_ char *head = xstrndup(change->field, dot ? (size_t)(dot - change->field) : strlen(change->field));
		const struct codec_field *field = flow_may_correct(change->field) ? codec_field(&ticket_codec, head) : NULL;

		if (text_equal(head, "field") && dot)
			pairs_set(&ticket->fields, dot + 1, *new ? new : NULL);
		else if (field && dot && field->type == CODEC_OBJECT && codec_field(field->sub, dot + 1))
			codec_member_set(codec_field(field->sub, dot + 1), (char *)ticket + field->offset, new, NULL);
		else if (field && !dot)
			codec_member_set(field, ticket, new, NULL);
	}
}

static void fold_inbound(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	/* The customer who was waited for has come back. */
	if (ticket->state == STATE_WAITING && text_equal(ticket->waiting_for, "customer")) {
		ticket->state = STATE_IN_PROGRESS;
		stop_waiting(ticket);
	}
}

static void fold_opened(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	classify(ticket, event);
	ticket->state = STATE_NEW;
	ticket->cycle = 1;
}

static void fold_triaged(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	classify(ticket, event);
	if (ticket->state == STATE_NEW)
		ticket->state = STATE_TRIAGED;
}

static void fold_responded(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	if (ticket->state < STATE_IN_PROGRESS)
		ticket->state = STATE_IN_PROGRESS;
}

static void fold_waiting(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	ticket->state = STATE_WAITING;
	replace_text(&ticket->waiting_for, event->for_whom);
}

static void fold_resumed(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	ticket->state = STATE_IN_PROGRESS;
	stop_waiting(ticket);
}

static void fold_resolved(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	ticket->state = STATE_RESOLVED;
	stop_waiting(ticket);
	add_files(ticket, event);
}

static void fold_confirmed(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	ticket->state = STATE_CONFIRMED;
	add_files(ticket, event);
}

static void fold_verified(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	ticket->state = STATE_VERIFIED;
}

static void fold_archived(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	ticket->state = STATE_ARCHIVED;
}

static void fold_attached(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	add_files(ticket, event);
}

static void fold_quarantined(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	ticket->quarantined = event->kind == EVENT_QUARANTINED;
}

static void fold_renumbered(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	if (event->old && !texts_have(&ticket->aliases, event->old))
		texts_add(&ticket->aliases, event->old);
}

static void fold_retargeted(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	set_if(&ticket->policy, event->new);
}

/* Kinds that are not here leave the ticket as it is: they are told, not folded. */
static void (*const folds[EVENT_KINDS])(struct ticket *ticket, const struct policy *policy, const struct event *event) = {
	[EVENT_OPENED] = fold_opened,       [EVENT_TRIAGED] = fold_triaged,         [EVENT_ASSIGNED] = fold_assigned,
	[EVENT_RESPONDED] = fold_responded, [EVENT_INBOUND] = fold_inbound,         [EVENT_NOTED] = fold_noted,
	[EVENT_PLANNED] = fold_planned,     [EVENT_WAITING] = fold_waiting,         [EVENT_RESUMED] = fold_resumed,
	[EVENT_RESOLVED] = fold_resolved,   [EVENT_CONFIRMED] = fold_confirmed,     [EVENT_DISPUTED] = back_to_work,
	[EVENT_REOPENED] = back_to_work,    [EVENT_VERIFIED] = fold_verified,       [EVENT_ARCHIVED] = fold_archived,
	[EVENT_ESCALATED] = fold_escalated, [EVENT_ATTACHED] = fold_attached,       [EVENT_MERGED] = fold_merged,
	[EVENT_LINKED] = fold_linked,       [EVENT_QUARANTINED] = fold_quarantined, [EVENT_RELEASED] = fold_quarantined,
	[EVENT_CORRECTED] = fold_corrected, [EVENT_RENUMBERED] = fold_renumbered,   [EVENT_RETARGETED] = fold_retargeted,
};

void flow_fold(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	if ((unsigned)event->kind < EVENT_KINDS && folds[event->kind])
		folds[event->kind](ticket, policy, event);
}

/* The members of a ticket that events alone decide. */
static const char *const derived[] = {
	"types", "category", "grade", "priority", "risk", "departments", "state", "cycle", "group", "assignee", "waiting_for", "doing", "eta", "lead",
	"plan_due", "level", "delayed", "quarantined", "merged_into", "aliases", "links", "incident", "covers", "attachments",
};

void flow_clear(struct ticket *ticket)
{
	for (size_t i = 0; i < ARRAY_SIZE(derived); i++)
		codec_member_clear(codec_field(&ticket_codec, derived[i]), ticket);
}

void flow_refold(struct ticket *ticket, const struct policy *policy)
{
	flow_clear(ticket);
	for (size_t i = 0; i < ticket->events.n; i++)
		flow_fold(ticket, policy, &ticket->events.v[i]);
}
