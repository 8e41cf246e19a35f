/* SPDX-License-Identifier: MIT */
/* Alarms about tickets that changed: bursts, repetitions, risks, by the rules of the policy (C12, C13, D11). */
#include "sweep/sweep.h"

#include "desk/index.h"
#include "ticket/query.h"

/* --- raising one ----------------------------------------------------------------------------------------------- */

char *alarm_step(const struct alarm *alarm)
{
	return xasprintf("alarm:%s", alarm->name);
}

bool alarm_was_raised(const struct ticket *ticket, const struct alarm *alarm)
{
	_cleanup_free_ char *step = alarm_step(alarm);

	return sweep_did(ticket, NULL, ticket->cycle, step);
}

bool alarm_is_for(const struct alarm *alarm, const struct ticket *ticket)
{
	/* The past that an import brings alarms nobody; nor does what is set apart or put away. */
	return !ticket->source.file && !ticket->quarantined && ticket->state < STATE_ARCHIVED && conditions_hold(&alarm->when, ticket);
}

int alarm_raise(struct sweep *sweep, const char *number, const struct alarm *alarm, int64_t at_s, const char *why, struct ticket_error *err)
{
	struct event event = {.kind = alarm->level ? EVENT_ESCALATED : EVENT_WARNED, .step = alarm_step(alarm)};
	struct ticket *ticket;
	int failed;

	if ((failed = change_ticket(sweep->change, number, &ticket, err)) || alarm_was_raised(ticket, alarm)) {
		event_release(&event);
		return failed;
	}
	event.at = stamp_at(sweep->desk->zone, at_s > sweep->now_s ? sweep->now_s : at_s);
	event.cycle = ticket->cycle;
	event.reason = xstrdup(why);
	if (alarm->level)
		event.level = alarm->level > ticket->level ? alarm->level : ticket->level;
	return sweep_record(sweep, ticket, &event, err);
}

/* --- counting -------------------------------------------------------------------------------------------------- */

/* What a rule groups tickets by, as the word of a query; NULL when the ticket has no such value. Owned. */
static char *group_word(const struct ticket *ticket, const char *by)
{
	const char *value = text_equal(by, "category")   ? ticket->category
			    : text_equal(by, "customer") ? ticket->customer.id
			    : text_equal(by, "channel")  ? ticket->channel
			    : text_equal(by, "type")     ? (ticket->types.n ? ticket->types.v[0] : NULL)
							 : NULL;

	return value ? xasprintf("%s:%s", by, value) : NULL;
}

/* When the ticket was last classified: from then on it is one of its group. */
static int64_t joined_at(const struct ticket *ticket)
{
	int64_t at_s = ticket->received.s;

	for (size_t i = 0; i < ticket->events.n; i++)
		if (ticket->events.v[i].kind == EVENT_OPENED || ticket->events.v[i].kind == EVENT_TRIAGED || ticket->events.v[i].kind == EVENT_CORRECTED)
			at_s = ticket->events.v[i].at.s > at_s ? ticket->events.v[i].at.s : at_s;
	return at_s;
}

static bool complains(const struct event *event)
{
	return event->kind == EVENT_INBOUND && event->complains;
}

struct receipt {
	int64_t at_s;
	char *number;
};

/* The tickets of one group as they bear on one of them. */
struct tally {
	struct sweep *sweep;
	const struct ticket *of;
	const struct alarm *alarm;
	LIST(int64_t) times; /* of what is counted */
	LIST(struct receipt) receipts; /* bursts: the same with the tickets */
	int64_t from_s;      /* bursts: where the fullest window begins */
	int64_t since_s, until_s;
	int64_t joined_s;    /* bursts: only what was in the group when this ticket came into it */
	bool raised;         /* one of them carries the alarm already */
};

static void count_time(struct tally *tally, int64_t at_s)
{
	if (at_s > tally->since_s && at_s <= tally->until_s)
		*list_push(&tally->times) = at_s;
}

static bool is_counted(const struct tally *tally, const struct ticket *ticket)
{
	return conditions_hold(&tally->alarm->when, ticket) && !ticket->quarantined && ticket->state != STATE_MERGED;
}

