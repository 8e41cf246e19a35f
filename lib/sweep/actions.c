/* SPDX-License-Identifier: MIT */
/* Improvement actions in the sweep: each step of their ladder once for each due date (B10). */
#include "sweep/sources.h"

#include "action/action.h"

/* What the sweep does with the actions of the desk. */
struct reminding {
	struct sweep *sweep;
	const struct calendars *calendars;
	struct action_book book;
	int64_t next_s;  /* the next moment after now; INT64_MAX: none */
	int64_t until_s; /* also shown, not done: what comes until then */
};

static int show(struct sweep *sweep, const struct action *action, const struct action_due *due, bool soon, struct ticket_error *err)
{
	_cleanup_free_ char *key = action_step_key(due->rule);
	struct check_step step = {.action = action, .step = key, .at = stamp_at(sweep->desk->zone, due->at_s), .due = due->from, .soon = soon};

	return sweep->stopped = sweep->visit ? sweep->visit(&step, sweep->data, err) : 0;
}

static int remind(struct reminding *r, const struct action *action, const struct action_due *due, struct ticket_error *err)
{
	struct action_event event = {.kind = ACTION_EVENT_REMINDED, .automatic = true, .step = action_step_key(due->rule), .due = due->from};
	struct sweep *sweep = r->sweep;
	struct action *kept;
	int failed;

	event.at = stamp_at(sweep->desk->zone, due->at_s);
	if ((failed = action_book_get(&r->book, sweep->change, action->id, &kept, err))) {
		action_event_release(&event);
		return failed;
	}
	if ((failed = action_append(sweep->change, kept, &event, err)))
		return failed;
	sweep->done++;
	return show(sweep, kept, due, false, err);
}

static int remind_of(const struct action *action, void *data, struct ticket_error *err)
{
	struct reminding *r = data;
	struct sweep *sweep = r->sweep;
	action_dues dues = {0};
	int failed = 0;

	action_steps(&dues, action, sweep->desk->policy, r->calendars);
	for (size_t i = 0; i < dues.n && !failed; i++) {
		if (dues.v[i].recorded)
			continue;
		if (dues.v[i].at_s <= sweep->now_s)
			failed = remind(r, action, &dues.v[i], err);
		else if (dues.v[i].at_s < r->next_s)
			r->next_s = dues.v[i].at_s;
	}
	free(dues.v);
	return failed;
}

static int begin(struct reminding *r, struct ticket_error *err)
{
	return desk_rules(r->sweep->desk, NULL, NULL, &r->calendars, err);
}

/* All are looked at whenever one has changed or a step is due: a desk has a few hundred. */
int actions_sweep(struct sweep *sweep, const struct snapshot *since, int64_t *next_s, struct ticket_error *err)
{
	struct reminding r = {.sweep = sweep, .next_s = INT64_MAX};
	int failed = 0;

	if (sweep->desk->policy->action_ladder.n && !(failed = begin(&r, err)) && !(failed = action_each(sweep->desk, remind_of, &r, err)))
		failed = action_book_put(&r.book, sweep->change, err);
	action_book_release(&r.book);
	*next_s = r.next_s;
	return failed;
}

static int show_coming(const struct action *action, void *data, struct ticket_error *err)
{
	struct reminding *r = data;
	action_dues dues = {0};
	int failed = 0;

	action_steps(&dues, action, r->sweep->desk->policy, r->calendars);
	for (size_t i = 0; i < dues.n && !failed; i++)
		if (!dues.v[i].recorded && dues.v[i].at_s > r->sweep->now_s && dues.v[i].at_s <= r->until_s)
			failed = show(r->sweep, action, &dues.v[i], true, err);
	free(dues.v);
	return failed;
}

int actions_soon(struct sweep *sweep, int64_t until_s, struct ticket_error *err)
{
	struct reminding r = {.sweep = sweep, .until_s = until_s};
	int failed;

	if (!sweep->desk->policy->action_ladder.n)
		return 0;
	failed = begin(&r, err);
	return failed ? failed : action_each(sweep->desk, show_coming, &r, err);
}
