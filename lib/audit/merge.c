/* SPDX-License-Identifier: MIT */
/*
 * audit of a merge: it is done again as ticket sync does it, from nothing but the two commits that it joins, and must come
 * out the same. Where it did not, what is other is named.
 */
#include "audit/audit.h"

#include "action/action.h"
#include "desk/journal.h"
#include "desk/register.h"
#include "kb/kb.h"
#include "model/event.h"
#include "survey/group.h"
#include "sync/replay.h"
#include "ticket/language.h"

/* --- a file that is not what it should be ------------------------------------------------------------------------- */

struct place {
	struct audit *audit;
	const char *path;
	struct oid is, right;              /* zero: nothing */
	const struct merged_file *merged;  /* NULL: it should be as the first parent has it */
	const struct changed *changed;     /* NULL: it is as both parents have it */
};

static bool is_inherited(const struct place *place)
{
	return !place->changed || changed_is_inherited(&place->audit->commit, place->changed);
}

/* What should be there. */
static int read_right(const struct place *place, struct buf *out, struct ticket_error *err)
{
	if (!place->merged || !place->merged->text.n)
		return oid_is_zero(&place->right) ? 0 : store_read_blob(place->audit->desk.store, &place->right, out, err);
	buf_add(out, place->merged->text.p, place->merged->text.n);
	return 0;
}

static int read_both(const struct place *place, struct buf *is, struct buf *right, struct ticket_error *err)
{
	int failed = oid_is_zero(&place->is) ? 0 : store_read_blob(place->audit->desk.store, &place->is, is, err);

	if (!failed)
		failed = read_right(place, right, err);
	buf_add(is, "", 0); /* also where there is nothing, a text */
	buf_add(right, "", 0);
	return failed;
}

/* Where there should be something and is nothing, or the other way round: told. */
static bool tell_presence(const struct place *place)
{
	if (place->changed && place->changed->is_link)
		report(place->audit, place->path, "is a link; a desk has none");
	else if (oid_is_zero(&place->right))
		report(place->audit, place->path, "was put here by the merge: neither side has it");
	else if (oid_is_zero(&place->is) && place->changed)
		report(place->audit, place->path, "was taken away");
	else if (oid_is_zero(&place->is))
		report(place->audit, place->path, "is missing: the merge of both sides puts a record here, under a new number");
	else
		return false;
	return true;
}

/* --- records with events ------------------------------------------------------------------------------------------ */

static char *member(const struct codec *codec, const void *object, const char *key)
{
	return codec_member_text(codec_field(codec, key), object);
}

/* "responded bc1ca25527f5e1e8" */
static char *label_of(const struct codec *codec, const void *event)
{
	_cleanup_free_ char *word = member(codec, event, "do"), *id = member(codec, event, "id");

	return xasprintf("%s %s", word, id);
}

static const void *event_with(const struct codec *codec, const struct any_list *events, const void *like)
{
	_cleanup_free_ char *id = member(codec, like, "id");

	for (size_t i = 0; i < events->n; i++) {
		_cleanup_free_ char *other = member(codec, item_at(events, i, codec), "id");

		if (text_equal(id, other))
			return item_at(events, i, codec);
	}
	return NULL;
}

/* What is missing, and what was changed. */
static void tell_lost(const struct place *place, const struct codec *codec, const struct any_list *is, const struct any_list *right)
{
	for (size_t i = 0; i < right->n; i++) {
		const void *want = item_at(right, i, codec), *have = event_with(codec, is, want);
		_cleanup_free_ char *label = label_of(codec, want), *by = member(codec, want, "by");

		if (have)
			audit_compare(place->audit, place->path, codec, label, want, have);
		else if (text_equal(by, EVENT_BY_SYNC))
			report(place->audit, place->path, "'%s' is missing: the merge of both sides records it", label);
		else
			report(place->audit, place->path, "'%s', which '%s' recorded, was taken out", label, by);
	}
}

static void tell_invented(const struct place *place, const struct codec *codec, const struct any_list *is, const struct any_list *right)
{
	for (size_t i = 0; i < is->n; i++) {
		const void *have = item_at(is, i, codec);
		_cleanup_free_ char *label = label_of(codec, have), *by = member(codec, have, "by");

		if (!event_with(codec, right, have))
			report(place->audit, place->path, "'%s' by '%s' was put in by the merge: neither side has it", label, by);
	}
}

/* The first that is not where it should be; all are there. */
static void tell_order(const struct place *place, const struct codec *codec, const struct any_list *is, const struct any_list *right)
{
	for (size_t i = 0; i < is->n && i < right->n; i++) {
		_cleanup_free_ char *have = label_of(codec, item_at(is, i, codec)), *want = label_of(codec, item_at(right, i, codec));

		if (text_equal(have, want))
			continue;
		report(place->audit, place->path, "'%s' stands where '%s' belongs: a merge keeps each side's order, and of two recordings puts the earlier first", have, want);
		return;
	}
}

