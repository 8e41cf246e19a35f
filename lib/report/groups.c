/* SPDX-License-Identifier: MIT */
/* How tickets fall into groups: by channel, by type, by person … */
#include "report/report.h"

static const char *const grouping_words[GROUPINGS] = {"channel", "type", "category", "grade", "priority", "risk", "department", "group", "assignee", "customer", "state"};

enum grouping grouping_from(const char *word)
{
	size_t i = 0;

	while (i < GROUPINGS && !text_equal(word, grouping_words[i]))
		i++;
	return (enum grouping)i;
}

/* The groups a ticket belongs to, borrowed: "" for none. 'one' is room for a single name. */
static size_t names_of(const struct fact *fact, enum grouping by, const char **one, const char *const **names)
{
	static const size_t offsets[GROUPINGS] = {
		[BY_CHANNEL] = offsetof(struct fact, channel), [BY_CATEGORY] = offsetof(struct fact, category), [BY_GRADE] = offsetof(struct fact, grade),
		[BY_PRIORITY] = offsetof(struct fact, priority), [BY_RISK] = offsetof(struct fact, risk), [BY_GROUP] = offsetof(struct fact, group),
		[BY_ASSIGNEE] = offsetof(struct fact, assignee), [BY_CUSTOMER] = offsetof(struct fact, customer),
	};
	const struct texts *list = by == BY_TYPE ? &fact->types : by == BY_DEPARTMENT ? &fact->departments : NULL;

	*names = one;
	if (list && list->n) {
		*names = (const char *const *)list->v;
		return list->n;
	}
	*one = list ? NULL : by == BY_STATE ? state_word((enum ticket_state)fact->state) : *(const char *const *)((const char *)fact + offsets[by]);
	*one = *one ? *one : "";
	return 1;
}

size_t group_names(const struct fact *fact, enum grouping by, struct texts *names)
{
	const char *one, *const *found;
	size_t n = names_of(fact, by, &one, &found);

	texts_release(names);
	for (size_t i = 0; i < n; i++)
		texts_add(names, found[i]);
	return n;
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

/* --- all groups -------------------------------------------------------------------------------------------------- */

/* Names as they are met, each once. */
struct met {
	struct met_name {
		const char *name;
		size_t order; /* in the policy's list */
		uint32_t at;  /* when it was met; then, where it stands */
	} *v;
	size_t n;
	uint32_t *slots; /* 0: free; else one more than the index of a name */
	size_t mask;
};

static uint64_t hash_of(const char *name)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * UINT64_C(1099511628211);
	return hash ^ hash >> 29;
}

static void met_grow(struct met *met)
{
	free(met->slots);
	met->mask = met->mask * 2 + 1 > 63 ? met->mask * 2 + 1 : 63;
	met->slots = xcalloc(met->mask + 1, sizeof(*met->slots));
	met->v = xrealloc(met->v, (met->mask + 1) * sizeof(*met->v));
	for (size_t i = 0; i < met->n; i++) {
		size_t at = (size_t)hash_of(met->v[i].name) & met->mask;

		while (met->slots[at])
			at = (at + 1) & met->mask;
		met->slots[at] = (uint32_t)i + 1;
	}
}

/* Which of the names it is, as they were met. */
static uint32_t meet(struct met *met, const char *name)
{
	size_t at;

	if (met->n * 2 >= met->mask)
		met_grow(met);
	for (at = (size_t)hash_of(name) & met->mask; met->slots[at]; at = (at + 1) & met->mask)
		if (strcmp(met->v[met->slots[at] - 1].name, name) == 0)
			return met->slots[at] - 1;
	met->v[met->n] = (struct met_name){name, 0, (uint32_t)met->n};
	met->slots[at] = (uint32_t)++met->n;
	return met->slots[at] - 1;
}

/* By the policy, then by name; what has none comes last. */
static int by_order(const void *a, const void *b)
{
	const struct met_name *x = a, *y = b;

	if (!*x->name != !*y->name)
		return !*x->name - !*y->name;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* 'first' and 'at': see struct grouped. */
static void group(const struct material *m, const facts *list, enum grouping by, struct texts *all, uint32_t **first, uint32_t **at)
{
	const choices *order = choices_of(m->policy, by);
	struct met met = {0};
	LIST(uint32_t) places = {0};
	uint32_t *starts = xcalloc(list->n + 1, sizeof(*starts)), *where;

	for (size_t i = 0; i < list->n; i++) {
		const char *one, *const *names;
		size_t n = names_of(&list->v[i], by, &one, &names);

		for (size_t j = 0; j < n; j++)
			ticket_push(&places, meet(&met, names[j]));
		starts[i + 1] = (uint32_t)places.n;
	}
	for (size_t i = 0; i < met.n; i++)
		met.v[i].order = by == BY_STATE ? (size_t)state_from(met.v[i].name) : order_of(order, met.v[i].name);
	if (met.n)
		qsort(met.v, met.n, sizeof(*met.v), by_order);
	where = xcalloc(met.n + 1, sizeof(*where));
	for (size_t i = 0; i < met.n; i++) {
		*list_push(all) = (char *)met.v[i].name;
		where[met.v[i].at] = (uint32_t)i;
	}
	for (size_t i = 0; i < places.n; i++)
		places.v[i] = where[places.v[i]];
	free(where);
	free(met.v);
	free(met.slots);
	*first = starts;
	*at = places.v;
}

const struct grouped *group_by(struct material *m, enum grouping by)
{
	struct grouped *grouped;

	if (!m->grouped)
		m->grouped = xcalloc(GROUPINGS, sizeof(*m->grouped));
	grouped = &m->grouped[by];
	if (!grouped->first)
		group(m, &m->now, by, &grouped->all, &grouped->first, &grouped->at);
	return grouped;
}

void grouped_release(struct material *m)
{
	for (size_t i = 0; m->grouped && i < GROUPINGS; i++) {
		free(m->grouped[i].all.v);
		free(m->grouped[i].first);
		free(m->grouped[i].at);
	}
	free(steal_ptr(m->grouped));
}

void group_all(const struct material *m, const facts *list, enum grouping by, struct texts *out)
{
	struct texts all = {0};
	uint32_t *first, *at;

	group(m, list, by, &all, &first, &at);
	for (size_t i = 0; i < all.n; i++)
		texts_add(out, all.v[i]);
	free(all.v);
	free(first);
	free(at);
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
