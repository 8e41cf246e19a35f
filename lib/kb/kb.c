/* SPDX-License-Identifier: MIT */
/* The knowledge base on the desk: reading its articles, putting them in, counting their use. */
#include "kb/kb.h"

#include "privacy/mask.h"
#include "ticket/text.h"

/* --- reading --------------------------------------------------------------------------------------------------- */

static int read_entry(struct desk *desk, const struct store_entry *entry, struct article **out, struct ticket_error *err)
{
	_cleanup_free_ char *name = entry->is_folder || entry->is_link ? NULL : article_name_of(entry->path);
	_cleanup_buf_ struct buf text = {0};
	int failed;

	*out = NULL;
	if (!name)
		return 0;
	if ((failed = store_read_blob(desk->store, &entry->id, &text, err)))
		return failed;
	if (text.n && strlen(text.p) != text.n)
		return ticket_fail(err, TICKET_USAGE, "%s: the text holds NUL", entry->path);
	return article_parse(out, name, text.p ? text.p : "", entry->path, err);
}

struct each {
	struct desk *desk;
	article_visitor *visit;
	void *data;
};

static int visit_entry(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	const struct each *each = data;
	_cleanup_article_ struct article *article = NULL;
	int failed = read_entry(each->desk, entry, &article, err);

	return failed || !article ? failed : each->visit(article, each->data, err);
}

int kb_each(struct desk *desk, article_visitor *visit, void *data, struct ticket_error *err)
{
	struct each each = {desk, visit, data};

	return store_changes(desk->store, &(struct oid){{0}}, &desk->head.tree, KB_FOLDER, visit_entry, &each, err);
}

static int collect_name(const struct store_entry *entry, void *data, struct ticket_error *err)
{
	_cleanup_free_ char *name = article_name_of(entry->path);

	if (name)
		texts_add(data, name);
	return 0;
}

static int no_such_article(struct desk *desk, const char *name, struct ticket_error *err)
{
	struct texts names = {0};
	const char *near;

	store_list(desk->store, &desk->head.tree, KB_FOLDER, collect_name, &names, NULL);
	near = text_nearest(name, (const char *const *)names.v, names.n);
	if (near)
		ticket_fail(err, TICKET_NOTFOUND, "there is no article '%s'; did you mean '%s'?; see: ticket kb list", name, near);
	else
		ticket_fail(err, TICKET_NOTFOUND, "there is no article '%s'; see: ticket kb list", name);
	texts_release(&names);
	return TICKET_NOTFOUND;
}

int kb_read(struct desk *desk, const char *name, struct article **out, struct ticket_error *err)
{
	_cleanup_free_ char *path = xasprintf(KB_FOLDER "/%s.md", name);
	struct store_entry entry = {.path = path};
	int failed;

	*out = NULL;
	if (!article_name_fits(name))
		return no_such_article(desk, name, err);
	failed = store_find(desk->store, &desk->head.tree, path, &entry.id, &entry.is_folder, err);
	if (failed || entry.is_folder)
		return failed && failed != TICKET_NOTFOUND ? failed : no_such_article(desk, name, err);
	return read_entry(desk, &entry, out, err);
}

/* --- putting in ------------------------------------------------------------------------------------------------ */

static int check_choices(const struct policy *policy, const struct article *article, struct ticket_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < article->types.n && !failed; i++)
		failed = policy_need_choice(&policy->types, "type", article->types.v[i], err);
	for (size_t i = 0; i < article->categories.n && !failed; i++)
		failed = policy_need_choice(&policy->categories, "category", article->categories.v[i], err);
	return failed;
}

/* A value of the front matter is one line, and a comma ends an item of a list. */
static int check_lines(const struct article *article, struct ticket_error *err)
{
	for (size_t i = 0; i < article->titles.n; i++)
		if (strchr(article->titles.v[i].value, '\n') || strpbrk(article->titles.v[i].key, ": \t\n"))
			return ticket_fail(err, TICKET_USAGE, "'%s' is no title: it must be one line", article->titles.v[i].value);
	for (size_t i = 0; i < article->words.n; i++)
		if (strpbrk(article->words.v[i], ",\n") || strstr(article->words.v[i], "，"))
			return ticket_fail(err, TICKET_USAGE, "'%s' is no word of an article: it holds a comma or a line break; repeat the option for several", article->words.v[i]);
	return 0;
}