static void compare_records(const struct place *place, const struct codec *codec, const void *is, const void *right)
{
	const struct codec_field *field = codec_field(codec, "events");
	const struct any_list *have = member_at(is, field), *want = member_at(right, field);
	_cleanup_free_ char *uid = member(codec, is, "uid"), *right_uid = member(codec, right, "uid");
	findings *found = &place->audit->found;
	size_t n = found->n;

	if (!text_equal(uid, right_uid)) {
		report(place->audit, place->path, "the uid here is %s, but after the merge of both sides it is %s", uid, right_uid);
		return;
	}
	tell_lost(place, field->sub, have, want);
	tell_invented(place, field->sub, have, want);
	if (found->n == n)
		tell_order(place, field->sub, have, want);
	if (found->n == n && !fsck_compare(found, place->path, codec, is, right))
		report(place->audit, place->path, "is not, byte for byte, what the merge of both sides makes");
}

static int tell_ticket(const struct place *place, struct ticket_error *err)
{
	_cleanup_buf_ struct buf is = {0}, right = {0};
	_cleanup_ticket_ struct ticket *now = NULL, *want = NULL;
	struct ticket_error why = {0};
	int failed = read_both(place, &is, &right, err);

	if (failed)
		return failed;
	if (ticket_read(&now, is.p, is.n, place->path, &why) || ticket_read(&want, right.p, right.n, place->path, &why))
		report(place->audit, place->path, "%s", why.message);
	else
		compare_records(place, &ticket_codec, now, want);
	return 0;
}

