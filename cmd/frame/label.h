/* SPDX-License-Identifier: MIT */
/*
 * The words of a desk as its people read them. English shows the names that are also typed (`priority:1`); other
 * languages show the policy's label for them, and where it has none the catalogue's.
 */
#ifndef CMD_LABEL_H
#define CMD_LABEL_H

#include "command.h"

/* Do rows come out for people, in their language, or as data, which are the same in every language? */
bool label_people(const struct call *call);
/* The language of labels in what comes out: the caller's for people, English in data. */
const char *label_language(const struct call *call);
/* A word of the engine (a state, a field, a verdict): the policy's in the caller's language, else the catalogue's, else itself. Borrowed. */
const char *label_word(const struct call *call, const char *word);
/* The same of a state of a ticket, of what happened, of the place where a search found something. Borrowed. */
const char *label_state(const struct call *call, const char *state);
const char *label_event(const struct call *call, const char *word);
const char *label_place(const struct call *call, const char *field);
/* label_word only where the language is not English, in which the word itself is shown. Borrowed. */
const char *label_foreign(const struct call *call, const char *word);
/* label_foreign where rows come out for people; data keep the word. Borrowed; NULL for NULL. */
const char *label_cell(const struct call *call, const char *word);
/* A moment that starts or ends a clock ("received", "survey:sent"): not in English, in which the word itself is shown. Owned. */
char *label_moment(const struct call *call, const char *moment);
/* The state of an interval of a clock, "waiting:customer+quarantined", as people read it. Owned. */
char *label_interval(const struct call *call, const char *state);
/* A name of one of the policy's lists, or several joined by commas, as people read it. Owned; NULL for NULL. */
char *label_choices(const struct call *call, const choices *list, const char *names);
/* The label of a group: not in English, in which the name itself is shown. Borrowed; NULL for NULL. */
const char *label_group(const struct call *call, const char *name);
/* The label of a target. Borrowed. */
const char *label_target(const struct call *call, const char *name);
/* A length of time: "1h30m", "1小时30分钟". Owned. */
char *label_length(const struct call *call, const struct duration *length);

#endif
