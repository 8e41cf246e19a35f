/* SPDX-License-Identifier: MIT */
/* Policies: what is read and refused, what conditions, moments and rules mean, and the presets' rules in figures. */
#include "preset.h"

#include "flow/flow.h"

#include <dirent.h>

static const char *const presets[] = {"after-sales", "complaint-monitoring", "multichannel", "response-tracking", "satisfaction"};

/* --- reading --------------------------------------------------------------------------------------------------- */

static void refusals(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{"{\"format\":1,\"name\":\"x\",\"time_zone\":\"UTC\",\"number\":{\"format\":\"{date}{serial:3}\"},\"channels\":[{\"name\":\"a\"}],\"chanels\":[]}",
		 "p.json:1: chanels: a policy has no such member; did you mean 'channels'?"},
		{"{\"format\":1,\"name\":\"x\",\"time_zone\":\"UTC\",\n\"number\":{\"format\":\"{date}{serial:3}\"},\n\"channels\":[{\"name\":\"a\"},\n{\"name\":\"b\",\"lables\":{}}]}",
		 "p.json:4: channels[1].lables: a choice has no such member; did you mean 'labels'?"},
		{"{\"format\":2}", "p.json:1: format: this policy has format 2, this program reads up to 1; use a newer ticket"},
		{"{\"format\":1,\"name\":\"x\",\"time_zone\":\"UTC\",\"number\":{\"format\":\"{date}{serial:3}\"}}", "p.json:1: the policy lacks 'channels'"},
		{"{\"format\":1,\"name\":\"x\",\"time_zone\":\"UTC\",\"number\":{\"format\":\"{date}\"},\"channels\":[{\"name\":\"a\"}]}",
		 "p.json:1: number.format: the number format '{date}' lacks {serial:N}; '{date}-{serial:3}' has all it needs"},
		{"{\"format\":1,\"name\":\"x\",\"time_zone\":\"UTC\",\"number\":{\"format\":\"{date}{serial:3}\"},\"channels\":[{\"name\":\"../a\"}]}",
		 "p.json:1: channels[0].name: '../a' is no name: use up to 64 of a-z, 0-9, '_', '-' and '.'; other text belongs in 'labels'"},
		{"{\"format\":1,\"name\":\"x\",\"time_zone\":\"UTC\",\"number\":{\"format\":\"{date}{serial:3}\"},\"channels\":[{\"name\":\"a\",\"code\":\"/\"}]}",
		 "p.json:1: channels[0].code: '/' is no code: use up to 16 letters, digits, '-', '_' and '.'"},
		{"{\"format\":1,\"name\":\"x\",\"time_zone\":\"UTC\",\"number\":{\"format\":\"{date}{serial:3}\"},\"channels\":[{\"name\":\"a\"}],\"targets\":[{\"name\":\"t\",\"within\":\"soon\"}]}",
		 "p.json:1: targets[0].within: 'soon' is not a length of time; right would be 90s, 15m, 2h, 1h30m, 2d or 3bd (working days)"},
		{"{\"format\":1,\"name\":\"x\",\"time_zone\":\"UTC\",\"number\":{\"format\":\"{date}{serial:3}\"},\"channels\":[{\"name\":\"a\"}],\"standards\":[{\"at_least\":1e400}]}",
		 "p.json:1: standards[0].at_least: this number is too large"},
		{"{\"format\":1,\"name\":\"x\",\"time_zone\":\"UTC\",\"number\":{\"format\":\"{date}{serial:3}\"},\"channels\":[{\"name\":\"a\"}],\"targets\":[{\"name\":\"t\",\"when\":{\"priority\":\"1\"}}]}",
		 "p.json:1: targets[0].when.priority: here stands a string, but it must be an array of strings"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ticket_error err = {0};
		struct policy *policy = (struct policy *)&err;

		assert_int_not_equal(policy_read(&policy, cases[i].text, strlen(cases[i].text), "p.json", &err), 0);
		assert_null(policy);
		assert_string_equal(err.message, cases[i].message);
	}
}

