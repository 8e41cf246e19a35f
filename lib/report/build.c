/* SPDX-License-Identifier: MIT */
/* Samples, cells, rows and sections: what every section is put together from. */
#include "report/report.h"

#include <math.h>
#include <stdarg.h>

const char *say(const struct material *m, struct words words)
{
	return text_equal(m->language, "zh") ? words.zh : words.en;
}

/* --- samples --------------------------------------------------------------------------------------------------- */

void sample_take(struct sample_of *sample, double value, uint32_t ticket)
{
	*list_push(&sample->values) = value;
	*list_push(&sample->tickets) = ticket;
}

void sample_release(struct sample_of *sample)
{
	free(sample->values.v);
	free(sample->tickets.v);
	memset(sample, 0, sizeof(*sample));
}

double sample_mean(const struct sample_of *sample)
{
	double sum = 0;

	for (size_t i = 0; i < sample->values.n; i++)
		sum += sample->values.v[i];
	return sample->values.n ? sum / (double)sample->values.n : 0;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

double sample_quantile(struct sample_of *sample, double share)
{
	size_t n = sample->values.n, below;
	double *sorted, place, at, next;

	if (!n)
		return 0;
	sorted = xmalloc(n * sizeof(*sorted));
	memcpy(sorted, sample->values.v, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_value);
	place = share * (double)(n - 1);
	below = (size_t)floor(place);
	at = sorted[below];
	next = below + 1 < n ? sorted[below + 1] : at;
	free(sorted);
	return at + (next - at) * (place - (double)below);
}

/* --- cells ----------------------------------------------------------------------------------------------------- */

void cell_text(struct report_cell *cell, const char *text, const char *label)
{
	cell->kind = REPORT_TEXT;
	cell->known = text != NULL;
	replace_text(&cell->text, text);
	replace_text(&cell->label, label);
}

void cell_set(struct report_cell *cell, enum report_kind kind, bool known, double value)
{
	cell->kind = kind;
	cell->known = known;
	cell->value = known ? value : 0;
}

void cell_count(struct report_cell *cell)
{
	cell_set(cell, REPORT_COUNT, true, 0);
}

void cell_counted(struct report_cell *cell, uint32_t ticket)
{
	cell->kind = REPORT_COUNT;
	cell->known = true;
	cell->value += 1;
	if (ticket == NO_TICKET)
		cell->unnamed += 1;
	else
		*list_push(&cell->tickets) = ticket;
}

void cell_share(struct report_cell *cell, double part, double whole)
{
	cell_set(cell, REPORT_SHARE, whole > 0, whole > 0 ? part / whole : 0);
}

void cell_sample(struct report_cell *cell, enum report_kind kind, struct sample_of *sample, double quantile)
{
	cell_set(cell, kind, sample->values.n > 0, quantile < 0 ? sample_mean(sample) : sample_quantile(sample, quantile));
	for (size_t i = 0; i < sample->tickets.n; i++)
		if (sample->tickets.v[i] != NO_TICKET)
			*list_push(&cell->tickets) = sample->tickets.v[i];
}

void cell_time(struct report_cell *cell, int64_t at_s)
{
	cell_set(cell, REPORT_TIME, at_s != TIME_NONE, (double)at_s);
}

/* --- sections -------------------------------------------------------------------------------------------------- */

struct report_section *section_add(struct material *m, const char *name, struct words title, const struct column_rule *columns, size_t n)
{
	struct report_section *section = list_push(&m->report->sections);

	section->name = name;
	section->title = say(m, title);
	for (size_t i = 0; i < n; i++)
		*list_push(&section->columns) = (struct report_column){columns[i].name, say(m, columns[i].title), columns[i].kind};
	return section;
}

struct report_cell *section_row(struct report_section *section)
{
	struct report_row *row = list_push(&section->rows);

	row->cells = xcalloc(section->columns.n, sizeof(*row->cells));
	for (size_t i = 0; i < section->columns.n; i++)
		row->cells[i].kind = section->columns.v[i].kind;
	return row->cells;
}

void note_add(struct report_section *section, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length >= 0)
		texts_add(&section->notes, text);
}

/* --- groups ---------------------------------------------------------------------------------------------------- */

static const char *const grouping_words[GROUPINGS] = {"channel", "type", "category", "grade", "priority", "risk", "department", "group", "assignee", "customer", "state"};

enum grouping grouping_from(const char *word)
{
	size_t i = 0;

	while (i < GROUPINGS && !text_equal(word, grouping_words[i]))
		i++;
	return (enum grouping)i;
}

