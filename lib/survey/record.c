/* SPDX-License-Identifier: MIT */
/* Steps of surveys recorded: by number or by code, from the command line or from questionnaires. */
#include "desk/change.h"
#include "model/event.h"
#include "ticket/survey.h"

/* Whoever enters a coded questionnaire must not learn from a refusal whose it is. */
static int refuse_coded(const char *code, int failed, struct ticket_error *err)
{
	if (failed != TICKET_REFUSED)
		return failed;
	return ticket_fail(err, TICKET_REFUSED, "the questionnaire '%s' cannot be taken: its survey is over, or it is for somebody else to enter", code);
}

static int record_one(struct change *change, const char *word, const struct event *event, survey_visitor *after, void *data, struct ticket_error *err)
{
	_cleanup_free_ char *number = NULL;
	struct event copy = {0};
	struct ticket *ticket;
	bool coded;
	int failed;

	if ((failed = survey_ticket(change->desk, word, &number, &coded, err)) || (failed = change_ticket(change, number, &ticket, err)))
		return failed;
	event_copy(&copy, event);
	if ((failed = change_record(change, ticket, &copy, NULL, err)))
		return coded ? refuse_coded(word, failed, err) : failed;
	return after ? after(word, coded ? NULL : ticket, data, err) : 0;
}

int survey_record(struct desk *desk, const struct texts *words, const struct event *event, bool dry_run, survey_visitor *after, void *data, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	int failed = change_begin(&change, desk, err);

	for (size_t i = 0; i < words->n && !failed; i++)
		failed = record_one(change, words->v[i], event, after, data, err);
	return failed ? failed : change_commit(change, dry_run, err);
}

static int enter_one(struct change *change, const struct questionnaire *one, const struct stamp *at, survey_visitor *after, void *data, struct ticket_error *err)
{
	/* The strings stay the questionnaire's: the record copies them. */
	const struct event event = {
		.kind = EVENT_SURVEY, .at = *at, .step = (char *)"answered", .text = one->suggestion, .contact = one->contact, .scores = one->scores,
	};

	return record_one(change, one->code, &event, after, data, err);
}

int survey_enter(struct desk *desk, const questionnaires *list, const struct stamp *at, bool dry_run, survey_visitor *after, void *data, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	int failed = change_begin(&change, desk, err);

	for (size_t i = 0; i < list->n && !failed; i++)
		failed = enter_one(change, &list->v[i], at, after, data, err);
	return failed ? failed : change_commit(change, dry_run, err);
}
