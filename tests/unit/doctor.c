/* SPDX-License-Identifier: MIT */
/* The doctor: each fault it promises to find, in an otherwise sound policy, and nothing where there is nothing. */
#include "preset.h"

static const char head[] =
	"{\"format\":1,\"name\":\"x\",\"titles\":{\"en\":\"X\"},\"time_zone\":\"UTC\",\"number\":{\"format\":\"{channel}{date}{serial:3}\"},"
	"\"channels\":[{\"name\":\"mail\",\"code\":\"M\",\"labels\":{\"en\":\"Mail\"}}],"
	"\"priorities\":[{\"name\":\"1\",\"labels\":{\"en\":\"1\"}},{\"name\":\"2\",\"labels\":{\"en\":\"2\"}}],"
	"\"roles\":[{\"name\":\"chief\",\"labels\":{\"en\":\"Chief\"}}],\"groups\":[{\"name\":\"it\",\"labels\":{\"en\":\"IT\"}}]";

#define L "\"labels\":{\"en\":\"x\"}"
#define T1 "{\"name\":\"t\"," L ",\"when\":{\"priority\":[\"1\",\"2\"]},\"from\":\"received\",\"until\":[\"responded\"],\"within\":\"2h\"}"

static const struct {
	const char *more;                  /* what is added to the head */
	const char *where, *what;          /* the first finding; NULL: none */
} cases[] = {
	{"", NULL, NULL},
	{",\"targets\":[" T1 "]", NULL, NULL},
	/* names */
	{",\"types\":[{\"name\":\"a\"}]", "types[0].labels", "this is not given in 'en', a language of the titles"},
	{",\"types\":[{\"name\":\"a\"," L "},{\"name\":\"a\"," L "}]", "types[1].name", "the name 'a' is given twice, first in types[0]"},
	{",\"types\":[{\"name\":\"a\"," L ",\"children\":[{\"name\":\"b\"," L "},{\"name\":\"b\"," L "}]}]", "types[0].children[1].name",
	 "the name 'b' is given twice, first in types[0].children[0]"},
	{",\"words\":{\"zh:opened\":\"x\"}", "words", "'opened' has no label in 'en'"},
	{",\"words\":{\"opened\":\"x\"}", "words", "'opened' must be LANGUAGE:WORD, such as 'en:assigned'"},
	{",\"language\":\"zh\"", "language", "'zh' is no language of the titles"},
	{",\"default_priority\":\"3\"", "default_priority", "'3' is no priority of this policy; it is one of: 1, 2"},
	{",\"templates\":[{\"name\":\"t\",\"body\":{\"en\":\"{numbr}\"}}]", "templates[0].body", "'numbr' is no placeholder; did you mean 'number'?"},
	/* conditions */
	{",\"routing\":[{\"when\":{\"priorty\":[\"1\"]},\"group\":\"it\"}]", "routing[0].when.priorty", "'priorty' is no field of conditions; did you mean 'priority'?"},
	{",\"routing\":[{\"when\":{\"priority\":[\"9\"]},\"group\":\"it\"}]", "routing[0].when.priority", "'9' is no priority of this policy; it is one of: 1, 2"},
	{",\"routing\":[{\"when\":{\"channel\":[\"!post\"]},\"group\":\"it\"}]", "routing[0].when.channel", "'post' is no channel of this policy; it is one of: mail"},
	{",\"routing\":[{\"when\":{\"priority\":[]},\"group\":\"it\"}]", "routing[0].when.priority", "this never holds: it lists no value"},
	{",\"routing\":[{\"when\":{\"state\":[\"open\"]},\"group\":\"it\"}]", "routing[0].when.state", NULL},
	{",\"routing\":[{\"when\":{\"level\":[\"two\"]},\"group\":\"it\"}]", "routing[0].when.level", "'two' is no count; '2' is two, '2+' is two or more"},
	{",\"routing\":[{\"when\":{\"field.x\":[\"y\"]},\"group\":\"it\"}]", "routing[0].when.field.x", "'x' is no field of this policy's own ('own' in fields)"},
	{",\"routing\":[{\"when\":{\"priority\":[\"!1\",\"!2\"]},\"group\":\"it\"}]", "routing[0].when.priority", "one value with '!' among others holds nearly always; give it alone"},
	/* rules */
	{",\"routing\":[{\"group\":\"ti\"}]", "routing[0].group", "'ti' is no group of this policy; it is one of: it"},
	{",\"routing\":[{}]", "routing[0]", "this route leads to nobody; give it a group or a person"},
	{",\"routing\":[{\"when\":{\"priority\":[\"1\",\"2\"]},\"group\":\"it\"},{\"when\":{\"priority\":[\"1\"],\"channel\":[\"mail\"]},\"group\":\"it\"}]", "routing[1]",
	 "this rule is never reached: routing[0] holds wherever it would"},
	{",\"permissions\":[{\"events\":[\"reasigned\"],\"roles\":[\"chief\"]}]", "permissions[0].events", "'reasigned' is no moment; did you mean 'reassigned'?"},
	{",\"permissions\":[{\"events\":[\"archived\"],\"roles\":[\"chif\"]}]", "permissions[0].roles", "'chif' is no role of this policy; did you mean 'chief'?"},
	{",\"permissions\":[{\"events\":[\"archived\"],\"needs\":[\"reasons\"]}]", "permissions[0].needs", "'reasons' is no member of events"},
	{",\"permissions\":[{\"events\":[\"escalated\"],\"roles\":[\"chief\"]},{\"events\":[\"escalated:2\"],\"roles\":[\"chief\"]}]", "permissions[1]",
	 "this rule is never reached: permissions[0] holds wherever it would"},
	{",\"people\":[{\"name\":\"li\"}],\"permissions\":[{\"events\":[\"archived\"],\"roles\":[\"chief\"]}]", "permissions[0].roles",
	 "nobody may do this: no person has one of these roles"},
	{",\"people\":[{\"name\":\"li\",\"email\":\"a@x\"},{\"name\":\"wu\",\"email\":\"A@x\"}]", "people[1].email", "'li' and 'wu' have the same address"},
	{",\"gates\":[{\"event\":\"archived\",\"needs\":[\"confirmd\"]}]", "gates[0].needs", "'confirmd' is nothing a gate can need; see ticket-policy(5), Gates"},
	{",\"gates\":[{\"event\":\"archived\",\"needs\":[\"archived\"]}]", "gates[0].needs", "this gate never opens: 'archived' needs itself"},
	{",\"gates\":[{\"event\":\"archived\",\"needs\":[\"confirmed\",\"survey_closed|followed_up:yes\"]}]", NULL, NULL},
	{",\"masking\":{\"phones\":\"masks\"}", "masking.phones", "'masks' is no way to treat it; did you mean 'mask'?"},
	{",\"fields\":[{\"name\":\"colour\"," L "}]", "fields[0].name", "'colour' is no member of a ticket's head; a field of the policy's own says \"own\": true"},
	{",\"fields\":[{\"name\":\"customer.display\"," L "}]", NULL, NULL},
	{",\"standards\":[{\"name\":\"s\",\"figure\":\"in_time:t\"," L ",\"at_least\":0.9,\"unit\":\"share\"}],\"targets\":[" T1 "]", NULL, NULL},
	{",\"standards\":[{\"name\":\"s\",\"figure\":\"in_time\"," L ",\"at_least\":90,\"unit\":\"share\"}]", "standards[0]", "a share is at most 1: write 0.98 for 98 %"},
	{",\"survey\":{\"questions\":[{\"name\":\"q\"," L "}],\"scale_min\":1,\"scale_max\":5,\"low\":5}", "survey.low",
	 "a low score must be one of the scale, but not the highest"},
	{",\"samples\":[{\"name\":\"s\"," L ",\"event\":\"followed_up\",\"share\":5}]", "samples[0].share", "a share lies above 0 and is at most 1: write 0.05 for 5 %"},
	{",\"alarms\":[{\"name\":\"a\",\"kind\":\"burst\"," L ",\"by\":\"type\",\"count\":3,\"window\":\"1h\"}]", "alarms[0].notify", "this alarm does nothing and tells nobody"},
	{",\"alarms\":[{\"name\":\"a\",\"kind\":\"burst\"," L ",\"count\":3,\"window\":\"1h\",\"level\":1}]", "alarms[0].by",
	 "what is counted is missing: of the same category, customer, channel or type"},
	{",\"alarms\":[{\"name\":\"a\",\"kind\":\"silence\"," L ",\"then\":\"remind\"}]", "alarms[0].after", "a length of time such as \"24h\" is missing"},
	{",\"statuses\":[{\"name\":\"s\"," L "},{\"name\":\"r\"," L ",\"states\":[\"new\"]}]", "statuses[1]", "this rule is never reached: statuses[0] holds wherever it would"},
	{",\"statuses\":[{\"name\":\"s\"," L ",\"states\":[\"triaged\",\"assigned\",\"in_progress\",\"waiting\",\"resolved\",\"confirmed\",\"verified\",\"archived\",\"merged\"]}]", "statuses",
	 "no status is shown for the state 'new'"},
	/* clocks */
	{",\"targets\":[{\"name\":\"t\"," L ",\"when\":{\"priority\":[\"1\"]},\"from\":\"received\",\"until\":[\"responded\"],\"within\":\"2h\"}]", "priorities[1]",
	 "the priority '2' has no target: others have one of their own, it has none"},
	{",\"targets\":[{\"name\":\"t\"," L ",\"from\":\"recieved\",\"until\":[\"responded\"],\"within\":\"2h\"}]", "targets[0].from", "'recieved' is no moment; did you mean 'received'?"},
	{",\"targets\":[{\"name\":\"t\"," L ",\"from\":\"received\",\"until\":[\"survey:aswered\"],\"within\":\"2h\"}]", "targets[0].until",
	 "'aswered' is no step of a survey; did you mean 'answered'?"},
	{",\"targets\":[{\"name\":\"t\"," L ",\"from\":\"received\",\"until\":[\"responded\"]}]", "targets[0]", "this target never falls due; give it within, every or by"},
	{",\"targets\":[{\"name\":\"t\"," L ",\"from\":\"received\",\"until\":[\"responded\"],\"within\":\"-2h\"}]", "targets[0].within",
	 "this length of time must be longer than nothing"},
	{",\"targets\":[{\"name\":\"t\"," L ",\"from\":\"received\",\"until\":[\"responded\"],\"within\":\"99999h\"}]", "targets[0].within", "this length of time is over ten years"},
	{",\"targets\":[{\"name\":\"t\"," L ",\"from\":\"received\",\"until\":[\"responded\"],\"within\":\"2h\",\"warn\":[\"100%\"]}]", "targets[0].warn",
	 "'100%' is a warning at the deadline or after it"},
	{",\"targets\":[{\"name\":\"t\"," L ",\"from\":\"received\",\"until\":[\"responded\"],\"within\":\"2h\",\"warn\":[\"2h\"]}]", "targets[0].warn",
	 "'2h' is a warning at the deadline or after it"},
	{",\"targets\":[{\"name\":\"t\"," L ",\"from\":\"received\",\"until\":[\"responded\"],\"within\":\"5bd\",\"calendar\":\"office\",\"warn\":[\"3bd\",\"-1bd\"]}]", NULL, NULL},
	{",\"targets\":[{\"name\":\"t\"," L ",\"from\":\"received\",\"until\":[\"responded\"],\"within\":\"5bd\",\"calendar\":\"office\",\"warn\":[\"-5bd\"]}]", "targets[0].warn",
	 "'-5bd' is a warning at the start or before it"},
	{",\"targets\":[{\"name\":\"t\"," L ",\"from\":\"received\",\"until\":[\"responded\"],\"within\":\"2h\",\"pause\":[\"waiting:custmer\"]}]", "targets[0].pause",
	 "'waiting:custmer' is no reason to pause; did you mean 'waiting:customer'?"},
	{",\"targets\":[{\"name\":\"t\"," L ",\"from\":\"received\",\"until\":[\"responded\"],\"within\":\"2h\",\"warn\":[\"-3h\"]}]", "targets[0].warn",
	 "'-3h' is a warning at the start or before it"},
	{",\"targets\":[{\"name\":\"t\"," L ",\"from\":\"received\",\"until\":[\"responded\"],\"by\":\"25:00\"}]", "targets[0].by", "'25:00' is no time of day such as '17:00'"},
	{",\"targets\":[{\"name\":\"t\"," L ",\"from\":\"assigned\",\"until\":[\"assigned\"],\"within\":\"1h\"}]", "targets[0].until", "'assigned' starts this target and meets it at once"},
	{",\"targets\":[" T1 "," T1 "]", "targets[1]", "this rule is never reached: targets[0] holds wherever it would"},
	{",\"targets\":[" T1 ",{\"name\":\"t\"," L ",\"when\":{\"priority\":[\"1\"]},\"from\":\"received\",\"until\":[\"responded\"],\"within\":\"1h\"}]", "targets[1]",
	 "this rule is never reached: targets[0] holds wherever it would"},
	/* the ladder */
	{",\"targets\":[" T1 "],\"ladder\":[{\"name\":\"a\",\"targets\":[\"t\"],\"offset\":\"0s\"}]", "ladder[0]", "this step does nothing and nobody receives it"},
	{",\"targets\":[" T1 "],\"ladder\":[{\"name\":\"a\",\"targets\":[\"u\"],\"offset\":\"0s\",\"delayed\":true}]", "ladder[0].targets",
	 "'u' is no target of this policy; it is one of: t"},
	{",\"targets\":[" T1 "],\"ladder\":[{\"name\":\"a\",\"targets\":[\"t\"],\"offset\":\"later\",\"delayed\":true}]", "ladder[0].offset",
	 "'later' is no offset from the due time; write '+15m', '-25%' or '0s'"},
	{",\"targets\":[" T1 "],\"ladder\":[{\"name\":\"a\",\"targets\":[\"t\"],\"offset\":\"-2h\",\"delayed\":true}]", "ladder[0].offset",
	 "'-2h' lies before targets[0] ('t') begins to run"},
	{",\"targets\":[" T1 "],\"ladder\":[{\"name\":\"a\",\"targets\":[\"t\"],\"offset\":\"0s\",\"notify\":[\"role:boss\"]}]", "ladder[0].notify",
	 "'boss' is no role of this policy; it is one of: chief"},
	{",\"targets\":[" T1 "],\"ladder\":[{\"name\":\"a\",\"targets\":[\"t\"],\"offset\":\"0s\",\"notify\":[\"chief\"]}]", "ladder[0].notify",
	 "'chief' is no recipient; it is one of: assignee, plan_lead, customer"},
	{",\"people\":[{\"name\":\"li\"}],\"targets\":[" T1 "],\"ladder\":[{\"name\":\"a\",\"targets\":[\"t\"],\"offset\":\"0s\",\"notify\":[\"role:chief\"]}]", "ladder[0].notify",
	 "nobody receives this: 'role:chief' stands for no person of this policy"},
	{",\"targets\":[" T1 "],\"ladder\":[{\"name\":\"a\",\"targets\":[\"t\"],\"offset\":\"0s\",\"notify\":[\"assignee\"],\"template\":\"x\"}]", "ladder[0].template",
	 "'x' is no template of this policy"},
	{",\"targets\":[" T1 "],\"ladder\":[{\"name\":\"a\",\"targets\":[\"t\"],\"offset\":\"0s\",\"raise_to\":\"1\"}]", NULL, NULL},
	{",\"targets\":[" T1 "],\"ladder\":[{\"name\":\"a\",\"targets\":[\"t\"],\"offset\":\"0s\",\"when\":{\"priority\":[\"2\"]},\"raise_to\":\"1\"},"
	 "{\"name\":\"b\",\"targets\":[\"t\"],\"offset\":\"1h\",\"when\":{\"priority\":[\"1\"]},\"raise_to\":\"2\"}]",
	 "ladder[0].raise_to", "'1' is part of a ring: a ticket raised to it is raised away and back again"},
};

