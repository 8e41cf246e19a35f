/* SPDX-License-Identifier: MIT */
/*
 * audit of a ticket's file: the events it had are all there, untouched and in their order; what came is judged; and the
 * file is what the ticket before and the new events make, byte for byte.
 */
#include "audit/audit.h"

#include "flow/flow.h"
#include "model/event.h"
#include "model/number.h"

/* --- tickets seen lately ------------------------------------------------------------------------------------------ */

static struct known *place_of(struct audit *audit, const struct oid *blob)
{
	return &audit->known[(blob->id[0] << 8 | blob->id[1]) % ARRAY_SIZE(audit->known)];
}

static void keep(struct audit *audit, const struct oid *blob, struct ticket *ticket)
{
	struct known *known = place_of(audit, blob);

	ticket_free(known->ticket);
	*known = (struct known){*blob, ticket};
}

static int read_ticket(struct audit *audit, const struct oid *blob, const char *path, struct ticket **out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	int failed = store_read_blob(audit->desk.store, blob, &text, err);

	*out = NULL;
	return failed ? failed : ticket_read(out, text.p ? text.p : "", text.n, path, err);
}

/* Owned. NULL where it cannot be read: that was found when it came. */
static struct ticket *take(struct audit *audit, const struct oid *blob, const char *path)
{
	struct known *known = place_of(audit, blob);
	struct ticket *ticket;

	if (known->ticket && oid_equal(&known->blob, blob))
		return steal_ptr(known->ticket);
	read_ticket(audit, blob, path, &ticket, NULL);
	return ticket;
}

/* --- the file at hand --------------------------------------------------------------------------------------------- */

/* A ticket's file as the commit has it, and what it should be. */
struct judging {
	struct audit *audit;
	const struct changed *changed;
	struct buf text;
	const struct ticket *now; /* as it is: a view, or 'whole' */
	struct ticket *whole;     /* the same with what this version does not know; read where something is amiss */
	struct ticket *want;      /* as it should be */
	bool *own;           /* of its events: the commit at hand has added it */
	bool bent;           /* what its parents had is not there as they had it */
	bool clocks;         /* they can be computed */
};

static void judging_release(struct judging *judging)
{
	buf_release(&judging->text);
	ticket_free(judging->whole);
	ticket_free(judging->want);
	free(judging->own);
}
#define _cleanup_judging_ _cleanup_(judging_release)

static void update_clocks(struct judging *judging)
{
	struct audit *audit = judging->audit;
	struct ticket_error why = {0};

	/* A ticket that names no rules is judged by those of the desk; where there are none at all, that was told. */
	judging->clocks = judging->want->policy || audit->desk.current;
	if (judging->clocks && desk_update_clocks(&audit->desk, judging->want, &why)) {
		judging->clocks = false;
		report(audit, judging->changed->path, "its clocks cannot be computed: %s", why.message);
	}
}

static bool is_as_wanted(const struct judging *judging)
{
	struct buf *text = &judging->audit->written;

	buf_truncate(text, 0);
	ticket_write(judging->want, text);
	return text->n == judging->text.n && memcmp(text->p, judging->text.p, text->n) == 0;
}

static void read_whole(struct judging *judging)
{
	if (!judging->whole && ticket_read(&judging->whole, judging->text.p, judging->text.n, judging->changed->path, NULL))
		judging->whole = ticket_copy(judging->now);
	judging->now = judging->whole;
}

/* The head as it was opened, with no event and nothing that events decide. */
static void strip(struct ticket *ticket, const struct policy *policy)
{
	flow_unfold(ticket, policy);
	for (size_t i = 0; i < ticket->events.n; i++)
		event_release(&ticket->events.v[i]);
	ticket->events.n = 0;
	codec_member_clear(codec_field(&ticket_codec, "clocks"), ticket);
}

static void append(struct ticket *ticket, const struct policy *policy, const struct event *event)
{
	struct event *kept = list_push(&ticket->events);

	event_copy(kept, event);
	flow_fold(ticket, policy, kept);
}

