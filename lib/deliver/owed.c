/* SPDX-License-Identifier: MIT */
/* From events to notices: see owed.h. */
#include "deliver/owed.h"

#include "deliver/owed-actions.h"
#include "deliver/render.h"
#include "desk/codes.h"
#include "flow/flow.h"
#include "survey/group.h"

#define A_DAY_S 86400

struct owing {
	struct desk *desk;
	int64_t since_s; /* older events owe nothing: the stamp was lost */
	owed_visitor *visit;
	void *data;
};

/* A rule that an event calls upon: whom to tell and how. Borrowed. */
struct calling {
	const char *name, *template, *label;
	const struct texts *notify, *how;
	enum notice_kind kind;
};

/* --- quiet hours ----------------------------------------------------------------------------------------------- */

/* Who chose to ring somebody up meant now; and so does the highest priority. */
static bool is_urgent(const struct policy *policy, const struct ticket *ticket, const char *way)
{
	if (text_equal(way, "sms") || text_equal(way, "phone"))
		return true;
	return policy->priorities.n && ticket->priority && text_equal(policy->priorities.v[0].name, ticket->priority);
}

int owed_quiet_hours(struct desk *desk, struct notice *notice, struct ticket_error *err)
{
	const struct person *person = policy_person(desk->policy, notice->to);
	const struct calendars *calendars;
	const struct calendar *calendar;
	int64_t opens_s;
	int failed;

	if (notice->urgent || !person || !person->calendar)
		return 0;
	if ((failed = desk_rules(desk, NULL, NULL, &calendars, err)))
		return failed;
	calendar = calendars_get(calendars, person->calendar);
	if (!calendar || calendar_is_open(calendar, notice->created.s))
		return 0;
	opens_s = calendar_next_change(calendar, notice->created.s);
	if (opens_s != INT64_MAX)
		notice->not_before = stamp_at(desk->zone, opens_s);
	return 0;
}

/* --- one notice ------------------------------------------------------------------------------------------------ */

bool owed_is_notified(const struct ticket *ticket, const struct notice *notice)
{
	char id[NOTICE_EVENT_SIZE];

	notice_event(id, notice);
	for (size_t i = ticket->events.n; i-- > 0;)
		if (ticket->events.v[i].kind == EVENT_NOTIFIED && text_equal(ticket->events.v[i].id, id))
			return true;
	return false;
}

/* The customer is reached the way he came; people without a way of their own by mail. */
static const char *way_for(const char *way, bool customer)
{
	if (customer)
		return text_equal(way, "sms") || text_equal(way, "phone") ? way : "channel";
	return text_equal(way, "channel") ? "email" : way;
}

static bool is_survey(const struct event *event)
{
	return event->kind == EVENT_SURVEY && text_equal(event->step, "sent");
}

/* What the customer is asked, with what names his ticket on the way back: by its number, or by a code that only this copy of the desk knows. */
static char *blank_questionnaire(struct desk *desk, const struct ticket *ticket, const struct event *event)
{
	_cleanup_free_ char *code = NULL;
	struct buf out = {0};

	if (!is_survey(event))
		return NULL;
	if (!desk->policy->survey.anonymous)
		code = xstrdup(ticket->id);
	else if (codes_of(desk, ticket, &code, NULL) || !code)
		return NULL;
	survey_form(desk->policy, desk->policy->language, code, &out);
	return buf_steal(&out);
}

