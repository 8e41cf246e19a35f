/* SPDX-License-Identifier: MIT */
/* fsck: see ticket/fsck.h. */
#include "fsck/fsck.h"

#include "desk/index.h"
#include "flow/flow.h"
#include "model/event.h"
#include "model/ticket.h"
#include "ticket/language.h"

#include <search.h>
#include <stdarg.h>

/* What must not occur twice: an identity, and where it was first seen. */
struct identity {
	char *id, *where;
};

struct check {
	struct desk *desk;
	findings *found;
	size_t tickets;
	void *identities; /* tsearch tree of struct identity */
	struct texts checked; /* digests whose content was read */
	void *customers;      /* tsearch tree of struct reference: each number once */
	references named;     /* the same in a list; owns nothing */
};

#define report(check, where, ...) fsck_report((check)->found, where, __VA_ARGS__)

void fsck_report(findings *found, const char *where, const char *format, ...)
{
	struct finding *finding = list_push(found);
	va_list args;

	finding->where = xstrdup(where);
	va_start(args, format);
	if (vasprintf(&finding->what, language_finding(format), args) < 0)
		abort();
	va_end(args);
}

static void compare_texts(findings *found, const char *where, const char *key, const char *is, const char *should_be)
{
	if (!text_equal(is, should_be))
		fsck_report(found, where, "%s is '%s', but the events make it '%s'", key, is, should_be);
}

static char *item_text(const struct codec *codec, const void *item)
{
	struct buf out = {0};

	if (item)
		codec_write_compact(codec, item, &out);
	return buf_steal(&out);
}

/* Lists item by item, each called by its first member: "clocks[plan].due". */
static void compare_lists(findings *found, const char *where, const struct codec_field *field, const void *stored, const void *folded)
{
	const struct any_list *is = member_at(stored, field), *should_be = member_at(folded, field);
	const struct codec *codec = field->sub;

	for (size_t i = 0; i < is->n || i < should_be->n; i++) {
		const void *a = i < is->n ? item_at(is, i, codec) : NULL, *b = i < should_be->n ? item_at(should_be, i, codec) : NULL;
		_cleanup_free_ char *name = codec_member_text(codec->fields, a ? a : b), *other = codec_member_text(codec->fields, b ? b : a);
		_cleanup_free_ char *item = xasprintf("%s[%s]", field->key, name), *whole_a = item_text(codec, a), *whole_b = item_text(codec, b);

		if (!a || !b || !text_equal(name, other)) {
			compare_texts(found, where, item, whole_a, whole_b);
			continue;
		}
		for (const struct codec_field *member = codec->fields; member->key; member++) {
			_cleanup_free_ char *key = xasprintf("%s.%s", item, member->key), *x = codec_member_text(member, a), *y = codec_member_text(member, b);

			compare_texts(found, where, key, x, y);
		}
	}
}

size_t fsck_compare(findings *found, const char *where, const struct codec *codec, const void *stored, const void *folded)
{
	size_t before = found->n;

	for (const struct codec_field *field = codec->fields; field->key; field++) {
		_cleanup_free_ char *is = NULL, *should_be = NULL;

		if (text_equal(field->key, "events"))
			continue;
		is = codec_member_text(field, stored);
		should_be = codec_member_text(field, folded);
		if (field->type != CODEC_LIST)
			compare_texts(found, where, field->key, is, should_be);
		else if (!text_equal(is, should_be))
			compare_lists(found, where, field, stored, folded);
	}
	return found->n - before;
}

void fsck_bytes(findings *found, const char *where, const struct codec *codec, const void *record, const struct buf *text)
{
	_cleanup_buf_ struct buf again = {0};

	codec_write(codec, record, &again);
	if (again.n != text->n || memcmp(again.p, text->p, text->n) != 0)
		fsck_report(found, where, "the file is not written as ticket writes it (spacing, order of keys or line ends)");
}

/* --- identities ------------------------------------------------------------------------------------------------ */

static int compare_identities(const void *a, const void *b)
{
	return strcmp(((const struct identity *)a)->id, ((const struct identity *)b)->id);
}

static void free_identity(void *node)
{
	struct identity *identity = node;

	free(identity->id);
	free(identity->where);
	free(identity);
}

static void check_unique(struct check *check, const char *kind, const char *id, const char *where)
{
	struct identity *identity = xcalloc(1, sizeof(*identity)), **known;

	identity->id = xasprintf("%s %s", kind, id);
	identity->where = xstrdup(where);
	known = tsearch(identity, &check->identities, compare_identities);
	if (*known == identity)
		return;
	report(check, where, "the %s is also that of %s", identity->id, (*known)->where); /* "uid 1f…": a member and its value */
	free_identity(identity);
}

/* --- one ticket ------------------------------------------------------------------------------------------------ */

