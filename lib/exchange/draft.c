/* SPDX-License-Identifier: MIT */
/* Drafts: the rows of a file gathered by key, and the head of a ticket made of them; see plan.h. */
#include "exchange/plan.h"

#include "desk/intake.h"
#include "model/event.h"
#include "model/ticket.h"
#include "ticket/text.h"

#include <search.h>

/* --- the head -------------------------------------------------------------------------------------------------- */

/* A value that neither the map's table nor the desk knows goes into the desk's own field, where the map names one. */
static bool put_aside(const struct plan *plan, struct draft *draft, const struct map_value *value, const choices *list, const struct row *row)
{
	_cleanup_free_ char *raw = NULL, *plain = NULL;
	const char *known;

	if (!value->into || !(raw = map_raw(value, &plan->context, row)))
		return false;
	plain = text_strip(xstrdup(raw));
	known = pairs_get(&value->values, plain);
	if (known || (!value->values.n && list && policy_choice(list, plain)))
		return false;
	pairs_set(&draft->ticket->fields, value->into, plain);
	return true;
}

static int need_choice(const struct map_target *target, const choices *list, const char *text, const struct map_value *value, const struct row *row, struct fault *fault)
{
	struct ticket_error err = {0};

	if (!list || !policy_need_choice(list, target->noun, text, &err))
		return 0;
	map_fault(fault, row, value, "%s", err.message);
	return map_doubt(fault, DOUBT_ENTRY);
}

static int set_text(const struct plan *plan, struct draft *draft, const struct map_target *target, const struct map_value *value, const struct row *row, struct fault *fault)
{
	const choices *list = target->noun ? (const choices *)((const char *)plan->policy + target->list) : NULL;
	char **member = (char **)((char *)draft->ticket + target->offset);
	int failed;

	free(*member);
	*member = NULL;
	if (put_aside(plan, draft, value, list, row))
		*member = xstrdup(value->fallback);
	else if ((failed = map_text(member, value, &plan->context, row, fault)))
		return failed;
	if (list && *member)
		text_strip(*member);
	return *member ? need_choice(target, list, *member, value, row, fault) : 0;
}

static void drop_text(struct texts *texts, size_t i)
{
	free(texts->v[i]);
	memmove(&texts->v[i], &texts->v[i + 1], (--texts->n - i) * sizeof(*texts->v));
}

/* What a ticket can do without; a ticket needs its receipt and its channel. */
static bool can_do_without(const struct map_target *target)
{
	return strcmp(target->name, "received") != 0 && strcmp(target->name, "channel") != 0;
}

static void clear_member(struct draft *draft, const struct map_target *target)
{
	void *member = (char *)draft->ticket + target->offset;

	if (target->type == CODEC_TEXTS) {
		texts_release(member);
	} else if (target->type == CODEC_TIME) {
		*(struct stamp *)member = (struct stamp){0};
	} else {
		free(*(char **)member);
		*(char **)member = NULL;
	}
}

static int set_texts(const struct plan *plan, struct draft *draft, const struct map_target *target, const struct map_value *value, const struct row *row, struct fault *fault)
{
	const choices *list = target->noun ? (const choices *)((const char *)plan->policy + target->list) : NULL;
	struct texts *member = (struct texts *)((char *)draft->ticket + target->offset);
	int failed = 0;

	if (!value->split && put_aside(plan, draft, value, list, row)) {
		if (value->fallback)
			texts_add(member, value->fallback);
	} else if ((failed = map_texts(member, value, &plan->context, row, fault))) {
		return failed;
	}
	for (size_t i = 0; i < member->n && !failed; i++)
		if ((failed = need_choice(target, list, member->v[i], value, row, fault)) && draft_doubt(plan, draft, fault)) {
			drop_text(member, i--);
			failed = 0;
		}
	return failed;
}

static const struct row *row_for(const struct map_value *value, const struct row *first, const struct row *last)
{
	return value->row == ROW_LAST ? last : first;
}

static void note_source(const struct plan *plan, struct draft *draft, const struct map_target *target, const struct map_value *value, const struct row *row)
{
	_cleanup_free_ char *raw = value->constant ? NULL : map_raw(value, &plan->context, row);

	if (value->constant || (!raw && value->fallback))
		draft->not_from_file |= 1u << (target - map_targets);
}

