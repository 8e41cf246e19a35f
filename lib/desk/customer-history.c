/* SPDX-License-Identifier: MIT */
/* A customer's dealings with the desk: how many tickets, how many complaints, of which types, how often again (A8). */
#include "desk/register.h"

#include "ticket/query.h"

#define HOPS 16 /* merges of merges that are followed */

static bool is_complaint(const char *type)
{
	return text_equal(type, "complaint") || text_starts(type, "complaint/");
}

static struct customer_count *count_of(struct customer_history *history, const char *type)
{
	struct customer_count *count;

	for (size_t i = 0; i < history->types.n; i++)
		if (text_equal(history->types.v[i].name, type))
			return &history->types.v[i];
	count = list_push(&history->types);
	count->name = xstrdup(type);
	return count;
}

/* A complaint is a ticket of that type, or one whose customer complained again; its kind is its types, else its category. */
static void count_kinds(const struct ticket *ticket, bool complains, struct customer_history *out)
{
	struct texts category = {.v = (char **)&ticket->category, .n = ticket->category != NULL};
	const struct texts *kinds = ticket->types.n ? &ticket->types : &category;
	bool repeated = false;

	for (size_t i = 0; i < kinds->n; i++) {
		struct customer_count *count = count_of(out, kinds->v[i]);
		bool complaint = complains || is_complaint(kinds->v[i]);

		repeated |= complaint && count->complaints > 0;
		count->n++;
		count->complaints += complaint;
	}
	out->repeats += repeated;
}

static void count_ticket(const struct ticket *ticket, struct customer_history *out)
{
	bool complains = false;

	texts_add(&out->tickets, ticket->id);
	out->open += state_is_open((enum ticket_state)ticket->state);
	if (!out->last.set || ticket->received.s > out->last.s)
		out->last = ticket->received;
	for (size_t i = 0; i < ticket->types.n; i++)
		complains |= is_complaint(ticket->types.v[i]);
	out->complaints += complains;
	for (size_t i = 0; i < ticket->events.n; i++)
		if (ticket->events.v[i].kind == EVENT_INBOUND && ticket->events.v[i].complains) {
			out->complaints++;
			complains = true;
		}
	count_kinds(ticket, complains, out);
}

/* The index gives the newest first, and what was complained of before must be counted before. */
struct gathered {
	LIST(struct ticket *) tickets;
};

static int gather(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct gathered *gathered = data;

	*list_push(&gathered->tickets) = ticket_copy(ticket);
	return 0;
}

static void gathered_release(struct gathered *gathered)
{
	for (size_t i = 0; i < gathered->tickets.n; i++)
		ticket_free(gathered->tickets.v[i]);
	free(gathered->tickets.v);
}

/* --- whose tickets --------------------------------------------------------------------------------------------- */

static int note_merged(const struct customer_access *access, void *data, struct ticket_error *err)
{
	if (text_equal(access->what, "merged") && access->customer && !texts_have(data, access->customer))
		texts_add(data, access->customer);
	return 0;
}

/* Does the number lead to that customer? */
static bool leads_to(struct desk *desk, const char *number, const char *id)
{
	_cleanup_free_ char *at = xstrdup(number);

	for (int hop = 0; hop < HOPS; hop++) {
		_cleanup_customer_ struct customer *customer = NULL;

		if (customer_read_from(desk, &desk->head.tree, at, &customer, NULL) || !customer->merged_into)
			return false;
		if (text_equal(customer->merged_into, id))
			return true;
		replace_text(&at, customer->merged_into);
	}
	return false;
}

/*
 * "customer:C000001,C000007": his number and those merged into it. Every merge is in the register's log, which is short
 * beside the register: a ticket that is opened does not wait until all customers were read.
 */
static int query_of(struct desk *desk, const char *id, struct query **out, struct ticket_error *err)
{
	const struct query_context context = {desk->policy, desk->zone, desk->context.now_s, NULL, desk_actor, desk};
	_cleanup_(texts_release) struct texts merged = {0};
	_cleanup_buf_ struct buf word = {0};
	int failed = customer_accesses(desk, NULL, note_merged, &merged, err);

	buf_addf(&word, "customer:%s", id);
	for (size_t i = 0; i < merged.n && !failed; i++)
		if (leads_to(desk, merged.v[i], id))
			buf_addf(&word, ",%s", merged.v[i]);
	return failed ? failed : query_parse(out, (const char *const[]){word.p}, 1, NULL, 0, &context, err);
}

int customer_history(struct desk *desk, const struct customer *customer, struct customer_history *out, struct ticket_error *err)
{
	_cleanup_(gathered_release) struct gathered gathered = {0};
	_cleanup_query_ struct query *query = NULL;
	int failed;

	memset(out, 0, sizeof(*out));
	if ((failed = query_of(desk, customer->id, &query, err)) || (failed = desk_select(desk, query, NULL, gather, &gathered, err)))
		return failed;
	for (size_t i = gathered.tickets.n; i-- > 0;)
		count_ticket(gathered.tickets.v[i], out);
	return 0;
}

void customer_history_release(struct customer_history *history)
{
	texts_release(&history->tickets);
	for (size_t i = 0; i < history->types.n; i++)
		free(history->types.v[i].name);
	free(history->types.v);
	memset(history, 0, sizeof(*history));
}
