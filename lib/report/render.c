/* SPDX-License-Identifier: MIT */
/* Cells and reports as data and as text: nothing here computes a figure. */
#include "ticket/report.h"

#include <math.h>

#include "model/json.h"

static char *time_text(const struct report *report, double at_s)
{
	char text[STAMP_SIZE];
	struct stamp at = stamp_at(report->zone, (int64_t)at_s);

	return xstrdup(stamp_format(text, &at));
}

char *report_cell_data(const struct report *report, const struct report_cell *cell)
{
	if (!cell->known)
		return xstrdup("");
	if (cell->kind == REPORT_TEXT)
		return xstrdup(cell->text);
	if (cell->kind == REPORT_TIME)
		return time_text(report, cell->value);
	if (cell->kind == REPORT_COUNT)
		return xasprintf("%.0f", cell->value);
	return xasprintf("%.10g", cell->value);
}

/* The two largest units that say something: "3d 4h", "12m 5s". */
static char *length_text(bool zh, double seconds)
{
	static const struct {
		double seconds;
		const char *en, *zh;
	} units[] = {{86400, "d", "天"}, {3600, "h", "小时"}, {60, "m", "分"}, {1, "s", "秒"}};
	double left = round(fabs(seconds));
	_cleanup_buf_ struct buf b = {0};
	int said = 0;

	/* Seconds are noise beside hours, and are rounded away before the units are taken. */
	left = left >= 86400 ? round(left / 3600) * 3600 : left >= 3600 ? round(left / 60) * 60 : left;
	for (size_t i = 0; i < ARRAY_SIZE(units) && said < 2; i++) {
		double n = floor(left / units[i].seconds);

		left -= n * units[i].seconds;
		if (n > 0)
			buf_addf(&b, "%s%.0f%s", said && !zh ? " " : "", n, zh ? units[i].zh : units[i].en);
		said += said || n > 0;
	}
	if (!b.n)
		buf_puts(&b, zh ? "0秒" : "0s");
	return xasprintf("%s%s", seconds < 0 ? "-" : "", b.p);
}

char *report_cell_shown(const struct report *report, const struct report_cell *cell)
{
	_cleanup_free_ char *text = NULL;

	if (!cell->known)
		return xstrdup(cell->kind == REPORT_TEXT ? "" : "–");
	switch (cell->kind) {
	case REPORT_TEXT:
		return xstrdup(cell->label ? cell->label : cell->text);
	case REPORT_TIME:
		text = time_text(report, cell->value);
		return xasprintf("%.10s %.5s", text, text + 11);
	case REPORT_SHARE:
		return xasprintf("%.1f %%", cell->value * 100);
	case REPORT_LENGTH:
		return length_text(text_equal(report->language, "zh"), cell->value);
	case REPORT_SCORE:
		return xasprintf("%.2f", cell->value);
	case REPORT_COUNT:
		return xasprintf("%.0f", cell->value);
	default:
		return xasprintf("%.4g", cell->value);
	}
}

/* A bound of a period: a date alone when it is midnight; the end as the last day within. */
static void add_bound(struct buf *b, const struct report *report, int64_t at_s, bool end)
{
	char text[STAMP_SIZE];
	bool midnight = ((zone_wall(report->zone, at_s) % 86400) + 86400) % 86400 == 0;
	struct stamp at = stamp_at(report->zone, end && midnight ? at_s - 1 : at_s);

	stamp_format(text, &at);
	buf_addf(b, "%.10s", text);
	if (!midnight)
		buf_addf(b, " %.5s", text + 11);
}

char *report_period_shown(const struct report *report, const struct range *period)
{
	struct buf b = {0};
	bool zh = text_equal(report->language, "zh"), from = period->from_s != INT64_MIN, until = period->until_s != INT64_MAX;

	if (!from && !until)
		return xstrdup(zh ? "全部" : "all tickets");
	if (from)
		add_bound(&b, report, period->from_s, false);
	buf_puts(&b, from && until ? " – " : from ? (zh ? " 起" : " and later") : zh ? "截至 " : "until ");
	if (until)
		add_bound(&b, report, period->until_s, true);
	return buf_steal(&b);
}

