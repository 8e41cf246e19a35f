/* SPDX-License-Identifier: MIT */
/* When a clock stands still: see pause.h. */
#include "sla/pause.h"

static bool word_holds(const char *word, const struct moment *moment)
{
	if (strcmp(word, "quarantined") == 0)
		return moment->quarantined;
	if (text_starts(word, "waiting:"))
		return moment->state == STATE_WAITING && text_equal(moment->waiting_for, word + 8);
	return strcmp(word, state_word((enum ticket_state)moment->state)) == 0;
}

bool pause_holds(const struct texts *words, const struct moment *moment)
{
	for (size_t i = 0; i < words->n; i++)
		if (word_holds(words->v[i], moment))
			return true;
	return false;
}