static void faults(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *text = xasprintf("%s%s}", head, cases[i].more);
		_cleanup_policy_ struct policy *policy = NULL;
		struct ticket_error err = {0};
		findings found = {0};
		size_t n;

		if (policy_read(&policy, text, strlen(text), "p.json", &err))
			fail_msg("%s", err.message);
		n = policy_doctor(policy, &found);
		assert_int_equal(n, found.n);
		if (!cases[i].where && n)
			fail_msg("%s: %s: %s", cases[i].more, found.v[0].where, found.v[0].what);
		if (cases[i].where && !n)
			fail_msg("nothing found: %s", cases[i].more);
		if (cases[i].where && (strcmp(found.v[0].where, cases[i].where) != 0 || (cases[i].what && strcmp(found.v[0].what, cases[i].what) != 0)))
			fail_msg("%s\n%s: %s\n%s: %s", cases[i].more, found.v[0].where, found.v[0].what, cases[i].where, cases[i].what);
		findings_release(&found);
	}
}

/* Codes, and a zone, without which no number and no day can be right, are fatal. */
static void fatal(void **state)
{
	static const struct {
		const char *channels, *zone, *where, *what;
	} bad[] = {
		{"[{\"name\":\"a\",\"code\":\"1\"},{\"name\":\"b\",\"code\":\"1\"}]", "UTC", "channels[1].code", "channels 'a' and 'b' have the same code '1'"},
		{"[{\"name\":\"a\",\"code\":\"1\"},{\"name\":\"b\",\"code\":\"12\"}]", "UTC", "channels[0].code",
		 "numbers cannot be told apart: the code '1' of channel 'a' begins the code '12' of channel 'b'"},
		{"[{\"name\":\"a\"}]", "UTC", "channels[0].code", "the number format holds {channel}, but channel 'a' has no code"},
		{"[{\"name\":\"a\",\"code\":\"1\"}]", "Asia/Shanghia", "time_zone", "'Asia/Shanghia' is not a time zone of the IANA database, such as Asia/Shanghai or UTC"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		_cleanup_free_ char *text =
			xasprintf("{\"format\":1,\"name\":\"x\",\"time_zone\":\"%s\",\"number\":{\"format\":\"{date}{channel}{serial:2}\"},\"channels\":%s}", bad[i].zone, bad[i].channels);
		_cleanup_policy_ struct policy *policy = NULL;
		findings found = {0};

		assert_int_equal(policy_read(&policy, text, strlen(text), "p.json", NULL), 0);
		policy_doctor(policy, &found);
		assert_int_equal(found.n, 1);
		assert_string_equal(found.v[0].where, bad[i].where);
		assert_string_equal(found.v[0].what, bad[i].what);
		assert_true(found.v[0].fatal);
		findings_release(&found);
	}
}

static void calendars(void **state)
{
	_cleanup_policy_ struct policy *policy = preset("after-sales");
	struct texts names = {0};
	findings found = {0};

	texts_add(&names, "office");
	assert_true(policy_doctor_calendars(policy, &names, &found) > 1);
	assert_string_equal(found.v[0].where, "calendar");
	assert_string_equal(found.v[0].what, "'china' is no calendar of this desk; it is one of: office");
	findings_release(&found);
	texts_add(&names, "china");
	assert_int_equal(policy_doctor_calendars(policy, &names, &found), 0);
	texts_release(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(faults), cmocka_unit_test(fatal), cmocka_unit_test(calendars)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
