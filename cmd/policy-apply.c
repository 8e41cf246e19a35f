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
	call_say(call, "%zu ticket%s judged by the new rules%s", moved, moved == 1 ? " is" : "s are", call->dry_run ? " — dry run, nothing written" : "");
	return 0;
}

const struct command command_policy_apply = {
	.name = "apply",
	.summary = "new rules, for the tickets that are not put away too; without FILE, those that HEAD has",
	.synopsis = "[FILE]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_QUIET,
	.run = run,
};
