/* SPDX-License-Identifier: MIT */
/* Faults: what stands between the library and the system, and kills or refuses one call of a series. For one file of a program. */
#ifndef FAULT_H
#define FAULT_H

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The system calls of a change pass through here (the linker's --wrap): the call number 'fatal' does not come back. */
enum fault { FAULT_NONE, FAULT_KILL, FAULT_FAIL };
static enum fault armed;
static unsigned calls, fatal;

static bool is_fatal(void)
{
	return armed != FAULT_NONE && __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST) == fatal;
}

static bool strike_call(void)
{
	if (armed == FAULT_KILL)
		kill(getpid(), SIGKILL);
	errno = ENOSPC;
	return true;
}

#define WRAP(type, name, parameters, ...) \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	type __wrap_##name parameters \
	{ \
		return is_fatal() && strike_call() ? -1 : __real_##name(__VA_ARGS__); \
	}

WRAP(int, fsync, (int fd), fd)
WRAP(int, syncfs, (int fd), fd)
WRAP(int, sync_file_range, (int fd, off_t from, off_t n, unsigned flags), fd, from, n, flags)
WRAP(int, rename, (const char *from, const char *to), from, to)
WRAP(int, renameat, (int a, const char *from, int b, const char *to), a, from, b, to)
WRAP(int, link, (const char *from, const char *to), from, to)
WRAP(int, unlink, (const char *path), path)
WRAP(int, unlinkat, (int fd, const char *path, int flags), fd, path, flags)
WRAP(int, mkdir, (const char *path, mode_t mode), path, mode)
WRAP(int, mkdirat, (int fd, const char *path, mode_t mode), fd, path, mode)
WRAP(int, ftruncate64, (int fd, off_t n), fd, n)
WRAP(int, mkostemp64, (char *path, int flags), path, flags)
WRAP(ssize_t, pwrite64, (int fd, const void *p, size_t n, off_t at), fd, p, n, at)
WRAP(int, open64, (const char *path, int flags, mode_t mode), path, flags, mode)
WRAP(int, openat64, (int fd, const char *path, int flags, mode_t mode), fd, path, flags, mode)

ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n);
/* Half of it arrives before the end comes. */
ssize_t __wrap_write(int fd, const void *p, size_t n)
{
	if (!is_fatal())
		return __real_write(fd, p, n);
	if (__real_write(fd, p, n / 2) < 0)
		return -1;
	strike_call();
	return -1;
}

#endif
