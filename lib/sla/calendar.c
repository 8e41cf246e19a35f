/* SPDX-License-Identifier: MIT */
/* Calendar files: reading, checking and writing them (ticket-calendar(5)). */
#include "sla/calendar.h"

#include "model/codec.h"

#include <ctype.h>

static const spans closed = {NULL, 0}; /* a holiday's hours */

/* --- spans ----------------------------------------------------------------------------------------------------- */

int32_t wall_of_day(const char *text)
{
	int part[3] = {0};
	size_t n = strlen(text);

	if (n != 5 && n != 8)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (i % 3 == 2 ? text[i] != ':' : !isdigit((unsigned char)text[i]))
			return -1;
		if (i % 3 != 2)
			part[i / 3] = part[i / 3] * 10 + (text[i] - '0');
	}
	if (part[0] == 24)
		return part[1] || part[2] ? -1 : (int32_t)DAY_S;
	return part[0] > 23 || part[1] > 59 || part[2] > 59 ? -1 : part[0] * 3600 + part[1] * 60 + part[2];
}

static void wall_write(struct buf *out, int32_t s)
{
	/* Only a span over midnight ends past 24:00. */
	if (s > DAY_S)
		s -= (int32_t)DAY_S;
	buf_addf(out, "\"%02d:%02d", s / 3600, s / 60 % 60);
	if (s % 60)
		buf_addf(out, ":%02d", s % 60);
	buf_putc(out, '"');
}

static int read_span(struct span *span, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	const struct json *first = json_type(node) == JSON_ARRAY ? json_first(node) : NULL, *second = first ? json_next(first) : NULL;

	if (!second || json_next(second) || json_type(first) != JSON_STRING || json_type(second) != JSON_STRING)
		return codec_fail(in, NULL, err, "each span must be two times, such as [\"09:00\",\"12:00\"]");
	span->start_s = wall_of_day(json_string(first));
	span->end_s = wall_of_day(json_string(second));
	if (span->start_s < 0 || span->end_s < 0)
		return codec_fail(in, NULL, err, "'%s' is not a time of day such as 09:00 or 24:00", json_string(span->start_s < 0 ? first : second));
	if (span->start_s == DAY_S)
		return codec_fail(in, NULL, err, "a span cannot start at 24:00; that is 00:00 of the next day");
	if (span->end_s <= span->start_s)
		span->end_s += (int32_t)DAY_S;
	return 0;
}

static int span_order(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->start_s < y->start_s ? -1 : x->start_s > y->start_s;
}

static int overlap(const struct span *a, const struct span *b, struct codec_reading *in, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};

	buf_putc(&text, '[');
	wall_write(&text, a->start_s);
	buf_putc(&text, ',');
	wall_write(&text, a->end_s);
	buf_puts(&text, "] and [");
	wall_write(&text, b->start_s);
	buf_putc(&text, ',');
	wall_write(&text, b->end_s);
	return codec_fail(in, NULL, err, "the spans %s] overlap; make one of them", text.p);
}

static int read_spans(void *member, const struct json *node, struct codec_reading *in, struct ticket_error *err)
{
	spans *list = member;

	if (json_type(node) != JSON_ARRAY)
		return codec_fail(in, NULL, err, "here stands %s, but it must be an array of spans such as [[\"09:00\",\"12:00\"]]", json_type_name(node));
	for (const struct json *item = json_first(node); item; item = json_next(item)) {
		if (list->n == SPANS_MAX)
			return codec_fail(in, NULL, err, "more than %d spans in one day", SPANS_MAX);
		if (read_span(list_push(list), item, in, err))
			return TICKET_USAGE;
	}
	if (list->n)
		qsort(list->v, list->n, sizeof(*list->v), span_order);
	for (size_t i = 1; i < list->n; i++)
		if (list->v[i].start_s < list->v[i - 1].end_s)
			return overlap(&list->v[i - 1], &list->v[i], in, err);
	return 0;
}

static void write_spans(struct buf *out, const void *member)
{
	const spans *list = member;

	buf_putc(out, '[');
	for (size_t i = 0; i < list->n; i++) {
		buf_puts(out, i ? ",[" : "[");
		wall_write(out, list->v[i].start_s);
		buf_putc(out, ',');
		wall_write(out, list->v[i].end_s);
		buf_putc(out, ']');
	}
	buf_putc(out, ']');
}

static bool spans_present(const void *member)
{
	return ((const spans *)member)->n > 0;
}

static void release_spans(void *member)
{
	free(((spans *)member)->v);
}

