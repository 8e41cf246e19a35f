/* SPDX-License-Identifier: MIT */
/* Inspections on record: what came of draws, and reviews of the data (C19). See ticket/inspect.h. */
#include "ticket/inspect.h"

#include "desk/change.h"

const char *inspect_handler(const struct ticket *ticket)
{
	const char *handler = NULL;

	for (size_t i = 0; i < ticket->events.n; i++) {
		const struct event *event = &ticket->events.v[i];

		if (event->kind == EVENT_ASSIGNED && event->person)
			handler = event->person;
		if (event->kind == EVENT_RESOLVED && !event->automatic && !handler)
			handler = event->by;
	}
	return handler ? handler : "";
}

double inspect_score(const struct event *inspected)
{
	double sum = 0;

	for (size_t i = 0; i < inspected->scores.n; i++)
		sum += strtod(inspected->scores.v[i].value, NULL);
	return inspected->scores.n ? sum / (double)inspected->scores.n : 0;
}

struct visiting {
	struct desk *desk;
	const struct range *drawn;
	inspection_visitor *visit;
	void *data;
};

static int visit_draw(const struct journal_entry *entry, void *data, struct ticket_error *err)
{
	struct visiting *v = data;
	int ended = 0;

	if (!range_has(v->drawn, entry->at.s))
		return 0;
	for (size_t i = 0; i < entry->tickets.n && !ended; i++) {
		_cleanup_ticket_ struct ticket *ticket = NULL;
		struct inspection inspection = {.draw = entry};

		if ((ended = desk_read(v->desk, entry->tickets.v[i], &ticket, err)))
			return ended;
		inspection.ticket = ticket;
		inspection.handler = inspect_handler(ticket);
		for (size_t e = 0; e < ticket->events.n; e++)
			if (ticket->events.v[e].kind == EVENT_INSPECTED && ticket->events.v[e].recorded.s >= entry->recorded.s)
				inspection.event = &ticket->events.v[e];
		ended = v->visit(&inspection, v->data, err);
	}
	return ended;
}

int inspect_each(struct desk *desk, const struct range *drawn, inspection_visitor *visit, void *data, struct ticket_error *err)
{
	struct visiting v = {desk, drawn, visit, data};

	return journal_each(desk, "drawn", visit_draw, &v, err);
}

static void add_count(struct pairs *values, const char *name, size_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%zu", n);
	pairs_set(values, name, text);
}

int inspect_review(struct desk *desk, const struct review *review, bool dry_run, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	_cleanup_journal_entry_ struct journal_entry entry = {.act = xstrdup("reviewed"), .subject = xstrdup("data"), .text = xstrdup(review->text)};
	char until[STAMP_SIZE];
	int failed;

	if (review->period.from_s == INT64_MIN || review->period.until_s == INT64_MAX)
		return ticket_fail(err, TICKET_USAGE, "a review is of a period; give one with --month, --week, --day or --quarter");
	entry.from = stamp_at(desk->zone, review->period.from_s);
	entry.until = stamp_at(desk->zone, review->period.until_s);
	if (review->period.until_s > desk->context.now_s)
		return ticket_fail(err, TICKET_REFUSED, "the data cannot be reviewed before the period has ended, at %s", stamp_format(until, &entry.until));
	add_count(&entry.values, "tickets", review->tickets);
	add_count(&entry.values, "quarantined", review->quarantined);
	add_count(&entry.values, "standards_not_met", review->not_met);
	add_count(&entry.values, "findings", review->findings);
	if ((failed = change_begin(&change, desk, err)) || (failed = desk_allows(desk, "review_data", NULL, err)) || (failed = change_journal(change, &entry, err)))
		return failed;
	change_subject(change, "inspect: review of the data");
	return change_commit(change, dry_run, err);
}
