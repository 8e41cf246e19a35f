/* SPDX-License-Identifier: MIT */
/* New rules for a desk: see ticket/apply.h. */
#include "ticket/apply.h"

#include "desk/change.h"
#include "desk/register.h"

static int refuse_unusable(const struct policy *policy, struct ticket_error *err)
{
	findings found = {0};
	int failed = 0;

	policy_doctor(policy, &found);
	for (size_t i = 0; i < found.n && !failed; i++)
		if (found.v[i].fatal)
			failed = ticket_fail(err, TICKET_REFUSED, "the policy cannot be used: %s: %s; see: ticket policy check FILE", found.v[i].where, found.v[i].what);
	findings_release(&found);
	return failed;
}

/* The rules that the commit to come will have, known before it is made: tickets name them by their id. */
static int take_rules(struct change *change, const char *text, size_t length, const char *origin, struct rules **out, struct ticket_error *err)
{
	struct desk *desk = change->desk;
	struct rules *rules;
	struct policy *policy;
	int failed;

	if ((failed = policy_read(&policy, text, length, origin, err)))
		return failed;
	rules = xcalloc(1, sizeof(*rules));
	rules->policy = policy;
	*list_push(&desk->rules) = rules;
	*out = rules;
	/* The calendars stay HEAD's: read them by its id before the rules get their own. */
	rules->id = desk->current->id;
	if ((failed = refuse_unusable(policy, err)) || (failed = rules_calendars(desk, rules, &(const struct calendars *){NULL}, err)) ||
	    (failed = change_file(change, POLICY_FILE, text, length, err)))
		return failed;
	return store_change_folder(change->files, POLICY_FOLDER, &rules->id, err);
}

/* --- moving tickets -------------------------------------------------------------------------------------------- */

struct moving {
	const char *id; /* of the new rules, hex */
	struct texts numbers;
};

static int note_ticket(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct moving *moving = data;

	if (ticket->state < STATE_ARCHIVED && !text_equal(ticket->policy, moving->id))
		texts_add(&moving->numbers, ticket->id);
	return 0;
}

static int move_ticket(struct change *change, const char *number, const char *id, struct ticket_error *err)
{
	struct event event = {.kind = EVENT_RETARGETED, .new = xstrdup(id), .automatic = true};
	struct ticket *ticket;
	int failed = change_ticket(change, number, &ticket, err);

	if (failed) {
		event_release(&event);
		return failed;
	}
	event.old = xstrdup(ticket->policy);
	return change_record(change, ticket, &event, NULL, err);
}

int desk_apply_policy(struct desk *desk, const char *text, size_t length, const char *origin, bool dry_run, size_t *moved, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	char id[OID_HEX_SIZE];
	struct moving moving = {.id = id};
	struct rules *rules;
	int failed;

	*moved = 0;
	if ((failed = change_begin(&change, desk, err)) || (failed = desk_allows(desk, "policy", NULL, err)))
		return failed;
	rules = desk->current;
	if (text && (failed = take_rules(change, text, length, origin, &rules, err)))
		return failed;
	oid_hex(id, &rules->id);
	failed = desk_each(desk, NULL, note_ticket, &moving, err);
	for (size_t i = 0; i < moving.numbers.n && !failed; i++)
		failed = move_ticket(change, moving.numbers.v[i], id, err);
	*moved = moving.numbers.n;
	texts_release(&moving.numbers);
	if (failed)
		return failed;
	change_subject(change, "policy: apply '%s' to %zu ticket%s", rules->policy->name, *moved, *moved == 1 ? "" : "s");
	return change_commit(change, dry_run, err);
}
