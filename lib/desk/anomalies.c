/* SPDX-License-Identifier: MIT */
/* Anomalies over a desk: see ticket/anomaly.h. */
#include "ticket/anomaly.h"

#include "desk/change.h"
#include "flow/flow.h"

struct wrong {
	char *number, *text;
	bool entry;
};

struct looking {
	struct desk *desk;
	const struct query *query;
	anomaly_visitor *visit;
	void *data;
	LIST(struct wrong) wrong;
};

/* Was it quarantined for just that? Whoever released it has looked at it. */
static bool is_seen(const struct ticket *ticket, const char *sentence)
{
	for (size_t i = 0; i < ticket->events.n; i++)
		if (ticket->events.v[i].kind == EVENT_QUARANTINED && ticket->events.v[i].text && strstr(ticket->events.v[i].text, sentence))
			return true;
	return false;
}

static int tell(struct looking *looking, const struct ticket *ticket, const struct anomaly *anomaly, struct buf *text, bool *entry, struct ticket_error *err)
{
	_cleanup_free_ char *sentence = anomaly_sentence(anomaly, looking->desk->policy->language);
	const char *cause = anomaly_cause(anomaly->kind);

	if (is_seen(ticket, sentence))
		return 0;
	buf_addf(text, "%s%s", text->n ? "\n" : "", sentence);
	*entry = *entry || text_equal(cause, "entry");
	return looking->visit(&(struct anomaly_found){ticket->id, anomaly_name(anomaly->kind), cause, sentence}, looking->data, err);
}

static int look(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct looking *looking = data;
	anomalies found = {0};
	struct buf text = {0};
	bool entry = false;
	int failed = 0;

	if (ticket->quarantined || ticket->state == STATE_MERGED || (looking->query && !query_matches(looking->query, ticket)))
		return 0;
	flow_anomalies(ticket, looking->desk->policy, &found);
	for (size_t i = 0; i < found.n && !failed; i++)
		failed = tell(looking, ticket, &found.v[i], &text, &entry, err);
	if (text.n && !failed)
		*list_push(&looking->wrong) = (struct wrong){xstrdup(ticket->id), xstrdup(text.p), entry};
	buf_release(&text);
	anomalies_release(&found);
	return failed;
}

static int set_apart(struct change *change, const struct wrong *wrong, struct ticket_error *err)
{
	struct event event = {.kind = EVENT_QUARANTINED};
	struct ticket *ticket;
	int failed = change_ticket(change, wrong->number, &ticket, err);

	if (failed)
		return failed;
	event.cause = xstrdup(wrong->entry ? "entry" : "system");
	event.text = xstrdup(wrong->text);
	return change_record(change, ticket, &event, NULL, err);
}

static int set_all_apart(struct change *change, const struct looking *looking, bool dry_run, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < looking->wrong.n && !failed; i++)
		failed = set_apart(change, &looking->wrong.v[i], err);
	return failed ? failed : change_commit(change, dry_run, err);
}

int desk_anomalies(struct desk *desk, const struct query *query, bool quarantine, bool dry_run, anomaly_visitor *visit, void *data, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	struct looking looking = {.desk = desk, .query = query, .visit = visit, .data = data};
	int failed;

	if (quarantine && (failed = change_begin(&change, desk, err)))
		return failed;
	failed = desk_each(desk, NULL, look, &looking, err);
	if (!failed && quarantine)
		failed = set_all_apart(change, &looking, dry_run, err);
	for (size_t i = 0; i < looking.wrong.n; i++) {
		free(looking.wrong.v[i].number);
		free(looking.wrong.v[i].text);
	}
	free(looking.wrong.v);
	return failed;
}
