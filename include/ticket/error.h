/* SPDX-License-Identifier: MIT */
/* The one error object: every call that can fail takes one, last, on the caller's stack. */
#ifndef TICKET_ERROR_H
#define TICKET_ERROR_H

#include <stddef.h>

/* What kind of failure it was. A code is the negative of the exit code that cli.md promises for it. */
enum ticket_code {
	TICKET_OK = 0,
	TICKET_NO = -1,       /* the answer is no, or there are findings */
	TICKET_USAGE = -2,    /* the words of the call are wrong */
	TICKET_REFUSED = -3,  /* the rules of the desk refuse it */
	TICKET_NOTFOUND = -4, /* not found, or ambiguous */
	TICKET_BUSY = -5,     /* the desk is busy, or someone was faster */
	TICKET_PARTIAL = -6,  /* partly done: some rows were rejected */
	TICKET_STORAGE = -7,  /* storage failed or is damaged */
};

/*
 * Filled where a failure is detected, passed on unchanged. 'message' is one sentence in lower case without a full
 * stop, naming what failed and the next step; it may hold line breaks when it lists things (candidates, rows).
 * Zero-initialise it; it owns no memory.
 */
struct ticket_error {
	int code; /* enum ticket_code */
	char message[4096];
};

/* Sets 'err' (may be NULL) from a printf format, which is translated (ticket/language.h), and returns 'code', so that a caller can say `return ticket_fail(...)`. */
int ticket_fail(struct ticket_error *err, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Puts printf-formatted context in front of the message that 'err' already holds; returns err->code. */
int ticket_fail_in(struct ticket_error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
