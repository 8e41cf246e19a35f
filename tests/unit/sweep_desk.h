/* SPDX-License-Identifier: MIT */
/* A desk to sweep: a preset in a fresh folder, events told in short, and what the sweep has left on its tickets. */
#ifndef SWEEP_DESK_H
#define SWEEP_DESK_H

#include "store_desk.h"

#include "desk/desk.h"
#include "model/event.h"
#include "model/ticket.h"
#include "ticket/check.h"
#include "ticket/fsck.h"

struct swept {
	char *dir;
	struct desk *desk;
	struct ticket_error err;
};

static inline void swept_open(struct swept *swept, int64_t now_s)
{
	struct desk_context context = {.folder = swept->dir, .as = "li", .now_s = now_s};

	if (desk_open(&swept->desk, &context, &swept->err))
		fail_msg("%s", swept->err.message);
}

static inline void swept_new(struct swept *swept, const char *preset, int64_t now_s)
{
	struct desk_context context = {.as = "li", .now_s = now_s};

	isolate();
	/* Thousands of durable commits: in memory where there is such a place. What kills leave is another test's matter. */
	*swept = (struct swept){.dir = xstrdup(access("/dev/shm", W_OK) == 0 ? "/dev/shm/unit-sweep-XXXXXX" : "/tmp/unit-sweep-XXXXXX")};
	assert_non_null(mkdtemp(swept->dir));
	if (desk_init(swept->dir, PRESETS, preset, "none", &context, &swept->err))
		fail_msg("%s", swept->err.message);
	swept_open(swept, now_s);
}

static inline void swept_end(struct swept *swept)
{
	_cleanup_free_ char *command = xasprintf("rm -rf '%s'", swept->dir);

	desk_close(swept->desk);
	assert_int_equal(system(command), 0);
	free(swept->dir);
}

static inline struct stamp moment_at(int64_t at_s)
{
	return (struct stamp){at_s, 8 * 3600, true};
}

/* "priority=urgent types=how_to": what stands behind '=' has no blanks. */
static inline void set_members(const struct codec *codec, void *record, const char *members)
{
	_cleanup_free_ char *copy = xstrdup(members);
	char *rest;

	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		char *value = strchr(word, '=');
		const struct codec_field *field;

		assert_non_null(value);
		*value++ = '\0';
		field = codec_field(codec, word);
		if (!field || codec_member_set(field, record, value, NULL))
			fail_msg("'%s' cannot be set to '%s'", word, value);
	}
}

static inline void swept_receive(struct swept *swept, int64_t at_s, const char *members)
{
	_cleanup_change_ struct change *change = NULL;
	struct ticket *draft = xcalloc(1, sizeof(*draft)), *ticket;
	struct event opened = {0};

	swept->desk->context.now_s = at_s;
	draft->received = moment_at(at_s);
	draft->description = xstrdup("it does not work");
	set_members(&ticket_codec, draft, members);
	if (change_begin(&change, swept->desk, &swept->err) || change_new(change, draft, &opened, &ticket, &swept->err) || change_commit(change, false, &swept->err))
		fail_msg("%s", swept->err.message);
}

/* False when the desk refuses it, as a real one does. */
static inline bool swept_record(struct swept *swept, const char *number, int64_t at_s, enum event_kind kind, const char *members)
{
	_cleanup_change_ struct change *change = NULL;
	struct event event = {.kind = (int)kind, .late_reason = event_uses(kind, "late_reason") ? xstrdup("too_much") : NULL};
	struct ticket *ticket;

	swept->desk->context.now_s = at_s;
	set_members(&event_codec, &event, members);
	if (change_begin(&change, swept->desk, &swept->err) || change_ticket(change, number, &ticket, &swept->err))
		fail_msg("%s", swept->err.message);
	return !change_record(change, ticket, &event, NULL, &swept->err) && !change_commit(change, false, &swept->err);
}

static inline void swept_check(struct swept *swept, int64_t now_s)
{
	swept->desk->context.now_s = now_s;
	if (desk_check(swept->desk, &(struct check_options){0}, NULL, NULL, &swept->err))
		fail_msg("%s", swept->err.message);
}

/* One line for each event of the sweep: number, clock, cycle, step, time, kind. Waits are named by their event's time, not its random id. */
static inline int tell_automatic(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct texts *lines = data;

	for (size_t i = 0; i < ticket->events.n; i++) {
		const struct event *event = &ticket->events.v[i];
		char at[STAMP_SIZE];
		size_t n = event->step && text_starts(event->step, "alarm:") ? 6 + strcspn(event->step + 6, ":") : event->step ? strlen(event->step) : 0;
		_cleanup_free_ char *line = NULL;

		if (!event->automatic)
			continue;
		line = xasprintf("%s %s %lld %.*s %s %s", ticket->id, event->clock ? event->clock : "-", (long long)event->cycle, (int)n, event->step ? event->step : "-",
				 stamp_format(at, &event->at), event_word((enum event_kind)event->kind));
		texts_add(lines, line);
	}
	return 0;
}

static inline int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline void swept_lines(struct swept *swept, struct texts *lines)
{
	if (desk_refresh(swept->desk, &swept->err) || desk_each(swept->desk, NULL, tell_automatic, lines, &swept->err))
		fail_msg("%s", swept->err.message);
	qsort(lines->v, lines->n, sizeof(*lines->v), compare_lines);
}

static inline void expect_sound(struct swept *swept)
{
	findings found = {0};
	size_t tickets;

	if (desk_fsck(swept->desk, false, &found, &tickets, &swept->err))
		fail_msg("%s", swept->err.message);
	if (found.n)
		fail_msg("%s: %s", found.v[0].where, found.v[0].what);
	findings_release(&found);
}

/* The same lines, each once. */
static inline void expect_same(const struct texts *got, const struct texts *wanted)
{
	for (size_t i = 0; i < got->n || i < wanted->n; i++) {
		const char *g = i < got->n ? got->v[i] : "nothing more", *w = i < wanted->n ? wanted->v[i] : "nothing more";

		if (!text_equal(g, w))
			fail_msg("step %zu is '%s', not '%s' (%zu and %zu in all)", i, g, w, got->n, wanted->n);
		if (i && text_equal(wanted->v[i], wanted->v[i - 1]))
			fail_msg("twice: '%s'", w);
	}
}

#endif
