/* SPDX-License-Identifier: MIT */
/* ticket explain: every clock of a ticket, interval by interval, up to its verdict. */
#include "label.h"
#include "quote.h"

#include "ticket/text.h"

static const struct column columns[] = {
	{"from", NULL, CELL_TIME, false, false},     {"to", NULL, CELL_TIME, false, false},        {"state", NULL, CELL_TEXT, false, false},
	{"counts", NULL, CELL_TEXT, false, false},   {"calendar", NULL, CELL_TEXT, true, false},   {"working", NULL, CELL_TEXT, false, false},
	{"total", NULL, CELL_TEXT, false, false},    {"percent", "%", CELL_NUMBER, false, false},  {"due", NULL, CELL_TIME, false, false},
	{"working_s", NULL, CELL_NUMBER, true, false}, {"total_s", NULL, CELL_NUMBER, true, false},
};

static char *length_text(const struct call *call, int64_t seconds)
{
	return label_length(call, &(struct duration){.seconds = seconds, .set = true});
}

static void add_interval(const struct call *call, struct table *table, const struct clock_interval *interval)
{
	_cleanup_free_ char *working = length_text(call, interval->working_s), *total = length_text(call, interval->total_s);
	_cleanup_free_ char *state = label_interval(call, interval->state);
	char from[STAMP_SIZE], to[STAMP_SIZE], due[STAMP_SIZE], percent[16], working_s[24], total_s[24];
	const char *style = interval->counting == COUNTED ? NULL : "dim";

	snprintf(percent, sizeof(percent), "%d", interval->percent);
	snprintf(working_s, sizeof(working_s), "%lld", (long long)interval->working_s);
	snprintf(total_s, sizeof(total_s), "%lld", (long long)interval->total_s);
	table_row(table,
		  (const char *[]){stamp_format(from, &interval->from), stamp_format(to, &interval->to), state,
				   label_foreign(call, counting_word(interval->counting)), interval->calendar, working, total, percent, stamp_format(due, &interval->due),
				   working_s, total_s},
		  style);
}

/* "first_response 2: within 15m on 'always', from received until responded". */
static void print_heading(struct call *call, const struct policy *policy, const struct clock_story *story)
{
	const struct target *rule = story->view.rule;
	const char *name = policy_label(policy, &rule->labels, call->language, rule->name);
	const char *calendar = rule->calendar ? rule->calendar : policy->calendar ? policy->calendar : "always";
	_cleanup_free_ char *from = label_moment(call, rule->from), *length = label_length(call, rule->every.set ? &rule->every : &rule->within), *until = NULL, *line = NULL;
	long long cycle = (long long)story->view.clock.cycle;
	struct texts ends = {0};

	for (size_t i = 0; i < rule->until.n; i++)
		*list_push(&ends) = label_moment(call, rule->until.v[i]);
	until = texts_join(&ends, _(", "));
	texts_release(&ends);
	if (rule->by)
		line = xasprintf(_("%s %lld: each working day by %s on '%s', from %s until %s"), name, cycle, rule->by, calendar, from, until);
	else if (rule->every.set)
		line = xasprintf(_("%s %lld: every %s on '%s', from %s until %s"), name, cycle, length, calendar, from, until);
	else
		line = xasprintf(_("%s %lld: within %s on '%s', from %s until %s"), name, cycle, length, calendar, from, until);
	fputs(colour_on(&call->table, "bold"), call->out);
	print_text(call->out, line, false);
	fprintf(call->out, "%s\n", colour_off(&call->table));
}

static void add_clause(struct texts *clauses, char *clause)
{
	texts_add(clauses, clause);
	free(clause);
}

/* What is to say of it after its verdict, as clauses that each stand for themselves. */
static char *clauses_of(struct call *call, const struct clock_view *view)
{
	_cleanup_free_ char *consumed = length_text(call, view->clock.consumed_s), *limit = length_text(call, view->limit_s);
	_cleanup_free_ char *paused = length_text(call, view->clock.paused_s), *left = length_text(call, view->left_s);
	const struct clock *clock = &view->clock;
	bool over = clock->done.set || clock->ended.set;
	struct texts clauses = {0};
	char at[STAMP_SIZE], *out;

	add_clause(&clauses, xasprintf(_("%s of %s used (%d%%)"), consumed, limit, view->percent));
	if (clock->paused_s)
		add_clause(&clauses, xasprintf(_("paused for %s"), paused));
	if (clock->due.set)
		add_clause(&clauses, xasprintf(_("due %s"), stamp_format(at, &clock->due)));
	if (clock->done.set)
		add_clause(&clauses, xasprintf(_("done %s"), stamp_format(at, &clock->done)));
	else if (clock->ended.set)
		add_clause(&clauses, xasprintf(_("ended %s without it"), stamp_format(at, &clock->ended)));
	if (!over && view->left_s >= 0)
		add_clause(&clauses, xasprintf(_("%s left"), left));
	if (view->at_risk)
		texts_add(&clauses, _("at risk"));
	out = texts_join(&clauses, _(", "));
	texts_release(&clauses);
	return out;
}