static void fill_notice(struct notice *notice, const struct owing *o, const struct ticket *ticket, const struct event *event, const struct calling *calling,
			const char *to, const char *way)
{
	bool customer = text_equal(to, "customer");
	struct telling telling = {o->desk->policy, o->desk->zone, ticket, event, calling->template, calling->label, to, NULL};
	_cleanup_free_ char *questionnaire = customer ? blank_questionnaire(o->desk, ticket, event) : NULL;
	char id[NOTICE_ID_SIZE];

	telling.questionnaire = questionnaire;
	notice->format = 1;
	notice->kind = (int)(customer ? NOTICE_CUSTOMER : calling->kind);
	notice->ticket = xstrdup(ticket->id);
	notice->uid = xstrdup(ticket->uid);
	notice->event = xstrdup(event->id);
	notice->rule = xstrdup(calling->name);
	notice->clock = xstrdup(event->clock);
	notice->cycle = event->clock ? event->cycle : 0;
	notice->step = event->clock ? xstrdup(event->step) : NULL;
	notice->to = xstrdup(to);
	notice->way = xstrdup(way_for(way, customer));
	for (size_t i = 0; i < calling->how->n; i++)
		if (!texts_have(&notice->ways, way_for(calling->how->v[i], customer)))
			texts_add(&notice->ways, way_for(calling->how->v[i], customer));
	notice->channel = xstrdup(event->via && event->kind != EVENT_NOTIFIED ? event->via : policy_reply_channel(o->desk->policy, ticket));
	notice->customer = customer ? xstrdup(ticket->customer.id) : NULL;
	notice->urgent = is_urgent(o->desk->policy, ticket, notice->way);
	notice->created = event->recorded;
	notice->happened = event->at;
	notice->id = xstrdup(notice_identity(id, notice));
	render_notice(notice, &telling);
}

static int owe(const struct owing *o, const struct ticket *now, const struct ticket *ticket, const struct event *event, const struct calling *calling,
	       const char *to, const char *way, struct ticket_error *err)
{
	struct notice notice = {0};
	int failed;

	fill_notice(&notice, o, ticket, event, calling, to, way);
	if (owed_is_notified(now, &notice)) {
		notice_release(&notice);
		return 0;
	}
	failed = owed_quiet_hours(o->desk, &notice, err);
	if (!failed)
		return o->visit(&notice, o->data, err);
	notice_release(&notice);
	return failed;
}

static int owe_all(const struct owing *o, const struct ticket *now, const struct ticket *ticket, const struct event *event, const struct calling *calling,
		   struct ticket_error *err)
{
	static char *by_mail[] = {(char *)"email"};
	static const struct texts mail = {by_mail, 1};
	struct calling full = *calling;
	struct texts people = {0};
	int failed = 0;

	if (!full.how->n)
		full.how = &mail;
	for (size_t i = 0; i < calling->notify->n; i++)
		if (!text_equal(calling->notify->v[i], "customer"))
			policy_recipients(o->desk->policy, ticket, calling->notify->v[i], &people);
		else if (!texts_have(&people, "customer"))
			texts_add(&people, "customer");
	for (size_t i = 0; i < people.n && !failed; i++) {
		/* Who gives work to himself knows it. */
		if (event->kind == EVENT_ASSIGNED && text_equal(event->by, people.v[i]))
			continue;
		for (size_t w = 0; w < full.how->n && !failed; w++)
			failed = owe(o, now, ticket, event, &full, people.v[i], full.how->v[w], err);
	}
	texts_release(&people);
	return failed;
}

/* --- which rules an event calls upon --------------------------------------------------------------------------- */

static enum notice_kind kind_of(const struct event *event)
{
	switch (event->kind) {
	case EVENT_ASSIGNED:
		return NOTICE_ASSIGNED;
	case EVENT_WARNED:
		return NOTICE_WARNING;
	case EVENT_BREACHED:
		return NOTICE_BREACH;
	case EVENT_ESCALATED:
		return NOTICE_ESCALATION;
	default:
		return NOTICE_EVENT;
	}
}

static const struct ladder_step *find_ladder_step(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->ladder.n; i++)
		if (text_equal(policy->ladder.v[i].name, name))
			return &policy->ladder.v[i];
	return NULL;
}

/* "NAME", or "NAME:EVENT" where the sweep says which wait it is about. */
static const struct alarm *find_alarm(const struct policy *policy, const char *step)
{
	_cleanup_free_ char *name = xstrndup(step, strcspn(step, ":"));

	for (size_t i = 0; i < policy->alarms.n; i++)
		if (text_equal(policy->alarms.v[i].name, name))
			return &policy->alarms.v[i];
	return NULL;
}

