/* SPDX-License-Identifier: MIT */
/* What in a record cannot be right: found alike by who wants the words and by who only counts; and which fields are filled. */
#include "preset.h"

#include "flow/flow.h"

static struct policy *policy;

static int setup(void **state)
{
	static const char text[] = "{\"format\":1,\"name\":\"x\",\"time_zone\":\"UTC\",\"number\":{\"format\":\"{date}-{serial:4}\"},\"channels\":[{\"name\":\"mail\"}],"
				   "\"types\":[{\"name\":\"complaint\"},{\"name\":\"inquiry\"}],\"clock_skew\":\"5m\",\"fields\":[{\"name\":\"subject\",\"key\":true},"
				   "{\"name\":\"customer.display\",\"required\":true},{\"name\":\"batch\",\"own\":true,\"key\":true,\"when\":{\"type\":[\"complaint\"]}},{\"name\":\"wants\"}]}";
	struct ticket_error err = {0};

	if (policy_read(&policy, text, sizeof(text) - 1, "policy", &err))
		fail_msg("%s", err.message);
	return 0;
}

static int teardown(void **state)
{
	policy_free(policy);
	return 0;
}

/* A ticket of a subject and a customer, with more members and with events: "KIND HH:MM …", at and recorded at that time, JSON behind it. */
static struct ticket *ticket_of(const char *members, const char *const *events)
{
	struct buf text = {0};
	struct ticket_error err = {0};
	struct ticket *ticket;

	buf_addf(&text, "{\"format\":1,\"id\":\"1\",\"uid\":\"00000000000000000000000000000001\",\"received\":\"2026-05-01T10:00:00Z\",\"channel\":\"mail\"%s,\"state\":\"new\","
			"\"cycle\":1,\"events\":[", members);
	for (size_t i = 0; events[i]; i++) {
		char kind[32], time[8];
		int n;

		assert_int_equal(sscanf(events[i], "%31s %7s%n", kind, time, &n), 2);
		buf_addf(&text, "%s{\"id\":\"%016zx\",\"at\":\"2026-05-01T%s:00Z\",\"recorded\":\"%s\",\"by\":\"li\",\"do\":\"%s\"%s}", i ? "," : "", i + 1, time,
			 strstr(events[i], "early") ? "2026-05-01T10:00:00Z" : "2026-05-01T23:00:00Z", kind, events[i] + n + strspn(events[i] + n, " early"));
	}
	buf_puts(&text, "]}");
	if (ticket_read(&ticket, text.p, text.n, "ticket", &err))
		fail_msg("%s\n%s", err.message, text.p);
	buf_release(&text);
	return ticket;
}

#define NAMED ",\"customer\":{\"display\":\"W\"},\"subject\":\"s\""

