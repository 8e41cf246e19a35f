/* SPDX-License-Identifier: MIT */
/* ticket report: figures about a period, with the tickets behind them. */
#include "command.h"
#include "convert.h"
#include "label.h"
#include "report-charts.h"
#include "report-mail.h"

#include "ticket/duty.h"
#include "ticket/policy.h"
#include "ticket/report.h"
#include "ticket/text.h"

struct options {
	const char *format, *as_of, *section;
	bool list, rows, record, recount;
	struct texts mail;
};

static const struct option_row option_rows[] = {
	{"format", 'f', OPTION_CHOICE, offsetof(struct options, format), "table|json|jsonl|csv|tsv|md|html|xlsx|openmetrics", "what comes out; else a table"},
	{"as-of", 0, OPTION_TEXT, offsetof(struct options, as_of), "REV", "the report as it was at a revision or a time"},
	{"section", 0, OPTION_TEXT, offsetof(struct options, section), "NAME", "only this section"},
	{"mail", 0, OPTION_TEXTS, offsetof(struct options, mail), "WHO", "send it: to a person, role:NAME, group:NAME or an address (repeatable)"},
	{"list", 0, OPTION_FLAG, offsetof(struct options, list), NULL, "the reports there are"},
	{"rows", 0, OPTION_FLAG, offsetof(struct options, rows), NULL, "the tickets behind each number"},
	{"record", 0, OPTION_FLAG, offsetof(struct options, record), NULL, "put on record that the report of this period was made"},
	{"recount", 0, OPTION_FLAG, offsetof(struct options, recount), NULL, "from the tickets themselves, not from the index: slow, for checking"},
	OPTION_END,
};

static int list_reports(struct call *call, struct ticket_error *err)
{
	static const struct column columns[] = {{"name", NULL, CELL_TEXT, false, false}, {"title", NULL, CELL_TEXT, false, false}, {"about", NULL, CELL_TEXT, false, true}};
	struct table *table;
	int failed = table_open(&table, "reports", columns, ARRAY_SIZE(columns), &call->table, call->out, err);

	for (size_t i = 0; !failed && i < report_count(); i++) {
		const struct report_listed listed = report_listed(i, label_language(call));

		table_row(table, (const char *[]){listed.name, listed.title, listed.about}, NULL);
	}
	if (!failed)
		table_close(table);
	return failed;
}

/* --- the tickets behind the numbers ---------------------------------------------------------------------------- */

/* What a row is called: its leading texts. */
static char *row_name(const struct report_section *section, const struct report_row *row)
{
	struct buf b = {0};

	for (size_t c = 0; c < section->columns.n && row->cells[c].kind == REPORT_TEXT && c < 2; c++)
		buf_addf(&b, "%s%s", c ? " / " : "", row->cells[c].text ? row->cells[c].text : "");
	return buf_steal(&b);
}

static void add_tickets(struct table *table, const struct report *report, const struct report_section *section)
{
	for (size_t r = 0; r < section->rows.n; r++) {
		_cleanup_free_ char *name = row_name(section, &section->rows.v[r]);

		for (size_t c = 0; c < section->columns.n; c++) {
			const struct report_cell *cell = &section->rows.v[r].cells[c];

			for (size_t t = 0; t < cell->tickets.n; t++)
				table_row(table, (const char *[]){section->name, name, section->columns.v[c].name, report->tickets.v[cell->tickets.v[t]]}, NULL);
		}
	}
}

static bool is_wanted(const struct options *o, const struct report_section *section)
{
	return !o->section || text_equal(o->section, section->name);
}

static int print_rows(struct call *call, const struct report *report, struct ticket_error *err)
{
	static const struct column columns[] = {{"section", NULL, CELL_TEXT, false, false}, {"row", NULL, CELL_TEXT, false, true}, {"figure", NULL, CELL_TEXT, false, false},
						{"number", NULL, CELL_TEXT, false, false}};
	struct table *table;
	int failed = table_open(&table, "rows", columns, ARRAY_SIZE(columns), &call->table, call->out, err);

	for (size_t i = 0; !failed && i < report->sections.n; i++)
		if (is_wanted(call->options, &report->sections.v[i]))
			add_tickets(table, report, &report->sections.v[i]);
	if (!failed)
		table_close(table);
	return failed;
}

/* --- sections as tables ---------------------------------------------------------------------------------------- */

