/* SPDX-License-Identifier: MIT */
/* Tickets in JSON: the fixed order of a ticket file is the order of this table. */
#include "model/ticket.h"

#include "model/event.h"

static const char *const states[] = {"",           "new",      "triaged",   "assigned", "in_progress", "waiting",
				     "resolved",   "confirmed", "verified", "archived", "merged",      NULL};
static const char *const verdicts[] = {"", "running", "paused", "met", "met_late", "missed", "cancelled", NULL};

static int word_index(const char *const *words, const char *word)
{
	for (int i = 1; words[i]; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return 0;
}

const char *state_word(enum ticket_state state)
{
	return (unsigned)state < STATES ? states[state] : "";
}

enum ticket_state state_from(const char *word)
{
	return (enum ticket_state)word_index(states, word);
}

bool state_is_open(enum ticket_state state)
{
	return state >= STATE_NEW && state <= STATE_WAITING;
}

const char *verdict_word(enum verdict verdict)
{
	return (unsigned)verdict < VERDICTS ? verdicts[verdict] : "";
}

enum verdict verdict_from(const char *word)
{
	return (enum verdict)word_index(verdicts, word);
}

static const struct codec_field clock_fields[] = {
	FIELD(TEXT, struct clock, "target", target, CODEC_REQUIRED),
	FIELD(INT, struct clock, "cycle", cycle, 0),
	FIELD(INT, struct clock, "count", count, 0),
	FIELD(TIME, struct clock, "from", from, 0),
	FIELD(TIME, struct clock, "due", due, 0),
	FIELD(TIME, struct clock, "done", done, 0),
	FIELD(TIME, struct clock, "ended", ended, 0),
	FIELD_ENUM(struct clock, "verdict", verdict, 0, verdicts),
	FIELD(INT, struct clock, "consumed_s", consumed_s, 0),
	FIELD(INT, struct clock, "paused_s", paused_s, 0),
	FIELD(TIME, struct clock, "next", next, 0),
	FIELD(TEXT, struct clock, "next_step", next_step, 0),
	CODEC_END,
};
static const struct codec clock_codec = {"clock", sizeof(struct clock), clock_fields, 0, -1, NULL};

void clock_release(struct clock *clock)
{
	codec_release(&clock_codec, clock);
}

/* A text member of one of the unnamed structs inside a ticket. */
#define PART(part, member) {#member, CODEC_TEXT, offsetof(struct ticket, part.member) - offsetof(struct ticket, part), 0, NULL, NULL, NULL}
static const struct codec_field source_fields[] = {
	PART(source, address),
	PART(source, key),
	PART(source, file),
	CODEC_END,
};
static const struct codec source_codec = {"source", sizeof(((struct ticket *)0)->source), source_fields, 0, -1, NULL};

static const struct codec_field customer_fields[] = {
	PART(customer, id),
	PART(customer, display),
	PART(customer, contact),
	CODEC_END,
};
static const struct codec customer_codec = {"customer", sizeof(((struct ticket *)0)->customer), customer_fields, 0, -1, NULL};

static const struct codec_field ticket_fields[] = {
	FIELD(INT, struct ticket, "format", format, CODEC_REQUIRED),
	FIELD(TEXT, struct ticket, "id", id, CODEC_REQUIRED),
	FIELD(TEXT, struct ticket, "uid", uid, CODEC_REQUIRED),
	FIELD(TIME, struct ticket, "received", received, CODEC_REQUIRED),
	FIELD(TEXT, struct ticket, "channel", channel, CODEC_REQUIRED),
	FIELD_SUB(OBJECT, struct ticket, "source", source, 0, &source_codec),
	FIELD_SUB(OBJECT, struct ticket, "customer", customer, 0, &customer_codec),
	FIELD(TEXT, struct ticket, "subject", subject, 0),
	FIELD(TEXT, struct ticket, "description", description, 0),
	FIELD(TEXTS, struct ticket, "types", types, 0),
	FIELD(TEXT, struct ticket, "category", category, 0),
	FIELD(TEXT, struct ticket, "grade", grade, 0),
	FIELD(TEXT, struct ticket, "priority", priority, 0),
	FIELD(TEXT, struct ticket, "risk", risk, 0),
	FIELD(TEXT, struct ticket, "wants", wants, 0),
	FIELD(TIME, struct ticket, "expects", expects, 0),
	FIELD(TEXTS, struct ticket, "departments", departments, 0),
	FIELD_SUB(MAP, struct ticket, "fields", fields, 0, &pair_codec),
	FIELD(TEXT, struct ticket, "policy", policy, 0),
	FIELD_ENUM(struct ticket, "state", state, 0, states),
	FIELD(INT, struct ticket, "cycle", cycle, 0),
	FIELD(TEXT, struct ticket, "group", group, 0),
	FIELD(TEXT, struct ticket, "assignee", assignee, 0),
	FIELD(TEXT, struct ticket, "waiting_for", waiting_for, 0),
	FIELD(TEXT, struct ticket, "doing", doing, 0),
	FIELD(TIME, struct ticket, "eta", eta, 0),
	FIELD(TEXT, struct ticket, "lead", lead, 0),
	FIELD(TIME, struct ticket, "plan_due", plan_due, 0),
	FIELD(INT, struct ticket, "level", level, 0),
	FIELD(FLAG, struct ticket, "delayed", delayed, 0),
	FIELD(FLAG, struct ticket, "quarantined", quarantined, 0),
	FIELD(TEXT, struct ticket, "merged_into", merged_into, 0),
	FIELD(TEXTS, struct ticket, "aliases", aliases, 0),
	FIELD(TEXTS, struct ticket, "links", links, 0),
	FIELD(TEXT, struct ticket, "incident", incident, 0),
	FIELD(TEXTS, struct ticket, "covers", covers, 0),
	FIELD_SUB(LIST, struct ticket, "attachments", attachments, CODEC_ROWS, &attachment_codec),
	FIELD_SUB(LIST, struct ticket, "clocks", clocks, CODEC_ROWS, &clock_codec),
	FIELD_SUB(LIST, struct ticket, "events", events, CODEC_ROWS, &event_codec),
	CODEC_END,
};
const struct codec ticket_codec = {"ticket", sizeof(struct ticket), ticket_fields, 1, offsetof(struct ticket, extra), NULL};

int ticket_read(struct ticket **out, const char *text, size_t length, const char *origin, struct ticket_error *err)
{
	struct ticket *ticket = xcalloc(1, sizeof(*ticket));

	*out = NULL;
	if (codec_read(&ticket_codec, ticket, text, length, origin, err)) {
		free(ticket);
		if (err)
			err->code = TICKET_STORAGE;
		return TICKET_STORAGE;
	}
	*out = ticket;
	return 0;
}

int ticket_view(struct ticket_view *out, const char *text, size_t length, const char *origin, struct ticket_error *err)
{
	memset(&out->ticket, 0, sizeof(out->ticket));
	json_forget(&out->doc);
	if (codec_view(&ticket_codec, &out->ticket, &out->doc, text, length, origin, err) == 0)
		return 0;
	if (err)
		err->code = TICKET_STORAGE;
	return TICKET_STORAGE;
}

void ticket_view_release(struct ticket_view *view)
{
	json_release(&view->doc);
}

void ticket_write(const struct ticket *ticket, struct buf *out)
{
	codec_write(&ticket_codec, ticket, out);
}

void ticket_write_line(const struct ticket *ticket, struct buf *out)
{
	codec_write_compact(&ticket_codec, ticket, out);
}

struct ticket *ticket_copy(const struct ticket *ticket)
{
	struct ticket *copy = xcalloc(1, sizeof(*copy));

	codec_copy(&ticket_codec, copy, ticket);
	return copy;
}

void ticket_free(struct ticket *ticket)
{
	if (ticket) {
		codec_release(&ticket_codec, ticket);
		free(ticket);
	}
}