static void cut_short(void **state)
{
	size_t length;
	_cleanup_free_ char *text = preset_text("multichannel", &length);

	for (size_t n = 0; n + 2 < length; n += 97) {
		struct ticket_error err = {0};
		struct policy *policy;

		assert_int_equal(policy_read(&policy, text, n, "p.json", &err), TICKET_USAGE);
		assert_true(text_starts(err.message, "p.json"));
	}
}

/* --- the presets ----------------------------------------------------------------------------------------------- */

static void calendars(struct texts *names)
{
	DIR *dir = opendir(PRESETS "/calendars");
	const struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		if (text_ends(entry->d_name, ".json")) {
			_cleanup_free_ char *name = xstrndup(entry->d_name, strlen(entry->d_name) - 5);

			texts_add(names, name);
		}
	closedir(dir);
}

static void presets_are_sound(void **state)
{
	struct texts names = {0};

	calendars(&names);
	for (size_t i = 0; i < ARRAY_SIZE(presets); i++) {
		_cleanup_policy_ struct policy *policy = preset(presets[i]);
		size_t length;
		_cleanup_free_ char *text = preset_text(presets[i], &length);
		_cleanup_buf_ struct buf again = {0};
		findings found = {0};

		assert_string_equal(policy->name, presets[i]);
		policy_doctor(policy, &found);
		policy_doctor_calendars(policy, &names, &found);
		if (found.n)
			fail_msg("%s: %s: %s", presets[i], found.v[0].where, found.v[0].what);
		policy_write(policy, &again);
		assert_string_equal(again.p, text);
		assert_int_equal(policy->people.n, 0);
	}
	texts_release(&names);
}

/* Every word of the engine is shown in both languages by every preset. */
static void words_are_labelled(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(presets); i++) {
		_cleanup_policy_ struct policy *policy = preset(presets[i]);
		struct texts words = {0};

		for (int kind = EVENT_NONE + 1; kind < EVENT_KINDS; kind++)
			texts_add(&words, event_word((enum event_kind)kind));
		for (int s = STATE_NONE + 1; s < STATES; s++)
			texts_add(&words, state_word((enum ticket_state)s));
		for (int v = VERDICT_NONE + 1; v < VERDICTS; v++)
			texts_add(&words, verdict_word((enum verdict)v));
		for (size_t w = 0; w < words.n; w++) {
			_cleanup_free_ char *zh = xasprintf("zh:%s", words.v[w]), *en = xasprintf("en:%s", words.v[w]);

			if (!pairs_get(&policy->words, zh) || !pairs_get(&policy->words, en))
				fail_msg("%s: no label for '%s'", presets[i], words.v[w]);
		}
		texts_release(&words);
	}
}

