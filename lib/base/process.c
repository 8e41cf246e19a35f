/* SPDX-License-Identifier: MIT */
/* Running a program: see process.h. */
#include "base/process.h"

#include "ticket/file.h"
#include "ticket/language.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LONGEST_LINE 65536
#define SLICE_MS 20

int64_t process_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The input as a file in memory: a program that reads none of it, or late, holds nobody up. */
static int input_file(const struct buf *input)
{
	int fd = memfd_create("ticket-input", MFD_CLOEXEC);

	if (fd < 0 || (file_write_all(fd, input->p, input->n) == 0 && lseek(fd, 0, SEEK_SET) == 0))
		return fd;
	close(fd);
	return -1;
}

static int spawn(struct process *process, const char *const *argv, char *const *environment, int in, int out, unsigned how)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int number;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (how & PROCESS_ERRORS)
		posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
	/* A group of its own: what it started ends with it. */
	posix_spawnattr_setflags(&attributes, (how & PROCESS_BESIDE ? 0 : POSIX_SPAWN_SETPGROUP) | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigmask(&attributes, &none);
	number = posix_spawnp(&process->pid, argv[0], &actions, &attributes, (char *const *)argv, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return number;
}

int process_start(struct process *process, const char *const *argv, char *const *environment, const struct buf *input, unsigned how, int64_t limit_ms,
		  struct ticket_error *err)
{
	int ends[2], in = input_file(input), number;

	*process = (struct process){.out = -1, .beside = how & PROCESS_BESIDE, .until_ms = limit_ms ? process_clock_ms() + limit_ms : INT64_MAX};
	if (in < 0 || pipe2(ends, O_CLOEXEC) != 0) {
		number = errno;
		if (in >= 0)
			close(in);
		return ticket_fail(err, TICKET_STORAGE, "cannot run '%s': %s", argv[0], language_errno(number));
	}
	number = spawn(process, argv, environment, in, ends[1], how);
	close(in);
	close(ends[1]);
	if (number) {
		close(ends[0]);
		return ticket_fail(err, TICKET_NOTFOUND, "cannot run '%s': %s", argv[0], language_errno(number));
	}
	process->out = ends[0];
	return 0;
}

/* More of its output. False at its end, or when its time is over. */
static bool read_more(struct process *process)
{
	int64_t left_ms = process->until_ms - process_clock_ms();
	struct pollfd wait = {.fd = process->out, .events = POLLIN};
	char piece[4096];
	ssize_t n;

	if (left_ms <= 0)
		return false;
	if (poll(&wait, 1, left_ms > 1000 ? 1000 : (int)left_ms) <= 0)
		return true;
	n = read(process->out, piece, sizeof(piece));
	if (n > 0)
		buf_add(&process->rest, piece, (size_t)n);
	return n > 0 || (n < 0 && errno == EINTR);
}

char *process_line(struct process *process)
{
	for (bool more = true; more;) {
		char *end = process->rest.n ? memchr(process->rest.p, '\n', process->rest.n) : NULL;
		size_t n = end ? (size_t)(end - process->rest.p) : process->rest.n;
		char *line;

		if (!end && process->rest.n < LONGEST_LINE) {
			more = process->out >= 0 && read_more(process);
			if (more || !process->rest.n)
				continue;
		}
		line = xstrndup(process->rest.p, n);
		n += end != NULL;
		memmove(process->rest.p, process->rest.p + n, process->rest.n - n);
		buf_truncate(&process->rest, process->rest.n - n);
		return line;
	}
	return NULL;
}

/* Its status once it has ended; false while it runs. */
static bool has_ended(const struct process *process, int *status)
{
	return waitpid(process->pid, status, WNOHANG) == process->pid;
}

bool process_end(struct process *process, char **why)
{
	bool killed = false;
	int status = 0;

	if (process->out >= 0)
		close(process->out);
	process->out = -1;
	buf_release(&process->rest);
	while (!has_ended(process, &status)) {
		if (!killed && process_clock_ms() >= process->until_ms) {
			kill(process->beside ? process->pid : -process->pid, SIGKILL);
			killed = true;
		}
		poll(NULL, 0, SLICE_MS);
	}
	*why = NULL;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (killed)
		*why = xstrdup("took too long and was stopped");
	else if (WIFSIGNALED(status))
		*why = xasprintf("was ended by signal %d", WTERMSIG(status));
	else
		*why = xasprintf("ended with %d", WEXITSTATUS(status));
	return false;
}
