/* SPDX-License-Identifier: MIT */
/*
 * Facts as bytes. A number is its zigzag value, seven bits a byte; a text its length and one more (0: none), its bytes
 * and a NUL, so that whoever reads it need not copy it; a time counts from the receipt, 0 is none. What people wrote
 * stands apart from what is counted.
 */
#include "figures/fact.h"

#define TEXT(member) offsetof(struct fact, member)
/* Members of each kind, in the order in which they are written. Another member is one word in one of these lists. */
static const size_t texts[] = {TEXT(customer), TEXT(id), TEXT(channel), TEXT(category), TEXT(grade), TEXT(priority), TEXT(risk), TEXT(group), TEXT(assignee),
			       TEXT(satisfied), TEXT(low_cause), TEXT(quarantine_cause), TEXT(escalated_to), TEXT(policy), TEXT(blob), TEXT(incident)};
static const size_t words_of[] = {TEXT(customer_name), TEXT(subject), TEXT(feedback), TEXT(remark), TEXT(doing), TEXT(progress), TEXT(plan), TEXT(result), TEXT(escalated_why)};
static const size_t lists[] = {TEXT(types), TEXT(departments)};
static const size_t times[] = {TEXT(registered_s), TEXT(responded_s), TEXT(resolved_s), TEXT(archived_s), TEXT(due_s), TEXT(low_contacted_s), TEXT(stored_s)};
static const size_t numbers[] = {TEXT(level), TEXT(escalations), TEXT(reopenings), TEXT(inbounds), TEXT(complaints), TEXT(steps), TEXT(handling_days),
				 TEXT(low_followed_up), TEXT(fields), TEXT(fields_filled), TEXT(keys), TEXT(keys_filled), TEXT(suspicions)};
static const size_t flags[] = {TEXT(quarantined), TEXT(delayed), TEXT(waited), TEXT(disputed), TEXT(surveyed), TEXT(answered), TEXT(low), TEXT(complaint),
			       TEXT(whole_chain), TEXT(overdue), TEXT(followed), TEXT(confirmed), TEXT(followed_up), TEXT(is_incident)};
#define AT(fact, offset, type) ((type *)((char *)(fact) + (offset)))
#define GET(fact, offset, type) (*(type const *)((const char *)(fact) + (offset)))

/* --- writing ----------------------------------------------------------------------------------------------------- */

static void put_long_count(struct buf *out, uint64_t count)
{
	for (; count > 0x7f; count >>= 7)
		buf_putc(out, (char)(count | 0x80));
	buf_putc(out, (char)count);
}

/* Nearly all are one byte. */
static inline void put_count(struct buf *out, uint64_t count)
{
	if (count > 0x7f)
		put_long_count(out, count);
	else
		buf_putc(out, (char)count);
}

static void put_number(struct buf *out, int64_t number)
{
	put_count(out, (uint64_t)number << 1 ^ (uint64_t)(number >> 63));
}

/* Differences of any two times fit: they wrap around, here and back. */
static void put_time(struct buf *out, int64_t time_s, int64_t from_s)
{
	uint64_t away = (uint64_t)time_s - (uint64_t)from_s;

	if (time_s == TIME_NONE) {
		put_count(out, 0);
		return;
	}
	put_count(out, 1);
	put_number(out, (int64_t)away);
}

static void put_some_text(struct buf *out, const char *text)
{
	size_t n = strlen(text) + 1;

	put_count(out, n);
	buf_add(out, text, n);
}

/* Most of them are not there. */
static inline void put_text(struct buf *out, const char *text)
{
	if (text)
		put_some_text(out, text);
	else
		put_count(out, 0);
}

static void put_list(struct buf *out, const struct texts *list)
{
	put_count(out, list->n);
	for (size_t i = 0; i < list->n; i++)
		put_text(out, list->v[i] ? list->v[i] : "");
}

