/* SPDX-License-Identifier: MIT */
/* Matching: see match.h. */
#include "exchange/match.h"

#include "model/event.h"
#include "model/ticket.h"

/* --- what the last import said --------------------------------------------------------------------------------- */

/* Which correction of an event's own words: "events[ID].text". */
static char *event_field(const struct event *event, const char *member)
{
	return xasprintf("events[%s].%s", event->id, member);
}

/* Follows the corrections that imports made; people's corrections do not count. Replaces '*value'. */
static void follow_imports(char **value, const struct ticket *ticket, const char *name)
{
	for (size_t i = 0; i < ticket->events.n; i++) {
		const struct event *event = &ticket->events.v[i];

		for (size_t c = 0; event->kind == EVENT_CORRECTED && event->automatic && c < event->changes.n; c++)
			if (strcmp(event->changes.v[c].field, name) == 0)
				replace_text(value, event->changes.v[c].new ? event->changes.v[c].new : "");
	}
}

/* The value before the first correction of any kind; NULL when there was none. */
static const char *before_corrections(const struct ticket *ticket, const char *name)
{
	for (size_t i = 0; i < ticket->events.n; i++)
		for (size_t c = 0; ticket->events.v[i].kind == EVENT_CORRECTED && c < ticket->events.v[i].changes.n; c++)
			if (strcmp(ticket->events.v[i].changes.v[c].field, name) == 0)
				return ticket->events.v[i].changes.v[c].old ? ticket->events.v[i].changes.v[c].old : "";
	return NULL;
}

static char *target_text(const struct map_target *target, const void *object, size_t offset)
{
	const struct codec_field field = {target->name, target->type, offset, 0, NULL, NULL, NULL};

	return codec_member_text(&field, object);
}

/* What the last import said of a head member. Classification stands on the opening; the rest in the head. Owned. */
static char *imported_value(const struct ticket *ticket, const struct map_target *target)
{
	const struct codec_field *opened = target->noun ? codec_field(&event_codec, target->name) : NULL;
	const char *before = before_corrections(ticket, target->correction);
	char *value;

	if (opened && event_uses(EVENT_OPENED, target->name) && ticket->events.n)
		value = codec_member_text(opened, &ticket->events.v[0]);
	else
		value = before ? xstrdup(before) : target_text(target, ticket, target->offset);
	follow_imports(&value, ticket, target->correction);
	return value;
}

static char *imported_field(const struct ticket *ticket, const char *name, const char *correction)
{
	const char *before = before_corrections(ticket, correction), *now = pairs_get(&ticket->fields, name);
	char *value = xstrdup(before ? before : now ? now : "");

	follow_imports(&value, ticket, correction);
	return value;
}

/* --- the head -------------------------------------------------------------------------------------------------- */

static void add_change(struct additions *out, const char *field, const char *old, const char *new)
{
	struct change_of *change = list_push(&out->corrected.changes);

	*change = (struct change_of){xstrdup(field), xstrdup(old), xstrdup(new)};
}

static void match_targets(struct additions *out, const struct plan *plan, const struct draft *draft, const struct ticket *ticket)
{
	const struct map *map = plan->context.map;

	for (size_t i = 0; i < map->ticket.n; i++) {
		const struct map_target *target = map_target(map->ticket.v[i].name);
		_cleanup_free_ char *new = target_text(target, draft->ticket, target->offset), *imported = NULL, *now = NULL;

		if (draft->not_from_file & (1u << (target - map_targets)))
			continue;
		imported = imported_value(ticket, target);
		now = target_text(target, ticket, target->offset);
		/* Where the file says nothing the policy's default may stand on the desk. */
		if (text_equal(new, imported) || text_equal(new, now) || (!*new && target->noun))
			continue;
		add_change(out, target->correction, now, new);
	}
}

static void match_field(struct additions *out, const struct draft *draft, const struct ticket *ticket, const char *name)
{
	_cleanup_free_ char *correction = xasprintf("field.%s", name), *imported = imported_field(ticket, name, correction);
	const char *new = pairs_get(&draft->ticket->fields, name), *now = pairs_get(&ticket->fields, name);

	new = new ? new : "";
	now = now ? now : "";
	if (!text_equal(new, imported) && !text_equal(new, now))
		add_change(out, correction, now, new);
}

