/* SPDX-License-Identifier: MIT */
/*
 * Clocks: given events, these are the due times and verdicts, to the second, by the presets as they ship: A2, A3, A13,
 * B3, C5, C12, D6, E3, E5, E7; through weekends and Chinese holidays, pauses, priority changes and reopenings.
 */
#include "unit.h"

#include "flow/flow.h"
#include "model/event.h"
#include "ticket/clock.h"

#define EVENTS 16
#define EXPECTED 16

/* Every time is of Asia/Shanghai. */
struct story {
	const char *rule, *preset, *channel, *received;
	const char *events[EVENTS];     /* "2026-05-08 16:00:00 assigned person=li" */
	const char *now;                /* NULL: as of the latest event */
	const char *expected[EXPECTED]; /* "target cycle verdict due [consumed_s [paused_s]]"; due "-": none */
};

/* --- telling a story --------------------------------------------------------------------------------------------- */

static int64_t at(const char *text)
{
	char stamp[STAMP_SIZE];
	struct stamp parsed;

	snprintf(stamp, sizeof(stamp), "%.10sT%.8s+08:00", text, text + 11);
	if (stamp_parse(&parsed, stamp, NULL))
		fail_msg("'%s' is no time", text);
	return parsed.s;
}

static char *read_file(const char *path, size_t *n)
{
	FILE *f = fopen(path, "re");
	char *text = malloc(1 << 20);

	if (!f)
		fail_msg("%s is missing", path);
	*n = fread(text, 1, 1 << 20, f);
	fclose(f);
	return text;
}

static struct policy *preset(const char *name)
{
	_cleanup_free_ char *path = xasprintf(PRESETS "/%s/policy.json", name), *text = NULL;
	struct ticket_error err = {0};
	struct policy *policy;
	size_t n;

	text = read_file(path, &n);
	if (policy_read(&policy, text, n, path, &err))
		fail_msg("%s", err.message);
	return policy;
}

static struct calendars *all_calendars(void)
{
	static const char *const names[] = {"china", "office"};
	struct ticket_error err = {0};
	struct calendars *calendars;

	assert_int_equal(calendars_new(&calendars, "Asia/Shanghai", &err), 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		_cleanup_free_ char *path = xasprintf(PRESETS "/calendars/%s.json", names[i]), *text = NULL;
		size_t n;

		text = read_file(path, &n);
		if (calendars_add(calendars, names[i], text, n, path, &err))
			fail_msg("%s", err.message);
	}
	return calendars;
}

static void set_stamp(struct stamp *stamp, const char *text)
{
	*stamp = (struct stamp){at(text), 8 * 3600, true};
}

/* "2026-05-08 16:00:00 assigned person=li"; what stands behind '=' has no blanks. */
static void add_event(struct ticket *ticket, const struct policy *policy, const char *line)
{
	struct event *event = list_push(&ticket->events);
	_cleanup_free_ char *copy = xstrdup(line + 20);
	char *rest, *word = strtok_r(copy, " ", &rest);

	event->id = xasprintf("%016zu", ticket->events.n);
	event->by = xstrdup("li");
	set_stamp(&event->at, line);
	event->recorded = event->at;
	event->kind = (int)event_kind(word);
	if (event->kind == EVENT_NONE)
		fail_msg("'%s': no such event", line);
	while ((word = strtok_r(NULL, " ", &rest))) {
		char *value = strchr(word, '=');
		const struct codec_field *field;

		assert_non_null(value);
		*value++ = '\0';
		if (strcmp(word, "score") == 0) {
			pairs_set(&event->scores, "speed", value);
			continue;
		}
		field = codec_field(&event_codec, word);
		if (!field || codec_member_set(field, event, value, NULL))
			fail_msg("'%s': '%s' cannot be set", line, word);
	}
	flow_fold(ticket, policy, event);
}

static struct ticket *tell(const struct story *story, const struct policy *policy)
{
	struct ticket *ticket = xcalloc(1, sizeof(*ticket));

	ticket->format = 1;
	ticket->id = xstrdup("T-1");
	ticket->uid = xstrdup("00112233445566778899aabbccddeeff");
	ticket->channel = xstrdup(story->channel ? story->channel : "phone");
	set_stamp(&ticket->received, story->received);
	for (size_t i = 0; story->events[i]; i++)
		add_event(ticket, policy, story->events[i]);
	return ticket;
}

static void short_time(char out[24], const struct stamp *stamp)
{
	struct civil c;

	civil_from(&c, stamp->s + 8 * 3600);
	snprintf(out, 24, "%04d-%02d-%02d %02d:%02d:%02d", (int)c.year, c.month, c.day, c.hour, c.minute, c.second);
	if (!stamp->set)
		strcpy(out, "-");
}