/* What the sweep did: a ladder's step by the rules the ticket is judged by, an alarm by those of today. */
static int owe_step(const struct owing *o, const struct ticket *now, const struct ticket *ticket, const struct event *event, struct ticket_error *err)
{
	const struct policy *policy = o->desk->policy, *pinned = policy;
	struct calling calling = {.kind = kind_of(event)};

	if (event->step && text_starts(event->step, "ladder:")) {
		const struct ladder_step *step;

		desk_rules(o->desk, ticket, &pinned, NULL, NULL);
		step = find_ladder_step(pinned, event->step + strlen("ladder:"));
		if (!step)
			step = find_ladder_step(policy, event->step + strlen("ladder:"));
		if (!step)
			return 0;
		if (calling.kind != NOTICE_ESCALATION)
			calling.kind = step->offset && *step->offset == '-' ? NOTICE_WARNING : NOTICE_BREACH;
		calling.name = step->name;
		calling.template = step->template;
		calling.notify = &step->notify;
		calling.how = &step->how;
		return owe_all(o, now, ticket, event, &calling, err);
	}
	if (event->step && text_starts(event->step, "alarm:")) {
		const struct alarm *alarm = find_alarm(policy, event->step + strlen("alarm:"));

		if (!alarm)
			return 0;
		calling = (struct calling){alarm->name, alarm->template, policy_label(policy, &alarm->labels, policy->language, alarm->name),
					   &alarm->notify, &alarm->how, NOTICE_ALARM};
		return owe_all(o, now, ticket, event, &calling, err);
	}
	return 0;
}

static int owe_event(const struct owing *o, const struct ticket *now, const struct ticket *ticket, const struct event *event, struct ticket_error *err)
{
	const struct policy *policy = o->desk->policy;
	int failed = owe_step(o, now, ticket, event, err);

	for (size_t i = 0; i < policy->notices.n && !failed; i++) {
		const struct notice_rule *rule = &policy->notices.v[i];
		struct calling calling = {rule->name, rule->template, NULL, &rule->notify, &rule->how, kind_of(event)};

		if (moment_is_any(&rule->events, event, ticket, policy) && conditions_hold(&rule->when, ticket))
			failed = owe_all(o, now, ticket, event, &calling, err);
	}
	return failed;
}

/* --- which events are new -------------------------------------------------------------------------------------- */

/* The ticket as it stood when its event 'last' had been recorded. Owned. */
static struct ticket *as_of(struct desk *desk, const struct ticket *ticket, size_t last)
{
	struct ticket *copy = ticket_copy(ticket);

	while (copy->events.n > last + 1)
		event_release(&copy->events.v[--copy->events.n]);
	flow_refold(copy, desk->policy);
	/* A missing calendar leaves deadlines out; it doesn't keep anybody from being told. */
	desk_update_clocks(desk, copy, NULL);
	return copy;
}

/* Of imported tickets the past is silent: what came with the import, and what happened long before it was recorded. */
static bool is_past(const struct ticket *ticket, const struct event *event)
{
	if (!ticket->source.file)
		return false;
	return event->recorded.s == ticket->events.v[0].recorded.s || event->recorded.s - event->at.s > A_DAY_S;
}

static bool has_event(const struct ticket *ticket, const char *id)
{
	for (size_t i = 0; ticket && i < ticket->events.n; i++)
		if (text_equal(ticket->events.v[i].id, id))
			return true;
	return false;
}

/* Delivery itself owes nothing; a step of the sweep that only tells people is recorded without a way. */
static bool may_owe(const struct owing *o, const struct ticket *ticket, const struct event *event)
{
	if (event->kind == EVENT_NOTIFIED && event->via)
		return false;
	return event->recorded.s >= o->since_s && !is_past(ticket, event);
}

