/* SPDX-License-Identifier: MIT */
/* A customer's dealings with the desk: how many tickets, how many complaints, of which types, how often again (A8). */
#include "desk/register.h"

struct gathering {
	const struct texts *numbers; /* of the customer, and of those merged into him */
	struct customer_history *out;
};

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

static int gather(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct gathering *gathering = data;
	struct customer_history *out = gathering->out;
	bool complains = false;

	if (!ticket->customer.id || !texts_have(gathering->numbers, ticket->customer.id))
		return 0;
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
	return 0;
}

int customer_history(struct desk *desk, const struct customer *customer, struct customer_history *out, struct ticket_error *err)
{
	_cleanup_(texts_release) struct texts numbers = {0};
	struct gathering gathering = {&numbers, out};
	int failed;

	memset(out, 0, sizeof(*out));
	if ((failed = register_numbers(desk, customer->id, &numbers, err)) || (failed = desk_each(desk, NULL, gather, &gathering, err)))
		customer_history_release(out);
	return failed;
}

void customer_history_release(struct customer_history *history)
{
	texts_release(&history->tickets);
	for (size_t i = 0; i < history->types.n; i++)
		free(history->types.v[i].name);
	free(history->types.v);
	memset(history, 0, sizeof(*history));
}
