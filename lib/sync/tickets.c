/* SPDX-License-Identifier: MIT */
/*
 * Tickets of two desks: the same by uid, wherever their files lie. What both changed is united; where two tickets want one
 * number, the one that was opened later gets the next free one and keeps the old as an alias.
 */
#include "sync/sync.h"
#include "sync/unite.h"

#include "model/number.h"
#include "model/ticket.h"

#include <search.h>

/* A ticket that one side has changed, as that side has it. */
struct place {
	char *uid;
	const struct site *site;
	const struct oid *blob;
	int64_t opened_s; /* when its opening was recorded */
};
typedef LIST(struct place) places;

/* What a ticket becomes. */
struct outcome {
	const struct place *ours, *theirs; /* either may be NULL, not both */
	const char *uid;
	char *path;
	int64_t opened_s;
	struct ticket *ticket; /* where it is neither side's as it was; else NULL */
};

struct gathering {
	struct merging *merging;
	places ours, theirs;
	LIST(struct outcome) outcomes; /* in order of path, then of who stays */
	void *serials; /* tsearch tree of struct serial */
	LIST(struct moved_ticket) moved; /* numbers owned */
};

/* --- reading --------------------------------------------------------------------------------------------------- */

static bool is_ticket_path(const char *path)
{
	return text_starts(path, TICKETS_FOLDER "/");
}

static int see_ticket(struct gathering *gathering, struct ticket_view *view, const struct site *site, bool theirs, struct ticket_error *err)
{
	const struct oid *blob = theirs ? &site->theirs : &site->ours;
	_cleanup_free_ char *number = record_in(site->path);
	_cleanup_buf_ struct buf text = {0};
	struct place *place;
	int failed;

	if (oid_is_zero(blob))
		return 0;
	if (!(failed = store_read_blob(gathering->merging->desk->store, blob, &text, err)))
		failed = ticket_view(view, text.p ? text.p : "", text.n, site->path, err);
	if (failed)
		return theirs ? ticket_fail_in(err, "the remote's file cannot be merged: ") : failed;
	if (!text_equal(number, view->ticket.id) || !view->ticket.events.n)
		return ticket_fail(err, TICKET_STORAGE, "%s: it is no file of ticket '%s'; see ticket fsck", site->path, number);
	place = list_push(theirs ? &gathering->theirs : &gathering->ours);
	*place = (struct place){xstrdup(view->ticket.uid), site, blob, view->ticket.events.v[0].recorded.s};
	return 0;
}

static int by_uid(const void *a, const void *b)
{
	return strcmp(((const struct place *)a)->uid, ((const struct place *)b)->uid);
}

static int see_all(struct gathering *gathering, struct ticket_error *err)
{
	struct merging *merging = gathering->merging;
	struct ticket_view view = {0};
	int failed = 0;

	for (size_t i = 0; i < merging->sites.n && !failed; i++) {
		const struct site *site = &merging->sites.v[i];

		if (!is_ticket_path(site->path))
			continue;
		if (site->theirs_changed)
			failed = see_ticket(gathering, &view, site, true, err);
		if (!failed && site->ours_changed)
			failed = see_ticket(gathering, &view, site, false, err);
	}
	ticket_view_release(&view);
	if (gathering->ours.n)
		qsort(gathering->ours.v, gathering->ours.n, sizeof(*gathering->ours.v), by_uid);
	if (gathering->theirs.n)
		qsort(gathering->theirs.v, gathering->theirs.n, sizeof(*gathering->theirs.v), by_uid);
	return failed;
}

static int read_ticket(const struct gathering *gathering, const struct place *place, struct ticket **out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	int failed = store_read_blob(gathering->merging->desk->store, place->blob, &text, err);

	return failed ? failed : ticket_read(out, text.p, text.n, place->site->path, err);
}

/* The ticket when the sides parted, where it is found at a path that either has; else NULL. */
static struct ticket *read_base(const struct gathering *gathering, const struct outcome *outcome)
{
	const struct merging *merging = gathering->merging;
	const char *const paths[] = {outcome->ours->site->path, outcome->theirs->site->path};

