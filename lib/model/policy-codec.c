/* SPDX-License-Identifier: MIT */
/* Policies in JSON: the codec tables of every rule. Unknown members are refused: a rule that is misspelt is not a rule. */
#include "model/policy.h"

#include "model/event.h"
#include "model/number.h"
#include "ticket/text.h"

#define STRICT -1 /* no member keeps what the codec does not know */

static const struct codec_field condition_fields[] = {
	FIELD(TEXT, struct condition, "field", field, CODEC_KEY),
	FIELD(TEXTS, struct condition, "any", any, CODEC_VALUE),
	CODEC_END,
};
const struct codec condition_codec = {"condition", sizeof(struct condition), condition_fields, 0, STRICT, NULL};

#define NAME(type) FIELD(TEXT, type, "name", name, CODEC_REQUIRED | CODEC_NOEMPTY)
#define LABELS(type) FIELD_SUB(MAP, type, "labels", labels, 0, &pair_codec)
#define WHEN(type) FIELD_SUB(MAP, type, "when", when, 0, &condition_codec)

static const struct codec choice_codec;
static int check_choice(void *object, struct codec_reading *in, struct ticket_error *err);
static const struct codec_field choice_fields[] = {
	NAME(struct choice),
	FIELD(TEXT, struct choice, "code", code, CODEC_NOEMPTY),
	LABELS(struct choice),
	FIELD_SUB(MAP, struct choice, "description", description, 0, &pair_codec),
	FIELD_SUB(LIST, struct choice, "children", children, 0, &choice_codec),
	CODEC_END,
};
static const struct codec choice_codec = {"choice", sizeof(struct choice), choice_fields, 0, STRICT, check_choice};

static const struct codec_field person_fields[] = {
	NAME(struct person),
	FIELD(TEXT, struct person, "email", email, 0),
	FIELD(TEXT, struct person, "phone", phone, 0),
	FIELD(TEXT, struct person, "department", department, 0),
	FIELD(TEXTS, struct person, "roles", roles, 0),
	FIELD(TEXTS, struct person, "groups", groups, 0),
	FIELD(TEXT, struct person, "calendar", calendar, 0),
	FIELD(FLAG, struct person, "away", away, 0),
	CODEC_END,
};
static const struct codec person_codec = {"person", sizeof(struct person), person_fields, 0, STRICT, NULL};

static const struct codec_field role_fields[] = {
	NAME(struct role),
	LABELS(struct role),
	CODEC_END,
};
static const struct codec role_codec = {"role", sizeof(struct role), role_fields, 0, STRICT, NULL};

static const struct codec_field group_fields[] = {
	NAME(struct group),
	LABELS(struct group),
	FIELD(TEXT, struct group, "lead", lead, 0),
	CODEC_END,
};
static const struct codec group_codec = {"group", sizeof(struct group), group_fields, 0, STRICT, NULL};

static const struct codec_field permission_fields[] = {
	FIELD(TEXTS, struct permission, "events", events, CODEC_REQUIRED),
	WHEN(struct permission),
	FIELD(TEXTS, struct permission, "roles", roles, 0),
	FIELD(TEXTS, struct permission, "needs", needs, 0),
	FIELD(FLAG, struct permission, "not_handler", not_handler, 0),
	FIELD(TEXTS, struct permission, "not_by", not_by, 0),
	CODEC_END,
};
static const struct codec permission_codec = {"permission", sizeof(struct permission), permission_fields, 0, STRICT, NULL};

static const struct codec_field field_fields[] = {
	NAME(struct field_rule),
	LABELS(struct field_rule),
	WHEN(struct field_rule),
	FIELD(FLAG, struct field_rule, "required", required, 0),
	FIELD(FLAG, struct field_rule, "key", key, 0),
	FIELD(FLAG, struct field_rule, "own", own, 0),
	FIELD(TEXT, struct field_rule, "kind", kind, 0),
	CODEC_END,
};
static const struct codec field_codec = {"field", sizeof(struct field_rule), field_fields, 0, STRICT, NULL};

static const struct codec_field route_fields[] = {
	WHEN(struct route),
	FIELD(TEXT, struct route, "group", group, 0),
	FIELD(TEXT, struct route, "person", person, 0),
	FIELD(TEXTS, struct route, "departments", departments, 0),
	CODEC_END,
};
static const struct codec route_codec = {"route", sizeof(struct route), route_fields, 0, STRICT, NULL};