/* Appends the events of the file from 'from' on to what it should be: those that came are judged on the way. */
static void append_from(struct judging *judging, size_t from)
{
	struct audit *audit = judging->audit;
	bool stale = false;

	for (size_t i = from; i < judging->now->events.n; i++) {
		const struct event *event = &judging->now->events.v[i];

		if (judging->own[i]) {
			audit_event(audit, judging->changed->path, judging->want, event, judging->bent, &stale);
		} else {
			append(judging->want, audit->desk.policy, event);
			stale = true;
		}
	}
	update_clocks(judging);
	audit_said(audit, judging->changed->path, judging->now, judging->own);
}

/* --- the events it had -------------------------------------------------------------------------------------------- */

static ptrdiff_t place_in(const struct ticket *ticket, const char *id)
{
	for (size_t i = 0; i < ticket->events.n; i++)
		if (text_equal(ticket->events.v[i].id, id))
			return (ptrdiff_t)i;
	return -1;
}

static void compare_event(struct judging *judging, const struct event *was, const struct event *is)
{
	_cleanup_free_ char *label = audit_label(was);

	judging->bent |= audit_compare(judging->audit, judging->changed->path, &event_codec, label, was, is);
}

/* Every event of 'was' must be in the file as it is, in the same order. '*last': the place of the last of them. */
static void compare_events(struct judging *judging, const struct ticket *was, ptrdiff_t *last)
{
	const char *path = judging->changed->path;
	ptrdiff_t before = -1;

	for (size_t i = 0; i < was->events.n; i++) {
		const struct event *event = &was->events.v[i];
		_cleanup_free_ char *label = audit_label(event);
		ptrdiff_t at = place_in(judging->now, event->id);

		if (at < 0) {
			report(judging->audit, path, "'%s', which '%s' recorded, was taken out", label, event->by);
			judging->bent = true;
			continue;
		}
		judging->own[at] = false;
		if (at < before) {
			report(judging->audit, path, "'%s' was moved ahead of events that came before it", label);
			judging->bent = true;
		}
		compare_event(judging, event, &judging->now->events.v[at]);
		before = at > before ? at : before;
	}
	*last = before > *last ? before : *last;
}

/* What a commit records comes behind all that was recorded before. */
static void check_put_in(struct judging *judging, ptrdiff_t last)
{
	for (ptrdiff_t i = 0; i < last; i++)
		if (judging->own[i]) {
			_cleanup_free_ char *label = audit_label(&judging->now->events.v[i]);

			report(judging->audit, judging->changed->path, "'%s' was put in ahead of events that were there", label);
			judging->bent = true;
		}
}

/* The same events as far as they were there, and perhaps more: all that an honest commit does. */
static bool goes_on_from(const struct ticket *was, const struct ticket *now)
{
	if (now->events.n < was->events.n)
		return false;
	for (size_t i = 0; i < was->events.n; i++)
		if (!text_equal(was->events.v[i].id, now->events.v[i].id))
			return false;
	return true;
}

/* --- what differs ------------------------------------------------------------------------------------------------- */

/* Is the file what its own events make? Then what was bent before has been put right. */
static bool is_put_right(struct judging *judging)
{
	static const char *const head[] = {"id", "uid", "received", "channel", "source", "customer", "subject", "description", "wants", "expects", "fields", "policy"};
	const struct policy *policy = judging->audit->desk.policy;
	_cleanup_ticket_ struct ticket *kept = judging->want;
	bool right = true;

	for (size_t i = 0; i < ARRAY_SIZE(head) && right; i++) {
		_cleanup_free_ char *is = codec_member_text(codec_field(&ticket_codec, head[i]), judging->now),
				    *should_be = codec_member_text(codec_field(&ticket_codec, head[i]), kept);

		right = text_equal(is, should_be);
	}
	judging->want = ticket_copy(judging->now);
	strip(judging->want, policy);
	for (size_t i = 0; i < judging->now->events.n; i++)
		append(judging->want, policy, &judging->now->events.v[i]);
	if (right && judging->clocks)
		update_clocks(judging);
	right = right && is_as_wanted(judging);
	ticket_free(judging->want);
	judging->want = steal_ptr(kept);
	return right;
}