static void put_clock(struct buf *out, const struct clock_fact *clock, int64_t from_s)
{
	put_text(out, clock->target ? clock->target : "");
	put_count(out, (uint64_t)clock->verdict << 3 | (uint64_t)clock->live << 2 | (uint64_t)clock->paused << 1 | clock->at_risk);
	put_number(out, clock->count);
	put_number(out, clock->consumed_s);
	put_number(out, clock->paused_s);
	if (!clock->live)
		return;
	put_time(out, clock->due_s, from_s);
	put_time(out, clock->warned_s, from_s);
	put_text(out, clock->calendar);
}

void fact_write(const struct fact *fact, struct buf *figures, struct buf *words)
{
	uint64_t set = 0;

	put_number(figures, fact->received_s);
	put_count(figures, (uint64_t)fact->state);
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		set |= (uint64_t)GET(fact, flags[i], bool) << i;
	put_count(figures, set);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		put_text(figures, GET(fact, texts[i], char *));
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		put_list(figures, &GET(fact, lists[i], struct texts));
	for (size_t i = 0; i < ARRAY_SIZE(times); i++)
		put_time(figures, GET(fact, times[i], int64_t), fact->received_s);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		put_number(figures, GET(fact, numbers[i], int64_t));
	put_count(figures, fact->clocks.n);
	for (size_t i = 0; i < fact->clocks.n; i++)
		put_clock(figures, &fact->clocks.v[i], fact->received_s);
	put_count(figures, fact->scores.n);
	for (size_t i = 0; i < fact->scores.n; i++) {
		put_text(figures, fact->scores.v[i].question ? fact->scores.v[i].question : "");
		buf_add(figures, &fact->scores.v[i].score, sizeof(double));
	}
	put_count(figures, fact->n_standards);
	for (size_t i = 0; i < fact->n_standards; i++)
		buf_putc(figures, (char)fact->standards[i]);
	for (size_t i = 0; i < ARRAY_SIZE(words_of); i++)
		put_text(words, GET(fact, words_of[i], char *));
}

/* --- room -------------------------------------------------------------------------------------------------------- */

#define PIECE 65536

void fact_room_release(struct fact_room *room)
{
	for (size_t i = 0; i < room->pieces.n; i++)
		free(room->pieces.v[i]);
	free(room->pieces.v);
	*room = (struct fact_room){0};
}

