/* SPDX-License-Identifier: MIT */
/* When the steps of the policy's ladder for actions fall (B10). */
#include "action/action.h"

char *action_step_key(const struct action_step *step)
{
	return xasprintf("ladder:%s", step->name);
}

/* Each step once for each due date: who moves the date is told again. */
static bool is_recorded(const struct action *action, const struct action_step *step, const struct stamp *from)
{
	_cleanup_free_ char *key = action_step_key(step);

	for (size_t i = action->events.n; i-- > 0;) {
		const struct action_event *event = &action->events.v[i];

		if (event->kind == ACTION_EVENT_REMINDED && text_equal(event->step, key) && event->due.s == from->s)
			return true;
	}
	return false;
}

static bool step_at(const struct action_step *step, const struct stamp *from, const struct calendar *calendar, int64_t *at_s)
{
	struct duration length;

	if (duration_parse(&length, step->offset, NULL))
		return false;
	*at_s = from->s + length.seconds;
	return !length.working_days || (calendar && calendar_add(at_s, calendar, from->s, &length, NULL) == 0);
}

static int compare_dues(const void *a, const void *b)
{
	const struct action_due *x = a, *y = b;

	return (x->at_s > y->at_s) - (x->at_s < y->at_s);
}

void action_steps(action_dues *out, const struct action *action, const struct policy *policy, const struct calendars *calendars)
{
	const struct calendar *calendar = calendars_get(calendars, policy->calendar);

	for (size_t i = 0; i < policy->action_ladder.n; i++) {
		const struct action_step *step = &policy->action_ladder.v[i];
		bool of_done = text_equal(step->from, "done");
		const struct stamp *from = of_done ? &action->done : &action->due;
		struct action_due due = {.rule = step, .from = *from};

		if (!from->set || action->state != (of_done ? ACTION_DONE : ACTION_OPEN) || !step_at(step, from, calendar, &due.at_s))
			continue;
		due.recorded = is_recorded(action, step, from);
		*list_push(out) = due;
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), compare_dues);
}
