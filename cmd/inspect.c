/* SPDX-License-Identifier: MIT */
/* ticket inspect: spot checks of handled tickets, and reviews of a period's data (C19). */
#include "record.h"

#include "quote.h"
#include "ticket/fsck.h"
#include "ticket/inspect.h"
#include "ticket/report.h"
#include "ticket/text.h"

/* --- draw -------------------------------------------------------------------------------------------------------- */

struct draw_options {
	const char *name, *share, *seed;
	struct texts by;
	int64_t count;
};

static const struct option_row draw_rows[] = {
	{"name", 0, OPTION_TEXT, offsetof(struct draw_options, name), "SAMPLE", "a sample of the policy: says how many, of which, and in which groups"},
	{"share", 0, OPTION_TEXT, offsetof(struct draw_options, share), "SHARE", "such a part of them: 5% or 0.05"},
	{"count", 0, OPTION_COUNT, offsetof(struct draw_options, count), "N", "so many of them"},
	{"by", 0, OPTION_TEXTS, offsetof(struct draw_options, by), "FIELD,...", "from each group alike: channel, assignee, priority …"},
	{"seed", 0, OPTION_TEXT, offsetof(struct draw_options, seed), "SEED", "draw as a former draw did"},
	OPTION_END,
};

/* "5%", "0.05": above 0, at most 1. */
static int read_share(const char *text, double *out, struct ticket_error *err)
{
	char *end;

	*out = strtod(text, &end);
	if (end > text && text_equal(end, "%"))
		*out /= 100;
	else if (end == text || *end)
		*out = 0;
	if (*out > 0 && *out <= 1)
		return 0;
	return ticket_fail(err, TICKET_USAGE, "'%s' is no share; right would be 5%% or 0.05", text);
}

static void split_by(const struct texts *given, struct texts *out)
{
	for (size_t i = 0; i < given->n; i++)
		for (const char *p = given->v[i]; *p;) {
			size_t n = strcspn(p, ",");
			_cleanup_free_ char *one = xstrndup(p, n);

			if (*one)
				texts_add(out, one);
			p += n + (p[n] == ',');
		}
}

static int print_draw(struct call *call, const struct draw *draw, struct ticket_error *err)
{
	static const struct column columns[] = {
		{"number", NULL, CELL_TEXT, false, false}, {"group", NULL, CELL_TEXT, false, false}, {"handler", NULL, CELL_TEXT, false, false},
		{"subject", NULL, CELL_TEXT, false, true}, {"seed", NULL, CELL_TEXT, true, false},
	};
	struct table *table;
	int failed;

	if (call->quiet) {
		for (size_t i = 0; i < draw->tickets.n; i++)
			fprintf(call->out, "%s\n", draw->tickets.v[i].number);
		return 0;
	}
	if ((failed = table_open(&table, "drawn", columns, ARRAY_SIZE(columns), &call->table, call->out, err)))
		return failed;
	for (size_t i = 0; i < draw->tickets.n; i++) {
		const struct drawn *t = &draw->tickets.v[i];

		table_row(table, (const char *[]){t->number, t->group, t->handler, t->subject, draw->seed}, NULL);
	}
	table_close(table);
	if (call->dry_run)
		call_say(call, "%zu of %zu tickets would be drawn with seed %s; dry run, nothing written", draw->tickets.n, draw->population, draw->seed);
	else
		call_say(call, "%zu of %zu tickets drawn with seed %s; score each with: ticket inspect add NUMBER --score N", draw->tickets.n, draw->population, draw->seed);
	return 0;
}

static int run_draw(struct call *call, struct ticket_error *err)
{
	const struct draw_options *o = call->options;
	struct draw_order order = {.rule = o->name, .count = o->count, .seed = o->seed, .words = call->args, .n_words = call->n_args};
	_cleanup_draw_ struct draw draw = {0};
	_cleanup_free_ char *text = NULL;
	struct texts by = {0};
	int failed;

	if ((o->share && (failed = read_share(o->share, &order.share, err))) || (failed = call_text(call, NULL, false, &text, err)) ||
	    (failed = range_from_words(&order.period, &call->range, call->zone, desk_now(call->desk), err)))
		return failed;
	split_by(&o->by, &by);
	order.by = &by;
	order.text = text;
	failed = inspect_draw(call->desk, &order, call->dry_run, &draw, err);
	texts_release(&by);
	return failed ? failed : print_draw(call, &draw, err);
}