/* --- events ---------------------------------------------------------------------------------------------------- */

/* Members of an event in which two imports of the same thing may differ: who signed it, and what the desk added. */
static bool is_signature(const char *key)
{
	static const char *const keys[] = {"id", "recorded", "by", "role", "changes", "automatic"};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

/* How many members differ; '*which' is one of them, a text (NULL: no text). */
static size_t differences(const struct event *a, const struct event *b, const struct codec_field **which)
{
	size_t n = 0;

	*which = NULL;
	for (const struct codec_field *field = event_codec.fields; field->key; field++) {
		_cleanup_free_ char *x = NULL, *y = NULL;

		if (is_signature(field->key) || (!codec_member_present(field, a) && !codec_member_present(field, b)))
			continue;
		x = codec_member_text(field, a);
		y = codec_member_text(field, b);
		if (strcmp(x, y) == 0)
			continue;
		n++;
		*which = field->type == CODEC_TEXT ? field : *which;
	}
	return n;
}

static bool same_moment(const struct event *a, const struct event *b)
{
	return a->kind == b->kind && a->at.s == b->at.s;
}

/* The same event in other words: a correction, unless the last import said so already. */
static void match_reworded(struct additions *out, const struct event *told, const struct event *known, const struct codec_field *member, const struct ticket *ticket)
{
	_cleanup_free_ char *name = event_field(known, member->key), *now = codec_member_text(member, told), *last = codec_member_text(member, known);

	follow_imports(&last, ticket, name);
	if (strcmp(last, now) != 0)
		add_change(out, name, last, now);
}

/* An answer that went into the ballot box has left its words there: what a file says of it belongs on no ticket. */
static bool is_ballot(const struct event *told, const struct event *known)
{
	return told->kind == EVENT_SURVEY && text_equal(told->step, "answered") && text_equal(known->step, "answered") && !known->scores.n && !known->text;
}

/* Is this event told before, word for word or (then a correction is added) in other words? 'taken' marks known events. */
static bool is_known(struct additions *out, const struct event *told, const struct ticket *ticket, bool *taken)
{
	const struct codec_field *which = NULL, *text = NULL;
	size_t reworded = SIZE_MAX;

	for (size_t i = 0; i < ticket->events.n; i++) {
		const struct event *known = &ticket->events.v[i];

		if (taken[i] || !same_moment(told, known))
			continue;
		if (is_ballot(told, known)) {
			taken[i] = true;
			return true;
		}
		switch (differences(told, known, &which)) {
		case 0:
			taken[i] = true;
			return true;
		case 1:
			if (which && reworded == SIZE_MAX) {
				reworded = i;
				text = which;
			}
			break;
		default:
			break;
		}
	}
	if (reworded == SIZE_MAX)
		return false;
	taken[reworded] = true;
	match_reworded(out, told, &ticket->events.v[reworded], text, ticket);
	return true;
}

void match_draft(struct additions *out, const struct plan *plan, const struct draft *draft, const struct ticket *ticket)
{
	_cleanup_free_ bool *taken = xcalloc(ticket->events.n, sizeof(*taken));
	const struct map *map = plan->context.map;

	out->corrected.kind = EVENT_CORRECTED;
	match_targets(out, plan, draft, ticket);
	for (size_t i = 0; i < map->fields.n; i++)
		match_field(out, draft, ticket, map->fields.v[i].name);
	for (size_t i = 0; i < map->ticket.n; i++)
		if (map->ticket.v[i].value.into)
			match_field(out, draft, ticket, map->ticket.v[i].value.into);
	for (size_t i = 0; i < draft->events.n; i++)
		if (!is_known(out, &draft->events.v[i], ticket, taken))
			*list_push(&out->events) = i;
}

bool additions_none(const struct additions *additions)
{
	return !additions->events.n && !additions->corrected.changes.n;
}

void additions_release(struct additions *additions)
{
	event_release(&additions->corrected);
	free(additions->events.v);
}
