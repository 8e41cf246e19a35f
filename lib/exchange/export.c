/* SPDX-License-Identifier: MIT */
/* Export: whole tickets as JSON, or rows for spreadsheets; see ticket/export.h. */
#include "ticket/export.h"

#include "exchange/clear.h"
#include "exchange/rows.h"
#include "model/event.h"
#include "model/ticket.h"
#include "ticket/text.h"

/* A column that is computed from the ticket instead of standing in it. */
enum computed { PLAIN, OPENED_TO, FIRST_OF, COUNT_OF, SOURCE, CUSTOMER, FIELDS, MISSED };

struct column_rule {
	const char *name;
	enum computed how;
	const char *member;   /* PLAIN: of the ticket; SOURCE, CUSTOMER: of that part */
	enum event_kind kind; /* OPENED_TO, FIRST_OF, COUNT_OF */
};

/* The order of the columns of a CSV export: the head, then what is often asked of it. */
static const struct column_rule ticket_columns[] = {
	{"id", PLAIN, "id", EVENT_NONE},
	{"uid", PLAIN, "uid", EVENT_NONE},
	{"received", PLAIN, "received", EVENT_NONE},
	{"channel", PLAIN, "channel", EVENT_NONE},
	{"address", SOURCE, "address", EVENT_NONE},
	{"key", SOURCE, "key", EVENT_NONE},
	{"file", SOURCE, "file", EVENT_NONE},
	{"customer_id", CUSTOMER, "id", EVENT_NONE},
	{"customer", CUSTOMER, "display", EVENT_NONE},
	{"contact", CUSTOMER, "contact", EVENT_NONE},
	{"subject", PLAIN, "subject", EVENT_NONE},
	{"description", PLAIN, "description", EVENT_NONE},
	{"types", PLAIN, "types", EVENT_NONE},
	{"category", PLAIN, "category", EVENT_NONE},
	{"grade", PLAIN, "grade", EVENT_NONE},
	{"priority", PLAIN, "priority", EVENT_NONE},
	{"risk", PLAIN, "risk", EVENT_NONE},
	{"wants", PLAIN, "wants", EVENT_NONE},
	{"expects", PLAIN, "expects", EVENT_NONE},
	{"departments", PLAIN, "departments", EVENT_NONE},
	{"fields", FIELDS, NULL, EVENT_NONE},
	{"state", PLAIN, "state", EVENT_NONE},
	{"cycle", PLAIN, "cycle", EVENT_NONE},
	{"group", PLAIN, "group", EVENT_NONE},
	{"assignee", PLAIN, "assignee", EVENT_NONE},
	{"waiting_for", PLAIN, "waiting_for", EVENT_NONE},
	{"doing", PLAIN, "doing", EVENT_NONE},
	{"eta", PLAIN, "eta", EVENT_NONE},
	{"level", PLAIN, "level", EVENT_NONE},
	{"delayed", PLAIN, "delayed", EVENT_NONE},
	{"quarantined", PLAIN, "quarantined", EVENT_NONE},
	{"responded", FIRST_OF, NULL, EVENT_RESPONDED},
	{"resolved", FIRST_OF, NULL, EVENT_RESOLVED},
	{"archived", FIRST_OF, NULL, EVENT_ARCHIVED},
	{"seconds_to_response", OPENED_TO, NULL, EVENT_RESPONDED},
	{"seconds_to_resolution", OPENED_TO, NULL, EVENT_RESOLVED},
	{"reopenings", COUNT_OF, NULL, EVENT_REOPENED},
	{"assignments", COUNT_OF, NULL, EVENT_ASSIGNED},
	{"missed", MISSED, NULL, EVENT_NONE},
	{"events", COUNT_OF, NULL, EVENT_NONE},
};

/* One row per event: its ticket, then its own members. */
static const char *const event_columns[] = {
	"ticket", "id", "at", "recorded", "by", "role", "do", "text", "reason", "via", "types", "category", "grade", "priority", "risk", "departments", "group", "person",
	"doing", "eta", "due", "for_whom", "cause", "step", "scores", "satisfied", "level", "to", "decision", "other_number", "changes", "clock", "cycle", "late_reason",
};

const char *const *export_columns(bool events, size_t *n)
{
	static const char *names[ARRAY_SIZE(ticket_columns)];

	for (size_t i = 0; i < ARRAY_SIZE(ticket_columns); i++)
		names[i] = ticket_columns[i].name;
	*n = events ? ARRAY_SIZE(event_columns) : ARRAY_SIZE(ticket_columns);
	return events ? event_columns : names;
}

/* --- cells ----------------------------------------------------------------------------------------------------- */

static const struct event *last_of(const struct ticket *ticket, enum event_kind kind)
{
	for (size_t i = ticket->events.n; i-- > 0;)
		if (ticket->events.v[i].kind == (int)kind)
			return &ticket->events.v[i];
	return NULL;
}

