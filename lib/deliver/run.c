/* SPDX-License-Identifier: MIT */
/* A delivery run from collecting to recording: see ticket/notify.h. */
#include "deliver/run.h"

#include "deliver/owed-actions.h"
#include "base/process.h"
#include "ticket/language.h"

#define FIRST_WAIT_S 60
#define LONGEST_WAIT_S 3600

/* --- collecting ------------------------------------------------------------------------------------------------ */

struct collecting {
	struct outbox *outbox;
	size_t put;
};

static int put_owed(struct notice *notice, void *data, struct ticket_error *err)
{
	struct collecting *c = data;
	bool put = false;
	int failed = outbox_add(c->outbox, notice, &put, err);

	c->put += put;
	notice_release(notice);
	return failed;
}

static int collect(struct desk *desk, struct outbox *outbox, size_t *put, struct ticket_error *err)
{
	struct collecting c = {outbox, 0};
	_cleanup_free_ char *stamp = NULL;
	char head[OID_HEX_SIZE];
	int failed;

	if ((failed = outbox_stamp(outbox, &stamp, err)) || (failed = owed_each(desk, stamp, put_owed, &c, head, err)))
		return failed;
	if (put)
		*put = c.put;
	return text_equal(stamp, head) ? 0 : outbox_stamp_set(outbox, head, err);
}

int outbox_collect(struct desk *desk, size_t *put, struct ticket_error *err)
{
	_cleanup_outbox_ struct outbox *outbox = NULL;
	int failed = outbox_open(&outbox, store_private(desk->store), err);

	if (put)
		*put = 0;
	return failed ? failed : collect(desk, outbox, put, err);
}

int outbox_put(struct desk *desk, const struct notice *notice, struct ticket_error *err)
{
	_cleanup_outbox_ struct outbox *outbox = NULL;
	_cleanup_(notice_release) struct notice full = {0};
	char id[NOTICE_ID_SIZE];
	int failed;

	if ((!notice->event && !notice->key) || !notice->to || !notice->way)
		return ticket_fail(err, TICKET_USAGE, "a notice must say what it is about, whom it tells and how");
	codec_copy(&notice_codec, &full, notice);
	full.format = 1;
	if (!full.kind)
		full.kind = text_equal(full.to, "customer") ? NOTICE_CUSTOMER : NOTICE_EVENT;
	if (!full.ways.n)
		texts_add(&full.ways, full.way);
	if (!full.created.set)
		full.created = stamp_at(desk->zone, desk->context.now_s);
	if (!full.id)
		full.id = xstrdup(notice_identity(id, &full));
	if (!full.not_before.set && (failed = owed_quiet_hours(desk, &full, err)))
		return failed;
	if ((failed = codec_check_texts(&notice_codec, &full, err)) || (failed = outbox_open(&outbox, store_private(desk->store), err)))
		return failed;
	return outbox_add(outbox, &full, NULL, err);
}

/* --- what became of it ----------------------------------------------------------------------------------------- */

int run_tell(struct run *run, const struct notice *notice, enum notice_outcome outcome, struct ticket_error *err)
{
	if (run->counts)
		run->counts[outcome]++;
	return run->visit ? run->visit(notice, outcome, run->data, err) : 0;
}

/* Longer with each failure, so that a server that is down isn't asked every minute for a week. */
static void wait_longer(const struct run *run, struct notice *notice)
{
	int64_t wait_s = FIRST_WAIT_S;

	for (int64_t i = 0; i < notice->attempts && wait_s < LONGEST_WAIT_S; i++)
		wait_s *= 2;
	notice->attempts++;
	notice->next_attempt = stamp_at(run->desk->zone, run->desk->context.now_s + (wait_s < LONGEST_WAIT_S ? wait_s : LONGEST_WAIT_S));
}

int run_result(struct run *run, struct message *message, struct ticket_error *err)
{
	for (size_t i = 0; i < message->notices.n; i++) {
		struct notice *notice = message->notices.v[i];
		int failed;

		if (message->sent) {
			notice->delivered = stamp_at(run->desk->zone, run->desk->context.now_s);
			replace_text(&notice->error, NULL);
		} else {
			replace_text(&notice->error, message->error ? message->error : N_("there was no time left for it in this run"));
			/* What certainly did not arrive may go out with what has come since. */
			if (!message->maybe)
				replace_text(&notice->message, NULL);
			if (message->tried)
				wait_longer(run, notice);
		}
		if ((failed = outbox_update(run->outbox, notice, err)) ||
		    (failed = run_tell(run, notice, message->sent ? OUTCOME_DELIVERED : OUTCOME_FAILED, err)))
			return failed;
	}
	return 0;
}

/* --- recording ------------------------------------------------------------------------------------------------- */

static bool has_event(const struct ticket *ticket, const char *id)
{
	for (size_t i = 0; i < ticket->events.n; i++)
		if (text_equal(ticket->events.v[i].id, id))
			return true;
	return false;
}