static void check_place(struct check *check, const struct ticket *ticket, const char *path)
{
	_cleanup_free_ char *right = NULL;

	if (desk_ticket_path(check->desk, ticket->id, &right, NULL))
		report(check, path, "'%s' is no number of this desk", ticket->id);
	else if (!text_equal(right, path))
		report(check, path, "ticket '%s' belongs in %s", ticket->id, right);
}

/* Whether he is there is asked once all tickets are read. */
static int compare_references(const void *a, const void *b)
{
	return strcmp(((const struct reference *)a)->id, ((const struct reference *)b)->id);
}

static void free_reference(void *node)
{
	struct reference *reference = node;

	free(reference->id);
	free(reference->where);
	free(reference);
}

static void note_customer(struct check *check, const struct ticket *ticket, const char *path)
{
	struct reference named = {ticket->customer.id, NULL}, *reference;

	if (!named.id || tfind(&named, &check->customers, compare_references))
		return;
	reference = xcalloc(1, sizeof(*reference));
	*reference = (struct reference){xstrdup(named.id), xstrdup(path)};
	tsearch(reference, &check->customers, compare_references);
	*list_push(&check->named) = *reference;
}

/* The clocks are a function of the events and the rules: computed again, they must come out the same. */
static void compute_clocks(struct check *check, struct ticket *replay, const char *path)
{
	struct ticket_error why = {0};

	if (desk_update_clocks(check->desk, replay, &why))
		report(check, path, "its clocks cannot be computed: %s", why.message);
}

/* Did the event follow in this version of its ticket? */
static int follows_in(struct desk *desk, const struct buf *text, const char *path, const char *event)
{
	_cleanup_ticket_ struct ticket *ticket = NULL;
	size_t n, i;
	bool follows = false;

	if (ticket_read(&ticket, text->p ? text->p : "", text->n, path, NULL))
		return 0;
	n = ticket->events.n;
	flow_clear(ticket);
	for (i = 0; i < n && !text_equal(ticket->events.v[i].id, event); i++) {
		ticket->events.n = i + 1;
		flow_fold(ticket, desk->policy, &ticket->events.v[i]);
	}
	ticket->events.n = i;
	if (i < n)
		follows = flow_check(ticket, desk->policy, &ticket->events.v[i], FLOW_PAST, NULL) == 0;
	ticket->events.n = n; /* all of them are released with it */
	return follows;
}

/* Two desks that were apart may each have recorded what does not follow from the other's; and what parts their numbers need not. */
static bool followed_apart(struct check *check, const struct ticket *ticket, const struct event *event, const char *path)
{
	struct texts paths = {0};
	bool followed;

	if (event->automatic && text_equal(event->by, EVENT_BY_SYNC))
		return true;
	texts_add(&paths, path);
	for (size_t i = 0; i < ticket->aliases.n; i++) {
		char *former = NULL;

		if (desk_ticket_path(check->desk, ticket->aliases.v[i], &former, NULL) == 0)
			*list_push(&paths) = former;
	}
	followed = fsck_followed_apart(check->desk, &paths, event->id, follows_in);
	texts_release(&paths);
	return followed;
}

/* Replays the events on an empty fold: each must follow from what stood before it. */
static void check_events(struct check *check, const struct ticket *ticket, const char *path)
{
	_cleanup_ticket_ struct ticket *replay = ticket_copy(ticket);
	const struct policy *policy = check->desk->policy;
	size_t n = replay->events.n;
	int64_t last = INT64_MIN;

	flow_clear(replay);
	if (!n || replay->events.v[0].kind != EVENT_OPENED)
		report(check, path, "the first event is not 'opened'");
	for (size_t i = 0; i < n; i++) {
		const struct event *event = &replay->events.v[i];
		struct ticket_error why = {0};

		check_unique(check, "event", event->id, path);
		if (event->recorded.s < last)
			report(check, path, "events[%zu] (%s) was recorded before the one ahead of it", i, event_word((enum event_kind)event->kind));
		last = event->recorded.s;
		replay->events.n = i;
		if (flow_check(replay, policy, event, FLOW_PAST, &why) && !followed_apart(check, ticket, event, path))
			report(check, path, "events[%zu] (%s) cannot follow: %s", i, event_word((enum event_kind)event->kind), why.message);
		replay->events.n = i + 1;
		flow_fold(replay, policy, event);
	}
	compute_clocks(check, replay, path);
	fsck_compare(check->found, path, &ticket_codec, ticket, replay);
}

static void check_attachments(struct check *check, const struct ticket *ticket, const char *path)
{
	for (size_t i = 0; i < ticket->attachments.n; i++) {
		const struct attachment *attachment = &ticket->attachments.v[i];
		_cleanup_buf_ struct buf content = {0};
		struct ticket_error why = {0};

		if (texts_have(&check->checked, attachment->digest))
			continue;
		texts_add(&check->checked, attachment->digest);
		if (desk_attachment(check->desk, attachment, &content, &why))
			report(check, path, "%s", why.message);
		else if ((int64_t)content.n != attachment->size_bytes)
			report(check, path, "'%s' has %zu bytes, not %lld", attachment->name, content.n, (long long)attachment->size_bytes);
	}
}