static void *room_take(struct fact_room *room, size_t count, size_t size)
{
	size_t wanted = (count * size + 15) & ~(size_t)15, piece = wanted > PIECE ? wanted : PIECE;

	if (room->left < wanted) {
		*list_push(&room->pieces) = xmalloc(piece);
		room->left = piece;
	}
	room->left -= wanted;
	/* Pieces are filled from their end, so that 'left' says all. */
	return room->pieces.v[room->pieces.n - 1] + room->left;
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

struct reader {
	const unsigned char *p, *end;
	bool bad; /* it ended early, or holds what no writer wrote */
};

static uint64_t take_long_count(struct reader *r)
{
	uint64_t count = 0;

	for (int shift = 0; r->p < r->end && shift < 64; shift += 7) {
		unsigned char c = *r->p++;

		count |= (uint64_t)(c & 0x7f) << shift;
		if (c < 0x80)
			return count;
	}
	r->bad = true;
	return 0;
}

/* Nearly all are one byte. */
static inline uint64_t take_count(struct reader *r)
{
	return r->p < r->end && *r->p < 0x80 ? *r->p++ : take_long_count(r);
}

static inline int64_t take_number(struct reader *r)
{
	uint64_t count = take_count(r);

	return (int64_t)(count >> 1 ^ (0 - (count & 1)));
}

static inline int64_t take_time(struct reader *r, int64_t from_s)
{
	return take_count(r) ? (int64_t)((uint64_t)from_s + (uint64_t)take_number(r)) : TIME_NONE;
}

static inline const char *take_text(struct reader *r)
{
	uint64_t n = take_count(r);
	const char *text = (const char *)r->p;

	if (!n)
		return NULL;
	if (n > (uint64_t)(r->end - r->p) || text[n - 1]) {
		r->bad = true;
		return NULL;
	}
	r->p += n;
	return text;
}

/* How many items follow; each takes at least so many bytes. */
static size_t take_length(struct reader *r, size_t least)
{
	uint64_t n = take_count(r);

	if (n > (uint64_t)(r->end - r->p) / least) {
		r->bad = true;
		return 0;
	}
	return (size_t)n;
}

static void take_list(struct reader *r, struct texts *out, struct fact_room *room)
{
	out->n = take_length(r, 2);
	out->v = out->n ? room_take(room, out->n, sizeof(*out->v)) : NULL;
	for (size_t i = 0; i < out->n; i++) {
		const char *text = take_text(r);

		out->v[i] = (char *)(text ? text : ""); /* nobody changes it */
		r->bad |= !text;
	}
}

static void take_clock(struct reader *r, struct clock_fact *out, int64_t from_s)
{
	uint64_t how;

	out->target = take_text(r);
	how = take_count(r);
	r->bad |= !out->target || how >> 3 >= VERDICTS;
	out->verdict = (int)(how >> 3 & 0xf);
	out->live = how >> 2 & 1;
	out->paused = how >> 1 & 1;
	out->at_risk = how & 1;
	out->count = take_number(r);
	out->consumed_s = take_number(r);
	out->paused_s = take_number(r);
	out->due_s = out->live ? take_time(r, from_s) : TIME_NONE;
	out->warned_s = out->live ? take_time(r, from_s) : TIME_NONE;
	out->calendar = out->live ? take_text(r) : NULL;
}

static void take_clocks(struct reader *r, struct fact *fact, struct fact_room *room)
{
	fact->clocks.n = take_length(r, 6);
	fact->clocks.v = fact->clocks.n ? room_take(room, fact->clocks.n, sizeof(*fact->clocks.v)) : NULL;
	for (size_t i = 0; i < fact->clocks.n; i++)
		take_clock(r, &fact->clocks.v[i], fact->received_s);
}

static void take_scores(struct reader *r, struct fact *fact, struct fact_room *room)
{
	fact->scores.n = take_length(r, 2 + sizeof(double));
	fact->scores.v = fact->scores.n ? room_take(room, fact->scores.n, sizeof(*fact->scores.v)) : NULL;
	for (size_t i = 0; i < fact->scores.n; i++) {
		struct score_fact *score = &fact->scores.v[i];

		*score = (struct score_fact){take_text(r), 0};
		r->bad |= !score->question || (size_t)(r->end - r->p) < sizeof(double);
		if (r->bad)
			return;
		memcpy(&score->score, r->p, sizeof(double));
		r->p += sizeof(double);
	}
}

static void take_standards(struct reader *r, struct fact *fact, struct fact_room *room)
{
	fact->n_standards = take_length(r, 1);
	fact->standards = room_take(room, fact->n_standards + 1, sizeof(*fact->standards));
	for (size_t i = 0; i < fact->n_standards; i++)
		fact->standards[i] = *r->p++ != 0;
}

bool fact_read(struct fact *out, struct fact_room *room, const char *figures, size_t n, const char *words, size_t n_words)
{
	struct reader r = {(const unsigned char *)figures, (const unsigned char *)figures + n, false};
	struct reader w = {(const unsigned char *)words, (const unsigned char *)words + n_words, false};
	uint64_t set;

	*out = (struct fact){.received_s = take_number(&r)};
	out->state = (int)(take_count(&r) & 0xff);
	set = take_count(&r);
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		*AT(out, flags[i], bool) = set >> i & 1;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		*AT(out, texts[i], const char *) = take_text(&r);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		take_list(&r, AT(out, lists[i], struct texts), room);
	for (size_t i = 0; i < ARRAY_SIZE(times); i++)
		*AT(out, times[i], int64_t) = take_time(&r, out->received_s);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		*AT(out, numbers[i], int64_t) = take_number(&r);
	take_clocks(&r, out, room);
	take_scores(&r, out, room);
	take_standards(&r, out, room);
	for (size_t i = 0; words && i < ARRAY_SIZE(words_of); i++)
		*AT(out, words_of[i], const char *) = take_text(&w);
	return !r.bad && r.p == r.end && out->state < STATES && out->id && (!words || (!w.bad && w.p == w.end));
}
