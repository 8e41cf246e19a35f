/* SPDX-License-Identifier: MIT */
/*
 * Care visits (B1): tickets that the desk opens itself, at intervals, for every customer whom a rule picks. The moments are
 * counted from the customer's registration; each has its key, by which it is opened once however often and late the sweep
 * runs. After a long rest only the latest visit is opened: nobody is called twice in a row.
 */
#include "sweep/sources.h"

#include "desk/index.h"
#include "privacy/customer.h"

/* --- when ---------------------------------------------------------------------------------------------------------- */

static bool is_picked(const struct visit_rule *rule, const struct customer *customer)
{
	/* Rules for visits look at the customer's own fields: as if these stood on a ticket. */
	const struct ticket fields = {.fields = customer->fields};

	return !customer_is_forgotten(customer) && !customer->merged_into && rule->every.set && (rule->every.seconds > 0 || rule->every.working_days > 0) &&
	       conditions_hold(&rule->when, &fields);
}

/* The last moment of a visit that has come by now (TIME_NONE: none yet), and the one after it. */
static int visit_moments(struct sweep *sweep, const struct visit_rule *rule, const struct customer *customer, int64_t *last_s, int64_t *next_s, struct ticket_error *err)
{
	const struct policy *policy = sweep->desk->policy;
	const struct calendars *calendars;
	int failed;

	*last_s = TIME_NONE;
	if (!rule->every.working_days) {
		int64_t every_s = rule->every.seconds, n = sweep->now_s < customer->created.s ? 0 : (sweep->now_s - customer->created.s) / every_s;

		if (n)
			*last_s = customer->created.s + n * every_s;
		*next_s = customer->created.s + (n + 1) * every_s;
		return 0;
	}
	if ((failed = desk_rules(sweep->desk, NULL, NULL, &calendars, err)))
		return failed;
	for (*next_s = customer->created.s;;) {
		if ((failed = calendar_add(next_s, calendars_get(calendars, policy->calendar), *next_s, &rule->every, err)) || *next_s > sweep->now_s)
			return failed;
		*last_s = *next_s;
	}
}

/* --- opening ------------------------------------------------------------------------------------------------------- */

static char *visit_key(const struct sweep *sweep, const struct visit_rule *rule, const struct customer *customer, int64_t at_s)
{
	struct civil c;

	civil_from(&c, zone_wall(sweep->desk->zone, at_s));
	return xasprintf("visit:%s:%s:%04lld-%02d-%02d", rule->name, customer->id, (long long)c.year, c.month, c.day);
}

static int is_open_already(struct sweep *sweep, const char *key, bool *already, struct ticket_error *err)
{
	_cleanup_(index_close_p) struct index *index = NULL;
	_cleanup_free_ char *number = NULL;
	int failed = desk_index(sweep->desk, &sweep->change->base, &index, err);

	if (!failed)
		failed = index_key(index, key, &number, err);
	*already = number != NULL;
	return failed == TICKET_NOTFOUND ? 0 : failed;
}

static const char *subject_of(const struct sweep *sweep, const struct visit_rule *rule)
{
	const struct policy *policy = sweep->desk->policy;

	return policy_label(policy, rule->subject.n ? &rule->subject : &rule->labels, policy->language, rule->name);
}

static int route_visit(struct sweep *sweep, struct ticket *ticket, struct ticket_error *err)
{
	struct event assigned = {.kind = EVENT_ASSIGNED, .automatic = true};
	struct ticket_error none = {0};

	/* Without a route it waits to be assigned by hand, as any ticket does. */
	if (change_route(sweep->change, ticket, &assigned, &none)) {
		event_release(&assigned);
		return none.code == TICKET_REFUSED ? 0 : ticket_fail(err, none.code, "%s", none.message);
	}
	return change_record(sweep->change, ticket, &assigned, NULL, err);
}

