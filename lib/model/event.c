/* SPDX-License-Identifier: MIT */
/* Events in JSON: one table of members, one table of kinds. */
#include "model/event.h"

#include "ticket/language.h"
#include "ticket/policy.h"

static const char *const words[] = {
	[EVENT_NONE] = "", [EVENT_OPENED] = "opened", [EVENT_TRIAGED] = "triaged", [EVENT_ASSIGNED] = "assigned",
	[EVENT_RESPONDED] = "responded", [EVENT_INBOUND] = "inbound", [EVENT_NOTED] = "noted", [EVENT_PLANNED] = "planned",
	[EVENT_WAITING] = "waiting", [EVENT_RESUMED] = "resumed", [EVENT_RESOLVED] = "resolved", [EVENT_CONFIRMED] = "confirmed",
	[EVENT_DISPUTED] = "disputed", [EVENT_SURVEY] = "survey", [EVENT_FOLLOWED_UP] = "followed_up", [EVENT_VERIFIED] = "verified",
	[EVENT_ARCHIVED] = "archived", [EVENT_REOPENED] = "reopened", [EVENT_ESCALATED] = "escalated", [EVENT_REVIEWED] = "reviewed",
	[EVENT_ATTACHED] = "attached", [EVENT_MERGED] = "merged", [EVENT_SPLIT] = "split", [EVENT_LINKED] = "linked",
	[EVENT_QUARANTINED] = "quarantined", [EVENT_CORRECTED] = "corrected", [EVENT_RELEASED] = "released",
	[EVENT_WARNED] = "warned", [EVENT_BREACHED] = "breached", [EVENT_NOTIFIED] = "notified",
	[EVENT_RENUMBERED] = "renumbered", [EVENT_RETARGETED] = "retargeted", [EVENT_INSPECTED] = "inspected", NULL,
};

/* The members of their own that each kind uses, besides text, reason and automatic, which any may carry. */
static const char *const uses[EVENT_KINDS] = {
	[EVENT_OPENED] = "types category grade priority risk departments other other_number late_reason",
	[EVENT_TRIAGED] = "types category grade priority risk departments changes",
	[EVENT_ASSIGNED] = "group person claim departments",
	[EVENT_RESPONDED] = "via late_reason name",
	[EVENT_INBOUND] = "via complains",
	[EVENT_NOTED] = "doing eta departments late_reason",
	[EVENT_PLANNED] = "person due parts needs late_reason",
	[EVENT_WAITING] = "for_whom",
	[EVENT_RESUMED] = "",
	[EVENT_RESOLVED] = "cause files late_reason",
	[EVENT_CONFIRMED] = "via files",
	[EVENT_DISPUTED] = "via",
	[EVENT_SURVEY] = "step scores via contact due",
	[EVENT_FOLLOWED_UP] = "satisfied cause via late_reason",
	[EVENT_VERIFIED] = "decision scores",
	[EVENT_ARCHIVED] = "",
	[EVENT_REOPENED] = "",
	[EVENT_ESCALATED] = "level to person group priority delayed clock cycle step due",
	[EVENT_REVIEWED] = "decision level",
	[EVENT_ATTACHED] = "files",
	[EVENT_MERGED] = "other other_number step undoes",
	[EVENT_SPLIT] = "other other_number step",
	[EVENT_LINKED] = "other other_number step undoes",
	[EVENT_QUARANTINED] = "cause",
	[EVENT_CORRECTED] = "changes",
	[EVENT_RELEASED] = "decision",
	[EVENT_WARNED] = "clock cycle step due",
	[EVENT_BREACHED] = "clock cycle step due",
	[EVENT_NOTIFIED] = "clock cycle step to via",
	[EVENT_RENUMBERED] = "old new",
	[EVENT_RETARGETED] = "old new",
	[EVENT_INSPECTED] = "scores name",
};

const char *event_word(enum event_kind kind)
{
	return (unsigned)kind < EVENT_KINDS ? words[kind] : "";
}

