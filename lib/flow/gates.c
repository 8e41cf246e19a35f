/* SPDX-License-Identifier: MIT */
/* What must have happened before an event such as 'archived': the policy's gates (A16, C10, E8, E10). */
#include "flow/flow.h"
#include "ticket/language.h"

#include "ticket/sample.h"

/* A need that is no moment: how it is told, and whether it is met. */
struct gate_word {
	const char *word, *missing;
	bool (*met)(const struct ticket *ticket, const struct policy *policy);
};

static bool has_types(const struct ticket *t, const struct policy *p)
{
	return t->types.n > 0;
}

static bool has_category(const struct ticket *t, const struct policy *p)
{
	return t->category != NULL;
}

static bool has_priority(const struct ticket *t, const struct policy *p)
{
	return t->priority != NULL;
}

static bool has_plan(const struct ticket *t, const struct policy *p)
{
	return moment_last("planned", t, p) != NULL;
}

static bool has_evidence(const struct ticket *t, const struct policy *p)
{
	return t->attachments.n > 0;
}

/* A14, D10: after it was resolved, the customer was told so. */
static bool customer_told(const struct ticket *t, const struct policy *p)
{
	for (size_t i = t->events.n; i-- > 0 && t->events.v[i].kind != EVENT_RESOLVED;)
		if (t->events.v[i].kind == EVENT_RESPONDED)
			return true;
	return false;
}

static bool survey_closed(const struct ticket *t, const struct policy *p)
{
	return moment_last("survey:answered|survey:unanswered", t, p) != NULL;
}

/* B7: after a low score somebody must have talked to the customer. */
static bool low_score_contacted(const struct ticket *t, const struct policy *p)
{
	bool owed = false;

	for (size_t i = 0; i < t->events.n; i++) {
		if (moment_is("low_survey", &t->events.v[i], t, p))
			owed = true;
		else if (t->events.v[i].kind == EVENT_FOLLOWED_UP)
			owed = false;
	}
	return !owed;
}

/* The last word on the result: what the customer said in the follow-up, the survey or by confirming. */
static bool is_satisfied(const struct ticket *t, const struct policy *p)
{
	for (size_t i = t->events.n; i-- > 0;) {
		const struct event *event = &t->events.v[i];

		if (event->kind == EVENT_FOLLOWED_UP && event->satisfied)
			return !text_equal(event->satisfied, "no");
		/* An answer that went into the ballot box says nothing about this customer. */
		if (event->kind == EVENT_SURVEY && text_equal(event->step, "answered") && event->scores.n)
			return !moment_is("low_survey", event, t, p);
		if (event->kind == EVENT_CONFIRMED)
			return true;
		if (event->kind == EVENT_DISPUTED || event->kind == EVENT_REOPENED)
			return false;
	}
	return false;
}

/* A follow-up that found the customer dissatisfied is a dispute until the ticket was worked on again. */
static bool no_open_dispute(const struct ticket *t, const struct policy *p)
{
	const struct event *followup = moment_last("followed_up", t, p);

	return !followup || !text_equal(followup->satisfied, "no");
}

/* A11, D6: what came late was explained. */
static bool late_explained(const struct ticket *t, const struct policy *p)
{
	for (size_t i = 0; i < t->clocks.n; i++) {
		const struct target *target = policy_target(p, t->clocks.v[i].target, t);
		bool explained = false;

		if (t->clocks.v[i].verdict != VERDICT_MET_LATE || !target || !target->late_reason)
			continue;
		for (size_t e = 0; e < t->events.n && !explained; e++)
			explained = t->events.v[e].late_reason && moment_is_any(&target->until, &t->events.v[e], t, p);
		if (!explained)
			return false;
	}
	return true;
}

/* Was every event of 'owing' followed by a review? */
static bool all_reviewed(const struct ticket *t, const struct policy *p, const char *owing)
{
	for (size_t i = t->events.n; i-- > 0 && t->events.v[i].kind != EVENT_REVIEWED;)
		if (moment_is(owing, &t->events.v[i], t, p))
			return false;
	return true;
}

static bool late_reviewed(const struct ticket *t, const struct policy *p)
{
	return all_reviewed(t, p, "explained");
}

static bool no_open_review(const struct ticket *t, const struct policy *p)
{
	return all_reviewed(t, p, "escalated");
}

static bool not_quarantined(const struct ticket *t, const struct policy *p)
{
	return !t->quarantined;
}

