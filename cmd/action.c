/* SPDX-License-Identifier: MIT */
/* ticket action: the improvement list (B10). The commands beneath it, and those that only look: list, show. */
#include "action.h"

#include "ticket/text.h"

const char *action_label(const struct call *call, const char *word)
{
	static const char *const chinese[][2] = {
		{"proposed", "建议"},        {"open", "进行中"},         {"done", "已完成"},       {"verified", "已验证"},  {"dropped", "已取消"},
		{"added", "已登记"},         {"edited", "已修改"},       {"noted", "进展"},        {"reopened", "重新打开"}, {"reminded", "已提醒"},
		{"notified", "已通知"},      {"yes", "有效"},            {"partly", "部分有效"},   {"no", "无效"},          {"overdue", "超期"},
		{"problem", "问题"},         {"cause", "原因"},          {"plan", "改进方案"},     {"owner", "负责人"},     {"due", "完成期限"},
		{"category", "类别"},        {"type", "类型"},           {"tickets", "相关工单"},  {"feedback", "客户反馈"}, {"measure", "实施情况"},
		{"carried_out", "完成时间"}, {"effective", "验证结果"},  {"verification", "验证说明"}, {"verified_at", "验证时间"},
		{"reason", "原因说明"},      {"step", "提醒"},           {"to", "通知对象"},       {"via", "通知方式"},
	};
	static const char *const english[][2] = {{"carried_out", "carried out"}, {"verified_at", "verified"}};

	if (text_equal(call->language, "zh"))
		for (size_t i = 0; i < ARRAY_SIZE(chinese); i++)
			if (text_equal(chinese[i][0], word))
				return chinese[i][1];
	for (size_t i = 0; i < ARRAY_SIZE(english); i++)
		if (text_equal(english[i][0], word))
			return english[i][1];
	return word;
}

/* --- list ------------------------------------------------------------------------------------------------------ */

static const struct column list_columns[] = {
	{"number", NULL, CELL_TEXT, false, false},  {"state", NULL, CELL_TEXT, false, false},    {"owner", NULL, CELL_TEXT, false, false},
	{"due", NULL, CELL_TIME, false, false},     {"overdue", NULL, CELL_FLAG, false, false},  {"category", NULL, CELL_TEXT, false, false},
	{"problem", NULL, CELL_TEXT, false, true},  {"effective", NULL, CELL_TEXT, false, false}, {"type", NULL, CELL_TEXT, true, false},
	{"tickets", NULL, CELL_LIST, true, false},  {"cause", NULL, CELL_TEXT, true, false},     {"plan", NULL, CELL_TEXT, true, false},
	{"measure", NULL, CELL_TEXT, true, false},  {"feedback", NULL, CELL_TEXT, true, false},  {"done", NULL, CELL_TIME, true, false},
	{"verified", NULL, CELL_TIME, true, false}, {"verification", NULL, CELL_TEXT, true, false},
};

struct listing {
	const struct call *call;
	const struct action_query *query;
	struct table *table;
	bool labels; /* for people */
};

static const char *category_label(const struct call *call, const choices *list, const char *name)
{
	const struct choice *choice = name ? policy_choice(list, name) : NULL;

	return choice ? policy_label(desk_policy(call->desk), &choice->labels, call->language, name) : name;
}

