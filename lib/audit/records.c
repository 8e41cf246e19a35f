/* SPDX-License-Identifier: MIT */
/* audit of what lies beside the tickets: files that never change, customers, actions, the rules of the desk. */
#include "audit/audit.h"

#include "action/action.h"
#include "desk/register.h"
#include "privacy/digest.h"

#include "ticket/language.h"

/* --- what never changes ------------------------------------------------------------------------------------------- */

/* An attachment bears its digest as its name. */
static int check_digest(struct audit *audit, const struct changed *changed, struct ticket_error *err)
{
	const char *slash = strrchr(changed->path, '/');
	_cleanup_buf_ struct buf content = {0};
	char digest[DIGEST_HEX_SIZE];
	int failed = store_read_blob(audit->desk.store, &changed->now, &content, err);

	if (!failed && !text_equal(slash + 1, digest_hex(digest, content.p ? content.p : "", content.n)))
		report(audit, changed->path, "does not hold what its name says: its digest is %s", digest);
	return failed;
}

int audit_kept(struct audit *audit, struct changed *changed, struct ticket_error *err)
{
	bool there = false;

	for (size_t i = 0; i < audit->commit.parents.n; i++)
		there |= !oid_is_zero(&changed->was[i]) && !oid_equal(&changed->was[i], &changed->now);
	if (there)
		report(audit, changed->path, oid_is_zero(&changed->now) ? N_("was taken away") : N_("was replaced; such a file never changes"));
	else if (text_starts(changed->path, "attachments/") && !changed_is_inherited(&audit->commit, changed))
		return check_digest(audit, changed, err);
	return 0;
}

/* --- customers ---------------------------------------------------------------------------------------------------- */

static int read_customer(struct audit *audit, const struct oid *blob, const char *path, struct customer **out, struct ticket_error *why, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	int failed = store_read_blob(audit->desk.store, blob, &text, err);

	*out = NULL;
	if (!failed)
		customer_parse(out, text.p ? text.p : "", text.n, path, why);
	return failed;
}

/* What takes leave of its own, by the permission of the desk for it. */
static void check_leave(struct audit *audit, const char *path, const char *act, const char *reason)
{
	struct ticket_error why = {0};

	if (audit->desk.policy && desk_allows(&audit->desk, act, reason, &why))
		report(audit, path, "'%s' could not be done: %s", act, why.message);
}

static void compare_member(struct audit *audit, const char *path, const char *member, const char *was, const char *is)
{
	if (!text_equal(was, is))
		report(audit, path, "%s was '%s', is '%s'; that never changes", member, was ? was : "", is ? is : "");
}

static void compare_customers(struct audit *audit, const char *path, const struct customer *was, const struct customer *is)
{
	char before[STAMP_SIZE], after[STAMP_SIZE];

	/* Nothing can be added to a tombstone, and nobody comes back. */
	if (customer_is_forgotten(was)) {
		report(audit, path, customer_is_forgotten(is) ? N_("the tombstone of customer '%s' was changed") : N_("customer '%s' was forgotten, and has come back"), was->id);
		return;
	}
	compare_member(audit, path, "id", was->id, is->id);
	compare_member(audit, path, "uid", was->uid, is->uid);
	compare_member(audit, path, "created", stamp_format(before, &was->created), stamp_format(after, &is->created));
	if (was->merged_into)
		compare_member(audit, path, "merged_into", was->merged_into, is->merged_into);
}

