/* SPDX-License-Identifier: MIT */
/* The feed of changes: events as JSON Lines for other engines; see ticket/export.h and ticket-export(1). */
#include "desk/desk.h"
#include "flow/flow.h"
#include "model/event.h"
#include "model/ticket.h"
#include "ticket/export.h"
#include "ticket/text.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

#define TEXT_LIMIT ((size_t)8 << 20) /* bytes of lines that are held in memory; the first feed of a large desk has gigabytes */

/* What is told of the ticket, as it stood after each event. */
static const struct {
	const char *name, *object, *member;
} dimensions[] = {
	{"ticket_received", NULL, "received"},     {"ticket_channel", NULL, "channel"},       {"ticket_customer", "customer", "id"},
	{"ticket_subject", NULL, "subject"},       {"ticket_types", NULL, "types"},           {"ticket_category", NULL, "category"},
	{"ticket_grade", NULL, "grade"},           {"ticket_priority", NULL, "priority"},     {"ticket_risk", NULL, "risk"},
	{"ticket_departments", NULL, "departments"}, {"ticket_state", NULL, "state"},         {"ticket_cycle", NULL, "cycle"},
	{"ticket_group", NULL, "group"},           {"ticket_assignee", NULL, "assignee"},     {"ticket_level", NULL, "level"},
	{"ticket_delayed", NULL, "delayed"},       {"ticket_quarantined", NULL, "quarantined"},
};

struct line {
	int64_t recorded_s;
	const char *ticket; /* borrowed from the feed's numbers */
	size_t position;
	size_t from, n; /* where it lies in all the text of the feed */
};

/* A ticket's file that is new under its name; read once it is known which files are gone. */
struct pending {
	struct oid id;
	char *path;
};

/* A ticket that lay under a name where it is no more. */
struct gone {
	struct ticket *ticket; /* owned */
	bool found;            /* elsewhere */
};

struct feed {
	struct desk *desk;
	const struct changes_job *job;
	struct changes_made *made;
	bool whole; /* there is nothing before */
	struct {
		const struct codec_field *field;
		size_t offset; /* of the object it is in */
	} fields[ARRAY_SIZE(dimensions)];
	LIST(struct pending) pending;
	LIST(struct gone) gone; /* by uid, once all are known */
	struct texts numbers;
	LIST(struct line) lines;
	struct buf text; /* of the lines, as they were found: they are put in order in the end */
	FILE *spilled;   /* what came before that; a file without a name, NULL when all is in 'text' */
	size_t spilled_n;
	int spill_errno; /* of what could not be written there */
};

/* --- an event as a line ---------------------------------------------------------------------------------------- */

static void write_dimensions(const struct feed *feed, const struct ticket *ticket, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(dimensions); i++) {
		const struct codec_field *field = feed->fields[i].field;
		const void *object = (const char *)ticket + feed->fields[i].offset;

		buf_addf(out, ",\"%s\":", dimensions[i].name);
		if ((field->type == CODEC_TEXT || field->type == CODEC_TIME) && !codec_member_present(field, object))
			buf_puts(out, "null");
		else
			codec_write_member(field, object, out);
	}
}

/* Members that this version does not know stand by themselves: none of them can be taken for one of the feed's own. */
static char *body_of(const struct feed *feed, const struct ticket *ticket, size_t i)
{
	struct event *event = &ticket->events.v[i];
	_cleanup_free_ char *extra = steal_ptr(event->extra);
	struct buf out = {0};
	size_t at;

	buf_puts(&out, "\"ticket\":");
	json_quote(&out, ticket->id);
	buf_puts(&out, ",\"ticket_uid\":");
	json_quote(&out, ticket->uid);
	buf_addf(&out, ",\"position\":%zu", i + 1);
	at = out.n;
	codec_write_compact(&event_codec, event, &out);
	out.p[at] = ',';
	buf_truncate(&out, out.n - 1);
	if (extra)
		buf_addf(&out, ",\"extra\":{%s}", extra);
	write_dimensions(feed, ticket, &out);
	buf_putc(&out, '}');
	event->extra = steal_ptr(extra);
	return buf_steal(&out);
}

