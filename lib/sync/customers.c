/* SPDX-License-Identifier: MIT */
/* Customers of two desks: a tombstone always stands, of two changes the newer; two customers with one number are parted. */
#include "sync/sync.h"

#include "desk/register.h"
#include "ticket/language.h"

struct registers {
	struct merging *merging;
	int64_t last; /* the highest serial that either side has given; -1: not looked up */
};

static bool is_customer_path(const char *path)
{
	return text_starts(path, "customers/") && !text_starts(path, "customers/log/") && !text_equal(path, REGISTER_FILE);
}

static int read_customer(struct merging *merging, const struct site *site, bool theirs, struct customer **out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	int failed = store_read_blob(merging->desk->store, theirs ? &site->theirs : &site->ours, &text, err);

	if (!failed)
		failed = customer_parse(out, text.p ? text.p : "", text.n, site->path, err);
	return failed && theirs ? ticket_fail_in(err, "the remote's file cannot be merged: ") : failed;
}

/* --- one customer, changed on both sides ------------------------------------------------------------------------ */

static int first_commit(const struct store_commit *commit, void *data, struct ticket_error *err)
{
	*(int64_t *)data = commit->committed_s;
	return 1;
}

/* When a side last changed a file. */
static int changed_at(struct merging *merging, const struct snapshot *side, const char *path, int64_t *out_s, struct ticket_error *err)
{
	int ended;

	*out_s = 0;
	ended = store_history(merging->desk->store, &side->commit, path, first_commit, out_s, err);
	return ended < 0 ? ended : 0;
}

static int take_newer(struct merging *merging, const struct site *site, const struct customer *ours, const struct customer *theirs, struct ticket_error *err)
{
	int64_t ours_s, theirs_s;
	bool take;
	int failed;

	if ((failed = changed_at(merging, &merging->ours, site->path, &ours_s, err)) || (failed = changed_at(merging, &merging->theirs, site->path, &theirs_s, err)))
		return failed;
	if (customer_is_forgotten(ours) != customer_is_forgotten(theirs))
		take = customer_is_forgotten(theirs);
	else if (!ours->merged_into != !theirs->merged_into)
		take = theirs->merged_into != NULL;
	else
		take = theirs_s != ours_s ? theirs_s > ours_s : memcmp(&site->theirs, &site->ours, sizeof(site->ours)) > 0;
	report_said(merging->report, SYNC_REPLACED, ours->id, NULL,
		    customer_is_forgotten(take ? theirs : ours) ? _("the customer was forgotten on one side: what the other changed is gone with him")
		    : take						 ? _("the remote's change is the newer one and stands; ours is in history")
									 : _("our change is the newer one and stands; the remote's is in history"));
	return take ? merging_take(merging, site, err) : 0;
}

/* --- two customers, one number ---------------------------------------------------------------------------------- */

static int next_number(struct registers *registers, char number[CUSTOMER_NUMBER_SIZE], struct ticket_error *err)
{
	struct merging *merging = registers->merging;
	int64_t ours, theirs;
	int failed;

	if (registers->last < 0) {
		if ((failed = register_last(merging->desk, &merging->ours.tree, &ours, err)) || (failed = register_last(merging->desk, &merging->theirs.tree, &theirs, err)))
			return failed;
		registers->last = ours > theirs ? ours : theirs;
	}
	customer_number(number, ++registers->last);
	return 0;
}

/* Where this copy has his key, his contacts lead to the new number. */
static void learn(struct merging *merging, const struct customer *customer)
{
	struct customer_person person = {0};
	struct keys *keys;

	if (merging->change && customer->sealed && register_keys(merging->change, false, &keys, NULL) == 0 && register_unseal(keys, customer, &person, NULL) == 0)
		register_learn(keys, &person, customer);
	customer_person_release(&person);
}

static int part(struct registers *registers, const struct site *site, struct customer *ours, struct customer *theirs, struct ticket_error *err)
{
	struct merging *merging = registers->merging;
	bool later_is_theirs = ours->created.s != theirs->created.s ? theirs->created.s > ours->created.s : strcmp(theirs->uid, ours->uid) > 0;
	struct customer *later = later_is_theirs ? theirs : ours;
	char number[CUSTOMER_NUMBER_SIZE];
	_cleanup_buf_ struct buf text = {0};
	_cleanup_free_ char *path = NULL;
	int failed = later_is_theirs ? 0 : merging_take(merging, site, err);

	if (failed || (failed = next_number(registers, number, err)))
		return failed;
	*list_push(&merging->customers) = (struct moved_customer){later_is_theirs, xstrdup(later->id), xstrdup(number)};
	report_said(merging->report, SYNC_RENUMBERED, number, later->id, NULL);
	replace_text(&later->id, number);
	path = customer_path(number);
	customer_write(later, &text);
	learn(merging, later);
	return merging_put(merging, path, text.p, text.n, err);
}

/* --- the register ----------------------------------------------------------------------------------------------- */

static int merge_head(struct merging *merging, const struct site *site, struct ticket_error *err)
{
	if (!site->theirs_changed)
		return 0;
	if (site->ours_changed)
		return ticket_fail(err, TICKET_REFUSED, "both sides gave the customer register a key of its own; bring them to one before the sync: ticket customer share there, "
							"ticket customer receive here");
	return merging_take(merging, site, err);
}

static int merge_customer(struct registers *registers, const struct site *site, struct ticket_error *err)
{
	struct merging *merging = registers->merging;
	_cleanup_customer_ struct customer *ours = NULL, *theirs = NULL;
	_cleanup_free_ char *name = record_in(site->path);
	int failed;

	if (!oid_is_zero(&site->theirs) && site->theirs_changed && (failed = read_customer(merging, site, true, &theirs, err)))
		return failed;
	report_moved(merging->report, name, site->theirs_changed, site->ours_changed);
	if (!site->theirs_changed || !site->ours_changed)
		return site->theirs_changed ? merging_take(merging, site, err) : 0;
	if (oid_is_zero(&site->ours))
		return merging_take(merging, site, err);
	if (oid_is_zero(&site->theirs))
		return 0;
	if ((failed = read_customer(merging, site, false, &ours, err)))
		return failed;
	return text_equal(ours->uid, theirs->uid) ? take_newer(merging, site, ours, theirs, err) : part(registers, site, ours, theirs, err);
}

int merge_customers(struct merging *merging, struct ticket_error *err)
{
	struct registers registers = {merging, -1};
	int failed = 0;

	for (size_t i = 0; i < merging->sites.n && !failed; i++) {
		const struct site *site = &merging->sites.v[i];

		if (text_equal(site->path, REGISTER_FILE))
			failed = merge_head(merging, site, err);
		else if (is_customer_path(site->path))
			failed = merge_customer(&registers, site, err);
	}
	return failed;
}
