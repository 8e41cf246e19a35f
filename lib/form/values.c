/* SPDX-License-Identifier: MIT */
/* The values of a ticket that forms can show: one row of a table for each, told as data and as text for people. */
#include "form/form.h"

#include "ticket/text.h"

enum how {
	HEAD_TEXT,   /* char * of the ticket */
	HEAD_TIME,   /* struct stamp of the ticket */
	HEAD_CHOICE, /* char *, the name of a choice of the policy */
	HEAD_CHOICES, /* struct texts, names of choices */
	FIRST_TIME,  /* when a moment first was */
	FIRST_TEXT,
	LAST_TIME,   /* when it last was, in the present cycle */
	LAST_TEXT,
	LAST_BY,
	OWN,         /* by a function */
};
typedef int own_value(struct filling *f, struct form_cell *cell, struct ticket_error *err);

/* --- values that take more than a look ------------------------------------------------------------------------- */

static const struct revealed *revealed_of(const struct filling *f)
{
	for (size_t i = 0; f->ticket->customer.id && i < f->revealed.n; i++)
		if (text_equal(f->revealed.v[i].customer, f->ticket->customer.id))
			return &f->revealed.v[i];
	return NULL;
}

static int own_customer(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	const struct revealed *clear = revealed_of(f);

	tell(cell, clear && clear->person.name ? clear->person.name : f->ticket->customer.display, NULL);
	return 0;
}

static int own_contact(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	const struct revealed *clear = revealed_of(f);
	struct texts ways = {0};
	_cleanup_free_ char *all = NULL;

	if (!clear) {
		tell(cell, f->ticket->customer.contact, NULL);
		return 0;
	}
	if (clear->person.phone)
		texts_add(&ways, clear->person.phone);
	if (clear->person.email)
		texts_add(&ways, clear->person.email);
	if (clear->person.account)
		texts_add(&ways, clear->person.account);
	all = texts_join(&ways, ", ");
	texts_release(&ways);
	tell(cell, all, NULL);
	return 0;
}

/* Where the customer lives is never kept in clear: without leave to see it there is nothing to show. */
static int own_home(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	const struct revealed *clear = revealed_of(f);

	if (clear)
		tell(cell, clear->person.address, NULL);
	return 0;
}

static int own_state(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	const struct status *status = policy_status(f->policy, f->ticket);
	const char *word = state_word((enum ticket_state)f->ticket->state);

	tell(cell, word, status ? policy_label(f->policy, &status->labels, f->language, status->name) : form_word(f, word));
	return 0;
}

static const char *group_label(const struct filling *f, const char *name)
{
	for (size_t i = 0; name && i < f->policy->groups.n; i++)
		if (text_equal(f->policy->groups.v[i].name, name))
			return policy_label(f->policy, &f->policy->groups.v[i].labels, f->language, name);
	return name;
}

static int own_group(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	tell(cell, f->ticket->group, group_label(f, f->ticket->group));
	return 0;
}

/* Department and owner in one: whose it is (D14, E11). */
static int own_owner(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	const char *shown[3] = {NULL, group_label(f, f->ticket->group), f->ticket->assignee}, *data[3] = {NULL, f->ticket->group, f->ticket->assignee};
	struct form_cell departments = {0};
	_cleanup_buf_ struct buf told = {0}, named = {0};

	tell_choices(f, &departments, &f->policy->departments, &f->ticket->departments);
	shown[0] = departments.shown;
	data[0] = departments.data;
	for (size_t i = 0; i < ARRAY_SIZE(shown); i++)
		if (shown[i] && *shown[i]) {
			buf_addf(&told, "%s%s", told.n ? " · " : "", shown[i]);
			buf_addf(&named, "%s%s", named.n ? ";" : "", data[i]);
		}
	tell(cell, named.p, told.p);
	free(departments.data);
	free(departments.shown);
	return 0;
}

static const char *target_label(const struct filling *f, const char *name)
{
	for (size_t i = 0; i < f->policy->targets.n; i++)
		if (text_equal(f->policy->targets.v[i].name, name))
			return policy_label(f->policy, &f->policy->targets.v[i].labels, f->language, name);
	return name;
}

