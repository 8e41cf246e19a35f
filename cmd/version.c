/* SPDX-License-Identifier: MIT */
/* `ticket version`: which program this is. */
#include "command.h"

static int run_version(struct call *call, struct ticket_error *err)
{
	int code = call_need_args(call, 0, 0, err);

	if (code)
		return code;
	if (call->json)
		fprintf(call->out, "{\"format\":1,\"version\":\"%s\"}\n", TICKET_VERSION);
	else
		fprintf(call->out, "ticket %s\n", TICKET_VERSION);
	return 0;
}

const struct command command_version = {
	.name = "version",
	.summary = "print the version of the program",
	.synopsis = "[--json]",
	.flags = COMMAND_JSON,
	.run = run_version,
};
