/* SPDX-License-Identifier: MIT */
/* How one change travels: lock, read HEAD, accept or refuse events, fold, write, one commit, unlock (design §1). */
#include "desk/change.h"

#include "desk/ballots.h"
#include "desk/codes.h"
#include "desk/index.h"
#include "desk/intake.h"
#include "desk/journal.h"
#include "desk/register.h"
#include "flow/flow.h"
#include "model/event.h"
#include "model/ticket.h"

#include <search.h>
#include <stdarg.h>
#include <sys/random.h>

static int compare_touched(const void *a, const void *b)
{
	return strcmp(((const struct touched *)a)->ticket->id, ((const struct touched *)b)->ticket->id);
}

static void keep_nothing(void *node)
{
}

char *random_hex(size_t size)
{
	unsigned char bytes[64];
	char *text = xmalloc(size * 2 + 1);

	if (size > sizeof(bytes) || getrandom(bytes, size, 0) != (ssize_t)size)
		abort(); /* no randomness, no identity: cannot happen on a booted Linux */
	for (size_t i = 0; i < size; i++)
		sprintf(text + i * 2, "%02x", bytes[i]);
	return text;
}

/* --- begin and end --------------------------------------------------------------------------------------------- */

/* Asked under the lock: however long a change was in the making, it bears no earlier time than the one before it. */
static void set_clock(struct desk_context *context)
{
	int64_t now_s = context->clock ? context->clock() : context->now_s;

	if (now_s > context->now_s)
		context->now_s = now_s;
}

int change_begin(struct change **out, struct desk *desk, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	int failed;

	*out = NULL;
	if ((failed = store_lock(desk->store, desk->context.lock_wait_ms, err)))
		return failed;
	change = xcalloc(1, sizeof(*change));
	change->desk = desk;
	set_clock(&desk->context);
	if ((failed = desk_refresh(desk, err)))
		return failed;
	if (!desk_actor(desk))
		return ticket_fail(err, TICKET_REFUSED, "nobody knows who you are; say it with --as PERSON, or: git config user.name 'Your Name'");
	change->base = desk->head;
	if ((failed = store_change_begin(&change->files, desk->store, &change->base, err)))
		return failed;
	*out = steal_ptr(change);
	return 0;
}

void change_free(struct change *change)
{
	if (!change)
		return;
	tdestroy(change->by_number, keep_nothing);
	for (size_t i = 0; i < change->tickets.n; i++) {
		ticket_free(change->tickets.v[i]->ticket);
		free(change->tickets.v[i]->path);
		free(change->tickets.v[i]);
	}
	free(change->tickets.v);
	change_serials_free(change);
	register_free(change);
	ballots_free(change);
	change_journal_release(change);
	free(change->subject);
	store_change_free(change->files);
	store_unlock(change->desk->store);
	free(change);
}

void change_past(struct change *change)
{
	change->past = true;
}

void change_join(struct change *change, const struct snapshot *other)
{
	store_change_join(change->files, other);
	change->other_files++;
	change->joined = true;
}

void change_subject(struct change *change, const char *format, ...)
{
	va_list args;

	free(change->subject);
	va_start(args, format);
	if (vasprintf(&change->subject, format, args) < 0)
		abort();
	va_end(args);
	/* A subject is one line. */
	change->subject[strcspn(change->subject, "\n")] = '\0';
}

/* Whoever words a new subject adds its beginning here: by it the audit tells what people committed by hand. */
bool change_has_said(const char *message)
{
	static const char *const beginnings[] = {"action: ", "backup\n", "calendar: ", "check: ", "customers: ", "desk: ", "import ", "inspect: ", "kb: ", "policy: ", "report ",
						 "report: ", "surveys: "};
	size_t digits = strspn(message, "0123456789");

	for (size_t i = 0; i < ARRAY_SIZE(beginnings); i++)
		if (text_starts(message, beginnings[i]))
			return true;
	/* "12 customers: reveal", "C000012: forget" */
	if (digits)
		return text_starts(message + digits, " customer");
	digits = *message == 'C' ? strspn(message + 1, "0123456789") : 0;
	return digits && text_starts(message + 1 + digits, ": ");
}

/* --- tickets --------------------------------------------------------------------------------------------------- */

