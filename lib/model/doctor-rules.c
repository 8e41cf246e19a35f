/* SPDX-License-Identifier: MIT */
/* The doctor on what rules name: people, roles, groups, events, members, figures, words. */
#include "model/doctor.h"

#include "model/action.h"
#include "model/event.h"
#include "model/ticket.h"
#include "ticket/text.h"

/* Is it a member of events, or of an action, which a permission may ask for? */
static bool is_event_member(const char *name)
{
	return codec_field(&event_codec, name) != NULL || codec_field(&action_codec, name) != NULL;
}

static void check_people(struct doctor *d)
{
	const struct policy *p = d->policy;

	for (size_t i = 0; i < p->people.n; i++) {
		const struct person *person = &p->people.v[i];
		_cleanup_free_ char *roles = doctor_path("people", i, "roles"), *groups = doctor_path("people", i, "groups");
		_cleanup_free_ char *department = doctor_path("people", i, "department"), *email = doctor_path("people", i, "email");

		for (size_t r = 0; r < person->roles.n; r++)
			doctor_item(d, roles, "role of this policy", person->roles.v[r], &p->roles, sizeof(*p->roles.v));
		for (size_t g = 0; g < person->groups.n; g++)
			doctor_item(d, groups, "group of this policy", person->groups.v[g], &p->groups, sizeof(*p->groups.v));
		doctor_choice(d, department, "department of this policy", person->department, &p->departments);
		for (size_t k = 0; person->email && k < i; k++)
			if (p->people.v[k].email && strcasecmp(p->people.v[k].email, person->email) == 0)
				doctor_find(d, false, email, "'%s' and '%s' have the same address", p->people.v[k].name, person->name);
	}
	for (size_t i = 0; i < p->groups.n; i++) {
		_cleanup_free_ char *lead = doctor_path("groups", i, "lead");

		doctor_item(d, lead, "person of this policy", p->groups.v[i].lead, &p->people, sizeof(*p->people.v));
	}
}

static void check_permissions(struct doctor *d)
{
	static const char *const acts[] = {"reveal", "forget", "export", "policy", "report", "draw", "review_data", NULL};
	const struct policy *p = d->policy;

	for (size_t i = 0; i < p->permissions.n; i++) {
		const struct permission *rule = &p->permissions.v[i];
		_cleanup_free_ char *events = doctor_path("permissions", i, "events"), *roles = doctor_path("permissions", i, "roles");
		_cleanup_free_ char *needs = doctor_path("permissions", i, "needs"), *not_by = doctor_path("permissions", i, "not_by");

		for (size_t e = 0; e < rule->events.n; e++) {
			bool act = action_moment_known(rule->events.v[e]);

			for (size_t a = 0; acts[a]; a++)
				act |= strcmp(acts[a], rule->events.v[e]) == 0;
			if (!act)
				doctor_moment(d, events, rule->events.v[e]);
		}
		for (size_t r = 0; r < rule->roles.n; r++)
			doctor_item(d, roles, "role of this policy", rule->roles.v[r], &p->roles, sizeof(*p->roles.v));
		for (size_t n = 0; n < rule->needs.n; n++)
			if (!is_event_member(rule->needs.v[n]))
				doctor_find(d, false, needs, "'%s' is no member of events", rule->needs.v[n]);
		doctor_moments(d, not_by, &rule->not_by);
		if (p->people.n && rule->roles.n) {
			struct texts people = {0};
			size_t able = 0;

			for (size_t r = 0; r < rule->roles.n; r++) {
				_cleanup_free_ char *word = xasprintf("role:%s", rule->roles.v[r]);

				able += policy_recipients(p, NULL, word, &people);
			}
			if (!able)
				doctor_find(d, false, roles, "nobody may do this: no person has one of these roles");
			texts_release(&people);
		}
	}
}

/* A member of the ticket's head: "subject", "customer.display". */
static bool is_head_member(const char *name)
{
	const char *dot = strchr(name, '.');
	_cleanup_free_ char *head = xstrndup(name, strcspn(name, "."));
	const struct codec_field *field = codec_field(&ticket_codec, head);

	return field && (!dot || (field->type == CODEC_OBJECT && codec_field(field->sub, dot + 1)));
}

static void check_fields(struct doctor *d)
{
	static const char *const kinds[] = {"text", "phone", "email", "date", "number", "digits", "channel", NULL};

	for (size_t i = 0; i < d->policy->fields.n; i++) {
		const struct field_rule *rule = &d->policy->fields.v[i];
		_cleanup_free_ char *name = doctor_path("fields", i, "name"), *kind = doctor_path("fields", i, "kind");

		if (!rule->own && !is_head_member(rule->name))
			doctor_find(d, false, name, "'%s' is no member of a ticket's head; a field of the policy's own says \"own\": true", rule->name);
		doctor_word(d, kind, "kind of field", rule->kind, kinds);
	}
}

