/* SPDX-License-Identifier: MIT */
/* Reading a desk: from a word to a number, from a number to a ticket, now or as of a revision. */
#include "desk/index.h"
#include "model/number.h"
#include "ticket/text.h"

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

int desk_resolve(struct desk *desk, const char *word, char **out, struct ticket_error *err)
{
	_cleanup_free_ char *path = number_path(desk->policy, word);
	_cleanup_(index_close_p) struct index *index = NULL;
	struct texts found = {0};
	struct oid id;
	int failed;

	*out = NULL;
	/* A whole number needs no index: its path follows from it. */
	if (path && store_find(desk->store, &desk->head.tree, path, &id, NULL, NULL) == 0) {
		*out = xstrdup(word);
		return 0;
	}
	if (!*word || text_flaw(word, strlen(word), NULL) >= 0 || strpbrk(word, "/\\\n\t"))
		return ticket_fail(err, TICKET_NOTFOUND, "'%s' is no ticket number", word);
	if (!(failed = desk_index(desk, NULL, &index, err)) && !(failed = index_numbers(index, word, CANDIDATES, &found, err)))
		failed = choose(word, &found, out, err);
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

int desk_read(struct desk *desk, const char *word, struct ticket **out, struct ticket_error *err)
{
	const char *at = strrchr(word, '@');
	_cleanup_free_ char *name = at ? xstrndup(word, (size_t)(at - word)) : xstrdup(word), *number = NULL;
	struct snapshot snapshot = desk->head;
	int failed;

	*out = NULL;
	if ((failed = desk_resolve(desk, name, &number, err)))
		return failed;
	if (at && (failed = desk_revision(desk, at + 1, &snapshot, err)))
		return failed;
	failed = desk_read_from(desk, &snapshot.tree, number, out, err);
	if (failed == TICKET_NOTFOUND && at)
		return ticket_fail(err, TICKET_NOTFOUND, "'%s' did not exist yet at '%s'", number, at + 1);
	return failed;
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
