/* SPDX-License-Identifier: MIT */
/* The incidents with most tickets. */
#include "report/report.h"

#define MOST_SHOWN 5

/* A ticket counts for the incident it belongs to, or stands for. */
static const char *incident_of(const struct fact *fact)
{
	return fact->incident ? fact->incident : fact->is_incident ? fact->id : NULL;
}

struct incident {
	const char *number;
	struct tally tally;
};
typedef LIST(struct incident) incidents;

static struct incident *incident_named(incidents *list, const char *number)
{
	struct incident *incident;

	for (size_t i = 0; i < list->n; i++)
		if (text_equal(list->v[i].number, number))
			return &list->v[i];
	incident = list_push(list);
	incident->number = number;
	return incident;
}

static int by_tickets(const void *a, const void *b)
{
	const struct incident *x = a, *y = b;

	if (x->tally.tickets.value != y->tally.tickets.value)
		return x->tally.tickets.value < y->tally.tickets.value ? 1 : -1;
	return strcmp(x->number, y->number);
}

static void take_count(struct report_cell *cell, const struct report_cell *from)
{
	cell_count(cell);
	for (size_t i = 0; i < from->tickets.n; i++)
		cell_counted(cell, from->tickets.v[i]);
}

/* The ticket that stands for it may be of another period; one that cannot be read is shown by its number alone. */
static void incident_row(struct material *m, struct report_section *section, struct incident *incident)
{
	_cleanup_ticket_ struct ticket *ticket = NULL;
	struct report_cell *cells = section_row(section);
	struct tally *t = &incident->tally;

	cell_text(&cells[0], incident->number, NULL);
	if (desk_read(m->desk, incident->number, &ticket, NULL) == 0)
		cell_text(&cells[1], ticket->subject, NULL);
	take_count(&cells[2], &t->tickets);
	take_count(&cells[3], &t->open);
	take_count(&cells[4], &t->closed);
	cell_sample(&cells[5], REPORT_LENGTH, &t->handling, -1);
	cell_share(&cells[6], t->in_time.value, t->in_time.value + t->late.value);
}

void make_top_incidents(struct material *m)
{
	static const struct column_rule columns[] = {
		{"incident", {"Incident", "事件"}, REPORT_TEXT}, {"subject", {"Subject", "主题"}, REPORT_TEXT}, {"tickets", {"Tickets", "工单数"}, REPORT_COUNT},
		{"open", {"Open", "未解决"}, REPORT_COUNT}, {"closed", {"Resolved", "已解决"}, REPORT_COUNT},
		{"handling_mean", {"Mean to resolve", "平均解决时长"}, REPORT_LENGTH}, {"in_time", {"In time", "达标率"}, REPORT_SHARE},
	};
	struct report_section *section = section_add(m, "top_incidents", (struct words){"Top five incidents", "前五起事件"}, columns, ARRAY_SIZE(columns));
	incidents list = {0};

	for (size_t i = 0; i < m->now.n; i++) {
		const struct fact *fact = &m->now.v[i];
		const char *number = incident_of(fact);
		struct incident *incident = number ? incident_named(&list, number) : NULL;

		if (!incident)
			continue;
		tally_take(&incident->tally, fact, (uint32_t)i);
	}
	if (list.n)
		qsort(list.v, list.n, sizeof(*list.v), by_tickets);
	for (size_t i = 0; i < list.n; i++) {
		if (i < MOST_SHOWN)
			incident_row(m, section, &list.v[i]);
		tally_release(&list.v[i].tally);
	}
	free(list.v);
	if (!section->rows.n)
		note_add(section, "%s", say(m, (struct words){"No ticket of the period belongs to an incident.", "本期没有归入事件的工单。"}));
}