static void promised_times(void **state)
{
	static const struct {
		const char *preset, *ticket, *target, *from, *until, *within; /* within NULL: no such target */
	} cases[] = {
		/* A2, A3 */
		{"response-tracking", "channel=phone types=inquiry priority=1", "first_response", "received", "responded", "15m"},
		{"response-tracking", "channel=phone types=inquiry priority=2", "first_response", "received", "responded", "30m"},
		{"response-tracking", "channel=phone types=inquiry priority=3", "first_response", "received", "responded", "2h"},
		{"response-tracking", "channel=social types=complaint priority=1", "first_response", "received", "responded", "2h"},
		{"response-tracking", "channel=social types=complaint priority=2", "first_response", "received", "responded", "2h"},
		{"response-tracking", "channel=social types=complaint priority=3", "first_response", "received", "responded", "2h"},
		{"response-tracking", "channel=social types=complaint", "first_response", "received", "responded", "2h"},
		{"response-tracking", "channel=social types=inquiry priority=1", "first_response", "received", "responded", "15m"},
		{"response-tracking", "channel=phone types=complaint priority=1", "first_response", "received", "responded", "15m"},
		{"response-tracking", "channel=email types=inquiry priority=3", "first_response", "received", "responded", "24h"},
		{"response-tracking", "channel=email types=inquiry priority=2", "first_response", "received", "responded", "30m"},
		{"response-tracking", "channel=email types=complaint priority=3", "first_response", "received", "responded", "2h"},
		{"response-tracking", "channel=chat types=inquiry priority=3", "first_response", "received", "responded", "2h"},
		{"response-tracking", "channel=phone types=inquiry priority=1", "resolution", "received", "planned,resolved", "2h"},
		{"response-tracking", "channel=phone types=inquiry priority=2", "resolution", "received", "resolved,planned,noted", "4h"},
		{"response-tracking", "channel=phone types=inquiry priority=3", "resolution", "received", "resolved", "24h"},
		{"response-tracking", "types=complaint priority=1", "follow_up", "resolved", "followed_up", "24h"},
		{"response-tracking", "types=inquiry priority=1", "stage_accept", NULL, NULL, NULL},
		{"response-tracking", "departments=engineering", "progress", NULL, NULL, NULL},
		/* B3, B6, B7 */
		{"satisfaction", "types=inquiry priority=1", "first_response", "received", "responded", "10m"},
		{"satisfaction", "types=inquiry priority=2", "first_response", "received", "responded", "30m"},
		{"satisfaction", "types=complaint priority=3", "first_response", "received", "responded", "2h"},
		{"satisfaction", "types=inquiry priority=1", "plan", "received", "planned,resolved", "2h"},
		{"satisfaction", "types=inquiry priority=2", "plan", "received", "planned,resolved", "4h"},
		{"satisfaction", "types=inquiry priority=3", "plan", "received", "planned,resolved", "24h"},
		{"satisfaction", "types=care priority=3", "first_response", NULL, NULL, NULL},
		{"satisfaction", "types=inquiry", "survey", "confirmed", "survey:sent", "24h"},
		{"satisfaction", "types=inquiry", "low_contact", "low_survey", "followed_up", "48h"},
		/* C1, C5, C8, C12, C14 */
		{"complaint-monitoring", "", "record_start", "received", "opened", "15m"},
		{"complaint-monitoring", "", "record_complete", "received", "classified", "30m"},
		{"complaint-monitoring", "priority=a", "first_response", "received", "responded", "1h"},
		{"complaint-monitoring", "priority=b", "first_response", "received", "responded", "4h"},
		{"complaint-monitoring", "priority=c", "first_response", "received", "responded", "24h"},
		{"complaint-monitoring", "priority=a", "resolution", "received", "resolved,planned,noted", "4h"},
		{"complaint-monitoring", "priority=b", "resolution", "received", "resolved,planned", "24h"},
		{"complaint-monitoring", "priority=c", "resolution", "received", "resolved", "5bd"},
		{"complaint-monitoring", "priority=a", "understand", "assigned", "noted,planned,responded,resolved", "1h"},
		{"complaint-monitoring", "priority=b", "understand", NULL, NULL, NULL},
		{"complaint-monitoring", "", "progress", "assigned", "planned,noted,resolved", "24h"},
		{"complaint-monitoring", "", "escalation", "inbound:complaint|disputed|followed_up:no", "escalated:1", "2h"},
		{"complaint-monitoring", "", "escalation_review", "escalated:1", "reviewed", "1h"},
		{"complaint-monitoring", "", "to_department", "escalated:1", "escalated:2,resolved", "4h"},
		{"complaint-monitoring", "", "task_force", "escalated:2", "reviewed:2,resolved", "24h"},
		{"complaint-monitoring", "grade=major", "to_management", "received", "escalated:3,resolved", "24h"},
		{"complaint-monitoring", "grade=general", "to_management", NULL, NULL, NULL},
		{"complaint-monitoring", "", "quarantine", "noted:anomaly", "quarantined,corrected", "30m"},
		/* D6, D10 */
		{"multichannel", "priority=high", "registration", "received", "opened", "10m"},
		{"multichannel", "priority=low", "registration", NULL, NULL, NULL},
		{"multichannel", "priority=high", "start", "opened", "noted,planned,responded,resolved", "30m"},
		{"multichannel", "priority=high", "first_response", "assigned", "responded", "30m"},
		{"multichannel", "priority=medium", "first_response", "assigned", "responded", "2h"},
		{"multichannel", "priority=low", "first_response", "assigned", "responded", "24h"},
		{"multichannel", "priority=high", "plan", "assigned", "planned,resolved", "24h"},
		{"multichannel", "priority=medium", "plan", "assigned", "planned,resolved", "48h"},
		{"multichannel", "priority=low", "plan", "assigned", "planned,resolved", "3d"}, /* 72h */
		{"multichannel", "priority=low", "satisfaction", "resolved", "survey:sent,survey:answered,followed_up", "24h"},
		/* E3, E5, E8 */
		{"after-sales", "priority=urgent", "start", "received", "noted,planned,responded,resolved", "2h"},
		{"after-sales", "priority=urgent", "resolution", "received", "resolved", "24h"},
		{"after-sales", "priority=general", "first_response", "received", "responded", "4h"},
		{"after-sales", "priority=general", "resolution", "received", "resolved", "3bd"},
		{"after-sales", "priority=low", "resolution", "received", "resolved", "5bd"},
		{"after-sales", "priority=low", "first_response", NULL, NULL, NULL},
		{"after-sales", "priority=low", "details", "assigned", "noted:details_confirmed,planned,resolved", "1h"},
		{"after-sales", "priority=low", "plan", "assigned", "planned,resolved", "2h"},
		{"after-sales", "priority=low", "follow_up", "resolved", "followed_up", "24h"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_policy_ struct policy *policy = preset(cases[i].preset);
		_cleanup_ticket_ struct ticket *ticket = made_ticket(cases[i].ticket);
		const struct target *target = policy_target(policy, cases[i].target, ticket);
		_cleanup_free_ char *until = NULL;
		char within[DURATION_SIZE];

		if (!cases[i].within) {
			assert_null(target);
			continue;
		}
		if (!target)
			fail_msg("%s, '%s': no %s", cases[i].preset, cases[i].ticket, cases[i].target);
		until = texts_join(&target->until, ",");
		assert_string_equal(target->from, cases[i].from);
		assert_string_equal(until, cases[i].until);
		if (strcmp(duration_format(within, &target->within), cases[i].within) != 0)
			fail_msg("%s, '%s': %s within %s, not %s", cases[i].preset, cases[i].ticket, cases[i].target, within, cases[i].within);
	}
}

/* A12, E7 recur; C5 is warned two working days before the fifth. */
static void recurring(void **state)
{
	_cleanup_policy_ struct policy *a = preset("response-tracking"), *c = preset("complaint-monitoring"), *e = preset("after-sales");
	_cleanup_ticket_ struct ticket *two = made_ticket("departments=engineering,finance"), *normal = made_ticket("priority=c");

	assert_int_equal(policy_target(a, "progress", two)->every.seconds, 86400);
	assert_int_equal(policy_target(e, "daily_update", two)->every.seconds, 86400);
	assert_string_equal(policy_target(e, "customer_update", two)->by, "17:00");
	assert_string_equal(policy_target(e, "customer_update", two)->calendar, "china");
	assert_string_equal(policy_target(c, "resolution", normal)->calendar, "china");
	assert_string_equal(policy_target(c, "resolution", normal)->warn.v[0], "-2bd");
}

/* D9: a label follows from what happened. */
static void statuses(void **state)
{
	static const struct {
		const char *state, *event, *label;
	} cases[] = {
		{"new", NULL, "待处理"},      {"assigned", NULL, "待处理"},
		{"in_progress", NULL, "处理中"}, {"waiting", NULL, "处理中"},
		{"resolved", NULL, "已处理"},  {"resolved", "\"do\":\"followed_up\",\"satisfied\":\"yes\"", "已跟进"},
		{"confirmed", "\"do\":\"survey\",\"step\":\"answered\"", "已跟进"}, {"resolved", "\"do\":\"survey\",\"step\":\"sent\"", "已处理"},
		{"in_progress", "\"do\":\"followed_up\",\"satisfied\":\"no\"", "处理中"}, {"archived", NULL, "已归档"},
	};
	_cleanup_policy_ struct policy *policy = preset("multichannel");

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *members = xasprintf("state=%s", cases[i].state);
		_cleanup_ticket_ struct ticket *ticket = made_ticket(members);
		const struct status *status;

		if (cases[i].event)
			made_event(ticket, cases[i].event);
		status = policy_status(policy, ticket);
		assert_string_equal(policy_label(policy, (const struct pairs *)&status->labels, "zh", status->name), cases[i].label);
	}
}

