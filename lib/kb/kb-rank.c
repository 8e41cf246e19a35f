/* SPDX-License-Identifier: MIT */
/* Which articles fit: what a ticket or a search shares with each, rare words counting more than common ones. */
#include "kb/kb.h"

#include "ticket/text.h"

/* Points; only their proportions matter. */
enum {
	SAME_CATEGORY = 60,
	SAME_TYPE = 60,
	SAME_KIND = 30,    /* of type "malfunction/login": "malfunction" */
	KEYWORD = 40,      /* one of the article's words stands in the ticket */
	PHRASE = 40,       /* a word that is looked for stands in the article */
	RARE = 8,          /* a token shared, for each doubling of its rarity */
	HEAD_TIMES = 3,    /* a token of title or words counts so often */
};

/* --- tokens ---------------------------------------------------------------------------------------------------- */

static size_t sequence_length(unsigned char c)
{
	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static uint32_t decode(const char *p, size_t n)
{
	uint32_t c = n == 1 ? (unsigned char)*p : (unsigned char)*p & (0xffu >> (n + 1));

	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)p[i] & 0x3f);
	return c;
}

/* Scripts written without blanks between words. */
static bool is_ideograph(uint32_t c)
{
	return (c >= 0x3040 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7af) || (c >= 0xf900 && c <= 0xfaff) ||
	       (c >= 0x20000 && c <= 0x3ffff);
}

static bool is_letter(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
	return !(c >= 0x80 && c <= 0xbf) && !(c >= 0x2000 && c <= 0x2bff) && !(c >= 0x3000 && c <= 0x303f) && !(c >= 0xfe10 && c <= 0xfe6f) &&
	       !(c >= 0xff00 && c <= 0xff0f) && !(c >= 0xff1a && c <= 0xff1f);
}

/* Words of two letters and more; of ideographs each pair of neighbours. 'folded' is valid UTF-8. */
static void add_tokens(struct texts *out, const char *folded)
{
	const char *word = NULL, *before = NULL;

	for (const char *p = folded;;) {
		size_t n = *p ? sequence_length((unsigned char)*p) : 0;
		uint32_t c = n ? decode(p, n) : 0;
		bool ideograph = n && is_ideograph(c), letter = n && !ideograph && is_letter(c);

		if (word && !letter && p - word >= 2) {
			_cleanup_free_ char *token = xstrndup(word, (size_t)(p - word));

			texts_add(out, token);
		}
		if (ideograph && before) {
			_cleanup_free_ char *pair = xstrndup(before, (size_t)(p + n - before));

			texts_add(out, pair);
		}
		before = ideograph ? p : NULL;
		word = !letter ? NULL : word ? word : p;
		if (!n)
			return;
		p += n;
	}
}