static const struct command command_draw = {
	.name = "draw",
	.summary = "draw a random sample of handled tickets, put it on record",
	.synopsis = "[--name SAMPLE] [--share SHARE | --count N] [--by FIELD,...] [--seed SEED] [--month PERIOD] [-m TEXT] [QUERY...]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_ROWS | COMMAND_QUIET | COMMAND_TEXT | COMMAND_QUERY | COMMAND_RANGE,
	.options = draw_rows,
	.options_size = sizeof(struct draw_options),
	.run = run_draw,
};

/* --- add --------------------------------------------------------------------------------------------------------- */

struct add_options {
	struct texts scores;
	const char *name;
};

static const struct option_row add_rows[] = {
	{"score", 's', OPTION_TEXTS, offsetof(struct add_options, scores), "SCORE|CRITERION=SCORE,...", "how it was handled, by the policy's criteria"},
	{"name", 0, OPTION_TEXT, offsetof(struct add_options, name), "SAMPLE", "the sample it was drawn for"},
	OPTION_END,
};

/* "4", "speed=5,records=3" */
static int read_scores(const char *text, struct pairs *scores, struct ticket_error *err)
{
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, ","), name = strcspn(p, "=");
		_cleanup_free_ char *key = name < n ? xstrndup(p, name) : xstrdup(INSPECTION_OVERALL), *value = name < n ? xstrndup(p + name + 1, n - name - 1) : xstrndup(p, n);

		if (!*key || !*value)
			return ticket_fail(err, TICKET_USAGE, "'%.*s' is no score; right would be 4, or CRITERION=4", (int)n, p);
		if (pairs_get(scores, key))
			return ticket_fail(err, TICKET_USAGE, "'%s' is scored twice", key);
		pairs_set(scores, key, value);
		p += n + (p[n] == ',');
	}
	return 0;
}

static int run_add(struct call *call, struct ticket_error *err)
{
	const struct add_options *o = call->options;
	struct event event = {.kind = EVENT_INSPECTED, .name = xstrdup(o->name)};
	int failed = call_need_args(call, 1, SIZE_MAX, err);

	for (size_t i = 0; i < o->scores.n && !failed; i++)
		failed = read_scores(o->scores.v[i], &event.scores, err);
	if (!failed && !event.scores.n)
		failed = ticket_fail(err, TICKET_USAGE, "how was it handled? give --score N");
	if (!failed)
		failed = call_text(call, NULL, false, &event.text, err);
	if (!failed)
		failed = call_record(call, call->args, call->n_args, &event, err);
	event_release(&event);
	return failed;
}

static const struct command command_add = {
	.name = "add",
	.summary = "score how tickets were handled",
	.synopsis = "NUMBER... --score SCORE|CRITERION=SCORE,... [-m TEXT]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_EVENT | COMMAND_QUIET | COMMAND_TEXT,
	.options = add_rows,
	.options_size = sizeof(struct add_options),
	.run = run_add,
};

/* --- list -------------------------------------------------------------------------------------------------------- */

struct list_options {
	bool open;
};

static const struct option_row list_rows[] = {
	{"open", 0, OPTION_FLAG, offsetof(struct list_options, open), NULL, "only those that are still to be inspected"},
	OPTION_END,
};

static const struct column list_columns[] = {
	{"drawn", NULL, CELL_TIME, false, false},   {"sample", NULL, CELL_TEXT, false, false},  {"number", NULL, CELL_TEXT, false, false},
	{"handler", NULL, CELL_TEXT, false, false}, {"inspected", NULL, CELL_TIME, false, false}, {"by", NULL, CELL_TEXT, false, false},
	{"score", NULL, CELL_NUMBER, false, false}, {"remarks", NULL, CELL_TEXT, false, true},  {"draw", NULL, CELL_TEXT, true, false},
};

struct listing {
	const struct list_options *options;
	struct table *table;
};

static int add_inspection(const struct inspection *i, void *data, struct ticket_error *err)
{
	struct listing *listing = data;
	char drawn[STAMP_SIZE], at[STAMP_SIZE] = "", score[32] = "";

	if (i->event && listing->options->open)
		return 0;
	if (i->event) {
		stamp_format(at, &i->event->at);
		snprintf(score, sizeof(score), "%.4g", inspect_score(i->event));
	}
	const char *cells[] = {stamp_format(drawn, &i->draw->at), i->draw->subject, i->ticket->id, i->handler, *at ? at : NULL, i->event ? i->event->by : NULL,
			       *score ? score : NULL, i->event ? i->event->text : NULL, i->draw->id};
	table_row(listing->table, cells, i->event ? NULL : "yellow");
	return 0;
}

