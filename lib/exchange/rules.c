/* SPDX-License-Identifier: MIT */
/* Event rules: what a row, or a change from one row of a case to the next, says has happened; see plan.h. */
#include "exchange/plan.h"

#include "model/event.h"

/* An event and where it came from, until the case is complete. */
struct told {
	struct event event;
	size_t rule, row, place;
};
typedef LIST(struct told) told_list;

/* --- does a rule fire? ----------------------------------------------------------------------------------------- */

/* The first of the rule's columns that changed, with both its values; false when none did. */
static bool has_changed(const struct map_event *rule, const struct map_context *context, const struct row *row, const struct row *before)
{
	for (size_t i = 0; i < rule->on_slots.n; i++) {
		_cleanup_free_ char *now = map_cell(rule->on_slots.v[i], context, row), *then = map_cell(rule->on_slots.v[i], context, before);

		if (strcmp(now, then) != 0 && (i || (map_matches(&rule->to, now) && map_matches(&rule->from, then))))
			return true;
	}
	return false;
}

static bool fires(const struct map_event *rule, const struct map_context *context, const struct row *row, const struct row *before)
{
	if (rule->on_slots.n && !has_changed(rule, context, row, before))
		return false;
	return map_conditions_hold(rule->when.v, rule->when.n, context, row) && map_conditions_hold(rule->before.v, rule->before.n, context, before);
}

/* --- what it tells --------------------------------------------------------------------------------------------- */

static bool is_yes(const char *text)
{
	static const char *const yes[] = {"true", "yes", "1", "y", "是"};

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		if (strcmp(text, yes[i]) == 0)
			return true;
	return false;
}

static int set_member(struct event *event, const struct map_member *member, const struct map_context *context, const struct row *row, struct fault *fault)
{
	const struct codec_field *field = codec_field(&event_codec, member->name);
	void *slot = (char *)event + field->offset;
	_cleanup_free_ char *text = NULL;
	int failed;

	if (field->type == CODEC_TIME)
		return map_time(slot, &member->value, context, row, fault);
	if (field->type == CODEC_TEXTS)
		return map_texts(slot, &member->value, context, row, fault);
	if ((failed = map_text(&text, &member->value, context, row, fault)))
		return failed;
	if (field->type == CODEC_FLAG)
		*(bool *)slot = text && is_yes(text);
	else
		*(char **)slot = steal_ptr(text);
	return 0;
}

static int set_time(struct event *event, bool *told, const struct map_event *rule, const struct plan *plan, struct draft *draft, const struct row *row,
		    const struct stamp *at, struct fault *fault)
{
	const struct map_value *value = &rule->at;
	bool given = value->column || value->template || value->constant || value->fallback;
	bool log = plan->context.map->rows == ROWS_ARE_EVENTS;
	const struct stamp *received = &draft->ticket->received;
	char text[STAMP_SIZE], receipt[STAMP_SIZE];

	if (given && map_time(&event->at, value, &plan->context, row, fault)) {
		*told = false;
		return draft_doubt(plan, draft, fault) ? 0 : TICKET_REFUSED;
	}
	if (given && !event->at.set && !log) {
		*told = false; /* no time, so it has not happened */
		return 0;
	}
	if (!event->at.set)
		event->at = *at;
	if (event->at.s >= received->s)
		return 0;
	if (plan->context.map->early == EARLY_TO_RECEIPT) {
		event->at = *received;
		return 0;
	}
	map_fault(fault, row, value->column ? value : NULL, "'%s' at %s lies before the receipt at %s; \"early\": \"receipt\" in the map would move it", rule->does,
		  stamp_format(text, &event->at), stamp_format(receipt, received));
	map_doubt(fault, DOUBT_ENTRY);
	event->at = *received;
	return draft_doubt(plan, draft, fault) ? 0 : TICKET_REFUSED;
}

