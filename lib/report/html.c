/* SPDX-License-Identifier: MIT */
/* A report as one HTML file: no script, nothing fetched, light and dark, for screen, phone and paper. */
#include "report/html.h"

#include "ticket/text.h"

static const char style[] =
	":root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b2330;--soft:#566072;--line:#dde2ea;--zebra:#f3f5f8;--a:#2563a8;--b:#b3392f;--c:#8a93a3;--good:#1c7a43;--bad:#b3261e}\n"
	"@media(prefers-color-scheme:dark){:root{--page:#11151c;--card:#1a202a;--ink:#e6eaf0;--soft:#a3adbd;--line:#323b4a;--zebra:#202733;--a:#6aa5e8;--b:#ef8a80;--c:#7d8798;--good:#67c98c;--bad:#ff8a80}}\n"
	"*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"Noto Sans CJK SC\",\"PingFang SC\",\"Microsoft YaHei\",sans-serif}\n"
	"main,header,footer{max-width:72rem;margin:0 auto;padding:0 1rem}header{padding-top:1.75rem}h1{font-size:1.7rem;line-height:1.2;margin:.1rem 0 .35rem}h2{font-size:1.12rem;margin:0 0 .7rem}\n"
	".desk,.meta,footer,.note{color:var(--soft)}.desk{margin:0;font-weight:600}.meta{margin:0 0 1rem}.meta span{display:inline-block;margin-right:1.2rem}footer{padding:.5rem 1rem 2rem;font-size:.85rem}\n"
	"nav{margin:0 0 1rem;display:flex;flex-wrap:wrap;gap:.15rem 1rem}a{color:var(--a)}section{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem;margin:0 0 1rem}\n"
	".tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(7.6rem,1fr));gap:.6rem;margin:0 0 1rem;padding:0;list-style:none}.tiles li{background:var(--zebra);border-radius:.5rem;padding:.6rem .75rem}\n"
	".tiles b{display:block;font-size:1.25rem;line-height:1.25;font-variant-numeric:tabular-nums}.tiles span,.tiles small{color:var(--soft);font-size:.82rem;display:block}\n"
	".scroll{overflow-x:auto}tbody tr{background:var(--card)}.scroll tbody th{position:sticky;left:0;background:inherit}table{border-collapse:collapse;width:100%;font-size:.88rem}th,td{padding:.35rem .5rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;overflow-wrap:break-word}\n"
	"thead th{color:var(--soft);font-weight:600;vertical-align:bottom}tbody tr:nth-child(even){background:var(--zebra)}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td.n{white-space:nowrap}\n"
	"thead th{word-break:keep-all}td.k{white-space:nowrap}td.t{min-width:7rem;max-width:22rem}td.s{white-space:nowrap}td.l{min-width:15rem;max-width:26rem}tbody th{font-weight:500;min-width:8rem}.met,.in_time{color:var(--good);font-weight:600}.not_met,.late{color:var(--bad);font-weight:600}\n"
	"summary{cursor:pointer;color:var(--a);padding:.35rem 0}svg{display:block;width:100%;height:auto;max-width:34rem;margin:0 0 .5rem}svg text{font-size:12px;fill:var(--ink)}svg .soft{fill:var(--soft)}svg .head{font-weight:600}\n"
	"svg .grid{stroke:var(--line);stroke-width:1}.fa{fill:var(--a)}.fb{fill:var(--b)}.fc{fill:var(--c)}.la{stroke:var(--a)}.lb{stroke:var(--b)}svg .la,svg .lb{fill:none;stroke-width:2}svg .lb{stroke-dasharray:5 3}\n"
	".key{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.85rem;margin:0 0 .4rem;color:var(--soft)}.key i{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.4em}\n"
	".key .fa{background:var(--a)}.key .fb{background:var(--b)}.key .fc{background:var(--c)}.f0{fill:var(--zebra)}.key .f0{background:var(--zebra);border:1px solid var(--line)}.note{font-size:.88rem;margin:.5rem 0 0}\n"
	"@media(min-width:64rem){main{display:grid;grid-template-columns:1fr 1fr;column-gap:1rem}section{grid-column:1/-1;min-width:0}section.half{grid-column:auto}}.few{width:auto;min-width:min(100%,26rem)}\n"
	"@media(max-width:30rem){main,header{padding:0 .6rem}section{padding:.8rem .75rem}svg text{font-size:14.5px}.tiles{gap:.45rem}}.wide main,.wide header,.wide footer{max-width:100rem}@page wide{size:landscape}\n"
	"@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--zebra:#f4f4f4;--a:#2563a8;--b:#b3392f;--c:#8a93a3;--good:#1c7a43;--bad:#b3261e}nav,summary{display:none}main{display:block}\n"
	"body{font-size:10pt}section{border:0;padding:0;break-inside:auto}h2,svg,tr,.tiles li{break-inside:avoid}h2,.key{break-after:avoid}.scroll{overflow:visible}table{font-size:8pt}thead{display:table-header-group}\n"
	".key i,rect,.tiles li,tr{print-color-adjust:exact;-webkit-print-color-adjust:exact}.wide{page:wide}.wide table{font-size:6.5pt}.wide td,.wide th{padding:.2rem .25rem;min-width:0}.wide td.t,.wide td.s,.wide td.l{min-width:3.4em;white-space:normal;overflow-wrap:anywhere}.scroll tbody th{position:static}.wide td.k{white-space:normal;word-break:keep-all}.wide tbody th{white-space:nowrap}}\n";

