/* SPDX-License-Identifier: MIT */
/* Programs of libexec that make one thing out of another. */
#ifndef CMD_CONVERT_H
#define CMD_CONVERT_H

#include "ticket/buf.h"
#include "ticket/error.h"

/*
 * Runs a program of libexec with these bytes as its standard input; what it writes is appended to 'out'. 'missing' says what
 * to do where it is not installed. TICKET_NOTFOUND; TICKET_STORAGE when it fails, having said why on standard error.
 */
int convert(const char *program, const char *missing, const struct buf *input, struct buf *out, struct ticket_error *err);

#endif