/* --- conditions and moments ------------------------------------------------------------------------------------ */

static void condition_values(void **state)
{
	static const struct {
		const char *field, *value, *ticket;
		bool holds;
	} cases[] = {
		{"type", "complaint", "types=complaint/quality", true}, {"type", "complaint/quality", "types=complaint", false},
		{"type", "complain", "types=complaint", false},         {"type", "inquiry", "types=complaint/quality,inquiry/policy", true},
		{"type", "!inquiry", "types=complaint,inquiry", false}, {"type", "!inquiry", "types=complaint", true},
		{"type", "!inquiry", "", true},                         {"type", "", "", true},
		{"type", "!", "", false},                               {"type", "!", "types=x", true},
		{"priority", "1", "priority=1", true},                  {"priority", "1", "priority=10", false},
		{"priority", "", "", true},                             {"priority", "", "priority=1", false},
		{"level", "2+", "level=1", false},                      {"level", "2+", "level=2", true},
		{"level", "2+", "level=11", true},                      {"level", "0", "", true},
		{"departments", "2+", "departments=a,b", true},         {"departments", "2+", "departments=a", false},
		{"department", "b", "departments=a,b", true},           {"state", "waiting", "state=waiting", true},
		{"delayed", "yes", "delayed=true", true},               {"delayed", "no", "", true},
		{"field.x", "yes", "field.x=yes", true},                {"field.x", "yes", "field.y=yes", false},
		{"waiting", "customer", "waiting_for=customer", true},  {"nonsense", "x", "priority=x", false},
		{"level", "+", "level=2", false},                       {"level", "x+", "level=2", false},
		{"level", "-1+", "level=0", true},                      {"priority", "2+", "priority=3", true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *values[] = {(char *)cases[i].value};
		struct condition condition = {(char *)cases[i].field, {values, 1}};
		conditions when = {&condition, 1};
		_cleanup_ticket_ struct ticket *ticket = made_ticket(cases[i].ticket);

		if (conditions_hold(&when, ticket) != cases[i].holds)
			fail_msg("%s: '%s' on '%s'", cases[i].field, cases[i].value, cases[i].ticket);
	}
}

static void moments(void **state)
{
	static const struct {
		const char *event, *moment;
		bool is;
	} cases[] = {
		{"\"do\":\"survey\",\"step\":\"answered\",\"scores\":{\"a\":\"5\",\"b\":\"3\"}", "low_survey", true},
		{"\"do\":\"survey\",\"step\":\"answered\",\"scores\":{\"a\":\"5\",\"b\":\"4\"}", "low_survey", false},
		{"\"do\":\"survey\",\"step\":\"sent\"", "survey", true},
		{"\"do\":\"survey\",\"step\":\"sent\"", "survey:sent", true},
		{"\"do\":\"survey\",\"step\":\"sent\"", "survey:answered", false},
		{"\"do\":\"survey\",\"step\":\"sent\"", "survey:answered|survey:sent", true},
		{"\"do\":\"escalated\",\"level\":2", "escalated:1", true},
		{"\"do\":\"escalated\",\"level\":2", "escalated:2", true},
		{"\"do\":\"escalated\",\"level\":2", "escalated:3", false},
		{"\"do\":\"escalated\",\"level\":2", "escalate", false},
		{"\"do\":\"reviewed\",\"level\":2,\"decision\":\"go on\"", "reviewed:2", true},
		{"\"do\":\"inbound\"", "inbound:complaint", false},
		{"\"do\":\"inbound\",\"complains\":true", "inbound:complaint", true},
		{"\"do\":\"waiting\",\"for_whom\":\"vendor\"", "waiting:customer", false},
		{"\"do\":\"noted\",\"doing\":\"x\"", "noted:x", true},
		{"\"do\":\"noted\",\"late_reason\":\"jam\"", "explained", true},
		{"\"do\":\"opened\",\"priority\":\"1\"", "classified", true},
		{"\"do\":\"opened\"", "classified", false},
		{"\"do\":\"triaged\"", "classified", true},
		{"\"do\":\"opened\"", "received", false},
		{"\"do\":\"noted\",\"doing\":\"x\"", "noted:x|resolved", true},
		{"\"do\":\"noted\",\"doing\":\"x\"", "resolved|noted:x", true},
		{"\"do\":\"noted\",\"doing\":\"x\"", "noted:y|noted:xx|noted:", false},
		{"\"do\":\"noted\",\"doing\":\"x\"", "note|notedly|resolved", false},
		{"\"do\":\"opened\",\"priority\":\"1\"", "resolved|classified", true},
		{"\"do\":\"noted\",\"late_reason\":\"jam\"", "explained|resolved", true},
		{"\"do\":\"noted\",\"late_reason\":\"jam\"", "explain|explainedly", false},
		{"\"do\":\"noted\"", "|noted", true},
		{"\"do\":\"noted\"", "noted|", true},
		{"\"do\":\"noted\"", "", false},
	};
	_cleanup_policy_ struct policy *policy = preset("satisfaction");

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_ticket_ struct ticket *ticket = made_ticket("");
		const struct event *event = made_event(ticket, cases[i].event);

		if (moment_is(cases[i].moment, event, ticket, policy) != cases[i].is)
			fail_msg("%s: %s", cases[i].event, cases[i].moment);
	}
}