enum event_kind event_kind(const char *word)
{
	for (int kind = EVENT_NONE + 1; kind < EVENT_KINDS; kind++)
		if (strcmp(words[kind], word) == 0)
			return (enum event_kind)kind;
	return EVENT_NONE;
}

static bool word_in(const char *list, const char *word)
{
	for (const char *p = list; *p;) {
		size_t i = 0;

		while (word[i] && p[i] == word[i])
			i++;
		if (!word[i] && (!p[i] || p[i] == ' '))
			return true;
		while (*p && *p++ != ' ')
			;
	}
	return false;
}

static const char common[] = "id at recorded by role do text reason automatic";

bool event_uses(enum event_kind kind, const char *key)
{
	return (unsigned)kind < EVENT_KINDS && uses[kind] && (word_in(common, key) || word_in(uses[kind], key));
}

/* --- the codecs ------------------------------------------------------------------------------------------------ */

static const struct codec_field pair_fields[] = {
	FIELD(TEXT, struct pair, "key", key, CODEC_KEY),
	FIELD(TEXT, struct pair, "value", value, CODEC_VALUE),
	CODEC_END,
};
const struct codec pair_codec = {"entry", sizeof(struct pair), pair_fields, 0, -1, NULL};

static const struct codec_field part_fields[] = {
	FIELD(TEXT, struct plan_part, "department", department, 0),
	FIELD(TEXT, struct plan_part, "person", person, 0),
	FIELD(TEXT, struct plan_part, "text", text, 0),
	FIELD(TIME, struct plan_part, "due", due, 0),
	CODEC_END,
};
static const struct codec part_codec = {"part of a plan", sizeof(struct plan_part), part_fields, 0, -1, NULL};

static const struct codec_field attachment_fields[] = {
	FIELD(TEXT, struct attachment, "name", name, CODEC_REQUIRED),
	FIELD(TEXT, struct attachment, "digest", digest, CODEC_REQUIRED),
	FIELD(INT, struct attachment, "size_bytes", size_bytes, 0),
	FIELD(TEXT, struct attachment, "type", type, 0),
	CODEC_END,
};
const struct codec attachment_codec = {"file", sizeof(struct attachment), attachment_fields, 0, -1, NULL};

static const struct codec_field change_fields[] = {
	FIELD(TEXT, struct change_of, "field", field, CODEC_REQUIRED),
	FIELD(TEXT, struct change_of, "old", old, 0),
	FIELD(TEXT, struct change_of, "new", new, 0),
	CODEC_END,
};
const struct codec change_codec = {"change", sizeof(struct change_of), change_fields, 0, -1, NULL};

