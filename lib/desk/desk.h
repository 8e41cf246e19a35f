/* SPDX-License-Identifier: MIT */
/* What the files of lib/desk share: the open desk. */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include "store/store.h"
#include "ticket/desk.h"

/* A policy as it was when a ticket was opened under it. */
struct pinned {
	struct oid id; /* of the policy directory */
	struct policy *policy;
};

struct desk {
	struct store *store;
	struct desk_context context;
	struct snapshot head;      /* what this run reads */
	struct oid policy_id;      /* of HEAD's policy directory */
	struct policy *policy;     /* of HEAD */
	struct zone *zone;
	char *actor, *actor_email; /* who acts; NULL when nobody is known */
	const char *actor_role;    /* borrowed from the policy; NULL */
	LIST(struct pinned) pinned;
};

#define POLICY_FOLDER "policy"
#define POLICY_FILE "policy/policy.json"
#define TICKETS_FOLDER "tickets"

/* Reads HEAD again, and the policy when it changed: what a change does once it holds the lock. */
int desk_refresh(struct desk *desk, struct ticket_error *err);
/* The policy of a policy directory's id (hex, as on tickets); HEAD's for NULL. Borrowed from the desk. */
int desk_pinned(struct desk *desk, const char *id, const struct policy **out, struct ticket_error *err);
/* tickets/…/NUMBER.json; TICKET_NOTFOUND when the number fits no format of the desk. '*out' is owned. */
int desk_ticket_path(const struct desk *desk, const char *number, char **out, struct ticket_error *err);
/* Reads a ticket from a tree; TICKET_NOTFOUND. */
int desk_read_from(struct desk *desk, const struct oid *tree, const char *number, struct ticket **out, struct ticket_error *err);
/* A revision as people name it: what git understands, or a time (the last commit recorded until then). */
int desk_revision(struct desk *desk, const char *word, struct snapshot *out, struct ticket_error *err);

#endif
