/* SPDX-License-Identifier: MIT */
/*
 * Random desks by every preset, in two zones, about the days on which clocks change: every report out of the index must
 * come to the byte to what it is when every ticket is read and followed through its history; whatever the period, the
 * query and the moment. Then the same for the index built anew, and for a desk as it was.
 */
#include "sweep_desk.h"

#include "report/gather.h"
#include "ticket/file.h"

#define DAY_S INT64_C(86400)

static uint64_t dice = 20261122;

static size_t roll(size_t sides)
{
	dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)(dice >> 33) % sides;
}

static const char *any(const choices *list)
{
	return list->n ? list->v[roll(list->n)].name : NULL;
}

/* --- a desk ------------------------------------------------------------------------------------------------------ */

static void set_zone(struct swept *swept, const char *preset, const char *zone)
{
	_cleanup_change_ struct change *change = NULL;
	_cleanup_free_ char *path = xasprintf(PRESETS "/%s/policy.json", preset);
	_cleanup_buf_ struct buf text = {0}, out = {0};
	char *at;

	assert_int_equal(file_read(path, 1 << 20, &text, &swept->err), 0);
	at = strstr(text.p, "\"Asia/Shanghai\"");
	assert_non_null(at);
	buf_add(&out, text.p, (size_t)(at - text.p));
	buf_addf(&out, "\"%s\"%s", zone, at + strlen("\"Asia/Shanghai\""));
	if (change_begin(&change, swept->desk, &swept->err) || change_file(change, "policy/policy.json", out.p, out.n, &swept->err) ||
	    change_commit(change, false, &swept->err))
		fail_msg("%s", swept->err.message);
	change_free(steal_ptr(change));
	if (desk_refresh(swept->desk, &swept->err))
		fail_msg("%s", swept->err.message);
}

static void receive(struct swept *swept, int64_t at_s, struct texts *numbers)
{
	const struct policy *policy = desk_policy(swept->desk);
	_cleanup_change_ struct change *change = NULL;
	struct ticket *draft = xcalloc(1, sizeof(*draft)), *ticket;
	struct event opened = {0};

	swept->desk->context.now_s = at_s;
	draft->received = moment_at(at_s - (int64_t)(roll(3) ? 0 : roll(7200)));
	draft->channel = xstrdup(any(&policy->channels));
	draft->subject = xasprintf("it fails, %zu times; 第 %zu 次", roll(9), roll(9));
	draft->description = xstrdup("it does not work");
	if (policy->types.n)
		texts_add(&draft->types, any(&policy->types));
	if (roll(4)) {
		draft->priority = xstrdup(any(&policy->priorities));
		draft->category = xstrdup(any(&policy->categories));
		draft->grade = xstrdup(any(&policy->grades));
	}
	if (roll(3)) {
		size_t who = roll(8);

		draft->customer.display = xasprintf("Wang %zu", who);
		draft->customer.contact = xasprintf("138001380%02zu", who);
	}
	if (change_begin(&change, swept->desk, &swept->err))
		fail_msg("%s", swept->err.message);
	if (change_new(change, draft, &opened, &ticket, &swept->err))
		return; /* what the policy wants is not there: nothing happened */
	texts_add(numbers, ticket->id);
	if (change_commit(change, false, &swept->err))
		fail_msg("%s", swept->err.message);
}

