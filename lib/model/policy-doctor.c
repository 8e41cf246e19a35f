/* SPDX-License-Identifier: MIT */
/* The doctor behind `policy check`: the checks that all its parts use, and the order in which the parts are asked. */
#include "model/doctor.h"

#include "ticket/text.h"
#include "ticket/language.h"

#include <stdarg.h>

#define LONGEST_S (3660LL * 86400) /* ten years: nobody means that */
#define LONGEST_BD 2600

void doctor_find(struct doctor *doctor, bool fatal, const char *where, const char *format, ...)
{
	struct finding *finding = list_push(doctor->out);
	va_list args;
	char *what = NULL;

	va_start(args, format);
	if (vasprintf(&what, language_finding(format), args) < 0)
		what = xstrdup(format);
	va_end(args);
	*finding = (struct finding){xstrdup(where), what, fatal};
}

char *doctor_path(const char *key, size_t index, const char *member)
{
	return xasprintf("%s[%zu]%s%s", key, index, member ? "." : "", member ? member : "");
}

static void unknown(struct doctor *doctor, const char *where, const char *noun, const char *word, const char *const *words, size_t n)
{
	const char *near = strlen(word) > 2 ? text_nearest(word, words, n) : NULL; /* any short word is near any other */
	_cleanup_buf_ struct buf list = {0};

	noun = language_finding(noun);
	for (size_t i = 0; !near && n <= 12 && i < n; i++)
		buf_addf(&list, "%s%s", i ? ", " : "", words[i]);
	if (near)
		doctor_find(doctor, false, where, "'%s' is no %s; did you mean '%s'?", word, noun, near);
	else if (list.n)
		doctor_find(doctor, false, where, "'%s' is no %s; it is one of: %s", word, noun, list.p);
	else
		doctor_find(doctor, false, where, "'%s' is no %s", word, noun);
}

void doctor_word(struct doctor *doctor, const char *where, const char *noun, const char *word, const char *const *words)
{
	size_t n = 0;

	if (!word || !*word)
		return;
	for (; words[n]; n++)
		if (strcmp(words[n], word) == 0)
			return;
	unknown(doctor, where, noun, word, words, n);
}

void doctor_words(struct doctor *doctor, const char *where, const char *noun, const struct texts *given, const char *const *words)
{
	for (size_t i = 0; i < given->n; i++)
		doctor_word(doctor, where, noun, given->v[i], words);
}

static void add_choices(const choices *list, const char *parent, struct texts *names)
{
	for (size_t i = 0; i < list->n; i++) {
		_cleanup_free_ char *name = xasprintf("%s%s%s", parent, *parent ? "/" : "", list->v[i].name);

		texts_add(names, name);
		add_choices((const choices *)&list->v[i].children, name, names);
	}
}

void doctor_choice(struct doctor *doctor, const char *where, const char *noun, const char *name, const choices *list)
{
	struct texts names = {0};

	if (!name || !*name || policy_choice(list, name))
		return;
	add_choices(list, "", &names);
	unknown(doctor, where, noun, name, (const char *const *)names.v, names.n);
	texts_release(&names);
}

void doctor_item(struct doctor *doctor, const char *where, const char *noun, const char *name, const void *list, size_t item_size)
{
	const struct any_list *items = list;
	struct texts names = {0};
	bool found = !name || !*name;

	for (size_t i = 0; !found && i < items->n; i++) {
		const char *one = *(char *const *)((const char *)items->v + i * item_size);

		found = strcmp(one, name) == 0;
		texts_add(&names, one);
	}
	if (!found)
		unknown(doctor, where, noun, name, (const char *const *)names.v, names.n);
	texts_release(&names);
}

/* --- moments --------------------------------------------------------------------------------------------------- */

static const char *const survey_steps[] = {"sent", "answered", "unanswered", NULL};
static const char *const waited_for[] = {"customer", "vendor", "department", NULL};
static const char *const satisfied[] = {"yes", "fairly", "no", NULL};
static const char *const anomaly_causes[] = {"entry", "system", "procedure", NULL};
static const char *const inbound_kinds[] = {"complaint", NULL};

static void check_part(struct doctor *d, const char *where, const char *word, const char *part)
{
	static const struct {
		const char *word, *noun;
		const char *const *words;
	} fixed[] = {{"survey", N_("step of a survey"), survey_steps},
		     {"waiting", N_("party to wait for"), waited_for},
		     {"followed_up", N_("answer of a follow-up"), satisfied},
		     {"quarantined", N_("cause of an anomaly"), anomaly_causes},
		     {"inbound", N_("kind of message"), inbound_kinds}};
	const struct policy *p = d->policy;

	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
		if (strcmp(fixed[i].word, word) == 0)
			doctor_word(d, where, fixed[i].noun, part, fixed[i].words);
	if (strcmp(word, "noted") == 0)
		doctor_choice(d, where, "progress of this policy (doings)", part, &p->doings);
	else if (strcmp(word, "resolved") == 0)
		doctor_choice(d, where, "cause of this policy", part, &p->causes);
	else if (strcmp(word, "responded") == 0)
		doctor_choice(d, where, "channel of this policy", part, &p->channels);
	else if (strcmp(word, "warned") == 0 || strcmp(word, "breached") == 0)
		doctor_item(d, where, "target of this policy", part, &p->targets, sizeof(*p->targets.v));
	else if (strcmp(word, "escalated") == 0 && strspn(part, "0123456789") != strlen(part))
		doctor_find(d, false, where, "'%s' is no level: 'escalated:2' is level 2 or higher", part);
}