static char *clock_line(const struct clock *clock)
{
	char due[24];

	short_time(due, &clock->due);
	return xasprintf("%s %lld %s %s %lld %lld", clock->target, (long long)clock->cycle, verdict_word((enum verdict)clock->verdict), due, (long long)clock->consumed_s,
			 (long long)clock->paused_s);
}

/* Each expected line must be the head of a line; each starts with target and cycle. "!target" must not exist. */
static void check_story(const struct story *story, const clock_views *views)
{
	for (size_t i = 0; story->expected[i]; i++) {
		const char *expected = story->expected[i];
		bool found = false, absent = *expected == '!';
		_cleanup_buf_ struct buf all = {0};

		for (size_t k = 0; k < views->n; k++) {
			_cleanup_free_ char *line = clock_line(&views->v[k].clock);

			found |= absent ? strcmp(views->v[k].clock.target, expected + 1) == 0 : text_starts(line, expected) && strchr(" ", line[strlen(expected)]);
			buf_addf(&all, "  %s\n", line);
		}
		if (found == absent)
			fail_msg("%s (%s, %s): expected '%s'; there is:\n%s", story->rule, story->preset, story->received, expected, all.p ? all.p : "");
	}
}

/* --- the presets' numbers ---------------------------------------------------------------------------------------- */