static void found(void **state)
{
	static const struct {
		const char *members, *events[6], *names;
	} cases[] = {
		{NAMED, {"opened 10:00"}, ""},
		{"", {"opened 10:00"}, "missing(subject, customer.display)"},
		{",\"customer\":{\"display\":\"W\"}", {"opened 10:00"}, "missing(subject)"},
		{NAMED ",\"types\":[\"inquiry\"]", {"opened 10:00"}, ""},
		{NAMED ",\"types\":[\"complaint\"]", {"opened 10:00"}, "missing(batch)"},
		{NAMED ",\"types\":[\"complaint\"],\"fields\":{\"batch\":\"7\"}", {"opened 10:00"}, ""},
		{NAMED, {"opened 09:00", "noted 10:00"}, ""},
		{NAMED, {"opened 10:00", "noted 09:59", "noted 09:58"}, "before_receipt(2026-05-01T09:59:00Z)"},
		{NAMED, {"opened 10:00", "noted 10:05 early"}, ""},
		{NAMED, {"opened 10:00", "noted 10:06 early", "noted 10:07 early"}, "recorded_first(2026-05-01T10:00:00Z)"},
		{NAMED, {"opened 10:00", "responded 11:00", "resolved 11:00"}, ""},
		{NAMED, {"opened 10:00", "responded 11:00", "resolved 10:30"}, "resolved_first(2026-05-01T10:30:00Z)"},
		{NAMED, {"opened 10:00", "resolved 12:00", "archived 11:00"}, "closed_first(2026-05-01T11:00:00Z)"},
		{NAMED, {"opened 10:00", "resolved 12:00", "confirmed 12:00", "archived 11:00"}, "closed_first(2026-05-01T11:00:00Z)"},
		{NAMED, {"opened 10:00", "archived 11:00", "reopened 11:30", "resolved 12:00"}, ""},
		{NAMED, {"opened 10:00", "planned 12:00 ,\"due\":\"2026-05-01T11:00:00Z\""}, "plan_due(2026-05-01T11:00:00Z)"},
		{NAMED, {"opened 10:00", "planned 12:00 ,\"due\":\"2026-05-01T12:00:00Z\""}, ""},
		{NAMED ",\"expects\":\"2026-05-01T09:00:00Z\"", {"opened 10:00"}, "expects(2026-05-01T09:00:00Z)"},
		{",\"expects\":\"2026-05-01T09:00:00Z\"", {"opened 10:00", "noted 09:00", "responded 11:00", "resolved 10:30", "archived 10:20"},
		 "missing(subject, customer.display) before_receipt(2026-05-01T09:00:00Z) resolved_first(2026-05-01T10:30:00Z) closed_first(2026-05-01T10:20:00Z) expects(2026-05-01T09:00:00Z)"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_ticket_ struct ticket *ticket = ticket_of(cases[i].members, cases[i].events);
		_cleanup_buf_ struct buf names = {0};
		anomalies list = {0};
		int64_t kinds = 0;

		flow_anomalies(ticket, policy, &list);
		for (size_t k = 0; k < list.n; k++) {
			buf_addf(&names, "%s%s(%s)", k ? " " : "", anomaly_name(list.v[k].kind), list.v[k].what);
			kinds |= (int64_t)1 << list.v[k].kind;
		}
		anomalies_release(&list);
		assert_string_equal(names.n ? names.p : "", cases[i].names);
		assert_int_equal(flow_anomaly_kinds(ticket, policy), kinds);
	}
}

/* A field is filled when its value is anything, whatever a rule may name. */
static void filled(void **state)
{
	static const char *const tickets[] = {
		"", "subject=s", "types=a", "types=a,b departments=x", "received=2026-05-01T10:00:00Z expects=2026-05-01T10:00:00Z", "level=2 delayed=true state=waiting", "field.subject=own field.x=",
	}, *const more[] = {"customer.id", "customer.display", "customer.contact", "source.address", "customer.", "customer.nothing", ".id", "", "subject.x", "types.0", "nothing", "field.subject", "x"};
	size_t n_filled = 0;

	for (size_t i = 0; i < ARRAY_SIZE(tickets); i++) {
		_cleanup_ticket_ struct ticket *ticket = made_ticket(tickets[i]);
		size_t n = 0;

		if (i % 2)
			ticket->customer.display = xstrdup("W"), ticket->customer.contact = xstrdup(""), ticket->source.address = xstrdup("a");
		if (i == 2)
			replace_text(&ticket->types.v[0], "");
		for (const struct codec_field *field = ticket_codec.fields; field->key; field++)
			n++;
		for (size_t k = 0; k < 2 * (n + ARRAY_SIZE(more)); k++) {
			const char *name = k / 2 < n ? ticket_codec.fields[k / 2].key : more[k / 2 - n];
			const struct field_rule rule = {.name = (char *)name, .own = k % 2};
			_cleanup_free_ char *value = flow_field_value(ticket, &rule);

			if (flow_field_filled(ticket, &rule) != (*value != '\0'))
				fail_msg("'%s' of ticket %zu: '%s'", name, i, value);
			n_filled += *value != '\0';
		}
	}
	assert_true(n_filled > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(found), cmocka_unit_test(filled)};

	return cmocka_run_group_tests(tests, setup, teardown);
}
