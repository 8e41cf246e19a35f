/* SPDX-License-Identifier: MIT */
/* Any lines as the words of a query: refused with a message, or asked of a ticket; and then its opposite is true. */
#include "ticket/query.h"
#include "ticket/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char policy_text[] =
	"{\"format\":1,\"name\":\"x\",\"time_zone\":\"Asia/Shanghai\",\"number\":{\"format\":\"{date}{serial:3}\"},"
	"\"channels\":[{\"name\":\"web\",\"labels\":{\"zh\":\"官网\"}},{\"name\":\"phone\"}],\"types\":[{\"name\":\"complaint\",\"children\":[{\"name\":\"quality\"}]}],"
	"\"priorities\":[{\"name\":\"1\"},{\"name\":\"2\"}],\"people\":[{\"name\":\"Li Wei\",\"email\":\"li@example.org\"}],"
	"\"queries\":[{\"name\":\"a\",\"query\":\"state:open @b\"},{\"name\":\"b\",\"query\":\"@a \\\"x\"},{\"name\":\"mine\",\"query\":\"assignee:me -overdue\"}]}";

static void insist(bool holds)
{
	if (!holds)
		abort();
}

static struct ticket *sample(const char *text)
{
	struct ticket *ticket = xcalloc(1, sizeof(*ticket));
	struct clock *clock = list_push(&ticket->clocks);

	ticket->id = xstrdup("20260501001");
	ticket->uid = xstrdup("00");
	ticket->received = (struct stamp){1777777777, 28800, true};
	ticket->state = STATE_ASSIGNED;
	ticket->description = xstrdup(text);
	texts_add(&ticket->types, "complaint/quality");
	clock->target = xstrdup("plan");
	clock->verdict = VERDICT_RUNNING;
	clock->due = ticket->received;
	return ticket;
}

/* One word, and with a dash in front of it the contrary. */
static void one_word(const struct query_context *context, const struct ticket *ticket, const char *word)
{
	_cleanup_query_ struct query *query = NULL, *contrary = NULL;
	_cleanup_free_ char *negated = xasprintf("-%s", word);
	_cleanup_(snippet_release) struct snippet snippet = {0};
	struct ticket_error err = {0};
	const char *other = negated;

	if (query_parse(&query, &word, 1, NULL, 0, context, &err)) {
		insist(!query && err.code == TICKET_USAGE && *err.message);
		return;
	}
	for (int where = SNIPPET_FIRST; where <= SNIPPET_BEYOND; where++) {
		if (query_snippet(query, ticket, (enum snippet_where)where, 40, &snippet)) {
			insist(query_has_text(query) && snippet.n_marks && text_flaw(snippet.text, strlen(snippet.text), NULL) < 0);
			for (size_t i = 0; i < snippet.n_marks; i++)
				insist(snippet.marks[i].start < snippet.marks[i].end && snippet.marks[i].end <= strlen(snippet.text));
		}
		snippet_release(&snippet);
	}
	query_compare(query, ticket, ticket);
	if (*word == '-' || strpbrk(word, " \t\n@:") || query_parse(&contrary, &other, 1, NULL, 0, context, NULL))
		return;
	insist(query_matches(query, ticket) != query_matches(contrary, ticket));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct policy *policy;
	static struct zone *zone;
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	_cleanup_ticket_ struct ticket *ticket = NULL;
	struct ticket_error err = {0};
	struct texts words = {0};
	struct query *whole;
	char *rest = text;

	if (!policy)
		insist(policy_read(&policy, policy_text, sizeof(policy_text) - 1, "p", &err) == 0 && zone_open(&zone, "Asia/Shanghai", &err) == 0);
	ticket = sample(text_flaw(text, strlen(text), NULL) < 0 ? text : "plain");
	for (char *line; (line = strsep(&rest, "\n"));) {
		const struct query_context context = {policy, zone, 1777777777, "Li Wei"};

		one_word(&context, ticket, line);
		texts_add(&words, line);
		query_parse(&whole, (const char *const *)words.v, words.n, line, 3, &context, &err);
		if (whole)
			query_matches(whole, ticket);
		query_free(whole);
	}
	texts_release(&words);
	return 0;
}
