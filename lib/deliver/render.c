/* SPDX-License-Identifier: MIT */
/* Rendering: see render.h. */
#include "deliver/render.h"

#include "privacy/mask.h"
#include "ticket/text.h"

#define LONGEST_TEXT 4000   /* bytes of a value: a notice says where to look, it is not the ticket */
#define LONGEST_SUBJECT 400
#define FULL_DIGEST 10      /* more notices than that are listed by their subjects */
#define NOTHING "—"

/* --- values ---------------------------------------------------------------------------------------------------- */

/* At most 'most' bytes, cut between characters. */
static void cut(struct buf *text, size_t most)
{
	if (text->n <= most)
		return;
	while (most && ((unsigned char)text->p[most] & 0xc0) == 0x80)
		most--;
	buf_truncate(text, most);
	buf_puts(text, "…");
}

/* What people wrote, once more masked whatever the desk's own rules keep (D2), and harmless for any reader. */
static void add_free_text(struct buf *out, const char *text)
{
	static const struct privacy_intake everything;
	_cleanup_buf_ struct buf masked = {0};

	privacy_text(&masked, &everything, text, NULL, NULL);
	cut(&masked, LONGEST_TEXT);
	text_show(out, masked.p ? masked.p : "", masked.n, true);
}

static void add_time(struct buf *out, const struct zone *zone, const struct stamp *at)
{
	struct civil civil;

	civil_from(&civil, zone_wall(zone, at->s));
	buf_addf(out, "%04lld-%02d-%02d %02d:%02d", (long long)civil.year, civil.month, civil.day, civil.hour, civil.minute);
}

static void add_choice(struct buf *out, const struct policy *policy, const choices *list, const char *name)
{
	const struct choice *choice = name ? policy_choice(list, name) : NULL;

	if (name)
		buf_puts(out, choice ? policy_label(policy, &choice->labels, policy->language, name) : name);
}

/* The clock that the event is about: the one it names, or one that it ended too late. */
static const struct clock *clock_of(const struct telling *t)
{
	const struct clock *last = NULL;

	for (size_t i = 0; i < t->ticket->clocks.n; i++) {
		const struct clock *clock = &t->ticket->clocks.v[i];

		if (t->event->clock && text_equal(clock->target, t->event->clock) && clock->cycle >= t->event->cycle)
			return clock;
		if (!t->event->clock && clock->done.set && clock->due.set && clock->done.s == t->event->at.s && clock->due.s < clock->done.s)
			last = clock;
	}
	return last;
}

static void add_target(struct buf *out, const struct telling *t)
{
	const struct clock *clock = clock_of(t);
	const char *name = t->event->clock ? t->event->clock : clock ? clock->target : NULL;
	const struct target *target = name ? policy_target(t->policy, name, t->ticket) : NULL;

	if (name)
		buf_puts(out, target ? policy_label(t->policy, &target->labels, t->policy->language, name) : name);
}

/* The deadline that counts: the event's, its clock's, or the next one of the ticket. */
static struct stamp due_of(const struct telling *t)
{
	const struct clock *clock = clock_of(t);
	struct stamp due = {0};

	if (t->event->due.set)
		return t->event->due;
	if (clock && clock->due.set)
		return clock->due;
	for (size_t i = 0; i < t->ticket->clocks.n; i++) {
		const struct clock *c = &t->ticket->clocks.v[i];

		if (c->verdict == VERDICT_RUNNING && c->due.set && (!due.set || c->due.s < due.s))
			due = c->due;
	}
	return due;
}

static void add_due(struct buf *out, const struct telling *t)
{
	struct stamp due = due_of(t);

	if (due.set)
		add_time(out, t->zone, &due);
}

static void add_late(struct buf *out, const struct telling *t)
{
	struct stamp due = due_of(t);
	/* A sweep's event happened at the deadline itself; how late it is shows when it was found. */
	int64_t by_s = t->event->automatic ? t->event->recorded.s : t->event->at.s;
	struct duration late = {.seconds = due.set ? by_s - due.s : 0, .set = true};
	char text[DURATION_SIZE];

	if (due.set && late.seconds >= 0)
		buf_puts(out, duration_format(text, &late));
}