static void reassigned(void **state)
{
	_cleanup_policy_ struct policy *policy = preset("satisfaction");
	_cleanup_ticket_ struct ticket *ticket = made_ticket("");
	struct event next = {.kind = EVENT_ASSIGNED};

	made_event(ticket, "\"do\":\"opened\"");
	assert_false(moment_is("reassigned", &next, ticket, policy));
	made_event(ticket, "\"do\":\"assigned\",\"group\":\"g\"");
	made_event(ticket, "\"do\":\"assigned\",\"person\":\"li\"");
	made_event(ticket, "\"do\":\"assigned\",\"person\":\"wang\"");
	assert_false(moment_is("reassigned", &ticket->events.v[1], ticket, policy));
	assert_false(moment_is("reassigned", &ticket->events.v[2], ticket, policy));
	assert_true(moment_is("reassigned", &ticket->events.v[3], ticket, policy));
	replace_text(&ticket->assignee, "wang");
	assert_true(moment_is("reassigned", &next, ticket, policy));
}

/* What closes a ticket counts since the last dispute; everything since the last reopening; the opening always. */
static void last_moments(void **state)
{
	_cleanup_policy_ struct policy *policy = preset("satisfaction");
	_cleanup_ticket_ struct ticket *ticket = made_ticket("");

	made_event(ticket, "\"do\":\"opened\"");
	made_event(ticket, "\"do\":\"planned\"");
	made_event(ticket, "\"do\":\"resolved\"");
	assert_non_null(moment_last("resolved", ticket, policy));
	made_event(ticket, "\"do\":\"disputed\"");
	assert_null(moment_last("resolved", ticket, policy));
	assert_non_null(moment_last("planned", ticket, policy));
	made_event(ticket, "\"do\":\"resolved\"");
	assert_ptr_equal(moment_last("resolved", ticket, policy), &ticket->events.v[4]);
	made_event(ticket, "\"do\":\"reopened\"");
	assert_null(moment_last("resolved", ticket, policy));
	assert_null(moment_last("planned", ticket, policy));
	assert_ptr_equal(moment_last("received", ticket, policy), &ticket->events.v[0]);
}