/* What a customer came to by this commit, whatever parent is asked. */
static void check_fate(struct audit *audit, const char *path, const struct customer *was, const struct customer *is)
{
	char at[STAMP_SIZE], made[STAMP_SIZE];
	const struct judged *commit = &audit->commit;

	if (is->merged_into && !(was && was->merged_into))
		check_leave(audit, path, "merge_customers", "…"); /* the reason stands in the log */
	if (!customer_is_forgotten(is) || (was && customer_is_forgotten(was)))
		return;
	check_leave(audit, path, "forget", is->forgotten.reason);
	if (!store_person_is(commit->record.commit.author, is->forgotten.by))
		report(audit, path, "'%s' is signed by '%s', but '%s' committed it", "forgotten", is->forgotten.by ? is->forgotten.by : "", commit->record.commit.author);
	if (is->forgotten.at.s > commit->made.s + commit->skew_s || is->forgotten.at.s < commit->made.s - commit->skew_s)
		report(audit, path, "'%s' says that it was recorded at %s, but it was committed at %s; clocks may differ by %s (clock_skew)", "forgotten", stamp_format(at, &is->forgotten.at), stamp_format(made, &commit->made), commit->skew);
}

static void check_new(struct audit *audit, const char *path, const struct customer *is)
{
	const struct judged *commit = &audit->commit;
	_cleanup_free_ char *right = customer_path(is->id);
	char created[STAMP_SIZE], made[STAMP_SIZE];

	if (!text_equal(right, path))
		report(audit, path, "customer '%s' belongs in %s", is->id, right ? right : "");
	if (is->created.s > commit->made.s + commit->skew_s || is->created.s < commit->made.s - commit->skew_s)
		report(audit, path, "'%s' says that it was recorded at %s, but it was committed at %s; clocks may differ by %s (clock_skew)", "created", stamp_format(created, &is->created), stamp_format(made, &commit->made), commit->skew);
	check_fate(audit, path, NULL, is);
}

static int check_customer(struct audit *audit, const struct changed *changed, const struct customer *is, struct ticket_error *err)
{
	bool inherited = changed_is_inherited(&audit->commit, changed), first = true, dropped = false;
	int failed = 0;

	for (size_t i = 0; i < audit->commit.parents.n && !failed; i++) {
		_cleanup_customer_ struct customer *was = NULL;

		if (oid_is_zero(&changed->was[i]) || oid_equal(&changed->was[i], &changed->now))
			continue;
		if ((failed = read_customer(audit, &changed->was[i], changed->path, &was, NULL, err)) || !was)
			continue;
		compare_customers(audit, changed->path, was, is);
		if (first && !inherited)
			check_fate(audit, changed->path, was, is);
		first = false;
	}
	if (failed)
		return failed;
	if (first && !inherited)
		check_new(audit, changed->path, is);
	else if (!first && inherited && !(failed = audit_is_dropped(audit, changed->path, &dropped, err)) && dropped)
		report(audit, changed->path, "was changed in one of the histories that are merged, and is here as it was before");
	return failed;
}

/* The head of the register names its key, which is changed by who may. */
static void check_head(struct audit *audit, const struct changed *changed)
{
	const struct judged *commit = &audit->commit;

	for (size_t i = 0; i < commit->parents.n; i++)
		if (oid_is_zero(&changed->was[i]) || oid_equal(&changed->was[i], &changed->now))
			return;
	if (commit->parents.n)
		check_leave(audit, changed->path, "rekey", NULL);
}

int audit_customer(struct audit *audit, struct changed *changed, struct ticket_error *err)
{
	_cleanup_customer_ struct customer *is = NULL;
	struct ticket_error why = {0};
	int failed;

	if (oid_is_zero(&changed->now)) {
		report(audit, changed->path, "was taken away");
		return 0;
	}
	if (text_equal(changed->path, REGISTER_FILE)) {
		check_head(audit, changed);
		return 0;
	}
	if ((failed = read_customer(audit, &changed->now, changed->path, &is, &why, err)))
		return failed;
	if (is)
		return check_customer(audit, changed, is, err);
	report(audit, changed->path, "%s", why.message);
	return 0;
}

/* --- actions ------------------------------------------------------------------------------------------------------ */

static char *label_action(const struct action_event *event)
{
	return xasprintf("%s %s", action_event_word((enum action_kind)event->kind), event->id);
}

static void fold_action(struct audit *audit, const char *path, struct action *action, const struct action_event *event)
{
	struct action_event *kept = list_push(&action->events);
	_cleanup_free_ char *label = label_action(event);
	struct ticket_error why = {0};

	codec_copy(&action_event_codec, kept, event);
	if (action_fold(action, kept, &why))
		report(audit, path, "'%s' could not be recorded: %s", label, why.message);
}