static void check_moment(struct doctor *doctor, const char *where, const char *moment)
{
	static const char *const others[] = {"received", "classified", "reassigned", "low_survey", "explained"};
	const char *names[EVENT_KINDS + ARRAY_SIZE(others)], *colon = strchr(moment, ':');
	_cleanup_free_ char *word = xstrndup(moment, strcspn(moment, ":"));
	size_t n = 0;

	if (!moment_known(moment)) {
		for (int kind = EVENT_NONE + 1; kind < EVENT_KINDS; kind++)
			names[n++] = event_word((enum event_kind)kind);
		for (size_t i = 0; i < ARRAY_SIZE(others); i++)
			names[n++] = others[i];
		unknown(doctor, where, "moment", colon && event_kind(word) == EVENT_NONE ? word : moment, names, n);
	} else if (colon) {
		check_part(doctor, where, word, colon + 1);
	}
}

void doctor_moment(struct doctor *doctor, const char *where, const char *moment)
{
	for (const char *p = moment; p;) {
		size_t n = strcspn(p, "|");
		_cleanup_free_ char *one = xstrndup(p, n);

		check_moment(doctor, where, one);
		p = p[n] ? p + n + 1 : NULL;
	}
}

void doctor_moments(struct doctor *doctor, const char *where, const struct texts *moments)
{
	for (size_t i = 0; i < moments->n; i++)
		doctor_moment(doctor, where, moments->v[i]);
}

/* --- recipients, templates, lengths ---------------------------------------------------------------------------- */

static bool check_recipient(struct doctor *d, const char *where, const char *word)
{
	static const char *const plain[] = {"assignee", "plan_lead", "customer", NULL};
	const struct policy *p = d->policy;
	const char *name = strchr(word, ':');
	size_t before = d->out->n;

	if (!name)
		doctor_word(d, where, "recipient", word, plain);
	else if (text_starts(word, "role:"))
		doctor_item(d, where, "role of this policy", name + 1, &p->roles, sizeof(*p->roles.v));
	else if (text_starts(word, "group:") || text_starts(word, "lead:"))
		doctor_item(d, where, "group of this policy", name + 1, &p->groups, sizeof(*p->groups.v));
	else if (text_starts(word, "person:"))
		doctor_item(d, where, "person of this policy", name + 1, &p->people, sizeof(*p->people.v));
	else
		doctor_find(d, false, where, "'%s' is no recipient; write role:, group:, lead: or person: with a name, or assignee, plan_lead, customer", word);
	if (name && !name[1])
		doctor_find(d, false, where, "'%s' lacks the name behind ':'", word);
	return d->out->n == before;
}

void doctor_recipients(struct doctor *doctor, const char *where, const struct texts *words, const struct texts *how)
{
	static const char *const ways[] = {"email", "sms", "phone", "webhook", "channel", NULL};
	struct texts people = {0};

	for (size_t i = 0; i < words->n; i++)
		if (check_recipient(doctor, where, words->v[i]) && strchr(words->v[i], ':') && doctor->policy->people.n &&
		    !policy_recipients(doctor->policy, NULL, words->v[i], &people))
			doctor_find(doctor, false, where, "nobody receives this: '%s' stands for no person of this policy", words->v[i]);
	if (how)
		doctor_words(doctor, where, "way to tell people", how, ways);
	texts_release(&people);
}

void doctor_template(struct doctor *doctor, const char *where, const char *name)
{
	doctor_item(doctor, where, "template of this policy", name, &doctor->policy->templates, sizeof(*doctor->policy->templates.v));
}

void doctor_length(struct doctor *doctor, const char *where, const struct duration *length, bool owed)
{
	if (!length->set) {
		if (owed)
			doctor_find(doctor, false, where, "a length of time such as \"24h\" is missing");
		return;
	}
	if (length->seconds < 0 || length->working_days < 0 || (!length->seconds && !length->working_days))
		doctor_find(doctor, false, where, "this length of time must be longer than nothing");
	else if (length->seconds > LONGEST_S || length->working_days > LONGEST_BD)
		doctor_find(doctor, false, where, "this length of time is over ten years");
}

/* --- the whole ------------------------------------------------------------------------------------------------- */

size_t policy_doctor(const struct policy *policy, findings *out)
{
	static void (*const parts[])(struct doctor *) = {doctor_names, doctor_conditions, doctor_rules, doctor_clocks, doctor_reach, doctor_actions};
	struct doctor doctor = {policy, out};
	size_t before = out->n;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		parts[i](&doctor);
	return out->n - before;
}

static void check_calendar(struct doctor *doctor, const struct texts *names, const char *where, const char *name)
{
	if (name && strcmp(name, "always") != 0 && !texts_have(names, name))
		unknown(doctor, where, "calendar of this desk", name, (const char *const *)names->v, names->n);
}

size_t policy_doctor_calendars(const struct policy *policy, const struct texts *names, findings *out)
{
	struct doctor doctor = {policy, out};
	size_t before = out->n;

	check_calendar(&doctor, names, "calendar", policy->calendar);
	for (size_t i = 0; i < policy->people.n; i++) {
		_cleanup_free_ char *where = doctor_path("people", i, "calendar");

		check_calendar(&doctor, names, where, policy->people.v[i].calendar);
	}
	for (size_t i = 0; i < policy->targets.n; i++) {
		_cleanup_free_ char *where = doctor_path("targets", i, "calendar");

		check_calendar(&doctor, names, where, policy->targets.v[i].calendar);
	}
	return out->n - before;
}

void findings_release(findings *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->v[i].where);
		free(list->v[i].what);
	}
	free(list->v);
	*list = (findings){0};
}