static int owe_ticket(const struct owing *o, const struct ticket *now, const struct ticket *before, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < now->events.n && !failed; i++) {
		const struct event *event = &now->events.v[i];
		_cleanup_ticket_ struct ticket *then = NULL;

		if (!may_owe(o, now, event) || has_event(before, event->id))
			continue;
		then = as_of(o->desk, now, i);
		failed = owe_event(o, now, then, &then->events.v[i], err);
	}
	return failed;
}

/* A ticket that cannot be read is a matter for fsck; it must not keep the notices of all others. */
static struct ticket *read_side(struct desk *desk, const struct oid *id, const char *path)
{
	_cleanup_buf_ struct buf text = {0};
	struct ticket *ticket = NULL;

	if (oid_is_zero(id) || store_read_blob(desk->store, id, &text, NULL) || ticket_read(&ticket, text.p ? text.p : "", text.n, path, NULL))
		return NULL;
	return ticket;
}

static int visit_changed(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	const struct owing *o = data;
	_cleanup_ticket_ struct ticket *now = NULL, *before = NULL;

	if (entry->is_folder || entry->is_link || !text_ends(entry->name, ".json"))
		return 0;
	now = read_side(o->desk, &entry->id, entry->path);
	if (!now || !now->events.n)
		return 0;
	before = read_side(o->desk, &entry->old_id, entry->path);
	return owe_ticket(o, now, before, err);
}

/* --- groups of answers without a name ------------------------------------------------------------------------------ */

/* Figures only: of each question the mean and how many low scores there are. */
static char *group_body(const struct policy *policy, const struct survey_group *group, size_t low, bool zh)
{
	struct buf out = {0};

	buf_addf(&out, zh ? "%zu 份匿名答复中有 %zu 份低分（截至 %s）。\n" : "Of %zu answers without a name %zu are low (until %s).\n", group->answers.n, low, group->to);
	for (size_t q = 0; q < policy->survey.questions.n; q++) {
		const struct question *question = &policy->survey.questions.v[q];
		double sum = 0;
		size_t n = 0, below = 0;

		for (size_t i = 0; i < group->answers.n; i++) {
			const char *score = pairs_get(&group->answers.v[i].scores, question->name);

			if (!score)
				continue;
			n++;
			sum += strtod(score, NULL);
			below += strtod(score, NULL) <= (double)policy->survey.low;
		}
		if (n)
			buf_addf(&out, zh ? "%s：平均 %.2f，低分 %zu 份\n" : "%s: mean %.2f, low %zu times\n", policy_label(policy, &question->labels, policy->language, question->name),
				 sum / (double)n, below);
	}
	buf_puts(&out, zh ? "无法得知是谁的答复：可以针对题目改进，或回访全部受访客户。详见：ticket report csat\n" :
			    "Whose they are nobody can say: look at the question, or talk to all who were asked. More: ticket report csat\n");
	return buf_steal(&out);
}

static int owe_group(const struct owing *o, const struct notice_rule *rule, const char *path, const struct survey_group *group, size_t low, const char *to, const char *way,
		     struct ticket_error *err)
{
	const struct policy *policy = o->desk->policy;
	bool zh = policy->language && text_starts(policy->language, "zh");
	struct notice notice = {.format = 1, .kind = NOTICE_ALARM};
	char id[NOTICE_ID_SIZE];
	int failed;

	notice.key = xasprintf("survey:%s", path);
	notice.rule = xstrdup(rule->name);
	notice.to = xstrdup(to);
	notice.way = xstrdup(way_for(way, false));
	for (size_t i = 0; i < rule->how.n; i++)
		if (!texts_have(&notice.ways, way_for(rule->how.v[i], false)))
			texts_add(&notice.ways, way_for(rule->how.v[i], false));
	notice.subject = xstrdup(zh ? "匿名满意度调查中有低分" : "Low scores in the anonymous survey");
	notice.body = group_body(policy, group, low, zh);
	notice.created = notice.happened = stamp_at(o->desk->zone, o->desk->context.now_s);
	notice.id = xstrdup(notice_identity(id, &notice));
	if (!(failed = owed_quiet_hours(o->desk, &notice, err)))
		return o->visit(&notice, o->data, err);
	notice_release(&notice);
	return failed;
}