/* The doctor and the gates must agree on what a gate can need. */
static void needs(void **state)
{
	static const char *const words[] = {
		"plan",      "evidence", "survey_closed", "low_score_contact", "no_open_dispute", "no_open_quarantine",     "no_open_review", "customer_told",
		"satisfied", "late_reasons", "late_reviewed", "types",          "category",        "priority",              "responded",      "survey:answered|followed_up",
		"grade",     "nonsense", "planed",        "plan|nonsense",     "risk",
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (need_known(words[i]) != flow_gate_known(words[i]))
			fail_msg("'%s'", words[i]);
	assert_true(need_known("survey_closed|followed_up"));
	assert_false(need_known("nonsense"));
}

static void recipients(void **state)
{
	static const char text[] = "{\"format\":1,\"name\":\"x\",\"time_zone\":\"UTC\",\"number\":{\"format\":\"{date}{serial:3}\"},\"channels\":[{\"name\":\"a\"}],"
				   "\"roles\":[{\"name\":\"head\"}],\"groups\":[{\"name\":\"it\",\"lead\":\"wu\"}],\"departments\":[{\"name\":\"x\"},{\"name\":\"y\"}],"
				   "\"people\":[{\"name\":\"li\",\"email\":\"Li@x.example\",\"roles\":[\"head\"],\"department\":\"x\"},"
				   "{\"name\":\"wu\",\"roles\":[\"head\"],\"groups\":[\"it\"],\"department\":\"y\"}]}";
	static const struct {
		const char *word, *ticket, *people;
	} cases[] = {
		{"role:head", "", "li,wu"}, {"role:head", "departments=y", "wu"}, {"role:head", "departments=z", "li,wu"}, {"role:none", "", ""},
		{"group:it", "", "wu"},     {"lead:it", "", "wu"},                {"person:li", "", "li"},                 {"assignee", "assignee=zhu", "zhu"},
		{"assignee", "", ""},       {"plan_lead", "lead=wu", "wu"},       {"customer", "", ""},
	};
	_cleanup_policy_ struct policy *policy = NULL;

	assert_int_equal(policy_read(&policy, text, sizeof(text) - 1, "p.json", NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_ticket_ struct ticket *ticket = made_ticket(cases[i].ticket);
		_cleanup_free_ char *joined = NULL;
		struct texts people = {0};

		policy_recipients(policy, ticket, cases[i].word, &people);
		joined = texts_join(&people, ",");
		assert_string_equal(joined, cases[i].people);
		texts_release(&people);
	}
	assert_string_equal(policy_person(policy, "li@X.example")->name, "li");
	assert_null(policy_person(policy, "nobody"));
}

/* A6: an unknown value is refused with what is right. */
static void choices_refused(void **state)
{
	static const struct {
		const char *name, *message;
	} cases[] = {
		{"product_quality", NULL},
		{"malfunctoin", "'malfunctoin' is no category of this desk; did you mean 'malfunction'? allowed: product_quality, logistics, billing, malfunction"},
		{"x", "'x' is no category of this desk; allowed: product_quality, logistics, billing, malfunction"},
		{"malfunction/x", "'malfunction/x' is no category of this desk; did you mean 'malfunction'? allowed: product_quality, logistics, billing, malfunction"},
	};
	_cleanup_policy_ struct policy *policy = preset("response-tracking"), *d = preset("multichannel");

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ticket_error err = {0};

		assert_int_equal(policy_need_choice((const choices *)&policy->categories, "category", cases[i].name, &err), cases[i].message ? TICKET_REFUSED : 0);
		assert_string_equal(err.message, cases[i].message ? cases[i].message : "");
	}
	assert_string_equal(policy_choice((const choices *)&d->types, "malfunction/payment")->name, "payment");
	assert_null(policy_choice((const choices *)&d->types, "payment"));
	assert_null(policy_choice((const choices *)&d->types, "malfunction/"));
	assert_null(policy_choice((const choices *)&d->types, ""));
}

static void permissions(void **state)
{
	_cleanup_policy_ struct policy *policy = preset("complaint-monitoring");
	_cleanup_ticket_ struct ticket *ticket = made_ticket("assignee=li");
	struct event event = {.kind = EVENT_ASSIGNED};

	assert_true(texts_have(&policy_permission(policy, ticket, &event, NULL)->needs, "reason"));
	replace_text(&ticket->assignee, NULL);
	assert_null(policy_permission(policy, ticket, &event, NULL));
	event.kind = EVENT_VERIFIED;
	assert_true(policy_permission(policy, ticket, &event, NULL)->not_handler);
	event.kind = EVENT_RELEASED;
	assert_true(texts_have(&policy_permission(policy, ticket, &event, NULL)->not_by, "corrected"));
	assert_true(texts_have(&policy_permission(policy, NULL, NULL, "reveal")->roles, "monitor"));
	assert_null(policy_permission(policy, NULL, NULL, "nothing"));
}

/* What is packed is unpacked as it was; what is cut or bent is refused or at least harmless. */
static void packed(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(presets); i++) {
		_cleanup_policy_ struct policy *policy = preset(presets[i]), *again = NULL;
		_cleanup_buf_ struct buf bytes = {0}, text = {0}, text_again = {0};

		policy_pack(policy, &bytes);
		assert_true(policy_unpack(&again, bytes.p, bytes.n));
		policy_write(policy, &text);
		policy_write(again, &text_again);
		assert_string_equal(text.p, text_again.p);
		for (size_t n = 0; n < bytes.n; n += n < 64 ? 1 : 37) {
			struct policy *cut;

			assert_false(policy_unpack(&cut, bytes.p, n));
			assert_null(cut);
		}
		for (size_t at = 0; at < bytes.n; at += 5) {
			_cleanup_policy_ struct policy *bent = NULL;
			_cleanup_buf_ struct buf out = {0};

			bytes.p[at] ^= (char)(1 << at % 8);
			if (policy_unpack(&bent, bytes.p, bytes.n))
				policy_write(bent, &out);
			assert_true(at >= sizeof(uint64_t) || !bent);
			bytes.p[at] ^= (char)(1 << at % 8);
		}
	}
}

