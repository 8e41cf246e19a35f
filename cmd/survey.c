/* SPDX-License-Identifier: MIT */
/* ticket survey: sent, answered or unanswered (B6, C16, D10). */
#include "record.h"

struct options {
	bool sent, no_answer;
	struct texts answers;
	const char *via;
};

static const struct option_row option_rows[] = {
	{"sent", 0, OPTION_FLAG, offsetof(struct options, sent), NULL, "the questions went out"},
	{"answer", 0, OPTION_TEXTS, offsetof(struct options, answers), "KEY=SCORE,...", "the customer's scores, by question"},
	{"no-answer", 0, OPTION_FLAG, offsetof(struct options, no_answer), NULL, "no answer came"},
	{"via", 0, OPTION_TEXT, offsetof(struct options, via), "CHANNEL", "channel it went by"},
	OPTION_END,
};

/* speed=5,attitude=4 */
static int read_answers(const char *text, struct pairs *scores, struct ticket_error *err)
{
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, ","), name = strcspn(p, "=");
		_cleanup_free_ char *key = NULL, *value = NULL;

		if (name == 0 || name + 1 >= n)
			return ticket_fail(err, TICKET_USAGE, "'%.*s' is no KEY=SCORE", (int)n, p);
		key = xstrndup(p, name);
		value = xstrndup(p + name + 1, n - name - 1);
		if (pairs_get(scores, key))
			return ticket_fail(err, TICKET_USAGE, "'%s' is answered twice", key);
		pairs_set(scores, key, value);
		p += n + (p[n] == ',');
	}
	return 0;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	struct event event = {.kind = EVENT_SURVEY};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)))
		return failed;
	if (o->sent + o->no_answer + (o->answers.n > 0) != 1)
		return ticket_fail(err, TICKET_USAGE, "say one of --sent, --answer KEY=SCORE,... and --no-answer");
	event.step = xstrdup(o->sent ? "sent" : o->no_answer ? "unanswered" : "answered");
	event.via = xstrdup(o->via);
	for (size_t i = 0; i < o->answers.n && !failed; i++)
		failed = read_answers(o->answers.v[i], &event.scores, err);
	if (!failed)
		failed = call_text(call, NULL, false, &event.text, err);
	if (!failed)
		failed = call_record(call, call->args, call->n_args, &event, err);
	event_release(&event);
	return failed;
}

const struct command command_survey = {
	.name = "survey",
	.summary = "record that a survey was sent, answered or left unanswered",
	.synopsis = "ID... (--sent | --answer KEY=SCORE,... [-m TEXT] | --no-answer)",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
