/* SPDX-License-Identifier: MIT */
/*
 * Times whole processes: runs each command once per round, in turn, so that a noisy minute falls on all of them alike, and
 * prints the label, the median and the least time in milliseconds, and the least processor time. It spawns them without
 * copying itself, unlike a shell. usage: stopwatch ROUNDS 'LABEL:COMMAND WORD…'…; %r in a word is the round, from 10;
 * a label behind a question mark: to find nothing (exit code 1) is no failure.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORDS_MAX 32
#define ROUNDS_MAX 90

extern char **environ;

struct command {
	char *label, *words[WORDS_MAX + 1];
	int most; /* exit code that is no failure */
	double ms[ROUNDS_MAX], processor_ms; /* the least of these */
};

static void split(struct command *command, char *text)
{
	char *rest = strchr(text, ':'), *word;
	int n = 0;

	if (!rest) {
		fprintf(stderr, "stopwatch: '%s' has no label\n", text);
		exit(2);
	}
	*rest++ = '\0';
	command->most = *text == '?';
	command->label = text + command->most;
	while ((word = strsep(&rest, " ")) && n < WORDS_MAX)
		if (*word)
			command->words[n++] = word;
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double ms_of(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static double run(struct command *command, int round, posix_spawn_file_actions_t *quiet)
{
	char *words[WORDS_MAX + 1] = {0}, filled[WORDS_MAX][4096];
	struct rusage used;
	double start;
	int status;
	pid_t pid;

	for (int i = 0; command->words[i]; i++) {
		const char *mark = strstr(command->words[i], "%r");

		words[i] = command->words[i];
		if (!mark)
			continue;
		snprintf(filled[i], sizeof(filled[i]), "%.*s%d%s", (int)(mark - words[i]), words[i], round + 10, mark + 2);
		words[i] = filled[i];
	}
	start = now_ms();
	if (posix_spawnp(&pid, words[0], quiet, NULL, words, environ) != 0 || wait4(pid, &status, 0, &used) != pid) {
		fprintf(stderr, "stopwatch: '%s' does not start\n", words[0]);
		exit(1);
	}
	start = now_ms() - start;
	if (!WIFEXITED(status) || WEXITSTATUS(status) > command->most) {
		fprintf(stderr, "stopwatch: %s failed in round %d\n", command->label, round);
		exit(1);
	}
	if (!round || command->processor_ms > ms_of(used.ru_utime) + ms_of(used.ru_stime))
		command->processor_ms = ms_of(used.ru_utime) + ms_of(used.ru_stime);
	return start;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[1]) : 0, count = argc - 2;
	struct command *commands = calloc(count > 0 ? (size_t)count : 1, sizeof(*commands));
	posix_spawn_file_actions_t quiet;

	if (rounds < 1 || rounds > ROUNDS_MAX || !commands) {
		fprintf(stderr, "usage: stopwatch ROUNDS 'LABEL:COMMAND WORD...'...   (at most %d rounds)\n", ROUNDS_MAX);
		return 2;
	}
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	for (int i = 0; i < count; i++)
		split(&commands[i], argv[i + 2]);
	for (int round = 0; round < rounds; round++)
		for (int i = 0; i < count; i++)
			commands[i].ms[round] = run(&commands[i], round, &quiet);
	for (int i = 0; i < count; i++) {
		qsort(commands[i].ms, (size_t)rounds, sizeof(double), by_value);
		printf("%s %.3f %.3f %.3f\n", commands[i].label, commands[i].ms[rounds / 2], commands[i].ms[0], commands[i].processor_ms);
	}
	return 0;
}
