/* SPDX-License-Identifier: MIT */
/* ticket kb add, edit: what changes the knowledge base. */
#include "kb.h"

struct options {
	struct texts titles, categories, types, words;
	const char *wording;
};

#define TEXTS(member, name, letter, value, help) {name, letter, OPTION_TEXTS, offsetof(struct options, member), value, help}
static const struct option_row option_rows[] = {
	TEXTS(titles, "title", 't', "[LANGUAGE:]TITLE", "title, also one for each language: zh:登录不了"),
	TEXTS(categories, "category", 'k', "CATEGORY", "of tickets it is about; repeat for several"),
	TEXTS(types, "type", 0, "TYPE", "of tickets it is about; repeat for several"),
	TEXTS(words, "word", 'w', "WORD", "that such tickets hold; repeat for several"),
	{"wording", 0, OPTION_TEXT, offsetof(struct options, wording), "TEXT", "standard wording for answers, added as a section of its own"},
	OPTION_END,
};

static bool has_options(const struct options *o)
{
	return o->titles.n || o->categories.n || o->types.n || o->words.n || o->wording;
}

static const char template[] = N_("An article: what is asked, why, what helps. Between the lines of dashes stand title (title.zh: in another language),\n"
			       "categories, types and words of the tickets it is about; below the heading '## Standard wording' what customers are told.");

/* --- what is given --------------------------------------------------------------------------------------------- */

/* A text that begins with front matter is the whole article; any other is its body. */
static int apply_text(struct article **article, const char *text, struct ticket_error *err)
{
	struct article *whole;
	int failed;

	if (!text_starts(text, "---\n")) {
		_cleanup_buf_ struct buf all = {0};

		replace_text(&(*article)->body, text);
		article_write(*article, &all);
		failed = article_parse(&whole, (*article)->name, all.p, (*article)->name, err);
	} else {
		failed = article_parse(&whole, (*article)->name, text, _("the text"), err);
	}
	if (failed)
		return failed;
	article_free(*article);
	*article = whole;
	return 0;
}

/* "zh:登录不了": two or three letters before the first colon are a language; any other colon is the title's own. */
static void apply_title(struct article *article, const char *given)
{
	size_t n = strspn(given, "abcdefghijklmnopqrstuvwxyz");
	bool named = (n == 2 || n == 3) && given[n] == ':';
	_cleanup_free_ char *language = xstrndup(given, named ? n : 0);
	const char *title = named ? given + n + 1 : given;

	while (*title == ' ')
		title++;
	pairs_set(&article->titles, language, *title ? title : NULL);
}

static void apply_list(struct texts *list, const struct texts *given)
{
	if (given->n == 1 && !*given->v[0])
		texts_release(list);
	else if (given->n)
		texts_copy(list, given);
}

static int apply_options(struct article **article, const struct options *o, struct ticket_error *err)
{
	_cleanup_free_ char *body = NULL;

	for (size_t i = 0; i < o->titles.n; i++)
		apply_title(*article, o->titles.v[i]);
	apply_list(&(*article)->categories, &o->categories);
	apply_list(&(*article)->types, &o->types);
	apply_list(&(*article)->words, &o->words);
	if (!o->wording)
		return 0;
	if ((*article)->wording)
		return ticket_fail(err, TICKET_REFUSED, "the article '%s' has a standard wording already; change it in its text: ticket kb edit %s", (*article)->name, (*article)->name);
	body = xasprintf("%s%s## Standard wording\n\n%s", (*article)->body, *(*article)->body ? "\n\n" : "", o->wording);
	return apply_text(article, body, err);
}

/* From -m and -F, else where the options say nothing either from the editor, beginning with what is there. */
static int read_text(struct call *call, const struct article *article, bool needed, char **out, struct ticket_error *err)
{
	_cleanup_buf_ struct buf begun = {0};
	int failed = call_text(call, NULL, false, out, err);

	if (failed || *out || !needed)
		return failed;
	article_write(article, &begun);
	return call_edit(call, begun.p, template, out, err);
}

static int put_article(struct call *call, struct article **article, bool replace, bool needs_text, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_change_ struct change *change = NULL;
	_cleanup_free_ char *text = NULL;
	size_t masked;
	int failed;

	if ((failed = read_text(call, *article, needs_text, &text, err)) || (text && (failed = apply_text(article, text, err))) ||
	    (failed = apply_options(article, o, err)) || (failed = change_begin(&change, call->desk, err)) ||
	    (failed = kb_put(change, *article, replace, &masked, err)) || (failed = change_commit(change, call->dry_run, err)))
		return failed;
	fprintf(call->out, "%s\n", (*article)->name);
	if (masked)
		call_say(call, Q_("%zu place with personal data in it masked", "%zu places with personal data in it masked", masked), masked);
	return 0;
}

/* --- add ------------------------------------------------------------------------------------------------------- */

static int run_add(struct call *call, struct ticket_error *err)
{
	const struct options *o = call->options;
	_cleanup_article_ struct article *article = xcalloc(1, sizeof(*article));
	int failed = call_need_args(call, 1, 1, err);

	if (failed)
		return failed;
	article->name = xstrdup(call->args[0]);
	article->body = xstrdup("");
	if (!o->titles.n)
		pairs_set(&article->titles, "", article->name);
	return put_article(call, &article, false, !o->wording, err);
}

const struct command kb_command_add = {
	.name = "add",
	.summary = "add an article; its text is Markdown, with or without front matter",
	.synopsis = "NAME [--title TITLE]... [--category K]... [--type T]... [--word W]... [--wording TEXT] [-m TEXT | -F FILE]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run_add,
};

/* --- edit ------------------------------------------------------------------------------------------------------ */

static int run_edit(struct call *call, struct ticket_error *err)
{
	_cleanup_article_ struct article *article = NULL;
	int failed;

	if ((failed = call_need_args(call, 1, 1, err)) || (failed = kb_read(call->desk, call->args[0], &article, err)))
		return failed;
	return put_article(call, &article, true, !has_options(call->options), err);
}

const struct command kb_command_edit = {
	.name = "edit",
	.summary = "change what is given of an article; nothing given: in the editor",
	.synopsis = "NAME [--title TITLE]... [--category K]... [--type T]... [--word W]... [--wording TEXT] [-m TEXT | -F FILE]",
	.flags = COMMAND_DESK | COMMAND_WRITES | COMMAND_QUIET | COMMAND_TEXT,
	.options = option_rows,
	.options_size = sizeof(struct options),
	.run = run_edit,
};