/* The clock of the latest cycle of a target; NULL: the ticket has none. */
static const struct clock *clock_of(const struct ticket *ticket, const char *target)
{
	for (size_t i = ticket->clocks.n; i-- > 0;)
		if (text_equal(ticket->clocks.v[i].target, target))
			return &ticket->clocks.v[i];
	return NULL;
}

/* Each limit once, by its latest cycle, a line each: "First response 2026-05-06 10:30". */
static int own_limits(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	_cleanup_buf_ struct buf data = {0}, shown = {0};

	for (size_t i = 0; i < f->ticket->clocks.n; i++) {
		const struct clock *clock = &f->ticket->clocks.v[i];
		struct form_cell due = {0};

		if (clock != clock_of(f->ticket, clock->target) || !clock->due.set)
			continue;
		tell_time(f, &due, &clock->due);
		buf_addf(&data, "%s%s %s", data.n ? ";" : "", clock->target, due.data);
		buf_addf(&shown, "%s%s %s", shown.n ? "\n" : "", target_label(f, clock->target), due.shown);
		free(due.data);
		free(due.shown);
	}
	tell(cell, data.p, shown.p);
	return 0;
}

/* The next deadline of those that still run. */
static int own_due(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	const struct clock *next = NULL;

	for (size_t i = 0; i < f->ticket->clocks.n; i++) {
		const struct clock *clock = &f->ticket->clocks.v[i];

		if (clock->due.set && !clock->done.set && !clock->ended.set && (!next || clock->due.s < next->due.s))
			next = clock;
	}
	if (next)
		tell_time(f, cell, &next->due);
	return 0;
}

static int own_promise(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	const struct policy *policy;
	const struct calendars *calendars;
	_cleanup_free_ char *promise = NULL;
	int failed = desk_rules(f->desk, f->ticket, &policy, &calendars, err);

	if (failed)
		return failed;
	promise = clocks_promise(f->ticket, policy, calendars, f->chinese ? "zh" : "en");
	tell(cell, promise, NULL);
	return 0;
}

static const struct event *last(const struct filling *f, const char *moment)
{
	return moment_last(moment, f->ticket, f->policy);
}

static int own_needs(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	const struct event *plan = last(f, "planned");
	_cleanup_free_ char *data = plan ? texts_join(&plan->needs, ",") : NULL, *shown = plan ? texts_join(&plan->needs, form_say(f, ", ", "、")) : NULL;

	tell(cell, data, shown);
	return 0;
}

/* What was done last and where that stands (D8). */
static int own_progress(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	const struct event *note = last(f, "noted");
	const char *doing = f->ticket->doing ? choice_label(f, &f->policy->doings, f->ticket->doing) : NULL;
	_cleanup_free_ char *both = doing && note && note->text ? xasprintf(form_say(f, "%s: %s", "%s：%s"), doing, note->text) : NULL;

	tell(cell, both ? both : doing ? doing : note ? note->text : NULL, NULL);
	return 0;
}

static int own_cause(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	const struct event *resolved = last(f, "resolved");

	if (resolved)
		tell_choice(f, cell, &f->policy->causes, resolved->cause);
	return 0;
}

static int own_satisfied(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	static const struct {
		const char *name, *en, *zh;
	} answers[] = {{"yes", "Satisfied", "满意"}, {"fairly", "Fairly satisfied", "基本满意"}, {"no", "Not satisfied", "不满意"}};
	const struct event *followup = last(f, "followed_up");

	for (size_t i = 0; followup && i < ARRAY_SIZE(answers); i++)
		if (text_equal(answers[i].name, followup->satisfied))
			tell(cell, answers[i].name, form_say(f, answers[i].en, answers[i].zh));
	return 0;
}

/* The answer to the survey, where it may be shown on one ticket at all (B6). */
static const struct event *open_answer(const struct filling *f)
{
	const struct event *answer = last(f, "survey:answered");

	return answer && f->policy->survey.anonymous && !answer->contact ? NULL : answer;
}

/* Says that there is nothing to see, and why, where somebody has answered. */
static bool hide_anonymous(const struct filling *f, struct form_cell *cell)
{
	if (!f->policy->survey.anonymous || open_answer(f))
		return false;
	if (last(f, "survey:answered"))
		tell(cell, "anonymous", form_say(f, "anonymous", "匿名，不逐单显示"));
	return true;
}

