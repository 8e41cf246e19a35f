/* SPDX-License-Identifier: MIT */
/*
 * Working time: how much of it lies between two instants, and where one gets by adding it.
 *
 * All is decided in wall time, day by day, and then put on the time line: zone_instant never goes back when the wall goes
 * on, so unions and breaks may be cut on the wall. Whole days are not walked through: they are counted by the week, and
 * corrected for the special days (by running sums) and for the days around each change of the zone's offset.
 */
#include "sla/calendar.h"

/* The open stretches of one day, disjoint and in order, in wall seconds from its midnight. */
struct pieces {
	struct span v[PIECES_MAX];
	size_t n;
};

static int64_t floor_day(int64_t wall_s)
{
	return wall_s / DAY_S - (wall_s % DAY_S < 0);
}

/* --- one day on the wall --------------------------------------------------------------------------------------- */

/* The first special day from 'day' on, as a place in their list. */
static size_t special_from(const struct calendar *calendar, int64_t day)
{
	size_t low = 0, high = calendar->specials.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (calendar->specials.v[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct special *special_of(const struct calendar *calendar, int64_t day)
{
	size_t at = special_from(calendar, day);

	return at < calendar->specials.n && calendar->specials.v[at].day == day ? &calendar->specials.v[at] : NULL;
}

static const spans *hours_of(const struct calendar *calendar, int64_t day)
{
	const struct special *special = special_of(calendar, day);

	return special && special->own ? special->own : &calendar->hours.of[civil_weekday(day)];
}

/* Adds a stretch clipped to [0, limit), joined to the last one where they touch or overlap; starts must not go back. */
static void add_piece(struct pieces *pieces, int64_t start_s, int64_t end_s, int64_t limit_s)
{
	struct span *last = pieces->n ? &pieces->v[pieces->n - 1] : NULL;

	if (start_s < 0)
		start_s = 0;
	if (end_s > limit_s)
		end_s = limit_s;
	if (end_s <= start_s)
		return;
	if (last && start_s <= last->end_s) {
		if (end_s > last->end_s)
			last->end_s = (int32_t)end_s;
		return;
	}
	pieces->v[pieces->n++] = (struct span){(int32_t)start_s, (int32_t)end_s};
}

/* Cuts the spans of a day that lies 'shift' days off out of the pieces. */
static void cut_breaks(struct pieces *pieces, const struct calendar *calendar, int64_t day, int shift)
{
	const struct special *special = special_of(calendar, day + shift);
	int32_t offset_s = (int32_t)(shift * DAY_S);

	for (size_t i = 0; special && special->breaks && i < special->breaks->n; i++) {
		int32_t from = special->breaks->v[i].start_s + offset_s, until = special->breaks->v[i].end_s + offset_s;
		struct pieces rest = {.n = 0};

		for (size_t k = 0; k < pieces->n; k++) {
			struct span piece = pieces->v[k];

			if (piece.start_s < from)
				rest.v[rest.n++] = (struct span){piece.start_s, piece.end_s < from ? piece.end_s : from};
			if (piece.end_s > until)
				rest.v[rest.n++] = (struct span){piece.start_s > until ? piece.start_s : until, piece.end_s};
		}
		memcpy(pieces->v, rest.v, rest.n * sizeof(rest.v[0]));
		pieces->n = rest.n;
	}
}

/* What is open on a local day: its own hours until midnight and what runs over from the day before, less the breaks. */
static void open_pieces(const struct calendar *calendar, int64_t day, struct pieces *pieces)
{
	const spans *before = hours_of(calendar, day - 1), *own = hours_of(calendar, day);

	pieces->n = 0;
	if (before->n) /* sorted and disjoint: only the last can run over midnight */
		add_piece(pieces, before->v[before->n - 1].start_s - DAY_S, before->v[before->n - 1].end_s - DAY_S, DAY_S);
	for (size_t i = 0; i < own->n; i++)
		add_piece(pieces, own->v[i].start_s, own->v[i].end_s, DAY_S);
	if (calendar->breaks.n) {
		cut_breaks(pieces, calendar, day, -1);
		cut_breaks(pieces, calendar, day, 0);
	}
}

static int64_t wall_length(const struct calendar *calendar, int64_t day)
{
	struct pieces pieces;
	int64_t sum = 0;

	open_pieces(calendar, day, &pieces);
	for (size_t i = 0; i < pieces.n; i++)
		sum += pieces.v[i].end_s - pieces.v[i].start_s;
	return sum;
}

/* --- one day on the time line ---------------------------------------------------------------------------------- */

static int64_t instant_of(const struct calendar *calendar, int64_t day, int64_t second)
{
	return zone_instant(calendar->zone, day * DAY_S + second);
}

/* The local day that holds an instant: the last one whose midnight is not after it. */
static int64_t day_of(const struct calendar *calendar, int64_t at_s)
{
	int64_t day = floor_day(zone_wall(calendar->zone, at_s));

	/* A wall that is turned back over midnight shows yesterday's date again. */
	while (instant_of(calendar, day + 1, 0) <= at_s)
		day++;
	while (instant_of(calendar, day, 0) > at_s)
		day--;
	return day;
}

/* Open seconds of a day that lie within [from_s, until_s). */
static int64_t open_within(const struct calendar *calendar, int64_t day, int64_t from_s, int64_t until_s)
{
	struct pieces pieces;
	int64_t sum = 0;

	open_pieces(calendar, day, &pieces);
	for (size_t i = 0; i < pieces.n; i++) {
		int64_t start = instant_of(calendar, day, pieces.v[i].start_s), end = instant_of(calendar, day, pieces.v[i].end_s);

		if (start < from_s)
			start = from_s;
		if (end > until_s)
			end = until_s;
		if (start < end)
			sum += end - start;
	}
	return sum;
}

/* --- many days ------------------------------------------------------------------------------------------------- */

void calendar_index(struct calendar *calendar)
{
	/* Any week without specials would do; the weekday decides, so far outside of all dates is far enough. */
	static const int64_t ordinary = INT64_C(7) * 1000000 + 4; /* a Monday */
	int64_t sum = 0;

	calendar->week_s = 0;
	for (int i = 0; i < 7; i++)
		calendar->week_s += calendar->weekday_s[i] = wall_length(calendar, ordinary + i);
	calendar->corrections.n = 0;
	for (size_t i = 0; i < calendar->specials.n; i++)
		for (int64_t day = calendar->specials.v[i].day; day <= calendar->specials.v[i].day + 1; day++) {
			const struct correction *last = calendar->corrections.n ? &calendar->corrections.v[calendar->corrections.n - 1] : NULL;

			if (last && last->day >= day)
				continue;
			sum += wall_length(calendar, day) - calendar->weekday_s[civil_weekday(day)];
			*list_push(&calendar->corrections) = (struct correction){day, sum};
		}
}

/* The sum of the corrections of all days before 'day'. */
static int64_t corrections_before(const struct calendar *calendar, int64_t day)
{
	size_t low = 0, high = calendar->corrections.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (calendar->corrections.v[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? calendar->corrections.v[low - 1].sum_s : 0;
}

/* What a day has more on the time line than on the wall. */
typedef int64_t day_difference(const struct calendar *calendar, int64_t day);

static int64_t open_difference(const struct calendar *calendar, int64_t day)
{
	return open_within(calendar, day, INT64_MIN, INT64_MAX) - wall_length(calendar, day);
}

/* The differences of all days in [first, end): none but those around a change of the zone's offset have any. */
static int64_t zone_corrections(const struct calendar *calendar, int64_t first, int64_t end, day_difference *difference)
{
	int64_t stop = end * DAY_S + 2 * DAY_S, sum = 0, done = first - 1;

	for (int64_t at = zone_next_change(calendar->zone, first * DAY_S - 2 * DAY_S); at < stop; at = zone_next_change(calendar->zone, at)) {
		int64_t before = floor_day(at + zone_offset(calendar->zone, at - 1)), after = floor_day(zone_wall(calendar->zone, at));
		int64_t low = (before < after ? before : after) - 1, high = before < after ? after : before; /* the night before may run into it */

		for (int64_t day = low > done ? low : done + 1; day <= high && day < end; day++) {
			sum += difference(calendar, day);
			done = day;
		}
	}
	return sum;
}

/* Open seconds of the whole days [first, end). */
static int64_t open_days(const struct calendar *calendar, int64_t first, int64_t end)
{
	int64_t sum, day;

	if (first >= end)
		return 0;
	sum = (end - first) / 7 * calendar->week_s;
	for (day = first + (end - first) / 7 * 7; day < end; day++)
		sum += calendar->weekday_s[civil_weekday(day)];
	return sum + corrections_before(calendar, end) - corrections_before(calendar, first) + zone_corrections(calendar, first, end, open_difference);
}

/* Round the clock, every day: then working time is time. */
static bool is_always_open(const struct calendar *calendar)
{
	return calendar->week_s == 7 * DAY_S && !calendar->specials.n;
}

int64_t calendar_elapsed(const struct calendar *calendar, int64_t from_s, int64_t until_s)
{
	int64_t first, last;

	if (until_s <= from_s)
		return 0;
	if (is_always_open(calendar))
		return until_s - from_s;
	first = day_of(calendar, from_s);
	last = day_of(calendar, until_s);
	if (first == last)
		return open_within(calendar, first, from_s, until_s);
	return open_within(calendar, first, from_s, INT64_MAX) + open_days(calendar, first + 1, last) + open_within(calendar, last, INT64_MIN, until_s);
}

bool calendar_is_open(const struct calendar *calendar, int64_t at_s)
{
	return open_within(calendar, day_of(calendar, at_s), at_s, at_s + 1) > 0;
}

/* --- changes --------------------------------------------------------------------------------------------------- */

/* After this day every week is like the others. */
static int64_t last_special_day(const struct calendar *calendar)
{
	return calendar->specials.n ? calendar->specials.v[calendar->specials.n - 1].day + 1 : INT64_MIN;
}

int64_t calendar_next_change(const struct calendar *calendar, int64_t at_s)
{
	bool open = calendar_is_open(calendar, at_s);
	int64_t day = day_of(calendar, at_s), last = last_special_day(calendar), reached = at_s;

	/* Past the specials every week is like the others, so what has not changed in ten years never will. */
	last = (last > day ? last : day) + TEN_YEARS_DAYS;
	for (; day <= last; day++) {
		struct pieces pieces;

		if (day > last_special_day(calendar) && calendar->week_s == (open ? 7 * DAY_S : 0))
			return INT64_MAX;
		open_pieces(calendar, day, &pieces);
		for (size_t i = 0; i < pieces.n; i++) {
			int64_t start = instant_of(calendar, day, pieces.v[i].start_s), end = instant_of(calendar, day, pieces.v[i].end_s);

			if (start == end || end <= reached)
				continue;
			if (start > reached) /* closed from 'reached' to 'start' */
				return open ? reached : start;
			if (!open)
				return INT64_MAX; /* not reached: 'at_s' would have been open */
			reached = end;
		}
		/* Closed at the end of the day: the stretch ended where the last piece did. */
		if (open && reached < instant_of(calendar, day + 1, 0))
			return reached;
	}
	return INT64_MAX;
}

/* --- working days ---------------------------------------------------------------------------------------------- */

/* The day's own hours, wherever they end, less the breaks. What runs over from the day before is the day before's. */
static void own_pieces(const struct calendar *calendar, int64_t day, struct pieces *pieces)
{
	const spans *own = hours_of(calendar, day);

	pieces->n = 0;
	for (size_t i = 0; i < own->n; i++)
		add_piece(pieces, own->v[i].start_s, own->v[i].end_s, 2 * DAY_S);
	if (calendar->breaks.n)
		for (int shift = -1; shift <= 1; shift++)
			cut_breaks(pieces, calendar, day, shift);
}

/* Has the day any open time of its own? */
static bool day_works(const struct calendar *calendar, int64_t day)
{
	struct pieces pieces;

	own_pieces(calendar, day, &pieces);
	for (size_t i = 0; i < pieces.n; i++)
		if (instant_of(calendar, day, pieces.v[i].start_s) < instant_of(calendar, day, pieces.v[i].end_s))
			return true;
	return false;
}

bool calendar_is_working_day(const struct calendar *calendar, int64_t at_s)
{
	return day_works(calendar, day_of(calendar, at_s));
}

static bool works_on_wall(const struct calendar *calendar, int64_t day)
{
	struct pieces pieces;

	own_pieces(calendar, day, &pieces);
	return pieces.n > 0;
}

static bool weekday_works(const struct calendar *calendar, int64_t day)
{
	return calendar->hours.of[civil_weekday(day)].n > 0;
}

static int64_t work_difference(const struct calendar *calendar, int64_t day)
{
	return (int64_t)day_works(calendar, day) - (int64_t)works_on_wall(calendar, day);
}

/* How many more of the days [first, end) work on the wall than their weekdays say: a special day may cut the nights beside it too. */
static int64_t special_corrections(const struct calendar *calendar, int64_t first, int64_t end)
{
	int64_t sum = 0, done = first - 1;

	for (size_t i = special_from(calendar, first - 1); i < calendar->specials.n && calendar->specials.v[i].day <= end; i++) {
		int64_t special = calendar->specials.v[i].day;

		for (int64_t day = special - 1 > done ? special - 1 : done + 1; day <= special + 1 && day < end; day++) {
			sum += (int64_t)works_on_wall(calendar, day) - (int64_t)weekday_works(calendar, day);
			done = day;
		}
	}
	return sum;
}

/* By the week, as open time is counted. */
int64_t calendar_working_days(const struct calendar *calendar, int64_t from_s, int64_t until_s)
{
	int64_t first = day_of(calendar, from_s) + 1, end = day_of(calendar, until_s) + 1, n = 0;

	if (first >= end)
		return 0;
	for (int i = 0; i < 7; i++)
		n += weekday_works(calendar, first + i);
	n *= (end - first) / 7;
	for (int64_t day = first + (end - first) / 7 * 7; day < end; day++)
		n += weekday_works(calendar, day);
	return n + special_corrections(calendar, first, end) + zone_corrections(calendar, first, end, work_difference);
}

int64_t calendar_day_end(const struct calendar *calendar, int64_t at_s)
{
	return instant_of(calendar, day_of(calendar, at_s) + 1, 0);
}

bool calendar_next_by(const struct calendar *calendar, const char *by, int64_t *from_s, int64_t *due_s)
{
	int32_t second = wall_of_day(by);
	int64_t first = day_of(calendar, *from_s);

	for (int64_t day = first; second >= 0 && day <= first + TEN_YEARS_DAYS; day++) {
		*due_s = instant_of(calendar, day, second);
		if (*due_s <= *from_s || !day_works(calendar, day))
			continue;
		if (day > first)
			*from_s = instant_of(calendar, day, 0);
		return true;
	}
	return false;
}

/* --- adding ---------------------------------------------------------------------------------------------------- */

/* 9999-12-31T23:59:59Z and 0000-01-01T00:00:00Z: beyond them a time cannot be written. */
#define LAST_S INT64_C(253402300799)
#define FIRST_S INT64_C(-62167219200)

static int no_time(const struct calendar *calendar, int64_t from_s, bool back, struct ticket_error *err)
{
	struct stamp from = stamp_at(calendar->zone, from_s);
	char text[STAMP_SIZE];

	return ticket_fail(err, TICKET_NOTFOUND, "the calendar '%s' has no working time within ten years %s %s; look at its hours and days", calendar->name,
			   back ? "before" : "after", stamp_format(text, &from));
}

static int too_far(const struct calendar *calendar, struct ticket_error *err)
{
	return ticket_fail(err, TICKET_NOTFOUND, "on the calendar '%s' that ends outside the years 0 to 9999; take a shorter length", calendar->name);
}

/* The instant within a day at which 'rest_s' open seconds from 'from_s' on have passed; nothing: the next opening. */
static int64_t end_in_day(const struct calendar *calendar, int64_t day, int64_t from_s, int64_t rest_s)
{
	struct pieces pieces;

	open_pieces(calendar, day, &pieces);
	for (size_t i = 0; i < pieces.n; i++) {
		int64_t start = instant_of(calendar, day, pieces.v[i].start_s), end = instant_of(calendar, day, pieces.v[i].end_s);

		if (start < from_s)
			start = from_s;
		if (end <= start)
			continue;
		if (end - start >= rest_s)
			return start + rest_s;
		rest_s -= end - start;
	}
	return from_s;
}

/* The same backwards; nothing: the last closing. */
static int64_t start_in_day(const struct calendar *calendar, int64_t day, int64_t until_s, int64_t rest_s)
{
	struct pieces pieces;

	open_pieces(calendar, day, &pieces);
	for (size_t i = pieces.n; i-- > 0;) {
		int64_t start = instant_of(calendar, day, pieces.v[i].start_s), end = instant_of(calendar, day, pieces.v[i].end_s);

		if (end > until_s)
			end = until_s;
		if (end <= start)
			continue;
		if (end - start >= rest_s)
			return end - rest_s;
		rest_s -= end - start;
	}
	return until_s;
}

/*
 * How many whole days from 'day' on it takes until 'needed_s' open seconds lie between the instant and the midnight
 * there; TEN_YEARS_DAYS + 1 when more than ten years. Doubles the step, then halves it.
 */
static int64_t days_needed(const struct calendar *calendar, int64_t day, int64_t at_s, int64_t needed_s, int direction)
{
	int64_t low = 0, high = 1;

#define OPEN_UNTIL(n) \
	(direction > 0 ? calendar_elapsed(calendar, at_s, instant_of(calendar, day + (n), 0)) \
		       : calendar_elapsed(calendar, instant_of(calendar, day + 1 - (n), 0), at_s))
	while (OPEN_UNTIL(high) < needed_s) {
		if (high == TEN_YEARS_DAYS)
			return TEN_YEARS_DAYS + 1;
		low = high;
		high = high * 2 < TEN_YEARS_DAYS ? high * 2 : TEN_YEARS_DAYS;
	}
	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (OPEN_UNTIL(middle) < needed_s)
			low = middle;
		else
			high = middle;
	}
#undef OPEN_UNTIL
	return high;
}

static int add_seconds(int64_t *out_s, const struct calendar *calendar, int64_t from_s, int64_t length_s, struct ticket_error *err)
{
	int64_t start_s = from_s;

	for (;;) {
		int64_t day = day_of(calendar, from_s), n = days_needed(calendar, day, from_s, length_s ? length_s : 1, 1), passed;

		if (n <= TEN_YEARS_DAYS) {
			int64_t midnight = instant_of(calendar, day + n - 1, 0);

			passed = midnight > from_s ? calendar_elapsed(calendar, from_s, midnight) : 0;
			*out_s = end_in_day(calendar, day + n - 1, midnight > from_s ? midnight : from_s, length_s - passed);
			return *out_s > LAST_S ? too_far(calendar, err) : 0;
		}
		passed = calendar_elapsed(calendar, from_s, instant_of(calendar, day + TEN_YEARS_DAYS, 0));
		if (!passed)
			return no_time(calendar, start_s, false, err);
		length_s -= passed;
		from_s = instant_of(calendar, day + TEN_YEARS_DAYS, 0);
		if (from_s > LAST_S)
			return too_far(calendar, err);
	}
}

/* On a calendar that is always open. */
static int move_seconds(int64_t *out_s, const struct calendar *calendar, int64_t from_s, int64_t seconds, bool back, struct ticket_error *err)
{
	if (back ? seconds > from_s - FIRST_S : seconds > LAST_S - from_s)
		return too_far(calendar, err);
	*out_s = back ? from_s - seconds : from_s + seconds;
	return 0;
}

static int take_seconds(int64_t *out_s, const struct calendar *calendar, int64_t from_s, int64_t length_s, struct ticket_error *err)
{
	int64_t start_s = from_s;

	for (;;) {
		int64_t day = day_of(calendar, from_s), n = days_needed(calendar, day, from_s, length_s ? length_s : 1, -1), passed;

		if (n <= TEN_YEARS_DAYS) {
			int64_t midnight = instant_of(calendar, day - n + 2, 0);

			passed = midnight < from_s ? calendar_elapsed(calendar, midnight, from_s) : 0;
			*out_s = start_in_day(calendar, day - n + 1, midnight < from_s ? midnight : from_s, length_s - passed);
			return *out_s < FIRST_S ? too_far(calendar, err) : 0;
		}
		passed = calendar_elapsed(calendar, instant_of(calendar, day + 1 - TEN_YEARS_DAYS, 0), from_s);
		if (!passed)
			return no_time(calendar, start_s, true, err);
		length_s -= passed;
		from_s = instant_of(calendar, day + 1 - TEN_YEARS_DAYS, 0);
		if (from_s < FIRST_S)
			return too_far(calendar, err);
	}
}

/* The same wall time 'n' working days on (or back). */
static int move_days(int64_t *out_s, const struct calendar *calendar, int64_t from_s, int64_t n, int direction, struct ticket_error *err)
{
	int64_t day = day_of(calendar, from_s), second = zone_wall(calendar->zone, from_s) - day * DAY_S;
	int64_t empty = 0;

	while (n > 0) {
		day += direction;
		if (day_works(calendar, day)) {
			n--;
			empty = 0;
		} else if (++empty > TEN_YEARS_DAYS) {
			return no_time(calendar, instant_of(calendar, day - direction * empty, 0), direction < 0, err);
		}
		if (day * DAY_S > LAST_S || day * DAY_S < FIRST_S)
			return too_far(calendar, err);
	}
	*out_s = instant_of(calendar, day, second);
	return 0;
}

int calendar_add(int64_t *out_s, const struct calendar *calendar, int64_t from_s, const struct duration *length, struct ticket_error *err)
{
	bool back = length->back || length->seconds < 0 || length->working_days < 0;
	int64_t seconds = length->seconds < 0 ? -length->seconds : length->seconds;
	int failed;

	*out_s = from_s;
	if (length->working_days) {
		failed = move_days(&from_s, calendar, from_s, back ? -length->working_days : length->working_days, back ? -1 : 1, err);
		if (failed)
			return failed;
	}
	if (!seconds && calendar_is_open(calendar, from_s)) {
		*out_s = from_s;
		return 0;
	}
	if (is_always_open(calendar))
		return move_seconds(out_s, calendar, from_s, seconds, back, err);
	return (back ? take_seconds : add_seconds)(out_s, calendar, from_s, seconds, err);
}