static const struct story presets[] = {
	{"A3 level 1", "response-tracking", NULL, "2026-05-08 23:50:00", {"2026-05-08 23:51:00 opened priority=1 types=malfunction"}, NULL,
	 {"first_response 1 running 2026-05-09 00:05:00", "resolution 1 running 2026-05-09 01:50:00", "!stage_accept"}},
	{"A3 level 2", "response-tracking", NULL, "2026-05-08 16:00:00", {"2026-05-08 16:01:00 opened priority=2"}, NULL,
	 {"first_response 1 running 2026-05-08 16:30:00", "resolution 1 running 2026-05-08 20:00:00"}},
	{"A3 level 2: progress fed back counts", "response-tracking", NULL, "2026-05-08 16:00:00",
	 {"2026-05-08 16:01:00 opened priority=2", "2026-05-08 16:02:00 assigned person=wang", "2026-05-08 19:59:59 noted text=x"}, NULL,
	 {"resolution 1 met 2026-05-08 20:00:00 14399"}},
	{"A3 level 3, through a weekend round the clock", "response-tracking", NULL, "2026-05-08 16:00:00", {"2026-05-08 16:01:00 opened priority=3"}, NULL,
	 {"first_response 1 running 2026-05-08 18:00:00", "resolution 1 running 2026-05-09 16:00:00"}},
	{"A2 a complaint on social media, whatever its level", "response-tracking", "social", "2026-05-08 16:00:00", {"2026-05-08 16:01:00 opened priority=1 types=complaint"}, NULL,
	 {"first_response 1 running 2026-05-08 18:00:00"}},
	{"A2 a routine inquiry by e-mail", "response-tracking", "email", "2026-05-08 16:00:00", {"2026-05-08 16:01:00 opened priority=3 types=inquiry"}, NULL,
	 {"first_response 1 running 2026-05-09 16:00:00"}},
	{"A15 follow-up within 24h after resolution", "response-tracking", NULL, "2026-05-08 16:00:00",
	 {"2026-05-08 16:01:00 opened priority=3", "2026-05-08 16:30:00 resolved", "2026-05-09 16:30:01 followed_up satisfied=yes"}, NULL,
	 {"follow_up 1 met_late 2026-05-09 16:30:00 86401", "resolution 1 met", "first_response 1 cancelled - 1800"}},
	{"A12 progress every day once several departments work on it", "response-tracking", NULL, "2026-05-08 16:00:00",
	 {"2026-05-08 16:00:00 opened priority=3", "2026-05-08 16:10:00 assigned person=wang", "2026-05-08 17:00:00 triaged departments=it,finance", "2026-05-09 09:00:00 noted text=x",
	  "2026-05-11 18:00:00 noted text=y"},
	 NULL,
	 {"progress 1 met 2026-05-09 17:00:00", "progress 3 missed 2026-05-11 17:00:00", "progress 4 met 2026-05-12 17:00:00",
	  "progress 5 running 2026-05-13 17:00:00"}},
	{"A11 the reason of a late answer is reviewed", "response-tracking", NULL, "2026-05-08 16:00:00",
	 {"2026-05-08 16:01:00 opened priority=1", "2026-05-08 17:00:00 responded late_reason=storm"}, NULL,
	 {"first_response 1 met_late 2026-05-08 16:15:00 3600", "late_review 1 running 2026-05-09 17:00:00"}},

	{"B3 level 1", "satisfaction", NULL, "2026-05-08 16:00:00", {"2026-05-08 16:01:00 opened priority=1"}, NULL,
	 {"first_response 1 running 2026-05-08 16:10:00", "plan 1 running 2026-05-08 18:00:00"}},
	{"B3 level 2", "satisfaction", NULL, "2026-05-08 16:00:00", {"2026-05-08 16:01:00 opened priority=2"}, NULL,
	 {"first_response 1 running 2026-05-08 16:30:00", "plan 1 running 2026-05-08 20:00:00"}},
	{"B3 level 3", "satisfaction", NULL, "2026-05-08 16:00:00", {"2026-05-08 16:01:00 opened priority=3"}, NULL, {"first_response 1 running 2026-05-08 18:00:00"}},
	{"B6, B7 the survey, and the call after a low score", "satisfaction", NULL, "2026-05-08 16:00:00",
	 {"2026-05-08 16:01:00 opened priority=3", "2026-05-08 16:05:00 responded", "2026-05-08 17:00:00 resolved", "2026-05-08 18:00:00 confirmed", "2026-05-09 18:00:00 survey step=sent",
	  "2026-05-10 09:00:00 survey step=answered score=3"},
	 "2026-05-12 09:00:01", {"survey 1 met 2026-05-09 18:00:00 86400", "low_contact 1 missed 2026-05-12 09:00:00"}},
	{"B7 a good score owes nothing", "satisfaction", NULL, "2026-05-08 16:00:00",
	 {"2026-05-08 16:01:00 opened priority=3", "2026-05-08 17:00:00 resolved", "2026-05-08 18:00:00 confirmed", "2026-05-10 09:00:00 survey step=answered score=4"}, NULL, {"!low_contact"}},

	{"C1 recording within 15m and 30m; C5 priority A", "complaint-monitoring", NULL, "2026-05-08 16:00:00",
	 {"2026-05-08 16:14:00 opened", "2026-05-08 16:31:00 triaged priority=a", "2026-05-08 16:40:00 assigned person=wang"}, NULL,
	 {"record_start 1 met 2026-05-08 16:15:00 840", "record_complete 1 met_late 2026-05-08 16:30:00 1860", "first_response 1 running 2026-05-08 17:00:00",
	  "resolution 1 running 2026-05-08 20:00:00", "understand 1 running 2026-05-08 17:40:00", "progress 1 running 2026-05-09 16:40:00"}},
	{"C5 priority B", "complaint-monitoring", NULL, "2026-05-08 16:00:00", {"2026-05-08 16:10:00 opened priority=b"}, NULL,
	 {"first_response 1 running 2026-05-08 20:00:00", "resolution 1 running 2026-05-09 16:00:00"}},
	{"C5 priority C: five working days over Labour Day and a Saturday that is worked", "complaint-monitoring", NULL, "2026-04-30 10:20:30", {"2026-04-30 10:30:00 opened priority=c"}, NULL,
	 {"first_response 1 running 2026-05-01 10:20:30", "resolution 1 running 2026-05-11 10:20:30"}},
	{"C5 priority C in the evening: moved to the next opening", "complaint-monitoring", NULL, "2026-02-12 19:00:00", {"2026-02-12 19:10:00 opened priority=c"}, NULL,
	 {"resolution 1 running 2026-02-27 09:00:00"}},
	{"C12 the chain of an escalation", "complaint-monitoring", NULL, "2026-05-08 10:00:00",
	 {"2026-05-08 10:05:00 opened priority=b grade=major", "2026-05-08 10:10:00 assigned person=wang", "2026-05-08 11:00:00 inbound complains=true", "2026-05-08 12:30:00 escalated level=1",
	  "2026-05-08 13:30:01 reviewed level=1", "2026-05-08 15:00:00 escalated level=2"},
	 NULL,
	 {"escalation 1 met 2026-05-08 13:00:00 5400", "escalation_review 1 met_late 2026-05-08 13:30:00 3601", "to_department 1 met 2026-05-08 16:30:00",
	  "task_force 1 running 2026-05-09 15:00:00", "escalation_review 2 running 2026-05-08 16:00:00", "to_management 1 running 2026-05-09 10:00:00",
	  "next_response 1 running 2026-05-09 11:00:00"}},
	{"C10 the closing check", "complaint-monitoring", NULL, "2026-05-08 10:00:00", {"2026-05-08 10:05:00 opened priority=c", "2026-05-08 11:00:00 resolved"}, NULL,
	 {"closing_check 1 running 2026-05-09 11:00:00", "resolution 1 met 2026-05-14 10:00:00 3600"}},

	{"D6 high: from the assignment, registered within 10m, started within 30m", "multichannel", NULL, "2026-05-08 10:00:00",
	 {"2026-05-08 10:10:01 opened priority=high", "2026-05-08 10:30:00 assigned person=wang"}, NULL,
	 {"registration 1 met_late 2026-05-08 10:10:00 601", "start 1 running 2026-05-08 10:40:01", "first_response 1 running 2026-05-08 11:00:00", "plan 1 running 2026-05-09 10:30:00"}},
	{"D6 medium", "multichannel", NULL, "2026-05-08 10:00:00", {"2026-05-08 10:05:00 opened priority=medium", "2026-05-08 12:00:00 assigned person=wang"}, NULL,
	 {"first_response 1 running 2026-05-08 14:00:00", "plan 1 running 2026-05-10 12:00:00", "!registration"}},
	{"D6 low", "multichannel", NULL, "2026-05-08 10:00:00", {"2026-05-08 10:05:00 opened priority=low", "2026-05-08 12:00:00 assigned person=wang"}, NULL,
	 {"first_response 1 running 2026-05-09 12:00:00", "plan 1 running 2026-05-11 12:00:00"}},
	{"D6 not assigned: no limit runs yet", "multichannel", NULL, "2026-05-08 10:00:00", {"2026-05-08 10:05:00 opened priority=low"}, "2026-05-18 10:05:00", {"!first_response", "!plan"}},
	{"D6 a reassignment does not give more time", "multichannel", NULL, "2026-05-08 10:00:00",
	 {"2026-05-08 10:05:00 opened priority=medium", "2026-05-08 12:00:00 assigned person=wang", "2026-05-08 13:30:00 assigned person=zhao"}, NULL,
	 {"first_response 1 running 2026-05-08 14:00:00 5400"}},

	{"E3 urgent", "after-sales", NULL, "2026-05-08 16:00:00", {"2026-05-08 16:05:00 opened priority=urgent"}, NULL,
	 {"start 1 running 2026-05-08 18:00:00", "resolution 1 running 2026-05-09 16:00:00"}},
	{"E3 general: three working days over the spring festival", "after-sales", NULL, "2026-02-13 16:00:00", {"2026-02-13 16:05:00 opened priority=general"}, NULL,
	 {"first_response 1 running 2026-02-13 20:00:00", "resolution 1 running 2026-02-25 16:00:00"}},
	{"E3 low", "after-sales", NULL, "2026-05-08 16:00:00", {"2026-05-08 16:05:00 opened priority=low"}, NULL, {"!first_response", "resolution 1 running 2026-05-14 16:00:00"}},
	{"E5 details within 1h, plan within 2h", "after-sales", NULL, "2026-05-08 16:00:00", {"2026-05-08 16:05:00 opened priority=low", "2026-05-08 16:30:00 assigned person=wang"}, NULL,
	 {"details 1 running 2026-05-08 17:30:00", "plan 1 running 2026-05-08 18:30:00"}},
	/* National Day 1-7 October 2026 is off, Saturday the 10th is worked. */
	{"E7 the customer is told every working day by 17:00", "after-sales", NULL, "2026-09-29 16:00:00",
	 {"2026-09-29 16:05:00 opened priority=low", "2026-09-29 18:00:00 assigned person=wang", "2026-09-30 16:59:59 responded", "2026-10-03 10:00:00 responded", "2026-10-08 17:00:01 responded",
	  "2026-10-10 17:00:00 responded"},
	 "2026-10-12 17:00:01",
	 {"customer_update 1 met 2026-09-30 17:00:00", "customer_update 2 met_late 2026-10-08 17:00:00", "customer_update 3 missed 2026-10-09 17:00:00",
	  "customer_update 4 met 2026-10-10 17:00:00", "customer_update 5 missed 2026-10-12 17:00:00", "!customer_update 6"}},
	{"E7 nothing is owed for today after 17:00, nor once it is solved", "after-sales", NULL, "2026-05-08 17:10:00",
	 {"2026-05-08 17:10:00 opened priority=low", "2026-05-08 17:20:00 assigned person=wang", "2026-05-08 18:00:00 resolved"}, "2026-05-20 10:00:00", {"!customer_update", "daily_update 1 met"}},
};

