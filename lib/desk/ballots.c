/* SPDX-License-Identifier: MIT */
/* The ballot box: see ballots.h. */
#include "desk/ballots.h"

#include "model/event.h"
#include "privacy/shard.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct codec_field ballot_fields[] = {
	FIELD(TEXT, struct ballot, "category", category, 0),
	FIELD_SUB(MAP, struct ballot, "scores", scores, CODEC_REQUIRED, &pair_codec),
	CODEC_END,
};
const struct codec ballot_codec = {"answer", sizeof(struct ballot), ballot_fields, 0, -1, NULL};

#define AWAITS(member) (offsetof(struct ballots, awaits.member) - offsetof(struct ballots, awaits))
static const struct codec_field awaits_fields[] = {
	{"ticket", CODEC_TEXT, AWAITS(ticket), 0, NULL, NULL, NULL},
	{"event", CODEC_TEXT, AWAITS(event), 0, NULL, NULL, NULL},
	{"file", CODEC_TEXT, AWAITS(file), 0, NULL, NULL, NULL},
	CODEC_END,
};
static const struct codec awaits_codec = {"commit that is awaited", sizeof(((struct ballots *)0)->awaits), awaits_fields, 0, -1, NULL};

static const struct codec_field box_fields[] = {
	FIELD(INT, struct ballots, "format", format, CODEC_REQUIRED),
	FIELD_SUB(OBJECT, struct ballots, "awaits", awaits, 0, &awaits_codec),
	FIELD(TIME, struct ballots, "due", due, 0),
	FIELD_SUB(LIST, struct ballots, "answers", answers, CODEC_ROWS, &ballot_codec),
	FIELD(TEXTS, struct ballots, "suggestions", suggestions, 0),
	CODEC_END,
};
static const struct codec box_codec = {"ballot box", sizeof(struct ballots), box_fields, 1, offsetof(struct ballots, extra), NULL};

void ballots_release(struct ballots *ballots)
{
	codec_release(&box_codec, ballots);
	memset(ballots, 0, sizeof(*ballots));
}

static char *box_path(const struct desk *desk, const char *suffix)
{
	return xasprintf("%sballots%s", store_private(desk->store), suffix);
}

/* --- order ------------------------------------------------------------------------------------------------------- */

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int compare_ballots(const void *a, const void *b)
{
	_cleanup_buf_ struct buf x = {0}, y = {0};

	codec_write_compact(&ballot_codec, a, &x);
	codec_write_compact(&ballot_codec, b, &y);
	return strcmp(x.p, y.p);
}

/* By what they say: the order in which they came is nowhere. */
static void sort_ballots(struct ballots *box)
{
	if (box->answers.n)
		qsort(box->answers.v, box->answers.n, sizeof(*box->answers.v), compare_ballots);
	if (box->suggestions.n)
		qsort(box->suggestions.v, box->suggestions.n, sizeof(*box->suggestions.v), compare_texts);
}

static void add_ballots(struct ballots *to, const struct ballots *from)
{
	for (size_t i = 0; i < from->answers.n; i++)
		codec_copy(&ballot_codec, list_push(&to->answers), &from->answers.v[i]);
	for (size_t i = 0; i < from->suggestions.n; i++)
		texts_add(&to->suggestions, from->suggestions.v[i]);
}

/* --- taking ------------------------------------------------------------------------------------------------------ */

static struct balloting *balloting_of(struct change *change)
{
	if (!change->ballots)
		change->ballots = xcalloc(1, sizeof(*change->ballots));
	return change->ballots;
}

void ballots_take(struct change *change, const struct ticket *ticket, struct event *event)
{
	const struct policy *policy = change->desk->policy;
	struct ballots *added;
	struct ballot *ballot;

	if (event->kind != EVENT_SURVEY || !text_equal(event->step, "answered") || !policy->survey.anonymous || event->contact)
		return;
	added = &balloting_of(change)->added;
	if (!added->awaits.event) {
		added->awaits.ticket = xstrdup(ticket->id);
		added->awaits.event = xstrdup(event->id);
	}
	ballot = list_push(&added->answers);
	ballot->category = xstrdup(ticket->category);
	/* In the order of the questions, not in that of who typed them. */
	for (size_t i = 0; i < policy->survey.questions.n; i++) {
		const char *name = policy->survey.questions.v[i].name, *score = pairs_get(&event->scores, name);

		if (score)
			pairs_set(&ballot->scores, name, score);
	}
	if (event->text && *event->text)
		texts_add(&added->suggestions, event->text);
	replace_text(&event->text, NULL);
	codec_member_clear(codec_field(&event_codec, "scores"), event);
}

void ballots_replace(struct change *change, struct ballots *left, const char *file)
{
	struct balloting *balloting = balloting_of(change);

	ballots_release(&balloting->left);
	balloting->left = *left;
	memset(left, 0, sizeof(*left));
	balloting->replaced = true;
	replace_text(&balloting->left.awaits.file, file);
}

void ballots_free(struct change *change)
{
	if (!change->ballots)
		return;
	ballots_release(&change->ballots->added);
	ballots_release(&change->ballots->left);
	free(steal_ptr(change->ballots));
}

/* --- the files --------------------------------------------------------------------------------------------------- */

