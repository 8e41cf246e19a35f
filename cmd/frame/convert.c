/* SPDX-License-Identifier: MIT */
/* Programs of libexec that make one thing out of another: see convert.h. */
#include "convert.h"

#include <errno.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "terminal.h"
#include "ticket/file.h"
#include "ticket/language.h"

/* The input as a file in memory, so that neither side waits for the other. -1 with errno. */
static int memory_file(const struct buf *bytes)
{
	int fd = memfd_create("ticket-input", MFD_CLOEXEC);

	if (fd >= 0 && (!bytes || (file_write_all(fd, bytes->p, bytes->n) == 0 && lseek(fd, 0, SEEK_SET) == 0)))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static int run_program(const char *path, int in, int out)
{
	const char *argv[] = {path, NULL};
	posix_spawn_file_actions_t actions;
	int failed, status = 0;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	failed = posix_spawn(&pid, path, &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (failed)
		return -failed;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

int convert(const char *program, const char *missing, const struct buf *input, struct buf *out, struct ticket_error *err)
{
	_cleanup_free_ char *path = helper_program(program);
	_cleanup_fd_ int in = memory_file(input), made = memory_file(NULL);
	int status;

	if (!path)
		return ticket_fail(err, TICKET_NOTFOUND, "'%s' is not installed; %s", program, missing);
	if (in < 0 || made < 0)
		return ticket_fail(err, TICKET_STORAGE, "cannot run '%s': %s", program, language_errno(errno));
	status = run_program(path, in, made);
	if (status < 0)
		return ticket_fail(err, TICKET_NOTFOUND, "cannot run '%s': %s", path, language_errno(-status));
	if (status)
		return ticket_fail(err, TICKET_STORAGE, "'%s' ended with status %d", path, status);
	if (lseek(made, 0, SEEK_SET) || file_read_all(made, out))
		return ticket_fail(err, TICKET_STORAGE, "cannot read what '%s' made: %s", path, language_errno(errno));
	return 0;
}