static int own_score(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	const struct event *answer = open_answer(f);
	_cleanup_free_ char *mean = NULL;
	double sum = 0;

	if (hide_anonymous(f, cell) || !answer || !answer->scores.n)
		return 0;
	for (size_t i = 0; i < answer->scores.n; i++)
		sum += strtod(answer->scores.v[i].value, NULL);
	mean = xasprintf("%.3g", sum / (double)answer->scores.n);
	tell(cell, mean, NULL);
	return 0;
}

static const char *question_label(const struct filling *f, const char *name)
{
	for (size_t i = 0; i < f->policy->survey.questions.n; i++)
		if (text_equal(f->policy->survey.questions.v[i].name, name))
			return policy_label(f->policy, &f->policy->survey.questions.v[i].labels, f->language, name);
	return name;
}

static int own_scores(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	const struct event *answer = open_answer(f);
	_cleanup_buf_ struct buf data = {0}, shown = {0};

	if (hide_anonymous(f, cell) || !answer)
		return 0;
	for (size_t i = 0; i < answer->scores.n; i++) {
		buf_addf(&data, "%s%s=%s", i ? "," : "", answer->scores.v[i].key, answer->scores.v[i].value);
		buf_addf(&shown, "%s%s %s", i ? form_say(f, ", ", "、") : "", question_label(f, answer->scores.v[i].key), answer->scores.v[i].value);
	}
	tell(cell, data.p, shown.p);
	return 0;
}

static void add_sentence(const struct filling *f, struct buf *out, const char *text)
{
	if (text && *text)
		buf_addf(out, "%s%s", out->n ? form_say(f, "; ", "；") : "", text);
}

/* All that the customer said of the result: dispute, confirmation, survey, the answer to the call (B11, A18). */
static int own_feedback(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	const struct event *disputed = last(f, "disputed"), *confirmed = last(f, "confirmed"), *followup = last(f, "followed_up"), *answer = open_answer(f);
	struct form_cell satisfied = {0};
	_cleanup_buf_ struct buf b = {0};

	if (disputed)
		add_sentence(f, &b, disputed->text);
	if (confirmed)
		add_sentence(f, &b, confirmed->text ? confirmed->text : form_word(f, "confirmed"));
	own_satisfied(f, &satisfied, err);
	add_sentence(f, &b, satisfied.shown);
	if (answer)
		add_sentence(f, &b, answer->text);
	if (followup)
		add_sentence(f, &b, followup->text);
	tell(cell, b.p, NULL);
	free(satisfied.data);
	free(satisfied.shown);
	return 0;
}

/* When he said so last. */
static int own_feedback_at(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	static const char *const moments[] = {"disputed", "confirmed", "followed_up", "survey:answered"};
	const struct event *latest = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(moments); i++) {
		const struct event *event = last(f, moments[i]);

		/* An anonymous answer's moment would tell whose it is. */
		if (event && !(event->kind == EVENT_SURVEY && f->policy->survey.anonymous) && (!latest || event->at.s >= latest->at.s))
			latest = event;
	}
	if (latest)
		tell_time(f, cell, &latest->at);
	return 0;
}

static int own_verification(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	const struct event *verified = last(f, "verified");
	const char *said = verified ? (verified->text ? verified->text : verified->decision) : NULL;

	if (verified)
		tell(cell, said ? said : "verified", said ? NULL : form_word(f, "verified"));
	return 0;
}

static int own_files(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	struct texts names = {0};
	_cleanup_free_ char *all = NULL;

	for (size_t i = 0; i < f->ticket->attachments.n; i++)
		if (!texts_have(&names, f->ticket->attachments.v[i].name))
			texts_add(&names, f->ticket->attachments.v[i].name);
	all = texts_join(&names, form_say(f, ", ", "、"));
	tell(cell, all, NULL);
	texts_release(&names);
	return 0;
}

static int own_level(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	_cleanup_free_ char *level = f->ticket->level ? xasprintf("%lld", (long long)f->ticket->level) : NULL;

	tell(cell, level, NULL);
	return 0;
}

