/* SPDX-License-Identifier: MIT */
/* Alarms: looks over many tickets at once, by the rules of the policy (C12, C13, D11). */
#include "desk/sweep.h"

#include "ticket/query.h"

#include <errno.h>

/* --- how far we have looked ------------------------------------------------------------------------------------ */

static char *stamp_path(const struct desk *desk)
{
	return xasprintf("%ssweep", store_private(desk->store));
}

void sweep_stamp_read(const struct desk *desk, struct snapshot *out)
{
	_cleanup_free_ char *path = stamp_path(desk);
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	char hex[OID_HEX_SIZE] = "";

	*out = (struct snapshot){0};
	/* A lost or damaged stamp costs one look at everything; the keys on the tickets keep it from doing anything twice. */
	if (!f || !fgets(hex, sizeof(hex), f) || !oid_from_hex(&out->commit, hex) || store_revision(desk->store, hex, out, NULL))
		*out = (struct snapshot){0};
}

int sweep_stamp_write(const struct desk *desk, const struct snapshot *snapshot, struct ticket_error *err)
{
	_cleanup_free_ char *path = stamp_path(desk), *temporary = xasprintf("%s.new", path);
	_cleanup_fclose_ FILE *f = fopen(temporary, "we");
	char hex[OID_HEX_SIZE];

	if (!f || fprintf(f, "%s\n", oid_hex(hex, &snapshot->commit)) < 0 || fflush(f) || rename(temporary, path))
		return ticket_fail(err, TICKET_STORAGE, "cannot write '%s': %s", path, strerror(errno));
	return 0;
}

/* --- raising one ----------------------------------------------------------------------------------------------- */

static char *step_of(const struct alarm *alarm)
{
	return xasprintf("alarm:%s", alarm->name);
}

static bool was_raised(const struct ticket *ticket, const struct alarm *alarm)
{
	_cleanup_free_ char *step = step_of(alarm);

	return sweep_did(ticket, NULL, ticket->cycle, step);
}