static int add_action(const struct action *a, void *data, struct ticket_error *err)
{
	const struct listing *l = data;
	const struct policy *policy = desk_policy(l->call->desk);
	_cleanup_free_ char *tickets = texts_join(&a->tickets, ",");
	const char *state = action_state_word((enum action_state)a->state);
	char due[STAMP_SIZE], done[STAMP_SIZE], verified[STAMP_SIZE];
	bool overdue = action_is_overdue(a, desk_now(l->call->desk));
	const char *cells[] = {
		a->id, l->labels ? action_label(l->call, state) : state, a->owner, stamp_format(due, &a->due), overdue ? "true" : "false",
		l->labels ? category_label(l->call, &policy->categories, a->category) : a->category, a->problem,
		l->labels && a->effective ? action_label(l->call, a->effective) : a->effective, a->type, tickets, a->cause, a->plan, a->measure, a->feedback,
		stamp_format(done, &a->done), stamp_format(verified, &a->verified), a->verification,
	};

	if (!action_query_matches(l->query, a))
		return 0;
	if (l->call->quiet)
		fprintf(l->call->out, "%s\n", a->id);
	else
		table_row(l->table, cells, overdue ? "red" : a->state > ACTION_DONE ? "dim" : NULL);
	return 0;
}

static int run_list(struct call *call, struct ticket_error *err)
{
	_cleanup_action_query_ struct action_query *query = NULL;
	struct listing listing = {.call = call, .labels = !call->table.format || text_equal(call->table.format, "table")};
	int failed;

	if ((failed = action_query_parse(&query, call->desk, call->args, call->n_args, err)))
		return failed;
	if (!call->quiet && (failed = table_open(&listing.table, "actions", list_columns, ARRAY_SIZE(list_columns), &call->table, call->out, err)))
		return failed;
	listing.query = query;
	failed = action_each(call->desk, add_action, &listing, err);
	table_end(listing.table, failed);
	return failed;
}

const struct command action_command_list = {
	.name = "list",
	.summary = "the actions: state:open owner:me category:K ticket:ID overdue due.before:TIME, free text",
	.synopsis = "[QUERY...]",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_QUIET | COMMAND_PAGER | COMMAND_QUERY,
	.run = run_list,
};

/* --- show ------------------------------------------------------------------------------------------------------ */

static void heading(const struct call *call, const char *word)
{
	const char *name = action_label(call, word);
	size_t width = text_width(name, strlen(name));

	fprintf(call->out, "%s%s%s%*s  ", colour_on(&call->table, "dim"), name, colour_off(&call->table), width < 12 ? (int)(12 - width) : 0, "");
}

/* Further lines of a text stand below its first one. */
static void print_lines(const struct call *call, const char *text, int indent)
{
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n");
		_cleanup_free_ char *one = xstrndup(p, n);

		if (p != text)
			fprintf(call->out, "%*s", indent, "");
		print_text(call->out, one, false);
		fputc('\n', call->out);
		p += n + (p[n] == '\n');
	}
}

static void line(const struct call *call, const char *word, const char *value)
{
	if (!value || !*value)
		return;
	heading(call, word);
	print_lines(call, value, 14);
}

static void time_line(const struct call *call, const char *word, const struct stamp *at)
{
	char text[STAMP_SIZE];

	line(call, word, stamp_format(text, at));
}

static void show_head(const struct call *call, const struct action *a)
{
	const struct policy *policy = desk_policy(call->desk);
	_cleanup_free_ char *tickets = texts_join(&a->tickets, ", ");

	fprintf(call->out, "%s%s%s  %s", colour_on(&call->table, "bold"), a->id, colour_off(&call->table), action_label(call, action_state_word((enum action_state)a->state)));
	if (action_is_overdue(a, desk_now(call->desk)))
		fprintf(call->out, "  %s%s%s", colour_on(&call->table, "red"), action_label(call, "overdue"), colour_off(&call->table));
	fputc('\n', call->out);
	line(call, "problem", a->problem);
	line(call, "cause", a->cause);
	line(call, "plan", a->plan);
	line(call, "owner", a->owner);
	time_line(call, "due", &a->due);
	line(call, "category", category_label(call, &policy->categories, a->category));
	line(call, "type", category_label(call, &policy->types, a->type));
	line(call, "tickets", tickets);
	line(call, "feedback", a->feedback);
	line(call, "measure", a->measure);
	time_line(call, "carried_out", &a->done);
	line(call, "effective", a->effective ? action_label(call, a->effective) : NULL);
	line(call, "verification", a->verification);
	time_line(call, "verified_at", &a->verified);
}

