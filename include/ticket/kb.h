/* SPDX-License-Identifier: MIT */
/*
 * The knowledge base (domain C17): articles on what is asked and complained about often, each a Markdown file with front
 * matter under kb/, found from a ticket, with a standard wording to answer with. The file: ticket-kb(1).
 */
#ifndef TICKET_KB_H
#define TICKET_KB_H

#include "ticket/desk.h"

struct article {
	char *name;          /* its file's name without ".md": cannot-sign-in, 登录问题 */
	struct pairs titles; /* language → title; "" is the one without language */
	struct texts categories, types, words;
	char *extra;         /* lines of the front matter that this version does not know, each with its line end */
	char *body;          /* Markdown behind the front matter; "" when there is none */
	char *wording;       /* the section "Standard wording" of the body; NULL when there is none */
};
void article_free(struct article *article);
DEFINE_CLEANUP(struct article *, article_free)
#define _cleanup_article_ _cleanup_(article_free_p)

/* The title in a language ("zh"), else in the desk's, else any, else the name. Borrowed. */
const char *article_title(const struct article *article, const struct policy *policy, const char *language);

/*
 * Reads an article's text; 'origin' names it in errors. '*out' is owned. TICKET_USAGE names the line that is wrong:
 * front matter without end, a line that is no "key: value", a key twice, text that may not be stored.
 */
int article_parse(struct article **out, const char *name, const char *text, const char *origin, struct ticket_error *err);
/* The file's text: front matter in fixed order, a blank line, the body. */
void article_write(const struct article *article, struct buf *out);

/* The article of that name. '*out' is owned. TICKET_NOTFOUND, with a near name where there is one. */
int kb_read(struct desk *desk, const char *name, struct article **out, struct ticket_error *err);
/* Every article in order of name; borrowed for the call. Non-zero from 'visit' ends it with that value. */
typedef int article_visitor(const struct article *article, void *data, struct ticket_error *err);
int kb_each(struct desk *desk, article_visitor *visit, void *data, struct ticket_error *err);

/*
 * Puts an article into a change: a new one, or ('replace') one that is there. Types and categories must be the policy's.
 * Personal data in it are masked; '*masked' counts them. TICKET_REFUSED when it is there already, TICKET_NOTFOUND
 * when it is not, TICKET_USAGE for a name or text that cannot be.
 */
int kb_put(struct change *change, const struct article *article, bool replace, size_t *masked, struct ticket_error *err);

/* How often an article was used in answers, and when last; of all that were ever named, in order of name. */
struct article_use {
	char *name;
	size_t n;
	struct stamp last;
};
typedef LIST(struct article_use) article_uses;
/* Counts the answers of all tickets of HEAD. 'out' is zeroed; release it also on failure. */
int kb_uses(struct desk *desk, article_uses *out, struct ticket_error *err);
void article_uses_release(article_uses *uses);

/*
 * The articles that fit, best first, with a score above 0: to a ticket, by its category, types and words ('ticket'), or
 * to words that are looked for. Either may be NULL. Chinese is compared by pairs of characters.
 */
typedef int article_rank_visitor(const struct article *article, int64_t score, void *data, struct ticket_error *err);
int kb_rank(struct desk *desk, const struct ticket *ticket, const struct texts *words, article_rank_visitor *visit, void *data, struct ticket_error *err);

#endif
