/* SPDX-License-Identifier: MIT */
/* Memory: allocation that aborts in one place, cleanup by attribute, typed lists. */
#ifndef TICKET_MEMORY_H
#define TICKET_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Like their libc namesakes, but out of memory ends the program with a message: nothing half-done can be acknowledged. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *text);                 /* NULL gives NULL */
char *xstrndup(const char *text, size_t length); /* always NUL-terminated */
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* `_cleanup_(f)` runs f(&variable) when the variable goes out of scope. */
#define _cleanup_(f) __attribute__((cleanup(f)))
#define DEFINE_CLEANUP(type, free_function) \
	static inline void free_function##_p(type *p) \
	{ \
		if (*p) \
			free_function(*p); \
	}
static inline void free_p(void *p)
{
	free(*(void **)p);
}
static inline void fclose_p(FILE **f)
{
	if (*f)
		fclose(*f);
}
#define _cleanup_free_ _cleanup_(free_p)
#define _cleanup_fclose_ _cleanup_(fclose_p)

/* Gives ownership away: returns the pointer and forgets it. */
#define steal_ptr(p) __extension__({ __typeof__(p) stolen_ = (p); (p) = NULL; stolen_; })

/* Replaces an owned string. */
static inline void replace_text(char **slot, const char *text)
{
	char *copy = xstrdup(text);

	free(*slot);
	*slot = copy;
}

/* A list of values: `LIST(struct event) events;` then events.v[i], events.n. Zeroed is empty. */
#define LIST(type) struct { type *v; size_t n; }
struct any_list {
	void *v;
	size_t n;
};
void *list_grow(void *list, size_t item_size); /* one more zeroed item at the end; returns it */
/* Appends a zeroed item and returns a pointer to it (valid until the next push). */
#define list_push(list) ((__typeof__((list)->v))list_grow((list), sizeof(*(list)->v)))

/* A list of owned strings. */
struct texts {
	char **v;
	size_t n;
};
void texts_add(struct texts *texts, const char *text);
bool texts_have(const struct texts *texts, const char *text);
void texts_copy(struct texts *to, const struct texts *from); /* 'to' is released first */
bool texts_equal(const struct texts *a, const struct texts *b);
char *texts_join(const struct texts *texts, const char *separator); /* owned; "" when empty */
void texts_release(struct texts *texts);

static inline bool text_equal(const char *a, const char *b)
{
	return a == b || (a && b && *a == *b && strcmp(a, b) == 0); /* most words that differ do so in their first letter */
}
static inline bool text_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}
static inline bool text_ends(const char *text, const char *suffix)
{
	size_t n = strlen(text), m = strlen(suffix);

	return n >= m && memcmp(text + n - m, suffix, m) == 0;
}

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