static void tell_differences(struct judging *judging)
{
	struct audit *audit = judging->audit;
	const struct codec_field *clocks = codec_field(&ticket_codec, "clocks");
	size_t n = audit->found.n;

	/* Clocks that cannot be computed were told of: whatever stands there is let stand. */
	if (!judging->clocks) {
		codec_member_clear(clocks, judging->want);
		codec_member_clear(clocks, judging->whole);
	}
	if (!fsck_compare(&audit->found, judging->changed->path, &ticket_codec, judging->now, judging->want) && !judging->bent && judging->clocks)
		fsck_bytes(&audit->found, judging->changed->path, &ticket_codec, judging->now, &judging->text);
	if (audit->found.n == n && !judging->bent && judging->clocks && !text_equal(judging->now->extra, judging->want->extra))
		report(audit, judging->changed->path, "members that this version does not know were changed");
}

static bool keep_wanted(struct judging *judging)
{
	if (!is_as_wanted(judging))
		return false;
	keep(judging->audit, &judging->changed->now, steal_ptr(judging->want));
	return true;
}

/* Is it as it should be? Then it is kept for the commit that changes it next. New events, from 'own' on, may have members of a later version. */
static bool settle(struct judging *judging, size_t own)
{
	if (keep_wanted(judging))
		return true;
	read_whole(judging);
	for (size_t i = own; i < judging->now->events.n; i++)
		replace_text(&judging->want->events.v[i].extra, judging->now->events.v[i].extra);
	return keep_wanted(judging);
}

/* --- a new ticket ------------------------------------------------------------------------------------------------- */

static void check_place(struct judging *judging)
{
	struct audit *audit = judging->audit;
	const char *number = judging->now->id, *path = judging->changed->path;
	_cleanup_free_ char *right = audit->desk.policy ? number_path(audit->desk.policy, number) : NULL;

	if (!audit->desk.policy)
		report(audit, path, "there were no rules that it could be judged by");
	else if (!right)
		report(audit, path, "'%s' is no number of this desk", number);
	else if (!text_equal(right, path))
		report(audit, path, "ticket '%s' belongs in %s", number, right);
}

static void check_opening(struct judging *judging)
{
	struct audit *audit = judging->audit;
	const struct ticket *now = judging->now;
	const struct judged *commit = &audit->commit;
	const char *path = judging->changed->path;
	char received[STAMP_SIZE], made[STAMP_SIZE], rules[OID_HEX_SIZE];

	if (!now->events.n || now->events.v[0].kind != EVENT_OPENED)
		report(audit, path, "the first event is not 'opened'");
	if (now->received.s > commit->made.s + commit->skew_s)
		report(audit, path, "was received at %s, but recorded at %s; clocks may differ by %s (clock_skew)", stamp_format(received, &now->received), stamp_format(made, &commit->made), commit->skew);
	/* An import can bring tickets along that were opened under other rules. */
	if (audit->desk.current && !commit->message.imports && !text_equal(now->policy, oid_hex(rules, &audit->desk.current->id)))
		report(audit, path, "was opened under the rules '%s', but those of the desk were '%s'", now->policy ? now->policy : "", rules);
}

static void judge_new(struct judging *judging)
{
	struct audit *audit = judging->audit;

	audit->commit.tickets_new++;
	memset(judging->own, true, judging->now->events.n);
	check_place(judging);
	check_opening(judging);
	judging->want = ticket_copy(judging->now);
	strip(judging->want, audit->desk.policy);
	append_from(judging, 0);
	if (settle(judging, 0))
		return;
	replace_text(&judging->want->extra, judging->now->extra);
	if (!keep_wanted(judging))
		tell_differences(judging);
}

/* --- a ticket that was there -------------------------------------------------------------------------------------- */