/* --- pauses, changes, cycles ------------------------------------------------------------------------------------- */

static const struct story lives[] = {
	{"a pause over the weekend: the working time left runs on", "complaint-monitoring", NULL, "2026-05-14 16:00:00",
	 {"2026-05-14 16:00:00 opened priority=c", "2026-05-15 10:00:00 waiting for_whom=customer", "2026-05-18 10:00:00 resumed"}, NULL,
	 {"resolution 1 running 2026-05-22 16:00:00 10800 259200"}},
	{"while it waits there is no deadline, and nothing is missed", "response-tracking", NULL, "2026-05-08 16:00:00",
	 {"2026-05-08 16:00:00 opened priority=2", "2026-05-08 17:00:00 waiting for_whom=customer"}, "2026-05-20 16:00:00", {"resolution 1 paused - 3600 1033200", "first_response 1 missed 2026-05-08 16:30:00"}},
	{"the customer's message ends the wait", "response-tracking", NULL, "2026-05-08 16:00:00",
	 {"2026-05-08 16:00:00 opened priority=2", "2026-05-08 17:00:00 waiting for_whom=customer", "2026-05-08 21:00:00 inbound text=x"}, NULL,
	 {"resolution 1 running 2026-05-09 00:00:00 3600 14400", "next_response 1 running 2026-05-09 01:00:00"}},
	{"waiting for a vendor does not stop it", "response-tracking", NULL, "2026-05-08 16:00:00",
	 {"2026-05-08 16:00:00 opened priority=2", "2026-05-08 17:00:00 waiting for_whom=vendor"}, "2026-05-08 20:00:01", {"resolution 1 missed 2026-05-08 20:00:00 14401 0"}},
	{"a higher priority keeps what was consumed and paused", "response-tracking", NULL, "2026-05-08 10:00:00",
	 {"2026-05-08 10:00:00 opened priority=3", "2026-05-08 11:00:00 waiting for_whom=customer", "2026-05-08 15:00:00 resumed", "2026-05-08 16:00:00 triaged priority=2"}, NULL,
	 {"resolution 1 running 2026-05-08 18:00:00 7200 14400", "first_response 1 missed 2026-05-08 12:00:00"}},
	{"a higher priority can be too late already, by what was consumed", "response-tracking", NULL, "2026-05-08 10:00:00",
	 {"2026-05-08 10:00:00 opened priority=3", "2026-05-08 11:00:00 triaged priority=1", "2026-05-08 11:05:00 responded"}, NULL, {"first_response 1 met_late 2026-05-08 10:15:00 3900"}},
	{"a lower priority gives time, but a miss stays a miss", "response-tracking", NULL, "2026-05-08 10:00:00",
	 {"2026-05-08 10:00:00 opened priority=1", "2026-05-08 10:16:00 triaged priority=3", "2026-05-08 10:20:00 responded"}, NULL,
	 {"first_response 1 met_late 2026-05-08 10:15:00 1200", "resolution 1 running 2026-05-09 10:00:00"}},
	{"classified late: judged from the receipt all the same", "response-tracking", NULL, "2026-05-08 10:00:00",
	 {"2026-05-08 10:00:00 opened", "2026-05-08 10:10:00 responded", "2026-05-08 11:00:00 triaged priority=1"}, NULL, {"first_response 1 met 2026-05-08 10:15:00 600", "resolution 1 running 2026-05-08 12:00:00"}},
	{"a late answer is late, whoever looked when", "response-tracking", NULL, "2026-05-08 10:00:00",
	 {"2026-05-08 10:00:00 opened priority=1", "2026-05-08 10:15:01 responded", "2026-05-08 10:15:02 resolved"}, NULL, {"first_response 1 met_late 2026-05-08 10:15:00 901"}},
	{"an answer on the deadline is in time", "response-tracking", NULL, "2026-05-08 10:00:00", {"2026-05-08 10:00:00 opened priority=1", "2026-05-08 10:15:00 responded"}, NULL,
	 {"first_response 1 met 2026-05-08 10:15:00 900"}},
	{"an answer given before it was registered", "response-tracking", NULL, "2026-05-08 10:00:00", {"2026-05-08 10:30:00 opened priority=1", "2026-05-08 10:05:00 responded"}, NULL,
	 {"first_response 1 met 2026-05-08 10:15:00 300"}},
	{"recorded in another order than it happened", "response-tracking", NULL, "2026-05-08 10:00:00",
	 {"2026-05-08 10:00:00 opened priority=2", "2026-05-08 13:00:00 noted", "2026-05-08 12:00:00 resumed", "2026-05-08 11:00:00 waiting for_whom=customer"}, NULL,
	 {"resolution 1 met 2026-05-08 15:00:00 7200 3600"}},
	{"reopened: a new cycle, and the old verdict stays", "response-tracking", NULL, "2026-05-08 10:00:00",
	 {"2026-05-08 10:00:00 opened priority=3", "2026-05-08 10:05:00 assigned person=wang", "2026-05-08 13:00:00 responded", "2026-05-08 14:00:00 resolved", "2026-05-08 15:00:00 followed_up satisfied=yes",
	  "2026-05-10 10:00:00 reopened"},
	 NULL,
	 {"first_response 1 met_late 2026-05-08 12:00:00", "first_response 2 running 2026-05-10 12:00:00 0", "resolution 1 met 2026-05-09 10:00:00 14400", "resolution 2 running 2026-05-11 10:00:00",
	  "follow_up 1 met"}},
	{"reopened: what is still true is not owed again", "complaint-monitoring", NULL, "2026-05-08 10:00:00",
	 {"2026-05-08 10:05:00 opened priority=b", "2026-05-08 14:00:00 resolved", "2026-05-10 10:00:00 reopened"}, NULL,
	 {"record_start 1 met", "record_complete 1 met", "closing_check 1 missed 2026-05-09 14:00:00", "resolution 2 running 2026-05-11 10:00:00"}},
	{"disputed: back to work, but the first answer was given", "response-tracking", NULL, "2026-05-08 10:00:00",
	 {"2026-05-08 10:00:00 opened priority=3", "2026-05-08 10:30:00 responded", "2026-05-08 11:00:00 resolved", "2026-05-08 12:00:00 disputed", "2026-05-08 13:00:00 resolved"}, NULL,
	 {"first_response 1 met", "resolution 2 met 2026-05-09 12:00:00 3600", "follow_up 1 cancelled -", "follow_up 2 running 2026-05-09 13:00:00"}},
	{"next response counts from the oldest message without answer", "response-tracking", NULL, "2026-05-08 10:00:00",
	 {"2026-05-08 10:00:00 opened priority=3", "2026-05-08 10:10:00 responded", "2026-05-08 11:00:00 inbound", "2026-05-08 12:00:00 inbound", "2026-05-08 13:00:00 responded", "2026-05-08 14:00:00 inbound"}, NULL,
	 {"next_response 1 met 2026-05-08 15:00:00 7200", "next_response 2 running 2026-05-08 18:00:00"}},
	{"quarantined: the clock stands still", "response-tracking", NULL, "2026-05-08 10:00:00",
	 {"2026-05-08 10:00:00 opened priority=2", "2026-05-08 10:10:00 quarantined cause=entry", "2026-05-08 12:10:00 released"}, NULL, {"first_response 1 running 2026-05-08 12:30:00 600 7200"}},
	{"archived: nothing runs any more", "response-tracking", NULL, "2026-05-08 10:00:00",
	 {"2026-05-08 10:00:00 opened priority=2", "2026-05-08 10:10:00 responded", "2026-05-08 11:00:00 resolved", "2026-05-08 11:30:00 archived"}, "2026-06-08 10:00:00", {"follow_up 1 cancelled - 1800"}},
	{"the customer's day stands still at 17:00: nothing is owed that day", "after-sales", NULL, "2026-05-11 09:00:00",
	 {"2026-05-11 09:00:00 opened priority=low", "2026-05-11 09:10:00 assigned person=wang", "2026-05-11 16:00:00 quarantined cause=entry", "2026-05-11 18:00:00 released"}, "2026-05-12 10:00:00",
	 {"customer_update 1 cancelled -", "customer_update 2 running 2026-05-12 17:00:00"}},
};

