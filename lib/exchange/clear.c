/* SPDX-License-Identifier: MIT */
/* Personal data in clear: see clear.h. */
#include "exchange/clear.h"

#include "ticket/customer.h"
#include "ticket/journal.h"

#define MOST_NAMED 1000 /* tickets that the journal names; of more it says how many */

struct seen {
	char *customer;
	struct customer_person person;
};

struct clear {
	const struct query *query;
	struct texts customers; /* sorted, each once */
	struct texts tickets;
	LIST(struct seen) list; /* in the same order, without the forgotten */
};

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int compare_seen(const void *a, const void *b)
{
	return strcmp(((const struct seen *)a)->customer, ((const struct seen *)b)->customer);
}

static int note_ticket(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct clear *clear = data;

	if (clear->query && !query_matches(clear->query, ticket))
		return 0;
	texts_add(&clear->tickets, ticket->id);
	if (ticket->customer.id)
		texts_add(&clear->customers, ticket->customer.id);
	return 0;
}

static void sort_unique(struct texts *texts)
{
	size_t kept = 0;

	if (texts->n)
		qsort(texts->v, texts->n, sizeof(*texts->v), compare_texts);
	for (size_t i = 0; i < texts->n; i++) {
		if (kept && strcmp(texts->v[kept - 1], texts->v[i]) == 0)
			free(texts->v[i]);
		else
			texts->v[kept++] = texts->v[i];
	}
	texts->n = kept;
}

static int take(const struct customer *customer, const char *number, struct customer_person *person, void *data, struct ticket_error *err)
{
	struct clear *clear = data;

	*list_push(&clear->list) = (struct seen){xstrdup(number), *person};
	memset(person, 0, sizeof(*person));
	return 0;
}

static int reveal(struct clear *clear, struct desk *desk, const struct export_job *job, struct ticket_error *err)
{
	_cleanup_journal_entry_ struct journal_entry entry = {.act = xstrdup("exported"), .subject = xstrdup(job->subject), .text = xstrdup(job->why)};
	_cleanup_free_ char *tickets = xasprintf("%zu", clear->tickets.n), *customers = xasprintf("%zu", clear->customers.n);

	pairs_set(&entry.values, "tickets", tickets);
	pairs_set(&entry.values, "customers", customers);
	if (clear->tickets.n <= MOST_NAMED)
		texts_copy(&entry.tickets, &clear->tickets);
	return customers_reveal(desk, &clear->customers, "export", job->why, &entry, take, clear, err);
}

int clear_open(struct clear **out, struct desk *desk, const struct export_job *job, struct ticket_error *err)
{
	struct clear *clear = xcalloc(1, sizeof(*clear));
	int failed;

	*out = clear;
	clear->query = job->query;
	if ((failed = desk_each(desk, NULL, note_ticket, clear, err)))
		return failed;
	sort_unique(&clear->customers);
	return reveal(clear, desk, job, err);
}

void clear_free(struct clear *clear)
{
	if (!clear)
		return;
	for (size_t i = 0; i < clear->list.n; i++) {
		free(clear->list.v[i].customer);
		customer_person_release(&clear->list.v[i].person);
	}
	free(clear->list.v);
	texts_release(&clear->customers);
	texts_release(&clear->tickets);
	free(clear);
}

/* Every way to reach him, with a comma between. */
static char *contacts(const struct customer_person *person)
{
	const char *const ways[] = {person->phone, person->email, person->account};
	struct buf all = {0};

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		if (ways[i])
			buf_addf(&all, "%s%s", all.n ? "," : "", ways[i]);
	return buf_steal(&all);
}

char *clear_cell(const struct clear *clear, const char *customer, const char *column)
{
	const struct seen key = {.customer = (char *)customer}, *seen;
	bool name = strcmp(column, "customer") == 0;

	if (!customer || (!name && strcmp(column, "contact") != 0) || !clear->list.n)
		return NULL;
	seen = bsearch(&key, clear->list.v, clear->list.n, sizeof(key), compare_seen);
	if (!seen)
		return NULL;
	return name ? xstrdup(seen->person.name ? seen->person.name : "") : contacts(&seen->person);
}
