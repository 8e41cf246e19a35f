/* SPDX-License-Identifier: MIT */
/* ticket policy simulate: what other rules would have made of the past. */
#include "label.h"
#include "policy.h"

#include "ticket/apply.h"

static const struct column columns[] = {
	{"target", NULL, CELL_TEXT, false, true},       {"in_time", "IN TIME NOW", CELL_NUMBER, false, false},
	{"late", "LATE NOW", CELL_NUMBER, false, false}, {"share", "SHARE NOW", CELL_NUMBER, false, false},
	{"in_time_then", "IN TIME THEN", CELL_NUMBER, false, false}, {"late_then", "LATE THEN", CELL_NUMBER, false, false},
	{"share_then", "SHARE THEN", CELL_NUMBER, false, false}, {"differ", "TICKETS THAT DIFFER", CELL_NUMBER, false, false},
};

/* The share in time in percent; NULL where nothing was decided. */
static char *share_of(const struct simulated_count *count)
{
	size_t all = count->in_time + count->late;

	return all ? xasprintf("%.1f", 100.0 * (double)count->in_time / (double)all) : NULL;
}

static void add_target(const struct call *call, struct table *table, const struct simulated *one)
{
	_cleanup_free_ char *in_time = xasprintf("%zu", one->now.in_time), *late = xasprintf("%zu", one->now.late), *share = share_of(&one->now);
	_cleanup_free_ char *in_time_then = xasprintf("%zu", one->then.in_time), *late_then = xasprintf("%zu", one->then.late);
	_cleanup_free_ char *share_then = share_of(&one->then), *differ = xasprintf("%zu", one->differ);

	table_row(table, (const char *[]){label_people(call) && !text_equal(call->language, "en") ? label_target(call, one->target) : one->target, in_time, late, share, in_time_then, late_then, share_then, differ}, one->differ ? "yellow" : NULL);
}

static int run(struct call *call, struct ticket_error *err)
{
	struct range received = {call->since.set ? call->since.s : INT64_MIN, call->until.set ? call->until.s : INT64_MAX};
	_cleanup_buf_ struct buf text = {0};
	simulation list = {0};
	struct table *table;
	size_t tickets;
	int failed;

	if ((failed = call_need_args(call, 1, 1, err)) || (failed = policy_text(call->args[0], &text, err)))
		return failed;
	failed = desk_simulate(call->desk, text.p ? text.p : "", text.n, call->args[0], &received, &list, &tickets, err);
	if (!failed && !(failed = table_open(&table, "targets", columns, ARRAY_SIZE(columns), &call->table, call->out, err))) {
		for (size_t i = 0; i < list.n; i++)
			add_target(call, table, &list.v[i]);
		table_close(table);
		call_say(call, Q_("%zu ticket replayed", "%zu tickets replayed", tickets), tickets);
	}
	simulation_release(&list);
	return failed;
}

const struct command command_policy_simulate = {
	.name = "simulate",
	.summary = "what other rules would have made of the past; nothing is written",
	.synopsis = "FILE [--since TIME] [--until TIME]",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_RANGE | COMMAND_PAGER,
	.run = run,
};
