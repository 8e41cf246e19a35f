/* SPDX-License-Identifier: MIT */
/* The pager: see pager.h. */
#include "pager.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ticket/memory.h"

static pid_t pager_pid;

/* Dying in front of a living pager would leave two programs reading one terminal: let go of the pipe, wait, then die. */
static void on_signal(int number)
{
	close(STDOUT_FILENO);
	while (waitpid(pager_pid, NULL, 0) < 0 && errno == EINTR)
		;
	signal(number, SIG_DFL);
	raise(number);
}

static const char *pager_command(void)
{
	static const char *const names[] = {"TICKET_PAGER", "GIT_PAGER", "PAGER"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *value = getenv(names[i]);

		if (value)
			return *value && strcmp(value, "cat") != 0 ? value : NULL;
	}
	return "less";
}

void pager_start(void)
{
	static const int signals[] = {SIGINT, SIGHUP, SIGTERM, SIGQUIT, SIGPIPE};
	const char *command = pager_command();
	int ends[2];

	if (!command || !isatty(STDOUT_FILENO) || pipe(ends))
		return;
	fflush(stdout);
	pager_pid = fork();
	if (pager_pid == 0) {
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		close(ends[1]);
		setenv("LESS", "FRX", 0);
		setenv("LV", "-c", 0);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(ends[0]);
	if (pager_pid > 0) {
		dup2(ends[1], STDOUT_FILENO);
		for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
			signal(signals[i], on_signal);
	} else {
		pager_pid = 0;
	}
	close(ends[1]);
}

void pager_end(void)
{
	if (!pager_pid)
		return;
	fflush(stdout);
	/* The reader sees the end only when no writer is left; a second name for it keeps stdout's number taken. */
	dup2(STDERR_FILENO, STDOUT_FILENO);
	while (waitpid(pager_pid, NULL, 0) < 0 && errno == EINTR)
		;
	pager_pid = 0;
}
