/* SPDX-License-Identifier: MIT */
/* ticket new: a request becomes a ticket (A1, B2, C2, D1, E1). */
#include "record.h"

#include "ticket/customer.h"
#include "ticket/text.h"

struct options {
	const char *channel, *address, *category, *priority, *grade, *risk, *customer, *name, *contact, *subject, *wants, *key;
	struct texts types, departments, fields, files;
	struct stamp received, expects;
	bool promise;
};

#define TEXT(member, name, letter, value, help) {name, letter, OPTION_TEXT, offsetof(struct options, member), value, help}
#define TEXTS(member, name, letter, value, help) {name, letter, OPTION_TEXTS, offsetof(struct options, member), value, help}
static const struct option_row option_rows[] = {
	TEXT(channel, "channel", 'c', "CHANNEL", "channel it came by"),
	TEXT(address, "address", 0, "ADDRESS", "which call number, mailbox or account"),
	TEXTS(types, "type", 't', "TYPE", "type, also TYPE/SUBTYPE; repeat for several"),
	TEXT(category, "category", 'k', "CATEGORY", "category"),
	TEXT(priority, "priority", 'p', "PRIORITY", "priority"),
	TEXT(grade, "grade", 'g', "GRADE", "grade"),
	TEXT(risk, "risk", 'r', "RISK", "risk"),
	TEXTS(departments, "department", 0, "DEPARTMENT", "a department that must help"),
	TEXT(customer, "customer", 0, "ID", "number in the customer register"),
	TEXT(name, "name", 0, "NAME", "customer's name; stored sealed, shown masked"),
	TEXT(contact, "contact", 0, "CONTACT", "customer's phone or mail; stored sealed, shown masked"),
	TEXT(subject, "subject", 's', "TEXT", "subject; else the first line of the text"),
	{"received", 0, OPTION_TIME, offsetof(struct options, received), "TIME", "when it was received, if not now"},
	TEXT(wants, "wants", 0, "TEXT", "what the customer wants"),
	{"expects", 0, OPTION_TIME, offsetof(struct options, expects), "TIME", "by when the customer expects it"},
	TEXTS(fields, "field", 0, "NAME=VALUE", "a field of the policy's own"),
	TEXTS(files, "attach", 'a', "FILE", "a file to keep with it"),
	{"promise", 0, OPTION_FLAG, offsetof(struct options, promise), NULL, "also print what may be promised to the customer, as a sentence"},
	TEXT(key, "key", 0, "KEY", "key of the source; a second ticket with it is refused"),
	OPTION_END,
};

static int read_fields(const struct texts *given, struct ticket *draft, struct ticket_error *err)
{
	for (size_t i = 0; i < given->n; i++) {
		const char *equals = strchr(given->v[i], '=');
		_cleanup_free_ char *name = equals ? xstrndup(given->v[i], (size_t)(equals - given->v[i])) : NULL;

		if (!equals || !*name)
			return ticket_fail(err, TICKET_USAGE, "'%s' is no NAME=VALUE", given->v[i]);
		pairs_set(&draft->fields, name, equals[1] ? equals + 1 : NULL);
	}
	return 0;
}

/* The first line of the text, as far as a subject goes. */
static char *subject_of(const char *text)
{
	size_t n = strcspn(text, "\n");

	return xstrndup(text, text_fit(text, n, 72, NULL));
}

static struct ticket *draft_of(const struct options *o, char *text)
{
	struct ticket *draft = xcalloc(1, sizeof(*draft));

	draft->received = o->received;
	draft->channel = xstrdup(o->channel);
	draft->customer.id = xstrdup(o->customer);
	draft->customer.display = xstrdup(o->name);
	draft->customer.contact = xstrdup(o->contact);
	draft->source.address = xstrdup(o->address);
	draft->source.key = xstrdup(o->key);
	draft->subject = o->subject ? xstrdup(o->subject) : text ? subject_of(text) : NULL;
	draft->description = text;
	texts_copy(&draft->types, &o->types);
	texts_copy(&draft->departments, &o->departments);
	draft->category = xstrdup(o->category);
	draft->priority = xstrdup(o->priority);
	draft->grade = xstrdup(o->grade);
	draft->risk = xstrdup(o->risk);
	draft->wants = xstrdup(o->wants);
	draft->expects = o->expects;
	return draft;
}