static void print_verdict(struct call *call, const struct clock_view *view)
{
	const char *word = verdict_word((enum verdict)view->clock.verdict);
	bool late = view->clock.verdict == VERDICT_MISSED || view->clock.verdict == VERDICT_MET_LATE;
	const char *style = late ? "red" : view->clock.verdict == VERDICT_MET ? "green" : "cyan";
	_cleanup_free_ char *clauses = clauses_of(call, view);

	fprintf(call->out, "%s%s%s", colour_on(&call->table, style), label_word(call, word), colour_off(&call->table));
	/* TRANSLATORS: after the verdict on a clock: "Met: 10m of 15m used (66%), due …". */
	fprintf(call->out, _(": %s"), clauses);
	fputc('\n', call->out);
}

static int print_story(struct call *call, const struct policy *policy, const struct clock_story *story, struct ticket_error *err)
{
	struct table *table;
	int failed;

	print_heading(call, policy, story);
	if (story->intervals.n) {
		if ((failed = table_open(&table, "intervals", columns, ARRAY_SIZE(columns), &call->table, call->out, err)))
			return failed;
		for (size_t i = 0; i < story->intervals.n; i++)
			add_interval(call, table, &story->intervals.v[i]);
		table_close(table);
	}
	print_verdict(call, &story->view);
	return 0;
}

/* --- JSON -------------------------------------------------------------------------------------------------------- */

static void json_time(struct buf *out, const char *key, const struct stamp *stamp)
{
	char text[STAMP_SIZE];

	if (stamp->set)
		buf_addf(out, ",\"%s\":\"%s\"", key, stamp_format(text, stamp));
	else
		buf_addf(out, ",\"%s\":null", key);
}

static void json_intervals(struct buf *out, const struct clock_story *story)
{
	for (size_t i = 0; i < story->intervals.n; i++) {
		const struct clock_interval *interval = &story->intervals.v[i];
		char from[STAMP_SIZE];

		buf_addf(out, "%s{\"from\":\"%s\"", i ? ",\n  " : "\n  ", stamp_format(from, &interval->from));
		json_time(out, "to", &interval->to);
		buf_puts(out, ",\"state\":");
		quote_json(out, interval->state);
		buf_addf(out, ",\"counts\":\"%s\",\"calendar\":", counting_word(interval->counting));
		quote_json(out, interval->calendar);
		buf_addf(out, ",\"working_s\":%lld,\"total_s\":%lld,\"percent\":%d", (long long)interval->working_s, (long long)interval->total_s, interval->percent);
		json_time(out, "due", &interval->due);
		buf_putc(out, '}');
	}
}

static void json_story(struct buf *out, const struct clock_story *story)
{
	const struct clock_view *view = &story->view;
	const struct clock *clock = &view->clock;

	buf_puts(out, "{\"target\":");
	quote_json(out, clock->target);
	buf_addf(out, ",\"cycle\":%lld,\"verdict\":\"%s\"", (long long)clock->cycle, verdict_word((enum verdict)clock->verdict));
	json_time(out, "from", &clock->from);
	json_time(out, "due", &clock->due);
	json_time(out, "done", &clock->done);
	json_time(out, "ended", &clock->ended);
	buf_addf(out, ",\"limit_s\":%lld,\"consumed_s\":%lld,\"paused_s\":%lld,\"left_s\":%lld,\"percent\":%d,\"at_risk\":%s,\"overdue\":%s,\"intervals\":[",
		 (long long)view->limit_s, (long long)clock->consumed_s, (long long)clock->paused_s, (long long)view->left_s, view->percent, view->at_risk ? "true" : "false",
		 view->overdue ? "true" : "false");
	json_intervals(out, story);
	buf_puts(out, "]}");
}

static int run(struct call *call, struct ticket_error *err)
{
	_cleanup_ticket_ struct ticket *ticket = NULL;
	_cleanup_(clock_stories_release) clock_stories stories = {0};
	_cleanup_buf_ struct buf json = {0};
	const struct policy *policy;
	const struct calendars *calendars;
	int failed;

	if ((failed = call_need_args(call, 1, 2, err)) || (failed = desk_read(call->desk, call->args[0], &ticket, err)) ||
	    (failed = desk_rules(call->desk, ticket, &policy, &calendars, err)) ||
	    (failed = clocks_explain(&stories, ticket, policy, calendars, call->n_args > 1 ? call->args[1] : NULL, call->context.now_s, err)))
		return failed;
	for (size_t i = 0; i < stories.n && !failed; i++) {
		if (call->json) {
			buf_puts(&json, i ? ",\n" : "");
			json_story(&json, &stories.v[i]);
			continue;
		}
		if (i)
			fputc('\n', call->out);
		failed = print_story(call, policy, &stories.v[i], err);
	}
	if (!failed && call->json) {
		_cleanup_buf_ struct buf id = {0};

		quote_json(&id, ticket->id);
		fprintf(call->out, "{\"format\":1,\"ticket\":%s,\"clocks\":[\n%s\n]}\n", id.p, json.p);
	}
	return failed;
}

const struct command command_explain = {
	.name = "explain",
	.summary = "every clock of a ticket, interval by interval, up to its verdict",
	.synopsis = "ID [TARGET]",
	.flags = COMMAND_DESK | COMMAND_PAGER | COMMAND_JSON,
	.run = run,
};
