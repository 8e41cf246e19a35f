/* SPDX-License-Identifier: MIT */
/* What the files of lib/desk share: the open desk. */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include "store/store.h"
#include "ticket/desk.h"

/* The rules as they are in one policy directory: HEAD's, or those a ticket was opened under. */
struct rules {
	struct oid id; /* of the directory */
	struct policy *policy;
	struct calendars *calendars; /* NULL until they are asked for */
};

struct desk {
	struct store *store;
	struct desk_context context;
	struct snapshot head;      /* what this run reads */
	LIST(struct rules *) rules; /* all that were read in this run */
	struct rules *current;     /* HEAD's */
	const struct policy *policy; /* of HEAD; borrowed from 'current' */
	struct zone *zone;
	struct {
		bool looked_for;
		char *name, *email;        /* NULL when nobody is known */
		const char *role;          /* borrowed from the policy; NULL */
	} actor; /* who acts; ask desk_actor and its like */
};

#define POLICY_FOLDER "policy"
#define POLICY_FILE "policy/policy.json"
#define TICKETS_FOLDER "tickets"

/* Reads HEAD again, and the policy when it changed: what a change does once it holds the lock. */
int desk_refresh(struct desk *desk, struct ticket_error *err);
/* What else is known of who acts; borrowed. NULL: nothing. */
const char *desk_actor_email(const struct desk *desk);
const char *desk_actor_role(const struct desk *desk);
/* The rules of a policy directory; read once. Borrowed from the desk. TICKET_STORAGE when the repository lacks it. */
int rules_load(struct desk *desk, const struct oid *id, struct rules **out, struct ticket_error *err);
/* The same for those of HEAD when a desk is opened: by what is remembered of them, which an audit must not trust. */
int rules_load_head(struct desk *desk, const struct oid *id, struct rules **out, struct ticket_error *err);
/*
 * Is what is remembered of HEAD's policy what its text says? 'repair': if not, it is remembered anew. True also where
 * nothing is remembered.
 */
int rules_check_memo(struct desk *desk, bool repair, bool *right, struct ticket_error *err);
/* Their calendars. Borrowed. */
/* The rules of a policy directory (NULL: HEAD's), for whoever judges tickets: a rules_finder; 'data' is the desk. */
int desk_find_rules(void *data, const char *id, const struct policy **policy, const struct calendars **calendars, struct ticket_error *err);
int rules_calendars(struct desk *desk, struct rules *rules, const struct calendars **out, struct ticket_error *err);
/* The calendars of a policy directory, for themselves: whoever asks them knows of no former rules. '*out' is owned. */
int calendars_load(struct desk *desk, const struct oid *id, const char *time_zone, struct calendars **out, struct ticket_error *err);
void rules_free(struct rules *rules);
/* Brings a ticket's clocks up to its latest event, by the rules it is judged by. */
int desk_update_clocks(struct desk *desk, struct ticket *ticket, struct ticket_error *err);
/* tickets/…/NUMBER.json; TICKET_NOTFOUND when the number fits no format of the desk. '*out' is owned. */
int desk_ticket_path(const struct desk *desk, const char *number, char **out, struct ticket_error *err);
/* Reads a ticket from a tree; TICKET_NOTFOUND. */
int desk_read_from(struct desk *desk, const struct oid *tree, const char *number, struct ticket **out, struct ticket_error *err);
/* May a correction name this field, and what the ticket has there; owned, "" where it has nothing. */
bool correction_may_name(const struct policy *policy, const char *name);
char *correction_value(const struct ticket *ticket, const char *name);
/* A revision as people name it: what git understands, or a time (the last commit recorded until then). */
int desk_revision(struct desk *desk, const char *word, struct snapshot *out, struct ticket_error *err);

#endif
