/* SPDX-License-Identifier: MIT */
/* Reading actions: their numbers, their files. */
#include "action/action.h"

#include <ctype.h>

#define MOST_CANDIDATES 10

/* "A-YYYY-NNNN": four digits of a year, four or more of a serial. */
static bool is_number(const char *id)
{
	return text_starts(id, "A-") && strspn(id + 2, "0123456789") == 4 && id[6] == '-' && strspn(id + 7, "0123456789") >= 4 && strlen(id) < 32 &&
	       strspn(id + 7, "0123456789") == strlen(id + 7);
}

char *action_path(const char *id)
{
	return is_number(id) ? xasprintf(ACTIONS_FOLDER "/%.4s/%s.json", id + 2, id) : NULL;
}

int action_read_from(struct desk *desk, const struct oid *tree, const char *id, struct action **out, struct ticket_error *err)
{
	_cleanup_free_ char *path = action_path(id);
	_cleanup_buf_ struct buf text = {0};
	int failed = path ? store_read(desk->store, tree, path, &text, err) : TICKET_NOTFOUND;

	*out = NULL;
	if (failed == TICKET_NOTFOUND)
		return ticket_fail(err, TICKET_NOTFOUND, "there is no action '%s'; see: ticket action list", id);
	return failed ? failed : action_parse(out, text.p ? text.p : "", text.n, path, err);
}

/* --- all of them ----------------------------------------------------------------------------------------------- */

static char *number_of(const struct store_entry *entry)
{
	_cleanup_free_ char *id = text_ends(entry->name, ".json") ? xstrndup(entry->name, strlen(entry->name) - strlen(".json")) : NULL;
	_cleanup_free_ char *path = id && !entry->is_folder && !entry->is_link ? action_path(id) : NULL;

	return path && text_equal(path, entry->path) ? steal_ptr(id) : NULL;
}

static int collect_number(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	_cleanup_free_ char *id = number_of(entry);

	if (id)
		texts_add(data, id);
	return 0;
}

static int compare_numbers(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	int by_year = strncmp(x, y, strlen("A-2026-"));

	if (by_year || strlen(x) == strlen(y))
		return by_year ? by_year : strcmp(x, y);
	return strlen(x) < strlen(y) ? -1 : 1; /* serials grow when four digits run out */
}

int action_numbers(struct desk *desk, struct texts *out, struct ticket_error *err)
{
	int failed = store_changes(desk->store, &(struct oid){{0}}, &desk->head.tree, ACTIONS_FOLDER, collect_number, out, err);

	if (!failed && out->n)
		qsort(out->v, out->n, sizeof(*out->v), compare_numbers);
	return failed;
}

int action_each(struct desk *desk, action_visitor *visit, void *data, struct ticket_error *err)
{
	struct texts numbers = {0};
	int failed = action_numbers(desk, &numbers, err);

	for (size_t i = 0; i < numbers.n && !failed; i++) {
		_cleanup_action_ struct action *action = NULL;

		if (!(failed = action_read_from(desk, &desk->head.tree, numbers.v[i], &action, err)))
			failed = visit(action, data, err);
	}
	texts_release(&numbers);
	return failed;
}

/* --- by a piece of the number ---------------------------------------------------------------------------------- */

/* "12" is the twelfth of a year; any other word a head or a tail of the number. */
static bool is_meant(const char *id, const char *word)
{
	bool serial = strspn(word, "0123456789") == strlen(word);

	if (serial && strlen(word) < 10 && strtoll(id + 7, NULL, 10) == strtoll(word, NULL, 10))
		return true;
	if (serial && strlen(word) < 4)
		return false;
	return text_ends(id, word) || text_starts(id, word);
}

static int refuse(const char *word, const struct texts *candidates, struct ticket_error *err)
{
	_cleanup_buf_ struct buf list = {0};

	if (!candidates->n)
		return ticket_fail(err, TICKET_NOTFOUND, "there is no action '%s'; see: ticket action list", word);
	for (size_t i = 0; i < candidates->n && i < MOST_CANDIDATES; i++)
		buf_addf(&list, "\n  %s", candidates->v[i]);
	if (candidates->n > MOST_CANDIDATES)
		buf_puts(&list, "\n  …");
	return ticket_fail(err, TICKET_NOTFOUND, "'%s' is not the only such action; it could be%s", word, list.p);
}

int action_resolve(struct desk *desk, const char *word, char **out, struct ticket_error *err)
{
	_cleanup_free_ char *typed = xstrdup(word);
	struct texts numbers = {0}, candidates = {0};
	int failed = action_numbers(desk, &numbers, err);

	*out = NULL;
	for (char *p = typed; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	for (size_t i = 0; i < numbers.n && !*out && *typed; i++) {
		if (text_equal(numbers.v[i], typed))
			*out = xstrdup(typed);
		else if (is_meant(numbers.v[i], typed))
			texts_add(&candidates, numbers.v[i]);
	}
	if (!failed && !*out && candidates.n == 1)
		*out = xstrdup(candidates.v[0]);
	if (!failed && !*out)
		failed = refuse(word, &candidates, err);
	texts_release(&numbers);
	texts_release(&candidates);
	return failed;
}

int action_read(struct desk *desk, const char *word, struct action **out, struct ticket_error *err)
{
	_cleanup_free_ char *id = NULL;
	int failed = action_resolve(desk, word, &id, err);

	*out = NULL;
	return failed ? failed : action_read_from(desk, &desk->head.tree, id, out, err);
}