static struct touched *touch(struct change *change, struct ticket *ticket, char *path)
{
	struct touched *touched = xcalloc(1, sizeof(*touched));

	touched->ticket = ticket;
	touched->path = path;
	touched->events_before = ticket->events.n;
	*list_push(&change->tickets) = touched;
	tsearch(touched, &change->by_number, compare_touched);
	return touched;
}

static struct touched *find_touched(struct change *change, const char *number)
{
	struct ticket named = {.id = (char *)number};
	struct touched key = {.ticket = &named};
	struct touched **found = tfind(&key, &change->by_number, compare_touched);

	return found ? *found : NULL;
}

int change_ticket(struct change *change, const char *word, struct ticket **out, struct ticket_error *err)
{
	struct touched *touched = find_touched(change, word);
	_cleanup_free_ char *number = NULL, *path = NULL;
	_cleanup_ticket_ struct ticket *ticket = NULL;
	int failed;

	*out = NULL;
	if (!touched) {
		if ((failed = desk_resolve(change->desk, word, &number, err)))
			return failed;
		touched = find_touched(change, number);
	}
	if (!touched) {
		if ((failed = desk_ticket_path(change->desk, number, &path, err)) ||
		    (failed = desk_read_from(change->desk, &change->base.tree, number, &ticket, err)))
			return failed;
		touched = touch(change, steal_ptr(ticket), steal_ptr(path));
	}
	*out = touched->ticket;
	return 0;
}

/* The head of a draft and its first event say the same: what the event does not say, it takes from the head. */
static void fill_opened(const struct ticket *draft, struct event *opened)
{
	opened->kind = EVENT_OPENED;
	if (!opened->types.n)
		texts_copy(&opened->types, &draft->types);
	if (!opened->departments.n)
		texts_copy(&opened->departments, &draft->departments);
	if (!opened->category)
		opened->category = xstrdup(draft->category);
	if (!opened->grade)
		opened->grade = xstrdup(draft->grade);
	if (!opened->priority)
		opened->priority = xstrdup(draft->priority);
	if (!opened->risk)
		opened->risk = xstrdup(draft->risk);
}

static void fill_defaults(const struct policy *policy, struct ticket *draft)
{
	if (!draft->priority)
		draft->priority = xstrdup(policy->default_priority);
	if (!draft->grade)
		draft->grade = xstrdup(policy->default_grade);
	if (!draft->risk)
		draft->risk = xstrdup(policy->default_risk);
}

static int check_receipt(const struct change *change, const struct ticket *draft, struct ticket_error *err)
{
	const struct desk *desk = change->desk;
	char received[STAMP_SIZE];

	if (draft->received.s > desk->context.now_s + desk->policy->clock_skew.seconds)
		return ticket_fail(err, TICKET_REFUSED, "it cannot have been received at %s: that lies in the future", stamp_format(received, &draft->received));
	return policy_need_choice(&desk->policy->channels, "channel", draft->channel ? draft->channel : "", err);
}

int change_new(struct change *change, struct ticket *draft, struct event *opened, struct ticket **out, struct ticket_error *err)
{
	_cleanup_ticket_ struct ticket *ticket = draft;
	_cleanup_free_ char *path = NULL;
	char policy[OID_HEX_SIZE];
	int failed;

	*out = NULL;
	ticket->format = 1;
	if (!ticket->received.set)
		ticket->received = stamp_at(change->desk->zone, change->desk->context.now_s);
	fill_defaults(change->desk->policy, ticket);
	fill_opened(ticket, opened);
	ticket->state = STATE_NONE;
	if ((failed = check_receipt(change, ticket, err)) || (failed = codec_check_texts(&ticket_codec, ticket, err)) ||
	    (failed = intake_ticket(change, ticket, err)) ||
	    (failed = change_number(change, ticket, &path, err))) {
		event_release(opened);
		return failed;
	}
	if (!ticket->uid)
		ticket->uid = random_hex(16);
	if (!ticket->policy)
		ticket->policy = xstrdup(oid_hex(policy, &change->desk->current->id));
	if ((failed = change_record(change, ticket, opened, NULL, err)))
		return failed;
	*out = ticket;
	touch(change, steal_ptr(ticket), steal_ptr(path))->is_new = true;
	change->tickets.v[change->tickets.n - 1]->events_before = 0;
	return 0;
}

