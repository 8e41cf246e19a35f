/* SPDX-License-Identifier: MIT */
/* Uniting what desks recorded apart: one order, the same whichever side begins and in whatever order many are united. */
#include "unit.h"

#include "flow/flow.h"
#include "model/event.h"
#include "preset.h"
#include "sync/unite.h"

/* --- the order ------------------------------------------------------------------------------------------------- */

/* A sequence as text: "a1 b2" is step a recorded at 1, step b at 2. */
struct sequence {
	LIST(struct strand) steps;
	struct texts ids;
};

static void read_sequence(struct sequence *sequence, const char *text)
{
	_cleanup_free_ char *copy = xstrdup(text);
	char *rest = NULL;

	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		size_t n = strcspn(word, "0123456789");

		*list_push(&sequence->ids) = xstrndup(word, n);
		*list_push(&sequence->steps) = (struct strand){sequence->ids.v[sequence->ids.n - 1], atoll(word + n)};
	}
}

static void sequence_release(struct sequence *sequence)
{
	free(sequence->steps.v);
	texts_release(&sequence->ids);
}
#define _cleanup_sequence_ _cleanup_(sequence_release)

static char *united(const char *ours, const char *theirs)
{
	_cleanup_sequence_ struct sequence a = {0}, b = {0};
	_cleanup_free_ struct woven *woven = NULL;
	struct buf out = {0};
	size_t n;

	read_sequence(&a, ours);
	read_sequence(&b, theirs);
	weave(a.steps.v, a.steps.n, b.steps.v, b.steps.n, &woven, &n);
	for (size_t i = 0; i < n; i++) {
		const struct strand *step = &(woven[i].theirs ? &b : &a)->steps.v[woven[i].at];

		buf_addf(&out, "%s%s%lld", i ? " " : "", step->id, (long long)step->recorded_s);
	}
	return buf_steal(&out);
}

static void orders(void **state)
{
	static const struct {
		const char *ours, *theirs, *wanted;
	} cases[] = {
		{"", "", ""},
		{"a1", "", "a1"},
		{"a1 b2", "a1 b2", "a1 b2"},
		{"a1 b2", "a1 b2 c3", "a1 b2 c3"},
		{"a1 b3", "a1 c2", "a1 c2 b3"},
		{"a1 x5 y6", "a1 p4 q7", "a1 p4 x5 y6 q7"},
		/* In one second each side's own order stands, then the id decides. */
		{"a1 d2 b2", "a1 c2", "a1 c2 d2 b2"},
		/* A clock that went back: the side's own order stands. */
		{"a1 b9 c2", "a1 d5", "a1 d5 b9 c2"},
		/* What both have in the middle. */
		{"a1 b3 m4 c5", "a1 b3 m4 d5", "a1 b3 m4 c5 d5"},
		{"a1 c3 m4 x6", "a1 m4", "a1 c3 m4 x6"},
		/* Made by hand: two orders of the same two. Both are kept, once each. */
		{"a1 b2", "b2 a1", "a1 b2"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *one = united(cases[i].ours, cases[i].theirs), *other = united(cases[i].theirs, cases[i].ours);

		assert_string_equal(one, cases[i].wanted);
		assert_string_equal(other, cases[i].wanted);
	}
}

/*
 * Five desks record, at clocks that differ, and unite with one another at random; in the end, whichever way they are brought
 * together, all have the same order, which keeps that of each desk at each moment.
 */
#define DESKS 5

static bool keeps_order(const char *whole, const char *part)
{
	_cleanup_free_ char *copy = xstrdup(part), *text = xasprintf(" %s ", whole);
	const char *from = text;
	char *rest = NULL;

	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		_cleanup_free_ char *key = xasprintf(" %s ", word);

		from = strstr(from, key);
		if (!from)
			return false;
	}
	return true;
}

static void replace(char **slot, char *text)
{
	free(*slot);
	*slot = text;
}