/* Folds the ticket anew; after each event its line, but for the kind, is added to 'bodies'. */
static void tell(const struct feed *feed, struct ticket *ticket, struct texts *bodies)
{
	size_t n = ticket->events.n;

	flow_unfold(ticket, feed->desk->policy);
	for (size_t i = 0; i < n; i++) {
		ticket->events.n = i + 1;
		flow_fold(ticket, feed->desk->policy, &ticket->events.v[i]);
		*list_push(bodies) = body_of(feed, ticket, i);
	}
	ticket->events.n = n;
}

static void spill(struct feed *feed)
{
	if (!feed->spilled && !(feed->spilled = tmpfile()))
		feed->spill_errno = errno;
	else if (fwrite(feed->text.p, 1, feed->text.n, feed->spilled) != feed->text.n || fflush(feed->spilled) != 0)
		feed->spill_errno = errno;
	feed->spilled_n += feed->text.n;
	buf_truncate(&feed->text, 0);
}

static void add_line(struct feed *feed, const char *kind, const char *number, const struct event *event, size_t position, const char *body)
{
	size_t at = feed->text.n;

	buf_addf(&feed->text, "{\"format\":1,\"kind\":\"%s\",", kind);
	buf_puts(&feed->text, body);
	buf_putc(&feed->text, '\n');
	*list_push(&feed->lines) = (struct line){event->recorded.s, number, position, feed->spilled_n + at, feed->text.n - at};
	if (feed->text.n >= TEXT_LIMIT)
		spill(feed);
}

/* --- one ticket ------------------------------------------------------------------------------------------------ */

/* The place of an event by its id, most often the one it had; the number of events when it is not there. */
static size_t find_event(const struct ticket *ticket, const char *id, size_t likely)
{
	if (likely < ticket->events.n && text_equal(ticket->events.v[likely].id, id))
		return likely;
	for (size_t i = 0; i < ticket->events.n; i++)
		if (text_equal(ticket->events.v[i].id, id))
			return i;
	return ticket->events.n;
}

static void add_new(struct feed *feed, const struct ticket *old, const struct texts *told, const struct ticket *new, const struct texts *bodies)
{
	const char *number = feed->numbers.v[feed->numbers.n - 1];
	size_t before = feed->made->events;

	for (size_t i = 0; i < new->events.n; i++) {
		const struct event *event = &new->events.v[i];
		size_t was = old ? find_event(old, event->id, i) : 0;

		if (!old || was == old->events.n) {
			feed->made->events++;
			add_line(feed, "event", number, event, i, bodies->v[i]);
		} else if (!codec_equal(&event_codec, &old->events.v[was], event)) {
			feed->made->changed++;
			add_line(feed, "changed", number, event, i, bodies->v[i]);
		} else if (strcmp(told->v[was], bodies->v[i]) != 0) {
			feed->made->restated++;
			add_line(feed, "restated", number, event, i, bodies->v[i]);
		}
	}
	feed->made->tickets += feed->made->events > before;
}

static void add_removed(struct feed *feed, const struct ticket *old, const struct texts *told, const struct ticket *new)
{
	for (size_t i = 0; i < old->events.n; i++) {
		if (new && find_event(new, old->events.v[i].id, i) < new->events.n)
			continue;
		feed->made->removed++;
		add_line(feed, "removed", feed->numbers.v[feed->numbers.n - 1], &old->events.v[i], i, told->v[i]);
	}
}

/* Either may be NULL. Both are folded anew. */
static void compare(struct feed *feed, struct ticket *old, struct ticket *new)
{
	struct texts told = {0}, bodies = {0};

	if (feed->job->query && !query_matches(feed->job->query, new ? new : old))
		return;
	texts_add(&feed->numbers, new ? new->id : old->id);
	if (old)
		tell(feed, old, &told);
	if (new)
		tell(feed, new, &bodies);
	if (new)
		add_new(feed, old, &told, new, &bodies);
	if (old)
		add_removed(feed, old, &told, new);
	texts_release(&told);
	texts_release(&bodies);
}

/* --- all that differ ------------------------------------------------------------------------------------------- */