void html_text(struct buf *out, const char *text)
{
	_cleanup_buf_ struct buf safe = {0};

	text_show(&safe, text, strlen(text), true);
	for (const char *p = safe.p ? safe.p : ""; *p; p++) {
		switch (*p) {
		case '&':
			buf_puts(out, "&amp;");
			break;
		case '<':
			buf_puts(out, "&lt;");
			break;
		case '>':
			buf_puts(out, "&gt;");
			break;
		case '"':
			buf_puts(out, "&quot;");
			break;
		case '\'':
			buf_puts(out, "&#39;");
			break;
		default:
			buf_putc(out, *p);
		}
	}
}

static const char *in(const struct report *report, const char *en, const char *zh)
{
	return text_equal(report->language, "zh") ? zh : en;
}

/* A long story is told in its ticket; here its beginning is enough. */
#define LONGEST 400
static void add_shown(struct buf *out, const struct report *report, const struct report_cell *cell)
{
	_cleanup_free_ char *shown = report_cell_shown(report, cell);
	size_t n = strlen(shown), fit = text_fit(shown, n, LONGEST, NULL);

	shown[fit] = '\0';
	html_text(out, shown);
	if (fit < n)
		buf_puts(out, "…");
}

static bool is_number(enum report_kind kind)
{
	return kind != REPORT_TEXT && kind != REPORT_TIME;
}

static void add_cell(struct buf *out, const struct report *report, const struct report_section *section, const struct report_cell *cell, size_t column, const char *words)
{
	const char *name = section->columns.v[column].name;

	if (column == 0)
		buf_puts(out, "<th scope=\"row\">");
	else if (text_equal(name, "verdict") && cell->known)
		buf_addf(out, "<td class=\"k %s\">", cell->text);
	else
		buf_addf(out, "<td class=\"%s\">", is_number(cell->kind) ? "n" : cell->kind == REPORT_TIME ? "k" : words);
	if (column == 3 && text_equal(section->name, "totals") && cell->known && cell->value > 0)
		buf_putc(out, '+');
	add_shown(out, report, cell);
	buf_puts(out, column ? "</td>" : "</th>");
}