/* --- events ---------------------------------------------------------------------------------------------------- */

/* What is said to the customer goes by the channel that he chose, where nobody says otherwise (D10). */
static void choose_channel(const struct change *change, const struct ticket *ticket, struct event *event)
{
	const char *chosen = policy_reply_channel(change->desk->policy, ticket);
	bool told = event->kind == EVENT_RESPONDED || event->kind == EVENT_FOLLOWED_UP;

	if (told && !event->via && !text_equal(chosen, ticket->channel))
		event->via = xstrdup(chosen);
}

/*
 * What another desk recorded came from its clock (ticket-sync(1)), which may be ahead of ours: the order of recording is
 * that of the record all the same.
 */
static void keep_order(const struct ticket *ticket, struct event *event)
{
	const struct event *last = ticket->events.n ? &ticket->events.v[ticket->events.n - 1] : NULL;

	if (last && last->recorded.s > event->recorded.s)
		event->recorded = last->recorded;
}

/* Who, in which role, when, and under which id. */
static void sign_event(const struct change *change, const struct ticket *ticket, struct event *event)
{
	const struct desk *desk = change->desk;

	if (!event->id)
		event->id = random_hex(8);
	if (!change->past || !event->recorded.set)
		event->recorded = stamp_at(desk->zone, desk->context.now_s);
	if (!event->at.set)
		event->at = event->recorded;
	if (!change->past)
		keep_order(ticket, event);
	if (!change->past || !event->by) {
		replace_text(&event->by, desk_actor(desk));
		replace_text(&event->role, desk_actor_role(desk));
	}
	/* Escalating says "one level up" where it says no level (C12); a rule that gives none means none. */
	if (event->kind == EVENT_ESCALATED && !event->level && !event->automatic)
		event->level = ticket->level + 1;
	if (!change->past)
		choose_channel(change, ticket, event);
}

int change_record(struct change *change, struct ticket *ticket, struct event *event, const struct event **out, struct ticket_error *err)
{
	struct event *kept;
	int failed;

	if (out)
		*out = NULL;
	sign_event(change, ticket, event);
	if ((failed = survey_prepare(change, ticket, event, err)) || (failed = event_check(event, err)) || (failed = intake_event(change, ticket, event, err)) ||
	    (failed = flow_check(ticket, change->desk->policy, event, change->past ? FLOW_PAST : FLOW_LIVE, err))) {
		event_release(event);
		return failed;
	}
	ballots_take(change, ticket, event);
	kept = list_push(&ticket->events);
	*kept = *event;
	memset(event, 0, sizeof(*event));
	flow_fold(ticket, change->desk->policy, kept);
	if (out)
		*out = kept;
	/* What is imported gets its clocks once, before it is written: nobody asks them in between. */
	return change->past ? 0 : desk_update_clocks(change->desk, ticket, err);
}

int change_file(struct change *change, const char *path, const void *bytes, size_t n, struct ticket_error *err)
{
	change->other_files++;
	return bytes ? store_change_put(change->files, path, bytes, n, err) : store_change_remove(change->files, path, err);
}

/* --- the commit ------------------------------------------------------------------------------------------------ */

#define MOST_TRAILERS 200

static bool is_changed(const struct touched *touched)
{
	return touched->is_new || touched->ticket->events.n > touched->events_before;
}

/* "NUMBER: respond" for one ticket, "12 tickets: archive" for more. */
static void default_subject(const struct change *change, size_t changed, const struct touched *first, struct buf *out)
{
	const char *last = "";

	if (!changed) {
		buf_addf(out, "desk: %zu file%s", change->other_files, change->other_files == 1 ? "" : "s");
		return;
	}
	if (changed == 1)
		buf_addf(out, "%s:", first->ticket->id);
	else
		buf_addf(out, "%zu tickets:", changed);
	for (size_t i = first->events_before; i < first->ticket->events.n && i < first->events_before + 5; i++) {
		enum event_kind kind = (enum event_kind)first->ticket->events.v[i].kind;
		const char *word = flow_command(kind) ? flow_command(kind) : event_word(kind);

		if (word != last)
			buf_addf(out, "%s %s", *last ? "," : "", word);
		last = word;
	}
}