static const struct codec_field target_fields[] = {
	NAME(struct target),
	LABELS(struct target),
	WHEN(struct target),
	FIELD(FLAG, struct target, "none", none, 0),
	FIELD(TEXT, struct target, "from", from, 0),
	FIELD(TEXTS, struct target, "until", until, 0),
	FIELD(DURATION, struct target, "within", within, 0),
	FIELD(FLAG, struct target, "again", again, 0),
	FIELD(DURATION, struct target, "every", every, 0),
	FIELD(TEXT, struct target, "by", by, 0),
	FIELD(TEXT, struct target, "calendar", calendar, 0),
	FIELD(TEXTS, struct target, "pause", pause, 0),
	FIELD(TEXTS, struct target, "warn", warn, 0),
	FIELD(FLAG, struct target, "late_reason", late_reason, 0),
	CODEC_END,
};
static const struct codec target_codec = {"target", sizeof(struct target), target_fields, 0, STRICT, NULL};

static const struct codec_field step_fields[] = {
	NAME(struct ladder_step),
	FIELD(TEXTS, struct ladder_step, "targets", targets, CODEC_REQUIRED),
	WHEN(struct ladder_step),
	FIELD(TEXT, struct ladder_step, "offset", offset, CODEC_REQUIRED),
	FIELD(TEXTS, struct ladder_step, "notify", notify, 0),
	FIELD(TEXTS, struct ladder_step, "how", how, 0),
	FIELD(FLAG, struct ladder_step, "delayed", delayed, 0),
	FIELD(TEXT, struct ladder_step, "raise_to", raise_to, 0),
	FIELD(TEXT, struct ladder_step, "reassign", reassign, 0),
	FIELD(INT, struct ladder_step, "level", level, 0),
	FIELD(TEXT, struct ladder_step, "template", template, 0),
	CODEC_END,
};
static const struct codec step_codec = {"ladder step", sizeof(struct ladder_step), step_fields, 0, STRICT, NULL};

static const struct codec_field gate_fields[] = {
	FIELD(TEXT, struct gate, "event", event, CODEC_REQUIRED),
	WHEN(struct gate),
	FIELD(TEXTS, struct gate, "needs", needs, CODEC_REQUIRED),
	CODEC_END,
};
static const struct codec gate_codec = {"gate", sizeof(struct gate), gate_fields, 0, STRICT, NULL};

static const struct codec_field question_fields[] = {
	NAME(struct question),
	LABELS(struct question),
	CODEC_END,
};
static const struct codec question_codec = {"question", sizeof(struct question), question_fields, 0, STRICT, NULL};

static const struct codec_field survey_fields[] = {
	FIELD_SUB(LIST, struct survey_rule, "questions", questions, 0, &question_codec),
	FIELD(INT, struct survey_rule, "scale_min", scale_min, 0),
	FIELD(INT, struct survey_rule, "scale_max", scale_max, 0),
	FIELD_SUB(MAP, struct survey_rule, "words", words, 0, &pair_codec),
	FIELD(INT, struct survey_rule, "low", low, 0),
	FIELD(FLAG, struct survey_rule, "anonymous", anonymous, 0),
	FIELD(INT, struct survey_rule, "group", group, 0),
	FIELD(TEXT, struct survey_rule, "period", period, 0),
	FIELD(TEXT, struct survey_rule, "send", send, 0),
	FIELD(TEXT, struct survey_rule, "after", after, 0),
	FIELD(DURATION, struct survey_rule, "within", within, 0),
	FIELD(DURATION, struct survey_rule, "second", second, 0),
	FIELD(DURATION, struct survey_rule, "close", close, 0),
	FIELD(DURATION, struct survey_rule, "contact", contact, 0),
	CODEC_END,
};
static const struct codec survey_codec = {"survey", sizeof(struct survey_rule), survey_fields, 0, STRICT, NULL};

static const struct codec_field status_fields[] = {
	NAME(struct status),
	LABELS(struct status),
	FIELD(TEXTS, struct status, "states", states, 0),
	FIELD(TEXTS, struct status, "events", events, 0),
	WHEN(struct status),
	CODEC_END,
};
static const struct codec status_codec = {"status", sizeof(struct status), status_fields, 0, STRICT, NULL};

static const struct codec_field standard_fields[] = {
	NAME(struct standard),
	FIELD(TEXT, struct standard, "figure", figure, CODEC_REQUIRED),
	LABELS(struct standard),
	WHEN(struct standard),
	FIELD(TEXT, struct standard, "by", by, 0),
	FIELD(NUMBER, struct standard, "at_least", at_least, 0),
	FIELD(NUMBER, struct standard, "at_most", at_most, 0),
	FIELD(TEXT, struct standard, "unit", unit, CODEC_REQUIRED),
	CODEC_END,
};
static const struct codec standard_codec = {"standard", sizeof(struct standard), standard_fields, 0, STRICT, NULL};