static int own_printed(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	const struct stamp now = stamp_at(desk_zone(f->desk), desk_now(f->desk));

	tell_time(f, cell, &now);
	return 0;
}

static int own_printed_by(struct filling *f, struct form_cell *cell, struct ticket_error *err)
{
	tell(cell, desk_actor(f->desk), NULL);
	return 0;
}

/* --- the table ------------------------------------------------------------------------------------------------- */

#define HEAD(member) offsetof(struct ticket, member)
#define LISTED(member) offsetof(struct policy, member)
static const struct value_rule {
	const char *name;
	enum how how;
	size_t offset;      /* in the ticket, or (…_TEXT of a moment) in the event */
	size_t list;        /* in the policy */
	const char *moment;
	own_value *own;
} values[] = {
	{"number", HEAD_TEXT, HEAD(id), 0, NULL, NULL},
	{"received", HEAD_TIME, HEAD(received), 0, NULL, NULL},
	{"recorded", FIRST_TIME, 0, 0, "opened", NULL},
	{"channel", HEAD_CHOICE, HEAD(channel), LISTED(channels), NULL, NULL},
	{"address", HEAD_TEXT, HEAD(source.address), 0, NULL, NULL},
	{"customer", OWN, 0, 0, NULL, own_customer},
	{"customer_number", HEAD_TEXT, HEAD(customer.id), 0, NULL, NULL},
	{"contact", OWN, 0, 0, NULL, own_contact},
	{"home", OWN, 0, 0, NULL, own_home},
	{"subject", HEAD_TEXT, HEAD(subject), 0, NULL, NULL},
	{"description", HEAD_TEXT, HEAD(description), 0, NULL, NULL},
	{"types", HEAD_CHOICES, HEAD(types), LISTED(types), NULL, NULL},
	{"category", HEAD_CHOICE, HEAD(category), LISTED(categories), NULL, NULL},
	{"grade", HEAD_CHOICE, HEAD(grade), LISTED(grades), NULL, NULL},
	{"priority", HEAD_CHOICE, HEAD(priority), LISTED(priorities), NULL, NULL},
	{"risk", HEAD_CHOICE, HEAD(risk), LISTED(risks), NULL, NULL},
	{"wants", HEAD_TEXT, HEAD(wants), 0, NULL, NULL},
	{"expects", HEAD_TIME, HEAD(expects), 0, NULL, NULL},
	{"departments", HEAD_CHOICES, HEAD(departments), LISTED(departments), NULL, NULL},
	{"group", OWN, 0, 0, NULL, own_group},
	{"assignee", HEAD_TEXT, HEAD(assignee), 0, NULL, NULL},
	{"owner", OWN, 0, 0, NULL, own_owner},
	{"state", OWN, 0, 0, NULL, own_state},
	{"level", OWN, 0, 0, NULL, own_level},
	{"limits", OWN, 0, 0, NULL, own_limits},
	{"due", OWN, 0, 0, NULL, own_due},
	{"promise", OWN, 0, 0, NULL, own_promise},
	{"assigned", LAST_TIME, 0, 0, "assigned", NULL},
	{"responded", FIRST_TIME, 0, 0, "responded", NULL},
	{"response", FIRST_TEXT, offsetof(struct event, text), 0, "responded", NULL},
	{"plan", LAST_TEXT, offsetof(struct event, text), 0, "planned", NULL},
	{"lead", LAST_TEXT, offsetof(struct event, person), 0, "planned", NULL},
	{"planned", LAST_TIME, 0, 0, "planned", NULL},
	{"plan_due", HEAD_TIME, HEAD(plan_due), 0, NULL, NULL},
	{"needs", OWN, 0, 0, NULL, own_needs},
	{"doing", HEAD_CHOICE, HEAD(doing), LISTED(doings), NULL, NULL},
	{"eta", HEAD_TIME, HEAD(eta), 0, NULL, NULL},
	{"progress", OWN, 0, 0, NULL, own_progress},
	{"result", LAST_TEXT, offsetof(struct event, text), 0, "resolved", NULL},
	{"resolved", LAST_TIME, 0, 0, "resolved", NULL},
	{"resolved_by", LAST_BY, 0, 0, "resolved", NULL},
	{"cause", OWN, 0, 0, NULL, own_cause},
	{"confirmed", LAST_TIME, 0, 0, "confirmed", NULL},
	{"satisfied", OWN, 0, 0, NULL, own_satisfied},
	{"score", OWN, 0, 0, NULL, own_score},
	{"scores", OWN, 0, 0, NULL, own_scores},
	{"feedback", OWN, 0, 0, NULL, own_feedback},
	{"feedback_at", OWN, 0, 0, NULL, own_feedback_at},
	{"followed_up", LAST_TIME, 0, 0, "followed_up", NULL},
	{"followed_up_by", LAST_BY, 0, 0, "followed_up", NULL},
	{"verified", LAST_TIME, 0, 0, "verified", NULL},
	{"verified_by", LAST_BY, 0, 0, "verified", NULL},
	{"verification", OWN, 0, 0, NULL, own_verification},
	{"archived", LAST_TIME, 0, 0, "archived", NULL},
	{"archived_by", LAST_BY, 0, 0, "archived", NULL},
	{"remark", LAST_TEXT, offsetof(struct event, text), 0, "archived", NULL},
	{"files", OWN, 0, 0, NULL, own_files},
	{"printed", OWN, 0, 0, NULL, own_printed},
	{"printed_by", OWN, 0, 0, NULL, own_printed_by},
};