	for (size_t i = 0; i < merging->bases.n * ARRAY_SIZE(paths); i++) {
		const char *path = paths[i % ARRAY_SIZE(paths)];
		_cleanup_ticket_ struct ticket *ticket = NULL;
		_cleanup_buf_ struct buf text = {0};

		if (store_read(merging->desk->store, &merging->bases.v[i / ARRAY_SIZE(paths)].tree, path, &text, NULL) == 0 &&
		    ticket_read(&ticket, text.p, text.n, path, NULL) == 0 && text_equal(ticket->uid, outcome->uid))
			return steal_ptr(ticket);
	}
	return NULL;
}

/* --- what each becomes ----------------------------------------------------------------------------------------- */

/* A number that was given on either side fits that side's rules; its path is what the number says by ours. */
static int path_of(const struct gathering *gathering, const struct outcome *outcome, char **out, struct ticket_error *err)
{
	const struct place *const had[] = {outcome->ours, outcome->theirs};

	for (size_t i = 0; i < ARRAY_SIZE(had); i++) {
		_cleanup_free_ char *number = had[i] ? record_in(had[i]->site->path) : NULL;

		if (number && text_equal(number, outcome->ticket->id)) {
			*out = xstrdup(had[i]->site->path);
			return 0;
		}
	}
	return desk_ticket_path(gathering->merging->desk, outcome->ticket->id, out, err);
}

static int unite(struct gathering *gathering, struct outcome *outcome, struct ticket_error *err)
{
	_cleanup_ticket_ struct ticket *ours = NULL, *theirs = NULL, *base = read_base(gathering, outcome);
	struct texts doubts = {0};
	int failed;

	if ((failed = read_ticket(gathering, outcome->ours, &ours, err)) || (failed = read_ticket(gathering, outcome->theirs, &theirs, err)))
		return failed;
	outcome->ticket = unite_tickets(ours, theirs, base, gathering->merging->desk->policy, &doubts);
	for (size_t i = 0; i < doubts.n; i++)
		report_said(gathering->merging->report, SYNC_DOUBTFUL, outcome->ticket->id, NULL, doubts.v[i]);
	texts_release(&doubts);
	return path_of(gathering, outcome, &outcome->path, err);
}

static int add_outcome(struct gathering *gathering, const struct place *ours, const struct place *theirs, struct ticket_error *err)
{
	const struct place *any = ours ? ours : theirs;
	struct outcome *outcome = list_push(&gathering->outcomes);

	*outcome = (struct outcome){.ours = ours, .theirs = theirs, .uid = any->uid, .opened_s = any->opened_s};
	if (ours && theirs)
		return unite(gathering, outcome, err);
	outcome->path = xstrdup(any->site->path);
	return 0;
}

static int pair_up(struct gathering *gathering, struct ticket_error *err)
{
	const places *ours = &gathering->ours, *theirs = &gathering->theirs;
	int failed = 0;

	for (size_t i = 0, j = 0; (i < ours->n || j < theirs->n) && !failed;) {
		int order = i == ours->n ? 1 : j == theirs->n ? -1 : strcmp(ours->v[i].uid, theirs->v[j].uid);

		failed = add_outcome(gathering, order <= 0 ? &ours->v[i] : NULL, order >= 0 ? &theirs->v[j] : NULL, err);
		i += order <= 0;
		j += order >= 0;
	}
	return failed;
}

/* --- two tickets, one number ----------------------------------------------------------------------------------- */

static int by_path_and_opening(const void *a, const void *b)
{
	const struct outcome *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	if (order)
		return order;
	return x->opened_s != y->opened_s ? (x->opened_s < y->opened_s ? -1 : 1) : strcmp(x->uid, y->uid);
}

static int compare_serials(const void *a, const void *b)
{
	return strcmp(((const struct serial *)a)->key, ((const struct serial *)b)->key);
}

static void free_serial(void *node)
{
	free(((struct serial *)node)->key);
	free(node);
}