/* Whoever is told of a low score is told of a group that has one (B7). A rule with conditions is about tickets. */
static int owe_low_group(const struct owing *o, const char *path, const struct survey_group *group, size_t low, struct ticket_error *err)
{
	const struct policy *policy = o->desk->policy;
	int failed = 0;

	for (size_t i = 0; i < policy->notices.n; i++) {
		const struct notice_rule *rule = &policy->notices.v[i];
		struct texts people = {0};

		if (rule->when.n || !texts_have(&rule->events, "low_survey"))
			continue;
		for (size_t r = 0; r < rule->notify.n; r++)
			if (!text_equal(rule->notify.v[r], "customer"))
				policy_recipients(policy, NULL, rule->notify.v[r], &people);
		for (size_t p = 0; p < people.n && !failed; p++) {
			if (!rule->how.n)
				failed = owe_group(o, rule, path, group, low, people.v[p], "email", err);
			for (size_t w = 0; w < rule->how.n && !failed; w++)
				failed = owe_group(o, rule, path, group, low, people.v[p], rule->how.v[w], err);
		}
		texts_release(&people);
	}
	return failed;
}

static int visit_group(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	const struct owing *o = data;
	_cleanup_(survey_group_release) struct survey_group group = {0};
	_cleanup_buf_ struct buf text = {0};
	size_t low = 0;

	if (oid_is_zero(&entry->id) || !oid_is_zero(&entry->old_id) || entry->is_link || store_read_blob(o->desk->store, &entry->id, &text, NULL) ||
	    codec_read(&survey_group_codec, &group, text.p ? text.p : "", text.n, entry->path, NULL))
		return 0;
	for (size_t i = 0; i < group.answers.n; i++)
		low += ballot_is_low(o->desk->policy, &group.answers.v[i]);
	return low ? owe_low_group(o, entry->path, &group, low, err) : 0;
}

struct cutoff {
	int64_t since_s;
	struct oid tree;
};

static int first_before(const struct store_commit *commit, void *data, struct ticket_error *err)
{
	struct cutoff *cutoff = data;

	if (commit->committed_s >= cutoff->since_s)
		return 0;
	cutoff->tree = commit->tree;
	return 1;
}

/* The tree that was looked at last; without a stamp, the one of a day ago (none: all of the desk is younger). */
static int find_start(struct owing *o, const char *stamp, struct oid *tree, struct ticket_error *err)
{
	struct cutoff cutoff = {.since_s = o->desk->context.now_s - A_DAY_S};
	struct snapshot snapshot;
	int ended;

	if (stamp && store_revision(o->desk->store, stamp, &snapshot, NULL) == 0) {
		*tree = snapshot.tree;
		return 0;
	}
	o->since_s = cutoff.since_s;
	ended = store_history(o->desk->store, &o->desk->head.commit, NULL, first_before, &cutoff, err);
	*tree = cutoff.tree;
	return ended < 0 ? ended : 0;
}

int owed_each(struct desk *desk, const char *stamp, owed_visitor *visit, void *data, char head[OID_HEX_SIZE], struct ticket_error *err)
{
	struct owing owing = {.desk = desk, .since_s = INT64_MIN, .visit = visit, .data = data};
	struct oid start = {{0}};
	int failed;

	oid_hex(head, &desk->head.commit);
	if (text_equal(stamp, head))
		return 0;
	if ((failed = find_start(&owing, stamp, &start, err)))
		return failed;
	if ((failed = store_changes(desk->store, &start, &desk->head.tree, TICKETS_FOLDER, visit_changed, &owing, err)) ||
	    (failed = owed_actions(desk, &start, owing.since_s, visit, data, err)))
		return failed;
	if ((failed = store_changes(desk->store, &start, &desk->head.tree, SURVEYS_FOLDER, visit_group, &owing, err)))
		return failed;
	return owed_by_desk(desk, &start, owing.since_s, visit, data, err);
}
