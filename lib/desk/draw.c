/* SPDX-License-Identifier: MIT */
/* Drawing a sample of handled tickets: see ticket/inspect.h. */
#include "ticket/inspect.h"

#include "desk/change.h"
#include "privacy/digest.h"
#include "ticket/text.h"

/* A ticket that may be drawn. */
struct candidate {
	char *number, *group, *handler, *subject;
	char group_hash[DIGEST_HEX_SIZE], hash[DIGEST_HEX_SIZE]; /* of seed and group, of seed and uid: the order of drawing */
};
typedef LIST(struct candidate) candidates;

struct drawing {
	const struct sample *rule;
	const struct texts *by;
	const char *seed;
	candidates all;
};

static void hash_of(char out[DIGEST_HEX_SIZE], const char *seed, const char *of)
{
	_cleanup_free_ char *words = xasprintf("%s\n%s", seed, of ? of : "");

	digest_hex(out, words, strlen(words));
}

static const struct {
	const char *name;
	size_t offset; /* of a text of the ticket; 0: see group_value */
} ways[] = {
	{"channel", offsetof(struct ticket, channel)}, {"category", offsetof(struct ticket, category)}, {"grade", offsetof(struct ticket, grade)},
	{"priority", offsetof(struct ticket, priority)}, {"risk", offsetof(struct ticket, risk)}, {"group", offsetof(struct ticket, group)},
	{"customer", offsetof(struct ticket, customer.id)}, {"assignee", 0}, {"type", 0}, {"department", 0},
};

static const char *group_value(const struct ticket *ticket, const char *by)
{
	const char *value = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		if (text_equal(ways[i].name, by) && ways[i].offset)
			value = *(char *const *)((const char *)ticket + ways[i].offset);
	if (text_equal(by, "assignee"))
		value = inspect_handler(ticket);
	else if (text_equal(by, "type"))
		value = ticket->types.n ? ticket->types.v[0] : NULL;
	else if (text_equal(by, "department"))
		value = ticket->departments.n ? ticket->departments.v[0] : NULL;
	return value && *value ? value : "-";
}

static int check_ways(const struct texts *by, struct ticket_error *err)
{
	const char *names[ARRAY_SIZE(ways)];
	struct buf list = {0};
	int failed = 0;

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		names[i] = ways[i].name;
		buf_addf(&list, "%s%s", i ? ", " : "", names[i]);
	}
	for (size_t k = 0; k < by->n && !failed; k++) {
		bool known = false;

		for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
			known |= text_equal(names[i], by->v[k]);
		if (!known)
			failed = ticket_fail(err, TICKET_USAGE, "'%s' is no way to group tickets; there are: %s", by->v[k], list.p);
	}
	buf_release(&list);
	return failed;
}

static int take(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct drawing *d = data;
	struct candidate *c;
	struct buf group = {0};

	if (ticket->quarantined || (d->rule && !conditions_hold(&d->rule->when, ticket)))
		return 0;
	for (size_t i = 0; i < d->by->n; i++)
		buf_addf(&group, "%s%s", i ? " · " : "", group_value(ticket, d->by->v[i]));
	c = list_push(&d->all);
	c->number = xstrdup(ticket->id);
	c->group = group.n ? buf_steal(&group) : xstrdup("");
	c->handler = xstrdup(inspect_handler(ticket));
	c->subject = xstrdup(ticket->subject);
	hash_of(c->group_hash, d->seed, c->group);
	hash_of(c->hash, d->seed, ticket->uid);
	return 0;
}

static int by_group_and_hash(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int order = strcmp(x->group_hash, y->group_hash);

	if (!order)
		order = strcmp(x->group, y->group);
	return order ? order : strcmp(x->hash, y->hash);
}

static int by_group_and_number(const void *a, const void *b)
{
	const struct drawn *x = a, *y = b;
	int order = strcmp(x->group, y->group);

	return order ? order : strcmp(x->number, y->number);
}