static const struct codec_field alarm_fields[] = {
	NAME(struct alarm),
	FIELD(TEXT, struct alarm, "kind", kind, CODEC_REQUIRED),
	LABELS(struct alarm),
	WHEN(struct alarm),
	FIELD(TEXT, struct alarm, "by", by, 0),
	FIELD(INT, struct alarm, "count", count, 0),
	FIELD(DURATION, struct alarm, "window", window, 0),
	FIELD(TEXTS, struct alarm, "notify", notify, 0),
	FIELD(TEXTS, struct alarm, "how", how, 0),
	FIELD(TEXT, struct alarm, "template", template, 0),
	FIELD(INT, struct alarm, "level", level, 0),
	FIELD(TEXT, struct alarm, "then", then, 0),
	FIELD(DURATION, struct alarm, "after", after, 0),
	CODEC_END,
};
static const struct codec alarm_codec = {"alarm", sizeof(struct alarm), alarm_fields, 0, STRICT, NULL};

static const struct codec_field sample_fields[] = {
	NAME(struct sample),
	LABELS(struct sample),
	FIELD(TEXT, struct sample, "event", event, CODEC_REQUIRED),
	WHEN(struct sample),
	FIELD(NUMBER, struct sample, "share", share, 0),
	FIELD(TEXTS, struct sample, "by", by, 0),
	FIELD(TEXT, struct sample, "seed", seed, 0),
	CODEC_END,
};
static const struct codec sample_codec = {"sample", sizeof(struct sample), sample_fields, 0, STRICT, NULL};

static const struct codec_field inspection_fields[] = {
	FIELD_SUB(LIST, struct inspection_rule, "questions", questions, 0, &question_codec),
	FIELD(INT, struct inspection_rule, "scale_min", scale_min, 0),
	FIELD(INT, struct inspection_rule, "scale_max", scale_max, 0),
	CODEC_END,
};
static const struct codec inspection_codec = {"inspection", sizeof(struct inspection_rule), inspection_fields, 0, STRICT, NULL};

static const struct codec_field visit_fields[] = {
	NAME(struct visit_rule),
	LABELS(struct visit_rule),
	FIELD(TEXT, struct visit_rule, "channel", channel, CODEC_REQUIRED),
	FIELD(TEXT, struct visit_rule, "type", type, 0),
	FIELD(TEXT, struct visit_rule, "priority", priority, 0),
	FIELD_SUB(MAP, struct visit_rule, "subject", subject, 0, &pair_codec),
	WHEN(struct visit_rule),
	FIELD(DURATION, struct visit_rule, "every", every, CODEC_REQUIRED),
	CODEC_END,
};
static const struct codec visit_codec = {"visit", sizeof(struct visit_rule), visit_fields, 0, STRICT, NULL};

static const struct codec_field report_fields[] = {
	NAME(struct report_rule),
	LABELS(struct report_rule),
	FIELD(TEXT, struct report_rule, "report", report, 0),
	FIELD(TEXT, struct report_rule, "act", act, 0),
	FIELD(TEXT, struct report_rule, "period", period, CODEC_REQUIRED),
	FIELD(DURATION, struct report_rule, "within", within, 0),
	FIELD(TEXTS, struct report_rule, "notify", notify, 0),
	FIELD(TEXTS, struct report_rule, "how", how, 0),
	CODEC_END,
};
static const struct codec report_codec = {"report", sizeof(struct report_rule), report_fields, 0, STRICT, NULL};

static const struct codec_field action_step_fields[] = {
	NAME(struct action_step),
	LABELS(struct action_step),
	FIELD(TEXT, struct action_step, "from", from, 0),
	FIELD(TEXT, struct action_step, "offset", offset, CODEC_REQUIRED),
	FIELD(TEXTS, struct action_step, "notify", notify, CODEC_REQUIRED),
	FIELD(TEXTS, struct action_step, "how", how, 0),
	FIELD(TEXT, struct action_step, "template", template, 0),
	CODEC_END,
};
static const struct codec action_step_codec = {"step of actions", sizeof(struct action_step), action_step_fields, 0, STRICT, NULL};

