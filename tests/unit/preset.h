/* SPDX-License-Identifier: MIT */
/* Presets and made-up tickets for unit tests. */
#ifndef PRESET_H
#define PRESET_H

#include "unit.h"

#include "model/policy.h"
#include "model/ticket.h"

static inline char *preset_text(const char *name, size_t *length)
{
	_cleanup_free_ char *path = xasprintf(PRESETS "/%s/policy.json", name);
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	struct buf text = {0};
	char chunk[4096];
	size_t n;

	assert_non_null(f);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(&text, chunk, n);
	*length = text.n;
	return buf_steal(&text);
}

static inline struct policy *preset(const char *name)
{
	struct ticket_error err = {0};
	struct policy *policy;
	size_t length;
	_cleanup_free_ char *text = preset_text(name, &length);

	if (policy_read(&policy, text, length, name, &err))
		fail_msg("%s", err.message);
	return policy;
}

/* "channel=social types=complaint priority=1 field.x=yes": a ticket of which nothing else is known. Owned. */
static inline struct ticket *made_ticket(const char *members)
{
	struct ticket *ticket = xcalloc(1, sizeof(*ticket));
	_cleanup_free_ char *copy = xstrdup(members);
	struct ticket_error err = {0};

	for (char *rest = copy, *word; (word = strsep(&rest, " "));) {
		char *value = strchr(word, '=');

		if (!value)
			continue;
		*value++ = '\0';
		if (text_starts(word, "field."))
			pairs_set(&ticket->fields, word + 6, value);
		else if (codec_member_set(codec_field(&ticket_codec, word), ticket, value, &err))
			fail_msg("%s", err.message);
	}
	return ticket;
}

/* Adds one event of which only a few members matter, as JSON text such as "\"do\":\"noted\",\"doing\":\"x\"". */
static inline struct event *made_event(struct ticket *ticket, const char *members)
{
	_cleanup_free_ char *text = xasprintf("{\"id\":\"%016zx\",\"at\":\"2026-01-01T00:00:00Z\",\"recorded\":\"2026-01-01T00:00:00Z\",\"by\":\"li\",%s}", ticket->events.n, members);
	struct event *event = list_push(&ticket->events);
	struct ticket_error err = {0};

	if (codec_read(codec_field(&ticket_codec, "events")->sub, event, text, strlen(text), "event", &err))
		fail_msg("%s", err.message);
	return event;
}

#endif
