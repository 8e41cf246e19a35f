/* SPDX-License-Identifier: MIT */
/* Rules tried on the past: see ticket/apply.h. */
#include "desk/desk.h"
#include "ticket/apply.h"

struct simulating {
	struct desk *desk;
	const struct policy *policy; /* the one that is tried */
	const struct calendars *calendars;
	const struct range *received;
	simulation *out;
	size_t tickets;
};

static struct simulated *find_target(simulation *list, const char *target)
{
	struct simulated *one;

	for (size_t i = 0; i < list->n; i++)
		if (text_equal(list->v[i].target, target))
			return &list->v[i];
	one = list_push(list);
	one->target = xstrdup(target);
	return one;
}

static void count_view(struct simulated_count *count, const struct clock_view *view)
{
	enum verdict verdict = (enum verdict)view->clock.verdict;
	size_t n = view->clock.count > 1 ? (size_t)view->clock.count : 1;

	if (verdict == VERDICT_MET)
		count->in_time += n;
	else if (verdict == VERDICT_MET_LATE || verdict == VERDICT_MISSED || view->overdue)
		count->late += n;
	else if (verdict == VERDICT_RUNNING || verdict == VERDICT_PAUSED)
		count->open += n;
}

static struct simulated_count count_target(const clock_views *views, const char *target)
{
	struct simulated_count count = {0};

	for (size_t i = 0; i < views->n; i++)
		if (text_equal(views->v[i].clock.target, target))
			count_view(&count, &views->v[i]);
	return count;
}

static void add_counts(struct simulated_count *to, const struct simulated_count *from)
{
	to->in_time += from->in_time;
	to->late += from->late;
	to->open += from->open;
}

static void compare(struct simulating *simulating, const clock_views *now, const clock_views *then)
{
	const clock_views *const sides[] = {now, then};
	struct texts seen = {0};

	for (size_t s = 0; s < ARRAY_SIZE(sides); s++)
		for (size_t i = 0; i < sides[s]->n; i++) {
			const char *target = sides[s]->v[i].clock.target;
			struct simulated_count before = count_target(now, target), after = count_target(then, target);
			struct simulated *simulated = find_target(simulating->out, target);

			if (texts_have(&seen, target))
				continue;
			texts_add(&seen, target);
			add_counts(&simulated->now, &before);
			add_counts(&simulated->then, &after);
			simulated->differ += memcmp(&before, &after, sizeof(before)) != 0;
		}
	texts_release(&seen);
}

static int simulate_ticket(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct simulating *simulating = data;
	struct desk *desk = simulating->desk;
	clock_views now = {0}, then = {0};
	const struct policy *policy;
	const struct calendars *calendars;
	int failed;

	if (ticket->quarantined || (simulating->received && !range_has(simulating->received, ticket->received.s)))
		return 0;
	simulating->tickets++;
	if ((failed = desk_rules(desk, ticket, &policy, &calendars, err)) ||
	    (failed = clocks_evaluate(&now, ticket, policy, calendars, desk->context.now_s, err)))
		return failed;
	if (!(failed = clocks_evaluate(&then, ticket, simulating->policy, simulating->calendars, desk->context.now_s, err)))
		compare(simulating, &now, &then);
	clock_views_release(&now);
	clock_views_release(&then);
	return failed;
}

int desk_simulate(struct desk *desk, const char *text, size_t length, const char *origin, const struct range *received, simulation *out, size_t *tickets,
		  struct ticket_error *err)
{
	_cleanup_policy_ struct policy *policy = NULL;
	_cleanup_calendars_ struct calendars *calendars = NULL;
	struct simulating simulating = {.desk = desk, .received = received, .out = out};
	int failed;

	/* Tried from the beginning of each ticket, whatever it was moved from since. */
	if ((failed = policy_read(&policy, text, length, origin, err)) ||
	    (failed = calendars_load(desk, &desk->current->id, policy->time_zone, &calendars, err)))
		return failed;
	simulating.policy = policy;
	simulating.calendars = calendars;
	failed = desk_each(desk, NULL, simulate_ticket, &simulating, err);
	*tickets = simulating.tickets;
	return failed;
}

void simulation_release(simulation *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->v[i].target);
	free(list->v);
	*list = (simulation){0};
}