static void converges(void **state)
{
	unsigned seed = 20260506;

	for (int trial = 0; trial < 300; trial++) {
		char *desks[DESKS];
		LIST(char *) moments = {0};
		_cleanup_free_ char *forward = xstrdup(""), *backward = xstrdup("");

		for (int d = 0; d < DESKS; d++)
			desks[d] = xstrdup("o0");
		for (int step = 1; step <= 40; step++) {
			int d = rand_r(&seed) % DESKS, other = rand_r(&seed) % DESKS;

			if (rand_r(&seed) % 3) /* ids are random, clocks are coarse and differ from desk to desk */
				replace(&desks[d], xasprintf("%s %c%c%c%c%d", desks[d], 'a' + rand_r(&seed) % 26, 'a' + rand_r(&seed) % 26, 'a' + step / 26, 'a' + step % 26,
							     step / 8 + d % 3));
			else
				replace(&desks[d], united(desks[d], desks[other]));
			*list_push(&moments) = xstrdup(desks[d]);
		}
		for (int d = 0; d < DESKS; d++) {
			replace(&forward, united(forward, desks[d]));
			replace(&backward, united(desks[DESKS - 1 - d], backward));
		}
		assert_string_equal(forward, backward);
		for (size_t i = 0; i < moments.n; i++) {
			assert_true(keeps_order(forward, moments.v[i]));
			free(moments.v[i]);
		}
		free(moments.v);
		for (int d = 0; d < DESKS; d++)
			free(desks[d]);
	}
}

/* --- lines ----------------------------------------------------------------------------------------------------- */

static int read_line(const char *line, size_t n, const char *path, char **id, int64_t *recorded_s, struct ticket_error *err)
{
	if (n && *line == '!')
		return ticket_fail(err, TICKET_STORAGE, "%s: bad", path);
	*id = xstrndup(line, n);
	*recorded_s = atoll(line);
	return 0;
}