static void check_masking(struct doctor *d)
{
	static const char *const ways[] = {"mask", "refuse", "keep", NULL};
	const struct masking *m = &d->policy->masking;
	const struct {
		const char *where, *way;
	} kinds[] = {{"masking.names", m->names},           {"masking.phones", m->phones},       {"masking.emails", m->emails},
		     {"masking.id_cards", m->id_cards},     {"masking.bank_cards", m->bank_cards}, {"masking.addresses", m->addresses},
		     {"masking.with_consent", m->with_consent}};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		doctor_word(d, kinds[i].where, "way to treat it", kinds[i].way, ways);
}

static void check_routing(struct doctor *d)
{
	const struct policy *p = d->policy;

	for (size_t i = 0; i < p->routing.n; i++) {
		const struct route *route = &p->routing.v[i];
		_cleanup_free_ char *whole = doctor_path("routing", i, NULL), *group = doctor_path("routing", i, "group");
		_cleanup_free_ char *person = doctor_path("routing", i, "person"), *departments = doctor_path("routing", i, "departments");

		doctor_item(d, group, "group of this policy", route->group, &p->groups, sizeof(*p->groups.v));
		doctor_item(d, person, "person of this policy", route->person, &p->people, sizeof(*p->people.v));
		for (size_t n = 0; n < route->departments.n; n++)
			doctor_choice(d, departments, "department of this policy", route->departments.v[n], &p->departments);
		if (!route->group && !route->person)
			doctor_find(d, false, whole, "this route leads to nobody; give it a group or a person");
	}
}

static void check_gates(struct doctor *d)
{
	for (size_t i = 0; i < d->policy->gates.n; i++) {
		const struct gate *gate = &d->policy->gates.v[i];
		_cleanup_free_ char *event = doctor_path("gates", i, "event"), *needs = doctor_path("gates", i, "needs");

		if (event_kind(gate->event) == EVENT_NONE)
			doctor_moment(d, event, gate->event);
		for (size_t n = 0; n < gate->needs.n; n++) {
			if (!need_known(gate->needs.v[n]))
				doctor_find(d, false, needs, "'%s' is nothing a gate can need; see ticket-policy(5), Gates", gate->needs.v[n]);
			if (strcmp(gate->needs.v[n], gate->event) == 0)
				doctor_find(d, false, needs, "this gate never opens: '%s' needs itself", gate->event);
		}
	}
}

/* What an anonymous survey promises stands and falls with the size of the group. */
static void check_anonymous(struct doctor *d, const struct survey_rule *s)
{
	static const char *const periods[] = {"day", "week", "month", NULL};

	doctor_word(d, "survey.period", "period", s->period, periods);
	if (s->group < 0 || s->group > 1000)
		doctor_find(d, false, "survey.group", "a group of %lld answers is none; give a number from 3 to 1000", (long long)s->group);
	else if (s->anonymous && s->group && s->group < 3)
		doctor_find(d, false, "survey.group", "in a group of %lld everybody can be told apart by the others; give at least 3", (long long)s->group);
	if (!s->anonymous && (s->group || s->period))
		doctor_find(d, false, "survey", "'group' and 'period' are about anonymous surveys; these are not");
}

static void check_attempts(struct doctor *d, const struct survey_rule *s)
{
	static const char *const sends[] = {"auto", NULL};

	doctor_word(d, "survey.send", "way to send a survey", s->send, sends);
	if (s->after)
		doctor_moment(d, "survey.after", s->after);
	doctor_length(d, "survey.within", &s->within, false);
	doctor_length(d, "survey.second", &s->second, false);
	doctor_length(d, "survey.close", &s->close, false);
	doctor_length(d, "survey.contact", &s->contact, false);
}

