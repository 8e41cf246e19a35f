/* SPDX-License-Identifier: MIT */
/* ticket show: one ticket, now or as of a revision. */
#include "record.h"

#include "label.h"
#include "rows.h"
#include "ticket/action.h"
#include "ticket/sample.h"
#include "ticket/text.h"

/* How labels are looked up while a ticket is shown. */
struct view {
	struct call *call;
	const struct policy *policy;
	FILE *out;
};

static void heading(const struct view *v, const char *name)
{
	size_t width = text_width(name, strlen(name)), wanted = text_equal(v->call->language, "en") ? 10 : 14;

	fprintf(v->out, "%s%s%s%*s  ", colour_on(&v->call->table, "dim"), name, colour_off(&v->call->table), width < wanted ? (int)(wanted - width) : 0, "");
}

static void line(const struct view *v, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	heading(v, label_word(v->call, name));
	print_text(v->out, value, false);
	fputc('\n', v->out);
}

static void time_line(const struct view *v, const char *name, const struct stamp *at)
{
	char text[STAMP_SIZE];

	line(v, name, stamp_format(text, at));
}

static const char *label(const struct view *v, const choices *list, const char *name)
{
	const struct choice *choice = name ? policy_choice(list, name) : NULL;

	return choice ? policy_label(v->policy, &choice->labels, v->call->language, name) : name;
}

static void choice_lines(const struct view *v, const char *name, const choices *list, const struct texts *values)
{
	struct texts labels = {0};
	_cleanup_free_ char *joined = NULL;

	for (size_t i = 0; i < values->n; i++)
		texts_add(&labels, label(v, list, values->v[i]));
	joined = texts_join(&labels, ", ");
	line(v, name, joined);
	texts_release(&labels);
}

static void indented(const struct view *v, const char *text, const char *indent)
{
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n");
		_cleanup_free_ char *one = xstrndup(p, n);

		fputs(indent, v->out);
		print_text(v->out, one, true);
		fputc('\n', v->out);
		p += n + (p[n] == '\n');
	}
}

static void show_customer(const struct view *v, const struct ticket *t)
{
	_cleanup_buf_ struct buf who = {0};

	buf_puts(&who, t->customer.display ? t->customer.display : "");
	if (t->customer.id)
		buf_addf(&who, "%s%s", who.n ? " · " : "", t->customer.id);
	if (t->customer.contact)
		buf_addf(&who, "%s%s", who.n ? " · " : "", t->customer.contact);
	line(v, "customer", who.p);
}

/* What a sample drew the ticket for, and has not happened yet (C11). */
static void show_owed(const struct view *v, const struct ticket *t)
{
	samples_owed owed = {0};

	samples_of(v->policy, t, &owed);
	for (size_t i = 0; i < owed.n; i++) {
		_cleanup_free_ char *what = xasprintf("%s (%s)", policy_label(v->policy, &owed.v[i]->labels, v->call->language, owed.v[i]->name),
						      owed.v[i]->event);

		line(v, "owes", what);
	}
	free(owed.v);
}

/* A mark behind the status, where the status does not say so itself. */
static void mark(const struct view *v, bool is, const char *word, const char *status, const char *style)
{
	const char *shown = label_word(v->call, word);

	if (is && !text_equal(shown, status))
		fprintf(v->out, "  %s%s%s", colour_on(&v->call->table, style), shown, colour_off(&v->call->table));
}