static void run_story(const struct story *story, const struct calendars *calendars)
{
	_cleanup_policy_ struct policy *policy = preset(story->preset);
	_cleanup_ticket_ struct ticket *ticket = tell(story, policy);
	_cleanup_(clock_views_release) clock_views views = {0};
	struct ticket_error err = {0};

	if (clocks_evaluate(&views, ticket, policy, calendars, story->now ? at(story->now) : INT64_MIN, &err))
		fail_msg("%s", err.message);
	check_story(story, &views);
	/* What is stored is the same as of the latest event, however often it is computed. */
	for (int twice = 0; twice < 2; twice++) {
		_cleanup_buf_ struct buf text = {0}, again = {0};

		assert_int_equal(clocks_update(ticket, policy, calendars, &err), 0);
		ticket_write(ticket, &text);
		assert_int_equal(clocks_update(ticket, policy, calendars, &err), 0);
		ticket_write(ticket, &again);
		assert_string_equal(text.p, again.p);
	}
	if (!story->now) {
		assert_int_equal(ticket->clocks.n, views.n);
		for (size_t i = 0; i < views.n; i++) {
			_cleanup_free_ char *seen = clock_line(&views.v[i].clock), *stored = clock_line(&ticket->clocks.v[i]);

			assert_string_equal(seen, stored);
		}
	}
}