static void add_state(struct buf *out, const struct telling *t)
{
	const struct status *status = policy_status(t->policy, t->ticket);
	const char *word = state_word((enum ticket_state)t->ticket->state);

	buf_puts(out, status ? policy_label(t->policy, &status->labels, t->policy->language, status->name) : policy_word(t->policy, t->policy->language, word));
}

static void add_group(struct buf *out, const struct telling *t)
{
	const char *name = t->ticket->group;

	for (size_t i = 0; name && i < t->policy->groups.n; i++)
		if (text_equal(t->policy->groups.v[i].name, name))
			name = policy_label(t->policy, &t->policy->groups.v[i].labels, t->policy->language, name);
	if (name)
		buf_puts(out, name);
}

static void add_eta(struct buf *out, const struct telling *t)
{
	const struct stamp *eta = t->event->eta.set ? &t->event->eta : t->ticket->eta.set ? &t->ticket->eta : &t->ticket->plan_due;

	if (eta->set)
		add_time(out, t->zone, eta);
}

static void add_if(struct buf *out, const char *text)
{
	if (text)
		add_free_text(out, text);
}

/* How many an alarm is about: the first number in what its event says ("6 complaints of one category in 24h"). */
static void add_count(struct buf *out, const struct event *event)
{
	const char *said = event->reason ? event->reason : event->text ? event->text : "";
	const char *number = said + strcspn(said, "0123456789");
	size_t n = strspn(number, "0123456789");

	buf_add(out, n ? number : "1", n ? n : 1);
}

/* What the event says; what was asked of somebody who is waited for. */
static void add_said(struct buf *out, const struct telling *t)
{
	const char *said = t->event->text;

	for (size_t i = t->ticket->events.n; !said && t->ticket->state == STATE_WAITING && i-- > 0;)
		if (t->ticket->events.v[i].kind == EVENT_WAITING)
			said = t->ticket->events.v[i].text;
	add_if(out, said);
}

/* Why. A step of the sweep says it by its names: told are the target, and that it is overdue or soon will be. */
static void add_reason(struct buf *out, const struct telling *t)
{
	const struct event *event = t->event;

	if (!event->automatic || !event->clock || !text_starts(event->step ? event->step : "", "ladder:")) {
		add_if(out, event->reason ? event->reason : event->late_reason);
		return;
	}
	add_target(out, t);
	buf_puts(out, ": ");
	buf_puts(out, policy_word(t->policy, t->policy->language, event->due.set && event->at.s < event->due.s ? "at_risk" : "overdue"));
}

/* The value of a placeholder; false when there is none of that name. */
static bool add_value(struct buf *out, const struct telling *t, const char *word)
{
	const struct ticket *ticket = t->ticket;
	const char *event = event_word((enum event_kind)t->event->kind);

	if (text_equal(word, "number"))
		buf_puts(out, ticket->id);
	else if (text_equal(word, "subject"))
		add_if(out, ticket->subject);
	else if (text_equal(word, "customer"))
		add_if(out, ticket->customer.display);
	else if (text_equal(word, "channel"))
		add_choice(out, t->policy, &t->policy->channels, ticket->channel);
	else if (text_equal(word, "priority"))
		add_choice(out, t->policy, &t->policy->priorities, ticket->priority);
	else if (text_equal(word, "state"))
		add_state(out, t);
	else if (text_equal(word, "assignee"))
		buf_puts(out, ticket->assignee ? ticket->assignee : "");
	else if (text_equal(word, "group"))
		add_group(out, t);
	else if (text_equal(word, "target"))
		add_target(out, t);
	else if (text_equal(word, "due"))
		add_due(out, t);
	else if (text_equal(word, "late"))
		add_late(out, t);
	else if (text_equal(word, "reason"))
		add_reason(out, t);
	else if (text_equal(word, "level"))
		buf_addf(out, "%lld", (long long)(t->event->level ? t->event->level : ticket->level));
	else if (text_equal(word, "eta"))
		add_eta(out, t);
	else if (text_equal(word, "text"))
		add_said(out, t);
	else if (text_equal(word, "questionnaire"))
		buf_puts(out, t->questionnaire ? t->questionnaire : "");
	else if (text_equal(word, "recipient"))
		buf_puts(out, t->recipient);
	else if (text_equal(word, "count"))
		add_count(out, t->event);
	else if (text_equal(word, "name"))
		buf_puts(out, t->name ? t->name : policy_word(t->policy, t->policy->language, event));
	else
		return false;
	return true;
}

