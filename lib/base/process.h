/* SPDX-License-Identifier: MIT */
/* A program run without a shell: its input given whole, its output read line by line, its time bounded. */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include "ticket/buf.h"
#include "ticket/error.h"

#include <sys/types.h>

struct process {
	pid_t pid;
	bool beside;      /* it stays in our process group */
	int out;          /* what it writes; -1: ended */
	struct buf rest;  /* read, but not handed out */
	int64_t until_ms; /* of the monotonic clock: then it is killed */
};

enum process_how {
	PROCESS_ERRORS = 1, /* what it writes to its standard error is read with its output, else that goes where ours goes */
	PROCESS_BESIDE = 2, /* it stays in our process group: it may ask at the terminal, and is interrupted with us */
};
#define PROCESS_UNLIMITED 0 /* of time */

/*
 * Starts argv[0] (looked up in PATH when it has no slash) with these bytes as its standard input; 'how' is of enum
 * process_how. TICKET_NOTFOUND when it cannot be run.
 */
int process_start(struct process *process, const char *const *argv, char *const *environment, const struct buf *input, unsigned how, int64_t limit_ms,
		  struct ticket_error *err);
/* The next line without its end; owned. NULL when there are no more or its time is over. */
char *process_line(struct process *process);
/* Waits for its end, killing it and what it started when its time is over. True: it ended by itself with 0; 'why' (owned) else says how it ended. */
bool process_end(struct process *process, char **why);

/* Milliseconds of a clock that only goes forward. */
int64_t process_clock_ms(void);

#endif