static int cannot_hold(const struct feed *feed, struct ticket_error *err)
{
	return ticket_fail(err, TICKET_STORAGE, "no temporary file can hold what is to be sorted: %s", strerror(feed->spill_errno));
}

static int read_ticket(const struct feed *feed, const struct oid *id, const char *path, struct ticket **out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	int failed = store_read_blob(feed->desk->store, id, &text, err);

	return failed ? failed : ticket_read(out, text.p ? text.p : "", text.n, path, err);
}

/* A ticket that lies elsewhere now, because it was given another number, is found again by its uid: see add_pending. */
static int see_file(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct feed *feed = data;
	_cleanup_ticket_ struct ticket *old = NULL, *new = NULL;
	int failed;

	if (entry->is_folder || entry->is_link || !text_ends(entry->name, ".json"))
		return 0;
	if (feed->spill_errno)
		return cannot_hold(feed, err);
	if (!oid_is_zero(&entry->old_id) && (failed = read_ticket(feed, &entry->old_id, entry->path, &old, err)))
		return failed;
	if (!oid_is_zero(&entry->id) && (old || feed->whole) && (failed = read_ticket(feed, &entry->id, entry->path, &new, err)))
		return failed;
	if (new && (feed->whole || text_equal(old->uid, new->uid))) {
		compare(feed, old, new);
		return 0;
	}
	if (old)
		*list_push(&feed->gone) = (struct gone){steal_ptr(old), false};
	if (!oid_is_zero(&entry->id))
		*list_push(&feed->pending) = (struct pending){entry->id, xstrdup(entry->path)};
	return 0;
}

static int compare_uids(const void *a, const void *b)
{
	return strcmp(((const struct gone *)a)->ticket->uid, ((const struct gone *)b)->ticket->uid);
}

static int add_pending(struct feed *feed, struct ticket_error *err)
{
	if (feed->gone.n)
		qsort(feed->gone.v, feed->gone.n, sizeof(*feed->gone.v), compare_uids);
	for (size_t i = 0; i < feed->pending.n; i++) {
		_cleanup_ticket_ struct ticket *new = NULL;
		struct gone *was = NULL;
		int failed = read_ticket(feed, &feed->pending.v[i].id, feed->pending.v[i].path, &new, err);

		if (failed)
			return failed;
		if (feed->gone.n)
			was = bsearch(&(struct gone){new, false}, feed->gone.v, feed->gone.n, sizeof(*feed->gone.v), compare_uids);
		compare(feed, was ? was->ticket : NULL, new);
		if (was)
			was->found = true;
	}
	for (size_t i = 0; i < feed->gone.n; i++)
		if (!feed->gone.v[i].found)
			compare(feed, feed->gone.v[i].ticket, NULL);
	return 0;
}

/* --- where from and where to ----------------------------------------------------------------------------------- */

static int is_commit(const struct store_commit *commit, void *data, struct ticket_error *err)
{
	return oid_equal(&commit->id, data);
}

/* 1 when 'commit' is 'of' or came before it, 0 when not. */
static int came_before(struct store *store, struct oid commit, const struct oid *of, struct ticket_error *err)
{
	return store_history(store, of, NULL, is_commit, &commit, err);
}

static int find_since(struct feed *feed, struct snapshot *since, struct ticket_error *err)
{
	struct desk *desk = feed->desk;
	const char *word = feed->job->since;
	struct stamp at;
	bool is_time = time_parse(&at, word, desk->zone, desk->context.now_s, NULL) == 0;
	int found = desk_revision(desk, word, since, err);

	if (found == TICKET_NOTFOUND && is_time) {
		*since = (struct snapshot){0};
		feed->whole = true;
		return 0;
	}
	if (found == TICKET_NOTFOUND && strlen(word) == OID_HEX_SIZE - 1)
		return ticket_fail(err, found, "this desk has no revision '%s'; all its events come anew with --changes-since 1970-01-01", word);
	if (found || is_time)
		return found;
	if ((found = came_before(desk->store, since->commit, &desk->head.commit, err)) < 0)
		return found;
	feed->made->rewritten = !found;
	if (found || !feed->job->until)
		return 0;
	if ((found = came_before(desk->store, desk->head.commit, &since->commit, err)) > 0)
		return ticket_fail(err, TICKET_USAGE, "'%s' came before '%s'; --changes-since takes the earlier of the two", feed->job->until, word);
	return found;
}

