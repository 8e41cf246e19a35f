/* SPDX-License-Identifier: MIT */
/* ticket kb: the knowledge base. The commands beneath it, and those that only look: list, show, search, suggest (C17). */
#include "kb.h"
#include "label.h"

#include "quote.h"

/* --- list ------------------------------------------------------------------------------------------------------ */

static const struct column list_columns[] = {
	{"name", NULL, CELL_TEXT, false, false},  {"title", NULL, CELL_TEXT, false, true},  {"categories", NULL, CELL_LIST, false, false},
	{"types", NULL, CELL_LIST, false, false}, {"words", NULL, CELL_LIST, true, false},  {"wording", NULL, CELL_FLAG, false, false},
	{"uses", NULL, CELL_NUMBER, false, false}, {"last_used", "LAST USED", CELL_TIME, false, false},
};

struct listing {
	const struct call *call;
	struct table *table;
	article_uses uses;
};

static int compare_use(const void *name, const void *use)
{
	return strcmp(name, ((const struct article_use *)use)->name);
}

static int add_article(const struct article *article, void *data, struct ticket_error *err)
{
	const struct listing *listing = data;
	const struct article_use *use = listing->uses.n ? bsearch(article->name, listing->uses.v, listing->uses.n, sizeof(*use), compare_use) : NULL;
	_cleanup_free_ char *category_names = texts_join(&article->categories, ","), *type_names = texts_join(&article->types, ","), *words = texts_join(&article->words, ",");
	const struct policy *policy = desk_policy(listing->call->desk);
	bool people = label_people(listing->call);
	_cleanup_free_ char *categories = people ? label_choices(listing->call, &policy->categories, category_names) : xstrdup(category_names);
	_cleanup_free_ char *types = people ? label_choices(listing->call, &policy->types, type_names) : xstrdup(type_names);
	char uses[24], last[STAMP_SIZE];
	const char *cells[] = {
		article->name, article_title(article, policy, label_language(listing->call)), categories, types, words,
		article->wording ? "true" : "false", uses, use ? stamp_format(last, &use->last) : NULL,
	};

	snprintf(uses, sizeof(uses), "%zu", use ? use->n : 0);
	table_row(listing->table, cells, NULL);
	return 0;
}

static int run_list(struct call *call, struct ticket_error *err)
{
	_cleanup_(article_uses_release) article_uses uses = {0};
	struct listing listing = {.call = call};
	int failed;

	if ((failed = call_need_args(call, 0, 0, err)) || (failed = kb_uses(call->desk, &uses, err)) ||
	    (failed = table_open(&listing.table, "articles", list_columns, ARRAY_SIZE(list_columns), &call->table, call->out, err)))
		return failed;
	listing.uses = uses;
	failed = kb_each(call->desk, add_article, &listing, err);
	table_end(listing.table, failed);
	return failed;
}

const struct command kb_command_list = {
	.name = "list",
	.summary = "the articles, and how often each was used in answers",
	.synopsis = "",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_PAGER,
	.run = run_list,
};

/* --- show ------------------------------------------------------------------------------------------------------ */

struct show_options {
	bool wording;
};

static const struct option_row show_rows[] = {
	{"wording", 'w', OPTION_FLAG, offsetof(struct show_options, wording), NULL, "only the standard wording"},
	OPTION_END,
};

static void print_json(const struct call *call, const struct article *article)
{
	_cleanup_free_ char *categories = texts_join(&article->categories, ","), *types = texts_join(&article->types, ","), *words = texts_join(&article->words, ",");
	_cleanup_buf_ struct buf out = {0};

	buf_puts(&out, "{\"format\":1,\"articles\":[{\"name\":");
	quote_json(&out, article->name);
	buf_puts(&out, ",\"titles\":{");
	for (size_t i = 0; i < article->titles.n; i++) {
		buf_puts(&out, i ? "," : "");
		quote_json(&out, article->titles.v[i].key);
		buf_putc(&out, ':');
		quote_json(&out, article->titles.v[i].value);
	}
	buf_puts(&out, "},\"categories\":");
	quote_json_list(&out, categories);
	buf_puts(&out, ",\"types\":");
	quote_json_list(&out, types);
	buf_puts(&out, ",\"words\":");
	quote_json_list(&out, words);
	buf_puts(&out, ",\"wording\":");
	quote_json(&out, article->wording);
	buf_puts(&out, ",\"body\":");
	quote_json(&out, article->body);
	buf_puts(&out, "}]}\n");
	fwrite(out.p, 1, out.n, call->out);
}

