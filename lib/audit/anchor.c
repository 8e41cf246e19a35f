/* SPDX-License-Identifier: MIT */
/* Anchors: a line that is kept elsewhere, since a history that was rewritten as a whole bears no sign of it within. */
#include "audit/audit.h"

#include "model/ticket.h"

#define WORDS "ticket anchor 1 "

/* --- taking one --------------------------------------------------------------------------------------------------- */

struct tally {
	struct desk *desk;
	struct ticket_view view;
	struct audit_anchor *out;
};

static int count_ticket(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct tally *tally = data;
	const struct desk_context *context = &tally->desk->context;
	_cleanup_buf_ struct buf text = {0};
	int failed;

	if (entry->is_link || !text_ends(entry->name, ".json"))
		return 0;
	if ((failed = store_read_blob(tally->desk->store, &entry->id, &text, err)) || (failed = ticket_view(&tally->view, text.p ? text.p : "", text.n, entry->path, err)))
		return failed;
	tally->out->tickets++;
	tally->out->events += (int64_t)tally->view.ticket.events.n;
	if (context->progress && tally->out->tickets % 1024 == 0)
		context->progress(context->progress_data, "counting tickets", (size_t)tally->out->tickets, 0);
	return 0;
}

int audit_anchor_take(struct desk *desk, struct audit_anchor *out, struct ticket_error *err)
{
	struct tally tally = {.desk = desk, .out = out};
	oids tip = {0}, all = {0};
	int failed;

	*out = (struct audit_anchor){.taken = stamp_at(desk->zone, desk->context.now_s)};
	oid_hex(out->commit, &desk->head.commit);
	*list_push(&tip) = desk->head.commit;
	if (!(failed = store_commits(desk->store, &tip, NULL, &all, err)))
		failed = store_changes(desk->store, &(struct oid){{0}}, &desk->head.tree, TICKETS_FOLDER, count_ticket, &tally, err);
	out->commits = (int64_t)all.n;
	ticket_view_release(&tally.view);
	free(tip.v);
	free(all.v);
	return failed;
}

/* --- as text ------------------------------------------------------------------------------------------------------ */

/* "ticket anchor 1 TIME COMMIT 1204 commits 350 tickets 2890 events": words, so that it can be read out and typed again. */
char *audit_anchor_line(const struct audit_anchor *anchor)
{
	char taken[STAMP_SIZE];

	return xasprintf(WORDS "%s %s %lld commits %lld tickets %lld events", stamp_format(taken, &anchor->taken), anchor->commit, (long long)anchor->commits,
			 (long long)anchor->tickets, (long long)anchor->events);
}

static bool read_anchor(struct audit_anchor *out, const char *line)
{
	char taken[STAMP_SIZE];
	long long commits, tickets, events;
	struct oid commit;

	*out = (struct audit_anchor){0};
	if (sscanf(line, WORDS "%39s %40[0-9a-f] %lld commits %lld tickets %lld events", taken, out->commit, &commits, &tickets, &events) != 5 ||
	    stamp_parse(&out->taken, taken, NULL) || !oid_from_hex(&commit, out->commit))
		return false;
	out->commits = commits;
	out->tickets = tickets;
	out->events = events;
	return true;
}

void audit_anchors_read(audit_anchors *out, const char *text)
{
	struct audit_anchor anchor;

	for (const char *p = text; (p = strstr(p, WORDS)); p += strlen(WORDS))
		if (read_anchor(&anchor, p))
			*list_push(out) = anchor;
}

int audit_anchors_name(audit_anchors *out, struct desk *desk, const char *word, struct ticket_error *err)
{
	struct audit_anchor anchor = {0};
	struct snapshot snapshot;
	struct oid id;
	int failed;

	/* A whole id names a commit even where it is nowhere to be found any more. */
	if (oid_from_hex(&id, word)) {
		oid_hex(anchor.commit, &id);
	} else {
		if ((failed = desk_revision(desk, word, &snapshot, err)))
			return failed;
		oid_hex(anchor.commit, &snapshot.commit);
	}
	*list_push(out) = anchor;
	return 0;
}
