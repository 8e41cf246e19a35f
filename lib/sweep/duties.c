/* SPDX-License-Identifier: MIT */
/* What the desk as a whole owes: told once when a period has ended, and once more when it is late (C15, C16, C18, C19). */
#include "sweep/sources.h"

#include "ticket/duty.h"

/* What it is about, for the list of what the sweep did: "week 2026-W18: ticket report …". Owned. */
static char *subject_of(const struct sweep *sweep, const struct duty *duty)
{
	const struct policy *policy = sweep->desk->policy;
	_cleanup_free_ char *name = period_name(duty->rule->period, &duty->period, sweep->desk->zone), *command = duty_command(duty, sweep->desk->zone);

	return xasprintf("%s %s: %s", policy_label(policy, &duty->rule->labels, policy->language, duty->rule->name), name, command);
}

static int show(struct sweep *sweep, const struct duty *duty, const char *what, int64_t at_s, bool soon, struct ticket_error *err)
{
	_cleanup_free_ char *step = xasprintf("%s:%s", what, duty->rule->name), *subject = subject_of(sweep, duty);
	struct check_step shown = {.step = step, .subject = subject, .at = stamp_at(sweep->desk->zone, at_s), .due = stamp_at(sweep->desk->zone, duty->due_s), .soon = soon};

	return sweep->visit ? sweep->visit(&shown, sweep->data, err) : 0;
}

/* The notice is owed by the entry, once it is committed. */
static int tell(struct sweep *sweep, const struct duty *duty, const char *act, int64_t at_s, struct ticket_error *err)
{
	struct stamp due = stamp_at(sweep->desk->zone, duty->due_s);
	char due_text[STAMP_SIZE];
	struct pair pair = {(char *)"due", stamp_format(due_text, &due)};
	struct journal_entry entry = {
		.act = (char *)act,
		.subject = duty->rule->name,
		.at = stamp_at(sweep->desk->zone, at_s),
		.from = stamp_at(sweep->desk->zone, duty->period.from_s),
		.until = stamp_at(sweep->desk->zone, duty->period.until_s),
		.values = {&pair, 1},
	};
	int failed = change_journal(sweep->change, &entry, err);

	if (failed)
		return failed;
	sweep->done++;
	return sweep->stopped = show(sweep, duty, act, at_s, false, err);
}

int duties_sweep(struct sweep *sweep, const struct snapshot *since, int64_t *next_s, struct ticket_error *err)
{
	_cleanup_duties_ duties list = {0};
	int failed = duties_read(sweep->desk, &list, err);

	for (size_t i = 0; i < list.n && !failed; i++) {
		struct duty *duty = &list.v[i];

		/* What passed by while no sweep ran, reports tell; people are told of what they knew of, and of the last. */
		if (duty->made_s != TIME_NONE || duty->warned || (!duty->told && i + 1 < list.n && list.v[i + 1].rule == duty->rule))
			continue;
		if (duty->due_s < sweep->now_s) {
			failed = tell(sweep, duty, "overdue", duty->due_s, err);
			duty->warned = true;
		} else if (!duty->told) {
			failed = tell(sweep, duty, "owed", duty->period.until_s, err);
		}
	}
	*next_s = duties_next(sweep->desk, &list);
	return failed;
}

int duties_soon(struct sweep *sweep, int64_t until_s, struct ticket_error *err)
{
	_cleanup_duties_ duties list = {0};
	int failed = duties_read(sweep->desk, &list, err);

	for (size_t i = 0; i < list.n && !failed; i++)
		if (list.v[i].made_s == TIME_NONE && list.v[i].due_s >= sweep->now_s && list.v[i].due_s < until_s)
			failed = show(sweep, &list.v[i], "overdue", list.v[i].due_s, true, err);
	return failed;
}
