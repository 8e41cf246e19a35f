/* SPDX-License-Identifier: MIT */
/* Progress: see progress.h. */
#include "progress.h"

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "ticket/language.h"

static struct timespec began;
static bool shown;

void progress_show(void *data, const char *what, size_t done, size_t total)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!began.tv_sec)
		began = now;
	if (now.tv_sec - began.tv_sec + (now.tv_nsec < began.tv_nsec ? -1 : 0) < 1)
		return;
	fputc('\r', stderr);
	if (total)
		fprintf(stderr, _("%s: %3zu %% (%zu of %zu)"), _(what), done * 100 / total, done, total);
	else
		fprintf(stderr, _("%s: %zu"), _(what), done);
	fputs("\033[K", stderr);
	fflush(stderr);
	shown = true;
}

void progress_end(void)
{
	if (shown)
		fputs("\r\033[K", stderr);
	shown = false;
	began = (struct timespec){0};
}