static int compare_tokens(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_unique(struct texts *tokens)
{
	size_t kept = 0;

	if (!tokens->n)
		return;
	qsort(tokens->v, tokens->n, sizeof(*tokens->v), compare_tokens);
	for (size_t i = 0; i < tokens->n; i++) {
		if (kept && strcmp(tokens->v[kept - 1], tokens->v[i]) == 0)
			free(tokens->v[i]);
		else
			tokens->v[kept++] = tokens->v[i];
	}
	tokens->n = kept;
}

static void tokens_of(struct texts *out, const char *text)
{
	_cleanup_free_ char *folded = text_fold(text);

	add_tokens(out, folded);
	sort_unique(out);
}

static bool has_token(const struct texts *sorted, const char *token)
{
	return sorted->n && bsearch(&token, sorted->v, sorted->n, sizeof(*sorted->v), compare_tokens);
}

/* --- candidates ------------------------------------------------------------------------------------------------ */

struct candidate {
	struct article *article;
	char *folded;            /* all of it, for phrases */
	struct texts head, body; /* tokens */
	int64_t score;
};

struct ranking {
	LIST(struct candidate) list;
	const struct policy *policy;
};

static void ranking_release(struct ranking *ranking)
{
	for (size_t i = 0; i < ranking->list.n; i++) {
		struct candidate *c = &ranking->list.v[i];

		article_free(c->article);
		free(c->folded);
		texts_release(&c->head);
		texts_release(&c->body);
	}
	free(ranking->list.v);
}

/* A choice of the policy is known by its name and by its labels. */
static void add_labels(struct buf *out, const choices *list, const struct texts *names)
{
	for (size_t i = 0; i < names->n; i++) {
		const struct choice *choice = policy_choice(list, names->v[i]);

		buf_addf(out, "%s\n", names->v[i]);
		for (size_t k = 0; choice && k < choice->labels.n; k++)
			buf_addf(out, "%s\n", choice->labels.v[k].value);
	}
}

static int add_candidate(const struct article *article, void *data, struct ticket_error *err)
{
	struct ranking *ranking = data;
	struct candidate *candidate = list_push(&ranking->list);
	_cleanup_buf_ struct buf head = {0}, text = {0};

	for (size_t i = 0; i < article->titles.n; i++)
		buf_addf(&head, "%s\n", article->titles.v[i].value);
	for (size_t i = 0; i < article->words.n; i++)
		buf_addf(&head, "%s\n", article->words.v[i]);
	buf_addf(&head, "%s\n", article->name);
	tokens_of(&candidate->head, head.p);
	tokens_of(&candidate->body, article->body);
	buf_addf(&text, "%s%s\n", head.p, article->body);
	add_labels(&text, &ranking->policy->types, &article->types);
	add_labels(&text, &ranking->policy->categories, &article->categories);
	candidate->folded = text_fold(text.p);
	article_write(article, (buf_truncate(&text, 0), &text));
	return article_parse(&candidate->article, article->name, text.p, article->name, err);
}

/* --- points ---------------------------------------------------------------------------------------------------- */

static int64_t points_of_classes(const struct article *article, const struct ticket *ticket)
{
	int64_t points = ticket->category && texts_have(&article->categories, ticket->category) ? SAME_CATEGORY : 0;
	bool same = false, kind = false;

	for (size_t i = 0; i < ticket->types.n; i++) {
		_cleanup_free_ char *parent = xstrndup(ticket->types.v[i], strcspn(ticket->types.v[i], "/"));

		same |= texts_have(&article->types, ticket->types.v[i]);
		kind |= texts_have(&article->types, parent);
	}
	return points + (same ? SAME_TYPE : kind ? SAME_KIND : 0);
}

static int64_t points_of_keywords(const struct article *article, const char *folded)
{
	int64_t points = 0;

	for (size_t i = 0; i < article->words.n; i++) {
		_cleanup_free_ char *word = text_fold(article->words.v[i]);

		points += *word && strstr(folded, word) ? KEYWORD : 0;
	}
	return points;
}

/* One token that all articles share says nothing; each halving of how many share it, RARE more. */
static int64_t rarity(const struct ranking *ranking, const char *token)
{
	size_t having = 0, all = ranking->list.n;
	int64_t points = RARE;

	for (size_t i = 0; i < all; i++)
		having += has_token(&ranking->list.v[i].head, token) || has_token(&ranking->list.v[i].body, token);
	if (!having || (having == all && all > 3))
		return 0;
	for (size_t n = having * 2; n <= all; n *= 2)
		points += RARE;
	return points;
}

/* Many tokens in a long body are less of a sign than a few in the title. */
static void score_tokens(struct ranking *ranking, const struct texts *tokens)
{
	_cleanup_free_ int64_t *body = xcalloc(ranking->list.n + 1, sizeof(*body));

	for (size_t t = 0; t < tokens->n; t++) {
		int64_t points = rarity(ranking, tokens->v[t]);

		for (size_t i = 0; points && i < ranking->list.n; i++) {
			struct candidate *c = &ranking->list.v[i];

			if (has_token(&c->head, tokens->v[t]))
				c->score += points * HEAD_TIMES;
			else if (has_token(&c->body, tokens->v[t]))
				body[i] += points;
		}
	}
	for (size_t i = 0; i < ranking->list.n; i++)
		ranking->list.v[i].score += body[i] * 100 / (int64_t)(100 + ranking->list.v[i].body.n);
}

static void score_ticket(struct ranking *ranking, const struct ticket *ticket)
{
	_cleanup_buf_ struct buf text = {0};
	_cleanup_(texts_release) struct texts tokens = {0};
	_cleanup_free_ char *folded = NULL;

	buf_addf(&text, "%s\n%s\n", ticket->subject ? ticket->subject : "", ticket->description ? ticket->description : "");
	for (size_t i = 0; i < ticket->events.n; i++)
		if (ticket->events.v[i].kind == EVENT_INBOUND && ticket->events.v[i].text)
			buf_addf(&text, "%s\n", ticket->events.v[i].text);
	folded = text_fold(text.p);
	tokens_of(&tokens, text.p);
	for (size_t i = 0; i < ranking->list.n; i++) {
		struct candidate *c = &ranking->list.v[i];

		c->score += points_of_classes(c->article, ticket) + points_of_keywords(c->article, folded);
	}
	score_tokens(ranking, &tokens);
}

static void score_words(struct ranking *ranking, const struct texts *words)
{
	_cleanup_free_ char *joined = texts_join(words, "\n");
	_cleanup_(texts_release) struct texts tokens = {0};

	tokens_of(&tokens, joined);
	score_tokens(ranking, &tokens);
	for (size_t i = 0; i < words->n; i++) {
		_cleanup_free_ char *folded = text_fold(words->v[i]);

		for (size_t k = 0; *folded && k < ranking->list.n; k++)
			ranking->list.v[k].score += strstr(ranking->list.v[k].folded, folded) ? PHRASE : 0;
	}
}

static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return x->score != y->score ? (x->score < y->score) - (x->score > y->score) : strcmp(x->article->name, y->article->name);
}

int kb_rank(struct desk *desk, const struct ticket *ticket, const struct texts *words, article_rank_visitor *visit, void *data, struct ticket_error *err)
{
	_cleanup_(ranking_release) struct ranking ranking = {.policy = desk->policy};
	int ended = kb_each(desk, add_candidate, &ranking, err);

	if (ended)
		return ended;
	if (ticket)
		score_ticket(&ranking, ticket);
	if (words)
		score_words(&ranking, words);
	if (ranking.list.n)
		qsort(ranking.list.v, ranking.list.n, sizeof(*ranking.list.v), compare_candidates);
	for (size_t i = 0; !ended && i < ranking.list.n && ranking.list.v[i].score > 0; i++)
		ended = visit(ranking.list.v[i].article, ranking.list.v[i].score, data, err);
	return ended;
}
