/* SPDX-License-Identifier: MIT */
/* The doctor on improvement actions: a ladder whose steps come at some time and tell somebody. */
#include "model/doctor.h"

static void check_recipients(struct doctor *d, const char *where, const struct action_step *step)
{
	struct texts others = {0};

	for (size_t i = 0; i < step->notify.n; i++) {
		const char *word = step->notify.v[i];

		if (text_equal(word, "assignee") || text_equal(word, "plan_lead") || text_equal(word, "customer"))
			doctor_find(d, false, where, "'%s' is of tickets; an action has an \"owner\"", word);
		else if (!text_equal(word, "owner"))
			texts_add(&others, word);
	}
	doctor_recipients(d, where, &others, &step->how);
	texts_release(&others);
	if (!step->notify.n)
		doctor_find(d, false, where, "nobody receives this");
}

void doctor_actions(struct doctor *d)
{
	static const char *const froms[] = {"due", "done", NULL};
	const struct policy *p = d->policy;

	for (size_t i = 0; i < p->action_ladder.n; i++) {
		const struct action_step *step = &p->action_ladder.v[i];
		_cleanup_free_ char *from = doctor_path("action_ladder", i, "from"), *offset = doctor_path("action_ladder", i, "offset");
		_cleanup_free_ char *notify = doctor_path("action_ladder", i, "notify"), *template = doctor_path("action_ladder", i, "template");
		struct duration length;

		doctor_word(d, from, "moment of an action", step->from, froms);
		if (duration_parse(&length, step->offset, NULL))
			doctor_find(d, true, offset, "'%s' is no offset from the due date; write '-2d', '0s' or '+3bd'", step->offset);
		check_recipients(d, notify, step);
		doctor_template(d, template, step->template);
	}
}