static void due_times(void **state)
{
	_cleanup_calendars_ struct calendars *calendars = all_calendars();

	for (size_t i = 0; i < ARRAY_SIZE(presets); i++)
		run_story(&presets[i], calendars);
}

static void pauses_and_cycles(void **state)
{
	_cleanup_calendars_ struct calendars *calendars = all_calendars();

	for (size_t i = 0; i < ARRAY_SIZE(lives); i++)
		run_story(&lives[i], calendars);
}

/* The intervals of every clock of every story stand end to end and add up. */
static void stories_add_up(void **state)
{
	_cleanup_calendars_ struct calendars *calendars = all_calendars();
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(presets) + ARRAY_SIZE(lives); i++) {
		const struct story *story = i < ARRAY_SIZE(presets) ? &presets[i] : &lives[i - ARRAY_SIZE(presets)];
		_cleanup_policy_ struct policy *policy = preset(story->preset);
		_cleanup_ticket_ struct ticket *ticket = tell(story, policy);
		_cleanup_(clock_stories_release) clock_stories stories = {0};
		int64_t now = at("2026-11-20 12:00:00");

		clocks_explain(&stories, ticket, policy, calendars, NULL, now, NULL);
		assert_true(stories.n || strstr(story->rule, "no limit runs"));
		for (size_t k = 0; k < stories.n; k++) {
			const struct clock_story *s = &stories.v[k];
			const struct clock *clock = &s->view.clock;
			int64_t working = 0, paused = 0, reached = clock->from.s, end = clock->done.set ? clock->done.s : clock->ended.set ? clock->ended.s : now;

			for (size_t j = 0; j < s->intervals.n; j++) {
				const struct clock_interval *interval = &s->intervals.v[j];

				assert_int_equal(interval->from.s, reached);
				assert_true(interval->to.s > interval->from.s);
				assert_true(interval->counting == COUNTED ? interval->working_s == interval->to.s - interval->from.s : interval->working_s == 0);
				assert_true(interval->counting != PAUSED || !interval->due.set || interval->due.s < interval->from.s); /* no deadline but one that has passed */
				working += interval->working_s;
				paused += interval->counting == PAUSED ? interval->to.s - interval->from.s : 0;
				assert_int_equal(interval->total_s, working);
				reached = interval->to.s;
				n++;
			}
			assert_int_equal(working, clock->consumed_s);
			assert_int_equal(paused, clock->paused_s);
			if (s->intervals.n)
				assert_int_equal(reached, end);
		}
	}
	assert_true(n > 1000);
}