/* --- json ------------------------------------------------------------------------------------------------------ */

static const char *const kind_words[] = {"text", "count", "share", "seconds", "time", "score", "number"};

static void add_cell(struct buf *out, const struct report *report, const struct report_cell *cell)
{
	_cleanup_free_ char *data = report_cell_data(report, cell);

	if (!cell->known)
		buf_puts(out, "null");
	else if (cell->kind == REPORT_TEXT || cell->kind == REPORT_TIME)
		json_quote(out, data);
	else
		buf_puts(out, data);
}

static void add_row(struct buf *out, const struct report *report, const struct report_section *section, const struct report_row *row)
{
	for (size_t c = 0; c < section->columns.n; c++) {
		buf_puts(out, c ? "," : "");
		json_quote(out, section->columns.v[c].name);
		buf_putc(out, ':');
		add_cell(out, report, &row->cells[c]);
	}
}

static void add_period(struct buf *out, const struct report *report, const struct range *period)
{
	_cleanup_free_ char *from = period->from_s == INT64_MIN ? NULL : time_text(report, (double)period->from_s);
	_cleanup_free_ char *until = period->until_s == INT64_MAX ? NULL : time_text(report, (double)period->until_s);

	buf_addf(out, "{\"since\":%s%s%s,\"until\":%s%s%s}", from ? "\"" : "", from ? from : "null", from ? "\"" : "", until ? "\"" : "", until ? until : "null",
		 until ? "\"" : "");
}

static void add_section(struct buf *out, const struct report *report, const struct report_section *section)
{
	buf_puts(out, "{\"name\":");
	json_quote(out, section->name);
	buf_puts(out, ",\"title\":");
	json_quote(out, section->title);
	buf_puts(out, ",\"columns\":[");
	for (size_t c = 0; c < section->columns.n; c++) {
		buf_addf(out, "%s{\"name\":\"%s\",\"kind\":\"%s\",\"title\":", c ? "," : "", section->columns.v[c].name, kind_words[section->columns.v[c].kind]);
		json_quote(out, section->columns.v[c].title);
		buf_putc(out, '}');
	}
	buf_puts(out, "],\"rows\":[");
	for (size_t r = 0; r < section->rows.n; r++) {
		buf_puts(out, r ? ",\n{" : "\n{");
		add_row(out, report, section, &section->rows.v[r]);
		buf_putc(out, '}');
	}
	buf_puts(out, "],\"notes\":[");
	for (size_t i = 0; i < section->notes.n; i++) {
		buf_puts(out, i ? "," : "");
		json_quote(out, section->notes.v[i]);
	}
	buf_puts(out, "]}");
}

void report_json(const struct report *report, struct buf *out)
{
	_cleanup_free_ char *now = time_text(report, (double)report->now_s);

	buf_addf(out, "{\"format\":1,\"report\":{\"name\":\"%s\",\"title\":", report->name);
	json_quote(out, report->title);
	buf_puts(out, ",\"desk\":");
	json_quote(out, report->desk);
	buf_puts(out, ",\"period\":");
	add_period(out, report, &report->period);
	if (report->before.until_s > report->before.from_s) {
		buf_puts(out, ",\"before\":");
		add_period(out, report, &report->before);
	}
	buf_addf(out, ",\"as_of\":\"%s\",\"tickets\":%zu,\"quarantined\":%zu,\"sections\":[", now, report->counted, report->quarantined);
	for (size_t i = 0; i < report->sections.n; i++) {
		buf_puts(out, i ? ",\n" : "\n");
		add_section(out, report, &report->sections.v[i]);
	}
	buf_puts(out, "\n]}}\n");
}

void report_jsonl(const struct report *report, struct buf *out)
{
	for (size_t i = 0; i < report->sections.n; i++)
		for (size_t r = 0; r < report->sections.v[i].rows.n; r++) {
			buf_puts(out, "{\"section\":");
			json_quote(out, report->sections.v[i].name);
			buf_putc(out, ',');
			add_row(out, report, &report->sections.v[i], &report->sections.v[i].rows.v[r]);
			buf_puts(out, "}\n");
		}
}