static void check_survey(struct doctor *d)
{
	const struct survey_rule *s = &d->policy->survey;

	if (!s->questions.n)
		return;
	if (s->scale_max <= s->scale_min)
		doctor_find(d, false, "survey.scale_max", "the scale must run from a lower to a higher score");
	if (s->low && (s->low < s->scale_min || s->low >= s->scale_max))
		doctor_find(d, false, "survey.low", "a low score must be one of the scale, but not the highest");
	for (size_t i = 0; i < s->words.n; i++) {
		const char *colon = strchr(s->words.v[i].key, ':');
		char *end = NULL;
		long long score = colon ? strtoll(colon + 1, &end, 10) : 0;

		if (!colon || !colon[1] || *end || score < s->scale_min || score > s->scale_max)
			doctor_find(d, false, "survey.words", "'%s' must be LANGUAGE:SCORE with a score of the scale, such as 'en:%lld'", s->words.v[i].key, (long long)s->scale_max);
	}
	check_anonymous(d, s);
	check_attempts(d, s);
}

static void check_statuses(struct doctor *d)
{
	const char *states[STATES] = {NULL};

	for (int state = STATE_NONE + 1; state < STATES; state++)
		states[state - 1] = state_word((enum ticket_state)state);
	for (size_t i = 0; i < d->policy->statuses.n; i++) {
		_cleanup_free_ char *at = doctor_path("statuses", i, "states"), *events = doctor_path("statuses", i, "events");

		doctor_words(d, at, "state", &d->policy->statuses.v[i].states, states);
		doctor_moments(d, events, &d->policy->statuses.v[i].events);
	}
	for (size_t s = 0; d->policy->statuses.n && states[s]; s++) {
		bool shown = false;

		for (size_t i = 0; i < d->policy->statuses.n; i++)
			shown |= !d->policy->statuses.v[i].states.n || texts_have(&d->policy->statuses.v[i].states, states[s]);
		if (!shown)
			doctor_find(d, false, "statuses", "no status is shown for the state '%s'", states[s]);
	}
}

static const char *const groupings[] = {"channel", "type", "category", "grade", "priority", "risk", "department", "group", "assignee", "customer", "question", NULL};

static void check_standards(struct doctor *d)
{
	static const char *const figures[] = {"in_time",           "first_response", "handling_time",     "first_contact",  "satisfaction",    "survey_score", "survey_answered", "fields_filled",
					      "key_fields_filled", "receipt_lag",    "chain_complete",    "reports_on_time", "repeat_share",   "reopened_share",
					      "data_reviewed",     "backed_up",      "inspection_score", NULL};
	static const char *const units[] = {"share", "seconds", "working_days", "count", "score", NULL};
	const struct policy *p = d->policy;

	for (size_t i = 0; i < p->standards.n; i++) {
		const struct standard *s = &p->standards.v[i];
		_cleanup_free_ char *whole = doctor_path("standards", i, NULL), *figure = doctor_path("standards", i, "figure");
		_cleanup_free_ char *unit = doctor_path("standards", i, "unit"), *by = doctor_path("standards", i, "by");

		if (text_starts(s->figure, "in_time:"))
			doctor_item(d, figure, "target of this policy", s->figure + 8, &p->targets, sizeof(*p->targets.v));
		else
			doctor_word(d, figure, "figure of the reports", s->figure, figures);
		doctor_word(d, unit, "unit", s->unit, units);
		doctor_word(d, by, "way to group", s->by, groupings);
		if (s->at_least == 0 && s->at_most == 0)
			doctor_find(d, false, whole, "this standard has no bar; give it at_least or at_most");
		if (strcmp(s->unit, "share") == 0 && (s->at_least > 1 || s->at_most > 1))
			doctor_find(d, false, whole, "a share is at most 1: write 0.98 for 98 %%");
	}
}

static void check_alarm(struct doctor *d, size_t i)
{
	static const char *const kinds[] = {"burst", "repeat", "risk", "untouched", "silence", NULL};
	static const char *const then[] = {"remind", "close", NULL};
	static const char *const counted_by[] = {"category", "customer", "channel", "type", NULL};
	const struct alarm *a = &d->policy->alarms.v[i];
	bool silence = strcmp(a->kind, "silence") == 0, counts = strcmp(a->kind, "burst") == 0 || strcmp(a->kind, "repeat") == 0;
	_cleanup_free_ char *kind = doctor_path("alarms", i, "kind"), *by = doctor_path("alarms", i, "by"), *window = doctor_path("alarms", i, "window");
	_cleanup_free_ char *after = doctor_path("alarms", i, "after"), *then_at = doctor_path("alarms", i, "then"), *notify = doctor_path("alarms", i, "notify");
	_cleanup_free_ char *template = doctor_path("alarms", i, "template"), *count = doctor_path("alarms", i, "count");

	doctor_word(d, kind, "kind of alarm", a->kind, kinds);
	doctor_word(d, by, "way to count", a->by, counted_by);
	if (counts && !a->by)
		doctor_find(d, false, by, "what is counted is missing: of the same category, customer, channel or type");
	doctor_word(d, then_at, "consequence of silence", a->then, then);
	doctor_length(d, window, &a->window, counts);
	doctor_length(d, after, &a->after, silence);
	doctor_recipients(d, notify, &a->notify, &a->how);
	doctor_template(d, template, a->template);
	if (counts && a->count < 1)
		doctor_find(d, false, count, "how many are too many is missing: more than 'count' raise the alarm");
	if (!a->notify.n && !a->then && !a->level)
		doctor_find(d, false, notify, "this alarm does nothing and tells nobody");
}

