/* SPDX-License-Identifier: MIT */
/* audit of what a commit recorded: who signed it, when, and whether it was legal by the rules that were in force. */
#include "audit/audit.h"

#include "desk/change.h"
#include "flow/flow.h"
#include "model/event.h"
#include "model/ticket.h"

char *audit_label(const struct event *event)
{
	return xasprintf("%s %s", event_word((enum event_kind)event->kind), event->id);
}

/* --- by whom and when --------------------------------------------------------------------------------------------- */

static bool has_role(const struct policy *policy, const char *name, const char *role)
{
	const struct person *person = policy_person(policy, name);

	return person && texts_have(&person->roles, role);
}

/* Who is one of the desk's people commits under the address that its rules have for him. */
static bool has_address(const struct policy *policy, const struct store_commit *commit)
{
	const struct person *person = policy_person(policy, commit->author);

	return !person || !person->email || store_person_is(commit->author_email, person->email);
}

static void check_author(struct audit *audit, const char *path, const struct signature *signature)
{
	const struct store_commit *commit = &audit->commit.record.commit;

	if (!store_person_is(commit->author, signature->by))
		report(audit, path, "'%s' is signed by '%s', but '%s' committed it", signature->label, signature->by, commit->author);
	else if (audit->desk.policy && !has_address(audit->desk.policy, commit))
		report(audit, path, "'%s' is signed by '%s', but was committed from another address: %s", signature->label, signature->by, commit->author_email);
	if (signature->role && audit->desk.policy && !has_role(audit->desk.policy, signature->by, signature->role))
		report(audit, path, "'%s' is signed by '%s' as '%s', which the rules did not make him", signature->label, signature->by, signature->role);
}

void audit_signature(struct audit *audit, const char *path, const struct signature *signature)
{
	const struct judged *commit = &audit->commit;
	int64_t off_s = signature->recorded.s - commit->made.s;
	char recorded[STAMP_SIZE], made[STAMP_SIZE], at[STAMP_SIZE];

	/* Another desk's clock was ahead of the author's: what he records bears the time of what stands there already. */
	if (off_s > commit->skew_s && signature->ahead && signature->ahead->s == signature->recorded.s)
		off_s = 0;
	stamp_format(recorded, &signature->recorded);
	/* What an import brings was signed elsewhere, and recorded then. */
	if (!commit->message.imports)
		check_author(audit, path, signature);
	if (off_s > commit->skew_s || (off_s < -commit->skew_s && !commit->message.imports))
		report(audit, path, "'%s' says that it was recorded at %s, but it was committed at %s; clocks may differ by %s (clock_skew)", signature->label, recorded, stamp_format(made, &commit->made), commit->skew);
	if (signature->at.s > signature->recorded.s + commit->skew_s)
		report(audit, path, "'%s' says that it happened at %s, but it was recorded at %s; clocks may differ by %s (clock_skew)", signature->label, stamp_format(at, &signature->at), recorded, commit->skew);
}

bool audit_compare(struct audit *audit, const char *path, const struct codec *codec, const char *label, const void *was, const void *is)
{
	size_t told = 0;

	if (codec_equal(codec, was, is))
		return false;
	for (const struct codec_field *field = codec->fields; field->key; field++) {
		_cleanup_free_ char *before = codec_member_text(field, was), *after = codec_member_text(field, is);

		if (text_equal(before, after))
			continue;
		report(audit, path, "'%s' was changed: %s was '%s', is '%s'", label, field->key, before, after);
		told++;
	}
	if (!told)
		report(audit, path, "'%s' was changed in members that this version does not know", label);
	return true;
}

/* --- what only some may do ---------------------------------------------------------------------------------------- */

/* An import tells what is in other words now: "events[ID].text". */
static bool is_reworded(const struct ticket *ticket, const char *field)
{
	const char *end = text_starts(field, "events[") ? strchr(field, ']') : NULL;
	_cleanup_free_ char *id = end ? xstrndup(field + 7, (size_t)(end - field - 7)) : NULL;

	for (size_t i = 0; i < ticket->events.n && id; i++)
		if (text_equal(ticket->events.v[i].id, id))
			return true;
	return false;
}