/* One history, and it goes on: the usual case, and the only one for what this program commits. Takes 'was' over. */
static void judge_next(struct judging *judging, struct ticket *was)
{
	size_t had = was->events.n;

	judging->want = was;
	for (size_t i = had; i < judging->now->events.n; i++)
		judging->own[i] = true;
	append_from(judging, had);
	if (settle(judging, had))
		return;
	for (size_t i = 0; i < had; i++)
		compare_event(judging, &judging->want->events.v[i], &judging->now->events.v[i]);
	if (!is_put_right(judging))
		tell_differences(judging);
}

/* Several histories come together in it, or its events are no longer what they were. */
static void judge_all(struct judging *judging, struct ticket *const *was, size_t n)
{
	ptrdiff_t last = -1;

	read_whole(judging);
	memset(judging->own, true, judging->now->events.n);
	for (size_t i = 0; i < n; i++)
		compare_events(judging, was[i], &last);
	check_put_in(judging, last);
	/* What a parent has unchanged was judged where that came from. */
	if (changed_is_inherited(&judging->audit->commit, judging->changed))
		return;
	/* The head as it was opened is the same in all of them. */
	judging->want = ticket_copy(was[0]);
	strip(judging->want, judging->audit->desk.policy);
	append_from(judging, 0);
	if (!settle(judging, 0) && !is_put_right(judging))
		tell_differences(judging);
}

/* --- which of these ----------------------------------------------------------------------------------------------- */

/* False where the file cannot be read: told. */
static int open_file(struct judging *judging, bool *readable, struct ticket_error *err)
{
	struct audit *audit = judging->audit;
	const struct changed *changed = judging->changed;
	struct ticket_error why = {0};
	int failed;

	*readable = false;
	if (changed->is_link || !text_ends(changed->path, ".json")) {
		report(audit, changed->path, "is no ticket file");
		return 0;
	}
	if ((failed = store_read_blob(audit->desk.store, &changed->now, &judging->text, err)))
		return failed;
	if (ticket_view(&audit->view, judging->text.p ? judging->text.p : "", judging->text.n, changed->path, &why)) {
		report(audit, changed->path, "%s", why.message);
		return 0;
	}
	judging->now = &audit->view.ticket;
	judging->own = xcalloc(judging->now->events.n + 1, sizeof(*judging->own));
	*readable = true;
	return 0;
}

static void note_gone(struct audit *audit, const struct changed *changed, const struct oid *was, const char *uid)
{
	struct judged *commit = &audit->commit;

	/* Several parents can have had it; they were asked one after the other. */
	for (size_t i = commit->gone.n; i-- > 0 && text_equal(commit->gone.v[i].path, changed->path);)
		if (text_equal(commit->gone.v[i].uid, uid ? uid : ""))
			return;
	*list_push(&commit->gone) = (struct gone){xstrdup(changed->path), xstrdup(uid ? uid : ""), *was, false};
}

static void note_all_gone(struct audit *audit, const struct changed *changed)
{
	for (size_t i = 0; i < audit->commit.parents.n; i++)
		if (!oid_is_zero(&changed->was[i])) {
			_cleanup_ticket_ struct ticket *was = take(audit, &changed->was[i], changed->path);

			note_gone(audit, changed, &changed->was[i], was ? was->uid : NULL);
		}
}

/* The versions that parents have of the same ticket; another that stood there has gone. */
static void gather_versions(struct judging *judging, struct ticket **was, size_t *n)
{
	struct audit *audit = judging->audit;
	const struct changed *changed = judging->changed;

	*n = 0;
	for (size_t i = 0; i < audit->commit.parents.n; i++) {
		_cleanup_ticket_ struct ticket *ticket = NULL;

		if (oid_is_zero(&changed->was[i]) || oid_equal(&changed->was[i], &changed->now) || !(ticket = take(audit, &changed->was[i], changed->path)))
			continue;
		if (text_equal(ticket->uid, judging->now->uid))
			was[(*n)++] = steal_ptr(ticket);
		else
			note_gone(audit, changed, &changed->was[i], ticket->uid);
	}
}