static int build_head(struct plan *plan, struct draft *draft, const struct row *first, const struct row *last, struct fault *fault)
{
	const struct map *map = plan->context.map;
	int failed = 0;

	for (size_t i = 0; i < map->ticket.n && !failed; i++) {
		const struct map_value *value = &map->ticket.v[i].value;
		const struct map_target *target = map_target(map->ticket.v[i].name);
		const struct row *row = row_for(value, first, last);

		note_source(plan, draft, target, value, row);
		if (target->type == CODEC_TIME)
			failed = map_time((struct stamp *)((char *)draft->ticket + target->offset), value, &plan->context, row, fault);
		else if (target->type == CODEC_TEXTS)
			failed = set_texts(plan, draft, target, value, row, fault);
		else
			failed = set_text(plan, draft, target, value, row, fault);
		if (failed && can_do_without(target) && draft_doubt(plan, draft, fault)) {
			clear_member(draft, target);
			failed = 0;
		}
		if (!failed && target == map_targets && !draft->ticket->received.set)
			failed = map_fault(fault, row, value, "the time of receipt is missing");
	}
	for (size_t i = 0; i < map->fields.n && !failed; i++) {
		const struct map_value *value = &map->fields.v[i].value;
		_cleanup_free_ char *text = NULL;

		failed = map_text(&text, value, &plan->context, row_for(value, first, last), fault);
		if (text)
			pairs_set(&draft->ticket->fields, map->fields.v[i].name, text);
		if (failed && draft_doubt(plan, draft, fault))
			failed = 0;
	}
	if (!failed && !draft->ticket->channel)
		failed = map_fault(fault, first, NULL, "the channel is missing");
	return failed;
}

/* --- a draft --------------------------------------------------------------------------------------------------- */

