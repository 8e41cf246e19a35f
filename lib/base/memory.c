/* SPDX-License-Identifier: MIT */
/* Memory: see memory.h. Out of memory aborts here and nowhere else. */
#include "ticket/memory.h"

#include <stdarg.h>
#include <unistd.h>

static void *or_abort(void *p)
{
	static const char message[] = "ticket: out of memory\n";

	if (!p) {
		ssize_t written = write(STDERR_FILENO, message, sizeof(message) - 1);

		(void)written;
		abort();
	}
	return p;
}

void *xmalloc(size_t size)
{
	return or_abort(malloc(size ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
	return or_abort(calloc(count ? count : 1, size ? size : 1));
}

void *xrealloc(void *old, size_t size)
{
	return or_abort(realloc(old, size ? size : 1));
}

char *xstrdup(const char *text)
{
	return text ? or_abort(strdup(text)) : NULL;
}

char *xstrndup(const char *text, size_t length)
{
	char *copy = xmalloc(length + 1);

	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *xasprintf(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	return or_abort(text);
}

void *list_grow(void *list, size_t item_size)
{
	struct any_list *l = list;
	char *item;

	/* Room doubles at every power of two, so the list needs no capacity member. */
	if ((l->n & (l->n - 1)) == 0) {
		size_t room = l->n ? l->n * 2 : 1;

		if (room > SIZE_MAX / item_size)
			or_abort(NULL);
		l->v = xrealloc(l->v, room * item_size);
	}
	item = (char *)l->v + l->n++ * item_size;
	memset(item, 0, item_size);
	return item;
}

void texts_add(struct texts *texts, const char *text)
{
	*list_push(texts) = xstrdup(text);
}

bool texts_have(const struct texts *texts, const char *text)
{
	for (size_t i = 0; i < texts->n; i++)
		if (text_equal(texts->v[i], text))
			return true;
	return false;
}

void texts_copy(struct texts *to, const struct texts *from)
{
	struct texts copy = {0};

	for (size_t i = 0; i < from->n; i++)
		texts_add(&copy, from->v[i]);
	texts_release(to);
	*to = copy;
}

bool texts_equal(const struct texts *a, const struct texts *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!text_equal(a->v[i], b->v[i]))
			return false;
	return true;
}

char *texts_join(const struct texts *texts, const char *separator)
{
	size_t length = 1, gap = strlen(separator);
	char *joined, *p;

	for (size_t i = 0; i < texts->n; i++)
		length += strlen(texts->v[i]) + gap;
	p = joined = xmalloc(length);
	*p = '\0';
	for (size_t i = 0; i < texts->n; i++)
		p = stpcpy(stpcpy(p, i ? separator : ""), texts->v[i]);
	return joined;
}

void texts_release(struct texts *texts)
{
	for (size_t i = 0; i < texts->n; i++)
		free(texts->v[i]);
	free(texts->v);
	*texts = (struct texts){0};
}