static const struct event *first_of(const struct ticket *ticket, enum event_kind kind)
{
	for (size_t i = 0; i < ticket->events.n; i++)
		if (ticket->events.v[i].kind == (int)kind)
			return &ticket->events.v[i];
	return NULL;
}

/* Of several responses the first counts, of several resolutions the last: what it took until it was over. */
static const struct event *that_counts(const struct ticket *ticket, enum event_kind kind)
{
	return kind == EVENT_RESPONDED ? first_of(ticket, kind) : last_of(ticket, kind);
}

static char *moment_text(const struct ticket *ticket, const struct column_rule *rule)
{
	const struct event *event = that_counts(ticket, rule->kind);
	char at[STAMP_SIZE];

	if (!event)
		return xstrdup("");
	if (rule->how == OPENED_TO)
		return xasprintf("%lld", (long long)(event->at.s - ticket->received.s));
	return xstrdup(stamp_format(at, &event->at));
}

static char *count_text(const struct ticket *ticket, enum event_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < ticket->events.n; i++)
		n += kind == EVENT_NONE || ticket->events.v[i].kind == (int)kind;
	return xasprintf("%zu", n);
}

static char *missed_text(const struct ticket *ticket)
{
	struct texts names = {0};
	char *text;

	for (size_t i = 0; i < ticket->clocks.n; i++)
		if ((ticket->clocks.v[i].verdict == VERDICT_MISSED || ticket->clocks.v[i].verdict == VERDICT_MET_LATE) && !texts_have(&names, ticket->clocks.v[i].target))
			texts_add(&names, ticket->clocks.v[i].target);
	text = texts_join(&names, ",");
	texts_release(&names);
	return text;
}

static char *fields_text(const struct ticket *ticket)
{
	struct buf out = {0};

	if (!ticket->fields.n)
		return xstrdup("");
	for (size_t i = 0; i < ticket->fields.n; i++) {
		buf_putc(&out, i ? ',' : '{');
		json_quote(&out, ticket->fields.v[i].key);
		buf_putc(&out, ':');
		json_quote(&out, ticket->fields.v[i].value);
	}
	buf_putc(&out, '}');
	return buf_steal(&out);
}

/* A member of the ticket, or of one of the objects in it. */
static char *member_text(const struct ticket *ticket, const char *object, const char *member)
{
	const struct codec_field *field = codec_field(&ticket_codec, object ? object : member);

	if (!object)
		return codec_member_text(field, ticket);
	return codec_member_text(codec_field(field->sub, member), (const char *)ticket + field->offset);
}

static char *ticket_cell(const struct ticket *ticket, size_t column)
{
	const struct column_rule *rule = &ticket_columns[column];

	switch (rule->how) {
	case OPENED_TO:
	case FIRST_OF:
		return moment_text(ticket, rule);
	case COUNT_OF:
		return count_text(ticket, rule->kind);
	case MISSED:
		return missed_text(ticket);
	case FIELDS:
		return fields_text(ticket);
	case SOURCE:
		return member_text(ticket, "source", rule->member);
	case CUSTOMER:
		return member_text(ticket, "customer", rule->member);
	case PLAIN:
		break;
	}
	return member_text(ticket, NULL, rule->member);
}

/* --- rows ------------------------------------------------------------------------------------------------------ */

struct writing {
	FILE *out;
	struct clear *clear; /* NULL: masked */
	const struct export_job *job;
	enum { OUT_CSV, OUT_JSONL, OUT_JSON } format;
	LIST(size_t) columns;
	size_t tickets;
	struct buf line;
};

/*
 * A cell that begins with one of these is run as a formula by spreadsheets; a quote in front makes it text. Where
 * "import" reads the file again it takes that quote away ("clean": ["formula"]).
 */
static void safe_cell(struct buf *out, const char *text)
{
	_cleanup_free_ char *quoted = NULL;

	if (*text && strchr("=+-@\t\r'", *text))
		quoted = xasprintf("'%s", text);
	csv_cell(out, quoted ? quoted : text, ',');
}

static void end_line(struct writing *w)
{
	buf_puts(&w->line, w->format == OUT_CSV ? "\r\n" : "\n");
	fwrite(w->line.p, 1, w->line.n, w->out);
	buf_truncate(&w->line, 0);
}

static void write_heading(struct writing *w)
{
	size_t n;
	const char *const *names = export_columns(w->job->events, &n);

	/* Without the mark spreadsheets take UTF-8 for something else. */
	buf_puts(&w->line, "\xef\xbb\xbf");
	for (size_t i = 0; i < w->columns.n; i++) {
		if (i)
			buf_putc(&w->line, ',');
		csv_cell(&w->line, names[w->columns.v[i]], ',');
	}
	end_line(w);
}