static void said(const struct call *call, const char *word, const char *value)
{
	if (!value || !*value)
		return;
	fputs("    ", call->out);
	if (word)
		fprintf(call->out, _("%s: "), action_label(call, word));
	print_lines(call, value, 4);
}

static void show_change(const struct call *call, const struct change_of *change)
{
	fprintf(call->out, "    %s: '", action_label(call, change->field));
	print_text(call->out, change->old ? change->old : "", false);
	fputs("' → '", call->out);
	print_text(call->out, change->new ? change->new : "", false);
	fputs("'\n", call->out);
}

/* What it was opened with stands in the head, or as the old value of what changed it. */
static void show_event(const struct call *call, const struct action_event *event)
{
	char due[STAMP_SIZE];

	said(call, NULL, event->text);
	for (size_t i = 0; i < event->changes.n && event->kind != ACTION_EVENT_ADDED; i++)
		show_change(call, &event->changes.v[i]);
	said(call, "reason", event->reason);
	said(call, "effective", event->effective ? action_label(call, event->effective) : NULL);
	said(call, "step", event->step);
	said(call, "due", stamp_format(due, &event->due));
	said(call, "to", event->to);
	said(call, "via", event->via);
}

static void show_events(const struct call *call, const struct action *a)
{
	fputc('\n', call->out);
	for (size_t i = 0; i < a->events.n; i++) {
		const struct action_event *event = &a->events.v[i];
		char at[STAMP_SIZE];

		fprintf(call->out, "%s%s%s  %s  ", colour_on(&call->table, "dim"), stamp_format(at, &event->at), colour_off(&call->table),
			action_label(call, action_event_word((enum action_kind)event->kind)));
		print_text(call->out, event->by, false);
		fputc('\n', call->out);
		show_event(call, event);
	}
}

static int run_show(struct call *call, struct ticket_error *err)
{
	_cleanup_buf_ struct buf json = {0};
	struct texts words = {0};
	int failed = call_numbers(call, call->args, call->n_args, &words, err);

	for (size_t i = 0; i < words.n && !failed; i++) {
		_cleanup_action_ struct action *action = NULL;

		if ((failed = action_read(call->desk, words.v[i], &action, err)))
			break;
		if (call->json) {
			buf_puts(&json, i ? ",\n" : "");
			action_write_line(action, &json);
			continue;
		}
		fputs(i ? "\n" : "", call->out);
		show_head(call, action);
		show_events(call, action);
	}
	if (!failed && call->json)
		fprintf(call->out, "{\"format\":1,\"actions\":[\n%s\n]}\n", json.p);
	texts_release(&words);
	return failed;
}

const struct command action_command_show = {
	.name = "show",
	.summary = "show actions with all that happened to them",
	.synopsis = "ACTION...",
	.flags = COMMAND_DESK | COMMAND_PAGER | COMMAND_JSON,
	.run = run_show,
};

/* --- the group ------------------------------------------------------------------------------------------------- */

static const struct command *const children[] = {
	&action_command_add,  &action_command_done,   &action_command_drop, &action_command_edit,   &action_command_list,
	&action_command_note, &action_command_reopen, &action_command_show, &action_command_verify, NULL,
};

const struct command command_action = {
	.name = "action",
	.summary = "improvement actions: problem, plan, owner, due date, what was done, whether it helped",
	.synopsis = "add [-m PROBLEM] [--plan TEXT] [--owner P] [--due TIME] ...\ndone ACTION... [-m TEXT]\ndrop ACTION... --reason TEXT\nedit ACTION... --reason TEXT ...\nlist [QUERY...]\n"
		    "note ACTION... [-m TEXT] [--feedback TEXT]\nreopen ACTION... --reason TEXT\nshow ACTION...\nverify ACTION... --effective yes|partly|no [-m TEXT]",
	.children = children,
};
