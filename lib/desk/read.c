/* SPDX-License-Identifier: MIT */
/* Reading a desk: from a word to a number, from a number to a ticket, now or as of a revision. */
#include "desk/index.h"
#include "model/number.h"
#include "ticket/text.h"

#include <strings.h>

int desk_ticket_path(const struct desk *desk, const char *number, char **out, struct ticket_error *err)
{
	*out = number_path(desk->policy, number);
	return *out ? 0 : ticket_fail(err, TICKET_NOTFOUND, "'%s' is no ticket number of this desk; its numbers look like %s", number, desk->policy->number.format);
}

int desk_read_from(struct desk *desk, const struct oid *tree, const char *number, struct ticket **out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf text = {0};
	_cleanup_free_ char *path = NULL;
	int failed;

	*out = NULL;
	if ((failed = desk_ticket_path(desk, number, &path, err)))
		return failed;
	if ((failed = store_read(desk->store, tree, path, &text, err)))
		return failed == TICKET_NOTFOUND ? ticket_fail(err, failed, "there is no ticket '%s'", number) : failed;
	return ticket_read(out, text.p, text.n, path, err);
}

/* --- from a word to a number ----------------------------------------------------------------------------------- */

#define CANDIDATES 20

static int choose(const char *word, const struct texts *found, char **out, struct ticket_error *err)
{
	_cleanup_free_ char *list = texts_join(found, "\n  ");

	if (found->n == 1) {
		*out = xstrdup(found->v[0]);
		return 0;
	}
	if (found->n == 0)
		return ticket_fail(err, TICKET_NOTFOUND, "there is no ticket '%s'", word);
	return ticket_fail(err, TICKET_NOTFOUND, "'%s' is not unique; it could be\n  %s%s", word, list, found->n == CANDIDATES ? "\n  …" : "");
}

/* A whole number needs no index: its path follows from it. */
static bool is_number(const struct desk *desk, const struct snapshot *at, const char *word)
{
	_cleanup_free_ char *path = number_path(desk->policy, word);
	struct oid id;

	return path && store_find(desk->store, &at->tree, path, &id, NULL, NULL) == 0;
}

static int resolve_at(struct desk *desk, const struct snapshot *at, const char *word, char **out, struct ticket_error *err)
{
	_cleanup_(index_close_p) struct index *index = NULL;
	struct texts found = {0};
	int failed;

	*out = NULL;
	if (is_number(desk, at, word)) {
		*out = xstrdup(word);
		return 0;
	}
	if (!*word || text_flaw(word, strlen(word), NULL) >= 0 || strpbrk(word, "/\\\n\t"))
		return ticket_fail(err, TICKET_NOTFOUND, "'%s' is no ticket number", word);
	if (!(failed = desk_index(desk, at, &index, err)) && !(failed = index_numbers(index, word, CANDIDATES, &found, err)))
		failed = choose(word, &found, out, err);
	texts_release(&found);
	return failed;
}

int desk_resolve(struct desk *desk, const char *word, char **out, struct ticket_error *err)
{
	return resolve_at(desk, &desk->head, word, out, err);
}

int desk_numbers(struct desk *desk, const char *word, size_t most, struct texts *out, struct ticket_error *err)
{
	_cleanup_(index_close_p) struct index *index = NULL;
	struct texts found = {0};
	bool is_head = false;
	int failed;

	if (!(failed = desk_index(desk, NULL, &index, err)) && !(failed = index_numbers(index, word, most, &found, err))) {
		for (size_t i = 0; i < found.n; i++)
			is_head = is_head || strncasecmp(found.v[i], word, strlen(word)) == 0;
		for (size_t i = 0; i < found.n; i++)
			if (!is_head || strncasecmp(found.v[i], word, strlen(word)) == 0)
				texts_add(out, found.v[i]);
	}
	texts_release(&found);
	return failed;
}

/* --- revisions ------------------------------------------------------------------------------------------------- */

struct until {
	int64_t at_s;
	struct snapshot *out;
};