/* The files are read as they were before this sweep: what it has raised itself it knows by name. */
static bool is_raised(const struct tally *tally, const struct ticket *ticket)
{
	_cleanup_free_ char *name = xasprintf("%s %s", tally->alarm->name, ticket->id);

	return alarm_was_raised(ticket, tally->alarm) || texts_have(&tally->sweep->raised, name);
}

static int tally_receipt(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct tally *tally = data;

	if (!is_counted(tally, ticket) || joined_at(ticket) > tally->joined_s)
		return 0;
	count_time(tally, ticket->received.s);
	*list_push(&tally->receipts) = (struct receipt){ticket->received.s, xstrdup(ticket->id)};
	tally->raised |= is_raised(tally, ticket);
	return 0;
}

static int tally_complaints(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct tally *tally = data;

	if (!is_counted(tally, ticket))
		return 0;
	count_time(tally, ticket->received.s);
	for (size_t i = 0; i < ticket->events.n; i++)
		if (complains(&ticket->events.v[i]))
			count_time(tally, ticket->events.v[i].at.s);
	return 0;
}

static int count_row(const struct ticket_row *row, void *data, struct ticket_error *err)
{
	++*(int64_t *)data;
	return 0;
}

/* Shows the tickets of the group that were received between, if there are more than 'enough' of them: the index knows that without reading one. */
static int each_of_group(struct tally *tally, const char *group, const struct range *received, int64_t enough, desk_visitor *visit, struct ticket_error *err)
{
	struct desk *desk = tally->sweep->desk;
	struct query_context context = {.policy = desk->policy, .zone = desk->zone, .now_s = tally->sweep->now_s};
	_cleanup_query_ struct query *query = NULL;
	struct ticket_error why = {0};
	int64_t rows = 0;
	int failed;

	if ((failed = query_parse(&query, (const char *[]){group}, 1, NULL, 0, &context, err)))
		return failed;
	if (received)
		query_received(query, received);
	/* A damaged file elsewhere makes the answer short, not wrong. */
	failed = sweep_spare(tally->sweep, desk_list(desk, query, NULL, NULL, count_row, &rows, &why), &why, err);
	if (failed || rows <= enough)
		return failed;
	return sweep_spare(tally->sweep, desk_select(desk, query, NULL, visit, tally, &why), &why, err);
}

/* --- the kinds ------------------------------------------------------------------------------------------------- */

static int compare_times(const void *a, const void *b)
{
	return (*(const int64_t *)a > *(const int64_t *)b) - (*(const int64_t *)a < *(const int64_t *)b);
}

/* The most receipts in any stretch of the window's length that has this ticket's among them. */
static int64_t most_in_window(struct tally *tally)
{
	int64_t window_s = tally->alarm->window.seconds, most = 0;
	size_t last = 0;

	if (tally->times.n)
		qsort(tally->times.v, tally->times.n, sizeof(*tally->times.v), compare_times);
	for (size_t first = 0; first < tally->times.n && tally->times.v[first] <= tally->of->received.s; first++) {
		while (last < tally->times.n && tally->times.v[last] - tally->times.v[first] < window_s)
			last++;
		if (tally->of->received.s - tally->times.v[first] < window_s && (int64_t)(last - first) > most) {
			most = (int64_t)(last - first);
			tally->from_s = tally->times.v[first];
		}
	}
	return most;
}

#define MOST_NAMED 20

static int compare_receipts(const void *a, const void *b)
{
	const struct receipt *x = a, *y = b;

	return x->at_s != y->at_s ? (x->at_s > y->at_s) - (x->at_s < y->at_s) : strcmp(x->number, y->number);
}

