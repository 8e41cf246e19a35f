/* SPDX-License-Identifier: MIT */
/* Reports that are sent by mail: through the outbox, as every notice. */
#include "report-mail.h"

#include "ticket/event.h"
#include "ticket/journal.h"
#include "ticket/notify.h"
#include "terminal.h"

static const struct format {
	const char *name, *ending, *type;
} formats[] = {
	{"table", "txt", "text/plain; charset=UTF-8"},
	{"md", "md", "text/markdown; charset=UTF-8"},
	{"csv", "csv", "text/csv; charset=UTF-8"},
	{"tsv", "tsv", "text/tab-separated-values; charset=UTF-8"},
	{"json", "json", "application/json"},
	{"jsonl", "jsonl", "application/jsonl"},
	{"html", "html", "text/html; charset=UTF-8"},
	{"xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{"openmetrics", "prom", "text/plain; charset=UTF-8"},
};

static const struct format *format_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (text_equal(formats[i].name, name))
			return &formats[i];
	return &formats[0];
}

static int fill_notice(struct notice *notice, const struct report *report, const struct format *format, bool rows, const struct buf *bytes, struct ticket_error *err)
{
	_cleanup_free_ char *stem = report_file_name(report), *name = xasprintf("%s%s.%s", stem, rows ? "-tickets" : "", format->ending);
	_cleanup_report_letter_ struct report_letter letter = {0};

	report_letter(report, name, &letter);
	notice->kind = NOTICE_REPORT;
	notice->way = xstrdup("email");
	notice->key = steal_ptr(letter.key);
	notice->subject = steal_ptr(letter.subject);
	notice->body = steal_ptr(letter.body);
	return notice_attach(notice, name, format->type, bytes->p ? bytes->p : "", bytes->n, err);
}

static void fill_entry(struct journal_entry *entry, struct desk *desk, const struct report *report, const struct format *format, bool whole, const struct texts *people)
{
	const struct zone *zone = desk_zone(desk);
	bool ended = report->period.from_s != INT64_MIN && report->period.until_s <= report->now_s;

	entry->act = xstrdup(whole && ended && desk_allows(desk, "report", NULL, NULL) == 0 ? "reported" : "sent");
	entry->subject = xstrdup(report->name);
	if (report->period.from_s != INT64_MIN)
		entry->from = stamp_at(zone, report->period.from_s);
	if (report->period.until_s != INT64_MAX)
		entry->until = stamp_at(zone, report->period.until_s);
	entry->text = texts_join(people, ", ");
	pairs_set(&entry->values, "how", "mail");
	pairs_set(&entry->values, "format", format->name);
}

/* First into the outbox, then into the journal: a kill between leaves one more to be asked for again, and that is the same mail. */
static int hand_in(struct call *call, const struct report *report, const struct format *format, bool whole, struct notice *notice, const struct texts *people, struct ticket_error *err)
{
	_cleanup_journal_entry_ struct journal_entry entry = {0};
	_cleanup_change_ struct change *change = NULL;
	int failed = change_begin(&change, call->desk, err);

	for (size_t i = 0; i < people->n && !failed && !call->dry_run; i++) {
		replace_text(&notice->to, people->v[i]);
		failed = outbox_put(call->desk, notice, err);
	}
	if (failed)
		return failed;
	fill_entry(&entry, call->desk, report, format, whole, people);
	if ((failed = change_journal(change, &entry, err)))
		return failed;
	change_subject(change, "report: %s by mail", report->name);
	return change_commit(change, call->dry_run, err);
}

int report_mail(struct call *call, const struct report *report, const char *format, const struct report_sending *sending, const struct buf *bytes, struct ticket_error *err)
{
	const struct format *as = format_named(format);
	_cleanup_(notice_release) struct notice notice = {0};
	_cleanup_(texts_release) struct texts people = {0};
	_cleanup_free_ char *names = NULL;
	int failed;

	if ((failed = notice_recipients(call->desk, sending->to, &people, err)) || (failed = fill_notice(&notice, report, as, sending->rows, bytes, err)) ||
	    (failed = hand_in(call, report, as, sending->whole, &notice, &people, err)))
		return failed;
	names = texts_join(&people, ", ");
	/* From cron not a word: what is delivered, `ticket notify` tells. */
	if (call->dry_run)
		call_say(call, "%s would go to %s", notice.file.name, names);
	else if (terminal_asks())
		call_say(call, "%s for %s is in the outbox; `ticket notify` delivers it", notice.file.name, names);
	return 0;
}