/* A number from 0 to 1, this excluded, that the seed decides: its hash's first 52 bits. */
static double start_of(const char *seed)
{
	char hash[DIGEST_HEX_SIZE];

	hash_of(hash, seed, "start");
	hash[13] = '\0';
	return (double)strtoull(hash, NULL, 16) / (double)(1ULL << 52);
}

/*
 * Systematic sampling: all candidates stand in a row, group by group, the groups and what is in them in an order that the
 * seed decides; from a start that it decides as well, each step of total/wanted draws one. Every ticket has the same
 * chance, and every group gives its part, rounded up or down.
 */
static void draw_from(struct drawing *d, size_t wanted, struct draw *out)
{
	double step = (double)wanted / (double)d->all.n, start = start_of(d->seed);

	qsort(d->all.v, d->all.n, sizeof(*d->all.v), by_group_and_hash);
	for (size_t i = 0; i < d->all.n; i++) {
		const struct candidate *c = &d->all.v[i];
		bool last = i + 1 == d->all.n; /* rounding may not lose or add one */
		size_t by_now = last ? wanted : (size_t)((double)(i + 1) * step + start);

		out->groups += !i || !text_equal(c->group, d->all.v[i - 1].group);
		if (out->tickets.n < by_now && out->tickets.n < wanted)
			*list_push(&out->tickets) = (struct drawn){xstrdup(c->number), xstrdup(c->group), xstrdup(c->handler), xstrdup(c->subject)};
	}
	qsort(out->tickets.v, out->tickets.n, sizeof(*out->tickets.v), by_group_and_number);
}

/* --- the population ---------------------------------------------------------------------------------------------- */

static int gather(struct desk *desk, const struct draw_order *order, struct drawing *d, struct ticket_error *err)
{
	const struct query_context context = {desk->policy, desk->zone, desk->context.now_s, NULL, desk_actor, desk};
	_cleanup_query_ struct query *query = NULL;
	const char **words = xcalloc(order->n_words + 2, sizeof(*words));
	_cleanup_free_ char *resolved = NULL;
	char from[STAMP_SIZE] = "", until[STAMP_SIZE] = "";
	int failed;

	if (order->period.from_s != INT64_MIN)
		stamp_format(from, &(struct stamp){order->period.from_s, 0, true});
	if (order->period.until_s != INT64_MAX)
		stamp_format(until, &(struct stamp){order->period.until_s, 0, true});
	resolved = *from || *until ? xasprintf("resolved:%s..%s", from, until) : xstrdup("has:resolved");
	words[0] = "state:resolved,confirmed,verified,archived";
	words[1] = resolved;
	for (size_t i = 0; i < order->n_words; i++)
		words[i + 2] = order->words[i];
	failed = query_parse(&query, words, order->n_words + 2, NULL, 0, &context, err);
	free(words);
	return failed ? failed : desk_select(desk, query, NULL, take, d, err);
}

static int find_rule(const struct policy *policy, const char *name, const struct sample **out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf list = {0};

	*out = NULL;
	for (size_t i = 0; i < policy->samples.n && name; i++) {
		const struct sample *rule = &policy->samples.v[i];

		if (!text_equal(rule->event, event_word(EVENT_INSPECTED)))
			continue;
		if (text_equal(rule->name, name))
			*out = rule;
		buf_addf(&list, "%s%s", list.n ? ", " : "", rule->name);
	}
	if (!name || *out)
		return 0;
	return ticket_fail(err, TICKET_NOTFOUND, "the policy has no sample '%s' for inspections; there are: %s", name, list.n ? list.p : "none");
}

/* --- on record --------------------------------------------------------------------------------------------------- */

