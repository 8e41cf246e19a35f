/* SPDX-License-Identifier: MIT */
/*
 * ticket-ical: the days of an iCalendar file (RFC 5545), for `ticket calendar import`. A program of its own, because
 * libical brings the whole of ICU with it, which would make the start of every command ten times slower.
 *
 *   ticket-ical NOW YEARS WORK-WORD < FILE.ics
 *
 * Each VEVENT of whole days, its RRULE, RDATE, EXDATE and single changed occurrences, from ten years before NOW (seconds
 * since 1970) to YEARS after. One line each: "off DATE" or, where the summary holds WORK-WORD, "work DATE"; or one line
 * "fail REASON" and exit code 2.
 */
#include "ticket/buf.h"
#include "ticket/language.h"
#include "ticket/time.h"

#include <libical/ical.h>

#define DAY_S INT64_C(86400)
#define LONGEST_DAYS 366      /* one entry */
#define MOST_OCCURRENCES 5000 /* of one entry: a rule by the second must not fill the disk */
#define PAST_YEARS 10
#define FILE_LIMIT (64u << 20)

struct collecting {
	struct texts *off, *work;
	const char *work_word;
	int64_t first_day, last_day;
	icalcomponent *root;
};

static int64_t day_number(icaltimetype time)
{
	return civil_day(time.year, time.month, time.day);
}

static void add_day(struct texts *list, int64_t day)
{
	struct civil c;
	char text[32];

	civil_from(&c, day * DAY_S);
	snprintf(text, sizeof(text), "%04d-%02d-%02d", (int)c.year, c.month, c.day);
	if (!texts_have(list, text))
		texts_add(list, text);
}

/* How many days an entry covers; 0: it is of hours, not of days. The end is exclusive. */
static int64_t days_of(icalcomponent *event, icaltimetype start)
{
	icaltimetype end = icalcomponent_get_dtend(event);

	if (!start.is_date)
		return 0;
	if (icaltime_is_null_time(end) || day_number(end) <= day_number(start))
		return 1;
	return day_number(end) - day_number(start);
}

/* Taken out by EXDATE. */
static bool is_excepted(icalcomponent *event, int64_t day)
{
	for (icalproperty *p = icalcomponent_get_first_property(event, ICAL_EXDATE_PROPERTY); p; p = icalcomponent_get_next_property(event, ICAL_EXDATE_PROPERTY))
		if (day_number(icalproperty_get_exdate(p)) == day)
			return true;
	return false;
}

/* Replaced by an entry of its own: the same UID with a RECURRENCE-ID of that day. */
static bool is_replaced(const struct collecting *c, icalcomponent *event, int64_t day)
{
	const char *uid = icalcomponent_get_uid(event);
	icalcompiter i;

	if (!uid || !icaltime_is_null_time(icalcomponent_get_recurrenceid(event)))
		return false;
	i = icalcomponent_begin_component(c->root, ICAL_VEVENT_COMPONENT);
	for (icalcomponent *other; (other = icalcompiter_deref(&i)); icalcompiter_next(&i)) {
		icaltimetype replaces = icalcomponent_get_recurrenceid(other);

		if (!icaltime_is_null_time(replaces) && day_number(replaces) == day && text_equal(icalcomponent_get_uid(other), uid))
			return true;
	}
	return false;
}

static void add_occurrence(struct collecting *c, icalcomponent *event, struct texts *list, int64_t first, int64_t days)
{
	if (is_excepted(event, first) || is_replaced(c, event, first))
		return;
	for (int64_t day = first; day < first + days; day++)
		if (day >= c->first_day && day <= c->last_day)
			add_day(list, day);
}

static void add_repeated(struct collecting *c, icalcomponent *event, icalproperty *rule, struct texts *list, icaltimetype start, int64_t days)
{
	icalrecur_iterator *i = icalrecur_iterator_new(icalproperty_get_rrule(rule), start);
	icaltimetype next;

	for (int n = 0; i && n < MOST_OCCURRENCES && !icaltime_is_null_time(next = icalrecur_iterator_next(i)) && day_number(next) <= c->last_day; n++)
		add_occurrence(c, event, list, day_number(next), days);
	if (i)
		icalrecur_iterator_free(i);
}

