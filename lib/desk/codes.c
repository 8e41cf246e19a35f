/* SPDX-License-Identifier: MIT */
/* One-time codes of questionnaires, and what goes with the sending of a survey: see codes.h. */
#include "desk/codes.h"

#include "flow/flow.h"
#include "privacy/digest.h"
#include "privacy/shard.h"
#include "ticket/survey.h"
#include "ticket/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <sys/random.h>

#define CODE_LETTERS 12
#define NUMBER_WIDTH 120
/* No letter that is taken for a digit or another letter, in print or on the telephone. */
static const char letters[] = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

/* --- codes as text ----------------------------------------------------------------------------------------------- */

/* "7K3F-9XQ2-MRTW" */
static char *code_text(const char *plain)
{
	return xasprintf("%.4s-%.4s-%.4s", plain, plain + 4, plain + 8);
}

static char *new_code(void)
{
	char plain[CODE_LETTERS + 1] = "";

	for (size_t i = 0; i < CODE_LETTERS;) {
		unsigned char byte;

		if (getrandom(&byte, 1, 0) != 1)
			abort(); /* cannot happen on a booted Linux */
		if (byte < 240) /* a multiple of the letters: each is as likely */
			plain[i++] = letters[byte % (sizeof(letters) - 1)];
	}
	return code_text(plain);
}

char *codes_read(const char *typed)
{
	_cleanup_free_ char *folded = text_fold(typed);
	char plain[CODE_LETTERS + 1] = "";
	size_t n = 0;

	for (const char *p = folded; *p; p++) {
		char c = (char)toupper((unsigned char)*p);

		if (*p == '-' || *p == ' ')
			continue;
		if (n == CODE_LETTERS || !strchr(letters, c))
			return NULL;
		plain[n++] = c;
	}
	return n == CODE_LETTERS ? code_text(plain) : NULL;
}

/* --- the tables -------------------------------------------------------------------------------------------------- */

/* By code: "CYCLE NUMBER"; by the ticket's uid: "CYCLE CODE". */
struct tables {
	struct shards by_code, by_ticket;
};

static void open_tables(struct tables *tables, const struct desk *desk)
{
	_cleanup_free_ char *codes = xasprintf("%ssurveys/codes/", store_private(desk->store)), *tickets = xasprintf("%ssurveys/tickets/", store_private(desk->store));

	shards_init(&tables->by_code, codes, NUMBER_WIDTH);
	shards_init(&tables->by_ticket, tickets, 40);
}

static void close_tables(struct tables *tables)
{
	shards_release(&tables->by_code);
	shards_release(&tables->by_ticket);
}

static void code_id(char out[SHARD_ID + 1], const char *code)
{
	char hex[DIGEST_HEX_SIZE];

	digest_hex(hex, code, strlen(code));
	memcpy(out, hex, SHARD_ID);
	out[SHARD_ID] = '\0';
}

/* "CYCLE WORD": the word when the cycle is this one (0: any). Owned. */
static char *word_of(const char *line, int64_t cycle)
{
	const char *space = line ? strchr(line, ' ') : NULL;

	return space && (!cycle || strtoll(line, NULL, 10) == cycle) ? xstrdup(space + 1) : NULL;
}

int codes_of(struct desk *desk, const struct ticket *ticket, char **out, struct ticket_error *err)
{
	_cleanup_(close_tables) struct tables tables;
	_cleanup_free_ char *line = NULL;
	int failed;

	*out = NULL;
	open_tables(&tables, desk);
	if (!(failed = shards_find(&tables.by_ticket, ticket->uid, &line, err)))
		*out = word_of(line, ticket->cycle);
	return failed;
}

static void drop_line(struct tables *tables, const char *line)
{
	_cleanup_free_ char *code = word_of(line, 0);
	char id[SHARD_ID + 1];

	if (!code)
		return;
	code_id(id, code);
	shards_drop(&tables->by_code, id, NULL);
}

int codes_make(struct desk *desk, const struct ticket *ticket, char **out, struct ticket_error *err)
{
	_cleanup_(close_tables) struct tables tables;
	_cleanup_free_ char *line = NULL, *code = NULL, *of = NULL, *is = NULL;
	char id[SHARD_ID + 1];
	int failed;

	*out = NULL;
	open_tables(&tables, desk);
	if ((failed = shards_find(&tables.by_ticket, ticket->uid, &line, err)))
		return failed;
	if ((*out = word_of(line, ticket->cycle)))
		return 0;
	drop_line(&tables, line); /* of an earlier round */
	code = new_code();
	of = xasprintf("%" PRId64 " %s", ticket->cycle, ticket->id);
	is = xasprintf("%" PRId64 " %s", ticket->cycle, code);
	if (strlen(of) > NUMBER_WIDTH)
		return ticket_fail(err, TICKET_REFUSED, "'%s' is too long a number for a questionnaire", ticket->id);
	code_id(id, code);
	if (line && (failed = shards_drop(&tables.by_ticket, ticket->uid, err)))
		return failed;
	shards_put(&tables.by_code, id, of);
	shards_put(&tables.by_ticket, ticket->uid, is);
	if ((failed = shards_flush(&tables.by_code, err)) || (failed = shards_flush(&tables.by_ticket, err)))
		return failed;
	*out = steal_ptr(code);
	return 0;
}

