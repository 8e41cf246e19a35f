/* SPDX-License-Identifier: MIT */
/* ticket survey: sent, answered or unanswered, one by one or from questionnaires; groups of anonymous answers (B6, C16, D10). */
#include "record.h"
#include "ticket/survey.h"

struct options {
	bool sent, no_answer, contact, release;
	struct texts answers, files;
	const char *via;
};

static const struct option_row option_rows[] = {
	{"sent", 0, OPTION_FLAG, offsetof(struct options, sent), NULL, "the questions went out"},
	{"answer", 0, OPTION_TEXTS, offsetof(struct options, answers), "KEY=SCORE,...", "the customer's scores, by question"},
	{"contact", 0, OPTION_FLAG, offsetof(struct options, contact), NULL, "the customer gives his name to the answer and wants to be contacted"},
	{"no-answer", 0, OPTION_FLAG, offsetof(struct options, no_answer), NULL, "no answer came"},
	{"from", 0, OPTION_TEXTS, offsetof(struct options, files), "FILE", "take the answers of filled-in questionnaires, as text or CSV"},
	{"release", 0, OPTION_FLAG, offsetof(struct options, release), NULL, "take a group of anonymous answers out of the ballot box"},
	{"via", 0, OPTION_TEXT, offsetof(struct options, via), "CHANNEL", "channel it went by; of --sent else the one the ticket came by"},
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

/* What was entered by a code is reported by it, too: the ticket is nobody's business. */
static int print_one(const char *word, const struct ticket *ticket, void *data, struct ticket_error *err)
{
	const struct call *call = data;

	if (ticket)
		print_standing(call, ticket, "survey");
	else if (call->quiet)
		fprintf(call->out, "%s\n", word);
	else
		fprintf(call->out, call->dry_run ? _("%s: the answer would be taken — dry run, nothing written\n") : _("%s: the answer is taken\n"), word);
	return 0;
}

/* Lines wait until the change is through: what was not written is not reported. */
static int print_after(struct call *call, int (*work)(struct call *call, void *data, struct ticket_error *err), void *data, struct ticket_error *err)
{
	_cleanup_free_ char *lines = NULL;
	FILE *out = call->out;
	size_t size = 0;
	int failed;

	call->out = open_memstream(&lines, &size);
	failed = work(call, data, err);
	fclose(call->out);
	call->out = out;
	if (!failed)
		fwrite(lines, 1, size, out);
	return failed;
}

/* --- one step ---------------------------------------------------------------------------------------------------- */

struct step {
	struct texts words;
	struct event event;
};

static int record_step(struct call *call, void *data, struct ticket_error *err)
{
	const struct step *step = data;

	return survey_record(call->desk, &step->words, &step->event, call->dry_run, print_one, call, err);
}

static int run_step(struct call *call, const struct options *o, struct ticket_error *err)
{
	struct step step = {.event = {.kind = EVENT_SURVEY, .at = call->at, .contact = o->contact}};
	int failed = 0;

	if (o->contact && !o->answers.n)
		return ticket_fail(err, TICKET_USAGE, "--contact goes with an answer: --answer KEY=SCORE,... --contact");
	step.event.step = xstrdup(o->sent ? "sent" : o->no_answer ? "unanswered" : "answered");
	step.event.via = xstrdup(o->via);
	for (size_t i = 0; i < o->answers.n && !failed; i++)
		failed = read_answers(o->answers.v[i], &step.event.scores, err);
	if (!failed && !(failed = call_text(call, NULL, false, &step.event.text, err)) && !(failed = call_numbers(call, call->args, call->n_args, &step.words, err)))
		failed = print_after(call, record_step, &step, err);
	event_release(&step.event);
	texts_release(&step.words);
	return failed;
}

/* --- questionnaires ---------------------------------------------------------------------------------------------- */

static int enter(struct call *call, void *data, struct ticket_error *err)
{
	return survey_enter(call->desk, data, &call->at, call->dry_run, print_one, call, err);
}

static int run_files(struct call *call, const struct options *o, struct ticket_error *err)
{
	questionnaires list = {0};
	int failed = 0;

	for (size_t i = 0; i < o->files.n && !failed; i++)
		failed = questionnaires_read(&list, desk_policy(call->desk), text_equal(o->files.v[i], "-") ? "/dev/stdin" : o->files.v[i], err);
	for (size_t i = 0; i < call->n_args && !failed; i++)
		failed = questionnaires_read(&list, desk_policy(call->desk), call->args[i], err);
	if (!failed && !list.n)
		failed = ticket_fail(err, TICKET_NO, "no questionnaire in '%s' is filled in", o->files.v[0]);
	if (!failed)
		failed = print_after(call, enter, &list, err);
	questionnaires_release(&list);
	return failed;
}

/* --- the ballot box ---------------------------------------------------------------------------------------------- */

static int run_release(struct call *call, struct ticket_error *err)
{
	size_t taken, waiting, group = survey_group_size(desk_policy(call->desk));
	int failed;

	if ((failed = call_need_args(call, 0, 0, err)) || (failed = survey_take_group(call->desk, call->dry_run, &taken, &waiting, err)))
		return failed;
	if (!taken)
		return ticket_fail(err, TICKET_NO, "the ballot box holds %zu of the %zu answers that make a group; nothing comes out of it", waiting, group);
	if (call->quiet)
		fprintf(call->out, "%zu\n", taken);
	else
		fprintf(call->out, call->dry_run ? _("%zu answers would come out of the ballot box — dry run, nothing written\n") : _("%zu answers came out of the ballot box\n"), taken);
	return 0;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	int failed;

	if (o->sent + o->no_answer + o->release + (o->answers.n > 0) + (o->files.n > 0) != 1)
		return ticket_fail(err, TICKET_USAGE, "say one of --sent, --answer KEY=SCORE,..., --no-answer, --from FILE and --release");
	if (o->release)
		return run_release(call, err);
	if (o->files.n)
		return run_files(call, o, err);
	failed = call_need_args(call, 1, SIZE_MAX, err);
	return failed ? failed : run_step(call, o, err);
}

const struct command command_survey = {
	.name = "survey",
	.summary = "record that a survey was sent, answered or left unanswered",
	.synopsis = "ID... (--sent [--via CHANNEL] | --answer KEY=SCORE,... [--contact] [-m TEXT] | --no-answer)\n--from FILE...\n--release",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