static int open_visit(struct sweep *sweep, const struct visit_rule *rule, const struct customer *customer, int64_t at_s, struct ticket_error *err)
{
	_cleanup_free_ char *key = visit_key(sweep, rule, customer, at_s), *step = xasprintf("visit:%s", rule->name);
	struct event opened = {.automatic = true};
	struct check_step shown = {.step = step, .at = stamp_at(sweep->desk->zone, at_s)};
	struct ticket *draft, *ticket;
	bool already;
	int failed;

	if ((failed = is_open_already(sweep, key, &already, err)) || already)
		return failed;
	draft = xcalloc(1, sizeof(*draft));
	draft->channel = xstrdup(rule->channel);
	draft->priority = xstrdup(rule->priority);
	if (rule->type)
		texts_add(&draft->types, rule->type);
	draft->subject = xstrdup(subject_of(sweep, rule));
	draft->source.key = xstrdup(key);
	draft->customer.id = xstrdup(customer->id);
	if ((failed = change_new(sweep->change, draft, &opened, &ticket, err)) || (failed = route_visit(sweep, ticket, err)))
		return failed;
	sweep->done++;
	texts_add(&sweep->swept, ticket->id);
	shown.ticket = ticket;
	return sweep->stopped = sweep->visit ? sweep->visit(&shown, sweep->data, err) : 0;
}

/* --- looking at customers ------------------------------------------------------------------------------------------ */

struct looking {
	struct sweep *sweep;
	int64_t next_s;
	int64_t until_s; /* what comes until then is shown; nothing is opened */
	bool soon;
};

static int show_visit(struct sweep *sweep, const struct visit_rule *rule, const struct customer *customer, int64_t at_s, struct ticket_error *err)
{
	_cleanup_free_ char *step = xasprintf("visit:%s", rule->name);
	_cleanup_free_ char *subject = xasprintf("%s · %s%s%s", subject_of(sweep, rule), customer->id, customer->display ? " " : "", customer->display ? customer->display : "");
	struct check_step shown = {.step = step, .subject = subject, .at = stamp_at(sweep->desk->zone, at_s), .soon = true};

	return sweep->visit ? sweep->visit(&shown, sweep->data, err) : 0;
}

static int look_at(struct looking *l, const struct customer *customer, struct ticket_error *err)
{
	const struct policy *policy = l->sweep->desk->policy;
	int failed = 0;

	for (size_t i = 0; i < policy->visits.n && !failed; i++) {
		int64_t last_s, next_s;

		if (!is_picked(&policy->visits.v[i], customer) || (failed = visit_moments(l->sweep, &policy->visits.v[i], customer, &last_s, &next_s, err)))
			continue;
		if (l->soon && next_s <= l->until_s)
			failed = show_visit(l->sweep, &policy->visits.v[i], customer, next_s, err);
		if (!l->soon && last_s != TIME_NONE)
			failed = open_visit(l->sweep, &policy->visits.v[i], customer, last_s, err);
		if (next_s < l->next_s)
			l->next_s = next_s;
	}
	return failed;
}

static int see_customer(struct customer *customer, void *data, struct ticket_error *err)
{
	struct looking *l = data;
	struct ticket_error why = {0};

	return sweep_spare(l->sweep, look_at(l, customer, &why), &why, err);
}

/* A file that the register has changed since; one that cannot be read is fsck's. */
static int see_changed(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct looking *l = data;
	_cleanup_buf_ struct buf text = {0};
	_cleanup_customer_ struct customer *customer = NULL;
	int failed;

	if (entry->is_folder || entry->is_link || oid_is_zero(&entry->id) || *entry->name != 'C' || !text_ends(entry->name, ".json"))
		return 0;
	if ((failed = store_read_blob(l->sweep->desk->store, &entry->id, &text, err)))
		return failed;
	return customer_parse(&customer, text.p ? text.p : "", text.n, entry->path, NULL) ? 0 : see_customer(customer, l, err);
}

int visits_sweep(struct sweep *sweep, const struct snapshot *since, int64_t *next_s, struct ticket_error *err)
{
	struct looking l = {.sweep = sweep, .next_s = since ? *next_s : INT64_MAX};
	int failed = 0;

	if (sweep->desk->policy->visits.n)
		failed = since ? store_changes(sweep->desk->store, &since->tree, &sweep->desk->head.tree, "customers", see_changed, &l, err)
			       : customer_each(sweep->desk, see_customer, &l, err);
	*next_s = l.next_s;
	return failed;
}

int visits_soon(struct sweep *sweep, int64_t until_s, struct ticket_error *err)
{
	struct looking l = {.sweep = sweep, .next_s = INT64_MAX, .until_s = until_s, .soon = true};

	return sweep->desk->policy->visits.n ? customer_each(sweep->desk, see_customer, &l, err) : 0;
}