static int read_box(const char *path, struct ballots *out, struct ticket_error *err)
{
	_cleanup_free_ char *text = NULL;
	struct ticket_error why = {0};
	size_t n;
	int failed = private_read(path, &text, &n, err);

	if (failed)
		return failed;
	if (codec_read(&box_codec, out, text, n, path, &why))
		return ticket_fail(err, TICKET_STORAGE, "the ballot box is damaged: %s", why.message);
	return 0;
}

/* The time of the last answer is nobody's business: the file is as old as all files without a time. */
static int write_box(const struct desk *desk, const char *suffix, struct ballots *box, struct ticket_error *err)
{
	static const struct timespec none[2] = {{0, 0}, {0, 0}};
	_cleanup_free_ char *path = box_path(desk, suffix);
	_cleanup_buf_ struct buf text = {0};
	int failed;

	box->format = 1;
	sort_ballots(box);
	codec_write(&box_codec, box, &text);
	if ((failed = private_folder(store_private(desk->store), err)) || (failed = private_write(path, text.p, text.n, err)))
		return failed;
	utimensat(AT_FDCWD, path, none, 0);
	return 0;
}

static void forget_awaited(struct ballots *box)
{
	replace_text(&box->awaits.ticket, NULL);
	replace_text(&box->awaits.event, NULL);
	replace_text(&box->awaits.file, NULL);
}

/* Did the commit come that the box waits for? */
static bool has_come(struct desk *desk, const struct ballots *box)
{
	_cleanup_ticket_ struct ticket *ticket = NULL;
	struct oid id;

	if (box->awaits.file)
		return store_find(desk->store, &desk->head.tree, box->awaits.file, &id, NULL, NULL) == 0;
	if (!box->awaits.ticket || desk_read_from(desk, &desk->head.tree, box->awaits.ticket, &ticket, NULL))
		return false;
	for (size_t i = ticket->events.n; i-- > 0;)
		if (text_equal(ticket->events.v[i].id, box->awaits.event))
			return true;
	return false;
}

#define WAITING ".waiting"

static void take_back(const struct desk *desk)
{
	_cleanup_free_ char *path = box_path(desk, WAITING);

	unlink(path);
}

static int recover(struct desk *desk, struct ticket_error *err)
{
	_cleanup_free_ char *path = box_path(desk, WAITING);
	_cleanup_(ballots_release) struct ballots box = {0};
	int failed = read_box(path, &box, err);

	if (failed)
		return failed == TICKET_NOTFOUND ? 0 : failed;
	if (has_come(desk, &box)) {
		forget_awaited(&box);
		if ((failed = write_box(desk, "", &box, err)))
			return failed;
	}
	take_back(desk);
	return 0;
}

int ballots_open(struct change *change, struct ballots *out, struct ticket_error *err)
{
	_cleanup_free_ char *path = box_path(change->desk, "");
	int failed;

	if ((failed = recover(change->desk, err)))
		return failed;
	failed = read_box(path, out, err);
	return failed == TICKET_NOTFOUND ? 0 : failed;
}

int ballots_waiting(struct desk *desk, size_t *out, struct ticket_error *err)
{
	_cleanup_free_ char *path = box_path(desk, "");
	_cleanup_(ballots_release) struct ballots box = {0};
	int failed = read_box(path, &box, err);

	*out = box.answers.n;
	return failed == TICKET_NOTFOUND ? 0 : failed;
}

int ballots_put_off(struct change *change, struct ballots *box, struct ticket_error *err)
{
	return write_box(change->desk, "", box, err);
}

struct stamp ballots_period_end(const struct desk *desk)
{
	const char *period = desk->policy->survey.period;
	struct civil civil;

	if (!period || !*period)
		return (struct stamp){0};
	civil_from(&civil, zone_wall(desk->zone, desk->context.now_s));
	civil.hour = civil.minute = civil.second = 0;
	if (text_equal(period, "month")) {
		civil.month++;
		civil.day = 1;
	} else if (text_equal(period, "week")) {
		civil.day += 7 - civil_weekday(civil_day(civil.year, civil.month, civil.day));
	} else {
		civil.day++;
	}
	return stamp_at(desk->zone, zone_instant(desk->zone, civil_seconds(&civil)));
}

/* --- with the commit --------------------------------------------------------------------------------------------- */

int ballots_prepare(struct change *change, struct ticket_error *err)
{
	struct balloting *balloting = change->ballots;
	_cleanup_(ballots_release) struct ballots box = {0};
	int failed = 0;

	if (!balloting || (!balloting->added.answers.n && !balloting->replaced))
		return 0;
	if ((failed = ballots_open(change, &box, err)))
		return failed;
	if (balloting->replaced) {
		ballots_release(&box);
		codec_copy(&box_codec, &box, &balloting->left);
	}
	if (balloting->added.awaits.event) {
		replace_text(&box.awaits.ticket, balloting->added.awaits.ticket);
		replace_text(&box.awaits.event, balloting->added.awaits.event);
	}
	add_ballots(&box, &balloting->added);
	if (!box.due.set && box.answers.n)
		box.due = ballots_period_end(change->desk);
	if (!(failed = write_box(change->desk, WAITING, &box, err)))
		balloting->written = true;
	return failed;
}

void ballots_settle(struct change *change, bool committed)
{
	if (!change->ballots || !change->ballots->written)
		return;
	change->ballots->written = false;
	/* Should it fail now, all is on disk: whoever opens the box next finishes it. */
	if (committed)
		recover(change->desk, NULL);
	else
		take_back(change->desk);
}
