/* SPDX-License-Identifier: MIT */
/* The figures that most tables share, over any group of tickets. */
#include "report/report.h"

static void take_clocks(struct tally *tally, const struct fact *fact, uint32_t index)
{
	for (size_t i = 0; i < fact->clocks.n; i++) {
		const struct clock_fact *clock = &fact->clocks.v[i];
		struct report_cell *cell = clock->verdict == VERDICT_MET ? &tally->in_time :
					   clock->verdict == VERDICT_MET_LATE || clock->verdict == VERDICT_MISSED ? &tally->late : NULL;

		for (int64_t n = 0; cell && n < clock->count; n++)
			cell_counted(cell, index);
	}
}

void tally_take(struct tally *tally, const struct fact *fact, uint32_t index)
{
	const struct {
		bool holds;
		struct report_cell *cell;
	} counts[] = {
		{true, &tally->tickets}, {fact_open(fact), &tally->open}, {fact_closed(fact), &tally->closed}, {fact->overdue, &tally->overdue},
		{fact->reopenings > 0, &tally->reopened}, {fact_first_contact(fact), &tally->first_contact}, {fact->low, &tally->low},
		{fact->answered, &tally->answered}, {fact->surveyed, &tally->surveyed}, {fact->repeats || fact->complaints, &tally->repeated},
		{fact->escalations > 0, &tally->escalated},
	};

	for (size_t i = 0; i < ARRAY_SIZE(counts); i++)
		if (counts[i].holds)
			cell_counted(counts[i].cell, index);
	if (fact_handling(fact) >= 0)
		sample_take(&tally->handling, (double)fact_handling(fact), index);
	if (fact->responded_s != TIME_NONE && fact->responded_s >= fact->received_s)
		sample_take(&tally->response, (double)(fact->responded_s - fact->received_s), index);
	for (size_t i = 0; i < fact->scores.n; i++)
		sample_take(&tally->scores, fact->scores.v[i].score, index);
	take_clocks(tally, fact, index);
}

void tally_take_unnamed(struct tally *tally, const struct unnamed *unnamed, const char *category)
{
	for (size_t i = 0; i < unnamed->answers.n; i++) {
		const struct unnamed_answer *answer = &unnamed->answers.v[i];

		if (category && !text_equal(answer->category, category))
			continue;
		if (answer->low)
			cell_counted(&tally->low, NO_TICKET);
		for (size_t s = 0; s < answer->scores.n; s++)
			sample_take(&tally->scores, answer->scores.v[s].score, NO_TICKET);
	}
}

void tally_release(struct tally *tally)
{
	struct report_cell *cells[] = {&tally->tickets, &tally->open, &tally->closed, &tally->overdue, &tally->reopened, &tally->first_contact, &tally->in_time,
				       &tally->late, &tally->low, &tally->answered, &tally->surveyed, &tally->repeated, &tally->escalated};

	for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
		free(cells[i]->tickets.v);
	sample_release(&tally->handling);
	sample_release(&tally->response);
	sample_release(&tally->scores);
	memset(tally, 0, sizeof(*tally));
}