/* A ticket that has gone or got another number keeps nobody from being done with the notice. */
static int record_one(struct change *change, struct action_book *book, const struct notice *notice, struct ticket_error *err)
{
	struct event event = {.kind = EVENT_NOTIFIED, .at = notice->delivered, .automatic = true, .cycle = notice->cycle};
	char id[NOTICE_EVENT_SIZE];
	struct ticket *ticket;

	notice_event(id, notice);
	if (notice->action)
		return owed_action_delivered(book, change, notice, err);
	if (!notice->ticket)
		return owed_desk_notified(change, notice, err);
	if (change_ticket(change, notice->ticket, &ticket, NULL) || !text_equal(ticket->uid, notice->uid) || has_event(ticket, id))
		return 0;
	event.id = xstrdup(id);
	event.to = xstrdup(notice->to);
	event.via = xstrdup(notice->way);
	event.clock = xstrdup(notice->clock);
	event.step = xstrdup(notice->step);
	return change_record(change, ticket, &event, NULL, err);
}

/* One commit for all that went out; only then are they done with. A kill between leaves ids that are found again. */
static int record_delivered(struct run *run, struct ticket_error *err)
{
	_cleanup_(action_book_release) struct action_book book = {0};
	_cleanup_change_ struct change *change = NULL;
	size_t delivered = 0;
	struct ticket_error refusal = {0};
	int failed = 0;

	for (size_t i = 0; i < run->notices.n; i++)
		delivered += run->notices.v[i].delivered.set;
	if (!delivered)
		return 0;
	failed = change_begin(&change, run->desk, err);
	for (size_t i = 0; i < run->notices.n && !failed; i++)
		if (run->notices.v[i].delivered.set)
			record_one(change, &book, &run->notices.v[i], &refusal);
	if (!failed && !(failed = action_book_put(&book, change, err)))
		failed = change_commit(change, false, err);
	for (size_t i = 0; i < run->notices.n && !failed; i++)
		if (run->notices.v[i].delivered.set)
			failed = outbox_remove(run->outbox, run->notices.v[i].id, err);
	if (failed || (failed = outbox_sync(run->outbox, err)))
		return failed;
	/* What a desk refuses to record must be told, but not keep all that follows waiting. */
	return refusal.code ? ticket_fail(err, refusal.code, "delivered, but not recorded: %s", refusal.message) : 0;
}

/* --- the run --------------------------------------------------------------------------------------------------- */

static int add_owed(struct notice *notice, void *data, struct ticket_error *err)
{
	struct run *run = data;

	for (size_t i = 0; i < run->notices.n; i++)
		if (text_equal(run->notices.v[i].id, notice->id)) {
			notice_release(notice);
			return 0;
		}
	if (outbox_has(run->outbox, notice->id))
		notice_release(notice);
	else
		*list_push(&run->notices) = *notice;
	return 0;
}

/* What a run would do: the outbox, and what would come into it. */
static int rehearse(struct run *run, struct texts *damaged, struct ticket_error *err)
{
	_cleanup_free_ char *stamp = NULL;
	char head[OID_HEX_SIZE];
	int failed;

	if ((failed = outbox_list(run->outbox, &run->notices, damaged, err)) || (failed = outbox_stamp(run->outbox, &stamp, err)) ||
	    (failed = owed_each(run->desk, stamp, add_owed, run, head, err)))
		return failed;
	if (run->notices.n)
		qsort(run->notices.v, run->notices.n, sizeof(*run->notices.v), notice_compare);
	return plan_run(run, false, err);
}

static int deliver(struct run *run, struct texts *damaged, struct ticket_error *err)
{
	int failed, unrecorded;

	if ((failed = outbox_lock(run->outbox, err)) || (failed = collect(run->desk, run->outbox, NULL, err)) ||
	    (failed = outbox_list(run->outbox, &run->notices, damaged, err)) || (failed = plan_run(run, true, err)))
		return failed;
	run->until_ms = process_clock_ms() + run->settings.limit_s * 1000;
	failed = send_messages(run, err);
	/* What did go out is recorded whatever happened to the rest. */
	unrecorded = record_delivered(run, failed ? NULL : err);
	return failed ? failed : unrecorded;
}

static void run_release(struct run *run)
{
	for (size_t i = 0; i < run->messages.n; i++) {
		free(run->messages.v[i].notices.v);
		free(run->messages.v[i].error);
	}
	free(run->messages.v);
	free(run->outcomes.v);
	notices_release(&run->notices);
	settings_release(&run->settings);
	outbox_close(run->outbox);
}

int desk_notify(struct desk *desk, const struct notify_options *options, notice_visitor *visit, void *data, size_t counts[OUTCOMES], struct ticket_error *err)
{
	_cleanup_(run_release) struct run run = {.desk = desk, .visit = visit, .data = data, .counts = counts};
	struct texts damaged = {0};
	int failed;

	if (counts)
		memset(counts, 0, OUTCOMES * sizeof(*counts));
	if (!desk_actor(desk))
		return ticket_fail(err, TICKET_REFUSED, "nobody knows who delivers; say it with --as PERSON, or: git config user.name 'Service desk'");
	if ((failed = settings_read(&run.settings, desk, options, err)) || (failed = outbox_open(&run.outbox, store_private(desk->store), err)))
		return failed;
	failed = options->dry_run ? rehearse(&run, &damaged, err) : deliver(&run, &damaged, err);
	if (!failed && damaged.n)
		failed = ticket_fail(err, TICKET_STORAGE, options->dry_run ? N_("a notice is damaged: %s") : N_("a notice is damaged and was set aside in outbox/failed: %s"), damaged.v[0]);
	texts_release(&damaged);
	return failed;
}
