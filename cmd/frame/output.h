/* SPDX-License-Identifier: MIT */
/* Where a call's output goes: stdout, or a file that appears whole or not at all. */
#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H

#include "ticket/error.h"

#include <stdio.h>

/* A file being written beside the place it will take. Zeroed is none. */
struct output {
	FILE *file;
	char *path;      /* as given, symbolic links followed */
	char *temporary; /* NULL: 'path' is a device or pipe and is written directly */
};

/* Begins to write 'path' (`-`: stdout, borrowed). TICKET_STORAGE when it cannot be made. */
int output_open(struct output *output, const char *path, struct ticket_error *err);
/* Ends it: 'keep' puts the file in its place, durably; else nothing of it is left. TICKET_STORAGE; frees in any case. */
int output_close(struct output *output, int keep, struct ticket_error *err);
/*
 * Writes a whole file that is for its owner alone: keys, rows in clear. Also where it replaces one that others could
 * read. TICKET_STORAGE.
 */
int output_private(const char *path, const char *bytes, size_t n, struct ticket_error *err);

#endif