/* --- the sweep's moments ----------------------------------------------------------------------------------------- */

static void ladder(void **state)
{
	/* A13 after A3, level 1; with the supervisor's step recorded. */
	static const struct story story = {"A13", "response-tracking", NULL, "2026-05-08 10:00:00",
					   {"2026-05-08 10:00:00 opened priority=1", "2026-05-08 10:15:00 breached clock=first_response cycle=1 step=due",
					    "2026-05-08 10:30:00 notified clock=first_response cycle=1 step=ladder:level_1"},
					   NULL, {NULL}};
	static const struct {
		const char *name, *at;
		bool recorded;
	} expected[] = {
		{"ladder:warn_owner", "2026-05-08 10:11:15", false}, {"warn:75%", "2026-05-08 10:11:15", false},     {"due", "2026-05-08 10:15:00", true},
		{"ladder:level_1", "2026-05-08 10:30:00", true},     {"ladder:level_2", "2026-05-08 11:15:00", false}, {"ladder:level_3", "2026-05-08 14:15:00", false},
		{"ladder:emergency", "2026-05-08 18:15:00", false},
	};
	_cleanup_calendars_ struct calendars *calendars = all_calendars();
	_cleanup_policy_ struct policy *policy = preset(story.preset);
	_cleanup_ticket_ struct ticket *ticket = tell(&story, policy);
	_cleanup_(clock_steps_release) clock_steps steps = {0};
	size_t n = 0;

	assert_int_equal(clocks_steps(&steps, ticket, policy, calendars, at("2026-05-08 10:20:00"), NULL), 0);
	for (size_t i = 0; i < steps.n; i++) {
		char text[24];

		if (strcmp(steps.v[i].target, "first_response") != 0)
			continue;
		short_time(text, &(struct stamp){steps.v[i].at_s, 0, true});
		assert_true(n < ARRAY_SIZE(expected));
		assert_string_equal(steps.v[i].name, expected[n].name);
		assert_string_equal(text, expected[n].at);
		assert_int_equal(steps.v[i].recorded, expected[n].recorded);
		n++;
	}
	assert_int_equal(n, ARRAY_SIZE(expected));
}