static void write_events(struct writing *w, const struct ticket *ticket)
{
	for (size_t e = 0; e < ticket->events.n; e++) {
		for (size_t i = 0; i < w->columns.n; i++) {
			const char *name = event_columns[w->columns.v[i]];
			_cleanup_free_ char *cell = w->columns.v[i] ? codec_member_text(codec_field(&event_codec, name), &ticket->events.v[e]) : xstrdup(ticket->id);

			if (i)
				buf_putc(&w->line, ',');
			safe_cell(&w->line, cell);
		}
		end_line(w);
	}
}

static int write_ticket(struct ticket *ticket, void *data, struct ticket_error *err)
{
	struct writing *w = data;

	if (w->job->query && !query_matches(w->job->query, ticket))
		return 0;
	if (w->format == OUT_JSON && w->tickets)
		buf_puts(&w->line, ",\n");
	w->tickets++;
	if (w->format != OUT_CSV) {
		ticket_write_line(ticket, &w->line);
		if (w->format == OUT_JSONL)
			buf_putc(&w->line, '\n');
		fwrite(w->line.p, 1, w->line.n, w->out);
		buf_truncate(&w->line, 0);
	} else if (w->job->events) {
		write_events(w, ticket);
	} else {
		for (size_t i = 0; i < w->columns.n; i++) {
			const char *name = ticket_columns[w->columns.v[i]].name;
			_cleanup_free_ char *own = w->clear ? clear_cell(w->clear, ticket->customer.id, name) : NULL, *cell = own ? steal_ptr(own) : ticket_cell(ticket, w->columns.v[i]);

			if (i)
				buf_putc(&w->line, ',');
			safe_cell(&w->line, cell);
		}
		end_line(w);
	}
	return ferror(w->out) ? ticket_fail(err, TICKET_STORAGE, "the export cannot be written") : 0;
}

/* --- the call -------------------------------------------------------------------------------------------------- */

static int choose_columns(struct writing *w, struct ticket_error *err)
{
	size_t n;
	const char *const *names = export_columns(w->job->events, &n);
	const char *near;

	for (size_t i = 0; i < n && !w->job->columns; i++)
		*list_push(&w->columns) = i;
	for (const char *p = w->job->columns; p && *p;) {
		size_t length = strcspn(p, ","), i = 0;
		_cleanup_free_ char *name = text_strip(xstrndup(p, length));

		while (i < n && strcmp(names[i], name) != 0)
			i++;
		if (i == n) {
			near = text_nearest(name, names, n);
			if (near)
				return ticket_fail(err, TICKET_USAGE, "an export has no column '%s'; did you mean '%s'?", name, near);
			return ticket_fail(err, TICKET_USAGE, "an export has no column '%s'", name);
		}
		*list_push(&w->columns) = i;
		p += length + (p[length] == ',');
	}
	return w->columns.n ? 0 : ticket_fail(err, TICKET_USAGE, "an export needs a column");
}

static int check_job(struct writing *w, struct ticket_error *err)
{
	enum rows_format format;

	if (rows_format_read(&format, w->job->format, NULL) || format == ROWS_AUTO)
		return ticket_fail(err, TICKET_USAGE, "'%s' is no format to export; it is csv, jsonl or json", w->job->format ? w->job->format : "");
	w->format = format == ROWS_CSV ? OUT_CSV : format == ROWS_JSON ? OUT_JSON : OUT_JSONL;
	if (w->format != OUT_CSV && (w->job->columns || w->job->events))
		return ticket_fail(err, TICKET_USAGE, "--columns and --events are for csv; %s always holds whole tickets", w->job->format);
	if (w->job->reveal && (w->format != OUT_CSV || w->job->events))
		return ticket_fail(err, TICKET_USAGE, "--reveal is for csv with a row for each ticket; whole tickets and their events stay masked");
	return w->format == OUT_CSV ? choose_columns(w, err) : 0;
}

int export_run(FILE *out, struct desk *desk, const struct export_job *job, size_t *tickets, struct ticket_error *err)
{
	struct writing w = {.out = out, .job = job};
	int failed = check_job(&w, err);

	*tickets = 0;
	if (!failed && job->reveal)
		failed = clear_open(&w.clear, desk, job, err);
	if (!failed) {
		if (w.format == OUT_CSV)
			write_heading(&w);
		if (w.format == OUT_JSON)
			fputs("{\"format\":1,\"tickets\":[\n", out);
		failed = desk_each(desk, NULL, write_ticket, &w, err);
		if (w.format == OUT_JSON)
			fputs("\n]}\n", out);
	}
	*tickets = w.tickets;
	free(w.columns.v);
	if (w.line.p && w.clear)
		explicit_bzero(w.line.p, w.line.room);
	buf_release(&w.line);
	clear_free(w.clear);
	return failed;
}
