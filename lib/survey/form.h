/* SPDX-License-Identifier: MIT */
/* Filled-in questionnaires: what a label asks and what a value answers. The files themselves are read by lib/exchange. */
#ifndef SURVEY_FORM_H
#define SURVEY_FORM_H

#include "ticket/survey.h"

/* What a label asks: a question's name, or an English survey_word; NULL: nothing known. Borrowed. */
const char *form_asks(const struct policy *policy, const char *label, size_t n);
/* Takes the value of what was asked. TICKET_USAGE, with 'where' in front. */
int form_take(struct questionnaire *out, const struct policy *policy, const char *asked, const char *value, const char *where, struct ticket_error *err);
/* Was nothing answered? */
bool form_is_empty(const struct questionnaire *one);

#endif
