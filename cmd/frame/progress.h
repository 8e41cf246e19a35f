/* SPDX-License-Identifier: MIT */
/* Progress of long work: one line on a terminal, only once the work has taken a second. */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include <stddef.h>

/* For desk_context.progress, where stderr is a terminal; 'data' is unused. */
void progress_show(void *data, const char *what, size_t done, size_t total);
/* Takes the line away, so that what is printed next stands on an empty one. */
void progress_end(void);

#endif
