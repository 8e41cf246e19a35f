/* SPDX-License-Identifier: MIT */
/* A growing byte buffer: zeroed is empty, always NUL-terminated once something was added. */
#ifndef TICKET_BUF_H
#define TICKET_BUF_H

#include "ticket/memory.h"

struct buf {
	char *p;
	size_t n, room;
};

/* Appends bytes, or printf-formatted text. */
void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_reserve(struct buf *b, size_t more); /* room for so many bytes besides what is there */
void buf_truncate(struct buf *b, size_t n); /* keeps the first 'n' bytes, which must be there */
char *buf_steal(struct buf *b); /* the owned text ("" if nothing was added); the buffer is empty afterwards */
void buf_release(struct buf *b);
#define _cleanup_buf_ _cleanup_(buf_release)

static inline void buf_puts(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}
static inline void buf_putc(struct buf *b, char c)
{
	if (b->n + 2 > b->room)
		buf_reserve(b, 1);
	b->p[b->n++] = c;
	b->p[b->n] = '\0';
}

#endif
