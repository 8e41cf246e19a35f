/* SPDX-License-Identifier: MIT */
/* The calendars of a desk by their names. */
#include "sla/clock.h"

struct calendars {
	struct calendar *always;
	struct texts names;
	LIST(struct calendar *) v; /* one for each name */
	rules_finder *find;        /* of former rules; NULL: they are not asked for */
	void *find_data;
};

int calendars_new(struct calendars **out, const char *time_zone, struct ticket_error *err)
{
	struct calendar *always;
	int failed = calendar_always(&always, time_zone, err);

	*out = NULL;
	if (failed)
		return failed;
	*out = xcalloc(1, sizeof(**out));
	(*out)->always = always;
	return 0;
}

void calendars_free(struct calendars *calendars)
{
	if (!calendars)
		return;
	for (size_t i = 0; i < calendars->v.n; i++)
		calendar_free(calendars->v.v[i]);
	free(calendars->v.v);
	texts_release(&calendars->names);
	calendar_free(calendars->always);
	free(calendars);
}

int calendars_add(struct calendars *calendars, const char *name, const char *text, size_t length, const char *origin, struct ticket_error *err)
{
	_cleanup_calendar_ struct calendar *calendar = NULL;
	int failed;

	if (calendars_get(calendars, name))
		return text_equal(name, "always") ? ticket_fail(err, TICKET_USAGE, "%s: there is a calendar 'always' already; it is built in", origin) :
						    ticket_fail(err, TICKET_USAGE, "%s: there is a calendar '%s' already", origin, name);
	if ((failed = calendar_read_in(&calendar, text, length, origin, zone_name(calendars_zone(calendars)), err)))
		return failed;
	if (!text_equal(calendar_name(calendar), name))
		return ticket_fail(err, TICKET_USAGE, "%s: the calendar calls itself '%s', but its file says '%s'; make them the same", origin, calendar_name(calendar), name);
	texts_add(&calendars->names, name);
	*list_push(&calendars->v) = steal_ptr(calendar);
	return 0;
}

const struct calendar *calendars_get(const struct calendars *calendars, const char *name)
{
	if (!name || text_equal(name, "always"))
		return calendars->always;
	for (size_t i = 0; i < calendars->names.n; i++)
		if (text_equal(calendars->names.v[i], name))
			return calendars->v.v[i];
	return NULL;
}

const struct texts *calendars_names(const struct calendars *calendars)
{
	return &calendars->names;
}

const struct zone *calendars_zone(const struct calendars *calendars)
{
	return calendar_zone(calendars->always);
}

void calendars_former(struct calendars *calendars, rules_finder *find, void *data)
{
	calendars->find = find;
	calendars->find_data = data;
}

int calendars_find_former(const struct calendars *calendars, const char *id, struct book *out, struct ticket_error *err)
{
	*out = (struct book){0};
	return calendars->find ? calendars->find(calendars->find_data, id, &out->policy, &out->calendars, err) : 0;
}
