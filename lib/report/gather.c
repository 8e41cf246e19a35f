/* SPDX-License-Identifier: MIT */
/*
 * From a desk to facts, one way or the other: out of the index, which keeps them, or from every ticket, followed through
 * its history. Both must come to the same report; the second takes as long as reading the desk.
 */
#include "report/gather.h"

#include <sys/mman.h>

struct gathering {
	struct material *m;
	struct gathered *out;
	struct desk *desk;
	const struct range *period, *before; /* 'before' may be empty */
	const struct query *query; /* of a recount */
	struct visits *visits;     /* of a recount */
	const char *policy;        /* rules that were asked for last, and … */
	const struct calendars *calendars; /* … their calendars; NULL: none were */
};

/* Who came when, before the tickets of a list. */
struct visit {
	const char *customer;
	size_t n; /* its length; what the index keeps has no NUL */
	int64_t at_s;
};
struct visits {
	LIST(struct visit) list;
};

void gathered_release(struct gathered *gathered)
{
	figures_answer_release(&gathered->answer);
	fact_room_release(&gathered->room);
	for (size_t i = 0; i < gathered->bytes.n; i++)
		free(gathered->bytes.v[i]);
	free(gathered->bytes.v);
	*gathered = (struct gathered){0};
}

/* --- one fact ---------------------------------------------------------------------------------------------------- */

static int unsound(struct ticket_error *err)
{
	return ticket_fail(err, TICKET_STORAGE, "the index is damaged: it holds facts that cannot be read; build it anew with: ticket fsck --repair");
}

static int read_fact(struct gathering *g, struct fact *out, const char *figures, size_t n, const char *words, size_t n_words, struct ticket_error *err)
{
	if (!fact_read(out, &g->out->room, figures, n, words, n_words) || out->n_standards != g->m->policy->standards.n)
		return unsound(err);
	return 0;
}

/* By its history, as far as now. */
static int follow(struct gathering *g, struct fact *out, const struct ticket *ticket, struct ticket_error *err)
{
	struct rules_of rules;
	struct fact fact = {0};
	struct buf figures = {0}, words = {0};
	size_t n, n_words;
	int failed = desk_rules(g->desk, ticket, &rules.policy, &rules.calendars, err);

	if (!failed && !(failed = fact_followed(&fact, ticket, g->m->policy, &rules, desk_now(g->desk), err)))
		fact_write(&fact, &figures, &words);
	fact_release(&fact);
	n = figures.n;
	n_words = words.n;
	*list_push(&g->out->bytes) = buf_steal(&figures);
	*list_push(&g->out->bytes) = buf_steal(&words);
	return failed ? failed : read_fact(g, out, g->out->bytes.v[g->out->bytes.n - 2], n, g->out->bytes.v[g->out->bytes.n - 1], n_words, err);
}

static int follow_blob(struct gathering *g, struct fact *fact, struct ticket_error *err)
{
	_cleanup_ticket_ struct ticket *ticket = NULL;
	int failed = fact->blob ? desk_read_blob(&ticket, g->desk, fact->blob, fact->id, err) : unsound(err);

	return failed ? failed : follow(g, fact, ticket, err);
}

/* Brings the clocks that still run to the report's time. */
static int settle(struct gathering *g, struct fact *fact, struct ticket_error *err)
{
	int failed;

	if (fact->followed)
		return follow_blob(g, fact, err);
	if (!fact_is_live(fact))
		return 0;
	if (!g->calendars || !text_equal(g->policy, fact->policy)) {
		struct ticket judged = {.id = (char *)fact->id, .policy = (char *)fact->policy};

		if ((failed = desk_rules(g->desk, &judged, NULL, &g->calendars, err)))
			return failed;
		g->policy = fact->policy;
	}
	return fact_settle(fact, g->calendars, desk_now(g->desk)) ? 0 : unsound(err);
}

/* The list that a ticket stands in; NULL: it is in no figure. */
static facts *list_of(struct gathering *g, const struct fact *fact)
{
	if (range_has(g->period, fact->received_s))
		return fact->quarantined ? &g->m->doubtful : &g->m->now;
	if (fact->quarantined)
		return NULL;
	if (range_has(g->before, fact->received_s))
		return &g->m->before;
	return range_has(&g->m->recent_weeks, fact->received_s) ? &g->m->recent : NULL;
}

/* --- lists ------------------------------------------------------------------------------------------------------- */

#define LARGE_PAGE ((size_t)2 << 20)

/* Room for so many facts: a page fault for each few of them would take as long as reading them. */
static void reserve(facts *list, size_t n)
{
	size_t size = (n + 1) * sizeof(*list->v), rounded = (size + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);

	if (size < LARGE_PAGE) {
		list->v = xmalloc(size);
		return;
	}
	list->v = aligned_alloc(LARGE_PAGE, rounded);
	if (list->v)
		madvise(list->v, rounded, MADV_HUGEPAGE); /* a wish */
	else
		list->v = xmalloc(size);
}