/* As it was asked: what happens now bears no time of its own yet, and is not held against another desk's clock. */
static bool could_record(struct audit *audit, const struct action *action, const struct action_event *event, struct ticket_error *why)
{
	struct action_event asked = {0};
	int failed;

	codec_copy(&action_event_codec, &asked, event);
	asked.at.set = event->at.s != audit->commit.made.s;
	failed = action_may_record(&audit->desk, action, &asked, why);
	action_event_release(&asked);
	return !failed;
}

/* An event that the commit at hand added to an action, which is as it stood before that. */
static void append_action(struct audit *audit, const char *path, struct action *action, const struct action_event *event)
{
	const struct stamp *ahead = action->events.n ? &action->events.v[action->events.n - 1].recorded : NULL;
	bool by_desk = event->kind == ACTION_EVENT_REMINDED || event->kind == ACTION_EVENT_NOTIFIED;
	_cleanup_free_ char *label = label_action(event);
	struct ticket_error why = {0};

	audit_signature(audit, path, &(struct signature){label, event->by, event->role, event->at, event->recorded, ahead});
	if (by_desk != event->automatic)
		report(audit, path, event->automatic ? N_("'%s' says that a rule recorded it, but there is none that had to") : N_("'%s' is recorded by rules alone"), label);
	if (by_desk && !action->events.n)
		report(audit, path, "the first event is not 'added'");
	else if (!by_desk && audit->desk.policy && !could_record(audit, action, event, &why))
		report(audit, path, "'%s' could not be recorded: %s", label, why.message);
	fold_action(audit, path, action, event);
}

static ptrdiff_t place_in(const struct action *action, const char *id)
{
	for (size_t i = 0; i < action->events.n; i++)
		if (text_equal(action->events.v[i].id, id))
			return (ptrdiff_t)i;
	return -1;
}

/* The events of a parent must be there, untouched and in their order. '*last': the place of the last; 'own' loses them. */
static void compare_actions(struct audit *audit, const char *path, const struct action *was, const struct action *is, bool *own, ptrdiff_t *last)
{
	ptrdiff_t before = -1;

	compare_member(audit, path, "id", was->id, is->id);
	compare_member(audit, path, "uid", was->uid, is->uid);
	for (size_t i = 0; i < was->events.n; i++) {
		const struct action_event *event = &was->events.v[i];
		_cleanup_free_ char *label = label_action(event);
		ptrdiff_t at = place_in(is, event->id);

		if (at < 0) {
			report(audit, path, "'%s', which '%s' recorded, was taken out", label, event->by);
			continue;
		}
		own[at] = false;
		if (at < before)
			report(audit, path, "'%s' was moved ahead of events that came before it", label);
		audit_compare(audit, path, &action_event_codec, label, event, &is->events.v[at]);
		before = at > before ? at : before;
	}
	*last = before > *last ? before : *last;
}

static void judge_action(struct audit *audit, const char *path, const struct action *is, const struct buf *text, const bool *own, ptrdiff_t last)
{
	_cleanup_action_ struct action *want = xcalloc(1, sizeof(*want));

	codec_copy(&action_codec, want, is);
	for (size_t i = 0; i < want->events.n; i++)
		action_event_release(&want->events.v[i]);
	want->events.n = 0;
	action_clear(want);
	for (size_t i = 0; i < is->events.n; i++) {
		const struct action_event *event = &is->events.v[i];
		_cleanup_free_ char *label = label_action(event);

		if (own[i] && (ptrdiff_t)i < last)
			report(audit, path, "'%s' was put in ahead of events that were there", label);
		if (own[i])
			append_action(audit, path, want, event);
		else
			fold_action(audit, path, want, event);
	}
	if (!fsck_compare(&audit->found, path, &action_codec, is, want))
		fsck_bytes(&audit->found, path, &action_codec, is, text);
}