static int attach_files(struct change *change, struct ticket *ticket, const struct texts *files, const struct stamp *at, struct ticket_error *err)
{
	struct event event = {.kind = EVENT_ATTACHED, .at = *at};
	int failed = 0;

	if (!files->n)
		return 0;
	for (size_t i = 0; i < files->n && !failed; i++)
		failed = change_attach(change, files->v[i], list_push(&event.files), err);
	if (failed) {
		event_release(&event);
		return failed;
	}
	return change_record(change, ticket, &event, NULL, err);
}

/*
 * A8: what the customer came with before this ticket; owned, NULL for one who is new. Where it cannot be told (an index
 * that cannot be read), the ticket is opened all the same.
 */
static char *history_text(const struct call *call, const struct ticket *ticket)
{
	const struct policy *policy = desk_policy(call->desk);
	_cleanup_customer_ struct customer *customer = NULL;
	_cleanup_(customer_history_release) struct customer_history history = {0};
	_cleanup_free_ char *tickets = NULL, *complaints = NULL;
	_cleanup_buf_ struct buf types = {0};
	char last[STAMP_SIZE];

	if (!ticket->customer.id || customer_read(call->desk, ticket->customer.id, &customer, NULL) || customer_history(call->desk, customer, &history, NULL) ||
	    !history.tickets.n)
		return NULL;
	for (size_t i = 0; i < history.types.n; i++) {
		const struct choice *choice = policy_choice(&policy->types, history.types.v[i].name);

		buf_addf(&types, "%s%s %zu", i ? ", " : "", choice ? policy_label(policy, &choice->labels, call->language, choice->name) : history.types.v[i].name,
			 history.types.v[i].n);
	}
	tickets = xasprintf(Q_("%zu ticket", "%zu tickets", history.tickets.n), history.tickets.n);
	complaints = xasprintf(Q_("%zu complaint", "%zu complaints", history.complaints), history.complaints);
	stamp_format(last, &history.last);
	if (types.n)
		return xasprintf(_("%s had %s before (%zu open, %s, %zu of them repeated, the last %s): %s"), customer->id, tickets, history.open, complaints, history.repeats, last, types.p);
	return xasprintf(_("%s had %s before (%zu open, %s, %zu of them repeated, the last %s)"), customer->id, tickets, history.open, complaints, history.repeats, last);
}

static int open_ticket(struct call *call, struct ticket *draft, struct ticket **out, struct change **change, struct ticket_error *err)
{
	const struct options *o = call->options;
	struct event opened = {.at = call->at};
	_cleanup_free_ char *before = NULL;
	int failed;

	if ((failed = change_begin(change, call->desk, err))) {
		ticket_free(draft);
		return failed;
	}
	if ((failed = change_new(*change, draft, &opened, out, err)) || (failed = attach_files(*change, *out, &o->files, &call->at, err)))
		return failed;
	before = call->quiet ? NULL : history_text(call, *out);
	if (!(failed = change_commit(*change, call->dry_run, err)) && before)
		call_say(call, "%s", before);
	return failed;
}

/* B3: until when the customer will hear from us, by the clocks that run. */
static int print_promise(struct call *call, const struct ticket *ticket, struct ticket_error *err)
{
	const struct policy *policy;
	const struct calendars *calendars;
	_cleanup_free_ char *promise = NULL;
	int failed = desk_rules(call->desk, ticket, &policy, &calendars, err);

	if (failed)
		return failed;
	promise = clocks_promise(ticket, policy, calendars, call->language);
	if (promise)
		fprintf(call->out, "%s\n", promise);
	return 0;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_change_ struct change *change = NULL;
	struct ticket *draft, *ticket;
	char *text = NULL;
	int failed;

	if ((failed = call_need_args(call, 0, 0, err)))
		return failed;
	if (!o->channel)
		return ticket_fail(err, TICKET_USAGE, "say by which channel it came: --channel CHANNEL");
	if ((failed = call_text(call, "What does the customer say, in his own words?", !o->subject, &text, err)))
		return failed;
	draft = draft_of(o, text);
	if ((failed = read_fields(&o->fields, draft, err))) {
		ticket_free(draft);
		return failed;
	}
	if ((failed = open_ticket(call, draft, &ticket, &change, err)))
		return failed;
	fprintf(call->out, "%s\n", ticket->id);
	return o->promise ? print_promise(call, ticket, err) : 0;
}

const struct command command_new = {
	.name = "new",
	.summary = "open a ticket; prints its number",
	.synopsis = "--channel C [--type T]... [--category K] [--priority P] [--customer ID | --name N --contact X] [--subject S] [-m TEXT] "
		    "[--received TIME] [--wants TEXT] [--expects TIME] [--attach FILE]... [--key KEY] [--promise]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
