/* SPDX-License-Identifier: MIT */
/* Blame: see ticket/blame.h. */
#include "ticket/blame.h"

#include "flow/flow.h"
#include "model/ticket.h"
#include "ticket/text.h"

/* The value of a named field; owned. NULL when there is no such field. */
static char *value_of(const struct ticket *ticket, const char *name)
{
	const char *dot = strchr(name, '.');
	_cleanup_free_ char *head = xstrndup(name, dot ? (size_t)(dot - name) : strlen(name));
	const struct codec_field *field = codec_field(&ticket_codec, head), *part;

	if (text_equal(head, "field") && dot) {
		const char *value = pairs_get(&ticket->fields, dot + 1);

		return xstrdup(value ? value : "");
	}
	if (!field || field->type == CODEC_LIST || field->type == CODEC_MAP || (!dot && field->type == CODEC_OBJECT))
		return NULL;
	if (!dot)
		return codec_member_text(field, ticket);
	part = field->sub && field->type == CODEC_OBJECT ? codec_field(field->sub, dot + 1) : NULL;
	return part ? codec_member_text(part, (const char *)ticket + field->offset) : NULL;
}

static int unknown_field(const char *name, struct ticket_error *err)
{
	const char *names[64], *near;
	size_t n = 0;

	for (const struct codec_field *field = ticket_codec.fields; field->key && n < ARRAY_SIZE(names); field++)
		names[n++] = field->key;
	near = text_nearest(name, names, n);
	if (near)
		return ticket_fail(err, TICKET_USAGE, "a ticket has no field '%s'; did you mean '%s'?", name, near);
	return ticket_fail(err, TICKET_USAGE, "a ticket has no field '%s'", name);
}

void flow_unfold(struct ticket *ticket, const struct policy *policy)
{
	for (size_t i = ticket->events.n; i-- > 0;) {
		struct event *event = &ticket->events.v[i], undo = {.kind = EVENT_CORRECTED};

		if (event->kind != EVENT_CORRECTED)
			continue;
		for (size_t c = event->changes.n; c-- > 0;) {
			struct change_of *change = list_push(&undo.changes);

			*change = (struct change_of){xstrdup(event->changes.v[c].field), NULL, xstrdup(event->changes.v[c].old)};
		}
		flow_fold(ticket, policy, &undo);
		event_release(&undo);
	}
	flow_clear(ticket);
}

int ticket_blame(const struct ticket *ticket, const struct policy *policy, const char *field, blame_visitor *visit, void *data, struct ticket_error *err)
{
	_cleanup_ticket_ struct ticket *copy = ticket_copy(ticket);
	_cleanup_free_ char *now = value_of(ticket, field), *before = xstrdup("");
	size_t n = copy->events.n;
	int ended = 0;

	if (!now)
		return unknown_field(field, err);
	flow_unfold(copy, policy);
	for (size_t i = 0; i < n && !ended; i++) {
		_cleanup_free_ char *after = NULL;

		copy->events.n = i + 1;
		flow_fold(copy, policy, &copy->events.v[i]);
		after = value_of(copy, field);
		if (!text_equal(before, after))
			ended = visit(&ticket->events.v[i], before, after, data, err);
		free(before);
		before = steal_ptr(after);
	}
	copy->events.n = n;
	return ended;
}
