/* SPDX-License-Identifier: MIT */
/*
 * A sweep that is killed, or refused by the system, at each of its writes, flushes, renames and so on in turn. The next
 * one does what is left: nothing is lost, nothing is done twice, and the desk is sound.
 */
#include "sweep_desk.h"

#include "fault.h"

#define START_S INT64_C(1777944600) /* 2026-05-05 09:30 in Shanghai */
#define NOW_S (START_S + 8 * INT64_C(86400))

/* A desk on which eight days without a sweep have left clocks, ladders, windows and alarms to be done. */
static void prepare(struct swept *swept)
{
	swept_new(swept, "multichannel", START_S);
	swept_receive(swept, START_S, "channel=app priority=high types=complaint");
	swept_receive(swept, START_S + 60, "channel=website priority=medium types=malfunction");
	swept_receive(swept, START_S + 120, "channel=wechat priority=low types=inquiry");
}

static int first_numbers(struct ticket *ticket, void *data, struct ticket_error *err)
{
	texts_add(data, ticket->id);
	return 0;
}

static void work(struct swept *swept)
{
	struct texts numbers = {0};

	assert_int_equal(desk_each(swept->desk, NULL, first_numbers, &numbers, &swept->err), 0);
	assert_int_equal(numbers.n, 3);
	for (size_t i = 0; i < 3; i++)
		assert_true(swept_record(swept, numbers.v[i], START_S + 600, EVENT_ASSIGNED, "person=wang"));
	assert_true(swept_record(swept, numbers.v[1], START_S + 900, EVENT_WAITING, "for_whom=customer"));
	texts_release(&numbers);
}

static int child(const char *dir, enum fault fault, unsigned at)
{
	struct swept swept = {.dir = (char *)dir};
	int failed;

	swept_open(&swept, NOW_S);
	fatal = at;
	armed = fault;
	failed = desk_check(swept.desk, &(struct check_options){0}, NULL, NULL, &swept.err);
	armed = FAULT_NONE;
	return failed ? 3 : calls < at ? 1 : 0;
}

/* Returns true when the series is over: the call that should have failed was never made. */
static bool strike(const char *template, enum fault fault, unsigned at, const struct texts *wanted)
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
		_exit(child(swept.dir, fault, at));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) || WTERMSIG(status) == SIGKILL);
	swept_open(&swept, NOW_S + 60);
	swept_check(&swept, NOW_S + 60);
	swept_check(&swept, NOW_S + 60);
	swept_lines(&swept, &lines);
	expect_same(&lines, wanted);
	expect_sound(&swept);
	texts_release(&lines);
	swept_end(&swept);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

static void series(enum fault fault)
{
	struct swept swept, whole;
	struct texts wanted = {0};
	_cleanup_free_ char *copy = NULL;
	unsigned at = 1;

	prepare(&swept);
	work(&swept);
	desk_close(swept.desk);
	whole = (struct swept){.dir = xasprintf("%s-whole", swept.dir)};
	copy = xasprintf("cp -a '%s' '%s'", swept.dir, whole.dir);
	assert_int_equal(system(copy), 0);
	swept_open(&whole, NOW_S + 60);
	swept_check(&whole, NOW_S + 60);
	swept_lines(&whole, &wanted);
	assert_true(wanted.n > 8);
	swept_end(&whole);
	while (!strike(swept.dir, fault, at, &wanted))
		at++;
	print_message("%u calls %s, %zu steps\n", at - 1, fault == FAULT_KILL ? "killed" : "refused", wanted.n);
	assert_true(at > 10);
	texts_release(&wanted);
	swept_open(&swept, NOW_S);
	swept_end(&swept);
}

static void killed(void **state)
{
	series(FAULT_KILL);
}

static void refused(void **state)
{
	series(FAULT_FAIL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