size_t group_names(const struct fact *fact, enum grouping by, struct texts *names)
{
	const char *one[GROUPINGS] = {
		[BY_CHANNEL] = fact->channel, [BY_CATEGORY] = fact->category, [BY_GRADE] = fact->grade, [BY_PRIORITY] = fact->priority, [BY_RISK] = fact->risk,
		[BY_GROUP] = fact->group, [BY_ASSIGNEE] = fact->assignee, [BY_CUSTOMER] = fact->customer, [BY_STATE] = state_word((enum ticket_state)fact->state),
	};

	texts_release(names);
	if (by == BY_TYPE)
		texts_copy(names, &fact->types);
	else if (by == BY_DEPARTMENT)
		texts_copy(names, &fact->departments);
	else
		texts_add(names, one[by] ? one[by] : "");
	if (!names->n)
		texts_add(names, "");
	return names->n;
}

static const choices *choices_of(const struct policy *policy, enum grouping by)
{
	switch (by) {
	case BY_CHANNEL:
		return &policy->channels;
	case BY_TYPE:
		return &policy->types;
	case BY_CATEGORY:
		return &policy->categories;
	case BY_GRADE:
		return &policy->grades;
	case BY_PRIORITY:
		return &policy->priorities;
	case BY_RISK:
		return &policy->risks;
	case BY_DEPARTMENT:
		return &policy->departments;
	default:
		return NULL;
	}
}

const char *group_label(const struct material *m, enum grouping by, const char *name)
{
	const choices *list = choices_of(m->policy, by);
	const struct choice *choice = list ? policy_choice(list, name) : NULL;

	if (!*name)
		return say(m, (struct words){"(none)", "（未填）"});
	if (by == BY_STATE)
		return policy_word(m->policy, m->language, name);
	if (choice)
		return policy_label(m->policy, &choice->labels, m->language, name);
	for (size_t i = 0; by == BY_GROUP && i < m->policy->groups.n; i++)
		if (text_equal(m->policy->groups.v[i].name, name))
			return policy_label(m->policy, &m->policy->groups.v[i].labels, m->language, name);
	return name;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The place of a name in the policy's list; names that it lacks come after all of its. */
static size_t order_of(const choices *list, const char *name)
{
	for (size_t i = 0; list && i < list->n; i++) {
		size_t n = strlen(list->v[i].name);

		if (strncmp(list->v[i].name, name, n) == 0 && (!name[n] || name[n] == '/'))
			return i;
	}
	return list ? list->n : 0;
}

void group_all(const struct material *m, const facts *list, enum grouping by, struct texts *out)
{
	const choices *order = choices_of(m->policy, by);
	struct texts names = {0}, all = {0};
	char **all_names = NULL;
	size_t n = 0, room = 0, places = order ? order->n + 1 : by == BY_STATE ? STATES : 1;

	for (size_t i = 0; i < list->n; i++) {
		group_names(&list->v[i], by, &names);
		for (size_t j = 0; j < names.n; j++) {
			if (n == room)
				all_names = xrealloc(all_names, (room = room ? room * 2 : 64) * sizeof(*all_names));
			all_names[n++] = steal_ptr(names.v[j]);
		}
		free(names.v);
		names = (struct texts){0};
	}
	if (n)
		qsort(all_names, n, sizeof(*all_names), by_name);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || strcmp(all_names[i], all_names[i - 1]) != 0)
			texts_add(&all, all_names[i]);
	for (size_t place = 0; place < places; place++)
		for (size_t i = 0; i < all.n; i++)
			if (*all.v[i] && (by == BY_STATE ? (size_t)state_from(all.v[i]) : order_of(order, all.v[i])) == place)
				texts_add(out, all.v[i]);
	if (all.n && !*all.v[0])
		texts_add(out, "");
	for (size_t i = 0; i < n; i++)
		free(all_names[i]);
	free(all_names);
	texts_release(&all);
}

static int by_place_name(const void *a, const void *b)
{
	return strcmp(((const struct place *)a)->name, ((const struct place *)b)->name);
}

void places_of(struct places *out, const struct texts *all)
{
	out->n = all->n;
	out->v = xcalloc(all->n + 1, sizeof(*out->v));
	for (size_t i = 0; i < all->n; i++)
		out->v[i] = (struct place){all->v[i], i};
	qsort(out->v, out->n, sizeof(*out->v), by_place_name);
}

size_t place_of(const struct places *places, const char *name)
{
	const struct place key = {name, 0}, *found = places->n ? bsearch(&key, places->v, places->n, sizeof(*places->v), by_place_name) : NULL;

	return found ? found->at : places->n;
}

void places_release(struct places *places)
{
	free(places->v);
	*places = (struct places){0};
}
