/* SPDX-License-Identifier: MIT */
/* `ticket init`: a new desk. */
#include "command.h"

#include "presets.h"

struct init_options {
	const char *policy, *checkout;
	bool bare;
};

static const struct option_row options[] = {
	{"policy", 0, OPTION_TEXT, offsetof(struct init_options, policy), "PRESET", "the rules to begin with; 'ticket policy presets' lists them"},
	{"bare", 0, OPTION_FLAG, offsetof(struct init_options, bare), NULL, "no working tree: the same as --checkout none"},
	{"checkout", 0, OPTION_CHOICE, offsetof(struct init_options, checkout), "full|files|none", "what lies in the working tree"},
	OPTION_END,
};

static int run(struct call *call, struct ticket_error *err)
{
	const struct init_options *o = call->options;
	const char *checkout = o->checkout ? o->checkout : o->bare ? "none" : "full";
	const char *policy = o->policy ? o->policy : "response-tracking";
	_cleanup_free_ char *presets = NULL;
	const char *folder;
	int code = call_need_args(call, 0, 1, err);

	if (code)
		return code;
	if (o->bare && o->checkout && !text_equal(o->checkout, "none"))
		return ticket_fail(err, TICKET_USAGE, "--bare and --checkout %s don't go together", o->checkout);
	/* `ticket init` in a script must not make a second desk where TICKET_DESK names one. */
	folder = call->n_args ? call->args[0] : call->context.folder ? call->context.folder : ".";
	code = presets_folder(&presets, err);
	if (code == 0)
		code = desk_init(folder, presets, policy, checkout, &call->context, err);
	if (code)
		return code;
	call_say(call, "made a desk in '%s' with the policy '%s'", folder, policy);
	return 0;
}

const struct command command_init = {
	.name = "init",
	.summary = "make a desk",
	.synopsis = "[--policy PRESET] [--bare | --checkout full|files|none] [DIR]",
	.flags = COMMAND_QUIET,
	.options = options,
	.options_size = sizeof(struct init_options),
	.run = run,
};
