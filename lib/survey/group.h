/* SPDX-License-Identifier: MIT */
/* Groups of answers without a name: their file, and how they come out of the ballot box. */
#ifndef SURVEY_GROUP_H
#define SURVEY_GROUP_H

#include "desk/ballots.h"

#define SURVEYS_FOLDER "surveys"

extern const struct codec survey_group_codec;

/*
 * Puts all answers of the box into a group of this change, when there are enough of them, and says until which day they
 * came. '*taken' 0: there are not. 'box' is consumed in any case.
 */
int group_take(struct change *change, struct ballots *box, int64_t last_day_s, size_t *taken, struct ticket_error *err);

#endif