static int read_action(struct audit *audit, const struct oid *blob, const char *path, struct buf *text, struct action **out, struct ticket_error *why, struct ticket_error *err)
{
	int failed = store_read_blob(audit->desk.store, blob, text, err);

	*out = NULL;
	if (!failed)
		action_parse(out, text->p ? text->p : "", text->n, path, why);
	return failed;
}

int audit_action(struct audit *audit, struct changed *changed, struct ticket_error *err)
{
	_cleanup_action_ struct action *is = NULL;
	_cleanup_buf_ struct buf text = {0};
	_cleanup_free_ bool *own = NULL;
	struct ticket_error why = {0};
	ptrdiff_t last = -1;
	int failed;

	if (oid_is_zero(&changed->now)) {
		report(audit, changed->path, "was taken away");
		return 0;
	}
	if ((failed = read_action(audit, &changed->now, changed->path, &text, &is, &why, err)))
		return failed;
	if (!is) {
		report(audit, changed->path, "%s", why.message);
		return 0;
	}
	own = xcalloc(is->events.n + 1, sizeof(*own));
	memset(own, true, is->events.n);
	for (size_t i = 0; i < audit->commit.parents.n && !failed; i++) {
		_cleanup_action_ struct action *was = NULL;
		_cleanup_buf_ struct buf before = {0};

		if (!oid_is_zero(&changed->was[i]) && !(failed = read_action(audit, &changed->was[i], changed->path, &before, &was, NULL, err)) && was)
			compare_actions(audit, changed->path, was, is, own, &last);
	}
	if (!failed && !changed_is_inherited(&audit->commit, changed))
		judge_action(audit, changed->path, is, &text, own, last);
	return failed;
}

/* --- the rules of the desk ---------------------------------------------------------------------------------------- */

static void check_usable(struct audit *audit, const struct oid *id)
{
	struct rules *rules;
	const struct calendars *calendars;
	findings found = {0};
	struct ticket_error why = {0};

	if (rules_load(&audit->desk, id, &rules, &why) || rules_calendars(&audit->desk, rules, &calendars, &why)) {
		report(audit, POLICY_FILE, "the rules cannot be used: %s", why.message);
		return;
	}
	policy_doctor(rules->policy, &found);
	for (size_t i = 0; i < found.n; i++)
		if (found.v[i].fatal)
			report(audit, POLICY_FILE, "the rules cannot be used: %s: %s", found.v[i].where, found.v[i].what);
	findings_release(&found);
}

/* Did the commit change them, and not only take over what somebody else had changed? */
static int are_changed(struct audit *audit, bool *out, struct ticket_error *err)
{
	const struct judged *commit = &audit->commit;
	bool there = false, inherited = false, differ = false;

	for (size_t i = 0; i < commit->parents.n; i++) {
		const struct oid *was = &commit->parents.v[i].policy;

		there |= !oid_is_zero(was);
		inherited |= oid_equal(was, &commit->self.policy);
		differ |= !oid_equal(was, &commit->self.policy);
	}
	*out = there && !inherited;
	return there && inherited && differ ? audit_is_dropped(audit, POLICY_FOLDER, out, err) : 0;
}

int audit_rules(struct audit *audit, struct ticket_error *err)
{
	const struct judged *commit = &audit->commit;
	struct ticket_error why = {0};
	bool changed;
	int failed = are_changed(audit, &changed, err);

	if (failed)
		return failed;
	if (changed && audit->desk.policy && desk_allows(&audit->desk, "policy", NULL, &why))
		report(audit, POLICY_FILE, "the rules were changed without leave: %s", why.message);
	if (changed && oid_is_zero(&commit->self.policy))
		report(audit, POLICY_FILE, "the rules of the desk were taken away");
	else if (changed || commit->begins)
		check_usable(audit, &commit->self.policy);
	if (commit->begins && audit->begun)
		report(audit, POLICY_FILE, "the desk begins here a second time, by rules that nobody of it has made");
	return 0;
}