static const struct codec_field notice_fields[] = {
	NAME(struct notice_rule),
	FIELD(TEXTS, struct notice_rule, "events", events, CODEC_REQUIRED),
	WHEN(struct notice_rule),
	FIELD(TEXTS, struct notice_rule, "notify", notify, CODEC_REQUIRED),
	FIELD(TEXTS, struct notice_rule, "how", how, 0),
	FIELD(TEXT, struct notice_rule, "template", template, 0),
	CODEC_END,
};
static const struct codec notice_codec = {"notice", sizeof(struct notice_rule), notice_fields, 0, STRICT, NULL};

static const struct codec_field template_fields[] = {
	NAME(struct template),
	FIELD_SUB(MAP, struct template, "subject", subject, 0, &pair_codec),
	FIELD_SUB(MAP, struct template, "body", body, CODEC_REQUIRED, &pair_codec),
	CODEC_END,
};
static const struct codec template_codec = {"template", sizeof(struct template), template_fields, 0, STRICT, NULL};

static const struct codec_field query_fields_[] = {
	NAME(struct saved_query),
	FIELD(TEXT, struct saved_query, "query", query, CODEC_REQUIRED),
	CODEC_END,
};
static const struct codec query_codec = {"query", sizeof(struct saved_query), query_fields_, 0, STRICT, NULL};

static const struct codec_field masking_fields[] = {
	FIELD(TEXT, struct masking, "names", names, 0),
	FIELD(TEXT, struct masking, "phones", phones, 0),
	FIELD(TEXT, struct masking, "emails", emails, 0),
	FIELD(TEXT, struct masking, "id_cards", id_cards, 0),
	FIELD(TEXT, struct masking, "bank_cards", bank_cards, 0),
	FIELD(TEXT, struct masking, "addresses", addresses, 0),
	FIELD(TEXT, struct masking, "with_consent", with_consent, 0),
	CODEC_END,
};
static const struct codec masking_codec = {"masking", sizeof(struct masking), masking_fields, 0, STRICT, NULL};

#define NUMBER_OFFSET(member) (offsetof(struct policy, number.member) - offsetof(struct policy, number))
static const struct codec_field number_fields[] = {
	{"format", CODEC_TEXT, NUMBER_OFFSET(format), CODEC_REQUIRED, NULL, NULL, NULL},
	{"former", CODEC_TEXTS, NUMBER_OFFSET(former), 0, NULL, NULL, NULL},
	CODEC_END,
};
static const struct codec number_codec = {"number", sizeof(((struct policy *)0)->number), number_fields, 0, STRICT, NULL};

#define ROWS(key, member, sub) FIELD_SUB(LIST, struct policy, key, member, CODEC_ROWS, sub)
static const struct codec_field policy_fields[] = {
	FIELD(INT, struct policy, "format", format, CODEC_REQUIRED),
	FIELD(TEXT, struct policy, "name", name, CODEC_REQUIRED | CODEC_NOEMPTY),
	FIELD_SUB(MAP, struct policy, "titles", titles, 0, &pair_codec),
	FIELD(TEXT, struct policy, "time_zone", time_zone, CODEC_REQUIRED | CODEC_NOEMPTY),
	FIELD(TEXT, struct policy, "language", language, 0),
	FIELD(TEXT, struct policy, "calendar", calendar, 0),
	FIELD_SUB(OBJECT, struct policy, "number", number, CODEC_REQUIRED, &number_codec),
	ROWS("people", people, &person_codec),
	ROWS("roles", roles, &role_codec),
	ROWS("groups", groups, &group_codec),
	ROWS("permissions", permissions, &permission_codec),
	FIELD_SUB(LIST, struct policy, "channels", channels, CODEC_ROWS | CODEC_REQUIRED, &choice_codec),
	ROWS("types", types, &choice_codec),
	ROWS("categories", categories, &choice_codec),
	ROWS("grades", grades, &choice_codec),
	ROWS("priorities", priorities, &choice_codec),
	ROWS("risks", risks, &choice_codec),
	ROWS("departments", departments, &choice_codec),
	ROWS("causes", causes, &choice_codec),
	ROWS("doings", doings, &choice_codec),
	FIELD(TEXT, struct policy, "default_priority", default_priority, CODEC_NOEMPTY),
	FIELD(TEXT, struct policy, "default_grade", default_grade, CODEC_NOEMPTY),
	FIELD(TEXT, struct policy, "default_risk", default_risk, CODEC_NOEMPTY),
	ROWS("fields", fields, &field_codec),
	FIELD_SUB(OBJECT, struct policy, "masking", masking, 0, &masking_codec),
	ROWS("routing", routing, &route_codec),
	ROWS("targets", targets, &target_codec),
	ROWS("ladder", ladder, &step_codec),
	ROWS("gates", gates, &gate_codec),
	FIELD_SUB(OBJECT, struct policy, "survey", survey, 0, &survey_codec),
	ROWS("statuses", statuses, &status_codec),
	ROWS("standards", standards, &standard_codec),
	ROWS("alarms", alarms, &alarm_codec),
	ROWS("samples", samples, &sample_codec),
	FIELD_SUB(OBJECT, struct policy, "inspection", inspection, 0, &inspection_codec),
	ROWS("visits", visits, &visit_codec),
	ROWS("reports", reports, &report_codec),
	ROWS("action_ladder", action_ladder, &action_step_codec),
	ROWS("notices", notices, &notice_codec),
	ROWS("templates", templates, &template_codec),
	ROWS("queries", queries, &query_codec),
	FIELD_SUB(MAP, struct policy, "words", words, 0, &pair_codec),
	FIELD(DURATION, struct policy, "clock_skew", clock_skew, 0),
	FIELD(INT, struct policy, "attachment_limit_bytes", attachment_limit_bytes, 0),
	CODEC_END,
};

