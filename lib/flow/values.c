/* SPDX-License-Identifier: MIT */
/* What an event may say: the policy's lists, its required fields, the members each event cannot do without. */
#include "flow/flow.h"
#include "model/ticket.h"
#include "ticket/language.h"

#include <ctype.h>

/* Members without which an event of that kind would say nothing. */
static const struct needed {
	enum event_kind kind;
	const char *key, *option;
} needed[] = {
	{EVENT_RESPONDED, "text", "-m TEXT"},      {EVENT_INBOUND, "text", "-m TEXT"},    {EVENT_NOTED, "text", "-m TEXT"},
	{EVENT_PLANNED, "text", "-m TEXT"},        {EVENT_PLANNED, "person", "--owner"},  {EVENT_PLANNED, "due", "--due"},
	{EVENT_WAITING, "for_whom", "--for"},      {EVENT_RESOLVED, "text", "-m TEXT"},   {EVENT_DISPUTED, "text", "-m TEXT"},
	{EVENT_SURVEY, "step", N_("--sent, --answer or --no-answer")}, {EVENT_FOLLOWED_UP, "text", "-m TEXT"},
	{EVENT_REOPENED, "reason", "--reason"},    {EVENT_ESCALATED, "reason", "--reason"}, {EVENT_REVIEWED, "decision", "--decision"},
	{EVENT_ATTACHED, "files", N_("a file")},       {EVENT_MERGED, "other", "--into"},     {EVENT_SPLIT, "other", N_("another ticket")},
	{EVENT_LINKED, "other", N_("another ticket")}, {EVENT_QUARANTINED, "cause", "--cause"}, {EVENT_QUARANTINED, "text", "-m TEXT"},
	{EVENT_CORRECTED, "changes", "FIELD=VALUE"}, {EVENT_CORRECTED, "reason", "--reason"}, {EVENT_INSPECTED, "scores", "--score"},
};

static int check_needed(const struct ticket *ticket, const struct event *event, struct ticket_error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (needed[i].kind == (enum event_kind)event->kind && !event_has(event, needed[i].key))
			return ticket_fail(err, TICKET_REFUSED, "'%s': '%s' says nothing without %s", ticket->id ? ticket->id : _("new ticket"),
					   language_word("event", event_word(needed[i].kind)), _(needed[i].option));
	if (event->kind == EVENT_ASSIGNED && !event->person && !event->group)
		return ticket_fail(err, TICKET_REFUSED, "'%s': say whom it is assigned to: a person, or --group", ticket->id);
	return 0;
}

static int check_choice(const choices *list, const char *noun, const char *name, struct ticket_error *err)
{
	return name && *name ? policy_need_choice(list, noun, name, err) : 0;
}

static int check_choices(const choices *list, const char *noun, const struct texts *names, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < names->n && !failed; i++)
		failed = policy_need_choice(list, noun, names->v[i], err);
	return failed;
}

static int check_word(const char *noun, const char *word, const char *const *words, size_t n, struct ticket_error *err)
{
	_cleanup_buf_ struct buf list = {0};

	for (size_t i = 0; i < n; i++) {
		if (!word || text_equal(word, words[i]))
			return 0;
		buf_addf(&list, "%s%s", i ? ", " : "", words[i]);
	}
	return ticket_fail(err, TICKET_USAGE, "'%s' is no %s; right would be %s", word, _(noun), list.p);
}

/* Words that are the engine's own, the same on every desk. */
static int check_engine_words(const struct event *event, struct ticket_error *err)
{
	static const char *const waits[] = {"customer", "vendor", "department"}, *const causes[] = {"entry", "system", "procedure"},
				 *const satisfied[] = {"yes", "fairly", "no"}, *const surveys[] = {"sent", "answered", "unanswered"};
	int failed;

	if ((failed = check_word("one to wait for", event->for_whom, waits, ARRAY_SIZE(waits), err)) ||
	    (failed = check_word("answer to 'satisfied'", event->satisfied, satisfied, ARRAY_SIZE(satisfied), err)))
		return failed;
	if (event->kind == EVENT_QUARANTINED)
		return check_word("cause of a wrong record", event->cause, causes, ARRAY_SIZE(causes), err);
	return event->kind == EVENT_SURVEY ? check_word("step of a survey", event->step, surveys, ARRAY_SIZE(surveys), err) : 0;
}

static int check_person(const struct policy *policy, const char *name, struct ticket_error *err)
{
	_cleanup_buf_ struct buf list = {0};

	if (!name || !policy->people.n || policy_person(policy, name))
		return 0;
	for (size_t i = 0; i < policy->people.n && i < 20; i++)
		buf_addf(&list, "%s%s", i ? ", " : "", policy->people.v[i].name);
	return ticket_fail(err, TICKET_REFUSED, "'%s' is nobody of this desk; its people are %s", name, list.p);
}