static int first_until(const struct store_commit *commit, void *data, struct ticket_error *err)
{
	struct until *until = data;

	if (commit->committed_s > until->at_s)
		return 0;
	*until->out = (struct snapshot){commit->id, commit->tree};
	return 1;
}

int desk_revision(struct desk *desk, const char *word, struct snapshot *out, struct ticket_error *err)
{
	struct stamp at;
	struct until until = {.out = out};
	int ended;

	if (time_parse(&at, word, desk->zone, desk->context.now_s, NULL))
		return store_revision(desk->store, word, out, err);
	until.at_s = at.s;
	ended = store_history(desk->store, &desk->head.commit, NULL, first_until, &until, err);
	if (ended == 0)
		return ticket_fail(err, TICKET_NOTFOUND, "the desk is younger than '%s'", word);
	return ended < 0 ? ended : 0;
}

/* A ticket of today under a number that it had then. */
static int read_former(struct desk *desk, const struct snapshot *then, const char *number, struct ticket **out)
{
	_cleanup_ticket_ struct ticket *now = NULL;
	int failed = desk_read_from(desk, &desk->head.tree, number, &now, NULL);

	for (size_t i = 0; !failed && i < now->aliases.n; i++) {
		if (desk_read_from(desk, &then->tree, now->aliases.v[i], out, NULL))
			continue;
		if (text_equal((*out)->uid, now->uid))
			return 0;
		ticket_free(steal_ptr(*out));
	}
	return TICKET_NOTFOUND;
}

/* By the number it had then; by what names it today; else by what named it then, for it may be gone since. */
static int read_then(struct desk *desk, const char *name, const char *revision, struct ticket **out, struct ticket_error *err)
{
	_cleanup_free_ char *number = NULL;
	struct snapshot then;
	int failed = desk_revision(desk, revision, &then, err);

	if (failed)
		return failed;
	if (is_number(desk, &then, name))
		return desk_read_from(desk, &then.tree, name, out, err);
	failed = desk_resolve(desk, name, &number, err);
	if (failed == TICKET_NOTFOUND && resolve_at(desk, &then, name, &number, NULL) == 0)
		failed = 0;
	if (failed)
		return failed;
	failed = desk_read_from(desk, &then.tree, number, out, err);
	if (failed == TICKET_NOTFOUND && read_former(desk, &then, number, out) == 0)
		return 0;
	return failed == TICKET_NOTFOUND ? ticket_fail(err, TICKET_NOTFOUND, "'%s' did not exist yet at '%s'", number, revision) : failed;
}

int desk_read(struct desk *desk, const char *word, struct ticket **out, struct ticket_error *err)
{
	const char *at = strchr(word, '@');
	_cleanup_free_ char *name = at ? xstrndup(word, (size_t)(at - word)) : NULL, *number = NULL;
	int failed;

	*out = NULL;
	if (at)
		return read_then(desk, name, at + 1, out, err);
	failed = desk_resolve(desk, word, &number, err);
	return failed ? failed : desk_read_from(desk, &desk->head.tree, number, out, err);
}

/* --- all of them ----------------------------------------------------------------------------------------------- */

struct each {
	struct desk *desk;
	desk_visitor *visit;
	void *data;
};

static int read_each(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	struct each *each = data;
	_cleanup_buf_ struct buf text = {0};
	_cleanup_ticket_ struct ticket *ticket = NULL;
	int failed;

	if (entry->is_folder || entry->is_link || !text_ends(entry->name, ".json"))
		return 0;
	if ((failed = store_read_blob(each->desk->store, &entry->id, &text, err)) || (failed = ticket_read(&ticket, text.p, text.n, entry->path, err)))
		return failed;
	return each->visit(ticket, each->data, err);
}

int desk_each(struct desk *desk, const char *revision, desk_visitor *visit, void *data, struct ticket_error *err)
{
	struct each each = {desk, visit, data};
	struct snapshot snapshot = desk->head;
	int failed;

	if (revision && (failed = desk_revision(desk, revision, &snapshot, err)))
		return failed;
	return store_changes(desk->store, &(struct oid){{0}}, &snapshot.tree, TICKETS_FOLDER, read_each, &each, err);
}
