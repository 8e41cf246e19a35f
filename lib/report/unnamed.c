/* SPDX-License-Identifier: MIT */
/* Answers without a name: the groups that came out of the ballot box in a period (B6). */
#include "report/report.h"

struct gathering {
	struct unnamed *out;
	struct desk *desk;
};

static void take_answer(struct unnamed *out, const struct policy *policy, const struct ballot *ballot, int64_t day_s)
{
	struct unnamed_answer *answer = list_push(&out->answers);

	answer->category = xstrdup(ballot->category);
	answer->day_s = day_s;
	answer->low = ballot_is_low(policy, ballot);
	for (size_t i = 0; i < ballot->scores.n; i++) {
		struct unnamed_score *score = list_push(&answer->scores);

		score->question = xstrdup(ballot->scores.v[i].key);
		score->score = strtod(ballot->scores.v[i].value, NULL);
	}
}

static int take_group(const struct survey_group *group, const char *path, void *data, struct ticket_error *err)
{
	const struct gathering *gathering = data;
	struct unnamed *out = gathering->out;
	struct unnamed_group *one = list_push(&out->groups);
	struct range day = {0};

	range_period(&day, group->to, desk_zone(gathering->desk), desk_now(gathering->desk));
	*one = (struct unnamed_group){xstrdup(group->from), xstrdup(group->to), group->answers.n, 0};
	for (size_t i = 0; i < group->answers.n; i++) {
		take_answer(out, desk_policy(gathering->desk), &group->answers.v[i], day.from_s);
		one->low += out->answers.v[out->answers.n - 1].low;
	}
	for (size_t i = 0; i < group->suggestions.n; i++)
		texts_add(&out->suggestions, group->suggestions.v[i]);
	return 0;
}

int unnamed_gather(struct unnamed *out, struct desk *desk, const struct range *range, struct ticket_error *err)
{
	return survey_groups(desk, range, take_group, &(struct gathering){out, desk}, err);
}

void unnamed_release(struct unnamed *unnamed)
{
	for (size_t i = 0; i < unnamed->answers.n; i++) {
		struct unnamed_answer *answer = &unnamed->answers.v[i];

		for (size_t s = 0; s < answer->scores.n; s++)
			free(answer->scores.v[s].question);
		free(answer->scores.v);
		free(answer->category);
	}
	for (size_t i = 0; i < unnamed->groups.n; i++) {
		free(unnamed->groups.v[i].from);
		free(unnamed->groups.v[i].to);
	}
	free(unnamed->answers.v);
	free(unnamed->groups.v);
	texts_release(&unnamed->suggestions);
	memset(unnamed, 0, sizeof(*unnamed));
}
