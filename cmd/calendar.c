/* SPDX-License-Identifier: MIT */
/* ticket calendar: working time asked directly, the desk's calendars shown. Importing is in calendar-import.c. */
#include "command.h"
#include "quote.h"
#include "ticket/file.h"

#define FILE_LIMIT (8u << 20) /* bytes of a calendar file; a real one has a few thousand */

/* --- which calendar ---------------------------------------------------------------------------------------------- */

/* The calendar that a call asks: of a file, or of the desk. */
struct chosen {
	struct calendar *own; /* read from a file */
	const struct calendar *calendar;
	const struct zone *zone; /* in which times without offset are read */
};

static void chosen_release(struct chosen *chosen)
{
	calendar_free(chosen->own);
}

static bool is_file(const char *name)
{
	return strchr(name, '/') || text_ends(name, ".json");
}

/* A file needs no desk; one that names no zone takes the desk's, where there is one. */
static int choose_file(struct call *call, const char *path, struct chosen *out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	int failed = file_read(path, FILE_LIMIT, &text, err);

	if (failed)
		return failed;
	failed = calendar_read(&out->own, text.p ? text.p : "", text.n, path, err);
	if (failed && call_open_desk(call, NULL) == 0)
		failed = calendar_read_in(&out->own, text.p ? text.p : "", text.n, path, zone_name(desk_zone(call->desk)), err);
	if (!failed) {
		out->calendar = out->own;
		out->zone = calendar_zone(out->own);
	}
	return failed;
}

static int no_calendar(const struct calendars *calendars, const char *name, struct ticket_error *err)
{
	_cleanup_free_ char *others = texts_join(calendars_names(calendars), ", "), *all = *others ? xasprintf("always, %s", others) : xstrdup("always");

	return ticket_fail(err, TICKET_NOTFOUND, "this desk has no calendar '%s'; it has: %s; a file is named with a '/' in it or '.json' at its end", name, all);
}

/* 'name' NULL: the one that the policy counts on where a rule names none. */
static int choose(struct call *call, const char *name, struct chosen *out, struct ticket_error *err)
{
	const struct calendars *calendars;
	const struct policy *policy;
	int failed;

	if (name && is_file(name))
		return choose_file(call, name, out, err);
	if ((failed = call_open_desk(call, err)) || (failed = desk_rules(call->desk, NULL, &policy, &calendars, err)))
		return failed;
	if (!name)
		name = policy->calendar;
	out->calendar = calendars_get(calendars, name);
	out->zone = desk_zone(call->desk);
	return out->calendar ? 0 : no_calendar(calendars, name, err);
}

/* --- due, elapsed ------------------------------------------------------------------------------------------------ */

struct options {
	const char *calendar;
};

static const struct option_row option_rows[] = {
	{"calendar", 0, OPTION_TEXT, offsetof(struct options, calendar), "CALENDAR", "the calendar: a name of the desk's, or a file (with a '/' in it, or ending in .json)"},
	OPTION_END,
};

static void print_json(struct call *call, const struct chosen *chosen, const char *key, const struct stamp *from, const struct stamp *until, int64_t seconds)
{
	_cleanup_buf_ struct buf out = {0};
	char first[STAMP_SIZE], last[STAMP_SIZE], length[DURATION_SIZE];

	buf_puts(&out, "{\"format\":1,\"calendar\":");
	quote_json(&out, calendar_name(chosen->calendar));
	buf_addf(&out, ",\"start\":\"%s\",\"%s\":\"%s\",\"seconds\":%lld,\"duration\":\"%s\",\"working_days\":%lld}\n", stamp_format(first, from), key, stamp_format(last, until),
		 (long long)seconds, duration_format(length, &(struct duration){.seconds = seconds, .set = true}),
		 until->s < from->s ? -(long long)calendar_working_days(chosen->calendar, until->s, from->s)
				    : (long long)calendar_working_days(chosen->calendar, from->s, until->s));
	fputs(out.p, call->out);
}

static int run_due(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_(chosen_release) struct chosen chosen = {0};
	struct stamp start, due;
	struct duration length;
	char text[STAMP_SIZE];
	int64_t due_s;
	int failed;

	if ((failed = call_need_args(call, 2, 2, err)) || (failed = duration_parse(&length, call->args[1], err)) || (failed = choose(call, o->calendar, &chosen, err)) ||
	    (failed = time_parse(&start, call->args[0], chosen.zone, call->context.now_s, err)) || (failed = calendar_add(&due_s, chosen.calendar, start.s, &length, err)))
		return failed;
	due = stamp_at(calendar_zone(chosen.calendar), due_s);
	if (call->json)
		print_json(call, &chosen, "due", &start, &due,
			   due_s < start.s ? -calendar_elapsed(chosen.calendar, due_s, start.s) : calendar_elapsed(chosen.calendar, start.s, due_s));
	else
		fprintf(call->out, "%s\n", stamp_format(text, &due));
	return 0;
}

