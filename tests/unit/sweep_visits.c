/* SPDX-License-Identifier: MIT */
/*
 * A sweep that opens visits and tells what the desk owes, killed at each of its writes, flushes, renames and so on in
 * turn: the next one does what is left, and nothing twice. And sweeps before their moments do nothing at all.
 */
#include "sweep_desk.h"

#include "fault.h"
#include "ticket/customer.h"
#include "ticket/journal.h"

#define START_S INT64_C(1777944600) /* 2026-05-05 09:30 in Shanghai */
#define DAY_S INT64_C(86400)
#define NOW_S (START_S + 90 * DAY_S)

static void add_customer(struct swept *swept, const char *phone)
{
	_cleanup_change_ struct change *change = NULL;
	char *care[] = {(char *)"care=yes"};
	const struct texts fields = {care, 1};
	const struct customer_words given = {.person = {.name = (char *)"王小明", .phone = (char *)phone}, .fields = &fields};
	const struct customer *customer;
	bool found;

	if (change_begin(&change, swept->desk, &swept->err) || customer_add(change, &given, &found, &customer, &swept->err) || change_commit(change, false, &swept->err))
		fail_msg("%s", swept->err.message);
}

/* Two customers to be visited every ninety days, and a ticket, so that reports are owed. */
static void prepare(struct swept *swept)
{
	swept_new(swept, "satisfaction", START_S);
	add_customer(swept, "13812345678");
	add_customer(swept, "13912345678");
	swept_receive(swept, START_S, "channel=phone priority=3 types=care");
}

static int tell_visit(struct ticket *ticket, void *data, struct ticket_error *err)
{
	_cleanup_free_ char *line = ticket->source.key ? xasprintf("%s %s %zu events", ticket->source.key, ticket->group ? ticket->group : "-", ticket->events.n) : NULL;

	if (line)
		texts_add(data, line);
	return 0;
}

static int tell_entry(const struct journal_entry *entry, void *data, struct ticket_error *err)
{
	char at[STAMP_SIZE], from[STAMP_SIZE];
	_cleanup_free_ char *line = xasprintf("%s %s %s %s", entry->act, entry->subject, stamp_format(at, &entry->at), stamp_format(from, &entry->from));

	texts_add(data, line);
	return 0;
}

static void tell_all(struct swept *swept, struct texts *lines)
{
	if (desk_refresh(swept->desk, &swept->err) || desk_each(swept->desk, NULL, tell_visit, lines, &swept->err) ||
	    journal_each(swept->desk, NULL, tell_entry, lines, &swept->err))
		fail_msg("%s", swept->err.message);
	qsort(lines->v, lines->n, sizeof(*lines->v), compare_lines);
}

static int child(const char *dir, unsigned at)
{
	struct swept swept = {.dir = (char *)dir};
	int failed;

	swept_open(&swept, NOW_S);
	fatal = at;
	armed = FAULT_KILL;
	failed = desk_check(swept.desk, &(struct check_options){0}, NULL, NULL, &swept.err);
	armed = FAULT_NONE;
	return failed ? 3 : calls < at ? 1 : 0;
}

/* Returns true when the series is over: the call at which it should have been killed was never made. */
static bool strike(const char *template, unsigned at, const struct texts *wanted)
{
	struct swept swept = {.dir = xasprintf("%s-struck", template)};
	_cleanup_free_ char *copy = xasprintf("rm -rf '%s' && cp -a '%s' '%s'", swept.dir, template, swept.dir);
	struct texts lines = {0};
	int status;
	pid_t pid;

	assert_int_equal(system(copy), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(child(swept.dir, at));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) || WTERMSIG(status) == SIGKILL);
	swept_open(&swept, NOW_S + 60);
	swept_check(&swept, NOW_S + 60);
	swept_check(&swept, NOW_S + 60);
	tell_all(&swept, &lines);
	expect_same(&lines, wanted);
	expect_sound(&swept);
	texts_release(&lines);
	swept_end(&swept);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

static void killed(void **state)
{
	struct swept swept, whole;
	struct texts wanted = {0};
	_cleanup_free_ char *copy = NULL;
	unsigned at = 1;

	prepare(&swept);
	desk_close(swept.desk);
	whole = (struct swept){.dir = xasprintf("%s-whole", swept.dir)};
	copy = xasprintf("cp -a '%s' '%s'", swept.dir, whole.dir);
	assert_int_equal(system(copy), 0);
	swept_open(&whole, NOW_S + 60);
	swept_check(&whole, NOW_S + 60);
	tell_all(&whole, &wanted);
	assert_int_equal(wanted.n, 4); /* two visits, the week's report, the month's */
	swept_end(&whole);
	while (!strike(swept.dir, at, &wanted))
		at++;
	print_message("# %u calls killed\n", at - 1);
	assert_true(at > 10);
	texts_release(&wanted);
	swept_open(&swept, NOW_S);
	swept_end(&swept);
}

static void nothing_due(void **state)
{
	struct swept swept;
	struct texts before = {0}, after = {0};
	struct snapshot head;

	prepare(&swept);
	/* Each moment is the last before something is due. */
	swept_check(&swept, START_S + 1);
	assert_int_equal(store_head(swept.desk->store, &head, &swept.err), 0);
	tell_all(&swept, &before);
	swept_check(&swept, START_S + 1 + 600);
	tell_all(&swept, &after);
	expect_same(&after, &before);
	assert_true(oid_equal(&head.commit, &swept.desk->head.commit));
	texts_release(&before);
	texts_release(&after);
	swept_end(&swept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_due),
		cmocka_unit_test(killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
