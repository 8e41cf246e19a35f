/* SPDX-License-Identifier: MIT */
/* Out of the ballot box: a whole group or nothing, in an order that says nothing (domain B6). */
#include "survey/group.h"

/* --- categories -------------------------------------------------------------------------------------------------- */

struct share {
	const char *category; /* borrowed; NULL: those that show none */
	size_t n;
};
typedef LIST(struct share) shares;

static void count_shares(shares *out, const struct ballots *box)
{
	for (size_t i = 0; i < box->answers.n; i++) {
		size_t at = 0;

		while (at < out->n && !text_equal(out->v[at].category, box->answers.v[i].category))
			at++;
		if (at == out->n)
			list_push(out)->category = box->answers.v[i].category;
		out->v[at].n++;
	}
}

static void hide(struct ballots *box, const char *category)
{
	for (size_t i = 0; i < box->answers.n; i++)
		if (text_equal(box->answers.v[i].category, category))
			replace_text(&box->answers.v[i].category, NULL);
}

/*
 * A category is shown only where at least a group of answers has it, and what shows none is a group too or nobody: by taking
 * away what is shown one must not come to fewer.
 */
static void hide_small(struct ballots *box, size_t group)
{
	for (;;) {
		shares all = {0};
		_cleanup_free_ char *name = NULL;
		struct share *least = NULL;
		size_t hidden = 0;

		count_shares(&all, box);
		for (size_t i = 0; i < all.n; i++) {
			if (!all.v[i].category)
				hidden = all.v[i].n;
			else if (!least || all.v[i].n < least->n)
				least = &all.v[i];
		}
		if (!least || (least->n >= group && (!hidden || hidden >= group))) {
			free(all.v);
			return;
		}
		name = xstrdup(least->category);
		free(all.v);
		hide(box, name);
	}
}

/* --- days -------------------------------------------------------------------------------------------------------- */

static char *day_text(const struct desk *desk, int64_t at_s)
{
	struct civil civil;

	civil_from(&civil, zone_wall(desk->zone, at_s));
	return xasprintf("%04d-%02d-%02d", (int)civil.year, civil.month, civil.day);
}

static int note_last(const struct survey_group *group, const char *path, void *data, struct ticket_error *err)
{
	char **last = data;

	if (!*last || strcmp(group->to, *last) > 0)
		replace_text(last, group->to);
	return 0;
}

/* The day after the last group's: from then on its answers have come; the same day, when that is today's. */
static int first_day(struct desk *desk, const char *to, char **out, struct ticket_error *err)
{
	_cleanup_free_ char *last = NULL;
	struct range day;
	int failed = survey_groups(desk, NULL, note_last, &last, err);

	*out = NULL;
	if (failed || !last || !range_period(&day, last, desk->zone, desk->context.now_s))
		return failed;
	*out = day_text(desk, day.until_s);
	if (strcmp(*out, to) > 0)
		replace_text(out, to);
	return 0;
}

/* --- taking ------------------------------------------------------------------------------------------------------ */

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

static void fill_group(struct survey_group *group, const struct ballots *box)
{
	group->format = 1;
	for (size_t i = 0; i < box->answers.n; i++)
		codec_copy(&ballot_codec, list_push(&group->answers), &box->answers.v[i]);
	for (size_t i = 0; i < box->suggestions.n; i++)
		texts_add(&group->suggestions, box->suggestions.v[i]);
	/* Sorted once more: hiding a category has moved answers. */
	qsort(group->answers.v, group->answers.n, sizeof(*group->answers.v), compare_ballots);
	if (group->suggestions.n)
		qsort(group->suggestions.v, group->suggestions.n, sizeof(*group->suggestions.v), compare_texts);
}

int group_take(struct change *change, struct ballots *box, int64_t last_day_s, size_t *taken, struct ticket_error *err)
{
	struct desk *desk = change->desk;
	_cleanup_(ballots_release) struct ballots from = *box;
	_cleanup_(survey_group_release) struct survey_group group = {0};
	_cleanup_free_ char *path = NULL, *random = random_hex(8);
	_cleanup_buf_ struct buf text = {0};
	struct ballots left = {0};
	int failed;

	memset(box, 0, sizeof(*box));
	*taken = 0;
	if (from.answers.n < survey_group_size(desk->policy))
		return 0;
	hide_small(&from, survey_group_size(desk->policy));
	fill_group(&group, &from);
	group.to = day_text(desk, last_day_s);
	if ((failed = first_day(desk, group.to, &group.from, err)))
		return failed;
	path = xasprintf(SURVEYS_FOLDER "/%.4s/%s-%s.json", group.to, group.to, random);
	codec_write(&survey_group_codec, &group, &text);
	if ((failed = change_file(change, path, text.p, text.n, err)))
		return failed;
	ballots_replace(change, &left, path);
	*taken = group.answers.n;
	return 0;
}

int survey_take_group(struct desk *desk, bool dry_run, size_t *taken, size_t *waiting, struct ticket_error *err)
{
	_cleanup_change_ struct change *change = NULL;
	struct ballots box = {0};
	int failed;

	*taken = *waiting = 0;
	if ((failed = change_begin(&change, desk, err)) || (failed = ballots_open(change, &box, err)))
		return failed;
	*waiting = box.answers.n;
	if ((failed = group_take(change, &box, desk->context.now_s, taken, err)) || !*taken)
		return failed;
	change_subject(change, "surveys: %zu answers", *taken);
	return change_commit(change, dry_run, err);
}