/* How much room the words of a column need: few, some, or stories. */
static const char *room_for(const struct report *report, const struct report_section *section, size_t column)
{
	size_t widest = 0;

	for (size_t r = 0; r < section->rows.n; r++) {
		const struct report_cell *cell = &section->rows.v[r].cells[column];
		_cleanup_free_ char *shown = cell->kind == REPORT_TEXT ? report_cell_shown(report, cell) : NULL;
		size_t width = shown ? text_width(shown, strlen(shown)) : 0;

		widest = width > widest ? width : widest;
	}
	return widest <= 12 ? "s" : widest <= 40 ? "t" : "l";
}

static void add_table(struct buf *out, const struct report *report, const struct report_section *section)
{
	const char **room = xcalloc(section->columns.n, sizeof(*room));

	buf_addf(out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"%s-title\"><table%s><thead><tr>", section->name,
		 section->columns.n < 3 ? " class=\"few\"" : "");
	for (size_t c = 0; c < section->columns.n; c++) {
		buf_addf(out, "<th scope=\"col\"%s>", is_number(section->columns.v[c].kind) ? " class=\"n\"" : "");
		html_text(out, section->columns.v[c].title);
		buf_puts(out, "</th>");
	}
	buf_puts(out, "</tr></thead><tbody>\n");
	for (size_t c = 0; c < section->columns.n; c++)
		room[c] = room_for(report, section, c);
	for (size_t r = 0; r < section->rows.n; r++) {
		buf_puts(out, "<tr>");
		for (size_t c = 0; c < section->columns.n; c++)
			add_cell(out, report, section, &section->rows.v[r].cells[c], c, room[c]);
		buf_puts(out, "</tr>\n");
	}
	free(room);
	buf_puts(out, "</tbody></table></div>\n");
}

/* The totals, large: what one looks for first. */
static void add_tiles(struct buf *out, const struct report *report, const struct report_section *section)
{
	buf_puts(out, "<ul class=\"tiles\">\n");
	for (size_t r = 0; r < section->rows.n; r++) {
		const struct report_cell *cells = section->rows.v[r].cells;

		if (!cells[1].known)
			continue;
		buf_puts(out, "<li><span>");
		add_shown(out, report, &cells[0]);
		buf_puts(out, "</span><b>");
		add_shown(out, report, &cells[1]);
		buf_puts(out, "</b>");
		if (section->columns.n > 2 && cells[2].known) {
			buf_addf(out, "<small>%s ", in(report, "before", "上期"));
			add_shown(out, report, &cells[2]);
			buf_puts(out, "</small>");
		}
		buf_puts(out, "</li>\n");
	}
	buf_puts(out, "</ul>\n");
}

/* Told by its tiles or its chart; the table is there for whoever opens it. */
static bool is_folded(const struct report_section *section)
{
	return text_equal(section->name, "totals") || (section->chart == CHART_LINE && section->rows.n > 12) || section->chart == CHART_HEAT;
}

/* More than so many columns of words and times are a page on its side. */
#define MOST_WORDS 6
#define MOST_HALF 6
static bool is_wide(const struct report_section *section)
{
	size_t words = 0;

	for (size_t c = 0; c < section->columns.n; c++)
		words += !is_number(section->columns.v[c].kind);
	return words > MOST_WORDS;
}

/* Does it need no more than half of a wide screen? */
static bool is_small(const struct report_section *section)
{
	bool numbers = section->columns.n <= MOST_HALF;

	for (size_t c = 1; c < section->columns.n; c++)
		numbers = numbers && is_number(section->columns.v[c].kind);
	return !text_equal(section->name, "totals") && (is_folded(section) || numbers);
}

/* Two that follow one another and are small stand side by side. */
static bool is_half(const struct report *report, size_t i)
{
	size_t first = i, small = 0;

	while (first > 0 && is_small(&report->sections.v[first - 1]))
		first--;
	while (first + small < report->sections.n && is_small(&report->sections.v[first + small]))
		small++;
	return small > 1 && (i - first < small - small % 2);
}