/* What was masked on its way in is not what stood there. */
static bool may_have_been(const char *said, const char *was)
{
	return text_equal(said, was) || strchr(said, '*');
}

static void check_corrections(struct audit *audit, const char *path, const struct ticket *ticket, const struct event *event, const char *label)
{
	bool imports = audit->commit.message.imports;

	for (size_t i = 0; i < event->changes.n; i++) {
		const struct change_of *change = &event->changes.v[i];
		_cleanup_free_ char *was = NULL;

		if (imports && is_reworded(ticket, change->field))
			continue;
		if (!audit->desk.policy || !correction_may_name(audit->desk.policy, change->field)) {
			report(audit, path, "'%s' corrects %s, which cannot be corrected", label, change->field);
			continue;
		}
		was = correction_value(ticket, change->field);
		if (!imports && !may_have_been(change->old ? change->old : "", was))
			report(audit, path, "'%s' says that %s was '%s', but it was '%s'", label, change->field, change->old ? change->old : "", was);
	}
}

/* A ticket is moved to the rules that the desk has with this commit, and to no others. */
static void check_rules(struct audit *audit, const char *path, const struct ticket *ticket, const struct event *event, const char *label)
{
	const struct judged *commit = &audit->commit;
	struct ticket_error why = {0};
	char rules[OID_HEX_SIZE];

	if (commit->message.imports)
		return;
	oid_hex(rules, &commit->self.policy);
	if (!text_equal(event->new, rules))
		report(audit, path, "'%s' moves it to the rules '%s', but those of the desk are '%s'", label, event->new ? event->new : "", rules);
	if (!text_equal(event->old, ticket->policy))
		report(audit, path, "'%s' says that %s was '%s', but it was '%s'", label, "policy", event->old ? event->old : "", ticket->policy ? ticket->policy : "");
	if (audit->desk.policy && desk_allows(&audit->desk, "policy", NULL, &why))
		report(audit, path, "'%s' could not be recorded: %s", label, why.message);
}

static void check_files(struct audit *audit, const char *path, const struct event *event, const char *label)
{
	for (size_t i = 0; i < event->files.n; i++) {
		_cleanup_free_ char *file = xasprintf("attachments/%.2s/%s", event->files.v[i].digest, event->files.v[i].digest);
		struct oid id;

		if (store_find(audit->desk.store, &audit->commit.self.tree, file, &id, NULL, NULL))
			report(audit, path, "'%s' names the file '%s', but %s is not there", label, event->files.v[i].name, file);
	}
}

/* --- was it legal? ------------------------------------------------------------------------------------------------ */

/*
 * An answer without a name went into the ballot box after it was found legal, and what it said is on no record: whatever
 * was asked of it is taken to have been there.
 */
static void restore_ballot(struct event *event, const struct policy *policy)
{
	char least[24];

	if (event->kind != EVENT_SURVEY || !text_equal(event->step, "answered") || !policy->survey.anonymous || event->contact || event->scores.n)
		return;
	snprintf(least, sizeof(least), "%lld", (long long)policy->survey.scale_min);
	for (size_t i = 0; i < policy->survey.questions.n; i++)
		pairs_set(&event->scores, policy->survey.questions.v[i].name, least);
	if (!event->text)
		event->text = xstrdup("…");
}

static void check_legal(struct audit *audit, const char *path, struct ticket *ticket, const struct event *event, const char *label, bool *stale)
{
	enum flow_mode mode = audit->commit.message.imports ? FLOW_PAST : FLOW_LIVE;
	struct ticket_error why = {0};
	struct event asked = {0};

	/* Reasons for coming late are asked by the clocks as they stood at that moment. */
	if (mode == FLOW_LIVE && !event->automatic && *stale && (ticket->policy || audit->desk.current) && !desk_update_clocks(&audit->desk, ticket, NULL))
		*stale = false;
	event_copy(&asked, event);
	restore_ballot(&asked, audit->desk.policy);
	if (flow_check(ticket, audit->desk.policy, &asked, mode, &why))
		report(audit, path, "'%s' could not be recorded: %s", label, why.message);
	event_release(&asked);
}