static int raise_alarm(struct sweep *sweep, const struct ticket *seen, const struct alarm *alarm, const char *why, struct ticket_error *err)
{
	struct event event = {.kind = alarm->level ? EVENT_ESCALATED : EVENT_WARNED, .cycle = seen->cycle, .step = step_of(alarm)};
	struct ticket *ticket;
	int failed;

	if ((failed = change_ticket(sweep->change, seen->id, &ticket, err)) || was_raised(ticket, alarm)) {
		event_release(&event);
		return failed;
	}
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

struct tally {
	const struct alarm *alarm;
	bool again;       /* complaints made again on one ticket count too */
	int64_t since_s, until_s;
	int64_t count;
	bool raised;      /* one of them carries the alarm already */
};

static int tally_one(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct tally *tally = data;

	if (!conditions_hold(&tally->alarm->when, ticket) || ticket->quarantined || ticket->state == STATE_MERGED)
		return 0;
	if (ticket->received.s > tally->since_s && ticket->received.s <= tally->until_s)
		tally->count++;
	for (size_t i = 0; i < ticket->events.n && tally->again; i++) {
		const struct event *event = &ticket->events.v[i];

		tally->count += event->kind == EVENT_INBOUND && event->complains && event->at.s > tally->since_s && event->at.s <= tally->until_s;
	}
	tally->raised |= was_raised(ticket, tally->alarm);
	return 0;
}

/* How many of the same group there were in the window that ends with this ticket's latest event. */
static int tally_group(struct sweep *sweep, const struct ticket *ticket, struct tally *tally, bool *grouped, struct ticket_error *err)
{
	_cleanup_free_ char *group = group_word(ticket, tally->alarm->by);
	_cleanup_query_ struct query *query = NULL;
	struct query_context context = {.policy = sweep->desk->policy, .zone = sweep->desk->zone, .now_s = sweep->now_s};
	const char *words[] = {group};
	int failed;

	*grouped = group != NULL;
	if (!group)
		return 0;
	tally->until_s = ticket->events.v[ticket->events.n - 1].at.s;
	tally->since_s = tally->until_s - tally->alarm->window.seconds;
	if ((failed = query_parse(&query, words, 1, NULL, 0, &context, err)))
		return failed;
	/* An old ticket can bring a new complaint; a burst is one of receipts. */
	if (!tally->again)
		query_received(query, &(struct range){tally->since_s, INT64_MAX});
	return desk_select(sweep->desk, query, NULL, tally_one, tally, err);
}

/* --- the kinds ------------------------------------------------------------------------------------------------- */

/* More than N of one category in a window: told once, on the ticket that made it so many (C13). */
static int check_burst(struct sweep *sweep, const struct ticket *ticket, const struct alarm *alarm, struct ticket_error *err)
{
	struct tally tally = {.alarm = alarm};
	_cleanup_free_ char *why = NULL;
	bool grouped;
	int failed = tally_group(sweep, ticket, &tally, &grouped, err);

	if (failed || !grouped || tally.count <= alarm->count || tally.raised)
		return failed;
	why = xasprintf("%lld of the same %s", (long long)tally.count, alarm->by);
	return raise_alarm(sweep, ticket, alarm, why, err);
}

/* The same customer complains again: told on each ticket that repeats (C13, D11). */
static int check_repeat(struct sweep *sweep, const struct ticket *ticket, const struct alarm *alarm, struct ticket_error *err)
{
	struct tally tally = {.alarm = alarm, .again = true};
	_cleanup_free_ char *why = NULL;
	bool grouped;
	int failed = tally_group(sweep, ticket, &tally, &grouped, err);

	/* Without a number in the register, what is known of the customer are the complaints on this very ticket. */
	if (!failed && !grouped) {
		tally.since_s = INT64_MIN;
		tally.until_s = INT64_MAX;
		tally_one((struct ticket *)ticket, &tally, err);
	}
	if (failed || tally.count <= alarm->count)
		return failed;
	why = xasprintf("%lld times by the same customer", (long long)tally.count);
	return raise_alarm(sweep, ticket, alarm, why, err);
}

static int check_risk(struct sweep *sweep, const struct ticket *ticket, const struct alarm *alarm, struct ticket_error *err)
{
	return raise_alarm(sweep, ticket, alarm, alarm->name, err);
}

static const struct alarm_kind {
	const char *word;
	int (*check)(struct sweep *sweep, const struct ticket *ticket, const struct alarm *alarm, struct ticket_error *err);
} kinds[] = {{"burst", check_burst}, {"repeat", check_repeat}, {"risk", check_risk}};

static int check_changed(struct sweep *sweep, const struct ticket *ticket, struct ticket_error *err)
{
	const struct policy *policy = sweep->desk->policy;
	int failed = 0;

	/* The past that an import brings alarms nobody; nor does what is set apart or put away. */
	if (ticket->source.file || ticket->quarantined || ticket->state >= STATE_ARCHIVED)
		return 0;
	for (size_t a = 0; a < policy->alarms.n && !failed; a++)
		for (size_t k = 0; k < ARRAY_SIZE(kinds) && !failed; k++)
			if (text_equal(policy->alarms.v[a].kind, kinds[k].word) && conditions_hold(&policy->alarms.v[a].when, ticket) &&
			    !was_raised(ticket, &policy->alarms.v[a]))
				failed = kinds[k].check(sweep, ticket, &policy->alarms.v[a], err);
	return failed;
}

static int see_changed(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct sweep *sweep = data;
	_cleanup_buf_ struct buf text = {0};
	_cleanup_ticket_ struct ticket *ticket = NULL;
	int failed;

	if (oid_is_zero(&entry->id) || entry->is_link || !text_ends(entry->name, ".json"))
		return 0;
	if ((failed = store_read_blob(sweep->desk->store, &entry->id, &text, err)) || (failed = ticket_read(&ticket, text.p, text.n, entry->path, err)))
		return failed;
	return check_changed(sweep, ticket, err);
}

/* --- silence and neglect --------------------------------------------------------------------------------------- */

static const struct event *last_of(const struct ticket *ticket, enum event_kind kind)
{
	for (size_t i = ticket->events.n; i-- > 0;)
		if (ticket->events.v[i].kind == (int)kind)
			return &ticket->events.v[i];
	return NULL;
}

/* The step of a silence: one for each wait, so it names the event that began it. */
static int check_silence(struct sweep *sweep, const struct ticket *seen, const struct alarm *alarm, struct ticket_error *err)
{
	const struct event *wait = last_of(seen, EVENT_WAITING);
	struct event event = {.kind = EVENT_WARNED, .cycle = seen->cycle};
	struct ticket *ticket;
	int failed;

	if (!wait || wait->at.s + alarm->after.seconds > sweep->now_s)
		return 0;
	if ((failed = change_ticket(sweep->change, seen->id, &ticket, err)))
		return failed;
	event.step = xasprintf("alarm:%s:%s", alarm->name, wait->id);
	if (ticket->state != STATE_WAITING || sweep_did(ticket, NULL, ticket->cycle, event.step)) {
		event_release(&event);
		return 0;
	}
	event.at = stamp_at(sweep->desk->zone, wait->at.s + alarm->after.seconds);
	if ((failed = sweep_record(sweep, ticket, &event, err)) || !text_equal(alarm->then, "close"))
		return failed;
	event = (struct event){.kind = EVENT_RESOLVED, .automatic = true, .text = xstrdup(alarm->name)};
	return change_record(sweep->change, ticket, &event, NULL, err);
}

/* Overdue, and nobody has touched it: the handler has recorded nothing since it was opened or assigned (C13). */
static int check_untouched(struct sweep *sweep, const struct ticket *ticket, const struct alarm *alarm, struct ticket_error *err)
{
	const struct event *breach = last_of(ticket, EVENT_BREACHED);

	if (!breach || was_raised(ticket, alarm) || breach->due.s + alarm->window.seconds > sweep->now_s)
		return 0;
	for (size_t i = 0; i < ticket->events.n; i++)
		if (!ticket->events.v[i].automatic && ticket->events.v[i].kind != EVENT_OPENED && ticket->events.v[i].kind != EVENT_TRIAGED &&
		    ticket->events.v[i].kind != EVENT_ASSIGNED && ticket->events.v[i].kind != EVENT_INBOUND)
			return 0;
	return raise_alarm(sweep, ticket, alarm, alarm->name, err);
}

/* --- which tickets a rule about what does not happen could mean ------------------------------------------------ */

struct candidates {
	const struct alarm *alarm;
	int64_t now_s;
	bool silence;
	struct texts *numbers;
};

/* From the index alone: no ticket is read that cannot be meant. */
static int see_row(const struct ticket_row *row, void *data, struct ticket_error *err)
{
	struct candidates *candidates = data;
	int64_t since_s = candidates->silence ? row->received_s + candidates->alarm->after.seconds : row->due_s + candidates->alarm->window.seconds;

	if (!row->quarantined && since_s <= candidates->now_s && (candidates->silence || row->responded_s == TIME_NONE))
		texts_add(candidates->numbers, row->id);
	return 0;
}

static bool is_standing(const struct alarm *alarm)
{
	return text_equal(alarm->kind, "silence") || text_equal(alarm->kind, "untouched");
}

/* Those that wait, or those that are overdue. */
static int find_candidates(struct desk *desk, const struct alarm *alarm, struct texts *numbers, struct ticket_error *err)
{
	struct candidates candidates = {alarm, desk->context.now_s, text_equal(alarm->kind, "silence"), numbers};
	const char *words[] = {candidates.silence ? "state:waiting" : "overdue"};
	struct query_context context = {.policy = desk->policy, .zone = desk->zone, .now_s = desk->context.now_s};
	_cleanup_query_ struct query *query = NULL;
	int failed = query_parse(&query, words, 1, NULL, 0, &context, err);

	return failed ? failed : desk_list(desk, query, NULL, NULL, see_row, &candidates, err);
}

static int check_candidate(struct sweep *sweep, const char *number, const struct alarm *alarm, struct ticket_error *err)
{
	struct ticket *ticket;
	int failed = change_ticket(sweep->change, number, &ticket, err);

	if (failed || !conditions_hold(&alarm->when, ticket))
		return failed;
	return text_equal(alarm->kind, "silence") ? check_silence(sweep, ticket, alarm, err) : check_untouched(sweep, ticket, alarm, err);
}

int sweep_standing_due(struct desk *desk, bool *due, struct ticket_error *err)
{
	struct texts numbers = {0};
	int failed = 0;

	for (size_t i = 0; i < desk->policy->alarms.n && !failed && !numbers.n; i++)
		if (is_standing(&desk->policy->alarms.v[i]))
			failed = find_candidates(desk, &desk->policy->alarms.v[i], &numbers, err);
	*due = numbers.n > 0;
	texts_release(&numbers);
	return failed;
}

static int sweep_standing(struct sweep *sweep, const struct alarm *alarm, struct ticket_error *err)
{
	struct texts numbers = {0};
	int failed = find_candidates(sweep->desk, alarm, &numbers, err);

	for (size_t i = 0; i < numbers.n && !failed; i++)
		failed = check_candidate(sweep, numbers.v[i], alarm, err);
	texts_release(&numbers);
	return failed;
}

int sweep_alarms(struct sweep *sweep, const struct snapshot *since, struct ticket_error *err)
{
	const struct policy *policy = sweep->desk->policy;
	int failed = 0;

	if (!policy->alarms.n)
		return 0;
	failed = store_changes(sweep->desk->store, &since->tree, &sweep->desk->head.tree, TICKETS_FOLDER, see_changed, sweep, err);
	for (size_t i = 0; i < policy->alarms.n && !failed; i++)
		if (is_standing(&policy->alarms.v[i]))
			failed = sweep_standing(sweep, &policy->alarms.v[i], err);
	return failed;
}