static int rule_event(struct event *out, bool *told, const struct map_event *rule, const struct plan *plan, struct draft *draft, const struct row *row,
	       const struct stamp *at, struct fault *fault)
{
	size_t doubts = draft->doubts.n;
	int failed = 0;

	*told = true;
	out->kind = rule->kind;
	if ((failed = set_time(out, told, rule, plan, draft, row, at, fault)) || (!*told && draft->doubts.n == doubts))
		return failed;
	for (size_t i = 0; i < rule->set.n && !failed; i++)
		if ((failed = set_member(out, &rule->set.v[i], &plan->context, row, fault)) && draft_doubt(plan, draft, fault))
			failed = 0;
	if (!*told) {
		draft_keep_words(draft, out);
		return failed;
	}
	/* Nobody and nothing given: an assignment of nothing, a triage without a result. */
	if (out->kind == EVENT_ASSIGNED)
		*told = out->person || out->group;
	if (out->kind == EVENT_TRIAGED)
		*told = out->types.n || out->category || out->grade || out->priority || out->risk || out->departments.n;
	return failed;
}

/* --- a case ---------------------------------------------------------------------------------------------------- */

static int tell_row(told_list *list, const struct plan *plan, struct draft *draft, const struct timed_row *timed, const struct row *before, struct fault *fault)
{
	const struct map *map = plan->context.map;
	const struct row *row = &plan->rows->list.v[timed->row];

	for (size_t i = 0; i < map->events.n; i++) {
		struct event event = {0};
		struct told *told;
		bool happened;
		int failed;

		if (!fires(&map->events.v[i], &plan->context, row, before))
			continue;
		failed = rule_event(&event, &happened, &map->events.v[i], plan, draft, row, &timed->at, fault);
		if (failed || !happened) {
			event_release(&event);
			if (failed)
				return failed;
			continue;
		}
		told = list_push(list);
		*told = (struct told){event, i, timed->row, list->n};
	}
	return 0;
}

/* Of the events of one rule in a case only those stay that the rule asks for. */
static bool is_asked_for(const told_list *list, size_t i, enum which which)
{
	bool first = true, last = true;

	for (size_t other = 0; other < list->n; other++) {
		if (list->v[other].rule != list->v[i].rule)
			continue;
		first &= other >= i;
		last &= other <= i;
	}
	return which == WHICH_FIRST ? first : which == WHICH_LAST ? last : which == WHICH_EARLIER ? !last : which == WHICH_LATER ? !first : true;
}

static int compare_told(const void *a, const void *b)
{
	const struct told *x = *(const struct told *const *)a, *y = *(const struct told *const *)b;

	if (x->event.at.s != y->event.at.s)
		return x->event.at.s < y->event.at.s ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

int rules_apply(const struct plan *plan, struct draft *draft, const struct timed_row *rows, size_t n, struct fault *fault, size_t *faulty_row)
{
	told_list list = {0};
	LIST(struct told *) kept = {0};
	int failed = 0;

	for (size_t i = 0; i < n && !failed; i++) {
		*faulty_row = rows[i].row;
		failed = tell_row(&list, plan, draft, &rows[i], i ? &plan->rows->list.v[rows[i - 1].row] : NULL, fault);
	}
	for (size_t i = 0; i < list.n; i++) {
		if (!failed && is_asked_for(&list, i, (enum which)plan->context.map->events.v[list.v[i].rule].which))
			*list_push(&kept) = &list.v[i];
		else
			event_release(&list.v[i].event);
	}
	if (kept.n && plan->context.map->order != ORDER_OF_FILE)
		qsort(kept.v, kept.n, sizeof(*kept.v), compare_told);
	for (size_t i = 0; i < kept.n; i++) {
		*list_push(&draft->events) = kept.v[i]->event;
		*list_push(&draft->event_rows) = kept.v[i]->row;
	}
	free(kept.v);
	free(list.v);
	return failed;
}