static void describe(struct journal_entry *entry, const struct desk *desk, const struct draw_order *order, const struct drawing *d, double share, const struct draw *draw)
{
	_cleanup_free_ char *by = texts_join(d->by, ","), *population = xasprintf("%zu", draw->population), *groups = xasprintf("%zu", draw->groups);
	_cleanup_free_ char *size = order->count ? xasprintf("%lld", (long long)order->count) : xasprintf("%g", share);
	_cleanup_buf_ struct buf query = {0};
	char hex[OID_HEX_SIZE];

	entry->act = xstrdup("drawn");
	entry->subject = xstrdup(d->rule ? d->rule->name : "inspection");
	entry->text = xstrdup(order->text);
	if (order->period.from_s != INT64_MIN)
		entry->from = stamp_at(desk->zone, order->period.from_s);
	if (order->period.until_s != INT64_MAX)
		entry->until = stamp_at(desk->zone, order->period.until_s);
	for (size_t i = 0; i < draw->tickets.n; i++)
		texts_add(&entry->tickets, draw->tickets.v[i].number);
	pairs_set(&entry->values, "seed", draw->seed);
	pairs_set(&entry->values, "population", population);
	pairs_set(&entry->values, "groups", groups);
	pairs_set(&entry->values, order->count ? "count" : "share", size);
	if (*by)
		pairs_set(&entry->values, "by", by);
	for (size_t i = 0; i < order->n_words; i++)
		buf_addf(&query, "%s%s", i ? " " : "", order->words[i]);
	if (query.n)
		pairs_set(&entry->values, "query", query.p);
	pairs_set(&entry->values, "head", oid_hex(hex, &desk->head.commit));
}

static void drawing_release(struct drawing *d)
{
	for (size_t i = 0; i < d->all.n; i++) {
		free(d->all.v[i].number);
		free(d->all.v[i].group);
		free(d->all.v[i].handler);
		free(d->all.v[i].subject);
	}
	free(d->all.v);
}

static int check_size(const struct draw_order *order, const struct sample *rule, double *share, struct ticket_error *err)
{
	*share = order->share > 0 ? order->share : rule ? rule->share : 0;
	if (order->count)
		return order->share > 0 ? ticket_fail(err, TICKET_USAGE, "--share and --count don't go together") : 0;
	if (*share > 0 && *share <= 1)
		return 0;
	return ticket_fail(err, TICKET_USAGE, "how many are to be drawn? give --share 5%% or --count N, or name a sample of the policy with --name");
}

int inspect_draw(struct desk *desk, const struct draw_order *order, bool dry_run, struct draw *out, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	_cleanup_journal_entry_ struct journal_entry entry = {0};
	_cleanup_(drawing_release) struct drawing d = {0};
	struct texts none = {0};
	double share;
	size_t wanted;
	int failed;

	/* Under the lock: what is drawn from is what stands in the commit before. */
	if ((failed = change_begin(&change, desk, err)) || (failed = desk_allows(desk, "draw", NULL, err)) || (failed = find_rule(desk->policy, order->rule, &d.rule, err)) ||
	    (failed = check_size(order, d.rule, &share, err)))
		return failed;
	d.by = order->by && order->by->n ? order->by : d.rule ? &d.rule->by : &none;
	d.seed = out->seed = order->seed ? xstrdup(order->seed) : random_hex(8);
	if ((failed = check_ways(d.by, err)) || (failed = gather(desk, order, &d, err)))
		return failed;
	if (!d.all.n)
		return ticket_fail(err, TICKET_NOTFOUND, "there is nothing to draw from: no such ticket was resolved in that time");
	out->population = d.all.n;
	wanted = order->count ? (size_t)order->count : (size_t)(share * (double)d.all.n + 0.5);
	draw_from(&d, wanted < 1 ? 1 : wanted > d.all.n ? d.all.n : wanted, out);
	describe(&entry, desk, order, &d, share, out);
	if ((failed = change_journal(change, &entry, err)))
		return failed;
	change_subject(change, "inspect: %zu of %zu tickets drawn", out->tickets.n, out->population);
	return change_commit(change, dry_run, err);
}

void draw_release(struct draw *draw)
{
	for (size_t i = 0; i < draw->tickets.n; i++) {
		free(draw->tickets.v[i].number);
		free(draw->tickets.v[i].group);
		free(draw->tickets.v[i].handler);
		free(draw->tickets.v[i].subject);
	}
	free(draw->tickets.v);
	free(draw->seed);
	*draw = (struct draw){0};
}