struct layout {
	bool people, bars, named; /* 'named': each row begins with its section, for files that hold several */
	size_t n;
};

/* The columns of a section's table: owned; titles are borrowed. */
static struct column *columns_of(const struct report_section *section, struct layout *layout)
{
	static const char *const longest[] = {"subject", "complaint", "said", "reason"};
	struct column *columns = xcalloc(section->columns.n + 2, sizeof(*columns));
	bool wide = false;

	layout->n = 0;
	if (layout->named)
		columns[layout->n++] = (struct column){"section", NULL, CELL_TEXT, false, false};
	for (size_t c = 0; c < section->columns.n; c++) {
		const struct report_column *column = &section->columns.v[c];
		bool number = column->kind != REPORT_TEXT && column->kind != REPORT_TIME;
		struct column *to = &columns[layout->n++];

		*to = (struct column){column->name, column->title, number ? CELL_NUMBER : CELL_TEXT, false, false};
		for (size_t i = 0; i < ARRAY_SIZE(longest) && !wide; i++)
			wide = to->wide = text_equal(column->name, longest[i]);
	}
	if (layout->bars)
		columns[layout->n++] = (struct column){"bar", "", CELL_TEXT, false, false};
	return columns;
}

static void print_row(struct table *table, const struct report *report, const struct report_section *section, const struct report_row *row, const struct layout *layout)
{
	char **cells = xcalloc(layout->n, sizeof(*cells));
	const struct report_cell *last = &row->cells[section->columns.n - 1];
	bool bad = last->known && (text_equal(last->text, "not_met") || text_equal(last->text, "late") || text_equal(last->text, "missing"));
	size_t n = 0;

	if (layout->named)
		cells[n++] = xstrdup(section->name);
	for (size_t c = 0; c < section->columns.n; c++)
		cells[n++] = layout->people ? report_cell_shown(report, &row->cells[c]) : report_cell_data(report, &row->cells[c]);
	if (layout->bars)
		cells[n++] = chart_bar(section, row);
	table_row(table, (const char *const *)cells, bad ? "red" : NULL);
	for (size_t i = 0; i < n; i++)
		free(cells[i]);
	free(cells);
}

/* --- on a narrow terminal -------------------------------------------------------------------------------------- */

#define MOST_FOLDED 40 /* rows; of longer tables the pager shows more than blocks far from one another would */
#define LEAST_NAME 12  /* of the words that name a row */
#define WIDE_SHOWN 24  /* what the column that is cut still gets */

static size_t width_of(const struct report *report, const struct report_section *section, size_t column, bool cut)
{
	size_t widest = text_width(section->columns.v[column].title, strlen(section->columns.v[column].title));

	for (size_t r = 0; r < section->rows.n; r++) {
		_cleanup_free_ char *shown = report_cell_shown(report, &section->rows.v[r].cells[column]);
		size_t width = text_width(shown, strlen(shown));

		widest = width > widest ? width : widest;
	}
	return (cut && widest > WIDE_SHOWN ? WIDE_SHOWN : widest) + 2;
}

/* The columns of a section in blocks that fit beside the ones that name its rows; one block, NULL, when all fit. */
static void fold_columns(const struct call *call, const struct report *report, const struct report_section *section, struct column *columns, struct texts *blocks)
{
	struct buf names = {0}, block = {0};
	size_t labels = 0, used, at = 0;

	while (labels < section->columns.n - 1 && labels < 2 && section->columns.v[labels].kind == REPORT_TEXT)
		at += width_of(report, section, labels++, false);
	/* Names that leave no room for what they name are cut, the first one most. */
	if (labels && at > call->table.width / 2) {
		size_t first = width_of(report, section, 0, false), others = at - first, half = call->table.width / 2;

		columns[0].wide = true;
		at = others + (others + LEAST_NAME < half ? half - others : LEAST_NAME);
	}
	for (size_t c = 0; c < labels; c++)
		buf_addf(&names, "%s%s", c ? "," : "", section->columns.v[c].name);
	used = at;
	for (size_t c = labels; c < section->columns.n; c++) {
		size_t width = width_of(report, section, c, columns[c].wide);

		if (block.n && used + width - 2 > call->table.width) {
			texts_add(blocks, block.p);
			buf_truncate(&block, 0);
			used = at;
		}
		buf_addf(&block, "%s,%s", block.n ? "" : labels ? names.p : "", section->columns.v[c].name);
		used += width;
	}
	/* The bars stand beside their figure, where there is room for them. */
	if (!blocks->n && section->chart == CHART_BARS && used + 20 <= call->table.width)
		buf_puts(&block, ",bar");
	texts_add(blocks, block.p);
	buf_release(&names);
	buf_release(&block);
}