/* "6 of the same category: A, B, …": whoever is told knows which tickets to put under one incident. */
static char *burst_reason(struct tally *tally, int64_t most)
{
	bool chinese = policy_is_chinese(tally->sweep->desk->policy);
	struct buf out = {0};
	size_t named = 0;

	if (chinese)
		buf_addf(&out, "同一%2$s有 %1$lld 张", (long long)most, policy_word(tally->sweep->desk->policy, "zh", tally->alarm->by));
	else
		buf_addf(&out, "%lld of the same %s", (long long)most, tally->alarm->by);
	if (tally->receipts.n)
		qsort(tally->receipts.v, tally->receipts.n, sizeof(*tally->receipts.v), compare_receipts);
	for (size_t i = 0; i < tally->receipts.n; i++) {
		const struct receipt *receipt = &tally->receipts.v[i];

		if (receipt->at_s < tally->from_s || receipt->at_s - tally->from_s >= tally->alarm->window.seconds)
			continue;
		if (named++ < MOST_NAMED)
			buf_addf(&out, "%s%s", named == 1 ? (chinese ? "：" : ": ") : chinese ? "、" : ", ", receipt->number);
	}
	if (named > MOST_NAMED)
		buf_puts(&out, " …");
	return buf_steal(&out);
}

static void tally_release(struct tally *tally)
{
	for (size_t i = 0; i < tally->receipts.n; i++)
		free(tally->receipts.v[i].number);
	free(tally->receipts.v);
	free(tally->times.v);
}

/* More than N of one category in a window: told once, on the ticket that made it so many (C13). */
static int check_burst(struct sweep *sweep, const struct ticket *ticket, const struct alarm *alarm, struct ticket_error *err)
{
	struct tally tally = {.sweep = sweep, .of = ticket, .alarm = alarm, .joined_s = joined_at(ticket)};
	_cleanup_free_ char *why = NULL, *group = group_word(ticket, alarm->by), *name = xasprintf("%s %s", alarm->name, ticket->id);
	int64_t most;
	int failed;

	if (!group)
		return 0;
	tally.since_s = ticket->received.s - alarm->window.seconds;
	tally.until_s = ticket->received.s + alarm->window.seconds - 1;
	failed = each_of_group(&tally, group, &(struct range){tally.since_s + 1, tally.until_s + 1}, alarm->count, tally_receipt, err);
	most = most_in_window(&tally);
	why = burst_reason(&tally, most);
	tally_release(&tally);
	if (failed || most <= alarm->count || tally.raised)
		return failed;
	texts_add(&sweep->raised, name);
	return alarm_raise(sweep, ticket->id, alarm, tally.joined_s, why, err);
}

/* The same customer complains again: told on each ticket that repeats (C13, D11). */
static int check_repeat(struct sweep *sweep, const struct ticket *ticket, const struct alarm *alarm, struct ticket_error *err)
{
	struct tally tally = {.sweep = sweep, .of = ticket, .alarm = alarm, .until_s = ticket->received.s};
	_cleanup_free_ char *why = NULL, *group = group_word(ticket, alarm->by);
	const char *by;
	size_t count;
	int failed = 0;

	/* What counts is what was before this ticket's own latest complaint: a later one elsewhere repeats it, not this one. */
	for (size_t i = 0; i < ticket->events.n; i++)
		if (complains(&ticket->events.v[i]) && ticket->events.v[i].at.s > tally.until_s)
			tally.until_s = ticket->events.v[i].at.s;
	tally.since_s = tally.until_s - alarm->window.seconds;
	/* Without a number in the register, what is known of the customer are the complaints on this very ticket. */
	if (group)
		failed = each_of_group(&tally, group, NULL, 0, tally_complaints, err);
	else
		failed = tally_complaints((struct ticket *)ticket, &tally, err);
	count = tally.times.n;
	free(tally.times.v);
	if (failed || (int64_t)count <= alarm->count)
		return failed;
	by = group ? alarm->by : "customer";
	why = policy_is_chinese(sweep->desk->policy) ? xasprintf("同一%2$s投诉 %1$zu 次", count, policy_word(sweep->desk->policy, "zh", by)) :
						       xasprintf("%zu times by the same %s", count, by);
	return alarm_raise(sweep, ticket->id, alarm, tally.until_s, why, err);
}

static int check_risk(struct sweep *sweep, const struct ticket *ticket, const struct alarm *alarm, struct ticket_error *err)
{
	return alarm_raise(sweep, ticket->id, alarm, ticket->events.v[ticket->events.n - 1].at.s, alarm->name, err);
}