int codes_find(struct desk *desk, const char *code, char **number, struct ticket_error *err)
{
	_cleanup_(close_tables) struct tables tables;
	_cleanup_free_ char *line = NULL;
	char id[SHARD_ID + 1];
	int failed;

	*number = NULL;
	code_id(id, code);
	open_tables(&tables, desk);
	if (!(failed = shards_find(&tables.by_code, id, &line, err)))
		*number = word_of(line, 0);
	return failed;
}

int codes_drop(struct desk *desk, const struct ticket *ticket, struct ticket_error *err)
{
	_cleanup_(close_tables) struct tables tables;
	_cleanup_free_ char *line = NULL;
	int failed;

	open_tables(&tables, desk);
	if ((failed = shards_find(&tables.by_ticket, ticket->uid, &line, err)) || !line)
		return failed;
	drop_line(&tables, line);
	return shards_drop(&tables.by_ticket, ticket->uid, err);
}

/* --- attempts ---------------------------------------------------------------------------------------------------- */

int survey_prepare(struct change *change, const struct ticket *ticket, struct event *event, struct ticket_error *err)
{
	struct desk *desk = change->desk;
	const struct survey_rule *rule = &desk->policy->survey;
	const struct duration *then = rule->second.set && !flow_survey_steps(ticket, "sent") ? &rule->second : &rule->close;
	const struct calendars *calendars;
	int64_t due_s = event->at.s + then->seconds;
	int failed;

	if (event->kind != EVENT_SURVEY || !text_equal(event->step, "sent") || change->past)
		return 0;
	/* The customer is asked on the channel he chose, unless somebody knows better (D10). */
	if (!event->via)
		event->via = xstrdup(policy_reply_channel(desk->policy, ticket));
	if (!then->set)
		return 0;
	if (then->working_days) {
		if ((failed = desk_rules(desk, NULL, NULL, &calendars, err)) ||
		    (failed = calendar_add(&due_s, calendars_get(calendars, desk->policy->calendar), event->at.s, then, err)))
			return failed;
	}
	event->due = stamp_at(desk->zone, due_s);
	return 0;
}

static bool is_over(const struct event *event)
{
	return event->kind == EVENT_SURVEY ? !text_equal(event->step, "sent") : event->kind == EVENT_REOPENED || event->kind == EVENT_ARCHIVED;
}

static bool has_new(const struct touched *touched, bool (*is)(const struct event *event))
{
	for (size_t i = touched->events_before; i < touched->ticket->events.n; i++)
		if (is(&touched->ticket->events.v[i]))
			return true;
	return false;
}

static bool is_sending(const struct event *event)
{
	return event->kind == EVENT_SURVEY && text_equal(event->step, "sent");
}

int surveys_before_commit(struct change *change, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < change->tickets.n && !failed && change->desk->policy->survey.anonymous && !change->past; i++) {
		_cleanup_free_ char *code = NULL;

		if (has_new(change->tickets.v[i], is_sending))
			failed = codes_make(change->desk, change->tickets.v[i]->ticket, &code, err);
	}
	return failed;
}

void surveys_after_commit(struct change *change)
{
	/* A line that stays by a failing disk leads to a survey that takes no further answer. */
	for (size_t i = 0; i < change->tickets.n; i++)
		if (has_new(change->tickets.v[i], is_over))
			codes_drop(change->desk, change->tickets.v[i]->ticket, NULL);
}

int survey_code(struct desk *desk, const struct ticket *ticket, char **out, struct ticket_error *err)
{
	int failed;

	*out = NULL;
	if (!(ticket->state >= STATE_RESOLVED && ticket->state <= STATE_VERIFIED))
		return ticket_fail(err, TICKET_REFUSED, "'%s' is %s: there is nothing to ask its customer about yet, or no longer", ticket->id,
				   state_word((enum ticket_state)ticket->state));
	if (!desk->policy->survey.anonymous) {
		*out = xstrdup(ticket->id);
		return 0;
	}
	if (flow_survey_steps(ticket, "answered") || flow_survey_steps(ticket, "unanswered"))
		return ticket_fail(err, TICKET_REFUSED, "'%s': its survey is over", ticket->id);
	if ((failed = codes_of(desk, ticket, out, err)) || *out)
		return failed;
	if ((failed = store_lock(desk->store, desk->context.lock_wait_ms, err)))
		return failed;
	failed = codes_make(desk, ticket, out, err);
	store_unlock(desk->store);
	return failed;
}
