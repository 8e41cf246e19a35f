/* SPDX-License-Identifier: MIT */
/* What the parts of the policy doctor share: where findings go, and how one part asks another. */
#ifndef MODEL_DOCTOR_H
#define MODEL_DOCTOR_H

#include "model/policy.h"

struct doctor {
	const struct policy *policy;
	findings *out;
};

/* A finding at a key path such as "targets[3].within". */
void doctor_find(struct doctor *doctor, bool fatal, const char *where, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* "key[index].member"; 'member' may be NULL. Owned. */
char *doctor_path(const char *key, size_t index, const char *member);

/* A word that must be one of a list of words (NULL-terminated). NULL and "" pass. */
void doctor_word(struct doctor *doctor, const char *where, const char *noun, const char *word, const char *const *words);
void doctor_words(struct doctor *doctor, const char *where, const char *noun, const struct texts *given, const char *const *words);
/* A name that must be in a list of the policy's choices. NULL and "" pass. */
void doctor_choice(struct doctor *doctor, const char *where, const char *noun, const char *name, const choices *list);
/* A name that must be the name of an item of any list of the policy whose items begin with their name. */
void doctor_item(struct doctor *doctor, const char *where, const char *noun, const char *name, const void *list, size_t item_size);
/* A moment, and the value behind its ':'. */
void doctor_moment(struct doctor *doctor, const char *where, const char *moment);
void doctor_moments(struct doctor *doctor, const char *where, const struct texts *moments);
/* "role:…", "assignee", "customer" …; with people in the policy it must reach somebody. */
void doctor_recipients(struct doctor *doctor, const char *where, const struct texts *words, const struct texts *how);
void doctor_template(struct doctor *doctor, const char *where, const char *name);
/* A length of time that must be positive and not absurd; 'owed': it must be given. */
void doctor_length(struct doctor *doctor, const char *where, const struct duration *length, bool owed);

/* The parts: names and labels, conditions, who and what rules name, clocks, what can never be reached, actions. */
void doctor_names(struct doctor *doctor);
void doctor_conditions(struct doctor *doctor);
void doctor_rules(struct doctor *doctor);
void doctor_clocks(struct doctor *doctor);
void doctor_reach(struct doctor *doctor);
void doctor_actions(struct doctor *doctor);

#endif