static void add_trailers(const struct change *change, size_t changed, struct buf *out)
{
	if (changed > MOST_TRAILERS) {
		buf_addf(out, "Tickets: %zu\n", changed);
		return;
	}
	for (size_t i = 0; i < change->tickets.n; i++) {
		const struct touched *touched = change->tickets.v[i];

		if (!is_changed(touched))
			continue;
		buf_addf(out, "Ticket: %s\n", touched->ticket->id);
		for (size_t e = touched->events_before; e < touched->ticket->events.n; e++)
			buf_addf(out, "Event: %s %s\n", event_word((enum event_kind)touched->ticket->events.v[e].kind), touched->ticket->events.v[e].id);
	}
}

static int commit_files(struct change *change, const char *message, const struct stamp *happened, struct ticket_error *err)
{
	struct desk *desk = change->desk;
	_cleanup_free_ char *committer = store_config(desk->store, "user.name"), *email = store_config(desk->store, "user.email");
	const char *author_email = desk_actor_email(desk) && *desk_actor_email(desk) ? desk_actor_email(desk) : "unknown@invalid";
	struct commit_words words = {
		.author = desk_actor(desk),
		.author_email = author_email,
		.committer = committer && *committer ? committer : desk_actor(desk),
		.committer_email = committer && *committer && email && *email ? email : author_email,
		.authored = *happened,
		.committed = stamp_at(desk->zone, desk->context.now_s),
		.message = message,
	};

	return store_change_commit(change->files, &words, &desk->head, err);
}

#define MOST_INDEXED 1000 /* more are read again, all at once, by whoever asks the index next */

/* Tells the index what the commit changed, so that the next question finds it ready. */
static void tell_index(const struct change *change, size_t changed)
{
	struct desk *desk = change->desk;
	_cleanup_free_ struct index_change *changes = NULL;
	size_t n = 0;

	if (changed > MOST_INDEXED)
		return;
	changes = xcalloc(changed, sizeof(*changes));
	for (size_t i = 0; i < change->tickets.n; i++) {
		const struct touched *touched = change->tickets.v[i];

		if (!is_changed(touched))
			continue;
		changes[n] = (struct index_change){.path = touched->path, .ticket = touched->ticket};
		if (store_find(desk->store, &desk->head.tree, touched->path, &changes[n++].blob, NULL, NULL))
			return;
	}
	index_update(desk->store, &(struct index_rules){desk->policy, desk_find_rules, desk}, &change->base, &desk->head, changes, n);
}

static int put_tickets(struct change *change, size_t *changed, const struct touched **first, struct stamp *happened, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	int failed;

	for (size_t i = 0; i < change->tickets.n; i++) {
		const struct touched *touched = change->tickets.v[i];

		if (!is_changed(touched))
			continue;
		if (!(*changed)++)
			*first = touched;
		*happened = touched->ticket->events.v[touched->ticket->events.n - 1].at;
		if (change->past && (failed = desk_update_clocks(change->desk, touched->ticket, err)))
			return failed;
		buf_truncate(&text, 0);
		ticket_write(touched->ticket, &text);
		if ((failed = store_change_put(change->files, touched->path, text.p, text.n, err)))
			return failed;
	}
	return 0;
}

int change_commit(struct change *change, bool dry_run, struct ticket_error *err)
{
	struct stamp happened = stamp_at(change->desk->zone, change->desk->context.now_s);
	const struct touched *first = NULL;
	_cleanup_buf_ struct buf message = {0};
	size_t changed = 0;
	int failed;

	if ((failed = put_tickets(change, &changed, &first, &happened, err)))
		return failed;
	if ((!changed && !change->other_files) || dry_run)
		return 0;
	if (change->subject)
		buf_puts(&message, change->subject);
	else
		default_subject(change, changed, first, &message);
	buf_puts(&message, changed ? "\n\n" : "\n");
	if (changed)
		add_trailers(change, changed, &message);
	/* What the commit seals can only be opened with keys that are on disk. */
	if ((failed = register_flush(change, err)) || (failed = surveys_before_commit(change, err)) || (failed = ballots_prepare(change, err)))
		return failed;
	failed = commit_files(change, message.p, &happened, err);
	ballots_settle(change, !failed);
	if (failed)
		return failed;
	surveys_after_commit(change);
	if (!change->joined)
		tell_index(change, changed);
	return 0;
}