static const struct alarm_kind {
	const char *word;
	bool joining; /* only about tickets that have come into their group */
	int (*check)(struct sweep *sweep, const struct ticket *ticket, const struct alarm *alarm, struct ticket_error *err);
} kinds[] = {{"burst", true, check_burst}, {"repeat", false, check_repeat}, {"risk", false, check_risk}};

static int check_changed(struct sweep *sweep, const struct ticket *ticket, bool joined, struct ticket_error *err)
{
	const struct policy *policy = sweep->desk->policy;
	int failed = 0;

	for (size_t a = 0; a < policy->alarms.n && !failed; a++)
		for (size_t k = 0; k < ARRAY_SIZE(kinds) && !failed; k++)
			if (text_equal(policy->alarms.v[a].kind, kinds[k].word) && (joined || !kinds[k].joining) && alarm_is_for(&policy->alarms.v[a], ticket) &&
			    !alarm_was_raised(ticket, &policy->alarms.v[a]))
				failed = kinds[k].check(sweep, ticket, &policy->alarms.v[a], err);
	if (!failed)
		failed = survey_look(sweep, ticket, err);
	return failed ? failed : standing_look(sweep, ticket, err);
}

/* Has it come, been classified or been released since? Work on it brings no burst, and a group need not be read for it. */
static int has_joined(const struct sweep *sweep, const struct store_entry *entry, const struct ticket *ticket, bool *joined, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	_cleanup_ticket_ struct ticket *before = NULL;
	int failed;

	*joined = true;
	if (oid_is_zero(&entry->old_id))
		return 0;
	if ((failed = store_read_blob(sweep->desk->store, &entry->old_id, &text, err)))
		return failed;
	/* A file that could not be read before is as good as none. */
	if (!ticket_read(&before, text.p ? text.p : "", text.n, entry->path, NULL))
		*joined = joined_at(before) != joined_at(ticket) || (before->quarantined && !ticket->quarantined);
	return 0;
}

static int see_changed(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct sweep *sweep = data;
	_cleanup_buf_ struct buf text = {0};
	_cleanup_ticket_ struct ticket *ticket = NULL;
	struct ticket_error why = {0};
	bool joined;
	int failed;

	if (oid_is_zero(&entry->id) || entry->is_link || !text_ends(entry->name, ".json"))
		return 0;
	/* A file that cannot be read is fsck's; it must not keep the others from being looked at. */
	if (!(failed = store_read_blob(sweep->desk->store, &entry->id, &text, &why)) && !(failed = ticket_read(&ticket, text.p ? text.p : "", text.n, entry->path, &why)) &&
	    !(failed = has_joined(sweep, entry, ticket, &joined, &why)))
		failed = check_changed(sweep, ticket, joined, &why);
	return sweep_spare(sweep, failed, &why, err);
}

/* What the sweep has changed itself, it looks at as it is now. */
static int see_swept(struct sweep *sweep, size_t n, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < n && !failed; i++) {
		struct ticket_error why = {0};
		struct ticket *ticket;
		int refused;

		if (!(refused = change_ticket(sweep->change, sweep->swept.v[i], &ticket, &why)))
			refused = check_changed(sweep, ticket, false, &why);
		failed = sweep_spare(sweep, refused, &why, err);
	}
	return failed;
}

int sweep_news(struct sweep *sweep, const struct swept_until *since, struct ticket_error *err)
{
	if (!sweep->desk->policy->alarms.n && !sweep->desk->policy->survey.send)
		return 0;
	return store_changes(sweep->desk->store, &since->snapshot.tree, &sweep->desk->head.tree, TICKETS_FOLDER, see_changed, sweep, err);
}

int sweep_alarms(struct sweep *sweep, const struct swept_until *since, struct ticket_error *err)
{
	int failed;

	if (!sweep->desk->policy->alarms.n && !sweep->desk->policy->survey.send) {
		/* The moment that has come was not theirs; what it was for says when the next one is. */
		if (since->standing_s <= sweep->now_s)
			sweep->standing_s = TIME_NONE;
		return 0;
	}
	if ((failed = see_swept(sweep, sweep->swept.n, err)))
		return failed;
	return since->standing_s <= sweep->now_s ? standing_sweep(sweep, err) : 0;
}
