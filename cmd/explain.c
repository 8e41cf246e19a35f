/* SPDX-License-Identifier: MIT */
/* ticket explain: every clock of a ticket, interval by interval, up to its verdict. */
#include "command.h"
#include "quote.h"

#include "ticket/text.h"

static const struct column columns[] = {
	{"from", NULL, CELL_TIME, false, false},     {"to", NULL, CELL_TIME, false, false},        {"state", NULL, CELL_TEXT, false, false},
	{"counts", NULL, CELL_TEXT, false, false},   {"calendar", NULL, CELL_TEXT, true, false},   {"working", NULL, CELL_TEXT, false, false},
	{"total", NULL, CELL_TEXT, false, false},    {"percent", "%", CELL_NUMBER, false, false},  {"due", NULL, CELL_TIME, false, false},
	{"working_s", NULL, CELL_NUMBER, true, false}, {"total_s", NULL, CELL_NUMBER, true, false},
};

static const char *length_text(char out[DURATION_SIZE], int64_t seconds)
{
	return duration_format(out, &(struct duration){.seconds = seconds, .set = true});
}

static void add_interval(struct table *table, const struct clock_interval *interval)
{
	char from[STAMP_SIZE], to[STAMP_SIZE], due[STAMP_SIZE], working[DURATION_SIZE], total[DURATION_SIZE], percent[16], working_s[24], total_s[24];
	const char *style = interval->counting == COUNTED ? NULL : "dim";

	snprintf(percent, sizeof(percent), "%d", interval->percent);
	snprintf(working_s, sizeof(working_s), "%lld", (long long)interval->working_s);
	snprintf(total_s, sizeof(total_s), "%lld", (long long)interval->total_s);
	table_row(table,
		  (const char *[]){stamp_format(from, &interval->from), stamp_format(to, &interval->to), interval->state, counting_word(interval->counting),
				   interval->calendar, length_text(working, interval->working_s), length_text(total, interval->total_s), percent,
				   stamp_format(due, &interval->due), working_s, total_s},
		  style);
}

/* "first_response 2: within 15m on 'always', from received until responded". */
static void print_heading(struct call *call, const struct policy *policy, const struct clock_story *story)
{
	const struct target *rule = story->view.rule;
	_cleanup_free_ char *until = texts_join(&rule->until, ", ");
	_cleanup_buf_ struct buf line = {0};
	char length[DURATION_SIZE];

	buf_addf(&line, "%s %lld: ", policy_label(policy, &rule->labels, call->language, rule->name), (long long)story->view.clock.cycle);
	if (rule->by)
		buf_addf(&line, "each working day by %s", rule->by);
	else if (rule->every.set)
		buf_addf(&line, "every %s", duration_format(length, &rule->every));
	else
		buf_addf(&line, "within %s", duration_format(length, &rule->within));
	buf_addf(&line, " on '%s', from %s until %s", rule->calendar ? rule->calendar : policy->calendar ? policy->calendar : "always", rule->from, until);
	fputs(colour_on(&call->table, "bold"), call->out);
	print_text(call->out, line.p, false);
	fprintf(call->out, "%s\n", colour_off(&call->table));
}

static void print_verdict(struct call *call, const struct policy *policy, const struct clock_view *view)
{
	const struct clock *clock = &view->clock;
	const char *word = verdict_word((enum verdict)clock->verdict);
	const char *style = clock->verdict == VERDICT_MISSED || clock->verdict == VERDICT_MET_LATE ? "red" : clock->verdict == VERDICT_MET ? "green" : "cyan";
	char at[STAMP_SIZE], consumed[DURATION_SIZE], limit[DURATION_SIZE], paused[DURATION_SIZE], left[DURATION_SIZE];
	bool over = clock->done.set || clock->ended.set;

	fprintf(call->out, "%s%s%s", colour_on(&call->table, style), policy_word(policy, call->language, word), colour_off(&call->table));
	fprintf(call->out, ": %s of %s used (%d%%)", length_text(consumed, clock->consumed_s), length_text(limit, view->limit_s), view->percent);
	if (clock->paused_s)
		fprintf(call->out, ", paused for %s", length_text(paused, clock->paused_s));
	if (clock->due.set)
		fprintf(call->out, ", due %s", stamp_format(at, &clock->due));
	if (clock->done.set)
		fprintf(call->out, ", done %s", stamp_format(at, &clock->done));
	else if (clock->ended.set)
		fprintf(call->out, ", ended %s without it", stamp_format(at, &clock->ended));
	if (!over && view->left_s >= 0)
		fprintf(call->out, ", %s left", length_text(left, view->left_s));
	if (view->at_risk)
		fputs(", at risk", call->out);
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
			add_interval(table, &story->intervals.v[i]);
		table_close(table);
	}
	print_verdict(call, policy, &story->view);
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
