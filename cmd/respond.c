/* SPDX-License-Identifier: MIT */
/* ticket respond: what the customer was told (A11, D10). */
#include "record.h"

#include "ticket/kb.h"

struct options {
	bool linked, keep_going;
	const char *via, *late_reason, *kb;
};

static const struct option_row option_rows[] = {
	{"via", 0, OPTION_TEXT, offsetof(struct options, via), "CHANNEL", "channel it went by; else the one the ticket came by"},
	{"late-reason", 0, OPTION_TEXT, offsetof(struct options, late_reason), "TEXT", "why it comes late, where the policy asks"},
	{"kb", 0, OPTION_TEXT, offsetof(struct options, kb), "NAME", "with the standard wording of this article, what -m says behind it"},
	{"linked", 0, OPTION_FLAG, offsetof(struct options, linked), NULL, "also on all open tickets under the incident, as one commit"},
	{"keep-going", 0, OPTION_FLAG, offsetof(struct options, keep_going), NULL, "with --linked: also when some of them refuse it"},
	OPTION_END,
};

/* The article's standard wording, then what was said besides. '*text' is owned. */
static int put_wording(struct call *call, const char *name, char **text, struct ticket_error *err)
{
	_cleanup_article_ struct article *article = NULL;
	_cleanup_free_ char *own = *text;
	int failed;

	*text = NULL;
	if ((failed = kb_read(call->desk, name, &article, err)))
		return failed;
	if (!article->wording)
		return ticket_fail(err, TICKET_REFUSED, "the article '%s' has no section '## Standard wording'; give it one: ticket kb edit %s", name, name);
	*text = xasprintf("%s%s%s", article->wording, own ? "\n\n" : "", own ? own : "");
	return 0;
}

static int run(struct call *call, struct ticket_error *err)
{
	struct options *o = call->options;
	_cleanup_free_ char *text = NULL;
	struct event event = {.kind = EVENT_RESPONDED};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)) || (failed = call_text(call, "What was the customer told?", !o->kb, &text, err)) ||
	    (o->kb && (failed = put_wording(call, o->kb, &text, err))))
		return failed;
	event.name = (char *)o->kb;
	event.text = text;
	event.via = (char *)o->via;
	event.late_reason = (char *)o->late_reason;
	if (o->linked)
		return call_record_incidents(call, call->args, call->n_args, &event, o->keep_going, err);
	return call_record(call, call->args, call->n_args, &event, err);
}

const struct command command_respond = {
	.name = "respond",
	.summary = "tell the customer something; the first time is the first response",
	.synopsis = "ID... [-m TEXT] [--kb NAME] [--via CHANNEL] [--late-reason TEXT] [--linked [--keep-going]]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