static int run_list(struct call *call, struct ticket_error *err)
{
	struct listing listing = {.options = call->options};
	struct range range;
	int failed;

	if ((failed = call_need_args(call, 0, 0, err)) || (failed = range_from_words(&range, &call->range, call->zone, desk_now(call->desk), err)) ||
	    (failed = table_open(&listing.table, "inspections", list_columns, ARRAY_SIZE(list_columns), &call->table, call->out, err)))
		return failed;
	failed = inspect_each(call->desk, &range, add_inspection, &listing, err);
	table_end(listing.table, failed);
	return failed;
}

static const struct command command_inspect_list = {
	.name = "list",
	.summary = "what was drawn, and how it was scored",
	.synopsis = "[--open] [--month PERIOD]",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_PAGER | COMMAND_RANGE,
	.options = list_rows,
	.options_size = sizeof(struct list_options),
	.run = run_list,
};

/* --- review ------------------------------------------------------------------------------------------------------ */

/* Standards of the policy that the period did not meet. */
static size_t count_not_met(const struct report *report)
{
	size_t n = 0;

	for (size_t s = 0; s < report->sections.n; s++) {
		const struct report_section *section = &report->sections.v[s];

		for (size_t r = 0; r < section->rows.n; r++)
			for (size_t c = 0; c < section->columns.n; c++)
				n += text_equal(section->rows.v[r].cells[c].text, "not_met");
	}
	return n;
}

static void print_review(const struct call *call, const struct review *review, const findings *found)
{
	_cleanup_buf_ struct buf out = {0};

	if (!call->json) {
		for (size_t i = 0; i < found->n; i++) {
			print_text(call->out, found->v[i].where, false);
			fputs(": ", call->out);
			print_text(call->out, found->v[i].what, false);
			fputc('\n', call->out);
		}
		call_say(call,
			 call->dry_run ? N_("reviewed: %zu tickets, %zu quarantined, %zu standards not met, %zu findings of fsck; dry run, nothing written")
				       : N_("reviewed: %zu tickets, %zu quarantined, %zu standards not met, %zu findings of fsck"),
			 review->tickets, review->quarantined, review->not_met, review->findings);
		return;
	}
	buf_addf(&out, "{\"format\":1,\"review\":{\"tickets\":%zu,\"quarantined\":%zu,\"standards_not_met\":%zu,\"findings\":", review->tickets, review->quarantined,
		 review->not_met);
	quote_findings(&out, found);
	buf_puts(&out, "}}\n");
	fwrite(out.p, 1, out.n, call->out);
}

static int review_of(struct call *call, struct review *review, findings *found, struct ticket_error *err)
{
	_cleanup_report_ struct report *report = NULL;
	const struct report_order order = {.name = "standards", .period = review->period, .language = call->language};
	size_t tickets;
	int failed;

	if ((failed = report_run(&report, call->desk, &order, err)) || (failed = desk_fsck(call->desk, false, found, &tickets, err)))
		return failed;
	review->tickets = report->counted + report->quarantined;
	review->quarantined = report->quarantined;
	review->not_met = count_not_met(report);
	review->findings = found->n;
	return 0;
}

static int run_review(struct call *call, struct ticket_error *err)
{
	struct range_words words = call->range;
	struct review review = {0};
	_cleanup_free_ char *text = NULL;
	findings found = {0};
	int failed;

	if (!call->since.set && !call->until.set)
		words.month = "last";
	if ((failed = call_need_args(call, 0, 0, err)) || (failed = range_from_words(&review.period, &words, call->zone, desk_now(call->desk), err)) ||
	    (failed = call_text(call, "What did the review of the data find, and what is done about it?", true, &text, err)))
		return failed;
	review.text = text;
	if (!(failed = review_of(call, &review, &found, err)) && !(failed = inspect_review(call->desk, &review, call->dry_run, err)))
		print_review(call, &review, &found);
	findings_release(&found);
	return failed;
}

static const struct command command_inspect_review = {
	.name = "review",
	.summary = "review the data of a period, and put on record that it was done",
	.synopsis = "[--month PERIOD] -m TEXT",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_TEXT | COMMAND_RANGE | COMMAND_JSON,
	.run = run_review,
};

/* --- the group --------------------------------------------------------------------------------------------------- */

static const struct command *const children[] = {&command_add, &command_draw, &command_inspect_list, &command_inspect_review, NULL};

const struct command command_inspect = {
	.name = "inspect",
	.summary = "spot checks of handled tickets, and the review of a period's data",
	.synopsis = "add NUMBER... --score SCORE ...\ndraw [--name SAMPLE] ...\nlist [--open]\nreview [--month PERIOD] -m TEXT",
	.children = children,
};
