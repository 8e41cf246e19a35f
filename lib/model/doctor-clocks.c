/* SPDX-License-Identifier: MIT */
/* The doctor on time: targets that can fall due, warnings before the deadline, ladders that do something. */
#include "model/doctor.h"

#include "ticket/text.h"
#include "ticket/language.h"

#include <ctype.h>

/* "75%", "-25%": false when it is no percentage. */
static bool percent(const char *text, int64_t *value)
{
	char *end;

	*value = strtoll(text, &end, 10);
	return end != text && strcmp(end, "%") == 0;
}

/* Is 'length', whatever its sign, at least as long as 'within'? Unlike units cannot be compared here. */
static bool as_long_as(const struct duration *length, const struct duration *within)
{
	if (!within->set || !length->working_days != !within->working_days || !length->seconds != !within->seconds)
		return false;
	return llabs(length->seconds) >= within->seconds && llabs(length->working_days) >= within->working_days;
}

static const struct duration *time_allowed(const struct target *target)
{
	return target->every.set ? &target->every : &target->within;
}

static bool counts_back(const struct duration *length)
{
	return length->back || length->seconds < 0 || length->working_days < 0;
}

static void check_warning(struct doctor *d, const char *where, const char *text, const struct target *target)
{
	struct duration length;
	int64_t share;

	if (percent(text, &share)) {
		if (share <= -100 || share == 0)
			doctor_find(d, false, where, "'%s' is a warning at the start or before it", text);
		else if (share >= 100)
			doctor_find(d, false, where, "'%s' is a warning at the deadline or after it", text);
	} else if (duration_parse(&length, text, NULL)) {
		doctor_find(d, false, where, "'%s' is no warning; write a share of the time such as '75%%', or a time before the deadline such as '-15m'", text);
	} else if (as_long_as(&length, time_allowed(target))) {
		doctor_find(d, false, where, counts_back(&length) ? N_("'%s' is a warning at the start or before it") : N_("'%s' is a warning at the deadline or after it"), text);
	}
}

static bool is_wall_time(const char *text)
{
	return strlen(text) == 5 && isdigit((unsigned char)text[0]) && isdigit((unsigned char)text[1]) && text[2] == ':' && isdigit((unsigned char)text[3]) &&
	       isdigit((unsigned char)text[4]) && strncmp(text, "24", 2) < 0 && text[3] < '6';
}

/* What a target that does not exist for a ticket must not say. */
static void check_none(struct doctor *d, const char *whole, const struct target *t)
{
	if (t->from || t->until.n || t->within.set || t->every.set || t->by)
		doctor_find(d, false, whole, "a target that is \"none\" has no from, until, within, every or by");
	if (!t->when.n)
		doctor_find(d, false, whole, "\"none\" without conditions: leave the target out");
}

static void check_times(struct doctor *d, const char *whole, size_t i, const struct target *t)
{
	_cleanup_free_ char *within = doctor_path("targets", i, "within"), *every = doctor_path("targets", i, "every"), *by = doctor_path("targets", i, "by");

	if (!t->within.set && !t->every.set && !t->by)
		doctor_find(d, true, whole, "this target never falls due; give it within, every or by");
	if (t->by && (t->within.set || t->every.set))
		doctor_find(d, false, by, "a target due at a wall time has neither within nor every");
	if (t->by && !is_wall_time(t->by))
		doctor_find(d, true, by, "'%s' is no time of day such as '17:00'", t->by);
	if (t->again && (t->every.set || t->by))
		doctor_find(d, false, whole, "a recurring target cannot start again with each '%s' as well", t->from ? t->from : "from");
	doctor_length(d, within, &t->within, false);
	doctor_length(d, every, &t->every, false);
	if (t->every.working_days && !t->calendar && !d->policy->calendar)
		doctor_find(d, false, every, "working days need a calendar");
	if (t->within.working_days && text_equal(t->calendar ? t->calendar : d->policy->calendar, "always"))
		doctor_find(d, false, within, "working days on the calendar 'always' are plain days; name a calendar with working hours");
}