static int run_show(struct call *call, struct ticket_error *err)
{
	const struct show_options *o = call->options;
	_cleanup_article_ struct article *article = NULL;
	_cleanup_buf_ struct buf text = {0};
	int failed;

	if ((failed = call_need_args(call, 1, 1, err)) || (failed = kb_read(call->desk, call->args[0], &article, err)))
		return failed;
	if (o->wording && !article->wording)
		return ticket_fail(err, TICKET_NOTFOUND, "the article '%s' has no section '## Standard wording'", article->name);
	if (call->json) {
		print_json(call, article);
		return 0;
	}
	if (o->wording)
		buf_addf(&text, "%s\n", article->wording);
	else
		article_write(article, &text);
	print_text(call->out, text.p, true);
	return 0;
}

const struct command kb_command_show = {
	.name = "show",
	.summary = "one article as it lies in its file",
	.synopsis = "NAME [--wording]",
	.flags = COMMAND_DESK | COMMAND_JSON | COMMAND_PAGER,
	.options = show_rows,
	.options_size = sizeof(struct show_options),
	.run = run_show,
};

/* --- search, suggest ------------------------------------------------------------------------------------------- */

struct find_options {
	int64_t limit;
};

static const struct option_row find_rows[] = {
	{"limit", 'l', OPTION_COUNT, offsetof(struct find_options, limit), "N", "at most so many; else 10"},
	OPTION_END,
};

static const struct column find_columns[] = {
	{"name", NULL, CELL_TEXT, false, false},
	{"title", NULL, CELL_TEXT, false, true},
	{"score", NULL, CELL_NUMBER, false, false},
	{"wording", NULL, CELL_FLAG, false, false},
};

struct finding_articles {
	const struct call *call;
	struct table *table;
	int64_t left, found;
};

static int add_hit(const struct article *article, int64_t score, void *data, struct ticket_error *err)
{
	struct finding_articles *finding = data;
	char points[24];
	const char *cells[] = {article->name, article_title(article, desk_policy(finding->call->desk), label_language(finding->call)), points, article->wording ? "true" : "false"};

	if (!finding->left)
		return 1;
	finding->left--;
	finding->found++;
	snprintf(points, sizeof(points), "%lld", (long long)score);
	table_row(finding->table, cells, NULL);
	return 0;
}

static int print_ranking(struct call *call, const struct ticket *ticket, const struct texts *words, struct ticket_error *err)
{
	const struct find_options *o = call->options;
	struct finding_articles finding = {.call = call, .left = o->limit ? o->limit : 10};
	int ended = table_open(&finding.table, "articles", find_columns, ARRAY_SIZE(find_columns), &call->table, call->out, err);

	if (ended)
		return ended;
	ended = kb_rank(call->desk, ticket, words, add_hit, &finding, err);
	table_end(finding.table, ended);
	return ended < 0 ? ended : finding.found ? 0 : TICKET_NO;
}

static int run_search(struct call *call, struct ticket_error *err)
{
	struct texts words = {0};
	int failed;

	if ((failed = call_need_args(call, 1, SIZE_MAX, err)))
		return failed;
	for (size_t i = 0; i < call->n_args; i++)
		texts_add(&words, call->args[i]);
	failed = print_ranking(call, NULL, &words, err);
	texts_release(&words);
	return failed;
}

const struct command kb_command_search = {
	.name = "search",
	.summary = "the articles that speak of these words, the best first",
	.synopsis = "WORD... [--limit N]",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_PAGER,
	.options = find_rows,
	.options_size = sizeof(struct find_options),
	.run = run_search,
};

static int run_suggest(struct call *call, struct ticket_error *err)
{
	_cleanup_ticket_ struct ticket *ticket = NULL;
	int failed;

	if ((failed = call_need_args(call, 1, 1, err)) || (failed = desk_read(call->desk, call->args[0], &ticket, err)))
		return failed;
	return print_ranking(call, ticket, NULL, err);
}

const struct command kb_command_suggest = {
	.name = "suggest",
	.summary = "the articles that fit a ticket by its category, types and words, the best first",
	.synopsis = "ID [--limit N]",
	.flags = COMMAND_DESK | COMMAND_ROWS | COMMAND_PAGER,
	.options = find_rows,
	.options_size = sizeof(struct find_options),
	.run = run_suggest,
};

/* --- the group ------------------------------------------------------------------------------------------------- */

static const struct command *const children[] = {
	&kb_command_add, &kb_command_edit, &kb_command_list, &kb_command_search, &kb_command_show, &kb_command_suggest, NULL,
};

const struct command command_kb = {
	.name = "kb",
	.summary = "the knowledge base: articles found from a ticket, with standard wording for answers",
	.synopsis = "add NAME --title TITLE -F FILE ...\nedit NAME ...\nlist\nsearch WORD...\nshow NAME [--wording]\nsuggest ID",
	.children = children,
};