static int check_file(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct check *check = data;
	_cleanup_buf_ struct buf text = {0};
	_cleanup_ticket_ struct ticket *ticket = NULL;
	struct ticket_error why = {0};

	if (entry->is_link || !text_ends(entry->path, ".json")) {
		report(check, entry->path, "is no ticket file");
		return 0;
	}
	if (store_read_blob(check->desk->store, &entry->id, &text, &why) || ticket_read(&ticket, text.p ? text.p : "", text.n, entry->path, &why)) {
		report(check, entry->path, "%s", why.message);
		return 0;
	}
	check->tickets++;
	check_place(check, ticket, entry->path);
	check_unique(check, "uid", ticket->uid, entry->path);
	if (ticket->source.key)
		check_unique(check, "source key", ticket->source.key, entry->path);
	note_customer(check, ticket, entry->path);
	fsck_bytes(check->found, entry->path, &ticket_codec, ticket, &text);
	check_events(check, ticket, entry->path);
	check_attachments(check, ticket, entry->path);
	return 0;
}

/* --- the checkout ---------------------------------------------------------------------------------------------- */

struct differences {
	struct check *check;
	bool repair;
	struct texts paths;
};

static int note_difference(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct differences *differences = data;

	if (oid_is_zero(&entry->old_id))
		report(differences->check, entry->path, "is in the work tree, but not in HEAD; commit it or move it away");
	else if (differences->repair)
		texts_add(&differences->paths, entry->path);
	else
		report(differences->check, entry->path, "differs from HEAD; commit it, or bring it back with: ticket fsck --repair");
	return 0;
}

static int check_checkout(struct check *check, bool repair, struct ticket_error *err)
{
	struct differences differences = {check, repair, {0}};
	int failed;

	if (store_checkout(check->desk->store) == CHECKOUT_NONE)
		return 0;
	failed = store_checkout_differences(check->desk->store, TICKETS_FOLDER, note_difference, &differences, err);
	for (size_t i = 0; i < differences.paths.n && !failed; i++)
		failed = store_checkout_restore(check->desk->store, differences.paths.v[i], err);
	texts_release(&differences.paths);
	return failed;
}

/* The index can be thrown away at any time; but while it is there its answers must be the desk's. */
static int check_index(struct check *check, bool repair, struct ticket_error *err)
{
	struct desk *desk = check->desk;
	_cleanup_(index_close_p) struct index *index = NULL;
	struct texts differences = {0};
	size_t n;
	int failed = oid_is_zero(&desk->head.commit) ? 0 : desk_index(desk, NULL, &index, err);

	if (failed || !index)
		return failed;
	failed = index_verify(index, &differences, err);
	for (size_t i = 0; !failed && !repair && i < differences.n; i++)
		report(check, "index", "%s; build it anew with: ticket fsck --repair", differences.v[i]);
	n = differences.n;
	texts_release(&differences);
	if (failed || !repair || !n)
		return failed;
	index_close(steal_ptr(index));
	return index_rebuild(desk->store, &(struct index_rules){desk->policy, desk_find_rules, desk}, &desk->head, desk->context.progress, desk->context.progress_data, err);
}

static int check_memo(struct check *check, bool repair, struct ticket_error *err)
{
	bool right;
	int failed = rules_check_memo(check->desk, repair, &right, err);

	if (!failed && !right && !repair)
		report(check, POLICY_FILE, "what is remembered of it is not what it says; set it right with: ticket fsck --repair");
	return failed;
}

int desk_fsck(struct desk *desk, bool repair, findings *found, size_t *tickets, struct ticket_error *err)
{
	struct check check = {.desk = desk, .found = found};
	int failed = 0;

	/* Working files on their way from one commit to the next are no finding. */
	if (!repair)
		store_tidy(desk->store);
	else if ((failed = store_lock(desk->store, desk->context.lock_wait_ms, err)))
		return failed;
	if (!(failed = desk_refresh(desk, err)) && !(failed = check_memo(&check, repair, err)))
		failed = store_changes(desk->store, &(struct oid){{0}}, &desk->head.tree, TICKETS_FOLDER, check_file, &check, err);
	if (!failed)
		failed = fsck_customers(desk, &check.named, found, err);
	if (!failed)
		failed = fsck_articles(desk, found, err);
	if (!failed)
		failed = fsck_surveys(desk, found, err);
	if (!failed)
		failed = fsck_actions(desk, found, err);
	if (!failed)
		failed = fsck_journal(desk, found, err);
	if (!failed)
		failed = check_checkout(&check, repair, err);
	if (!failed)
		failed = check_index(&check, repair, err);
	if (repair)
		store_unlock(desk->store);
	tdestroy(check.identities, free_identity);
	tdestroy(check.customers, free_reference);
	free(check.named.v);
	texts_release(&check.checked);
	*tickets = check.tickets;
	return failed;
}