static const struct command command_due = {
	.name = "due",
	.summary = "when so much working time from a start on is over",
	.synopsis = "[--calendar CALENDAR] START DURATION",
	.flags = COMMAND_JSON,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run_due,
};

static int run_elapsed(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_(chosen_release) struct chosen chosen = {0};
	struct stamp start, end;
	int64_t seconds;
	int failed;

	if ((failed = call_need_args(call, 2, 2, err)) || (failed = choose(call, o->calendar, &chosen, err)) ||
	    (failed = time_parse(&start, call->args[0], chosen.zone, call->context.now_s, err)) ||
	    (failed = time_parse(&end, call->args[1], chosen.zone, call->context.now_s, err)))
		return failed;
	seconds = calendar_elapsed(chosen.calendar, start.s, end.s);
	if (call->json)
		print_json(call, &chosen, "end", &start, &end, seconds);
	else
		fprintf(call->out, "%lld\n", (long long)seconds);
	return 0;
}

static const struct command command_elapsed = {
	.name = "elapsed",
	.summary = "how many seconds of working time lie between two times",
	.synopsis = "[--calendar CALENDAR] START END",
	.flags = COMMAND_JSON,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run_elapsed,
};

/* --- show -------------------------------------------------------------------------------------------------------- */

static const struct column columns[] = {
	{"name", NULL, CELL_TEXT, false, false},         {"time_zone", NULL, CELL_TEXT, false, false},    {"open", NULL, CELL_FLAG, false, false},
	{"next_change", NULL, CELL_TIME, false, false},  {"year", NULL, CELL_NUMBER, true, false},        {"working_days", NULL, CELL_NUMBER, false, false},
	{"working_hours", NULL, CELL_NUMBER, false, false},
};

/* A calendar now, and in the year that is now in its zone. */
static void add_calendar(struct call *call, struct table *table, const struct calendar *calendar)
{
	const struct zone *zone = calendar_zone(calendar);
	int64_t now_s = call->context.now_s, change_s = calendar_next_change(calendar, now_s), first_s, end_s;
	char change[STAMP_SIZE] = "", year[24], days[24], hours[32];
	struct civil now;

	civil_from(&now, zone_wall(zone, now_s));
	first_s = zone_instant(zone, civil_day(now.year, 1, 1) * 86400);
	end_s = zone_instant(zone, civil_day(now.year + 1, 1, 1) * 86400);
	if (change_s != INT64_MAX) {
		struct stamp stamp = stamp_at(zone, change_s);

		stamp_format(change, &stamp);
	}
	snprintf(year, sizeof(year), "%lld", (long long)now.year);
	snprintf(days, sizeof(days), "%lld", (long long)calendar_working_days(calendar, first_s - 1, end_s - 1));
	snprintf(hours, sizeof(hours), "%.10g", (double)calendar_elapsed(calendar, first_s, end_s) / 3600);
	table_row(table, (const char *[]){calendar_name(calendar), zone_name(zone), calendar_is_open(calendar, now_s) ? "true" : "false", change, year, days, hours}, NULL);
}

static int show_all(struct call *call, struct ticket_error *err)
{
	const struct calendars *calendars;
	struct table *table;
	int failed;

	if ((failed = call_open_desk(call, err)) || (failed = desk_rules(call->desk, NULL, NULL, &calendars, err)) ||
	    (failed = table_open(&table, "calendars", columns, ARRAY_SIZE(columns), &call->table, call->out, err)))
		return failed;
	add_calendar(call, table, calendars_get(calendars, "always"));
	for (size_t i = 0; i < calendars_names(calendars)->n; i++)
		add_calendar(call, table, calendars_get(calendars, calendars_names(calendars)->v[i]));
	table_close(table);
	return 0;
}

static int run_show(struct call *call, struct ticket_error *err)
{
	_cleanup_(chosen_release) struct chosen chosen = {0};
	_cleanup_buf_ struct buf text = {0};
	int failed = call_need_args(call, 0, 1, err);

	if (failed || !call->n_args)
		return failed ? failed : show_all(call, err);
	if ((failed = choose(call, call->args[0], &chosen, err)))
		return failed;
	calendar_write(chosen.calendar, &text);
	fwrite(text.p, 1, text.n, call->out);
	return 0;
}

static const struct command command_show = {
	.name = "show",
	.summary = "the desk's calendars, or one of them as its file says it",
	.synopsis = "[CALENDAR]",
	.flags = COMMAND_ROWS | COMMAND_PAGER,
	.run = run_show,
};

extern const struct command command_calendar_import;
static const struct command *const children[] = {&command_due, &command_elapsed, &command_calendar_import, &command_show, NULL};

const struct command command_calendar = {
	.name = "calendar",
	.summary = "working time: due times, elapsed time, calendars shown and imported",
	.synopsis = "due [--calendar CALENDAR] START DURATION\nelapsed [--calendar CALENDAR] START END\nimport [--name NAME] FILE.ics\nshow [CALENDAR]",
	.children = children,
};