static void show_head(const struct view *v, const struct ticket *t)
{
	const struct policy *p = v->policy;
	const char *status = status_label(v->call, t);
	char level[24] = "";

	fprintf(v->out, "%s%s%s  ", colour_on(&v->call->table, "bold"), t->id, colour_off(&v->call->table));
	print_text(v->out, status, false);
	mark(v, t->delayed, "delayed", status, "red");
	mark(v, t->quarantined, "quarantined", status, "yellow");
	fputc('\n', v->out);
	line(v, "subject", t->subject);
	time_line(v, "received", &t->received);
	line(v, "channel", label(v, &p->channels, t->channel));
	line(v, "address", t->source.address);
	show_customer(v, t);
	choice_lines(v, "type", &p->types, &t->types);
	line(v, "category", label(v, &p->categories, t->category));
	line(v, "grade", label(v, &p->grades, t->grade));
	line(v, "priority", label(v, &p->priorities, t->priority));
	line(v, "risk", label(v, &p->risks, t->risk));
	for (size_t i = 0; i < t->fields.n; i++)
		line(v, t->fields.v[i].key, t->fields.v[i].value);
	line(v, "wants", t->wants);
	time_line(v, "expects", &t->expects);
	choice_lines(v, "departments", &p->departments, &t->departments);
	line(v, "group", label_group(v->call, t->group));
	line(v, "assignee", t->assignee);
	line(v, "doing", label(v, &p->doings, t->doing));
	time_line(v, "eta", &t->eta);
	line(v, "lead", t->lead);
	time_line(v, "plan_due", &t->plan_due);
	if (t->level)
		snprintf(level, sizeof(level), "%lld", (long long)t->level);
	line(v, "level", level);
	show_owed(v, t);
}

/* --- what it has to do with ------------------------------------------------------------------------------------ */

#define MOST_COVERED 20

struct covered {
	const struct view *view;
	size_t shown;
};

static int show_covered(const struct ticket_row *row, void *data, struct ticket_error *err)
{
	struct covered *covered = data;
	const struct view *v = covered->view;

	if (covered->shown++ >= MOST_COVERED)
		return 0;
	heading(v, "");
	fprintf(v->out, "%s  ", row->id);
	print_text(v->out, row_status(v->call, row), false);
	if (*row->assignee) {
		fputs("  ", v->out);
		print_text(v->out, row->assignee, false);
	}
	fputc('\n', v->out);
	return 0;
}

/* Words that a policy may have, and else stand here. */
static const char *own_word(const struct view *v, const char *word, const char *english, const char *chinese)
{
	const char *given = policy_word(v->policy, v->call->language, word);

	return !text_equal(given, word) ? given : text_equal(v->call->language, "zh") ? chinese : english;
}

/* The tickets of its incident, or the one that they are under. */
static int show_incident(const struct view *v, const struct ticket *t, struct ticket_error *err)
{
	_cleanup_free_ char *word = xasprintf("incident:%s", t->id), *count = NULL;
	_cleanup_query_ struct query *query = NULL;
	struct covered covered = {.view = v};
	int failed;

	line(v, own_word(v, "incident", "Incident", "所属事件"), t->incident);
	if (!t->covers.n)
		return 0;
	count = xasprintf("%zu", t->covers.n);
	line(v, own_word(v, "covers", "Tickets of it", "事件工单"), count);
	if ((failed = call_query(v->call, (const char *[]){word}, 1, "received", 0, &query, err)) ||
	    (failed = desk_list(v->call->desk, query, NULL, NULL, show_covered, &covered, err)))
		return failed;
	if (covered.shown > MOST_COVERED) {
		heading(v, "");
		fprintf(v->out, "… ticket list %s\n", word);
	}
	return 0;
}

struct related {
	const struct view *view;
	const char *number;
};

static int show_action(const struct action *action, void *data, struct ticket_error *err)
{
	const struct related *related = data;
	const struct view *v = related->view;
	_cleanup_free_ char *text = NULL;

	if (!texts_have(&action->tickets, related->number))
		return 0;
	text = xasprintf("%s  %s%s%s  %s", action->id, policy_word(v->policy, v->call->language, action_state_word((enum action_state)action->state)),
			 action->owner ? "  " : "", action->owner ? action->owner : "", action->problem ? action->problem : "");
	line(v, own_word(v, "action", "Action", "改进措施"), text);
	return 0;
}

static void show_rest(const struct view *v, const struct ticket *t)
{
	_cleanup_free_ char *aliases = texts_join(&t->aliases, ", ");

	line(v, "aliases", aliases);
	for (size_t i = 0; i < t->attachments.n; i++)
		line(v, "file", t->attachments.v[i].name);
	if (t->description) {
		fputc('\n', v->out);
		indented(v, t->description, "    ");
	}
}