static void lines(void **state)
{
	static const struct {
		const char *ours, *theirs, *wanted;
	} cases[] = {
		{"", "", ""},
		{"1 a\n", "", "1 a\n"},
		{"1 a\n3 c\n", "1 a\n2 b\n", "1 a\n2 b\n3 c\n"},
		/* Two equal lines are two things that happened. */
		{"1 a\n1 a\n", "1 a\n", "1 a\n1 a\n"},
		{"1 a", "2 b\n", "1 a\n2 b\n"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		for (int turn = 0; turn < 2; turn++) {
			const char *a = turn ? cases[i].theirs : cases[i].ours, *b = turn ? cases[i].ours : cases[i].theirs;
			_cleanup_buf_ struct buf out = {0};
			struct ticket_error err = {0};

			assert_int_equal(unite_lines(&(struct buf){.p = (char *)a, .n = strlen(a)}, &(struct buf){.p = (char *)b, .n = strlen(b)}, "f", read_line, &out, &err), 0);
			assert_string_equal(out.p ? out.p : "", cases[i].wanted);
		}
	assert_int_equal(unite_lines(&(struct buf){.p = (char *)"!", .n = 1}, &(struct buf){0}, "f", read_line, &(struct buf){0}, &(struct ticket_error){0}), TICKET_STORAGE);
}

/* --- tickets --------------------------------------------------------------------------------------------------- */

static const char head[] = "{\"format\":1,\"id\":\"WX-20260506-001\",\"uid\":\"0123456789abcdef0123456789abcdef\",\"received\":\"2026-05-06T09:00:00+08:00\",\"channel\":\"wechat\","
			   "\"subject\":\"%s\",\"policy\":\"%s\",\"events\":[{\"id\":\"00\",\"at\":\"2026-05-06T09:00:00+08:00\",\"recorded\":\"2026-05-06T09:00:00+08:00\","
			   "\"by\":\"Li\",\"do\":\"opened\",\"types\":[\"inquiry/function\"]}%s]}";

/* A ticket with these events behind its opening, folded. */
static struct ticket *ticket_with(const struct policy *policy, const char *subject, const char *rules, const char *events)
{
	_cleanup_free_ char *text = xasprintf(head, subject, rules, events);
	struct ticket_error err = {0};
	struct ticket *ticket;

	if (ticket_read(&ticket, text, strlen(text), "test", &err))
		fail_msg("%s", err.message);
	flow_refold(ticket, policy);
	return ticket;
}

#define EVENT(id, minute, rest) ",{\"id\":\"" id "\",\"at\":\"2026-05-06T09:" minute ":00+08:00\",\"recorded\":\"2026-05-06T09:" minute ":00+08:00\",\"by\":\"Li\"," rest "}"
#define ASSIGNED(id, minute, person) EVENT(id, minute, "\"do\":\"assigned\",\"person\":\"" person "\"")
#define CORRECTED(id, minute, old, new) EVENT(id, minute, "\"do\":\"corrected\",\"reason\":\"r\",\"changes\":[{\"field\":\"subject\",\"old\":\"" old "\",\"new\":\"" new "\"}]")

static char *unite_texts(const struct policy *policy, const struct ticket *ours, const struct ticket *theirs, struct texts *doubts)
{
	_cleanup_ticket_ struct ticket *ticket = unite_tickets(ours, theirs, NULL, policy, doubts);
	struct buf out = {0};

	ticket_write(ticket, &out);
	return buf_steal(&out);
}

static void tickets(void **state)
{
	struct policy *policy = preset("multichannel");
	static const struct {
		const char *subject_a, *a, *subject_b, *b; /* subjects as they stand after the events */
		const char *wanted;                         /* stands in the united text */
		size_t doubts;
	} cases[] = {
		{"s", "", "s", "", "\"state\": \"new\"", 0},
		{"s", ASSIGNED("a1", "10", "Li"), "s", ASSIGNED("b1", "05", "Wang"), "\"assignee\": \"Li\"", 0},
		{"s", ASSIGNED("a1", "10", "Li"), "s", ASSIGNED("b1", "15", "Wang"), "\"assignee\": \"Wang\"", 0},
		/* Two corrections of one member: the later one stands, whichever side it is on, and the opened head comes out again. */
		{"x", CORRECTED("a1", "10", "s", "x"), "y", CORRECTED("b1", "05", "s", "y"), "\"subject\": \"x\"", 0},
		{"z", CORRECTED("a1", "10", "s", "x") CORRECTED("a2", "20", "x", "z"), "y", CORRECTED("b1", "15", "s", "y"), "\"subject\": \"z\"", 0},
		/* Resolved here, and worked on there: what comes after is doubtful, and stays. */
		{"s", ASSIGNED("a1", "10", "Li") EVENT("a2", "20", "\"do\":\"resolved\",\"text\":\"done\""), "s", EVENT("b1", "30", "\"do\":\"assigned\",\"person\":\"Wang\""),
		 "\"id\":\"b1\"", 1},
		/* Renumbered apart: the last number stands, the other is an alias. */
		{"s", EVENT("a1", "10", "\"do\":\"renumbered\",\"automatic\":true,\"old\":\"WX-20260506-001\",\"new\":\"WX-20260506-003\""), "s", ASSIGNED("b1", "05", "Li"),
		 "\"aliases\": [\"WX-20260506-001\"]", 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_ticket_ struct ticket *a = ticket_with(policy, cases[i].subject_a, "11", cases[i].a), *b = ticket_with(policy, cases[i].subject_b, "11", cases[i].b);
		_cleanup_free_ char *one = NULL, *other = NULL, *again = NULL;
		_cleanup_ticket_ struct ticket *both = NULL;
		struct texts doubts = {0}, more = {0};
		struct ticket_error err = {0};

		one = unite_texts(policy, a, b, &doubts);
		other = unite_texts(policy, b, a, &more);
		assert_string_equal(one, other);
		if (!strstr(one, cases[i].wanted))
			fail_msg("case %zu lacks %s:\n%s", i, cases[i].wanted, one);
		assert_int_equal(doubts.n, cases[i].doubts);
		assert_int_equal(more.n, cases[i].doubts);
		/* What is united already stays as it is. */
		assert_int_equal(ticket_read(&both, one, strlen(one), "again", &err), 0);
		again = unite_texts(policy, both, a, &more);
		assert_string_equal(again, one);
		texts_release(&doubts);
		texts_release(&more);
	}
	policy_free(policy);
}

/* What is done on each desk for itself gives the same event. */
static void numbers(void **state)
{
	struct policy *policy = preset("multichannel");
	_cleanup_ticket_ struct ticket *one = ticket_with(policy, "s", "11", ""), *other = ticket_with(policy, "s", "11", "");
	_cleanup_buf_ struct buf a = {0}, b = {0};

	renumber_ticket(one, "WX-20260506-002", 0, policy);
	renumber_ticket(other, "WX-20260506-002", 0, policy);
	ticket_write(one, &a);
	ticket_write(other, &b);
	assert_string_equal(a.p, b.p);
	assert_string_equal(one->id, "WX-20260506-002");
	assert_string_equal(one->aliases.v[0], "WX-20260506-001");
	/* Not before the other ticket was there. */
	renumber_ticket(one, "WX-20260506-003", one->received.s + 3600, policy);
	assert_int_equal(one->events.v[one->events.n - 1].recorded.s, one->received.s + 3600);
	move_customer(one, "C000001", "C000002", policy);
	assert_string_equal(one->customer.id, "C000002");
	policy_free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders),
		cmocka_unit_test(converges),
		cmocka_unit_test(lines),
		cmocka_unit_test(tickets),
		cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
