/* SPDX-License-Identifier: MIT */
/* What stands in the mail that a report goes with: what it is about, and the figures one looks for first. */
#include "ticket/report.h"

#include "privacy/digest.h"
#include "ticket/text.h"

static bool in_chinese(const struct report *report)
{
	return text_equal(report->language, "zh");
}

static void add_date(struct buf *out, const struct report *report, int64_t at_s)
{
	struct stamp at = stamp_at(report->zone, at_s);
	char text[STAMP_SIZE];

	buf_addf(out, "-%.10s", stamp_format(text, &at));
}

char *report_file_name(const struct report *report)
{
	struct buf out = {0};

	buf_puts(&out, report->name);
	if (report->period.from_s != INT64_MIN)
		add_date(&out, report, report->period.from_s);
	if (report->period.until_s != INT64_MAX)
		add_date(&out, report, report->period.until_s - 1);
	return buf_steal(&out);
}

/* The same figures are the same letter, although the clock has gone on. */
static char *key_of(const struct report *report, const char *file)
{
	struct report timeless = *report;
	_cleanup_buf_ struct buf said = {0};
	char hex[DIGEST_HEX_SIZE];

	timeless.now_s = 0;
	report_json(&timeless, &said);
	buf_puts(&said, file);
	buf_puts(&said, report->language);
	return xasprintf("report:%s:%.32s", report->name, digest_hex(hex, said.p, said.n));
}

static void add_total(struct buf *out, const struct report *report, const struct report_row *row, bool before)
{
	_cleanup_free_ char *name = report_cell_shown(report, &row->cells[0]), *value = report_cell_shown(report, &row->cells[1]);
	_cleanup_free_ char *then = before && row->cells[2].known ? report_cell_shown(report, &row->cells[2]) : NULL;

	if (!row->cells[1].known)
		return;
	if (then)
		buf_addf(out, in_chinese(report) ? "%s：%s（上期 %s）\n" : "%s: %s (before: %s)\n", name, value, then);
	else
		buf_addf(out, in_chinese(report) ? "%s：%s\n" : "%s: %s\n", name, value);
}

static void add_totals(struct buf *out, const struct report *report)
{
	for (size_t i = 0; i < report->sections.n; i++) {
		const struct report_section *section = &report->sections.v[i];

		if (!text_equal(section->name, "totals"))
			continue;
		for (size_t r = 0; r < section->rows.n; r++)
			add_total(out, report, &section->rows.v[r], section->columns.n > 2);
		buf_putc(out, '\n');
	}
}

void report_letter(const struct report *report, const char *file, struct report_letter *out)
{
	_cleanup_free_ char *period = report_period_shown(report, &report->period);
	_cleanup_free_ char *now = report_cell_shown(report, &(struct report_cell){.kind = REPORT_TIME, .known = true, .value = (double)report->now_s});
	bool zh = in_chinese(report);
	struct buf body = {0};

	buf_addf(&body, "%s\n%s\n\n", report->title, report->desk);
	buf_addf(&body, zh ? "受理时间：%s\n" : "Received: %s\n", period);
	buf_addf(&body, zh ? "工单数：%zu\n" : "Tickets: %zu\n", report->counted);
	if (report->quarantined)
		buf_addf(&body, zh ? "另有 %zu 张已隔离，不计入。\n" : "Quarantined and left out: %zu\n", report->quarantined);
	buf_addf(&body, zh ? "截至 %s（%s）\n\n" : "As of %s (%s)\n\n", now, zone_name(report->zone));
	add_totals(&body, report);
	buf_addf(&body, zh ? "完整报告见附件 %s。\n" : "The whole report is attached as %s.\n", file);
	*out = (struct report_letter){
		.subject = xasprintf("%s · %s · %s", report->title, period, report->desk),
		.body = buf_steal(&body),
		.key = key_of(report, file),
	};
}

void report_letter_release(struct report_letter *letter)
{
	free(letter->subject);
	free(letter->body);
	free(letter->key);
	*letter = (struct report_letter){0};
}