static void check_pauses(struct doctor *d, const char *where, const struct texts *pauses)
{
	static const char *const others[] = {"quarantined", "waiting:customer", "waiting:vendor", "waiting:department"};
	const char *words[STATES + ARRAY_SIZE(others)] = {NULL};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		words[n++] = others[i];
	for (int state = STATE_NONE + 1; state < STATES; state++)
		words[n++] = state_word((enum ticket_state)state);
	doctor_words(d, where, "reason to pause", pauses, words);
}

static void check_target(struct doctor *d, size_t i)
{
	const struct target *t = &d->policy->targets.v[i];
	_cleanup_free_ char *whole = doctor_path("targets", i, NULL), *from = doctor_path("targets", i, "from"), *until = doctor_path("targets", i, "until");
	_cleanup_free_ char *pause = doctor_path("targets", i, "pause"), *warn = doctor_path("targets", i, "warn");

	if (t->none) {
		check_none(d, whole, t);
		return;
	}
	if (!t->from)
		doctor_find(d, true, from, "the target '%s' does not say from when it runs", t->name);
	if (!t->until.n)
		doctor_find(d, true, until, "the target '%s' does not say what meets it", t->name);
	doctor_moment(d, from, t->from);
	doctor_moments(d, until, &t->until);
	for (size_t u = 0; u < t->until.n; u++) {
		if (text_equal(t->from, t->until.v[u]))
			doctor_find(d, false, until, "'%s' starts this target and meets it at once", t->from);
		if (strcmp(t->until.v[u], "received") == 0)
			doctor_find(d, false, until, "'received' only ever starts a target");
	}
	check_pauses(d, pause, &t->pause);
	check_times(d, whole, i, t);
	for (size_t w = 0; w < t->warn.n; w++)
		check_warning(d, warn, t->warn.v[w], t);
}

/* Does a rule of some target hold for a ticket of which only this priority is known? */
static bool names_priority(const struct policy *policy, const char *priority, bool *any)
{
	bool named = false;

	for (size_t i = 0; i < policy->targets.n; i++) {
		const struct target *t = &policy->targets.v[i];

		for (size_t c = 0; c < t->when.n; c++) {
			if (strcmp(t->when.v[c].field, "priority") != 0)
				continue;
			*any = true;
			for (size_t v = 0; !t->none && t->when.n == 1 && v < t->when.v[c].any.n; v++)
				named |= condition_value_matches(t->when.v[c].any.v[v], priority);
		}
	}
	return named;
}

static void check_priorities(struct doctor *d)
{
	for (size_t i = 0; i < d->policy->priorities.n; i++) {
		_cleanup_free_ char *where = doctor_path("priorities", i, NULL);
		bool any = false;

		if (!names_priority(d->policy, d->policy->priorities.v[i].name, &any) && any)
			doctor_find(d, false, where, "the priority '%s' has no target: others have one of their own, it has none", d->policy->priorities.v[i].name);
	}
}

/* --- the ladder ------------------------------------------------------------------------------------------------ */

static void check_offset(struct doctor *d, size_t i, const struct ladder_step *step)
{
	_cleanup_free_ char *where = doctor_path("ladder", i, "offset");
	struct duration length = {0};
	int64_t share;
	bool is_percent = percent(step->offset, &share);

	if (is_percent && (share <= -100 || share > 1000))
		doctor_find(d, false, where, share < 0 ? N_("'%s' lies at the start of the clock or before it") : N_("'%s' lies far behind the due time; give a length of time"), step->offset);
	if (is_percent)
		return;
	if (duration_parse(&length, step->offset, NULL)) {
		doctor_find(d, true, where, "'%s' is no offset from the due time; write '+15m', '-25%%' or '0s'", step->offset);
		return;
	}
	for (size_t t = 0; t < d->policy->targets.n; t++) {
		const struct target *target = &d->policy->targets.v[t];

		if (counts_back(&length) && texts_have(&step->targets, target->name) && as_long_as(&length, time_allowed(target)))
			doctor_find(d, false, where, "'%s' lies before targets[%zu] ('%s') begins to run", step->offset, t, target->name);
	}
}

