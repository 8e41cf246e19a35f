/* SPDX-License-Identifier: MIT */
/* The presets' folder: see presets.h. */
#include "presets.h"

#include "terminal.h"
#include "ticket/memory.h"

int presets_folder(char **out, struct ticket_error *err)
{
	const char *named = getenv("TICKET_PRESETS");

	*out = named && *named ? xstrdup(named) : installed_folder(TICKET_PRESETS, "presets");
	if (*out)
		return 0;
	return ticket_fail(err, TICKET_NOTFOUND, "the presets are not installed with this program; name their folder in TICKET_PRESETS");
}