/* --- templates ------------------------------------------------------------------------------------------------- */

/* '{word}' becomes its value, a dash where there is none; other braces stand as they are. Values are not looked into again. */
static void fill(struct buf *out, const char *template, const struct telling *t)
{
	while (*template) {
		size_t plain = strcspn(template, "{"), n;
		_cleanup_free_ char *word = NULL;
		size_t before;

		buf_add(out, template, plain);
		template += plain;
		if (!*template)
			break;
		n = strspn(template + 1, "abcdefghijklmnopqrstuvwxyz_");
		word = xstrndup(template + 1, n);
		before = out->n;
		if (template[n + 1] != '}' || !add_value(out, t, word)) {
			buf_putc(out, *template++);
			continue;
		}
		if (out->n == before)
			buf_puts(out, NOTHING);
		template += n + 2;
	}
}

/* One line without control characters: nothing in it can begin another header. */
static char *one_line(struct buf *text, size_t most)
{
	struct buf line = {0};

	text_show(&line, text->p ? text->p : "", text->n, false);
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] == '\n' || line.p[i] == '\r' || line.p[i] == '\t')
			line.p[i] = ' ';
	cut(&line, most);
	return text_strip(buf_steal(&line));
}

static const struct template *find_template(const struct policy *policy, const char *name)
{
	for (size_t i = 0; name && i < policy->templates.n; i++)
		if (text_equal(policy->templates.v[i].name, name))
			return &policy->templates.v[i];
	return NULL;
}

void render_notice(struct notice *notice, const struct telling *telling)
{
	const struct template *template = find_template(telling->policy, telling->template);
	const char *language = telling->policy->language;
	_cleanup_buf_ struct buf subject = {0};
	struct buf body = {0};

	fill(&subject, template ? policy_label(telling->policy, &template->subject, language, "{number}: {name}") : "{number}: {name}", telling);
	fill(&body, template ? policy_label(telling->policy, &template->body, language, "{text}") : "{number}: {name}, {subject}", telling);
	free(notice->subject);
	free(notice->body);
	notice->subject = one_line(&subject, LONGEST_SUBJECT);
	notice->body = buf_steal(&body);
}

/* --- several in one message ------------------------------------------------------------------------------------ */

static bool in_chinese(const struct policy *policy)
{
	return policy->language && text_starts(policy->language, "zh");
}

static const char *number_of(const struct notice *notice)
{
	return notice->ticket ? notice->ticket : notice->action;
}

static const char *subject_of(const struct notice *notice)
{
	return notice->subject ? notice->subject : number_of(notice) ? number_of(notice) : notice_word((enum notice_kind)notice->kind);
}

char *render_message_subject(const struct policy *policy, const struct notice *const *notices, size_t n)
{
	_cleanup_buf_ struct buf out = {0};
	struct texts numbers = {0};

	if (n == 1)
		return xstrdup(subject_of(notices[0]));
	for (size_t i = 0; i < n; i++)
		if (number_of(notices[i]) && !texts_have(&numbers, number_of(notices[i])))
			texts_add(&numbers, number_of(notices[i]));
	buf_addf(&out, in_chinese(policy) ? "%zu 条通知：" : "%zu notices: ", n);
	for (size_t i = 0; i < numbers.n && i < 5; i++)
		buf_addf(&out, "%s%s", i ? ", " : "", numbers.v[i]);
	if (numbers.n > 5 || !numbers.n)
		buf_addf(&out, "%s …", numbers.n ? "" : subject_of(notices[0]));
	texts_release(&numbers);
	return one_line(&out, LONGEST_SUBJECT);
}

char *render_message_body(const struct policy *policy, const struct notice *const *notices, size_t n)
{
	struct buf out = {0};

	if (n == 1)
		return xstrdup(notices[0]->body ? notices[0]->body : "");
	for (size_t i = 0; i < n; i++) {
		if (n > FULL_DIGEST)
			buf_addf(&out, "- %s\n", subject_of(notices[i]));
		else
			buf_addf(&out, "%s%s\n%s\n", i ? "\n" : "", subject_of(notices[i]), notices[i]->body ? notices[i]->body : "");
	}
	return buf_steal(&out);
}
