/* SPDX-License-Identifier: MIT */
/* A desk's own export, taken back whole: numbers, identities, events with their ids and times. */
#include "exchange/import.h"

#include "desk/desk.h"
#include "flow/flow.h"
#include "model/ticket.h"
#include "ticket/customer.h"

/* --- from a line to a draft ------------------------------------------------------------------------------------ */

/* Undoes the corrections, last one first: recording them again brings them back. */
static void uncorrect(struct ticket *ticket, const struct policy *policy)
{
	for (size_t i = ticket->events.n; i-- > 0;) {
		struct event *event = &ticket->events.v[i];
		struct event undo = {0};

		if (event->kind != EVENT_CORRECTED)
			continue;
		event_copy(&undo, event);
		for (size_t c = 0; c < undo.changes.n; c++) {
			char *new = undo.changes.v[c].new;

			undo.changes.v[c].new = undo.changes.v[c].old;
			undo.changes.v[c].old = new;
		}
		flow_fold(ticket, policy, &undo);
		event_release(&undo);
	}
}

static int check_files(const struct import *import, const struct ticket *ticket, struct ticket_error *err)
{
	for (size_t i = 0; i < ticket->attachments.n; i++) {
		_cleanup_buf_ struct buf content = {0};

		if (desk_attachment(import->desk, &ticket->attachments.v[i], &content, err))
			return ticket_fail(err, TICKET_REFUSED, "the file '%s' of '%s' is not on this desk; an export holds no files: ticket sync or ticket restore bring them along",
					   ticket->attachments.v[i].name, ticket->id);
	}
	return 0;
}

/*
 * Numbers of customers are each desk's own, and an export brings no register along: the number stays only where it
 * stands for the same (masked) person here. The masked name and contact on the ticket stay in any case.
 */
static void check_customer(const struct import *import, struct ticket *ticket)
{
	_cleanup_customer_ struct customer *customer = NULL;

	if (!ticket->customer.id)
		return;
	if (customer_read(import->desk, ticket->customer.id, &customer, NULL) == 0 && text_equal(customer->display, ticket->customer.display) &&
	    text_equal(customer->contact, ticket->customer.contact))
		return;
	replace_text(&ticket->customer.id, NULL);
}

/* The ticket as it was when it was opened; its events, but for the opening itself, stay on it for later. */
static int prepare(const struct import *import, struct ticket *ticket, struct ticket_error *err)
{
	const struct policy *policy;

	if (!ticket->events.n || ticket->events.v[0].kind != EVENT_OPENED)
		return ticket_fail(err, TICKET_REFUSED, "the first event of '%s' is not 'opened'", ticket->id);
	if (check_files(import, ticket, err))
		return TICKET_REFUSED;
	/* Judged by a policy that this desk never had, it is judged by the desk's. */
	if (ticket->policy && desk_rules(import->desk, ticket, &policy, NULL, NULL)) {
		free(ticket->policy);
		ticket->policy = NULL;
	}
	check_customer(import, ticket);
	flow_clear(ticket);
	uncorrect(ticket, import->plan.policy);
	flow_clear(ticket);
	codec_member_clear(codec_field(&ticket_codec, "clocks"), ticket);
	return 0;
}

static void add_draft(struct import *import, size_t i)
{
	struct row *row = &import->rows.list.v[i];
	struct fault fault = {.line = row->flaw ? row->flaw_line : row->line};
	struct ticket *ticket = NULL;
	struct draft *draft;

	if (row->flaw)
		ticket_fail(&fault.err, TICKET_REFUSED, "%s", row->flaw);
	else if (ticket_read(&ticket, import->rows.text.p + row->from, row->n, "ticket", &fault.err) == 0 && plan_find(&import->plan, ticket->uid))
		ticket_fail(&fault.err, TICKET_REFUSED, "'%s' stands in this file already", ticket->id);
	if (!ticket || fault.err.code) {
		struct reject *reject = list_push(&import->plan.rejects);

		*reject = (struct reject){i, fault};
		row->flaw = row->flaw ? row->flaw : "";
		ticket_free(ticket);
		return;
	}
	draft = plan_add(&import->plan, ticket->uid);
	draft->ticket = ticket;
	*list_push(&draft->rows) = i;
}

/* --- what is there already ------------------------------------------------------------------------------------- */

static bool has_event(const struct ticket *ticket, const char *id)
{
	for (size_t i = 0; i < ticket->events.n; i++)
		if (text_equal(ticket->events.v[i].id, id))
			return true;
	return false;
}

static int see_ticket(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct draft *draft = plan_find(data, ticket->uid);

	if (!draft || draft->fate == FATE_REJECTED)
		return 0;
	draft->fate = FATE_UNCHANGED;
	for (size_t i = 0; i < draft->ticket->events.n; i++)
		if (!has_event(ticket, draft->ticket->events.v[i].id))
			draft->fate = FATE_CHANGED;
	replace_text(&draft->number, ticket->id);
	return 0;
}

static int find_by_uid(struct import *import, struct ticket_error *err)
{
	return import_find(import, index_uid, see_ticket, &import->plan, err);
}

/* --- recording ------------------------------------------------------------------------------------------------- */

static int record_event(struct import *import, struct ticket *ticket, const struct event *from, struct ticket_error *err)
{
	struct event event = {0};

	event_copy(&event, from);
	import->out->events++;
	return change_record(import->change, ticket, &event, NULL, err);
}

static int record_whole(struct import *import, const struct draft *draft, struct ticket_error *err)
{
	struct ticket *head = ticket_copy(draft->ticket), *ticket;
	struct event opened = {0};
	int failed;

	if ((failed = prepare(import, head, err))) {
		ticket_free(head);
		return failed;
	}
	for (size_t i = 0; i < head->events.n; i++)
		event_release(&head->events.v[i]);
	head->events.n = 0;
	event_copy(&opened, &draft->ticket->events.v[0]);
	if ((failed = change_new(import->change, head, &opened, &ticket, err)))
		return failed;
	import->out->events++;
	for (size_t i = 1; i < draft->ticket->events.n && !failed; i++)
		failed = record_event(import, ticket, &draft->ticket->events.v[i], err);
	return failed;
}

static int record_rest(struct import *import, const struct draft *draft, struct ticket_error *err)
{
	struct ticket *ticket;
	int failed = change_ticket(import->change, draft->number, &ticket, err);

	for (size_t i = 0; i < draft->ticket->events.n && !failed; i++)
		if (!has_event(ticket, draft->ticket->events.v[i].id))
			failed = record_event(import, ticket, &draft->ticket->events.v[i], err);
	return failed;
}

static int record_draft(struct import *import, struct draft *draft, struct ticket_error *err)
{
	return draft->fate == FATE_CHANGED ? record_rest(import, draft, err) : record_whole(import, draft, err);
}

int import_own(struct import *import, struct ticket_error *err)
{
	const struct texts nothing = {0};
	struct rows_options options = {.wanted = &nothing, .list = "tickets"};
	int failed = rows_format_read(&options.format, import->job->format, err);

	if (failed || (failed = import_read_rows(import, &options, import->job->encoding, err)))
		return failed;
	if (import->rows.format == ROWS_CSV)
		return ticket_fail(err, TICKET_USAGE, "'%s' is no export of a desk in JSON; say with --map what its columns mean (ticket-map(5))", import->job->file);
	import->plan.rows = &import->rows;
	import->plan.policy = desk_policy(import->desk);
	for (size_t i = 0; i < import->rows.list.n; i++)
		add_draft(import, i);
	failed = import_carry_out(import, find_by_uid, record_draft, err);
	plan_release(&import->plan);
	return failed;
}