static int check_group(const struct policy *policy, const char *name, struct ticket_error *err)
{
	_cleanup_buf_ struct buf list = {0};

	for (size_t i = 0; i < policy->groups.n; i++) {
		if (!name || text_equal(policy->groups.v[i].name, name))
			return 0;
		buf_addf(&list, "%s%s", i ? ", " : "", policy->groups.v[i].name);
	}
	if (!name)
		return 0;
	return ticket_fail(err, TICKET_REFUSED, "'%s' is no group of this desk; its groups are %s", name, list.n ? list.p : _("none"));
}

static int check_lists(const struct policy *policy, const struct event *event, struct ticket_error *err)
{
	int failed;

	if ((failed = check_choices(&policy->types, "type", &event->types, err)) ||
	    (failed = check_choice(&policy->categories, "category", event->category, err)) ||
	    (failed = check_choice(&policy->grades, "grade", event->grade, err)) ||
	    (failed = check_choice(&policy->priorities, "priority", event->priority, err)) ||
	    (failed = check_choice(&policy->risks, "risk", event->risk, err)) ||
	    (failed = check_choices(&policy->departments, "department", &event->departments, err)) ||
	    (failed = check_choice(&policy->doings, "progress status", event->doing, err)))
		return failed;
	/* By which way a colleague was told is none of the customers' channels. */
	if (event->kind != EVENT_NOTIFIED && (failed = check_choice(&policy->channels, "channel", event->via, err)))
		return failed;
	if ((event->kind == EVENT_RESOLVED || event->kind == EVENT_FOLLOWED_UP) && policy->causes.n && (failed = check_choice(&policy->causes, "cause", event->cause, err)))
		return failed;
	if ((failed = check_group(policy, event->group, err)) || (failed = check_person(policy, event->person, err)))
		return failed;
	for (size_t i = 0; i < event->parts.n; i++)
		if ((failed = check_choice(&policy->departments, "department", event->parts.v[i].department, err)) ||
		    (failed = check_person(policy, event->parts.v[i].person, err)))
			return failed;
	return 0;
}

/* --- scores ---------------------------------------------------------------------------------------------------- */

/* What may be scored, and on which scale. */
struct scale {
	const char *unknown;      /* the sentence that says so: the question, and those there are */
	const struct question *v;
	size_t n;
	const char *other;        /* the one there is where the policy names none */
	int64_t min, max;
};

static int check_score(const struct scale *scale, const struct pair *score, struct ticket_error *err)
{
	_cleanup_buf_ struct buf list = {0};
	bool known = !scale->n && text_equal(scale->other, score->key);
	char *end;
	long long value = strtoll(score->value, &end, 10);

	for (size_t q = 0; q < scale->n; q++) {
		known |= text_equal(scale->v[q].name, score->key);
		buf_addf(&list, "%s%s", q ? ", " : "", scale->v[q].name);
	}
	if (!known)
		return ticket_fail(err, TICKET_REFUSED, scale->unknown, score->key, list.n ? list.p : scale->other ? scale->other : _("none"));
	if (*end || !*score->value || value < scale->min || value > scale->max)
		return ticket_fail(err, TICKET_REFUSED, "'%s' is no score for '%s'; the scale runs from %lld to %lld", score->value, score->key, (long long)scale->min,
				   (long long)scale->max);
	return 0;
}

static int check_scores(const struct policy *policy, const struct event *event, struct ticket_error *err)
{
	const struct survey_rule *survey = &policy->survey;
	const struct inspection_rule *inspection = &policy->inspection;
	struct scale scale = {N_("'%s' is no question of the survey; its questions are %s"), survey->questions.v, survey->questions.n, NULL, survey->scale_min, survey->scale_max};
	int failed = 0;

	if (event->kind == EVENT_INSPECTED) {
		scale = (struct scale){N_("'%s' is no criterion of an inspection; the criteria are %s"), inspection->questions.v, inspection->questions.n, INSPECTION_OVERALL, inspection->scale_min,
				       inspection->scale_max};
		if (!scale.min && !scale.max)
			scale.min = 1, scale.max = 5;
	} else if (event->kind != EVENT_SURVEY) {
		return 0;
	}
	for (size_t i = 0; i < event->scores.n && !failed; i++)
		failed = check_score(&scale, &event->scores.v[i], err);
	return failed;
}

/* --- the policy's fields at opening ---------------------------------------------------------------------------- */