/* The next serial that neither side has given. */
static int next_serial(struct gathering *gathering, struct number *number, struct ticket_error *err)
{
	struct merging *merging = gathering->merging;
	struct serial *serial = xcalloc(1, sizeof(*serial)), **known;
	const char *format = merging->desk->policy->number.format;
	int64_t ours = 0, theirs = 0;
	int failed = 0;

	number->serial = 0;
	serial->key = number_text(format, number);
	known = tsearch(serial, &gathering->serials, compare_serials);
	if (*known != serial)
		free_serial(serial);
	else if ((failed = serial_highest(merging->desk, &merging->ours.tree, &number->date, number->channel, &ours, err)) ||
		 (failed = serial_highest(merging->desk, &merging->theirs.tree, &number->date, number->channel, &theirs, err)))
		return failed;
	else
		serial->last = ours > theirs ? ours : theirs;
	number->serial = ++(*known)->last;
	return 0;
}

/* 'first' keeps the number; 'later' gets another. */
static int renumber(struct gathering *gathering, const struct outcome *first, struct outcome *later, struct ticket_error *err)
{
	struct merging *merging = gathering->merging;
	const struct policy *policy = merging->desk->policy;
	_cleanup_free_ char *old = record_in(later->path), *new = NULL;
	struct number number;
	int failed;

	if (!number_parse(&number, policy->number.format, policy, old))
		return ticket_fail(err, TICKET_REFUSED, "two tickets have the number '%s', which is none of this desk's present format '%s', so that no other can be given", old,
				   policy->number.format);
	if (!later->ticket && (failed = read_ticket(gathering, later->ours ? later->ours : later->theirs, &later->ticket, err)))
		return failed;
	if ((failed = next_serial(gathering, &number, err)))
		return failed;
	new = number_text(policy->number.format, &number);
	renumber_ticket(later->ticket, new, first->opened_s, policy);
	report_said(merging->report, SYNC_RENUMBERED, new, old, NULL);
	free(steal_ptr(later->path));
	failed = desk_ticket_path(merging->desk, new, &later->path, err);
	*list_push(&gathering->moved) = (struct moved_ticket){later->uid, steal_ptr(old), steal_ptr(new)};
	return failed;
}

static int part_numbers(struct gathering *gathering, struct ticket_error *err)
{
	const struct outcome *first = NULL;
	size_t n = gathering->outcomes.n;
	int failed = 0;

	if (n)
		qsort(gathering->outcomes.v, n, sizeof(*gathering->outcomes.v), by_path_and_opening);
	for (size_t i = 0; i < n && !failed; i++) {
		struct outcome *outcome = &gathering->outcomes.v[i];

		if (first && text_equal(first->path, outcome->path))
			failed = renumber(gathering, first, outcome, err);
		else
			first = outcome;
	}
	if (n)
		qsort(gathering->outcomes.v, n, sizeof(*gathering->outcomes.v), by_path_and_opening);
	return failed;
}

/* Only a ticket of the same side can name it, and both are new there: it is among the outcomes. */
static int follow_numbers(struct gathering *gathering, struct outcome *outcome, struct ticket_error *err)
{
	_cleanup_ticket_ struct ticket *own = NULL;
	struct ticket *ticket = outcome->ticket;
	bool follows = false;
	int failed;

	if (!ticket && (failed = read_ticket(gathering, outcome->ours ? outcome->ours : outcome->theirs, &own, err)))
		return failed;
	if (!ticket)
		ticket = own;
	for (size_t i = 0; i < gathering->moved.n; i++)
		follows |= follow_ticket(ticket, &gathering->moved.v[i], gathering->merging->desk->policy);
	if (follows && own)
		outcome->ticket = steal_ptr(own);
	return 0;
}

static int follow_all_numbers(struct gathering *gathering, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < gathering->outcomes.n && gathering->moved.n && !failed; i++)
		failed = follow_numbers(gathering, &gathering->outcomes.v[i], err);
	return failed;
}

/* --- customers who got another number -------------------------------------------------------------------------- */