/* --- from the index ---------------------------------------------------------------------------------------------- */

static int take_figures(struct gathering *g, bool with_words, struct ticket_error *err)
{
	const struct figures *figures = &g->out->answer.parts[PART_FIGURES], *words = &g->out->answer.parts[PART_WORDS];
	size_t in_period = 0;
	int failed = 0;

	if (with_words && figures->list.n != words->list.n)
		return unsound(err);
	for (size_t i = 0; i < figures->list.n; i++)
		in_period += range_has(g->period, figures->list.v[i].key.received_s);
	reserve(&g->m->now, in_period);
	reserve(&g->m->doubtful, in_period);
	reserve(&g->m->before, figures->list.n - in_period);
	if (g->m->recent_weeks.from_s < g->m->recent_weeks.until_s)
		reserve(&g->m->recent, figures->list.n - in_period);
	for (size_t i = 0; !failed && i < figures->list.n; i++) {
		const struct figure *figure = &figures->list.v[i], *beside = with_words ? &words->list.v[i] : NULL;
		struct fact fact;
		facts *list;

		if (beside && (beside->key.n != figure->key.n || beside->key.received_s != figure->key.received_s))
			return unsound(err);
		failed = read_fact(g, &fact, figure->bytes, figure->size, beside ? beside->bytes : NULL, beside ? beside->size : 0, err);
		if (failed || !(list = list_of(g, &fact)))
			continue;
		/* Of the last weeks only scores are asked, which no clock changes. */
		failed = list == &g->m->recent ? 0 : settle(g, &fact, err);
		list->v[list->n++] = fact;
	}
	return failed;
}

static int parse(struct query **out, struct desk *desk, const struct report_order *order, const struct range *range, struct ticket_error *err)
{
	const struct query_context context = {desk_policy(desk), desk_zone(desk), desk_now(desk), NULL, desk_actor, desk};
	int failed = query_parse(out, order->words, order->n_words, "received", 0, &context, err);

	if (!failed && range && (range->from_s != INT64_MIN || range->until_s != INT64_MAX))
		query_received(*out, range);
	return failed;
}

static int64_t minus(int64_t at_s, int64_t length_s)
{
	return at_s < INT64_MIN + length_s ? INT64_MIN : at_s - length_s;
}

/* Where reading begins: with the period, the one before it, or the last weeks. */
static int64_t begin_of(const struct gathering *g)
{
	const struct range *weeks = &g->m->recent_weeks;
	int64_t from_s = g->before->from_s < g->before->until_s ? g->before->from_s : g->period->from_s;

	return weeks->from_s < weeks->until_s && weeks->from_s < from_s ? weeks->from_s : from_s;
}

static int from_index(struct gathering *g, const struct report_order *order, bool words, struct visits *visits, struct ticket_error *err)
{
	const struct range none = {0, 0}, figures = {begin_of(g), g->period->until_s}, read = {minus(figures.from_s, g->m->repeat_window_s), figures.until_s};
	const struct range ranges[FIGURE_PARTS] = {[PART_FIGURES] = figures, [PART_WORDS] = words ? figures : none, [PART_VISITS] = {read.from_s, g->period->from_s}};
	struct figures_answer *answer = &g->out->answer;
	const struct figures *came = &answer->parts[PART_VISITS];
	_cleanup_query_ struct query *query = NULL;
	size_t found;
	int failed = order->n_words ? parse(&query, g->desk, order, &read, err) : 0;

	if (failed || (failed = desk_figures(answer, g->desk, query, ranges, err)) || (failed = take_figures(g, words, err)))
		return failed;
	for (size_t i = 0; i < came->list.n; i++)
		*list_push(&visits->list) = (struct visit){came->list.v[i].bytes, came->list.v[i].size, came->list.v[i].key.received_s};
	/* The index lists its tickets apart from their figures: both must come to the same. */
	found = answer->parts[PART_FIGURES].list.n;
	if (found == answer->listed)
		return 0;
	return ticket_fail(err, TICKET_STORAGE, "the figures do not add up: they are of %zu tickets, the index lists %zu; see: ticket fsck", found, answer->listed);
}

/* --- from the tickets -------------------------------------------------------------------------------------------- */

static int recount_ticket(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct gathering *g = data;
	const int64_t received_s = ticket->received.set ? ticket->received.s : TIME_NONE;
	const struct fact as = {.received_s = received_s, .quarantined = ticket->quarantined};
	facts *list;
	struct fact fact;
	int failed;

	if (!query_matches(g->query, ticket))
		return 0;
	if (received_s < g->period->from_s && !ticket->quarantined && ticket->customer.id && *ticket->customer.id) {
		*list_push(&g->out->bytes) = xstrdup(ticket->customer.id);
		*list_push(&g->visits->list) = (struct visit){g->out->bytes.v[g->out->bytes.n - 1], strlen(ticket->customer.id), received_s};
	}
	if (!(list = list_of(g, &as)))
		return 0;
	failed = follow(g, &fact, ticket, err);
	if (!failed)
		*list_push(list) = fact;
	return failed;
}