static const struct value_rule *rule_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		if (strcmp(values[i].name, name) == 0)
			return &values[i];
	return NULL;
}

const char *const *value_names(void)
{
	static const char *names[ARRAY_SIZE(values) + 1];

	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		names[i] = values[i].name;
	return names;
}

bool value_known(const char *name, const struct policy *policy)
{
	if (text_starts(name, "field."))
		return name[6];
	for (size_t i = 0; text_starts(name, "clock.") && i < policy->targets.n; i++)
		if (text_equal(policy->targets.v[i].name, name + 6))
			return true;
	return rule_named(name);
}

static const struct event *first_event(const struct filling *f, const char *moment)
{
	for (size_t i = 0; i < f->ticket->events.n; i++)
		if (moment_is(moment, &f->ticket->events.v[i], f->ticket, f->policy))
			return &f->ticket->events.v[i];
	return NULL;
}

static void fill_moment(struct filling *f, const struct value_rule *rule, struct form_cell *cell)
{
	bool first = rule->how == FIRST_TIME || rule->how == FIRST_TEXT;
	const struct event *event = first ? first_event(f, rule->moment) : last(f, rule->moment);

	if (!event)
		return;
	if (rule->how == FIRST_TIME || rule->how == LAST_TIME)
		tell_time(f, cell, &event->at);
	else
		tell(cell, rule->how == LAST_BY ? event->by : *(char *const *)((const char *)event + rule->offset), NULL);
}

/* What is no row of the table: the policy's own fields, and the limits by name. */
static void fill_named(struct filling *f, const char *name, struct form_cell *cell)
{
	const struct clock *clock = text_starts(name, "clock.") ? clock_of(f->ticket, name + 6) : NULL;

	if (text_starts(name, "field."))
		tell(cell, pairs_get(&f->ticket->fields, name + 6), NULL);
	else if (clock)
		tell_time(f, cell, &clock->due);
}

int value_fill(struct filling *f, const char *name, struct form_cell *cell, struct ticket_error *err)
{
	const struct value_rule *rule = rule_named(name);
	const void *member = rule ? (const char *)f->ticket + rule->offset : NULL;
	const choices *list = rule ? (const choices *)((const char *)f->policy + rule->list) : NULL;

	if (!rule) {
		fill_named(f, name, cell);
		return 0;
	}
	switch (rule->how) {
	case HEAD_TEXT:
		tell(cell, *(char *const *)member, NULL);
		return 0;
	case HEAD_TIME:
		tell_time(f, cell, member);
		return 0;
	case HEAD_CHOICE:
		tell_choice(f, cell, list, *(char *const *)member);
		return 0;
	case HEAD_CHOICES:
		tell_choices(f, cell, list, member);
		return 0;
	case OWN:
		return rule->own(f, cell, err);
	default:
		fill_moment(f, rule, cell);
		return 0;
	}
}