/* A ticket of the side that registered the customer means him, and nobody else. */
static int follow_customer(struct gathering *gathering, struct outcome *outcome, const struct moved_customer *moved, struct ticket_error *err)
{
	const struct place *place = moved->theirs ? outcome->theirs : outcome->ours;
	_cleanup_ticket_ struct ticket *own = NULL;
	int failed;

	if (!place)
		return 0;
	if ((failed = read_ticket(gathering, place, &own, err)) || !text_equal(own->customer.id, moved->old))
		return failed;
	if (!outcome->ticket)
		outcome->ticket = steal_ptr(own);
	if (text_equal(outcome->ticket->customer.id, moved->old))
		move_customer(outcome->ticket, moved->old, moved->new, gathering->merging->desk->policy);
	return 0;
}

static int follow_customers(struct gathering *gathering, struct ticket_error *err)
{
	const struct merging *merging = gathering->merging;
	int failed = 0;

	for (size_t c = 0; c < merging->customers.n; c++)
		for (size_t i = 0; i < gathering->outcomes.n && !failed; i++)
			failed = follow_customer(gathering, &gathering->outcomes.v[i], &merging->customers.v[c], err);
	return failed;
}

/* --- writing --------------------------------------------------------------------------------------------------- */

static int put_ticket(struct gathering *gathering, struct outcome *outcome, struct ticket_error *err)
{
	struct merging *merging = gathering->merging;
	_cleanup_buf_ struct buf text = {0};
	int failed;

	if (!outcome->ticket)
		return outcome->theirs ? merging_take(merging, outcome->theirs->site, err) : 0;
	if ((failed = desk_update_clocks(merging->desk, outcome->ticket, err)))
		return failed;
	ticket_write(outcome->ticket, &text);
	return merging_put(merging, outcome->path, text.p, text.n, err);
}

static bool is_taken(const struct gathering *gathering, const char *path)
{
	const struct outcome key = {.path = (char *)path, .opened_s = INT64_MIN, .uid = ""};
	size_t low = 0, high = gathering->outcomes.n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (by_path_and_opening(&gathering->outcomes.v[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < gathering->outcomes.n && text_equal(gathering->outcomes.v[low].path, path);
}

static int write_all(struct gathering *gathering, struct ticket_error *err)
{
	struct merging *merging = gathering->merging;
	int failed = 0;

	for (size_t i = 0; i < gathering->outcomes.n && !failed; i++) {
		struct outcome *outcome = &gathering->outcomes.v[i];
		_cleanup_free_ char *number = record_in(outcome->path);

		failed = put_ticket(gathering, outcome, err);
		report_moved(merging->report, number, outcome->theirs != NULL, outcome->ours != NULL);
	}
	for (size_t i = 0; i < merging->sites.n && !failed; i++) {
		const struct site *site = &merging->sites.v[i];

		if (is_ticket_path(site->path) && !oid_is_zero(&site->ours) && !is_taken(gathering, site->path))
			failed = merging_remove(merging, site->path, err);
	}
	return failed;
}

static void gathering_release(struct gathering *gathering)
{
	places *const sides[] = {&gathering->ours, &gathering->theirs};

	for (size_t s = 0; s < ARRAY_SIZE(sides); s++) {
		for (size_t i = 0; i < sides[s]->n; i++)
			free(sides[s]->v[i].uid);
		free(sides[s]->v);
	}
	for (size_t i = 0; i < gathering->outcomes.n; i++) {
		free(gathering->outcomes.v[i].path);
		ticket_free(gathering->outcomes.v[i].ticket);
	}
	free(gathering->outcomes.v);
	tdestroy(gathering->serials, free_serial);
	for (size_t i = 0; i < gathering->moved.n; i++) {
		free((char *)gathering->moved.v[i].old);
		free((char *)gathering->moved.v[i].new);
	}
	free(gathering->moved.v);
}

int merge_tickets(struct merging *merging, struct ticket_error *err)
{
	_cleanup_(gathering_release) struct gathering gathering = {.merging = merging};
	int failed;

	if ((failed = see_all(&gathering, err)) || (failed = pair_up(&gathering, err)) || (failed = part_numbers(&gathering, err)) ||
	    (failed = follow_all_numbers(&gathering, err)) || (failed = follow_customers(&gathering, err)))
		return failed;
	return write_all(&gathering, err);
}