static int print_block(struct call *call, const struct report *report, const struct report_section *section, const struct column *columns, const struct layout *layout, const char *names,
		       struct ticket_error *err)
{
	struct table_options options = call->table;
	struct table *table;
	int failed;

	if (names)
		options.columns = names;
	if ((failed = table_open(&table, section->name, columns, layout->n, &options, call->out, err)))
		return failed;
	for (size_t r = 0; r < section->rows.n; r++)
		print_row(table, report, section, &section->rows.v[r], layout);
	table_close(table);
	return 0;
}

static int print_rows_of(struct call *call, const struct report *report, const struct report_section *section, struct layout *layout, struct ticket_error *err)
{
	_cleanup_free_ struct column *columns = columns_of(section, layout);
	struct texts blocks = {0};
	int failed = 0;

	if (layout->people && call->table.width && !text_equal(call->table.format, "md") && !call->table.columns && section->rows.n && section->rows.n <= MOST_FOLDED && section->columns.n > 1)
		fold_columns(call, report, section, columns, &blocks);
	if (!blocks.n)
		return print_block(call, report, section, columns, layout, NULL, err);
	for (size_t i = 0; i < blocks.n && !failed; i++) {
		fputs(i ? "\n" : "", call->out);
		failed = print_block(call, report, section, columns, layout, blocks.v[i] + (*blocks.v[i] == ','), err);
	}
	texts_release(&blocks);
	return failed;
}

static int print_section(struct call *call, const struct report *report, const struct report_section *section, bool several, struct ticket_error *err)
{
	bool table_format = !call->table.format || text_equal(call->table.format, "table");
	struct layout layout = {.people = label_people(call)};
	int failed;

	layout.named = several && !layout.people;
	layout.bars = table_format && section->chart == CHART_BARS && !call->table.columns;
	if (layout.people) {
		fprintf(call->out, "\n%s%s", table_format ? "" : "## ", colour_on(&call->table, "bold"));
		print_text(call->out, section->title, false);
		fprintf(call->out, "%s\n%s", colour_off(&call->table), table_format ? "" : "\n");
	}
	if (table_format && section->chart == CHART_LINE && !call->table.columns)
		chart_course(section, &call->table, call->out);
	if (table_format && section->rows.n && section->chart == CHART_HEAT && !call->table.columns) {
		chart_heat(report, section, &call->table, call->out);
	} else if (section->rows.n || !layout.people) {
		if ((failed = print_rows_of(call, report, section, &layout, err)))
			return failed;
	} else if (!section->notes.n) {
		fprintf(call->out, "%s\n", _("Nothing to report."));
	}
	for (size_t i = 0; i < section->notes.n && layout.people; i++) {
		fputs(table_format ? "" : "\n", call->out);
		print_wrapped(call->out, section->notes.v[i], table_format ? call->table.width : 0);
	}
	return 0;
}

static void print_head(struct call *call, const struct report *report)
{
	_cleanup_free_ char *period = report_period_shown(report, &report->period);
	_cleanup_free_ char *counted = xasprintf(Q_("%zu ticket", "%zu tickets", report->counted), report->counted);
	bool md = text_equal(call->table.format, "md");

	fprintf(call->out, "%s%s", md ? "# " : "", colour_on(&call->table, "bold"));
	print_text(call->out, report->title, false);
	fprintf(call->out, "%s%s", colour_off(&call->table), md ? "\n\n" : " · ");
	print_text(call->out, report->desk, false);
	fprintf(call->out, " · %s · %s", period, counted);
	if (report->quarantined) {
		fputs(" · ", call->out);
		fprintf(call->out, _("%zu quarantined left out"), report->quarantined);
	}
	fputc('\n', call->out);
}