static const struct codec_field event_fields[] = {
	FIELD(TEXT, struct event, "id", id, CODEC_REQUIRED),
	FIELD(TIME, struct event, "at", at, CODEC_REQUIRED),
	FIELD(TIME, struct event, "recorded", recorded, CODEC_REQUIRED),
	FIELD(TEXT, struct event, "by", by, CODEC_REQUIRED),
	FIELD(TEXT, struct event, "role", role, 0),
	FIELD_ENUM(struct event, "do", kind, CODEC_REQUIRED, words),
	FIELD(TEXT, struct event, "text", text, 0),
	FIELD(TEXT, struct event, "reason", reason, 0),
	FIELD(TEXT, struct event, "late_reason", late_reason, 0),
	FIELD(TEXT, struct event, "via", via, 0),
	FIELD(TEXT, struct event, "name", name, 0),
	FIELD(FLAG, struct event, "complains", complains, 0),
	FIELD(FLAG, struct event, "contact", contact, 0),
	FIELD(FLAG, struct event, "claim", claim, 0),
	FIELD(FLAG, struct event, "automatic", automatic, 0),
	FIELD(TEXTS, struct event, "types", types, 0),
	FIELD(TEXT, struct event, "category", category, 0),
	FIELD(TEXT, struct event, "grade", grade, 0),
	FIELD(TEXT, struct event, "priority", priority, 0),
	FIELD(TEXT, struct event, "risk", risk, 0),
	FIELD(TEXTS, struct event, "departments", departments, 0),
	FIELD(TEXT, struct event, "group", group, 0),
	FIELD(TEXT, struct event, "person", person, 0),
	FIELD(TEXT, struct event, "doing", doing, 0),
	FIELD(TIME, struct event, "eta", eta, 0),
	FIELD(TIME, struct event, "due", due, 0),
	FIELD_SUB(LIST, struct event, "parts", parts, 0, &part_codec),
	FIELD(TEXTS, struct event, "needs", needs, 0),
	FIELD(TEXT, struct event, "for_whom", for_whom, 0),
	FIELD(TEXT, struct event, "cause", cause, 0),
	FIELD_SUB(LIST, struct event, "files", files, 0, &attachment_codec),
	FIELD(TEXT, struct event, "step", step, 0),
	FIELD_SUB(MAP, struct event, "scores", scores, 0, &pair_codec),
	FIELD(TEXT, struct event, "satisfied", satisfied, 0),
	FIELD(INT, struct event, "level", level, 0),
	FIELD(FLAG, struct event, "delayed", delayed, 0),
	FIELD(TEXT, struct event, "to", to, 0),
	FIELD(TEXT, struct event, "decision", decision, 0),
	FIELD(TEXT, struct event, "other", other, 0),
	FIELD(TEXT, struct event, "other_number", other_number, 0),
	FIELD(TEXT, struct event, "undoes", undoes, 0),
	FIELD_SUB(LIST, struct event, "changes", changes, 0, &change_codec),
	FIELD(TEXT, struct event, "clock", clock, 0),
	FIELD(INT, struct event, "cycle", cycle, 0),
	FIELD(TEXT, struct event, "old", old, 0),
	FIELD(TEXT, struct event, "new", new, 0),
	CODEC_END,
};

/* The member that the kind does not use, or NULL: it would be carried along unseen. */
static const char *stray_member(const struct event *event)
{
	for (const struct codec_field *field = event_fields; field->key; field++)
		if (codec_member_present(field, event) && !event_uses((enum event_kind)event->kind, field->key))
			return field->key;
	return NULL;
}

_Static_assert(ARRAY_SIZE(event_fields) <= 64, "a bit for each field");

/* A bit for each field whose key is one of the words. */
static uint64_t fields_of(const char *list)
{
	uint64_t bits = 0;

	for (const char *p = list; *p; p += *p == ' ') {
		size_t n = strcspn(p, " ");

		for (size_t i = 0; event_fields[i].key; i++)
			if (strncmp(event_fields[i].key, p, n) == 0 && !event_fields[i].key[n])
				bits |= UINT64_C(1) << i;
		p += n;
	}
	return bits;
}

/* Which fields a kind uses, worked out when first asked for: a rebuild of the index asks it for every event there is. */
static uint64_t used_fields(enum event_kind kind)
{
	static uint64_t known[EVENT_KINDS]; /* any thread may work it out, and all come to the same */
	uint64_t bits = __atomic_load_n(&known[kind], __ATOMIC_RELAXED);

	if (!bits) {
		bits = fields_of(common) | fields_of(uses[kind] ? uses[kind] : "");
		__atomic_store_n(&known[kind], bits, __ATOMIC_RELAXED);
	}
	return bits;
}

static int check_event(void *object, struct codec_reading *in, struct ticket_error *err)
{
	const struct event *event = object;
	const char *stray = in->given & ~used_fields((enum event_kind)event->kind) ? stray_member(event) : NULL;

	if (stray)
		return codec_fail(in, stray, err, "an event '%s' has no such member", words[event->kind]);
	return 0;
}

const struct codec event_codec = {"event", sizeof(struct event), event_fields, 0, offsetof(struct event, extra), check_event};

int event_check(const struct event *event, struct ticket_error *err)
{
	const char *stray = stray_member(event);

	if (stray)
		return ticket_fail(err, TICKET_REFUSED, "an event '%s' has no member '%s'", words[event->kind], stray);
	return codec_check_texts(&event_codec, event, err);
}