static int by_time(const void *a, const void *b)
{
	const struct visit *x = a, *y = b;

	return (x->at_s > y->at_s) - (x->at_s < y->at_s);
}

static int from_tickets(struct gathering *g, const struct report_order *order, struct visits *visits, struct ticket_error *err)
{
	_cleanup_query_ struct query *query = NULL;
	int failed = parse(&query, g->desk, order, NULL, err);

	g->query = query;
	g->visits = visits;
	if (!failed)
		failed = desk_each(g->desk, NULL, recount_ticket, g, err);
	if (visits->list.n)
		qsort(visits->list.v, visits->list.n, sizeof(*visits->list.v), by_time);
	return failed;
}

/* --- order ------------------------------------------------------------------------------------------------------- */

/* As lists have it: by receipt; those of one second by number, the last first. */
static int by_receipt(const void *a, const void *b)
{
	const struct fact *x = a, *y = b;

	if (x->received_s != y->received_s)
		return x->received_s < y->received_s ? -1 : 1;
	return strcmp(y->id, x->id);
}

/* Facts from the index come by receipt, so that there is little to put in order. */
static void put_in_order(facts *list)
{
	for (size_t i = 1; i < list->n; i++)
		if (list->v[i].received_s < list->v[i - 1].received_s) {
			qsort(list->v, list->n, sizeof(*list->v), by_receipt);
			return;
		}
	for (size_t i = 0, end; i < list->n; i = end) {
		for (end = i + 1; end < list->n && list->v[end].received_s == list->v[i].received_s;)
			end++;
		if (end - i > 1)
			qsort(list->v + i, end - i, sizeof(*list->v), by_receipt);
	}
}

/* --- who came back ----------------------------------------------------------------------------------------------- */

/* When each customer came last, by the customer's number. */
struct comings {
	struct coming {
		const char *customer;
		size_t n;
		int64_t at_s;
	} *v;
	size_t mask;
};

static struct coming *coming_of(struct comings *comings, const char *customer, size_t n)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	size_t at;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ (unsigned char)customer[i]) * UINT64_C(1099511628211);
	for (at = (size_t)(hash >> 20) & comings->mask; comings->v[at].customer; at = (at + 1) & comings->mask)
		if (comings->v[at].n == n && memcmp(comings->v[at].customer, customer, n) == 0)
			break;
	return &comings->v[at];
}

/* True when the customer was here within the window before. */
static bool comes(struct comings *comings, const char *customer, size_t n, int64_t at_s, int64_t window_s)
{
	struct coming *last = coming_of(comings, customer, n);
	bool again = last->customer && at_s - last->at_s <= window_s;

	*last = (struct coming){customer, n, at_s};
	return again;
}

/* Of the tickets of a list, those whose customer had another one within the window before. Of one second, the lower number came first. */
static void find_repeats(facts *list, int64_t from_s, const struct visits *visits, int64_t window_s)
{
	struct comings comings = {NULL, 63};

	while (comings.mask < 2 * (list->n + visits->list.n))
		comings.mask = comings.mask * 2 + 1;
	comings.v = xcalloc(comings.mask + 1, sizeof(*comings.v));
	for (size_t i = 0; i < visits->list.n; i++) {
		const struct visit *visit = &visits->list.v[i];

		if (visit->at_s >= minus(from_s, window_s) && visit->at_s < from_s)
			comes(&comings, visit->customer, visit->n, visit->at_s, window_s);
	}
	for (size_t i = 0, end; i < list->n; i = end) {
		for (end = i + 1; end < list->n && list->v[end].received_s == list->v[i].received_s;)
			end++;
		for (size_t k = end; k-- > i;) {
			struct fact *fact = &list->v[k];

			if (fact->customer && *fact->customer)
				fact->repeats = comes(&comings, fact->customer, strlen(fact->customer), fact->received_s, window_s);
		}
	}
	free(comings.v);
}

int gather(struct material *m, struct gathered *out, struct desk *desk, const struct report_order *order, const struct kind *kind, struct ticket_error *err)
{
	static const struct range none;
	struct gathering g = {.m = m, .out = out, .desk = desk, .period = &m->report->period, .before = kind->alone ? &none : &m->report->before};
	struct visits visits = {0};
	int failed = order->recount ? from_tickets(&g, order, &visits, err) : from_index(&g, order, !kind->counts, &visits, err);

	if (!failed) {
		put_in_order(&m->now);
		put_in_order(&m->before);
		put_in_order(&m->doubtful);
		find_repeats(&m->now, g.period->from_s, &visits, m->repeat_window_s);
		find_repeats(&m->before, g.before->from_s, &visits, m->repeat_window_s);
	}
	free(visits.list.v);
	return failed;
}