static bool name_is_plain(const char *name)
{
	return *name && strlen(name) <= 64 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-.") == strlen(name) && *name != '-' && *name != '.';
}

static int check_choice(void *object, struct codec_reading *in, struct ticket_error *err)
{
	const struct choice *choice = object;

	if (!name_is_plain(choice->name))
		return codec_fail(in, "name", err, "'%.64s' is no name: use up to 64 of a-z, 0-9, '_', '-' and '.'; other text belongs in 'labels'", choice->name);
	if (choice->code && (strlen(choice->code) > 16 || !number_text_is_safe(choice->code, strlen(choice->code)) || *choice->code == '.' || *choice->code == '-'))
		return codec_fail(in, "code", err, "'%.64s' is no code: use up to 16 letters, digits, '-', '_' and '.'", choice->code);
	return 0;
}

/* What would make the desk unusable is refused at once; all else is the doctor's. */
static int check_policy(void *object, struct codec_reading *in, struct ticket_error *err)
{
	struct policy *policy = object;
	struct ticket_error inner = {0};

	if (number_check_format(policy->number.format, &inner))
		return codec_fail(in, "number.format", err, "%s", inner.message);
	for (size_t i = 0; i < policy->number.former.n; i++)
		if (number_check_format(policy->number.former.v[i], &inner))
			return codec_fail(in, "number.former", err, "%s", inner.message);
	if (policy->attachment_limit_bytes < 0)
		return codec_fail(in, "attachment_limit_bytes", err, "must not be negative");
	return 0;
}

const struct codec policy_codec = {"policy", sizeof(struct policy), policy_fields, 1, STRICT, check_policy};

/* Every run reads a policy, and none changes it: its texts and lists stay where the document has them. */
struct policy_view {
	struct policy policy;
	struct json_document doc;
};

int policy_read(struct policy **out, const char *text, size_t length, const char *origin, struct ticket_error *err)
{
	struct policy_view *view = xcalloc(1, sizeof(*view));
	int failed = codec_view(&policy_codec, &view->policy, &view->doc, text, length, origin, err);

	*out = NULL;
	if (failed)
		policy_free(&view->policy);
	else
		*out = &view->policy;
	return failed;
}

/* Another one when policy_read makes something else of the same text. */
#define PACKED_VERSION 1

void policy_pack(const struct policy *policy, struct buf *out)
{
	buf_putc(out, PACKED_VERSION);
	codec_pack(&policy_codec, policy, out);
}

bool policy_unpack(struct policy **out, const char *bytes, size_t n)
{
	struct policy_view *view = xcalloc(1, sizeof(*view));
	bool unpacked = n && *bytes == PACKED_VERSION && codec_unpack(&policy_codec, &view->policy, &view->doc, bytes + 1, n - 1);

	*out = NULL;
	if (unpacked)
		*out = &view->policy;
	else
		policy_free(&view->policy);
	return unpacked;
}

void policy_write(const struct policy *policy, struct buf *out)
{
	codec_write(&policy_codec, policy, out);
}

void policy_free(struct policy *policy)
{
	if (policy) {
		struct policy_view *view = (struct policy_view *)((char *)policy - offsetof(struct policy_view, policy));

		json_release(&view->doc);
		free(view);
	}
}