static void copy_spans(void *to, const void *from)
{
	const spans *source = from;
	spans *list = to;

	*list = (spans){0};
	for (size_t i = 0; i < source->n; i++)
		*list_push(list) = source->v[i];
}

static const struct codec_custom spans_custom = {read_spans, write_spans, spans_present, release_spans, copy_spans};

/* --- the codec ------------------------------------------------------------------------------------------------- */

#define WEEKDAY(name, i) {name, CODEC_CUSTOM, (i) * sizeof(spans), 0, NULL, NULL, &spans_custom}
static const struct codec_field hours_fields[] = {
	WEEKDAY("mon", 0), WEEKDAY("tue", 1), WEEKDAY("wed", 2), WEEKDAY("thu", 3), WEEKDAY("fri", 4), WEEKDAY("sat", 5), WEEKDAY("sun", 6), CODEC_END,
};
static const struct codec hours_codec = {"week", sizeof(((struct calendar *)0)->hours), hours_fields, 0, -1, NULL};

static const struct codec_field dated_fields[] = {
	FIELD(TEXT, struct dated_spans, "date", date, CODEC_KEY),
	FIELD_CUSTOM(struct dated_spans, "spans", spans, CODEC_VALUE, &spans_custom),
	CODEC_END,
};
static const struct codec dated_codec = {"day", sizeof(struct dated_spans), dated_fields, 0, -1, NULL};

static int check_calendar(void *object, struct codec_reading *in, struct ticket_error *err);

static const struct codec_field calendar_fields[] = {
	FIELD(INT, struct calendar, "format", format, CODEC_REQUIRED),
	FIELD(TEXT, struct calendar, "name", name, CODEC_REQUIRED | CODEC_NOEMPTY),
	FIELD(TEXT, struct calendar, "time_zone", time_zone, CODEC_NOEMPTY),
	FIELD_SUB(OBJECT, struct calendar, "hours", hours, 0, &hours_codec),
	FIELD(TEXTS, struct calendar, "holidays", holidays, 0),
	FIELD(TEXTS, struct calendar, "workdays", workdays, 0),
	FIELD_CUSTOM(struct calendar, "workday_hours", workday_hours, 0, &spans_custom),
	FIELD_SUB(MAP, struct calendar, "days", days, 0, &dated_codec),
	FIELD_SUB(MAP, struct calendar, "breaks", breaks, 0, &dated_codec),
	CODEC_END,
};
const struct codec calendar_codec = {"calendar", sizeof(struct calendar), calendar_fields, 1, -1, check_calendar};

static bool date_day(const char *text, int64_t *day)
{
	char stamp[] = "2026-05-01T00:00:00Z";
	struct stamp midnight;

	if (strlen(text) != strlen("2026-05-01"))
		return false;
	memcpy(stamp, text, strlen("2026-05-01"));
	if (stamp_parse(&midnight, stamp, NULL))
		return false;
	*day = midnight.s / DAY_S - (midnight.s % DAY_S < 0);
	return true;
}

static int bad_date(const char *key, const char *text, struct codec_reading *in, struct ticket_error *err)
{
	return codec_fail(in, key, err, "'%s' is not a date such as 2026-05-01", text);
}

static int check_dates(const char *key, const struct texts *dates, struct codec_reading *in, struct ticket_error *err)
{
	int64_t day;

	for (size_t i = 0; i < dates->n; i++)
		if (!date_day(dates->v[i], &day))
			return bad_date(key, dates->v[i], in, err);
	return 0;
}

static int check_calendar(void *object, struct codec_reading *in, struct ticket_error *err)
{
	const struct calendar *calendar = object;
	int64_t day;

	if (check_dates("holidays", &calendar->holidays, in, err) || check_dates("workdays", &calendar->workdays, in, err))
		return TICKET_USAGE;
	for (size_t i = 0; i < calendar->days.n; i++)
		if (!date_day(calendar->days.v[i].date, &day))
			return bad_date("days", calendar->days.v[i].date, in, err);
	for (size_t i = 0; i < calendar->breaks.n; i++)
		if (!date_day(calendar->breaks.v[i].date, &day))
			return bad_date("breaks", calendar->breaks.v[i].date, in, err);
	return 0;
}

/* --- the days that differ from their weekday ------------------------------------------------------------------- */

/* What is said of a day, from weak to strong. */
enum rank { RANK_HOLIDAY, RANK_WORKDAY, RANK_DAY, RANK_BREAK };

static void add_special(struct calendar *calendar, const char *date, enum rank rank, const spans *own, const spans *breaks)
{
	int64_t day = 0;

	date_day(date, &day);
	*list_push(&calendar->specials) = (struct special){day, rank, own, breaks};
}

