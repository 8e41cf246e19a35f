/* SPDX-License-Identifier: MIT */
/* Audit: see ticket/audit.h. Which commits are judged, and what is kept from one to the next. */
#include "audit/audit.h"

#include "ticket/language.h"

#define MOST_RULES 64 /* kept in memory; a desk changes its rules seldom */

void audit_begin(struct audit *audit, struct store *store, const struct desk_context *context, audit_visitor *visit, void *data, struct audit_counts *counts)
{
	*counts = (struct audit_counts){0};
	*audit = (struct audit){.desk = {.store = store, .context = *context}, .now_s = context->now_s, .visit = visit, .data = data, .counts = counts};
}

static void forget_rules(struct audit *audit)
{
	for (size_t i = 0; i < audit->desk.rules.n; i++)
		rules_free(audit->desk.rules.v[i]);
	free(audit->desk.rules.v);
	audit->desk.rules.v = NULL;
	audit->desk.rules.n = 0;
	audit->desk.current = NULL;
	audit->desk.policy = NULL;
}

static void forget_commit(struct audit *audit)
{
	struct judged *commit = &audit->commit;

	for (size_t i = 0; i < commit->changes.n; i++) {
		free(commit->changes.v[i].path);
		free(commit->changes.v[i].was);
	}
	for (size_t i = 0; i < commit->gone.n; i++) {
		free(commit->gone.v[i].path);
		free(commit->gone.v[i].uid);
	}
	free(commit->changes.v);
	free(commit->gone.v);
	free(commit->parents.v);
	message_release(&commit->message);
	*commit = (struct judged){.record = commit->record}; /* its memory is used again */
	findings_release(&audit->found);
}

void audit_end(struct audit *audit)
{
	forget_commit(audit);
	store_record_release(&audit->commit.record);
	forget_rules(audit);
	ticket_view_release(&audit->view);
	buf_release(&audit->written);
	for (size_t i = 0; i < ARRAY_SIZE(audit->known); i++)
		ticket_free(audit->known[i].ticket);
}

static int find_policy(struct audit *audit, struct past *past, struct ticket_error *err)
{
	struct ticket_error why = {0};
	int failed = store_find(audit->desk.store, &past->tree, POLICY_FOLDER, &past->policy, NULL, &why);

	if (failed == TICKET_NOTFOUND)
		return 0;
	if (failed && err)
		*err = why;
	return failed;
}

static int note_past(struct audit *audit, const struct store_commit *commit, struct past *out, struct ticket_error *err)
{
	struct past *past = &audit->pasts[commit->id.id[0]];
	int failed;

	*past = (struct past){.tree = commit->tree, .committed_s = commit->committed_s};
	if ((failed = find_policy(audit, past, err)))
		return failed;
	past->id = commit->id;
	*out = *past;
	return 0;
}

int audit_past(struct audit *audit, const struct oid *id, struct past *out, struct ticket_error *err)
{
	struct past *past = &audit->pasts[id->id[0]];
	struct store_record record = {0};
	int failed;

	if (oid_equal(&past->id, id)) {
		*out = *past;
		return 0;
	}
	if (!(failed = store_record_read(&record, audit->desk.store, id, err)))
		failed = note_past(audit, &record.commit, out, err);
	store_record_release(&record);
	return failed;
}

/* --- telling ------------------------------------------------------------------------------------------------------ */

int audit_tell(struct audit *audit, const struct audit_finding *finding, struct ticket_error *err)
{
	audit->counts->findings++;
	return audit->visit ? audit->visit(finding, audit->data, err) : 0;
}

static int tell_all(struct audit *audit, struct ticket_error *err)
{
	const struct judged *commit = &audit->commit;
	char hex[OID_HEX_SIZE];
	struct audit_finding finding = {.commit = oid_hex(hex, &commit->self.id), .recorded = commit->made, .author = commit->record.commit.author, .by_hand = commit->by_hand};
	int ended = 0;

	for (size_t i = 0; i < audit->found.n && !ended; i++) {
		finding.where = *audit->found.v[i].where ? audit->found.v[i].where : NULL;
		finding.what = audit->found.v[i].what;
		ended = audit_tell(audit, &finding, err);
	}
	return ended;
}

/* --- one after the other ------------------------------------------------------------------------------------------ */

/* The rules in force: the first parent's; those that a desk begins with are its own. */
static void take_rules(struct audit *audit)
{
	struct judged *commit = &audit->commit;
	const struct oid *id = commit->parents.n && !oid_is_zero(&commit->parents.v[0].policy) ? &commit->parents.v[0].policy : &commit->self.policy;

	if (audit->desk.rules.n > MOST_RULES)
		forget_rules(audit);
	audit->desk.current = NULL;
	if (oid_is_zero(id) || rules_load(&audit->desk, id, &audit->desk.current, NULL))
		audit->desk.current = NULL;
	audit->desk.policy = audit->desk.current ? audit->desk.current->policy : NULL;
	/* Where nothing is said about it, as much as the policies that ship allow. */
	commit->skew_s = audit->desk.policy && audit->desk.policy->clock_skew.set ? audit->desk.policy->clock_skew.seconds : 300;
	duration_format(commit->skew, &(struct duration){.set = true, .seconds = commit->skew_s});
}