static int add_event(struct collecting *c, icalcomponent *event, struct ticket_error *err)
{
	const char *summary = icalcomponent_get_summary(event);
	struct texts *list = c->work_word && summary && strstr(summary, c->work_word) ? c->work : c->off;
	icaltimetype start = icalcomponent_get_dtstart(event);
	icalproperty *rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
	int64_t days = icaltime_is_null_time(start) ? 0 : days_of(event, start);

	if (!days || icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED)
		return 0;
	if (days > LONGEST_DAYS)
		return ticket_fail(err, TICKET_USAGE, "the entry '%s' covers %lld days; more than %d cannot be meant as days off", summary ? summary : "", (long long)days, LONGEST_DAYS);
	if (rule)
		add_repeated(c, event, rule, list, start, days);
	else
		add_occurrence(c, event, list, day_number(start), days);
	for (icalproperty *p = icalcomponent_get_first_property(event, ICAL_RDATE_PROPERTY); p; p = icalcomponent_get_next_property(event, ICAL_RDATE_PROPERTY)) {
		struct icaldatetimeperiodtype more = icalproperty_get_rdate(p);

		if (!icaltime_is_null_time(more.time))
			add_occurrence(c, event, list, day_number(more.time), days);
	}
	return 0;
}

static int add_events(struct collecting *c, struct ticket_error *err)
{
	icalcompiter i = icalcomponent_begin_component(c->root, ICAL_VEVENT_COMPONENT);
	int failed = 0;

	for (icalcomponent *event; !failed && (event = icalcompiter_deref(&i)); icalcompiter_next(&i))
		failed = add_event(c, event, err);
	return failed;
}

static int read_days(struct collecting *c, const char *text, int64_t now_s, int64_t years, struct ticket_error *err)
{
	struct civil now;
	int failed;

	civil_from(&now, now_s);
	c->first_day = civil_day(now.year - PAST_YEARS, 1, 1);
	c->last_day = civil_day(now.year + (years < 100 ? years : 100) + 1, 1, 1) - 1;
	icalerror_set_errors_are_fatal(false);
	c->root = icalparser_parse_string(text);
	if (!c->root || icalcomponent_isa(c->root) != ICAL_VCALENDAR_COMPONENT) {
		if (c->root)
			icalcomponent_free(c->root);
		return ticket_fail(err, TICKET_USAGE, "it is no iCalendar file: it holds no VCALENDAR");
	}
	failed = add_events(c, err);
	icalcomponent_free(c->root);
	if (!failed && !c->off->n && !c->work->n)
		return ticket_fail(err, TICKET_USAGE, "it holds no days off: no entry (VEVENT) of whole days within the years asked for");
	return failed;
}

static int read_input(struct buf *out, struct ticket_error *err)
{
	char chunk[8192];
	size_t n;

	while ((n = fread(chunk, 1, sizeof(chunk), stdin)) > 0) {
		buf_add(out, chunk, n);
		if (out->n > FILE_LIMIT)
			return ticket_fail(err, TICKET_USAGE, "it is larger than %u bytes", FILE_LIMIT);
	}
	if (ferror(stdin))
		return ticket_fail(err, TICKET_STORAGE, "it cannot be read");
	if (!out->n || memchr(out->p, '\0', out->n))
		return ticket_fail(err, TICKET_USAGE, "it is no iCalendar file: it holds no VCALENDAR");
	return 0;
}

static void print_days(const char *word, const struct texts *days)
{
	for (size_t i = 0; i < days->n; i++)
		printf("%s %s\n", word, days->v[i]);
}

int main(int argc, char **argv)
{
	_cleanup_buf_ struct buf text = {0};
	_cleanup_(texts_release) struct texts off = {0}, work = {0};
	struct collecting c = {.off = &off, .work = &work};
	struct ticket_error err = {0};
	const char *wished = language_wished(getenv);

	if (wished)
		language_open(getenv("TICKET_LOCALES"), wished);
	if (argc != 4) {
		fputs(_("usage: ticket-ical NOW YEARS WORK-WORD < FILE.ics (see ticket-calendar(1))\n"), stderr);
		return 2;
	}
	c.work_word = *argv[3] ? argv[3] : NULL;
	if (read_input(&text, &err) || read_days(&c, text.p, atoll(argv[1]), atoll(argv[2]), &err)) {
		err.message[strcspn(err.message, "\n")] = '\0';
		printf("fail %s\n", err.message);
		return 2;
	}
	print_days("off", &off);
	print_days("work", &work);
	return fflush(stdout) ? 7 : 0;
}
