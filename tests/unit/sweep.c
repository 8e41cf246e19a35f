/* SPDX-License-Identifier: MIT */
/*
 * A month on a desk, once swept every minute, once at each moment at which something is due: the same steps, each once.
 * Held against the verdicts too: whatever ran beyond its deadline was told as breached, nothing else was.
 */
#include "sweep_desk.h"

#include "desk/index.h"
#include "desk/sweep.h"
#include "ticket/query.h"

#define MONTH_S (30 * INT64_C(86400))
#define START_S INT64_C(1777824000) /* 2026-05-04 00:00 in Shanghai: the week after the May holidays */

/* --- what happens ---------------------------------------------------------------------------------------------- */

struct happening {
	int64_t at_s;
	size_t ticket;
	enum event_kind kind; /* EVENT_OPENED: the receipt */
	const char *members;
};
typedef LIST(struct happening) happenings;

static uint64_t dice = 20260504;

static size_t roll(size_t sides)
{
	dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)(dice >> 33) % sides;
}

static int by_time(const void *a, const void *b)
{
	const struct happening *x = a, *y = b;

	return x->at_s != y->at_s ? (x->at_s > y->at_s) - (x->at_s < y->at_s) : (x->ticket > y->ticket) - (x->ticket < y->ticket);
}

struct act {
	enum event_kind kind;
	const char *members;
};

/* What ends most tickets. */
static const struct act ends[] = {
	{EVENT_RESUMED, ""}, {EVENT_RESPONDED, "text=done"}, {EVENT_PLANNED, "text=mend person=wang"}, {EVENT_RESOLVED, "text=mended"}};

struct plot {
	const char *preset;
	size_t tickets;
	const char *openings[6];
	struct act acts[24]; /* the more often one is named, the more often it happens */
};

static const struct plot plots[] = {
	{"after-sales", 200,
	 {"channel=phone priority=urgent types=malfunction", "channel=web priority=general types=product_quality", "channel=app priority=low types=how_to",
	  "channel=email priority=general types=logistics_delay"},
	 {{EVENT_ASSIGNED, "person=wang"}, {EVENT_ASSIGNED, "person=zhou"}, {EVENT_RESPONDED, "text=hello"}, {EVENT_RESPONDED, "text=again"},
	  {EVENT_NOTED, "text=seen"}, {EVENT_NOTED, "text=stuck doing=obstacle"}, {EVENT_PLANNED, "text=mend person=wang"}, {EVENT_WAITING, "for_whom=customer"},
	  {EVENT_WAITING, "for_whom=vendor"}, {EVENT_RESUMED, ""}, {EVENT_INBOUND, "text=well"}, {EVENT_TRIAGED, "priority=urgent"}, {EVENT_TRIAGED, "priority=low"},
	  {EVENT_RESOLVED, "text=mended"}, {EVENT_DISPUTED, "text=no"}, {EVENT_REOPENED, "reason=broken"}, {EVENT_REVIEWED, "decision=go_on"},
	  {EVENT_FOLLOWED_UP, "text=fine satisfied=yes"}, {EVENT_ARCHIVED, "text=done"}, {EVENT_QUARANTINED, "cause=entry text=wrong"}}},
	{"complaint-monitoring", 40,
	 {"channel=hotline priority=a types=complaint category=price risk=high", "channel=mailbox priority=b types=complaint category=process",
	  "channel=social priority=c types=suggestion category=suggestion", "channel=web_chat types=report"},
	 {{EVENT_ASSIGNED, "person=wang"}, {EVENT_ASSIGNED, "person=zhou"}, {EVENT_RESPONDED, "text=hello"}, {EVENT_NOTED, "text=seen"},
	  {EVENT_NOTED, "text=odd doing=anomaly"}, {EVENT_PLANNED, "text=mend person=wang"}, {EVENT_WAITING, "for_whom=customer"}, {EVENT_RESUMED, ""},
	  {EVENT_INBOUND, "text=well complains=true"}, {EVENT_TRIAGED, "priority=a category=price"}, {EVENT_TRIAGED, "priority=c category=price"}, {EVENT_RESOLVED, "text=mended"},
	  {EVENT_VERIFIED, "text=checked"}, {EVENT_REOPENED, "reason=broken"}, {EVENT_REVIEWED, "decision=go_on"}, {EVENT_FOLLOWED_UP, "text=no satisfied=no"}}},
	{"multichannel", 40,
	 {"channel=app priority=high types=complaint", "channel=website priority=medium types=malfunction", "channel=wechat priority=low types=inquiry"},
	 {{EVENT_ASSIGNED, "person=wang"}, {EVENT_RESPONDED, "text=hello"}, {EVENT_WAITING, "for_whom=customer"}, {EVENT_WAITING, "for_whom=customer"},
	  {EVENT_NOTED, "text=seen"}, {EVENT_INBOUND, "text=well"}, {EVENT_RESOLVED, "text=mended"}, {EVENT_REVIEWED, "decision=go_on"}, {EVENT_ARCHIVED, "text=done"}}},
};