static int special_order(const void *a, const void *b)
{
	const struct special *x = a, *y = b;

	return x->day != y->day ? (x->day < y->day ? -1 : 1) : x->rank - y->rank;
}

/* One special for each day: the stronger hours replace the weaker. */
static void merge_specials(struct calendar *calendar)
{
	struct special *v = calendar->specials.v;
	size_t kept = 0;

	for (size_t i = 0; i < calendar->specials.n; i++) {
		if (!kept || v[kept - 1].day != v[i].day) {
			v[kept++] = v[i];
			continue;
		}
		if (v[i].rank == RANK_BREAK)
			v[kept - 1].breaks = v[i].breaks;
		else
			v[kept - 1].own = v[i].own;
	}
	calendar->specials.n = kept;
}

static void collect_specials(struct calendar *calendar)
{
	free(calendar->specials.v);
	calendar->specials.v = NULL;
	calendar->specials.n = 0;
	for (size_t i = 0; i < calendar->holidays.n; i++)
		add_special(calendar, calendar->holidays.v[i], RANK_HOLIDAY, &closed, NULL);
	for (size_t i = 0; i < calendar->workdays.n; i++)
		add_special(calendar, calendar->workdays.v[i], RANK_WORKDAY, calendar->workday_hours.n ? &calendar->workday_hours : NULL, NULL);
	for (size_t i = 0; i < calendar->days.n; i++)
		add_special(calendar, calendar->days.v[i].date, RANK_DAY, &calendar->days.v[i].spans, NULL);
	for (size_t i = 0; i < calendar->breaks.n; i++)
		add_special(calendar, calendar->breaks.v[i].date, RANK_BREAK, NULL, &calendar->breaks.v[i].spans);
	if (calendar->specials.n)
		qsort(calendar->specials.v, calendar->specials.n, sizeof(*calendar->specials.v), special_order);
	merge_specials(calendar);
}

/* --- whole calendars ------------------------------------------------------------------------------------------- */

int calendar_read_in(struct calendar **out, const char *text, size_t length, const char *origin, const char *time_zone, struct ticket_error *err)
{
	_cleanup_calendar_ struct calendar *calendar = xcalloc(1, sizeof(*calendar));
	int failed;

	*out = NULL;
	if ((failed = codec_read(&calendar_codec, calendar, text, length, origin, err)))
		return failed;
	if (calendar->time_zone)
		time_zone = calendar->time_zone;
	if (!time_zone)
		return ticket_fail(err, TICKET_USAGE, "%s: the calendar names no 'time_zone', and there is no desk to take it from", origin);
	if ((failed = zone_open(&calendar->zone, time_zone, err))) {
		ticket_fail_in(err, "%s: time_zone: ", origin);
		return failed;
	}
	collect_specials(calendar);
	calendar_index(calendar);
	*out = steal_ptr(calendar);
	return 0;
}

int calendar_read(struct calendar **out, const char *text, size_t length, const char *origin, struct ticket_error *err)
{
	return calendar_read_in(out, text, length, origin, NULL, err);
}

int calendar_always(struct calendar **out, const char *time_zone, struct ticket_error *err)
{
	static const char text[] = "{\"format\":1,\"name\":\"always\",\"hours\":{\"mon\":[[\"00:00\",\"24:00\"]],\"tue\":[[\"00:00\",\"24:00\"]],"
				   "\"wed\":[[\"00:00\",\"24:00\"]],\"thu\":[[\"00:00\",\"24:00\"]],\"fri\":[[\"00:00\",\"24:00\"]],"
				   "\"sat\":[[\"00:00\",\"24:00\"]],\"sun\":[[\"00:00\",\"24:00\"]]}}";

	return calendar_read_in(out, text, sizeof(text) - 1, "always", time_zone, err);
}

void calendar_free(struct calendar *calendar)
{
	if (!calendar)
		return;
	zone_free(calendar->zone);
	free(calendar->specials.v);
	free(calendar->corrections.v);
	codec_release(&calendar_codec, calendar);
	free(calendar);
}

void calendar_copy_file(struct calendar *to, const struct calendar *from)
{
	codec_copy(&calendar_codec, to, from);
	/* A copy borrows nothing of the other's index. */
	to->zone = NULL;
	memset(&to->specials, 0, sizeof(to->specials));
	memset(&to->corrections, 0, sizeof(to->corrections));
}

void calendar_write(const struct calendar *calendar, struct buf *out)
{
	codec_write(&calendar_codec, calendar, out);
}

const char *calendar_name(const struct calendar *calendar)
{
	return calendar->name;
}

const struct zone *calendar_zone(const struct calendar *calendar)
{
	return calendar->zone;
}
