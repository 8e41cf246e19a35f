/* SPDX-License-Identifier: MIT */
/* Surveys in the sweep: the first sending, the second attempt, the end without answer, and groups out of the ballot box (B6, D10). */
#include "sweep/sweep.h"

#include "flow/flow.h"
#include "survey/group.h"

#define A_DAY_S 86400

static int record_step(struct sweep *sweep, struct ticket *ticket, const char *step, const char *via, struct ticket_error *err)
{
	struct event event = {.kind = EVENT_SURVEY, .step = xstrdup(step), .via = xstrdup(via), .at = stamp_at(sweep->desk->zone, sweep->now_s)};

	return sweep_record(sweep, ticket, &event, err);
}

static bool is_second(const struct policy *policy, const struct ticket *ticket)
{
	return policy->survey.second.set && flow_survey_steps(ticket, "sent") < 2;
}

const char *survey_owed(const struct policy *policy, const struct ticket *ticket, int64_t now_s)
{
	const struct event *waiting = flow_survey_waiting(ticket);

	if (!waiting || waiting->due.s > now_s)
		return NULL;
	return is_second(policy, ticket) ? "sent" : "unanswered";
}

int survey_soon(struct sweep *sweep, const struct ticket *ticket, int64_t until_s, struct ticket_error *err)
{
	const struct event *waiting = flow_survey_waiting(ticket);
	struct check_step step = {.ticket = ticket, .cycle = ticket->cycle, .soon = true};

	if (!waiting || waiting->due.s <= sweep->now_s || waiting->due.s > until_s || !sweep->visit)
		return 0;
	step.step = is_second(sweep->desk->policy, ticket) ? "survey:sent" : "survey:unanswered";
	step.at = step.due = waiting->due;
	return sweep->visit(&step, sweep->data, err);
}

/* What is asked a second time goes the way of the first. That it is recorded once follows from the survey itself: the step ends what waits. */
int survey_step(struct sweep *sweep, struct ticket *ticket, struct ticket_error *err)
{
	const char *owed = survey_owed(sweep->desk->policy, ticket, sweep->now_s);

	if (!owed)
		return 0;
	return record_step(sweep, ticket, owed, text_equal(owed, "sent") ? flow_survey_waiting(ticket)->via : NULL, err);
}

int survey_look(struct sweep *sweep, const struct ticket *seen, struct ticket_error *err)
{
	const struct survey_rule *rule = &sweep->desk->policy->survey;
	int64_t within_s = rule->within.set && !rule->within.working_days ? rule->within.seconds : A_DAY_S;
	const struct event *after;
	struct ticket *ticket;
	int failed;

	/* The past that an import brings is asked about nothing. */
	if (!text_equal(rule->send, "auto") || seen->source.file || seen->quarantined)
		return 0;
	if ((failed = change_ticket(sweep->change, seen->id, &ticket, err)))
		return failed;
	after = moment_last(rule->after ? rule->after : "resolved", ticket, sweep->desk->policy);
	/* Too late is a matter of the clocks: nobody is asked about what he has forgotten. */
	if (!after || ticket->state < STATE_RESOLVED || ticket->state > STATE_VERIFIED || sweep->now_s - after->at.s > within_s || moment_last("survey", ticket, sweep->desk->policy))
		return 0;
	return record_step(sweep, ticket, "sent", NULL, err);
}

/* --- the ballot box ---------------------------------------------------------------------------------------------- */

static int put_off(struct sweep *sweep, struct ballots *box, const struct stamp *end, struct ticket_error *err)
{
	box->due = *end;
	standing_comes_at(sweep, end->s);
	return sweep->dry_run ? 0 : ballots_put_off(sweep->change, box, err);
}

/* Looked into at the end of each period: a group comes out, or they all wait for the next one. */
static int look_into(struct sweep *sweep, struct ballots *box, struct ticket_error *err)
{
	struct stamp end = ballots_period_end(sweep->desk);
	size_t taken;
	int failed;

	if (end.set && !box->due.set)
		return put_off(sweep, box, &end, err);
	if (end.set && box->due.s > sweep->now_s) {
		standing_comes_at(sweep, box->due.s);
		return 0;
	}
	if (box->answers.n < survey_group_size(sweep->desk->policy))
		return end.set ? put_off(sweep, box, &end, err) : 0;
	/* What a period has brought counts in it, though it comes out the morning after. */
	if (!(failed = group_take(sweep->change, box, end.set ? sweep->now_s - A_DAY_S : sweep->now_s, &taken, err)))
		sweep->groups += taken;
	return failed;
}

int survey_box(struct sweep *sweep, struct ticket_error *err)
{
	_cleanup_(ballots_release) struct ballots box = {0};
	struct ticket_error why = {0};
	int failed = ballots_open(sweep->change, &box, &why);

	if (!failed && box.answers.n)
		failed = look_into(sweep, &box, &why);
	/* A damaged box must not keep the desk from its deadlines. */
	return sweep_spare(sweep, failed, &why, err);
}
