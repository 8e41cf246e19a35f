/* SPDX-License-Identifier: MIT */
/* What a query selects from a desk, now or as of a revision: found by the index, so that nothing else is read. */
#include "desk/figures.h"
#include "ticket/language.h"

int desk_index(struct desk *desk, const struct snapshot *at, struct index **out, struct ticket_error *err)
{
	return index_open(out, desk->store, &(struct index_rules){desk->policy, desk_find_rules, desk}, at ? at : &desk->head, desk->context.progress, desk->context.progress_data, err);
}

/* Files that cannot be read are in no answer; whoever asked must know. Comes after what could be answered. */
static int report_unreadable(const struct texts *unreadable, struct ticket_error *err)
{
	size_t n = unreadable->n;

	if (!n)
		return 0;
	return ticket_fail(err, TICKET_STORAGE,
			   Q_("%zu ticket file could not be read, so the answer is not complete: %s; see: ticket fsck",
			      "%zu ticket files could not be read, so the answer is not complete: %s …; see: ticket fsck", n), n, unreadable->v[0]);
}

struct answer {
	index_hits hits;
	struct texts unreadable;
};

static void answer_release(struct answer *answer)
{
	index_hits_release(&answer->hits);
	texts_release(&answer->unreadable);
}

/* The index is closed again before anybody looks at the answer: nobody who pages through a list keeps others waiting. */
static int ask(struct desk *desk, const struct query *query, const char *revision, size_t *total, struct answer *out, struct ticket_error *err)
{
	struct index *index = NULL;
	struct snapshot at = desk->head;
	int failed = revision ? desk_revision(desk, revision, &at, err) : 0;

	if (!failed && oid_is_zero(&at.commit)) {
		if (total)
			*total = 0;
		return 0;
	}
	if (!failed)
		failed = desk_index(desk, &at, &index, err);
	if (!failed)
		failed = index_select(index, query, &out->hits, total, err);
	if (!failed)
		failed = index_unreadable(index, &out->unreadable, err);
	index_close(index);
	return failed;
}

int desk_list(struct desk *desk, const struct query *query, const char *revision, size_t *total, row_visitor *visit, void *data, struct ticket_error *err)
{
	_cleanup_(answer_release) struct answer answer = {0};
	int ended = ask(desk, query, revision, total, &answer, err);

	for (size_t i = 0; !ended && i < answer.hits.n; i++)
		ended = visit(&answer.hits.v[i].row, data, err);
	return ended ? ended : report_unreadable(&answer.unreadable, err);
}

static int read_hit(struct desk *desk, const struct index_hit *hit, struct ticket **out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	int failed = store_read_blob(desk->store, &hit->blob, &text, err);

	return failed ? failed : ticket_read(out, text.p ? text.p : "", text.n, hit->path, err);
}

int desk_select(struct desk *desk, const struct query *query, const char *revision, desk_visitor *visit, void *data, struct ticket_error *err)
{
	_cleanup_(answer_release) struct answer answer = {0};
	int ended = ask(desk, query, revision, NULL, &answer, err);

	for (size_t i = 0; !ended && i < answer.hits.n; i++) {
		_cleanup_ticket_ struct ticket *ticket = NULL;

		ended = read_hit(desk, &answer.hits.v[i], &ticket, err);
		if (!ended)
			ended = visit(ticket, data, err);
	}
	return ended ? ended : report_unreadable(&answer.unreadable, err);
}

int desk_search(struct desk *desk, const struct query *query, const char *revision, size_t *total, search_visitor *visit, void *data, struct ticket_error *err)
{
	_cleanup_(answer_release) struct answer answer = {0};
	int ended = ask(desk, query, revision, total, &answer, err);

	for (size_t i = 0; !ended && i < answer.hits.n; i++) {
		_cleanup_ticket_ struct ticket *ticket = NULL;

		ended = read_hit(desk, &answer.hits.v[i], &ticket, err);
		if (!ended)
			ended = visit(&answer.hits.v[i].row, ticket, answer.hits.v[i].score, data, err);
	}
	return ended ? ended : report_unreadable(&answer.unreadable, err);
}

/* --- figures ---------------------------------------------------------------------------------------------------- */

void figures_answer_release(struct figures_answer *answer)
{
	for (int part = 0; part < FIGURE_PARTS; part++)
		figures_release(&answer->parts[part]);
}

int desk_figures(struct figures_answer *out, struct desk *desk, const struct query *query, const struct range ranges[FIGURE_PARTS], struct ticket_error *err)
{
	struct index *index = NULL;
	struct texts unreadable = {0};
	int failed = oid_is_zero(&desk->head.commit) ? 0 : desk_index(desk, NULL, &index, err);

	if (!failed && index)
		failed = index_figures(index, query, ranges, out->parts, &out->listed, err);
	if (!failed && index)
		failed = index_unreadable(index, &unreadable, err);
	index_close(index);
	if (!failed)
		failed = report_unreadable(&unreadable, err);
	texts_release(&unreadable);
	return failed;
}

int desk_read_blob(struct ticket **out, struct desk *desk, const char *blob, const char *origin, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	struct oid id;
	int failed;

	*out = NULL;
	if (!oid_from_hex(&id, blob))
		return ticket_fail(err, TICKET_STORAGE, "the index names no object for '%s': '%s'; build it anew with: ticket fsck --repair", origin, blob);
	failed = store_read_blob(desk->store, &id, &text, err);
	return failed ? failed : ticket_read(out, text.p ? text.p : "", text.n, origin, err);
}
