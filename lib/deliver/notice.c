/* SPDX-License-Identifier: MIT */
/* Notices in JSON, and ids that come out the same whenever the same is told again: see notice.h. */
#include "deliver/notice.h"

#include "privacy/digest.h"

static const char *const kinds[] = {
	[NOTICE_NONE] = "",	      [NOTICE_EVENT] = "event",           [NOTICE_ASSIGNED] = "assigned", [NOTICE_WARNING] = "warning",
	[NOTICE_BREACH] = "breach",   [NOTICE_ESCALATION] = "escalation", [NOTICE_ALARM] = "alarm",       [NOTICE_REPORT] = "report",
	[NOTICE_CUSTOMER] = "customer", NULL,
};

const char *notice_word(enum notice_kind kind)
{
	return (unsigned)kind < NOTICE_KINDS ? kinds[kind] : "";
}

const char *outcome_word(enum notice_outcome outcome)
{
	static const char *const words[OUTCOMES] = {"delivered", "due", "quiet", "waiting", "not set up", "failed", "given up"};

	return (unsigned)outcome < OUTCOMES ? words[outcome] : "";
}

static const struct codec_field file_fields[] = {
	FIELD(TEXT, struct notice_file, "name", name, CODEC_REQUIRED),
	FIELD(TEXT, struct notice_file, "type", type, CODEC_REQUIRED),
	FIELD(TEXT, struct notice_file, "data", data, 0),
	CODEC_END,
};
const struct codec notice_file_codec = {"file", sizeof(struct notice_file), file_fields, 0, -1, NULL};

static int check_notice(void *object, struct codec_reading *in, struct ticket_error *err)
{
	const struct notice *notice = object;

	if (!notice_id_valid(notice->id))
		return codec_fail(in, "id", err, "'%s' is no id of a notice", notice->id);
	if (notice->message && !notice_id_valid(notice->message))
		return codec_fail(in, "message", err, "'%s' is no id of a message", notice->message);
	return 0;
}

static const struct codec_field fields[] = {
	FIELD(INT, struct notice, "format", format, CODEC_REQUIRED),
	FIELD(TEXT, struct notice, "id", id, CODEC_REQUIRED),
	FIELD_ENUM(struct notice, "kind", kind, CODEC_REQUIRED, kinds),
	FIELD(TEXT, struct notice, "ticket", ticket, 0),
	FIELD(TEXT, struct notice, "action", action, 0),
	FIELD(TEXT, struct notice, "uid", uid, 0),
	FIELD(TEXT, struct notice, "event", event, 0),
	FIELD(TEXT, struct notice, "key", key, 0),
	FIELD(TEXT, struct notice, "rule", rule, 0),
	FIELD(TEXT, struct notice, "clock", clock, 0),
	FIELD(INT, struct notice, "cycle", cycle, 0),
	FIELD(TEXT, struct notice, "step", step, 0),
	FIELD(TEXT, struct notice, "to", to, CODEC_REQUIRED),
	FIELD(TEXT, struct notice, "way", way, CODEC_REQUIRED),
	FIELD(TEXTS, struct notice, "ways", ways, 0),
	FIELD(TEXT, struct notice, "channel", channel, 0),
	FIELD(TEXT, struct notice, "customer", customer, 0),
	FIELD(TEXT, struct notice, "subject", subject, 0),
	FIELD(TEXT, struct notice, "body", body, 0),
	FIELD_SUB(OBJECT, struct notice, "file", file, 0, &notice_file_codec),
	FIELD(FLAG, struct notice, "urgent", urgent, 0),
	FIELD(TIME, struct notice, "created", created, CODEC_REQUIRED),
	FIELD(TIME, struct notice, "happened", happened, 0),
	FIELD(TIME, struct notice, "not_before", not_before, 0),
	FIELD(INT, struct notice, "attempts", attempts, 0),
	FIELD(TIME, struct notice, "next_attempt", next_attempt, 0),
	FIELD(TEXT, struct notice, "error", error, 0),
	FIELD(TEXT, struct notice, "message", message, 0),
	FIELD(TIME, struct notice, "delivered", delivered, 0),
	CODEC_END,
};
const struct codec notice_codec = {"notice", sizeof(struct notice), fields, 1, offsetof(struct notice, extra), check_notice};

void notice_release(struct notice *notice)
{
	codec_release(&notice_codec, notice);
}

/* --- identity -------------------------------------------------------------------------------------------------- */

/* Parts are told apart by a byte that no text may hold, so that "ab" + "c" is not "a" + "bc". */
static void add_part(struct buf *out, const char *text)
{
	buf_puts(out, text ? text : "");
	buf_putc(out, '\1');
}

static char *first_half(char out[NOTICE_ID_SIZE], const struct buf *parts)
{
	char hex[DIGEST_HEX_SIZE];

	digest_hex(hex, parts->p, parts->n);
	memcpy(out, hex, NOTICE_ID_SIZE - 1);
	out[NOTICE_ID_SIZE - 1] = '\0';
	return out;
}

char *notice_identity(char out[NOTICE_ID_SIZE], const struct notice *notice)
{
	_cleanup_buf_ struct buf parts = {0};

	add_part(&parts, notice->event ? "event" : "key");
	add_part(&parts, notice->event ? notice->event : notice->key);
	add_part(&parts, notice->uid);
	add_part(&parts, notice->to);
	add_part(&parts, notice->way);
	return first_half(out, &parts);
}

char *notice_event(char out[NOTICE_EVENT_SIZE], const struct notice *notice)
{
	memcpy(out, notice->id, NOTICE_EVENT_SIZE - 1);
	out[NOTICE_EVENT_SIZE - 1] = '\0';
	return out;
}

bool notice_id_valid(const char *text)
{
	return text && strspn(text, "0123456789abcdef") == NOTICE_ID_SIZE - 1 && strlen(text) == NOTICE_ID_SIZE - 1;
}

char *message_identity(char out[NOTICE_ID_SIZE], const struct notice *const *notices, size_t n)
{
	_cleanup_buf_ struct buf parts = {0};

	if (n == 1) {
		memcpy(out, notices[0]->id, NOTICE_ID_SIZE);
		return out;
	}
	for (size_t i = 0; i < n; i++)
		add_part(&parts, notices[i]->id);
	return first_half(out, &parts);
}
