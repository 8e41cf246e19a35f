/* SPDX-License-Identifier: MIT */
/* Notices of no ticket: that a report, a review or a backup is owed, or late (C15, C16, C18, C19). */
#include "deliver/notice.h"
#include "deliver/owed.h"
#include "desk/journal.h"
#include "ticket/duty.h"

struct owing_desk {
	struct desk *desk;
	int64_t since_s;
	owed_visitor *visit;
	void *data;
	struct texts known; /* ids of entries that were there before */
};

static const struct report_rule *find_rule(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->reports.n; i++)
		if (text_equal(policy->reports.v[i].name, name))
			return &policy->reports.v[i];
	return NULL;
}

/* --- what was delivered ------------------------------------------------------------------------------------------ */

struct telling_of {
	char id[NOTICE_EVENT_SIZE];
	bool told;
};

static int look_for(const struct journal_entry *entry, void *data, struct ticket_error *err)
{
	struct telling_of *of = data;

	of->told |= text_equal(pairs_get(&entry->values, "notice"), of->id);
	return 0;
}

bool owed_desk_is_notified(struct desk *desk, const struct notice *notice)
{
	struct telling_of of = {.told = false};

	notice_event(of.id, notice);
	journal_each(desk, "notified", look_for, &of, NULL);
	return of.told;
}

int owed_desk_notified(struct change *change, const struct notice *notice, struct ticket_error *err)
{
	char id[NOTICE_EVENT_SIZE];
	struct pair pairs[] = {{(char *)"notice", notice_event(id, notice)}, {(char *)"to", notice->to}, {(char *)"via", notice->way}};
	const struct journal_entry entry = {.at = notice->delivered, .act = (char *)"notified", .subject = notice->rule, .values = {pairs, ARRAY_SIZE(pairs)}};

	return owed_desk_is_notified(change->desk, notice) ? 0 : change_journal(change, &entry, err);
}

/* --- what is owed ------------------------------------------------------------------------------------------------ */

/* Whole sentences in the desk's language: what, of which period, by when, and what does it. */
static void write_notice(struct notice *notice, const struct desk *desk, const struct duty *duty, const struct journal_entry *entry)
{
	const struct policy *policy = desk->policy;
	const char *label = policy_label(policy, &duty->rule->labels, policy->language, duty->rule->name), *due = pairs_get(&entry->values, "due");
	_cleanup_free_ char *period = period_name(duty->rule->period, &duty->period, desk->zone), *command = duty_command(duty, desk->zone);
	bool late = text_equal(entry->act, "overdue"), zh = policy->language && text_starts(policy->language, "zh");
	_cleanup_free_ char *until = xstrndup(due ? due : "", 16);

	if (strchr(until, 'T'))
		*strchr(until, 'T') = ' ';
	if (zh) {
		notice->subject = xasprintf(late ? "%s（%s）已逾期" : "%s（%s）待完成", label, period);
		notice->body = xasprintf(late ? "%s（%s）应于 %s 前完成，尚无完成记录。\n完成命令：%s\n" : "%s（%s）请于 %s 前完成。\n完成命令：%s\n", label, period, until, command);
		return;
	}
	notice->subject = xasprintf(late ? "%s (%s) is overdue" : "%s (%s) is to be done", label, period);
	notice->body = xasprintf(late ? "%s (%s) was due by %s, and nothing on record says that it was done.\nIt is done with: %s\n"
				      : "%s (%s) is to be done by %s.\nIt is done with: %s\n",
				 label, period, until, command);
}

static int owe(const struct owing_desk *o, const struct duty *duty, const struct journal_entry *entry, const char *to, const char *way, struct ticket_error *err)
{
	struct notice notice = {.format = 1, .kind = (int)NOTICE_EVENT, .created = entry->recorded};
	char id[NOTICE_ID_SIZE];
	int failed;

	/* By what it is about and not by its entry: two copies of the desk that both swept tell it once. */
	notice.key = xasprintf("%s:%s:%lld", entry->act, duty->rule->name, (long long)duty->period.from_s);
	notice.rule = xstrdup(duty->rule->name);
	notice.to = xstrdup(to);
	notice.way = xstrdup(way);
	if (!duty->rule->how.n)
		texts_add(&notice.ways, way);
	for (size_t i = 0; i < duty->rule->how.n; i++)
		texts_add(&notice.ways, duty->rule->how.v[i]);
	notice.id = xstrdup(notice_identity(id, &notice));
	if (owed_desk_is_notified(o->desk, &notice)) { /* by another copy of the desk */
		notice_release(&notice);
		return 0;
	}
	write_notice(&notice, o->desk, duty, entry);
	failed = owed_quiet_hours(o->desk, &notice, err);
	if (!failed)
		return o->visit(&notice, o->data, err);
	notice_release(&notice);
	return failed;
}

static int owe_entry(const struct owing_desk *o, const struct journal_entry *entry, struct ticket_error *err)
{
	const struct report_rule *rule = find_rule(o->desk->policy, entry->subject);
	struct duty duty = {.rule = rule, .period = {entry->from.s, entry->until.s}};
	struct texts people = {0};
	int failed = 0;

	for (size_t i = 0; rule && i < rule->notify.n; i++)
		policy_recipients(o->desk->policy, NULL, rule->notify.v[i], &people);
	for (size_t i = 0; i < people.n && !failed; i++) {
		if (!rule->how.n)
			failed = owe(o, &duty, entry, people.v[i], "email", err);
		for (size_t w = 0; w < rule->how.n && !failed; w++)
			failed = owe(o, &duty, entry, people.v[i], rule->how.v[w], err);
	}
	texts_release(&people);
	return failed;
}

static bool is_told(const struct journal_entry *entry)
{
	return entry && (text_equal(entry->act, "owed") || text_equal(entry->act, "overdue"));
}

static int know_line(const struct journal_entry *entry, size_t number, const char *why, void *data, struct ticket_error *err)
{
	struct owing_desk *o = data;

	if (is_told(entry))
		texts_add(&o->known, entry->id);
	return 0;
}

static int owe_line(const struct journal_entry *entry, size_t number, const char *why, void *data, struct ticket_error *err)
{
	const struct owing_desk *o = data;

	/* A line that cannot be read is fsck's. */
	if (!is_told(entry) || entry->recorded.s < o->since_s || texts_have(&o->known, entry->id))
		return 0;
	return owe_entry(o, entry, err);
}

static int visit_month(const struct store_entry *file, void *data, struct ticket_error *err)
{
	struct owing_desk *o = data;
	_cleanup_buf_ struct buf before = {0}, now = {0};

	if (file->is_folder || file->is_link || oid_is_zero(&file->id) || !text_ends(file->name, ".jsonl") || store_read_blob(o->desk->store, &file->id, &now, NULL))
		return 0;
	texts_release(&o->known);
	if (!oid_is_zero(&file->old_id) && store_read_blob(o->desk->store, &file->old_id, &before, NULL) == 0)
		journal_lines(before.p, before.n, file->path, know_line, o, NULL);
	return journal_lines(now.p, now.n, file->path, owe_line, o, err);
}

int owed_by_desk(struct desk *desk, const struct oid *since, int64_t since_s, owed_visitor *visit, void *data, struct ticket_error *err)
{
	struct owing_desk o = {.desk = desk, .since_s = since_s, .visit = visit, .data = data};
	int failed = 0;

	if (desk->policy->reports.n)
		failed = store_changes(desk->store, since, &desk->head.tree, JOURNAL_FOLDER, visit_month, &o, err);
	texts_release(&o.known);
	return failed;
}