static void add_section(struct buf *out, const struct report *report, size_t at)
{
	const struct report_section *section = &report->sections.v[at];
	bool tiles = text_equal(section->name, "totals"), folded = is_folded(section);
	const char *class = is_wide(section) ? " class=\"wide\"" : is_small(section) && is_half(report, at) ? " class=\"half\"" : "";

	buf_addf(out, "<section id=\"%s\"%s><h2 id=\"%s-title\">", section->name, class, section->name);
	html_text(out, section->title);
	buf_puts(out, "</h2>\n");
	if (tiles)
		add_tiles(out, report, section);
	html_chart(out, report, section);
	if (!section->rows.n && !section->notes.n)
		buf_addf(out, "<p class=\"note\">%s</p>\n", in(report, "Nothing to report.", "无记录。"));
	if (section->rows.n && folded)
		buf_addf(out, "<details><summary>%s</summary>\n", in(report, "As a table", "数据表"));
	if (section->rows.n)
		add_table(out, report, section);
	if (section->rows.n && folded)
		buf_puts(out, "</details>\n");
	for (size_t i = 0; i < section->notes.n; i++) {
		buf_puts(out, "<p class=\"note\">");
		html_text(out, section->notes.v[i]);
		buf_puts(out, "</p>\n");
	}
	buf_puts(out, "</section>\n");
}

static void add_head(struct buf *out, const struct report *report)
{
	_cleanup_free_ char *period = report_period_shown(report, &report->period);

	buf_addf(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n", in(report, "en", "zh-CN"));
	buf_puts(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>");
	html_text(out, report->title);
	buf_puts(out, " · ");
	html_text(out, period);
	buf_addf(out, "</title>\n<style>\n%s</style>\n</head>\n<body%s>\n<header>\n<p class=\"desk\">", style, report->sections.n && is_wide(&report->sections.v[0]) ? " class=\"wide\"" : "");
	html_text(out, report->desk);
	buf_puts(out, "</p>\n<h1>");
	html_text(out, report->title);
	buf_addf(out, "</h1>\n<p class=\"meta\"><span>%s ", in(report, "Received:", "受理时间："));
	html_text(out, period);
	buf_addf(out, "</span><span>%s %zu</span>", in(report, "Tickets:", "工单："), report->counted);
	if (report->quarantined)
		buf_addf(out, "<span>%s %zu</span>", in(report, "Left out as quarantined:", "已隔离不计："), report->quarantined);
	if (report->before.until_s > report->before.from_s) {
		_cleanup_free_ char *before = report_period_shown(report, &report->before);

		buf_addf(out, "<span>%s ", in(report, "Period before:", "上期："));
		html_text(out, before);
		buf_puts(out, "</span>");
	}
	buf_puts(out, "</p>\n");
}

void report_html(const struct report *report, struct buf *out)
{
	_cleanup_free_ char *now = report_cell_shown(report, &(struct report_cell){.kind = REPORT_TIME, .known = true, .value = (double)report->now_s});

	add_head(out, report);
	if (report->sections.n > 2) {
		buf_addf(out, "<nav aria-label=\"%s\">", in(report, "Sections", "目录"));
		for (size_t i = 0; i < report->sections.n; i++) {
			buf_addf(out, "<a href=\"#%s\">", report->sections.v[i].name);
			html_text(out, report->sections.v[i].title);
			buf_puts(out, "</a>\n");
		}
		buf_puts(out, "</nav>\n");
	}
	buf_puts(out, "</header>\n<main>\n");
	for (size_t i = 0; i < report->sections.n; i++)
		add_section(out, report, i);
	buf_addf(out, "</main>\n<footer>%s ", in(report, "As of", "截至"));
	html_text(out, now);
	buf_puts(out, " (");
	html_text(out, zone_name(report->zone));
	buf_puts(out, "). ");
	buf_puts(out, in(report, "Every figure is defined in ticket-reports(7).", "各项指标的定义见 ticket-reports(7)。"));
	buf_puts(out, "</footer>\n</body>\n</html>\n");
}
