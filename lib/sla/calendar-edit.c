/* SPDX-License-Identifier: MIT */
/* Calendars made from others, and days added to them. */
#include "sla/calendar.h"

#include "model/codec.h"

bool calendar_name_is_good(const char *name)
{
	size_t n = strlen(name);

	return n && n <= 64 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == n && *name != '-' && strcmp(name, "always") != 0;
}

static const char office_hours[] = "{\"format\":1,\"name\":\"new\",\"hours\":{\"mon\":[[\"09:00\",\"18:00\"]],\"tue\":[[\"09:00\",\"18:00\"]],\"wed\":[[\"09:00\",\"18:00\"]],"
				   "\"thu\":[[\"09:00\",\"18:00\"]],\"fri\":[[\"09:00\",\"18:00\"]]}}";

int calendar_derive(struct calendar **out, const struct calendar *like, const char *name, const char *time_zone, bool whole, struct ticket_error *err)
{
	_cleanup_calendar_ struct calendar *calendar = xcalloc(1, sizeof(*calendar));
	_cleanup_buf_ struct buf text = {0};

	*out = NULL;
	if (like)
		calendar_copy_file(calendar, like);
	else
		codec_read(&calendar_codec, calendar, office_hours, sizeof(office_hours) - 1, "office hours", NULL);
	replace_text(&calendar->name, name);
	if (!whole) {
		texts_release(&calendar->holidays);
		texts_release(&calendar->workdays);
	}
	/* Written and read again: what is derived is as sound as what is read. */
	codec_write(&calendar_codec, calendar, &text);
	return calendar_read_in(out, text.p, text.n, name, time_zone, err);
}

static int text_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t add_dates(struct texts *list, const struct texts *dates)
{
	size_t added = 0;

	for (size_t i = 0; i < dates->n; i++)
		if (!texts_have(list, dates->v[i])) {
			texts_add(list, dates->v[i]);
			added++;
		}
	if (list->n)
		qsort(list->v, list->n, sizeof(*list->v), text_order);
	return added;
}

/* Days that are worked need hours: those of the first weekday that has any. */
static void give_hours(struct calendar *calendar)
{
	for (int i = 0; i < 7 && !calendar->workday_hours.n; i++)
		for (size_t k = 0; k < calendar->hours.of[i].n; k++)
			*list_push(&calendar->workday_hours) = calendar->hours.of[i].v[k];
}

int calendar_add_days(struct calendar **calendar, const struct texts *off, const struct texts *work, size_t *added, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	struct calendar *old = *calendar, *grown;
	int failed;

	*added = add_dates(&old->holidays, off) + add_dates(&old->workdays, work);
	if (work->n)
		give_hours(old);
	codec_write(&calendar_codec, old, &text);
	if ((failed = calendar_read_in(&grown, text.p, text.n, old->name, zone_name(old->zone), err)))
		return failed;
	calendar_free(old);
	*calendar = grown;
	return 0;
}
