/* SPDX-License-Identifier: MIT */
/* ticket policy apply: new rules, for the tickets that are open too. */
#include "policy.h"

#include "ticket/apply.h"

static int run(struct call *call, struct ticket_error *err)
{
	const char *file = call->n_args ? call->args[0] : NULL;
	_cleanup_buf_ struct buf text = {0};
	size_t moved;
	int failed;

	if ((failed = call_need_args(call, 0, 1, err)) || (file && (failed = policy_text(file, &text, err))) ||
	    (failed = desk_apply_policy(call->desk, file ? (text.p ? text.p : "") : NULL, text.n, file ? file : "policy/policy.json", call->dry_run, &moved, err)))
		return failed;
	if (call->dry_run)
		call_say(call, Q_("%zu ticket is judged by the new rules — dry run, nothing written", "%zu tickets are judged by the new rules — dry run, nothing written", moved), moved);
	else
		call_say(call, Q_("%zu ticket is judged by the new rules", "%zu tickets are judged by the new rules", moved), moved);
	return 0;
}

const struct command command_policy_apply = {
	.name = "apply",
	.summary = "new rules, for the tickets that are not put away too; without FILE, those that HEAD has",
	.synopsis = "[FILE]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_QUIET,
	.run = run,
};