/* What customers wrote may have been copied in: articles are masked as tickets are, and what would be refused there is masked here. */
static void mask_article(const struct policy *policy, struct buf *text, size_t *masked)
{
	struct masking rules = policy->masking;
	struct privacy_intake intake = {.rules = &rules, .consent = true};
	struct privacy_found found = {0};
	struct buf out = {0};

	rules.with_consent = NULL;
	privacy_text(&out, &intake, text->p, &found, NULL);
	buf_release(text);
	*text = out;
	*masked = 0;
	for (size_t i = 0; i < PRIVACY_KINDS; i++)
		*masked += found.masked[i];
}

int kb_put(struct change *change, const struct article *article, bool replace, size_t *masked, struct ticket_error *err)
{
	const struct desk *desk = change->desk;
	_cleanup_free_ char *path = xasprintf(KB_FOLDER "/%s.md", article->name);
	_cleanup_article_ struct article *kept = NULL;
	_cleanup_buf_ struct buf text = {0};
	struct oid id;
	bool there;
	int failed;

	if (!article_name_fits(article->name))
		return ticket_fail(err, TICKET_USAGE, "'%s' cannot be an article's name: small letters, digits and dashes, like cannot-sign-in", article->name);
	there = store_find(desk->store, &change->base.tree, path, &id, NULL, NULL) == 0;
	if (there && !replace)
		return ticket_fail(err, TICKET_REFUSED, "there is an article '%s' already; change it with: ticket kb edit %s", article->name, article->name);
	if (!there && replace)
		return no_such_article(change->desk, article->name, err);
	if ((failed = check_choices(desk->policy, article, err)) || (failed = check_lines(article, err)))
		return failed;
	article_write(article, &text);
	mask_article(desk->policy, &text, masked);
	if ((failed = article_parse(&kept, article->name, text.p, path, err)))
		return failed;
	if (!*kept->body)
		return ticket_fail(err, TICKET_USAGE, "the article '%s' says nothing; give its text with -m TEXT or -F FILE", article->name);
	change_subject(change, "kb: %s %s", replace ? "edit" : "add", article->name);
	return change_file(change, path, text.p, text.n, err);
}

/* --- use ------------------------------------------------------------------------------------------------------- */

static struct article_use *use_of(article_uses *uses, const char *name)
{
	struct article_use *use;

	for (size_t i = 0; i < uses->n; i++)
		if (text_equal(uses->v[i].name, name))
			return &uses->v[i];
	use = list_push(uses);
	use->name = xstrdup(name);
	return use;
}

static int count_uses(struct ticket *ticket, void *data, struct ticket_error *err)
{
	for (size_t i = 0; i < ticket->events.n; i++) {
		const struct event *event = &ticket->events.v[i];
		struct article_use *use;

		if (event->kind != EVENT_RESPONDED || !event->name)
			continue;
		use = use_of(data, event->name);
		use->n++;
		if (!use->last.set || event->at.s > use->last.s)
			use->last = event->at;
	}
	return 0;
}

static int compare_uses(const void *a, const void *b)
{
	return strcmp(((const struct article_use *)a)->name, ((const struct article_use *)b)->name);
}

int kb_uses(struct desk *desk, article_uses *out, struct ticket_error *err)
{
	int failed = desk_each(desk, NULL, count_uses, out, err);

	if (!failed && out->n)
		qsort(out->v, out->n, sizeof(*out->v), compare_uses);
	return failed;
}

void article_uses_release(article_uses *uses)
{
	for (size_t i = 0; i < uses->n; i++)
		free(uses->v[i].name);
	free(uses->v);
	*uses = (article_uses){0};
}