static void check_samples_and_visits(struct doctor *d)
{
	const struct policy *p = d->policy;

	for (size_t i = 0; i < p->samples.n; i++) {
		_cleanup_free_ char *event = doctor_path("samples", i, "event"), *share = doctor_path("samples", i, "share"), *by = doctor_path("samples", i, "by");

		if (event_kind(p->samples.v[i].event) == EVENT_NONE)
			doctor_moment(d, event, p->samples.v[i].event);
		if (!(p->samples.v[i].share > 0 && p->samples.v[i].share <= 1))
			doctor_find(d, false, share, "a share lies above 0 and is at most 1: write 0.05 for 5 %%");
		doctor_words(d, by, "way to group", &p->samples.v[i].by, groupings);
	}
	if (p->inspection.scale_min > p->inspection.scale_max || (p->inspection.scale_min == p->inspection.scale_max && p->inspection.scale_max))
		doctor_find(d, false, "inspection.scale_max", "the scale of inspections has no room: its end must lie above its beginning");
	for (size_t i = 0; i < p->visits.n; i++) {
		_cleanup_free_ char *channel = doctor_path("visits", i, "channel"), *type = doctor_path("visits", i, "type");
		_cleanup_free_ char *priority = doctor_path("visits", i, "priority"), *every = doctor_path("visits", i, "every");

		doctor_choice(d, channel, "channel of this policy", p->visits.v[i].channel, &p->channels);
		doctor_choice(d, type, "type of this policy", p->visits.v[i].type, &p->types);
		doctor_choice(d, priority, "priority of this policy", p->visits.v[i].priority, &p->priorities);
		doctor_length(d, every, &p->visits.v[i].every, true);
	}
}

static void check_reports_and_notices(struct doctor *d)
{
	static const char *const periods[] = {"day", "week", "month", "quarter", NULL}, *const acts[] = {"reported", "reviewed", "backed_up", NULL};
	const struct policy *p = d->policy;

	for (size_t i = 0; i < p->reports.n; i++) {
		_cleanup_free_ char *period = doctor_path("reports", i, "period"), *within = doctor_path("reports", i, "within"), *notify = doctor_path("reports", i, "notify");
		_cleanup_free_ char *act = doctor_path("reports", i, "act");

		doctor_word(d, period, "period", p->reports.v[i].period, periods);
		doctor_word(d, act, "act that reports ask for", p->reports.v[i].act, acts);
		doctor_length(d, within, &p->reports.v[i].within, false);
		doctor_recipients(d, notify, &p->reports.v[i].notify, &p->reports.v[i].how);
	}
	for (size_t i = 0; i < p->notices.n; i++) {
		_cleanup_free_ char *events = doctor_path("notices", i, "events"), *notify = doctor_path("notices", i, "notify");
		_cleanup_free_ char *template = doctor_path("notices", i, "template");
		struct texts to = {0};
		bool of_actions = false;

		for (size_t e = 0; e < p->notices.v[i].events.n; e++)
			if (!action_moment_known(p->notices.v[i].events.v[e]))
				doctor_moment(d, events, p->notices.v[i].events.v[e]);
			else
				of_actions = true;
		for (size_t n = 0; n < p->notices.v[i].notify.n; n++)
			if (!of_actions || !text_equal(p->notices.v[i].notify.v[n], "owner"))
				texts_add(&to, p->notices.v[i].notify.v[n]);
		doctor_recipients(d, notify, &to, &p->notices.v[i].how);
		texts_release(&to);
		doctor_template(d, template, p->notices.v[i].template);
	}
}

void doctor_rules(struct doctor *d)
{
	check_people(d);
	check_permissions(d);
	check_fields(d);
	check_masking(d);
	check_routing(d);
	check_gates(d);
	check_survey(d);
	check_statuses(d);
	check_standards(d);
	for (size_t i = 0; i < d->policy->alarms.n; i++)
		check_alarm(d, i);
	check_samples_and_visits(d);
	check_reports_and_notices(d);
}