/* One thing a minute, a second past it: whoever comes on the minute, or at the moment itself, finds it done or not done alike. */
static void invent(const struct plot *plot, happenings *out)
{
	size_t openings = 0, acts = 0;

	while (plot->openings[openings])
		openings++;
	while (plot->acts[acts].members)
		acts++;
	for (size_t t = 0; t < plot->tickets; t++) {
		int64_t at_s = START_S + (int64_t)roll(20 * 1440) * 60 + 1;
		size_t busy = 1 + roll(8);

		*list_push(out) = (struct happening){at_s, t, EVENT_OPENED, plot->openings[roll(openings)]};
		for (size_t i = 0; i < busy; i++) {
			const struct act *act = &plot->acts[roll(acts)];

			at_s += 60 * (int64_t)(1 + (roll(4) ? roll(300) : roll(3000)));
			*list_push(out) = (struct happening){at_s, t, act->kind, act->members};
		}
		for (size_t i = 0; i < ARRAY_SIZE(ends) && t % 6; i++) /* one in six stays open for the rest of the month */
			*list_push(out) = (struct happening){at_s += 60 * (int64_t)(1 + roll(90)), t, ends[i].kind, ends[i].members};
	}
	qsort(out->v, out->n, sizeof(*out->v), by_time);
	for (size_t i = 1; i < out->n; i++)
		if (out->v[i].at_s <= out->v[i - 1].at_s)
			out->v[i].at_s = out->v[i - 1].at_s + 60;
}

/* --- a desk and its numbers ------------------------------------------------------------------------------------ */

struct story {
	struct swept swept;
	struct texts numbers; /* in order of opening */
	size_t *place;        /* of each ticket in them */
	size_t recorded, refused;
};

static int newest(const struct ticket_row *row, void *data, struct ticket_error *err)
{
	texts_add(data, row->id);
	return 0;
}

static void happen(struct story *story, const struct happening *happening)
{
	if (happening->kind == EVENT_OPENED) {
		struct query_context context = {.policy = story->swept.desk->policy, .zone = story->swept.desk->zone, .now_s = happening->at_s};
		_cleanup_query_ struct query *query = NULL;

		swept_receive(&story->swept, happening->at_s, happening->members);
		story->place[happening->ticket] = story->numbers.n;
		assert_int_equal(query_parse(&query, NULL, 0, NULL, 1, &context, NULL), 0);
		assert_int_equal(desk_list(story->swept.desk, query, NULL, NULL, newest, &story->numbers, &story->swept.err), 0);
		story->recorded++;
	} else if (swept_record(&story->swept, story->numbers.v[story->place[happening->ticket]], happening->at_s, happening->kind, happening->members)) {
		story->recorded++;
	} else {
		story->refused++;
	}
}

static void begin(struct story *story, const struct plot *plot)
{
	*story = (struct story){.place = xcalloc(plot->tickets, sizeof(*story->place))};
	swept_new(&story->swept, plot->preset, START_S);
}

static void end(struct story *story)
{
	swept_end(&story->swept);
	texts_release(&story->numbers);
	free(story->place);
}

/* --- the two ways ---------------------------------------------------------------------------------------------- */

static void every_minute(struct story *story, const happenings *list)
{
	size_t next = 0;

	for (int64_t now_s = START_S; now_s <= START_S + MONTH_S; now_s += 60) {
		swept_check(&story->swept, now_s);
		while (next < list->n && list->v[next].at_s < now_s + 60)
			happen(story, &list->v[next++]);
	}
}

/* The next moment at which the desk says that something is due. */
static int64_t next_moment(struct story *story)
{
	struct desk *desk = story->swept.desk;
	struct swept_until until;
	struct index *index;
	int64_t next_s;

	assert_int_equal(desk_index(desk, NULL, &index, NULL), 0);
	assert_int_equal(index_next_moment(index, &next_s, NULL), 0);
	index_close(index);
	sweep_stamp_read(desk, &until);
	if (next_s == TIME_NONE || until.standing_s < next_s)
		next_s = until.standing_s;
	return next_s;
}

