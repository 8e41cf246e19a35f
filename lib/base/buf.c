/* SPDX-License-Identifier: MIT */
/* A growing byte buffer: see buf.h. */
#include "ticket/buf.h"

#include <stdarg.h>

void buf_reserve(struct buf *b, size_t more)
{
	size_t room = b->room ? b->room : 64;

	while (room < b->n + more + 1)
		room *= 2;
	if (room != b->room) {
		b->p = xrealloc(b->p, room);
		b->room = room;
	}
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (b->n + n + 1 > b->room)
		buf_reserve(b, n);
	if (n)
		memcpy(b->p + b->n, bytes, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void buf_addf(struct buf *b, const char *format, ...)
{
	va_list args, again;
	int n;

	/* Most texts fit into the room there is: only others are written twice. */
	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(b->p ? b->p + b->n : NULL, b->room - b->n, format, args);
	va_end(args);
	if (n > 0 && (size_t)n >= b->room - b->n) {
		buf_reserve(b, (size_t)n);
		vsnprintf(b->p + b->n, (size_t)n + 1, format, again);
	}
	va_end(again);
	if (n > 0)
		b->n += (size_t)n;
}

void buf_truncate(struct buf *b, size_t n)
{
	if (n < b->n) {
		b->n = n;
		b->p[n] = '\0';
	}
}

char *buf_steal(struct buf *b)
{
	char *text = b->p ? b->p : xstrdup("");

	*b = (struct buf){0};
	return text;
}

void buf_release(struct buf *b)
{
	free(b->p);
	*b = (struct buf){0};
}