static void fill_event(struct event *event, const struct policy *policy, enum event_kind kind)
{
	static const char *const whom[] = {"customer", "vendor", "department"}, *const said[] = {"yes", "fairly", "no"}, *const causes[] = {"entry", "system", "procedure"};

	*event = (struct event){.kind = (int)kind};
	if (event_uses(kind, "text"))
		event->text = xasprintf("said %zu", roll(100));
	if (event_uses(kind, "reason"))
		event->reason = xstrdup("because");
	if (event_uses(kind, "late_reason"))
		event->late_reason = xstrdup("too much");
	if (kind == EVENT_ASSIGNED || kind == EVENT_PLANNED)
		event->person = xstrdup(policy->people.n ? policy->people.v[roll(policy->people.n)].name : "wang");
	if (kind == EVENT_TRIAGED) {
		event->priority = xstrdup(any(&policy->priorities));
		event->category = xstrdup(any(&policy->categories));
	}
	if (kind == EVENT_WAITING)
		event->for_whom = xstrdup(whom[roll(3)]);
	if (kind == EVENT_INBOUND)
		event->complains = roll(2);
	if (kind == EVENT_FOLLOWED_UP)
		event->satisfied = xstrdup(said[roll(3)]);
	if (kind == EVENT_QUARANTINED)
		event->cause = xstrdup(causes[roll(3)]);
	if (kind == EVENT_REVIEWED)
		event->decision = xstrdup("go on");
	if (kind != EVENT_SURVEY)
		return;
	event->step = xstrdup(roll(3) ? "answered" : "sent");
	for (size_t i = 0; i < policy->survey.questions.n && text_equal(event->step, "answered"); i++) {
		_cleanup_free_ char *score = xasprintf("%lld", (long long)(policy->survey.scale_min + (int64_t)roll((size_t)(policy->survey.scale_max - policy->survey.scale_min) + 1)));

		pairs_set(&event->scores, policy->survey.questions.v[i].name, score);
	}
}

static size_t happen(struct swept *swept, const char *number, int64_t at_s, enum event_kind kind)
{
	_cleanup_change_ struct change *change = NULL;
	struct ticket *ticket;
	struct event event;

	swept->desk->context.now_s = at_s;
	fill_event(&event, desk_policy(swept->desk), kind);
	if (roll(10) == 0)
		event.at = moment_at(at_s - (int64_t)roll(7200)); /* told later */
	if (change_begin(&change, swept->desk, &swept->err) || change_ticket(change, number, &ticket, &swept->err))
		fail_msg("%s", swept->err.message);
	/* A correction moves the ticket to another place in time. */
	if (kind == EVENT_CORRECTED) {
		const struct stamp earlier = moment_at(ticket->received.s - (int64_t)roll(3 * DAY_S));
		char when[STAMP_SIZE];

		stamp_format(when, &earlier);

		if (change_correction(swept->desk, ticket, "received", when, &event, &swept->err)) {
			event_release(&event);
			return 0;
		}
	}
	return !change_record(change, ticket, &event, NULL, &swept->err) && !change_commit(change, false, &swept->err);
}

/* --- held against each other ------------------------------------------------------------------------------------- */

static char *report_text(struct swept *swept, struct report_order *order, bool recount)
{
	_cleanup_report_ struct report *report = NULL;
	struct buf out = {0};

	order->recount = recount;
	if (report_run(&report, swept->desk, order, &swept->err))
		return xasprintf("failed: %s", swept->err.message);
	report_json(report, &out);
	for (size_t s = 0; s < report->sections.n; s++) /* and the tickets behind each number */
		for (size_t r = 0; r < report->sections.v[s].rows.n; r++)
			for (size_t c = 0; c < report->sections.v[s].columns.n; c++) {
				const struct report_cell *cell = &report->sections.v[s].rows.v[r].cells[c];

				for (size_t t = 0; t < cell->tickets.n; t++)
					buf_addf(&out, "%s ", report->tickets.v[cell->tickets.v[t]]);
				buf_putc(&out, '\n');
			}
	return buf_steal(&out);
}

static size_t compared, with_tickets;

static void compare(struct swept *swept, const struct range *period, const char *word)
{
	for (size_t i = 0; i < report_count(); i++) {
		struct report_order order = {.name = report_listed(i, "en").name, .words = &word, .n_words = word != NULL, .period = *period, .language = i % 2 ? "en" : "zh"};
		_cleanup_free_ char *kept = report_text(swept, &order, false), *counted = report_text(swept, &order, true);

		if (strcmp(kept, counted) != 0) {
			size_t at = 0;

			while (kept[at] == counted[at])
				at++;
			fail_msg("%s %s at %lld from %lld:\n%.300s\nis, counted anew,\n%.300s", order.name, word ? word : "", (long long)swept->desk->context.now_s,
				 (long long)period->from_s, kept + (at > 150 ? at - 150 : 0), counted + (at > 150 ? at - 150 : 0));
		}
		compared++;
		with_tickets += strstr(kept, "\"tickets\":0,\"quarantined\"") == NULL;
		assert_null(strstr(kept, "failed: "));
	}
}