static void check_event(struct audit *audit, const char *path, struct ticket *ticket, const struct event *event, bool bent, bool *stale)
{
	_cleanup_free_ char *label = audit_label(event);
	const struct stamp *ahead = ticket->events.n ? &ticket->events.v[ticket->events.n - 1].recorded : NULL;
	const struct signature signature = {label, event->by, event->role, event->at, event->recorded, ahead};

	for (size_t i = 0; i < ticket->events.n; i++)
		if (text_equal(ticket->events.v[i].id, event->id))
			report(audit, path, "the event %s is there twice", event->id);
	audit_signature(audit, path, &signature);
	if (event->automatic && !bent && !audit->commit.message.imports && audit->desk.policy && !audit_is_by_rule(audit, ticket, event))
		report(audit, path, "'%s' says that a rule recorded it, but there is none that had to", label);
	if (event->kind == EVENT_CORRECTED && !bent)
		check_corrections(audit, path, ticket, event, label);
	if (event->kind == EVENT_RETARGETED)
		check_rules(audit, path, ticket, event, label);
	if (event->kind == EVENT_RENUMBERED && !audit->commit.message.imports)
		report(audit, path, "'%s' could not be recorded: only ticket sync gives a ticket another number, where it merges two desks", label);
	check_files(audit, path, event, label);
	if (!bent && audit->desk.policy)
		check_legal(audit, path, ticket, event, label, stale);
	audit->commit.appends = true;
	audit->commit.on_time |= (event->at.s < 0 ? 0 : event->at.s) == audit->commit.record.commit.authored_s;
}

void audit_event(struct audit *audit, const char *path, struct ticket *ticket, const struct event *event, bool bent, bool *stale)
{
	struct event *kept;

	check_event(audit, path, ticket, event, bent, stale);
	kept = list_push(&ticket->events);
	event_copy(kept, event);
	flow_fold(ticket, audit->desk.policy, kept);
	*stale = true;
}

/* --- and what the message says of it ------------------------------------------------------------------------------ */

static void compare_said(struct audit *audit, const char *path, const struct texts *recorded, const struct texts *said)
{
	for (size_t i = 0; i < recorded->n; i++)
		if (!texts_have(said, recorded->v[i]))
			report(audit, path, "the message of the commit does not tell of '%s'", recorded->v[i]);
	for (size_t i = 0; i < said->n; i++)
		if (!texts_have(recorded, said->v[i]))
			report(audit, path, "the message of the commit tells of '%s', which it did not record", said->v[i]);
}

void audit_said(struct audit *audit, const char *path, const struct ticket *ticket, const bool *own)
{
	struct judged *commit = &audit->commit;
	const struct message *message = &commit->message;
	struct said *said = message_of(message, ticket->id);
	struct texts recorded = {0};

	for (size_t i = 0; i < ticket->events.n; i++)
		if (own[i])
			*list_push(&recorded) = audit_label(&ticket->events.v[i]);
	commit->tickets_recorded += recorded.n > 0;
	if (said) {
		said->done = true;
		compare_said(audit, path, &recorded, &said->events);
	} else if (commit->parents.n < 2 && message->names && !message->counts && recorded.n) {
		report(audit, path, "the message of the commit does not name this ticket");
	}
	texts_release(&recorded);
}

void audit_message(struct audit *audit)
{
	const struct judged *commit = &audit->commit;
	const struct message *message = &commit->message;
	size_t changed = commit->tickets_recorded > commit->tickets_new ? commit->tickets_recorded - commit->tickets_new : 0;

	if (commit->parents.n > 1 || !message->names)
		return;
	for (size_t i = 0; i < message->said.n; i++)
		if (!message->said.v[i].done)
			report(audit, "", "the message names ticket '%s', to which nothing was done", message->said.v[i].number);
	if (message->counts && message->tickets != commit->tickets_recorded)
		report(audit, "", "the message tells of %zu tickets, but %zu were changed", message->tickets, commit->tickets_recorded);
	if (message->imports && (message->imports_new != commit->tickets_new || message->imports_changed != changed))
		report(audit, "", "the message tells of %zu new and %zu changed tickets, but there are %zu and %zu", message->imports_new, message->imports_changed, commit->tickets_new, changed);
	if (commit->appends && !commit->on_time)
		report(audit, "", "says that it happened at another time than any of its events");
}
