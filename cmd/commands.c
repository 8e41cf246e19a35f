/* SPDX-License-Identifier: MIT */
/* All commands in alphabetical order: a new command is one line in each of the two lists. */
#include "command.h"

#include "ticket/text.h"

extern const struct command command_help, command_init, command_version;

const struct command *const commands[] = {
	&command_help,
	&command_init,
	&command_version,
	NULL,
};

const struct command *command_find(const struct command *const *list, const char *name)
{
	for (size_t i = 0; list[i]; i++)
		if (text_equal(list[i]->name, name))
			return list[i];
	return NULL;
}

size_t command_count(const struct command *const *list)
{
	size_t n = 0;

	while (list[n])
		n++;
	return n;
}

const char *command_nearest(const struct command *const *list, const char *typed)
{
	size_t n = command_count(list);
	const char **names = xcalloc(n, sizeof(*names));
	const char *near;

	for (size_t i = 0; i < n; i++)
		names[i] = list[i]->name;
	near = text_nearest(typed, names, n);
	free(names);
	return near;
}