static int print_tables(struct call *call, const struct report *report, struct ticket_error *err)
{
	const struct options *o = call->options;
	size_t wanted = 0, printed = 0;
	int failed = 0;

	for (size_t i = 0; i < report->sections.n; i++)
		wanted += is_wanted(o, &report->sections.v[i]);
	if (label_people(call))
		print_head(call, report);
	for (size_t i = 0; i < report->sections.n && !failed; i++) {
		if (!is_wanted(o, &report->sections.v[i]))
			continue;
		if (printed++ && !label_people(call))
			fputc('\n', call->out);
		failed = print_section(call, report, &report->sections.v[i], wanted > 1, err);
	}
	return failed;
}

/* --- the command ----------------------------------------------------------------------------------------------- */

static int check_section(const struct options *o, const struct report *report, struct ticket_error *err)
{
	struct texts names = {0};
	_cleanup_free_ char *all = NULL;
	bool found = !o->section;

	for (size_t i = 0; i < report->sections.n; i++) {
		found = found || is_wanted(o, &report->sections.v[i]);
		texts_add(&names, report->sections.v[i].name);
	}
	all = texts_join(&names, ", ");
	texts_release(&names);
	return found ? 0 : ticket_fail(err, TICKET_USAGE, "'%s' has no section '%s'; there are %s", report->name, o->section, all);
}

/* The whole report, or the tickets behind it, as a workbook. */
static int make_workbook(const struct options *o, const struct report *report, struct buf *out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf told = {0};

	if (o->rows)
		report_workbook_rows(report, o->section, &told);
	else
		report_workbook(report, &told);
	return convert("ticket-xlsx", _("build it with libxlsxwriter (Debian: libxlsxwriter-dev), or use --format csv or html"), &told, out, err);
}

static int print_workbook(struct call *call, struct report *report, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_buf_ struct buf out = {0};
	int failed;

	if (!o->rows && o->section)
		report_keep(report, o->section);
	if ((failed = make_workbook(o, report, &out, err)))
		return failed;
	fwrite(out.p, 1, out.n, call->out);
	return 0;
}

static int print_report(struct call *call, struct report *report, struct ticket_error *err)
{
	static const struct {
		const char *format;
		void (*print)(const struct report *report, struct buf *out);
	} documents[] = {{"json", report_json}, {"jsonl", report_jsonl}, {"html", report_html}, {"openmetrics", report_openmetrics}};
	const struct options *o = call->options;
	int failed = check_section(o, report, err);

	if (failed)
		return failed;
	if (text_equal(call->table.format, "xlsx"))
		return print_workbook(call, report, err);
	if (o->rows)
		return print_rows(call, report, err);
	for (size_t i = 0; i < ARRAY_SIZE(documents); i++) {
		_cleanup_buf_ struct buf out = {0};

		if (!text_equal(call->table.format, documents[i].format))
			continue;
		if (o->section)
			report_keep(report, o->section);
		documents[i].print(report, &out);
		fwrite(out.p ? out.p : "", 1, out.n, call->out);
		return 0;
	}
	return print_tables(call, report, err);
}

/* --- by mail --------------------------------------------------------------------------------------------------- */

/* The report as its file will hold it: printed as everywhere, into memory. */
static int print_into(struct call *call, struct report *report, struct buf *out, struct ticket_error *err)
{
	FILE *kept = call->out;
	_cleanup_free_ char *bytes = NULL;
	size_t n = 0;
	int failed;

	call->out = open_memstream(&bytes, &n);
	call->table.width = call->table.colour = 0;
	failed = print_report(call, report, err);
	fclose(call->out);
	call->out = kept;
	buf_add(out, bytes, n);
	return failed;
}

static int mail_report(struct call *call, struct report *report, bool whole, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_buf_ struct buf bytes = {0};
	int failed = print_into(call, report, &bytes, err);

	return failed ? failed : report_mail(call, report, call->table.format, &(struct report_sending){.rows = o->rows, .whole = whole, .to = &o->mail}, &bytes, err);
}

static int check_options(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;

	if (!call->n_args)
		return ticket_fail(err, TICKET_USAGE, "which report? see: ticket report --list");
	if (o->mail.n && o->record)
		return ticket_fail(err, TICKET_USAGE, "--mail puts a report on record by itself; leave out --record");
	if (o->mail.n && call->output_file)
		return ticket_fail(err, TICKET_USAGE, "--mail and -o don't go together; a report is sent or written to a file");
	if (text_equal(o->format, "xlsx") && call->table.width && !o->mail.n)
		return ticket_fail(err, TICKET_USAGE, "a workbook is nothing for a terminal; say where it goes: -o %s.xlsx", call->args[0]);
	/* A mail is read where nobody can ask for another face of it. */
	if (o->mail.n && !call->table.format)
		call->table.format = o->rows ? "csv" : "html";
	return 0;
}