static bool was_there(const struct judged *commit, const struct changed *changed)
{
	for (size_t i = 0; i < commit->parents.n; i++)
		if (!oid_is_zero(&changed->was[i]))
			return true;
	return false;
}

int audit_ticket(struct audit *audit, struct changed *changed, struct ticket_error *err)
{
	_cleanup_judging_ struct judging judging = {.audit = audit, .changed = changed};
	_cleanup_free_ struct ticket **was = NULL;
	bool readable;
	size_t n;
	int failed;

	audit->commit.tickets++;
	if (oid_is_zero(&changed->now)) {
		note_all_gone(audit, changed);
		return 0;
	}
	/* Whether it is new is known once all that has gone is known. */
	if ((changed->came = !was_there(&audit->commit, changed)))
		return 0;
	if ((failed = open_file(&judging, &readable, err)) || !readable)
		return failed;
	was = xcalloc(audit->commit.parents.n, sizeof(struct ticket *));
	gather_versions(&judging, was, &n);
	if (n == 1 && audit->commit.parents.n == 1 && goes_on_from(was[0], judging.now))
		judge_next(&judging, steal_ptr(was[0]));
	else if (n)
		judge_all(&judging, was, n);
	else
		changed->came = !changed_is_inherited(&audit->commit, changed);
	for (size_t i = 0; i < n; i++)
		ticket_free(was[i]);
	return 0;
}

/* --- moved -------------------------------------------------------------------------------------------------------- */

/* Under another number it is the same ticket, when an event says so. Takes 'was' over. */
static void judge_moved(struct judging *judging, const struct gone *gone, struct ticket *was)
{
	const struct ticket *now = judging->now;
	bool said = false;

	for (size_t i = was->events.n; i < now->events.n; i++)
		said |= now->events.v[i].kind == EVENT_RENUMBERED && text_equal(now->events.v[i].old, was->id) && text_equal(now->events.v[i].new, now->id);
	if (!said)
		report(judging->audit, judging->changed->path, "was moved here from %s, but no event says so", gone->path);
	check_place(judging);
	replace_text(&was->id, now->id);
	if (goes_on_from(was, now)) {
		judge_next(judging, was);
	} else {
		judge_all(judging, &was, 1);
		ticket_free(was);
	}
}

static int compare_uids(const void *a, const void *b)
{
	return strcmp(((const struct gone *)a)->uid, ((const struct gone *)b)->uid);
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(((const struct gone *)a)->path, ((const struct gone *)b)->path);
}

static int judge_arrival(struct audit *audit, const struct changed *changed, struct ticket_error *err)
{
	_cleanup_judging_ struct judging judging = {.audit = audit, .changed = changed};
	const struct judged *commit = &audit->commit;
	struct gone *from;
	struct ticket *was;
	bool readable;
	int failed;

	if ((failed = open_file(&judging, &readable, err)) || !readable)
		return failed;
	from = commit->gone.n ? bsearch(&(struct gone){.uid = judging.now->uid}, commit->gone.v, commit->gone.n, sizeof(*from), compare_uids) : NULL;
	was = from ? take(audit, &from->was, from->path) : NULL;
	if (!was) {
		judge_new(&judging);
		return 0;
	}
	from->found = true;
	judge_moved(&judging, from, was);
	return 0;
}

int audit_moved(struct audit *audit, struct ticket_error *err)
{
	struct judged *commit = &audit->commit;
	int failed = 0;

	if (commit->gone.n)
		qsort(commit->gone.v, commit->gone.n, sizeof(*commit->gone.v), compare_uids);
	for (size_t i = 0; i < commit->changes.n && !failed; i++)
		if (commit->changes.v[i].came)
			failed = judge_arrival(audit, &commit->changes.v[i], err);
	if (commit->gone.n)
		qsort(commit->gone.v, commit->gone.n, sizeof(*commit->gone.v), compare_paths);
	for (size_t i = 0; i < commit->gone.n; i++)
		if (!commit->gone.v[i].found)
			report(audit, commit->gone.v[i].path, "this ticket was taken away");
	return failed;
}
