/* SPDX-License-Identifier: MIT */
/* Actions on the desk: what reading, recording, the sweep and delivery share. */
#ifndef ACTION_ACTION_H
#define ACTION_ACTION_H

#include "desk/change.h"
#include "model/action.h"

#define ACTIONS_FOLDER "actions"

/* actions/2026/A-2026-0001.json; NULL when the text is no number of an action. Owned. */
char *action_path(const char *id);
/* Of a tree. TICKET_NOTFOUND; TICKET_STORAGE. '*out' is owned. */
int action_read_from(struct desk *desk, const struct oid *tree, const char *id, struct action **out, struct ticket_error *err);
/* All numbers of HEAD, in order. */
int action_numbers(struct desk *desk, struct texts *out, struct ticket_error *err);

/* The actions that a change has read or made: each once, however often it is touched. Zeroed is empty. */
struct action_book {
	LIST(struct action *) actions;
};
/* An action as it will be after this change so far. Borrowed from the book. */
int action_book_get(struct action_book *book, struct change *change, const char *id, struct action **out, struct ticket_error *err);
/* Gives an event id, recording time, actor and role where they are missing, appends and folds it. 'event' is consumed in any case. */
int action_append(struct change *change, struct action *action, struct action_event *event, struct ticket_error *err);
/* May the desk's actor record what people record, now: by where the action stands, by time, by the policy? TICKET_REFUSED, TICKET_USAGE. */
int action_may_record(const struct desk *desk, const struct action *action, const struct action_event *event, struct ticket_error *err);
/* May such an event follow when the action stands there? */
bool action_may_follow(enum action_state state, enum action_kind kind);
/* Puts the files of all actions in the book into the change. */
int action_book_put(struct action_book *book, struct change *change, struct ticket_error *err);
void action_book_release(struct action_book *book);

/* One step of the policy's ladder as it falls on an action. Borrowed. */
struct action_due {
	const struct action_step *rule;
	int64_t at_s;
	struct stamp from;  /* the due date, or when it was carried out */
	bool recorded;
};
typedef LIST(struct action_due) action_dues;
/* All steps of an action, earliest first; those of a state it is not in are left out. The caller frees the list's items. */
void action_steps(action_dues *out, const struct action *action, const struct policy *policy, const struct calendars *calendars);
/* "ladder:NAME"; owned. */
char *action_step_key(const struct action_step *step);

#endif