/* --- on record -------------------------------------------------------------------------------------------------- */

/* Is it a report that the policy asks for, of a period for which it stands out? */
static int is_owed(const struct call *call, const struct report_order *order, bool *owed, struct ticket_error *err)
{
	_cleanup_duties_ duties list = {0};
	int failed = duties_read(call->desk, &list, err);

	*owed = false;
	for (size_t i = 0; i < list.n; i++)
		*owed = *owed || (text_equal(duty_report(list.v[i].rule), order->name) && list.v[i].made_s == TIME_NONE &&
				  list.v[i].period.from_s == order->period.from_s && list.v[i].period.until_s == order->period.until_s);
	return failed;
}

/* C16: that it was made, and when. What is written into a file is handed in, where it is owed; else only --record says so. */
static int put_on_record(const struct call *call, const struct report_order *order, struct ticket_error *err)
{
	const struct options *o = call->options;
	bool wanted = o->record, whole = !order->n_words && !o->section && !o->rows && !o->as_of, file = call->output_file && !text_equal(call->output_file, "-");
	int failed;

	if (wanted && !whole)
		return ticket_fail(err, TICKET_USAGE, "what goes on record is the whole report as of now; leave out query, --section, --rows and --as-of");
	/* Who may not hand reports in may still have one in a file. */
	if (!wanted && (!whole || !file || !desk_actor(call->desk) || desk_allows(call->desk, "report", NULL, NULL)))
		return 0;
	if (!wanted && ((failed = is_owed(call, order, &wanted, err)) || !wanted))
		return failed;
	if ((failed = duty_record_report(call->desk, order->name, &order->period, file ? "file" : NULL, call->dry_run, err)))
		return failed;
	if (call->dry_run)
		call_say(call, "the report '%s' would go on record as made; dry run, nothing written", order->name);
	else
		call_say(call, "the report '%s' is on record as made", order->name);
	return 0;
}

static int run(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_report_ struct report *report = NULL;
	struct report_order order = {.language = call->language};
	const char *language;
	int failed;

	if (o->format && call->json && !text_equal(o->format, "json"))
		return ticket_fail(err, TICKET_USAGE, "--json and --format %s don't go together", o->format);
	if (o->format)
		call->table.format = o->format;
	if (o->list)
		return list_reports(call, err);
	if ((failed = check_options(call, err)) || (failed = call_open_desk(call, err)))
		return failed;
	if (o->as_of && (failed = desk_as_of(call->desk, o->as_of, err)))
		return failed;
	call->zone = desk_zone(call->desk);
	language = desk_policy(call->desk)->language;
	/* Words such as `last` are said of the report's time, which may have changed just now. */
	if ((failed = range_from_words(&order.period, &call->range, call->zone, desk_now(call->desk), err)))
		return failed;
	if (!label_people(call) && !text_equal(call->table.format, "html") && !text_equal(call->table.format, "xlsx"))
		order.language = "en";
	/* Who gets a mail reads the desk's language, whatever the sender's terminal speaks. */
	if (o->mail.n)
		order.language = language && text_starts(language, "zh") ? "zh" : "en";
	order.recount = o->recount;
	order.name = call->args[0];
	order.words = call->args + 1;
	order.n_words = call->n_args - 1;
	if ((failed = report_run(&report, call->desk, &order, err)))
		return failed;
	if (o->mail.n)
		return mail_report(call, report, !order.n_words && !o->section && !o->rows && !o->as_of, err);
	failed = print_report(call, report, err);
	return failed ? failed : put_on_record(call, &order, err);
}

const struct command command_report = {
	.name = "report",
	.summary = "figures of a period: targets, backlog, satisfaction, standards and more",
	.synopsis = "NAME [QUERY...] [--month PERIOD] [--format FORMAT] [--as-of REV] [--rows] [--record] [--mail WHO]\n--list",
	.flags = COMMAND_ROWS | COMMAND_PAGER | COMMAND_QUERY | COMMAND_RANGE | COMMAND_DESK | COMMAND_WRITES,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run,
};