static void show_clocks(const struct view *v, const struct ticket *t)
{
	if (t->clocks.n)
		fputc('\n', v->out);
	for (size_t i = 0; i < t->clocks.n; i++) {
		const struct clock *clock = &t->clocks.v[i];
		const char *style = clock->verdict == VERDICT_MISSED || clock->verdict == VERDICT_MET_LATE ? "red" : clock->verdict == VERDICT_MET ? "green" : "cyan";
		char due[STAMP_SIZE];

		heading(v, label_target(v->call, clock->target));
		fprintf(v->out, "%s%s%s", colour_on(&v->call->table, style), label_word(v->call, verdict_word((enum verdict)clock->verdict)),
			colour_off(&v->call->table));
		if (clock->due.set)
			fprintf(v->out, "  %s", stamp_format(due, &clock->due));
		fputc('\n', v->out);
	}
}

/* What the sweep recorded of a clock, without the keys by which it knows its steps: those are in JSON. Owned. */
static char *sweep_summary(const struct view *v, const struct event *event)
{
	struct buf out = {0};
	char due[STAMP_SIZE];

	buf_puts(&out, label_target(v->call, event->clock));
	if (event->due.set)
		buf_addf(&out, " · %s %s", label_word(v->call, "due"), stamp_format(due, &event->due));
	if (event->level)
		buf_addf(&out, " · %s %lld", label_word(v->call, "level"), (long long)event->level);
	if (event->delayed)
		buf_addf(&out, " · %s", label_word(v->call, "delayed"));
	return buf_steal(&out);
}

static void show_events(const struct view *v, const struct ticket *t)
{
	fputc('\n', v->out);
	for (size_t i = 0; i < t->events.n; i++) {
		const struct event *event = &t->events.v[i];
		bool swept = event->automatic && event->clock;
		_cleanup_free_ char *what = swept ? sweep_summary(v, event) : event_summary(event, v->policy, v->call->language);
		char at[STAMP_SIZE];

		fprintf(v->out, "%s%s%s  %s  ", colour_on(&v->call->table, "dim"), stamp_format(at, &event->at), colour_off(&v->call->table),
			label_event(v->call, event_word((enum event_kind)event->kind)));
		print_text(v->out, event->by, false);
		fputc('\n', v->out);
		indented(v, what, "    ");
	}
}

static int show_one(struct call *call, const char *word, struct buf *json, struct ticket_error *err)
{
	_cleanup_ticket_ struct ticket *ticket = NULL;
	struct view view = {call, desk_policy(call->desk), call->out};
	int failed = desk_read(call->desk, word, &ticket, err);

	if (failed)
		return failed;
	if (call->json) {
		if (json->n)
			buf_puts(json, ",\n");
		ticket_write_line(ticket, json);
		return 0;
	}
	show_head(&view, ticket);
	if ((failed = show_incident(&view, ticket, err)) || (failed = action_each(call->desk, show_action, &(struct related){&view, ticket->id}, err)))
		return failed;
	show_rest(&view, ticket);
	show_clocks(&view, ticket);
	show_events(&view, ticket);
	return 0;
}

static int run(struct call *call, struct ticket_error *err)
{
	_cleanup_buf_ struct buf json = {0};
	struct texts words = {0};
	int failed = call_numbers(call, call->args, call->n_args, &words, err);

	for (size_t i = 0; i < words.n && !failed; i++) {
		if (i && !call->json)
			fputc('\n', call->out);
		failed = show_one(call, words.v[i], &json, err);
	}
	if (!failed && call->json)
		fprintf(call->out, "{\"format\":1,\"tickets\":[\n%s\n]}\n", json.p);
	texts_release(&words);
	return failed;
}

const struct command command_show = {
	.name = "show",
	.summary = "show tickets, now or as of a revision",
	.synopsis = "ID[@REV]...",
	.flags = COMMAND_DESK | COMMAND_PAGER | COMMAND_JSON,
	.run = run,
};