static int tell_action(const struct place *place, struct ticket_error *err)
{
	_cleanup_buf_ struct buf is = {0}, right = {0};
	_cleanup_action_ struct action *now = NULL, *want = NULL;
	struct ticket_error why = {0};
	int failed = read_both(place, &is, &right, err);

	if (failed)
		return failed;
	if (action_parse(&now, is.p, is.n, place->path, &why) || action_parse(&want, right.p, right.n, place->path, &why))
		report(place->audit, place->path, "%s", why.message);
	else
		compare_records(place, &action_codec, now, want);
	return 0;
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static void split(char *text, struct texts *out)
{
	for (char *line; (line = strsep(&text, "\n"));)
		if (*line || text)
			texts_add(out, line);
}

static int tell_lines(const struct place *place, struct ticket_error *err)
{
	_cleanup_buf_ struct buf is = {0}, right = {0};
	struct texts have = {0}, want = {0};
	findings *found = &place->audit->found;
	size_t n = found->n;
	int failed = read_both(place, &is, &right, err);

	if (!failed) {
		split(is.p, &have);
		split(right.p, &want);
	}
	for (size_t i = 0; i < want.n; i++)
		if (!texts_have(&have, want.v[i]))
			report(place->audit, place->path, "line %zu is no longer there, or no longer the same: %.*s", i + 1, (int)strlen(want.v[i]), want.v[i]);
	for (size_t i = 0; i < have.n; i++)
		if (!texts_have(&want, have.v[i]))
			report(place->audit, place->path, "line %zu was put in by the merge, neither side has it: %s", i + 1, have.v[i]);
	if (!failed && found->n == n)
		report(place->audit, place->path, "its lines do not stand in the order of recording, or not each once");
	texts_release(&have);
	texts_release(&want);
	return failed;
}

/* --- what one side has as it is ----------------------------------------------------------------------------------- */

static int tell_customer(const struct place *place, struct ticket_error *err)
{
	_cleanup_buf_ struct buf is = {0}, right = {0};
	_cleanup_customer_ struct customer *now = NULL, *want = NULL;
	int failed = read_both(place, &is, &right, err);

	if (failed)
		return failed;
	customer_parse(&now, is.p, is.n, place->path, NULL);
	customer_parse(&want, right.p, right.n, place->path, NULL);
	if (now && want && customer_is_forgotten(want) && !customer_is_forgotten(now) && text_equal(now->uid, want->uid))
		report(place->audit, place->path, "customer '%s' was forgotten, and has come back", want->id);
	else if (now && want && !text_equal(now->uid, want->uid))
		report(place->audit, place->path, "the uid here is %s, but after the merge of both sides it is %s", now->uid, want->uid);
	else if (is_inherited(place))
		report(place->audit, place->path, "is as one side has it, but the merge takes the other's: what only one side changed, or changed last, or a tombstone");
	else
		report(place->audit, place->path, "is not, byte for byte, what the merge of both sides makes");
	return 0;
}

static int tell_kept(const struct place *place, struct ticket_error *err)
{
	report(place->audit, place->path, "was replaced; such a file never changes");
	return 0;
}

/* --- which of these ----------------------------------------------------------------------------------------------- */

static const struct part {
	const char *folder;
	int (*tell)(const struct place *place, struct ticket_error *err);
} parts[] = {
	{TICKETS_FOLDER "/", tell_ticket}, {"customers/log/", tell_lines}, {"customers/", tell_customer}, {JOURNAL_FOLDER "/", tell_lines},
	{ACTIONS_FOLDER "/", tell_action}, {"attachments/", tell_kept},    {SURVEYS_FOLDER "/", tell_kept},
};

/* Of two articles a person may take either; one of his own belongs in a commit of its own. */
static void judge_article(const struct place *place)
{
	if (!is_inherited(place))
		report(place->audit, place->path, "was written by the merge, neither side has it so: a merge takes an article from one side, and changes come in a commit of their own");
}

static int judge_place(const struct place *place, struct ticket_error *err)
{
	bool link = place->changed && place->changed->is_link && !is_inherited(place);

	if (oid_equal(&place->is, &place->right) && !link)
		return 0;
	if (text_starts(place->path, KB_FOLDER "/"))
		judge_article(place);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (text_starts(place->path, parts[i].folder))
			return tell_presence(place) ? 0 : parts[i].tell(place, err);
	return 0;
}

static int judge_places(struct audit *audit, const merged_files *files, struct ticket_error *err)
{
	const struct judged *commit = &audit->commit;
	int failed = 0;

	for (size_t i = 0, j = 0; (i < commit->changes.n || j < files->n) && !failed;) {
		const struct changed *changed = i < commit->changes.n ? &commit->changes.v[i] : NULL;
		const struct merged_file *merged = j < files->n ? &files->v[j] : NULL;
		int order = !changed ? 1 : !merged ? -1 : strcmp(changed->path, merged->path);
		struct place place = {.audit = audit, .merged = order >= 0 ? merged : NULL, .changed = order <= 0 ? changed : NULL};

		place.path = order <= 0 ? changed->path : merged->path;
		place.is = place.changed ? changed->now : audit_id_at(audit, &commit->self, place.path);
		place.right = place.merged ? merged->id : changed->was[0];
		failed = judge_place(&place, err);
		i += order <= 0;
		j += order >= 0;
	}
	return failed;
}

/* --- the rules ---------------------------------------------------------------------------------------------------- */

static bool has_policy(const struct judged *commit, size_t parent)
{
	return oid_equal(&commit->self.policy, &commit->parents.v[parent].policy);
}

/* Where both sides changed them a person said whose stand. */
static void judge_rules(struct audit *audit, const merged_files *files)
{
	const struct judged *commit = &audit->commit;
	bool theirs = false;

	for (size_t i = 0; i < files->n && !theirs; i++)
		theirs = text_starts(files->v[i].path, POLICY_FOLDER "/");
	if (!has_policy(commit, 0) && !has_policy(commit, 1))
		report(audit, POLICY_FILE, "the rules are those of neither side: a merge takes the whole folder %s/ from one of them", POLICY_FOLDER);
	else if (!has_policy(commit, theirs ? 1 : 0))
		report(audit, POLICY_FILE, "the rules are those of one side, but only the other has changed them");
}

/* --- one merge ---------------------------------------------------------------------------------------------------- */

static size_t count_desks(const struct judged *commit)
{
	size_t n = 0;

	for (size_t i = 0; i < commit->parents.n; i++)
		n += !oid_is_zero(&commit->parents.v[i].policy);
	return n;
}

static struct snapshot snapshot_of(const struct past *past)
{
	return (struct snapshot){past->id, past->tree};
}

int audit_merge(struct audit *audit, bool *judged, struct ticket_error *err)
{
	const struct judged *commit = &audit->commit;
	_cleanup_(merged_files_release) merged_files files = {0};
	struct snapshot ours, theirs;
	struct ticket_error why = {0};

	*judged = false;
	if (count_desks(commit) < 2)
		return 0;
	if (commit->parents.n > 2 || !audit->desk.policy) {
		report(audit, "", commit->parents.n > 2 ? N_("joins more than two histories at once; ticket sync joins two") : N_("there were no rules that it could be judged by"));
		return 0;
	}
	ours = snapshot_of(&commit->parents.v[0]);
	theirs = snapshot_of(&commit->parents.v[1]);
	if (sync_replay(&files, &audit->desk, &ours, &theirs, has_policy(commit, 1) ? "theirs" : "ours", &why)) {
		report(audit, "", "ticket sync would not merge these two histories: %s", why.message);
		return 0;
	}
	*judged = true;
	judge_rules(audit, &files);
	return judge_places(audit, &files, err);
}