static int compare_times(const void *a, const void *b)
{
	const struct timed_row *x = a, *y = b;

	if (x->at.s != y->at.s)
		return x->at.s < y->at.s ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

/* The rows of a draft in order of time; a file of tickets has one row and its receipt. */
static int order_rows(const struct plan *plan, struct draft *draft, struct timed_row *rows, struct fault *fault, size_t *faulty_row)
{
	const struct map *map = plan->context.map;

	for (size_t i = 0; i < draft->rows.n; i++) {
		const struct row *row = &plan->rows->list.v[draft->rows.v[i]];

		rows[i] = (struct timed_row){.row = draft->rows.v[i], .place = i};
		*faulty_row = rows[i].row;
		if (map->rows != ROWS_ARE_EVENTS)
			continue;
		if (map_time(&rows[i].at, &map->time, &plan->context, row, fault))
			return TICKET_REFUSED;
		if (!rows[i].at.set)
			return map_fault(fault, row, &map->time, "the time of the row is missing");
	}
	if (map->order != ORDER_OF_FILE)
		qsort(rows, draft->rows.n, sizeof(*rows), compare_times);
	return 0;
}

void draft_mask(const struct plan *plan, struct draft *draft)
{
	if (!intake_preview(plan->policy, draft->ticket, draft->events.v, draft->events.n, &draft->fault.err))
		return;
	draft->fate = FATE_REJECTED;
	draft->faulty_row = draft->rows.v[0];
	draft->fault.line = plan->rows->list.v[draft->faulty_row].line;
}

void draft_build(struct plan *plan, struct draft *draft)
{
	_cleanup_free_ struct timed_row *rows = xcalloc(draft->rows.n, sizeof(*rows));
	const struct row *first, *last;
	struct fault *fault = &draft->fault;

	draft->ticket = xcalloc(1, sizeof(*draft->ticket));
	draft->fate = FATE_REJECTED;
	if (order_rows(plan, draft, rows, fault, &draft->faulty_row))
		return;
	first = &plan->rows->list.v[rows[0].row];
	last = &plan->rows->list.v[rows[draft->rows.n - 1].row];
	draft->faulty_row = rows[0].row;
	if (build_head(plan, draft, first, last, fault))
		return;
	if (plan->context.map->rows != ROWS_ARE_EVENTS)
		rows[0].at = draft->ticket->received;
	if (rules_apply(plan, draft, rows, draft->rows.n, fault, &draft->faulty_row))
		return;
	draft->ticket->source.key = xstrdup(draft->key);
	draft->ticket->source.file = xstrdup(plan->file);
	if (plan->quarantine)
		draft_examine(plan, draft);
	draft->fate = FATE_NEW;
}

void draft_free(struct draft *draft)
{
	for (size_t i = 0; i < draft->events.n; i++)
		event_release(&draft->events.v[i]);
	for (size_t i = 0; i < draft->doubts.n; i++)
		free(draft->doubts.v[i].text);
	free(draft->doubts.v);
	free(draft->events.v);
	free(draft->event_rows.v);
	free(draft->rows.v);
	ticket_free(draft->ticket);
	free(draft->key);
	free(draft->number);
	free(draft);
}

/* --- the plan -------------------------------------------------------------------------------------------------- */

static int compare_keys(const void *a, const void *b)
{
	return strcmp(((const struct draft *)a)->key, ((const struct draft *)b)->key);
}

struct draft *plan_find(const struct plan *plan, const char *key)
{
	struct draft wanted = {.key = (char *)key};
	struct draft **found = tfind(&wanted, (void *const *)&plan->by_key, compare_keys);

	return found ? *found : NULL;
}

struct draft *plan_add(struct plan *plan, const char *key)
{
	struct draft *draft = xcalloc(1, sizeof(*draft));

	draft->key = xstrdup(key);
	*list_push(&plan->drafts) = draft;
	tsearch(draft, &plan->by_key, compare_keys);
	return draft;
}

static void add_reject(struct plan *plan, size_t row, const struct fault *fault)
{
	struct reject *reject = list_push(&plan->rejects);

	reject->row = row;
	reject->fault = *fault;
}

static bool same_draft(const struct draft *a, const struct draft *b)
{
	bool same = codec_equal(&ticket_codec, a->ticket, b->ticket) && a->events.n == b->events.n;

	for (size_t i = 0; i < a->events.n && same; i++)
		same = codec_equal(&event_codec, &a->events.v[i], &b->events.v[i]);
	return same;
}

/* A key that comes again in a file of tickets: the same row once more, or another ticket under a wrong key. */
static void add_again(struct plan *plan, struct draft *first, size_t row)
{
	struct draft *again = xcalloc(1, sizeof(*again));
	struct fault fault = {.line = plan->rows->list.v[row].line, .column = plan->context.map->key.columns.v[0]};

	again->key = xstrdup(first->key);
	*list_push(&again->rows) = row;
	draft_build(plan, again);
	if (again->fate == FATE_REJECTED) {
		add_reject(plan, row, &again->fault);
	} else if (first->fate != FATE_REJECTED && same_draft(first, again)) {
		plan->repeated++;
	} else {
		ticket_fail(&fault.err, TICKET_REFUSED, "the key '%.100s' stands in line %zu already, with other values", first->key, plan->rows->list.v[first->rows.v[0]].line);
		add_reject(plan, row, &fault);
	}
	draft_free(again);
}

/* Rows that say the same are tickets of their own, told apart by their place among each other. */
static void count_key(const struct plan *plan, char **key)
{
	struct draft *first = plan_find(plan, *key);

	while (first && plan_find(plan, *key)) {
		free(*key);
		*key = xasprintf("%s-%zu", first->key, ++first->again + 1);
	}
}

static void add_row(struct plan *plan, size_t i)
{
	const struct row *row = &plan->rows->list.v[i];
	bool log = plan->context.map->rows == ROWS_ARE_EVENTS;
	struct fault fault = {.line = row->flaw_line, .column = row->flaw_column};
	_cleanup_free_ char *key = NULL;
	struct draft *draft;

	if (row->flaw)
		ticket_fail(&fault.err, TICKET_REFUSED, "%s", row->flaw);
	if (row->flaw || map_key(&key, &plan->context, row, &fault)) {
		add_reject(plan, i, &fault);
		return;
	}
	if (plan->context.map->key.count)
		count_key(plan, &key);
	draft = plan_find(plan, key);
	if (draft && !log) {
		add_again(plan, draft, i);
		return;
	}
	if (!draft)
		draft = plan_add(plan, key);
	*list_push(&draft->rows) = i;
	if (!log)
		draft_build(plan, draft);
}

void plan_build(struct plan *plan)
{
	for (size_t i = 0; i < plan->rows->list.n; i++)
		add_row(plan, i);
	if (plan->context.map->rows == ROWS_ARE_EVENTS)
		for (size_t i = 0; i < plan->drafts.n; i++)
			draft_build(plan, plan->drafts.v[i]);
}

static void keep_nothing(void *node)
{
}

void plan_release(struct plan *plan)
{
	tdestroy(plan->by_key, keep_nothing);
	for (size_t i = 0; i < plan->drafts.n; i++)
		draft_free(plan->drafts.v[i]);
	free(plan->drafts.v);
	free(plan->rejects.v);
}