static bool all_of(const char *text, int (*is)(int), const char *also)
{
	for (; *text; text++)
		if (!is((unsigned char)*text) && !strchr(also, *text))
			return false;
	return true;
}

static bool value_fits(const struct policy *policy, const char *kind, const char *value)
{
	struct stamp stamp;
	_cleanup_free_ char *midnight = xasprintf("%sT00:00:00Z", value);
	char *end;

	if (!kind || text_equal(kind, "text"))
		return true;
	if (text_equal(kind, "channel"))
		return policy_choice(&policy->channels, value) != NULL;
	if (text_equal(kind, "digits"))
		return *value && all_of(value, isdigit, "");
	if (text_equal(kind, "phone"))
		return *value && all_of(value, isdigit, "+-() *#");
	if (text_equal(kind, "email"))
		return strchr(value, '@') && strchr(value, '@') != value && !strpbrk(value, " \t\n,;");
	if (text_equal(kind, "date"))
		return stamp_parse(&stamp, midnight, NULL) == 0 || stamp_parse(&stamp, value, NULL) == 0;
	if (text_equal(kind, "number")) {
		strtod(value, &end);
		return *value && !*end;
	}
	return true;
}

/* The head member that a field rule names ("subject", "customer.display"), and what it is a member of; NULL: there is none. */
static const struct codec_field *head_member(const struct ticket *ticket, const char *name, const void **object)
{
	const size_t n = strcspn(name, ".");
	const struct codec_field *field = ticket_codec.fields;

	while (field->key && (*field->key != *name || strncmp(field->key, name, n) != 0 || field->key[n]))
		field++;
	*object = ticket;
	if (!field->key || !name[n])
		return field->key ? field : NULL;
	*object = (const char *)ticket + field->offset;
	return field->sub && field->type == CODEC_OBJECT ? codec_field(field->sub, name + n + 1) : NULL;
}

char *flow_field_value(const struct ticket *ticket, const struct field_rule *rule)
{
	const char *own = rule->own ? pairs_get(&ticket->fields, rule->name) : NULL;
	const void *object;
	const struct codec_field *member = rule->own ? NULL : head_member(ticket, rule->name, &object);

	return member ? codec_member_text(member, object) : xstrdup(own ? own : "");
}

bool flow_field_filled(const struct ticket *ticket, const struct field_rule *rule)
{
	const char *own = rule->own ? pairs_get(&ticket->fields, rule->name) : NULL;
	const void *object;
	const struct codec_field *member = rule->own ? NULL : head_member(ticket, rule->name, &object);

	return member ? codec_member_filled(member, object) : own && *own;
}

const char *flow_field_misfit(const struct policy *policy, const struct field_rule *rule, const char *value)
{
	return *value && !value_fits(policy, rule->kind, value) ? rule->kind : NULL;
}

static int check_fields(const struct ticket *ticket, const struct policy *policy, const struct event *event, struct ticket_error *err)
{
	for (size_t i = 0; i < ticket->fields.n; i++) {
		bool known = false;

		for (size_t f = 0; f < policy->fields.n; f++)
			known |= policy->fields.v[f].own && text_equal(policy->fields.v[f].name, ticket->fields.v[i].key);
		if (!known)
			return ticket_fail(err, TICKET_REFUSED, "this desk has no field '%s'; see ticket policy show fields", ticket->fields.v[i].key);
	}
	for (size_t f = 0; f < policy->fields.n; f++) {
		const struct field_rule *rule = &policy->fields.v[f];
		_cleanup_free_ char *value = flow_field_value(ticket, rule);

		if (!conditions_hold(&rule->when, ticket))
			continue;
		if (flow_field_misfit(policy, rule, value))
			return ticket_fail(err, TICKET_REFUSED, "%s: '%s' is no %s", rule->name, value, rule->kind);
		if (rule->required && !event->automatic && !*value)
			return rule->own ? ticket_fail(err, TICKET_REFUSED, "this desk opens no ticket without '%s'; give it with --field %s=VALUE", rule->name, rule->name) :
					   ticket_fail(err, TICKET_REFUSED, "this desk opens no ticket without '%s'", rule->name);
	}
	return 0;
}

int flow_check_values(const struct ticket *ticket, const struct policy *policy, const struct event *event, struct ticket_error *err)
{
	int failed;

	if ((failed = check_engine_words(event, err)) || (failed = check_needed(ticket, event, err)) || (failed = check_lists(policy, event, err)) ||
	    (failed = check_scores(policy, event, err)))
		return failed;
	if (event->kind == EVENT_OPENED) {
		if ((failed = policy_need_choice(&policy->channels, "channel", ticket->channel, err)))
			return failed;
		return check_fields(ticket, policy, event, err);
	}
	return 0;
}
