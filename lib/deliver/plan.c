/* SPDX-License-Identifier: MIT */
/* What a delivery run has to do: which notices are due, and which go out in one message. */
#include "deliver/owed-actions.h"
#include "deliver/run.h"

/* Not visited and not counted: it is gone. */
#define GONE OUTCOMES

static bool is_old(const struct run *run, const struct notice *notice)
{
	return run->desk->context.now_s - notice->created.s > run->settings.keep_s;
}

/* Is another of the ways that the rule names set up here? Then this one is not missed. */
static bool has_other_way(const struct run *run, const struct notice *notice)
{
	for (size_t i = 0; i < notice->ways.n; i++)
		if (!text_equal(notice->ways.v[i], notice->way) && settings_has_way(&run->settings, notice->ways.v[i], notice->to, notice->channel))
			return true;
	return false;
}

/* Does its ticket or action, or the desk's journal, say that it was delivered: by this machine before a kill, or by another one? */
static bool is_notified(const struct run *run, const struct notice *notice)
{
	_cleanup_ticket_ struct ticket *ticket = NULL;

	if (notice->action)
		return owed_action_is_notified(run->desk, notice);
	if (!notice->ticket)
		return owed_desk_is_notified(run->desk, notice);
	return desk_read_from(run->desk, &run->desk->head.tree, notice->ticket, &ticket, NULL) == 0 &&
	       text_equal(ticket->uid, notice->uid) && owed_is_notified(ticket, notice);
}

static enum notice_outcome judge(const struct run *run, const struct notice *notice)
{
	int64_t now_s = run->desk->context.now_s;

	if (notice->delivered.set)
		return OUTCOME_DELIVERED;
	if (!settings_has_way(&run->settings, notice->way, notice->to, notice->channel)) {
		if (has_other_way(run, notice))
			return GONE;
		/* Nobody can be told that way from here; to say so each week anew would tell nobody anything. */
		return is_old(run, notice) ? GONE : OUTCOME_UNSET;
	}
	if (is_old(run, notice) && notice->attempts)
		return OUTCOME_GIVEN_UP;
	if (notice->not_before.set && notice->not_before.s > now_s)
		return OUTCOME_QUIET;
	if (notice->next_attempt.set && notice->next_attempt.s > now_s && !run->settings.options->retry)
		return OUTCOME_WAITING;
	return is_notified(run, notice) ? GONE : OUTCOME_DUE;
}

/* --- messages -------------------------------------------------------------------------------------------------- */

/* May it go out with that one? What a run has begun to send goes out as it was then; reports and customers stand alone. */
static bool go_together(const struct notice *a, const struct notice *b)
{
	if (a->message || b->message)
		return text_equal(a->message, b->message);
	if (a->kind == NOTICE_REPORT || b->kind == NOTICE_REPORT || !text_equal(a->to, b->to) || !text_equal(a->way, b->way))
		return false;
	return !text_equal(a->to, "customer") || text_equal(a->uid, b->uid);
}

static void name_message(struct message *message)
{
	const struct notice *first = message->notices.v[0];

	if (first->message)
		memcpy(message->id, first->message, NOTICE_ID_SIZE);
	else
		message_identity(message->id, (const struct notice *const *)message->notices.v, message->notices.n);
}

static void form_messages(struct run *run)
{
	bool *taken = xcalloc(run->notices.n, sizeof(*taken));

	for (size_t i = 0; i < run->notices.n; i++) {
		struct message *message;

		if (taken[i] || run->outcomes.v[i] != OUTCOME_DUE)
			continue;
		message = list_push(&run->messages);
		for (size_t k = i; k < run->notices.n; k++)
			if (!taken[k] && run->outcomes.v[k] == OUTCOME_DUE && (k == i || go_together(&run->notices.v[i], &run->notices.v[k]))) {
				taken[k] = true;
				*list_push(&message->notices) = &run->notices.v[k];
			}
		name_message(message);
	}
	free(taken);
}

/* A message that was begun has its name on the disk before its first byte goes out: after a kill it is the same again. */
static int keep_names(struct run *run, struct ticket_error *err)
{
	int failed = 0;

	for (size_t m = 0; m < run->messages.n; m++)
		for (size_t i = 0; i < run->messages.v[m].notices.n && !failed; i++) {
			struct notice *notice = run->messages.v[m].notices.v[i];

			if (notice->message)
				continue;
			notice->message = xstrdup(run->messages.v[m].id);
			failed = outbox_update(run->outbox, notice, err);
		}
	return failed;
}

/* A message went out as a whole: a kill while that was written down leaves some of its notices without the mark. */
static void share_fate(notices *list)
{
	for (size_t i = 0; i < list->n; i++)
		for (size_t k = 0; k < list->n && list->v[i].delivered.set && list->v[i].message; k++)
			if (!list->v[k].delivered.set && text_equal(list->v[i].message, list->v[k].message))
				list->v[k].delivered = list->v[i].delivered;
}

/* --- the plan -------------------------------------------------------------------------------------------------- */

static int settle(struct run *run, const struct notice *notice, enum notice_outcome outcome, bool write, struct ticket_error *err)
{
	int failed = 0;

	if (write && outcome == GONE)
		failed = outbox_remove(run->outbox, notice->id, err);
	if (write && outcome == OUTCOME_GIVEN_UP)
		failed = outbox_give_up(run->outbox, notice, err);
	/* What is sent is told with its fate; what only waits to be recorded was told by the run that sent it. */
	if (failed || outcome == GONE || outcome == OUTCOME_DELIVERED || (write && outcome == OUTCOME_DUE))
		return failed;
	return run_tell(run, notice, outcome, err);
}

int plan_run(struct run *run, bool write, struct ticket_error *err)
{
	int failed = 0;

	share_fate(&run->notices);
	for (size_t i = 0; i < run->notices.n && !failed; i++) {
		enum notice_outcome outcome = judge(run, &run->notices.v[i]);

		*list_push(&run->outcomes) = outcome;
		failed = settle(run, &run->notices.v[i], outcome, write, err);
	}
	if (failed || !write)
		return failed;
	form_messages(run);
	return keep_names(run, err);
}
