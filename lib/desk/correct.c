/* SPDX-License-Identifier: MIT */
/* Corrections: which fields of a ticket may be corrected, and what they were (C14). */
#include "desk/desk.h"
#include "flow/flow.h"
#include "model/ticket.h"
#include "ticket/text.h"

static const struct codec_field *find_field(const char *name, size_t *base)
{
	const char *dot = strchr(name, '.');
	_cleanup_free_ char *head = xstrndup(name, dot ? (size_t)(dot - name) : strlen(name));
	const struct codec_field *field = codec_field(&ticket_codec, head);

	*base = 0;
	if (!field || !dot)
		return dot ? NULL : field;
	*base = field->offset;
	return field->sub ? codec_field(field->sub, dot + 1) : NULL;
}

bool correction_may_name(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->fields.n && text_starts(name, "field."); i++)
		if (policy->fields.v[i].own && text_equal(policy->fields.v[i].name, name + strlen("field.")))
			return true;
	return flow_may_correct(name);
}

char *correction_value(const struct ticket *ticket, const char *name)
{
	const struct codec_field *member;
	size_t base;

	if (text_starts(name, "field.")) {
		const char *kept = pairs_get(&ticket->fields, name + strlen("field."));

		return xstrdup(kept ? kept : "");
	}
	member = find_field(name, &base);
	return member ? codec_member_text(member, (const char *)ticket + base) : xstrdup("");
}

static int check_name(const struct policy *policy, const char *name, struct ticket_error *err)
{
	const char *near;

	if (correction_may_name(policy, name))
		return 0;
	near = text_nearest(name, flow_correctable, FLOW_CORRECTABLE);
	if (near)
		return ticket_fail(err, TICKET_USAGE, "'%s' cannot be corrected; did you mean '%s'?", name, near);
	return ticket_fail(err, TICKET_USAGE,
			   "'%s' cannot be corrected; fields are subject, description, received, customer.display, types, category, priority and the policy's own as field.NAME", name);
}

static int check_value(const struct desk *desk, const char *name, char **value, struct ticket_error *err)
{
	const struct policy *policy = desk->policy;
	struct stamp time;
	char text[STAMP_SIZE];
	int failed;
	const struct {
		const char *name;
		const choices *list;
	} lists[] = {{"channel", &policy->channels}, {"category", &policy->categories}, {"grade", &policy->grades},
		     {"priority", &policy->priorities}, {"risk", &policy->risks}};

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		if (text_equal(lists[i].name, name) && **value)
			return policy_need_choice(lists[i].list, name, *value, err);
	if ((text_equal(name, "received") || text_equal(name, "expects")) && **value) {
		if ((failed = time_parse(&time, *value, desk->zone, desk->context.now_s, err)))
			return failed;
		replace_text(value, stamp_format(text, &time));
	}
	return 0;
}

static int check_list_value(const struct policy *policy, const char *name, const char *value, struct ticket_error *err)
{
	const choices *list = text_equal(name, "types") ? &policy->types : text_equal(name, "departments") ? &policy->departments : NULL;
	struct texts items = {0};
	struct codec_field field = {name, CODEC_TEXTS, 0, 0, NULL, NULL, NULL};
	int failed = 0;

	if (!list)
		return 0;
	codec_member_set(&field, &items, value, NULL);
	for (size_t i = 0; i < items.n && !failed; i++)
		failed = policy_need_choice(list, name, items.v[i], err);
	texts_release(&items);
	return failed;
}

/* Nothing can have happened to a ticket before it was received. */
static int check_receipt(const struct ticket *ticket, const char *field, const char *wanted, struct ticket_error *err)
{
	struct stamp received;
	char at[STAMP_SIZE];

	if (!text_equal(field, "received") || stamp_parse(&received, wanted, NULL))
		return 0;
	for (size_t i = 0; i < ticket->events.n; i++)
		if (ticket->events.v[i].at.s < received.s)
			return ticket_fail(err, TICKET_REFUSED, "'%s': '%s' happened at %s, so it cannot have been received at %s", ticket->id,
					   event_word((enum event_kind)ticket->events.v[i].kind), stamp_format(at, &ticket->events.v[i].at), wanted);
	return 0;
}

int change_correction(const struct desk *desk, const struct ticket *ticket, const char *field, const char *value, struct event *corrected, struct ticket_error *err)
{
	_cleanup_free_ char *wanted = xstrdup(value), *old = NULL;
	struct change_of *change;
	int failed;

	if ((failed = check_name(desk->policy, field, err)) || (failed = check_value(desk, field, &wanted, err)) ||
	    (failed = check_list_value(desk->policy, field, wanted, err)) || (failed = check_receipt(ticket, field, wanted, err)))
		return failed;
	old = correction_value(ticket, field);
	if (text_equal(old, wanted))
		return ticket_fail(err, TICKET_REFUSED, "'%s': %s is '%s' already", ticket->id, field, wanted);
	change = list_push(&corrected->changes);
	*change = (struct change_of){xstrdup(field), steal_ptr(old), steal_ptr(wanted)};
	return 0;
}
