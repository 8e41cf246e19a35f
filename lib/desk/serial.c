/* SPDX-License-Identifier: MIT */
/* Serials: the next free number of a day, found from the names in that day's folders. */
#include "desk/change.h"
#include "model/number.h"

#include <search.h>

static int compare_serials(const void *a, const void *b)
{
	return strcmp(((const struct serial *)a)->key, ((const struct serial *)b)->key);
}

static void free_serial(void *node)
{
	struct serial *serial = node;

	free(serial->key);
	free(serial);
}

void change_serials_free(struct change *change)
{
	tdestroy(change->serials, free_serial);
	change->serials = NULL;
}

struct highest {
	const struct policy *policy;
	const char *channel; /* NULL: the format has none */
	int64_t serial;
};

static int see_number(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct highest *highest = data;
	struct number number;
	_cleanup_free_ char *stem = NULL;

	if (!text_ends(entry->name, ".json"))
		return 0;
	stem = xstrndup(entry->name, strlen(entry->name) - strlen(".json"));
	if (number_parse(&number, highest->policy->number.format, highest->policy, stem) && text_equal(number.channel, highest->channel) &&
	    number.serial > highest->serial)
		highest->serial = number.serial;
	return 0;
}

static int see_folder(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	if (entry->is_folder)
		*list_push((struct texts *)data) = xstrdup(entry->path);
	return 0;
}

static int compare_folders(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	size_t n = strlen(x), m = strlen(y);

	/* "100" comes after "99": longer names are later. */
	return n != m ? (n < m ? -1 : 1) : strcmp(x, y);
}

/* Looks from the day's last folder downwards; the first that holds such a number holds the highest. */
int serial_highest(struct desk *desk, const struct oid *tree, const struct civil *date, const char *channel, int64_t *serial, struct ticket_error *err)
{
	struct highest highest = {desk->policy, channel, 0};
	char day[NUMBER_FOLDER_SIZE];
	struct texts folders = {0};
	int failed = store_list(desk->store, tree, number_folder(day, date), see_folder, &folders, err);

	if (folders.n)
		qsort(folders.v, folders.n, sizeof(*folders.v), compare_folders);
	for (size_t i = folders.n; i-- > 0 && !failed && !highest.serial;)
		failed = store_list(desk->store, tree, folders.v[i], see_number, &highest, err);
	texts_release(&folders);
	*serial = highest.serial;
	return failed;
}

static int next_serial(struct change *change, struct number *number, struct ticket_error *err)
{
	const struct policy *policy = change->desk->policy;
	struct number zero = *number;
	struct serial *serial = xcalloc(1, sizeof(*serial)), **known;
	int failed;

	zero.serial = 0;
	serial->key = number_text(policy->number.format, &zero);
	known = tsearch(serial, &change->serials, compare_serials);
	if (*known == serial) {
		if ((failed = serial_highest(change->desk, &change->base.tree, &number->date, number->channel, &serial->last, err)))
			return failed;
	} else {
		free_serial(serial);
	}
	number->serial = ++(*known)->last;
	return 0;
}

/* A number brought along (a desk's own export, imported again) is kept when it is free. */
static int keep_number(struct change *change, const struct ticket *ticket, char **path, struct ticket_error *err)
{
	struct oid id;
	int failed;

	if ((failed = desk_ticket_path(change->desk, ticket->id, path, err)))
		return failed;
	if (store_find(change->desk->store, &change->base.tree, *path, &id, NULL, NULL) == 0)
		return ticket_fail(err, TICKET_REFUSED, "there is a ticket '%s' already", ticket->id);
	return 0;
}

int change_number(struct change *change, struct ticket *ticket, char **path, struct ticket_error *err)
{
	const struct policy *policy = change->desk->policy;
	const struct choice *channel = policy_choice(&policy->channels, ticket->channel);
	bool by_channel = strstr(policy->number.format, "{channel}") != NULL;
	struct number number = {.channel = by_channel && channel ? channel->code : NULL};
	int failed;

	if (ticket->id)
		return keep_number(change, ticket, path, err);
	if (by_channel && !number.channel)
		return ticket_fail(err, TICKET_REFUSED, "channel '%s' has no code, but numbers of this desk need one (policy: channels)", ticket->channel);
	civil_from(&number.date, zone_wall(change->desk->zone, ticket->received.s));
	if ((failed = next_serial(change, &number, err)))
		return failed;
	ticket->id = number_text(policy->number.format, &number);
	*path = number_path(policy, ticket->id);
	return *path ? 0 : ticket_fail(err, TICKET_STORAGE, "the number format '%s' gives numbers it cannot read", policy->number.format);
}