static void sections(void **state)
{
	_cleanup_policy_ struct policy *policy = preset("multichannel");
	struct texts columns = {0}, cells = {0};
	struct ticket_error err = {0};
	_cleanup_free_ char *heads = NULL;

	assert_int_equal(policy_section(policy, "channels", "zh", &columns, &cells, &err), 0);
	heads = texts_join(&columns, ",");
	assert_string_equal(heads, "name,code,labels");
	assert_int_equal(cells.n, 15);
	assert_string_equal(cells.v[6], "wechat");
	assert_string_equal(cells.v[8], "公众号");
	texts_release(&columns);
	texts_release(&cells);
	assert_int_equal(policy_section(policy, "chanels", "zh", &columns, &cells, &err), TICKET_NOTFOUND);
	assert_true(text_starts(err.message, "a policy has no list 'chanels'; did you mean 'channels'?"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals),      cmocka_unit_test(cut_short),  cmocka_unit_test(presets_are_sound), cmocka_unit_test(words_are_labelled),
		cmocka_unit_test(promised_times), cmocka_unit_test(recurring), cmocka_unit_test(statuses),          cmocka_unit_test(condition_values),
		cmocka_unit_test(moments),       cmocka_unit_test(reassigned), cmocka_unit_test(last_moments),      cmocka_unit_test(needs),
		cmocka_unit_test(recipients),    cmocka_unit_test(choices_refused), cmocka_unit_test(permissions),  cmocka_unit_test(sections), cmocka_unit_test(packed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
