/* SPDX-License-Identifier: MIT */
/* Recording an event on the tickets a call names: see record.h. */
#include "record.h"

#include "label.h"


const char *status_label(const struct call *call, const struct ticket *ticket)
{
	const struct policy *policy = desk_policy(call->desk);
	const struct status *status = policy_status(policy, ticket);

	if (status)
		return policy_label(policy, &status->labels, call->language, status->name);
	return label_state(call, state_word((enum ticket_state)ticket->state));
}

void print_standing(const struct call *call, const struct ticket *ticket, const char *what)
{
	const char *who = ticket->assignee ? ticket->assignee : label_group(call, ticket->group);
	_cleanup_free_ char *line = NULL;

	/* English names the event by its word; other languages by the desk's label for it. */
	what = text_equal(call->language, "en") ? what : _(policy_word(desk_policy(call->desk), call->language, what));
	if (call->quiet) {
		fprintf(call->out, "%s\n", ticket->id);
		return;
	}
	if (who && call->dry_run)
		line = xasprintf(_("%s: %s (%s, %s) — dry run, nothing written"), ticket->id, what, status_label(call, ticket), who);
	else if (who)
		line = xasprintf(_("%s: %s (%s, %s)"), ticket->id, what, status_label(call, ticket), who);
	else if (call->dry_run)
		line = xasprintf(_("%s: %s (%s) — dry run, nothing written"), ticket->id, what, status_label(call, ticket));
	else
		line = xasprintf(_("%s: %s (%s)"), ticket->id, what, status_label(call, ticket));
	print_text(call->out, line, false);
	fputc('\n', call->out);
}

static int print_after(struct ticket *ticket, void *data, struct ticket_error *err)
{
	const struct call *call = data;

	print_standing(call, ticket, event_word((enum event_kind)ticket->events.v[ticket->events.n - 1].kind));
	return 0;
}

int print_changed(const struct call *call, struct change *change, const struct texts *numbers, const char *what, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < numbers->n && !failed; i++) {
		struct ticket *ticket;

		if (!(failed = change_ticket(change, numbers->v[i], &ticket, err)))
			print_standing(call, ticket, what);
	}
	return failed;
}

static int record(struct call *call, const char *const *args, size_t n, struct event *event, bool incidents, bool keep_going, struct ticket_error *err)
{
	_cleanup_free_ char *lines = NULL;
	struct texts numbers = {0};
	FILE *out = call->out;
	size_t size = 0;
	int failed;

	if ((failed = call_numbers(call, args, n, &numbers, err)))
		return failed;
	event->at = call->at;
	/* Lines wait until the change is through: what was not written is not reported. */
	call->out = open_memstream(&lines, &size);
	failed = incidents ? desk_record_incidents(call->desk, &numbers, event, keep_going, call->dry_run, print_after, call, err)
			   : desk_record(call->desk, &numbers, event, call->dry_run, print_after, call, err);
	fclose(call->out);
	call->out = out;
	if (!failed || failed == TICKET_PARTIAL)
		fwrite(lines, 1, size, out);
	texts_release(&numbers);
	return failed;
}

int call_record(struct call *call, const char *const *args, size_t n, struct event *event, struct ticket_error *err)
{
	return record(call, args, n, event, false, false, err);
}

int call_record_incidents(struct call *call, const char *const *args, size_t n, struct event *event, bool keep_going, struct ticket_error *err)
{
	return record(call, args, n, event, true, keep_going, err);
}