static void when_due(struct story *story, const happenings *list)
{
	int64_t end_s = START_S + MONTH_S, now_s;

	for (size_t next = 0; next <= list->n; next++) {
		int64_t until_s = next < list->n && list->v[next].at_s < end_s ? list->v[next].at_s : end_s + 1;

		while ((now_s = next_moment(story)) < until_s) {
			swept_check(&story->swept, now_s);
			assert_true(next_moment(story) > now_s); /* done is done: it is not due again */
		}
		if (until_s > end_s)
			break;
		happen(story, &list->v[next]);
		swept_check(&story->swept, list->v[next].at_s);
	}
}

/* --- held against the verdicts --------------------------------------------------------------------------------- */

struct truth {
	struct swept *swept;
	size_t breaches, clocks;
};

static size_t count_breaches(const struct ticket *ticket, const struct clock *clock)
{
	size_t n = 0;

	for (size_t i = 0; i < ticket->events.n; i++)
		n += ticket->events.v[i].kind == EVENT_BREACHED && ticket->events.v[i].cycle == clock->cycle && text_equal(ticket->events.v[i].clock, clock->target);
	return n;
}

static int64_t last_triage(const struct ticket *ticket)
{
	int64_t at_s = ticket->events.v[0].at.s;

	for (size_t i = 0; i < ticket->events.n; i++)
		if (ticket->events.v[i].kind == EVENT_TRIAGED)
			at_s = ticket->events.v[i].at.s;
	return at_s;
}

static bool is_paused(const struct clock_story *story)
{
	return !story->view.clock.done.set && !story->view.clock.ended.set && story->intervals.n && story->intervals.v[story->intervals.n - 1].counting == PAUSED;
}

static int judge(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct truth *truth = data;
	const struct policy *policy;
	const struct calendars *calendars;
	clock_stories stories = {0};
	size_t told = 0, breached = 0;

	assert_int_equal(desk_rules(truth->swept->desk, ticket, &policy, &calendars, NULL), 0);
	if (!ticket->clocks.n)
		return 0;
	assert_int_equal(clocks_explain(&stories, ticket, policy, calendars, NULL, START_S + MONTH_S, err), 0);
	for (size_t i = 0; i < stories.n; i++) {
		const struct clock *clock = &stories.v[i].view.clock;
		bool late = clock->verdict == VERDICT_MISSED || clock->verdict == VERDICT_MET_LATE;
		size_t n = count_breaches(ticket, clock);

		/* What was done before anybody had said how urgent it is, nobody could be warned of. */
		if (late && !n && clock->done.set && clock->done.s <= last_triage(ticket))
			late = false;
		/* While the clock stands still nothing is told; a later classification can show only then that it was late before. */
		if (late && !n && is_paused(&stories.v[i]))
			late = false;
		if (n != late)
			fail_msg("%s %s cycle %lld is %s, but was told as breached %zu times", ticket->id, clock->target, (long long)clock->cycle,
				 verdict_word((enum verdict)clock->verdict), n);
		breached += late;
		truth->clocks++;
	}
	for (size_t i = 0; i < ticket->events.n; i++)
		told += ticket->events.v[i].kind == EVENT_BREACHED;
	assert_int_equal(told, breached);
	truth->breaches += breached;
	clock_stories_release(&stories);
	return 0;
}

static void month(const struct plot *plot)
{
	struct story minutes, dues;
	struct texts by_minute = {0}, by_due = {0};
	struct truth truth = {.swept = &dues.swept};
	happenings list = {0};

	invent(plot, &list);
	begin(&minutes, plot);
	begin(&dues, plot);
	when_due(&dues, &list);
	every_minute(&minutes, &list);
	assert_int_equal(minutes.recorded, dues.recorded);
	assert_int_equal(minutes.refused, dues.refused);
	swept_lines(&minutes.swept, &by_minute);
	swept_lines(&dues.swept, &by_due);
	expect_same(&by_minute, &by_due);
	if (desk_each(dues.swept.desk, NULL, judge, &truth, &dues.swept.err))
		fail_msg("%s", dues.swept.err.message);
	expect_sound(&dues.swept);
	print_message("%s: %zu events of people (%zu refused), %zu steps, %zu breaches of %zu clocks\n", plot->preset, dues.recorded, dues.refused, by_due.n, truth.breaches,
		      truth.clocks);
	assert_true(truth.breaches > 10 && by_due.n > plot->tickets / 2);
	texts_release(&by_minute);
	texts_release(&by_due);
	end(&minutes);
	end(&dues);
	free(list.v);
}

static void a_month_of_after_sales(void **state)
{
	month(&plots[0]);
}

static void a_month_of_complaints(void **state)
{
	month(&plots[1]);
}

static void a_month_of_many_channels(void **state)
{
	month(&plots[2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_month_of_after_sales),
		cmocka_unit_test(a_month_of_complaints),
		cmocka_unit_test(a_month_of_many_channels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