/* A warning before a deadline in working days is itself a working day's; what is next is stored for the sweep. */
static void next_moments(void **state)
{
	static const struct story story = {"C5", "complaint-monitoring", NULL, "2026-04-30 10:20:30", {"2026-04-30 10:25:00 opened priority=c", "2026-04-30 10:30:00 responded"}, NULL, {NULL}};
	_cleanup_calendars_ struct calendars *calendars = all_calendars();
	_cleanup_policy_ struct policy *policy = preset(story.preset);
	_cleanup_ticket_ struct ticket *ticket = tell(&story, policy);
	bool found = false;

	assert_int_equal(clocks_update(ticket, policy, calendars, NULL), 0);
	for (size_t i = 0; i < ticket->clocks.n; i++) {
		const struct clock *clock = &ticket->clocks.v[i];
		char text[24];

		if (strcmp(clock->target, "resolution") != 0) {
			assert_true(clock->verdict == VERDICT_RUNNING || !clock->next.set);
			continue;
		}
		/* Due Monday 11 May 10:20:30: two working days before that is Friday the 8th, three after the receipt. */
		short_time(text, &clock->next);
		assert_string_equal(clock->next_step, "warn:-2bd");
		assert_string_equal(text, "2026-05-08 10:20:30");
		found = true;
	}
	assert_true(found);
}

static void promise(void **state)
{
	static const struct {
		const char *opened, *language, *sentence;
	} cases[] = {
		{"2026-05-08 16:00:00 opened priority=2", "en", "We will contact you by 16:30 today. We will tell you by 20:00 today how it will be solved."},
		{"2026-05-08 16:00:00 opened priority=2", "zh", "我们将在今天16:30前与您联系。我们将在今天20:00前告知您解决方案。"},
		{"2026-05-08 16:00:00 opened priority=3", "en", "We will contact you by 18:00 today. We will tell you by 16:00 tomorrow how it will be solved."},
	};
	_cleanup_calendars_ struct calendars *calendars = all_calendars();
	_cleanup_policy_ struct policy *policy = preset("satisfaction");

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct story story = {"B3", "satisfaction", NULL, "2026-05-08 16:00:00", {cases[i].opened}, NULL, {NULL}};
		_cleanup_ticket_ struct ticket *ticket = tell(&story, policy);
		_cleanup_free_ char *sentence = clocks_promise(ticket, policy, calendars, cases[i].language);

		assert_non_null(sentence);
		assert_string_equal(sentence, cases[i].sentence);
	}
}

/* A rule that fires every minute for years must not hang the desk. */
static void runaway(void **state)
{
	static const char text[] = "{\"format\":1,\"name\":\"x\",\"time_zone\":\"Asia/Shanghai\",\"number\":{\"format\":\"{date}{serial:3}\"},\"channels\":[{\"name\":\"phone\"}],"
				   "\"targets\":[{\"name\":\"minute\",\"from\":\"received\",\"until\":[\"noted\"],\"every\":\"1m\",\"calendar\":\"always\"}]}";
	struct story story = {"runaway", "", NULL, "1990-05-08 16:00:00", {"1990-05-08 16:00:00 opened", "2026-05-08 16:00:00 noted"}, NULL, {NULL}};
	_cleanup_calendars_ struct calendars *calendars = all_calendars();
	_cleanup_policy_ struct policy *policy = NULL;
	_cleanup_ticket_ struct ticket *ticket = NULL;
	struct ticket_error err = {0};

	if (policy_read(&policy, text, sizeof(text) - 1, "x.json", &err))
		fail_msg("%s", err.message);
	ticket = tell(&story, policy);
	assert_int_equal(clocks_update(ticket, policy, calendars, &err), 0);
	assert_int_equal(ticket->clocks.n, 1);
	assert_int_equal(ticket->clocks.v[0].count, 20000);
}

static void missing_calendar(void **state)
{
	_cleanup_policy_ struct policy *policy = preset("after-sales");
	struct story story = {"", "", NULL, "2026-05-08 16:00:00", {"2026-05-08 16:00:00 opened priority=low"}, NULL, {NULL}};
	_cleanup_ticket_ struct ticket *ticket = tell(&story, policy);
	_cleanup_calendars_ struct calendars *calendars = NULL;
	struct ticket_error err = {0};

	assert_int_equal(calendars_new(&calendars, "Asia/Shanghai", &err), 0);
	assert_int_equal(clocks_update(ticket, policy, calendars, &err), TICKET_NOTFOUND);
	assert_non_null(strstr(err.message, "policy/calendars/china.json"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(due_times), cmocka_unit_test(pauses_and_cycles), cmocka_unit_test(stories_add_up), cmocka_unit_test(ladder),
		cmocka_unit_test(next_moments), cmocka_unit_test(promise), cmocka_unit_test(runaway), cmocka_unit_test(missing_calendar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
