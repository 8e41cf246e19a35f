/* SPDX-License-Identifier: MIT */
/* The presets' folder: see presets.h. */
#include "presets.h"

#include <dirent.h>
#include <errno.h>
#include <unistd.h>

#include "terminal.h"
#include "ticket/language.h"
#include "ticket/memory.h"

int presets_folder(char **out, struct ticket_error *err)
{
	const char *named = getenv("TICKET_PRESETS");

	*out = named && *named ? xstrdup(named) : installed_folder(TICKET_PRESETS, "presets");
	if (*out)
		return 0;
	return ticket_fail(err, TICKET_NOTFOUND, "the presets are not installed with this program; name their folder in TICKET_PRESETS");
}

/* Calendars lie in a folder of their own, which is no preset. */
static int is_preset(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && !text_equal(entry->d_name, "calendars");
}

int presets_print(FILE *out, struct ticket_error *err)
{
	_cleanup_free_ char *folder = NULL;
	struct dirent **entries = NULL;
	int n, code = presets_folder(&folder, err);

	if (code)
		return code;
	n = scandir(folder, &entries, is_preset, alphasort);
	if (n < 0)
		return ticket_fail(err, TICKET_NOTFOUND, "cannot read the presets in '%s': %s", folder, language_errno(errno));
	for (int i = 0; i < n; i++) {
		_cleanup_free_ char *policy = xasprintf("%s/%s/policy.json", folder, entries[i]->d_name);

		if (access(policy, R_OK) == 0)
			fprintf(out, "%s\n", entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return 0;
}