bool event_has(const struct event *event, const char *key)
{
	const struct codec_field *field = codec_field(&event_codec, key);

	return field && codec_member_present(field, event);
}

/* A member for people: lists of records show what names them. */
static void summarise(const struct event *event, const struct codec_field *field, const struct policy *policy, const char *language, struct buf *out)
{
	_cleanup_free_ char *value = NULL, *label = NULL;

	if (text_equal(field->key, "files")) {
		for (size_t i = 0; i < event->files.n; i++)
			buf_addf(out, "%s%s", i ? ", " : "", event->files.v[i].name);
	} else if (text_equal(field->key, "changes")) {
		for (size_t i = 0; i < event->changes.n; i++)
			buf_addf(out, "%s%s '%s' → '%s'", i ? ", " : "", event->changes.v[i].field, event->changes.v[i].old ? event->changes.v[i].old : "",
				 event->changes.v[i].new ? event->changes.v[i].new : "");
	} else if (text_equal(field->key, "scores")) {
		for (size_t i = 0; i < event->scores.n; i++)
			buf_addf(out, "%s%s %s", i ? ", " : "", event->scores.v[i].key, event->scores.v[i].value);
	} else if (text_equal(field->key, "parts")) {
		for (size_t i = 0; i < event->parts.n; i++)
			buf_addf(out, "%s%s %s", i ? ", " : "", event->parts.v[i].department ? event->parts.v[i].department : "",
				 event->parts.v[i].person ? event->parts.v[i].person : "");
	} else if (field->type == CODEC_FLAG) {
		buf_puts(out, policy ? policy_word(policy, language, "yes") : "yes");
	} else {
		value = codec_member_text(field, event);
		label = policy ? policy_value_label(policy, language, field->key, value) : NULL;
		buf_puts(out, label ? label : value);
	}
}

/* The name of a member for people: the policy's word, else the catalogue's. */
static const char *member_word(const struct policy *policy, const char *language, const char *key)
{
	const char *word = policy ? policy_word(policy, language, key) : key;

	return policy && word == key ? language_word("column", key) : word;
}

char *event_summary(const struct event *event, const struct policy *policy, const char *language)
{
	static const char left_out[] = "id at recorded by role do text other undoes";
	const char *separator = event->text && strchr(event->text, '\n') ? "\n" : " · ";
	struct buf out = {0};

	/* English shows the names that are also typed. */
	if (text_equal(language, "en"))
		policy = NULL;
	if (event->text)
		buf_puts(&out, event->text);
	for (const struct codec_field *field = event_fields; field->key; field++) {
		if (word_in(left_out, field->key) || !codec_member_present(field, event))
			continue;
		buf_puts(&out, out.n ? separator : "");
		buf_addf(&out, policy ? _("%s: ") : "%s: ", member_word(policy, language, field->key));
		summarise(event, field, policy, language, &out);
	}
	return buf_steal(&out);
}

void event_release(struct event *event)
{
	codec_release(&event_codec, event);
}

void event_copy(struct event *to, const struct event *from)
{
	codec_copy(&event_codec, to, from);
}

/* --- pairs ----------------------------------------------------------------------------------------------------- */

const char *pairs_get(const struct pairs *pairs, const char *key)
{
	for (size_t i = 0; i < pairs->n; i++)
		if (text_equal(pairs->v[i].key, key))
			return pairs->v[i].value;
	return NULL;
}

void pairs_set(struct pairs *pairs, const char *key, const char *value)
{
	struct pair *pair;

	for (size_t i = 0; i < pairs->n; i++) {
		if (!text_equal(pairs->v[i].key, key))
			continue;
		if (value) {
			replace_text(&pairs->v[i].value, value);
			return;
		}
		free(pairs->v[i].key);
		free(pairs->v[i].value);
		memmove(&pairs->v[i], &pairs->v[i + 1], (--pairs->n - i) * sizeof(*pairs->v));
		return;
	}
	if (!value)
		return;
	pair = list_push(pairs);
	pair->key = xstrdup(key);
	pair->value = xstrdup(value);
}