static void compare_all(struct swept *swept, int64_t start_s, int64_t now_s)
{
	static const char *const queries[] = {NULL, "state:open", "-no:customer"};
	const struct range periods[] = {{INT64_MIN, INT64_MAX}, {start_s + 2 * DAY_S, start_s + 4 * DAY_S}, {start_s + DAY_S, INT64_MAX}, {start_s - 9 * DAY_S, start_s - 8 * DAY_S}};

	static size_t turn;

	swept->desk->context.now_s = now_s;
	compare(swept, &periods[turn % ARRAY_SIZE(periods)], queries[turn % ARRAY_SIZE(queries)]);
	turn++;
}

static void random_desk(const char *preset, const char *zone, int64_t start_s)
{
	static const enum event_kind kinds[] = {
		EVENT_TRIAGED, EVENT_ASSIGNED, EVENT_ASSIGNED, EVENT_RESPONDED, EVENT_RESPONDED, EVENT_INBOUND, EVENT_NOTED, EVENT_PLANNED, EVENT_WAITING, EVENT_RESUMED, EVENT_RESOLVED,
		EVENT_RESOLVED, EVENT_CONFIRMED, EVENT_DISPUTED, EVENT_SURVEY, EVENT_SURVEY, EVENT_FOLLOWED_UP, EVENT_VERIFIED, EVENT_ARCHIVED, EVENT_REOPENED, EVENT_ESCALATED,
		EVENT_REVIEWED, EVENT_QUARANTINED, EVENT_RELEASED, EVENT_CORRECTED,
	};
	struct texts numbers = {0};
	struct swept swept;
	size_t recorded = 0;
	int64_t now_s = start_s;

	compared = with_tickets = 0;
	swept_new(&swept, preset, start_s);
	set_zone(&swept, preset, zone);
	compare(&swept, &(struct range){INT64_MIN, INT64_MAX}, NULL); /* a desk without tickets */
	receive(&swept, now_s, &numbers);
	compare(&swept, &(struct range){INT64_MIN, INT64_MAX}, NULL); /* and with one */
	for (size_t i = 1; i < 130; i++) {
		now_s += (int64_t)(1 + roll(8000));
		if (!numbers.n || !roll(3))
			receive(&swept, now_s, &numbers);
		else
			recorded += happen(&swept, numbers.v[roll(numbers.n)], now_s, kinds[roll(ARRAY_SIZE(kinds))]);
		if (i % 43 == 0) {
			compare_all(&swept, start_s, now_s);
			compare_all(&swept, start_s, now_s + (int64_t)roll(5 * DAY_S));
			swept_check(&swept, now_s);
		}
	}
	compare_all(&swept, start_s, now_s + 30 * DAY_S);
	expect_sound(&swept);
	/* As it was: from an index in memory. */
	if (desk_as_of(swept.desk, "HEAD~60", &swept.err))
		fail_msg("%s", swept.err.message);
	compare(&swept, &(struct range){INT64_MIN, INT64_MAX}, NULL);
	print_message("%s, %s: %zu tickets, %zu events, %zu reports (%zu of some tickets)\n", preset, zone, numbers.n, recorded, compared, with_tickets);
	assert_true(recorded > 40 && numbers.n > 20 && with_tickets > compared / 2);
	texts_release(&numbers);
	swept_end(&swept);
}

#define MARCH_S INT64_C(1774562400) /* 2026-03-27 06:00 in Shanghai: two days before clocks change in Berlin */

static void the_presets(void **state)
{
	static const char *const presets[] = {"after-sales", "complaint-monitoring", "multichannel", "response-tracking", "satisfaction"};

	for (size_t i = 0; i < ARRAY_SIZE(presets); i++)
		random_desk(presets[i], i % 2 ? "Asia/Shanghai" : "Europe/Berlin", MARCH_S);
}

static void another_hemisphere(void **state)
{
	random_desk("satisfaction", "America/New_York", INT64_C(1793318400)); /* 2026-10-30: two days before its autumn */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_presets),
		cmocka_unit_test(another_hemisphere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