static bool sample_done(const struct ticket *t, const struct policy *p)
{
	samples_owed owed = {0};
	bool none;

	samples_of(p, t, &owed);
	none = owed.n == 0;
	free(owed.v);
	return none;
}

static const struct gate_word gate_words[] = {
	{"category", N_("it has no category (ticket triage --category)"), has_category},
	{"customer_told", N_("the customer was not told the result (ticket respond)"), customer_told},
	{"evidence", N_("no evidence is attached (ticket attach, or confirm --evidence)"), has_evidence},
	{"late_reasons", N_("something came late without a reason (--late-reason)"), late_explained},
	{"late_reviewed", N_("the reason for coming late was not reviewed (ticket review)"), late_reviewed},
	{"low_score_contact", N_("the low score was not followed up (ticket followup)"), low_score_contacted},
	{"no_open_dispute", N_("the follow-up found the customer dissatisfied (ticket reopen)"), no_open_dispute},
	{"no_open_quarantine", N_("it is quarantined (ticket correct, then ticket release)"), not_quarantined},
	{"no_open_review", N_("an escalation was not reviewed (ticket review)"), no_open_review},
	{"plan", N_("it has no plan (ticket plan)"), has_plan},
	{"priority", N_("it has no priority (ticket triage --priority)"), has_priority},
	{"sample", N_("it was drawn for a sample, and what that asks for has not happened (ticket show names it)"), sample_done},
	{"satisfied", N_("the customer has not said that he is satisfied (ticket followup --satisfied, survey or confirm)"), is_satisfied},
	{"survey_closed", N_("the survey has no answer yet (ticket survey --answer or --no-answer)"), survey_closed},
	{"types", N_("it has no type (ticket triage --type)"), has_types},
};

static const struct gate_word *find_word(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(gate_words); i++)
		if (text_equal(gate_words[i].word, word))
			return &gate_words[i];
	return NULL;
}

bool flow_gate_known(const char *need)
{
	for (const char *p = need; *p;) {
		size_t n = strcspn(p, "|");
		_cleanup_free_ char *one = xstrndup(p, n);

		if (!find_word(one) && !moment_known(one))
			return false;
		p += n + (p[n] == '|');
	}
	return *need;
}

/* What one alternative lacks, as a phrase; NULL when it is met. What goes on record is not translated. Owned. */
static char *lacks(const struct ticket *ticket, const struct policy *policy, const char *need, bool on_record)
{
	const struct gate_word *word = find_word(need);
	_cleanup_free_ char *kind = xstrndup(need, strcspn(need, ":"));
	const char *command;

	if (word)
		return word->met(ticket, policy) ? NULL : xstrdup(on_record ? word->missing : _(word->missing));
	if (moment_last(need, ticket, policy))
		return NULL;
	command = flow_command(event_kind(kind));
	if (on_record)
		return command ? xasprintf("'%s' is missing (ticket %s)", need, command) : xasprintf("'%s' is missing", need);
	need = language_word("event", need);
	return command ? xasprintf(_("'%s' is missing (ticket %s)"), need, command) : xasprintf(_("'%s' is missing"), need);
}

/* "a|b": either is enough; where both lack, both are told. */
static char *lacks_any(const struct ticket *ticket, const struct policy *policy, const char *needs, bool on_record)
{
	struct buf told = {0};

	for (const char *p = needs; *p;) {
		size_t n = strcspn(p, "|");
		_cleanup_free_ char *one = xstrndup(p, n), *lack = lacks(ticket, policy, one, on_record);

		if (!lack) {
			buf_release(&told);
			return NULL;
		}
		buf_addf(&told, "%s%s", told.n ? on_record ? ", or " : _(", or ") : "", lack);
		p += n + (p[n] == '|');
	}
	return buf_steal(&told);
}

void flow_missing(const struct ticket *ticket, const struct policy *policy, const char *event, bool on_record, struct texts *missing)
{
	for (size_t i = 0; i < policy->gates.n; i++) {
		const struct gate *gate = &policy->gates.v[i];

		if (!text_equal(gate->event, event) || !conditions_hold(&gate->when, ticket))
			continue;
		for (size_t n = 0; n < gate->needs.n; n++) {
			_cleanup_free_ char *lack = lacks_any(ticket, policy, gate->needs.v[n], on_record);

			if (lack && !texts_have(missing, lack))
				texts_add(missing, lack);
		}
	}
}