static void check_step(struct doctor *d, size_t i)
{
	const struct policy *p = d->policy;
	const struct ladder_step *step = &p->ladder.v[i];
	_cleanup_free_ char *whole = doctor_path("ladder", i, NULL), *targets = doctor_path("ladder", i, "targets"), *notify = doctor_path("ladder", i, "notify");
	_cleanup_free_ char *raise = doctor_path("ladder", i, "raise_to"), *reassign = doctor_path("ladder", i, "reassign"), *template = doctor_path("ladder", i, "template");
	struct texts to = {0};

	for (size_t t = 0; t < step->targets.n; t++)
		doctor_item(d, targets, "target of this policy", step->targets.v[t], &p->targets, sizeof(*p->targets.v));
	doctor_recipients(d, notify, &step->notify, &step->how);
	doctor_choice(d, raise, "priority of this policy", step->raise_to, &p->priorities);
	if (step->reassign) {
		texts_add(&to, step->reassign);
		doctor_recipients(d, reassign, &to, NULL);
		if (strcmp(step->reassign, "customer") == 0 || strcmp(step->reassign, "assignee") == 0)
			doctor_find(d, false, reassign, "'%s' cannot take the ticket over", step->reassign);
	}
	doctor_template(d, template, step->template);
	if (!step->notify.n && !step->delayed && !step->raise_to && !step->reassign && !step->level)
		doctor_find(d, false, whole, "this step does nothing and nobody receives it");
	check_offset(d, i, step);
	texts_release(&to);
}

/* May this step move a ticket of priority 'from' to another one? */
static bool raises(const struct ladder_step *step, const char *from, const char *to)
{
	if (!step->raise_to || strcmp(step->raise_to, to) != 0 || strcmp(from, to) == 0)
		return false;
	for (size_t c = 0; c < step->when.n; c++) {
		bool holds = strcmp(step->when.v[c].field, "priority") != 0;

		for (size_t v = 0; !holds && v < step->when.v[c].any.n; v++)
			holds = condition_value_matches(step->when.v[c].any.v[v], from);
		if (!holds)
			return false;
	}
	return true;
}

static bool edge(const struct policy *policy, size_t from, size_t to)
{
	for (size_t i = 0; i < policy->ladder.n; i++)
		if (raises(&policy->ladder.v[i], policy->priorities.v[from].name, policy->priorities.v[to].name))
			return true;
	return false;
}

/* Priorities that raise each other in a ring would send a ticket round for ever. */
static void check_rings(struct doctor *d)
{
	size_t n = d->policy->priorities.n;
	_cleanup_free_ bool *reach = n && n <= 256 ? xcalloc(n * n, sizeof(*reach)) : NULL;

	if (!reach)
		return;
	for (size_t a = 0; a < n; a++)
		for (size_t b = 0; b < n; b++)
			reach[a * n + b] = edge(d->policy, a, b);
	for (size_t k = 0; k < n; k++)
		for (size_t a = 0; a < n; a++)
			for (size_t b = 0; reach[a * n + k] && b < n; b++)
				reach[a * n + b] |= reach[k * n + b];
	for (size_t i = 0; i < d->policy->ladder.n; i++) {
		_cleanup_free_ char *where = doctor_path("ladder", i, "raise_to");

		for (size_t p = 0; d->policy->ladder.v[i].raise_to && p < n; p++)
			if (strcmp(d->policy->priorities.v[p].name, d->policy->ladder.v[i].raise_to) == 0 && reach[p * n + p])
				doctor_find(d, false, where, "'%s' is part of a ring: a ticket raised to it is raised away and back again", d->policy->ladder.v[i].raise_to);
	}
}

void doctor_clocks(struct doctor *d)
{
	for (size_t i = 0; i < d->policy->targets.n; i++)
		check_target(d, i);
	check_priorities(d);
	for (size_t i = 0; i < d->policy->ladder.n; i++)
		check_step(d, i);
	check_rings(d);
}