static int take_up(struct audit *audit, const struct oid *id, struct ticket_error *err)
{
	struct judged *commit = &audit->commit;
	int failed;

	forget_commit(audit);
	if ((failed = store_record_read(&commit->record, audit->desk.store, id, err)))
		return failed;
	for (size_t i = 0; i < commit->record.parents.n && !failed; i++)
		failed = audit_past(audit, &commit->record.parents.v[i], list_push(&commit->parents), err);
	if (failed || (failed = note_past(audit, &commit->record.commit, &commit->self, err)))
		return failed;
	commit->begins = !oid_is_zero(&commit->self.policy);
	for (size_t i = 0; i < commit->parents.n; i++)
		commit->begins &= oid_is_zero(&commit->parents.v[i].policy);
	commit->made = (struct stamp){commit->record.commit.committed_s, commit->record.commit.committer_offset_s, true};
	take_rules(audit);
	audit->desk.actor.name = (char *)commit->record.commit.author;
	audit->desk.actor.looked_for = true;
	audit->desk.context.now_s = commit->made.s;
	return 0;
}

/* What lies before the commits at hand: does the desk begin there? */
static int look_back(struct audit *audit, const oids *before, struct ticket_error *err)
{
	struct past past;
	int failed = 0;

	for (size_t i = 0; before && i < before->n && !audit->begun && !failed; i++)
		if (!(failed = audit_past(audit, &before->v[i], &past, err)))
			audit->begun = !oid_is_zero(&past.policy);
	return failed;
}

int audit_commits(struct audit *audit, const oids *list, const oids *before, const struct range *within, struct ticket_error *err)
{
	const struct desk_context *context = &audit->desk.context;
	int ended = look_back(audit, before, err);

	for (size_t i = 0; i < list->n && !ended; i++) {
		if (context->progress && i % 64 == 0)
			context->progress(context->progress_data, "auditing", i, list->n);
		if ((ended = take_up(audit, &list->v[i], err)))
			break;
		if (!within || range_has(within, audit->commit.made.s)) {
			audit->counts->commits++;
			if (!(ended = audit_commit(audit, err)))
				ended = tell_all(audit, err);
			audit->counts->by_hand += audit->commit.by_hand;
		}
		audit->begun |= audit->commit.begins;
	}
	return ended;
}

/* --- which commits ------------------------------------------------------------------------------------------------ */

static int add_end(struct desk *desk, const char *word, oids *out, struct ticket_error *err)
{
	struct snapshot snapshot = desk->head;
	int failed = *word ? desk_revision(desk, word, &snapshot, err) : 0;

	if (!failed && !oid_is_zero(&snapshot.commit))
		*list_push(out) = snapshot.commit;
	return failed;
}

/* "A..B", "A..", "..B", "B"; as git means them: what leads to B and not to A. */
static int read_range(struct desk *desk, const char *range, oids *tips, oids *without, struct ticket_error *err)
{
	const char *dots = range ? strstr(range, "..") : NULL;
	_cleanup_free_ char *from = dots ? xstrndup(range, (size_t)(dots - range)) : NULL;
	int failed;

	if (dots && (dots[2] == '.' || strstr(dots + 2, "..")))
		return ticket_fail(err, TICKET_USAGE, "'%s' is no range; right would be A..B, A.., ..B or REV", range);
	failed = add_end(desk, dots ? dots + 2 : range ? range : "", tips, err);
	return failed || !from || !*from ? failed : add_end(desk, from, without, err);
}

/* An anchor stands when its commit still leads to where the history ends. */
static int check_anchor(struct audit *audit, const struct audit_anchor *anchor, const oids *tips, oids *without, struct ticket_error *err)
{
	struct audit_finding finding = {.commit = anchor->commit, .recorded = anchor->taken};
	struct past past;
	struct oid commit;
	bool stands = false;
	int failed;

	/* After a rewriting its objects may be gone altogether. */
	if (oid_from_hex(&commit, anchor->commit) && !audit_past(audit, &commit, &past, NULL) &&
	    (failed = store_leads_to(audit->desk.store, &commit, tips, &stands, err)))
		return failed;
	if (stands) {
		*list_push(without) = commit;
		return 0;
	}
	finding.what = language_finding(N_("the history was rewritten since: this commit is no longer in it"));
	return audit_tell(audit, &finding, err);
}

int desk_audit(struct desk *desk, const struct audit_options *options, audit_visitor *visit, void *data, struct audit_counts *counts, struct ticket_error *err)
{
	struct range within = {options->since.set ? options->since.s : INT64_MIN, options->until.set ? options->until.s : INT64_MAX};
	bool bounded = options->since.set || options->until.set;
	struct audit *audit = xmalloc(sizeof(*audit));
	oids tips = {0}, without = {0}, list = {0};
	int ended;

	audit_begin(audit, desk->store, &desk->context, visit, data, counts);
	audit->strict = options->strict;
	ended = read_range(desk, options->range, &tips, &without, err);
	for (size_t i = 0; i < options->anchors.n && !ended; i++)
		ended = check_anchor(audit, &options->anchors.v[i], &tips, &without, err);
	if (!ended && !(ended = store_commits(desk->store, &tips, &without, &list, err)))
		ended = audit_commits(audit, &list, &without, bounded ? &within : NULL, err);
	audit_end(audit);
	free(audit);
	free(tips.v);
	free(without.v);
	free(list.v);
	return ended;
}