/* --- putting it out -------------------------------------------------------------------------------------------- */

static int compare_lines(const void *a, const void *b)
{
	const struct line *one = a, *two = b;
	int order;

	if (one->recorded_s != two->recorded_s)
		return one->recorded_s < two->recorded_s ? -1 : 1;
	if ((order = strcmp(one->ticket, two->ticket)))
		return order;
	if (one->position != two->position)
		return one->position < two->position ? -1 : 1;
	return one->from < two->from ? -1 : 1;
}

static int put_lines(struct feed *feed, FILE *out, struct ticket_error *err)
{
	const char *text = feed->text.p;

	if (feed->lines.n)
		qsort(feed->lines.v, feed->lines.n, sizeof(*feed->lines.v), compare_lines);
	if (feed->spilled) {
		spill(feed);
		text = feed->spill_errno ? MAP_FAILED : mmap(NULL, feed->spilled_n, PROT_READ, MAP_PRIVATE, fileno(feed->spilled), 0);
		if (text == MAP_FAILED) {
			feed->spill_errno = feed->spill_errno ? feed->spill_errno : errno;
			return cannot_hold(feed, err);
		}
	}
	for (size_t i = 0; i < feed->lines.n; i++)
		fwrite(text + feed->lines.v[i].from, 1, feed->lines.v[i].n, out);
	if (feed->spilled)
		munmap((void *)text, feed->spilled_n);
	return 0;
}

static int put_out(struct feed *feed, const struct snapshot *since, FILE *out, struct ticket_error *err)
{
	const struct changes_made *made = feed->made;
	char hex[OID_HEX_SIZE];
	int failed;

	if ((failed = put_lines(feed, out, err)))
		return failed;
	fprintf(out, "{\"format\":1,\"kind\":\"cursor\",\"revision\":\"%s\",\"since\":", made->revision);
	fprintf(out, feed->whole ? "null" : "\"%s\"", oid_hex(hex, &since->commit));
	fprintf(out, ",\"tickets\":%zu,\"events\":%zu,\"restated\":%zu,\"changed\":%zu,\"removed\":%zu,\"rewritten\":%s}\n", made->tickets, made->events, made->restated,
		made->changed, made->removed, made->rewritten ? "true" : "false");
	return ferror(out) ? ticket_fail(err, TICKET_STORAGE, "the export cannot be written") : 0;
}

static void feed_release(struct feed *feed)
{
	for (size_t i = 0; i < feed->pending.n; i++)
		free(feed->pending.v[i].path);
	for (size_t i = 0; i < feed->gone.n; i++)
		ticket_free(feed->gone.v[i].ticket);
	free(feed->pending.v);
	free(feed->gone.v);
	free(feed->lines.v);
	texts_release(&feed->numbers);
	buf_release(&feed->text);
	if (feed->spilled)
		fclose(feed->spilled);
}

int export_changes(FILE *out, struct desk *desk, const struct changes_job *job, struct changes_made *made, struct ticket_error *err)
{
	struct feed feed = {.desk = desk, .job = job, .made = made};
	struct snapshot since;
	int failed;

	*made = (struct changes_made){0};
	oid_hex(made->revision, &desk->head.commit);
	for (size_t i = 0; i < ARRAY_SIZE(dimensions); i++) {
		const struct codec_field *object = dimensions[i].object ? codec_field(&ticket_codec, dimensions[i].object) : NULL;

		feed.fields[i].field = codec_field(object ? object->sub : &ticket_codec, dimensions[i].member);
		feed.fields[i].offset = object ? object->offset : 0;
	}
	if (!(failed = find_since(&feed, &since, err)) && !(failed = store_changes(desk->store, &since.tree, &desk->head.tree, TICKETS_FOLDER, see_file, &feed, err)) &&
	    !(failed = add_pending(&feed, err)))
		failed = put_out(&feed, &since, out, err);
	feed_release(&feed);
	return failed;
}
